/*
 * piepowder: scores marketplace listings for risk of illegal trade, with every score an exact sum of cited weights of evidence.
 *
 * Generated from crates/piepowder-capi by `cargo xtask codegen`: do not edit. docs/FFI.md tells the same at more length.
 *
 * Status      Every call that can fail answers PP_OK or a number that says why it did nothing. Calls that build or assess fill in an
 *             error beside it, for which a null pointer may be given; it is the caller's to free, and zero when the call succeeded.
 * Handles     pp_engine, pp_scratch and pp_error are numbers. What was freed, freed twice, made up or of another kind is answered with
 *             PP_HANDLE or PP_KIND, never with undefined behavior. {0} is no handle: it is refused, but by pp_scratch_free and
 *             pp_error_free, which do nothing with it.
 * Ownership   Whoever got an engine reference, a scratch or an error gives it back: pp_engine_unref, pp_scratch_free, pp_error_free.
 *             Everything that is handed to the library is borrowed for the call, and nothing of it is kept.
 * Lifetimes   Texts of results stay until their scratch is given to pp_assess, pp_assess_batch or pp_explain again, or freed; texts of an
 *             error until it is freed, texts of an engine while it has a reference. Texts of pp_version and pp_status_text are always there.
 * Pointers    A pointer that is not null leads to as much memory as is said, of the right type and alignment; what is written to does not
 *             overlap with anything else that is handed over; nobody changes either during the call. What can be seen of a wrong one is an
 *             answer: null where none may be (PP_NULL), a length that memory does not have (PP_SIZE). A length of 0 needs no pointer.
 * Sizes       A structure that begins with `size` says how much of it the caller knows: PP_INIT sets it. Older and newer headers and
 *             libraries work together: what one of them does not know is left out, or refused with PP_SIZE when it was asked for.
 * Threads     Engines: any number of threads at once, taking and dropping references too. A scratch and its results: one thread at a
 *             time; another one is answered with PP_BUSY. Errors: any thread. The library starts threads in pp_assess_batch alone, when it
 *             is asked for more than one; they have ended when it returns, and block all signals.
 * Fork        Engines and idle scratches that were made before a fork work in the child, whatever other threads of the parent did at that
 *             moment: no call waits for a lock. A scratch that was in use in another thread stays PP_BUSY in the child.
 * Signals     No handler is installed. From a handler, pp_abi_version, pp_version, pp_status_text may be called; other calls may
 *             allocate memory. One with the scratch that was interrupted is answered with PP_BUSY.
 * Exceptions  There are no callbacks, and nothing unwinds or jumps out of a call. A defect of the library is answered with PP_DEFECT, and
 *             the scratch it showed in with PP_POISONED until it is freed. When memory is exhausted, the process is aborted.
 * Output      Nothing is printed, no file, clock, locale or environment is read. (Exhausted memory is the exception: Rust's library says so
 *             on standard error before it aborts.)
 */

#ifndef PIEPOWDER_H
#define PIEPOWDER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A text that is written in the source, as an initializer: pp_text title = PP_LITERAL("Oak desk"); */
#define PP_LITERAL(text) {(text), sizeof(text) - 1}

/* A field of a listing, as an initializer: pp_value values[] = {PP_FIELD("title", title)}; where title is a pp_text. */
#define PP_FIELD(name, text) {PP_LITERAL(name), (text), NULL, 0}

/* Makes a structure that begins with its size ready: pp_decision decision; PP_INIT(decision); */
#define PP_INIT(structure) (memset(&(structure), 0, sizeof(structure)), (structure).size = sizeof(structure))


// The version of the interface that this header describes. A program whose `PP_ABI_VERSION` is that of `pp_abi_version()` can use
// the library: within one number functions and trailing members of structures are added, and nothing is changed.
#define PP_ABI_VERSION 1

// It was done.
#define PP_OK 0

// A pointer is null where none may be, or a null pointer comes with a length above 0.
#define PP_NULL 1

// The handle stands for nothing: it is zero, was freed already, or was never given out.
#define PP_HANDLE 2

// The handle stands for a thing of another kind.
#define PP_KIND 3

// Another thread, or the call that a signal handler interrupted, is using the scratch.
#define PP_BUSY 4

// The library failed in an earlier call with this scratch, which can only be freed.
#define PP_POISONED 5

// There is nothing of that index.
#define PP_RANGE 6

// A structure's `size`, a length or a count is one that cannot be.
#define PP_SIZE 7

// A value has no meaning, or names what is not there: an unknown option or field, a field that is given twice.
#define PP_ARGUMENT 8

// A text that must be UTF-8 is not. (Texts of listings may be any bytes.)
#define PP_ENCODING 9

// The packs or the policy have problems; the error lists them.
#define PP_PACKS 10

// A setting of the engine is out of range or names what is not there.
#define PP_SETTING 11

// The compiled pack is damaged, or of another version of piepowder.
#define PP_COMPILED 12

// The packs are larger than an engine's tables can be.
#define PP_TOO_LARGE 13

// No further handle can be given out (about 16 million are live), or no further reference be counted.
#define PP_FULL 14

// A defect of the library, which its makers want to hear of. Nothing unwound into the caller; if a scratch was in use, it is poisoned.
#define PP_DEFECT 15

// The packs that are embedded in the library.
#define PP_BASE_EMBEDDED 0

// Nothing: the sources are all packs that there are.
#define PP_BASE_NONE 1

// The packs that `compiled` holds.
#define PP_BASE_COMPILED 2

// No line is written.
#define PP_LINES_NONE 0

// A line without priors and evidence.
#define PP_LINES_SCORES 1

// Evidence; what contributes less than 10 centibans to every offense is folded into one line.
#define PP_LINES_BRIEF 2

// All evidence, other spans and shadow rules too.
#define PP_LINES_FULL 3

// Text of about 96 columns, for people.
#define PP_EXPLAIN_TEXT 0

// The same text with colors, for terminals.
#define PP_EXPLAIN_COLOR 1

// One JSON object.
#define PP_EXPLAIN_JSON 2

// The packs read it.
#define PP_COVERAGE_FULL 0

// Parts are in a script or a language that no pack reads.
#define PP_COVERAGE_PARTIAL 1

// Most letters are in scripts that no pack reads.
#define PP_COVERAGE_NONE 2

// No letter and no digit in title and description.
#define PP_COVERAGE_EMPTY 3

// A text was longer than the limit and was cut.
#define PP_FLAG_TRUNCATED 1

// A text held bytes that are not UTF-8.
#define PP_FLAG_INVALID_ENCODING 2

// A rule matched more often than is kept.
#define PP_FLAG_MATCHES_CAPPED 4

// More rules matched than are weighed.
#define PP_FLAG_EVIDENCE_CAPPED 8

// The price is there and is no decimal number.
#define PP_FLAG_PRICE_UNREADABLE 16

// A rule of a specific group.
#define PP_EVIDENCE_RULE 0

// A rule of a signal group, which counts beside a specific one.
#define PP_EVIDENCE_SIGNAL 1

// A rule met by the listing's typed fields.
#define PP_EVIDENCE_CONDITION 2

// Counter-evidence that took back what others contributed.
#define PP_EVIDENCE_EXCUSE 3

// Accents were set aside.
#define PP_TRANSFORM_ACCENT 1

// Compatibility forms, such as full-width letters.
#define PP_TRANSFORM_COMPATIBILITY 2

// Invisible characters.
#define PP_TRANSFORM_INVISIBLE 4

// Markup and character references.
#define PP_TRANSFORM_MARKUP 8

// Text against its direction.
#define PP_TRANSFORM_BIDI 16

// Letters that look like others.
#define PP_TRANSFORM_CONFUSABLE 32

// Scripts mixed in a word.
#define PP_TRANSFORM_MIXED 64

// Digits and signs for letters.
#define PP_TRANSFORM_LEET 128

// Letters set apart.
#define PP_TRANSFORM_SPACED 256

// Letters repeated.
#define PP_TRANSFORM_REPEATED 512

// A letter missing, added, changed or swapped.
#define PP_TRANSFORM_EDIT 1024

// What a call answers: `PP_OK`, or why it did nothing. `pp_status_text` says it in words.
typedef int32_t pp_status;

// Why a call did nothing. The caller's: it is freed with `pp_error_free`.
typedef struct pp_error {
    // 0 is no error.
    uint64_t id;
} pp_error;

// Bytes that somebody else owns: `length` of them at `data`, which may be null when there are none. They need no NUL at the end.
//
// Those that the library hands out are its own, and never to be freed: each function says how long they stay.
typedef struct pp_text {
    const char *data;
    size_t length;
} pp_text;

// A problem of a pack or a policy, with its place.
typedef struct pp_problem {
    // `sizeof(pp_problem)`, set by the caller.
    size_t size;
    // 1 when nothing loads with it, 0 for a warning.
    uint32_t is_error;
    // From 1.
    uint32_t line;
    // From 1, in characters.
    uint32_t column;
    // Length in bytes of what it is about.
    uint32_t length;
    // Stable, such as `P009` (docs/diagnostics).
    struct pp_text code;
    // The name of the source.
    struct pp_text source;
    // What is wrong.
    struct pp_text message;
    // What to do about it; may be empty.
    struct pp_text help;
} pp_problem;

// A file in memory: `name` is what problems are reported under (of a pack, `FOLDER/FILE.toml`), `text` its content, UTF-8.
typedef struct pp_source {
    struct pp_text name;
    struct pp_text text;
} pp_source;

// The base rate of an offense where the engine is used: decimal text between 0 and 1, such as `0.0001`.
typedef struct pp_prior {
    struct pp_text offense;
    struct pp_text probability;
} pp_prior;

// What an engine is made of. Zero is the default of everything but `size`.
typedef struct pp_engine_options {
    // `sizeof(pp_engine_options)`.
    size_t size;
    // What is looked for, to begin with: `PP_BASE_EMBEDDED`, `PP_BASE_NONE` or `PP_BASE_COMPILED`.
    uint32_t base;
    // Longest text of a field that is read, in bytes: 16 to 16 MiB; 0 for 262,144.
    uint32_t field_bytes;
    // Most matches of one rule that are kept: 1 to 4,096; 0 for 64.
    uint32_t rule_matches;
    // Most rules that are weighed: 1 to 4,096; 0 for 4,096.
    uint32_t evidence;
    // What `piepowder compile` wrote, for `PP_BASE_COMPILED`. It is copied.
    struct pp_text compiled;
    // Files of packs, laid over the base: they add offenses and rules, and change or disable rules by key.
    const struct pp_source *sources;
    size_t source_count;
    // Tiers, thresholds and priors; the standard policy when its text is empty.
    struct pp_source policy;
    // Priors, over those of the policy.
    const struct pp_prior *priors;
    size_t prior_count;
    // The date of assessment, `YYYY-MM-DD`; the newest release date of the packs when it is empty. The clock is never asked.
    struct pp_text as_of;
    // Only rules of these jurisdictions apply, and those without any; all when there are none.
    const struct pp_text *jurisdictions;
    size_t jurisdiction_count;
} pp_engine_options;

// An engine: packs, policy and settings, compiled. It never changes; any number of threads may use it at once.
typedef struct pp_engine {
    // 0 is no engine.
    uint64_t id;
} pp_engine;

// The digest of an engine: 64 hexadecimal digits and a NUL.
typedef struct pp_digest {
    char digits[65];
} pp_digest;

// What an engine has.
typedef struct pp_engine_facts {
    // `sizeof(pp_engine_facts)`, set by the caller.
    size_t size;
    // How many offenses there are: at most 16.
    size_t offense_count;
    // How many fields, the twelve fixed ones among them.
    size_t field_count;
    // How many rules are in force.
    size_t rule_count;
    // Problems of the packs that keep nothing from loading.
    size_t warning_count;
    // About how many bytes it takes on the heap, scratches not counted.
    size_t memory;
} pp_engine_facts;

// The buffers of one thread, and the results of the last call with them. One thread may use it at a time; a second one is told `PP_BUSY`.
typedef struct pp_scratch {
    // 0 is no scratch.
    uint64_t id;
} pp_scratch;

// A field of a listing. `piece_count` above 0 gives its text as a list of pieces, which are read as if they were joined; otherwise `text`
// is all of it. An empty text is the same as none.
typedef struct pp_value {
    // The name of the field: `title`, `description`, `brand`, `category`, `attributes`, `seller`, `ships_from`, `ships_to`, `price`,
    // `currency`, `language`, `listed_at`, or one that the packs declare.
    struct pp_text field;
    // Any bytes. Of `price` and declared numbers, decimal text such as `12.50`.
    struct pp_text text;
    const struct pp_text *pieces;
    size_t piece_count;
} pp_value;

// A listing: what its lines are called (JSON string; the number of the row from 1 when it is empty; what is not UTF-8 is replaced by
// U+FFFD), and its fields, each at most once.
typedef struct pp_listing {
    struct pp_text id;
    const struct pp_value *values;
    size_t value_count;
} pp_listing;

// How listings are assessed. Zero is the default of everything but `size`.
typedef struct pp_assess_options {
    // `sizeof(pp_assess_options)`.
    size_t size;
    // Which JSON line is written of each listing (`PP_LINES_...`).
    uint32_t lines;
    // 1 to show sensitive text in lines, which then say so; 0 to mask it.
    uint32_t reveal;
    // Of a batch: how many threads work on it, the calling one among them; 0 and 1 for that one alone.
    uint32_t threads;
    // Of a batch: 1 to keep no results, for who wants the lines alone.
    uint32_t lines_alone;
} pp_assess_options;

// How a listing is explained. Zero is the default of everything but `size`.
typedef struct pp_explain_options {
    // `sizeof(pp_explain_options)`.
    size_t size;
    // `PP_EXPLAIN_TEXT`, `PP_EXPLAIN_COLOR` or `PP_EXPLAIN_JSON`.
    uint32_t form;
    // 1 to show sensitive text, 0 to mask it.
    uint32_t reveal;
} pp_explain_options;

// What the policy recommends for a listing, and what that rests on. Weights are in centibans: 100 makes a proposition ten times likelier.
typedef struct pp_decision {
    // `sizeof(pp_decision)`, set by the caller.
    size_t size;
    // The tier, by its name in the policy.
    struct pp_text tier;
    // The key of the offense that decided; empty when the listing is clear or only a floor raised it.
    struct pp_text offense;
    // What raised the tier last: `score`, `truncation` or `coverage`.
    struct pp_text reason;
    // The place of the tier in the policy; 0 is the floor.
    uint32_t rank;
    // 1 when a person must look before anything is done.
    uint32_t needs_person;
    // The threshold that was passed, in centibans; for a clear listing that of the next tier.
    int32_t threshold;
    // Score less threshold, in centibans; for a clear listing the largest over the offenses.
    int32_t margin;
    // How much of it the packs could read (`PP_COVERAGE_...`). Unread is not clear.
    uint32_t coverage;
    // A set of `PP_FLAG_...`.
    uint32_t flags;
    // How many offenses, pieces of evidence and deciding groups the result has.
    size_t offense_count;
    size_t evidence_count;
    size_t deciding_count;
} pp_decision;

// The score of an offense, in centibans: `total` is `prior` and the weights of all evidence.
typedef struct pp_score {
    // `sizeof(pp_score)`, set by the caller.
    size_t size;
    // The offense.
    struct pp_text offense;
    // The tier that it reached by itself.
    struct pp_text tier;
    // Of what nature the evidence is: `criminal`, `regulatory`, `house`; empty when nothing specific stands.
    struct pp_text nature;
    uint32_t rank;
    // Zero.
    uint32_t reserved;
    int32_t prior;
    int32_t total;
} pp_score;

// A piece of evidence: which rule, where.
typedef struct pp_evidence {
    // `sizeof(pp_evidence)`, set by the caller.
    size_t size;
    // `PP_EVIDENCE_...`.
    uint32_t kind;
    // A set of `PP_TRANSFORM_...`: what had to be undone to see it.
    uint32_t transforms;
    // 1 when the rule is on trial: cited, never counted.
    uint32_t is_shadow;
    // 1 when `start` and `end` say where it is; 0 for a condition.
    uint32_t has_span;
    // First byte in the text of the field as it was handed in (pieces joined), and the one behind the last.
    size_t start;
    size_t end;
    struct pp_text rule;
    struct pp_text group;
    struct pp_text field;
} pp_evidence;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The `PP_ABI_VERSION` of the library that is loaded. It may be called from anywhere at any time, a signal handler among them.
uint32_t pp_abi_version(void);

// The version of the library, such as `0.1.0`: a text that ends with a NUL and is always there.
const char *pp_version(void);

// A status in words: a text that ends with a NUL and is always there, also for a number that is no status.
const char *pp_status_text(pp_status status);

// How many handles are live in this process, engines, scratches and errors together: 0 when everything was freed.
size_t pp_live_handles(void);

// The status that the call answered with; `PP_HANDLE` when this is no error.
pp_status pp_error_status(struct pp_error error);

// What went wrong, for the author of the calling program: UTF-8 that ends with a NUL, several lines when packs have problems. Never null;
// the text stays until the error is freed. When this is no error, a text that says so.
const char *pp_error_message(struct pp_error error);

// How many problems of packs or of the policy the error lists, warnings among them.
//
// Errors: `PP_NULL`, `PP_HANDLE`, `PP_KIND`.
pp_status pp_error_problem_count(struct pp_error error, size_t *count);

// A problem that the error lists. Its texts stay until the error is freed.
//
// Errors: `PP_NULL`, `PP_HANDLE`, `PP_KIND`, `PP_RANGE`, `PP_SIZE`.
pp_status pp_error_problem(struct pp_error error, size_t index, struct pp_problem *problem);

// Frees an error. The zero handle is freed by doing nothing.
//
// Errors: `PP_HANDLE` when it was freed before, `PP_KIND`.
pp_status pp_error_free(struct pp_error error);

// Makes an engine, with one reference, which is the caller's. Null for `given` is the embedded packs and all defaults.
// This is the call that takes long: milliseconds for the embedded packs and compiled ones, longer for sources.
//
// Errors: `PP_PACKS` with each problem of the packs or of the policy, `PP_SETTING`, `PP_COMPILED`, `PP_TOO_LARGE`, `PP_NULL`, `PP_SIZE`,
// `PP_ARGUMENT`, `PP_ENCODING`, `PP_FULL`.
pp_status pp_engine_create(const struct pp_engine_options *given,
                           struct pp_engine *engine,
                           struct pp_error *error);

// One reference more. Who swaps engines under traffic takes one before it lets another thread know the handle.
//
// Errors: `PP_HANDLE`, `PP_KIND`, `PP_FULL` at four billion references.
pp_status pp_engine_ref(struct pp_engine engine);

// One reference less. With the last one the handle stands for nothing, at once and for good; calls that are under way end as if nothing had
// happened, and the memory is given back when each scratch that used the engine last was used with another one or freed.
//
// Errors: `PP_HANDLE` when there is no reference left, `PP_KIND`.
pp_status pp_engine_unref(struct pp_engine engine);

// The digest of everything that can change a result: the same digest and listing give the same bytes.
//
// Errors: `PP_NULL`, `PP_HANDLE`, `PP_KIND`.
pp_status pp_engine_digest(struct pp_engine engine, struct pp_digest *digest);

// What the engine has.
//
// Errors: `PP_NULL`, `PP_HANDLE`, `PP_KIND`, `PP_SIZE`.
pp_status pp_engine_about(struct pp_engine engine, struct pp_engine_facts *facts);

// The key of an offense, by its place in the taxonomy. The text stays as long as the engine.
//
// Errors: `PP_NULL`, `PP_HANDLE`, `PP_KIND`, `PP_RANGE`.
pp_status pp_engine_offense(struct pp_engine engine, size_t index, struct pp_text *key);

// The name of a field, the fixed ones first. The text stays as long as the engine.
//
// Errors: `PP_NULL`, `PP_HANDLE`, `PP_KIND`, `PP_RANGE`.
pp_status pp_engine_field(struct pp_engine engine, size_t index, struct pp_text *field);

// A problem of the packs that kept nothing from loading. Its texts stay as long as the engine.
//
// Errors: `PP_NULL`, `PP_HANDLE`, `PP_KIND`, `PP_RANGE`, `PP_SIZE`.
pp_status pp_engine_warning(struct pp_engine engine, size_t index, struct pp_problem *problem);

// Makes a scratch. It takes a few hundred bytes until it is used, and belongs to no engine: each call names one.
//
// Errors: `PP_NULL`, `PP_FULL`.
pp_status pp_scratch_create(struct pp_scratch *scratch);

// Frees a scratch with its results. The zero handle is freed by doing nothing.
//
// Errors: `PP_HANDLE` when it was freed before, `PP_KIND`, `PP_BUSY` while another thread is using it (it is not freed then).
pp_status pp_scratch_free(struct pp_scratch scratch);

// Assesses a listing; the result is row 0 of the scratch. Null for `given` is no line. Any texts are a listing: once the arguments are in
// order, this cannot fail. With a scratch that was used with this engine before, it takes no lock that is shared and, unless
// a line with evidence is asked for, allocates nothing.
//
// Errors: `PP_NULL`, `PP_HANDLE`, `PP_KIND`, `PP_BUSY`, `PP_POISONED`, `PP_SIZE`, `PP_ARGUMENT` (no such field, a field that is given twice).
pp_status pp_assess(struct pp_engine engine,
                    struct pp_scratch scratch,
                    const struct pp_listing *listing,
                    const struct pp_assess_options *given,
                    struct pp_error *error);

// Assesses a list of listings; row `i` of the scratch is that of listing `i`. Null for `given` is one thread, results, no lines.
//
// Threads are started for the call and have ended when it returns; when the system gives no more, fewer do the work. The scratch keeps
// results, lines and a set of buffers a thread, to be used again.
//
// Errors: Those of `pp_assess`, for the first listing that has one; then there are no results at all.
pp_status pp_assess_batch(struct pp_engine engine,
                          struct pp_scratch scratch,
                          const struct pp_listing *listing,
                          size_t count,
                          const struct pp_assess_options *given,
                          struct pp_error *error);

// Assesses a listing and says what that rests on, what nearly counted, and what would change the outcome. The result is row 0 of the
// scratch; `text`, UTF-8 without a NUL at its end, stays until the scratch is given to another call that
// assesses, or freed. Null for `given` is text without colors.
//
// Errors: Those of `pp_assess`.
pp_status pp_explain(struct pp_engine engine,
                     struct pp_scratch scratch,
                     const struct pp_listing *listing,
                     const struct pp_explain_options *given,
                     struct pp_text *text,
                     struct pp_error *error);

// How many rows the last call with the scratch has: 1 after `pp_assess` and `pp_explain`, as many as listings after a batch, 0 after a
// call that failed.
//
// Errors: Those of any call that reads results: `PP_NULL`, `PP_HANDLE`, `PP_KIND`, `PP_BUSY`, `PP_POISONED`.
pp_status pp_result_count(struct pp_scratch scratch,
                          size_t *rows);

// The decision for a row.
//
// Errors: `PP_RANGE` when there is no such row or its results were not kept, `PP_SIZE`, and those of `pp_result_count`.
pp_status pp_result_decision(struct pp_scratch scratch, size_t row, struct pp_decision *decision);

// The score of an offense, by its place in the taxonomy.
//
// Errors: Those of `pp_result_decision`.
pp_status pp_result_score(struct pp_scratch scratch, size_t row, size_t offense, struct pp_score *score);

// A piece of evidence, in reading order.
//
// Errors: Those of `pp_result_decision`.
pp_status pp_result_evidence(struct pp_scratch scratch, size_t row, size_t index, struct pp_evidence *evidence);

// What a piece of evidence contributed to the score of an offense, in centibans: negative for excuses, 0 for rules on trial.
//
// Errors: Those of `pp_result_decision`.
pp_status pp_result_weight(struct pp_scratch scratch,
                           size_t row,
                           size_t evidence,
                           size_t offense,
                           int32_t *weight);

// The key of a group that the decision rests on: without those of a row, which are a smallest set, the tier would be lower.
//
// Errors: Those of `pp_result_decision`.
pp_status pp_result_deciding(struct pp_scratch scratch,
                             size_t row,
                             size_t index,
                             struct pp_text *group);

// The JSON line of a row, without a line feed or a NUL at its end: what the command line tool writes for the same engine and listing.
//
// Errors: `PP_RANGE` when there is no such row or no lines were asked for, and those of `pp_result_count`.
pp_status pp_result_line(struct pp_scratch scratch,
                         size_t row,
                         struct pp_text *line);

// All JSON lines of the last call, each ended by a line feed; empty when none were asked for.
//
// Errors: Those of `pp_result_count`.
pp_status pp_result_lines(struct pp_scratch scratch, struct pp_text *lines);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

/* The text that ends with a NUL, without it; no text for a null pointer. */
static inline pp_text pp_string(const char *text) {
    pp_text result;
    result.data = text;
    result.length = text == NULL ? 0 : strlen(text);
    return result;
}

#endif /* PIEPOWDER_H */

/*
 * calls FRAMES SEQUENCES [SEED]: sequences of calls at random, right ones and wrong ones, held against a model that knows of each handle
 * what it stands for and of each scratch what results it has. A call with nothing wrong in it must answer PP_OK, any other one the status
 * of something that is wrong; never is there a defect, a handle too many or a line that another scratch does not write. It prints how many
 * calls there were, and how many of them were right. A sequence that fails is named by its seed: `calls FRAMES 1 SEED` runs it again.
 *
 * With -DFUZZER it has no main, and takes the bytes that say what is called from libFuzzer; PIEPOWDER_FRAMES names the file then.
 */
#include "frames.h"

enum { NONE, ENGINE, SCRATCH, ERROR };

/* A handle that was given out: what it stands for, until it is gone, and stays of it, so that it can be used after that. */
typedef struct {
    uint64_t id;
    int kind;
    unsigned references; /* 0: gone */
    int made;            /* of an engine: which options */
    /* Of a scratch: how many rows the last call left, whether results and lines are kept, what made them. */
    size_t rows, offenses;
    int kept, lines;
} thing;

#define MOST_THINGS 48
#define MOST_ROWS 200
#define MADE 2
/* One, as a set of what a call may answer. */
#define STATUS(status) (1ul << (status))

static frames given;
static thing things[MOST_THINGS];
static size_t thing_count, live;
static const unsigned char *bytes;
static size_t bytes_left;
static unsigned long seed, calls, right;
static const char *doing = "";
/* The line of each listing with each engine, as the first scratch wrote it. */
static pp_text *first_lines[MADE];
static size_t offense_counts[MADE];

static void fail(const char *what, long answer) {
    fprintf(stderr, "seed %lu: %s: %s, answer %ld (%s)\n", seed, doing, what, answer, pp_status_text((pp_status)answer));
    abort();
}

/* The next byte of the sequence; zeros at its end. */
static unsigned next(void) {
    if (bytes_left == 0) return 0;
    bytes_left--;
    return *bytes++;
}

/* A call answered; whether it did what was asked. `wrong` is the set of everything that is wrong with it. */
static int answered(pp_status status, unsigned long wrong) {
    calls++;
    right += wrong == 0;
    if (wrong == 0 ? status != PP_OK : status <= PP_OK || status > PP_DEFECT || (STATUS(status) & wrong) == 0) fail("not as expected", status);
    if (pp_live_handles() != live) fail("another number of live handles", (long)pp_live_handles());
    return status == PP_OK;
}

static thing *find(uint64_t id) {
    size_t i;
    for (i = 0; i < thing_count; i++)
        if (things[i].id == id && things[i].references > 0) return &things[i];
    return NULL;
}

/* What is wrong with a handle where one of a kind is wanted. */
static unsigned long wrong_handle(uint64_t id, int kind) {
    const thing *found = find(id);
    return found == NULL ? STATUS(PP_HANDLE) : found->kind == kind ? 0 : STATUS(PP_KIND);
}

/* A handle: mostly one that was given out, of the kind that is wanted or not, gone or not; else zero, or one that nobody gave out. */
static uint64_t pick(int kind) {
    unsigned how = next(), which = next();
    size_t i, at;
    if (how < 8) return 0;
    if (thing_count == 0) return how * 0x0101010101010101ull;
    at = which % thing_count;
    if (how < 24) return things[at].id ^ 1ull << (how + which) % 64;
    if (how >= 64)
        for (i = 0; i < thing_count; i++) {
            const thing *other = &things[(at + i) % thing_count];
            if (other->kind == kind && other->references > 0) return other->id;
        }
    return things[at].id;
}

static thing *given_out(uint64_t id, int kind) {
    thing *new_one;
    size_t i;
    for (i = 0; i < thing_count; i++)
        if (things[i].id == id) fail("a handle was given out twice", 0);
    if (thing_count == MOST_THINGS) {
        /* The oldest one that is gone is forgotten. */
        for (i = 0; i < thing_count && things[i].references > 0; i++) continue;
        memmove(&things[i], &things[i + 1], (thing_count - i - 1) * sizeof(thing));
        thing_count--;
    }
    new_one = &things[thing_count++];
    memset(new_one, 0, sizeof(*new_one));
    new_one->id = id;
    new_one->kind = kind;
    new_one->references = 1;
    return new_one;
}

/* Whether another thing may be made: what is live must fit, and an error may come with each call. */
static int has_room(void) { return live + 2 < MOST_THINGS; }

static void gone(thing *old) {
    old->references = 0;
    live--;
}

/* A place for the error of a call, or none. */
static pp_error *error_place(pp_error *error) {
    error->id = 0x77;
    return has_room() && next() % 2 == 0 ? error : NULL;
}

/* What a call left in the place for its error: one when it failed, zero otherwise. Called before the answer is checked. */
static void reported(pp_status status, const pp_error *place, const pp_error *error) {
    if (place == NULL) return;
    if (status == PP_OK && error->id != 0) fail("an error of a call that succeeded", status);
    if (status != PP_OK) {
        if (error->id == 0) fail("no error of a call that failed", status);
        given_out(error->id, ERROR);
        live++;
        if (pp_error_status(*error) != status || pp_error_message(*error)[0] == 0) fail("the error is of another call", status);
    }
}

static void create_engine(void) {
    pp_engine_options options = given.options;
    pp_engine engine = {0x88};
    pp_error error, *place = error_place(&error);
    pp_source broken = {PP_LITERAL("a/pack.toml"), PP_LITERAL("[")};
    unsigned long wrong = 0;
    unsigned how = next();
    const int made = how % MADE, no_place = how / 16 == 15;
    pp_status status;
    if (!has_room()) return;
    if (made == 1) options.rule_matches = 1;
    switch (how / 2 % 16) {
    case 1: options.size = next(), wrong |= options.size % 8 != 0 || options.size < 8 ? STATUS(PP_SIZE) : 0; break;
    case 2: options.base = 3 + next(), wrong |= STATUS(PP_ARGUMENT); break;
    case 3: options.sources = &broken, options.source_count = 1, wrong |= STATUS(PP_PACKS); break;
    case 4: options.field_bytes = 1, wrong |= STATUS(PP_SETTING); break;
    case 5: options.sources = NULL, options.source_count = 1, wrong |= STATUS(PP_NULL); break;
    case 6: options.as_of.data = "\xff", options.as_of.length = 1, wrong |= STATUS(PP_ENCODING); break;
    default: break;
    }
    /* A smaller structure lacks what makes this engine one of the two. */
    if (options.size != given.options.size && wrong == 0) return;
    doing = "pp_engine_create";
    status = pp_engine_create(&options, no_place ? NULL : &engine, place);
    reported(status, place, &error);
    if (status == PP_OK) {
        given_out(engine.id, ENGINE)->made = made;
        live++;
    } else if (engine.id != 0x88) {
        fail("an engine of a call that failed", status);
    }
    answered(status, wrong | (no_place ? STATUS(PP_NULL) : 0));
}

static void create_scratch(void) {
    pp_scratch scratch = {0};
    const int no_place = next() % 16 == 15;
    pp_status status;
    if (!has_room()) return;
    doing = "pp_scratch_create";
    status = pp_scratch_create(no_place ? NULL : &scratch);
    if (status == PP_OK) {
        given_out(scratch.id, SCRATCH);
        live++;
    }
    answered(status, no_place ? STATUS(PP_NULL) : 0);
}

static void refer(void) {
    const pp_engine engine = {pick(ENGINE)};
    const unsigned long wrong = wrong_handle(engine.id, ENGINE);
    thing *found = find(engine.id);
    pp_status status;
    if (next() % 2 == 0) {
        doing = "pp_engine_ref";
        if (wrong == 0) found->references++;
        status = pp_engine_ref(engine);
    } else {
        doing = "pp_engine_unref";
        if (wrong == 0 && --found->references == 0) live--;
        status = pp_engine_unref(engine);
    }
    answered(status, wrong);
}

static void give_back(void) {
    const int is_scratch = next() % 4 == 0;
    const uint64_t id = pick(is_scratch ? SCRATCH : ERROR);
    const unsigned long wrong = id == 0 ? 0 : wrong_handle(id, is_scratch ? SCRATCH : ERROR);
    const pp_scratch scratch = {id};
    const pp_error error = {id};
    doing = is_scratch ? "pp_scratch_free" : "pp_error_free";
    if (wrong == 0 && id != 0) gone(find(id));
    answered(is_scratch ? pp_scratch_free(scratch) : pp_error_free(error), wrong);
}

/* A listing: one of the file, or one of what is left of the sequence. What is wrong with it. */
static unsigned long listing_of(pp_listing *listing, pp_value values[2], size_t *row) {
    const pp_text title = PP_LITERAL("title");
    const unsigned how = next();
    *row = next() % given.count;
    *listing = given.listings[*row];
    if (how < 160) return 0;
    memset(values, 0, 2 * sizeof(pp_value));
    values[0].field = values[1].field = title;
    values[0].text.data = (const char *)bytes;
    values[0].text.length = bytes_left;
    listing->values = values;
    listing->value_count = 1;
    *row = given.count;
    switch (how % 8) {
    case 0: values[0].field.data = "nothing", values[0].field.length = 7; return STATUS(PP_ARGUMENT);
    case 1: listing->value_count = 2; return STATUS(PP_ARGUMENT);
    case 2: listing->values = NULL; return STATUS(PP_NULL);
    case 3: values[0].text.length = (size_t)-1; return STATUS(PP_SIZE);
    case 4: values[0].text.data = NULL; return bytes_left == 0 ? 0 : STATUS(PP_NULL);
    default: return 0;
    }
}

/* Options of an assessment; what is wrong with them. */
static unsigned long options_of(pp_assess_options *options) {
    const unsigned how = next();
    PP_INIT(*options);
    options->lines = how % 4;
    options->reveal = how / 4 % 2;
    switch (how / 8 % 16) {
    case 0: options->size = 7; return STATUS(PP_SIZE);
    case 1: options->lines = 4; return STATUS(PP_ARGUMENT);
    case 2: options->reveal = 2; return STATUS(PP_ARGUMENT);
    default: return 0;
    }
}

/* What the scratch has after a call that assesses. */
static void leaves(uint64_t id, pp_status status, uint64_t engine, size_t rows, int kept, int lines) {
    thing *scratch = find(id);
    if (scratch == NULL || scratch->kind != SCRATCH) return;
    scratch->rows = status == PP_OK ? rows : 0;
    scratch->kept = kept;
    scratch->lines = lines;
    if (status == PP_OK) scratch->offenses = offense_counts[find(engine)->made];
}

/* The line of a listing of the file, whole and masked, is what it was in the first scratch. */
static void same_line(pp_scratch scratch, size_t at, uint64_t engine, size_t row) {
    const pp_text *first = &first_lines[find(engine)->made][row];
    pp_text line;
    if (pp_result_line(scratch, at, &line) != PP_OK) fail("no line", 0);
    if (line.length != first->length || memcmp(line.data, first->data, line.length) != 0) fail("another line", (long)row);
}

static void assess(void) {
    const pp_engine engine = {pick(ENGINE)};
    const pp_scratch scratch = {pick(SCRATCH)};
    pp_error error, *place = error_place(&error);
    pp_assess_options options;
    pp_value values[2];
    pp_listing listing;
    size_t row;
    unsigned long wrong = wrong_handle(engine.id, ENGINE) | wrong_handle(scratch.id, SCRATCH) | options_of(&options);
    const int no_listing = next() % 32 == 31;
    pp_status status;
    wrong |= no_listing ? STATUS(PP_NULL) : 0;
    wrong |= listing_of(&listing, values, &row);
    doing = "pp_assess";
    status = pp_assess(engine, scratch, no_listing ? NULL : &listing, &options, place);
    reported(status, place, &error);
    if (answered(status, wrong) && row < given.count && options.lines == PP_LINES_FULL && options.reveal == 0)
        same_line(scratch, 0, engine.id, row);
    leaves(scratch.id, status, engine.id, 1, 1, options.lines != 0);
}

static void explain(void) {
    const pp_engine engine = {pick(ENGINE)};
    const pp_scratch scratch = {pick(SCRATCH)};
    pp_error error, *place = error_place(&error);
    pp_explain_options options;
    pp_value values[2];
    pp_listing listing;
    pp_text text = {NULL, 0};
    size_t row;
    unsigned long wrong = wrong_handle(engine.id, ENGINE) | wrong_handle(scratch.id, SCRATCH);
    pp_status status;
    PP_INIT(options);
    options.form = next() % 4;
    wrong |= options.form == 3 ? STATUS(PP_ARGUMENT) : 0;
    wrong |= listing_of(&listing, values, &row);
    doing = "pp_explain";
    status = pp_explain(engine, scratch, &listing, &options, &text, place);
    reported(status, place, &error);
    if (answered(status, wrong) && text.length == 0) fail("no words", status);
    leaves(scratch.id, status, engine.id, 1, 1, 0);
}

static void batch(void) {
    static pp_listing listings[MOST_ROWS];
    static size_t rows[MOST_ROWS];
    const pp_engine engine = {pick(ENGINE)};
    const pp_scratch scratch = {pick(SCRATCH)};
    pp_error error, *place = error_place(&error);
    pp_assess_options options;
    pp_value values[2];
    unsigned long wrong = wrong_handle(engine.id, ENGINE) | wrong_handle(scratch.id, SCRATCH) | options_of(&options);
    const size_t shape = next(), count = shape < 224 ? shape % 4 : shape % MOST_ROWS;
    size_t i;
    pp_status status;
    options.threads = next();
    options.threads = options.threads == 255 ? 4000 : options.threads % 4;
    options.lines_alone = next();
    options.lines_alone = options.lines_alone == 255 ? 2 : options.lines_alone % 2;
    wrong |= options.threads == 4000 || options.lines_alone == 2 ? STATUS(PP_ARGUMENT) : 0;
    for (i = 0; i < count; i++) rows[i] = i % given.count, listings[i] = given.listings[rows[i]];
    if (count > 0) {
        /* One of them is any listing. */
        i = next() % count;
        wrong |= listing_of(&listings[i], values, &rows[i]);
    }
    doing = "pp_assess_batch";
    status = pp_assess_batch(engine, scratch, count == 0 ? NULL : listings, count, &options, place);
    reported(status, place, &error);
    if (answered(status, wrong) && options.lines == PP_LINES_FULL && options.reveal == 0)
        for (i = 0; i < count; i++)
            if (rows[i] < given.count && listings[i].id.length > 0) same_line(scratch, i, engine.id, rows[i]);
    leaves(scratch.id, status, engine.id, count, options.lines_alone == 0, options.lines != 0);
}

/* What a scratch says of its results is what the model knows of them. */
static void read_results(void) {
    const pp_scratch scratch = {pick(SCRATCH)};
    const unsigned long wrong = wrong_handle(scratch.id, SCRATCH);
    const thing *found = wrong == 0 ? find(scratch.id) : NULL;
    const size_t row = next() % 8, offense = next() % 8, index = next() % 8;
    const size_t size = next() % 16 == 15 ? 12 : 0;
    const unsigned long no_row = found != NULL && (row >= found->rows || !found->kept) ? STATUS(PP_RANGE) : 0;
    const unsigned long no_line = found != NULL && (row >= found->rows || !found->lines) ? STATUS(PP_RANGE) : 0;
    const unsigned long no_offense = found != NULL && offense >= found->offenses ? STATUS(PP_RANGE) : 0;
    const unsigned long no_size = size > 0 ? STATUS(PP_SIZE) : 0;
    unsigned long no_evidence = 0, no_group = 0;
    pp_decision decision;
    pp_score score;
    pp_evidence evidence;
    pp_text text;
    size_t count = 0;
    int32_t weight;
    PP_INIT(decision), PP_INIT(score), PP_INIT(evidence);
    doing = "pp_result_count";
    if (answered(pp_result_count(scratch, &count), wrong) && count != found->rows) fail("another number of rows", (long)count);
    doing = "pp_result_decision";
    if (answered(pp_result_decision(scratch, row, &decision), wrong | no_row)) {
        no_evidence = index >= decision.evidence_count ? STATUS(PP_RANGE) : 0;
        no_group = index >= decision.deciding_count ? STATUS(PP_RANGE) : 0;
    }
    if (size > 0) decision.size = score.size = evidence.size = size;
    doing = "pp_result_decision";
    answered(pp_result_decision(scratch, row, &decision), wrong | no_row | no_size);
    doing = "pp_result_score";
    answered(pp_result_score(scratch, row, offense, &score), wrong | no_row | no_offense | no_size);
    doing = "pp_result_evidence";
    answered(pp_result_evidence(scratch, row, index, &evidence), wrong | no_row | no_evidence | no_size);
    doing = "pp_result_weight";
    answered(pp_result_weight(scratch, row, index, offense, size > 0 ? NULL : &weight),
             wrong | no_row | no_evidence | no_offense | (size > 0 ? STATUS(PP_NULL) : 0));
    doing = "pp_result_deciding";
    answered(pp_result_deciding(scratch, row, index, &text), wrong | no_row | no_group);
    doing = "pp_result_line";
    answered(pp_result_line(scratch, row, &text), wrong | no_line);
    doing = "pp_result_lines";
    answered(pp_result_lines(scratch, &text), wrong);
}

static void read_engine(void) {
    const pp_engine engine = {pick(ENGINE)};
    const unsigned long wrong = wrong_handle(engine.id, ENGINE);
    pp_engine_facts facts;
    pp_digest digest;
    pp_problem problem;
    pp_text text;
    const size_t index = next() % 16;
    unsigned long no_offense = 0, no_field = 0, no_warning = 0;
    PP_INIT(facts), PP_INIT(problem);
    doing = "pp_engine_about";
    if (answered(pp_engine_about(engine, &facts), wrong)) {
        no_offense = index >= facts.offense_count ? STATUS(PP_RANGE) : 0;
        no_field = index >= facts.field_count ? STATUS(PP_RANGE) : 0;
        no_warning = index >= facts.warning_count ? STATUS(PP_RANGE) : 0;
    }
    doing = "pp_engine_digest";
    if (answered(pp_engine_digest(engine, &digest), wrong) && strlen(digest.digits) != 64) fail("no digest", 0);
    doing = "pp_engine_offense";
    answered(pp_engine_offense(engine, index, &text), wrong | no_offense);
    doing = "pp_engine_field";
    answered(pp_engine_field(engine, index, &text), wrong | no_field);
    doing = "pp_engine_warning";
    answered(pp_engine_warning(engine, index, &problem), wrong | no_warning);
}

static void read_error(void) {
    const pp_error error = {pick(ERROR)};
    const unsigned long wrong = wrong_handle(error.id, ERROR);
    size_t count = 0;
    const size_t index = next() % 4;
    pp_problem problem;
    PP_INIT(problem);
    doing = "pp_error_message";
    if (pp_error_message(error)[0] == 0) fail("no words", 0);
    doing = "pp_error_problem_count";
    answered(pp_error_problem_count(error, &count), wrong);
    doing = "pp_error_problem";
    answered(pp_error_problem(error, index, &problem), wrong | (wrong == 0 && index >= count ? STATUS(PP_RANGE) : 0));
}

static void sequence(const unsigned char *from, size_t length) {
    size_t i;
    bytes = from;
    bytes_left = length;
    while (bytes_left > 0) {
        switch (next() % 16) {
        case 0: create_engine(); break;
        case 1: create_scratch(); break;
        case 2: case 3: refer(); break;
        case 4: case 5: give_back(); break;
        case 6: case 7: case 8: assess(); break;
        case 9: explain(); break;
        case 10: case 11: batch(); break;
        case 12: case 13: read_results(); break;
        case 14: read_engine(); break;
        default: read_error(); break;
        }
    }
    for (i = 0; i < thing_count; i++) {
        const pp_engine engine = {things[i].id};
        const pp_scratch scratch = {things[i].id};
        const pp_error error = {things[i].id};
        for (doing = "the end"; things[i].references > 0; things[i].references--) {
            const int kind = things[i].kind;
            if (kind == ENGINE ? pp_engine_unref(engine) : kind == SCRATCH ? pp_scratch_free(scratch) : pp_error_free(error)) fail("not given back", 0);
        }
    }
    thing_count = live = 0;
    if (pp_live_handles() != 0) fail("handles are left", (long)pp_live_handles());
}

/* Reads the file, and has each listing assessed once with each engine. */
static void prepare(const char *file) {
    int made;
    size_t row;
    given = frames_read(file);
    for (made = 0; made < MADE; made++) {
        pp_engine_options options = given.options;
        pp_assess_options full;
        pp_engine_facts facts;
        pp_engine engine;
        pp_scratch scratch;
        pp_error error;
        PP_INIT(full), PP_INIT(facts);
        full.lines = PP_LINES_FULL;
        if (made == 1) options.rule_matches = 1;
        first_lines[made] = (pp_text *)frames_make(given.count, sizeof(pp_text));
        frames_check(pp_engine_create(&options, &engine, &error), error);
        frames_check(pp_engine_about(engine, &facts), error);
        offense_counts[made] = facts.offense_count;
        frames_check(pp_scratch_create(&scratch), error);
        for (row = 0; row < given.count; row++) {
            pp_text line;
            char *copy;
            frames_check(pp_assess(engine, scratch, &given.listings[row], &full, &error), error);
            frames_check(pp_result_line(scratch, 0, &line), error);
            copy = (char *)frames_make(line.length, 1);
            memcpy(copy, line.data, line.length);
            first_lines[made][row].data = copy;
            first_lines[made][row].length = line.length;
        }
        if (pp_scratch_free(scratch) != PP_OK || pp_engine_unref(engine) != PP_OK) frames_fail("a handle is lost");
    }
}

#ifdef FUZZER
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    if (given.count == 0) prepare(getenv("PIEPOWDER_FRAMES"));
    sequence(data, size);
    return 0;
}
#else
/* The next number of a sequence that its seed says all of (splitmix64, of Steele, Lea and Flood, 2014). */
static uint64_t random_number(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15ull;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

int main(int argc, char **argv) {
    static unsigned char sequence_bytes[2048];
    unsigned long count, first, i;
    if (argc != 3 && argc != 4) frames_fail("usage: calls FRAMES SEQUENCES [SEED]");
    prepare(argv[1]);
    count = strtoul(argv[2], NULL, 10);
    first = argc == 4 ? strtoul(argv[3], NULL, 10) : 1;
    for (i = 0; i < count; i++) {
        uint64_t state = seed = first + i;
        const size_t length = 16 + random_number(&state) % (sizeof(sequence_bytes) - 16);
        size_t at;
        for (at = 0; at < length; at++) sequence_bytes[at] = (unsigned char)random_number(&state);
        sequence(sequence_bytes, length);
    }
    printf("%lu sequences, %lu calls, %lu of them right\n", count, calls, right);
    return 0;
}
#endif

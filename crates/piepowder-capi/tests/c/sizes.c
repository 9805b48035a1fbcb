/*
 * Structures that begin with their size: of a size that cannot be, of an older header (smaller), of a newer header (larger). Structures of
 * other versions are made of bytes at the end of a page, so that reading or writing one byte more than `size` says would crash.
 */
#define _POSIX_C_SOURCE 200809L

#include "kit.h"

#include <stdio.h>

static pp_engine warned;
static pp_error error;

static void start(void) {
    pp_engine_options options = kit_options();
    pp_source sources[2];
    pp_engine none = {0};
    sources[0] = options.sources[0];
    sources[1].name = pp_string("bazaar/rules.toml");
    sources[1].text = pp_string("[[group]]\nkey = \"wands.idle\"\nreason.en = \"Nothing is in it.\"\n");
    kit_start();
    options.sources = sources;
    warned = kit_engine(&options);
    sources[1].text = pp_string("[[group]]\nkey = \"wands.idle\"\ncolor = 1\nreason.en = \"Nothing is in it.\"\n");
    CHECK_STATUS(pp_engine_create(&options, &none, &error), PP_PACKS);
}

static void stop(void) {
    CHECK_OK(pp_error_free(error));
    CHECK_OK(pp_engine_unref(warned));
    kit_stop();
}

/* A call with a structure that leads to `structure`. */
typedef pp_status (*with_structure)(void *structure);

static pp_status with_engine_options(void *structure) {
    pp_engine made = {0};
    pp_status status = pp_engine_create((const pp_engine_options *)structure, &made, NULL);
    if (status == PP_OK) {
        CHECK_OK(pp_engine_unref(made));
    }
    return status;
}

static pp_status with_assess_options(void *structure) {
    pp_value value = kit_value("title", "Magic wand for sale");
    pp_listing listing = kit_listing("1", &value, 1);
    return pp_assess(engine, scratch, &listing, (const pp_assess_options *)structure, NULL);
}

static pp_status with_batch_options(void *structure) {
    pp_value value = kit_value("title", "Magic wand for sale");
    pp_listing listing = kit_listing("1", &value, 1);
    return pp_assess_batch(engine, scratch, &listing, 1, (const pp_assess_options *)structure, NULL);
}

static pp_status with_explain_options(void *structure) {
    pp_value value = kit_value("title", "Magic wand for sale");
    pp_listing listing = kit_listing("1", &value, 1);
    pp_text text = {NULL, 0};
    return pp_explain(engine, scratch, &listing, (const pp_explain_options *)structure, &text, NULL);
}

static pp_status with_facts(void *structure) {
    return pp_engine_about(engine, (pp_engine_facts *)structure);
}

static pp_status with_warning(void *structure) {
    return pp_engine_warning(warned, 0, (pp_problem *)structure);
}

static pp_status with_problem(void *structure) {
    return pp_error_problem(error, 0, (pp_problem *)structure);
}

static pp_status with_decision(void *structure) {
    CHECK_OK(with_assess_options(NULL));
    return pp_result_decision(scratch, 0, (pp_decision *)structure);
}

static pp_status with_score(void *structure) {
    CHECK_OK(with_assess_options(NULL));
    return pp_result_score(scratch, 0, 0, (pp_score *)structure);
}

static pp_status with_evidence(void *structure) {
    CHECK_OK(with_assess_options(NULL));
    return pp_result_evidence(scratch, 0, 0, (pp_evidence *)structure);
}

/* A structure of `size` bytes of which `known` are those of `from`, at the end of a page; the rest is `fill`. It says `size` of itself. */
static char *structure_of(size_t size, const void *from, size_t known, int fill) {
    static char bytes[8192];
    memset(bytes, fill, sizeof bytes);
    memcpy(bytes, from, known < size ? known : size);
    memcpy(bytes, &size, size < sizeof size ? size : sizeof size);
    return kit_at_the_edge(bytes, size);
}

static void check_sizes_that_cannot_be(with_structure call) {
    static const size_t WRONG[] = {0, 1, 4, 7, 9, 12, 15, 17, 4097, 4104, 65536, (size_t)PTRDIFF_MAX + 1, SIZE_MAX - 7, SIZE_MAX};
    size_t i, words[600];
    for (i = 0; i < COUNT(WRONG); i++) {
        memset(words, 0, sizeof words);
        words[0] = WRONG[i];
        CHECK_STATUS(call(words), PP_SIZE);
        CHECK_EQ(words[0], WRONG[i]);
    }
}

static void the_size_of_engine_options_must_be_one_that_can_be(void) {
    check_sizes_that_cannot_be(with_engine_options);
}

static void the_size_of_assess_options_must_be_one_that_can_be(void) {
    check_sizes_that_cannot_be(with_assess_options);
}

static void the_size_of_assess_options_of_a_batch_must_be_one_that_can_be(void) {
    check_sizes_that_cannot_be(with_batch_options);
}

static void the_size_of_explain_options_must_be_one_that_can_be(void) {
    check_sizes_that_cannot_be(with_explain_options);
}

static void the_size_of_facts_must_be_one_that_can_be(void) {
    check_sizes_that_cannot_be(with_facts);
}

static void the_size_of_a_warning_must_be_one_that_can_be(void) {
    check_sizes_that_cannot_be(with_warning);
}

static void the_size_of_a_problem_must_be_one_that_can_be(void) {
    check_sizes_that_cannot_be(with_problem);
}

static void the_size_of_a_decision_must_be_one_that_can_be(void) {
    check_sizes_that_cannot_be(with_decision);
}

static void the_size_of_a_score_must_be_one_that_can_be(void) {
    check_sizes_that_cannot_be(with_score);
}

static void the_size_of_evidence_must_be_one_that_can_be(void) {
    check_sizes_that_cannot_be(with_evidence);
}

/* Results: whatever the size, as much of the structure is written as it holds, and what is beyond what the library knows becomes zero. */
static void check_results_of_all_sizes(with_structure call, size_t known) {
    static char whole[4096], zeros[4096];
    size_t size;
    memset(whole, 0, sizeof whole);
    memcpy(whole, &known, sizeof known);
    if (!CHECK_OK(call(whole))) {
        return;
    }
    CHECK(memcmp(whole + sizeof known, zeros, known - sizeof known) != 0);
    for (size = sizeof(size_t); size <= 4096; size += size < 2 * known ? sizeof(size_t) : 1024 - size % 1024) {
        char *structure = structure_of(size, zeros, 0, 0xab);
        size_t common = size < known ? size : known;
        CHECK_OK(call(structure));
        CHECK_EQ(memcmp(structure, &size, sizeof size), 0);
        CHECK_EQ(memcmp(structure + sizeof size, whole + sizeof size, common - sizeof size), 0);
        if (size > known) {
            CHECK_EQ(memcmp(structure + known, zeros, size - known), 0);
        }
    }
}

static void facts_of_any_size_are_written_as_far_as_they_go(void) {
    check_results_of_all_sizes(with_facts, sizeof(pp_engine_facts));
}

static void a_warning_of_any_size_is_written_as_far_as_it_goes(void) {
    check_results_of_all_sizes(with_warning, sizeof(pp_problem));
}

static void a_problem_of_any_size_is_written_as_far_as_it_goes(void) {
    check_results_of_all_sizes(with_problem, sizeof(pp_problem));
}

/* The texts of a result lead to the same memory each time, so that structures can be compared byte by byte. */
static void a_decision_of_any_size_is_written_as_far_as_it_goes(void) {
    check_results_of_all_sizes(with_decision, sizeof(pp_decision));
}

static void a_score_of_any_size_is_written_as_far_as_it_goes(void) {
    check_results_of_all_sizes(with_score, sizeof(pp_score));
}

static void evidence_of_any_size_is_written_as_far_as_it_goes(void) {
    check_results_of_all_sizes(with_evidence, sizeof(pp_evidence));
}

/* Options of a newer header are taken as long as they ask for nothing that this library does not know. */
static void check_newer_options(with_structure call, const void *options, size_t known) {
    size_t size, at;
    for (size = known + sizeof(size_t); size <= 4096; size += size < 2 * known ? sizeof(size_t) : 1024 - size % 1024) {
        CHECK_OK(call(structure_of(size, options, known, 0)));
        for (at = known; at < size; at += at + 1 < size && at > known + 32 ? size - 1 - at : 1) {
            char *structure = structure_of(size, options, known, 0);
            structure[at] = 1;
            CHECK_STATUS(call(structure), PP_SIZE);
        }
    }
}

static void engine_options_of_a_newer_header_are_taken_when_they_ask_for_nothing_new(void) {
    pp_engine_options options = kit_options();
    check_newer_options(with_engine_options, &options, sizeof options);
}

static void assess_options_of_a_newer_header_are_taken_when_they_ask_for_nothing_new(void) {
    pp_assess_options options = kit_lines();
    check_newer_options(with_assess_options, &options, sizeof options);
}

static void assess_options_of_a_newer_batch_are_taken_when_they_ask_for_nothing_new(void) {
    pp_assess_options options = kit_lines();
    check_newer_options(with_batch_options, &options, sizeof options);
}

static void explain_options_of_a_newer_header_are_taken_when_they_ask_for_nothing_new(void) {
    pp_explain_options options;
    PP_INIT(options);
    check_newer_options(with_explain_options, &options, sizeof options);
}

static void options_that_ask_for_something_new_say_so_in_the_error(void) {
    pp_assess_options options = kit_lines();
    char *structure = structure_of(sizeof options + 8, &options, sizeof options, 1);
    pp_listing listing = kit_listing(NULL, NULL, 0);
    pp_error told = {0};
    CHECK_STATUS(pp_assess(engine, scratch, &listing, (const pp_assess_options *)(const void *)structure, &told), PP_SIZE);
    CHECK_HOLDS(pp_string(pp_error_message(told)), "newer");
    CHECK_OK(pp_error_free(told));
}

static void a_size_that_was_never_set_says_so_in_the_error(void) {
    pp_assess_options options;
    pp_listing listing = kit_listing(NULL, NULL, 0);
    pp_error told = {0};
    memset(&options, 0, sizeof options);
    CHECK_STATUS(pp_assess(engine, scratch, &listing, &options, &told), PP_SIZE);
    CHECK_HOLDS(pp_string(pp_error_message(told)), "PP_INIT");
    CHECK_OK(pp_error_free(told));
}

/* What an older header lacks is as if it were zero. */
static void engine_options_of_any_older_header_are_taken(void) {
    pp_engine_options options = kit_options();
    pp_engine made;
    pp_digest whole, digest;
    size_t size, with_sources = offsetof(pp_engine_options, policy);
    pp_text code = PP_LITERAL("FR");
    CHECK_OK(pp_engine_digest(engine, &whole));
    options.jurisdictions = &code;
    options.jurisdiction_count = 1;
    options.as_of = pp_string("2027-02-02");
    for (size = with_sources; size < offsetof(pp_engine_options, as_of); size += sizeof(size_t)) {
        made.id = 0;
        CHECK_OK(pp_engine_create((const pp_engine_options *)(const void *)structure_of(size, &options, sizeof options, 0), &made, NULL));
        CHECK_OK(pp_engine_digest(made, &digest));
        CHECK(strcmp(digest.digits, whole.digits) == 0);
        CHECK_OK(pp_engine_unref(made));
    }
}

static void engine_options_of_a_size_alone_are_the_defaults(void) {
    pp_engine_options options = kit_options();
    pp_engine made = {0}, plain = kit_embedded();
    pp_digest a, b;
    CHECK_OK(pp_engine_create((const pp_engine_options *)(const void *)structure_of(sizeof(size_t), &options, sizeof options, 0), &made, NULL));
    CHECK_OK(pp_engine_digest(made, &a));
    CHECK_OK(pp_engine_digest(plain, &b));
    CHECK(strcmp(a.digits, b.digits) == 0);
    CHECK_OK(pp_engine_unref(made));
    CHECK_OK(pp_engine_unref(plain));
}

static void assess_options_of_a_size_alone_ask_for_no_line(void) {
    pp_assess_options options = kit_lines();
    pp_text line = {NULL, 0};
    CHECK_OK(with_assess_options(structure_of(sizeof(size_t), &options, sizeof options, 0)));
    CHECK_STATUS(pp_result_line(scratch, 0, &line), PP_RANGE);
}

static void assess_options_without_threads_still_ask_for_lines(void) {
    pp_assess_options options = kit_lines();
    pp_text line = {NULL, 0};
    /* Were they read, these would be refused. */
    options.threads = 5000;
    options.lines_alone = 2;
    CHECK_OK(with_batch_options(structure_of(offsetof(pp_assess_options, threads), &options, sizeof options, 0)));
    CHECK_OK(pp_result_line(scratch, 0, &line));
    CHECK_STATUS(with_batch_options(&options), PP_ARGUMENT);
}

static void explain_options_of_a_size_alone_ask_for_text(void) {
    pp_explain_options options;
    pp_listing listing = kit_listing(NULL, NULL, 0);
    pp_text text = {NULL, 0};
    PP_INIT(options);
    options.form = PP_EXPLAIN_JSON;
    CHECK_OK(pp_explain(engine, scratch, &listing, (const pp_explain_options *)(const void *)structure_of(sizeof(size_t), &options, sizeof options, 0),
                        &text, NULL));
    CHECK(text.length > 0 && text.data[0] != '{');
}

static void structures_of_this_header_have_sizes_that_can_be(void) {
    static const size_t SIZES[] = {sizeof(pp_engine_options), sizeof(pp_assess_options), sizeof(pp_explain_options), sizeof(pp_problem),
                                   sizeof(pp_engine_facts),   sizeof(pp_decision),       sizeof(pp_score),           sizeof(pp_evidence)};
    size_t i;
    for (i = 0; i < COUNT(SIZES); i++) {
        CHECK_EQ(SIZES[i] % sizeof(size_t), 0);
        CHECK(SIZES[i] <= 4096);
    }
}

static const test LIST[] = {
    TEST(the_size_of_engine_options_must_be_one_that_can_be),
    TEST(the_size_of_assess_options_must_be_one_that_can_be),
    TEST(the_size_of_assess_options_of_a_batch_must_be_one_that_can_be),
    TEST(the_size_of_explain_options_must_be_one_that_can_be),
    TEST(the_size_of_facts_must_be_one_that_can_be),
    TEST(the_size_of_a_warning_must_be_one_that_can_be),
    TEST(the_size_of_a_problem_must_be_one_that_can_be),
    TEST(the_size_of_a_decision_must_be_one_that_can_be),
    TEST(the_size_of_a_score_must_be_one_that_can_be),
    TEST(the_size_of_evidence_must_be_one_that_can_be),
    TEST(facts_of_any_size_are_written_as_far_as_they_go),
    TEST(a_warning_of_any_size_is_written_as_far_as_it_goes),
    TEST(a_problem_of_any_size_is_written_as_far_as_it_goes),
    TEST(a_decision_of_any_size_is_written_as_far_as_it_goes),
    TEST(a_score_of_any_size_is_written_as_far_as_it_goes),
    TEST(evidence_of_any_size_is_written_as_far_as_it_goes),
    TEST(engine_options_of_a_newer_header_are_taken_when_they_ask_for_nothing_new),
    TEST(assess_options_of_a_newer_header_are_taken_when_they_ask_for_nothing_new),
    TEST(assess_options_of_a_newer_batch_are_taken_when_they_ask_for_nothing_new),
    TEST(explain_options_of_a_newer_header_are_taken_when_they_ask_for_nothing_new),
    TEST(options_that_ask_for_something_new_say_so_in_the_error),
    TEST(a_size_that_was_never_set_says_so_in_the_error),
    TEST(engine_options_of_any_older_header_are_taken),
    TEST(engine_options_of_a_size_alone_are_the_defaults),
    TEST(assess_options_of_a_size_alone_ask_for_no_line),
    TEST(assess_options_without_threads_still_ask_for_lines),
    TEST(explain_options_of_a_size_alone_ask_for_text),
    TEST(structures_of_this_header_have_sizes_that_can_be),
};

const tests sizes_tests = {"sizes", LIST, COUNT(LIST), start, stop};

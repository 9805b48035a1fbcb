/*
 * Handles that stand for nothing or for something else: for every function that takes one, the zero handle, one that was freed, ones that
 * were never given out, and those of the other kinds. Then what handles do over time: freed twice, used again, many at once.
 */
#define _POSIX_C_SOURCE 200809L

#include "kit.h"

#include <stdlib.h>

/* One of each kind, live, and one of each kind, freed. */
static pp_engine live_engine, stale_engine;
static pp_scratch live_scratch, stale_scratch;
static pp_error live_error, stale_error;

static pp_error make_error(void) {
    pp_engine_options options = kit_options();
    pp_engine engine = {0};
    pp_error error = {0};
    options.base = 99;
    CHECK_STATUS(pp_engine_create(&options, &engine, &error), PP_ARGUMENT);
    return error;
}

static void start(void) {
    stale_engine = kit_small();
    CHECK_OK(pp_engine_unref(stale_engine));
    stale_scratch = kit_scratch();
    CHECK_OK(pp_scratch_free(stale_scratch));
    stale_error = make_error();
    CHECK_OK(pp_error_free(stale_error));
    live_engine = kit_small();
    live_scratch = kit_scratch();
    live_error = make_error();
}

static void stop(void) {
    CHECK_OK(pp_engine_unref(live_engine));
    CHECK_OK(pp_scratch_free(live_scratch));
    CHECK_OK(pp_error_free(live_error));
}

/* What a function answers with a handle of this number. */
typedef pp_status (*with_handle)(uint64_t id);

/* `live` is a handle of the kind that the function wants. */
static void check_refuses(with_handle call, pp_status zero, uint64_t live, uint64_t stale, uint64_t other, uint64_t another) {
    int bit;
    CHECK_STATUS(call(0), zero);
    CHECK_STATUS(call(stale), PP_HANDLE);
    CHECK_STATUS(call(UINT64_MAX), PP_HANDLE);
    CHECK_STATUS(call(1), PP_HANDLE);
    CHECK_STATUS(call((uint64_t)(uintptr_t)&bit), PP_HANDLE);
    for (bit = 0; bit < 64; bit++) {
        uint64_t near = live ^ ((uint64_t)1 << bit);
        if (near != stale && near != other && near != another) {
            CHECK_STATUS(call(near), PP_HANDLE);
        }
    }
    CHECK_STATUS(call(other), PP_KIND);
    CHECK_STATUS(call(another), PP_KIND);
}

static void check_engine_refuses(with_handle call) {
    check_refuses(call, PP_HANDLE, live_engine.id, stale_engine.id, live_scratch.id, live_error.id);
}

static void check_scratch_refuses(with_handle call, pp_status zero) {
    check_refuses(call, zero, live_scratch.id, stale_scratch.id, live_engine.id, live_error.id);
}

static void check_error_refuses(with_handle call, pp_status zero) {
    check_refuses(call, zero, live_error.id, stale_error.id, live_engine.id, live_scratch.id);
}

static pp_status engine_ref(uint64_t id) {
    pp_engine engine;
    engine.id = id;
    return pp_engine_ref(engine);
}

static void pp_engine_ref_refuses_what_is_no_engine(void) {
    check_engine_refuses(engine_ref);
}

static pp_status engine_unref(uint64_t id) {
    pp_engine engine;
    engine.id = id;
    return pp_engine_unref(engine);
}

static void pp_engine_unref_refuses_what_is_no_engine(void) {
    check_engine_refuses(engine_unref);
}

static pp_status engine_digest(uint64_t id) {
    pp_engine engine;
    pp_digest digest;
    engine.id = id;
    return pp_engine_digest(engine, &digest);
}

static void pp_engine_digest_refuses_what_is_no_engine(void) {
    check_engine_refuses(engine_digest);
}

static pp_status engine_about(uint64_t id) {
    pp_engine engine;
    pp_engine_facts facts;
    engine.id = id;
    PP_INIT(facts);
    return pp_engine_about(engine, &facts);
}

static void pp_engine_about_refuses_what_is_no_engine(void) {
    check_engine_refuses(engine_about);
}

static pp_status engine_offense(uint64_t id) {
    pp_engine engine;
    pp_text text;
    engine.id = id;
    return pp_engine_offense(engine, 0, &text);
}

static void pp_engine_offense_refuses_what_is_no_engine(void) {
    check_engine_refuses(engine_offense);
}

static pp_status engine_field(uint64_t id) {
    pp_engine engine;
    pp_text text;
    engine.id = id;
    return pp_engine_field(engine, 0, &text);
}

static void pp_engine_field_refuses_what_is_no_engine(void) {
    check_engine_refuses(engine_field);
}

static pp_status engine_warning(uint64_t id) {
    pp_engine engine;
    pp_problem problem;
    engine.id = id;
    PP_INIT(problem);
    return pp_engine_warning(engine, 0, &problem);
}

static void pp_engine_warning_refuses_what_is_no_engine(void) {
    check_engine_refuses(engine_warning);
}

static pp_status assess_with_engine(uint64_t id) {
    pp_engine engine;
    pp_listing listing = kit_listing(NULL, NULL, 0);
    engine.id = id;
    return pp_assess(engine, live_scratch, &listing, NULL, NULL);
}

static void pp_assess_refuses_what_is_no_engine(void) {
    check_engine_refuses(assess_with_engine);
}

static pp_status batch_with_engine(uint64_t id) {
    pp_engine engine;
    pp_listing listing = kit_listing(NULL, NULL, 0);
    engine.id = id;
    return pp_assess_batch(engine, live_scratch, &listing, 1, NULL, NULL);
}

static void pp_assess_batch_refuses_what_is_no_engine(void) {
    check_engine_refuses(batch_with_engine);
}

static pp_status explain_with_engine(uint64_t id) {
    pp_engine engine;
    pp_text text;
    pp_listing listing = kit_listing(NULL, NULL, 0);
    engine.id = id;
    return pp_explain(engine, live_scratch, &listing, NULL, &text, NULL);
}

static void pp_explain_refuses_what_is_no_engine(void) {
    check_engine_refuses(explain_with_engine);
}

static pp_status assess_with_scratch(uint64_t id) {
    pp_scratch scratch;
    pp_listing listing = kit_listing(NULL, NULL, 0);
    scratch.id = id;
    return pp_assess(live_engine, scratch, &listing, NULL, NULL);
}

static void pp_assess_refuses_what_is_no_scratch(void) {
    check_scratch_refuses(assess_with_scratch, PP_HANDLE);
}

static pp_status batch_with_scratch(uint64_t id) {
    pp_scratch scratch;
    pp_listing listing = kit_listing(NULL, NULL, 0);
    scratch.id = id;
    return pp_assess_batch(live_engine, scratch, &listing, 1, NULL, NULL);
}

static void pp_assess_batch_refuses_what_is_no_scratch(void) {
    check_scratch_refuses(batch_with_scratch, PP_HANDLE);
}

static pp_status explain_with_scratch(uint64_t id) {
    pp_scratch scratch;
    pp_text text;
    pp_listing listing = kit_listing(NULL, NULL, 0);
    scratch.id = id;
    return pp_explain(live_engine, scratch, &listing, NULL, &text, NULL);
}

static void pp_explain_refuses_what_is_no_scratch(void) {
    check_scratch_refuses(explain_with_scratch, PP_HANDLE);
}

static pp_status scratch_free(uint64_t id) {
    pp_scratch scratch;
    scratch.id = id;
    return pp_scratch_free(scratch);
}

static void pp_scratch_free_refuses_what_is_no_scratch(void) {
    check_scratch_refuses(scratch_free, PP_OK);
}

static pp_status scratch_count(uint64_t id) {
    pp_scratch scratch;
    size_t count;
    scratch.id = id;
    return pp_result_count(scratch, &count);
}

static void pp_result_count_refuses_what_is_no_scratch(void) {
    check_scratch_refuses(scratch_count, PP_HANDLE);
}

static pp_status scratch_decision(uint64_t id) {
    pp_scratch scratch;
    pp_decision decision;
    scratch.id = id;
    PP_INIT(decision);
    return pp_result_decision(scratch, 0, &decision);
}

static void pp_result_decision_refuses_what_is_no_scratch(void) {
    check_scratch_refuses(scratch_decision, PP_HANDLE);
}

static pp_status scratch_score(uint64_t id) {
    pp_scratch scratch;
    pp_score score;
    scratch.id = id;
    PP_INIT(score);
    return pp_result_score(scratch, 0, 0, &score);
}

static void pp_result_score_refuses_what_is_no_scratch(void) {
    check_scratch_refuses(scratch_score, PP_HANDLE);
}

static pp_status scratch_evidence(uint64_t id) {
    pp_scratch scratch;
    pp_evidence evidence;
    scratch.id = id;
    PP_INIT(evidence);
    return pp_result_evidence(scratch, 0, 0, &evidence);
}

static void pp_result_evidence_refuses_what_is_no_scratch(void) {
    check_scratch_refuses(scratch_evidence, PP_HANDLE);
}

static pp_status scratch_weight(uint64_t id) {
    pp_scratch scratch;
    int32_t weight;
    scratch.id = id;
    return pp_result_weight(scratch, 0, 0, 0, &weight);
}

static void pp_result_weight_refuses_what_is_no_scratch(void) {
    check_scratch_refuses(scratch_weight, PP_HANDLE);
}

static pp_status scratch_deciding(uint64_t id) {
    pp_scratch scratch;
    pp_text text;
    scratch.id = id;
    return pp_result_deciding(scratch, 0, 0, &text);
}

static void pp_result_deciding_refuses_what_is_no_scratch(void) {
    check_scratch_refuses(scratch_deciding, PP_HANDLE);
}

static pp_status scratch_line(uint64_t id) {
    pp_scratch scratch;
    pp_text text;
    scratch.id = id;
    return pp_result_line(scratch, 0, &text);
}

static void pp_result_line_refuses_what_is_no_scratch(void) {
    check_scratch_refuses(scratch_line, PP_HANDLE);
}

static pp_status scratch_lines(uint64_t id) {
    pp_scratch scratch;
    pp_text text;
    scratch.id = id;
    return pp_result_lines(scratch, &text);
}

static void pp_result_lines_refuses_what_is_no_scratch(void) {
    check_scratch_refuses(scratch_lines, PP_HANDLE);
}

static pp_status error_free(uint64_t id) {
    pp_error error;
    error.id = id;
    return pp_error_free(error);
}

static void pp_error_free_refuses_what_is_no_error(void) {
    check_error_refuses(error_free, PP_OK);
}

static pp_status error_status(uint64_t id) {
    pp_error error;
    error.id = id;
    return pp_error_status(error);
}

static void pp_error_status_refuses_what_is_no_error(void) {
    check_error_refuses(error_status, PP_HANDLE);
}

static pp_status error_problem_count(uint64_t id) {
    pp_error error;
    size_t count;
    error.id = id;
    return pp_error_problem_count(error, &count);
}

static void pp_error_problem_count_refuses_what_is_no_error(void) {
    check_error_refuses(error_problem_count, PP_HANDLE);
}

static pp_status error_problem(uint64_t id) {
    pp_error error;
    pp_problem problem;
    error.id = id;
    PP_INIT(problem);
    return pp_error_problem(error, 0, &problem);
}

static void pp_error_problem_refuses_what_is_no_error(void) {
    check_error_refuses(error_problem, PP_HANDLE);
}

static void pp_error_message_of_what_is_no_error_is_a_text_that_says_so(void) {
    pp_error error;
    error.id = live_scratch.id;
    CHECK(strcmp(pp_error_message(error), pp_error_message(live_error)) != 0);
    CHECK(pp_error_message(error)[0] != '\0');
    error.id = stale_error.id;
    CHECK(strcmp(pp_error_message(error), pp_error_message(live_error)) != 0);
    error.id = UINT64_MAX;
    CHECK(pp_error_message(error)[0] != '\0');
}

static void an_engine_unreferenced_twice_is_told(void) {
    pp_engine engine = kit_small();
    CHECK_OK(pp_engine_unref(engine));
    CHECK_STATUS(pp_engine_unref(engine), PP_HANDLE);
}

static void a_scratch_freed_twice_is_told(void) {
    pp_scratch scratch = kit_scratch();
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_STATUS(pp_scratch_free(scratch), PP_HANDLE);
}

static void an_error_freed_twice_is_told(void) {
    pp_error error = make_error();
    CHECK_OK(pp_error_free(error));
    CHECK_STATUS(pp_error_free(error), PP_HANDLE);
}

static void freeing_the_zero_handle_does_nothing_however_often(void) {
    pp_scratch scratch = {0};
    pp_error error = {0};
    size_t live = pp_live_handles();
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_error_free(error));
    CHECK_OK(pp_error_free(error));
    CHECK_EQ(pp_live_handles(), live);
}

static void the_zero_engine_has_no_reference_to_drop(void) {
    pp_engine engine = {0};
    CHECK_STATUS(pp_engine_unref(engine), PP_HANDLE);
}

static void freeing_the_wrong_kind_frees_nothing(void) {
    pp_scratch scratch;
    pp_error error;
    pp_engine engine;
    pp_digest digest;
    size_t count;
    scratch.id = live_engine.id;
    CHECK_STATUS(pp_scratch_free(scratch), PP_KIND);
    error.id = live_scratch.id;
    CHECK_STATUS(pp_error_free(error), PP_KIND);
    engine.id = live_error.id;
    CHECK_STATUS(pp_engine_unref(engine), PP_KIND);
    CHECK_OK(pp_engine_digest(live_engine, &digest));
    CHECK_OK(pp_result_count(live_scratch, &count));
    CHECK_STATUS(pp_error_status(live_error), PP_ARGUMENT);
}

static void a_freed_handle_is_never_given_out_again(void) {
    enum { MANY = 5000 };
    static uint64_t seen[MANY];
    int i, j;
    for (i = 0; i < MANY; i++) {
        pp_scratch scratch = kit_scratch();
        seen[i] = scratch.id;
        CHECK_OK(pp_scratch_free(scratch));
    }
    for (i = 1; i < MANY; i++) {
        pp_scratch old;
        for (j = 0; j < i; j++) {
            if (seen[j] == seen[i]) {
                CHECK(seen[j] != seen[i]);
                return;
            }
        }
        old.id = seen[i];
        CHECK_STATUS(pp_scratch_free(old), PP_HANDLE);
    }
}

static void a_stale_handle_stays_stale_when_its_place_is_used_again(void) {
    enum { MANY = 300 };
    pp_scratch stale = kit_scratch(), scratches[MANY];
    pp_decision decision;
    int i;
    PP_INIT(decision);
    CHECK_OK(kit_assess(live_engine, stale, "Magic wand"));
    CHECK_OK(pp_scratch_free(stale));
    for (i = 0; i < MANY; i++) {
        scratches[i] = kit_scratch();
        CHECK_OK(kit_assess(live_engine, scratches[i], "Oak desk"));
        CHECK_STATUS(pp_result_decision(stale, 0, &decision), PP_HANDLE);
    }
    for (i = 0; i < MANY; i++) {
        CHECK_OK(pp_scratch_free(scratches[i]));
    }
}

static void handles_of_different_kinds_are_different_numbers(void) {
    CHECK(live_engine.id != live_scratch.id);
    CHECK(live_scratch.id != live_error.id);
    CHECK(live_error.id != live_engine.id);
    CHECK(live_engine.id != 0 && live_scratch.id != 0 && live_error.id != 0);
}

static void random_numbers_are_no_handles(void) {
    uint64_t state = 88172645463325252u;
    long i;
    for (i = 0; i < 100000; i++) {
        pp_scratch scratch;
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        scratch.id = state;
        if (!CHECK_STATUS(pp_scratch_free(scratch), PP_HANDLE)) {
            return;
        }
    }
}

static void thousands_of_scratches_can_live_beside_each_other(void) {
    enum { MANY = 20000 };
    static pp_scratch scratches[MANY];
    size_t live = pp_live_handles();
    int i;
    for (i = 0; i < MANY; i++) {
        scratches[i] = kit_scratch();
    }
    CHECK_EQ(pp_live_handles(), live + MANY);
    CHECK_OK(kit_assess(live_engine, scratches[0], "Magic wand"));
    CHECK_OK(kit_assess(live_engine, scratches[MANY - 1], "Oak desk"));
    CHECK_EQ(kit_score(scratches[0], 0).total, 120);
    CHECK_EQ(kit_score(scratches[MANY - 1], 0).total, -200);
    for (i = 0; i < MANY; i++) {
        CHECK_OK(pp_scratch_free(scratches[i]));
    }
    CHECK_EQ(pp_live_handles(), live);
}

static void a_refused_handle_does_not_touch_what_would_be_written(void) {
    pp_scratch scratch = stale_scratch;
    size_t count = 4711;
    pp_text text = {"before", 6};
    int32_t weight = 4711;
    CHECK_STATUS(pp_result_count(scratch, &count), PP_HANDLE);
    CHECK_EQ(count, 4711);
    CHECK_STATUS(pp_result_line(scratch, 0, &text), PP_HANDLE);
    CHECK_TEXT(text, "before");
    CHECK_STATUS(pp_result_weight(scratch, 0, 0, 0, &weight), PP_HANDLE);
    CHECK_EQ(weight, 4711);
}

static void a_stale_engine_says_so_in_the_error_too(void) {
    pp_error error = {0};
    pp_listing listing = kit_listing(NULL, NULL, 0);
    CHECK_STATUS(pp_assess(stale_engine, live_scratch, &listing, NULL, &error), PP_HANDLE);
    CHECK_STATUS(pp_error_status(error), PP_HANDLE);
    CHECK_OK(pp_error_free(error));
}

static const test LIST[] = {
    TEST(pp_engine_ref_refuses_what_is_no_engine),
    TEST(pp_engine_unref_refuses_what_is_no_engine),
    TEST(pp_engine_digest_refuses_what_is_no_engine),
    TEST(pp_engine_about_refuses_what_is_no_engine),
    TEST(pp_engine_offense_refuses_what_is_no_engine),
    TEST(pp_engine_field_refuses_what_is_no_engine),
    TEST(pp_engine_warning_refuses_what_is_no_engine),
    TEST(pp_assess_refuses_what_is_no_engine),
    TEST(pp_assess_batch_refuses_what_is_no_engine),
    TEST(pp_explain_refuses_what_is_no_engine),
    TEST(pp_assess_refuses_what_is_no_scratch),
    TEST(pp_assess_batch_refuses_what_is_no_scratch),
    TEST(pp_explain_refuses_what_is_no_scratch),
    TEST(pp_scratch_free_refuses_what_is_no_scratch),
    TEST(pp_result_count_refuses_what_is_no_scratch),
    TEST(pp_result_decision_refuses_what_is_no_scratch),
    TEST(pp_result_score_refuses_what_is_no_scratch),
    TEST(pp_result_evidence_refuses_what_is_no_scratch),
    TEST(pp_result_weight_refuses_what_is_no_scratch),
    TEST(pp_result_deciding_refuses_what_is_no_scratch),
    TEST(pp_result_line_refuses_what_is_no_scratch),
    TEST(pp_result_lines_refuses_what_is_no_scratch),
    TEST(pp_error_free_refuses_what_is_no_error),
    TEST(pp_error_status_refuses_what_is_no_error),
    TEST(pp_error_problem_count_refuses_what_is_no_error),
    TEST(pp_error_problem_refuses_what_is_no_error),
    TEST(pp_error_message_of_what_is_no_error_is_a_text_that_says_so),
    TEST(an_engine_unreferenced_twice_is_told),
    TEST(a_scratch_freed_twice_is_told),
    TEST(an_error_freed_twice_is_told),
    TEST(freeing_the_zero_handle_does_nothing_however_often),
    TEST(the_zero_engine_has_no_reference_to_drop),
    TEST(freeing_the_wrong_kind_frees_nothing),
    TEST(a_freed_handle_is_never_given_out_again),
    TEST(a_stale_handle_stays_stale_when_its_place_is_used_again),
    TEST(handles_of_different_kinds_are_different_numbers),
    TEST(random_numbers_are_no_handles),
    TEST(thousands_of_scratches_can_live_beside_each_other),
    TEST(a_refused_handle_does_not_touch_what_would_be_written),
    TEST(a_stale_engine_says_so_in_the_error_too),
};

const tests handles_tests = {"handles", LIST, COUNT(LIST), start, stop};

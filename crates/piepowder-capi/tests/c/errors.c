/*
 * Errors as objects: their status, message and problems, and how long those stay. Which call answers with which status is tested beside
 * the call, and what handles of errors do when they are misused in handles.c.
 */
#define _POSIX_C_SOURCE 200809L

#include "kit.h"

#include <stdio.h>

/* A pack with two mistakes: line 9 has a key that nobody knows, and the rule of rules.toml lacks its weights. */
static const char BROKEN_PACK[] =
    "format = 1\n"
    "name = \"broken\"\n"
    "version = \"1.0.0\"\n"
    "released = 2026-06-01\n"
    "license = \"CC0-1.0\"\n"
    "owner = \"tests@example.com\"\n"
    "\n"
    "[[offense]]\n"
    "  color = \"red\"\n"
    "key = \"wands\"\n"
    "rank = 1\n"
    "title = \"Wands\"\n"
    "proposition = \"The text offers a wand.\"\n";

static const char BROKEN_RULES[] =
    "[[group]]\n"
    "key = \"wands.name\"\n"
    "reason.en = \"The text names a wand.\"\n"
    "[[rule]]\n"
    "key = \"wands.name.wand\"\n"
    "group = \"wands.name\"\n"
    "title = \"names a wand\"\n"
    "element = \"object\"\n"
    "nature = \"regulatory\"\n"
    "language = \"en\"\n"
    "warrant = { kind = \"expert\", source = \"Made up for a test.\" }\n"
    "terms = [\"wand\"]\n";

static pp_status broken(pp_error *error) {
    pp_source sources[2];
    pp_engine_options options;
    pp_engine engine = {0};
    sources[0].name = pp_string("broken/pack.toml");
    sources[0].text = pp_string(BROKEN_PACK);
    sources[1].name = pp_string("broken/rules.toml");
    sources[1].text = pp_string(BROKEN_RULES);
    PP_INIT(options);
    options.base = PP_BASE_NONE;
    options.sources = sources;
    options.source_count = 2;
    error->id = 0;
    return pp_engine_create(&options, &engine, error);
}

/* The problem of the code; zeros when there is none. */
static pp_problem problem_of(pp_error error, const char *code) {
    size_t i, count = 0;
    pp_problem problem;
    PP_INIT(problem);
    CHECK_OK(pp_error_problem_count(error, &count));
    for (i = 0; i < count; i++) {
        PP_INIT(problem);
        CHECK_OK(pp_error_problem(error, i, &problem));
        if (kit_is(problem.code, code)) {
            return problem;
        }
    }
    CHECK(!"there is no problem of that code");
    PP_INIT(problem);
    return problem;
}

static void an_error_has_the_status_of_its_call(void) {
    pp_error error;
    CHECK_STATUS(broken(&error), PP_PACKS);
    CHECK_STATUS(pp_error_status(error), PP_PACKS);
    CHECK_OK(pp_error_free(error));
}

static void a_call_that_succeeds_sets_the_error_to_zero(void) {
    pp_engine_options options = kit_options();
    pp_engine engine = {0};
    pp_error error = {12345};
    CHECK_OK(pp_engine_create(&options, &engine, &error));
    CHECK_EQ(error.id, 0);
    CHECK_OK(pp_engine_unref(engine));
}

static void a_failure_without_a_place_for_an_error_makes_none(void) {
    size_t before = pp_live_handles();
    pp_engine_options options = kit_options();
    pp_engine engine = {0};
    options.base = 99;
    CHECK_STATUS(pp_engine_create(&options, &engine, NULL), PP_ARGUMENT);
    CHECK_EQ(pp_live_handles(), before);
}

static void a_broken_pack_has_all_its_problems_listed_at_once(void) {
    pp_error error;
    size_t count = 0;
    CHECK_STATUS(broken(&error), PP_PACKS);
    CHECK_OK(pp_error_problem_count(error, &count));
    CHECK(count >= 2);
    problem_of(error, "P008");
    problem_of(error, "P009");
    CHECK_OK(pp_error_free(error));
}

static void a_problem_has_its_source_line_column_and_length(void) {
    pp_error error;
    pp_problem problem;
    CHECK_STATUS(broken(&error), PP_PACKS);
    problem = problem_of(error, "P008");
    CHECK_TEXT(problem.source, "broken/pack.toml");
    CHECK_EQ(problem.line, 9);
    CHECK_EQ(problem.column, 3);
    CHECK_EQ(problem.length, 5);
    CHECK_EQ(problem.is_error, 1);
    CHECK_HOLDS(problem.message, "color");
    CHECK_OK(pp_error_free(error));
}

static void a_problem_of_another_file_has_that_files_name(void) {
    pp_error error;
    pp_problem problem;
    CHECK_STATUS(broken(&error), PP_PACKS);
    problem = problem_of(error, "P009");
    CHECK_TEXT(problem.source, "broken/rules.toml");
    CHECK_HOLDS(problem.message, "weights");
    CHECK_OK(pp_error_free(error));
}

static void the_message_of_broken_packs_names_each_problem_and_place(void) {
    pp_error error;
    pp_text message;
    CHECK_STATUS(broken(&error), PP_PACKS);
    message = pp_string(pp_error_message(error));
    CHECK_HOLDS(message, "P008");
    CHECK_HOLDS(message, "P009");
    CHECK_HOLDS(message, "broken/pack.toml:9:3");
    CHECK_OK(pp_error_free(error));
}

static void a_problem_beyond_the_last_is_out_of_range(void) {
    pp_error error;
    pp_problem problem;
    size_t count = 0;
    CHECK_STATUS(broken(&error), PP_PACKS);
    CHECK_OK(pp_error_problem_count(error, &count));
    PP_INIT(problem);
    CHECK_STATUS(pp_error_problem(error, count, &problem), PP_RANGE);
    CHECK_STATUS(pp_error_problem(error, SIZE_MAX, &problem), PP_RANGE);
    CHECK_OK(pp_error_free(error));
}

static void an_error_that_is_not_of_packs_has_no_problems(void) {
    pp_engine_options options = kit_options();
    pp_engine engine = {0};
    pp_error error = {0};
    pp_problem problem;
    size_t count = 99;
    options.base = 99;
    CHECK_STATUS(pp_engine_create(&options, &engine, &error), PP_ARGUMENT);
    CHECK_OK(pp_error_problem_count(error, &count));
    CHECK_EQ(count, 0);
    PP_INIT(problem);
    CHECK_STATUS(pp_error_problem(error, 0, &problem), PP_RANGE);
    CHECK_OK(pp_error_free(error));
}

static void texts_of_an_error_stay_until_it_is_freed(void) {
    pp_error error, other;
    pp_problem problem;
    pp_engine engine;
    char text[4096], source[64];
    const char *message;
    int i;
    CHECK_STATUS(broken(&error), PP_PACKS);
    message = pp_error_message(error);
    problem = problem_of(error, "P008");
    strncpy(text, message, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    kit_copy(source, sizeof source, problem.source);
    for (i = 0; i < 100; i++) {
        CHECK_STATUS(broken(&other), PP_PACKS);
        CHECK_OK(pp_error_free(other));
    }
    engine = kit_small();
    CHECK_OK(pp_engine_unref(engine));
    CHECK(pp_error_message(error) == message);
    CHECK_EQ(strncmp(text, message, sizeof text - 1), 0);
    CHECK_TEXT(problem.source, source);
    CHECK_OK(pp_error_free(error));
}

static void two_failures_are_two_errors(void) {
    pp_error a, b;
    CHECK_STATUS(broken(&a), PP_PACKS);
    CHECK_STATUS(broken(&b), PP_PACKS);
    CHECK(a.id != b.id);
    CHECK_OK(pp_error_free(a));
    CHECK_STATUS(pp_error_status(b), PP_PACKS);
    CHECK_OK(pp_error_free(b));
}

static void a_nul_in_what_a_message_quotes_does_not_end_it(void) {
    pp_engine engine = kit_small();
    pp_scratch scratch = kit_scratch();
    pp_text text = PP_LITERAL("x");
    pp_value value = PP_FIELD("bo\0gus", text);
    pp_listing listing = kit_listing(NULL, &value, 1);
    pp_error error = {0};
    CHECK_STATUS(pp_assess(engine, scratch, &listing, NULL, &error), PP_ARGUMENT);
    CHECK_HOLDS(pp_string(pp_error_message(error)), "gus");
    CHECK_OK(pp_error_free(error));
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
}

static void a_nul_in_the_name_of_a_source_does_not_end_the_message(void) {
    pp_text name = PP_LITERAL("broken/a\0b.toml"), text = PP_LITERAL("format = 1\nnonsense = 2\n");
    pp_source source;
    pp_engine_options options;
    char message[4096];
    source.name = name;
    source.text = text;
    PP_INIT(options);
    options.base = PP_BASE_NONE;
    options.sources = &source;
    options.source_count = 1;
    CHECK_STATUS(kit_refusal(&options, message, sizeof message), PP_PACKS);
    CHECK_HOLDS(pp_string(message), "b.toml");
}

static void a_long_unknown_name_is_cut_in_the_message(void) {
    pp_engine engine = kit_small();
    pp_scratch scratch = kit_scratch();
    static char name[100001];
    pp_value value;
    pp_listing listing;
    pp_error error = {0};
    memset(name, 'n', sizeof name - 1);
    value = kit_value(name, "x");
    listing = kit_listing(NULL, &value, 1);
    CHECK_STATUS(pp_assess(engine, scratch, &listing, NULL, &error), PP_ARGUMENT);
    CHECK(strlen(pp_error_message(error)) < 500);
    CHECK_OK(pp_error_free(error));
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
}

static void the_message_of_no_error_says_so(void) {
    pp_error none = {0}, stale;
    CHECK_STATUS(pp_error_status(none), PP_HANDLE);
    CHECK(pp_error_message(none) != NULL);
    CHECK(pp_error_message(none)[0] != '\0');
    CHECK_STATUS(broken(&stale), PP_PACKS);
    CHECK_OK(pp_error_free(stale));
    CHECK(strcmp(pp_error_message(stale), pp_error_message(none)) == 0);
}

static void an_error_can_be_freed_after_the_scratch_and_engine_it_is_about(void) {
    pp_engine engine = kit_small();
    pp_scratch scratch = kit_scratch();
    pp_value value = kit_value("bogus", "x");
    pp_listing listing = kit_listing(NULL, &value, 1);
    pp_error error = {0};
    CHECK_STATUS(pp_assess(engine, scratch, &listing, NULL, &error), PP_ARGUMENT);
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
    CHECK_HOLDS(pp_string(pp_error_message(error)), "bogus");
    CHECK_OK(pp_error_free(error));
}

static void thousands_of_errors_can_live_beside_each_other(void) {
    enum { MANY = 3000 };
    static pp_error errors[MANY];
    pp_engine_options options = kit_options();
    pp_engine engine = {0};
    int i;
    for (i = 0; i < MANY; i++) {
        options.base = (uint32_t)(100 + i);
        CHECK_STATUS(pp_engine_create(&options, &engine, &errors[i]), PP_ARGUMENT);
    }
    for (i = 0; i < MANY; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", 100 + i);
        if (!CHECK(strstr(pp_error_message(errors[i]), number) != NULL)) {
            break;
        }
    }
    for (i = 0; i < MANY; i++) {
        CHECK_OK(pp_error_free(errors[i]));
    }
}

static const test LIST[] = {
    TEST(an_error_has_the_status_of_its_call),
    TEST(a_call_that_succeeds_sets_the_error_to_zero),
    TEST(a_failure_without_a_place_for_an_error_makes_none),
    TEST(a_broken_pack_has_all_its_problems_listed_at_once),
    TEST(a_problem_has_its_source_line_column_and_length),
    TEST(a_problem_of_another_file_has_that_files_name),
    TEST(the_message_of_broken_packs_names_each_problem_and_place),
    TEST(a_problem_beyond_the_last_is_out_of_range),
    TEST(an_error_that_is_not_of_packs_has_no_problems),
    TEST(texts_of_an_error_stay_until_it_is_freed),
    TEST(two_failures_are_two_errors),
    TEST(a_nul_in_what_a_message_quotes_does_not_end_it),
    TEST(a_nul_in_the_name_of_a_source_does_not_end_the_message),
    TEST(a_long_unknown_name_is_cut_in_the_message),
    TEST(the_message_of_no_error_says_so),
    TEST(an_error_can_be_freed_after_the_scratch_and_engine_it_is_about),
    TEST(thousands_of_errors_can_live_beside_each_other),
};

const tests errors_tests = {"errors", LIST, COUNT(LIST), NULL, NULL};

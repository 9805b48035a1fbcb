/*
 * What the library says of itself: versions, the words of statuses, the count of live handles. Whether its symbols are those of the header
 * is looked at elsewhere.
 */
#define _POSIX_C_SOURCE 200809L

#include "kit.h"

#include <limits.h>

static void the_library_has_the_abi_version_of_the_header(void) {
    CHECK_EQ(pp_abi_version(), PP_ABI_VERSION);
}

static void the_version_is_three_numbers(void) {
    const char *version = pp_version();
    int dots = 0, digits = 0;
    if (!CHECK(version != NULL)) {
        return;
    }
    for (; (*version >= '0' && *version <= '9') || *version == '.'; version++) {
        dots += *version == '.';
        digits += *version != '.';
    }
    CHECK_EQ(dots, 2);
    CHECK(digits >= 3);
    /* A release candidate has a hyphen behind the numbers. */
    CHECK(*version == '\0' || *version == '-');
}

static void the_version_is_the_same_text_every_time(void) {
    CHECK(pp_version() == pp_version());
}

static void every_status_has_words_of_its_own(void) {
    pp_status a, b;
    for (a = PP_OK; a <= PP_DEFECT; a++) {
        CHECK(pp_status_text(a)[0] != '\0');
        for (b = PP_OK; b < a; b++) {
            CHECK(strcmp(pp_status_text(a), pp_status_text(b)) != 0);
        }
    }
}

static void a_number_that_is_no_status_has_words_too(void) {
    const char *none = pp_status_text(PP_DEFECT + 1);
    CHECK(none[0] != '\0');
    CHECK(strcmp(none, pp_status_text(PP_DEFECT)) != 0);
    CHECK(strcmp(none, pp_status_text(-1)) == 0);
    CHECK(strcmp(none, pp_status_text(INT32_MAX)) == 0);
    CHECK(strcmp(none, pp_status_text(INT32_MIN)) == 0);
}

static void words_of_a_status_stay_when_other_calls_were_made(void) {
    const char *words = pp_status_text(PP_PACKS);
    char before[200];
    pp_engine_options options = kit_options();
    strncpy(before, words, sizeof before - 1);
    before[sizeof before - 1] = '\0';
    options.source_count = 1;
    options.base = 99;
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_ARGUMENT);
    CHECK(pp_status_text(PP_PACKS) == words);
    CHECK(strcmp(words, before) == 0);
}

static void live_handles_counts_engines_scratches_and_errors(void) {
    size_t before = pp_live_handles();
    pp_engine engine = kit_small(), none = {0};
    pp_scratch scratch;
    pp_error error = {0};
    pp_engine_options options = kit_options();
    CHECK_EQ(pp_live_handles(), before + 1);
    scratch = kit_scratch();
    CHECK_EQ(pp_live_handles(), before + 2);
    options.base = 99;
    CHECK_STATUS(pp_engine_create(&options, &none, &error), PP_ARGUMENT);
    CHECK_EQ(pp_live_handles(), before + 3);
    CHECK_OK(pp_error_free(error));
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
    CHECK_EQ(pp_live_handles(), before);
}

static void a_reference_is_no_further_live_handle(void) {
    pp_engine engine = kit_small();
    size_t before = pp_live_handles();
    CHECK_OK(pp_engine_ref(engine));
    CHECK_EQ(pp_live_handles(), before);
    CHECK_OK(pp_engine_unref(engine));
    CHECK_EQ(pp_live_handles(), before);
    CHECK_OK(pp_engine_unref(engine));
    CHECK_EQ(pp_live_handles(), before - 1);
}

static void a_string_is_a_text_without_its_nul(void) {
    pp_text text = pp_string("desk");
    CHECK_EQ(text.length, 4);
    CHECK_EQ(pp_string("").length, 0);
}

static void a_null_string_is_no_text(void) {
    pp_text text = pp_string(NULL);
    CHECK(text.data == NULL);
    CHECK_EQ(text.length, 0);
}

static void a_literal_is_a_text_with_its_inner_nuls(void) {
    pp_text text = PP_LITERAL("a\0b");
    CHECK_EQ(text.length, 3);
    CHECK_EQ(text.data[2], 'b');
}

static void a_field_literal_names_the_field_and_its_text(void) {
    pp_text desk = PP_LITERAL("Oak desk");
    pp_value value = PP_FIELD("title", desk);
    CHECK_TEXT(value.field, "title");
    CHECK_TEXT(value.text, "Oak desk");
    CHECK(value.pieces == NULL);
    CHECK_EQ(value.piece_count, 0);
}

static void init_zeroes_a_structure_and_sets_its_size(void) {
    pp_decision decision;
    memset(&decision, 0xab, sizeof decision);
    PP_INIT(decision);
    CHECK_EQ(decision.size, sizeof(pp_decision));
    CHECK_EQ(decision.rank, 0);
    CHECK(decision.tier.data == NULL);
    CHECK_EQ(decision.deciding_count, 0);
}

static const test LIST[] = {
    TEST(the_library_has_the_abi_version_of_the_header),
    TEST(the_version_is_three_numbers),
    TEST(the_version_is_the_same_text_every_time),
    TEST(every_status_has_words_of_its_own),
    TEST(a_number_that_is_no_status_has_words_too),
    TEST(words_of_a_status_stay_when_other_calls_were_made),
    TEST(live_handles_counts_engines_scratches_and_errors),
    TEST(a_reference_is_no_further_live_handle),
    TEST(a_string_is_a_text_without_its_nul),
    TEST(a_null_string_is_no_text),
    TEST(a_literal_is_a_text_with_its_inner_nuls),
    TEST(a_field_literal_names_the_field_and_its_text),
    TEST(init_zeroes_a_structure_and_sets_its_size),
};

const tests version_tests = {"version", LIST, COUNT(LIST), NULL, NULL};

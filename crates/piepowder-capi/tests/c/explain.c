/*
 * Explanations: text, colors, JSON, what is masked in them, and what they leave in the scratch. Options of a wrong size are in sizes.c.
 */
#define _POSIX_C_SOURCE 200809L

#include "kit.h"

/* The explanation of a title; it stays until the scratch is used again. */
static pp_text explain(const char *title, uint32_t form, uint32_t reveal) {
    pp_explain_options options;
    pp_value value = kit_value("title", title);
    pp_listing listing = kit_listing("row", &value, 1);
    pp_text text = {NULL, 0};
    PP_INIT(options);
    options.form = form;
    options.reveal = reveal;
    CHECK_OK(pp_explain(engine, scratch, &listing, &options, &text, NULL));
    CHECK(text.length > 0);
    return text;
}

static void an_explanation_names_what_it_rests_on(void) {
    pp_text text = explain("Magic wand for sale", PP_EXPLAIN_TEXT, 0);
    CHECK_HOLDS(text, "Magic wand");
    CHECK_HOLDS(text, "wands.name.wand");
    CHECK_HOLDS(text, "wands.offer.sale");
    CHECK_HOLDS(text, "urgent");
    CHECK_HOLDS(text, "Made up for a test.");
}

static void without_options_it_is_text_without_colors(void) {
    pp_value value = kit_value("title", "Magic wand for sale");
    pp_listing listing = kit_listing("row", &value, 1);
    static char plain[16384];
    pp_text text = {NULL, 0}, first = kit_copy(plain, sizeof plain, explain("Magic wand for sale", PP_EXPLAIN_TEXT, 0));
    CHECK_OK(pp_explain(engine, scratch, &listing, NULL, &text, NULL));
    CHECK_SAME(text, first);
    CHECK_LACKS(text, "\x1b");
}

static void colors_are_escape_sequences_in_the_same_text(void) {
    static char plain[16384], colored[16384];
    pp_text text;
    char *from, *to;
    CHECK_LACKS(explain("Magic wand for sale", PP_EXPLAIN_TEXT, 0), "\x1b");
    kit_copy(plain, sizeof plain, explain("Magic wand for sale", PP_EXPLAIN_TEXT, 0));
    text = kit_copy(colored, sizeof colored, explain("Magic wand for sale", PP_EXPLAIN_COLOR, 0));
    CHECK_HOLDS(text, "\x1b[");
    /* Without ESC [ ... m it is the text without colors. */
    for (from = to = colored; *from != '\0';) {
        if (*from == '\x1b') {
            from += strcspn(from, "m") + 1;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
    CHECK_TEXT(pp_string(colored), plain);
}

static void an_explanation_as_json_is_one_object(void) {
    pp_text text = explain("Magic wand for sale", PP_EXPLAIN_JSON, 0);
    CHECK(kit_is_json(text));
    CHECK_EQ(text.data[0], '{');
    CHECK_HOLDS(text, "\"id\":\"row\"");
    CHECK_LACKS(text, "\x1b");
}

static void an_explanation_as_json_holds_the_line(void) {
    static char line[8192];
    pp_value value = kit_value("title", "Magic wand for sale");
    pp_listing listing = kit_listing("row", &value, 1);
    pp_assess_options options = kit_lines();
    pp_text text = {NULL, 0};
    CHECK_OK(pp_assess(engine, scratch, &listing, &options, NULL));
    CHECK_OK(pp_result_line(scratch, 0, &text));
    kit_copy(line, sizeof line, text);
    CHECK_HOLDS(explain("Magic wand for sale", PP_EXPLAIN_JSON, 0), line);
}

static void a_form_without_a_meaning_is_refused_by_number(void) {
    pp_explain_options options;
    pp_listing listing = kit_listing(NULL, NULL, 0);
    pp_text text = {"before", 6};
    pp_error error = {0};
    PP_INIT(options);
    options.form = 3;
    CHECK_STATUS(pp_explain(engine, scratch, &listing, &options, &text, &error), PP_ARGUMENT);
    CHECK_HOLDS(pp_string(pp_error_message(error)), "3");
    CHECK_TEXT(text, "before");
    CHECK_OK(pp_error_free(error));
}

static void to_reveal_is_yes_or_no(void) {
    pp_explain_options options;
    pp_listing listing = kit_listing(NULL, NULL, 0);
    pp_text text = {NULL, 0};
    PP_INIT(options);
    options.reveal = 2;
    CHECK_STATUS(pp_explain(engine, scratch, &listing, &options, &text, NULL), PP_ARGUMENT);
}

static void check_masked(const char *title, const char *secret) {
    static const uint32_t FORMS[] = {PP_EXPLAIN_TEXT, PP_EXPLAIN_COLOR, PP_EXPLAIN_JSON};
    size_t i;
    for (i = 0; i < COUNT(FORMS); i++) {
        CHECK_LACKS(explain(title, FORMS[i], 0), secret);
    }
    CHECK_HOLDS(explain(title, PP_EXPLAIN_TEXT, 1), secret);
}

static void a_card_number_is_masked_unless_it_is_asked_for(void) {
    check_masked("Magic wand, pay to 4111 1111 1111 1111 today", "4111 1111 1111 1111");
}

static void a_mail_address_is_masked_unless_it_is_asked_for(void) {
    check_masked("Magic wand, write to seller@example.com today", "seller@example.com");
}

static void what_was_revealed_says_so(void) {
    CHECK_HOLDS(explain("Magic wand, seller@example.com", PP_EXPLAIN_TEXT, 1), "shown on request");
    CHECK_LACKS(explain("Magic wand, seller@example.com", PP_EXPLAIN_TEXT, 0), "shown on request");
    CHECK_HOLDS(explain("Magic wand, seller@example.com", PP_EXPLAIN_JSON, 1), "\"revealed\":true");
}

static void control_characters_of_a_listing_do_not_reach_a_terminal(void) {
    pp_text text = explain("Magic wand \x1b]0;title\x07 \x1b[2J for sale", PP_EXPLAIN_TEXT, 1);
    CHECK_LACKS(text, "\x1b");
    CHECK_LACKS(text, "\x07");
}

static void the_result_of_an_explanation_is_row_0(void) {
    size_t rows = 0;
    explain("Magic wand for sale", PP_EXPLAIN_TEXT, 0);
    CHECK_OK(pp_result_count(scratch, &rows));
    CHECK_EQ(rows, 1);
    CHECK_TEXT(kit_decision(scratch).tier, "urgent");
    CHECK_EQ(kit_score(scratch, 0).total, 210);
    CHECK_EQ(kit_weight(scratch, 0, 0), 320);
    CHECK_TEXT(kit_evidence(scratch, 1).rule, "wands.offer.sale");
}

static void an_explanation_leaves_no_line(void) {
    pp_text line = {NULL, 0};
    explain("Magic wand for sale", PP_EXPLAIN_JSON, 0);
    CHECK_STATUS(pp_result_line(scratch, 0, &line), PP_RANGE);
    CHECK_OK(pp_result_lines(scratch, &line));
    CHECK_EQ(line.length, 0);
}

static void the_text_stays_while_results_are_read(void) {
    static char before[16384];
    pp_text text = explain("Magic wand for sale", PP_EXPLAIN_TEXT, 0), first = kit_copy(before, sizeof before, text);
    pp_scratch other = kit_scratch();
    CHECK_EQ(kit_decision(scratch).evidence_count, 2);
    CHECK_EQ(kit_score(scratch, 0).total, 210);
    CHECK_OK(kit_assess(engine, other, "Oak desk"));
    CHECK_SAME(text, first);
    CHECK_OK(pp_scratch_free(other));
}

static void an_explanation_that_fails_leaves_no_results(void) {
    pp_value value = kit_value("colour", "red");
    pp_listing listing = kit_listing(NULL, &value, 1);
    pp_text text = {"before", 6};
    size_t rows = 99;
    explain("Magic wand", PP_EXPLAIN_TEXT, 0);
    CHECK_STATUS(pp_explain(engine, scratch, &listing, NULL, &text, NULL), PP_ARGUMENT);
    CHECK_TEXT(text, "before");
    CHECK_OK(pp_result_count(scratch, &rows));
    CHECK_EQ(rows, 0);
}

static void an_explanation_without_a_place_for_it_leaves_no_results(void) {
    pp_listing listing = kit_listing(NULL, NULL, 0);
    size_t rows = 99;
    explain("Magic wand", PP_EXPLAIN_TEXT, 0);
    CHECK_STATUS(pp_explain(engine, scratch, &listing, NULL, NULL, NULL), PP_NULL);
    CHECK_OK(pp_result_count(scratch, &rows));
    CHECK_EQ(rows, 0);
}

static void a_clear_listing_is_explained_too(void) {
    pp_text text = explain("Oak desk", PP_EXPLAIN_TEXT, 0);
    CHECK_HOLDS(text, "clear");
    CHECK_HOLDS(text, "Oak desk");
}

static void a_listing_of_pieces_is_explained_as_its_joined_text(void) {
    static char before[16384];
    pp_text first = kit_copy(before, sizeof before, explain("Magic wand for sale", PP_EXPLAIN_TEXT, 0));
    pp_text pieces[3] = {PP_LITERAL("Magic w"), PP_LITERAL("and for"), PP_LITERAL(" sale")}, text = {NULL, 0};
    pp_value value = kit_value("title", NULL);
    pp_listing listing = kit_listing("row", &value, 1);
    value.pieces = pieces;
    value.piece_count = 3;
    CHECK_OK(pp_explain(engine, scratch, &listing, NULL, &text, NULL));
    CHECK_SAME(text, first);
}

static void bytes_that_are_no_text_are_explained_as_utf8(void) {
    pp_text text = explain("caf\xe9 \xff, magic wand", PP_EXPLAIN_TEXT, 1);
    CHECK_LACKS(text, "\xff");
    CHECK_LACKS(text, "\xe9 ");
    CHECK(kit_is_json(explain("caf\xe9 \xff, magic wand", PP_EXPLAIN_JSON, 1)));
    CHECK_LACKS(explain("caf\xe9 \xff, magic wand", PP_EXPLAIN_JSON, 1), "\xff");
}

static const test LIST[] = {
    TEST(an_explanation_names_what_it_rests_on),
    TEST(without_options_it_is_text_without_colors),
    TEST(colors_are_escape_sequences_in_the_same_text),
    TEST(an_explanation_as_json_is_one_object),
    TEST(an_explanation_as_json_holds_the_line),
    TEST(a_form_without_a_meaning_is_refused_by_number),
    TEST(to_reveal_is_yes_or_no),
    TEST(a_card_number_is_masked_unless_it_is_asked_for),
    TEST(a_mail_address_is_masked_unless_it_is_asked_for),
    TEST(what_was_revealed_says_so),
    TEST(control_characters_of_a_listing_do_not_reach_a_terminal),
    TEST(the_result_of_an_explanation_is_row_0),
    TEST(an_explanation_leaves_no_line),
    TEST(the_text_stays_while_results_are_read),
    TEST(an_explanation_that_fails_leaves_no_results),
    TEST(an_explanation_without_a_place_for_it_leaves_no_results),
    TEST(a_clear_listing_is_explained_too),
    TEST(a_listing_of_pieces_is_explained_as_its_joined_text),
    TEST(bytes_that_are_no_text_are_explained_as_utf8),
};

const tests explain_tests = {"explain", LIST, COUNT(LIST), kit_start, kit_stop};

/*
 * Listings: their ids, fields, texts and pieces, and texts that are long, odd or no text at all. Null pointers and lengths that cannot be
 * are in pointers.c, lists of listings in batch.c.
 */
#define _POSIX_C_SOURCE 200809L

#include "kit.h"

#include <stdlib.h>

static pp_status assess(const pp_value *values, size_t count) {
    pp_assess_options options = kit_lines();
    pp_listing listing = kit_listing(NULL, values, count);
    return pp_assess(engine, scratch, &listing, &options, NULL);
}

/* The line of the last call; it stays until the next one. */
static pp_text line(void) {
    pp_text text = {NULL, 0};
    CHECK_OK(pp_result_line(scratch, 0, &text));
    return text;
}

static pp_value text_value(const char *field, const char *data, size_t length) {
    pp_value value = kit_value(field, NULL);
    value.text.data = data;
    value.text.length = length;
    return value;
}

/* A refusal, and whether its message holds a word. */
static void check_refused(const pp_value *values, size_t count, const char *word) {
    pp_listing listing = kit_listing(NULL, values, count);
    pp_error error = {0};
    CHECK_STATUS(pp_assess(engine, scratch, &listing, NULL, &error), PP_ARGUMENT);
    CHECK_HOLDS(pp_string(pp_error_message(error)), word);
    CHECK_OK(pp_error_free(error));
}

static void check_id(const char *data, size_t length, const char *expected) {
    pp_assess_options options = kit_lines();
    pp_listing listing = kit_listing(NULL, NULL, 0);
    listing.id.data = data;
    listing.id.length = length;
    CHECK_OK(pp_assess(engine, scratch, &listing, &options, NULL));
    CHECK_HOLDS(line(), expected);
    CHECK(kit_is_json(line()));
}

static void an_id_is_a_json_string(void) {
    check_id("A-1", 3, "\"id\":\"A-1\",");
}

static void an_empty_id_is_the_number_of_the_row(void) {
    check_id(NULL, 0, "\"id\":1,");
    check_id("", 0, "\"id\":1,");
}

static void an_id_of_digits_is_a_string_all_the_same(void) {
    check_id("7", 1, "\"id\":\"7\",");
}

static void quotes_and_backslashes_of_an_id_are_escaped(void) {
    check_id("a\"b\\c", 5, "\"id\":\"a\\\"b\\\\c\",");
    check_id("\",\"tier\":\"clear", 15, "\"id\":\"\\\",\\\"tier\\\":\\\"clear\",");
}

static void control_characters_of_an_id_are_escaped(void) {
    char byte[1];
    for (byte[0] = 1; byte[0] < 0x20; byte[0]++) {
        check_id(byte, 1, "\"id\":\"\\");
    }
    check_id("a\nb", 3, "\"id\":\"a\\nb\",");
}

static void a_nul_in_an_id_is_escaped(void) {
    check_id("a\0b", 3, "\"id\":\"a\\u0000b\",");
}

static void what_is_not_utf8_in_an_id_is_replaced(void) {
    check_id("a\xff" "b", 3, "\"id\":\"a\xef\xbf\xbd" "b\",");
    check_id("\xed\xa0\x80", 3, "\"id\":\"\xef\xbf\xbd");
    check_id("\xc3", 1, "\"id\":\"\xef\xbf\xbd\",");
}

static void an_id_may_be_long(void) {
    size_t length = 1 << 20;
    char *id = (char *)malloc(length);
    if (CHECK(id != NULL)) {
        memset(id, 'i', length);
        check_id(id, length, "\"id\":\"iiii");
        CHECK(line().length > length);
        free(id);
    }
}

static void every_fixed_field_is_known_by_its_name(void) {
    static const char *const NAMES[] = {"title",      "description", "brand", "category", "attributes", "seller",
                                        "ships_from", "ships_to",    "price", "currency", "language",   "listed_at"};
    pp_value values[COUNT(NAMES)];
    size_t i;
    for (i = 0; i < COUNT(NAMES); i++) {
        values[i] = kit_value(NAMES[i], "1");
        CHECK_OK(assess(&values[i], 1));
    }
    CHECK_OK(assess(values, COUNT(NAMES)));
}

static void rules_look_where_they_say(void) {
    static const char *const READ[] = {"title", "description", "attributes", "condition"}, *const UNREAD[] = {"brand", "seller", "category"};
    pp_evidence evidence;
    size_t i;
    for (i = 0; i < COUNT(READ); i++) {
        pp_value value = kit_value(READ[i], "Magic wand");
        CHECK_OK(assess(&value, 1));
        CHECK(kit_find(scratch, "wands.name.wand", &evidence));
        CHECK_TEXT(evidence.field, READ[i]);
    }
    for (i = 0; i < COUNT(UNREAD); i++) {
        pp_value value = kit_value(UNREAD[i], "Magic wand");
        CHECK_OK(assess(&value, 1));
        CHECK_EQ(kit_decision(scratch).evidence_count, 0);
    }
}

static void a_declared_text_is_read_by_its_name(void) {
    pp_value value = kit_value("condition", "Cursed");
    pp_evidence evidence;
    CHECK_OK(assess(&value, 1));
    CHECK(kit_find(scratch, "bazaar.facts.condition", &evidence));
    CHECK_TEXT(evidence.field, "condition");
    CHECK_EQ(kit_score(scratch, 0).total, -90);
}

static void a_declared_number_meets_a_condition(void) {
    static const char *const MET[] = {"4", "3.5", "3.000001", "1e9"}, *const UNMET[] = {"3", "0", "-4", "", "many", "4,5", "0x10"};
    pp_evidence evidence;
    size_t i;
    for (i = 0; i < COUNT(MET); i++) {
        pp_value value = kit_value("stock", MET[i]);
        CHECK_OK(assess(&value, 1));
        if (CHECK(kit_find(scratch, "bazaar.facts.stock", &evidence))) {
            CHECK_EQ(evidence.kind, PP_EVIDENCE_CONDITION);
        }
    }
    for (i = 0; i < COUNT(UNMET); i++) {
        pp_value value = kit_value("stock", UNMET[i]);
        CHECK_OK(assess(&value, 1));
        CHECK(!kit_find(scratch, "bazaar.facts.stock", &evidence));
    }
}

static void a_declared_field_is_unknown_to_an_engine_without_it(void) {
    pp_engine other = kit_embedded();
    pp_value value = kit_value("stock", "4");
    pp_listing listing = kit_listing(NULL, &value, 1);
    CHECK_STATUS(pp_assess(other, scratch, &listing, NULL, NULL), PP_ARGUMENT);
    CHECK_OK(pp_engine_unref(other));
}

static void an_unknown_field_is_told_by_name(void) {
    pp_value value = kit_value("colour", "red");
    check_refused(&value, 1, "colour");
}

static void a_name_of_other_letters_or_spaces_is_another_field(void) {
    static const char *const WRONG[] = {"Title", "TITLE", " title", "title ", "titl", "titles", "ships-from", "listedat"};
    size_t i;
    for (i = 0; i < COUNT(WRONG); i++) {
        pp_value value = kit_value(WRONG[i], "x");
        check_refused(&value, 1, WRONG[i]);
    }
}

static void a_name_that_is_not_utf8_is_unknown_and_escaped(void) {
    pp_value value = kit_value("t\xff", "x");
    check_refused(&value, 1, "t\\xff");
}

static void a_name_with_a_nul_behind_it_is_unknown(void) {
    pp_value value = kit_value("title", "x");
    value.field.data = "title\0";
    value.field.length = 6;
    check_refused(&value, 1, "title");
}

static void a_field_that_is_given_twice_is_told(void) {
    pp_value values[2];
    values[0] = kit_value("title", "Oak desk");
    values[1] = kit_value("title", "Oak desk");
    check_refused(values, 2, "twice");
}

static void a_declared_field_that_is_given_twice_is_told(void) {
    pp_value values[3];
    values[0] = kit_value("stock", "1");
    values[1] = kit_value("title", "Oak desk");
    values[2] = kit_value("stock", "5");
    check_refused(values, 3, "stock");
}

static void a_field_that_is_given_twice_without_text_is_told_too(void) {
    pp_value values[2];
    values[0] = kit_value("brand", NULL);
    values[1] = kit_value("brand", NULL);
    check_refused(values, 2, "brand");
}

static void a_list_of_more_values_than_fields_is_told(void) {
    enum { MANY = 100000 };
    pp_value *values = (pp_value *)malloc(MANY * sizeof(pp_value));
    int i;
    if (CHECK(values != NULL)) {
        for (i = 0; i < MANY; i++) {
            values[i] = kit_value(i % 2 ? "title" : "seller", "x");
        }
        check_refused(values, MANY, "twice");
        free(values);
    }
}

static void the_order_of_fields_does_not_matter(void) {
    static char before[8192];
    pp_value values[3], turned[3];
    pp_text first;
    values[0] = kit_value("title", "Magic wand");
    values[1] = kit_value("description", "For sale, discreet delivery");
    values[2] = kit_value("stock", "7");
    turned[0] = values[2];
    turned[1] = values[1];
    turned[2] = values[0];
    CHECK_OK(assess(values, 3));
    first = kit_copy(before, sizeof before, line());
    CHECK_OK(assess(turned, 3));
    CHECK_SAME(line(), first);
}

static void an_empty_text_is_the_same_as_none(void) {
    static char before[8192];
    pp_value values[2];
    pp_text first;
    values[0] = kit_value("title", "Magic wand");
    values[1] = kit_value("description", "");
    CHECK_OK(assess(values, 1));
    first = kit_copy(before, sizeof before, line());
    CHECK_OK(assess(values, 2));
    CHECK_SAME(line(), first);
}

static void a_listing_without_fields_has_empty_coverage(void) {
    CHECK_OK(assess(NULL, 0));
    CHECK_EQ(kit_decision(scratch).coverage, PP_COVERAGE_EMPTY);
    CHECK_TEXT(kit_decision(scratch).tier, "clear");
    CHECK_EQ(kit_decision(scratch).evidence_count, 0);
    CHECK_EQ(kit_score(scratch, 0).total, kit_score(scratch, 0).prior);
}

static void a_listing_of_fields_without_text_has_empty_coverage(void) {
    pp_value values[2];
    values[0] = kit_value("title", "");
    values[1] = kit_value("description", " ... ");
    CHECK_OK(assess(values, 2));
    CHECK_EQ(kit_decision(scratch).coverage, PP_COVERAGE_EMPTY);
}

/* The line of a title in pieces must be that of the title as one text. */
static void check_pieces(const char *whole, const pp_text *pieces, size_t count) {
    static char before[8192];
    pp_text first;
    pp_value value = kit_value("title", whole);
    CHECK_OK(assess(&value, 1));
    first = kit_copy(before, sizeof before, line());
    value.text.data = NULL;
    value.text.length = 0;
    value.pieces = pieces;
    value.piece_count = count;
    CHECK_OK(assess(&value, 1));
    CHECK_SAME(line(), first);
}

static void two_pieces_are_one_text_wherever_it_is_cut(void) {
    /* A no-break space, a full-width letter and a byte that is no text are cut through, too. */
    const char *whole = "Magic\xc2\xa0wand f\xef\xbd\x8fr sale, \xff discreet delivery";
    size_t at, length = strlen(whole);
    for (at = 0; at <= length; at++) {
        pp_text pieces[2];
        pieces[0].data = whole;
        pieces[0].length = at;
        pieces[1].data = whole + at;
        pieces[1].length = length - at;
        check_pieces(whole, pieces, 2);
    }
}

static void three_pieces_are_one_text_wherever_it_is_cut(void) {
    const char *whole = "A w\xe2\x80\x8b" "and for sale";
    size_t a, b, length = strlen(whole);
    for (a = 0; a <= length; a++) {
        for (b = a; b <= length; b++) {
            pp_text pieces[3];
            pieces[0].data = whole;
            pieces[0].length = a;
            pieces[1].data = whole + a;
            pieces[1].length = b - a;
            pieces[2].data = whole + b;
            pieces[2].length = length - b;
            check_pieces(whole, pieces, 3);
        }
    }
}

static void nothing_is_put_between_pieces(void) {
    pp_text joined[2] = {PP_LITERAL("wa"), PP_LITERAL("nd")}, parted[2] = {PP_LITERAL("oak wand"), PP_LITERAL("erer")};
    check_pieces("wand", joined, 2);
    CHECK_EQ(kit_score(scratch, 0).total, 120);
    check_pieces("oak wanderer", parted, 2);
    CHECK_EQ(kit_score(scratch, 0).total, -200);
}

static void a_single_piece_is_a_text(void) {
    pp_text piece = PP_LITERAL("Magic wand");
    check_pieces("Magic wand", &piece, 1);
}

static void empty_pieces_are_nothing(void) {
    pp_text pieces[5] = {{NULL, 0}, PP_LITERAL("Magic "), {"x", 0}, PP_LITERAL("wand"), {NULL, 0}};
    check_pieces("Magic wand", pieces, 5);
}

static void pieces_that_are_all_empty_are_no_text(void) {
    pp_text pieces[2] = {{NULL, 0}, {"x", 0}};
    check_pieces("", pieces, 2);
    CHECK_EQ(kit_decision(scratch).coverage, PP_COVERAGE_EMPTY);
}

static void spans_count_in_the_joined_text(void) {
    pp_text pieces[3] = {PP_LITERAL("An old, "), PP_LITERAL("magic w"), PP_LITERAL("and of oak")};
    pp_value value = kit_value("title", NULL);
    pp_evidence evidence;
    value.pieces = pieces;
    value.piece_count = 3;
    CHECK_OK(assess(&value, 1));
    CHECK(kit_find(scratch, "wands.name.wand", &evidence));
    CHECK_EQ(evidence.start, 8);
    CHECK_EQ(evidence.end, 18);
}

static void pieces_of_several_fields_do_not_run_together(void) {
    static char before[8192];
    pp_text a[2] = {PP_LITERAL("An oak"), PP_LITERAL(" desk")}, b[2] = {PP_LITERAL("magic "), PP_LITERAL("wand")}, c[1] = {PP_LITERAL("5")}, first;
    pp_value whole[4], parted[4];
    whole[0] = kit_value("title", "An oak desk");
    whole[1] = kit_value("description", "magic wand");
    whole[2] = kit_value("attributes", "For sale");
    whole[3] = kit_value("stock", "5");
    memcpy(parted, whole, sizeof whole);
    parted[0] = kit_value("title", NULL);
    parted[0].pieces = a;
    parted[0].piece_count = 2;
    parted[1] = kit_value("description", NULL);
    parted[1].pieces = b;
    parted[1].piece_count = 2;
    parted[3] = kit_value("stock", NULL);
    parted[3].pieces = c;
    parted[3].piece_count = 1;
    CHECK_OK(assess(whole, 4));
    first = kit_copy(before, sizeof before, line());
    CHECK_OK(assess(parted, 4));
    CHECK_SAME(line(), first);
}

static void a_text_and_pieces_of_one_field_are_refused(void) {
    pp_text piece = PP_LITERAL("wand");
    pp_value value = kit_value("title", "Magic");
    value.pieces = &piece;
    value.piece_count = 1;
    check_refused(&value, 1, "title");
}

static void a_megabyte_in_pieces_of_a_byte_is_read(void) {
    size_t count = 1 << 20, i;
    char *whole = (char *)malloc(count);
    pp_text *pieces = (pp_text *)malloc(count * sizeof(pp_text));
    pp_engine_options options = kit_options();
    pp_engine large;
    pp_value value = kit_value("description", NULL);
    pp_listing listing = kit_listing(NULL, &value, 1);
    pp_evidence evidence;
    if (!CHECK(whole != NULL && pieces != NULL)) {
        return;
    }
    options.field_bytes = 16 << 20;
    large = kit_engine(&options);
    memset(whole, ' ', count);
    memcpy(whole + count - 4, "wand", 4);
    for (i = 0; i < count; i++) {
        pieces[i].data = whole + i;
        pieces[i].length = 1;
    }
    value.pieces = pieces;
    value.piece_count = count;
    CHECK_OK(pp_assess(large, scratch, &listing, NULL, NULL));
    if (CHECK(kit_find(scratch, "wands.name.wand", &evidence))) {
        CHECK_EQ(evidence.start, count - 4);
    }
    CHECK_EQ(kit_decision(scratch).flags, 0);
    free(whole);
    free(pieces);
    CHECK_OK(pp_engine_unref(large));
}

static void a_megabyte_of_text_is_cut_where_the_limit_is(void) {
    size_t length = 1 << 20;
    char *text = (char *)malloc(length);
    pp_value value;
    pp_evidence evidence;
    if (!CHECK(text != NULL)) {
        return;
    }
    memset(text, 'x', length);
    memcpy(text, "Magic wand ", 11);
    memcpy(text + length - 9, " elixir  ", 9);
    value = text_value("title", text, length);
    CHECK_OK(assess(&value, 1));
    CHECK_EQ(kit_decision(scratch).flags & PP_FLAG_TRUNCATED, PP_FLAG_TRUNCATED);
    CHECK(kit_find(scratch, "wands.name.wand", &evidence));
    CHECK(!kit_find(scratch, "potions.name.elixir", &evidence));
    free(text);
}

static void bytes_of_any_kind_are_a_listing(void) {
    static char bytes[4096];
    uint32_t state = 7;
    int round;
    for (round = 0; round < 200; round++) {
        pp_value values[3];
        size_t i;
        for (i = 0; i < sizeof bytes; i++) {
            state = state * 1664525 + 1013904223;
            bytes[i] = (char)(state >> 24);
        }
        values[0] = text_value("title", bytes, 200);
        values[1] = text_value("description", bytes + 200, sizeof bytes - 200);
        values[2] = text_value("price", bytes, 20);
        CHECK_OK(assess(values, 3));
        CHECK_EQ(kit_decision(scratch).flags & PP_FLAG_INVALID_ENCODING, PP_FLAG_INVALID_ENCODING);
        if (!CHECK(kit_is_json(line()))) {
            break;
        }
    }
}

static void a_nul_in_a_text_does_not_end_it(void) {
    pp_value value = text_value("title", "Oak desk\0 and a magic wand", 26);
    pp_evidence evidence;
    CHECK_OK(assess(&value, 1));
    if (CHECK(kit_find(scratch, "wands.name.wand", &evidence))) {
        CHECK_EQ(evidence.start, 16);
        CHECK_EQ(evidence.end, 26);
    }
}

static void a_text_that_is_not_utf8_is_scored_and_flagged(void) {
    pp_value value = kit_value("title", "caf\xe9, magic wand");
    pp_evidence evidence;
    CHECK_OK(assess(&value, 1));
    CHECK_EQ(kit_decision(scratch).flags, PP_FLAG_INVALID_ENCODING);
    CHECK_EQ(kit_score(scratch, 0).total, 120);
    if (CHECK(kit_find(scratch, "wands.name.wand", &evidence))) {
        CHECK_EQ(evidence.start, 6);
        CHECK_EQ(evidence.end, 16);
    }
}

static void surrogates_and_overlong_forms_are_flagged(void) {
    static const char *const WRONG[] = {"wand \xed\xa0\x80", "wand \xc0\xaf", "wand \xf5\x80\x80\x80", "wand \xe2\x82", "wand \x80"};
    size_t i;
    for (i = 0; i < COUNT(WRONG); i++) {
        pp_value value = kit_value("title", WRONG[i]);
        CHECK_OK(assess(&value, 1));
        CHECK_EQ(kit_decision(scratch).flags, PP_FLAG_INVALID_ENCODING);
        CHECK_EQ(kit_score(scratch, 0).total, 120);
    }
}

static void a_price_that_is_no_number_is_flagged(void) {
    static const char *const READ[] = {"12.50", "0", "-1", "1e3"}, *const UNREAD[] = {"12,50", "free", "1,299.00", "--1"};
    size_t i;
    for (i = 0; i < COUNT(READ); i++) {
        pp_value value = kit_value("price", READ[i]);
        CHECK_OK(assess(&value, 1));
        CHECK_EQ(kit_decision(scratch).flags, 0);
    }
    for (i = 0; i < COUNT(UNREAD); i++) {
        pp_value value = kit_value("price", UNREAD[i]);
        CHECK_OK(assess(&value, 1));
        CHECK_EQ(kit_decision(scratch).flags, PP_FLAG_PRICE_UNREADABLE);
    }
}

static void nothing_of_a_listing_is_kept(void) {
    static char before[8192];
    char *title = (char *)malloc(32), *id = (char *)malloc(8);
    pp_value *value = (pp_value *)malloc(sizeof(pp_value));
    pp_listing listing;
    pp_assess_options options = kit_lines();
    pp_text first;
    if (!CHECK(title != NULL && id != NULL && value != NULL)) {
        return;
    }
    strcpy(title, "Magic wand for sale");
    strcpy(id, "row");
    *value = kit_value("title", title);
    listing = kit_listing(id, value, 1);
    CHECK_OK(pp_assess(engine, scratch, &listing, &options, NULL));
    first = kit_copy(before, sizeof before, line());
    memset(title, 'x', 32);
    memset(id, 'x', 8);
    memset(value, 0xff, sizeof *value);
    free(title);
    free(id);
    free(value);
    CHECK_SAME(line(), first);
    CHECK_TEXT(kit_evidence(scratch, 0).rule, "wands.name.wand");
    CHECK_TEXT(kit_evidence(scratch, 0).field, "title");
}

static void two_fields_may_share_their_memory(void) {
    const char *text = "Magic wand";
    pp_value values[2];
    values[0] = kit_value("title", text);
    values[1] = kit_value("description", text);
    CHECK_OK(assess(values, 2));
    /* A rule counts once. */
    CHECK_EQ(kit_score(scratch, 0).total, 120);
}

static const test LIST[] = {
    TEST(an_id_is_a_json_string),
    TEST(an_empty_id_is_the_number_of_the_row),
    TEST(an_id_of_digits_is_a_string_all_the_same),
    TEST(quotes_and_backslashes_of_an_id_are_escaped),
    TEST(control_characters_of_an_id_are_escaped),
    TEST(a_nul_in_an_id_is_escaped),
    TEST(what_is_not_utf8_in_an_id_is_replaced),
    TEST(an_id_may_be_long),
    TEST(every_fixed_field_is_known_by_its_name),
    TEST(rules_look_where_they_say),
    TEST(a_declared_text_is_read_by_its_name),
    TEST(a_declared_number_meets_a_condition),
    TEST(a_declared_field_is_unknown_to_an_engine_without_it),
    TEST(an_unknown_field_is_told_by_name),
    TEST(a_name_of_other_letters_or_spaces_is_another_field),
    TEST(a_name_that_is_not_utf8_is_unknown_and_escaped),
    TEST(a_name_with_a_nul_behind_it_is_unknown),
    TEST(a_field_that_is_given_twice_is_told),
    TEST(a_declared_field_that_is_given_twice_is_told),
    TEST(a_field_that_is_given_twice_without_text_is_told_too),
    TEST(a_list_of_more_values_than_fields_is_told),
    TEST(the_order_of_fields_does_not_matter),
    TEST(an_empty_text_is_the_same_as_none),
    TEST(a_listing_without_fields_has_empty_coverage),
    TEST(a_listing_of_fields_without_text_has_empty_coverage),
    TEST(two_pieces_are_one_text_wherever_it_is_cut),
    TEST(three_pieces_are_one_text_wherever_it_is_cut),
    TEST(nothing_is_put_between_pieces),
    TEST(a_single_piece_is_a_text),
    TEST(empty_pieces_are_nothing),
    TEST(pieces_that_are_all_empty_are_no_text),
    TEST(spans_count_in_the_joined_text),
    TEST(pieces_of_several_fields_do_not_run_together),
    TEST(a_text_and_pieces_of_one_field_are_refused),
    TEST(a_megabyte_in_pieces_of_a_byte_is_read),
    TEST(a_megabyte_of_text_is_cut_where_the_limit_is),
    TEST(bytes_of_any_kind_are_a_listing),
    TEST(a_nul_in_a_text_does_not_end_it),
    TEST(a_text_that_is_not_utf8_is_scored_and_flagged),
    TEST(surrogates_and_overlong_forms_are_flagged),
    TEST(a_price_that_is_no_number_is_flagged),
    TEST(nothing_of_a_listing_is_kept),
    TEST(two_fields_may_share_their_memory),
};

const tests listing_tests = {"listing", LIST, COUNT(LIST), kit_start, kit_stop};

/*
 * Pointers: null where none may be, null with a length, lengths that memory does not have, and texts at the very end of readable memory.
 * Every place of the interface that a pointer goes to is here once. Structures that begin with their size are in sizes.c.
 */
#define _POSIX_C_SOURCE 200809L

#include "kit.h"

/* A listing with two pieces of evidence, assessed with lines, so that each result is there. */
static void assess(void) {
    pp_assess_options options = kit_lines();
    pp_value value = kit_value("title", "Magic wand for sale");
    pp_listing listing = kit_listing("1", &value, 1);
    CHECK_OK(pp_assess(engine, scratch, &listing, &options, NULL));
}

static pp_error make_error(void) {
    pp_engine_options options = kit_options();
    pp_engine none = {0};
    pp_error error = {0};
    options.source_count = 1;
    options.policy.text = pp_string("nonsense");
    CHECK_STATUS(pp_engine_create(&options, &none, &error), PP_PACKS);
    return error;
}

static void pp_engine_create_needs_a_place_for_the_engine(void) {
    pp_error error = {0};
    CHECK_STATUS(pp_engine_create(NULL, NULL, &error), PP_NULL);
    CHECK_STATUS(kit_message(error, NULL, 0), PP_NULL);
    CHECK_STATUS(pp_engine_create(NULL, NULL, NULL), PP_NULL);
}

static void pp_engine_digest_needs_a_place(void) {
    CHECK_STATUS(pp_engine_digest(engine, NULL), PP_NULL);
}

static void pp_engine_about_needs_a_place(void) {
    CHECK_STATUS(pp_engine_about(engine, NULL), PP_NULL);
}

static void pp_engine_offense_needs_a_place(void) {
    CHECK_STATUS(pp_engine_offense(engine, 0, NULL), PP_NULL);
}

static void pp_engine_field_needs_a_place(void) {
    CHECK_STATUS(pp_engine_field(engine, 0, NULL), PP_NULL);
}

static void pp_engine_warning_needs_a_place(void) {
    pp_engine_options options = kit_options();
    pp_source sources[2];
    pp_engine warned;
    sources[0] = options.sources[0];
    sources[1].name = pp_string("bazaar/rules.toml");
    sources[1].text = pp_string("[[group]]\nkey = \"wands.idle\"\nreason.en = \"Nothing is in it.\"\n");
    options.sources = sources;
    warned = kit_engine(&options);
    CHECK_STATUS(pp_engine_warning(warned, 0, NULL), PP_NULL);
    CHECK_OK(pp_engine_unref(warned));
}

static void pp_scratch_create_needs_a_place(void) {
    size_t live = pp_live_handles();
    CHECK_STATUS(pp_scratch_create(NULL), PP_NULL);
    CHECK_EQ(pp_live_handles(), live);
}

static void pp_assess_needs_a_listing(void) {
    CHECK_STATUS(pp_assess(engine, scratch, NULL, NULL, NULL), PP_NULL);
}

static void pp_explain_needs_a_listing(void) {
    pp_text text = {NULL, 0};
    CHECK_STATUS(pp_explain(engine, scratch, NULL, NULL, &text, NULL), PP_NULL);
}

static void pp_explain_needs_a_place_for_its_text(void) {
    pp_listing listing = kit_listing(NULL, NULL, 0);
    CHECK_STATUS(pp_explain(engine, scratch, &listing, NULL, NULL, NULL), PP_NULL);
}

static void pp_assess_batch_needs_listings_when_there_are_any(void) {
    CHECK_STATUS(pp_assess_batch(engine, scratch, NULL, 1, NULL, NULL), PP_NULL);
    CHECK_STATUS(pp_assess_batch(engine, scratch, NULL, SIZE_MAX, NULL, NULL), PP_NULL);
}

static void pp_assess_batch_takes_no_listings_at_null(void) {
    size_t rows = 99;
    CHECK_OK(pp_assess_batch(engine, scratch, NULL, 0, NULL, NULL));
    CHECK_OK(pp_result_count(scratch, &rows));
    CHECK_EQ(rows, 0);
}

static void pp_result_count_needs_a_place(void) {
    assess();
    CHECK_STATUS(pp_result_count(scratch, NULL), PP_NULL);
}

static void pp_result_decision_needs_a_place(void) {
    assess();
    CHECK_STATUS(pp_result_decision(scratch, 0, NULL), PP_NULL);
}

static void pp_result_score_needs_a_place(void) {
    assess();
    CHECK_STATUS(pp_result_score(scratch, 0, 0, NULL), PP_NULL);
}

static void pp_result_evidence_needs_a_place(void) {
    assess();
    CHECK_STATUS(pp_result_evidence(scratch, 0, 0, NULL), PP_NULL);
}

static void pp_result_weight_needs_a_place(void) {
    assess();
    CHECK_STATUS(pp_result_weight(scratch, 0, 0, 0, NULL), PP_NULL);
}

static void pp_result_deciding_needs_a_place(void) {
    assess();
    CHECK_STATUS(pp_result_deciding(scratch, 0, 0, NULL), PP_NULL);
}

static void pp_result_line_needs_a_place(void) {
    assess();
    CHECK_STATUS(pp_result_line(scratch, 0, NULL), PP_NULL);
}

static void pp_result_lines_needs_a_place(void) {
    assess();
    CHECK_STATUS(pp_result_lines(scratch, NULL), PP_NULL);
}

static void pp_error_problem_count_needs_a_place(void) {
    pp_error error = make_error();
    CHECK_STATUS(pp_error_problem_count(error, NULL), PP_NULL);
    CHECK_OK(pp_error_free(error));
}

static void pp_error_problem_needs_a_place(void) {
    pp_error error = make_error();
    CHECK_STATUS(pp_error_problem(error, 0, NULL), PP_NULL);
    CHECK_OK(pp_error_free(error));
}

static void a_result_without_a_place_does_not_spoil_the_others(void) {
    size_t rows = 0;
    assess();
    CHECK_STATUS(pp_result_decision(scratch, 0, NULL), PP_NULL);
    CHECK_OK(pp_result_count(scratch, &rows));
    CHECK_EQ(rows, 1);
    CHECK_EQ(kit_score(scratch, 0).total, 210);
}

/*
 * A length of 0 needs no pointer, one above 0 does, and one that no memory has is refused before anything is read: the pointer that comes
 * with it leads to a single byte.
 */
static const char BYTE[1] = {'x'};

static void check_listing(pp_listing listing, pp_status expected) {
    pp_error error = {0};
    CHECK_STATUS(pp_assess(engine, scratch, &listing, NULL, &error), expected);
    CHECK_OK(pp_error_free(error));
    CHECK_STATUS(pp_assess_batch(engine, scratch, &listing, 1, NULL, NULL), expected);
}

static const pp_text NULL_WITH_LENGTH = {NULL, 1};
static const pp_text TOO_LONG = {BYTE, (size_t)PTRDIFF_MAX + 1};
static const pp_text FAR_TOO_LONG = {BYTE, SIZE_MAX};
static const pp_text NONE = {NULL, 0};

static void check_id(pp_text id, pp_status expected) {
    pp_listing listing = kit_listing(NULL, NULL, 0);
    listing.id = id;
    check_listing(listing, expected);
}

static void the_id_of_a_listing_is_not_followed_when_null_or_too_long(void) {
    check_id(NONE, PP_OK);
    check_id(NULL_WITH_LENGTH, PP_NULL);
    check_id(TOO_LONG, PP_SIZE);
    check_id(FAR_TOO_LONG, PP_SIZE);
}

static void values_of_a_listing_are_not_followed_when_null_or_too_many(void) {
    pp_value value = kit_value("title", "x");
    check_listing(kit_listing(NULL, NULL, 0), PP_OK);
    check_listing(kit_listing(NULL, NULL, 1), PP_NULL);
    check_listing(kit_listing(NULL, &value, SIZE_MAX), PP_SIZE);
    check_listing(kit_listing(NULL, &value, (size_t)PTRDIFF_MAX / sizeof value + 1), PP_SIZE);
    /* So many that the bytes of all of them, counted in a word, are few. */
    check_listing(kit_listing(NULL, &value, SIZE_MAX / sizeof value + 2), PP_SIZE);
}

static void check_field(pp_text field, pp_status expected) {
    pp_value value = kit_value("title", "x");
    value.field = field;
    check_listing(kit_listing(NULL, &value, 1), expected);
}

static void the_name_of_a_field_is_not_followed_when_null_or_too_long(void) {
    /* The empty name is that of no field. */
    check_field(NONE, PP_ARGUMENT);
    check_field(NULL_WITH_LENGTH, PP_NULL);
    check_field(TOO_LONG, PP_SIZE);
    check_field(FAR_TOO_LONG, PP_SIZE);
}

static void check_text(const char *field, pp_text text, pp_status expected) {
    pp_value value = kit_value(field, NULL);
    value.text = text;
    check_listing(kit_listing(NULL, &value, 1), expected);
}

static void the_text_of_a_field_is_not_followed_when_null_or_too_long(void) {
    check_text("title", NONE, PP_OK);
    check_text("title", NULL_WITH_LENGTH, PP_NULL);
    check_text("title", TOO_LONG, PP_SIZE);
    check_text("title", FAR_TOO_LONG, PP_SIZE);
}

static void the_text_of_a_declared_field_is_not_followed_when_null_or_too_long(void) {
    check_text("stock", NONE, PP_OK);
    check_text("stock", NULL_WITH_LENGTH, PP_NULL);
    check_text("condition", TOO_LONG, PP_SIZE);
}

static void a_text_beside_pieces_is_not_followed_when_null_or_too_long(void) {
    pp_text piece = PP_LITERAL("x");
    pp_value value = kit_value("title", NULL);
    value.pieces = &piece;
    value.piece_count = 1;
    value.text = NULL_WITH_LENGTH;
    check_listing(kit_listing(NULL, &value, 1), PP_NULL);
    value.text = TOO_LONG;
    check_listing(kit_listing(NULL, &value, 1), PP_SIZE);
}

static void pieces_of_a_text_are_not_followed_when_null_or_too_many(void) {
    pp_text piece = PP_LITERAL("x");
    pp_value value = kit_value("title", NULL);
    check_listing(kit_listing(NULL, &value, 1), PP_OK);
    value.piece_count = 1;
    check_listing(kit_listing(NULL, &value, 1), PP_NULL);
    value.pieces = &piece;
    value.piece_count = SIZE_MAX;
    check_listing(kit_listing(NULL, &value, 1), PP_SIZE);
    value.piece_count = SIZE_MAX / sizeof piece + 2;
    check_listing(kit_listing(NULL, &value, 1), PP_SIZE);
}

static void a_piece_of_a_text_is_not_followed_when_null_or_too_long(void) {
    pp_text pieces[3] = {PP_LITERAL("a"), {NULL, 0}, PP_LITERAL("b")};
    pp_value value = kit_value("title", NULL);
    value.pieces = pieces;
    value.piece_count = 3;
    check_listing(kit_listing(NULL, &value, 1), PP_OK);
    pieces[1] = NULL_WITH_LENGTH;
    check_listing(kit_listing(NULL, &value, 1), PP_NULL);
    pieces[1] = TOO_LONG;
    check_listing(kit_listing(NULL, &value, 1), PP_SIZE);
}

static void listings_of_a_batch_are_not_followed_when_too_many(void) {
    pp_listing listing = kit_listing(NULL, NULL, 0);
    CHECK_STATUS(pp_assess_batch(engine, scratch, &listing, SIZE_MAX, NULL, NULL), PP_SIZE);
    CHECK_STATUS(pp_assess_batch(engine, scratch, &listing, SIZE_MAX / sizeof listing + 2, NULL, NULL), PP_SIZE);
}

static void check_options(const pp_engine_options *options, pp_status expected) {
    CHECK_STATUS(kit_refusal(options, NULL, 0), expected);
}

static void sources_are_not_followed_when_null_or_too_many(void) {
    pp_engine_options options = kit_options();
    options.sources = NULL;
    check_options(&options, PP_NULL);
    options = kit_options();
    options.source_count = SIZE_MAX;
    check_options(&options, PP_SIZE);
    options.source_count = SIZE_MAX / sizeof(pp_source) + 2;
    check_options(&options, PP_SIZE);
}

static void the_name_of_a_source_is_not_followed_when_null_or_too_long(void) {
    pp_engine_options options = kit_options();
    pp_source one = options.sources[0];
    options.sources = &one;
    options.source_count = 1;
    one.name = NULL_WITH_LENGTH;
    check_options(&options, PP_NULL);
    one.name = TOO_LONG;
    check_options(&options, PP_SIZE);
}

static void the_text_of_a_source_is_not_followed_when_null_or_too_long(void) {
    pp_engine_options options = kit_options();
    pp_source one = options.sources[0];
    options.sources = &one;
    options.source_count = 1;
    one.text = NULL_WITH_LENGTH;
    check_options(&options, PP_NULL);
    one.text = TOO_LONG;
    check_options(&options, PP_SIZE);
}

static void a_policy_is_not_followed_when_null_or_too_long(void) {
    pp_engine_options options = kit_options();
    options.policy.text = NULL_WITH_LENGTH;
    check_options(&options, PP_NULL);
    options.policy.text = TOO_LONG;
    check_options(&options, PP_SIZE);
    options.policy.text = pp_string("x");
    options.policy.name = NULL_WITH_LENGTH;
    check_options(&options, PP_NULL);
}

static void priors_are_not_followed_when_null_or_too_many(void) {
    pp_engine_options options = kit_options();
    pp_prior prior;
    prior.offense = pp_string("wands");
    prior.probability = pp_string("0.1");
    options.prior_count = 1;
    check_options(&options, PP_NULL);
    options.priors = &prior;
    options.prior_count = SIZE_MAX;
    check_options(&options, PP_SIZE);
}

static void texts_of_a_prior_are_not_followed_when_null_or_too_long(void) {
    pp_engine_options options = kit_options();
    pp_prior prior;
    options.priors = &prior;
    options.prior_count = 1;
    prior.offense = NULL_WITH_LENGTH;
    prior.probability = pp_string("0.1");
    check_options(&options, PP_NULL);
    prior.offense = TOO_LONG;
    check_options(&options, PP_SIZE);
    prior.offense = pp_string("wands");
    prior.probability = NULL_WITH_LENGTH;
    check_options(&options, PP_NULL);
    prior.probability = TOO_LONG;
    check_options(&options, PP_SIZE);
}

static void a_day_is_not_followed_when_null_or_too_long(void) {
    pp_engine_options options = kit_options();
    options.as_of = NULL_WITH_LENGTH;
    check_options(&options, PP_NULL);
    options.as_of = TOO_LONG;
    check_options(&options, PP_SIZE);
}

static void jurisdictions_are_not_followed_when_null_or_too_long(void) {
    pp_engine_options options = kit_options();
    pp_text code = NULL_WITH_LENGTH;
    options.jurisdiction_count = 1;
    check_options(&options, PP_NULL);
    options.jurisdictions = &code;
    check_options(&options, PP_NULL);
    code = TOO_LONG;
    check_options(&options, PP_SIZE);
    options.jurisdiction_count = SIZE_MAX;
    check_options(&options, PP_SIZE);
}

static void a_compiled_pack_is_not_followed_when_null_or_too_long(void) {
    pp_engine_options options;
    PP_INIT(options);
    options.base = PP_BASE_COMPILED;
    options.compiled = NULL_WITH_LENGTH;
    check_options(&options, PP_NULL);
    options.compiled = TOO_LONG;
    check_options(&options, PP_SIZE);
}

static void lists_of_an_engine_that_are_empty_need_no_pointer(void) {
    pp_engine_options options = kit_options();
    options.priors = NULL;
    options.prior_count = 0;
    options.jurisdictions = NULL;
    options.jurisdiction_count = 0;
    CHECK_OK(pp_engine_unref(kit_engine(&options)));
}

static void a_pointer_with_a_length_of_zero_is_not_followed(void) {
    const char *end = kit_at_the_edge("", 0);
    pp_value value = kit_value("title", NULL);
    pp_listing listing;
    pp_text text = {NULL, 0};
    /* What is behind the edge cannot be read. */
    text.data = end;
    value.text = text;
    value.pieces = (const pp_text *)(const void *)end;
    value.piece_count = 0;
    listing = kit_listing(NULL, &value, 1);
    listing.id = text;
    check_listing(listing, PP_OK);
    listing.values = (const pp_value *)(const void *)end;
    listing.value_count = 0;
    check_listing(listing, PP_OK);
}

static void no_text_of_a_listing_is_read_beyond_its_length(void) {
    /* One for each: an id, a name, a text, a piece, and lists of values and of pieces. No NUL stands behind any of them. */
    const char *words = "An enchanted wand for sale, discreet delivery; caf\xc3";
    size_t length;
    for (length = 1; length <= strlen(words); length++) {
        pp_text text, piece;
        pp_value values[2];
        pp_listing listing;
        text.data = kit_at_the_edge(words, length);
        text.length = length;
        piece = text;
        values[0] = kit_value("title", NULL);
        values[0].field.data = kit_at_the_edge("title", 5);
        values[0].text = text;
        values[1] = kit_value("description", NULL);
        values[1].pieces = (const pp_text *)(const void *)kit_at_the_edge((const char *)&piece, sizeof piece);
        values[1].piece_count = 1;
        listing.id = text;
        listing.values = (const pp_value *)(const void *)kit_at_the_edge((const char *)values, sizeof values);
        listing.value_count = 2;
        check_listing(listing, PP_OK);
    }
}

static void no_number_of_a_listing_is_read_beyond_its_length(void) {
    static const char *const FIELDS[] = {"price", "currency", "language", "listed_at", "stock"};
    static const char *const TEXTS[] = {"12.50", "1", "-", ".", "EUR", "en", "2026-06-01", "4"};
    size_t i, j;
    for (i = 0; i < COUNT(FIELDS); i++) {
        for (j = 0; j < COUNT(TEXTS); j++) {
            pp_value value = kit_value(FIELDS[i], TEXTS[j]);
            value.text.data = kit_at_the_edge(TEXTS[j], strlen(TEXTS[j]));
            check_listing(kit_listing(NULL, &value, 1), PP_OK);
        }
    }
}

static void no_text_of_an_engine_is_read_beyond_its_length(void) {
    pp_engine_options options = kit_options(), plain = kit_options();
    pp_source sources[2];
    pp_prior prior;
    pp_text code;
    pp_engine made;
    int i;
    for (i = 0; i < 2; i++) {
        sources[i].name.data = kit_at_the_edge(plain.sources[i].name.data, plain.sources[i].name.length);
        sources[i].name.length = plain.sources[i].name.length;
        /* Without the line feed at the end, too. */
        sources[i].text.data = kit_at_the_edge(plain.sources[i].text.data, plain.sources[i].text.length - 1);
        sources[i].text.length = plain.sources[i].text.length - 1;
    }
    prior.offense.data = kit_at_the_edge("wands", 5);
    prior.offense.length = 5;
    prior.probability.data = kit_at_the_edge("0.1", 3);
    prior.probability.length = 3;
    code.data = kit_at_the_edge("DE", 2);
    code.length = 2;
    options.sources = (const pp_source *)(const void *)kit_at_the_edge((const char *)sources, sizeof sources);
    options.priors = (const pp_prior *)(const void *)kit_at_the_edge((const char *)&prior, sizeof prior);
    options.prior_count = 1;
    options.jurisdictions = (const pp_text *)(const void *)kit_at_the_edge((const char *)&code, sizeof code);
    options.jurisdiction_count = 1;
    options.as_of.data = kit_at_the_edge("2026-06-01", 10);
    options.as_of.length = 10;
    made = kit_engine(&options);
    CHECK_OK(pp_engine_unref(made));
}

static const test LIST[] = {
    TEST(pp_engine_create_needs_a_place_for_the_engine),
    TEST(pp_engine_digest_needs_a_place),
    TEST(pp_engine_about_needs_a_place),
    TEST(pp_engine_offense_needs_a_place),
    TEST(pp_engine_field_needs_a_place),
    TEST(pp_engine_warning_needs_a_place),
    TEST(pp_scratch_create_needs_a_place),
    TEST(pp_assess_needs_a_listing),
    TEST(pp_explain_needs_a_listing),
    TEST(pp_explain_needs_a_place_for_its_text),
    TEST(pp_assess_batch_needs_listings_when_there_are_any),
    TEST(pp_assess_batch_takes_no_listings_at_null),
    TEST(pp_result_count_needs_a_place),
    TEST(pp_result_decision_needs_a_place),
    TEST(pp_result_score_needs_a_place),
    TEST(pp_result_evidence_needs_a_place),
    TEST(pp_result_weight_needs_a_place),
    TEST(pp_result_deciding_needs_a_place),
    TEST(pp_result_line_needs_a_place),
    TEST(pp_result_lines_needs_a_place),
    TEST(pp_error_problem_count_needs_a_place),
    TEST(pp_error_problem_needs_a_place),
    TEST(a_result_without_a_place_does_not_spoil_the_others),
    TEST(the_id_of_a_listing_is_not_followed_when_null_or_too_long),
    TEST(values_of_a_listing_are_not_followed_when_null_or_too_many),
    TEST(the_name_of_a_field_is_not_followed_when_null_or_too_long),
    TEST(the_text_of_a_field_is_not_followed_when_null_or_too_long),
    TEST(the_text_of_a_declared_field_is_not_followed_when_null_or_too_long),
    TEST(a_text_beside_pieces_is_not_followed_when_null_or_too_long),
    TEST(pieces_of_a_text_are_not_followed_when_null_or_too_many),
    TEST(a_piece_of_a_text_is_not_followed_when_null_or_too_long),
    TEST(listings_of_a_batch_are_not_followed_when_too_many),
    TEST(sources_are_not_followed_when_null_or_too_many),
    TEST(the_name_of_a_source_is_not_followed_when_null_or_too_long),
    TEST(the_text_of_a_source_is_not_followed_when_null_or_too_long),
    TEST(a_policy_is_not_followed_when_null_or_too_long),
    TEST(priors_are_not_followed_when_null_or_too_many),
    TEST(texts_of_a_prior_are_not_followed_when_null_or_too_long),
    TEST(a_day_is_not_followed_when_null_or_too_long),
    TEST(jurisdictions_are_not_followed_when_null_or_too_long),
    TEST(a_compiled_pack_is_not_followed_when_null_or_too_long),
    TEST(lists_of_an_engine_that_are_empty_need_no_pointer),
    TEST(a_pointer_with_a_length_of_zero_is_not_followed),
    TEST(no_text_of_a_listing_is_read_beyond_its_length),
    TEST(no_number_of_a_listing_is_read_beyond_its_length),
    TEST(no_text_of_an_engine_is_read_beyond_its_length),
};

const tests pointers_tests = {"pointers", LIST, COUNT(LIST), kit_start, kit_stop};

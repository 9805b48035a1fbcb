/*
 * Results of one listing: decision, scores, evidence, weights, deciding groups, lines, and when there are none. Results of many listings are
 * in batch.c, what results are of odd listings in listing.c.
 */
#define _POSIX_C_SOURCE 200809L

#include "kit.h"

static pp_engine embedded;

static void start(void) {
    kit_start();
    embedded = kit_embedded();
}

static void stop(void) {
    CHECK_OK(pp_engine_unref(embedded));
    kit_stop();
}

static pp_status assess(const char *title, uint32_t lines) {
    pp_assess_options options;
    pp_value value = kit_value("title", title);
    pp_listing listing = kit_listing(NULL, &value, 1);
    PP_INIT(options);
    options.lines = lines;
    return pp_assess(engine, scratch, &listing, &options, NULL);
}

static pp_text line(void) {
    pp_text text = {NULL, 0};
    CHECK_OK(pp_result_line(scratch, 0, &text));
    return text;
}

static size_t rows(void) {
    size_t count = 99;
    CHECK_OK(pp_result_count(scratch, &count));
    return count;
}

/* The prior and what all evidence contributes is the score, for each offense. */
static void check_sums(void) {
    pp_decision decision = kit_decision(scratch);
    size_t offense, i;
    for (offense = 0; offense < decision.offense_count; offense++) {
        pp_score score = kit_score(scratch, offense);
        int32_t sum = score.prior;
        for (i = 0; i < decision.evidence_count; i++) {
            int32_t weight = kit_weight(scratch, i, offense);
            sum += weight;
            if (kit_evidence(scratch, i).is_shadow) {
                CHECK_EQ(weight, 0);
            }
        }
        CHECK_EQ(sum, score.total);
    }
}

static void a_decision_says_tier_offense_and_reason(void) {
    pp_decision decision;
    CHECK_OK(kit_assess(engine, scratch, "Magic wand"));
    decision = kit_decision(scratch);
    CHECK_TEXT(decision.tier, "review");
    CHECK_TEXT(decision.offense, "wands");
    CHECK_TEXT(decision.reason, "score");
    CHECK_EQ(decision.rank, 2);
    CHECK_EQ(decision.needs_person, 1);
    CHECK_EQ(decision.coverage, PP_COVERAGE_FULL);
    CHECK_EQ(decision.flags, 0);
    CHECK_EQ(decision.offense_count, 2);
}

static void a_margin_is_the_score_less_the_threshold(void) {
    pp_decision decision;
    CHECK_OK(kit_assess(engine, scratch, "Magic wand"));
    decision = kit_decision(scratch);
    CHECK_EQ(decision.threshold, 100);
    CHECK_EQ(decision.margin, kit_score(scratch, 0).total - decision.threshold);
}

static void a_clear_listing_names_no_offense(void) {
    pp_decision decision;
    CHECK_OK(kit_assess(engine, scratch, "Oak desk"));
    decision = kit_decision(scratch);
    CHECK_TEXT(decision.tier, "clear");
    CHECK_EQ(decision.offense.length, 0);
    CHECK_EQ(decision.rank, 0);
    CHECK_EQ(decision.needs_person, 0);
    CHECK_EQ(decision.deciding_count, 0);
    /* The threshold is that of the next tier, and the largest distance to it is negative. */
    CHECK_EQ(decision.threshold, 0);
    CHECK_EQ(decision.margin, -200);
}

static void the_highest_score_decides(void) {
    CHECK_OK(kit_assess(engine, scratch, "Elixir for sale"));
    CHECK_TEXT(kit_decision(scratch).offense, "potions");
    CHECK_OK(kit_assess(engine, scratch, "Elixir and magic wand for sale"));
    CHECK_TEXT(kit_decision(scratch).offense, "wands");
}

static void a_score_names_its_offense_tier_and_nature(void) {
    pp_score wands, potions;
    CHECK_OK(kit_assess(engine, scratch, "Elixir, magic wand"));
    wands = kit_score(scratch, 0);
    potions = kit_score(scratch, 1);
    CHECK_TEXT(wands.offense, "wands");
    CHECK_TEXT(potions.offense, "potions");
    CHECK_TEXT(potions.tier, "monitor");
    CHECK_EQ(potions.rank, 1);
    CHECK_TEXT(potions.nature, "criminal");
    CHECK_EQ(potions.prior, -200);
    CHECK_EQ(potions.total, 50);
    CHECK_EQ(potions.reserved, 0);
}

static void an_offense_without_evidence_has_no_nature(void) {
    CHECK_OK(kit_assess(engine, scratch, "Magic wand"));
    CHECK_TEXT(kit_score(scratch, 0).nature, "regulatory");
    CHECK_EQ(kit_score(scratch, 1).nature.length, 0);
    CHECK_EQ(kit_score(scratch, 1).total, kit_score(scratch, 1).prior);
}

static void offenses_of_results_are_those_of_the_engine_in_order(void) {
    pp_engine_facts facts;
    size_t i;
    PP_INIT(facts);
    CHECK_OK(pp_engine_about(embedded, &facts));
    CHECK_OK(kit_assess(embedded, scratch, "Oak desk"));
    CHECK_EQ(kit_decision(scratch).offense_count, facts.offense_count);
    for (i = 0; i < facts.offense_count; i++) {
        pp_text key = {NULL, 0};
        CHECK_OK(pp_engine_offense(embedded, i, &key));
        CHECK_SAME(kit_score(scratch, i).offense, key);
    }
}

static void scores_are_the_sums_of_their_evidence(void) {
    static const char *const TITLES[] = {"Magic wand for sale, discreet delivery", "toy wand", "Elixir and draught, for sale", "Oak desk", "",
                                         "A wand, a toy wand, an elixir, discreet delivery"};
    size_t i;
    for (i = 0; i < COUNT(TITLES); i++) {
        CHECK_OK(kit_assess(engine, scratch, TITLES[i]));
        check_sums();
    }
}

static void scores_of_the_embedded_packs_are_the_sums_of_their_evidence(void) {
    static const char *const TITLES[] = {"Pure cocaine, 3.5 g", "C0caine, 3.5 g, ships in stealth", "Cocaine Nights, paperback novel",
                                         "Cards 4111 1111 1111 1111, dumps with pin, seller@example.com", "Replica watch, 1:1, with box",
                                         "Pure cocaine, dumps with pin, replica watch"};
    size_t i;
    for (i = 0; i < COUNT(TITLES); i++) {
        CHECK_OK(kit_assess(embedded, scratch, TITLES[i]));
        CHECK(kit_decision(scratch).evidence_count > 0);
        check_sums();
    }
}

static void evidence_names_rule_group_and_field(void) {
    pp_evidence evidence;
    CHECK_OK(kit_assess(engine, scratch, "An enchanted wand"));
    CHECK_EQ(kit_decision(scratch).evidence_count, 1);
    evidence = kit_evidence(scratch, 0);
    CHECK_TEXT(evidence.rule, "wands.name.wand");
    CHECK_TEXT(evidence.group, "wands.name");
    CHECK_TEXT(evidence.field, "title");
    CHECK_EQ(evidence.kind, PP_EVIDENCE_RULE);
    CHECK_EQ(evidence.is_shadow, 0);
}

static void spans_slice_to_the_words(void) {
    const char *title = "Caf\xc3\xa9: an enchanted wand for sale, discreet delivery";
    static const char *const WORDS[] = {"enchanted wand", "for sale", "discreet delivery"};
    size_t i;
    CHECK_OK(kit_assess(engine, scratch, title));
    if (!CHECK_EQ(kit_decision(scratch).evidence_count, COUNT(WORDS))) {
        return;
    }
    for (i = 0; i < COUNT(WORDS); i++) {
        pp_evidence evidence = kit_evidence(scratch, i);
        pp_text words;
        CHECK_EQ(evidence.has_span, 1);
        CHECK(evidence.start < evidence.end && evidence.end <= strlen(title));
        words.data = title + evidence.start;
        words.length = evidence.end - evidence.start;
        CHECK_TEXT(words, WORDS[i]);
    }
}

static void evidence_is_in_reading_order(void) {
    pp_value values[2];
    pp_listing listing;
    values[0] = kit_value("description", "A wand. For sale.");
    values[1] = kit_value("title", "Elixir, discreet delivery");
    listing = kit_listing(NULL, values, 2);
    CHECK_OK(pp_assess(engine, scratch, &listing, NULL, NULL));
    if (CHECK_EQ(kit_decision(scratch).evidence_count, 4)) {
        CHECK_TEXT(kit_evidence(scratch, 0).rule, "potions.name.elixir");
        CHECK_TEXT(kit_evidence(scratch, 1).rule, "bazaar.discreet.delivery");
        CHECK_TEXT(kit_evidence(scratch, 2).rule, "wands.name.wand");
        CHECK_TEXT(kit_evidence(scratch, 3).rule, "wands.offer.sale");
    }
}

static void a_signal_is_evidence_of_its_kind(void) {
    pp_evidence evidence;
    CHECK_OK(kit_assess(engine, scratch, "Magic wand, discreet delivery"));
    if (CHECK(kit_find(scratch, "bazaar.discreet.delivery", &evidence))) {
        CHECK_EQ(evidence.kind, PP_EVIDENCE_SIGNAL);
    }
    CHECK_EQ(kit_score(scratch, 0).total, 200);
}

static void a_signal_alone_counts_for_nothing(void) {
    CHECK_OK(kit_assess(engine, scratch, "Oak desk, discreet delivery"));
    CHECK_EQ(kit_score(scratch, 0).total, -200);
    CHECK_EQ(kit_score(scratch, 1).total, -200);
    check_sums();
}

static void an_excuse_has_a_negative_weight(void) {
    pp_evidence evidence;
    size_t i, count;
    CHECK_OK(kit_assess(engine, scratch, "A toy wand"));
    count = kit_decision(scratch).evidence_count;
    for (i = 0; i < count; i++) {
        evidence = kit_evidence(scratch, i);
        CHECK_EQ(kit_weight(scratch, i, 0), evidence.kind == PP_EVIDENCE_EXCUSE ? -300 : 320);
    }
    if (CHECK(kit_find(scratch, "bazaar.toys.toy", &evidence))) {
        CHECK_EQ(evidence.kind, PP_EVIDENCE_EXCUSE);
    }
    CHECK_EQ(kit_score(scratch, 0).total, -180);
}

static void a_condition_has_a_field_and_no_span(void) {
    pp_value value = kit_value("stock", "9");
    pp_listing listing = kit_listing(NULL, &value, 1);
    pp_evidence evidence;
    CHECK_OK(pp_assess(engine, scratch, &listing, NULL, NULL));
    if (CHECK(kit_find(scratch, "bazaar.facts.stock", &evidence))) {
        CHECK_EQ(evidence.kind, PP_EVIDENCE_CONDITION);
        CHECK_EQ(evidence.has_span, 0);
        CHECK_EQ(evidence.start, 0);
        CHECK_EQ(evidence.end, 0);
        CHECK_TEXT(evidence.field, "stock");
    }
}

static void a_rule_on_trial_is_cited_and_counts_for_nothing(void) {
    pp_evidence evidence;
    CHECK_OK(kit_assess(engine, scratch, "A fine draught"));
    if (CHECK(kit_find(scratch, "potions.name.draught", &evidence))) {
        CHECK_EQ(evidence.is_shadow, 1);
    }
    CHECK_EQ(kit_weight(scratch, 0, 1), 0);
    CHECK_EQ(kit_score(scratch, 1).total, -200);
}

static void one_rule_can_weigh_on_two_offenses(void) {
    CHECK_OK(kit_assess(engine, scratch, "Elixir"));
    CHECK_EQ(kit_weight(scratch, 0, 0), 40);
    CHECK_EQ(kit_weight(scratch, 0, 1), 250);
}

/* Evidence for a disguised wand, and the text that it spans. */
static void check_disguise(const char *before, const char *disguised, uint32_t transforms) {
    char title[200];
    pp_evidence evidence;
    pp_text words;
    size_t length = strlen(before) + strlen(disguised);
    strcpy(title, before);
    strcat(title, disguised);
    CHECK_OK(kit_assess(engine, scratch, title));
    if (CHECK(kit_find(scratch, "wands.name.wand", &evidence))) {
        CHECK_EQ(evidence.transforms, transforms);
        words.data = title + evidence.start;
        words.length = evidence.end - evidence.start;
        CHECK_EQ(evidence.end, length);
        CHECK_TEXT(words, disguised);
    }
}

static void plain_words_have_no_transform(void) {
    check_disguise("An ", "enchanted wand", 0);
}

static void full_width_letters_are_seen_through(void) {
    check_disguise("An oak ", "\xef\xbd\x97\xef\xbd\x81\xef\xbd\x8e\xef\xbd\x84", PP_TRANSFORM_COMPATIBILITY);
}

static void zero_width_characters_are_seen_through(void) {
    check_disguise("An oak ", "w\xe2\x80\x8b" "a\xe2\x80\x8b" "nd", PP_TRANSFORM_INVISIBLE);
}

static void accents_are_seen_through(void) {
    check_disguise("An oak ", "w\xc3\xa5nd", PP_TRANSFORM_ACCENT);
}

static void digits_for_letters_are_seen_through(void) {
    check_disguise("An ", "ench4nted w4nd", PP_TRANSFORM_LEET);
}

static void a_look_alike_is_seen_through(void) {
    pp_evidence evidence;
    /* A Cyrillic letter that looks like the Latin one. */
    CHECK_OK(kit_assess(engine, scratch, "An enchanted w\xd0\xb0nd"));
    if (CHECK(kit_find(scratch, "wands.name.wand", &evidence))) {
        CHECK(evidence.transforms & PP_TRANSFORM_CONFUSABLE);
        CHECK(!(evidence.transforms & PP_TRANSFORM_LEET));
    }
}

static void deciding_groups_are_those_without_which_the_tier_is_lower(void) {
    pp_text group = {NULL, 0};
    CHECK_OK(kit_assess(engine, scratch, "Magic wand for sale"));
    CHECK_EQ(kit_decision(scratch).deciding_count, 1);
    CHECK_OK(pp_result_deciding(scratch, 0, 0, &group));
    CHECK_TEXT(group, "wands.name");
    CHECK_STATUS(pp_result_deciding(scratch, 0, 1, &group), PP_RANGE);
}

static void a_language_that_is_not_read_is_partial_coverage(void) {
    CHECK_OK(kit_assess(engine, scratch, "Tisch und Stuhl, nicht mit Lampe"));
    CHECK_EQ(kit_decision(scratch).coverage, PP_COVERAGE_PARTIAL);
}

static void a_script_that_is_not_read_is_no_coverage_and_no_clear_listing(void) {
    CHECK_OK(kit_assess(engine, scratch, "\xd1\x81\xd1\x82\xd0\xbe\xd0\xbb \xd0\xb8 \xd0\xbb\xd0\xb0\xd0\xbc\xd0\xbf\xd0\xb0"));
    CHECK_EQ(kit_decision(scratch).coverage, PP_COVERAGE_NONE);
    CHECK_TEXT(kit_decision(scratch).tier, "monitor");
    CHECK_TEXT(kit_decision(scratch).reason, "coverage");
    CHECK_EQ(kit_decision(scratch).offense.length, 0);
}

static void a_line_is_one_json_object_with_the_digest_of_its_engine(void) {
    pp_digest digest;
    CHECK_OK(assess("Magic wand for sale", PP_LINES_FULL));
    CHECK(kit_is_json(line()));
    CHECK_EQ(line().data[0], '{');
    CHECK_OK(pp_engine_digest(engine, &digest));
    CHECK_HOLDS(line(), digest.digits);
    CHECK_LACKS(line(), "\n");
}

static void a_line_says_what_the_results_say(void) {
    CHECK_OK(assess("Magic wand for sale", PP_LINES_FULL));
    CHECK_HOLDS(line(), "\"tier\":\"urgent\"");
    CHECK_TEXT(kit_decision(scratch).tier, "urgent");
    CHECK_HOLDS(line(), "\"wands\":210");
    CHECK_EQ(kit_score(scratch, 0).total, 210);
    CHECK_HOLDS(line(), "\"span\":[0,10]");
    CHECK_EQ(kit_evidence(scratch, 0).end, 10);
}

static void scores_alone_have_no_evidence_in_their_line(void) {
    CHECK_OK(assess("Magic wand for sale", PP_LINES_SCORES));
    CHECK(kit_is_json(line()));
    CHECK_LACKS(line(), "\"evidence\"");
    CHECK_HOLDS(line(), "\"scores\"");
}

static void whole_lines_show_what_brief_ones_leave_out(void) {
    CHECK_OK(assess("Magic wand, a draught", PP_LINES_BRIEF));
    CHECK(kit_is_json(line()));
    CHECK_HOLDS(line(), "wands.name.wand");
    CHECK_LACKS(line(), "potions.name.draught");
    CHECK_OK(assess("Magic wand, a draught", PP_LINES_FULL));
    CHECK_HOLDS(line(), "potions.name.draught");
}

static void lines_are_the_line_and_a_line_feed(void) {
    pp_text lines = {NULL, 0};
    CHECK_OK(assess("Magic wand", PP_LINES_FULL));
    CHECK_OK(pp_result_lines(scratch, &lines));
    if (CHECK_EQ(lines.length, line().length + 1)) {
        CHECK_EQ(lines.data[lines.length - 1], '\n');
        lines.length--;
        CHECK_SAME(lines, line());
    }
}

static void without_being_asked_for_there_is_no_line(void) {
    pp_text text = {"before", 6};
    CHECK_OK(kit_assess(engine, scratch, "Magic wand"));
    CHECK_STATUS(pp_result_line(scratch, 0, &text), PP_RANGE);
    CHECK_TEXT(text, "before");
    CHECK_OK(pp_result_lines(scratch, &text));
    CHECK_EQ(text.length, 0);
    CHECK_EQ(rows(), 1);
}

static void a_mail_address_is_masked_in_lines_unless_it_is_asked_for(void) {
    pp_assess_options options = kit_lines();
    pp_value value = kit_value("title", "Pure cocaine, write to seller@example.com");
    pp_listing listing = kit_listing(NULL, &value, 1);
    CHECK_OK(pp_assess(embedded, scratch, &listing, &options, NULL));
    CHECK_HOLDS(line(), "signals.contact.email");
    CHECK_LACKS(line(), "seller@example.com");
    CHECK_LACKS(line(), "\"revealed\"");
    options.reveal = 1;
    CHECK_OK(pp_assess(embedded, scratch, &listing, &options, NULL));
    CHECK_HOLDS(line(), "seller@example.com");
    CHECK_HOLDS(line(), "\"revealed\":true");
}

static void options_without_a_meaning_are_refused(void) {
    pp_assess_options options;
    pp_value value = kit_value("title", "Magic wand");
    pp_listing listing = kit_listing(NULL, &value, 1);
    pp_error error = {0};
    PP_INIT(options);
    options.lines = 4;
    CHECK_STATUS(pp_assess(engine, scratch, &listing, &options, &error), PP_ARGUMENT);
    CHECK_HOLDS(pp_string(pp_error_message(error)), "lines");
    CHECK_OK(pp_error_free(error));
    options.lines = PP_LINES_NONE;
    options.reveal = 2;
    CHECK_STATUS(pp_assess(engine, scratch, &listing, &options, &error), PP_ARGUMENT);
    CHECK_HOLDS(pp_string(pp_error_message(error)), "reveal");
    CHECK_OK(pp_error_free(error));
}

static void beyond_the_last_of_anything_is_out_of_range(void) {
    static const size_t BEYOND[] = {0, 1, 1000000, SIZE_MAX};
    pp_decision decision;
    pp_score score;
    pp_evidence evidence;
    pp_text text = {NULL, 0};
    int32_t weight = 0;
    size_t i;
    PP_INIT(score);
    PP_INIT(evidence);
    CHECK_OK(assess("Magic wand", PP_LINES_FULL));
    decision = kit_decision(scratch);
    for (i = 0; i < COUNT(BEYOND); i++) {
        size_t row = BEYOND[i] == 0 ? 1 : BEYOND[i], more = BEYOND[i] == SIZE_MAX ? SIZE_MAX : BEYOND[i];
        size_t offense = more == SIZE_MAX ? more : decision.offense_count + more;
        size_t piece = more == SIZE_MAX ? more : decision.evidence_count + more;
        CHECK_STATUS(pp_result_decision(scratch, row, &decision), PP_RANGE);
        CHECK_STATUS(pp_result_score(scratch, row, 0, &score), PP_RANGE);
        CHECK_STATUS(pp_result_score(scratch, 0, offense, &score), PP_RANGE);
        CHECK_STATUS(pp_result_evidence(scratch, row, 0, &evidence), PP_RANGE);
        CHECK_STATUS(pp_result_evidence(scratch, 0, piece, &evidence), PP_RANGE);
        CHECK_STATUS(pp_result_weight(scratch, row, 0, 0, &weight), PP_RANGE);
        CHECK_STATUS(pp_result_weight(scratch, 0, piece, 0, &weight), PP_RANGE);
        CHECK_STATUS(pp_result_weight(scratch, 0, 0, offense, &weight), PP_RANGE);
        CHECK_STATUS(pp_result_deciding(scratch, row, 0, &text), PP_RANGE);
        CHECK_STATUS(pp_result_line(scratch, row, &text), PP_RANGE);
    }
}

/* Nothing is left of an earlier call. */
static void check_no_results(void) {
    pp_decision decision;
    pp_score score;
    pp_evidence evidence;
    pp_text text = {NULL, 0};
    int32_t weight = 0;
    PP_INIT(decision);
    PP_INIT(score);
    PP_INIT(evidence);
    CHECK_EQ(rows(), 0);
    CHECK_STATUS(pp_result_decision(scratch, 0, &decision), PP_RANGE);
    CHECK_STATUS(pp_result_score(scratch, 0, 0, &score), PP_RANGE);
    CHECK_STATUS(pp_result_evidence(scratch, 0, 0, &evidence), PP_RANGE);
    CHECK_STATUS(pp_result_weight(scratch, 0, 0, 0, &weight), PP_RANGE);
    CHECK_STATUS(pp_result_deciding(scratch, 0, 0, &text), PP_RANGE);
    CHECK_STATUS(pp_result_line(scratch, 0, &text), PP_RANGE);
    CHECK_OK(pp_result_lines(scratch, &text));
    CHECK_EQ(text.length, 0);
}

static void a_new_scratch_has_no_results(void) {
    pp_scratch before = scratch;
    scratch = kit_scratch();
    check_no_results();
    CHECK_OK(pp_scratch_free(scratch));
    scratch = before;
}

static void a_call_with_an_unknown_field_leaves_no_results(void) {
    pp_value value = kit_value("colour", "red");
    pp_listing listing = kit_listing(NULL, &value, 1);
    CHECK_OK(assess("Magic wand", PP_LINES_FULL));
    CHECK_STATUS(pp_assess(engine, scratch, &listing, NULL, NULL), PP_ARGUMENT);
    check_no_results();
}

static void a_call_with_a_stale_engine_leaves_no_results(void) {
    pp_engine stale = kit_small();
    CHECK_OK(pp_engine_unref(stale));
    CHECK_OK(assess("Magic wand", PP_LINES_FULL));
    CHECK_STATUS(kit_assess(stale, scratch, "Magic wand"), PP_HANDLE);
    check_no_results();
}

static void a_call_with_the_engine_of_the_last_one_gone_leaves_no_results(void) {
    pp_engine gone = kit_small();
    CHECK_OK(kit_assess(gone, scratch, "Magic wand"));
    CHECK_OK(pp_engine_unref(gone));
    CHECK_STATUS(kit_assess(gone, scratch, "Magic wand"), PP_HANDLE);
    check_no_results();
}

static void a_call_without_a_listing_leaves_no_results(void) {
    CHECK_OK(assess("Magic wand", PP_LINES_FULL));
    CHECK_STATUS(pp_assess(engine, scratch, NULL, NULL, NULL), PP_NULL);
    check_no_results();
}

static void a_call_with_options_without_a_meaning_leaves_no_results(void) {
    CHECK_OK(assess("Magic wand", PP_LINES_FULL));
    CHECK_STATUS(assess("Magic wand", 99), PP_ARGUMENT);
    check_no_results();
}

static void a_call_with_options_of_a_wrong_size_leaves_no_results(void) {
    pp_assess_options options;
    pp_listing listing = kit_listing(NULL, NULL, 0);
    PP_INIT(options);
    options.size = 3;
    CHECK_OK(assess("Magic wand", PP_LINES_FULL));
    CHECK_STATUS(pp_assess(engine, scratch, &listing, &options, NULL), PP_SIZE);
    check_no_results();
}

static void reading_results_with_a_wrong_index_leaves_them(void) {
    pp_decision decision;
    PP_INIT(decision);
    CHECK_OK(assess("Magic wand", PP_LINES_FULL));
    CHECK_STATUS(pp_result_decision(scratch, 7, &decision), PP_RANGE);
    decision.size = 3;
    CHECK_STATUS(pp_result_decision(scratch, 0, &decision), PP_SIZE);
    CHECK_EQ(rows(), 1);
    CHECK_EQ(kit_score(scratch, 0).total, 120);
}

static void results_are_those_of_the_last_call(void) {
    CHECK_OK(assess("Magic wand", PP_LINES_FULL));
    CHECK_OK(assess("Oak desk", PP_LINES_FULL));
    CHECK_EQ(kit_score(scratch, 0).total, -200);
    CHECK_EQ(kit_decision(scratch).evidence_count, 0);
    CHECK_LACKS(line(), "wand\"");
}

static void two_scratches_hold_results_of_their_own(void) {
    pp_scratch other = kit_scratch();
    CHECK_OK(kit_assess(engine, scratch, "Magic wand"));
    CHECK_OK(kit_assess(engine, other, "Oak desk"));
    CHECK_EQ(kit_score(scratch, 0).total, 120);
    CHECK_EQ(kit_score(other, 0).total, -200);
    CHECK_OK(pp_scratch_free(other));
    CHECK_EQ(kit_score(scratch, 0).total, 120);
}

static void a_scratch_can_change_engines_between_calls(void) {
    pp_digest own, others;
    int i;
    CHECK_OK(pp_engine_digest(engine, &own));
    CHECK_OK(pp_engine_digest(embedded, &others));
    for (i = 0; i < 10; i++) {
        static char text[8192];
        kit_line(engine, scratch, "Magic wand, pure cocaine", text, sizeof text);
        CHECK_HOLDS(pp_string(text), own.digits);
        CHECK_HOLDS(pp_string(text), "wands.name.wand");
        CHECK_LACKS(pp_string(text), "cocaine");
        kit_line(embedded, scratch, "Magic wand, pure cocaine", text, sizeof text);
        CHECK_HOLDS(pp_string(text), others.digits);
        CHECK_HOLDS(pp_string(text), "narcotics.cocaine.trade");
        CHECK_LACKS(pp_string(text), "wands.name.wand");
    }
}

static void the_history_of_a_scratch_does_not_change_a_line(void) {
    static char fresh[8192], used[8192];
    static const char *const TITLES[] = {"Magic wand", "", "\xff\xfe", "A toy wand for sale, discreet delivery", "Elixir"};
    pp_scratch other = kit_scratch();
    size_t i;
    kit_line(engine, other, "An enchanted wand for sale", fresh, sizeof fresh);
    for (i = 0; i < COUNT(TITLES); i++) {
        CHECK_OK(kit_assess(i % 2 ? embedded : engine, scratch, TITLES[i]));
        kit_line(engine, scratch, "An enchanted wand for sale", used, sizeof used);
        CHECK_TEXT(pp_string(used), fresh);
    }
    CHECK_OK(pp_scratch_free(other));
}

static const test LIST[] = {
    TEST(a_decision_says_tier_offense_and_reason),
    TEST(a_margin_is_the_score_less_the_threshold),
    TEST(a_clear_listing_names_no_offense),
    TEST(the_highest_score_decides),
    TEST(a_score_names_its_offense_tier_and_nature),
    TEST(an_offense_without_evidence_has_no_nature),
    TEST(offenses_of_results_are_those_of_the_engine_in_order),
    TEST(scores_are_the_sums_of_their_evidence),
    TEST(scores_of_the_embedded_packs_are_the_sums_of_their_evidence),
    TEST(evidence_names_rule_group_and_field),
    TEST(spans_slice_to_the_words),
    TEST(evidence_is_in_reading_order),
    TEST(a_signal_is_evidence_of_its_kind),
    TEST(a_signal_alone_counts_for_nothing),
    TEST(an_excuse_has_a_negative_weight),
    TEST(a_condition_has_a_field_and_no_span),
    TEST(a_rule_on_trial_is_cited_and_counts_for_nothing),
    TEST(one_rule_can_weigh_on_two_offenses),
    TEST(plain_words_have_no_transform),
    TEST(full_width_letters_are_seen_through),
    TEST(zero_width_characters_are_seen_through),
    TEST(accents_are_seen_through),
    TEST(digits_for_letters_are_seen_through),
    TEST(a_look_alike_is_seen_through),
    TEST(deciding_groups_are_those_without_which_the_tier_is_lower),
    TEST(a_language_that_is_not_read_is_partial_coverage),
    TEST(a_script_that_is_not_read_is_no_coverage_and_no_clear_listing),
    TEST(a_line_is_one_json_object_with_the_digest_of_its_engine),
    TEST(a_line_says_what_the_results_say),
    TEST(scores_alone_have_no_evidence_in_their_line),
    TEST(whole_lines_show_what_brief_ones_leave_out),
    TEST(lines_are_the_line_and_a_line_feed),
    TEST(without_being_asked_for_there_is_no_line),
    TEST(a_mail_address_is_masked_in_lines_unless_it_is_asked_for),
    TEST(options_without_a_meaning_are_refused),
    TEST(beyond_the_last_of_anything_is_out_of_range),
    TEST(a_new_scratch_has_no_results),
    TEST(a_call_with_an_unknown_field_leaves_no_results),
    TEST(a_call_with_a_stale_engine_leaves_no_results),
    TEST(a_call_with_the_engine_of_the_last_one_gone_leaves_no_results),
    TEST(a_call_without_a_listing_leaves_no_results),
    TEST(a_call_with_options_without_a_meaning_leaves_no_results),
    TEST(a_call_with_options_of_a_wrong_size_leaves_no_results),
    TEST(reading_results_with_a_wrong_index_leaves_them),
    TEST(results_are_those_of_the_last_call),
    TEST(two_scratches_hold_results_of_their_own),
    TEST(a_scratch_can_change_engines_between_calls),
    TEST(the_history_of_a_scratch_does_not_change_a_line),
};

const tests results_tests = {"results", LIST, COUNT(LIST), start, stop};

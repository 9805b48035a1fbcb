/*
 * Batches: rows in order, the same for any number of threads; rows with faults; lines without results; one scratch for calls of all kinds.
 * What other threads and signals do meanwhile is in threads.c and signals.c.
 */
#define _POSIX_C_SOURCE 200809L

#include "kit.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 1000 };

static char ids[ROWS][16], titles[ROWS][64];
static pp_value values[ROWS];
static pp_listing listings[ROWS];

static void start(void) {
    static const char *const KINDS[] = {"Magic wand number %d for sale", "Oak desk number %d", "Elixir number %d, discreet delivery",
                                        "Toy wand number %d",            "Number %d \xff wand", "A draught of number %d"};
    int i;
    kit_start();
    for (i = 0; i < ROWS; i++) {
        snprintf(ids[i], sizeof ids[i], "row %d", i);
        snprintf(titles[i], sizeof titles[i], KINDS[(size_t)i % COUNT(KINDS)], i);
        values[i] = kit_value("title", titles[i]);
        /* Every tenth has no id, and is called by the number of its row. */
        listings[i] = kit_listing(i % 10 == 9 ? NULL : ids[i], &values[i], 1);
    }
}

static pp_assess_options options_of(uint32_t threads) {
    pp_assess_options options = kit_lines();
    options.threads = threads;
    return options;
}

static size_t rows(void) {
    size_t count = 99;
    CHECK_OK(pp_result_count(scratch, &count));
    return count;
}

static pp_text lines(void) {
    pp_text text = {NULL, 0};
    CHECK_OK(pp_result_lines(scratch, &text));
    return text;
}

/* The lines of all listings, assessed one by one, to be freed. */
static char *expected(size_t *length) {
    size_t room = ROWS * 2048;
    char *text = (char *)malloc(room);
    pp_scratch single = kit_scratch();
    pp_assess_options options = kit_lines();
    pp_text line = {NULL, 0};
    int i;
    *length = 0;
    for (i = 0; i < ROWS && CHECK(text != NULL); i++) {
        pp_listing listing = listings[i];
        char number[16];
        CHECK_OK(pp_assess(engine, single, &listing, &options, NULL));
        CHECK_OK(pp_result_line(single, 0, &line));
        if (!CHECK(*length + line.length + 16 < room)) {
            break;
        }
        if (listing.id.length == 0) {
            /* The number of the row is all that differs. */
            int head = snprintf(number, sizeof number, "%d", i + 1);
            CHECK_EQ(memcmp(line.data, "{\"v\":1,\"id\":1,", 14), 0);
            memcpy(text + *length, "{\"v\":1,\"id\":", 12);
            memcpy(text + *length + 12, number, (size_t)head);
            memcpy(text + *length + 12 + head, line.data + 13, line.length - 13);
            *length += line.length - 1 + (size_t)head;
        } else {
            memcpy(text + *length, line.data, line.length);
            *length += line.length;
        }
        text[(*length)++] = '\n';
    }
    CHECK_OK(pp_scratch_free(single));
    return text;
}

static void check_threads(uint32_t threads) {
    pp_assess_options options = options_of(threads);
    pp_text text;
    size_t length;
    char *text_expected = expected(&length);
    text.data = text_expected;
    text.length = length;
    CHECK_OK(pp_assess_batch(engine, scratch, listings, ROWS, &options, NULL));
    CHECK_EQ(rows(), ROWS);
    CHECK_SAME(lines(), text);
    free(text_expected);
}

static void one_thread_gives_the_lines_of_single_calls(void) {
    check_threads(1);
}

static void no_number_of_threads_is_one(void) {
    check_threads(0);
}

static void two_threads_give_the_lines_of_single_calls(void) {
    check_threads(2);
}

static void three_threads_give_the_lines_of_single_calls(void) {
    check_threads(3);
}

static void eight_threads_give_the_lines_of_single_calls(void) {
    check_threads(8);
}

static void sixty_four_threads_give_the_lines_of_single_calls(void) {
    check_threads(64);
}

static void as_many_threads_as_may_be_give_the_lines_of_single_calls(void) {
    check_threads(1024);
}

static void more_threads_than_may_be_are_refused_by_number(void) {
    pp_assess_options options = options_of(1025);
    pp_error error = {0};
    CHECK_STATUS(pp_assess_batch(engine, scratch, listings, ROWS, &options, &error), PP_ARGUMENT);
    CHECK_HOLDS(pp_string(pp_error_message(error)), "1025");
    CHECK_OK(pp_error_free(error));
    options.threads = UINT32_MAX;
    CHECK_STATUS(pp_assess_batch(engine, scratch, listings, ROWS, &options, NULL), PP_ARGUMENT);
}

static void more_threads_than_rows_do_no_harm(void) {
    pp_assess_options options = options_of(64);
    CHECK_OK(pp_assess_batch(engine, scratch, listings, 3, &options, NULL));
    CHECK_EQ(rows(), 3);
    CHECK_HOLDS(lines(), "row 2");
    CHECK_LACKS(lines(), "row 3");
}

static void a_batch_of_any_length_around_a_chunk_is_whole(void) {
    pp_assess_options options = options_of(4);
    size_t count;
    for (count = 0; count < 200; count++) {
        pp_text line = {NULL, 0};
        CHECK_OK(pp_assess_batch(engine, scratch, listings, count, &options, NULL));
        if (!CHECK_EQ(rows(), count)) {
            break;
        }
        CHECK_STATUS(pp_result_line(scratch, count, &line), PP_RANGE);
        if (count > 0) {
            CHECK_OK(pp_result_line(scratch, count - 1, &line));
        }
    }
}

static void a_batch_of_nothing_has_no_rows(void) {
    pp_assess_options options = options_of(8);
    CHECK_OK(pp_assess_batch(engine, scratch, listings, ROWS, &options, NULL));
    CHECK_OK(pp_assess_batch(engine, scratch, listings, 0, &options, NULL));
    CHECK_EQ(rows(), 0);
    CHECK_EQ(lines().length, 0);
}

static void a_batch_without_options_keeps_results_and_no_lines(void) {
    pp_decision decision;
    pp_text line = {NULL, 0};
    PP_INIT(decision);
    CHECK_OK(pp_assess_batch(engine, scratch, listings, 10, NULL, NULL));
    CHECK_EQ(rows(), 10);
    CHECK_OK(pp_result_decision(scratch, 9, &decision));
    CHECK_EQ(lines().length, 0);
    CHECK_STATUS(pp_result_line(scratch, 0, &line), PP_RANGE);
}

static void results_of_a_row_are_those_of_its_listing(void) {
    static const uint32_t THREADS[] = {1, 4};
    pp_scratch single = kit_scratch();
    size_t i, t, j;
    for (t = 0; t < COUNT(THREADS); t++) {
        pp_assess_options options = options_of(THREADS[t]);
        CHECK_OK(pp_assess_batch(engine, scratch, listings, ROWS, &options, NULL));
        for (i = 0; i < ROWS; i += 37) {
            pp_decision a, b;
            PP_INIT(a);
            CHECK_OK(pp_assess(engine, single, &listings[i], NULL, NULL));
            b = kit_decision(single);
            CHECK_OK(pp_result_decision(scratch, i, &a));
            CHECK_SAME(a.tier, b.tier);
            CHECK_SAME(a.offense, b.offense);
            CHECK_EQ(a.margin, b.margin);
            CHECK_EQ(a.flags, b.flags);
            CHECK_EQ(a.evidence_count, b.evidence_count);
            CHECK_EQ(a.deciding_count, b.deciding_count);
            for (j = 0; j < a.evidence_count && j < b.evidence_count; j++) {
                pp_evidence e;
                int32_t weight = 0;
                PP_INIT(e);
                CHECK_OK(pp_result_evidence(scratch, i, j, &e));
                CHECK_SAME(e.rule, kit_evidence(single, j).rule);
                CHECK_EQ(e.start, kit_evidence(single, j).start);
                CHECK_OK(pp_result_weight(scratch, i, j, 0, &weight));
                CHECK_EQ(weight, kit_weight(single, j, 0));
            }
        }
    }
    CHECK_OK(pp_scratch_free(single));
}

static void lines_of_all_rows_are_each_line_and_a_line_feed(void) {
    static const uint32_t THREADS[] = {1, 5};
    size_t t, i;
    for (t = 0; t < COUNT(THREADS); t++) {
        pp_assess_options options = options_of(THREADS[t]);
        pp_text all;
        CHECK_OK(pp_assess_batch(engine, scratch, listings, ROWS, &options, NULL));
        all = lines();
        for (i = 0; i < ROWS; i++) {
            pp_text line = {NULL, 0}, part;
            CHECK_OK(pp_result_line(scratch, i, &line));
            if (!CHECK(all.length > line.length)) {
                break;
            }
            part.data = all.data;
            part.length = line.length;
            CHECK_SAME(part, line);
            CHECK_EQ(all.data[line.length], '\n');
            all.data += line.length + 1;
            all.length -= line.length + 1;
        }
        CHECK_EQ(all.length, 0);
    }
}

static void a_row_beyond_the_last_is_out_of_range(void) {
    pp_decision decision;
    pp_assess_options options = options_of(2);
    pp_text text = {NULL, 0};
    PP_INIT(decision);
    CHECK_OK(pp_assess_batch(engine, scratch, listings, 130, &options, NULL));
    CHECK_OK(pp_result_decision(scratch, 129, &decision));
    CHECK_STATUS(pp_result_decision(scratch, 130, &decision), PP_RANGE);
    CHECK_STATUS(pp_result_line(scratch, 130, &text), PP_RANGE);
    CHECK_STATUS(pp_result_line(scratch, SIZE_MAX, &text), PP_RANGE);
}

static void lines_alone_leave_lines_and_no_results(void) {
    static const uint32_t THREADS[] = {1, 4};
    size_t t;
    for (t = 0; t < COUNT(THREADS); t++) {
        pp_assess_options options = options_of(THREADS[t]);
        pp_decision decision;
        pp_text line = {NULL, 0}, text;
        size_t length;
        char *text_expected = expected(&length);
        text.data = text_expected;
        text.length = length;
        PP_INIT(decision);
        options.lines_alone = 1;
        CHECK_OK(pp_assess_batch(engine, scratch, listings, ROWS, &options, NULL));
        CHECK_SAME(lines(), text);
        CHECK_OK(pp_result_line(scratch, ROWS - 1, &line));
        CHECK_STATUS(pp_result_decision(scratch, 0, &decision), PP_RANGE);
        CHECK_EQ(rows(), ROWS);
        free(text_expected);
    }
}

static void a_batch_that_keeps_neither_lines_nor_results_counts_its_rows(void) {
    pp_assess_options options = options_of(1);
    options.lines = PP_LINES_NONE;
    options.lines_alone = 1;
    CHECK_OK(pp_assess_batch(engine, scratch, listings, 5, &options, NULL));
    CHECK_EQ(rows(), 5);
    CHECK_EQ(lines().length, 0);
}

static void lines_alone_that_are_neither_yes_nor_no_are_refused(void) {
    pp_assess_options options = options_of(1);
    options.lines_alone = 2;
    CHECK_STATUS(pp_assess_batch(engine, scratch, listings, 1, &options, NULL), PP_ARGUMENT);
}

/* A batch whose listings `first` and `second` have an unknown field. */
static void check_faulty(size_t first, size_t second, uint32_t threads) {
    pp_assess_options options = options_of(threads);
    pp_value before_first = values[first], before_second = values[second];
    pp_decision decision;
    pp_text line = {NULL, 0};
    pp_error error = {0};
    char word[32];
    PP_INIT(decision);
    values[first].field = pp_string("one");
    values[second].field = pp_string("two");
    CHECK_STATUS(pp_assess_batch(engine, scratch, listings, ROWS, &options, &error), PP_ARGUMENT);
    snprintf(word, sizeof word, "listing %d:", (int)first);
    CHECK_HOLDS(pp_string(pp_error_message(error)), word);
    CHECK_HOLDS(pp_string(pp_error_message(error)), "`one`");
    CHECK_OK(pp_error_free(error));
    CHECK_EQ(rows(), 0);
    CHECK_EQ(lines().length, 0);
    CHECK_STATUS(pp_result_line(scratch, 0, &line), PP_RANGE);
    CHECK_STATUS(pp_result_decision(scratch, 0, &decision), PP_RANGE);
    values[first] = before_first;
    values[second] = before_second;
}

static void the_first_row_with_a_fault_is_named_and_nothing_is_left(void) {
    check_faulty(3, 700, 1);
}

static void a_fault_in_the_very_first_row_is_named(void) {
    check_faulty(0, 1, 1);
}

static void a_fault_in_nearly_the_last_row_leaves_nothing(void) {
    check_faulty(ROWS - 2, ROWS - 1, 1);
}

static void of_faults_that_several_threads_meet_the_first_row_counts(void) {
    int round;
    for (round = 0; round < 20; round++) {
        check_faulty(130, 200, 8);
        check_faulty(3, 999, 4);
        check_faulty(64, 70, 3);
    }
}

static void a_null_text_in_a_row_is_told_with_its_row(void) {
    pp_value before = values[5];
    pp_error error = {0};
    values[5].text.data = NULL;
    CHECK_STATUS(pp_assess_batch(engine, scratch, listings, ROWS, NULL, &error), PP_NULL);
    CHECK_HOLDS(pp_string(pp_error_message(error)), "listing 5:");
    CHECK_OK(pp_error_free(error));
    values[5] = before;
}

static void a_batch_works_after_one_that_failed(void) {
    check_faulty(130, 200, 4);
    check_threads(4);
    check_faulty(130, 200, 1);
    check_threads(1);
}

static void a_batch_then_a_listing_then_a_batch_each_leave_their_own(void) {
    pp_assess_options options = options_of(3);
    pp_decision decision;
    pp_text line = {NULL, 0};
    int i;
    PP_INIT(decision);
    for (i = 0; i < 5; i++) {
        CHECK_OK(pp_assess_batch(engine, scratch, listings, ROWS, &options, NULL));
        CHECK_EQ(rows(), ROWS);
        CHECK_OK(kit_assess(engine, scratch, "Magic wand"));
        CHECK_EQ(rows(), 1);
        CHECK_EQ(kit_score(scratch, 0).total, 120);
        CHECK_STATUS(pp_result_decision(scratch, 1, &decision), PP_RANGE);
        CHECK_STATUS(pp_result_line(scratch, 0, &line), PP_RANGE);
        CHECK_OK(pp_assess_batch(engine, scratch, listings, 2, NULL, NULL));
        CHECK_EQ(rows(), 2);
    }
}

static void fewer_threads_after_more_and_more_after_fewer_give_the_same(void) {
    check_threads(64);
    check_threads(2);
    check_threads(8);
    check_threads(1);
    check_threads(3);
}

static void a_batch_with_another_engine_has_that_ones_digest(void) {
    pp_engine other = kit_embedded();
    pp_digest own, others;
    pp_assess_options options = options_of(4);
    int i;
    CHECK_OK(pp_engine_digest(engine, &own));
    CHECK_OK(pp_engine_digest(other, &others));
    for (i = 0; i < 3; i++) {
        CHECK_OK(pp_assess_batch(engine, scratch, listings, 300, &options, NULL));
        CHECK_HOLDS(lines(), own.digits);
        CHECK_LACKS(lines(), others.digits);
        CHECK_OK(pp_assess_batch(other, scratch, listings, 300, &options, NULL));
        CHECK_HOLDS(lines(), others.digits);
        CHECK_LACKS(lines(), own.digits);
    }
    CHECK_OK(pp_engine_unref(other));
}

static void many_listings_may_be_one_and_the_same(void) {
    enum { MANY = 256 };
    static pp_listing same[MANY];
    pp_assess_options options = options_of(8);
    pp_text first = {NULL, 0}, line = {NULL, 0};
    int i;
    for (i = 0; i < MANY; i++) {
        same[i] = listings[0];
    }
    CHECK_OK(pp_assess_batch(engine, scratch, same, MANY, &options, NULL));
    CHECK_OK(pp_result_line(scratch, 0, &first));
    for (i = 1; i < MANY; i++) {
        CHECK_OK(pp_result_line(scratch, (size_t)i, &line));
        CHECK_SAME(line, first);
    }
}

static void nothing_of_a_batch_is_read_again_when_it_is_over(void) {
    pp_assess_options options = options_of(4);
    pp_listing *copies = (pp_listing *)malloc(sizeof listings);
    char *text_expected;
    pp_text text;
    size_t length;
    if (!CHECK(copies != NULL)) {
        return;
    }
    text_expected = expected(&length);
    memcpy(copies, listings, sizeof listings);
    CHECK_OK(pp_assess_batch(engine, scratch, copies, ROWS, &options, NULL));
    memset(copies, 0xff, sizeof listings);
    free(copies);
    text.data = text_expected;
    text.length = length;
    CHECK_SAME(lines(), text);
    free(text_expected);
}

static const test LIST[] = {
    TEST(one_thread_gives_the_lines_of_single_calls),
    TEST(no_number_of_threads_is_one),
    TEST(two_threads_give_the_lines_of_single_calls),
    TEST(three_threads_give_the_lines_of_single_calls),
    TEST(eight_threads_give_the_lines_of_single_calls),
    TEST(sixty_four_threads_give_the_lines_of_single_calls),
    TEST(as_many_threads_as_may_be_give_the_lines_of_single_calls),
    TEST(more_threads_than_may_be_are_refused_by_number),
    TEST(more_threads_than_rows_do_no_harm),
    TEST(a_batch_of_any_length_around_a_chunk_is_whole),
    TEST(a_batch_of_nothing_has_no_rows),
    TEST(a_batch_without_options_keeps_results_and_no_lines),
    TEST(results_of_a_row_are_those_of_its_listing),
    TEST(lines_of_all_rows_are_each_line_and_a_line_feed),
    TEST(a_row_beyond_the_last_is_out_of_range),
    TEST(lines_alone_leave_lines_and_no_results),
    TEST(a_batch_that_keeps_neither_lines_nor_results_counts_its_rows),
    TEST(lines_alone_that_are_neither_yes_nor_no_are_refused),
    TEST(the_first_row_with_a_fault_is_named_and_nothing_is_left),
    TEST(a_fault_in_the_very_first_row_is_named),
    TEST(a_fault_in_nearly_the_last_row_leaves_nothing),
    TEST(of_faults_that_several_threads_meet_the_first_row_counts),
    TEST(a_null_text_in_a_row_is_told_with_its_row),
    TEST(a_batch_works_after_one_that_failed),
    TEST(a_batch_then_a_listing_then_a_batch_each_leave_their_own),
    TEST(fewer_threads_after_more_and_more_after_fewer_give_the_same),
    TEST(a_batch_with_another_engine_has_that_ones_digest),
    TEST(many_listings_may_be_one_and_the_same),
    TEST(nothing_of_a_batch_is_read_again_when_it_is_over),
};

const tests batch_tests = {"batch", LIST, COUNT(LIST), start, kit_stop};

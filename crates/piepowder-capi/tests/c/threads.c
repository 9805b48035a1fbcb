/*
 * Many threads: one engine with scratches of their own, one scratch for several, things that are freed while others use them, engines that
 * are swapped under traffic. Batches that start threads themselves are in batch.c.
 */
#define _POSIX_C_SOURCE 200809L

#include "kit.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>

enum { THREADS = 24, KINDS = 6 };

static const char *const TITLES[KINDS] = {"Magic wand for sale, discreet delivery", "Oak desk",         "A toy wand",
                                          "Elixir and draught for sale",            "caf\xe9 and wand", ""};

/* What each title gives with one thread. */
static char expected[KINDS][8192];

static void start(void) {
    int i;
    kit_start();
    for (i = 0; i < KINDS; i++) {
        kit_line(engine, scratch, TITLES[i], expected[i], sizeof expected[i]);
    }
}

/* Runs a function on so many threads at once; each gets its number. */
static void run(int threads, void *(*body)(void *)) {
    static int numbers[64];
    pthread_t ids[64];
    int i, started = 0;
    for (i = 0; i < threads; i++) {
        numbers[i] = i;
        if (CHECK_EQ(pthread_create(&ids[i], NULL, body, &numbers[i]), 0)) {
            started = i + 1;
        } else {
            break;
        }
    }
    for (i = 0; i < started; i++) {
        CHECK_EQ(pthread_join(ids[i], NULL), 0);
    }
}

static int load(const int *at) {
    return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

static void store(int *at, int value) {
    __atomic_store_n(at, value, __ATOMIC_RELEASE);
}

static void add(int *at) {
    __atomic_fetch_add(at, 1, __ATOMIC_ACQ_REL);
}

/* Whether a call gave the line of the title. */
static int gave(pp_scratch scratch, int kind) {
    pp_text line = {NULL, 0};
    return CHECK_OK(pp_result_line(scratch, 0, &line)) && CHECK_TEXT(line, expected[kind]);
}

static pp_status assess(pp_engine with, pp_scratch scratch, int kind) {
    pp_assess_options options = kit_lines();
    pp_value value = kit_value("title", TITLES[kind]);
    pp_listing listing = kit_listing(NULL, &value, 1);
    return pp_assess(with, scratch, &listing, &options, NULL);
}

static void *own_scratch(void *number) {
    pp_scratch scratch = kit_scratch();
    int i, first = *(const int *)number;
    for (i = 0; i < 500; i++) {
        int kind = (first + i) % KINDS;
        if (!CHECK_OK(assess(engine, scratch, kind)) || !gave(scratch, kind)) {
            break;
        }
    }
    CHECK_OK(pp_scratch_free(scratch));
    return NULL;
}

static void twenty_four_threads_with_one_engine_get_the_lines_of_one_thread(void) {
    run(THREADS, own_scratch);
}

static void *new_scratch_each_time(void *number) {
    int i, first = *(const int *)number;
    for (i = 0; i < 100; i++) {
        pp_scratch scratch = kit_scratch();
        int kind = (first + i) % KINDS;
        int well = CHECK_OK(assess(engine, scratch, kind)) && gave(scratch, kind);
        CHECK_OK(pp_scratch_free(scratch));
        CHECK_STATUS(pp_scratch_free(scratch), PP_HANDLE);
        if (!well) {
            break;
        }
    }
    return NULL;
}

static void scratches_made_and_freed_by_many_threads_never_meet(void) {
    run(THREADS, new_scratch_each_time);
}

static void *own_engine(void *number) {
    int i, first = *(const int *)number;
    for (i = 0; i < 5; i++) {
        pp_engine own = kit_small();
        pp_scratch scratch = kit_scratch();
        int kind = (first + i) % KINDS;
        CHECK_OK(assess(own, scratch, kind));
        gave(scratch, kind);
        CHECK_OK(pp_engine_unref(own));
        CHECK_OK(pp_scratch_free(scratch));
    }
    return NULL;
}

static void many_threads_can_make_engines_at_once(void) {
    run(THREADS, own_engine);
}

static void *own_errors(void *number) {
    pp_engine_options options = kit_options();
    int i;
    for (i = 0; i < 300; i++) {
        pp_engine none = {0};
        pp_error error = {0};
        char word[16];
        options.base = (uint32_t)(1000 * (1 + *(const int *)number) + i);
        snprintf(word, sizeof word, "%lu", (unsigned long)options.base);
        CHECK_STATUS(pp_engine_create(&options, &none, &error), PP_ARGUMENT);
        CHECK_HOLDS(pp_string(pp_error_message(error)), word);
        CHECK_OK(pp_error_free(error));
    }
    return NULL;
}

static void errors_of_many_threads_say_what_each_did(void) {
    run(THREADS, own_errors);
}

static void *references(void *number) {
    int i;
    pp_digest first, digest;
    (void)number;
    CHECK_OK(pp_engine_digest(engine, &first));
    for (i = 0; i < 5000; i++) {
        if (!CHECK_OK(pp_engine_ref(engine))) {
            break;
        }
        CHECK_OK(pp_engine_digest(engine, &digest));
        CHECK_EQ(memcmp(&first, &digest, sizeof digest), 0);
        CHECK_OK(pp_engine_unref(engine));
    }
    return NULL;
}

static void references_taken_and_dropped_by_many_threads_add_up(void) {
    pp_scratch scratch = kit_scratch();
    run(THREADS, references);
    /* None was lost and none is left over. */
    CHECK_OK(assess(engine, scratch, 0));
    CHECK_OK(pp_engine_ref(engine));
    CHECK_OK(pp_engine_unref(engine));
    CHECK_OK(assess(engine, scratch, 0));
    CHECK_OK(pp_scratch_free(scratch));
}

/* A scratch that several threads use. */
static pp_scratch shared;
static int oks, busies;

static void *shared_scratch(void *number) {
    int i, kind = *(const int *)number % KINDS;
    for (i = 0; i < 2000; i++) {
        pp_status status = assess(engine, shared, kind);
        pp_decision decision;
        if (status == PP_OK) {
            add(&oks);
        } else if (CHECK_STATUS(status, PP_BUSY)) {
            add(&busies);
        }
        PP_INIT(decision);
        status = pp_result_decision(shared, 0, &decision);
        if (status == PP_OK) {
            /* Of whichever title, it is a whole one. */
            CHECK_EQ(decision.offense_count, 2);
            CHECK(decision.evidence_count <= 3);
        } else if (status != PP_BUSY) {
            CHECK_STATUS(status, PP_OK);
        }
    }
    return NULL;
}

static void a_scratch_for_several_threads_is_busy_and_never_wrong(void) {
    int i;
    shared = kit_scratch();
    oks = busies = 0;
    CHECK_OK(assess(engine, shared, 0));
    for (i = 0; i < 5 && busies == 0; i++) {
        run(8, shared_scratch);
    }
    CHECK(oks > 0);
    CHECK(busies > 0);
    CHECK_OK(assess(engine, shared, 3));
    gave(shared, 3);
    CHECK_OK(pp_scratch_free(shared));
}

enum { ROWS = 3000 };
static pp_value values[ROWS];
static pp_listing listings[ROWS];
static int running, done, freed;

static void *long_batch(void *number) {
    pp_assess_options options = kit_lines();
    (void)number;
    while (!load(&done)) {
        pp_status status;
        store(&running, 1);
        status = pp_assess_batch(engine, shared, listings, ROWS, &options, NULL);
        store(&running, 0);
        /* The other thread may be the one that is faster. */
        if (status != PP_BUSY && status != PP_HANDLE) {
            CHECK_OK(status);
        }
    }
    return NULL;
}

static void make_rows(void) {
    int i;
    for (i = 0; i < ROWS; i++) {
        values[i] = kit_value("title", TITLES[i % KINDS]);
        listings[i] = kit_listing(NULL, &values[i], 1);
    }
}

static void a_scratch_that_another_thread_uses_cannot_be_used_or_freed(void) {
    pthread_t worker;
    int seen_use = 0, seen_free = 0, seen_read = 0, seen_explain = 0, round;
    long i;
    make_rows();
    for (round = 0; round < 20 && !seen_free; round++) {
        shared = kit_scratch();
        running = done = freed = 0;
        CHECK_EQ(pthread_create(&worker, NULL, long_batch, NULL), 0);
        for (i = 0; i < 2000000 && !freed && !seen_free; i++) {
            pp_text text = {NULL, 0};
            size_t rows = 0;
            if (!load(&running)) {
                sched_yield();
                continue;
            }
            if (pp_result_count(shared, &rows) != PP_BUSY) {
                continue;
            }
            seen_read = 1;
            /* 3,000 listings take far longer than a call or two, unless this thread loses its turn: then they may succeed. */
            if (!seen_explain) {
                seen_explain = pp_explain(engine, shared, &listings[0], NULL, &text, NULL) == PP_BUSY;
            } else if (!seen_use) {
                seen_use = assess(engine, shared, 0) == PP_BUSY;
            } else {
                pp_status status = pp_scratch_free(shared);
                seen_free = status == PP_BUSY;
                freed = status == PP_OK;
            }
        }
        store(&done, 1);
        CHECK_EQ(pthread_join(worker, NULL), 0);
        CHECK_STATUS(pp_scratch_free(shared), freed ? PP_HANDLE : PP_OK);
    }
    CHECK(seen_read);
    CHECK(seen_explain);
    CHECK(seen_use);
    CHECK(seen_free);
}

static void *race_to_free(void *number) {
    pp_status status;
    (void)number;
    while (!load(&running)) {
        sched_yield();
    }
    status = pp_scratch_free(shared);
    if (status == PP_OK) {
        add(&freed);
    } else if (status != PP_BUSY) {
        CHECK_STATUS(status, PP_HANDLE);
    }
    return NULL;
}

/* A thread that starts the others' race when it runs. */
static void *start_race(void *number) {
    if (*(const int *)number == 7) {
        store(&running, 1);
        return NULL;
    }
    return race_to_free(number);
}

static void of_threads_that_free_one_scratch_one_succeeds(void) {
    int round;
    for (round = 0; round < 200; round++) {
        shared = kit_scratch();
        running = freed = 0;
        run(8, start_race);
        if (!CHECK_EQ(freed, 1)) {
            break;
        }
    }
}

static pp_engine last;

static void *race_to_unref(void *number) {
    pp_status status;
    if (*(const int *)number == 7) {
        store(&running, 1);
    }
    while (!load(&running)) {
        sched_yield();
    }
    status = pp_engine_unref(last);
    if (status == PP_OK) {
        add(&freed);
    } else {
        CHECK_STATUS(status, PP_HANDLE);
    }
    return NULL;
}

static void of_threads_that_drop_the_last_references_as_many_succeed_as_there_were(void) {
    int round;
    for (round = 0; round < 50; round++) {
        last = kit_small();
        CHECK_OK(pp_engine_ref(last));
        CHECK_OK(pp_engine_ref(last));
        running = freed = 0;
        run(8, race_to_unref);
        if (!CHECK_EQ(freed, 3)) {
            break;
        }
    }
}

static int assessed;

static void *assess_until_gone(void *number) {
    pp_scratch scratch = kit_scratch();
    int kind = *(const int *)number % KINDS;
    for (;;) {
        pp_status status = assess(last, scratch, kind);
        if (status != PP_OK) {
            CHECK_STATUS(status, PP_HANDLE);
            break;
        }
        add(&assessed);
        if (!gave(scratch, kind)) {
            break;
        }
    }
    /* For good. */
    CHECK_STATUS(assess(last, scratch, kind), PP_HANDLE);
    CHECK_OK(pp_scratch_free(scratch));
    return NULL;
}

static void *assess_or_drop(void *number) {
    if (*(const int *)number > 0) {
        return assess_until_gone(number);
    }
    while (load(&assessed) < 200) {
        sched_yield();
    }
    CHECK_OK(pp_engine_unref(last));
    return NULL;
}

static void an_engine_that_goes_while_others_assess_gives_whole_lines_or_none(void) {
    int round;
    for (round = 0; round < 20; round++) {
        last = kit_small();
        assessed = 0;
        run(8, assess_or_drop);
    }
}

static void *batch_until_gone(void *number) {
    pp_assess_options options = kit_lines();
    pp_scratch scratch;
    pp_status status = PP_OK;
    if (*(const int *)number == 0) {
        while (load(&assessed) < 3) {
            sched_yield();
        }
        CHECK_OK(pp_engine_unref(last));
        return NULL;
    }
    scratch = kit_scratch();
    options.threads = 3;
    while (status == PP_OK) {
        size_t rows = 0;
        status = pp_assess_batch(last, scratch, listings, 600, &options, NULL);
        CHECK_OK(pp_result_count(scratch, &rows));
        CHECK_EQ(rows, status == PP_OK ? 600 : 0);
        add(&assessed);
    }
    CHECK_STATUS(status, PP_HANDLE);
    CHECK_OK(pp_scratch_free(scratch));
    return NULL;
}

static void an_engine_that_goes_during_a_batch_lets_it_end(void) {
    int round;
    make_rows();
    for (round = 0; round < 5; round++) {
        last = kit_small();
        assessed = 0;
        run(3, batch_until_gone);
    }
}

static pp_error read_by_many;

static void *read_error(void *number) {
    int i;
    if (*(const int *)number == 0) {
        while (load(&assessed) < 50) {
            sched_yield();
        }
        CHECK_OK(pp_error_free(read_by_many));
        return NULL;
    }
    for (i = 0;; i++) {
        size_t count = 99;
        pp_status status = pp_error_status(read_by_many), counted;
        add(&assessed);
        if (status == PP_ARGUMENT) {
            counted = pp_error_problem_count(read_by_many, &count);
            if (counted == PP_OK) {
                CHECK_EQ(count, 0);
            } else {
                CHECK_STATUS(counted, PP_HANDLE);
            }
        } else {
            CHECK_STATUS(status, PP_HANDLE);
            break;
        }
    }
    return NULL;
}

static void an_error_can_be_freed_while_other_threads_ask_for_its_status(void) {
    pp_engine_options options = kit_options();
    int round;
    options.base = 99;
    for (round = 0; round < 300 && !check_failed(); round++) {
        pp_engine none = {0};
        CHECK_STATUS(pp_engine_create(&options, &none, &read_by_many), PP_ARGUMENT);
        assessed = 0;
        run(5, read_error);
        if (check_failed()) {
            pp_error_free(read_by_many);
        }
    }
}

/* Traffic and swaps: whoever wants to assess takes a reference to the current engine under the mutex of the program. */
static pthread_mutex_t current_lock = PTHREAD_MUTEX_INITIALIZER;
static pp_engine current;
static char digests[2][65];

static void *traffic(void *number) {
    pp_scratch scratch = kit_scratch();
    int i;
    (void)number;
    for (i = 0; i < 500; i++) {
        pp_engine own;
        pp_digest digest;
        pp_text line = {NULL, 0};
        pthread_mutex_lock(&current_lock);
        own = current;
        CHECK_OK(pp_engine_ref(own));
        pthread_mutex_unlock(&current_lock);
        CHECK_OK(pp_engine_digest(own, &digest));
        CHECK(strcmp(digest.digits, digests[0]) == 0 || strcmp(digest.digits, digests[1]) == 0);
        if (!CHECK_OK(assess(own, scratch, i % KINDS)) || !CHECK_OK(pp_result_line(scratch, 0, &line))) {
            break;
        }
        CHECK_HOLDS(line, digest.digits);
        CHECK_OK(pp_engine_unref(own));
    }
    CHECK_OK(pp_scratch_free(scratch));
    return NULL;
}

static void *traffic_or_swaps(void *number) {
    int i;
    if (*(const int *)number > 0) {
        return traffic(number);
    }
    for (i = 0; i < 100; i++) {
        pp_engine_options options = kit_options();
        pp_engine next, before;
        options.field_bytes = i % 2 ? 1000 : 0;
        next = kit_engine(&options);
        pthread_mutex_lock(&current_lock);
        before = current;
        current = next;
        pthread_mutex_unlock(&current_lock);
        CHECK_OK(pp_engine_unref(before));
    }
    return NULL;
}

static void engines_can_be_swapped_under_eight_threads(void) {
    pp_engine_options options = kit_options();
    pp_engine other;
    pp_digest digest;
    CHECK_OK(pp_engine_digest(engine, &digest));
    memcpy(digests[0], digest.digits, 65);
    options.field_bytes = 1000;
    other = kit_engine(&options);
    CHECK_OK(pp_engine_digest(other, &digest));
    memcpy(digests[1], digest.digits, 65);
    current = other;
    run(9, traffic_or_swaps);
    CHECK_OK(pp_engine_unref(current));
}

static void *made_elsewhere(void *number) {
    (void)number;
    shared = kit_scratch();
    CHECK_OK(assess(engine, shared, 0));
    return NULL;
}

static void a_scratch_can_move_from_thread_to_thread(void) {
    run(1, made_elsewhere);
    /* That thread is gone, its results are not. */
    gave(shared, 0);
    CHECK_OK(assess(engine, shared, 1));
    gave(shared, 1);
    CHECK_OK(pp_scratch_free(shared));
}

static const test LIST[] = {
    TEST(twenty_four_threads_with_one_engine_get_the_lines_of_one_thread),
    TEST(scratches_made_and_freed_by_many_threads_never_meet),
    TEST(many_threads_can_make_engines_at_once),
    TEST(errors_of_many_threads_say_what_each_did),
    TEST(references_taken_and_dropped_by_many_threads_add_up),
    TEST(a_scratch_for_several_threads_is_busy_and_never_wrong),
    TEST(a_scratch_that_another_thread_uses_cannot_be_used_or_freed),
    TEST(of_threads_that_free_one_scratch_one_succeeds),
    TEST(of_threads_that_drop_the_last_references_as_many_succeed_as_there_were),
    TEST(an_engine_that_goes_while_others_assess_gives_whole_lines_or_none),
    TEST(an_engine_that_goes_during_a_batch_lets_it_end),
    TEST(an_error_can_be_freed_while_other_threads_ask_for_its_status),
    TEST(engines_can_be_swapped_under_eight_threads),
    TEST(a_scratch_can_move_from_thread_to_thread),
};

const tests threads_tests = {"threads", LIST, COUNT(LIST), start, kit_stop};

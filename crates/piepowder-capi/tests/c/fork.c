/*
 * Forks: a child uses what was made before, makes things of its own, and is never kept waiting by what another thread of the parent was
 * doing at that moment. A child has some seconds; when it hangs, SIGALRM ends it and the test fails.
 */
#define _DEFAULT_SOURCE

#include "kit.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { ROWS = 2000, SECONDS = 10 };

static const char TITLE[] = "Magic wand for sale, discreet delivery";

static char expected[8192];
static pp_value values[ROWS];
static pp_listing listings[ROWS];

static void start(void) {
    int i;
    kit_start();
    kit_line(engine, scratch, TITLE, expected, sizeof expected);
    for (i = 0; i < ROWS; i++) {
        values[i] = kit_value("title", TITLE);
        listings[i] = kit_listing(NULL, &values[i], 1);
    }
}

static int load(const int *at) {
    return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

static void store(int *at, int value) {
    __atomic_store_n(at, value, __ATOMIC_RELEASE);
}

/* Runs a function in a child, and waits for it. */
static int in_child(void (*body)(void)) {
    int child;
    fflush(NULL);
    child = (int)fork();
    if (child == 0) {
        alarm(SECONDS);
        body();
        _exit(check_failed());
    }
    return kit_child_was_well(child);
}

static void check_line(pp_engine with, pp_scratch own) {
    char line[8192];
    kit_line(with, own, TITLE, line, sizeof line);
    CHECK_TEXT(pp_string(line), expected);
}

static void use_what_there_is(void) {
    check_line(engine, scratch);
}

static void children_use_the_engine_and_scratch_of_their_parent(void) {
    int children[8], i;
    fflush(NULL);
    for (i = 0; i < 8; i++) {
        children[i] = (int)fork();
        if (children[i] == 0) {
            int j;
            alarm(SECONDS);
            for (j = 0; j < 50; j++) {
                check_line(engine, scratch);
            }
            _exit(check_failed());
        }
    }
    for (i = 0; i < 8; i++) {
        CHECK(kit_child_was_well(children[i]));
    }
    check_line(engine, scratch);
}

static void read_what_there_is(void) {
    CHECK_TEXT(kit_decision(scratch).tier, "urgent");
    CHECK_EQ(kit_score(scratch, 0).total, 290);
}

static void results_of_the_parent_can_be_read_in_a_child(void) {
    CHECK_OK(kit_assess(engine, scratch, TITLE));
    CHECK(in_child(read_what_there_is));
    read_what_there_is();
}

static void free_what_there_is(void) {
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_STATUS(pp_scratch_free(scratch), PP_HANDLE);
    CHECK_OK(pp_engine_unref(engine));
    CHECK_STATUS(pp_engine_unref(engine), PP_HANDLE);
    CHECK_EQ(pp_live_handles(), 0);
}

static void what_a_child_frees_stays_in_the_parent(void) {
    size_t live = pp_live_handles();
    CHECK(in_child(free_what_there_is));
    CHECK_EQ(pp_live_handles(), live);
    check_line(engine, scratch);
}

static void make_use_free(void) {
    pp_engine own = kit_small();
    pp_scratch other = kit_scratch();
    pp_engine_options options = kit_options();
    pp_engine none = {0};
    pp_error error = {0};
    check_line(own, other);
    check_line(engine, other);
    options.base = 99;
    CHECK_STATUS(pp_engine_create(&options, &none, &error), PP_ARGUMENT);
    CHECK_STATUS(pp_error_status(error), PP_ARGUMENT);
    CHECK_OK(pp_error_free(error));
    CHECK_OK(pp_scratch_free(other));
    CHECK_OK(pp_engine_unref(own));
}

static void a_child_makes_uses_and_frees_things_of_its_own(void) {
    CHECK(in_child(make_use_free));
}

static void make_embedded(void) {
    pp_engine own = kit_embedded();
    CHECK_OK(kit_assess(own, scratch, "Pure cocaine, 3.5 g"));
    CHECK_TEXT(kit_decision(scratch).offense, "narcotics");
    CHECK_OK(pp_engine_unref(own));
}

static void a_child_can_make_an_engine_of_the_embedded_packs(void) {
    CHECK(in_child(make_embedded));
}

static void batch_with_threads(void) {
    pp_assess_options options = kit_lines();
    size_t rows = 0;
    options.threads = 4;
    CHECK_OK(pp_assess_batch(engine, scratch, listings, ROWS, &options, NULL));
    CHECK_OK(pp_result_count(scratch, &rows));
    CHECK_EQ(rows, ROWS);
}

static void a_child_can_start_a_batch_with_threads(void) {
    batch_with_threads();
    CHECK(in_child(batch_with_threads));
}

static void fork_again(void) {
    CHECK(in_child(make_use_free));
    check_line(engine, scratch);
}

static void a_child_of_a_child_works_too(void) {
    CHECK(in_child(fork_again));
}

static void a_handle_that_a_child_got_is_none_in_its_parent(void) {
    int ends[2];
    int child;
    pp_scratch theirs = {0};
    CHECK_EQ(pipe(ends), 0);
    fflush(NULL);
    child = (int)fork();
    if (child == 0) {
        alarm(SECONDS);
        theirs = kit_scratch();
        CHECK_EQ(write(ends[1], &theirs, sizeof theirs), sizeof theirs);
        _exit(check_failed());
    }
    CHECK_EQ(read(ends[0], &theirs, sizeof theirs), sizeof theirs);
    close(ends[0]);
    close(ends[1]);
    CHECK(kit_child_was_well(child));
    CHECK_STATUS(pp_scratch_free(theirs), PP_HANDLE);
}

/* Threads of the parent that do one thing as fast as they can while it forks. */
static int going;

static void *churn_scratches(void *nothing) {
    (void)nothing;
    while (load(&going)) {
        pp_scratch one = kit_scratch(), other = kit_scratch();
        CHECK_OK(pp_scratch_free(one));
        CHECK_OK(pp_scratch_free(other));
    }
    return NULL;
}

static void *churn_errors(void *nothing) {
    pp_engine_options options = kit_options();
    (void)nothing;
    options.base = 99;
    while (load(&going)) {
        pp_engine none = {0};
        pp_error error = {0};
        CHECK_STATUS(pp_engine_create(&options, &none, &error), PP_ARGUMENT);
        CHECK_STATUS(pp_error_status(error), PP_ARGUMENT);
        CHECK_OK(pp_error_free(error));
    }
    return NULL;
}

static void *churn_references(void *nothing) {
    pp_digest digest;
    (void)nothing;
    while (load(&going)) {
        CHECK_OK(pp_engine_ref(engine));
        CHECK_OK(pp_engine_digest(engine, &digest));
        CHECK_OK(pp_engine_unref(engine));
    }
    return NULL;
}

static void *churn_engines(void *nothing) {
    (void)nothing;
    while (load(&going)) {
        pp_engine one = kit_small();
        pp_scratch own = kit_scratch();
        CHECK_OK(kit_assess(one, own, TITLE));
        CHECK_OK(pp_engine_unref(one));
        CHECK_OK(pp_scratch_free(own));
    }
    return NULL;
}

static void *churn_batches(void *nothing) {
    pp_assess_options options = kit_lines();
    pp_scratch own = kit_scratch();
    (void)nothing;
    options.threads = 3;
    while (load(&going)) {
        CHECK_OK(pp_assess_batch(engine, own, listings, 300, &options, NULL));
    }
    CHECK_OK(pp_scratch_free(own));
    return NULL;
}

static void use_all(void) {
    make_use_free();
    use_what_there_is();
}

/* Forks many times while threads are at it: until the next second but one begins, and thirty times at least. */
static void fork_beside(void *(*body)(void *), int threads) {
    pthread_t ids[8];
    time_t until = time(NULL) + 1;
    int i;
    store(&going, 1);
    for (i = 0; i < threads; i++) {
        CHECK_EQ(pthread_create(&ids[i], NULL, body, NULL), 0);
    }
    for (i = 0; (i < 30 || time(NULL) <= until) && CHECK(in_child(use_all)); i++) {
        check_line(engine, scratch);
    }
    store(&going, 0);
    for (i = 0; i < threads; i++) {
        CHECK_EQ(pthread_join(ids[i], NULL), 0);
    }
}

static void a_fork_beside_threads_that_make_and_free_scratches_does_not_hang(void) {
    fork_beside(churn_scratches, 2);
}

static void a_fork_beside_threads_that_make_and_free_errors_does_not_hang(void) {
    fork_beside(churn_errors, 2);
}

static void a_fork_beside_threads_that_take_and_drop_references_does_not_hang(void) {
    fork_beside(churn_references, 2);
}

static void a_fork_beside_threads_that_make_and_drop_engines_does_not_hang(void) {
    fork_beside(churn_engines, 2);
}

static void a_fork_beside_batches_with_threads_does_not_hang(void) {
    fork_beside(churn_batches, 1);
}

static void drop_last_reference(void) {
    CHECK_OK(pp_engine_unref(engine));
    CHECK_STATUS(kit_assess(engine, scratch, TITLE), PP_HANDLE);
    CHECK_OK(pp_scratch_free(scratch));
}

static void a_child_can_drop_an_engine_that_threads_were_looking_at(void) {
    pthread_t ids[2];
    int i;
    store(&going, 1);
    for (i = 0; i < 2; i++) {
        CHECK_EQ(pthread_create(&ids[i], NULL, churn_references, NULL), 0);
    }
    for (i = 0; i < 40; i++) {
        int child;
        fflush(NULL);
        child = (int)fork();
        if (child == 0) {
            /* A thread that is no more may have held a reference for good. */
            int more = 0;
            alarm(SECONDS);
            while (pp_engine_unref(engine) == PP_OK && more < 4) {
                more++;
            }
            CHECK(more >= 1 && more <= 3);
            CHECK_STATUS(kit_assess(engine, scratch, TITLE), PP_HANDLE);
            CHECK_OK(pp_scratch_free(scratch));
            _exit(check_failed());
        }
        if (!CHECK(kit_child_was_well(child))) {
            break;
        }
    }
    store(&going, 0);
    for (i = 0; i < 2; i++) {
        CHECK_EQ(pthread_join(ids[i], NULL), 0);
    }
    CHECK(in_child(drop_last_reference));
}

static pp_scratch busy;

static void *use_busy(void *nothing) {
    pp_assess_options options = kit_lines();
    (void)nothing;
    while (load(&going)) {
        CHECK_OK(pp_assess_batch(engine, busy, listings, ROWS, &options, NULL));
    }
    return NULL;
}

static void a_scratch_that_was_in_use_stays_busy_in_the_child(void) {
    pthread_t worker;
    int i, met = 0;
    busy = kit_scratch();
    store(&going, 1);
    CHECK_EQ(pthread_create(&worker, NULL, use_busy, NULL), 0);
    for (i = 0; i < 100 && met < 10; i++) {
        int child;
        fflush(NULL);
        child = (int)fork();
        if (child == 0) {
            pp_decision decision;
            pp_text text = {NULL, 0};
            size_t rows;
            pp_status status;
            alarm(SECONDS);
            PP_INIT(decision);
            status = pp_result_count(busy, &rows);
            if (status == PP_OK) {
                /* It was between two calls: as idle as any. */
                check_line(engine, busy);
                _exit(check_failed());
            }
            CHECK_STATUS(status, PP_BUSY);
            CHECK_STATUS(pp_result_decision(busy, 0, &decision), PP_BUSY);
            CHECK_STATUS(kit_assess(engine, busy, TITLE), PP_BUSY);
            CHECK_STATUS(pp_assess_batch(engine, busy, listings, ROWS, NULL, NULL), PP_BUSY);
            CHECK_STATUS(pp_explain(engine, busy, &listings[0], NULL, &text, NULL), PP_BUSY);
            CHECK_STATUS(pp_scratch_free(busy), PP_BUSY);
            make_use_free();
            use_what_there_is();
            _exit(check_failed() ? 1 : 7);
        }
        {
            /* 7 is that of a child that met it in use. */
            int status = kit_child_status(child);
            CHECK(status == 0 || status == 7);
            met += status == 7;
        }
    }
    store(&going, 0);
    CHECK_EQ(pthread_join(worker, NULL), 0);
    CHECK(met > 0);
    CHECK_OK(pp_scratch_free(busy));
}

static void texts_of_an_error_are_there_in_a_child(void) {
    pp_engine_options options = kit_options();
    pp_engine none = {0};
    pp_error error = {0};
    int child;
    options.base = 4711;
    CHECK_STATUS(pp_engine_create(&options, &none, &error), PP_ARGUMENT);
    fflush(NULL);
    child = (int)fork();
    if (child == 0) {
        alarm(SECONDS);
        CHECK_HOLDS(pp_string(pp_error_message(error)), "4711");
        CHECK_OK(pp_error_free(error));
        _exit(check_failed());
    }
    CHECK(kit_child_was_well(child));
    CHECK_HOLDS(pp_string(pp_error_message(error)), "4711");
    CHECK_OK(pp_error_free(error));
}

static const test LIST[] = {
    TEST(children_use_the_engine_and_scratch_of_their_parent),
    TEST(results_of_the_parent_can_be_read_in_a_child),
    TEST(what_a_child_frees_stays_in_the_parent),
    TEST(a_child_makes_uses_and_frees_things_of_its_own),
    TEST(a_child_can_make_an_engine_of_the_embedded_packs),
    TEST(a_child_can_start_a_batch_with_threads),
    TEST(a_child_of_a_child_works_too),
    TEST(a_handle_that_a_child_got_is_none_in_its_parent),
    TEST(a_fork_beside_threads_that_make_and_free_scratches_does_not_hang),
    TEST(a_fork_beside_threads_that_make_and_free_errors_does_not_hang),
    TEST(a_fork_beside_threads_that_take_and_drop_references_does_not_hang),
    TEST(a_fork_beside_threads_that_make_and_drop_engines_does_not_hang),
    TEST(a_fork_beside_batches_with_threads_does_not_hang),
    TEST(a_child_can_drop_an_engine_that_threads_were_looking_at),
    TEST(a_scratch_that_was_in_use_stays_busy_in_the_child),
    TEST(texts_of_an_error_are_there_in_a_child),
};

const tests fork_tests = {"fork", LIST, COUNT(LIST), start, kit_stop};

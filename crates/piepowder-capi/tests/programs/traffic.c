/*
 * traffic FRAMES THREADS CALLS: so many threads with so many calls each, while the main thread swaps engines below them. Each thread has a
 * scratch of its own, compares each line with the one that the listing had before the threads began, reads results, misuses handles on
 * purpose and expects to be told so. Meant for valgrind and sanitizers; it prints calls, swaps and how often a handle was stale.
 */
#define _POSIX_C_SOURCE 200809L
#include "frames.h"
#include <pthread.h>

static frames given;
static pp_text *expected;
static unsigned long calls_each;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pp_engine current;
static unsigned running;
static unsigned long stale;

static void want(int holds, const char *what) {
    if (!holds) {
        frames_fail(what);
    }
}

/* The current engine, with a reference of the caller's. */
static pp_engine take(void) {
    pp_engine engine;
    pthread_mutex_lock(&mutex);
    engine = current;
    want(pp_engine_ref(engine) == PP_OK, "the current engine has no references");
    pthread_mutex_unlock(&mutex);
    return engine;
}

static void misuse(pp_engine engine, pp_scratch scratch) {
    pp_scratch freed;
    pp_error error;
    pp_engine wrong;
    pp_decision decision;
    PP_INIT(decision);
    want(pp_scratch_create(&freed) == PP_OK && pp_scratch_free(freed) == PP_OK, "no scratch");
    want(pp_scratch_free(freed) == PP_HANDLE, "a scratch is freed twice");
    want(pp_assess(engine, freed, &given.listings[0], NULL, &error) == PP_HANDLE, "a scratch is used that is gone");
    want(pp_error_status(error) == PP_HANDLE && pp_error_message(error)[0] != 0, "an error says nothing");
    want(pp_error_free(error) == PP_OK && pp_error_free(error) == PP_HANDLE, "an error is freed twice");
    wrong.id = scratch.id;
    want(pp_engine_ref(wrong) == PP_KIND, "a scratch is taken for an engine");
    want(pp_result_decision(freed, 0, &decision) == PP_HANDLE, "results of a scratch that is gone");
}

static void *work(void *unused) {
    pp_scratch scratch;
    pp_assess_options options;
    pp_decision decision;
    pp_text line;
    unsigned long i, old = 0;
    (void)unused;
    want(pp_scratch_create(&scratch) == PP_OK, "no scratch");
    PP_INIT(options);
    PP_INIT(decision);
    options.lines = PP_LINES_FULL;
    for (i = 0; i < calls_each; i++) {
        size_t row = i % given.count;
        /* Every fourth call uses an engine that it has no reference to, which another thread may be dropping. */
        int borrowed = i % 4 == 3;
        pp_engine engine;
        pp_status status;
        if (borrowed) {
            pthread_mutex_lock(&mutex);
            engine = current;
            pthread_mutex_unlock(&mutex);
        } else {
            engine = take();
        }
        status = pp_assess(engine, scratch, &given.listings[row], &options, NULL);
        if (status == PP_HANDLE && borrowed) {
            old++;
            continue;
        }
        want(status == PP_OK, "a listing is refused");
        if (!borrowed) {
            want(pp_engine_unref(engine) == PP_OK, "a reference is lost");
        }
        /* The engine may be gone; the results stay. */
        want(pp_result_line(scratch, 0, &line) == PP_OK, "no line");
        want(line.length == expected[row].length && memcmp(line.data, expected[row].data, line.length) == 0, "another line");
        want(pp_result_decision(scratch, 0, &decision) == PP_OK, "no decision");
        if (i % 1000 == 999) {
            misuse(engine, scratch);
        }
    }
    want(pp_scratch_free(scratch) == PP_OK, "a scratch is lost");
    pthread_mutex_lock(&mutex);
    stale += old;
    running--;
    pthread_mutex_unlock(&mutex);
    return NULL;
}

int main(int argc, char **argv) {
    pthread_t threads[256];
    pp_scratch scratch;
    pp_error error;
    pp_assess_options options;
    unsigned count, i, left;
    unsigned long swaps = 0;
    size_t row;
    if (argc != 4 || atoi(argv[2]) < 1 || atoi(argv[2]) > 256) {
        frames_fail("usage: traffic FRAMES THREADS CALLS (at most 256 threads)");
    }
    given = frames_read(argv[1]);
    count = running = (unsigned)atoi(argv[2]);
    calls_each = strtoul(argv[3], NULL, 10);
    frames_check(pp_engine_create(&given.options, &current, &error), error);
    want(pp_scratch_create(&scratch) == PP_OK, "no scratch");
    PP_INIT(options);
    options.lines = PP_LINES_FULL;
    frames_check(pp_assess_batch(current, scratch, given.listings, given.count, &options, &error), error);
    expected = (pp_text *)frames_make(given.count, sizeof(pp_text));
    for (row = 0; row < given.count; row++) {
        want(pp_result_line(scratch, row, &expected[row]) == PP_OK, "no line");
    }
    for (i = 0; i < count; i++) {
        want(pthread_create(&threads[i], NULL, work, NULL) == 0, "no thread");
    }
    do {
        pp_engine next, old;
        frames_check(pp_engine_create(&given.options, &next, &error), error);
        pthread_mutex_lock(&mutex);
        old = current;
        current = next;
        left = running;
        pthread_mutex_unlock(&mutex);
        want(pp_engine_unref(old) == PP_OK, "an engine is lost");
        swaps++;
    } while (left > 0);
    for (i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    want(pp_engine_unref(current) == PP_OK && pp_scratch_free(scratch) == PP_OK && pp_live_handles() == 0, "a handle is lost");
    printf("%lu calls, %lu swaps, %lu stale handles\n", calls_each * count, swaps, stale);
    return 0;
}

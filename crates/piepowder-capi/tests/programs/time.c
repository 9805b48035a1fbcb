/*
 * time FRAMES THREADS PASSES: nanoseconds for all listings, one call a listing and as a batch, in the fastest of so many passes (whatever else runs on
 * the machine only ever adds), and sums that tell what came out. The C side of `frames time` (benches/src/bin/frames.rs), which does the same with the Rust library.
 */
#define _POSIX_C_SOURCE 200809L
#include "frames.h"
#include <time.h>

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long least(long long one, long long other) {
    return one < 0 || other < one ? other : one;
}

static long long sum(pp_scratch scratch, size_t row) {
    pp_decision decision;
    PP_INIT(decision);
    if (pp_result_decision(scratch, row, &decision) != PP_OK) {
        frames_fail("no decision");
    }
    return (long long)decision.rank * 1000003 + (long long)decision.margin * 31 + (long long)decision.evidence_count;
}

static long long one_by_one(pp_engine engine, pp_scratch scratch, const frames *given) {
    long long all = 0;
    size_t i;
    for (i = 0; i < given->count; i++) {
        if (pp_assess(engine, scratch, &given->listings[i], NULL, NULL) != PP_OK) {
            frames_fail("a listing is refused");
        }
        all += sum(scratch, 0);
    }
    return all;
}

static void batch(pp_engine engine, pp_scratch scratch, const frames *given, const pp_assess_options *options) {
    if (pp_assess_batch(engine, scratch, given->listings, given->count, options, NULL) != PP_OK) {
        frames_fail("a batch is refused");
    }
}

int main(int argc, char **argv) {
    frames given;
    pp_engine engine;
    pp_scratch scratch;
    pp_error error;
    pp_assess_options options;
    long long start, single = -1, whole = -1, first = 0, second = 0;
    size_t i;
    int pass, passes;
    if (argc != 4) {
        frames_fail("usage: time FRAMES THREADS PASSES");
    }
    passes = atoi(argv[3]);
    given = frames_read(argv[1]);
    frames_check(pp_engine_create(&given.options, &engine, &error), error);
    if (pp_scratch_create(&scratch) != PP_OK) {
        frames_fail("no scratch");
    }
    one_by_one(engine, scratch, &given);
    PP_INIT(options);
    options.threads = (uint32_t)atoi(argv[2]);
    batch(engine, scratch, &given, &options);
    for (pass = 0; pass < passes; pass++) {
        start = now();
        first = one_by_one(engine, scratch, &given);
        single = least(single, now() - start);
        start = now();
        batch(engine, scratch, &given, &options);
        whole = least(whole, now() - start);
    }
    for (i = 0; i < given.count; i++) {
        second += sum(scratch, i);
    }
    printf("%lld %lld %lld %lld\n", single, whole, first, second);
    return pp_scratch_free(scratch) == PP_OK && pp_engine_unref(engine) == PP_OK ? 0 : 2;
}

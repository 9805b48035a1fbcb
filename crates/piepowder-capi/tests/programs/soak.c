/*
 * soak FRAMES TIMES: assesses the listings again and again, so many in all, as a service does that runs for weeks: one by one with lines
 * and results read, now and then a batch on two threads, an explanation, an engine that is swapped, calls that fail. It prints resident
 * memory in KiB when a tenth is done, and at the end.
 */
#define _POSIX_C_SOURCE 200809L
#include "frames.h"
#include <unistd.h>

static long resident(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%*s %ld", &pages) != 1) {
        frames_fail("no /proc/self/statm");
    }
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void want(int holds, const char *what) {
    if (!holds) {
        frames_fail(what);
    }
}

int main(int argc, char **argv) {
    frames given;
    pp_engine engines[2];
    pp_scratch scratch, other;
    pp_error error;
    pp_assess_options options;
    pp_decision decision;
    pp_text text;
    unsigned long long times, done = 0, bytes = 0, turn = 0;
    long before = 0;
    if (argc != 3) {
        frames_fail("usage: soak FRAMES TIMES");
    }
    given = frames_read(argv[1]);
    times = strtoull(argv[2], NULL, 10);
    frames_check(pp_engine_create(&given.options, &engines[0], &error), error);
    frames_check(pp_engine_create(&given.options, &engines[1], &error), error);
    want(pp_scratch_create(&scratch) == PP_OK && pp_scratch_create(&other) == PP_OK, "no scratch");
    PP_INIT(options);
    PP_INIT(decision);
    while (done < times) {
        const pp_listing *listing = &given.listings[turn % given.count];
        options.lines = turn % 4 == 0 ? PP_LINES_BRIEF : PP_LINES_NONE;
        options.threads = 1;
        want(pp_assess(engines[0], scratch, listing, &options, &error) == PP_OK, "a listing is refused");
        want(pp_result_decision(scratch, 0, &decision) == PP_OK && decision.tier.length > 0, "no decision");
        if (options.lines != PP_LINES_NONE) {
            want(pp_result_line(scratch, 0, &text) == PP_OK, "no line");
            bytes += text.length;
        }
        done++;
        if (turn % 10000 == 9999) {
            size_t count = given.count < 1000 ? given.count : 1000;
            pp_value twice[2] = {PP_FIELD("title", pp_string("a")), PP_FIELD("title", pp_string("b"))};
            pp_listing refused = {PP_LITERAL("refused"), twice, 2};
            pp_engine old = engines[0];
            options.threads = 2;
            want(pp_assess_batch(engines[1], other, given.listings, count, &options, &error) == PP_OK, "a batch is refused");
            done += count;
            want(pp_explain(engines[1], other, listing, NULL, &text, &error) == PP_OK, "no explanation");
            done++;
            want(pp_assess(engines[0], scratch, &refused, &options, &error) == PP_ARGUMENT, "a field is taken twice");
            want(pp_error_free(error) == PP_OK && pp_error_free(error) == PP_HANDLE, "an error is freed twice");
            frames_check(pp_engine_create(&given.options, &engines[0], &error), error);
            want(pp_engine_unref(old) == PP_OK && pp_engine_unref(old) == PP_HANDLE, "an engine is dropped twice");
            want(pp_assess(old, scratch, listing, &options, NULL) == PP_HANDLE, "an engine is used that is gone");
        }
        turn++;
        if (before == 0 && done >= times / 10) {
            before = resident();
        }
    }
    printf("%ld %ld %llu %llu\n", before, resident(), done, bytes);
    want(pp_scratch_free(scratch) == PP_OK && pp_scratch_free(other) == PP_OK, "a scratch is lost");
    want(pp_engine_unref(engines[0]) == PP_OK && pp_engine_unref(engines[1]) == PP_OK && pp_live_handles() == 0, "a handle is lost");
    return 0;
}

/*
 * lines FRAMES [THREADS]: writes the JSON line of each listing at full detail, one call a listing, or as a batch on so many threads. What
 * it writes is compared with what the Rust library and the command line tool write.
 */
#include "frames.h"

static void put(pp_text text) {
    if (fwrite(text.data, 1, text.length, stdout) != text.length) {
        frames_fail("standard output is closed");
    }
}

int main(int argc, char **argv) {
    frames given;
    pp_engine engine;
    pp_scratch scratch;
    pp_error error;
    pp_assess_options options;
    pp_text text;
    size_t i;
    if (argc < 2) {
        frames_fail("usage: lines FRAMES [THREADS]");
    }
    given = frames_read(argv[1]);
    frames_check(pp_engine_create(&given.options, &engine, &error), error);
    if (pp_scratch_create(&scratch) != PP_OK) {
        frames_fail("no scratch");
    }
    PP_INIT(options);
    options.lines = PP_LINES_FULL;
    if (argc > 2) {
        options.threads = (uint32_t)atoi(argv[2]);
        frames_check(pp_assess_batch(engine, scratch, given.listings, given.count, &options, &error), error);
        if (pp_result_lines(scratch, &text) != PP_OK) {
            frames_fail("no lines");
        }
        put(text);
    } else {
        for (i = 0; i < given.count; i++) {
            frames_check(pp_assess(engine, scratch, &given.listings[i], &options, &error), error);
            if (pp_result_line(scratch, 0, &text) != PP_OK) {
                frames_fail("no line");
            }
            put(text);
            putchar('\n');
        }
    }
    return pp_scratch_free(scratch) == PP_OK && pp_engine_unref(engine) == PP_OK && pp_live_handles() == 0 ? 0 : 2;
}

/*
 * race FRAMES: one thread writes to a text while another one has it assessed, which the header forbids. It prints nothing. It is there so
 * that a sanitizer which reports nothing about other programs is seen to report this one, where C writes and Rust reads.
 */
#include "frames.h"
#include <pthread.h>

static char text[] = "A text that somebody changes";

static void *write_to_it(void *unused) {
    int i;
    (void)unused;
    for (i = 0; i < 100000; i++) text[3] = (char)('a' + i % 26);
    return NULL;
}

int main(int argc, char **argv) {
    frames given;
    pp_engine engine;
    pp_scratch scratch;
    pp_value value;
    pp_listing listing;
    pp_error error;
    pthread_t thread;
    int i;
    if (argc != 2) frames_fail("usage: race FRAMES");
    given = frames_read(argv[1]);
    memset(&value, 0, sizeof(value));
    memset(&listing, 0, sizeof(listing));
    value.field = pp_string("title");
    value.text = pp_string(text);
    listing.values = &value;
    listing.value_count = 1;
    frames_check(pp_engine_create(&given.options, &engine, &error), error);
    frames_check(pp_scratch_create(&scratch), error);
    if (pthread_create(&thread, NULL, write_to_it, NULL) != 0) frames_fail("no thread");
    for (i = 0; i < 1000; i++) frames_check(pp_assess(engine, scratch, &listing, NULL, &error), error);
    pthread_join(thread, NULL);
    return pp_scratch_free(scratch) == PP_OK && pp_engine_unref(engine) == PP_OK ? 0 : 1;
}

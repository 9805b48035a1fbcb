/*
 * latency FRAMES: microseconds a call takes for the listings, as percentiles, in three rows for texts of 40, 400 and 4,000 characters,
 * that are cut of the listings' titles and descriptions; then how much memory an engine and a scratch take, in KiB.
 */
#define _POSIX_C_SOURCE 200809L
#include "frames.h"
#include <time.h>
#include <unistd.h>

#define TEXTS 2000
#define ROUNDS 5
#define SCRATCHES 64

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    const long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

static long resident(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%*s %ld", &pages) != 1) {
        frames_fail("no /proc/self/statm");
    }
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* So many characters from `from` on, counted in UTF-8, or fewer; how many bytes. */
static size_t characters(const char *from, size_t left, size_t wanted) {
    size_t bytes = 0;
    while (bytes < left && wanted > 0) {
        do {
            bytes++;
        } while (bytes < left && ((unsigned char)from[bytes] & 0xC0) == 0x80);
        wanted--;
    }
    return bytes;
}

int main(int argc, char **argv) {
    static const size_t lengths[] = {40, 400, 4000};
    frames given;
    pp_engine engine;
    pp_scratch scratches[SCRATCHES];
    pp_error error;
    char *all;
    size_t size = 0, i, k, l, at;
    long before, with_engine, with_scratches;
    long long *times = (long long *)frames_make(TEXTS * ROUNDS, sizeof(long long));
    if (argc != 2) {
        frames_fail("usage: latency FRAMES");
    }
    given = frames_read(argv[1]);
    for (i = 0; i < given.count; i++) {
        for (k = 0; k < given.listings[i].value_count; k++) {
            size += given.listings[i].values[k].text.length + 1;
        }
    }
    all = (char *)frames_make(size, 1);
    for (i = 0, at = 0; i < given.count; i++) {
        for (k = 0; k < given.listings[i].value_count; k++) {
            pp_text text = given.listings[i].values[k].text;
            memcpy(all + at, text.data, text.length);
            at += text.length;
            all[at++] = ' ';
        }
    }
    before = resident();
    frames_check(pp_engine_create(&given.options, &engine, &error), error);
    for (i = 0; i < SCRATCHES; i++) {
        if (pp_scratch_create(&scratches[i]) != PP_OK) {
            frames_fail("no scratch");
        }
    }
    for (i = 0; i < given.count; i++) {
        frames_check(pp_assess(engine, scratches[0], &given.listings[i], NULL, &error), error);
    }
    with_engine = resident();
    for (k = 1; k < SCRATCHES; k++) {
        for (i = 0; i < given.count; i += 16) {
            frames_check(pp_assess(engine, scratches[k], &given.listings[i], NULL, &error), error);
        }
    }
    with_scratches = resident();
    for (l = 0; l < 3; l++) {
        size_t taken = 0;
        int round;
        for (round = 0; round < ROUNDS; round++) {
            at = 0;
            for (i = 0; i < TEXTS && at < size; i++) {
                pp_text text;
                pp_value value = PP_FIELD("description", pp_string(NULL));
                pp_listing listing = {PP_LITERAL("1"), NULL, 1};
                long long start;
                text.data = all + at;
                text.length = characters(all + at, size - at, lengths[l]);
                at += text.length;
                value.text = text;
                listing.values = &value;
                start = now();
                frames_check(pp_assess(engine, scratches[0], &listing, NULL, &error), error);
                times[taken++] = now() - start;
            }
        }
        qsort(times, taken, sizeof(long long), ascending);
        printf("%zu %.1f %.1f %.1f %zu\n", lengths[l], (double)times[taken / 2] / 1000, (double)times[taken * 99 / 100] / 1000,
               (double)times[taken * 999 / 1000] / 1000, taken);
    }
    printf("%ld %ld\n", with_engine - before, (with_scratches - with_engine) / (SCRATCHES - 1));
    return 0;
}

/*
 * Runs the tests of all files and says what came of them. With an argument, those alone whose FILE::NAME holds it. After each test no
 * handle may be live that was not before it, and after each file none at all that was not before that.
 */
#define _POSIX_C_SOURCE 200809L

#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static const tests *const ALL[] = {
    &version_tests, &errors_tests,  &engine_tests, &handles_tests, &pointers_tests, &sizes_tests,   &listing_tests,
    &results_tests, &batch_tests, &explain_tests, &quiet_tests,   &signals_tests,  &threads_tests, &fork_tests,
};

static pthread_mutex_t print = PTHREAD_MUTEX_INITIALIZER;
static volatile int failed;
static const char *volatile ignored;

static void complain(const char *file, int line, const char *what) {
    const char *name = strrchr(file, '/');
    failed = 1;
    fprintf(stderr, "    %s:%d: %s", name == NULL ? file : name + 1, line, what);
}

/* At most so many bytes, with what is not printable escaped. */
static void show(const char *text, size_t length) {
    size_t i;
    if (text == NULL) {
        fprintf(stderr, "%lu bytes at null", (unsigned long)length);
        return;
    }
    fputc('"', stderr);
    for (i = 0; i < length && i < 2000; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte >= 0x20 && byte < 0x7f) {
            fputc(byte, stderr);
        } else {
            fprintf(stderr, "\\x%02x", byte);
        }
    }
    fprintf(stderr, "\"%s (%lu bytes)", i < length ? " ..." : "", (unsigned long)length);
}

int check_that(int holds, const char *file, int line, const char *what) {
    if (!holds) {
        pthread_mutex_lock(&print);
        complain(file, line, what);
        fputs(": does not hold\n", stderr);
        pthread_mutex_unlock(&print);
    }
    return holds;
}

int check_number(long long is, long long expected, const char *file, int line, const char *what) {
    if (is != expected) {
        pthread_mutex_lock(&print);
        complain(file, line, what);
        fprintf(stderr, ": %lld, expected %lld\n", is, expected);
        pthread_mutex_unlock(&print);
    }
    return is == expected;
}

int check_status(pp_status is, pp_status expected, const char *file, int line, const char *what) {
    if (is != expected) {
        pthread_mutex_lock(&print);
        complain(file, line, what);
        fprintf(stderr, ": %d (%s), expected %d (%s)\n", (int)is, pp_status_text(is), (int)expected, pp_status_text(expected));
        pthread_mutex_unlock(&print);
    }
    return is == expected;
}

int check_bytes(const char *is, size_t length, const char *expected, size_t expected_length, const char *file, int line, const char *what) {
    int same = length == expected_length && (length == 0 || (is != NULL && expected != NULL && memcmp(is, expected, length) == 0));
    if (!same) {
        pthread_mutex_lock(&print);
        complain(file, line, what);
        fputs(":\n      is       ", stderr);
        show(is, length);
        fputs("\n      expected ", stderr);
        show(expected, expected_length);
        fputc('\n', stderr);
        pthread_mutex_unlock(&print);
    }
    return same;
}

int check_holds(const char *text, size_t length, const char *part, int wanted, const char *file, int line, const char *what) {
    size_t size = strlen(part), at;
    int found = 0;
    for (at = 0; text != NULL && size <= length && at <= length - size && !found; at++) {
        found = memcmp(text + at, part, size) == 0;
    }
    if (found != wanted) {
        pthread_mutex_lock(&print);
        complain(file, line, what);
        fprintf(stderr, ": %s \"%s\" in ", wanted ? "there is no" : "there is", part);
        show(text, length);
        fputc('\n', stderr);
        pthread_mutex_unlock(&print);
    }
    return found == wanted;
}

void check_ignore(const char *reason) {
    ignored = reason;
}

int check_failed(void) {
    return failed;
}

static int wanted(const char *file, const char *name, const char *filter) {
    char whole[256];
    snprintf(whole, sizeof whole, "%s::%s", file, name);
    return filter == NULL || strstr(whole, filter) != NULL;
}

int main(int argc, char **argv) {
    const char *filter = argc > 1 ? argv[1] : NULL;
    int passes = 0, failures = 0, ignores = 0;
    size_t i, j;
    for (i = 0; i < COUNT(ALL); i++) {
        const tests *file = ALL[i];
        size_t before = pp_live_handles();
        int any = 0;
        for (j = 0; j < file->count; j++) {
            any |= wanted(file->file, file->list[j].name, filter);
        }
        if (!any) {
            continue;
        }
        failed = 0;
        if (file->start != NULL) {
            file->start();
        }
        failures += failed;
        for (j = 0; j < file->count; j++) {
            size_t live = pp_live_handles();
            if (!wanted(file->file, file->list[j].name, filter)) {
                continue;
            }
            failed = 0;
            ignored = NULL;
            /* The name first, so that a crash or a hang says where it was. */
            printf("test %s::%s ... ", file->file, file->list[j].name);
            fflush(stdout);
            file->list[j].run();
            CHECK_EQ(pp_live_handles(), live);
            if (failed) {
                puts("FAILED");
                failures++;
            } else if (ignored != NULL) {
                printf("ignored, %s\n", ignored);
                ignores++;
            } else {
                puts("ok");
                passes++;
            }
            fflush(stdout);
        }
        failed = 0;
        if (file->stop != NULL) {
            file->stop();
        }
        if (pp_live_handles() != before) {
            fprintf(stderr, "    %s: %lu handles are live behind its last test\n", file->file, (unsigned long)(pp_live_handles() - before));
            failed = 1;
        }
        failures += failed;
    }
    printf("test result: %s. %d passed; %d failed; %d ignored; 0 measured; 0 filtered out\n", failures > 0 ? "FAILED" : "ok", passes, failures,
           ignores);
    return failures > 0;
}

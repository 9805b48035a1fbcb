/*
 * The harness: a test is a function without arguments; CHECK and its relatives print what differed and mark the test as failed. Each file
 * of tests exports one `tests`, which main.c runs in order. What the tests share (packs, engines, short ways to call) is in kit.h.
 *
 * A check may stand in any thread. A child after fork tells its parent by its exit status: see check_child in kit.h.
 */
#ifndef CHECK_H
#define CHECK_H

#include "piepowder.h"

#include <stddef.h>
#include <stdint.h>

typedef struct test {
    const char *name;
    void (*run)(void);
} test;

/* The tests of a file. `start` and `stop`, which may be null, are called before its first test and behind its last one. */
typedef struct tests {
    const char *file;
    const test *list;
    size_t count;
    void (*start)(void);
    void (*stop)(void);
} tests;

#define TEST(name) {#name, name}
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

extern const tests version_tests;
extern const tests errors_tests;
extern const tests engine_tests;
extern const tests handles_tests;
extern const tests pointers_tests;
extern const tests sizes_tests;
extern const tests listing_tests;
extern const tests results_tests;
extern const tests batch_tests;
extern const tests explain_tests;
extern const tests quiet_tests;
extern const tests signals_tests;
extern const tests threads_tests;
extern const tests fork_tests;

/* Each returns whether it holds, so that a test can stop where going on would be pointless: if (!CHECK(...)) return; */
int check_that(int holds, const char *file, int line, const char *what);
int check_number(long long is, long long expected, const char *file, int line, const char *what);
int check_status(pp_status is, pp_status expected, const char *file, int line, const char *what);
int check_bytes(const char *is, size_t length, const char *expected, size_t expected_length, const char *file, int line, const char *what);
int check_holds(const char *text, size_t length, const char *part, int wanted, const char *file, int line, const char *what);

#define CHECK(condition) check_that((condition) ? 1 : 0, __FILE__, __LINE__, #condition)
/* Whole numbers. */
#define CHECK_EQ(is, expected) check_number((long long)(is), (long long)(expected), __FILE__, __LINE__, #is)
#define CHECK_STATUS(call, expected) check_status((call), (expected), __FILE__, __LINE__, #call)
#define CHECK_OK(call) CHECK_STATUS(call, PP_OK)
/* A pp_text and a string. */
#define CHECK_TEXT(is, expected) check_bytes((is).data, (is).length, (expected), strlen(expected), __FILE__, __LINE__, #is)
/* Two of pp_text. */
#define CHECK_SAME(is, expected) \
    check_bytes((is).data, (is).length, (expected).data, (expected).length, __FILE__, __LINE__, #is)
/* Whether a pp_text holds a string, or does not. */
#define CHECK_HOLDS(text, part) check_holds((text).data, (text).length, (part), 1, __FILE__, __LINE__, #text)
#define CHECK_LACKS(text, part) check_holds((text).data, (text).length, (part), 0, __FILE__, __LINE__, #text)

/* Marks the test as ignored, with a reason. */
void check_ignore(const char *reason);

/* Whether the running test has failed. */
int check_failed(void);

#endif

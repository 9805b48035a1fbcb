/*
 * The library opened and closed by a program that is not linked with it: a program of its own, which takes the path of the shared library.
 * It prints lines like those of main.c. What the functions do is tested there; here it is that opening, using and closing leave nothing.
 */
#define _DEFAULT_SOURCE

#include "piepowder.h"

#include <dlfcn.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *path;
static int failed;

#define CHECK(condition) check((condition) ? 1 : 0, __LINE__, #condition)

static int check(int holds, int line, const char *what) {
    if (!holds) {
        failed = 1;
        fprintf(stderr, "    loading.c:%d: %s: does not hold\n", line, what);
    }
    return holds;
}

/* The functions that are used here, with the types of the header. */
typedef struct library {
    void *handle;
    uint32_t (*abi_version)(void);
    size_t (*live_handles)(void);
    pp_status (*engine_create)(const pp_engine_options *, pp_engine *, pp_error *);
    pp_status (*engine_unref)(pp_engine);
    pp_status (*error_free)(pp_error);
    const char *(*error_message)(pp_error);
    pp_status (*scratch_create)(pp_scratch *);
    pp_status (*scratch_free)(pp_scratch);
    pp_status (*assess)(pp_engine, pp_scratch, const pp_listing *, const pp_assess_options *, pp_error *);
    pp_status (*assess_batch)(pp_engine, pp_scratch, const pp_listing *, size_t, const pp_assess_options *, pp_error *);
    pp_status (*result_lines)(pp_scratch, pp_text *);
} library;

/* A pointer to a function, which C does not let a pointer to an object be cast to. */
static void find(void *handle, const char *name, void *function) {
    void *symbol = dlsym(handle, name);
    if (symbol == NULL) {
        fprintf(stderr, "    %s: %s\n", name, dlerror());
    }
    CHECK(symbol != NULL);
    memcpy(function, &symbol, sizeof symbol);
}

static int open_library(library *lib) {
    memset(lib, 0, sizeof *lib);
    lib->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!CHECK(lib->handle != NULL)) {
        fprintf(stderr, "    %s\n", dlerror());
        return 0;
    }
    find(lib->handle, "pp_abi_version", &lib->abi_version);
    find(lib->handle, "pp_live_handles", &lib->live_handles);
    find(lib->handle, "pp_engine_create", &lib->engine_create);
    find(lib->handle, "pp_engine_unref", &lib->engine_unref);
    find(lib->handle, "pp_error_free", &lib->error_free);
    find(lib->handle, "pp_error_message", &lib->error_message);
    find(lib->handle, "pp_scratch_create", &lib->scratch_create);
    find(lib->handle, "pp_scratch_free", &lib->scratch_free);
    find(lib->handle, "pp_assess", &lib->assess);
    find(lib->handle, "pp_assess_batch", &lib->assess_batch);
    find(lib->handle, "pp_result_lines", &lib->result_lines);
    return !failed;
}

enum { ROWS = 500 };

static char first_line[8192];

/* An engine, a listing, a batch with that many threads, an error; everything is freed. The first line must always be the same. */
static void use(const library *lib, uint32_t threads) {
    static pp_value values[ROWS];
    static pp_listing listings[ROWS];
    pp_text title = PP_LITERAL("Pure cocaine, 3.5 g");
    pp_value value = PP_FIELD("title", title);
    pp_engine engine = {0}, none = {0};
    pp_scratch scratch = {0};
    pp_error error = {0};
    pp_engine_options wrong;
    pp_assess_options options;
    pp_text lines = {NULL, 0};
    int i;
    CHECK(lib->abi_version() == PP_ABI_VERSION);
    CHECK(lib->engine_create(NULL, &engine, NULL) == PP_OK);
    CHECK(lib->scratch_create(&scratch) == PP_OK);
    PP_INIT(options);
    options.lines = PP_LINES_FULL;
    options.threads = threads;
    for (i = 0; i < ROWS; i++) {
        values[i] = value;
        listings[i].id = pp_string("row");
        listings[i].values = &values[i];
        listings[i].value_count = 1;
    }
    CHECK(lib->assess_batch(engine, scratch, listings, ROWS, &options, NULL) == PP_OK);
    CHECK(lib->assess(engine, scratch, &listings[0], &options, NULL) == PP_OK);
    CHECK(lib->result_lines(scratch, &lines) == PP_OK);
    if (CHECK(lines.length > 0 && lines.length < sizeof first_line)) {
        if (first_line[0] == '\0') {
            memcpy(first_line, lines.data, lines.length);
        }
        CHECK(memcmp(first_line, lines.data, lines.length) == 0);
    }
    PP_INIT(wrong);
    wrong.base = 99;
    CHECK(lib->engine_create(&wrong, &none, &error) == PP_ARGUMENT);
    CHECK(strstr(lib->error_message(error), "99") != NULL);
    CHECK(lib->error_free(error) == PP_OK);
    CHECK(lib->scratch_free(scratch) == PP_OK);
    CHECK(lib->engine_unref(engine) == PP_OK);
    CHECK(lib->live_handles() == 0);
}

static void close_library(library *lib) {
    CHECK(dlclose(lib->handle) == 0);
    memset(lib, 0, sizeof *lib);
}

/* Resident memory in KiB. */
static long resident(void) {
    long pages = 0, all = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file != NULL) {
        if (fscanf(file, "%ld %ld", &all, &pages) != 2) {
            pages = 0;
        }
        fclose(file);
    }
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void check_rounds(uint32_t threads) {
    long third = 0, last = 0;
    int round;
    for (round = 1; round <= 20; round++) {
        library lib;
        if (!open_library(&lib)) {
            return;
        }
        use(&lib, threads);
        close_library(&lib);
        last = resident();
        if (round == 3) {
            third = last;
        }
    }
    if (!CHECK(last <= third + 4096)) {
        fprintf(stderr, "    %ld KiB behind round 3, %ld KiB behind round 20\n", third, last);
    }
}

static void twenty_rounds_on_one_thread_take_no_more_memory(void) {
    check_rounds(1);
}

static void twenty_rounds_with_threads_take_no_more_memory(void) {
    check_rounds(6);
}

enum { SIGNALS = 65 };

static void signal_handlers_are_as_they_were(void) {
    static struct sigaction before[SIGNALS], after[SIGNALS];
    library lib;
    int number;
    for (number = 1; number < SIGNALS; number++) {
        sigaction(number, NULL, &before[number]);
    }
    if (!open_library(&lib)) {
        return;
    }
    use(&lib, 4);
    close_library(&lib);
    for (number = 1; number < SIGNALS; number++) {
        sigaction(number, NULL, &after[number]);
        CHECK(before[number].sa_handler == after[number].sa_handler);
        CHECK(before[number].sa_flags == after[number].sa_flags);
    }
}

/* Opens, uses and closes on a thread that then ends: what the library may keep for each thread has to go with it. */
static void *round_of_a_thread(void *nothing) {
    library lib;
    (void)nothing;
    if (open_library(&lib)) {
        use(&lib, 3);
        close_library(&lib);
    }
    return NULL;
}

static void a_thread_can_open_use_and_close_it_and_end(void) {
    int round;
    for (round = 0; round < 5; round++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, round_of_a_thread, NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
}

static const library *for_thread;

static void *use_on_a_thread(void *nothing) {
    (void)nothing;
    use(for_thread, 2);
    return NULL;
}

static void a_thread_that_used_it_can_end_before_it_is_closed(void) {
    library lib;
    pthread_t thread;
    if (!open_library(&lib)) {
        return;
    }
    for_thread = &lib;
    CHECK(pthread_create(&thread, NULL, use_on_a_thread, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    close_library(&lib);
}

static volatile int used, closed;

static void *outlive(void *nothing) {
    (void)nothing;
    use(for_thread, 2);
    __atomic_store_n(&used, 1, __ATOMIC_RELEASE);
    while (!__atomic_load_n(&closed, __ATOMIC_ACQUIRE)) {
        usleep(1000);
    }
    /* The thread ends when the library was closed; what would run at its end must still be there. */
    return NULL;
}

static void a_thread_that_used_it_can_end_after_it_was_closed(void) {
    library lib;
    pthread_t thread;
    if (!open_library(&lib)) {
        return;
    }
    used = closed = 0;
    for_thread = &lib;
    CHECK(pthread_create(&thread, NULL, outlive, NULL) == 0);
    while (!__atomic_load_n(&used, __ATOMIC_ACQUIRE)) {
        usleep(1000);
    }
    close_library(&lib);
    __atomic_store_n(&closed, 1, __ATOMIC_RELEASE);
    CHECK(pthread_join(thread, NULL) == 0);
}

static void opened_twice_it_is_one_library(void) {
    library a, b;
    pp_scratch scratch = {0};
    if (!open_library(&a) || !open_library(&b)) {
        return;
    }
    CHECK(a.scratch_create(&scratch) == PP_OK);
    CHECK(b.live_handles() == 1);
    close_library(&a);
    CHECK(b.scratch_free(scratch) == PP_OK);
    CHECK(b.live_handles() == 0);
    use(&b, 1);
    close_library(&b);
}

static void closing_with_things_still_live_does_no_harm(void) {
    library lib;
    pp_engine engine = {0};
    pp_scratch scratch = {0};
    if (!open_library(&lib)) {
        return;
    }
    CHECK(lib.engine_create(NULL, &engine, NULL) == PP_OK);
    CHECK(lib.scratch_create(&scratch) == PP_OK);
    close_library(&lib);
    if (!open_library(&lib)) {
        return;
    }
    /* Whether it was unloaded in between is the system's affair; a handle that was kept is live or told. */
    if (lib.scratch_free(scratch) == PP_OK) {
        CHECK(lib.engine_unref(engine) == PP_OK);
    } else {
        CHECK(lib.engine_unref(engine) == PP_HANDLE);
    }
    use(&lib, 2);
    close_library(&lib);
}

static void every_function_of_the_header_is_found(void) {
    static const char *const NAMES[] = {
        "pp_abi_version", "pp_assess", "pp_assess_batch", "pp_engine_about", "pp_engine_create", "pp_engine_digest", "pp_engine_field",
        "pp_engine_offense", "pp_engine_ref", "pp_engine_unref", "pp_engine_warning", "pp_error_free", "pp_error_message",
        "pp_error_problem", "pp_error_problem_count", "pp_error_status", "pp_explain", "pp_live_handles", "pp_result_count",
        "pp_result_deciding", "pp_result_decision", "pp_result_evidence", "pp_result_line", "pp_result_lines", "pp_result_score",
        "pp_result_weight", "pp_scratch_create", "pp_scratch_free", "pp_status_text", "pp_version",
    };
    size_t i;
    library lib;
    if (!open_library(&lib)) {
        return;
    }
    for (i = 0; i < COUNT(NAMES); i++) {
        if (!CHECK(dlsym(lib.handle, NAMES[i]) != NULL)) {
            fprintf(stderr, "    %s\n", NAMES[i]);
        }
    }
    close_library(&lib);
}

typedef struct test {
    const char *name;
    void (*run)(void);
} test;

#define TEST(name) {#name, name}

static const test LIST[] = {
    TEST(every_function_of_the_header_is_found),
    TEST(signal_handlers_are_as_they_were),
    TEST(twenty_rounds_on_one_thread_take_no_more_memory),
    TEST(twenty_rounds_with_threads_take_no_more_memory),
    TEST(a_thread_can_open_use_and_close_it_and_end),
    TEST(a_thread_that_used_it_can_end_before_it_is_closed),
    TEST(a_thread_that_used_it_can_end_after_it_was_closed),
    TEST(opened_twice_it_is_one_library),
    TEST(closing_with_things_still_live_does_no_harm),
};

int main(int argc, char **argv) {
    int passes = 0, failures = 0;
    size_t i;
    if (argc < 2) {
        fprintf(stderr, "usage: loading PATH_OF_LIBRARY [PART_OF_NAME]\n");
        return 2;
    }
    path = argv[1];
#ifdef __GLIBC__
    /* What the allocator keeps for threads that are gone would hide what the library keeps. */
    mallopt(M_ARENA_MAX, 1);
#endif
    for (i = 0; i < COUNT(LIST); i++) {
        if (argc > 2 && strstr(LIST[i].name, argv[2]) == NULL) {
            continue;
        }
        failed = 0;
        printf("test loading::%s ... ", LIST[i].name);
        fflush(stdout);
        LIST[i].run();
        puts(failed ? "FAILED" : "ok");
        fflush(stdout);
        passes += !failed;
        failures += failed;
    }
    printf("test result: %s. %d passed; %d failed; 0 ignored; 0 measured; 0 filtered out\n", failures > 0 ? "FAILED" : "ok", passes, failures);
    return failures > 0;
}

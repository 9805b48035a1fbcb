/*
 * What the library leaves alone: standard output and standard error, signal handlers and masks, open files, the working directory, locale
 * and environment, threads behind a batch. Calls from inside a signal handler are in signals.c.
 */
#define _DEFAULT_SOURCE

#include "kit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern char **environ;

enum { ROWS = 600 };

/* Every function of the interface once and more, in good order and in bad. */
static void use_everything(void) {
    static pp_value values[ROWS];
    static pp_listing listings[ROWS];
    pp_engine_options broken = kit_options();
    pp_engine engine = kit_small(), embedded = kit_embedded(), none = {0};
    pp_scratch scratch = kit_scratch();
    pp_assess_options options = kit_lines();
    pp_explain_options explain;
    pp_engine_facts facts;
    pp_digest digest;
    pp_problem problem;
    pp_evidence evidence;
    pp_error error = {0};
    pp_text text = {NULL, 0};
    pp_source source;
    size_t count = 0, i;
    for (i = 0; i < ROWS; i++) {
        values[i] = kit_value("title", i % 2 ? "Magic wand for sale" : "Oak desk \xff");
        listings[i] = kit_listing(NULL, &values[i], 1);
    }
    PP_INIT(facts);
    PP_INIT(problem);
    PP_INIT(evidence);
    PP_INIT(explain);
    explain.form = PP_EXPLAIN_COLOR;
    CHECK_OK(pp_engine_ref(engine));
    CHECK_OK(pp_engine_unref(engine));
    CHECK_OK(pp_engine_digest(engine, &digest));
    CHECK_OK(pp_engine_about(engine, &facts));
    CHECK_OK(pp_engine_offense(engine, 0, &text));
    CHECK_OK(pp_engine_field(engine, 0, &text));
    CHECK_STATUS(pp_engine_warning(engine, 0, &problem), PP_RANGE);
    CHECK_OK(pp_assess(embedded, scratch, &listings[0], &options, NULL));
    options.threads = 6;
    CHECK_OK(pp_assess_batch(engine, scratch, listings, ROWS, &options, NULL));
    CHECK_OK(pp_result_count(scratch, &count));
    CHECK_OK(pp_result_line(scratch, 1, &text));
    CHECK_OK(pp_result_lines(scratch, &text));
    CHECK_OK(pp_explain(engine, scratch, &listings[1], &explain, &text, NULL));
    kit_decision(scratch);
    kit_score(scratch, 0);
    kit_evidence(scratch, 0);
    kit_weight(scratch, 0, 0);
    CHECK_OK(pp_result_deciding(scratch, 0, 0, &text));
    /* Faults of all sorts. */
    broken.source_count = 1;
    broken.base = 9;
    CHECK_STATUS(pp_engine_create(&broken, &none, &error), PP_ARGUMENT);
    CHECK_OK(pp_error_free(error));
    source.name = pp_string("bazaar/pack.toml");
    source.text = pp_string("format = 7\nnonsense = [");
    broken.base = PP_BASE_NONE;
    broken.sources = &source;
    CHECK_STATUS(pp_engine_create(&broken, &none, &error), PP_PACKS);
    CHECK(pp_error_message(error) != NULL);
    CHECK_OK(pp_error_problem_count(error, &count));
    CHECK_OK(pp_error_problem(error, 0, &problem));
    CHECK_OK(pp_error_free(error));
    values[3].field = pp_string("colour");
    CHECK_STATUS(pp_assess_batch(engine, scratch, listings, ROWS, &options, &error), PP_ARGUMENT);
    CHECK_STATUS(pp_error_status(error), PP_ARGUMENT);
    CHECK_OK(pp_error_free(error));
    CHECK_STATUS(pp_assess(none, scratch, NULL, NULL, NULL), PP_NULL);
    CHECK_STATUS(pp_scratch_create(NULL), PP_NULL);
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_STATUS(pp_scratch_free(scratch), PP_HANDLE);
    CHECK_OK(pp_engine_unref(engine));
    CHECK_OK(pp_engine_unref(embedded));
    CHECK_STATUS(pp_engine_unref(embedded), PP_HANDLE);
    CHECK(pp_status_text(99) != NULL && pp_version() != NULL && pp_abi_version() > 0);
}

static void nothing_is_printed(void) {
    FILE *to = tmpfile();
    int out, err;
    long printed;
    if (!CHECK(to != NULL)) {
        return;
    }
    fflush(stdout);
    fflush(stderr);
    out = dup(1);
    err = dup(2);
    dup2(fileno(to), 1);
    dup2(fileno(to), 2);
    use_everything();
    fflush(stdout);
    fflush(stderr);
    dup2(out, 1);
    dup2(err, 2);
    close(out);
    close(err);
    printed = (long)lseek(fileno(to), 0, SEEK_END);
    fclose(to);
    CHECK_EQ(printed, 0);
}

static void nothing_is_missed_when_there_is_no_standard_output(void) {
    /* With the three standard files closed, whoever opens a file gets one of their numbers. */
    int in, out, err;
    fflush(stdout);
    fflush(stderr);
    in = dup(0);
    out = dup(1);
    err = dup(2);
    close(0);
    close(1);
    close(2);
    use_everything();
    {
        int first = fcntl(0, F_GETFD), second = fcntl(1, F_GETFD), third = fcntl(2, F_GETFD);
        if (in >= 0) {
            dup2(in, 0);
            close(in);
        }
        dup2(out, 1);
        dup2(err, 2);
        close(out);
        close(err);
        CHECK_EQ(first, -1);
        CHECK_EQ(second, -1);
        CHECK_EQ(third, -1);
    }
}

enum { SIGNALS = 65 };

/* The bytes of a set beyond the signals that there are mean nothing. */
static int same_mask(const sigset_t *a, const sigset_t *b) {
    int number, same = 1;
    for (number = 1; number < SIGNALS; number++) {
        same &= sigismember(a, number) == sigismember(b, number);
    }
    return same;
}

static void dispositions(struct sigaction *actions) {
    int number;
    memset(actions, 0, SIGNALS * sizeof *actions);
    for (number = 1; number < SIGNALS; number++) {
        /* Some numbers are no signals that a program may ask for. */
        sigaction(number, NULL, &actions[number]);
    }
}

static void check_dispositions(const struct sigaction *before) {
    static struct sigaction after[SIGNALS];
    int number;
    dispositions(after);
    for (number = 1; number < SIGNALS; number++) {
        CHECK(before[number].sa_handler == after[number].sa_handler);
        CHECK_EQ(after[number].sa_flags, before[number].sa_flags);
        CHECK(same_mask(&before[number].sa_mask, &after[number].sa_mask));
    }
}

static void signal_handlers_are_as_they_were(void) {
    static struct sigaction before[SIGNALS];
    dispositions(before);
    use_everything();
    check_dispositions(before);
}

static void own_handler(int number) {
    (void)number;
}

static void handlers_of_the_program_are_as_they_were(void) {
    static const int NUMBERS[] = {SIGPIPE, SIGSEGV, SIGBUS, SIGINT, SIGABRT, SIGCHLD};
    static struct sigaction before[SIGNALS], changed[SIGNALS];
    size_t i;
    int number;
    dispositions(before);
    for (i = 0; i < COUNT(NUMBERS); i++) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_handler = i % 2 ? own_handler : SIG_IGN;
        sigaddset(&action.sa_mask, SIGUSR2);
        CHECK_EQ(sigaction(NUMBERS[i], &action, NULL), 0);
    }
    dispositions(changed);
    use_everything();
    check_dispositions(changed);
    for (number = 1; number < SIGNALS; number++) {
        sigaction(number, &before[number], NULL);
    }
}

static void a_broken_pipe_still_ends_a_program_that_wants_that(void) {
    struct sigaction action;
    use_everything();
    CHECK_EQ(sigaction(SIGPIPE, NULL, &action), 0);
    CHECK(action.sa_handler == SIG_DFL);
}

static void the_mask_of_the_calling_thread_is_as_it_was(void) {
    sigset_t some, all, before, after, old;
    sigemptyset(&some);
    sigaddset(&some, SIGUSR2);
    sigaddset(&some, SIGTERM);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, NULL, &old);
    use_everything();
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    CHECK(same_mask(&after, &old));
    pthread_sigmask(SIG_SETMASK, &some, NULL);
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    use_everything();
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    CHECK(same_mask(&after, &before));
    CHECK_EQ(sigismember(&after, SIGUSR2), 1);
    CHECK_EQ(sigismember(&after, SIGINT), 0);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    use_everything();
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    CHECK(same_mask(&after, &before));
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

/* How many entries a folder of /proc has, or 0. */
static int entries(const char *path) {
    DIR *folder = opendir(path);
    int count = 0;
    if (folder != NULL) {
        while (readdir(folder) != NULL) {
            count++;
        }
        closedir(folder);
    }
    return count;
}

/* A thread that was joined may be in the list for a moment longer. */
static int threads_soon(int expected) {
    int i, count = entries("/proc/self/task");
    for (i = 0; i < 200 && count != expected; i++) {
        usleep(5000);
        count = entries("/proc/self/task");
    }
    return count;
}

static void no_thread_is_left_behind_a_batch(void) {
    /* One thread, and the two entries that every folder has. Those of earlier tests may take a moment to go. */
    int before = threads_soon(3), i;
    if (before == 0) {
        check_ignore("there is no /proc");
        return;
    }
    CHECK_EQ(before, 3);
    for (i = 0; i < 5; i++) {
        use_everything();
    }
    CHECK_EQ(threads_soon(before), before);
}

static void a_single_call_starts_no_thread(void) {
    pp_engine engine = kit_small();
    pp_scratch scratch = kit_scratch();
    int before = threads_soon(3);
    CHECK_OK(kit_assess(engine, scratch, "Magic wand"));
    CHECK_EQ(entries("/proc/self/task"), before);
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
    CHECK_EQ(entries("/proc/self/task"), before);
}

static void no_file_is_left_open(void) {
    int before;
    use_everything();
    before = entries("/proc/self/fd");
    use_everything();
    use_everything();
    CHECK_EQ(entries("/proc/self/fd"), before);
}

static void the_working_directory_is_as_it_was(void) {
    char before[4096], after[4096];
    CHECK(getcwd(before, sizeof before) != NULL);
    use_everything();
    CHECK(getcwd(after, sizeof after) != NULL);
    CHECK(strcmp(before, after) == 0);
}

static void the_locale_neither_changes_nor_changes_a_line(void) {
    static char plain[8192], elsewhere[8192];
    static const char *const NAMES[] = {"tr_TR.UTF-8", "de_DE.UTF-8", "C.UTF-8", ""};
    pp_engine engine = kit_small();
    pp_scratch scratch = kit_scratch();
    char before[256], set[256];
    size_t i;
    snprintf(before, sizeof before, "%s", setlocale(LC_ALL, NULL));
    kit_line(engine, scratch, "MAGIC WAND, I for sale 1.5", plain, sizeof plain);
    for (i = 0; i < COUNT(NAMES); i++) {
        /* Those that the system has not are passed over. */
        setlocale(LC_ALL, NAMES[i]);
        snprintf(set, sizeof set, "%s", setlocale(LC_ALL, NULL));
        kit_line(engine, scratch, "MAGIC WAND, I for sale 1.5", elsewhere, sizeof elsewhere);
        CHECK_TEXT(pp_string(elsewhere), plain);
        CHECK(strcmp(setlocale(LC_ALL, NULL), set) == 0);
    }
    setlocale(LC_ALL, before);
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
}

static void the_environment_neither_changes_nor_changes_an_engine(void) {
    static const char *const NAMES[] = {"RUST_BACKTRACE", "RUST_LOG", "LANG", "LC_ALL", "TZ", "NO_COLOR", "TERM", "SOURCE_DATE_EPOCH"};
    char *old[COUNT(NAMES)];
    char **before;
    int count = 0, after = 0;
    pp_engine engine = kit_embedded();
    pp_digest a, b;
    size_t i;
    CHECK_OK(pp_engine_digest(engine, &a));
    CHECK_OK(pp_engine_unref(engine));
    for (i = 0; i < COUNT(NAMES); i++) {
        const char *value = getenv(NAMES[i]);
        old[i] = value == NULL ? NULL : strdup(value);
        setenv(NAMES[i], "1", 1);
    }
    for (before = environ; *before != NULL; before++) {
        count++;
    }
    engine = kit_embedded();
    CHECK_OK(pp_engine_digest(engine, &b));
    CHECK(strcmp(a.digits, b.digits) == 0);
    CHECK_OK(pp_engine_unref(engine));
    use_everything();
    for (before = environ; *before != NULL; before++) {
        after++;
    }
    CHECK_EQ(after, count);
    for (i = 0; i < COUNT(NAMES); i++) {
        if (old[i] == NULL) {
            unsetenv(NAMES[i]);
        } else {
            setenv(NAMES[i], old[i], 1);
            free(old[i]);
        }
    }
}

static void the_rounding_of_numbers_neither_changes_nor_changes_a_line(void) {
    static const int MODES[] = {FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
    static char plain[8192], rounded[8192];
    pp_engine engine = kit_small(), other;
    pp_scratch scratch = kit_scratch();
    int before = fegetround();
    size_t i;
    kit_line(engine, scratch, "Magic wand for sale", plain, sizeof plain);
    for (i = 0; i < COUNT(MODES); i++) {
        fesetround(MODES[i]);
        other = kit_small();
        kit_line(other, scratch, "Magic wand for sale", rounded, sizeof rounded);
        CHECK_EQ(fegetround(), MODES[i]);
        fesetround(before);
        CHECK_TEXT(pp_string(rounded), plain);
        CHECK_OK(pp_engine_unref(other));
    }
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
}

static void no_handler_for_the_end_of_the_program_keeps_it_from_ending(void) {
    /* With everything still live. */
    int child;
    fflush(stdout);
    child = (int)fork();
    if (child == 0) {
        pp_engine engine;
        pp_scratch scratch;
        alarm(20);
        engine = kit_small();
        scratch = kit_scratch();
        CHECK_OK(kit_assess(engine, scratch, "Magic wand"));
        exit(check_failed());
    }
    CHECK(kit_child_was_well(child));
}

static const test LIST[] = {
    TEST(nothing_is_printed),
    TEST(nothing_is_missed_when_there_is_no_standard_output),
    TEST(signal_handlers_are_as_they_were),
    TEST(handlers_of_the_program_are_as_they_were),
    TEST(a_broken_pipe_still_ends_a_program_that_wants_that),
    TEST(the_mask_of_the_calling_thread_is_as_it_was),
    TEST(no_thread_is_left_behind_a_batch),
    TEST(a_single_call_starts_no_thread),
    TEST(no_file_is_left_open),
    TEST(the_working_directory_is_as_it_was),
    TEST(the_locale_neither_changes_nor_changes_a_line),
    TEST(the_environment_neither_changes_nor_changes_an_engine),
    TEST(the_rounding_of_numbers_neither_changes_nor_changes_a_line),
    TEST(no_handler_for_the_end_of_the_program_keeps_it_from_ending),
};

const tests quiet_tests = {"quiet", LIST, COUNT(LIST), NULL, NULL};

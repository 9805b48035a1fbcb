/*
 * Calls from inside a signal handler, and signals during a batch. Which functions may be called from a handler is in the header; those that
 * may allocate are called here only where the program cannot be inside of the allocator. Handlers and masks that stay as they were are in
 * quiet.c.
 */
#define _DEFAULT_SOURCE

#include "kit.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* What the handler saw; the program reads it when no signal comes any more. */
static volatile sig_atomic_t calls, oks, busies, others;

static void reset(void) {
    calls = oks = busies = others = 0;
}

static void count(pp_status status) {
    calls++;
    if (status == PP_OK) {
        oks++;
    } else if (status == PP_BUSY) {
        busies++;
    } else {
        others++;
    }
}

static struct sigaction before;
static struct itimerval idle;

/* SIGALRM every so many microseconds. */
static void begin(void (*handler)(int), long every) {
    struct sigaction action;
    struct itimerval timer;
    reset();
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    CHECK_EQ(sigaction(SIGALRM, &action, &before), 0);
    memset(&timer, 0, sizeof timer);
    timer.it_interval.tv_usec = every;
    timer.it_value.tv_usec = every;
    CHECK_EQ(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static void end(void) {
    struct sigaction ignore;
    CHECK_EQ(setitimer(ITIMER_REAL, &idle, NULL), 0);
    /* To ignore it is to forget one that is on its way. */
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    CHECK_EQ(sigaction(SIGALRM, &ignore, NULL), 0);
    CHECK_EQ(sigaction(SIGALRM, &before, NULL), 0);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* A title that takes long enough that a signal often comes while it is being read. */
static const char *long_title(void) {
    static char title[60000];
    size_t length = 0;
    while (length + 60 < sizeof title) {
        strcpy(title + length, "Oak desk, magic wand for sale, discreet delivery; ");
        length += strlen(title + length);
    }
    return title;
}

/* Assesses until the handler was called often enough and met the scratch in use and idle; the results must be right. */
static void assess_under_fire(void) {
    double until = now() + 10;
    const char *title = long_title();
    while (now() < until && (calls < 200 || busies == 0 || oks == 0)) {
        int i;
        if (!CHECK_OK(kit_assess(engine, scratch, title))) {
            break;
        }
        for (i = 0; i < 2000; i++) {
            if (!CHECK_EQ(kit_score(scratch, 0).total, 290)) {
                return;
            }
        }
    }
}

static void read_decision(int number) {
    pp_decision decision;
    (void)number;
    PP_INIT(decision);
    count(pp_result_decision(scratch, 0, &decision));
}

static void a_result_that_a_handler_reads_is_there_or_busy(void) {
    CHECK_OK(kit_assess(engine, scratch, "Magic wand"));
    begin(read_decision, 500);
    assess_under_fire();
    end();
    CHECK(busies > 0);
    CHECK(oks > 0);
    /* Between the calls of the program its results are there. */
    CHECK_EQ(others, 0);
}

static volatile int32_t last_total;

static void read_scores(int number) {
    pp_score score;
    int32_t weight = 0;
    pp_text line = {NULL, 0};
    pp_status status;
    (void)number;
    PP_INIT(score);
    status = pp_result_score(scratch, 0, 0, &score);
    count(status);
    if (status == PP_OK) {
        last_total = score.total;
        /* A handler runs to its end before the program goes on, so that nothing comes between. */
        count(pp_result_weight(scratch, 0, 0, 0, &weight));
        if (pp_result_line(scratch, 0, &line) != PP_RANGE) {
            others++;
        }
    }
}

static void what_a_handler_reads_is_never_half_written(void) {
    CHECK_OK(kit_assess(engine, scratch, long_title()));
    last_total = 290;
    begin(read_scores, 500);
    assess_under_fire();
    end();
    CHECK_EQ(last_total, 290);
    CHECK_EQ(others, 0);
    CHECK(oks > 0);
}

static volatile int in_batch;

static void free_while_in_batch(int number) {
    (void)number;
    if (in_batch) {
        count(pp_scratch_free(scratch));
    }
}

static void a_scratch_that_is_interrupted_cannot_be_freed_by_the_handler(void) {
    enum { ROWS = 2000 };
    static pp_value values[ROWS];
    static pp_listing listings[ROWS];
    pp_assess_options options = kit_lines();
    sigset_t alarm_alone, old;
    double until = now() + 10;
    int i;
    sigemptyset(&alarm_alone);
    sigaddset(&alarm_alone, SIGALRM);
    for (i = 0; i < ROWS; i++) {
        values[i] = kit_value("title", "Magic wand for sale, discreet delivery");
        listings[i] = kit_listing(NULL, &values[i], 1);
    }
    /* A free that comes when the call has not begun or has ended would succeed; then a new scratch takes its place. */
    begin(free_while_in_batch, 1000);
    while (now() < until && busies < 5) {
        size_t rows = 0;
        pp_status status;
        in_batch = 1;
        status = pp_assess_batch(engine, scratch, listings, ROWS, &options, NULL);
        in_batch = 0;
        pthread_sigmask(SIG_BLOCK, &alarm_alone, &old);
        if (status == PP_OK && pp_result_count(scratch, &rows) == PP_OK) {
            CHECK_EQ(rows, ROWS);
        } else {
            scratch = kit_scratch();
        }
        pthread_sigmask(SIG_SETMASK, &old, NULL);
    }
    end();
    CHECK(busies >= 5);
    CHECK_EQ(others, 0);
}

static volatile sig_atomic_t wrong;

static void ask_versions(int number) {
    (void)number;
    calls++;
    if (pp_abi_version() != PP_ABI_VERSION || pp_version()[0] == '\0' || pp_status_text(PP_OK)[0] == '\0' ||
        strcmp(pp_status_text(PP_BUSY), pp_status_text(PP_OK)) == 0) {
        wrong++;
    }
}

static void what_may_be_called_from_a_handler_can_be_at_any_moment(void) {
    double until = now() + 10;
    wrong = 0;
    begin(ask_versions, 300);
    /* Making and freeing engines is allocating nearly all of the time. */
    while (now() < until && calls < 300) {
        CHECK_OK(pp_engine_unref(kit_small()));
    }
    end();
    CHECK(calls >= 300);
    CHECK_EQ(wrong, 0);
}

static pp_scratch handlers_own;

static void assess_with_another_scratch(int number) {
    (void)number;
    calls++;
    if (kit_assess(engine, handlers_own, "Elixir") != PP_OK) {
        others++;
    }
}

static void a_handler_may_assess_with_a_scratch_of_its_own(void) {
    /* The program is inside of a call that allocates nothing: both scratches were used with the engine before. */
    double until = now() + 10;
    const char *title = long_title();
    handlers_own = kit_scratch();
    CHECK_OK(kit_assess(engine, handlers_own, "Elixir"));
    CHECK_OK(kit_assess(engine, scratch, title));
    begin(assess_with_another_scratch, 500);
    while (now() < until && calls < 200) {
        if (!CHECK_OK(kit_assess(engine, scratch, title)) || !CHECK_EQ(kit_score(scratch, 0).total, 290)) {
            break;
        }
    }
    end();
    CHECK(calls >= 200);
    CHECK_EQ(others, 0);
    CHECK_EQ(kit_score(handlers_own, 1).total, 50);
    CHECK_OK(pp_scratch_free(handlers_own));
}

static volatile pp_engine referenced;

static void reference(int number) {
    pp_engine one;
    (void)number;
    one.id = referenced.id;
    calls++;
    if (pp_engine_ref(one) != PP_OK || pp_engine_unref(one) != PP_OK) {
        others++;
    }
}

static void a_handler_may_take_and_drop_a_reference(void) {
    double until = now() + 10;
    referenced.id = engine.id;
    begin(reference, 300);
    while (now() < until && calls < 300) {
        CHECK_OK(pp_engine_ref(engine));
        CHECK_OK(pp_engine_unref(engine));
        CHECK_OK(kit_assess(engine, scratch, "Magic wand"));
    }
    end();
    CHECK(calls >= 300);
    CHECK_EQ(others, 0);
}

static pthread_t main_thread;
static volatile sig_atomic_t here, elsewhere;

static void where_am_i(int number) {
    (void)number;
    if (pthread_equal(pthread_self(), main_thread)) {
        here++;
    } else {
        elsewhere++;
    }
}

static volatile int firing;

static void *fire(void *process) {
    (void)process;
    while (__atomic_load_n(&firing, __ATOMIC_RELAXED)) {
        kill(getpid(), SIGUSR1);
        usleep(50);
    }
    return NULL;
}

static void signals_during_a_batch_run_on_threads_of_the_program(void) {
    enum { ROWS = 3000 };
    static pp_value values[ROWS];
    static pp_listing listings[ROWS];
    static char expected[4096];
    pp_assess_options options = kit_lines();
    struct sigaction action, old;
    sigset_t usr1, mask;
    pthread_t shooter;
    pp_text line = {NULL, 0};
    int i;
    for (i = 0; i < ROWS; i++) {
        values[i] = kit_value("title", "Magic wand for sale, discreet delivery");
        listings[i] = kit_listing("same", &values[i], 1);
    }
    CHECK_OK(pp_assess(engine, scratch, &listings[0], &options, NULL));
    CHECK_OK(pp_result_line(scratch, 0, &line));
    kit_copy(expected, sizeof expected, line);
    main_thread = pthread_self();
    here = elsewhere = 0;
    memset(&action, 0, sizeof action);
    action.sa_handler = where_am_i;
    action.sa_flags = SA_RESTART;
    CHECK_EQ(sigaction(SIGUSR1, &action, &old), 0);
    /* The thread that sends takes none itself. */
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &usr1, &mask);
    firing = 1;
    CHECK_EQ(pthread_create(&shooter, NULL, fire, NULL), 0);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    options.threads = 8;
    for (i = 0; i < 30; i++) {
        size_t rows = 0;
        if (!CHECK_OK(pp_assess_batch(engine, scratch, listings, ROWS, &options, NULL))) {
            break;
        }
        CHECK_OK(pp_result_count(scratch, &rows));
        CHECK_EQ(rows, ROWS);
        CHECK_OK(pp_result_line(scratch, (size_t)(i * 100), &line));
        CHECK_TEXT(line, expected);
    }
    __atomic_store_n(&firing, 0, __ATOMIC_RELAXED);
    CHECK_EQ(pthread_join(shooter, NULL), 0);
    action.sa_handler = SIG_IGN;
    CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
    CHECK_EQ(sigaction(SIGUSR1, &old, NULL), 0);
    CHECK(here > 10);
    CHECK_EQ(elsewhere, 0);
}

static const test LIST[] = {
    TEST(a_result_that_a_handler_reads_is_there_or_busy),
    TEST(what_a_handler_reads_is_never_half_written),
    TEST(a_scratch_that_is_interrupted_cannot_be_freed_by_the_handler),
    TEST(what_may_be_called_from_a_handler_can_be_at_any_moment),
    TEST(a_handler_may_assess_with_a_scratch_of_its_own),
    TEST(a_handler_may_take_and_drop_a_reference),
    TEST(signals_during_a_batch_run_on_threads_of_the_program),
};

const tests signals_tests = {"signals", LIST, COUNT(LIST), kit_start, kit_stop};

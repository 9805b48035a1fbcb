/*
 * Packs are swapped under traffic: worker threads score a listing over and over, while the main thread builds engine after engine, by
 * turns of the embedded packs and of the embedded packs with a pack of the house laid over, and swaps each in. The program then says
 * whether every line was that of one of the two engines, and of that engine's tier, and whether every handle was given back.
 *
 * usage: hot_swap [SWAPS [THREADS]]      8 swaps and 8 threads, unless told otherwise
 *
 * Exit status: 0 all was in order, 1 something was not, 2 usage.
 */
#include <piepowder.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST_THREADS 256

/* How many listings an engine is taken for before the next one is swapped in, so that each one has traffic. */
#define LISTINGS_EACH 1000

/* What every service that swaps engines has: the current one, with one reference that belongs to this place, and a lock around both.
 * The lock is held for as long as a reference is taken or two handles are exchanged, never while an engine is built or used. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t had_traffic;
    pp_engine engine;
    size_t taken;
    int stop;
} current = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, {0}, 0, 0};

/* A reference to the current engine, for the caller to drop; 0 when there is no more work. */
static int take(pp_engine *engine) {
    int goes_on;
    pthread_mutex_lock(&current.lock);
    *engine = current.engine;
    /* Under the lock the place has its reference, so this one cannot come too late. */
    goes_on = !current.stop && pp_engine_ref(*engine) == PP_OK;
    if (++current.taken == LISTINGS_EACH) pthread_cond_signal(&current.had_traffic);
    pthread_mutex_unlock(&current.lock);
    return goes_on;
}

/* Puts an engine in, with the caller's reference. The one that was there loses its reference; calls that use it end as they began. */
static void swap(pp_engine engine) {
    pp_engine old;
    pthread_mutex_lock(&current.lock);
    while (current.taken < LISTINGS_EACH) pthread_cond_wait(&current.had_traffic, &current.lock); /* of this example alone */
    old = current.engine;
    current.engine = engine;
    current.taken = 0;
    pthread_mutex_unlock(&current.lock);
    pp_engine_unref(old);
}

/* The two engines: what each is made of, and what the listing is with it. */
static const pp_source pack[] = {
    {PP_LITERAL("tickets/pack.toml"), PP_LITERAL("format = 1\n"
                                                 "name = \"tickets\"\n"
                                                 "version = \"1.0.0\"\n"
                                                 "released = 2026-11-21\n"
                                                 "license = \"CC-BY-4.0\"\n"
                                                 "owner = \"moderation@example.com\"\n"
                                                 "[[offense]]\n"
                                                 "key = \"tickets\"\n"
                                                 "rank = 100\n"
                                                 "title = \"Resold tickets\"\n"
                                                 "proposition = \"The text offers a ticket in a name that is not the buyer's.\"\n")},
    {PP_LITERAL("tickets/rules.toml"), PP_LITERAL("[[group]]\n"
                                                  "key = \"tickets.resold\"\n"
                                                  "reason.en = \"The listing says that the ticket carries another person's name.\"\n"
                                                  "[[rule]]\n"
                                                  "key = \"tickets.resold.name\"\n"
                                                  "group = \"tickets.resold\"\n"
                                                  "title = \"says that the name on the ticket stays\"\n"
                                                  "weights = { tickets = 400 }\n"
                                                  "element = \"object\"\n"
                                                  "nature = \"house-rule\"\n"
                                                  "language = \"en\"\n"
                                                  "warrant = { kind = \"expert\", source = \"Terms of this shop.\" }\n"
                                                  "terms = [\"name stays on ticket\"]\n")},
};
static const char *const tiers[2] = {"clear", "review"};
static pp_digest digests[2];

static int failed(const char *what, pp_status status, pp_error error) {
    fprintf(stderr, "hot_swap: %s: %s\n", what, error.id != 0 ? pp_error_message(error) : pp_status_text(status));
    pp_error_free(error);
    return 0;
}

/* Makes an engine, with one reference, and gets its digest; 0 when that fails. */
static int build(size_t which, pp_engine *engine, pp_digest *digest) {
    pp_engine_options options;
    pp_error error = {0};
    pp_status status;
    PP_INIT(options);
    options.sources = pack;
    options.source_count = which == 1 ? 2 : 0;
    if ((status = pp_engine_create(&options, engine, &error)) != PP_OK) return failed("no engine", status, error);
    if ((status = pp_engine_digest(*engine, digest)) == PP_OK) return 1;
    pp_engine_unref(*engine);
    return failed("no digest", status, error);
}

static int contains(pp_text text, const char *word) {
    const size_t length = strlen(word);
    size_t at;
    for (at = 0; at + length <= text.length; at++)
        if (memcmp(text.data + at, word, length) == 0) return 1;
    return 0;
}

typedef struct {
    pthread_t thread;
    pp_scratch scratch;
    size_t of[2]; /* listings scored with each engine */
    size_t wrong;
} worker;

/* Assesses one listing; 1 and the engine whose digest and tier the line has, or 0. */
static int score(pp_engine engine, pp_scratch scratch, size_t *which) {
    static const pp_text title = PP_LITERAL("Concert ticket, Friday evening; name stays on ticket");
    const pp_value values[] = {PP_FIELD("title", title)};
    const pp_listing listing = {PP_LITERAL("ticket-1"), values, 1};
    pp_assess_options options;
    pp_decision decision;
    pp_error error = {0};
    pp_status status;
    pp_text line;
    PP_INIT(options), PP_INIT(decision);
    options.lines = PP_LINES_SCORES;
    if ((status = pp_assess(engine, scratch, &listing, &options, &error)) != PP_OK) return failed("not assessed", status, error);
    if ((status = pp_result_line(scratch, 0, &line)) != PP_OK) return failed("no line", status, error);
    if ((status = pp_result_decision(scratch, 0, &decision)) != PP_OK) return failed("no decision", status, error);
    for (*which = 0; *which < 2; ++*which) {
        const char *tier = tiers[*which];
        if (contains(line, digests[*which].digits))
            return decision.tier.length == strlen(tier) && memcmp(decision.tier.data, tier, strlen(tier)) == 0;
    }
    return 0;
}

/* A scratch belongs to one thread and to no engine. It keeps the memory of the engine that it used last, so that after a swap the old
 * packs are gone when each worker has scored its next listing, or has freed its scratch. */
static void *work(void *argument) {
    worker *self = (worker *)argument;
    pp_engine engine;
    size_t which = 0;
    while (take(&engine)) {
        if (score(engine, self->scratch, &which)) self->of[which]++;
        else self->wrong++;
        pp_engine_unref(engine);
    }
    pp_scratch_free(self->scratch);
    return NULL;
}

int main(int argc, char **argv) {
    static worker workers[MOST_THREADS];
    const long swaps = argc > 1 ? strtol(argv[1], NULL, 10) : 8, threads = argc > 2 ? strtol(argv[2], NULL, 10) : 8;
    size_t of[2] = {0, 0}, wrong = 0;
    pp_engine engine;
    pp_digest digest;
    long started, done, i;
    if (argc > 3 || swaps < 1 || threads < 1 || threads > MOST_THREADS) {
        fprintf(stderr, "usage: hot_swap [SWAPS [THREADS]], at least one of each and at most %d threads\n", MOST_THREADS);
        return 2;
    }
    if (!build(1, &engine, &digests[1])) return 1;
    pp_engine_unref(engine);
    if (!build(0, &engine, &digests[0])) return 1;
    current.engine = engine;
    for (started = 0; started < threads; started++) {
        worker *next = &workers[started];
        if (pp_scratch_create(&next->scratch) != PP_OK) break;
        if (pthread_create(&next->thread, NULL, work, next) == 0) continue;
        pp_scratch_free(next->scratch);
        break;
    }
    for (done = 0; started > 0 && done < swaps; done++) {
        const size_t which = done % 2 == 0 ? 1 : 0;
        if (!build(which, &engine, &digest)) break;
        /* The same packs and settings give the same digest. */
        if (strcmp(digest.digits, digests[which].digits) != 0) wrong++;
        swap(engine);
    }
    pthread_mutex_lock(&current.lock);
    current.stop = 1;
    pthread_mutex_unlock(&current.lock);
    for (i = 0; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
        of[0] += workers[i].of[0], of[1] += workers[i].of[1], wrong += workers[i].wrong;
    }
    pp_engine_unref(current.engine);
    printf("listings: %lu clear with the embedded packs, %lu review with the pack laid over\n", (unsigned long)of[0], (unsigned long)of[1]);
    printf("swaps: %ld, threads: %ld, wrong: %lu, handles left: %lu\n", done, started, (unsigned long)wrong, (unsigned long)pp_live_handles());
    return wrong == 0 && done == swaps && started == threads && pp_live_handles() == 0 ? 0 : 1;
}

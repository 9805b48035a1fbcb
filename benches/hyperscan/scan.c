/*
 * scan TEXTS TERMS PATTERNS: Hyperscan or Vectorscan over texts in memory, one scan a listing, for `cargo xtask campaign speed`.
 *
 * TEXTS holds texts one after another, each behind its length in bytes (four bytes, lowest first). TERMS and PATTERNS hold one a line.
 * Everything is read and compiled before the first answer, so that neither is timed. Then each line of standard input is one order, and
 * gives one line on standard output:
 *
 *   one           one database: every term between word borders, and the patterns
 *   two           two databases one after another: the terms as literals, whose borders the callback checks, and the patterns
 *   literals      the literals of `two` alone
 *   matches FILE  as `one`, untimed; writes "LISTING ID" for every pair seen, an id being the line of a term, or of a pattern behind these
 *
 * The first line is "ready VERSION TEXTS BYTES", then "SECONDS CPU-SECONDS CALLBACKS" an order. A callback counts a match, a literal's only
 * if its borders hold. It holds no logic of piepowder and reads no JSON. Invariant: every text is scanned by itself.
 */
#define _POSIX_C_SOURCE 200809L
#include <ctype.h>
#include <hs/hs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct texts {
    char *bytes;
    const char **starts;
    unsigned *lengths;
    size_t count, size;
};

struct lines {
    char **text;
    size_t *length;
    size_t count;
};

/* What a callback sees of the text at hand. */
struct seen {
    const char *text;
    unsigned length;
    const size_t *literal_lengths;
    unsigned long long callbacks;
    /* For `matches`: the last listing in which an id was seen, and where pairs are written. */
    unsigned *last;
    unsigned listing;
    FILE *pairs;
};

static void fail(const char *what, const char *why) {
    fprintf(stderr, "scan: %s: %s\n", what, why);
    exit(2);
}

static void *room(size_t bytes) {
    void *memory = malloc(bytes ? bytes : 1);
    if (!memory) fail("memory", "none left");
    return memory;
}

static char *whole(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) fail(path, "cannot be read");
    long length = ftell(file);
    if (length < 0) fail(path, "has no length");
    rewind(file);
    char *bytes = room((size_t)length + 1);
    if (fread(bytes, 1, (size_t)length, file) != (size_t)length) fail(path, "is shorter than it was");
    fclose(file);
    bytes[length] = 0;
    *size = (size_t)length;
    return bytes;
}

static unsigned number(const char *bytes) {
    const unsigned char *b = (const unsigned char *)bytes;
    return b[0] | (unsigned)b[1] << 8 | (unsigned)b[2] << 16 | (unsigned)b[3] << 24;
}

static struct texts read_texts(const char *path) {
    struct texts texts = {0};
    size_t size, at;
    texts.bytes = whole(path, &size);
    for (at = 0; at + 4 <= size; at += 4 + number(texts.bytes + at)) texts.count++;
    if (at != size) fail(path, "ends inside a text");
    texts.starts = room(texts.count * sizeof *texts.starts);
    texts.lengths = room(texts.count * sizeof *texts.lengths);
    at = 0;
    for (size_t i = 0; i < texts.count; i++) {
        texts.lengths[i] = number(texts.bytes + at);
        texts.starts[i] = texts.bytes + at + 4;
        texts.size += texts.lengths[i];
        at += 4 + texts.lengths[i];
    }
    return texts;
}

static struct lines read_lines(const char *path) {
    struct lines lines = {0};
    size_t size;
    char *bytes = whole(path, &size);
    for (size_t i = 0; i < size; i++) lines.count += bytes[i] == '\n';
    lines.text = room(lines.count * sizeof *lines.text);
    lines.length = room(lines.count * sizeof *lines.length);
    for (size_t i = 0; i < lines.count; i++) {
        char *end = strchr(bytes, '\n');
        if (!end) fail(path, "has a zero byte");
        *end = 0;
        lines.text[i] = bytes;
        lines.length[i] = (size_t)(end - bytes);
        bytes = end + 1;
    }
    return lines;
}

/* A term between word borders, as a regular expression. */
static char *bounded(const char *term) {
    char *regex = room(2 * strlen(term) + 5), *out = regex;
    *out++ = '\\', *out++ = 'b';
    for (; *term; term++) {
        if (!isalnum((unsigned char)*term) && *term != ' ') *out++ = '\\';
        *out++ = *term;
    }
    *out++ = '\\', *out++ = 'b', *out = 0;
    return regex;
}

static hs_database_t *compile(char **regexes, const size_t *lengths, size_t count) {
    unsigned *flags = room(count * sizeof *flags), *ids = room(count * sizeof *ids);
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    for (size_t i = 0; i < count; i++) flags[i] = HS_FLAG_CASELESS, ids[i] = (unsigned)i;
    hs_error_t state = lengths
        ? hs_compile_lit_multi((const char *const *)regexes, flags, ids, lengths, (unsigned)count, HS_MODE_BLOCK, NULL, &database, &error)
        : hs_compile_multi((const char *const *)regexes, flags, ids, (unsigned)count, HS_MODE_BLOCK, NULL, &database, &error);
    if (state != HS_SUCCESS) fail(error && error->expression >= 0 ? regexes[error->expression] : "database", error ? error->message : "no reason");
    free(flags);
    free(ids);
    return database;
}

static int of_word(unsigned char byte) { return isalnum(byte) || byte == '_'; }

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    struct seen *seen = context;
    (void)id, (void)from, (void)to, (void)flags;
    seen->callbacks++;
    return 0;
}

static int on_literal(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    struct seen *seen = context;
    size_t start = (size_t)to - seen->literal_lengths[id];
    (void)from, (void)flags;
    if (start > 0 && of_word((unsigned char)seen->text[start - 1])) return 0;
    if (to < seen->length && of_word((unsigned char)seen->text[to])) return 0;
    seen->callbacks++;
    return 0;
}

static int on_pair(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    struct seen *seen = context;
    (void)from, (void)to, (void)flags;
    seen->callbacks++;
    if (seen->last[id] != seen->listing) {
        seen->last[id] = seen->listing;
        fprintf(seen->pairs, "%u %u\n", seen->listing - 1, id);
    }
    return 0;
}

static double now(clockid_t clock) {
    struct timespec time;
    if (clock_gettime(clock, &time)) fail("clock", "there is none");
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void scan(const hs_database_t *database, hs_scratch_t *scratch, match_event_handler handler, struct seen *seen) {
    if (hs_scan(database, seen->text, seen->length, 0, scratch, handler, seen) != HS_SUCCESS) fail("hs_scan", "failed");
}

int main(int count, char **arguments) {
    if (count != 4) fail("usage", "scan TEXTS TERMS PATTERNS");
    struct texts texts = read_texts(arguments[1]);
    struct lines terms = read_lines(arguments[2]), patterns = read_lines(arguments[3]);
    size_t all = terms.count + patterns.count;
    char **regexes = room(all * sizeof *regexes);
    for (size_t i = 0; i < all; i++) regexes[i] = i < terms.count ? bounded(terms.text[i]) : patterns.text[i - terms.count];
    hs_database_t *both = compile(regexes, NULL, all);
    hs_database_t *literals = compile(terms.text, terms.length, terms.count);
    hs_database_t *shapes = compile(patterns.text, NULL, patterns.count);
    hs_scratch_t *scratch = NULL;
    if (hs_alloc_scratch(both, &scratch) || hs_alloc_scratch(literals, &scratch) || hs_alloc_scratch(shapes, &scratch)) fail("scratch", "none");
    printf("ready %s %zu %zu\n", hs_version(), texts.count, texts.size);
    fflush(stdout);

    char order[4096];
    while (fgets(order, sizeof order, stdin)) {
        struct seen seen = {0};
        order[strcspn(order, "\n")] = 0;
        int one = !strcmp(order, "one"), two = !strcmp(order, "two"), alone = !strcmp(order, "literals");
        int pairs = !strncmp(order, "matches ", 8);
        if (!(one || two || alone || pairs)) fail(order, "is no order");
        if (pairs) {
            seen.last = calloc(all ? all : 1, sizeof *seen.last);
            seen.pairs = fopen(order + 8, "wb");
            if (!seen.last || !seen.pairs) fail(order + 8, "cannot be written");
        }
        seen.literal_lengths = terms.length;
        double start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
        for (size_t i = 0; i < texts.count; i++) {
            seen.text = texts.starts[i];
            seen.length = texts.lengths[i];
            seen.listing = (unsigned)i + 1;
            if (one) scan(both, scratch, on_match, &seen);
            if (two || alone) scan(literals, scratch, on_literal, &seen);
            if (two) scan(shapes, scratch, on_match, &seen);
            if (pairs) scan(both, scratch, on_pair, &seen);
        }
        start = now(CLOCK_MONOTONIC) - start, cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        if (pairs) {
            if (fclose(seen.pairs)) fail(order + 8, "cannot be written");
            free(seen.last);
        }
        printf("%.6f %.6f %llu\n", start, cpu, seen.callbacks);
        fflush(stdout);
    }
    return 0;
}

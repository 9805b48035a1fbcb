/*
 * Reads a file of frames: the settings of an engine and listings, as bytes (benches/src/frames.rs says what is where). For programs that
 * do what a program in Rust does, with the very same listings. Everything points into the bytes of the file, which are never freed: a
 * program that reads frames ends soon after. A file that is not one ends the program.
 */
#ifndef FRAMES_H
#define FRAMES_H

#include "piepowder.h"
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    const unsigned char *at;
    size_t left;
} frames_reader;

typedef struct {
    pp_engine_options options;
    pp_listing *listings;
    size_t count;
} frames;

static void frames_fail(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(2);
}

static void frames_check(pp_status status, pp_error error) {
    if (status != PP_OK) {
        fprintf(stderr, "%s: %s\n", pp_status_text(status), pp_error_message(error));
        exit(2);
    }
}

static void *frames_make(size_t count, size_t size) {
    void *made = calloc(count == 0 ? 1 : count, size);
    if (made == NULL) {
        frames_fail("no memory");
    }
    return made;
}

static uint32_t frames_number(frames_reader *from) {
    uint32_t number;
    if (from->left < 4) {
        frames_fail("the frames end early");
    }
    number = from->at[0] | (uint32_t)from->at[1] << 8 | (uint32_t)from->at[2] << 16 | (uint32_t)from->at[3] << 24;
    from->at += 4;
    from->left -= 4;
    return number;
}

static pp_text frames_text(frames_reader *from) {
    pp_text text;
    text.length = frames_number(from);
    if (from->left < text.length) {
        frames_fail("the frames end early");
    }
    text.data = (const char *)from->at;
    from->at += text.length;
    from->left -= text.length;
    return text;
}

static frames frames_read(const char *path) {
    frames result;
    frames_reader from;
    FILE *file = fopen(path, "rb");
    long length;
    unsigned char *bytes;
    size_t i, k;
    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 4 || fseek(file, 0, SEEK_SET) != 0) {
        frames_fail("the frames cannot be read");
    }
    bytes = (unsigned char *)frames_make((size_t)length, 1);
    if (fread(bytes, 1, (size_t)length, file) != (size_t)length || memcmp(bytes, "PPF1", 4) != 0) {
        frames_fail("these are no frames");
    }
    fclose(file);
    from.at = bytes + 4;
    from.left = (size_t)length - 4;

    PP_INIT(result.options);
    result.options.base = frames_number(&from) == 1 ? PP_BASE_NONE : PP_BASE_EMBEDDED;
    result.options.source_count = frames_number(&from);
    pp_source *sources = (pp_source *)frames_make(result.options.source_count, sizeof(pp_source));
    for (i = 0; i < result.options.source_count; i++) {
        sources[i].name = frames_text(&from);
        sources[i].text = frames_text(&from);
    }
    result.options.sources = sources;
    result.options.policy.name = frames_text(&from);
    result.options.policy.text = frames_text(&from);
    result.options.prior_count = frames_number(&from);
    pp_prior *priors = (pp_prior *)frames_make(result.options.prior_count, sizeof(pp_prior));
    for (i = 0; i < result.options.prior_count; i++) {
        priors[i].offense = frames_text(&from);
        priors[i].probability = frames_text(&from);
    }
    result.options.priors = priors;
    result.options.as_of = frames_text(&from);
    result.options.jurisdiction_count = frames_number(&from);
    pp_text *jurisdictions = (pp_text *)frames_make(result.options.jurisdiction_count, sizeof(pp_text));
    for (i = 0; i < result.options.jurisdiction_count; i++) {
        jurisdictions[i] = frames_text(&from);
    }
    result.options.jurisdictions = jurisdictions;
    result.options.field_bytes = frames_number(&from);
    result.options.rule_matches = frames_number(&from);
    result.options.evidence = frames_number(&from);

    result.count = frames_number(&from);
    result.listings = (pp_listing *)frames_make(result.count, sizeof(pp_listing));
    for (i = 0; i < result.count; i++) {
        result.listings[i].id = frames_text(&from);
        result.listings[i].value_count = frames_number(&from);
        pp_value *values = (pp_value *)frames_make(result.listings[i].value_count, sizeof(pp_value));
        for (k = 0; k < result.listings[i].value_count; k++) {
            values[k].field = frames_text(&from);
            values[k].text = frames_text(&from);
        }
        result.listings[i].values = values;
    }
    if (from.left != 0) {
        frames_fail("there is something behind the listings");
    }
    return result;
}

#endif

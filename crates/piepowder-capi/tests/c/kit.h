/*
 * What the tests share: a small pack as text, engines of it and of the embedded packs, listings and calls in one line. Nothing here is
 * tested for its own sake; a check that fails in here fails the test that called.
 */
#ifndef KIT_H
#define KIT_H

#include "check.h"

/*
 * The small pack: offenses `wands` and `potions`, declared fields `condition` (text) and `stock` (number), and one rule for each thing that
 * a result can show. English is read, German and Russian are known and not read.
 */
extern const char KIT_PACK[];
extern const char KIT_RULES[];

/* Options that name the small pack alone. They point to static memory, and may be changed. */
pp_engine_options kit_options(void);

/* What pp_engine_create makes of options; the zero handle, and a failed check, when it makes nothing. */
pp_engine kit_engine(const pp_engine_options *options);
pp_engine kit_small(void);
pp_engine kit_embedded(void);

/* The status of an engine that should not come to be; the message of the error is copied to `message` when that is not null. */
pp_status kit_refusal(const pp_engine_options *options, char *message, size_t size);

pp_scratch kit_scratch(void);

/* An engine of the small pack and a scratch, for the files whose tests share them: kit_start makes them, kit_stop gives them back. */
extern pp_engine engine;
extern pp_scratch scratch;
void kit_start(void);
void kit_stop(void);

/* A field of a listing; both strings end with a NUL. */
pp_value kit_value(const char *field, const char *text);

/* A listing of so many values. */
pp_listing kit_listing(const char *id, const pp_value *values, size_t count);

/* Assesses a listing that has a title alone. */
pp_status kit_assess(pp_engine engine, pp_scratch scratch, const char *title);

/* Options that ask for whole lines. */
pp_assess_options kit_lines(void);

/* The line of a listing of a title, copied to `line`, which ends with a NUL. */
void kit_line(pp_engine engine, pp_scratch scratch, const char *title, char *line, size_t size);

/* The results of row 0; a failed check and zeros when there are none. */
pp_decision kit_decision(pp_scratch scratch);
pp_score kit_score(pp_scratch scratch, size_t offense);
pp_evidence kit_evidence(pp_scratch scratch, size_t index);
int32_t kit_weight(pp_scratch scratch, size_t evidence, size_t offense);

/* Whether row 0 has evidence of the rule, and which. */
int kit_find(pp_scratch scratch, const char *rule, pp_evidence *evidence);

/* The text of an error, copied, and the error freed. */
pp_status kit_message(pp_error error, char *message, size_t size);

int kit_is(pp_text text, const char *string);
pp_text kit_copy(char *to, size_t size, pp_text text);

/*
 * Waits for a child, which has `seconds` to end by itself before SIGALRM ends it (it has to call alarm). True when it ended with 0. A child
 * ends with _exit(check_failed()).
 */
int kit_child_was_well(int pid);

/* The same, with the status that it ended with; -1 when a signal ended it. */
int kit_child_status(int pid);

/* A copy at the very end of a page behind which nothing can be read or written: one byte too many would crash. It is never unmapped. */
char *kit_at_the_edge(const char *bytes, size_t length);

/* Whether a text is one JSON value, with nothing around it, of valid strings, numbers and words. */
int kit_is_json(pp_text text);

#endif

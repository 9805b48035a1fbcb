/* What the tests share: see kit.h. */
#define _DEFAULT_SOURCE

#include "kit.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

const char KIT_PACK[] =
    "format = 1\n"
    "name = \"bazaar\"\n"
    "version = \"1.0.0\"\n"
    "released = 2026-06-01\n"
    "license = \"CC0-1.0\"\n"
    "owner = \"tests@example.com\"\n"
    "[[offense]]\n"
    "key = \"wands\"\n"
    "rank = 1\n"
    "title = \"Wands\"\n"
    "proposition = \"The text offers a wand without a license.\"\n"
    "[[offense]]\n"
    "key = \"potions\"\n"
    "rank = 2\n"
    "title = \"Potions\"\n"
    "proposition = \"The text offers a potion without a license.\"\n"
    "[[field]]\n"
    "name = \"condition\"\n"
    "type = \"text\"\n"
    "[[field]]\n"
    "name = \"stock\"\n"
    "type = \"number\"\n"
    "[[language]]\n"
    "code = \"en\"\n"
    "scripts = [\"Latn\"]\n"
    "read = true\n"
    "words = [\"the\", \"and\", \"with\"]\n"
    "[[language]]\n"
    "code = \"ru\"\n"
    "scripts = [\"Cyrl\"]\n"
    "read = false\n"
    "words = [\"\xd0\xb8\", \"\xd0\xbd\xd0\xb5\"]\n"
    "[[language]]\n"
    "code = \"de\"\n"
    "scripts = [\"Latn\"]\n"
    "read = false\n"
    "words = [\"und\", \"nicht\", \"mit\"]\n";

const char KIT_RULES[] =
    "[defaults]\n"
    "language = \"en\"\n"
    "nature = \"regulatory\"\n"
    "element = \"object\"\n"
    "warrant = { kind = \"expert\", source = \"Made up for a test.\" }\n"
    "[[group]]\n"
    "key = \"wands.name\"\n"
    "reason.en = \"The text names a wand.\"\n"
    "[[group]]\n"
    "key = \"wands.offer\"\n"
    "reason.en = \"The text offers something for sale.\"\n"
    "[[group]]\n"
    "key = \"potions.name\"\n"
    "reason.en = \"The text names a potion.\"\n"
    "[[group]]\n"
    "key = \"bazaar.facts\"\n"
    "reason.en = \"The listing's own fields speak for it.\"\n"
    "[[group]]\n"
    "key = \"bazaar.discreet\"\n"
    "kind = \"signal\"\n"
    "reason.en = \"The text promises that nobody will know.\"\n"
    "[[group]]\n"
    "key = \"bazaar.toys\"\n"
    "kind = \"excuse\"\n"
    "reason.en = \"The text offers a toy.\"\n"
    "[[rule]]\n"
    "key = \"wands.name.wand\"\n"
    "group = \"wands.name\"\n"
    "title = \"names a wand\"\n"
    "weights = { wands = 320 }\n"
    "terms = [\"wand\", \"magic wand\", \"enchanted wand\"]\n"
    "disguised_from = 4\n"
    "[[rule]]\n"
    "key = \"wands.offer.sale\"\n"
    "group = \"wands.offer\"\n"
    "title = \"says for sale\"\n"
    "weights = { wands = 90, potions = 60 }\n"
    "element = \"offer\"\n"
    "terms = [\"for sale\"]\n"
    "[[rule]]\n"
    "key = \"potions.name.elixir\"\n"
    "group = \"potions.name\"\n"
    "title = \"names an elixir\"\n"
    "weights = { potions = 250, wands = 40 }\n"
    "nature = \"criminal\"\n"
    "terms = [\"elixir\"]\n"
    "jurisdictions = [\"DE\"]\n"
    "[[rule]]\n"
    "key = \"potions.name.draught\"\n"
    "group = \"potions.name\"\n"
    "title = \"names a draught, on trial\"\n"
    "weights = { potions = 200 }\n"
    "status = \"shadow\"\n"
    "terms = [\"draught\"]\n"
    "[[rule]]\n"
    "key = \"bazaar.facts.stock\"\n"
    "group = \"bazaar.facts\"\n"
    "title = \"has many\"\n"
    "weights = { wands = 70 }\n"
    "where = [{ field = \"stock\", above = \"3\" }]\n"
    "[[rule]]\n"
    "key = \"bazaar.facts.condition\"\n"
    "group = \"bazaar.facts\"\n"
    "title = \"is cursed\"\n"
    "weights = { wands = 110 }\n"
    "terms = [\"cursed\"]\n"
    "fields = [\"condition\"]\n"
    "[[rule]]\n"
    "key = \"bazaar.discreet.delivery\"\n"
    "group = \"bazaar.discreet\"\n"
    "title = \"promises a discreet delivery\"\n"
    "weights = { \"*\" = 80 }\n"
    "element = \"concealment\"\n"
    "terms = [\"discreet delivery\"]\n"
    "[[rule]]\n"
    "key = \"bazaar.toys.toy\"\n"
    "group = \"bazaar.toys\"\n"
    "title = \"a toy\"\n"
    "weights = { wands = -300 }\n"
    "element = \"context\"\n"
    "terms = [\"toy\"]\n"
    "excuses = { groups = [\"wands.name\"], within = 6 }\n"
    "[[rule]]\n"
    "key = \"wands.name.later\"\n"
    "group = \"wands.name\"\n"
    "title = \"names a scepter, from 2027 on\"\n"
    "weights = { wands = 300 }\n"
    "effective = 2027-01-01\n"
    "terms = [\"scepter\"]\n";

pp_engine_options kit_options(void) {
    static pp_source sources[2];
    pp_engine_options options;
    sources[0].name = pp_string("bazaar/pack.toml");
    sources[0].text = pp_string(KIT_PACK);
    sources[1].name = pp_string("bazaar/rules.toml");
    sources[1].text = pp_string(KIT_RULES);
    PP_INIT(options);
    options.base = PP_BASE_NONE;
    options.sources = sources;
    options.source_count = 2;
    return options;
}

pp_engine kit_engine(const pp_engine_options *options) {
    pp_engine engine = {0};
    pp_error error = {0};
    if (!CHECK_OK(pp_engine_create(options, &engine, &error))) {
        fprintf(stderr, "    %s\n", pp_error_message(error));
        pp_error_free(error);
    }
    return engine;
}

pp_engine kit_small(void) {
    pp_engine_options options = kit_options();
    return kit_engine(&options);
}

pp_engine kit_embedded(void) {
    return kit_engine(NULL);
}

pp_status kit_message(pp_error error, char *message, size_t size) {
    pp_status status = pp_error_status(error);
    if (message != NULL) {
        snprintf(message, size, "%s", pp_error_message(error));
    }
    CHECK_OK(pp_error_free(error));
    return status;
}

pp_status kit_refusal(const pp_engine_options *options, char *message, size_t size) {
    pp_engine engine = {0};
    pp_error error = {0};
    pp_status status = pp_engine_create(options, &engine, &error);
    CHECK_EQ(engine.id, 0);
    if (status == PP_OK) {
        pp_engine_unref(engine);
        return status;
    }
    CHECK_STATUS(kit_message(error, message, size), status);
    return status;
}

pp_scratch kit_scratch(void) {
    pp_scratch scratch = {0};
    CHECK_OK(pp_scratch_create(&scratch));
    return scratch;
}

pp_engine engine;
pp_scratch scratch;

void kit_start(void) {
    engine = kit_small();
    scratch = kit_scratch();
}

void kit_stop(void) {
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
}

pp_value kit_value(const char *field, const char *text) {
    pp_value value;
    memset(&value, 0, sizeof value);
    value.field = pp_string(field);
    value.text = pp_string(text);
    return value;
}

pp_listing kit_listing(const char *id, const pp_value *values, size_t count) {
    pp_listing listing;
    listing.id = pp_string(id);
    listing.values = values;
    listing.value_count = count;
    return listing;
}

pp_status kit_assess(pp_engine engine, pp_scratch scratch, const char *title) {
    pp_value value = kit_value("title", title);
    pp_listing listing = kit_listing(NULL, &value, 1);
    return pp_assess(engine, scratch, &listing, NULL, NULL);
}

pp_assess_options kit_lines(void) {
    pp_assess_options options;
    PP_INIT(options);
    options.lines = PP_LINES_FULL;
    return options;
}

void kit_line(pp_engine engine, pp_scratch scratch, const char *title, char *line, size_t size) {
    pp_assess_options options = kit_lines();
    pp_value value = kit_value("title", title);
    pp_listing listing = kit_listing(NULL, &value, 1);
    pp_text text = {NULL, 0};
    CHECK_OK(pp_assess(engine, scratch, &listing, &options, NULL));
    CHECK_OK(pp_result_line(scratch, 0, &text));
    kit_copy(line, size, text);
}

pp_text kit_copy(char *to, size_t size, pp_text text) {
    pp_text copy;
    if (!CHECK(text.length < size)) {
        text.length = size - 1;
    }
    if (text.length > 0) {
        memcpy(to, text.data, text.length);
    }
    to[text.length] = '\0';
    copy.data = to;
    copy.length = text.length;
    return copy;
}

pp_decision kit_decision(pp_scratch scratch) {
    pp_decision decision;
    PP_INIT(decision);
    CHECK_OK(pp_result_decision(scratch, 0, &decision));
    return decision;
}

pp_score kit_score(pp_scratch scratch, size_t offense) {
    pp_score score;
    PP_INIT(score);
    CHECK_OK(pp_result_score(scratch, 0, offense, &score));
    return score;
}

pp_evidence kit_evidence(pp_scratch scratch, size_t index) {
    pp_evidence evidence;
    PP_INIT(evidence);
    CHECK_OK(pp_result_evidence(scratch, 0, index, &evidence));
    return evidence;
}

int32_t kit_weight(pp_scratch scratch, size_t evidence, size_t offense) {
    int32_t weight = 0;
    CHECK_OK(pp_result_weight(scratch, 0, evidence, offense, &weight));
    return weight;
}

int kit_find(pp_scratch scratch, const char *rule, pp_evidence *evidence) {
    size_t i, count = kit_decision(scratch).evidence_count;
    for (i = 0; i < count; i++) {
        *evidence = kit_evidence(scratch, i);
        if (kit_is(evidence->rule, rule)) {
            return 1;
        }
    }
    memset(evidence, 0, sizeof *evidence);
    return 0;
}

int kit_is(pp_text text, const char *string) {
    return text.length == strlen(string) && (text.length == 0 || memcmp(text.data, string, text.length) == 0);
}

int kit_child_status(int pid) {
    int status = 0;
    if (!CHECK(pid > 0)) {
        return -1;
    }
    while (waitpid((pid_t)pid, &status, 0) < 0) {
        if (!CHECK_EQ(errno, EINTR)) {
            return -1;
        }
    }
    if (WIFSIGNALED(status)) {
        fprintf(stderr, "    a child was ended by signal %d%s\n", WTERMSIG(status), WTERMSIG(status) == 14 ? ": it hung" : "");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int kit_child_was_well(int pid) {
    return kit_child_status(pid) == 0;
}

char *kit_at_the_edge(const char *bytes, size_t length) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = length / page + 1;
    char *start = (char *)mmap(NULL, (pages + 1) * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *text;
    if (!CHECK(start != (char *)MAP_FAILED)) {
        return NULL;
    }
    CHECK_EQ(mprotect(start + pages * page, page, PROT_NONE), 0);
    text = start + pages * page - length;
    if (length > 0) {
        memcpy(text, bytes, length);
    }
    return text;
}

/* A reader of JSON that only says where a value ends; null when there is none. */
static const char *json_value(const char *at, const char *end, int depth);

static const char *json_string(const char *at, const char *end) {
    if (at == end || *at++ != '"') {
        return NULL;
    }
    while (at < end && *at != '"') {
        if ((unsigned char)*at < 0x20) {
            return NULL;
        }
        if (*at++ == '\\') {
            if (at == end || strchr("\"\\/bfnrtu", *at) == NULL) {
                return NULL;
            }
            if (*at++ == 'u') {
                int i;
                for (i = 0; i < 4; i++, at++) {
                    if (at == end || strchr("0123456789abcdefABCDEF", *at) == NULL) {
                        return NULL;
                    }
                }
            }
        }
    }
    return at == end ? NULL : at + 1;
}

static const char *json_list(const char *at, const char *end, int depth) {
    char close = *at == '{' ? '}' : ']';
    int is_object = *at++ == '{';
    if (at < end && *at == close) {
        return at + 1;
    }
    for (;;) {
        if (is_object) {
            at = json_string(at, end);
            if (at == NULL || at == end || *at++ != ':') {
                return NULL;
            }
        }
        at = json_value(at, end, depth + 1);
        if (at == NULL || at == end) {
            return NULL;
        }
        if (*at == close) {
            return at + 1;
        }
        if (*at++ != ',') {
            return NULL;
        }
    }
}

static const char *json_value(const char *at, const char *end, int depth) {
    static const char *const WORDS[] = {"true", "false", "null"};
    size_t i;
    if (at == end || depth > 100) {
        return NULL;
    }
    if (*at == '{' || *at == '[') {
        return json_list(at, end, depth);
    }
    if (*at == '"') {
        return json_string(at, end);
    }
    for (i = 0; i < COUNT(WORDS); i++) {
        if ((size_t)(end - at) >= strlen(WORDS[i]) && memcmp(at, WORDS[i], strlen(WORDS[i])) == 0) {
            return at + strlen(WORDS[i]);
        }
    }
    if (*at == '-') {
        at++;
    }
    for (i = 0; at < end && *at >= '0' && *at <= '9'; i++) {
        at++;
    }
    return i > 0 ? at : NULL;
}

int kit_is_json(pp_text text) {
    return text.length > 0 && json_value(text.data, text.data + text.length, 0) == text.data + text.length;
}

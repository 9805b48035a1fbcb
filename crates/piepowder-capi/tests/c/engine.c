/*
 * Engines: what they are made of, what they tell of themselves, what keeps them from being made, and their count of references. What is
 * wrong with pointers and sizes is tested in pointers.c and sizes.c, engines under many threads in threads.c.
 */
#define _POSIX_C_SOURCE 200809L

#include "kit.h"

#include <stdio.h>
#include <stdlib.h>

static const char POLICY[] =
    "format = 1\n"
    "name = \"stall\"\n"
    "version = \"1.0.0\"\n"
    "[prior]\n"
    "default = \"0.1\"\n"
    "[[tier]]\n"
    "name = \"fine\"\n"
    "[[tier]]\n"
    "name = \"odd\"\n"
    "threshold = 50\n"
    "person = true\n";

/* A pack of one offense that can be laid over the embedded ones. */
static const char FAIR_PACK[] =
    "format = 1\n"
    "name = \"fair\"\n"
    "version = \"1.0.0\"\n"
    "released = 2026-06-01\n"
    "license = \"CC0-1.0\"\n"
    "owner = \"tests@example.com\"\n"
    "[[offense]]\n"
    "key = \"wands\"\n"
    "rank = 60000\n"
    "title = \"Wands\"\n"
    "proposition = \"The text offers a wand without a license.\"\n";
static const char FAIR_RULES[] =
    "[[group]]\n"
    "key = \"wands.name\"\n"
    "reason.en = \"The text names a wand.\"\n"
    "[[rule]]\n"
    "key = \"wands.name.wand\"\n"
    "group = \"wands.name\"\n"
    "title = \"names a wand\"\n"
    "weights = { wands = 320 }\n"
    "element = \"object\"\n"
    "nature = \"regulatory\"\n"
    "language = \"en\"\n"
    "warrant = { kind = \"expert\", source = \"Made up for a test.\" }\n"
    "terms = [\"magic wand\"]\n";

static pp_source source(const char *name, const char *text) {
    pp_source result;
    result.name = pp_string(name);
    result.text = pp_string(text);
    return result;
}

static pp_prior prior(const char *offense, const char *probability) {
    pp_prior result;
    result.offense = pp_string(offense);
    result.probability = pp_string(probability);
    return result;
}

static pp_digest digest_of(pp_engine engine) {
    pp_digest digest;
    memset(&digest, 0, sizeof digest);
    CHECK_OK(pp_engine_digest(engine, &digest));
    return digest;
}

/* The digest of an engine of these options, which is gone again. */
static pp_digest digest_with(const pp_engine_options *options) {
    pp_engine engine = kit_engine(options);
    pp_digest digest = digest_of(engine);
    CHECK_OK(pp_engine_unref(engine));
    return digest;
}

static void check_digest_differs(const pp_engine_options *options) {
    pp_engine_options plain = kit_options();
    pp_digest a = digest_with(&plain), b = digest_with(options);
    CHECK(strcmp(a.digits, b.digits) != 0);
}

static pp_engine_facts facts_of(pp_engine engine) {
    pp_engine_facts facts;
    PP_INIT(facts);
    CHECK_OK(pp_engine_about(engine, &facts));
    return facts;
}

/* The total of an offense for a title. */
static int32_t total_of(pp_engine engine, const char *title, size_t offense) {
    pp_scratch scratch = kit_scratch();
    int32_t total;
    CHECK_OK(kit_assess(engine, scratch, title));
    total = kit_score(scratch, offense).total;
    CHECK_OK(pp_scratch_free(scratch));
    return total;
}

static void no_options_are_the_embedded_packs(void) {
    pp_engine engine = kit_embedded();
    pp_text key = {NULL, 0};
    CHECK(facts_of(engine).offense_count >= 4);
    CHECK(facts_of(engine).rule_count > 100);
    CHECK_OK(pp_engine_offense(engine, 0, &key));
    CHECK_TEXT(key, "narcotics");
    CHECK_OK(pp_engine_unref(engine));
}

static void options_of_zeros_are_the_same_as_none(void) {
    pp_engine_options options;
    pp_digest a = digest_with(NULL), b;
    PP_INIT(options);
    b = digest_with(&options);
    CHECK(strcmp(a.digits, b.digits) == 0);
}

static void the_embedded_packs_find_an_offer(void) {
    pp_engine engine = kit_embedded();
    pp_scratch scratch = kit_scratch();
    CHECK_OK(kit_assess(engine, scratch, "Pure cocaine, 3.5 g"));
    CHECK_TEXT(kit_decision(scratch).offense, "narcotics");
    CHECK_EQ(kit_decision(scratch).needs_person, 1);
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
}

static void sources_alone_are_all_that_there_is(void) {
    pp_engine engine = kit_small();
    pp_text key = {NULL, 0};
    CHECK_EQ(facts_of(engine).offense_count, 2);
    CHECK_OK(pp_engine_offense(engine, 0, &key));
    CHECK_TEXT(key, "wands");
    CHECK_OK(pp_engine_offense(engine, 1, &key));
    CHECK_TEXT(key, "potions");
    CHECK_OK(pp_engine_unref(engine));
}

static void sources_over_the_embedded_packs_add_to_them(void) {
    pp_engine_options options;
    pp_source sources[2];
    pp_engine plain = kit_embedded(), engine;
    size_t before = facts_of(plain).offense_count;
    pp_text key = {NULL, 0};
    pp_scratch scratch = kit_scratch();
    sources[0] = source("fair/pack.toml", FAIR_PACK);
    sources[1] = source("fair/rules.toml", FAIR_RULES);
    PP_INIT(options);
    options.sources = sources;
    options.source_count = 2;
    engine = kit_engine(&options);
    CHECK_EQ(facts_of(engine).offense_count, before + 1);
    CHECK_EQ(facts_of(engine).rule_count, facts_of(plain).rule_count + 1);
    CHECK_OK(pp_engine_offense(engine, before, &key));
    CHECK_TEXT(key, "wands");
    CHECK_OK(kit_assess(engine, scratch, "Magic wand"));
    CHECK_TEXT(kit_decision(scratch).offense, "wands");
    CHECK_OK(kit_assess(engine, scratch, "Pure cocaine, 3.5 g"));
    CHECK_TEXT(kit_decision(scratch).offense, "narcotics");
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
    CHECK_OK(pp_engine_unref(plain));
}

static void an_overlay_changes_a_rule_of_the_embedded_packs(void) {
    pp_engine_options options;
    pp_source sources[1];
    pp_engine plain = kit_embedded(), engine;
    pp_scratch scratch = kit_scratch();
    pp_evidence evidence;
    char pack[2048];
    snprintf(pack, sizeof pack, "extends = [\"narcotics\"]\n%s%s", FAIR_PACK,
             "[[change]]\n"
             "rule = \"narcotics.cocaine.trade\"\n"
             "owner = \"tests@example.com\"\n"
             "reason = \"Made up for a test.\"\n"
             "expires = 2099-01-01\n"
             "status = \"retired\"\n");
    sources[0] = source("fair/pack.toml", pack);
    PP_INIT(options);
    options.sources = sources;
    options.source_count = 1;
    engine = kit_engine(&options);
    CHECK_OK(kit_assess(plain, scratch, "Pure cocaine, 3.5 g"));
    CHECK(kit_find(scratch, "narcotics.cocaine.trade", &evidence));
    CHECK_OK(kit_assess(engine, scratch, "Pure cocaine, 3.5 g"));
    CHECK(!kit_find(scratch, "narcotics.cocaine.trade", &evidence));
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
    CHECK_OK(pp_engine_unref(plain));
}

static void an_overlay_may_not_define_an_embedded_offense_again(void) {
    pp_engine_options options;
    pp_source one;
    char pack[1024], message[4096];
    snprintf(pack, sizeof pack, "%s", FAIR_PACK);
    memcpy(strstr(pack, "\"wands\""), "\"arms\" ", 7);
    one = source("fair/pack.toml", pack);
    PP_INIT(options);
    options.sources = &one;
    options.source_count = 1;
    CHECK_STATUS(kit_refusal(&options, message, sizeof message), PP_PACKS);
    CHECK_HOLDS(pp_string(message), "P036");
}

static void nothing_and_no_sources_is_no_engine(void) {
    pp_engine_options options;
    PP_INIT(options);
    options.base = PP_BASE_NONE;
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_SETTING);
}

static void an_unknown_base_is_told_with_its_number(void) {
    pp_engine_options options = kit_options();
    char message[500];
    options.base = 3;
    CHECK_STATUS(kit_refusal(&options, message, sizeof message), PP_ARGUMENT);
    CHECK_HOLDS(pp_string(message), "3");
}

static void a_failure_writes_no_engine(void) {
    pp_engine_options options = kit_options();
    pp_engine engine = {4711};
    options.base = 99;
    CHECK_STATUS(pp_engine_create(&options, &engine, NULL), PP_ARGUMENT);
    CHECK_EQ(engine.id, 4711);
}

static void nothing_of_the_options_is_kept(void) {
    pp_engine_options options = kit_options();
    pp_source sources[2];
    char *pack = (char *)malloc(strlen(KIT_PACK) + 1), *rules = (char *)malloc(strlen(KIT_RULES) + 1), *day = (char *)malloc(11);
    pp_engine engine, other = kit_small();
    if (!CHECK(pack != NULL && rules != NULL && day != NULL)) {
        return;
    }
    strcpy(pack, KIT_PACK);
    strcpy(rules, KIT_RULES);
    strcpy(day, "2026-06-01");
    sources[0] = source("bazaar/pack.toml", pack);
    sources[1] = source("bazaar/rules.toml", rules);
    options.sources = sources;
    options.as_of = pp_string(day);
    engine = kit_engine(&options);
    memset(pack, 'x', strlen(KIT_PACK));
    memset(rules, 'x', strlen(KIT_RULES));
    memset(day, 'x', 10);
    free(pack);
    free(rules);
    free(day);
    memset(sources, 0xff, sizeof sources);
    memset(&options, 0xff, sizeof options);
    CHECK_EQ(total_of(engine, "Magic wand", 0), total_of(other, "Magic wand", 0));
    CHECK(strcmp(digest_of(engine).digits, digest_of(other).digits) == 0);
    CHECK_OK(pp_engine_unref(engine));
    CHECK_OK(pp_engine_unref(other));
}

static void the_twelve_fixed_fields_come_first(void) {
    static const char *const NAMES[] = {"title",      "description", "brand", "category", "attributes", "seller",
                                        "ships_from", "ships_to",    "price", "currency", "language",   "listed_at"};
    pp_engine engine = kit_small();
    pp_text field = {NULL, 0};
    size_t i;
    for (i = 0; i < COUNT(NAMES); i++) {
        CHECK_OK(pp_engine_field(engine, i, &field));
        CHECK_TEXT(field, NAMES[i]);
    }
    CHECK_OK(pp_engine_unref(engine));
}

static void declared_fields_come_behind_the_fixed_ones(void) {
    pp_engine engine = kit_small();
    pp_text a = {NULL, 0}, b = {NULL, 0};
    CHECK_EQ(facts_of(engine).field_count, 14);
    CHECK_OK(pp_engine_field(engine, 12, &a));
    CHECK_OK(pp_engine_field(engine, 13, &b));
    CHECK(kit_is(a, "condition") || kit_is(b, "condition"));
    CHECK(kit_is(a, "stock") || kit_is(b, "stock"));
    CHECK_OK(pp_engine_unref(engine));
}

static void offenses_and_fields_beyond_the_last_are_out_of_range(void) {
    pp_engine engine = kit_small();
    pp_text text = {NULL, 0};
    CHECK_STATUS(pp_engine_offense(engine, 2, &text), PP_RANGE);
    CHECK_STATUS(pp_engine_offense(engine, SIZE_MAX, &text), PP_RANGE);
    CHECK_STATUS(pp_engine_field(engine, 14, &text), PP_RANGE);
    CHECK_STATUS(pp_engine_field(engine, SIZE_MAX, &text), PP_RANGE);
    CHECK_OK(pp_engine_unref(engine));
}

static void offenses_follow_their_rank(void) {
    pp_engine_options options = kit_options();
    pp_source sources[2];
    char pack[4096];
    pp_engine engine;
    pp_text key = {NULL, 0};
    snprintf(pack, sizeof pack, "%s", KIT_PACK);
    memcpy(strstr(pack, "rank = 1"), "rank = 9", 8);
    sources[0] = source("bazaar/pack.toml", pack);
    sources[1] = source("bazaar/rules.toml", KIT_RULES);
    options.sources = sources;
    engine = kit_engine(&options);
    CHECK_OK(pp_engine_offense(engine, 0, &key));
    CHECK_TEXT(key, "potions");
    CHECK_OK(pp_engine_unref(engine));
}

static void texts_of_an_engine_stay_while_it_has_a_reference(void) {
    pp_engine engine = kit_small(), other;
    pp_scratch scratch = kit_scratch();
    pp_text key = {NULL, 0}, field = {NULL, 0};
    int i;
    CHECK_OK(pp_engine_ref(engine));
    CHECK_OK(pp_engine_offense(engine, 1, &key));
    CHECK_OK(pp_engine_field(engine, 12, &field));
    CHECK_OK(pp_engine_unref(engine));
    for (i = 0; i < 50; i++) {
        other = kit_small();
        CHECK_OK(kit_assess(other, scratch, "Magic wand"));
        CHECK_OK(pp_engine_unref(other));
    }
    CHECK_TEXT(key, "potions");
    CHECK(kit_is(field, "condition") || kit_is(field, "stock"));
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
}

static void a_warning_keeps_nothing_from_loading_and_has_its_place(void) {
    pp_engine_options options = kit_options();
    pp_source sources[2];
    static char rules[16384];
    pp_engine engine;
    pp_problem problem;
    /* Behind [defaults], which are five lines. */
    int head = (int)(strstr(KIT_RULES, "[[group]]") - KIT_RULES);
    snprintf(rules, sizeof rules, "%.*s[[group]]\nkey = \"wands.idle\"\nreason.en = \"Nothing is in it.\"\n%s", head, KIT_RULES, KIT_RULES + head);
    sources[0] = source("bazaar/pack.toml", KIT_PACK);
    sources[1] = source("bazaar/rules.toml", rules);
    options.sources = sources;
    engine = kit_engine(&options);
    CHECK_EQ(facts_of(engine).warning_count, 1);
    PP_INIT(problem);
    CHECK_OK(pp_engine_warning(engine, 0, &problem));
    CHECK_EQ(problem.is_error, 0);
    CHECK_TEXT(problem.code, "P104");
    CHECK_TEXT(problem.source, "bazaar/rules.toml");
    CHECK_EQ(problem.line, 7);
    CHECK_EQ(problem.column, 7);
    CHECK_HOLDS(problem.message, "wands.idle");
    CHECK_STATUS(pp_engine_warning(engine, 1, &problem), PP_RANGE);
    CHECK_OK(pp_engine_unref(engine));
}

static void an_engine_without_warnings_has_none_at_any_index(void) {
    pp_engine engine = kit_small();
    pp_problem problem;
    PP_INIT(problem);
    CHECK_EQ(facts_of(engine).warning_count, 0);
    CHECK_STATUS(pp_engine_warning(engine, 0, &problem), PP_RANGE);
    CHECK_STATUS(pp_engine_warning(engine, SIZE_MAX, &problem), PP_RANGE);
    CHECK_OK(pp_engine_unref(engine));
}

static void an_engine_says_about_how_much_memory_it_takes(void) {
    pp_engine small = kit_small(), large = kit_embedded();
    CHECK(facts_of(small).memory > 1000);
    CHECK(facts_of(large).memory > facts_of(small).memory);
    CHECK_OK(pp_engine_unref(small));
    CHECK_OK(pp_engine_unref(large));
}

static void a_digest_is_64_hexadecimal_digits_and_a_nul(void) {
    pp_engine engine = kit_small();
    pp_digest digest = digest_of(engine);
    CHECK_EQ(strlen(digest.digits), 64);
    CHECK_EQ(strspn(digest.digits, "0123456789abcdef"), 64);
    CHECK_OK(pp_engine_unref(engine));
}

static void equal_options_make_equal_digests(void) {
    pp_engine_options options = kit_options();
    pp_prior own = prior("wands", "0.002");
    pp_text code = PP_LITERAL("DE");
    pp_digest a, b;
    options.priors = &own;
    options.prior_count = 1;
    options.jurisdictions = &code;
    options.jurisdiction_count = 1;
    options.as_of = pp_string("2026-07-01");
    a = digest_with(&options);
    b = digest_with(&options);
    CHECK(strcmp(a.digits, b.digits) == 0);
}

static void a_limit_that_is_the_default_makes_the_same_digest(void) {
    pp_engine_options plain = kit_options(), said = kit_options();
    pp_digest a, b;
    said.field_bytes = 262144;
    said.rule_matches = 64;
    said.evidence = 4096;
    a = digest_with(&plain);
    b = digest_with(&said);
    CHECK(strcmp(a.digits, b.digits) == 0);
}

static void another_policy_makes_another_digest(void) {
    pp_engine_options options = kit_options();
    options.policy = source("stall.toml", POLICY);
    check_digest_differs(&options);
}

static void another_prior_makes_another_digest(void) {
    pp_engine_options options = kit_options();
    pp_prior own = prior("wands", "0.002");
    options.priors = &own;
    options.prior_count = 1;
    check_digest_differs(&options);
}

static void another_day_makes_another_digest(void) {
    pp_engine_options options = kit_options();
    options.as_of = pp_string("2026-06-02");
    check_digest_differs(&options);
}

static void other_jurisdictions_make_another_digest(void) {
    pp_engine_options options = kit_options();
    pp_text code = PP_LITERAL("DE");
    options.jurisdictions = &code;
    options.jurisdiction_count = 1;
    check_digest_differs(&options);
}

static void another_length_of_fields_makes_another_digest(void) {
    pp_engine_options options = kit_options();
    options.field_bytes = 1000;
    check_digest_differs(&options);
}

static void another_number_of_matches_makes_another_digest(void) {
    pp_engine_options options = kit_options();
    options.rule_matches = 10;
    check_digest_differs(&options);
}

static void another_number_of_rules_weighed_makes_another_digest(void) {
    pp_engine_options options = kit_options();
    options.evidence = 10;
    check_digest_differs(&options);
}

static void other_sources_make_another_digest(void) {
    pp_engine_options options = kit_options();
    pp_source sources[2];
    static char rules[8192];
    snprintf(rules, sizeof rules, "%s", KIT_RULES);
    memcpy(strstr(rules, "wands = 320"), "wands = 321", 11);
    sources[0] = source("bazaar/pack.toml", KIT_PACK);
    sources[1] = source("bazaar/rules.toml", rules);
    options.sources = sources;
    check_digest_differs(&options);
}

static void a_policy_names_the_tiers(void) {
    pp_engine_options options = kit_options();
    pp_engine engine;
    pp_scratch scratch = kit_scratch();
    pp_decision decision;
    options.policy = source("stall.toml", POLICY);
    engine = kit_engine(&options);
    CHECK_OK(kit_assess(engine, scratch, "Oak desk"));
    CHECK_TEXT(kit_decision(scratch).tier, "fine");
    CHECK_OK(kit_assess(engine, scratch, "Magic wand"));
    decision = kit_decision(scratch);
    CHECK_TEXT(decision.tier, "odd");
    CHECK_EQ(decision.rank, 1);
    CHECK_EQ(decision.needs_person, 1);
    CHECK_EQ(decision.threshold, 50);
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
}

static void problems_of_a_policy_are_listed_under_its_name(void) {
    pp_engine_options options = kit_options();
    pp_engine engine = {0};
    pp_error error = {0};
    pp_problem problem;
    options.policy = source("my policy", "format = 1\nname = \"x\"\nversion = \"1.0.0\"\n[prior]\ndefault = \"2\"\n[[tier]]\nname = \"a\"\n");
    CHECK_STATUS(pp_engine_create(&options, &engine, &error), PP_PACKS);
    PP_INIT(problem);
    CHECK_OK(pp_error_problem(error, 0, &problem));
    CHECK_TEXT(problem.source, "my policy");
    CHECK_TEXT(problem.code, "P050");
    CHECK_OK(pp_error_problem(error, 1, &problem));
    CHECK_TEXT(problem.code, "P052");
    CHECK_OK(pp_error_free(error));
}

static void a_policy_may_not_name_an_offense_that_is_not_there(void) {
    pp_engine_options options = kit_options();
    char policy[1000], message[1000];
    int head = (int)(strstr(POLICY, "default") - POLICY);
    snprintf(policy, sizeof policy, "%.*sdragons = \"0.1\"\n%s", head, POLICY, POLICY + head);
    options.policy = source("stall.toml", policy);
    CHECK_STATUS(kit_refusal(&options, message, sizeof message), PP_SETTING);
    CHECK_HOLDS(pp_string(message), "dragons");
}

static void a_prior_is_part_of_the_score(void) {
    pp_engine_options options = kit_options();
    pp_prior own = prior("wands", "0.001");
    pp_engine engine;
    pp_scratch scratch = kit_scratch();
    options.priors = &own;
    options.prior_count = 1;
    engine = kit_engine(&options);
    CHECK_OK(kit_assess(engine, scratch, "Magic wand"));
    CHECK_EQ(kit_score(scratch, 0).prior, -300);
    CHECK_EQ(kit_score(scratch, 0).total, 20);
    CHECK_EQ(kit_score(scratch, 1).prior, -200);
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
}

static void a_prior_goes_before_that_of_the_policy(void) {
    pp_engine_options options = kit_options();
    pp_prior own = prior("potions", "0.5");
    pp_engine engine;
    pp_scratch scratch = kit_scratch();
    options.policy = source("stall.toml", POLICY);
    options.priors = &own;
    options.prior_count = 1;
    engine = kit_engine(&options);
    CHECK_OK(kit_assess(engine, scratch, "Oak desk"));
    CHECK_EQ(kit_score(scratch, 0).prior, -95);
    CHECK_EQ(kit_score(scratch, 1).prior, 0);
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
}

static void a_prior_that_is_no_probability_is_refused(void) {
    static const char *const WRONG[] = {"0", "1", "1.5", "-0.1", "abc", "", "1e-3", " 0.1", "0.1 ", "nan"};
    pp_engine_options options = kit_options();
    size_t i;
    for (i = 0; i < COUNT(WRONG); i++) {
        pp_prior own = prior("wands", WRONG[i]);
        options.priors = &own;
        options.prior_count = 1;
        CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_SETTING);
    }
}

static void a_prior_of_an_unknown_offense_is_refused_by_name(void) {
    pp_engine_options options = kit_options();
    pp_prior own = prior("dragons", "0.1");
    char message[500];
    options.priors = &own;
    options.prior_count = 1;
    CHECK_STATUS(kit_refusal(&options, message, sizeof message), PP_SETTING);
    CHECK_HOLDS(pp_string(message), "dragons");
}

static void a_day_that_is_none_is_refused(void) {
    static const char *const WRONG[] = {"2026-13-01", "2026-02-30", "tomorrow", "2026-6-1", "0000-00-00", "2026-06-01T00:00:00Z", " 2026-06-01"};
    pp_engine_options options = kit_options();
    size_t i;
    for (i = 0; i < COUNT(WRONG); i++) {
        options.as_of = pp_string(WRONG[i]);
        CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_SETTING);
    }
}

static void a_rule_is_in_force_from_its_day_on(void) {
    pp_engine_options options = kit_options();
    pp_engine before, after;
    options.as_of = pp_string("2026-12-31");
    before = kit_engine(&options);
    options.as_of = pp_string("2027-01-01");
    after = kit_engine(&options);
    CHECK_EQ(total_of(before, "An old scepter", 0), -200);
    CHECK_EQ(total_of(after, "An old scepter", 0), 100);
    CHECK_EQ(facts_of(after).rule_count, facts_of(before).rule_count + 1);
    CHECK_OK(pp_engine_unref(before));
    CHECK_OK(pp_engine_unref(after));
}

static void without_a_day_that_of_the_newest_release_counts(void) {
    pp_engine_options plain = kit_options(), said = kit_options();
    pp_digest a, b;
    said.as_of = pp_string("2026-06-01");
    a = digest_with(&plain);
    b = digest_with(&said);
    CHECK(strcmp(a.digits, b.digits) == 0);
}

static void rules_of_other_jurisdictions_do_not_apply(void) {
    pp_engine_options options = kit_options();
    pp_text german = PP_LITERAL("DE"), french = PP_LITERAL("FR");
    pp_engine here, there;
    options.jurisdiction_count = 1;
    options.jurisdictions = &german;
    here = kit_engine(&options);
    options.jurisdictions = &french;
    there = kit_engine(&options);
    CHECK_EQ(total_of(here, "Elixir", 1), 50);
    CHECK_EQ(total_of(there, "Elixir", 1), -200);
    /* A rule without any applies everywhere. */
    CHECK_EQ(total_of(there, "Magic wand", 0), 120);
    CHECK_OK(pp_engine_unref(here));
    CHECK_OK(pp_engine_unref(there));
}

static void the_order_of_jurisdictions_does_not_matter(void) {
    pp_engine_options options = kit_options();
    pp_text a[2] = {PP_LITERAL("DE"), PP_LITERAL("FR")}, b[3] = {PP_LITERAL("FR"), PP_LITERAL("DE"), PP_LITERAL("FR")};
    pp_digest first, second;
    options.jurisdictions = a;
    options.jurisdiction_count = 2;
    first = digest_with(&options);
    options.jurisdictions = b;
    options.jurisdiction_count = 3;
    second = digest_with(&options);
    CHECK(strcmp(first.digits, second.digits) == 0);
}

static void limits_out_of_range_are_refused_rather_than_corrected(void) {
    pp_engine_options options = kit_options();
    options.field_bytes = 15;
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_SETTING);
    options.field_bytes = 16777217;
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_SETTING);
    options = kit_options();
    options.rule_matches = 4097;
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_SETTING);
    options = kit_options();
    options.evidence = 4097;
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_SETTING);
    options.evidence = UINT32_MAX;
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_SETTING);
}

static void limits_at_their_bounds_are_taken(void) {
    pp_engine_options options = kit_options();
    options.field_bytes = 16;
    options.rule_matches = 1;
    options.evidence = 1;
    CHECK_OK(pp_engine_unref(kit_engine(&options)));
    options.field_bytes = 16777216;
    options.rule_matches = 4096;
    options.evidence = 4096;
    CHECK_OK(pp_engine_unref(kit_engine(&options)));
}

static void a_text_beyond_the_limit_is_cut_and_flagged(void) {
    pp_engine_options options = kit_options();
    pp_engine engine;
    pp_scratch scratch = kit_scratch();
    pp_evidence evidence;
    options.field_bytes = 16;
    engine = kit_engine(&options);
    CHECK_OK(kit_assess(engine, scratch, "A magic wand ..."));
    CHECK_EQ(kit_decision(scratch).flags, 0);
    CHECK_OK(kit_assess(engine, scratch, "An old oak desk, and a magic wand"));
    CHECK_EQ(kit_decision(scratch).flags, PP_FLAG_TRUNCATED);
    CHECK_TEXT(kit_decision(scratch).reason, "truncation");
    CHECK_EQ(kit_decision(scratch).offense.length, 0);
    CHECK(!kit_find(scratch, "wands.name.wand", &evidence));
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
}

static void matches_beyond_the_limit_are_flagged(void) {
    pp_engine_options options = kit_options();
    pp_engine engine;
    pp_scratch scratch = kit_scratch();
    options.rule_matches = 2;
    engine = kit_engine(&options);
    CHECK_OK(kit_assess(engine, scratch, "wand, wand"));
    CHECK_EQ(kit_decision(scratch).flags, 0);
    CHECK_OK(kit_assess(engine, scratch, "wand, wand, wand"));
    CHECK_EQ(kit_decision(scratch).flags, PP_FLAG_MATCHES_CAPPED);
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
}

static void rules_beyond_the_limit_are_flagged(void) {
    pp_engine_options options = kit_options();
    pp_engine engine;
    pp_scratch scratch = kit_scratch();
    options.evidence = 1;
    engine = kit_engine(&options);
    CHECK_OK(kit_assess(engine, scratch, "magic wand"));
    CHECK_EQ(kit_decision(scratch).flags, 0);
    CHECK_OK(kit_assess(engine, scratch, "magic wand for sale"));
    CHECK_EQ(kit_decision(scratch).flags, PP_FLAG_EVIDENCE_CAPPED);
    CHECK_EQ(kit_decision(scratch).evidence_count, 1);
    CHECK_OK(pp_scratch_free(scratch));
    CHECK_OK(pp_engine_unref(engine));
}

static void more_offenses_than_an_engine_can_hold_are_a_problem(void) {
    pp_engine_options options;
    pp_source one;
    char pack[8192], message[1000];
    size_t length;
    int i;
    snprintf(pack, sizeof pack, "%s", FAIR_PACK);
    for (i = 0; i < 16; i++) {
        length = strlen(pack);
        snprintf(pack + length, sizeof pack - length, "[[offense]]\nkey = \"more-%d\"\nrank = %d\ntitle = \"More\"\nproposition = \"The text offers more.\"\n",
                 i, i);
    }
    one = source("fair/pack.toml", pack);
    PP_INIT(options);
    options.base = PP_BASE_NONE;
    options.sources = &one;
    options.source_count = 1;
    CHECK_STATUS(kit_refusal(&options, message, sizeof message), PP_PACKS);
    CHECK_HOLDS(pp_string(message), "P004");
    CHECK_HOLDS(pp_string(message), "17");
}

static void a_source_above_16_mib_is_a_problem_with_a_code(void) {
    pp_engine_options options = kit_options();
    pp_source sources[2];
    size_t size = (16 << 20) + 1;
    char *text = (char *)malloc(size), message[2000];
    if (!CHECK(text != NULL)) {
        return;
    }
    memset(text, '\n', size);
    sources[0] = source("bazaar/pack.toml", KIT_PACK);
    sources[1] = source("bazaar/rules.toml", "");
    sources[1].text.data = text;
    sources[1].text.length = size;
    options.sources = sources;
    CHECK_STATUS(kit_refusal(&options, message, sizeof message), PP_PACKS);
    CHECK_HOLDS(pp_string(message), "P004");
    free(text);
}

static void a_source_that_is_not_utf8_is_refused_by_name_and_byte(void) {
    pp_engine_options options = kit_options();
    pp_source sources[2];
    char message[500];
    sources[0] = source("bazaar/pack.toml", KIT_PACK);
    sources[1] = source("bazaar/rules.toml", "# caf\xe9\n");
    options.sources = sources;
    CHECK_STATUS(kit_refusal(&options, message, sizeof message), PP_ENCODING);
    CHECK_HOLDS(pp_string(message), "bazaar/rules.toml");
    CHECK_HOLDS(pp_string(message), "5");
}

static void the_name_of_a_source_must_be_utf8(void) {
    pp_engine_options options = kit_options();
    pp_source sources[2];
    sources[0] = source("bazaar/pack.toml", KIT_PACK);
    sources[1] = source("bazaar/\xff.toml", KIT_RULES);
    options.sources = sources;
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_ENCODING);
}

static void a_policy_must_be_utf8(void) {
    pp_engine_options options = kit_options();
    options.policy = source("stall.toml", "# \xc3\x28");
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_ENCODING);
    options.policy = source("\xff", POLICY);
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_ENCODING);
}

static void a_prior_must_be_utf8(void) {
    pp_engine_options options = kit_options();
    pp_prior own = prior("wands\xff", "0.1");
    options.priors = &own;
    options.prior_count = 1;
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_ENCODING);
    own = prior("wands", "0.\xff");
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_ENCODING);
}

static void a_day_must_be_utf8(void) {
    pp_engine_options options = kit_options();
    options.as_of = pp_string("2026-06-0\xff");
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_ENCODING);
}

static void a_jurisdiction_must_be_utf8(void) {
    pp_engine_options options = kit_options();
    pp_text code = PP_LITERAL("\xed\xa0\x80");
    options.jurisdictions = &code;
    options.jurisdiction_count = 1;
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_ENCODING);
}

static void an_engine_lives_until_its_last_reference_is_dropped(void) {
    pp_engine engine = kit_small();
    CHECK_OK(pp_engine_ref(engine));
    CHECK_OK(pp_engine_ref(engine));
    CHECK_OK(pp_engine_unref(engine));
    CHECK_OK(pp_engine_unref(engine));
    CHECK_EQ(total_of(engine, "Magic wand", 0), 120);
    CHECK_OK(pp_engine_unref(engine));
    CHECK_STATUS(pp_engine_unref(engine), PP_HANDLE);
    CHECK_STATUS(pp_engine_ref(engine), PP_HANDLE);
}

static void a_reference_cannot_bring_an_engine_back(void) {
    pp_engine engine = kit_small();
    pp_digest digest;
    CHECK_OK(pp_engine_unref(engine));
    CHECK_STATUS(pp_engine_ref(engine), PP_HANDLE);
    CHECK_STATUS(pp_engine_digest(engine, &digest), PP_HANDLE);
}

static void engines_of_equal_options_are_engines_of_their_own(void) {
    pp_engine a = kit_small(), b = kit_small();
    CHECK(a.id != b.id);
    CHECK_OK(pp_engine_unref(a));
    CHECK_EQ(total_of(b, "Magic wand", 0), 120);
    CHECK_OK(pp_engine_unref(b));
}

static void results_stay_when_their_engine_has_no_reference_left(void) {
    pp_engine engine = kit_small();
    pp_scratch scratch = kit_scratch();
    CHECK_OK(kit_assess(engine, scratch, "Magic wand"));
    CHECK_OK(pp_engine_unref(engine));
    CHECK_TEXT(kit_decision(scratch).offense, "wands");
    CHECK_EQ(kit_score(scratch, 0).total, 120);
    CHECK_OK(pp_scratch_free(scratch));
}

static void compiled_bytes_need_the_base_that_reads_them(void) {
    pp_engine_options options = kit_options();
    options.compiled = pp_string("whatever");
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_ARGUMENT);
    options.base = PP_BASE_EMBEDDED;
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_ARGUMENT);
}

static void a_compiled_base_without_bytes_is_no_pack(void) {
    pp_engine_options options;
    PP_INIT(options);
    options.base = PP_BASE_COMPILED;
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_COMPILED);
}

static void bytes_that_no_piepowder_wrote_are_no_compiled_pack(void) {
    pp_engine_options options;
    static char bytes[65536];
    uint32_t state = 1;
    size_t i;
    for (i = 0; i < sizeof bytes; i++) {
        state = state * 1664525 + 1013904223;
        bytes[i] = (char)(state >> 24);
    }
    PP_INIT(options);
    options.base = PP_BASE_COMPILED;
    options.compiled.data = bytes;
    options.compiled.length = sizeof bytes;
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_COMPILED);
    options.compiled.length = 1;
    CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_COMPILED);
}

/* What PIEPOWDER_COMPILED names, to be freed; null, and the test ignored, when there is no such variable. */
static char *compiled_pack(size_t *size) {
    const char *path = getenv("PIEPOWDER_COMPILED");
    FILE *file;
    char *bytes = (char *)malloc(1 << 20);
    if (path == NULL || bytes == NULL) {
        check_ignore("PIEPOWDER_COMPILED is not set");
        free(bytes);
        return NULL;
    }
    file = fopen(path, "rb");
    if (!CHECK(file != NULL)) {
        free(bytes);
        return NULL;
    }
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    CHECK(*size > 0 && *size < 1 << 20);
    return bytes;
}

static pp_engine_options options_of(const char *bytes, size_t size) {
    pp_engine_options options;
    PP_INIT(options);
    options.base = PP_BASE_COMPILED;
    options.compiled.data = bytes;
    options.compiled.length = size;
    return options;
}

static void a_compiled_pack_is_all_that_there_is(void) {
    size_t size = 0;
    char *bytes = compiled_pack(&size);
    pp_engine_options options;
    pp_engine engine;
    pp_text key = {NULL, 0};
    if (bytes == NULL) {
        return;
    }
    options = options_of(bytes, size);
    engine = kit_engine(&options);
    /* It was copied. */
    memset(bytes, 0xff, size);
    free(bytes);
    CHECK_EQ(facts_of(engine).offense_count, 1);
    CHECK_OK(pp_engine_offense(engine, 0, &key));
    CHECK_TEXT(key, "tickets");
    CHECK_EQ(total_of(engine, "Two concert tickets, no name change possible", 0), 200);
    CHECK_OK(pp_engine_unref(engine));
}

static void sources_can_be_laid_over_a_compiled_pack(void) {
    size_t size = 0;
    char *bytes = compiled_pack(&size);
    pp_engine_options options;
    pp_source sources[2];
    pp_engine engine;
    if (bytes == NULL) {
        return;
    }
    options = options_of(bytes, size);
    sources[0] = source("fair/pack.toml", FAIR_PACK);
    sources[1] = source("fair/rules.toml", FAIR_RULES);
    options.sources = sources;
    options.source_count = 2;
    engine = kit_engine(&options);
    CHECK_EQ(facts_of(engine).offense_count, 2);
    CHECK_EQ(total_of(engine, "Magic wand, no name change", 0), 200);
    CHECK_EQ(total_of(engine, "Magic wand, no name change", 1), 120);
    CHECK_OK(pp_engine_unref(engine));
    free(bytes);
}

static void a_compiled_pack_with_a_bit_flipped_anywhere_is_refused(void) {
    size_t size = 0, at, step;
    char *bytes = compiled_pack(&size);
    pp_engine_options options;
    if (bytes == NULL) {
        return;
    }
    options = options_of(bytes, size);
    step = size / 2000 + 1;
    for (at = 0; at < size; at += step) {
        bytes[at] = (char)(bytes[at] ^ (1 << (at % 8)));
        if (!CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_COMPILED)) {
            printf("byte %lu\n", (unsigned long)at);
            break;
        }
        bytes[at] = (char)(bytes[at] ^ (1 << (at % 8)));
    }
    free(bytes);
}

static void a_compiled_pack_that_is_cut_anywhere_is_refused(void) {
    size_t size = 0, length, step;
    char *bytes = compiled_pack(&size);
    pp_engine_options options;
    if (bytes == NULL) {
        return;
    }
    step = size / 500 + 1;
    for (length = 0; length < size; length += step) {
        options = options_of(bytes, length);
        if (!CHECK_STATUS(kit_refusal(&options, NULL, 0), PP_COMPILED)) {
            break;
        }
    }
    free(bytes);
}

static void a_compiled_pack_is_read_to_its_end_and_no_further(void) {
    size_t size = 0;
    char *bytes = compiled_pack(&size);
    pp_engine_options options;
    if (bytes == NULL) {
        return;
    }
    options = options_of(kit_at_the_edge(bytes, size), size);
    CHECK_OK(pp_engine_unref(kit_engine(&options)));
    free(bytes);
}

static const test LIST[] = {
    TEST(no_options_are_the_embedded_packs),
    TEST(options_of_zeros_are_the_same_as_none),
    TEST(the_embedded_packs_find_an_offer),
    TEST(sources_alone_are_all_that_there_is),
    TEST(sources_over_the_embedded_packs_add_to_them),
    TEST(an_overlay_changes_a_rule_of_the_embedded_packs),
    TEST(an_overlay_may_not_define_an_embedded_offense_again),
    TEST(nothing_and_no_sources_is_no_engine),
    TEST(an_unknown_base_is_told_with_its_number),
    TEST(a_failure_writes_no_engine),
    TEST(nothing_of_the_options_is_kept),
    TEST(the_twelve_fixed_fields_come_first),
    TEST(declared_fields_come_behind_the_fixed_ones),
    TEST(offenses_and_fields_beyond_the_last_are_out_of_range),
    TEST(offenses_follow_their_rank),
    TEST(texts_of_an_engine_stay_while_it_has_a_reference),
    TEST(a_warning_keeps_nothing_from_loading_and_has_its_place),
    TEST(an_engine_without_warnings_has_none_at_any_index),
    TEST(an_engine_says_about_how_much_memory_it_takes),
    TEST(a_digest_is_64_hexadecimal_digits_and_a_nul),
    TEST(equal_options_make_equal_digests),
    TEST(a_limit_that_is_the_default_makes_the_same_digest),
    TEST(another_policy_makes_another_digest),
    TEST(another_prior_makes_another_digest),
    TEST(another_day_makes_another_digest),
    TEST(other_jurisdictions_make_another_digest),
    TEST(another_length_of_fields_makes_another_digest),
    TEST(another_number_of_matches_makes_another_digest),
    TEST(another_number_of_rules_weighed_makes_another_digest),
    TEST(other_sources_make_another_digest),
    TEST(a_policy_names_the_tiers),
    TEST(problems_of_a_policy_are_listed_under_its_name),
    TEST(a_policy_may_not_name_an_offense_that_is_not_there),
    TEST(a_prior_is_part_of_the_score),
    TEST(a_prior_goes_before_that_of_the_policy),
    TEST(a_prior_that_is_no_probability_is_refused),
    TEST(a_prior_of_an_unknown_offense_is_refused_by_name),
    TEST(a_day_that_is_none_is_refused),
    TEST(a_rule_is_in_force_from_its_day_on),
    TEST(without_a_day_that_of_the_newest_release_counts),
    TEST(rules_of_other_jurisdictions_do_not_apply),
    TEST(the_order_of_jurisdictions_does_not_matter),
    TEST(limits_out_of_range_are_refused_rather_than_corrected),
    TEST(limits_at_their_bounds_are_taken),
    TEST(a_text_beyond_the_limit_is_cut_and_flagged),
    TEST(matches_beyond_the_limit_are_flagged),
    TEST(rules_beyond_the_limit_are_flagged),
    TEST(more_offenses_than_an_engine_can_hold_are_a_problem),
    TEST(a_source_above_16_mib_is_a_problem_with_a_code),
    TEST(a_source_that_is_not_utf8_is_refused_by_name_and_byte),
    TEST(the_name_of_a_source_must_be_utf8),
    TEST(a_policy_must_be_utf8),
    TEST(a_prior_must_be_utf8),
    TEST(a_day_must_be_utf8),
    TEST(a_jurisdiction_must_be_utf8),
    TEST(an_engine_lives_until_its_last_reference_is_dropped),
    TEST(a_reference_cannot_bring_an_engine_back),
    TEST(engines_of_equal_options_are_engines_of_their_own),
    TEST(results_stay_when_their_engine_has_no_reference_left),
    TEST(compiled_bytes_need_the_base_that_reads_them),
    TEST(a_compiled_base_without_bytes_is_no_pack),
    TEST(bytes_that_no_piepowder_wrote_are_no_compiled_pack),
    TEST(a_compiled_pack_is_all_that_there_is),
    TEST(sources_can_be_laid_over_a_compiled_pack),
    TEST(a_compiled_pack_with_a_bit_flipped_anywhere_is_refused),
    TEST(a_compiled_pack_that_is_cut_anywhere_is_refused),
    TEST(a_compiled_pack_is_read_to_its_end_and_no_further),
};

const tests engine_tests = {"engine", LIST, COUNT(LIST), NULL, NULL};

/*
 * A moderation hook: one listing on standard input, its title on the first line and its description below. It prints the tier and, above
 * clear, what that rests on: the prior and the weights, in centibans, add up to the score. It recommends what a person should look at. It
 * accuses nobody: words are weighed here, and a person decides.
 *
 * Exit status: 0 clear, 1 a person should look, 2 usage or error.
 */
#include <piepowder.h>
#include <stdio.h>

/* Says why a call did nothing. Calls that report fill in an error, which is freed here; for the others {0} is given, which is none. */
static int failed(const char *what, pp_status status, pp_error error) {
    fprintf(stderr, "hook: %s: %s\n", what, error.id != 0 ? pp_error_message(error) : pp_status_text(status));
    pp_error_free(error);
    return 2;
}

/* Texts need no NUL at their end. Those of a listing are a stranger's: no control character of theirs reaches the terminal. */
static void print(const char *before, const char *text, size_t length) {
    for (fputs(before, stdout); length > 0; text++, length--) putchar((unsigned char)*text < ' ' || *text == 0x7f ? ' ' : *text);
}

static int same(pp_text a, pp_text b) { return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0); }

/* Prints the result; `rank` becomes that of the tier. Each call may fail, and says so. */
static pp_status print_result(pp_scratch scratch, const pp_listing *listing, uint32_t *rank) {
    pp_decision decision;
    pp_score score;
    pp_evidence evidence;
    pp_status status;
    size_t offense = 0, i, v;
    int32_t weight;
    PP_INIT(decision), PP_INIT(score), PP_INIT(evidence);
    if ((status = pp_result_decision(scratch, 0, &decision)) != PP_OK) return status;
    *rank = decision.rank;
    print("tier: ", decision.tier.data, decision.tier.length);
    print(", by ", decision.reason.data, decision.reason.length);
    putchar('\n');
    if (decision.offense.length == 0) return PP_OK; /* clear, or raised because it was not read in full */
    do {
        if ((status = pp_result_score(scratch, 0, offense++, &score)) != PP_OK) return status;
    } while (!same(score.offense, decision.offense));
    print("offense: ", score.offense.data, score.offense.length);
    printf(", score %d, of it prior %d\n", (int)score.total, (int)score.prior);
    for (i = 0; i < decision.evidence_count; i++) {
        if ((status = pp_result_evidence(scratch, 0, i, &evidence)) != PP_OK) return status;
        if ((status = pp_result_weight(scratch, 0, i, offense - 1, &weight)) != PP_OK) return status;
        printf("%+6d", (int)weight);
        print("  ", evidence.rule.data, evidence.rule.length);
        for (v = 0; evidence.has_span && v < listing->value_count; v++)
            if (same(listing->values[v].field, evidence.field))
                print(": ", listing->values[v].text.data + evidence.start, evidence.end - evidence.start);
        putchar('\n');
    }
    return PP_OK;
}

int main(void) {
    static char input[1 << 20]; /* more than is read of a field, so that a listing which is cut shows as one */
    const size_t length = fread(input, 1, sizeof(input), stdin);
    const char *line = (const char *)memchr(input, '\n', length), *rest = line == NULL ? input + length : line + 1;
    const pp_text title = {input, line == NULL ? length : (size_t)(line - input)}, description = {rest, length - (size_t)(rest - input)};
    const pp_value values[] = {PP_FIELD("title", title), PP_FIELD("description", description)};
    const pp_listing listing = {{NULL, 0}, values, 2};
    pp_engine engine = {0};
    pp_scratch scratch = {0};
    pp_error error = {0};
    pp_status status;
    uint32_t rank = 0;
    int answer;
    if (ferror(stdin) || length == sizeof(input)) return fputs("usage: hook < LISTING, shorter than 1 MiB\n", stderr), 2;
    if ((status = pp_engine_create(NULL, &engine, &error)) != PP_OK) answer = failed("no engine", status, error);
    else if ((status = pp_scratch_create(&scratch)) != PP_OK) answer = failed("no scratch", status, error);
    else if ((status = pp_assess(engine, scratch, &listing, NULL, &error)) != PP_OK) answer = failed("not assessed", status, error);
    else if ((status = print_result(scratch, &listing, &rank)) != PP_OK) answer = failed("no result", status, error);
    else answer = fflush(stdout) != 0 || ferror(stdout) ? 2 : rank == 0 ? 0 : 1;
    pp_scratch_free(scratch);
    if (engine.id != 0) pp_engine_unref(engine);
    return answer;
}

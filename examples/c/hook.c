/*
 * A moderation hook: one listing on standard input, its title on the first line and its description below. It prints the tier and, above
 * clear, why: the words that were found, and the weights whose sum is the score. It recommends what a person should look at. It accuses
 * nobody: words are weighed here, and a person decides.
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

/* Prints the result; the exit status. What is explained is what a person will read, for that takes longer than assessing it did. */
static int judge(pp_engine engine, pp_scratch scratch, const pp_listing *listing) {
    pp_decision decision;
    pp_text reasons = {NULL, 0};
    pp_error error = {0};
    const pp_error none = {0};
    pp_status status;
    PP_INIT(decision);
    if ((status = pp_assess(engine, scratch, listing, NULL, &error)) != PP_OK) return failed("not assessed", status, error);
    if ((status = pp_result_decision(scratch, 0, &decision)) != PP_OK) return failed("no result", status, none);
    printf("tier: %.*s\n", (int)decision.tier.length, decision.tier.data);
    if (decision.rank == 0) return 0;
    if ((status = pp_explain(engine, scratch, listing, NULL, &reasons, &error)) != PP_OK) return failed("not explained", status, error);
    fwrite(reasons.data, 1, reasons.length, stdout);
    return 1;
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
    int answer;
    if (ferror(stdin) || length == sizeof(input)) return fputs("usage: hook < LISTING, shorter than 1 MiB\n", stderr), 2;
    if ((status = pp_engine_create(NULL, &engine, &error)) != PP_OK) answer = failed("no engine", status, error);
    else if ((status = pp_scratch_create(&scratch)) != PP_OK) answer = failed("no scratch", status, error);
    else answer = judge(engine, scratch, &listing);
    pp_scratch_free(scratch);
    if (engine.id != 0) pp_engine_unref(engine);
    return fflush(stdout) != 0 ? 2 : answer;
}

/* Prints the tier of a title that is given as the argument. Exit status: 0 done, 2 usage or error. */
#include <piepowder.h>
#include <stdio.h>

int main(int argc, char **argv) {
    pp_engine engine;
    pp_scratch scratch;
    pp_decision decision;
    pp_status status;
    if (argc != 2) return fputs("usage: tier TITLE\n", stderr), 2;
    const pp_value values[] = {PP_FIELD("title", pp_string(argv[1]))};
    const pp_listing listing = {{NULL, 0}, values, 1};
    PP_INIT(decision);
    if ((status = pp_engine_create(NULL, &engine, NULL)) == PP_OK) {
        if ((status = pp_scratch_create(&scratch)) == PP_OK) {
            status = pp_assess(engine, scratch, &listing, NULL, NULL);
            if (status == PP_OK) status = pp_result_decision(scratch, 0, &decision);
            if (status == PP_OK) printf("%.*s\n", (int)decision.tier.length, decision.tier.data);
            pp_scratch_free(scratch);
        }
        pp_engine_unref(engine);
    }
    if (status == PP_OK) return 0;
    return fprintf(stderr, "tier: %s\n", pp_status_text(status)), 2;
}

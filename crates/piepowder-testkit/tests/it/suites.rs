//! Every case of `testdata/suites` against the oracle and the engine.

use piepowder_testkit::{check, load_suites};
use std::path::Path;

#[test]
fn oracle_and_engine_pass_every_suite() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/suites");
    let suites = load_suites(&dir).unwrap_or_else(|e| panic!("{e}"));
    let mut failures = Vec::new();
    let mut cases = 0;
    for suite in &suites {
        let (engine, oracle) = suite.build().unwrap_or_else(|e| panic!("{}: {e}", suite.name));
        for case in &suite.cases {
            cases += 1;
            let listing = case.listing(&engine).unwrap_or_else(|e| panic!("{}, {}: {e}", suite.name, case.name));
            let said = listing.with(|l| [("oracle", oracle.assess(l)), ("engine", engine.assess(l))]);
            for (who, assessment) in &said {
                let outcome = check(case, assessment, &engine);
                failures.extend(outcome.err().map(|e| format!("{}, {}, {who}: {e}", suite.name, case.name)));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n\n"));
    assert!(cases >= 120, "{cases} cases in {} suites: has a file been lost?", suites.len());
}

//! Listings in nine languages and scripts that offer nothing illegal, written for the project: what is found in them is a false alarm.
//! Words only. That no pack reads most of these languages raises tiers, and is no false alarm: what counts is the offenses' own tiers.

use piepowder::{Engine, Policy};
use piepowder_testkit::Oracle;
use piepowder_testkit::honest::{DISGUISE, Honest, Tally, Verdict};
use std::fmt::Write as _;
use std::path::Path;

/// The files, by the language of most of their rows (the others are of the same script), and their rows.
const LANGUAGES: [&str; 9] = ["ar", "el", "hi", "ja", "ru", "th", "tr", "vi", "zh"];
const ROWS: usize = 100;

fn both() -> (Engine, Oracle) {
    let taxonomy = piepowder_packs::taxonomy();
    let engine = Engine::builder().taxonomy(&taxonomy).build().expect("the embedded packs compile");
    let day = taxonomy.released().expect("packs have dates");
    let oracle = Oracle::new(&taxonomy, &Policy::standard(), day, &[], &engine);
    (engine, oracle)
}

fn written(language: &str) -> Vec<Honest> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../testdata/honest/{language}.jsonl"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let rows = Honest::read(&text).unwrap_or_else(|e| panic!("{language}: {e}"));
    assert_eq!(rows.len(), ROWS, "{language}");
    rows
}

#[test]
fn written_honest_listings_are_clear_and_engine_equals_oracle() {
    let (engine, oracle) = both();
    let mut problems = String::new();
    for language in LANGUAGES {
        let tally = Tally::of(&engine, &oracle, &written(language));
        if !tally.is_clear_enough() {
            writeln!(problems, "{language}: offenses above clear in {:?}", tally.above).expect("a string takes it");
        }
        if !tally.is_plain_enough() {
            writeln!(problems, "{language}: too much of {DISGUISE} in {:?}", tally.disguised).expect("a string takes it");
        }
        if let Some((id, difference)) = tally.differences.first() {
            writeln!(problems, "{language}: engine and oracle differ on {} listings; {id}:\n{difference}", tally.differences.len())
                .expect("a string takes it");
        }
        // Whatever raised the tier of a listing is an offense or the coverage; here, nothing is cut.
        let at_first = tally.tiers.get(engine.policy().tiers()[0].name()).copied().unwrap_or(0);
        assert_eq!(at_first + tally.coverage_alone + tally.above.len(), ROWS, "{language}");
    }
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn what_is_not_honest_is_counted() {
    let (engine, oracle) = both();
    let row = |id: &str, title: &str| Honest { id: id.into(), title: title.into(), description: String::new() };
    let rows = [row("offer", "Pure c0caine, 3.5 g, ships discreetly"), row("plain", "Oak desk"), row("unread", "Письменный стол из дуба")];
    let tally = Tally::of(&engine, &oracle, &rows);
    assert_eq!(tally.rows, 3);
    let [(id, rules)] = tally.above.as_slice() else { panic!("{:?}", tally.above) };
    assert!(id == "offer" && !rules.is_empty());
    assert!(!tally.is_clear_enough());
    let undone = |rule: &str| (tally.rules.contains_key(rule), tally.undone.contains_key(rule));
    assert_eq!(undone("narcotics.cocaine.name"), (true, true), "{tally:?}");
    assert_eq!(undone("narcotics.purity.words"), (true, false), "{tally:?}");
    assert_eq!(tally.coverage_alone, 1);
    let verdict = Verdict::of(&engine, &oracle, &mut engine.create_scratch(), &rows[1]);
    assert!(!verdict.above && !verdict.coverage_alone && verdict.rules.is_empty(), "{verdict:?}");
    assert_eq!(verdict.disguise.is_some(), engine.group_id(DISGUISE).is_some());
    assert!(Verdict { disguise: Some(21), ..verdict.clone() }.disguised());
    assert!(!Verdict { disguise: Some(20), ..verdict }.disguised());
}

//! Invariant 8: a second pass over the same listings with the same scratch allocates nothing. A binary of its own, for its allocator counts.
//!
//! The listings are those of `testdata/listings`, or of the file of JSON Lines that `PIEPOWDER_ALLOC_CORPUS` names.

use piepowder::{Engine, Field, Listing};
use std::path::{Path, PathBuf};

fn files() -> Vec<PathBuf> {
    if let Some(corpus) = std::env::var_os("PIEPOWDER_ALLOC_CORPUS") {
        return vec![PathBuf::from(corpus)];
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/listings");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "jsonl"));
    files.sort();
    files
}

fn rows() -> Vec<Vec<(Field, String)>> {
    let mut rows = Vec::new();
    for file in files() {
        let text = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
        for value in text.lines().filter_map(|l| serde_json::from_str::<serde_json::Value>(l).ok()) {
            let text = |f: Field| match &value[f.name()] {
                serde_json::Value::String(text) => Some((f, text.clone())),
                serde_json::Value::Number(number) => Some((f, number.to_string())),
                _ => None,
            };
            rows.push(Field::ALL.into_iter().filter_map(text).collect());
        }
    }
    rows
}

#[test]
fn a_second_pass_allocates_nothing() {
    let engine = Engine::builder().taxonomy(&piepowder_packs::taxonomy()).build().unwrap();
    let rows = rows();
    let listings: Vec<Listing<'_>> =
        rows.iter().map(|row| row.iter().fold(Listing::new(), |listing, (field, text)| listing.with(*field, text.as_bytes()))).collect();
    assert!(listings.len() >= 200, "{} listings", listings.len());
    measure(&engine, &listings);
    // Parted letters once more, and once less: a buffer that changes places with another would be a different one on each pass.
    let parted = ["c|o|c|a|i|n|e and s|p|e|e|d, ".repeat(40), "h|e|r|o|i|n".to_owned(), "k|e|t|a|m|i|n|e".to_owned()];
    for count in 1..=parted.len() {
        let parted: Vec<Listing<'_>> = parted[..count].iter().map(|text| Listing::new().with(Field::Title, text.as_bytes())).collect();
        measure(&engine, &parted);
    }
}

/// Two passes with one scratch, of which the second allocates nothing.
#[allow(clippy::print_stdout, reason = "the campaign over the corpora reads the figure")]
fn measure(engine: &Engine, listings: &[Listing<'_>]) {
    let mut scratch = engine.create_scratch();
    let mut pass = || listings.iter().map(|listing| engine.assess_with(&mut scratch, listing).evidence().len()).sum::<usize>();
    let mut first_evidence = 0;
    let first = allocation_counter::measure(|| first_evidence = pass());
    let mut second_evidence = 0;
    let second = allocation_counter::measure(|| second_evidence = pass());
    println!("second pass over {} listings: {} allocations (first pass: {})", listings.len(), second.count_total, first.count_total);
    // The counter counts: a fresh scratch cannot have done without.
    assert!(first.count_total > 0);
    assert_eq!(first_evidence, second_evidence);
    assert!(first_evidence > 0);
    assert_eq!(second.count_total, 0);
}

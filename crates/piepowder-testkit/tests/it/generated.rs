//! Engine = oracle on generated packs and listings. Seeds are fixed, so that a failure repeats.

use piepowder::{Date, Engine, Limits, Policy, Taxonomy};
use piepowder_testkit::generate::{self, Random};
use piepowder_testkit::{Oracle, compare};

const PACKS: u64 = 60;
const LISTINGS: u64 = 400;

fn settings(seed: u64) -> (Limits, Vec<String>) {
    let limits = match seed % 4 {
        0 => Limits::new().with_rule_matches(2),
        1 => Limits::new().with_field_bytes(60).with_evidence(4),
        _ => Limits::new(),
    };
    let jurisdictions = if seed % 3 == 0 { vec!["EU".to_string()] } else { Vec::new() };
    (limits, jurisdictions)
}

/// Compares on one generated pack; the first few differences.
fn differences(seed: u64) -> Vec<String> {
    let pack = generate::pack(seed);
    let taxonomy = Taxonomy::from_sources(pack.sources.clone()).unwrap_or_else(|d| panic!("pack {seed} does not load: {d}"));
    let (limits, jurisdictions) = settings(seed);
    let day = Date::parse("2026-08-01").expect("a day");
    let policy = Policy::standard();
    let mut builder = Engine::builder();
    builder.taxonomy(&taxonomy).policy(&policy).limits(limits).as_of(day).jurisdictions(jurisdictions.clone()).prior("one", "0.2");
    let engine = builder.build().unwrap_or_else(|e| panic!("pack {seed} does not compile: {e}"));
    let oracle = Oracle::new(&taxonomy, &policy, day, &jurisdictions, &engine).with_prior("one", "0.2");
    let mut random = Random::new(seed << 32);
    let mut found = Vec::new();
    for n in 0..LISTINGS {
        let listing = generate::listing(&mut random, &pack.words, engine.field("note"), engine.field("stock"));
        if let Err(difference) = listing.with(|l| compare(&engine, &oracle, l)) {
            found.push(format!("pack {seed}, listing {n}: {listing}\n{difference}"));
        }
    }
    found
}

#[test]
fn engine_equals_oracle_on_generated_listings() {
    let mut all = Vec::new();
    for seed in 0..PACKS {
        all.extend(differences(seed));
    }
    let shown: Vec<&str> = all.iter().take(3).map(String::as_str).collect();
    assert!(all.is_empty(), "{} of {} listings differ\n{}", all.len(), PACKS * LISTINGS, shown.join("\n\n"));
}

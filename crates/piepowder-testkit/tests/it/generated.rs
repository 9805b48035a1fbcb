//! Engine = oracle on generated listings, over generated packs and the embedded ones. Seeds are fixed, so that a failure repeats.

use piepowder::{Date, Engine, Limits, Policy, Source, Taxonomy};
use piepowder_testkit::generate::{self, Random};
use piepowder_testkit::{Oracle, compare};

const PACKS: u64 = 60;
const LISTINGS: u64 = 400;

const POLICY: &str = r#"
format = 1
name = "generated"
version = "1.0.0"

[prior]
default = "0.05"

[[tier]]
name = "low"

[[tier]]
name = "middle"
threshold = -50
groups = 0

[[tier]]
name = "several"
threshold = 0
groups = 3

[[tier]]
name = "elements"
threshold = 50
groups = 2
elements = [["object", "context"], ["offer", "payment"]]
person = true

[floor]
truncated = "middle"
partial = "middle"
none = "several"
empty = "low"
"#;

fn settings(seed: u64) -> (Limits, Vec<String>, Policy) {
    let limits = match seed % 4 {
        0 => Limits::new().with_rule_matches(2),
        1 => Limits::new().with_field_bytes(60).with_evidence(4),
        _ => Limits::new(),
    };
    let jurisdictions = if seed.is_multiple_of(3) { vec!["EU".to_string()] } else { Vec::new() };
    let policy = if seed % 5 < 2 { Policy::from_source(Source::new("generated.policy.toml", POLICY)).expect("a policy") } else { Policy::standard() };
    (limits, jurisdictions, policy)
}

/// The differences on listings made of these words, the first few shown.
fn differences(what: &str, seed: u64, engine: &Engine, oracle: &Oracle, words: &[String], listings: u64) -> Vec<String> {
    let mut random = Random::new(seed << 32);
    let mut found = Vec::new();
    for n in 0..listings {
        let listing = generate::listing(&mut random, words, engine.field("note"), engine.field("stock"));
        if let Err(difference) = listing.with(|l| compare(engine, oracle, l)) {
            found.push(format!("{what} {seed}, listing {n}: {listing}\n{difference}"));
        }
    }
    found
}

fn assert_none(all: &[String], listings: u64) {
    let shown: Vec<&str> = all.iter().take(3).map(String::as_str).collect();
    assert!(all.is_empty(), "{} of {listings} listings differ\n{}", all.len(), shown.join("\n\n"));
}

#[test]
fn engine_equals_oracle_on_generated_packs() {
    let mut all = Vec::new();
    for seed in 0..PACKS {
        let pack = generate::pack(seed);
        let taxonomy = Taxonomy::from_sources(pack.sources.clone()).unwrap_or_else(|d| panic!("pack {seed} does not load: {d}"));
        let (limits, jurisdictions, policy) = settings(seed);
        let day = Date::parse("2026-08-01").expect("a day");
        let mut builder = Engine::builder();
        builder.taxonomy(&taxonomy).policy(&policy).limits(limits).as_of(day).jurisdictions(jurisdictions.clone()).prior("one", "0.2");
        let engine = builder.build().unwrap_or_else(|e| panic!("pack {seed} does not compile: {e}"));
        let oracle = Oracle::new(&taxonomy, &policy, day, &jurisdictions, &engine).with_prior("one", "0.2");
        all.extend(differences("pack", seed, &engine, &oracle, &pack.words, LISTINGS));
    }
    assert_none(&all, PACKS * LISTINGS);
}

#[test]
fn engine_equals_oracle_on_embedded_packs() {
    const EMBEDDED: u64 = 1_000;
    let taxonomy = piepowder_packs::taxonomy();
    let policy = Policy::standard();
    let day = taxonomy.released().expect("packs have dates");
    let engine = Engine::builder().taxonomy(&taxonomy).build().expect("the embedded packs compile");
    let oracle = Oracle::new(&taxonomy, &policy, day, &[], &engine);
    let words: Vec<String> = taxonomy.rules().flat_map(|r| r.terms().map(str::to_string).collect::<Vec<_>>()).collect();
    assert_none(&differences("embedded", 1, &engine, &oracle, &words, EMBEDDED), EMBEDDED);
}

#[test]
fn a_seed_gives_the_same_bytes() {
    let (one, other) = (generate::pack(7), generate::pack(7));
    assert_eq!(one.sources, other.sources);
    let text = |seed| generate::text(&mut Random::new(seed), &one.words);
    assert_eq!(text(11), text(11));
    assert_ne!(one.sources, generate::pack(8).sources);
}

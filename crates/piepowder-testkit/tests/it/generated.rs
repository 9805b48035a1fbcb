//! Engine = oracle on generated listings, over generated packs and the embedded ones. Seeds are fixed, so that a failure repeats.

use piepowder::{Date, Engine, Field, Limits, Policy, Source, Taxonomy};
use piepowder_testkit::attack::{self, Family};
use piepowder_testkit::generate::{self, OwnedListing, Random};
use piepowder_testkit::{Oracle, compare};
use std::path::Path;

const PACKS: u64 = 60;
const LISTINGS: u64 = 400;

/// Draws of texts of entities.
const ENTITIES: u64 = 40;

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

/// The listing with the words of some texts disguised, and with excuses behind one of them now and then.
fn disguised(listing: &OwnedListing, seed: u64, excuses: Option<&Taxonomy>) -> OwnedListing {
    let random = &mut Random::new(seed);
    let family = Family::ALL[(seed % Family::ALL.len() as u64) as usize];
    let mut listing = listing.clone();
    for (field, bytes) in listing.fixed.iter_mut().filter(|(field, _)| matches!(field, Field::Title | Field::Description | Field::Attributes)) {
        if random.chance(75)
            && let Ok(text) = core::str::from_utf8(bytes)
        {
            *bytes = attack::disguise(family, text, random.bits()).into_bytes();
        }
        if *field == Field::Description
            && random.chance(20)
            && let Some(taxonomy) = excuses
        {
            bytes.extend(b" ");
            bytes.extend(attack::with_excuses(taxonomy, "description", random.bits(), &|_| true).into_bytes());
        }
    }
    listing
}

/// An engine and an oracle over a generated pack.
fn over_generated(seed: u64) -> (generate::Pack, Taxonomy, Engine, Oracle) {
    let pack = generate::pack(seed);
    let taxonomy = Taxonomy::from_sources(pack.sources.clone()).unwrap_or_else(|d| panic!("pack {seed} does not load: {d}"));
    let (limits, jurisdictions, policy) = settings(seed);
    let day = Date::parse("2026-08-01").expect("a day");
    let mut builder = Engine::builder();
    builder.taxonomy(&taxonomy).policy(&policy).limits(limits).as_of(day).jurisdictions(jurisdictions.clone()).prior("one", "0.2");
    let engine = builder.build().unwrap_or_else(|e| panic!("pack {seed} does not compile: {e}"));
    let oracle = Oracle::new(&taxonomy, &policy, day, &jurisdictions, &engine).with_prior("one", "0.2");
    (pack, taxonomy, engine, oracle)
}

/// An engine and an oracle over the packs that ship.
fn over_embedded() -> (Taxonomy, Engine, Oracle) {
    let taxonomy = piepowder_packs::taxonomy();
    let policy = Policy::standard();
    let day = taxonomy.released().expect("packs have dates");
    let engine = Engine::builder().taxonomy(&taxonomy).build().expect("the embedded packs compile");
    let oracle = Oracle::new(&taxonomy, &policy, day, &[], &engine);
    (taxonomy, engine, oracle)
}

/// The listings of `testdata/listings`, without what is no field.
fn written() -> Vec<OwnedListing> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/listings");
    let mut paths: Vec<_> = std::fs::read_dir(dir).expect("the folder is there").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let lines: Vec<String> =
        paths.iter().flat_map(|p| std::fs::read_to_string(p).expect("a text").lines().map(str::to_string).collect::<Vec<_>>()).collect();
    let listing = |line: &String| {
        let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).expect("a line is an object");
        let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_string).into_bytes();
        let fixed = fields.iter().filter_map(|(name, value)| Some((Field::from_name(name)?, text(value)))).collect();
        OwnedListing { fixed, declared: Vec::new() }
    };
    lines.iter().map(listing).collect()
}

#[test]
fn engine_equals_oracle_on_generated_packs() {
    let mut all = Vec::new();
    for seed in 0..PACKS {
        let (pack, _, engine, oracle) = over_generated(seed);
        all.extend(differences("pack", seed, &engine, &oracle, &pack.words, LISTINGS));
    }
    assert_none(&all, PACKS * LISTINGS);
}

#[test]
fn engine_equals_oracle_on_entities() {
    let mut all = Vec::new();
    for seed in 0..ENTITIES {
        let pack = generate::entities(seed);
        let taxonomy = Taxonomy::from_sources(pack.sources.clone()).unwrap_or_else(|d| panic!("the pack of entities does not load: {d}"));
        let day = Date::parse("2026-08-01").expect("a day");
        let engine = Engine::builder().taxonomy(&taxonomy).as_of(day).build().expect("the pack of entities compiles");
        let oracle = Oracle::new(&taxonomy, &Policy::standard(), day, &[], &engine);
        all.extend(differences("entities", seed, &engine, &oracle, &pack.words, LISTINGS));
    }
    assert_none(&all, ENTITIES * LISTINGS);
}

#[test]
fn engine_equals_oracle_on_embedded_packs() {
    const EMBEDDED: u64 = 1_000;
    let (taxonomy, engine, oracle) = over_embedded();
    let words: Vec<String> = taxonomy.rules().flat_map(|r| r.terms().map(str::to_string).collect::<Vec<_>>()).collect();
    assert_none(&differences("embedded", 1, &engine, &oracle, &words, EMBEDDED), EMBEDDED);
}

#[test]
fn engine_equals_oracle_on_disguised_generated_listings() {
    const EACH: u64 = 160;
    let mut all = Vec::new();
    for seed in 0..PACKS {
        let (pack, taxonomy, engine, oracle) = over_generated(seed);
        let mut random = Random::new(seed << 32 | 1);
        for n in 0..EACH {
            let plain = generate::listing(&mut random, &pack.words, engine.field("note"), engine.field("stock"));
            let listing =
                disguised(&plain, seed * EACH + n, Some(&taxonomy).filter(|t| t.rules().any(|r| r.excuse().is_some() && r.terms().len() > 0)));
            all.extend(listing.with(|l| compare(&engine, &oracle, l)).err().map(|e| format!("pack {seed}, listing {n}: {listing}\n{e}")));
        }
    }
    assert_none(&all, PACKS * EACH);
}

#[test]
fn engine_equals_oracle_on_disguised_written_listings() {
    let (taxonomy, engine, oracle) = over_embedded();
    let written = written();
    assert!(written.len() >= 100, "{} listings: has a file been lost?", written.len());
    let mut all = Vec::new();
    let families = Family::ALL.len() as u64;
    for (n, plain) in written.iter().enumerate() {
        // Each listing with a quarter of the families, so that all families meet all kinds of listings.
        for family in (n as u64 % 4..families).step_by(4) {
            let listing = disguised(plain, n as u64 * families + family, Some(&taxonomy));
            all.extend(listing.with(|l| compare(&engine, &oracle, l)).err().map(|e| format!("listing {n}, family {family}: {listing}\n{e}")));
        }
    }
    assert_none(&all, written.len() as u64 * families / 4);
}

#[test]
fn a_seed_gives_the_same_bytes() {
    let (one, other) = (generate::pack(7), generate::pack(7));
    assert_eq!(one.sources, other.sources);
    let text = |seed| generate::text(&mut Random::new(seed), &one.words);
    assert_eq!(text(11), text(11));
    assert_ne!(one.sources, generate::pack(8).sources);
}

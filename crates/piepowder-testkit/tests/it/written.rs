//! The written suite (`testdata/written`) and the lawful sets (`testdata/lawful`): their form, and what the shipped packs must say of them.
//! Of the part that was written blind nothing is asked here: the campaign `written` reports it.

use piepowder::{Engine, Field, Listing, Nature};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

struct Written {
    id: String,
    title: String,
    description: String,
    label: String,
}

fn read(file: &str) -> Vec<Written> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let row = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
        let text = |key: &str| row[key].as_str().map(str::to_owned);
        let label = text("label").unwrap_or_else(|| "benign".to_owned());
        Written {
            id: text("id").expect("an id"),
            title: text("title").expect("a title"),
            description: text("description").unwrap_or_default(),
            label,
        }
    };
    text.lines().map(row).collect()
}

fn suite() -> Vec<Written> {
    ["blind-offers", "blind-negatives", "rest-offers", "rest-negatives"].iter().flat_map(|part| read(&format!("written/{part}.jsonl"))).collect()
}

/// The sets of five words in a row.
fn shingles(listing: &Written) -> BTreeSet<Vec<String>> {
    let text = format!("{} {}", listing.title, listing.description).to_lowercase();
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect();
    words.windows(5).map(<[String]>::to_vec).collect()
}

#[test]
fn the_suite_is_written_in_full_and_without_a_template() {
    let all = suite();
    let mut labels: BTreeMap<&str, usize> = BTreeMap::new();
    all.iter().for_each(|w| *labels.entry(w.label.as_str()).or_default() += 1);
    assert_eq!((labels["benign"], all.len()), (400, 800), "{labels:?}");
    assert!(labels.len() == 5 && labels.values().all(|n| *n >= 99), "{labels:?}");
    assert_eq!(all.iter().map(|w| w.id.as_str()).collect::<BTreeSet<_>>().len(), all.len());
    for listing in &all {
        let length = listing.title.chars().count() + listing.description.chars().count();
        assert!((150..=1_500).contains(&length), "{}: {length} characters", listing.id);
    }
    // Pairs that share nothing need not be looked at: those that do are found by their shingles.
    let sets: Vec<BTreeSet<Vec<String>>> = all.iter().map(shingles).collect();
    let mut places: BTreeMap<&Vec<String>, Vec<usize>> = BTreeMap::new();
    sets.iter().enumerate().for_each(|(at, set)| set.iter().for_each(|shingle| places.entry(shingle).or_default().push(at)));
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for at in places.values() {
        for (i, a) in at.iter().enumerate() {
            at[i + 1..].iter().for_each(|b| *shared.entry((*a, *b)).or_default() += 1);
        }
    }
    for ((a, b), count) in shared {
        let union = sets[a].len() + sets[b].len() - count;
        assert!(count * 2 < union, "{} and {} share {count} of {union} rows of five words", all[a].id, all[b].id);
    }
}

/// Ids of those for which an offense is at `review` or above: the label's own, or any for lawful listings.
fn flagged(engine: &Engine, listings: &[Written]) -> Vec<String> {
    let review = engine.policy().tiers().iter().position(|t| t.name() == "review").expect("the standard policy");
    let at = |name: &str| engine.policy().tiers().iter().position(|t| t.name() == name).expect("a tier");
    let mut scratch = engine.create_scratch();
    let mut is_flagged = |w: &Written| {
        let listing = Listing::new().with(Field::Title, w.title.as_bytes()).with(Field::Description, w.description.as_bytes());
        let assessment = engine.assess_with(&mut scratch, &listing);
        let of = |o: &piepowder::OffenseId| w.label == "benign" || engine.offense(*o).key() == w.label;
        assessment.offenses().iter().any(|(o, _)| of(o) && at(assessment.tier_of(*o)) >= review)
    };
    listings.iter().filter(|w| is_flagged(w)).map(|w| w.id.clone()).collect()
}

#[test]
fn offers_are_found_and_lawful_listings_pass() {
    let engine = Engine::builder().taxonomy(&piepowder_packs::taxonomy()).build().expect("the embedded packs compile");
    for part in ["rest", "more", "fresh"] {
        let (offers, lawful) = (read(&format!("written/{part}-offers.jsonl")), read(&format!("written/{part}-negatives.jsonl")));
        let found = flagged(&engine, &offers).len();
        assert!(found * 100 >= offers.len() * 95, "{part}: {found} of {} offers found", offers.len());
        let wrong = flagged(&engine, &lawful);
        assert!(wrong.len() * 100 <= lawful.len() * 2, "{part}: {wrong:?}");
    }
    for set in ["pharmacy", "garden-food", "titles", "luxury"] {
        let listings = read(&format!("lawful/{set}.jsonl"));
        let wrong = flagged(&engine, &listings);
        assert!(wrong.len() * 1_000 <= listings.len() * 5, "{set}: {wrong:?}");
    }
}

/// Goods under conditions come out regulatory: no tier is reached by criminal evidence, and goods or conditions are named. Offers do not.
#[test]
fn regulated_goods_come_out_regulatory() {
    let engine = Engine::builder().taxonomy(&piepowder_packs::taxonomy()).build().expect("the embedded packs compile");
    let floor = engine.policy().tiers()[0].name().to_owned();
    let mut scratch = engine.create_scratch();
    let mut outcome = |w: &Written| {
        let listing = Listing::new().with(Field::Title, w.title.as_bytes()).with(Field::Description, w.description.as_bytes());
        let assessment = engine.assess_with(&mut scratch, &listing);
        let natures = assessment.offenses().iter().filter_map(|(o, _)| Some((assessment.tier_of(*o).to_owned(), assessment.nature(*o)?)));
        let natures: Vec<(String, Nature)> = natures.collect();
        let criminal = natures.iter().any(|(tier, nature)| *nature == Nature::Criminal && *tier != floor);
        (criminal, natures.iter().any(|(_, nature)| *nature != Nature::Criminal))
    };
    let regulated = read("written/regulated.jsonl");
    let wrong: Vec<&str> = regulated.iter().filter(|w| outcome(w) != (false, true)).map(|w| w.id.as_str()).collect();
    assert_eq!((regulated.len(), wrong), (200, vec![]));
    for part in ["rest", "more", "fresh"] {
        let offers = read(&format!("written/{part}-offers.jsonl"));
        let criminal = offers.iter().filter(|w| outcome(w).0).count();
        assert!(criminal * 100 >= offers.len() * 85, "{part}: {criminal} of {} offers rest on criminal evidence", offers.len());
    }
}

//! The invariants of docs/ARCHITECTURE.md over the shipped packs, on listings made of their own terms, hostile characters and plain
//! bytes. `laws.rs` holds the algebra over a small pack; here it is what real packs could break.

use piepowder::{Assessment, Coverage, Detail, Engine, EvidenceKind, Field, JsonOptions, Limits, Listing, Taxonomy};
use proptest::prelude::*;
use std::sync::OnceLock;

fn taxonomy() -> &'static Taxonomy {
    static TAXONOMY: OnceLock<Taxonomy> = OnceLock::new();
    TAXONOMY.get_or_init(piepowder_packs::taxonomy)
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::builder().taxonomy(taxonomy()).build().expect("the shipped packs build"))
}

/// Every term of the shipped packs, and what stands between terms.
fn fragments() -> &'static [String] {
    static FRAGMENTS: OnceLock<Vec<String>> = OnceLock::new();
    FRAGMENTS.get_or_init(|| {
        let mut all: Vec<String> = taxonomy().rules().flat_map(|r| r.terms().chain(r.substrings())).map(str::to_string).collect();
        all.sort();
        all.dedup();
        all
    })
}

const BETWEEN: [&str; 24] = [
    " ",
    "-",
    ". ",
    "\n\n",
    ", ",
    "",
    "\u{200b}",
    "\u{ad}",
    "\u{202e}",
    "\u{301}",
    "\u{fffd}",
    "3.5g",
    "10 x 200 mg",
    "$40",
    "1/8 oz",
    "4111 1111 1111 1111",
    "mail@example.com",
    "ﬁ",
    "Ⅷ",
    "İ",
    "ß",
    "가",
    "ไทย",
    "🍁",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => (0..fragments().len()).prop_map(|i| fragments()[i].clone().into_bytes()),
        2 => (0..fragments().len()).prop_map(|i| fragments()[i].to_uppercase().into_bytes()),
        6 => prop::sample::select(&BETWEEN[..]).prop_map(|s| s.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
        1 => "\\PC{0,4}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

#[derive(Clone, Debug)]
struct Row {
    title: Vec<u8>,
    description: Vec<u8>,
    price: Vec<u8>,
}

impl Row {
    fn listing(&self) -> Listing<'_> {
        Listing::new().with(Field::Title, &self.title).with(Field::Description, &self.description).with(Field::Price, &self.price)
    }
}

fn row() -> impl Strategy<Value = Row> {
    (text(), text(), prop_oneof![Just(Vec::new()), Just(b"12.50".to_vec()), prop::collection::vec(any::<u8>(), 0..5)])
        .prop_map(|(title, description, price)| Row { title, description, price })
}

fn json(assessment: &Assessment, listing: &Listing<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    assessment.write_json(b"1", listing, &JsonOptions::new().with_detail(Detail::Full), &mut out);
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_are_ranges_of_the_field_on_character_boundaries(row in row()) {
        let listing = row.listing();
        let assessment = engine().assess(&listing);
        for line in assessment.evidence() {
            let others = assessment.other_spans(line).iter().copied();
            let best = line.span().map(|s| (line.field().expect("a span has a field"), s));
            prop_assert!(best.is_some() || line.kind() == EvidenceKind::Condition);
            for (field, span) in best.into_iter().chain(others) {
                let bytes = if field == Field::Title.id() { &row.title } else { &row.description };
                let span = span.range();
                prop_assert!(span.start < span.end && span.end <= bytes.len(), "{span:?} of {} bytes", bytes.len());
                if let Ok(text) = std::str::from_utf8(bytes) {
                    prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end), "{span:?} of {text:?}");
                }
            }
        }
    }

    #[test]
    fn prior_and_weights_add_up_to_the_score(row in row()) {
        let assessment = engine().assess(&row.listing());
        for (offense, score) in assessment.offenses() {
            let lines: i32 = assessment.evidence().iter().map(|e| e.weight(*offense)).sum();
            prop_assert_eq!(score.prior() + lines, score.total());
            let nets: i32 = assessment.groups().iter().filter(|g| g.offense() == *offense).map(|g| g.net()).sum();
            prop_assert_eq!(score.prior() + nets, score.total());
            prop_assert_eq!(score.prior(), engine().prior(*offense));
        }
    }

    #[test]
    fn the_history_of_a_scratch_changes_no_byte(rows in prop::collection::vec(row(), 1..6)) {
        let listings: Vec<Listing<'_>> = rows.iter().map(Row::listing).collect();
        let fresh: Vec<Assessment> = listings.iter().map(|l| engine().assess_with(&mut engine().create_scratch(), l).clone()).collect();
        let mut scratch = engine().create_scratch();
        for (listing, expected) in listings.iter().zip(&fresh).chain(listings.iter().zip(&fresh).rev()) {
            prop_assert_eq!(engine().assess_with(&mut scratch, listing), expected);
            prop_assert_eq!(json(&engine().assess(listing), listing), json(expected, listing));
        }
    }

    #[test]
    fn a_net_is_never_negative_and_signals_need_company(row in row()) {
        let assessment = engine().assess(&row.listing());
        for net in assessment.groups() {
            prop_assert!(net.net() >= 0);
            let signal = |group| engine().group(group).kind() == piepowder::GroupKind::Signal;
            if signal(net.group()) && net.net() > 0 {
                let company = assessment.groups().iter().any(|g| g.offense() == net.offense() && g.net() > 0 && !signal(g.group()));
                prop_assert!(company, "{} counts alone", engine().group(net.group()).key());
            }
        }
    }

    #[test]
    fn an_explanation_is_of_the_same_assessment(row in row()) {
        let listing = row.listing();
        let explanation = engine().explain(&listing);
        prop_assert_eq!(explanation.assessment(), &engine().assess(&listing));
    }
}

#[test]
fn truncated_text_is_flagged_and_never_clear() {
    let engine = Engine::builder().taxonomy(taxonomy()).limits(Limits::new().with_field_bytes(16)).build().unwrap();
    let long = engine.assess(&Listing::new().with(Field::Title, b"a garden hose of twenty meters"));
    assert!(long.flags().contains(piepowder::Flags::TRUNCATED));
    assert_eq!(long.decision().tier(), "review");
    assert_eq!(long.decision().reason(), piepowder::DecisionReason::Truncation);
    let short = engine.assess(&Listing::new().with(Field::Title, b"a garden hose"));
    assert!(short.flags().is_empty());
    assert_eq!(short.decision().tier(), "clear");
}

#[test]
fn unread_is_not_clear() {
    let of = |title: &str| engine().assess(&Listing::new().with(Field::Title, title.as_bytes()));
    assert_eq!(of("садовый шланг двадцать метров").coverage(), Coverage::None);
    assert_eq!(of("садовый шланг двадцать метров").decision().tier(), "monitor");
    assert_eq!(of("a garden hose").coverage(), Coverage::Full);
    assert_eq!(of("!!!").coverage(), Coverage::Empty);
}

#[test]
fn every_fixed_field_takes_any_bytes() {
    let bytes: Vec<u8> = (0..=255).collect();
    let listing = Field::ALL.into_iter().fold(Listing::new(), |listing, field| listing.with(field, &bytes));
    let assessment = engine().assess(&listing);
    assert!(assessment.flags().contains(piepowder::Flags::INVALID_ENCODING));
    assert!(assessment.flags().contains(piepowder::Flags::PRICE_UNREADABLE));
    let out = json(&assessment, &listing);
    assert!(std::str::from_utf8(&out).is_ok());
}

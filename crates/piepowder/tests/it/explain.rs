//! Explanations: golden texts, sums that add up as printed, hostile text made safe, secrets masked. The trade is in unlicensed wands.

use crate::golden;
use piepowder::{Assessment, Date, Engine, Explanation, Field, Flags, JsonOptions, Limits, Listing, Reveal, Source, Style, Taxonomy};
use proptest::prelude::*;

const PACK: &str = r#"
format = 1
name = "wands"
version = "1.0.0"
released = 2026-01-01
license = "CC0-1.0"
owner = "guild.example"
[[offense]]
key = "wands"
rank = 1
title = "Unlicensed wands"
proposition = "The text offers a wand without a licence."
[[offense]]
key = "potions"
rank = 2
title = "Forbidden potions"
proposition = "The text offers a forbidden potion."
[[language]]
code = "en"
scripts = ["Latn"]
read = true
[[language]]
code = "he"
scripts = ["Hebr"]
read = true
[[language]]
code = "el"
scripts = ["Grek"]
read = false
"#;

const RULES: &str = r#"
[defaults]
element = "object"
nature = "regulatory"
language = "en"
warrant = { kind = "expert", source = "Only wands are called wands in the guild's own registers." }

[[group]]
key = "wands.name"
reason.en = "The text names a wand."
[[rule]]
key = "wands.name.elder"
group = "wands.name"
title = "names an elder wand"
weights = { wands = 320 }
terms = ["elder wand"]
warrant = { kind = "published", source = "Register of Controlled Wands, list A", url = "https://register.example.org/a" }
[[rule]]
key = "wands.name.wand"
group = "wands.name"
title = "names a wand"
weights = { wands = 260 }
terms = ["wand", "wands"]
[[rule]]
key = "wands.name.stick"
group = "wands.name"
title = "calls it a casting stick"
weights = { wands = 40 }
terms = ["casting stick"]

[[group]]
key = "wands.core"
reason.en = "The text names what only a wand has inside."
[[rule]]
key = "wands.core.feather"
group = "wands.core"
title = "names a feather core beside a wand"
weights = { wands = 90 }
terms = ["phoenix feather"]
near = { any = ["wands.name"], within = 4 }

[[group]]
key = "potions.name"
reason.en = "The text names a forbidden potion."
[[rule]]
key = "potions.name.philtre"
group = "potions.name"
title = "names a philtre"
weights = { potions = 310 }
terms = ["philtre"]
[[rule]]
key = "potions.name.draught"
group = "potions.name"
title = "names a draught under its new name"
weights = { potions = 150 }
terms = ["moon draught"]
status = "shadow"

[[group]]
key = "signals.payment"
kind = "signal"
reason.en = "The text asks for payment that is hard to take back."
[[rule]]
key = "signals.payment.coin"
group = "signals.payment"
title = "asks for goblin coin"
weights = { "*" = 60 }
element = "payment"
terms = ["goblin coin"]
[[rule]]
key = "signals.payment.cheap"
group = "signals.payment"
title = "asks for much less than a licensed shop"
weights = { wands = 30 }
element = "payment"
where = [{ field = "price", below = "12.50", currency = "EUR" }]

[[group]]
key = "signals.contact"
kind = "signal"
reason.en = "The text moves the buyer to contact outside the market."
[[rule]]
key = "signals.contact.mail"
group = "signals.contact"
title = "gives a mail address"
weights = { "*" = 20 }
element = "offer"
entities = ["email"]

[[group]]
key = "wands.excuse"
kind = "excuse"
reason.en = "The words belong to a toy or a book."
[[rule]]
key = "wands.excuse.toy"
group = "wands.excuse"
title = "says that it is a toy"
weights = { wands = -200 }
element = "context"
terms = ["toy"]
excuses = { groups = ["wands.*"], within = 3 }
[[rule]]
key = "wands.excuse.book"
group = "wands.excuse"
title = "has the form of a book title"
weights = { wands = -400 }
element = "context"
terms = ["paperback"]
fields = ["title"]
excuses = { groups = ["wands.*"], scope = "field" }
"#;

fn engine(limits: Limits) -> Engine {
    let taxonomy = Taxonomy::from_sources([Source::new("wands/pack.toml", PACK), Source::new("wands/rules.toml", RULES)]).expect("loads");
    Engine::builder().taxonomy(&taxonomy).limits(limits).as_of(Date::new(2026, 2, 1).expect("a date")).build().expect("builds")
}

fn text(explanation: &Explanation, listing: &Listing<'_>, style: Style, reveal: Reveal) -> String {
    let mut out = String::new();
    explanation.write_text(listing, style, reveal, &mut out);
    out
}

fn explained(engine: &Engine, title: &[u8], description: &[u8]) -> (String, String, String) {
    let listing = Listing::new().with(Field::Title, title).with(Field::Description, description);
    let explanation = engine.explain(&listing);
    assert_eq!(explanation.assessment(), &engine.assess(&listing));
    let mut json = Vec::new();
    explanation.write_json(b"7", &listing, &JsonOptions::new(), &mut json);
    let plain = text(&explanation, &listing, Style::Plain, Reveal::Masked);
    (plain, text(&explanation, &listing, Style::Ansi, Reveal::Masked), String::from_utf8(json).expect("JSON is UTF-8"))
}

/// Adds up the first column of each sum and compares with its total and the assessment.
fn check_sums(text: &str, engine: &Engine, a: &Assessment) -> usize {
    let mut checked = 0;
    for section in text.split("\nThe sum for ").skip(1) {
        let key = section.split(' ').next().expect("an offense");
        let (lines, rest) = section.split_once("\n  ------\n").expect("a total");
        let number = |line: &str| line.get(..8).and_then(|n| n.trim().parse::<i32>().ok());
        let sum: i32 = lines.lines().skip(1).filter_map(number).sum();
        let total = rest.lines().next().and_then(number).expect("a score");
        let (_, score) = a.offenses().iter().find(|(o, _)| engine.offense(*o).key() == key).expect("known");
        assert_eq!((sum, total), (score.total(), score.total()), "{text}");
        checked += 1;
    }
    checked
}

#[test]
fn golden_texts() {
    let long = format!(
        "{}\nAn elder wand\nwith a phoenix feather inside.\n{}Wands on request.",
        "A line of no interest.\n".repeat(30),
        "More of that. ".repeat(60)
    );
    let engine = engine(Limits::new().with_field_bytes(8_192));
    let flood = format!("wand {}", "word ".repeat(2_000));
    let cases: [(&str, Listing<'_>); 16] = [
        ("nothing", Listing::new().with(Field::Title, b"Oak desk, solid").with(Field::Description, b"Two drawers.")),
        ("empty", Listing::new()),
        ("one-word", Listing::new().with(Field::Title, b"Wand, as good as new")),
        (
            "urgent",
            Listing::new()
                .with(Field::Title, b"Elder wand with phoenix feather")
                .with(Field::Description, b"Casting stick of quality. Goblin coin only."),
        ),
        ("excused", Listing::new().with(Field::Title, b"The Elder Wand, paperback, 320 pages")),
        ("partly-excused", Listing::new().with(Field::Title, b"Toy wand").with(Field::Description, b"Elder wand, sold with a toy box.")),
        (
            "near-misses",
            Listing::new()
                .with(Field::Title, b"Hat with phoenix feather")
                .with(Field::Description, b"Goblin coin accepted. A toy for all ages.")
                .with(Field::Price, b"99"),
        ),
        ("condition", Listing::new().with(Field::Title, b"Two wands").with(Field::Price, b"9.99").with(Field::Currency, b"EUR")),
        ("shadow", Listing::new().with(Field::Title, b"Moon draught, fresh")),
        ("two-offenses", Listing::new().with(Field::Title, b"Wand and philtre, goblin coin")),
        (
            "mistakes",
            Listing::new()
                .with(Field::Title, b"Wand, pnoenix feather, elderr wand")
                .with(Field::Description, b"A phi1tre beside it; mooon draugth, papreback."),
        ),
        ("long", Listing::new().with(Field::Title, b"Things").with(Field::Description, long.as_bytes())),
        (
            "masked",
            Listing::new().with(Field::Title, b"Wand").with(Field::Description, b"Write to seller@example.com or call +1 555-0142, goblin coin."),
        ),
        (
            "hostile",
            Listing::new()
                .with(Field::Title, "\u{1b}[2J\u{202e}w\u{200b}and\u{202c} \u{ff37}and ".as_bytes())
                .with(Field::Description, b"a\rb\x00 wand\xff\xfe\n\tphiltre"),
        ),
        (
            "scripts",
            Listing::new()
                .with(Field::Title, "漢字 wand 漢字 philtre".as_bytes())
                .with(Field::Description, "שלום wand שלום\nΔεν ξέρω τίποτα εδώ".as_bytes()),
        ),
        ("truncated", Listing::new().with(Field::Title, b"Lot").with(Field::Description, flood.as_bytes())),
    ];
    let mut problems = Vec::new();
    for (name, listing) in &cases {
        let explanation = engine.explain(listing);
        assert_eq!(explanation.assessment(), &engine.assess(listing), "{name}");
        let text = text(&explanation, listing, Style::Plain, Reveal::Masked);
        assert!(check_sums(&text, &engine, explanation.assessment()) > 0, "{name}");
        problems.extend(golden::compare(&format!("crates/piepowder/tests/golden/explain/{name}.txt"), &text));
        let mut json = Vec::new();
        explanation.write_json(br#""x""#, listing, &JsonOptions::new().with_flags(Flags::NO_FINAL_NEWLINE), &mut json);
        json.push(b'\n');
        let json = String::from_utf8(json).expect("JSON is UTF-8");
        problems.extend(golden::compare(&format!("crates/piepowder/tests/golden/explain/{name}.json"), &json));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn colors_are_all_that_ansi_adds() {
    let (plain, ansi, _) = explained(&engine(Limits::new()), b"Elder wand", b"Goblin coin only, a toy");
    let mut stripped = String::new();
    let mut rest = ansi.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        stripped.push_str(before);
        rest = after.split_once('m').expect("a color").1;
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
    assert_ne!(ansi, plain);
}

/// Contact details that no one has, inside and beside evidence.
#[test]
fn secrets_are_masked() {
    let engine = engine(Limits::new());
    let secrets = [
        ("seller@example.com", "seller@example.com"),
        ("+1 555-0142", "555-0142"),
        ("4111 1111 1111 1111", "4111"),
        ("wickr: moonseller_77", "moonseller_77"),
        ("buyer@example.org:hunter2", "hunter2"),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1"),
    ];
    for (secret, part) in secrets {
        let description = format!("An elder wand. {secret} wand {secret}\n{}wand {secret}", "x ".repeat(500));
        let listing = Listing::new().with(Field::Title, b"Wand").with(Field::Description, description.as_bytes());
        let explanation = engine.explain(&listing);
        let (plain, ansi, json) = explained(&engine, b"Wand", description.as_bytes());
        for out in [&plain, &ansi, &json] {
            assert!(!out.contains(part), "{part} in {out}");
        }
        assert!(plain.contains("***"));
        let shown = text(&explanation, &listing, Style::Plain, Reveal::Shown);
        assert!(shown.contains(part) && shown.contains("shown on request"), "{shown}");
    }
}

/// No control characters but line feeds, nothing that hides or turns text, and a bounded length.
fn check_safe(out: &str) {
    let bad = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
    };
    assert!(!out.contains(bad), "{:?}", out.chars().find(|c| bad(*c)));
    assert!(out.len() < 60_000, "{} bytes", out.len());
}

#[test]
fn hostile_texts() {
    let engine = engine(Limits::new());
    let zero = "\u{200b}".repeat(60_000);
    let texts: Vec<Vec<u8>> = vec![
        b"\x1b]0;title\x07\x1b[31mwand\x9b2J".to_vec(),
        "wand \u{202e}dnaw\u{2066} philtre\u{2069}".into(),
        "wand\r\rphiltre\u{85}\u{2028}wand".into(),
        format!("w{zero}and").into_bytes(),
        format!("wand {}", "e\u{301}".repeat(20_000) + &"\u{301}".repeat(20_000)).into_bytes(),
        [b"wand ".as_slice(), &[0xff; 100_000]].concat(),
        "wand philtre goblin coin phoenix feather toy ".repeat(4_600).into_bytes(),
        ["wand".to_owned(), "\n".repeat(200_000)].concat().into_bytes(),
        "x".repeat(200_000).into_bytes(),
    ];
    for bytes in &texts {
        let (plain, _, json) = explained(&engine, bytes, bytes);
        check_safe(&plain);
        assert!(!json.contains(|c: char| c.is_control()));
    }
}

fn bits() -> impl Strategy<Value = Vec<u8>> {
    let bit = prop_oneof![
        4 => prop::sample::select(vec!["elder wand", "wand", "casting stick", "phoenix feather", "philtre", "moon draught", "goblin coin", "toy", "paperback", "a@example.com"]).prop_map(|s| s.as_bytes().to_vec()),
        2 => prop::sample::select(vec![" ", ", ", ". ", "\n", "\r\n", "\t"]).prop_map(|s| s.as_bytes().to_vec()),
        1 => any::<char>().prop_map(|c| c.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
        1 => "[ a-z0-9]{0,40}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(bit, 0..30).prop_map(|parts| parts.join(&b' '))
}

#[test]
fn printed_lines_add_up_and_are_safe() {
    let engine = engine(Limits::new());
    proptest!(|(title in bits(), description in bits(), price in "[0-9]{0,3}")| {
        let listing = Listing::new().with(Field::Title, &title).with(Field::Description, &description).with(Field::Price, price.as_bytes()).with(Field::Currency, b"EUR");
        let explanation = engine.explain(&listing);
        let plain = text(&explanation, &listing, Style::Plain, Reveal::Masked);
        prop_assert!(check_sums(&plain, &engine, explanation.assessment()) > 0);
        check_safe(&plain);
        for line in explanation.assessment().evidence().iter().filter(|l| !l.is_shadow()) {
            let key = engine.rule(line.rule().expect("cited")).key();
            prop_assert!(explanation.assessment().offenses().iter().all(|(o, _)| line.weight(*o) == 0) || plain.contains(key), "{key} is not told");
        }
        // Without the deciding groups the tier is lower, unless another offense or a floor holds it.
        let a = explanation.assessment();
        let rank = |name: &str| engine.policy().tiers().iter().position(|t| t.name() == name).expect("a tier");
        let mut json = Vec::new();
        explanation.write_json(b"1", &listing, &JsonOptions::new(), &mut json);
        let json = String::from_utf8(json).expect("JSON is UTF-8");
        let after = |key: &str| json.rsplit_once(key).and_then(|(_, rest)| rest.split('"').next()).map(rank).expect("a tier");
        let (without, floor) = (after("\"tier_without\":\""), after("\"floor\":\""));
        let alone = a.offenses().iter().filter(|(o, _)| a.tier_of(*o) == a.decision().tier()).count() == 1;
        prop_assert!(without <= a.decision().rank() && floor <= without);
        prop_assert!(a.decision().offense().is_none() || !alone || without < a.decision().rank(), "{json}");
    });
}

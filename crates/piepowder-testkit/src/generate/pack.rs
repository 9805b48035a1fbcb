//! Random packs as sources: valid, small, and dense in what the semantics can disagree on. They mean nothing.
//! Invariant: the same seed gives the same bytes.

use super::entity::entity;
use super::random::Random;
use piepowder::{EntityKind, Source};
use std::collections::BTreeSet;

/// A random pack, with the words that listings should be made of.
#[derive(Clone, Debug)]
pub struct Pack {
    /// The sources to load.
    pub sources: Vec<Source>,
    /// Terms, trigger words, quantities: what its rules look for.
    pub words: Vec<String>,
}

const WORDS: [&str; 51] = [
    "ab",
    "abc",
    "abcd",
    "ba",
    "bab",
    "cab",
    "cafe",
    "Éclair",
    "naïve",
    "cocoa",
    "lamp",
    "melone",
    "oil",
    "pickles",
    "straße",
    "ﬁne",
    "ἄλφα",
    "ΣΑΣ",
    "жар",
    "йод",
    "ёлка",
    "白粉",
    "白",
    "粉末",
    "カード",
    "がぎ",
    "ガス",
    "ยาบ้า",
    "ไทย",
    "한국",
    "각",
    "कि",
    "हिंदी",
    "سلام",
    "שלום",
    "47",
    "3.5",
    "2.50",
    "ak",
    "x",
    "g",
    "mg",
    "Ⅷ",
    "½",
    "ｆｕｌｌ",
    "㎎",
    "№",
    "ʼtis",
    "i\u{307}",
    "ŉ",
    "ΐ",
];

/// Words that are read with a mistake, too; several are an edit away from one another, or from one mistake.
const LONG_WORDS: [&str; 8] = ["abcabca", "abcabcb", "abcabcab", "acbabcab", "lantern", "lanterns", "marigold", "spindles"];

const PATTERNS: [(&str, &str, &str); 14] = [
    ("[a-z]{2,5}", "abc", "surface"),
    ("ab[a-z]*( c[a-z]+)?", "ab", "surface"),
    ("[0-9]{2,4}", "#digit", "surface"),
    ("[0-9]+([ -][0-9]+)*\\\\b", "#digits12", "surface"),
    ("[0-9a-zA-Z]{26,110}", "#base58", "original"),
    ("[0-9a-z]+", "#base58", "surface"),
    ("[0-9a-f]{32}", "#hex", "surface"),
    ("[0-9a-fA-F]+\\\\b", "#hex", "original"),
    ("[a-z.]+@[a-z]+", "#at", "surface"),
    (".[0-9]+", "#currency", "surface"),
    ("[^0-9]+[0-9]+", "#currency", "original"),
    ("(a|ab)(c|bcd)?\\\\b", "cab", "original"),
    ("47.?[xg]?", "#digit", "original"),
    ("ab.*", "ba", "surface"),
];

const QUANTITIES: [&str; 8] = [
    "{ dimension = \"mass\" }",
    "{ dimension = \"mass\", min = \"1 g\", max = \"5 kg\" }",
    "{ dimension = \"mass\", units = [\"milligram\", \"ounce\"] }",
    "{ dimension = \"mass\", times_min = 2 }",
    "{ dimension = \"volume\", max = \"1 l\" }",
    "{ dimension = \"count\", min = \"2 pills\" }",
    "{ dimension = \"percent\", min = \"10 %\" }",
    "{ dimension = \"percent\" }",
];

const MONEY: [&str; 4] =
    ["{ }", "{ currencies = [\"USD\", \"BTC\"] }", "{ min = \"10\", max = \"1000\" }", "{ currencies = [\"EUR\"], max = \"99.5\" }"];

const CONDITIONS: [&str; 8] = [
    "{ field = \"price\", below = \"50\" }",
    "{ field = \"price\", above = \"10\", currency = \"EUR\" }",
    "{ field = \"currency\", any_of = [\"BTC\", \"eur\"] }",
    "{ field = \"brand\", present = true }",
    "{ field = \"brand\", present = false }",
    "{ field = \"seller\", any_of = [\"Éclair\", \"abc\"] }",
    "{ field = \"stock\", above = \"3\" }",
    "{ field = \"note\", present = true }",
];

const BOUNDARIES: [&str; 4] = ["word", "prefix", "compound", "substring"];

const TRANSFORMS: [&str; 9] = ["bidi", "confusable", "edit", "invisible", "leet", "markup", "mixed", "repeated", "spaced"];

const SCRIPTS: [&str; 8] = ["Latn", "Cyrl", "Grek", "Hani", "Thai", "Hang", "Deva", "Arab"];

/// A term or a phrase of the pack's words.
fn phrase(random: &mut Random, words: &[&str]) -> String {
    let mut text = random.pick(words).to_string();
    for _ in 0..[0, 0, 0, 1, 1, 2][random.below(6)] {
        let gap = random.pick(&["", " ", " ", "-", "/", "'", "_", ":", " & ", "+", "  ", "."]);
        let word = random.pick(words);
        // A fraction begins with a space on the surface, and `. ` ends a sentence, which no term goes over.
        text.push_str(if gap == "." && word.starts_with('½') { "" } else { gap });
        text.push_str(word);
    }
    text
}

fn list(items: &[String]) -> String {
    let quoted: Vec<String> = items.iter().map(|i| format!("\"{i}\"")).collect();
    format!("[{}]", quoted.join(", "))
}

/// A random pack.
pub fn pack(seed: u64) -> Pack {
    let random = &mut Random::new(seed);
    let mut words: Vec<&str> = (0..8 + random.below(10)).map(|_| random.pick(&WORDS)).collect();
    words.extend((0..random.below(5)).map(|_| random.pick(&LONG_WORDS)));
    let mut text = String::from("[defaults]\nlanguage = \"und\"\nnature = \"criminal\"\nwarrant = { kind = \"expert\", source = \"made up\" }\n");
    let (specific, signals) = (2 + random.below(3), random.below(3));
    for g in 0..specific {
        // Only the last, for an excuse may not name it.
        let excusable = if g + 1 == specific && random.chance(40) { "excusable = false\n" } else { "" };
        text.push_str(&format!("[[group]]\nkey = \"s.g{g}\"\nreason.en = \"Made up.\"\n{excusable}"));
    }
    (0..signals).for_each(|g| text.push_str(&format!("[[group]]\nkey = \"t.g{g}\"\nkind = \"signal\"\nreason.en = \"Made up.\"\n")));
    text.push_str("[[group]]\nkey = \"s.always\"\nreason.en = \"Made up.\"\n[[group]]\nkey = \"x.g\"\nkind = \"excuse\"\nreason.en = \"Made up.\"\n");
    let rules = 6 + random.below(10);
    let mut used: Vec<String> = Vec::new();
    for r in 0..rules {
        let group = match random.below(10) {
            0..5 => format!("s.g{}", random.below(specific)),
            5..7 if signals > 0 => format!("t.g{}", random.below(signals)),
            7 | 8 => "x.g".into(),
            _ => "s.always".into(),
        };
        text.push_str(&rule(random, r, rules, &group, specific, &words, &mut used));
    }
    let head = format!(
        "format = 1\nname = \"random\"\nversion = \"1.0.0\"\nreleased = 2026-06-01\nlicense = \"CC0-1.0\"\nowner = \"nobody\"\n{}{}{}{}",
        boundaries(random),
        "[[offense]]\nkey = \"one\"\nrank = 2\ntitle = \"One\"\nproposition = \"The text says one.\"\n[[offense]]\nkey = \"two\"\nrank = 1\ntitle = \"Two\"\nproposition = \"The text says two.\"\n",
        "[[field]]\nname = \"note\"\ntype = \"text\"\n[[field]]\nname = \"stock\"\ntype = \"number\"\n",
        if random.chance(60) {
            "[[language]]\ncode = \"en\"\nscripts = [\"Latn\"]\nread = true\nwords = [\"the\", \"ab\"]\n[[language]]\ncode = \"xx\"\nscripts = [\"Latn\", \"Cyrl\"]\nread = false\nwords = [\"ba\", \"cab\", \"x\"]\n"
        } else {
            ""
        }
    );
    used.extend(words.iter().map(|w| w.to_string()));
    Pack { sources: vec![Source::new("random/pack.toml", head), Source::new("random/rules.toml", text)], words: used }
}

/// What the pack says of the boundaries of some scripts' terms.
fn boundaries(random: &mut Random) -> String {
    if !random.chance(40) {
        return String::new();
    }
    let scripts: BTreeSet<&str> = (0..1 + random.below(3)).map(|_| random.pick(&SCRIPTS)).collect();
    let said: Vec<String> = scripts.iter().map(|script| format!("{script} = \"{}\"", random.pick(&BOUNDARIES))).collect();
    format!("boundaries = {{ {} }}\n", said.join(", "))
}

fn rule(random: &mut Random, r: usize, rules: usize, group: &str, specific: usize, words: &[&str], used: &mut Vec<String>) -> String {
    let excuse = group.starts_with('x');
    let element = random.pick(&["object", "offer", "concealment", "payment", "logistics", "context"]);
    let mut text = format!("[[rule]]\nkey = \"r.n{r:02}\"\ngroup = \"{group}\"\ntitle = \"made up\"\nelement = \"{element}\"\n");
    let sign = if excuse { "-" } else { "" };
    let weights = match random.below(4) {
        0 => format!("one = {sign}{}", 1 + random.below(400)),
        1 => format!("two = {sign}{}", 1 + random.below(400)),
        2 if group.starts_with('t') => format!("\"*\" = {}", 1 + random.below(200)),
        _ => format!("one = {sign}{}, two = {sign}{}", 1 + random.below(300), 1 + random.below(300)),
    };
    text.push_str(&format!("weights = {{ {weights} }}\n"));
    let mut sources = 0;
    if random.chance(75) {
        let terms: Vec<String> = (0..1 + random.below(4)).map(|_| phrase(random, words)).collect();
        text.push_str(&format!("terms = {}\n", list(&terms)));
        if random.chance(50) {
            text.push_str(&format!("disguised_from = {}\n", 3 + random.below(4)));
        }
        if random.chance(20) {
            text.push_str(&format!("boundary = \"{}\"\n", random.pick(&BOUNDARIES)));
        }
        used.extend(terms);
        sources += 1;
    }
    if random.chance(15) {
        let substring = random.pick(&["abab", "cafe", "白粉", "bcab", "абаж", "naive", "half-a", "がぎ"]);
        text.push_str(&format!("substrings = [\"{substring}\"]\n"));
        used.push(substring.to_string());
        sources += 1;
    }
    if random.chance(25) {
        let (regex, trigger, view) = PATTERNS[random.below(PATTERNS.len())];
        text.push_str(&format!("patterns = [{{ regex = \"{regex}\", triggers = [\"{trigger}\"], view = \"{view}\" }}]\n"));
        sources += 1;
    }
    for (percent, key, choices) in [(25, "quantities", &QUANTITIES[..]), (15, "money", &MONEY[..])] {
        if random.chance(percent) {
            text.push_str(&format!("{key} = [{}]\n", random.pick(choices)));
            sources += 1;
        }
    }
    if random.chance(20) {
        let kinds: BTreeSet<EntityKind> = (0..1 + random.below(3)).map(|_| EntityKind::ALL[random.below(EntityKind::ALL.len())]).collect();
        let named: Vec<String> = kinds.iter().map(|kind| kind.word().to_string()).collect();
        text.push_str(&format!("entities = {}\n", list(&named)));
        // Several of each, for a text has few words, and most of these are spoiled.
        used.extend(kinds.iter().flat_map(|kind| [*kind; 4]).map(|kind| entity(random, kind)));
        sources += 1;
    }
    if group.starts_with('t') && random.chance(40) {
        let named: Vec<String> =
            (0..1 + random.below(3)).map(|_| random.pick(&TRANSFORMS).to_string()).collect::<BTreeSet<_>>().into_iter().collect();
        text.push_str(&format!("disguise = {}\n", list(&named)));
        sources += 1;
    }
    if random.chance(15) || sources == 0 {
        text.push_str(&format!("where = [{}]\n", random.pick(&CONDITIONS)));
    }
    if sources > 0 && random.chance(20) {
        let other = (r + 1 + random.below(rules - 1)) % rules;
        let near = if random.chance(70) { format!("r.n{other:02}") } else { "s.always".into() };
        // The group may be the rule's own and hold nothing else, which the loader refuses.
        let near = if near == group { format!("r.n{other:02}") } else { near };
        let scope = random.pick(&["", ", scope = \"field\"", ", scope = \"listing\""]);
        text.push_str(&format!("near = {{ any = [\"{near}\"], within = {}{scope} }}\n", 1 + random.below(6)));
    }
    if random.chance(15) {
        text.push_str(&format!("fields = {}\n", random.pick(&["[\"title\"]", "[\"description\", \"brand\"]", "[\"note\", \"seller\"]"])));
    }
    if random.chance(10) {
        text.push_str("status = \"shadow\"\n");
    }
    if random.chance(10) {
        text.push_str(random.pick(&[
            "sunset = 2026-12-31\n",
            "effective = 2026-07-01\n",
            "jurisdictions = [\"EU\"]\n",
            "jurisdictions = [\"US\", \"CA\"]\n",
        ]));
    }
    if excuse {
        let groups = if random.chance(50) { "s.*".to_string() } else { format!("s.always\", \"s.g{}", random.below(specific - 1)) };
        let scope = random.pick(&["near", "near", "field", "listing"]);
        text.push_str(&format!("excuses = {{ groups = [\"{groups}\"], within = {}, scope = \"{scope}\" }}\n", 1 + random.below(6)));
    }
    text
}

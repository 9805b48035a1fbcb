//! Tables of texts, and where rules with boundaries, hidden words and signals of disguise match in them.

use super::Oracle;
use piepowder::{Engine, Field, Listing, Policy, Source, Taxonomy};

const PACK: &str = r#"
format = 1
name = "tiny"
version = "1.0.0"
released = 2026-06-01
license = "CC0-1.0"
owner = "tests@example.com"
boundaries = { Cyrl = "prefix" }

[[offense]]
key = "one"
rank = 1
title = "One"
proposition = "The text offers one."
"#;

const RULES: &str = r#"
[defaults]
language = "en"
nature = "criminal"
warrant = { kind = "expert", source = "Made up for a test." }
element = "object"

[[group]]
key = "s.word"
reason.en = "Made up for a test."

[[group]]
key = "t.disguise"
kind = "signal"
reason.en = "Made up for a test."

[[group]]
key = "x.word"
kind = "excuse"
reason.en = "Made up for a test."

[[rule]]
key = "s.word"
group = "s.word"
title = "A word"
weights = { one = 100 }
terms = ["cocoa bean", "дома", "可可", "4711"]

[[rule]]
key = "s.short"
group = "s.word"
title = "A short word"
weights = { one = 100 }
terms = ["moss"]

[[rule]]
key = "s.part"
group = "s.word"
title = "A part of a word"
weights = { one = 100 }
boundary = "compound"
terms = ["pulver"]

[[rule]]
key = "s.near"
group = "s.word"
title = "Beans beside moss"
weights = { one = 100 }
terms = ["beans"]
near = { any = ["s.short"], within = 1 }

[[rule]]
key = "t.leet"
group = "t.disguise"
title = "Digits for letters"
weights = { one = 10 }
disguise = ["leet", "spaced"]

[[rule]]
key = "x.word"
group = "x.word"
title = "A lawful word"
weights = { one = -10 }
terms = ["recipe"]
excuses = { groups = ["s.word"] }
"#;

/// What matches in a description: rule, start, end.
fn matches(text: &str) -> String {
    let sources = [("tiny/pack.toml", PACK), ("tiny/rules.toml", RULES)];
    let taxonomy = Taxonomy::from_sources(sources.map(|(name, text)| Source::new(name, text))).unwrap_or_else(|d| panic!("{d}"));
    let policy = Policy::standard();
    let engine = Engine::builder().taxonomy(&taxonomy).build().expect("the pack compiles");
    let oracle = Oracle::new(&taxonomy, &policy, taxonomy.released().expect("the pack has a date"), &[], &engine);
    let listing = Listing::new().with(Field::Description, text.as_bytes());
    let matched = oracle.matches(&listing, &mut oracle.read(&listing));
    let shown = matched.iter().filter_map(|(rule, m)| Some(format!("{rule} {}-{}", m.best?.0.start, m.best?.0.end)));
    shown.collect::<Vec<_>>().join(", ")
}

#[test]
fn boundaries_hidden_words_and_signals() {
    let table = [
        ("cocoa bean", "s.word 0-10"),
        ("cocoabeans", ""),
        ("домашний", "s.word 0-8"),
        ("вдома", ""),
        ("x可可x", "s.word 1-7"),
        ("4711 47110", "s.word 0-4"),
        ("pulverfass", "s.part 0-6"),
        ("schießpulver", "s.part 7-13"),
        ("gepulvert", ""),
        ("c0coa bean", "s.word 0-10, t.leet 0-10"),
        ("c o c o a b e a n", "s.word 0-17, t.leet 0-17"),
        // Too short to be looked for in disguise.
        ("m0ss", ""),
        // A term that is no sequence of pieces gives no word of the lexicon.
        ("pu1ver", ""),
        ("moss beans", "s.near 5-10, s.short 0-4"),
        ("moss x beans", "s.short 0-4"),
        // Five letters that stand apart are one block, and so is a word that they make.
        ("moss - b e a n s", "s.near 7-16, s.short 0-4, t.leet 7-16"),
        // What markup hides is read, but for what is too short and for excuses.
        ("x<!-- moss recipe cocoa bean -->y", "s.word 18-28"),
        ("<b>re</b>cipe m<i>oss</i>", "s.short 14-21, x.word 3-13"),
    ];
    for (text, expected) in table {
        assert_eq!(matches(text), expected, "{text}");
    }
}

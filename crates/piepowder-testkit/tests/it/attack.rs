//! The seeded attacker: same seed, same bytes; what each family changes and leaves; that what it did can be undone by other means than
//! the engine's (ICU, UTS #39 skeletons, regular expressions).

use icu_casemap::CaseMapper;
use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup};
use icu_properties::{CodePointMapData, CodePointSetData};
use piepowder_testkit::attack::{Family, disguise, with_every_excuse, with_excuses};
use piepowder_testkit::generate::Random;
use regex::Regex;

/// Words of four letters and more, each with a letter that leet and ASCII look-alikes know; the last is long.
const WORDS: [&str; 8] = ["lamp", "Mail", "melon", "OILY", "Camel", "blossom", "Millstone", "similarly"];
const SEEDS: u64 = 40;

/// Random printable ASCII with words, short words, numbers and signs.
fn text(seed: u64) -> String {
    let random = &mut Random::new(seed);
    let mut out = String::new();
    for _ in 0..12 {
        match random.below(5) {
            0 => out.push_str(random.pick(&["of", "LSD", "3g", "x", "2 x 10", "ab", "a1b2"])),
            1 => (0..random.below(6)).for_each(|_| out.push((b' ' + random.below(95) as u8) as char)),
            2 => (0..4 + random.below(8)).for_each(|_| out.push((b'a' + random.below(26) as u8) as char)),
            3 => (0..4 + random.below(4)).for_each(|_| out.push((b'A' + random.below(26) as u8) as char)),
            _ => out.push_str(random.pick(&WORDS)),
        }
        out.push_str(random.pick(&[" ", " ", " ", ", ", "-", "", ". "]));
    }
    out
}

#[test]
fn names_are_of_one_family_each() {
    for family in Family::ALL {
        assert_eq!(Family::from_name(family.name()), Some(*family));
    }
    assert_eq!(Family::from_name("none"), None);
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    for family in Family::ALL {
        let all: Vec<String> = (0..SEEDS).map(|seed| disguise(*family, &text(seed), seed)).collect();
        let again: Vec<String> = (0..SEEDS).map(|seed| disguise(*family, &text(seed), seed)).collect();
        assert_eq!(all, again, "{}", family.name());
    }
}

#[test]
fn every_family_changes_every_word() {
    for family in Family::ALL {
        for (seed, word) in (0..SEEDS).flat_map(|seed| WORDS.map(|word| (seed, word))) {
            let changed = disguise(*family, word, seed) != word;
            let long = *family != Family::EditLong || word.len() >= 7;
            assert_eq!(changed, long, "{}, seed {seed}: {word}", family.name());
        }
    }
}

#[test]
fn short_words_numbers_and_gaps_stay() {
    let short = "LSD 3.5g x 10, of ab-cd \u{20ac}20 (a1b2c3)\r\n ok!";
    for family in Family::ALL {
        for seed in 0..SEEDS {
            assert_eq!(disguise(*family, short, seed), short, "{}", family.name());
            assert_eq!(disguise(*family, "", seed), "", "{}", family.name());
            let around = disguise(*family, "3g, blossom: LSD", seed);
            let (before, after) = ("3g, ", ": LSD");
            let gap = if *family == Family::SpacedWide { "3g,   " } else { before };
            assert!(around.starts_with(gap) && around.ends_with(after), "{}: {around}", family.name());
        }
    }
}

#[test]
fn what_only_inserts_takes_words_of_all_scripts() {
    for (family, taken) in [(Family::ZeroWidth, true), (Family::Dotted, true), (Family::MarkupInside, true), (Family::Leet, false)] {
        for word in ["\u{43a}\u{43e}\u{43a}\u{43e}\u{441}", "d\u{e9}j\u{e0}vu", "\u{645}\u{631}\u{62d}\u{628}\u{627}"] {
            assert_eq!(disguise(family, word, 1) != word, taken, "{}: {word}", family.name());
        }
    }
}

/// NFKD and case folding, less default-ignorable characters and marks.
fn folded(text: &str) -> String {
    let nfkd = DecomposingNormalizerBorrowed::new_nfkd();
    let category = CodePointMapData::<GeneralCategory>::new();
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let kept = |c: &char| !ignorable.contains(*c) && !GeneralCategoryGroup::Mark.contains(category.get(*c));
    CaseMapper::new().fold_string(&nfkd.normalize(text).chars().filter(kept).collect::<String>()).into_owned()
}

fn each_text(family: Family, holds: impl Fn(&str, &str) -> bool) {
    for seed in 0..SEEDS * 5 {
        let plain = text(seed);
        let attacked = disguise(family, &plain, seed);
        assert!(holds(&attacked, &plain), "{}, seed {seed}:\n{plain}\n{attacked}", family.name());
    }
}

#[test]
fn normal_forms_undo_insertions_and_compatibility_letters() {
    for family in [
        Family::ZeroWidth,
        Family::SoftHyphen,
        Family::VariationSelectors,
        Family::TagCharacters,
        Family::CombiningFlood,
        Family::FullWidth,
        Family::Mathematical,
        Family::Enclosed,
        Family::Squared,
    ] {
        each_text(family, |attacked, plain| folded(attacked) == folded(plain));
    }
    let parentheses = |text: &str| text.replace(['(', ')'], "");
    each_text(Family::Parenthesized, |attacked, plain| parentheses(&folded(attacked)) == parentheses(&folded(plain)));
    let signs = [(Family::NegativeSquared, '\u{1f170}'), (Family::NegativeCircled, '\u{1f150}'), (Family::Regional, '\u{1f1e6}')];
    for (family, first) in signs {
        let letter = |c: char| match (c as u32).checked_sub(first as u32) {
            Some(place @ 0..26) => char::from(b'a' + place as u8),
            _ => c,
        };
        each_text(family, |attacked, plain| folded(&attacked.chars().map(letter).collect::<String>()) == folded(plain));
    }
}

#[test]
fn overrides_hold_the_word_backward() {
    let isolates = Regex::new("[\u{2066}-\u{2069}]").expect("a pattern");
    let overridden = Regex::new("\u{202e}([A-Za-z]{4,})\u{202c}").expect("a pattern");
    each_text(Family::BidiOverride, |attacked, plain| {
        let bare = isolates.replace_all(attacked, "");
        overridden.replace_all(&bare, |found: &regex::Captures<'_>| found[1].chars().rev().collect::<String>()) == plain
    });
}

#[test]
fn look_alikes_have_the_skeleton_of_the_text() {
    let skeleton = |text: &str| unicode_security::skeleton(text).collect::<String>();
    each_text(Family::HomoglyphsSome, |attacked, plain| skeleton(attacked) == skeleton(plain));
    each_text(Family::HomoglyphsWhole, |attacked, plain| skeleton(attacked) == skeleton(plain));
    each_text(Family::HomoglyphAscii, |attacked, plain| skeleton(attacked) == skeleton(plain) && attacked.is_ascii());
    let whole = disguise(Family::HomoglyphsWhole, "blossom Millstone", 3);
    let plain: String = whole.chars().filter(char::is_ascii_alphabetic).collect();
    assert_eq!(plain, "t", "the one letter here without a look-alike: {whole}");
}

#[test]
fn spread_letters_come_together_again() {
    let signs = [(Family::Spaced, ' '), (Family::Dotted, '.'), (Family::Hyphenated, '-'), (Family::Underscored, '_'), (Family::NewlineLetters, '\n')];
    for (family, sign) in signs {
        each_text(family, |attacked, plain| attacked.replace(sign, "") == plain.replace(sign, ""));
    }
    each_text(Family::SpacedWide, |attacked, plain| attacked.replace(' ', "") == plain.replace(' ', ""));
    each_text(Family::NewlineSplit, |attacked, plain| attacked.replace('\n', "") == plain);
    assert_eq!(disguise(Family::SpacedWide, "wool lamp of oak, blue", 1), "w o o l   l a m p   of oak,   b l u e");
}

#[test]
fn leet_is_ascii_of_the_same_length_and_ends_in_no_sign() {
    each_text(Family::Leet, |attacked, plain| attacked.is_ascii() && attacked.len() == plain.len());
    for seed in 0..SEEDS {
        let last = disguise(Family::Leet, "chalet taxi", seed);
        assert!(!last.ends_with('!') && !last.contains("+ "), "{last}");
    }
}

#[test]
fn a_browser_shows_the_plain_text() {
    let hidden = Regex::new("<span style=\"display:none\">[a-z ]+</span>").expect("a pattern");
    each_text(Family::HiddenElement, |attacked, plain| hidden.replace_all(attacked, "") == plain);
    let tags = Regex::new("<(/?b|/?i|span class=x|/span|!-- x --)>").expect("a pattern");
    each_text(Family::MarkupInside, |attacked, plain| tags.replace_all(attacked, "") == plain);
    let references = Regex::new("&(#[xX]?[0-9a-fA-F]+|shy|zwnj|fflig|filig|fllig);").expect("a pattern");
    let decode = |found: &regex::Captures<'_>| match &found[1] {
        "shy" | "zwnj" => String::new(),
        "fflig" => "ff".to_string(),
        "filig" => "fi".to_string(),
        "fllig" => "fl".to_string(),
        number => {
            let code = match number[1..].strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number[1..].parse(),
            };
            code.ok().and_then(char::from_u32).expect("a character").to_string()
        }
    };
    each_text(Family::Entities, |attacked, plain| references.replace_all(attacked, decode) == plain);
}

#[test]
fn repeats_and_edits_are_as_large_as_they_say() {
    for (seed, word) in (0..SEEDS).flat_map(|seed| WORDS.map(|word| (seed, word))) {
        let repeated = disguise(Family::Repeats, word, seed).len() - word.len();
        assert!((2..=10).contains(&repeated), "{word}: {repeated}");
        let edited = disguise(Family::Edit, word, seed);
        assert!(edited.len() + 1 >= word.len() && edited.len() <= word.len() && edited.is_ascii(), "{word}: {edited}");
    }
    assert_eq!(disguise(Family::EditLong, "lamp camel mirror", 1), "lamp camel mirror");
}

#[test]
fn excuses_are_all_there() {
    let taxonomy = piepowder_packs::taxonomy();
    let excuses: Vec<Vec<&str>> = taxonomy
        .rules()
        .filter(|rule| rule.excuse().is_some())
        .filter(|rule| rule.fields().is_empty() || rule.fields().iter().any(|field| field == "description"))
        .map(|rule| rule.terms().chain(rule.substrings()).collect::<Vec<_>>())
        .filter(|words| !words.is_empty())
        .collect();
    assert!(excuses.len() > 10, "{}", excuses.len());
    let (one, every) = (with_excuses(&taxonomy, "description", 5, &|_| true), with_every_excuse(&taxonomy, "description", 5, &|_| true));
    assert_eq!(one, with_excuses(&taxonomy, "description", 5, &|_| true));
    assert_ne!(one, with_excuses(&taxonomy, "description", 6, &|_| true));
    assert_eq!(one.split(", ").count(), excuses.len());
    // What a title says of its form is no excuse below it.
    assert!(with_excuses(&taxonomy, "title", 5, &|_| true).split(", ").count() > excuses.len());
    for words in &excuses {
        assert!(words.iter().any(|word| one.split(", ").any(|o| o == *word)), "{words:?}");
        assert!(words.iter().all(|word| every.split(", ").any(|o| o == *word)), "{words:?}");
    }
}

/// What each family makes of two words, written out. A change here changes what every recorded campaign measured.
#[test]
fn fixed_examples() {
    let examples: Vec<String> =
        Family::ALL.iter().map(|family| format!("{}: {}", family.name(), disguise(*family, "oak Lamps, fine", 7).escape_default())).collect();
    let expected = EXAMPLES.trim().lines().collect::<Vec<_>>();
    assert_eq!(examples, expected, "\n{}", examples.join("\n"));
}

const EXAMPLES: &str = r#"
zero-width: oak La\u{feff}\u{2060}m\u{200d}p\u{200b}s, f\u{200b}in\u{200d}e
soft-hyphen: oak La\u{ad}m\u{ad}\u{ad}p\u{ad}s, fin\u{ad}e
variation-selectors: oak La\u{e01e1}m\u{e0141}p\u{e014c}s, f\u{fe07}ine
tag-characters: oak La\u{e004c}\u{e0055}m\u{e0063}p\u{e0075}s, f\u{e003e}in\u{e004a}e
bidi-override: oak \u{202e}spmaL\u{202c}, \u{2066}\u{202e}enif\u{202c}\u{2069}
full-width: oak \u{ff2c}\u{ff41}\u{ff4d}\u{ff50}\u{ff53}, \u{ff46}\u{ff49}\u{ff4e}\u{ff45}
mathematical: oak \u{1d5df}\u{1d5ba}\u{1d62e}\u{1d561}\u{1d4fc}, \u{1d58b}\u{1d58e}\u{1d593}\u{1d58a}
enclosed: oak \u{24c1}\u{24d0}\u{24dc}\u{24df}\u{24e2}, \u{24d5}\u{24d8}\u{24dd}\u{24d4}
parenthesized: oak \u{1f11b}\u{249c}\u{24a8}\u{24ab}\u{24ae}, \u{24a1}\u{24a4}\u{24a9}\u{24a0}
squared: oak \u{1f13b}\u{1f130}\u{1f13c}\u{1f13f}\u{1f142}, \u{1f135}\u{1f138}\u{1f13d}\u{1f134}
negative-squared: oak \u{1f17b}\u{1f170}\u{1f17c}\u{1f17f}\u{1f182}, \u{1f175}\u{1f178}\u{1f17d}\u{1f174}
negative-circled: oak \u{1f15b}\u{1f150}\u{1f15c}\u{1f15f}\u{1f162}, \u{1f155}\u{1f158}\u{1f15d}\u{1f154}
regional: oak \u{1f1f1}\u{1f1e6}\u{1f1f2}\u{1f1f5}\u{1f1f8}, \u{1f1eb}\u{1f1ee}\u{1f1f3}\u{1f1ea}
combining-flood: oak L\u{1dc2}\u{31a}\u{20d1}\u{361}\u{20e6}\u{1dce}\u{1de6}\u{1def}\u{345}\u{1def}a\u{20e9}\u{1de9}\u{31f}\u{30d}\u{1dec}\u{1dd2}\u{20d9}\u{1df5}m\u{361}\u{20da}\u{1dc2}\u{36f}\u{316}\u{1dca}\u{362}\u{36b}\u{33e}\u{35a}p\u{30a}\u{338}\u{20d6}\u{20e7}\u{346}s\u{20d7}\u{20eb}\u{20d6}\u{1dd4}\u{343}\u{35f}\u{366}\u{326}\u{20d0}, f\u{1dc9}\u{20e1}\u{336}\u{1dea}\u{1df9}\u{34f}\u{1dd5}\u{338}i\u{20e9}\u{1de6}\u{348}n\u{20d9}\u{348}\u{333}\u{1de3}e\u{20ef}\u{34e}\u{302}\u{347}\u{20e7}
homoglyphs-some: oak \u{13de}a\u{560}ps, \u{192}\u{a647}n\u{4bd}
homoglyphs-whole: oak \u{13de}\u{3b1}\u{560}\u{3f8}\u{455}, \u{192}\u{a647}\u{578}\u{4bd}
homoglyph-ascii: oak Larnps, fine
leet: oak |amp5, fin3
spaced: oak L a m p s, f i n e
dotted: oak L.a.m.p.s, f.i.n.e
hyphenated: oak L-a-m-p-s, f-i-n-e
underscored: oak L_a_m_p_s, f_i_n_e
spaced-wide: oak   L a m p s,   f i n e
newline-letters: oak L\na\nm\np\ns, f\ni\nn\ne
newline-split: oak Lamp\ns, f\nine
repeats: oak Laaaaammmmmmps, fiiiiine
edit: oak Laps, fie
edit-long: oak Lamps, fine
markup-inside: oak L<!-- x -->a<i></i>mps, fin<!-- x -->e
entities: oak L&#97;&#X006D;&#x70;s, &#102;&zwnj;in&zwnj;&#x65;
hidden-element: oak Lamp<span style=\"display:none\">wool socks</span>s, f<span style=\"display:none\">picture frame</span>ine
two-families: oak L aaaa m p sssss, f\u{200b}\u{ad}\u{ad}in\u{200b}e
"#;

//! Tests of the text stage as a whole: the fold against the ICU crates, the laws of the map, tokens, links, numbers, quantities, money.

use super::classes::{is_spaceless, script};
use super::quantity::number;
use super::surface::GROWTH;
use super::*;
use crate::taxonomy::units::{CURRENCIES, UNITS};
use icu_casemap::CaseMapper;
use icu_normalizer::properties::CanonicalCombiningClassMap;
use icu_normalizer::{ComposingNormalizer, DecomposingNormalizer};
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use piepowder_bytes::{hash_in, hash_joined};
use proptest::prelude::*;

fn characters() -> impl Iterator<Item = char> {
    (0..=0x10_FFFF).filter_map(char::from_u32)
}

/// The fold as the semantics state it: character by character (U+0345 would else move before it becomes a letter), then composition.
fn icu_fold(text: &str) -> String {
    let folded: String = text.chars().map(icu_expand).collect();
    ComposingNormalizer::new_nfc().normalize(&folded).into_owned()
}

fn icu_expand(c: char) -> String {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let mark = |c: char| {
        use icu_properties::props::GeneralCategory as G;
        matches!(icu_properties::CodePointMapData::<G>::new().get(c), G::NonspacingMark | G::SpacingMark | G::EnclosingMark)
    };
    let dropped = |c: char| {
        let at = c as u32;
        let general = matches!(at, 0x300..=0x36F | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE20..=0xFE2F);
        let vowel = matches!(at, 0x591..=0x5C7 | 0x610..=0x61A | 0x64B..=0x65F | 0x670 | 0x6D6..=0x6ED);
        ignorable.contains(c) || (general || vowel) && mark(c)
    };
    let strokes = |text: &str| {
        let images = [
            ("đ", "d"),
            ("Đ", "d"),
            ("ħ", "h"),
            ("Ħ", "h"),
            ("ı", "i"),
            ("ł", "l"),
            ("Ł", "l"),
            ("ø", "o"),
            ("Ø", "o"),
            ("ŧ", "t"),
            ("Ŧ", "t"),
            ("\u{345}", ""),
        ];
        let signs = [("\u{2120}", " "), ("\u{2122}", " "), ("\u{2044}", "/"), ("×", "x"), ("\u{640}", "")];
        images.iter().chain(&signs).fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let nfkd = DecomposingNormalizer::new_nfkd();
    let mut folded = strokes(&c.to_string());
    loop {
        let next = strokes(&CaseMapper::new().fold_string(&nfkd.normalize(&folded)));
        if next == folded {
            break;
        }
        folded = next;
    }
    folded.retain(|c| !dropped(c));
    let fraction = c != '\u{2044}' && nfkd.normalize(&c.to_string()).contains('\u{2044}');
    if fraction { format!(" {folded}") } else { folded }
}

fn surface(bytes: &[u8]) -> Surface {
    let mut surface = Surface::default();
    // Markup and overrides have tests of their own.
    surface.read_verbatim(bytes);
    surface
}

fn tokens(text: &str) -> Tokens {
    let mut tokens = Tokens::default();
    tokens.read(text.as_bytes());
    tokens
}

fn names(text: &str, view: std::ops::Range<u32>) -> Vec<&'static str> {
    surface(text.as_bytes()).view().transforms(view).names().collect()
}

/// Characters that meet each other in interesting ways.
fn odd_text() -> impl Strategy<Value = String> {
    let odd: Vec<char> = "aAzZ09 .,-/'x$%&+\nßİŉÅé½①㎎ＡﬁµſK™℠⁄€＄ｶﾞﾊﾟかがゞ゚각가각ᇂ\u{1175}\u{11C2}\u{fdfa}\u{fb1d}שּׁ\u{5b0}آأؤإا\u{653}\u{654}\u{655}\u{64b}\u{651}\u{670}\
        कख़क़नि्\u{93c}\u{9c7}\u{9be}\u{9d7}\u{ddd}\u{dd9}\u{dcf}\u{dca}กำ\u{e38}\u{e48}\u{f71}\u{f72}\u{f73}\u{200b}\u{200d}\u{ad}\u{34f}\u{115f}\u{3164}\u{301}\u{308}\u{338}\u{345}\u{20dd}\u{fe0f}\u{e0041}ӓйѝΆΐΣς\u{fffd}漢中文テー😀𝒜\u{1d15e}ꭰᎠ٣"
        .chars()
        .collect();
    proptest::collection::vec(prop_oneof![4 => proptest::sample::select(odd), 1 => any::<char>()], 0..24).prop_map(|c| c.into_iter().collect())
}

fn odd_bytes() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        odd_text().prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..6),
        proptest::sample::select(vec![&b"\xE2\x82"[..], b"\xF0\x9F\x98", b"\xED\xA0\x80", b"\xC0\xAF", b"\xF4\x90\x80\x80", b"\xE3\x82\x99"])
            .prop_map(<[u8]>::to_vec),
    ];
    proptest::collection::vec(part, 0..5).prop_map(|parts| parts.concat())
}

#[test]
fn fold_agrees_with_icu_on_every_character() {
    for c in characters() {
        let text = c.to_string();
        let folded = fold(&text);
        assert_eq!(folded, icu_fold(&text), "U+{:04X}", c as u32);
        assert_eq!(fold(&folded), folded, "folded twice: U+{:04X}", c as u32);
        // Behind a letter and a mark, the character meets composition as well.
        let text = format!("\u{915}\u{93c}{c}\u{304b}\u{1100}{c}");
        assert_eq!(fold(&text), icu_fold(&text), "in context: U+{:04X}", c as u32);
    }
}

#[test]
fn combining_classes_agree_with_icu() {
    for c in characters() {
        assert_eq!(compose::combining_class(c), CanonicalCombiningClassMap::new().get_u8(c), "U+{:04X}", c as u32);
    }
}

#[test]
fn growth_bound_is_exact() {
    let worst = characters()
        .map(|c| (fold(c.encode_utf8(&mut [0; 4])).len() as f64 / c.len_utf8() as f64, c))
        .fold((0.0, 'a'), |a, b| if b.0 > a.0 { b } else { a });
    assert_eq!(worst, (GROWTH as f64, '\u{fdfa}'));
}

#[test]
fn ascii_classes_equal_the_tables() {
    for byte in 0..=255u8 {
        assert_eq!(classes::BYTE_CLASSES[usize::from(byte)], byte.is_ascii().then(|| class(byte as char)), "{byte:#x}");
    }
}

#[test]
fn classes_of_other_characters() {
    use Class::{Digit, Joiner, Letter, Soft, Space, Stop};
    let cases = [
        ("ßя中กِ\u{93f}\u{3007}\u{16ee}\u{10ffff}", [Letter, Letter, Letter, Letter, Letter, Letter, Letter, Letter, Stop]),
        ("٣²\u{b7}‑−’\u{2bc}–+", [Digit, Digit, Joiner, Joiner, Joiner, Joiner, Joiner, Joiner, Soft]),
        ("\u{a0}\u{2003}\u{3000}\u{85}\u{200b}\u{0}€😀×", [Space, Space, Space, Space, Stop, Stop, Stop, Stop, Stop]),
    ];
    for (text, expected) in cases {
        assert_eq!(text.chars().map(class).collect::<Vec<_>>(), expected, "{text}");
    }
}

#[test]
fn folds_what_sellers_write() {
    let cases = [
        ("Caf\u{e9} CAFE\u{301}", "cafe cafe"),
        ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"),
        ("Co\u{ad}ca\u{200b}ine", "cocaine"),
        ("Brand\u{2122} Name", "brand  name"),
        ("½ oz", " 1/2 oz"),
        ("1½ oz", "1 1/2 oz"),
        ("10×200 mg", "10x200 mg"),
        ("SATILIK ışık", "satilik isik"),
        ("ĐIỆN øl Łódź", "dien ol lodz"),
        ("كـــتاب \u{627}\u{654}حمد كُتُب", "كتاب احمد كتب"),
        ("Straße", "strasse"),
        ("İSTANBUL", "istanbul"),
        ("か\u{3099}", "が"),
        ("ｶﾞ", "ガ"),
        ("\u{1112}\u{1161}\u{11ab}", "한"),
        ("100µg", "100μg"),
        ("①②", "12"),
    ];
    for (text, expected) in cases {
        assert_eq!(fold(text), expected, "{text}");
        assert_eq!(fold(expected), expected);
    }
}

#[test]
fn maps_back_to_the_original() {
    // Text, stretch of surface, span of the original.
    let cases: [(&str, &str, &str); 9] = [
        ("Buy COCAINE now", "cocaine", "COCAINE"),
        ("Co\u{ad}ca\u{200b}ine now", "cocaine", "Co\u{ad}ca\u{200b}ine"),
        ("\u{200b}coke\u{200b} x", "coke", "coke"),
        ("½ oz", "1/2", "½"),
        ("½ oz", "2", "½"),
        ("cafe\u{301} x", "cafe", "cafe"),
        ("cafe\u{301}s x", "cafes", "cafe\u{301}s"),
        ("か\u{200b}\u{3099}x", "が", "か\u{200b}\u{3099}"),
        ("ﬁne", "i", "ﬁ"),
    ];
    for (text, stretch, expected) in cases {
        let surface = surface(text.as_bytes());
        let view = std::str::from_utf8(surface.text()).unwrap();
        let at = view.find(stretch).unwrap() as u32;
        let span = surface.view().span(at..at + stretch.len() as u32);
        assert_eq!(&text[span.range()], expected, "{text:?}");
        assert_eq!(surface.view().original_start(at), span.start);
    }
}

#[test]
fn says_what_was_undone() {
    assert_eq!(names("Plain", 0..5), [""; 0]);
    assert_eq!(names("caf\u{e9}", 0..4), ["accent"]);
    assert_eq!(names("caf\u{e9}", 0..3), [""; 0]);
    assert_eq!(names("ＡB", 0..2), ["compatibility"]);
    assert_eq!(names("a\u{200b}b", 0..2), ["invisible"]);
    assert_eq!(names("a\u{200b}b", 0..1), [""; 0]);
    assert_eq!(names("か\u{200b}\u{3099}", 0..3), ["invisible"]);
    assert_eq!(names("a\u{34f}\u{ad}b", 0..2), ["accent", "invisible"]);
    assert_eq!(names("x\u{2122}y", 0..3), ["compatibility"]);
    assert_eq!(names("か\u{3099}", 0..3), [""; 0]);
    // A linear run, a dropped segment, a linear run; nothing is kept for the rest.
    assert_eq!(surface("plain ТЕКСТ\u{200b}\u{ad}and so on 한글".as_bytes()).map().segments().len(), 3);
}

#[test]
fn cuts_between_characters() {
    assert_eq!(cut(b"abc", 3), b"abc");
    assert_eq!(cut(b"abc", 2), b"ab");
    assert_eq!(cut("a\u{20ac}b".as_bytes(), 3), b"a");
    assert_eq!(cut("a\u{20ac}b".as_bytes(), 4), "a\u{20ac}".as_bytes());
    assert_eq!(cut("\u{1f600}".as_bytes(), 3), b"");
    assert_eq!(cut(b"\x80\x80\x80\x80\x80\x80", 5), b"\x80\x80");
    assert_eq!(cut(b"abc", 0), b"");
}

#[test]
fn links_pieces() {
    use Link::{Broken, Joined, None, Spaced};
    let cases = [
        ("ak47", None),
        ("ak-47", Joined),
        ("ak.47", Joined),
        ("ak 47", Spaced),
        ("ak  - 47", Spaced),
        ("ak--47", Spaced),
        ("ak\n47", Spaced),
        ("ak\r\n47", Spaced),
        ("ak\n\n47", Broken),
        ("ak\n \n47", Broken),
        ("ak. 47", Broken),
        ("ak.\n47", Broken),
        ("ak .47", Spaced),
        ("ak .. 47", Broken),
        ("ak & 47", Spaced),
        ("ak&47", Spaced),
        ("ak, 47", Broken),
        ("ak!47", Broken),
        ("ak\u{fffd}47", Broken),
        ("ak\u{2019}47", Joined),
        ("ak\u{2bc}47", Joined),
        ("ak_47", Joined),
        ("ak_ 47", Spaced),
        ("ak\u{a0}47", Spaced),
        ("中ak", None),
        ("中國ak", None),
    ];
    for (text, link) in cases {
        let tokens = tokens(text);
        assert_eq!(tokens.pieces().len(), 2, "{text:?}");
        assert_eq!((tokens.pieces()[0].link, tokens.pieces()[1].link), (Broken, link), "{text:?}");
    }
}

#[test]
fn cuts_pieces() {
    let cases: [(&str, &[&str]); 9] = [
        ("3.5g", &["3.5", "g"]),
        ("1,000,000.5", &["1,000,000.5"]),
        ("1..5", &["1", "5"]),
        ("5.", &["5"]),
        (".5", &["5"]),
        ("a.b", &["a", "b"]),
        ("x10", &["x", "10"]),
        ("東京tokyoかな", &["東京", "tokyo", "かな"]),
        ("コーヒー", &["コ", "ー", "ヒ", "ー"]),
    ];
    for (text, expected) in cases {
        let found: Vec<&str> = tokens(text).pieces().iter().map(|p| &text[p.range()]).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn joins_clusters() {
    let text = "ak-47 gift-card 1/1/1/1/1/1/1/1/1 x";
    let tokens = tokens(text);
    let found: Vec<(u32, u32)> = tokens.clusters.iter().map(|c| (c.first, c.last)).collect();
    assert_eq!(found, [(0, 1), (2, 3)], "nine pieces have no joined text, and one needs none of its own");
    assert_eq!(tokens.clusters[0].hash, hash(b"ak47"));
    assert_eq!(tokens.clusters[1].hash, hash(b"giftcard"));
    assert_eq!([0, 2, 4, 13].map(|p| tokens.last_of_cluster(p)), [1, 3, 12, 13]);
    assert_eq!([0, 1, 2, 4, 5, 13, 14].map(|p| tokens.begins_cluster(p)), [true, false, true, true, false, true, false]);
    assert!(tokens.cluster_at(4).is_none() && tokens.cluster_at(1).is_none());
    assert_eq!(tokens.cluster_at(2).map(|c| c.last), Some(3));
    let long = format!("{}-b", "a".repeat(64));
    assert_eq!(self::tokens(&long).clusters.len(), 0);
    assert_eq!(self::tokens(&long[1..]).clusters.len(), 1);
}

#[test]
fn finds_pieces_by_bytes() {
    let tokens = tokens("ab, cd ef");
    let cases = [(0..1, Some((0, 0))), (1..5, Some((0, 1))), (2..4, None), (3..9, Some((1, 2))), (6..7, None), (6..8, Some((2, 2))), (9..20, None)];
    for (view, expected) in cases {
        assert_eq!(tokens.touching(view.clone()), expected, "{view:?}");
    }
}

#[test]
fn reads_numbers() {
    let cases: [(&str, Option<i64>); 36] = [
        ("0", Some(0)),
        ("12", Some(12_000_000)),
        ("3.5", Some(3_500_000)),
        ("3,5", Some(3_500_000)),
        ("1,000", Some(1_000_000_000)),
        ("1,000,000", Some(1_000_000_000_000)),
        ("1,000.5", Some(1_000_500_000)),
        ("0,125", Some(125_000)),
        ("0.125", Some(125_000)),
        ("00,125", Some(125_000_000)),
        ("1.000", Some(1_000_000)),
        ("1.000.000", Some(1_000_000_000_000)),
        ("1.234.567,89", Some(1_234_567_890_000)),
        ("1.234.567,890", None),
        ("1.299,00", None),
        ("1,29.5", None),
        ("0,125.5", None),
        ("1.299,000", None),
        ("1,234.567,890", None),
        ("1,234.567.890", None),
        ("1,2,3", None),
        ("1,000,00", None),
        ("1.2.3", None),
        ("192.168.001.001", Some(192_168_001_001_000_000)),
        ("192.168.1.1", None),
        ("0.1234567", Some(123_456)),
        ("123456789012", Some(123_456_789_012_000_000)),
        ("1234567890123", None),
        ("000000000000001", None),
        ("999,999,999,999", Some(999_999_999_999_000_000)),
        ("9,999,999,999,999", None),
        ("999999999999.999999999", Some(999_999_999_999_999_999)),
        ("1,0000", Some(1_000_000)),
        ("\u{663}", None),
        ("1\u{b2}", None),
        ("", None),
    ];
    for (text, value) in cases {
        assert_eq!(number(text.as_bytes()), value, "{text}");
    }
}

fn measures(text: &str) -> (Vec<Quantity>, Vec<Money>, String) {
    let folded = fold(text);
    let (mut found, mut money) = (Vec::new(), Vec::new());
    quantities(folded.as_bytes(), &tokens(&folded), &mut found, &mut money);
    (found, money, folded)
}

/// Unit, amount in base units, times, covered text.
type Measured = (&'static str, i64, u32, &'static str);

#[test]
fn reads_quantities() {
    let cases: [(&str, &[Measured]); 34] = [
        ("3.5g", &[("gram", 3_500_000, 1, "3.5g")]),
        ("28 g", &[("gram", 28_000_000, 1, "28 g")]),
        ("28-g", &[("gram", 28_000_000, 1, "28-g")]),
        ("28  g", &[]),
        ("28. g", &[]),
        ("28/g", &[]),
        ("10 x 200 mg", &[("milligram", 200_000, 10, "10 x 200 mg")]),
        ("10x200mg", &[("milligram", 200_000, 10, "10x200mg")]),
        ("200mg x10", &[("milligram", 200_000, 10, "200mg x10")]),
        ("200 mg x 10 pills", &[("milligram", 200_000, 10, "200 mg x 10")]),
        ("10 x 200 mg x 5", &[("milligram", 200_000, 10, "10 x 200 mg")]),
        ("0 x 5 g", &[("gram", 5_000_000, 1, "5 g")]),
        ("1000001 x 5 g", &[("gram", 5_000_000, 1, "5 g")]),
        ("1.5 x 5 g", &[("gram", 5_000_000, 1, "5 g")]),
        ("2 x 1/8 oz", &[("ounce", 3_543_690, 2, "2 x 1/8 oz")]),
        ("1/8 oz", &[("ounce", 3_543_690, 1, "1/8 oz")]),
        ("½ oz", &[("ounce", 14_174_761, 1, "1/2 oz")]),
        ("1/3 g", &[("gram", 333_333, 1, "1/3 g")]),
        ("1/0 g", &[("gram", 0, 1, "0 g")]),
        ("1/1001 g", &[("gram", 1_001_000_000, 1, "1001 g")]),
        ("1/1,0 g", &[("gram", 1_000_000, 1, "1,0 g")]),
        ("1,000 pills", &[("pill", 1_000_000_000, 1, "1,000 pills")]),
        ("1.5kg", &[("kilogram", 1_500_000_000, 1, "1.5kg")]),
        ("100ug", &[("microgram", 100, 1, "100ug")]),
        ("100µg", &[("microgram", 100, 1, "100μg")]),
        ("5%", &[("percent", 5_000_000, 1, "5%")]),
        ("99.9 % pure", &[("percent", 99_900_000, 1, "99.9 %")]),
        ("5 percent", &[]),
        ("5\u{a0}ml", &[("milliliter", 5_000, 1, "5 ml")]),
        ("x 10 pills", &[("pill", 10_000_000, 1, "10 pills")]),
        ("999999999999 kg", &[("kilogram", i64::MAX, 1, "999999999999 kg")]),
        ("1234567890123 g", &[]),
        ("5gx10", &[]),
        ("1g 2g, 3g", &[("gram", 1_000_000, 1, "1g"), ("gram", 2_000_000, 1, "2g"), ("gram", 3_000_000, 1, "3g")]),
    ];
    for (text, expected) in cases {
        let (found, _, folded) = measures(text);
        let found: Vec<_> = found.iter().map(|q| (UNITS[usize::from(q.unit)].name, q.amount, q.times, &folded[q.span.range()])).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

/// Currency, millionths, covered text.
type Priced = (&'static str, i64, &'static str);

#[test]
fn reads_money() {
    let cases: [(&str, &[Priced]); 22] = [
        ("$50", &[("USD", 50_000_000, "$50")]),
        ("$ 50", &[("USD", 50_000_000, "$ 50")]),
        ("$  50", &[]),
        ("50€", &[("EUR", 50_000_000, "50€")]),
        ("50 €", &[("EUR", 50_000_000, "50 €")]),
        ("＄50", &[("USD", 50_000_000, "$50")]),
        ("USD 50", &[("USD", 50_000_000, "usd 50")]),
        ("USD50", &[]),
        ("dollars 50", &[]),
        ("50USD", &[("USD", 50_000_000, "50usd")]),
        ("50 dollars", &[("USD", 50_000_000, "50 dollars")]),
        ("0.05 btc", &[("BTC", 50_000, "0.05 btc")]),
        ("₿0.05", &[("BTC", 50_000, "₿0.05")]),
        ("1,299.00 eur", &[("EUR", 1_299_000_000, "1,299.00 eur")]),
        ("try 50", &[]),
        ("50 usd 100", &[("USD", 50_000_000, "50 usd")]),
        ("$50 $60", &[("USD", 50_000_000, "$50"), ("USD", 60_000_000, "$60")]),
        ("10 $50", &[("USD", 50_000_000, "$50")]),
        ("usd $50", &[("USD", 50_000_000, "$50")]),
        ("50 $ 60", &[("USD", 50_000_000, "50 $")]),
        ("50", &[]),
        ("$1234567890123", &[]),
    ];
    for (text, expected) in cases {
        let (_, found, folded) = measures(text);
        let found: Vec<_> = found.iter().map(|m| (CURRENCIES[usize::from(m.currency)].code, m.amount, &folded[m.span.range()])).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn every_spelling_is_found() {
    assert_eq!(measures("5%").0[0].unit, crate::taxonomy::units::find_unit("percent").unwrap() as u8);
    for (text, name) in UNITS.iter().flat_map(|u| u.spellings.iter().map(move |s| (*s, u.name))) {
        let (found, ..) = measures(&format!("7 {text}"));
        assert_eq!(found.iter().map(|q| UNITS[usize::from(q.unit)].name).collect::<Vec<_>>(), [name], "{text}");
    }
    for (text, code) in CURRENCIES.iter().flat_map(|c| c.words.iter().map(move |s| (*s, c.code))) {
        let (_, found, _) = measures(&format!("7 {text}"));
        assert_eq!(found.iter().map(|m| CURRENCIES[usize::from(m.currency)].code).collect::<Vec<_>>(), [code], "{text}");
    }
    for currency in CURRENCIES.iter().filter(|c| c.sign.is_some()) {
        let sign = currency.sign.unwrap();
        assert_eq!(fold(&sign.to_string()), sign.to_string(), "a sign is folded text");
        assert!(is_currency_sign(sign));
    }
}

#[test]
fn counts_letters_by_script() {
    let mut counts = ScriptCounts::default();
    counts.add_all(tokens("abc 12 где か漢ー! ١").scripts());
    let of = |code| counts.get(script_id(code).unwrap());
    assert_eq!([of("Latn"), of("Cyrl"), of("Hira"), of("Hani"), of("Arab"), counts.total()], [3, 3, 1, 1, 0, 8]);
    assert_eq!(counts.iter().count(), 4);
    assert_eq!(script('a').code(), Some("Latn"));
    assert_eq!((script('1').id(), script('ー').id(), script_id("Zyyy"), script_id("latn")), (None, None, None, None));
    assert!(has_spaceless_letter("abc 漢".as_bytes()) && !has_spaceless_letter("abc где".as_bytes()));
    assert!(is_spaceless('ก') && !is_spaceless('가') && !is_spaceless('ー'));
    counts.clear();
    assert_eq!(counts.total(), 0);
}

/// Long texts of one hostile shape. A quadratic step would take hours, not a fraction of a second.
#[test]
fn hostile_texts_stay_linear() {
    const SIZE: usize = 1 << 20;
    let shapes = [
        "\u{301}",
        "\u{5b0}\u{64b}",
        "\u{3099}",
        "\u{fdfa}",
        "\u{1100}",
        "\u{1161}",
        "\u{11a8}",
        "\u{1100}\u{1161}\u{11a8}",
        "か\u{200b}\u{3099}",
        "1",
        "1/",
        "1,",
        "1.",
        "$ ",
        "1$ ",
        "1 x ",
        "5g",
        "a-",
        "\u{200b}",
        "a\u{ad}",
        "\u{93c}\u{3099}",
        "%",
        "\u{9c7}\u{9be}",
        "\u{f73}",
    ];
    for shape in shapes {
        let text = shape.repeat(SIZE / shape.len());
        let surface = surface(text.as_bytes());
        assert!(surface.text().len() <= GROWTH * text.len());
        assert!(surface.map().segments().len() <= text.chars().count(), "{shape:?}");
        let mut tokens = Tokens::default();
        tokens.read(surface.text());
        assert!(tokens.pieces().len() <= surface.text().len());
        let (mut found, mut money) = (Vec::new(), Vec::new());
        quantities(surface.text(), &tokens, &mut found, &mut money);
        assert!(found.len() + money.len() <= 2 * tokens.pieces().len());
    }
}

#[test]
fn long_runs_of_marks_are_sorted() {
    // Marks of classes 7 and 8 in turn: canonical order has all of class 7 first.
    let text = format!("か{}", "\u{3099}\u{93c}".repeat(1_000));
    assert_eq!(fold(&text), icu_fold(&text));
}

#[test]
fn overrides_are_undone() {
    let cases = [
        ("\u{202e}eniacoc\u{202c} 1g", "cocaine 1g"),
        ("buy \u{202e}eniacoc", "buy cocaine"),
        ("\u{202e}eniacoc\nplain", "cocaine\nplain"),
        // A mark stays on its letter; the controls are not seen.
        ("\u{202e}e\u{301}b\u{202c}", "be"),
        // Isolates keep their own order: the trick of swapping two letters.
        ("c\u{202e}\u{2066}c\u{2069}\u{2066}o\u{2069}\u{202c}aine", "cocaine"),
        ("\u{202e}enia\u{202d}oc\u{202c}c\u{202c}", "cocaine"),
        // Readers of these letters read from the right.
        ("\u{202e}שלום\u{202c}", "שלום"),
        ("\u{202e}\u{202c}x", "x"),
    ];
    for (text, expected) in cases {
        let mut surface = Surface::default();
        surface.read(text.as_bytes());
        assert_eq!(String::from_utf8_lossy(surface.text()), expected, "{text:?}");
        let all = surface.view().span(0..surface.text().len() as u32);
        assert!(text.is_char_boundary(all.start as usize) && text.is_char_boundary(all.end as usize));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stretch_has_the_hash_of_its_bytes(text in prop::collection::vec(any::<u8>(), 0..60), a in 0usize..60, b in 0usize..60) {
        let (start, end) = (a.min(b).min(text.len()), a.max(b).min(text.len()));
        prop_assert!(start == end || hash_in(&text, start, end) == hash(&text[start..end]));
    }

    #[test]
    fn fold_agrees_with_icu(text in odd_text()) {
        let folded = fold(&text);
        prop_assert_eq!(&folded, &icu_fold(&text));
        prop_assert_eq!(&fold(&folded), &folded);
    }

    #[test]
    fn reads_any_bytes_as_the_lossy_text(bytes in odd_bytes()) {
        let lossy = String::from_utf8_lossy(&bytes);
        let surface = surface(&bytes);
        prop_assert_eq!(std::str::from_utf8(surface.text()).unwrap(), fold(&lossy));
        let mut again = Surface::default();
        let encoding = if std::str::from_utf8(&bytes).is_ok() { Encoding::Valid } else { Encoding::Invalid };
        prop_assert_eq!(again.read(&bytes), encoding);
    }

    #[test]
    fn map_laws(bytes in odd_bytes()) {
        let surface = surface(&bytes);
        let view = std::str::from_utf8(surface.text()).unwrap();
        prop_assert!(view.len() <= GROWTH * bytes.len());
        for pair in surface.map().segments().windows(2) {
            prop_assert!(pair[0].original < pair[1].original && pair[0].view <= pair[1].view);
            prop_assert_eq!(pair[0].view == pair[1].view, pair[0].shape == map::Shape::Dropped);
        }
        let borders: Vec<u32> = view.char_indices().map(|(at, _)| at as u32).chain([view.len() as u32]).collect();
        let text = std::str::from_utf8(&bytes);
        for (i, start) in borders.iter().enumerate() {
            let mut last = 0;
            for end in &borders[i + 1..] {
                let span = surface.view().span(*start..*end);
                prop_assert!(!span.is_empty() && span.end as usize <= bytes.len() && span.end >= last);
                prop_assert_eq!(span.start, surface.view().original_start(*start));
                last = span.end;
                if let Ok(text) = text {
                    let part = &text[span.range()];
                    // The whole of what is covered shows at least the stretch.
                    prop_assert!(fold(part).contains(&view[*start as usize..*end as usize]));
                }
            }
            if i > 0 {
                prop_assert!(surface.view().original_start(borders[i - 1]) <= surface.view().original_start(*start));
            }
        }
    }

    #[test]
    fn a_used_surface_equals_a_new_one(first in odd_bytes(), second in odd_bytes()) {
        let mut used = surface(&first);
        used.read_verbatim(&second);
        let new = surface(&second);
        prop_assert_eq!(used.text(), new.text());
        prop_assert_eq!(used.map().segments(), new.map().segments());
    }

    #[test]
    fn token_laws(text in odd_text(), ascii in "[ -~\n]{0,40}") {
        for text in [fold(&text), fold(&ascii)] {
            let fast = tokens(&text);
            let mut general = Tokens::default();
            general.read_general(text.as_bytes());
            prop_assert_eq!(fast.pieces(), general.pieces());
            prop_assert_eq!(&fast.clusters, &general.clusters);
            for (i, piece) in fast.pieces().iter().enumerate() {
                let i = i as u32;
                prop_assert_eq!(fast.touching(piece.start..piece.end), Some((i, i)));
                prop_assert_eq!(piece.hash, hash(&text.as_bytes()[piece.range()]));
                let (first, last) = (i, fast.last_of_cluster(i));
                prop_assert!((first + 1..=last).all(|p| !fast.begins_cluster(p)) && fast.ends_cluster(last));
                if let Some(cluster) = fast.cluster_at(first) {
                    let joined: String = (first..=last).map(|p| &text[fast.pieces()[p as usize].range()]).collect();
                    prop_assert_eq!((cluster.last, cluster.hash), (last, hash(joined.as_bytes())));
                }
            }
        }
    }

    #[test]
    fn hash_of_parts(bytes in proptest::collection::vec(any::<u8>(), 0..90), at in 0..90usize) {
        let (a, b) = bytes.split_at(at.min(bytes.len()));
        prop_assert_eq!(hash_joined([a, b]), (bytes.len() <= 64).then(|| hash(&bytes)));
    }

    #[test]
    fn quantities_stay_in_order(text in "([0-9]{1,3}|x|g|oz|\\$|€|usd| |/|-|,|%|½){0,24}") {
        let (found, money, folded) = measures(&text);
        for spans in [found.iter().map(|q| q.span).collect::<Vec<_>>(), money.iter().map(|m| m.span).collect()] {
            prop_assert!(spans.iter().all(|s| !s.is_empty() && folded.get(s.range()).is_some()));
            prop_assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}

//! Numbers and codes in plain words: strength of support, odds, conditions, coverage, flags. English; the numbers stand beside.
//! Invariant: integers only; the same number is the same words on every machine.

use crate::compile::Catalog;
use crate::id::GroupId;
use crate::limits::Flags;
use crate::policy::Coverage;
use crate::taxonomy::{Element, Nature, Test};
use crate::text::Transforms;

/// What it means that no evidence is of a graver nature. Of the gravest there is nothing to say.
pub(super) fn nature(gravest: Nature) -> Option<&'static str> {
    match gravest {
        Nature::Criminal => None,
        Nature::Regulatory => Some("Nature regulatory: all that counts here is sold lawfully in some places, under conditions."),
        Nature::HouseRule => Some("Nature house-rule: all that counts here is against the terms of some platforms alone."),
    }
}

/// The verbal scale of forensic likelihood ratios, on the sum of the evidence in centibans.
pub(super) fn strength(evidence: i32) -> &'static str {
    match evidence {
        i32::MIN..0 => "support against it",
        0 => "no support",
        1..100 => "weak support",
        100..200 => "moderate support",
        200..300 => "moderately strong support",
        300..400 => "strong support",
        400..600 => "very strong support",
        600.. => "extremely strong support",
    }
}

/// 10^(centibans / 100) plus an addend, to two digits, for 0 to 1,000 centibans, by repeated multiplication in units of 10^-12.
fn ratio(centibans: u32, addend: u128) -> u64 {
    // 10^(1/100).
    const STEP: u128 = 1_023_292_992_281;
    const ONE: u128 = 1_000_000_000_000;
    let mantissa = (0..centibans % 100).fold(ONE, |value, _| (value * STEP + ONE / 2) / ONE);
    let exact = mantissa * 10u128.pow(centibans / 100);
    let value = (exact + ONE / 2) / ONE + addend;
    // Two digits, rounded.
    let unit = if value < 100 { 1 } else { 10u128.pow(value.ilog10() - 1) };
    ((value + unit / 2) / unit * unit) as u64
}

/// How many times likelier a sum of evidence makes the proposition.
pub(super) fn times(evidence: i32) -> String {
    match u32::try_from(evidence) {
        Ok(0) => "as likely as before".to_owned(),
        Ok(sum @ ..30) => format!("{}.{} times likelier", ratio(sum + 100, 0) / 10, ratio(sum + 100, 0) % 10),
        Ok(sum @ ..900) => format!("about {} times likelier", grouped(ratio(sum, 0))),
        Ok(_) => "more than a billion times likelier".to_owned(),
        Err(_) => "less likely than before".to_owned(),
    }
}

/// A prior as a share of listings.
pub(super) fn share(prior: i32) -> String {
    match prior {
        ..-900 => "less than 1 listing in a billion".to_owned(),
        -900..-90 => format!("about 1 listing in {}", grouped(ratio(prior.unsigned_abs(), 1))),
        -90..=90 => {
            // p = odds / (1 + odds), in hundredths; odds to two digits are enough for that.
            let odds = |c: u32| ratio(c + 100, 0);
            let of_hundred = |with: u64, against: u64| (100 * with + (with + against) / 2) / (with + against);
            let share = if prior < 0 { of_hundred(10, odds(prior.unsigned_abs())) } else { of_hundred(odds(prior.unsigned_abs()), 10) };
            format!("about {share} listings in 100")
        }
        91..=900 => format!("all but about 1 listing in {}", grouped(ratio(prior.unsigned_abs(), 1))),
        901.. => "all but 1 listing in a billion".to_owned(),
    }
}

/// Digits in groups of three.
pub(super) fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (i, d) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(d);
    }
    out
}

/// A number with its sign; zero has none.
pub(super) fn signed(value: i32) -> String {
    if value > 0 { format!("+{value}") } else { value.to_string() }
}

/// "1 group", "2 groups".
pub(super) fn count(n: usize, one: &str) -> String {
    format!("{n} {one}{}", if n == 1 { "" } else { "s" })
}

/// Items with commas and a last word: "a, b or c".
pub(super) fn joined(items: impl IntoIterator<Item = impl AsRef<str>>, last: &str) -> String {
    let items: Vec<_> = items.into_iter().collect();
    let mut out = String::new();
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(&if i + 1 == items.len() { format!(" {last} ") } else { ", ".to_owned() });
        }
        out.push_str(item.as_ref());
    }
    out
}

/// Keys of groups.
pub(super) fn groups(catalog: &Catalog, ids: &[GroupId]) -> String {
    joined(ids.iter().map(|g| super::plain::safe(catalog.groups[g.index()].key())), "and")
}

/// Millionths as a decimal.
fn decimal(value: i64) -> String {
    let (whole, rest) = (value.unsigned_abs() / 1_000_000, value.unsigned_abs() % 1_000_000);
    let fraction = format!("{rest:06}");
    let fraction = fraction.trim_end_matches('0');
    let sign = if value < 0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// What a condition asks for.
pub(super) fn condition(field: &str, test: &Test) -> String {
    let bound = |word: &str, value: &i64, currency: &Option<String>| match currency {
        Some(code) => format!("{field} is {word} {} {code}", decimal(*value)),
        None => format!("{field} is {word} {}", decimal(*value)),
    };
    match test {
        Test::AnyOf(texts) => format!("{field} is {}", joined(texts.iter().map(|t| format!("\"{t}\"")), "or")),
        Test::Below(value, currency) => bound("below", value, currency),
        Test::Above(value, currency) => bound("above", value, currency),
        Test::Present(true) => format!("{field} is given"),
        Test::Present(false) => format!("{field} is not given"),
    }
}

/// What a tier asks for beside a score.
pub(super) fn elements(any: &[Element]) -> String {
    format!("evidence of {}", joined(any.iter().map(|e| format!("`{}`", e.word())), "or"))
}

/// Whether the packs could read the listing.
pub(super) fn coverage(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::Full => "full: the loaded packs read its script and language",
        Coverage::Partial => "partial: a part is in a script or language that no loaded pack reads; what it says there is not in the sum",
        Coverage::None => "none: most of it is in a script that no loaded pack reads; a low score says nothing of it",
        Coverage::Empty => "empty: title and description hold no letter and no digit",
    }
}

/// Sentences for the flags.
pub(super) fn flags(flags: Flags) -> impl Iterator<Item = &'static str> {
    const SENTENCES: [(Flags, &str); 6] = [
        (Flags::TRUNCATED, "A text was longer than the limit; the rest was not read."),
        (Flags::INVALID_ENCODING, "A text held bytes that are not UTF-8; they were read as gaps."),
        (Flags::MATCHES_CAPPED, "A rule matched more often than is kept; excuses do not reach it."),
        (Flags::EVIDENCE_CAPPED, "More rules matched than are weighed; the rest was left out."),
        (Flags::PRICE_UNREADABLE, "The price is no decimal number; conditions on it do not hold."),
        (Flags::NO_FINAL_NEWLINE, "The source's last line has no line feed; it may have been cut off."),
    ];
    SENTENCES.into_iter().filter(move |(flag, _)| flags.contains(*flag)).map(|(_, sentence)| sentence)
}

/// What had to be undone to see a match.
pub(super) fn undone(transforms: Transforms) -> String {
    const WORDS: [(Transforms, &str); 11] = [
        (Transforms::ACCENT, "accents taken off"),
        (Transforms::COMPATIBILITY, "other forms of letters (full-width, ligatures, circled) read as the plain ones"),
        (Transforms::INVISIBLE, "invisible characters taken out"),
        (Transforms::MARKUP, "markup undone"),
        (Transforms::BIDI, "text that is shown against its order read as it is seen"),
        (Transforms::CONFUSABLE, "look-alikes read as the letters that they look like"),
        (Transforms::MIXED, "plain letters among them"),
        (Transforms::LEET, "digits or symbols read as letters"),
        (Transforms::SPACED, "letters that stand apart joined"),
        (Transforms::REPEATED, "repeated letters read once or twice"),
        (Transforms::EDIT, "one mistake in a word"),
    ];
    joined(WORDS.iter().filter(|(t, _)| transforms.contains(*t)).map(|(_, w)| *w), "and")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_in_words() {
        let cases =
            [(340, "about 2,500 times likelier"), (100, "about 10 times likelier"), (10, "1.3 times likelier"), (260, "about 400 times likelier")];
        for (sum, words) in cases {
            assert_eq!(times(sum), words);
        }
        let cases = [
            (-200, "about 1 listing in 100"),
            (-300, "about 1 listing in 1,000"),
            (-95, "about 1 listing in 10"),
            (0, "about 50 listings in 100"),
            (-37, "about 30 listings in 100"),
            (60, "about 80 listings in 100"),
            (200, "all but about 1 listing in 100"),
            (-1800, "less than 1 listing in a billion"),
        ];
        for (prior, words) in cases {
            assert_eq!(share(prior), words);
        }
    }

    #[test]
    fn scale_borders() {
        let cases = [(99, "weak"), (100, "moderate"), (200, "moderately strong"), (300, "strong"), (400, "very strong"), (600, "extremely strong")];
        for (sum, word) in cases {
            assert_eq!(strength(sum), format!("{word} support"));
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(decimal(12_500_000), "12.5");
        assert_eq!(decimal(-30), "-0.00003");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(joined(["a", "b", "c"], "or"), "a, b or c");
    }
}

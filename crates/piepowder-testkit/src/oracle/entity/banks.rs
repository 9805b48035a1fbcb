//! Payment cards and bank accounts of a surface. The sum of an IBAN is left to a published crate; the lengths of countries are a table of
//! the oracle's own. Invariant: what it finds is in order of start and does not overlap.

use iban::BaseIban;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static DIGITS: LazyLock<Regex> = LazyLock::new(|| Regex::new("[0-9]+").expect("a fixed pattern"));
static TOGETHER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\A[a-z]{2}[0-9]{2}[a-z0-9]+").expect("a fixed pattern"));

pub(super) fn cards(text: &str) -> Vec<Range<usize>> {
    let groups: Vec<Range<usize>> = DIGITS.find_iter(text).map(|m| m.range()).collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    for (i, first) in groups.iter().enumerate() {
        if found.last().is_some_and(|f| first.start < f.end) {
            continue;
        }
        let mut longest = None;
        let mut digits = String::new();
        for (j, group) in groups.iter().enumerate().skip(i) {
            if j > i && !matches!(&text[groups[j - 1].end..group.start], " " | "-") {
                break;
            }
            digits.push_str(&text[group.clone()]);
            if is_card(&digits) {
                longest = Some(first.start..group.end);
            }
        }
        found.extend(longest);
    }
    found
}

fn is_card(digits: &str) -> bool {
    let values: Vec<u32> = digits.bytes().map(|b| u32::from(b - b'0')).collect();
    let luhn = |(place, v): (usize, &u32)| if place % 2 == 0 { *v } else { v * 2 / 10 + v * 2 % 10 };
    (13..=19).contains(&values.len())
        && (2..=6).contains(&values[0])
        && values.iter().any(|v| *v != values[0])
        && values.iter().rev().enumerate().map(luhn).sum::<u32>() % 10 == 0
}

/// Countries by the length of their account numbers (SWIFT, IBAN registry, release 100).
const LENGTHS: [(usize, &str); 18] = [
    (15, "NO"),
    (16, "BE"),
    (18, "DK FI FK FO GL NL SD"),
    (19, "MK SI"),
    (20, "AT BA EE KZ LT LU MN XK"),
    (21, "CH HR LI LV"),
    (22, "BG BH CR DE GB GE IE ME RS VA"),
    (23, "AE GI IL IQ OM SO TL"),
    (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
    (25, "LY PT ST"),
    (26, "IS TR"),
    (27, "BI DJ FR GR IT MC MR SM"),
    (28, "AL AZ BY CY DO GT HN HU LB NI PL SV"),
    (29, "BR EG PS QA UA"),
    (30, "JO KW MU YE"),
    (31, "MT SC"),
    (32, "LC"),
    (33, "RU"),
];

pub(super) fn ibans(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let inside = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let mut found: Vec<Range<usize>> = Vec::new();
    for start in (0..bytes.len()).filter(|at| text.is_char_boundary(*at)) {
        if start < found.last().map_or(0, |f| f.end) || (start > 0 && inside(start - 1)) {
            continue;
        }
        // Both ways to print it, for each length: the whole stretch is cut out and judged as one.
        for (length, countries) in LENGTHS {
            for spaces in [0, (length - 1) / 4] {
                let Some(stretch) = text.get(start..start + length + spaces) else { continue };
                let plain: String = stretch.bytes().enumerate().filter(|(i, _)| spaces == 0 || i % 5 != 4).map(|(_, b)| b as char).collect();
                let parted = spaces == 0 || stretch.bytes().enumerate().all(|(i, b)| (i % 5 == 4) == (b == b' '));
                let of_country = plain.get(..2).is_some_and(|code| countries.split(' ').any(|c| c.eq_ignore_ascii_case(code)));
                let shape = TOGETHER.find(&plain).is_some_and(|m| m.end() == plain.len());
                if parted && of_country && shape && !inside(start + stretch.len()) && has_sum(&plain) {
                    found.push(start..start + stretch.len());
                }
            }
        }
    }
    found
}

fn has_sum(number: &str) -> bool {
    !matches!(&number[2..4], "00" | "01" | "99") && number.to_uppercase().parse::<BaseIban>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::{LENGTHS, ibans};

    /// Where the crate knows a country, it knows it with this length: a number of another one is refused for its inside, whatever its sum.
    #[test]
    fn lengths_are_those_of_a_published_crate() {
        let mut known = 0;
        for (length, countries) in LENGTHS {
            for code in countries.split(' ') {
                let of_length = |length: usize| {
                    // Digits and letters, as the inside may ask for either: some number of the length must be taken.
                    let insides = ["0".repeat(length - 4), "A".repeat(length - 4), format!("AAAA{}", "0".repeat(length - 8))];
                    insides
                        .iter()
                        .flat_map(|inside| (2..=98).map(move |check| format!("{code}{check:02}{inside}")))
                        .find_map(|n| n.parse::<iban::Iban>().ok())
                };
                known += usize::from(of_length(length).is_some());
                assert!((15..=34).filter(|other| *other != length).all(|other| of_length(other).is_none()), "{code}");
            }
        }
        assert!(known >= 60, "{known}");
    }

    #[test]
    fn reads_both_ways() {
        assert_eq!(ibans("de89370400440532013000 de89 3704 0044 0532 0130 00 de89 3704 0044 0532 0130 01").len(), 2);
    }
}

//! Decimal numbers, of texts and of typed fields, in millionths (docs/SEMANTICS.md, section 5). It knows nothing of units.
//! Invariant: integers only.

use regex::Regex;

const ONE: i64 = 1_000_000;

/// A number piece as a decimal, in millionths.
pub(super) fn number(text: &str) -> Option<i64> {
    let separators: Vec<char> = text.chars().filter(|c| *c == '.' || *c == ',').collect();
    let groups: Vec<&str> = text.split(['.', ',']).collect();
    if !groups.iter().all(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let of = |wanted: char| separators.iter().enumerate().filter(|(_, c)| **c == wanted).map(|(i, _)| i).collect::<Vec<usize>>();
    let (dots, commas) = (of('.'), of(','));
    let three_after = |places: &[usize]| places.iter().all(|i| groups[i + 1].len() == 3);
    let mut points: Vec<usize> = Vec::new();
    let mut thousands: Vec<usize> = Vec::new();
    match dots.len() {
        0 => {}
        1 => points.push(dots[0]),
        _ if three_after(&dots) => thousands.extend(&dots),
        _ => return None,
    }
    match commas.len() {
        0 => {}
        _ if three_after(&commas) && groups[0] != "0" => {
            if !thousands.is_empty() {
                return None;
            }
            thousands.extend(&commas);
        }
        1 => points.push(commas[0]),
        _ => return None,
    }
    if points.len() > 1 || points.first().is_some_and(|p| thousands.iter().any(|t| t > p)) {
        return None;
    }
    let (whole, fraction) = match points.first() {
        Some(p) => (groups[..=*p].concat(), groups[p + 1..].concat()),
        None => (groups.concat(), String::new()),
    };
    if whole.len() > 12 {
        return None;
    }
    let sixth: String = fraction.chars().chain("000000".chars()).take(6).collect();
    Some(whole.parse::<i64>().ok()? * ONE + sixth.parse::<i64>().ok()?)
}

/// Decimal text as files of listings have it: `-?digits[.digits]`, an exponent allowed; millionths, further places cut. `None` beyond `i64`.
pub(super) fn decimal(text: &[u8]) -> Option<i64> {
    let shape = Regex::new(r"\A(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?)([0-9]+))?\z").expect("a fixed pattern");
    let parts = shape.captures(core::str::from_utf8(text).ok()?)?;
    let part = |i: usize| parts.get(i).map_or("", |m| m.as_str());
    let digits = format!("{}{}", part(2), part(3));
    let significant = digits.trim_start_matches('0');
    // A number of more than 400 significant places behind such an exponent is nothing or too much in any case.
    let size: i64 = if part(5).is_empty() {
        0
    } else {
        part(5).trim_start_matches('0').parse().unwrap_or(if part(5).bytes().all(|b| b == b'0') { 0 } else { 1_000_000 })
    };
    let exponent = if part(4) == "-" { -size.min(1_000_000) } else { size.min(1_000_000) };
    // Digits that stand left of the seventh decimal place.
    let kept = significant.len() as i64 - part(3).len() as i64 + exponent + 6;
    if significant.is_empty() || kept <= 0 {
        return Some(0);
    }
    let millionths: String = significant.chars().chain(core::iter::repeat('0')).take(usize::try_from(kept).ok()?.min(40)).collect();
    let value: i64 = millionths.parse().ok()?;
    Some(if part(1) == "-" { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::{decimal, number};

    #[test]
    fn numbers_of_texts() {
        let cases = [
            ("3.5", Some(3_500_000)),
            ("1,299", Some(1_299_000_000)),
            ("0,500", Some(500_000)),
            ("1,5", Some(1_500_000)),
            ("1,299.50", Some(1_299_500_000)),
            ("1.299,50", None),
            ("1.234.567,89", Some(1_234_567_890_000)),
            ("1.234.567,890", None),
            ("1.2.3", None),
            ("1,2345", Some(1_234_500)),
            ("1,2,3", None),
            ("1234567890123", None),
            ("0.0000019", Some(1)),
            ("\u{661}", None),
        ];
        for (text, value) in cases {
            assert_eq!(number(text), value, "{text}");
        }
    }

    #[test]
    fn decimals_of_fields() {
        let cases = [
            ("12.50", Some(12_500_000)),
            ("-3.25", Some(-3_250_000)),
            ("1e3", Some(1_000_000_000)),
            ("12345e-9", Some(12)),
            ("0e400", Some(0)),
            ("1e400", None),
            ("1e-400", Some(0)),
            ("9007199254740993", None),
            ("1,299", None),
            (".5", None),
            ("5.", None),
            ("", None),
        ];
        for (text, value) in cases {
            assert_eq!(decimal(text.as_bytes()), value, "{text}");
        }
    }
}

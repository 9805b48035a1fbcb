//! Shapes of values: keys, versions, codes, decimals, amounts, triggers. It reads text and numbers and reports nothing.
//! Invariant: a text that a check of `read` lets pass is read here without loss.

use super::format::Type;
use super::sought::Trigger;
use super::units;
use crate::decimal;
use crate::id::Date;
use toml::de::DeInteger;

pub(super) fn is_key(kind: &Type, text: &str) -> bool {
    let word = |w: &str, extra: u8| {
        !w.is_empty()
            && !w.starts_with('-')
            && !w.ends_with('-')
            && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == extra)
    };
    let key = |t: &str| t.split('.').all(|w| word(w, b'-'));
    match kind {
        _ if text.len() > 200 => false,
        Type::Name => word(text, b'-'),
        Type::FieldName => word(text, b'_'),
        Type::KeyOrPrefix => key(text.strip_suffix(".*").unwrap_or(text)),
        Type::KeyOrAll => text == "*" || key(text),
        _ => key(text),
    }
}

pub(super) fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let number = |p: &&str| !p.is_empty() && p.len() <= 9 && p.bytes().all(|b| b.is_ascii_digit()) && (p.len() == 1 || !p.starts_with('0'));
    parts.len() == 3 && parts.iter().all(number)
}

pub(super) fn is_language(text: &str) -> bool {
    text == "und" || (text.len() == 2 && text.bytes().all(|b| b.is_ascii_lowercase()))
}

pub(super) fn is_script(text: &str) -> bool {
    text.len() == 4 && text.as_bytes()[0].is_ascii_uppercase() && text.bytes().skip(1).all(|b| b.is_ascii_lowercase())
}

pub(super) fn integer(i: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(i.as_str(), i.radix()).ok()
}

pub(super) fn date(d: &toml::value::Datetime) -> Option<Date> {
    let d = d.date?;
    Date::new(d.year, d.month, d.day)
}

/// A decimal that is not negative, in millionths.
pub(crate) fn amount(text: &str) -> Option<i64> {
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') { decimal::parse(text.as_bytes()) } else { None }
}

pub(crate) enum AmountError<'t> {
    Number,
    Unit(&'t str),
}

/// A decimal and a unit: the amount in millionths of the unit, and the unit's index.
pub(crate) fn read_amount(text: &str) -> Result<(i64, usize), AmountError<'_>> {
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let value = amount(&text[..at]).ok_or(AmountError::Number)?;
    let word = text[at..].strip_prefix(' ').unwrap_or(&text[at..]);
    match word {
        "" => Err(AmountError::Number),
        "%" => units::find_unit("percent").map(|unit| (value, unit)).ok_or(AmountError::Unit(word)),
        _ => units::find_unit(word).map(|unit| (value, unit)).ok_or(AmountError::Unit(word)),
    }
}

pub(super) fn unit_names() -> String {
    units::UNITS.iter().map(|u| u.name).collect::<Vec<_>>().join(", ")
}

pub(super) static SHAPES: [(&str, Trigger); 6] = [
    ("#digit", Trigger::Digit),
    ("#digits12", Trigger::Digits12),
    ("#base58", Trigger::Base58),
    ("#hex", Trigger::Hex),
    ("#at", Trigger::At),
    ("#currency", Trigger::Currency),
];

/// The trigger of a text: a shape, or a word without spaces and controls.
pub(crate) fn trigger(text: &str) -> Option<Trigger> {
    if text.starts_with('#') {
        SHAPES.iter().find(|s| s.0 == text).map(|s| s.1.clone())
    } else if text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        None
    } else {
        Some(Trigger::Word(text.to_owned()))
    }
}

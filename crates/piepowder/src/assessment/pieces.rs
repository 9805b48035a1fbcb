//! Pieces of JSON: strings, numbers, lists, and the parts of a line that an engine writes again and again, made ready once.
//! It knows no assessment. Invariant: what it appends is JSON, and a string shown on a terminal changes no other text.

use crate::compile::Catalog;
use crate::evidence::Weight;
use crate::id::Digest;
use crate::policy::Policy;

/// What stays the same in all lines of an engine.
#[derive(Debug)]
pub(crate) struct Constants {
    /// The names of tiers as JSON strings, by rank.
    pub(super) tiers: Vec<Vec<u8>>,
    /// The keys of offenses as JSON strings, each with a colon behind it.
    pub(super) offenses: Vec<Vec<u8>>,
    /// The priors, and the object of scores of a listing in which nothing counts.
    pub(super) priors: Vec<Weight>,
    pub(super) at_priors: Vec<u8>,
    /// The member that tells the engine, with the comma before it.
    pub(super) engine: Vec<u8>,
}

impl Constants {
    pub(crate) fn new(catalog: &Catalog, policy: &Policy, digest: &Digest, priors: &[Weight]) -> Self {
        let quoted = |text: &str| {
            let mut out = Vec::new();
            string(text, &mut out);
            out
        };
        let mut engine = b",\"engine\":\"".to_vec();
        hex(digest.as_bytes(), &mut engine);
        engine.push(b'"');
        let offenses: Vec<Vec<u8>> = catalog.offenses.iter().map(|offense| [quoted(offense.key()), b":".to_vec()].concat()).collect();
        let mut at_priors = Vec::new();
        object(offenses.iter().zip(priors), &mut at_priors, |(key, prior), out| {
            out.extend_from_slice(key);
            integer((*prior).into(), out);
        });
        Constants { priors: priors.to_vec(), at_priors, tiers: policy.tiers().iter().map(|tier| quoted(tier.name())).collect(), offenses, engine }
    }
}

pub(super) fn object<T>(items: impl IntoIterator<Item = T>, out: &mut Vec<u8>, write: impl Fn(T, &mut Vec<u8>)) {
    list(*b"{}", items, out, write);
}

pub(super) fn array<T>(items: impl IntoIterator<Item = T>, out: &mut Vec<u8>, write: impl Fn(T, &mut Vec<u8>)) {
    list(*b"[]", items, out, write);
}

#[inline(always)]
fn list<T>([open, close]: [u8; 2], items: impl IntoIterator<Item = T>, out: &mut Vec<u8>, write: impl Fn(T, &mut Vec<u8>)) {
    out.push(open);
    for (i, item) in items.into_iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write(item, out);
    }
    out.push(close);
}

/// A decimal number. Scores have three digits nearly always, and arrays of a known length are stored without a call.
#[inline]
pub(super) fn integer(value: i64, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    let rest = value.unsigned_abs();
    // In 32 bits: their division by ten is one short multiplication.
    let digit = |value: u32| b'0' + (value % 10) as u8;
    match u32::try_from(rest) {
        Ok(n @ 0..10) => out.push(digit(n)),
        Ok(n @ 10..100) => out.extend_from_slice(&[digit(n / 10), digit(n)]),
        Ok(n @ 100..1_000) => out.extend_from_slice(&[digit(n / 100), digit(n / 10), digit(n)]),
        _ => long_integer(rest, out),
    }
}

fn long_integer(mut rest: u64, out: &mut Vec<u8>) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    while rest > 0 {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend_from_slice(&digits[at..]);
}

fn hex(bytes: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.extend(bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]));
}

/// A JSON string. Controls and characters that change how other text is shown are escaped, so that a line is safe on a terminal.
pub(crate) fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text;
    // What stands for itself is copied in one go.
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| !stands_for_itself(*c)) {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + c.len_utf8()..];
        match c {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            _ => {
                out.extend_from_slice(b"\\u");
                hex(&(c as u16).to_be_bytes(), out);
            }
        }
    }
    out.extend_from_slice(rest.as_bytes());
    out.push(b'"');
}

#[inline(always)]
fn stands_for_itself(c: char) -> bool {
    match c {
        '"' | '\\' => false,
        ' '..='~' => true,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => false,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimal() {
        for value in [0, 7, -7, 10, 99, 100, -200, 999, 1_000, -1_000, 4_095, i64::MAX, i64::MIN] {
            let mut out = b"[".to_vec();
            integer(value, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), format!("[{value}"));
        }
    }

    #[test]
    fn strings_are_json_and_show_no_dangerous_character() {
        for code in (0..0x3000).chain(0xFE00..0x1_0100).filter_map(char::from_u32) {
            let text = format!("a{code}\u{e9}{code}");
            let mut out = Vec::new();
            string(&text, &mut out);
            let written = String::from_utf8(out).unwrap();
            let is_dangerous = code.is_control()
                || matches!(code, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '"' | '\\');
            let plain = format!("\"{text}\"");
            assert_eq!(written != plain, is_dangerous, "{written}");
            if is_dangerous {
                let escape = match code {
                    '"' => "\\\"".to_owned(),
                    '\\' => "\\\\".to_owned(),
                    '\n' => "\\n".to_owned(),
                    '\r' => "\\r".to_owned(),
                    '\t' => "\\t".to_owned(),
                    _ => format!("\\u{:04x}", code as u32),
                };
                assert_eq!(written, format!("\"a{escape}\u{e9}{escape}\""));
            }
        }
    }
}

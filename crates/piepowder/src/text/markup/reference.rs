//! Character references of HTML: names, decimal and hexadecimal numbers. What they give is not read again.
//! Invariant: a reference has at least three bytes, and never more than `GROWTH` of its bytes are shown.

use crate::text::decode::REPLACEMENT;
use crate::text::entities::{LEGACY, LONGEST, NAMED};

/// What a reference stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Characters {
    One(char),
    Named(&'static str),
}

impl Characters {
    /// As UTF-8.
    pub(super) fn text(self, buffer: &mut [u8; 4]) -> &str {
        match self {
            Characters::One(c) => c.encode_utf8(buffer),
            Characters::Named(text) => text,
        }
    }
}

/// What the numbers 128 to 159 mean in HTML: Windows-1252, where that has a character.
const WINDOWS: [char; 32] = [
    '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2C6}', '\u{2030}', '\u{160}', '\u{2039}',
    '\u{152}', '\u{8D}', '\u{17D}', '\u{8F}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2013}', '\u{2014}',
    '\u{2DC}', '\u{2122}', '\u{161}', '\u{203A}', '\u{153}', '\u{9D}', '\u{17E}', '\u{178}',
];

/// The reference that begins `rest`, which begins with an ampersand, and how many bytes it has.
pub(super) fn read(rest: &[u8]) -> Option<(usize, Characters)> {
    let (len, characters) = match rest {
        [_, b'#', b'x' | b'X', digits @ ..] => number(digits, 16).map(|(len, c)| (3 + len, c))?,
        [_, b'#', digits @ ..] => number(digits, 10).map(|(len, c)| (2 + len, c))?,
        [_, name @ ..] => return named(name),
        [] => return None,
    };
    Some((len + usize::from(rest.get(len) == Some(&b';')), Characters::One(characters)))
}

fn number(digits: &[u8], radix: u32) -> Option<(usize, char)> {
    let mut value = 0u32;
    let mut len = 0;
    while let Some(digit) = digits.get(len).and_then(|b| char::from(*b).to_digit(radix)) {
        value = value.saturating_mul(radix).saturating_add(digit);
        len += 1;
    }
    let character = match value {
        0 => REPLACEMENT,
        0x80..=0x9F => WINDOWS[value as usize - 0x80],
        _ => char::from_u32(value).unwrap_or(REPLACEMENT),
    };
    (len > 0).then_some((len, character))
}

fn named(rest: &[u8]) -> Option<(usize, Characters)> {
    let len = rest.iter().take(LONGEST + 1).take_while(|b| b.is_ascii_alphanumeric()).count();
    let name = &rest[..len];
    let at = NAMED.binary_search_by(|(known, _)| known.as_bytes().cmp(name)).ok()?;
    let closed = match rest.get(len) {
        Some(b';') => 1,
        // As in the addresses of pages: `?a=1&copy=2`.
        Some(b'=') => return None,
        _ => LEGACY.binary_search_by(|known| known.as_bytes().cmp(name)).map(|_| 0).ok()?,
    };
    Some((1 + len + closed, Characters::Named(NAMED[at].1)))
}

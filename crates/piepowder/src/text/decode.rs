//! UTF-8 to characters and lengths, and back. Bytes that are not UTF-8 read as U+FFFD, one for each maximal part, as in the Unicode
//! Standard (section 3.9) and `String::from_utf8_lossy`. Invariant: the length is at least one and stays within the bytes.

/// The character that stands for what is not UTF-8.
pub(crate) const REPLACEMENT: char = '\u{FFFD}';

/// Whether a byte continues a UTF-8 sequence.
pub(crate) const fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// How many bytes a character has that begins with this byte, in valid UTF-8.
pub(crate) const fn length(first: u8) -> usize {
    match first {
        0..=0x7F => 1,
        0x80..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    }
}

/// The first character of some bytes (not none), how many bytes it has, and whether they are UTF-8.
#[inline]
pub(crate) fn decode(bytes: &[u8]) -> (char, usize, bool) {
    let first = bytes[0];
    if first < 0x80 {
        return (first as char, 1, true);
    }
    // Two bytes: Latin with accents, Greek, Cyrillic, Arabic, Hebrew.
    if let (0xC2..=0xDF, Some(second @ 0x80..=0xBF)) = (first, bytes.get(1)) {
        let value = u32::from(first & 0x1F) << 6 | u32::from(second & 0x3F);
        return (char::from_u32(value).unwrap_or(REPLACEMENT), 2, true);
    }
    // Three, mostly with something behind them: nearly all others. The value tells overlong forms and surrogates.
    if let Some(word) = bytes.first_chunk() {
        let word = u32::from_le_bytes(*word);
        let value = (word & 0x0F) << 12 | (word >> 2 & 0xFC0) | (word >> 16 & 0x3F);
        if word & 0x00C0_C0F0 == 0x0080_80E0
            && value >= 0x800
            && let Some(c) = char::from_u32(value)
        {
            return (c, 3, true);
        }
    }
    decode_others(bytes)
}

/// Four bytes, three at the end of the text, and what is not UTF-8.
#[inline(never)]
fn decode_others(bytes: &[u8]) -> (char, usize, bool) {
    let continuation = |byte: &u8| is_continuation(*byte);
    let value = |first: u8, rest: &[u8]| rest.iter().fold(u32::from(first), |value, byte| value << 6 | u32::from(byte & 0x3F));
    match bytes {
        [first @ 0xF0..=0xF4, rest @ ..] if rest.len() >= 3 && rest[..3].iter().all(continuation) => {
            if let Some(c) = char::from_u32(value(first & 7, &rest[..3])).filter(|c| *c >= '\u{10000}') {
                return (c, 4, true);
            }
        }
        [first @ 0xE0..=0xEF, rest @ ..] if rest.len() >= 2 && rest[..2].iter().all(continuation) => {
            if let Some(c) = char::from_u32(value(first & 15, &rest[..2])).filter(|c| *c >= '\u{800}') {
                return (c, 3, true);
            }
        }
        _ => {}
    }
    // The range of the second byte keeps out surrogates, overlong forms and what lies beyond U+10FFFF.
    let (length, within) = match bytes[0] {
        0xE0 => (3, 0xA0..=0xBF),
        0xED => (3, 0x80..=0x9F),
        0xE1..=0xEF => (3, 0x80..=0xBF),
        0xF0 => (4, 0x90..=0xBF),
        0xF4 => (4, 0x80..=0x8F),
        0xF1..=0xF3 => (4, 0x80..=0xBF),
        _ => return (REPLACEMENT, 1, false),
    };
    if bytes.get(1).is_none_or(|second| !within.contains(second)) {
        return (REPLACEMENT, 1, false);
    }
    // What is whole was read above, so that this is one byte short at least.
    let part = bytes.iter().take(length).skip(1).take_while(|byte| is_continuation(**byte)).count();
    (REPLACEMENT, 1 + part, false)
}

/// How many ASCII bytes come first. Eight at a time, and of the last eight the bit that is set says how many.
#[inline]
pub(crate) fn ascii_run(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (word, at) in words.iter().zip((0..).step_by(8)) {
        let high = u64::from_le_bytes(*word) & 0x8080_8080_8080_8080;
        if high != 0 {
            return at + high.trailing_zeros() as usize / 8;
        }
    }
    bytes.len() - rest.len() + rest.iter().take_while(|b| b.is_ascii()).count()
}

/// The last character of a valid UTF-8 text, and where it starts.
pub(crate) fn last(text: &[u8]) -> Option<(char, usize)> {
    let mut at = text.len().checked_sub(1)?;
    while at > 0 && is_continuation(text[at]) {
        at -= 1;
    }
    Some((decode(&text[at..]).0, at))
}

/// Appends a character.
pub(crate) fn encode(c: char, out: &mut Vec<u8>) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::{REPLACEMENT, ascii_run, decode};
    use proptest::prelude::*;

    #[test]
    fn every_character_is_read_at_the_end_and_before_others() {
        for c in '\0'..=char::MAX {
            let text = format!("{c}\u{7F}{c}");
            let len = c.len_utf8();
            assert_eq!(decode(&text.as_bytes()[..len]), (c, len, true));
            assert_eq!(decode(text.as_bytes()), (c, len, true));
        }
    }

    proptest! {
        #[test]
        fn bytes_read_as_the_standard_library_reads_them(
            bytes in prop::collection::vec(prop::sample::select(b"a\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC2\xDF\xE0\xE1\xED\xEF\xF0\xF1\xF4\xF5\xFF".to_vec()), 0..12),
        ) {
            let (mut read, mut at) = (String::new(), 0);
            while at < bytes.len() {
                let (c, len, valid) = decode(&bytes[at..]);
                prop_assert_eq!(valid, core::str::from_utf8(&bytes[at..at + len]).is_ok());
                prop_assert!(valid || c == REPLACEMENT);
                read.push(c);
                at += len;
            }
            prop_assert_eq!((read, at), (String::from_utf8_lossy(&bytes).into_owned(), bytes.len()));
        }

        #[test]
        fn ascii_runs_end_with_the_first_other_byte(ascii in "[ -~]{0,40}", other in prop::collection::vec(any::<u8>(), 0..20)) {
            let bytes = [ascii.as_bytes(), &other].concat();
            prop_assert_eq!(ascii_run(&bytes), bytes.iter().take_while(|byte| byte.is_ascii()).count());
        }
    }
}

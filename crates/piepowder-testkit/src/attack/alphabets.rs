//! Other alphabets of the Latin letters: full-width, mathematical, in circles, parentheses and squares, of flags. Invariant: a letter has
//! one image in an alphabet; what is no ASCII letter stays.

use crate::generate::Random;

/// Letters in an alphabet of mathematics, capitals and small ones.
const LETTERS: u32 = 52;
/// Alphabets of U+1D400 to U+1D6A3.
const ALPHABETS: usize = 13;

/// Where the mathematical alphabets have a hole, because the letter was encoded before: the code point and its stand-in.
const HOLES: [(u32, char); 24] = [
    (0x1D455, '\u{210e}'),
    (0x1D49D, '\u{212c}'),
    (0x1D4A0, '\u{2130}'),
    (0x1D4A1, '\u{2131}'),
    (0x1D4A3, '\u{210b}'),
    (0x1D4A4, '\u{2110}'),
    (0x1D4A7, '\u{2112}'),
    (0x1D4A8, '\u{2133}'),
    (0x1D4AD, '\u{211b}'),
    (0x1D4BA, '\u{212f}'),
    (0x1D4BC, '\u{210a}'),
    (0x1D4C4, '\u{2134}'),
    (0x1D506, '\u{212d}'),
    (0x1D50B, '\u{210c}'),
    (0x1D50C, '\u{2111}'),
    (0x1D515, '\u{211c}'),
    (0x1D51D, '\u{2128}'),
    (0x1D53A, '\u{2102}'),
    (0x1D53F, '\u{210d}'),
    (0x1D545, '\u{2115}'),
    (0x1D547, '\u{2119}'),
    (0x1D548, '\u{211a}'),
    (0x1D549, '\u{211d}'),
    (0x1D551, '\u{2124}'),
];

/// Replaces the letters that are still plain; marks and what was inserted behind them stay.
fn map(word: &mut [String], mut image: impl FnMut(char) -> char) {
    for letter in word {
        if let Some(first) = letter.chars().next().filter(char::is_ascii_alphabetic) {
            letter.replace_range(..1, image(first).encode_utf8(&mut [0; 4]));
        }
    }
}

/// The place of a letter in its alphabet.
fn place(c: char) -> u32 {
    c.to_ascii_lowercase() as u32 - 'a' as u32
}

fn shifted(base: char, by: u32) -> char {
    char::from_u32(base as u32 + by).expect("alphabets hold no surrogates")
}

pub(super) fn full_width(word: &mut [String]) {
    map(word, |c| shifted('\u{fee0}', c as u32));
}

/// One alphabet for the word, or another for every letter.
pub(super) fn mathematical(word: &mut [String], random: &mut Random) {
    let (one, mixed) = (random.below(ALPHABETS), random.chance(50));
    map(word, |c| math(c, if mixed { random.below(ALPHABETS) } else { one }));
}

fn math(c: char, alphabet: usize) -> char {
    let small = if c.is_ascii_lowercase() { 26 } else { 0 };
    let code = 0x1D400 + alphabet as u32 * LETTERS + small + place(c);
    let hole = HOLES.iter().find(|(hole, _)| *hole == code).map(|(_, c)| *c);
    hole.or(char::from_u32(code)).expect("alphabets hold no surrogates")
}

pub(super) fn enclosed(word: &mut [String]) {
    map(word, |c| shifted(if c.is_ascii_lowercase() { '\u{24d0}' } else { '\u{24b6}' }, place(c)));
}

pub(super) fn parenthesized(word: &mut [String]) {
    map(word, |c| shifted(if c.is_ascii_lowercase() { '\u{249c}' } else { '\u{1f110}' }, place(c)));
}

/// An alphabet of capitals alone.
pub(super) fn capitals(word: &mut [String], first: char) {
    map(word, |c| shifted(first, place(c)));
}

#[cfg(test)]
mod tests {
    use super::{ALPHABETS, math};
    use icu_normalizer::ComposingNormalizerBorrowed;

    #[test]
    fn every_mathematical_letter_is_the_letter() {
        let nfkc = ComposingNormalizerBorrowed::new_nfkc();
        for alphabet in 0..ALPHABETS {
            for c in ('a'..='z').chain('A'..='Z') {
                let image = math(c, alphabet);
                assert!(!image.is_ascii());
                assert_eq!(nfkc.normalize(&image.to_string()), c.to_string(), "alphabet {alphabet}, U+{:04X}", image as u32);
            }
        }
    }
}

//! Long words by what is left of them when a character is left out: so words are found that are an edit away from a piece
//! (`docs/SEMANTICS.md`, section 4b). It knows no rules, and nothing of what else a piece may be. Invariant: a word is found exactly when one
//! character put in, left out or replaced, or two neighbors swapped, make the piece the word.

use crate::bytes::{Fixed, List};
use crate::stored::{Damaged, Reader, Writer, sound};

/// Characters of a word that is read with a mistake: of shorter ones too many other words are an edit away.
pub(super) const LONG: usize = 7;
/// Characters of the longest piece, and of the longest word.
pub(super) const LONGEST: usize = 64;

/// Base of the polynomial that texts are hashed by: odd, with about as many ones as zeros.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// The first is that of the last character: no product of it is left out, so that the high bits depend on all characters.
const POWERS: [u64; LONGEST] = {
    let mut powers = [BASE; LONGEST];
    let mut at = 1;
    while at < LONGEST {
        powers[at] = BASE.wrapping_mul(powers[at - 1]);
        at += 1;
    }
    powers
};

/// What table places are taken of, from its high bits: its low bits depend on the low bits of characters alone.
fn polynomial(text: &[u8]) -> u64 {
    text.iter().fold(0, |state: u64, byte| state.wrapping_add(u64::from(*byte)).wrapping_mul(BASE))
}

/// Gives the hash of a text, and those of all that is left of it when a character is left out, equal neighbors told once.
fn each_variant(text: &[u8], mut give: impl FnMut(u64)) {
    give(polynomial(text));
    let mut state = polynomial(&text[1..]);
    give(state);
    // Leaving out the next character instead puts this one back in its place: the texts differ by one product.
    for (pair, power) in text.windows(2).zip(POWERS[..text.len() - 1].iter().rev()) {
        if pair[0] != pair[1] {
            state = state.wrapping_add(u64::from(pair[0]).wrapping_sub(u64::from(pair[1])).wrapping_mul(*power));
            give(state);
        }
    }
}

/// As `each_variant`, from the first that lacks a character on, and equal ones more than once. No branch depends on the text.
#[inline]
fn each_shorter(text: &[u8], whole: u64, mut give: impl FnMut(u64)) {
    let Some((first, _)) = text.split_first() else { return };
    let powers = &POWERS[..text.len()];
    let mut state = whole.wrapping_sub(u64::from(*first).wrapping_mul(powers[text.len() - 1]));
    give(state);
    for (pair, power) in text.windows(2).zip(powers[..text.len() - 1].iter().rev()) {
        state = state.wrapping_add(u64::from(pair[0]).wrapping_sub(u64::from(pair[1])).wrapping_mul(*power));
        give(state);
    }
}

/// Whether one edit makes one text the other. Of equal texts it says no.
fn is_edit_away(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([_, rest @ ..], other) | (other, [_, rest @ ..]) if a.len().abs_diff(b.len()) == 1 && rest == other => true,
        ([a1, a2, rest_a @ ..], [b1, b2, rest_b @ ..]) if a1 == b2 && a2 == b1 && rest_a == rest_b => true,
        ([_, rest_a @ ..], [_, rest_b @ ..]) => rest_a == rest_b,
        _ => false,
    }
}

/// Whether a folded text is letters from `a` to `z`, and as long as this at least.
fn is_letters(text: &[u8], least: usize) -> bool {
    (least..=LONGEST).contains(&text.len()) && text.iter().fold(true, |all, byte| all & byte.is_ascii_lowercase())
}

/// The long words among some words, in buckets by what is left of them. There are about ten variants a word and few questions, so the
/// buckets are as small as they can be: a variant takes six bytes, and four bytes or so for what is kept of its bucket.
#[derive(Debug)]
pub(super) struct Neighbors {
    /// For each bucket, the lowest bits of its variants' prints as a set: nearly all that are asked for fail here.
    bits: List<u64, 8>,
    /// Where the variants of a bucket begin, and, last, where those of the last one end.
    starts: List<u32, 4>,
    /// Of each variant the number of its word, and a print: most of a bucket's variants are of other words.
    variants: List<(u32, u16), 6>,
}

/// Variants of a bucket, about.
const TOGETHER: usize = 4;

impl Neighbors {
    /// Those of these words that are long. Their numbers are their places.
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w str> + Clone) -> Self {
        let long = || words.clone().enumerate().filter(|(_, w)| is_letters(w.as_bytes(), LONG));
        let most: usize = long().map(|(_, word)| word.len() + 1).sum();
        let buckets = (most / TOGETHER).next_power_of_two();
        let (mut bits, mut starts) = (vec![0u64; buckets], vec![0u32; buckets + 1]);
        // Counted and then put, so that nothing needs sorting: a bucket's start begins as its end and moves down as variants are put.
        for (_, word) in long() {
            each_variant(word.as_bytes(), |hash| {
                starts[bucket(hash, buckets)] += 1;
                bits[bucket(hash, buckets)] |= 1 << (print(hash) % 64);
            });
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        let mut variants = vec![[0; 6]; end as usize];
        for (number, word) in long() {
            each_variant(word.as_bytes(), |hash| {
                let start = &mut starts[bucket(hash, buckets)];
                *start -= 1;
                variants[*start as usize] = (number as u32, print(hash)).to_bytes();
            });
        }
        Neighbors { bits: List::new(&bits), starts: List::new(&starts), variants: List::of_rows(variants) }
    }

    /// The words that have a variant of this hash; of those that do not, a few.
    fn of_hash(&self, hash: u64) -> impl Iterator<Item = u32> {
        let starts = self.starts.rows();
        let bucket = bucket(hash, starts.len() - 1);
        let at = |bucket: usize| starts.get(bucket).map_or(0, |start| u32::from_le_bytes(*start) as usize);
        self.variants.part(at(bucket)..at(bucket + 1)).filter(move |(_, own)| *own == print(hash)).map(|(number, _)| number)
    }

    /// Whether a text is as long as a word with one mistake.
    #[inline]
    pub(super) fn is_long(length: usize) -> bool {
        (LONG - 1..=LONGEST).contains(&length)
    }

    /// The first of the words that are an edit away from a text, unless the text is one of them; `word` gives the word of a number.
    pub(super) fn of<'w>(&self, text: &[u8], word: impl Fn(u32) -> &'w str) -> Option<u32> {
        if !is_letters(text, LONG - 1) {
            return None;
        }
        let whole = polynomial(text);
        // Those that some word may have: written at the end always and kept sometimes, so that no branch depends on the text.
        let (mut met, mut count) = ([0; LONGEST + 2], 0);
        let bits = self.bits.rows();
        let mut keep = |hash: u64| {
            met[count] = hash;
            count += usize::from(u64::from_le_bytes(bits[bucket(hash, bits.len())]) >> (print(hash) % 64) & 1 == 1);
        };
        keep(whole);
        each_shorter(text, whole, keep);
        self.first_of(&met[..count], text, whole, word)
    }

    /// The first of the words that have a variant of these hashes and are an edit away from a text of this hash.
    fn first_of<'w>(&self, hashes: &[u64], text: &[u8], whole: u64, word: impl Fn(u32) -> &'w str) -> Option<u32> {
        if hashes.first() == Some(&whole) && self.of_hash(whole).any(|number| word(number).as_bytes() == text) {
            return None;
        }
        let mut first = u32::MAX;
        for hash in hashes {
            first = self.of_hash(*hash).filter(|number| *number < first && is_edit_away(text, word(*number).as_bytes())).fold(first, u32::min);
        }
        (first < u32::MAX).then_some(first)
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.part(self.bits.bytes());
        out.part(self.starts.bytes());
        out.part(self.variants.bytes());
    }

    /// Reads what `write` wrote. Variants that are not there, or of words that are not, are of none.
    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let neighbors = Neighbors { bits: List::of(from.part()?), starts: List::of(from.part()?), variants: List::of(from.part()?) };
        sound(neighbors.bits.len().is_power_of_two() && neighbors.starts.len() == neighbors.bits.len() + 1)?;
        Ok(neighbors)
    }

    pub(super) fn memory_usage(&self) -> usize {
        self.bits.bytes().len() + self.starts.bytes().len() + self.variants.bytes().len()
    }
}

/// The bucket of a hash, by its high bits; there is a power of two of them.
#[inline]
fn bucket(hash: u64, buckets: usize) -> usize {
    (hash >> 38) as usize & (buckets - 1)
}

/// What tells variants of a bucket apart: the bits below.
#[inline]
fn print(hash: u64) -> u16 {
    (hash >> 22) as u16
}

#[cfg(test)]
mod tests {
    use super::{Neighbors, is_edit_away};
    use proptest::prelude::*;

    /// All texts that one edit makes of a text, by brute force.
    fn edits(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        for at in 0..=text.len() {
            let (before, after) = text.split_at(at);
            all.extend(('a'..='z').map(|c| format!("{before}{c}{after}")));
            if let Some(c) = after.chars().next() {
                all.push(format!("{before}{}", &after[1..]));
                all.extend(('a'..='z').map(|c| format!("{before}{c}{}", &after[1..])));
                all.extend(after[1..].chars().next().map(|d| format!("{before}{d}{c}{}", &after[2..])));
            }
        }
        all.retain(|edited| edited != text);
        all
    }

    #[test]
    fn every_edit_is_found() {
        let words = ["aaaaaaa", "abcdefgh", "abcdefghi", "bookkeeper", "zzyzxab"];
        let neighbors = Neighbors::new(words.into_iter());
        for word in words {
            for edited in edits(word).iter().filter(|e| !words.contains(&e.as_str())) {
                let expected = words.iter().position(|w| edits(edited).iter().any(|e| e == w));
                assert_eq!(neighbors.of(edited.as_bytes(), |n| words[n as usize]).map(|n| n as usize), expected, "{edited}");
                assert!(is_edit_away(edited.as_bytes(), word.as_bytes()) && is_edit_away(word.as_bytes(), edited.as_bytes()));
            }
        }
    }

    #[test]
    fn short_words_and_other_letters_are_not() {
        let words = ["abcdef", "abcdefg", "über-abc"];
        let neighbors = Neighbors::new(words.into_iter());
        let found = |text: &str| neighbors.of(text.as_bytes(), |n| words[n as usize]);
        assert_eq!(found("abcdeg"), Some(1));
        assert_eq!([found("abcde"), found("abcxef"), found("uber-abc"), found("abcde\u{e9}g"), found("")], [None; 5]);
        assert_eq!(Neighbors::new(["a".repeat(64).as_str()].into_iter()).of("a".repeat(65).as_bytes(), |_| ""), None);
    }

    proptest! {
        #[test]
        fn words_that_are_found_are_those_an_edit_away(words in prop::collection::btree_set("[abc]{7,9}", 1..30), text in "[abc]{6,10}") {
            let words: Vec<String> = words.into_iter().collect();
            let neighbors = Neighbors::new(words.iter().map(String::as_str));
            prop_assume!(!words.contains(&text));
            let away = edits(&text);
            let expected = words.iter().position(|w| away.contains(w));
            prop_assert_eq!(neighbors.of(text.as_bytes(), |n| &words[n as usize]).map(|n| n as usize), expected);
        }
    }
}

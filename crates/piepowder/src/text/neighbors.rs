//! Long words by what is left of them when a character is left out: so words are found that are an edit away from a piece
//! (`docs/SEMANTICS.md`, section 4b). It knows no rules, and nothing of what else a piece may be. Invariant: a word is found exactly when one
//! character put in, left out or replaced, or two neighbors swapped, make the piece the word.

use crate::stored::{Damaged, Reader, Writer, sound};

/// Characters of a word that is read with a mistake: of shorter ones too many other words are an edit away.
pub(super) const LONG: usize = 7;
/// Characters of the longest piece, and of the longest word.
pub(super) const LONGEST: usize = 64;

/// Base of the polynomial that texts are hashed by: odd, with about as many ones as zeros.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

const POWERS: [u64; LONGEST] = {
    let mut powers = [1; LONGEST];
    let mut at = 1;
    while at < LONGEST {
        powers[at] = BASE.wrapping_mul(powers[at - 1]);
        at += 1;
    }
    powers
};

/// What table places are taken of: a polynomial's low bits depend on the low bits of characters alone.
const fn mix(state: u64) -> u64 {
    let state = (state ^ state >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    state ^ state >> 32
}

fn polynomial(text: &[u8]) -> u64 {
    text.iter().fold(0, |state, byte| state.wrapping_mul(BASE).wrapping_add(u64::from(*byte)))
}

/// Gives the hash of a text, and those of all that is left of it when a character is left out, equal neighbors told once.
fn each_variant(text: &[u8], mut give: impl FnMut(u64)) {
    give(mix(polynomial(text)));
    let mut state = polynomial(&text[1..]);
    give(mix(state));
    // Leaving out the next character instead puts this one back in its place: the texts differ by one product.
    for (pair, power) in text.windows(2).zip(POWERS[..text.len() - 1].iter().rev()) {
        if pair[0] != pair[1] {
            state = state.wrapping_add(u64::from(pair[0]).wrapping_sub(u64::from(pair[1])).wrapping_mul(*power));
            give(mix(state));
        }
    }
}

/// As `each_variant`, from the first that lacks a character on, and equal ones more than once. No branch depends on the text.
#[inline]
fn each_shorter(text: &[u8], whole: u64, mut give: impl FnMut(u64)) {
    let Some((first, _)) = text.split_first() else { return };
    let powers = &POWERS[..text.len()];
    let mut state = whole.wrapping_sub(u64::from(*first).wrapping_mul(powers[text.len() - 1]));
    give(mix(state));
    for (pair, power) in text.windows(2).zip(powers[..text.len() - 1].iter().rev()) {
        state = state.wrapping_add(u64::from(pair[0]).wrapping_sub(u64::from(pair[1])).wrapping_mul(*power));
        give(mix(state));
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
    bits: Vec<u64>,
    /// Where the variants of a bucket begin, and, last, where those of the last one end.
    starts: Vec<u32>,
    /// Low bits of each variant's hash: most of a bucket's variants are of other words.
    prints: Vec<u16>,
    /// Numbers of words, by variant.
    numbers: Vec<u32>,
}

/// Variants of a bucket, about.
const TOGETHER: usize = 4;

impl Neighbors {
    /// Those of these words that are long. Their numbers are their places.
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w str> + Clone) -> Self {
        let long = || words.clone().enumerate().filter(|(_, w)| is_letters(w.as_bytes(), LONG));
        let most: usize = long().map(|(_, word)| word.len() + 1).sum();
        let buckets = (most / TOGETHER).next_power_of_two();
        let mut neighbors = Neighbors { bits: Vec::new(), starts: vec![0; buckets + 1], prints: Vec::new(), numbers: Vec::new() };
        // Counted and then put, so that nothing needs sorting: a bucket's start begins as its end and moves down as variants are put.
        for (_, word) in long() {
            each_variant(word.as_bytes(), |hash| neighbors.starts[bucket(hash, buckets)] += 1);
        }
        let mut end = 0;
        for start in &mut neighbors.starts {
            end += *start;
            *start = end;
        }
        neighbors.prints = vec![0; end as usize];
        neighbors.numbers = vec![0; end as usize];
        for (number, word) in long() {
            each_variant(word.as_bytes(), |hash| {
                let start = &mut neighbors.starts[bucket(hash, buckets)];
                *start -= 1;
                neighbors.prints[*start as usize] = hash as u16;
                neighbors.numbers[*start as usize] = number as u32;
            });
        }
        neighbors.bits = bits_of(&neighbors.starts, &neighbors.prints);
        neighbors
    }

    /// Whether some word may have a variant of this hash.
    #[inline]
    fn may_be_variant(&self, hash: u64) -> bool {
        self.bits[bucket(hash, self.bits.len())] >> (hash as u32 % u64::BITS) & 1 == 1
    }

    /// The words that have a variant of this hash; of those that do not, a few.
    fn of_hash(&self, hash: u64) -> impl Iterator<Item = u32> {
        let bucket = bucket(hash, self.starts.len() - 1);
        let all = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
        self.prints[all.clone()].iter().zip(&self.numbers[all]).filter(move |(print, _)| **print == hash as u16).map(|(_, number)| *number)
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
        let polynomial = polynomial(text);
        let whole = mix(polynomial);
        // Those that some word may have: written at the end always and kept sometimes, so that no branch depends on the text.
        let (mut met, mut count) = ([0; LONGEST + 2], 0);
        let mut keep = |hash| {
            met[count] = hash;
            count += usize::from(self.may_be_variant(hash));
        };
        keep(whole);
        each_shorter(text, polynomial, keep);
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
        out.list(&self.starts, u32::to_le_bytes);
        out.list(&self.prints, u16::to_le_bytes);
        out.list(&self.numbers, u32::to_le_bytes);
    }

    /// Reads the buckets of so many words.
    pub(super) fn read(from: &mut Reader<'_>, words: usize) -> Result<Self, Damaged> {
        let starts = from.list(|start| u32::from_le_bytes(*start))?;
        let prints = from.list(|print| u16::from_le_bytes(*print))?;
        let numbers = from.list(|number| u32::from_le_bytes(*number))?;
        sound(starts.len() > 1 && (starts.len() - 1).is_power_of_two() && starts.is_sorted())?;
        sound(prints.len() == numbers.len() && starts.last().is_some_and(|end| *end as usize == numbers.len()))?;
        sound(numbers.iter().all(|number| (*number as usize) < words))?;
        Ok(Neighbors { bits: bits_of(&starts, &prints), starts, prints, numbers })
    }

    pub(super) fn memory_usage(&self) -> usize {
        self.bits.len() * size_of::<u64>() + self.starts.len() * size_of::<u32>() + self.numbers.len() * (size_of::<u16>() + size_of::<u32>())
    }
}

/// The sets of buckets that begin here.
fn bits_of(starts: &[u32], prints: &[u16]) -> Vec<u64> {
    let all = starts.windows(2).map(|bucket| &prints[bucket[0] as usize..bucket[1] as usize]);
    all.map(|prints| prints.iter().fold(0, |bits, print| bits | 1 << (u32::from(*print) % u64::BITS))).collect()
}

/// The bucket of a hash, by its high bits; there is a power of two of them.
fn bucket(hash: u64, buckets: usize) -> usize {
    (hash >> 32) as usize & (buckets - 1)
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

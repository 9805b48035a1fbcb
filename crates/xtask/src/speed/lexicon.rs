//! The terms of the generated packs, drawn by rank from words, pairs and triples of the listings that are measured: 5,000 that give about
//! one match in 250 bytes of text, and 50,000 that hold these and add what hardly occurs. They are words of no meaning for risk.
//! Invariant: the same texts give the same terms in the same order.

use crate::rows::Seeded;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Terms of the small lexicon and of the large one.
pub(super) const SMALL: usize = 5_000;
pub(super) const LARGE: usize = 50_000;

/// Bytes of text a match.
const BYTES_A_MATCH: usize = 250;

/// Of a hundred matches, how many are of words, of pairs and of triples.
const SHARES: [usize; 3] = [72, 20, 8];

/// Of the neighbors in rank only each fourth is a term, if there are enough: a lexicon does not hold every word of its language.
const STRIDE: usize = 4;

/// Terms, the small lexicon first.
pub(super) struct Lexicon {
    pub(super) terms: Vec<String>,
    /// Words, pairs and triples among the first.
    pub(super) phrases: usize,
    /// Matches that were counted in the texts, of the small lexicon and of the large one.
    pub(super) matches: [usize; 2],
    pub(super) text_bytes: usize,
}

impl Lexicon {
    pub(super) fn small(&self) -> &[String] {
        &self.terms[..SMALL]
    }

    /// Draws the terms from texts in lower case.
    pub(super) fn draw<'a>(texts: impl Iterator<Item = &'a str>) -> Lexicon {
        let mut counts: [HashMap<&str, u32>; 3] = Default::default();
        let mut text_bytes = 0;
        for text in texts {
            text_bytes += text.len();
            count(text, &mut counts);
        }
        let ranked = counts.each_ref().map(rank);
        let [large, small] = [LARGE - SMALL, SMALL].map(|all| [all - all / 3, all * 2 / 9, all / 3 - all * 2 / 9]);
        let mut maker = Maker { seeded: Seeded(20_261_121), taken: HashSet::new(), words: &ranked[0], counts: &counts };
        let mut terms = Vec::new();
        let mut matches = [0; 2];
        for (kind, count) in small.into_iter().enumerate() {
            let target = text_bytes / BYTES_A_MATCH * SHARES[kind] / 100;
            let found = maker.add(&mut terms, by_rank(&ranked[kind], count, target), count, kind);
            matches[0] += found;
        }
        Seeded(5).shuffle(&mut terms);
        // What is added occurs so rarely that the matches stay about the same: the rarest words, up to a fiftieth of the matches.
        let mut more = Vec::new();
        let mut room = matches[0] / 50;
        let rare = ranked[0].iter().rev().take_while(|(_, n)| {
            room = room.saturating_sub(*n as usize);
            room > 0
        });
        let rare: Vec<(&str, u32)> = rare.copied().collect();
        matches[1] = matches[0] + maker.add(&mut more, rare, large[0], 0);
        for kind in [1, 2] {
            maker.add(&mut more, Vec::new(), large[kind], kind);
        }
        Seeded(50).shuffle(&mut more);
        terms.extend(more);
        Lexicon { terms, phrases: small[1] + small[2], matches, text_bytes }
    }
}

/// Fills up what the texts do not give.
struct Maker<'a> {
    seeded: Seeded,
    /// Terms without their spaces: what differs by these alone is one term to the engine.
    taken: HashSet<String>,
    words: &'a [(&'a str, u32)],
    counts: &'a [HashMap<&'a str, u32>; 3],
}

impl Maker<'_> {
    /// Adds so many terms of a kind: those that are given, then made ones. How often they occur.
    fn add(&mut self, terms: &mut Vec<String>, given: Vec<(&str, u32)>, count: usize, kind: usize) -> usize {
        let mut matches = 0;
        let full = terms.len() + count;
        for (term, occurs) in given {
            if terms.len() < full && self.taken.insert(term.replace(' ', "")) {
                terms.push(term.to_string());
                matches += occurs as usize;
            }
        }
        while terms.len() < full {
            let term = if kind == 0 { self.word() } else { (0..=kind).map(|_| self.any()).collect::<Vec<_>>().join(" ") };
            if !self.counts[kind].contains_key(term.as_str()) && self.taken.insert(term.replace(' ', "")) {
                terms.push(term);
            }
        }
        matches
    }

    /// A word of three to five syllables that no language needs to have.
    fn word(&mut self) -> String {
        let mut word = String::new();
        for _ in 0..3 + self.seeded.below(3) {
            word.push(char::from(b"bcdfghjklmnprstvwz"[self.seeded.below(18)]));
            word.push(char::from(b"aeiouy"[self.seeded.below(6)]));
        }
        word
    }

    /// A word of the texts, or a made one where the texts have few.
    fn any(&mut self) -> String {
        let at = self.seeded.below(self.words.len() + 1_000);
        self.words.get(at).map_or_else(|| self.word(), |(word, _)| (*word).to_string())
    }
}

/// Counts words, and pairs and triples of them that single spaces part.
fn count<'a>(text: &'a str, counts: &mut [HashMap<&'a str, u32>; 3]) {
    // Words of letters and digits of ASCII, between borders as a scanner of bytes sees them.
    let of_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || !b.is_ascii();
    let mut starts = [None; 3];
    let mut at = 0;
    for word in text.as_bytes().chunk_by(|a, b| of_word(*a) == of_word(*b)) {
        let (start, end) = (at, at + word.len());
        at = end;
        if !of_word(word[0]) {
            if word != b" " {
                starts = [None; 3];
            }
            continue;
        }
        starts = [Some(start), starts[0], starts[1]];
        if word.len() < 2 || word.len() > 24 || !word.iter().all(u8::is_ascii_alphanumeric) || word.iter().all(u8::is_ascii_digit) {
            starts = [None; 3];
        }
        for (kind, start) in starts.iter().enumerate() {
            if let Some(start) = start
                && end - start >= 3
            {
                *counts[kind].entry(&text[*start..end]).or_default() += 1;
            }
        }
    }
}

fn rank<'a>(counts: &HashMap<&'a str, u32>) -> Vec<(&'a str, u32)> {
    let mut ranked: Vec<(&str, u32)> = counts.iter().map(|(term, n)| (*term, *n)).collect();
    ranked.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    ranked
}

/// So many terms of neighboring ranks, the first so frequent that all together occur about as often as asked for; fewer near the end.
fn by_rank<'a>(ranked: &[(&'a str, u32)], count: usize, target: usize) -> Vec<(&'a str, u32)> {
    let stride = (ranked.len() / count.max(1)).clamp(1, STRIDE);
    let from = |start: usize| ranked[start..].iter().step_by(stride).take(count);
    let (mut low, mut high) = (0, ranked.len());
    while low < high {
        let middle = low.midpoint(high);
        if from(middle).map(|(_, n)| *n as usize).sum::<usize>() > target { low = middle + 1 } else { high = middle }
    }
    from(low).copied().collect()
}

/// Words a few bytes off the terms: with the same beginning, or with one letter changed, put in or left out.
pub(super) fn near_misses(terms: &[String], count: usize) -> Vec<String> {
    let known: BTreeSet<&str> = terms.iter().flat_map(|t| t.split(' ')).collect();
    let words: Vec<&str> = known.iter().copied().filter(|w| w.len() >= 4).collect();
    let mut seeded = Seeded(17);
    let mut misses = Vec::with_capacity(count);
    while misses.len() < count && !words.is_empty() {
        let mut word = words[seeded.below(words.len())].to_string();
        let (at, letter) = (seeded.below(word.len()), char::from(b'a' + seeded.below(26) as u8));
        match seeded.below(4) {
            0 => word.push(letter),
            1 => word.insert(at, letter),
            2 => drop(word.remove(at)),
            _ => word.replace_range(at..=at, letter.encode_utf8(&mut [0; 4])),
        }
        if !known.contains(word.as_str()) {
            misses.push(word);
        }
    }
    misses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_drawn_by_rank() {
        let mut seeded = Seeded(1);
        let word = |n: usize| format!("{}x{}", ["lamp", "chair", "rug", "vase"][n % 4], ["ab", "cd", "ef"][n % 3].repeat(1 + n / 12 % 4));
        let mut any = || {
            let most = 1 + seeded.below(48);
            word(seeded.below(most))
        };
        let texts: Vec<String> = (0..2_000).map(|_| (0..30).map(|_| any()).collect::<Vec<_>>().join(" ")).collect();
        let draw = || Lexicon::draw(texts.iter().map(String::as_str));
        let lexicon = draw();
        assert_eq!(lexicon.terms, draw().terms);
        assert_eq!(lexicon.terms.len(), LARGE);
        assert_eq!(lexicon.terms.iter().map(|t| t.replace(' ', "")).collect::<HashSet<_>>().len(), LARGE, "no term twice");
        let phrases = lexicon.small().iter().filter(|t| t.contains(' ')).count();
        assert_eq!((phrases, lexicon.phrases), (1_666, 1_666));
        assert!(lexicon.text_bytes / lexicon.matches[0] >= BYTES_A_MATCH, "at most as many matches as asked for");
        assert!(lexicon.matches[1] * 50 <= lexicon.matches[0] * 51);
    }

    #[test]
    fn pairs_are_of_neighbors_with_one_space() {
        let mut counts: [HashMap<&str, u32>; 3] = Default::default();
        count("red lamp on oak  table, 12 volt _x lampe\u{e9} red lamp", &mut counts);
        let keys = |kind: usize| rank(&counts[kind]).into_iter().map(|(t, _)| t).collect::<Vec<_>>();
        assert_eq!(keys(0), ["lamp", "red", "oak", "table", "volt"]);
        assert_eq!(keys(1), ["red lamp", "lamp on", "on oak"]);
        assert_eq!(keys(2), ["lamp on oak", "red lamp on"]);
    }

    #[test]
    fn near_misses_are_no_terms() {
        let terms = ["fountain pen".to_string(), "clock".to_string()];
        let misses = near_misses(&terms, 500);
        assert_eq!(misses.len(), 500);
        assert!(misses.iter().all(|m| !["fountain", "pen", "clock"].contains(&m.as_str()) && m.len() >= 4));
    }
}

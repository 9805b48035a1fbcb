//! The cover of a row by words (docs/SEMANTICS.md, section 4a, *cover*): of all covers the best in the order of that page. It replaces
//! nothing. Invariant: the words of a cover are in order and share no single.

use super::lexicon::Lexicon;
use super::reading::Unit;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

const SHORTEST: usize = 4;
const LONGEST_COMMON: usize = 20;
const SHORTEST_PARTED: usize = 2;
/// What a loose gap inside a word takes off the score.
const LOOSE: i64 = 2;
/// What a letter outside of words beside a word takes off it.
const BARE: i64 = 5;

static COMMON: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| include_str!("../../../xtask/words/common.txt").lines().filter(|line| !line.starts_with('#')).collect());

/// Whether a text is a common word.
pub(super) fn is_common(text: &str) -> bool {
    COMMON.contains(text)
}

/// A row as covers see it.
pub(super) struct Letters<'l> {
    pub(super) units: Vec<Unit>,
    /// Whether the gap before a single is loose; the first has none.
    pub(super) loose: Vec<bool>,
    /// Whether the row's gaps part words.
    pub(super) gaps_part: bool,
    pub(super) lexicon: &'l Lexicon,
}

/// A word of a cover: its singles, and what takes their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Covered {
    pub(super) singles: Range<usize>,
    pub(super) text: String,
}

/// A word that could stand at some place: what takes the place of its singles, and what it takes off the score.
struct Possible {
    text: String,
    costs: i64,
}

/// What stands before a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    Word,
    Letter,
    /// The row's begin, or a digit or symbol outside of words.
    Other,
}

/// How good the best cover is from some place on, and the end of the word that begins there.
#[derive(Clone, Copy, Default)]
struct Best {
    score: i64,
    words: i64,
    end: Option<usize>,
}

impl Letters<'_> {
    /// The words that could begin at a place, by their ends.
    fn possible(&self, from: usize) -> BTreeMap<usize, Possible> {
        let rest = &self.units[from..];
        let loose = |end: usize| LOOSE * self.loose[from + 1..end].iter().filter(|loose| **loose).count() as i64;
        let mut found = BTreeMap::new();
        // Later ones take the place of earlier ones: the first that holds comes last.
        let begins = from == 0 || self.loose[from];
        let next_loose = (from + 1..rest.len() + from).find(|at| self.loose[*at]).unwrap_or(self.units.len());
        if self.gaps_part && begins && next_loose - from >= SHORTEST_PARTED {
            let text = spelled(&self.units[from..next_loose]);
            found.extend(text.map(|text| (next_loose, Possible { text, costs: 0 })));
        }
        for length in SHORTEST..=rest.len().min(LONGEST_COMMON).min(self.lexicon.longest) {
            let text = spelled(&rest[..length]).filter(|text| is_common(text));
            found.extend(text.map(|text| (from + length, Possible { text, costs: loose(from + length) })));
        }
        let mut words = self.lexicon.beginning_with(rest[0], SHORTEST..=rest.len());
        words.retain(|word| !word.compound && (0..word.characters.len()).all(|i| word.is_met(i, rest[i])));
        words.sort_by(|a, b| b.text.cmp(&a.text));
        for word in words {
            let end = from + word.characters.len();
            found.insert(end, Possible { text: word.text.clone(), costs: loose(end) });
        }
        found
    }

    /// The words of the best cover.
    pub(super) fn cover(&self) -> Vec<Covered> {
        let count = self.units.len();
        let mut best: Vec<[Best; 3]> = vec![[Best::default(); 3]; count + 1];
        let mut texts: Vec<BTreeMap<usize, Possible>> = (0..count).map(|from| self.possible(from)).collect();
        for at in (0..count).rev() {
            for before in [Before::Word, Before::Letter, Before::Other] {
                best[at][before as usize] = self.best_from(at, before, &texts[at], &best);
            }
        }
        let (mut at, mut before, mut found) = (0, Before::Other, Vec::new());
        while at < count {
            let end = best[at][before as usize].end;
            let of_end = |end| texts[at].remove(&end).map(|p| Covered { singles: at..end, text: p.text });
            found.extend(end.and_then(of_end));
            before = if end.is_some() { Before::Word } else { self.outside(at) };
            at = end.unwrap_or(at + 1);
        }
        found
    }

    /// What a single outside of words is to the next one.
    fn outside(&self, at: usize) -> Before {
        if self.units[at].is_letter() { Before::Letter } else { Before::Other }
    }

    /// The best cover from a place on; of equal ones that with a word here, the longest.
    fn best_from(&self, at: usize, before: Before, possible: &BTreeMap<usize, Possible>, best: &[[Best; 3]]) -> Best {
        let costs = |holds: bool| if holds { BARE } else { 0 };
        let with = |(end, word): (&usize, &Possible)| {
            let after = best[*end][Before::Word as usize];
            let own = (end - at) as i64 - word.costs - costs(before == Before::Letter);
            Best { score: after.score + own, words: after.words + 1, end: Some(*end) }
        };
        let outside = self.outside(at);
        let after = best[at + 1][outside as usize];
        let without = Best { score: after.score - costs(before == Before::Word && outside == Before::Letter), words: after.words, end: None };
        let choices: Vec<Best> = possible.iter().rev().map(with).chain([without]).collect();
        let rank = |b: &Best| (b.score, -b.words);
        let most = choices.iter().map(rank).max().expect("at least one choice");
        choices.into_iter().find(|b| rank(b) == most).expect("one has the highest rank")
    }
}

/// The characters of the units, if they are ASCII letters all.
fn spelled(units: &[Unit]) -> Option<String> {
    units.iter().map(|u| Some(u.character).filter(|c| u.is_letter() && c.is_ascii())).collect()
}

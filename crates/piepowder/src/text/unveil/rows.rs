//! Rows of letters that stand apart, covered by words of the lexicon, common words, and words that wider gaps set off
//! (`docs/SEMANTICS.md`, section 4a). Invariant: no two words of a cover share a single; of all covers it is the one that the page says.

use super::runs::{Gap, Run};
use super::{Read, Unveiled};
use crate::text::Transforms;
use crate::text::common::is_common;
use crate::text::lexicon::Lexicon;
use crate::text::surface::Surface;
use crate::text::table::Found;
use crate::text::units::Key;
use core::ops::Range;

/// What a row and a word in it have at least, and how many characters a gap has at most.
pub(in crate::text) const ROW_SINGLES: usize = 4;
pub(in crate::text) const ROW_LETTERS: usize = 3;
pub(in crate::text) const ROW_GAP: usize = 3;
const ROW_WORD: usize = 4;
/// What it costs, in singles, that a word borders on letters that no word covers: a short word among other letters is none.
const BORDER: i64 = 5;
/// What a gap in a word costs that is not the usual one of its row.
const LOOSE: i64 = 2;
/// How many singles that no word covers are counted as one word where distances are told.
const BLOCK: usize = 5;

/// How good a cover of a row is from a single on, and what begins there: a word of so many singles, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cover {
    score: i64,
    words: u32,
    next: Option<(u32, Read)>,
}

/// What a single of a row has before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behind {
    /// The start of the row, a digit or a symbol.
    Nothing,
    Word,
    /// A letter that is not covered.
    Bare,
}

impl Behind {
    const ALL: [Behind; 3] = [Behind::Nothing, Behind::Word, Behind::Bare];
}

impl Cover {
    /// Whether another cover that begins with a word is to be preferred, or one that begins with a longer one.
    fn yields_to(&self, other: &Cover) -> bool {
        (other.score, core::cmp::Reverse(other.words)) >= (self.score, core::cmp::Reverse(self.words))
    }
}

impl Unveiled {
    /// Rows of single letters, covered by words.
    pub(super) fn read_rows(&mut self, lexicon: &Lexicon, surface: &Surface) {
        let mut first = 0;
        while first < self.runs.len() {
            let single = |run: &Run| run.units.1 - run.units.0 == 1;
            if !single(&self.runs[first]) {
                first += 1;
                continue;
            }
            let mut end = first + 1;
            while end < self.runs.len() && single(&self.runs[end]) && (1..=ROW_GAP).contains(&self.runs[end].gap.characters) {
                end += 1;
            }
            let letters = self.runs[first..end].iter().filter(|r| self.units_of(r)[0].is_letter()).count();
            if end - first >= ROW_SINGLES && letters >= ROW_LETTERS {
                self.runs[first..end].iter_mut().for_each(|r| (r.in_row, r.taken) = (true, true));
                self.cover(lexicon, surface, first..end);
            }
            first = end;
        }
    }

    /// The gap that parts most letters of a row: of those that are as frequent, the least.
    fn usual_gap(&mut self, row: &Range<usize>) -> Gap {
        self.gaps.clear();
        self.gaps.extend(self.runs[row.start + 1..row.end].iter().map(|r| r.gap));
        self.gaps.sort_unstable();
        let groups = self.gaps.chunk_by(|a, b| a == b).map(|group| (group.len(), core::cmp::Reverse(group[0])));
        groups.max().map(|(_, gap)| gap.0).unwrap_or_default()
    }

    /// Covers a row by words of the lexicon, common words, and words that other gaps than the usual one set off, so that most singles are
    /// covered and what is not covered stands in few places.
    fn cover(&mut self, lexicon: &Lexicon, surface: &Surface, row: Range<usize>) {
        let usual = self.usual_gap(&row);
        let (runs, units) = (&self.runs, &self.units);
        let unit = |at: usize| units[runs[at].units.0 as usize];
        let is_loose = |at: usize| runs[at].gap != usual;
        // If some gaps are spaces alone, and more than the usual one has, gaps tell words apart.
        let widens = |gap: &Gap| gap.spaces() == gap.characters && gap.characters > usual.spaces();
        let gaps_part_words = runs[row.start + 1..row.end].iter().any(|r| widens(&r.gap));
        self.covers.clear();
        self.covers.resize(row.len() + 1, [Cover::default(); 3]);
        let mut text = core::mem::take(&mut self.text);
        for at in row.clone().rev() {
            // A letter that is not covered; digits and symbols stand between words.
            let bare = if unit(at).is_letter() { Behind::Bare } else { Behind::Nothing };
            let after = self.covers[at + 1 - row.start][bare as usize];
            let mut best = Behind::ALL.map(|behind| Cover {
                score: after.score - if behind == Behind::Word && bare == Behind::Bare { BORDER } else { 0 },
                words: after.words,
                next: None,
            });
            let is_set_off = gaps_part_words && (at == row.start || is_loose(at));
            let mut key = Key::EMPTY;
            text.clear();
            let (mut letters, mut loose) = (true, 0);
            for end in at + 1..=row.end {
                let last = unit(end - 1);
                key = key.then(last.c);
                letters &= last.is_letter() && last.c.is_ascii();
                loose += i64::from(end - 1 > at && is_loose(end - 1));
                let longest = end - at > lexicon.longest();
                text.push(last.c as u32 as u8);
                let sets_off = is_set_off && loose == 0 && (end == row.end || is_loose(end));
                if longest && !(is_set_off && loose == 0) {
                    break;
                }
                let words = if longest || end - at < ROW_WORD { Found::NONE } else { lexicon.of_key(key) };
                let spelled = words.iter().find(|w| !lexicon.is_compound(*w) && lexicon.spells((at..end).map(unit), *w));
                let (read, cost) = match spelled {
                    Some(word) => (Read::Word(word), LOOSE * loose),
                    None if letters && !longest && end - at >= ROW_WORD && is_common(&text) => (Read::Joined, LOOSE * loose),
                    None if letters && sets_off && end - at > 1 => (Read::Joined, 0),
                    None => continue,
                };
                let rest = self.covers[end - row.start][Behind::Word as usize];
                let score = rest.score + (end - at) as i64 - cost;
                for (behind, best) in Behind::ALL.into_iter().zip(&mut best) {
                    let border = if behind == Behind::Bare { BORDER } else { 0 };
                    let cover = Cover { score: score - border, words: rest.words + 1, next: Some(((end - at) as u32, read)) };
                    if best.yields_to(&cover) {
                        *best = cover;
                    }
                }
            }
            self.covers[at - row.start] = best;
        }
        self.text = text;
        let (mut at, mut bare) = (row.start, row.start);
        let mut behind = Behind::Nothing;
        while at < row.end {
            match self.covers[at - row.start][behind as usize].next {
                None => {
                    behind = if self.unit_of(at).is_letter() { Behind::Bare } else { Behind::Nothing };
                    at += 1;
                }
                Some((len, read)) => {
                    let end = at + len as usize;
                    self.count_bare(bare..at);
                    self.replace(lexicon, surface, at..end, read, Transforms::SPACED);
                    self.runs[at + 1..end].iter_mut().for_each(|r| r.begins = false);
                    (at, bare, behind) = (end, end, Behind::Word);
                }
            }
        }
        self.count_bare(bare..row.end);
    }

    /// Singles that no word covers: every few of them count as a word where distances are told, and one or two with what was before.
    fn count_bare(&mut self, singles: Range<usize>) {
        for (i, run) in self.runs[singles].iter_mut().enumerate() {
            run.begins = i % BLOCK == BLOCK / 2;
        }
    }
}

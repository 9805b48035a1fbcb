//! Rows of letters that stand apart, and their cover by words (docs/SEMANTICS.md, section 4a, *rows*). It replaces nothing.
//! Invariant: the words of a cover are in order and share no single.

use super::lexicon::{self, Lexicon, Word};
use super::runs::{Glyph, Run, gap};
use std::ops::Range;

const SINGLES: usize = 4;
const NO_SIGNS: usize = 3;
const SHORTEST: usize = 4;
const LONGEST: usize = 63;
/// By so many characters a gap is wider than the narrowest one of the row where the row is cut.
const WIDER: usize = 2;

/// The rows among the runs, as ranges of runs.
fn rows(glyphs: &[Glyph], runs: &[Run]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (i, run) in runs.iter().enumerate().filter(|(_, run)| run.units.len() == 1) {
        let goes_on = |row: &Range<usize>| row.end == i && (1..=3).contains(&gap(glyphs, &runs[i - 1], run).chars().count());
        match found.last_mut() {
            Some(row) if goes_on(row) => row.end = i + 1,
            _ => found.push(i..i + 1),
        }
    }
    let no_signs = |row: &Range<usize>| runs[row.clone()].iter().filter(|run| !lexicon::is_sign(&run.units[0])).count();
    found.retain(|row| row.len() >= SINGLES && no_signs(row) >= NO_SIGNS);
    found
}

/// A part of a row, and the words that cover it, each with the place of its first single in the part.
pub(super) struct Part<'l> {
    pub(super) runs: Range<usize>,
    pub(super) cover: Vec<(usize, &'l Word)>,
}

/// The parts of all rows: a row is cut where letters stand clearly further apart than elsewhere in it.
pub(super) fn parts<'l>(glyphs: &[Glyph], runs: &[Run], lexicon: &'l Lexicon) -> Vec<Part<'l>> {
    let mut found = Vec::new();
    for row in rows(glyphs, runs) {
        let gap_before = |single: usize| gap(glyphs, &runs[single - 1], &runs[single]).chars().count();
        let narrowest = (row.start + 1..row.end).map(gap_before).min().expect("a row has several singles");
        let mut start = row.start;
        for end in row.start + 1..=row.end {
            if end == row.end || gap_before(end) >= narrowest + WIDER {
                found.push(Part { runs: start..end, cover: cover(&runs[start..end], lexicon) });
                start = end;
            }
        }
    }
    found
}

/// The best cover from a single on: singles covered, words, and where each word begins.
#[derive(Clone, Default)]
struct Cover<'l> {
    singles: usize,
    words: Vec<(usize, &'l Word)>,
}

/// The words that cover a row, with the place of each one's first single.
fn cover<'l>(row: &[Run], lexicon: &'l Lexicon) -> Vec<(usize, &'l Word)> {
    // Of what follows a single the best cover does not depend on what stands before it.
    let mut best: Vec<Cover<'l>> = vec![Cover::default(); row.len() + 1];
    for at in (0..row.len()).rev() {
        let rest = &row[at..];
        let mut words = lexicon.beginning_with(rest[0].units[0], SHORTEST..=rest.len().min(LONGEST));
        words.retain(|word| (0..word.characters.len()).all(|i| word.is_met(i, rest[i].units[0])));
        words.sort_by(|a, b| b.characters.len().cmp(&a.characters.len()).then_with(|| a.text.cmp(&b.text)));
        // In order of preference; only what is better takes the place of what comes first.
        let with = |word: &'l Word| {
            let after = &best[at + word.characters.len()];
            let words = [(at, word)].into_iter().chain(after.words.iter().copied()).collect();
            Cover { singles: after.singles + word.characters.len(), words }
        };
        let mut choices: Vec<Cover<'l>> = words.into_iter().map(with).collect();
        choices.push(best[at + 1].clone());
        let rank = |c: &Cover<'_>| (c.singles, usize::MAX - c.words.len());
        let most = choices.iter().map(rank).max().expect("at least one choice");
        best[at] = choices.into_iter().find(|c| rank(c) == most).expect("one has the most");
    }
    best.swap_remove(0).words
}

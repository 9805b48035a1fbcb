//! Rows of letters that stand apart, and their gaps (docs/SEMANTICS.md, section 4a, *rows*). It replaces nothing.
//! Invariant: rows are in order and share no run.

use super::cover::{Covered, Letters};
use super::lexicon::Lexicon;
use super::runs::{Glyph, Run, gap};
use super::ucd::{self, Class};
use std::collections::BTreeMap;
use std::ops::Range;

const SINGLES: usize = 4;
const LETTERS: usize = 3;

/// A row, and the words that cover it by their places in it.
pub(super) struct Row {
    pub(super) runs: Range<usize>,
    pub(super) cover: Vec<Covered>,
}

/// All rows among the runs.
pub(super) fn rows(glyphs: &[Glyph], runs: &[Run], lexicon: &Lexicon) -> Vec<Row> {
    let covered = |row: Range<usize>| Row { cover: letters(glyphs, &runs[row.clone()], lexicon).cover(), runs: row };
    ranges(glyphs, runs).into_iter().map(covered).collect()
}

/// The rows as ranges of runs.
fn ranges(glyphs: &[Glyph], runs: &[Run]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (i, run) in runs.iter().enumerate().filter(|(_, run)| run.units.len() == 1) {
        let goes_on = |row: &Range<usize>| row.end == i && (1..=3).contains(&gap(glyphs, &runs[i - 1], run).chars().count());
        match found.last_mut() {
            Some(row) if goes_on(row) => row.end = i + 1,
            _ => found.push(i..i + 1),
        }
    }
    let letters = |row: &Range<usize>| runs[row.clone()].iter().filter(|run| run.units[0].is_letter()).count();
    found.retain(|row| row.len() >= SINGLES && letters(row) >= LETTERS);
    found
}

/// A row as covers see it.
fn letters<'l>(glyphs: &[Glyph], row: &[Run], lexicon: &'l Lexicon) -> Letters<'l> {
    let gaps: Vec<Vec<char>> = row.windows(2).map(|pair| gap(glyphs, &pair[0], &pair[1]).chars().collect()).collect();
    let mut counts: BTreeMap<&[char], usize> = BTreeMap::new();
    gaps.iter().for_each(|gap| *counts.entry(gap).or_default() += 1);
    let rank = |(gap, count): &(&&[char], &usize)| (usize::MAX - **count, gap.len(), gap.to_vec());
    let usual: &[char] = counts.iter().min_by_key(rank).expect("a row has several singles").0;
    let is_space = |c: &char| ucd::class(*c) == Class::Space;
    let spaces = usual.iter().filter(|c| is_space(c)).count();
    Letters {
        units: row.iter().map(|run| run.units[0]).collect(),
        loose: [false].into_iter().chain(gaps.iter().map(|gap| gap != usual)).collect(),
        gaps_part: gaps.iter().any(|gap| gap.iter().all(is_space) && gap.len() > spaces),
        lexicon,
    }
}

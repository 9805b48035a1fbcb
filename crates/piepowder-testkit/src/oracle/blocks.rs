//! Blocks, in which distances are counted where something was unveiled (docs/SEMANTICS.md, section 4a, *blocks*): letters that were parted
//! do not part words. It reads no word itself. Invariant: blocks begin in order.

use super::rows::Row;
use super::runs::{Glyph, Run, is_line_break};

/// Of singles outside of words the third begins a block, and then each fifth.
const FIRST: usize = 2;
const TOGETHER: usize = 5;

/// Which runs are of one block across a line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breaks {
    /// None: no line break was replaced.
    Part,
    Join,
}

/// Where the blocks of a decoded text begin.
pub(super) fn starts(glyphs: &[Glyph], runs: &[Run], rows: &[Row], breaks: Breaks) -> Vec<usize> {
    let mut begins = vec![true; runs.len()];
    let mut in_row = vec![false; runs.len()];
    for row in rows {
        in_row[row.runs.clone()].fill(true);
        let mut outside = 0;
        for single in 0..row.runs.len() {
            let word = row.cover.iter().find(|word| word.singles.contains(&single));
            begins[row.runs.start + single] = match word {
                Some(word) => word.singles.start == single,
                None => outside % TOGETHER == FIRST,
            };
            outside = if word.is_some() { 0 } else { outside + 1 };
        }
    }
    if breaks == Breaks::Join {
        let mut joined = vec![false; runs.len()];
        for i in 1..runs.len() {
            joined[i] = !joined[i - 1] && !in_row[i - 1] && !in_row[i] && is_line_break(glyphs, &runs[i - 1], &runs[i]);
            begins[i] &= !joined[i];
        }
    }
    runs.iter().zip(begins).filter(|(_, begins)| *begins).map(|(run, _)| run.stretch(glyphs).start).collect()
}

//! Blocks, in which distances are counted where something was unveiled (docs/SEMANTICS.md, section 4a, *blocks*): letters that were parted
//! do not part words. It reads no word itself. Invariant: blocks begin in order.

use super::rows::Part;
use super::runs::{Glyph, Run, is_line_break};

const TOGETHER: usize = 5;

/// Which runs are of one block across a line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breaks {
    /// None: no line break was replaced.
    Part,
    Join,
}

/// Where the blocks of a decoded text begin.
pub(super) fn starts(glyphs: &[Glyph], runs: &[Run], parts: &[Part<'_>], breaks: Breaks) -> Vec<usize> {
    let mut begins = vec![true; runs.len()];
    let mut in_row = vec![false; runs.len()];
    for part in parts {
        in_row[part.runs.clone()].fill(true);
        // Singles of the part since the last block began, and how many it may have.
        let (mut count, mut most) = (0, 0);
        for single in 0..part.runs.len() {
            let covering = part.cover.iter().find(|(at, word)| (*at..at + word.characters.len()).contains(&single));
            let first_of_word = covering.is_some_and(|(at, _)| *at == single);
            let behind_word = covering.is_none() && part.cover.iter().any(|(at, word)| at + word.characters.len() == single);
            if first_of_word || behind_word || count == most {
                (count, most) = (0, covering.map_or(TOGETHER, |(_, word)| word.characters.len()));
            } else {
                begins[part.runs.start + single] = false;
            }
            count += 1;
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

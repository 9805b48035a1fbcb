//! Runs whose letters are parted by symbols (docs/SEMANTICS.md, section 4a, *parting*): `k+e+t`. It knows no word.
//! Invariant: what is parted leaves runs of one letter, and its symbols become gap characters.

use super::reading::{Kind, Reading, Unit};
use super::runs::{self, Glyph, Run, gap};
use std::ops::RangeInclusive;

const LONG: usize = 7;
const GAP: RangeInclusive<usize> = 1..=3;

fn parts(unit: &Unit) -> bool {
    unit.kind == Kind::Symbol && matches!(unit.character, '+' | '|' | '!')
}

/// Whether letters and symbols that part stand in it by turns, with a letter and two units at least.
fn may_be_parted(run: &Run) -> bool {
    let parted = run.units.windows(2).all(|pair| !(pair[0].is_letter() && pair[1].is_letter()));
    let known = run.units.iter().all(|u| u.is_letter() || parts(u));
    run.units.len() >= 2 && known && parted && run.units.iter().any(|u| u.is_letter())
}

/// The characters of a text, read, and its runs; symbols that part letters are gaps.
pub(super) fn parted(text: &str) -> (Vec<Glyph>, Vec<Run>) {
    let mut glyphs = runs::glyphs(text);
    let whole = runs::runs(&glyphs);
    let stands_apart = |run: &Run| run.units.len() == 1 || may_be_parted(run);
    let beside = |a: &Run, b: &Run, other: &Run| stands_apart(other) && GAP.contains(&gap(&glyphs, a, b).chars().count());
    let is_parted = |i: usize| {
        let run = &whole[i];
        let before = i > 0 && beside(&whole[i - 1], run, &whole[i - 1]);
        let after = whole.get(i + 1).is_some_and(|next| beside(run, next, next));
        may_be_parted(run) && (run.units.len() >= LONG || before || after)
    };
    let apart: Vec<bool> = (0..whole.len()).map(is_parted).collect();
    for (run, _) in whole.iter().zip(apart).filter(|(_, apart)| *apart) {
        for glyph in &mut glyphs[run.glyphs.clone()] {
            if matches!(&glyph.reading, Reading::Units(units) if units.iter().all(parts)) {
                glyph.reading = Reading::Gap;
            }
        }
    }
    let runs = runs::runs(&glyphs);
    (glyphs, runs)
}

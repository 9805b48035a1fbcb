//! The unveiled view (docs/SEMANTICS.md, section 4a): the surface, with a word of the lexicon wherever a stretch reads as one. It looks for
//! no rule. Invariant: replaced stretches begin and end where segments of the surface do.

use super::blocks::{self, Breaks};
use super::hiding::{disguise, may_hide};
use super::lexicon::{Lexicon, Word};
use super::map::Mapped;
use super::parting;
use super::replaced::{Replaced, put_in};
use super::rows::{self, Row};
use super::runs::{Glyph, Run, is_line_break};
use piepowder::Transforms;
use std::ops::Range;

const SHORTEST_BROKEN: usize = 4;
/// Words of so many characters need so many letters in a stretch that reads as them.
const SHORT: usize = 3;
const SHORT_LETTERS: usize = 2;

/// What is looked at while a text is unveiled.
struct Unveiling<'a> {
    glyphs: &'a [Glyph],
    runs: &'a [Run],
    surface: &'a Mapped,
    lexicon: &'a Lexicon,
}

/// The unveiled text.
pub(super) struct Unveiled {
    /// Made of the decoded text.
    pub(super) made: Mapped,
    /// Where words were put in it.
    pub(super) places: Vec<Range<usize>>,
    /// What they took the place of, in order.
    pub(super) replaced: Vec<Replaced>,
    /// Where the blocks of the decoded text begin.
    pub(super) blocks: Vec<usize>,
}

/// The unveiled text of a decoded text; none when nothing reads as a word.
pub(super) fn unveiled(decoded: &str, surface: &Mapped, lexicon: &Lexicon) -> Option<Unveiled> {
    let (glyphs, runs) = parting::parted(decoded);
    let rows = rows::rows(&glyphs, &runs, lexicon);
    let unveiling = Unveiling { glyphs: &glyphs, runs: &runs, surface, lexicon };
    let mut taken = vec![false; runs.len()];
    rows.iter().for_each(|row| taken[row.runs.clone()].fill(true));
    let in_rows = unveiling.rows(&rows);
    let broken = unveiling.line_breaks(&mut taken);
    let words = unveiling.words(&taken);
    let breaks = if broken.is_empty() { Breaks::Part } else { Breaks::Join };
    let mut replaced: Vec<Replaced> = in_rows.into_iter().chain(broken).chain(words).collect();
    replaced.sort_by_key(|r| r.stretch.start);
    if replaced.is_empty() {
        return None;
    }
    let (made, places) = put_in(surface, &replaced);
    Some(Unveiled { made, places, replaced, blocks: blocks::starts(&glyphs, &runs, &rows, breaks) })
}

impl Unveiling<'_> {
    /// Words of the covers of rows.
    fn rows(&self, rows: &[Row]) -> Vec<Replaced> {
        let mut found = Vec::new();
        for row in rows {
            let singles = &self.runs[row.runs.clone()];
            for word in &row.cover {
                let run = Run::over(self.glyphs, singles[word.singles.start].glyphs.start..singles[word.singles.end - 1].glyphs.end);
                let undone = disguise(&run, &word.text, word.singles.len()).union(Transforms::SPACED);
                let stretch = run.stretch(self.glyphs);
                let as_is = self.surface.of_source(&stretch).map(|(as_is, _)| as_is);
                found.extend(as_is.map(|as_is| Replaced { stretch, word: word.text.clone(), transforms: as_is.union(undone) }));
            }
        }
        found
    }

    /// Words over two runs that are not taken yet; both are then.
    fn line_breaks(&self, taken: &mut [bool]) -> Vec<Replaced> {
        let mut found = Vec::new();
        for i in 1..self.runs.len() {
            let (before, after) = (&self.runs[i - 1], &self.runs[i]);
            if taken[i - 1] || taken[i] || !is_line_break(self.glyphs, before, after) {
                continue;
            }
            let run = Run::over(self.glyphs, before.glyphs.start..after.glyphs.end);
            let mut words = self.read(&run);
            words.retain(|word| word.characters.len() >= SHORTEST_BROKEN);
            if !words.is_empty() {
                taken[i - 1..=i].fill(true);
                found.extend(self.replace(&run, &words, Transforms::SPACED));
            }
        }
        found
    }

    /// Words in single runs that are not taken.
    fn words(&self, taken: &[bool]) -> Vec<Replaced> {
        let mut found = Vec::new();
        for (run, _) in self.runs.iter().zip(taken).filter(|(run, taken)| !**taken && may_hide(run)) {
            let whole = self.read(run);
            if !whole.is_empty() {
                found.extend(self.replace(run, &whole, Transforms::NONE));
            } else if let Some(run) = run.trimmed(self.glyphs).filter(may_hide) {
                found.extend(self.replace(&run, &self.read(&run), Transforms::NONE));
            }
        }
        found
    }

    /// The words that a run reads as.
    fn read(&self, run: &Run) -> Vec<&Word> {
        let mut words = self.lexicon.read(&run.units);
        let letters = run.units.iter().filter(|u| u.is_letter()).count();
        words.retain(|word| word.characters.len() != SHORT || letters >= SHORT_LETTERS);
        words
    }

    /// The first of the words in place of the run, unless one of them stands there already or a segment would be torn.
    fn replace(&self, run: &Run, words: &[&Word], how: Transforms) -> Option<Replaced> {
        let word = words.first()?;
        let stretch = run.stretch(self.glyphs);
        let (as_is, _) = self.surface.of_source(&stretch).filter(|(_, shown)| words.iter().all(|w| w.text != *shown))?;
        let transforms = as_is.union(how).union(disguise(run, &word.text, word.characters.len()));
        Some(Replaced { stretch, word: word.text.clone(), transforms })
    }
}

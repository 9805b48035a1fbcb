//! The unveiled view (docs/SEMANTICS.md, section 4a): the surface, with a word of the lexicon wherever a stretch reads as one. It looks for
//! no rule. Invariant: replaced stretches begin and end where segments of the surface do.

use super::blocks::{self, Breaks};
use super::lexicon::{Lexicon, Word, groups, is_sign};
use super::map::{Mapped, Segment};
use super::reading::{Kind, Unit};
use super::rows::{self, Part};
use super::runs::{self, Glyph, Run, is_line_break};
use piepowder::Transforms;
use std::ops::Range;

const SHORTEST_BROKEN: usize = 4;
/// Words of so many characters need so many letters in a stretch that reads as them.
const SHORT: usize = 3;
const SHORT_LETTERS: usize = 2;

/// A stretch of the decoded text that a word takes the place of.
struct Replaced {
    stretch: Range<usize>,
    word: String,
    transforms: Transforms,
}

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
    /// Where the blocks of the decoded text begin.
    pub(super) blocks: Vec<usize>,
}

/// The unveiled text of a decoded text; none when nothing reads as a word.
pub(super) fn unveiled(decoded: &str, surface: &Mapped, lexicon: &Lexicon) -> Option<Unveiled> {
    let glyphs = runs::glyphs(decoded);
    let runs = runs::runs(&glyphs);
    let parts = rows::parts(&glyphs, &runs, lexicon);
    let unveiling = Unveiling { glyphs: &glyphs, runs: &runs, surface, lexicon };
    let mut taken = vec![false; runs.len()];
    parts.iter().for_each(|part| taken[part.runs.clone()].fill(true));
    let in_rows = unveiling.rows(&parts);
    let broken = unveiling.line_breaks(&mut taken);
    let words = unveiling.words(&taken);
    let breaks = if broken.is_empty() { Breaks::Part } else { Breaks::Join };
    let mut replaced: Vec<Replaced> = in_rows.into_iter().chain(broken).chain(words).collect();
    replaced.sort_by_key(|r| r.stretch.start);
    if replaced.is_empty() {
        return None;
    }
    let mut made = Mapped::default();
    let mut places = Vec::new();
    let mut segments = surface.segments.iter().peekable();
    let copy = |made: &mut Mapped, s: &Segment| made.push(s.source.clone(), &surface.text[s.image.clone()], s.transforms);
    for r in &replaced {
        while let Some(before) = segments.next_if(|s| s.source.end <= r.stretch.start) {
            copy(&mut made, before);
        }
        while segments.next_if(|s| s.source.end <= r.stretch.end).is_some() {}
        let start = made.text.len();
        made.push(r.stretch.clone(), &r.word, r.transforms);
        places.push(start..made.text.len());
    }
    segments.for_each(|s| copy(&mut made, s));
    Some(Unveiled { made, places, blocks: blocks::starts(&glyphs, &runs, &parts, breaks) })
}

impl Unveiling<'_> {
    /// Words of the covers of rows.
    fn rows(&self, parts: &[Part<'_>]) -> Vec<Replaced> {
        let mut found = Vec::new();
        for part in parts {
            let singles = &self.runs[part.runs.clone()];
            for (at, word) in &part.cover {
                let last = at + word.characters.len() - 1;
                let run = Run::over(self.glyphs, singles[*at].glyphs.start..singles[last].glyphs.end);
                found.extend(self.replace(&run, &[word], Transforms::SPACED));
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
            } else if let Some(run) = run.trimmed(self.glyphs) {
                found.extend(self.replace(&run, &self.read(&run), Transforms::NONE));
            }
        }
        found
    }

    /// The words that a run reads as.
    fn read(&self, run: &Run) -> Vec<&Word> {
        let mut words = self.lexicon.read(&run.units);
        let letters = run.units.iter().filter(|u| !is_sign(u)).count();
        words.retain(|word| word.characters.len() != SHORT || letters >= SHORT_LETTERS);
        words
    }

    /// The first of the words in place of the run, unless one of them stands there already or a segment would be torn.
    fn replace(&self, run: &Run, words: &[&Word], how: Transforms) -> Option<Replaced> {
        let word = words.first()?;
        let stretch = run.stretch(self.glyphs);
        let segments = &self.surface.segments;
        let touched: Vec<&Segment> = segments.iter().filter(|s| s.source.start < stretch.end && stretch.start < s.source.end).collect();
        if touched[0].source.start < stretch.start || touched[touched.len() - 1].source.end > stretch.end {
            return None;
        }
        let shown: String = touched.iter().map(|s| &self.surface.text[s.image.clone()]).collect();
        if words.iter().any(|w| w.text == shown) {
            return None;
        }
        let as_is = touched.iter().fold(how, |all, s| all.union(s.transforms));
        Some(Replaced { stretch, word: word.text.clone(), transforms: as_is.union(disguise(run, word)) })
    }
}

/// Whether the run is worth reading: not plain, not signs alone, no measure and no model.
fn may_hide(run: &Run) -> bool {
    let odd = run.foreign_mark || run.units.iter().any(|u| u.kind != Kind::Plain) || groups(&run.units).iter().any(|(_, count)| *count >= 3);
    odd && run.units.iter().any(|u| !is_sign(u)) && !is_measure(&run.units)
}

/// One or two letters behind or before digits alone.
fn is_measure(units: &[Unit]) -> bool {
    let digits = |units: &[Unit]| !units.is_empty() && units.iter().all(|u| u.kind == Kind::Digit);
    let letters = |units: &[Unit]| units.iter().all(|u| !is_sign(u));
    (1..=2.min(units.len())).any(|count| {
        let (last, first) = (units.len() - count, count);
        (letters(&units[..first]) && digits(&units[first..])) || (digits(&units[..last]) && letters(&units[last..]))
    })
}

/// What is undone when the run is read as the word.
fn disguise(run: &Run, word: &Word) -> Transforms {
    let has = |kind| run.units.iter().any(|u| u.kind == kind);
    let signs = run.units.iter().filter(|u| is_sign(u)).count();
    let confusable = has(Kind::Look) || run.foreign_mark;
    let marks = [
        (signs > word.text.chars().filter(char::is_ascii_digit).count(), Transforms::LEET),
        (confusable, Transforms::CONFUSABLE),
        (confusable && has(Kind::Plain), Transforms::MIXED),
        (word.characters.len() < run.units.len(), Transforms::REPEATED),
    ];
    marks.into_iter().filter(|(holds, _)| *holds).fold(Transforms::NONE, |all, (_, mark)| all.union(mark))
}

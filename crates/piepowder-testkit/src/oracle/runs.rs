//! Runs of a decoded text (docs/SEMANTICS.md, section 4a, *runs*): stretches of characters that may be a hidden word. It knows no word.
//! Invariant: runs are in order and do not overlap; each begins and ends with a character that has a unit.

use super::reading::{self, Kind, Reading, Unit};
use std::ops::Range;

/// A character of the decoded text, read.
pub(super) struct Glyph {
    pub(super) at: Range<usize>,
    pub(super) character: char,
    pub(super) reading: Reading,
}

/// The characters of a text, read: a mark by the unit before it in its run.
pub(super) fn glyphs(text: &str) -> Vec<Glyph> {
    let mut before: Option<Kind> = None;
    let mut read = |c| {
        let reading = match reading::read(c) {
            Reading::Mark(units) if before == Some(Kind::Opaque) => Reading::Units(units),
            Reading::Mark(_) => Reading::ForeignMark,
            other => other,
        };
        match &reading {
            Reading::Units(units) => before = units.last().map(|u| u.kind),
            Reading::Gap => before = None,
            _ => {}
        }
        reading
    };
    text.char_indices().map(|(at, character)| Glyph { at: at..at + character.len_utf8(), character, reading: read(character) }).collect()
}

/// A stretch of characters without gaps.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// Places of its characters.
    pub(super) glyphs: Range<usize>,
    pub(super) units: Vec<Unit>,
    pub(super) foreign_mark: bool,
}

impl Run {
    /// The run among these characters, without the dropped ones at the ends; none when no character has a unit.
    fn of(glyphs: &[Glyph], within: Range<usize>) -> Option<Run> {
        let has_units = |i: &usize| matches!(glyphs[*i].reading, Reading::Units(_));
        let (first, last) = (within.clone().find(has_units)?, within.rev().find(has_units)?);
        Some(Run::over(glyphs, first..last + 1))
    }

    /// What stands at these characters, gaps left out.
    pub(super) fn over(glyphs: &[Glyph], within: Range<usize>) -> Run {
        let of = |glyph: &Glyph| match &glyph.reading {
            Reading::Units(units) => units.clone(),
            _ => Vec::new(),
        };
        Run {
            units: glyphs[within.clone()].iter().flat_map(of).collect(),
            foreign_mark: glyphs[within.clone()].iter().any(|g| g.reading == Reading::ForeignMark),
            glyphs: within,
        }
    }

    /// The run without symbols at its ends; none when nothing else is in it.
    pub(super) fn trimmed(&self, glyphs: &[Glyph]) -> Option<Run> {
        let stays = |i: &usize| matches!(&glyphs[*i].reading, Reading::Units(units) if units.iter().any(|u| u.kind != Kind::Symbol));
        let mut within = self.glyphs.clone();
        let first = within.find(stays)?;
        let last = self.glyphs.clone().rev().find(stays)?;
        Some(Run::over(glyphs, first..last + 1))
    }

    /// The stretch of the text.
    pub(super) fn stretch(&self, glyphs: &[Glyph]) -> Range<usize> {
        glyphs[self.glyphs.start].at.start..glyphs[self.glyphs.end - 1].at.end
    }
}

/// All runs of a text.
pub(super) fn runs(glyphs: &[Glyph]) -> Vec<Run> {
    let mut found = Vec::new();
    let mut start = 0;
    for end in 0..=glyphs.len() {
        if glyphs.get(end).is_none_or(|g| g.reading == Reading::Gap) {
            found.extend(Run::of(glyphs, start..end));
            start = end + 1;
        }
    }
    found
}

/// The gap characters between two neighboring runs.
pub(super) fn gap(glyphs: &[Glyph], before: &Run, after: &Run) -> String {
    let between = &glyphs[before.glyphs.end..after.glyphs.start];
    between.iter().filter(|g| g.reading == Reading::Gap).map(|g| g.character).collect()
}

/// Whether nothing but a line break parts two neighboring runs, with a hyphen before it or without.
pub(super) fn is_line_break(glyphs: &[Glyph], before: &Run, after: &Run) -> bool {
    matches!(gap(glyphs, before, after).as_str(), "\n" | "\r\n" | "-\n" | "-\r\n")
}

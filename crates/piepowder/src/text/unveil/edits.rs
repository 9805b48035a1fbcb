//! The edited view: the unveiled one, in which words with one mistake are read, too (`docs/SEMANTICS.md`, section 4b). Whether a listing has
//! one is `engine`'s to say. Invariant: what is replaced here overlaps no other replaced stretch.

use super::{Read, Replacement, Unveiled};
use crate::text::lexicon::Lexicon;
use crate::text::surface::Surface;
use crate::text::units::Kind;
use crate::text::{Tokens, Transforms, hash};

impl Unveiled {
    /// Makes the edited view of a field that was read from `original`. Whether there is a word in it that has a mistake.
    pub(crate) fn read_edited(&mut self, lexicon: &Lexicon, surface: &Surface, tokens: &Tokens, original: &[u8]) -> bool {
        let (view, decoded) = (surface.view(), surface.decoded(original));
        let mut pieces = core::mem::take(&mut self.edits);
        pieces.clear();
        pieces.extend(tokens.pieces().iter().filter_map(|piece| {
            let word = lexicon.an_edit_away(&view.text[piece.range()], piece.hash)?;
            let (start, end) = (view.map.start(piece.start), view.map.end(piece.end));
            let whole = view.map.view_at(start) == Some(piece.start) && view.map.view_at(end) == Some(piece.end);
            whole.then(|| replacement(surface, start, end, word, Transforms::EDIT))
        }));
        let looks = self.look_over(lexicon, decoded).long_look_alikes;
        let mut found = false;
        if looks || !pieces.is_empty() {
            if looks {
                self.find_all(lexicon, surface, decoded);
            } else {
                self.find(lexicon, surface, tokens, decoded);
            }
            let unveiled = self.replacements.len();
            if looks {
                self.read_look_alikes(lexicon, surface);
            }
            pieces.retain(|piece| !overlaps(&self.replacements, piece));
            self.replacements.extend_from_slice(&pieces);
            found = self.replacements.len() > unveiled;
        }
        if found {
            self.replacements.sort_unstable_by_key(|r| r.start);
            self.write(lexicon, surface, decoded.len() as u32, Transforms::EDIT);
        }
        self.edits = pieces;
        found
    }

    /// Words with a mistake in letters that look like others.
    fn read_look_alikes(&mut self, lexicon: &Lexicon, surface: &Surface) {
        let (view, unveiled) = (surface.view(), self.replacements.len());
        for at in 0..self.runs.len() {
            let run = self.runs[at];
            let units = self.units_of(&run);
            let has = |kind| units.iter().any(|u| u.kind == kind);
            if !(run.foreign_mark || has(Kind::Look)) || !units.iter().all(|u| matches!(u.kind, Kind::Plain | Kind::Look)) {
                continue;
            }
            let how = if has(Kind::Plain) { Transforms::MIXED } else { Transforms::NONE }.union(Transforms::CONFUSABLE).union(Transforms::EDIT);
            // Units of these kinds are ASCII letters. The text is written anew in the end.
            let mut text = core::mem::take(&mut self.text);
            text.clear();
            text.extend(self.units_of(&run).iter().map(|u| u.c as u8));
            let whole = view.map.view_at(run.start).is_some() && view.map.view_at(run.end).is_some();
            let word = lexicon.an_edit_away(&text, hash(&text)).filter(|_| whole);
            self.text = text;
            let edit = word.map(|word| replacement(surface, run.start, run.end, word, how));
            self.replacements.extend(edit.filter(|edit| !overlaps(&self.replacements[..unveiled], edit)));
        }
        self.replacements.sort_unstable_by_key(|r| r.start);
    }
}

/// A word in place of bytes of the decoded text.
fn replacement(surface: &Surface, start: u32, end: u32, word: u32, how: Transforms) -> Replacement {
    let view = surface.view();
    let transforms = how.union(view.map.transforms_between(start, end)).union(view.decoded.transforms(start..end));
    Replacement { start, end, runs: (0, 0), read: Read::Word(word), transforms }
}

/// Whether a replacement overlaps one of these, which are in order.
fn overlaps(others: &[Replacement], replacement: &Replacement) -> bool {
    let at = others.partition_point(|other| other.end <= replacement.start);
    others.get(at).is_some_and(|other| other.start < replacement.end)
}

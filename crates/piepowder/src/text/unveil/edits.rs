//! The edited view: the unveiled one, in which words with one mistake are read, too (`docs/SEMANTICS.md`, section 4b). Whether a listing has
//! one is `engine`'s to say. Invariant: an edited piece overlaps no other replaced stretch, and as many pieces stand in the view as without it.

use super::{Read, Replacement, Unveiled};
use crate::text::lexicon::Lexicon;
use crate::text::surface::Surface;
use crate::text::{Tokens, Transforms};

impl Unveiled {
    /// Makes the edited view of a field that was read from `original`. Whether there is a word in it that has a mistake.
    pub(crate) fn read_edited(&mut self, lexicon: &Lexicon, surface: &Surface, tokens: &Tokens, original: &[u8]) -> bool {
        let (view, decoded) = (surface.view(), surface.decoded(original));
        let mut edits = core::mem::take(&mut self.edits);
        edits.clear();
        edits.extend(tokens.pieces.iter().filter_map(|piece| {
            let word = lexicon.an_edit_away(&view.text[piece.range()])?;
            let (start, end) = (view.map.start(piece.start), view.map.end(piece.end));
            let whole = view.map.view_at(start) == Some(piece.start) && view.map.view_at(end) == Some(piece.end);
            let undone = view.map.transforms_between(start, end).union(view.decoded.transforms(start..end));
            let transforms = undone.union(Transforms::EDIT);
            whole.then_some(Replacement { start, end, runs: (0, 0), read: Read::Word(word), transforms })
        }));
        if !edits.is_empty() {
            self.find(lexicon, surface, tokens, decoded);
            let unveiled = &self.replacements;
            edits.retain(|edit| {
                let after = unveiled.partition_point(|r| r.end <= edit.start);
                unveiled.get(after).is_none_or(|r| r.start >= edit.end)
            });
        }
        let found = !edits.is_empty();
        if found {
            self.replacements.extend_from_slice(&edits);
            self.replacements.sort_unstable_by_key(|r| r.start);
            self.write(lexicon, surface, decoded.len() as u32, Transforms::EDIT);
        }
        self.edits = edits;
        found
    }
}

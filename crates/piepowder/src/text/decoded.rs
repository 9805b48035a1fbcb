//! The decoded text: markup undone, then bidirectional overrides (`docs/SEMANTICS.md`, sections 2a and 2b), each with a map of its own,
//! each only where it changes something. It folds nothing. Invariant: a span that is not empty leads back to one that is not empty.

use super::Transforms;
use super::bidi::{Undo, may_have_override};
use super::map::Map;
use super::markup::{Markup, may_have_markup};
use crate::span::Span;
use core::ops::Range;

/// What was decoded of a text. Buffers are kept from text to text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decoded {
    markup: Markup,
    undo: Undo,
    /// The text with its overrides undone, and the map to what they were undone in.
    seen: Vec<u8>,
    seen_map: Map,
    has_markup: bool,
    has_overrides: bool,
}

impl Decoded {
    /// Decodes a text. Whether that changed anything.
    pub(super) fn read(&mut self, original: &[u8]) -> bool {
        self.has_markup = may_have_markup(original) && self.markup.read(original);
        let text = if self.has_markup { self.markup.text() } else { original };
        self.has_overrides = may_have_override(text) && self.undo.undo(text, &mut self.seen, &mut self.seen_map);
        !self.is_original()
    }

    /// Back to a text that is as it was given.
    pub(super) fn clear(&mut self) {
        (self.has_markup, self.has_overrides) = (false, false);
    }

    /// Whether the decoded text is the original.
    pub(super) fn is_original(&self) -> bool {
        !self.has_markup && !self.has_overrides
    }

    /// Whether words of the original are not in the decoded text.
    pub(super) fn hides(&self) -> bool {
        self.has_markup && self.markup.hides()
    }

    /// The decoded text of the original that was read.
    pub(super) fn text<'a>(&'a self, original: &'a [u8]) -> &'a [u8] {
        match (self.has_overrides, self.has_markup) {
            (true, _) => &self.seen,
            (false, true) => self.markup.text(),
            (false, false) => original,
        }
    }

    /// The maps, from the last to the first.
    fn maps(&self) -> impl Iterator<Item = &Map> {
        let overrides = self.has_overrides.then_some(&self.seen_map);
        overrides.into_iter().chain(self.has_markup.then(|| self.markup.map()))
    }

    /// The original bytes of bytes of the decoded text.
    pub(super) fn span(&self, decoded: Range<u32>) -> Span {
        let found = self.maps().fold(decoded, |at, map| map.start(at.start)..map.end(at.end));
        Span::new(found.start, found.end)
    }

    /// First original byte of what shows a byte of the decoded text.
    pub(super) fn start(&self, decoded: u32) -> u32 {
        self.maps().fold(decoded, |at, map| map.start(at))
    }

    /// What was undone to show bytes of the decoded text.
    pub(super) fn transforms(&self, decoded: Range<u32>) -> Transforms {
        let mut at = decoded;
        let mut set = Transforms::NONE;
        for map in self.maps() {
            set = set.union(map.transforms(at.clone()));
            at = map.start(at.start)..map.end(at.end);
        }
        set
    }
}

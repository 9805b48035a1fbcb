//! The decoded text: markup undone, then bidirectional overrides (`docs/SEMANTICS.md`, sections 2a and 2b), each with a map of its own,
//! each only where it changes something. It folds nothing. Invariant: a span that is not empty leads back to one that is not empty.

use super::Transforms;
use super::bidi::{Undo, may_have_override};
use super::map::Map;
use crate::span::Span;
use core::ops::Range;

/// A text that was made of another.
#[derive(Clone, Debug, Default)]
struct Layer {
    text: Vec<u8>,
    map: Map,
    used: bool,
}

/// What was decoded of a text. Buffers are kept from text to text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decoded {
    bidi: Layer,
    undo: Undo,
}

impl Decoded {
    /// Decodes a text. Whether that changed anything.
    pub(super) fn read(&mut self, original: &[u8]) -> bool {
        self.clear();
        if may_have_override(original) {
            self.bidi.used = self.undo.undo(original, &mut self.bidi.text, &mut self.bidi.map);
        }
        !self.is_original()
    }

    /// Back to a text that is as it was given.
    pub(super) fn clear(&mut self) {
        self.bidi.used = false;
    }

    /// Whether the decoded text is the original.
    pub(super) fn is_original(&self) -> bool {
        !self.bidi.used
    }

    /// The decoded text of the original that was read.
    pub(super) fn text<'a>(&'a self, original: &'a [u8]) -> &'a [u8] {
        if self.bidi.used { &self.bidi.text } else { original }
    }

    /// From the last layer to the first.
    fn layers(&self) -> impl Iterator<Item = &Layer> {
        [&self.bidi].into_iter().filter(|layer| layer.used)
    }

    /// The original bytes of bytes of the decoded text.
    pub(super) fn span(&self, decoded: Range<u32>) -> Span {
        let found = self.layers().fold(decoded, |at, layer| layer.map.start(at.start)..layer.map.end(at.end));
        Span::new(found.start, found.end)
    }

    /// First original byte of what shows a byte of the decoded text.
    pub(super) fn start(&self, decoded: u32) -> u32 {
        self.layers().fold(decoded, |at, layer| layer.map.start(at))
    }

    /// What was undone to show bytes of the decoded text.
    pub(super) fn transforms(&self, decoded: Range<u32>) -> Transforms {
        let mut at = decoded;
        let mut set = Transforms::NONE;
        for layer in self.layers() {
            set = set.union(layer.map.transforms(at.clone()));
            at = layer.map.start(at.start)..layer.map.end(at.end);
        }
        set
    }
}

//! A view's text with its way back: through its own map to the decoded text, and through what was decoded to the original.
//! Invariant: a span of view text that is not empty is an original span that is not empty, on character boundaries.

use super::Transforms;
use super::decode::is_continuation;
use super::decoded::Decoded;
use super::map::Map;
use crate::span::Span;
use core::ops::Range;

/// A view of a field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    /// Valid UTF-8.
    pub(crate) text: &'a [u8],
    pub(super) map: &'a Map,
    pub(super) decoded: &'a Decoded,
}

impl<'a> View<'a> {
    /// The same with another map to the decoded text.
    pub(super) fn through(self, map: &'a Map) -> View<'a> {
        View { map, ..self }
    }

    /// The original bytes of a stretch of the view. A stretch that begins or ends inside a character is widened to all of it.
    pub(crate) fn span(&self, view: Range<u32>) -> Span {
        // Most texts are ASCII, and most stretches that are asked for are of them.
        if self.map.is_identity() && self.decoded.is_original() {
            let view = self.whole_characters(view);
            return Span::new(view.start, view.end);
        }
        if view.start >= view.end {
            let at = self.original_start(view.start);
            return Span::new(at, at);
        }
        self.decoded.span(self.decoded_span(view))
    }

    /// The bytes of the decoded text.
    pub(super) fn decoded_span(&self, view: Range<u32>) -> Range<u32> {
        let view = self.whole_characters(view);
        self.map.start(view.start)..self.map.end(view.end)
    }

    /// What was undone to show a stretch of the view.
    pub(crate) fn transforms(&self, view: Range<u32>) -> Transforms {
        if view.start >= view.end || (self.map.is_identity() && self.decoded.is_original()) {
            return Transforms::NONE;
        }
        let own = self.map.transforms(view.clone());
        if self.decoded.is_original() { own } else { own.union(self.decoded.transforms(self.decoded_span(view))) }
    }

    /// First original byte of the segment, or character, that shows the byte `view`.
    pub(crate) fn original_start(&self, view: u32) -> u32 {
        let at = self.map.start(self.character_start(view));
        self.decoded.start(at)
    }

    fn character_start(&self, mut view: u32) -> u32 {
        while view > 0 && self.text.get(view as usize).is_some_and(|b| is_continuation(*b)) {
            view -= 1;
        }
        view
    }

    fn whole_characters(&self, view: Range<u32>) -> Range<u32> {
        let mut end = view.end;
        while self.text.get(end as usize).is_some_and(|b| is_continuation(*b)) {
            end += 1;
        }
        self.character_start(view.start)..end
    }
}

//! The run-length map from surface bytes to original bytes: sorted segments that tile both texts. It knows no characters.
//! Invariant: starts in both texts never decrease from segment to segment; only dropped text has segments without surface bytes.

use super::Transforms;

/// How the bytes of a segment correspond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Byte for byte: runs of characters with an image as long as themselves.
    Linear,
    /// As a whole: one cluster and its image.
    Whole,
    /// Dropped characters, without an image.
    Dropped,
}

/// A stretch of the original and its image; both end where the next segment starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) view: u32,
    pub(crate) original: u32,
    pub(crate) shape: Shape,
    pub(crate) transforms: Transforms,
}

/// The segments of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Map {
    segments: Vec<Segment>,
    /// Lengths of both texts.
    view_end: u32,
    original_end: u32,
}

impl Map {
    pub(crate) fn clear(&mut self) {
        self.segments.clear();
        (self.view_end, self.original_end) = (0, 0);
    }

    pub(crate) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Appends characters that stand for themselves or for as many bytes.
    pub(crate) fn push_linear(&mut self, bytes: u32) {
        if self.segments.last().is_none_or(|s| s.shape != Shape::Linear) {
            self.push(Shape::Linear, Transforms::NONE);
        }
        self.view_end += bytes;
        self.original_end += bytes;
    }

    /// Appends a cluster and its image.
    pub(crate) fn push_whole(&mut self, original: u32, view: u32, transforms: Transforms) {
        self.push(Shape::Whole, transforms);
        self.view_end += view;
        self.original_end += original;
    }

    /// Appends dropped text. Neighbors become one segment: no span can tell them apart.
    pub(crate) fn push_dropped(&mut self, original: u32, transforms: Transforms) {
        match self.segments.last_mut() {
            Some(last) if last.shape == Shape::Dropped => last.transforms = last.transforms.union(transforms),
            _ => self.push(Shape::Dropped, transforms),
        }
        self.original_end += original;
    }

    /// Takes back all segments from this place of both texts on: the start of a cluster. Cuts a linear segment.
    pub(crate) fn rewind(&mut self, original: u32, view: u32) {
        while self.segments.last().is_some_and(|s| s.original >= original) {
            self.segments.pop();
        }
        (self.view_end, self.original_end) = (view, original);
    }

    fn push(&mut self, shape: Shape, transforms: Transforms) {
        self.segments.push(Segment { view: self.view_end, original: self.original_end, shape, transforms });
    }

    /// Index of the segment that shows the surface byte `view`.
    pub(crate) fn at(&self, view: u32) -> usize {
        // Dropped segments come before what follows them at the same place, so the last one that starts here has an image.
        let after = self.segments.partition_point(|s| s.view <= view);
        let mut at = after.saturating_sub(1);
        // Beyond the end: the last segment with an image.
        while at > 0 && self.segments[at].shape == Shape::Dropped {
            at -= 1;
        }
        at
    }

    /// First original byte of the segment, or of the byte in it that shows `view`.
    pub(crate) fn start(&self, view: u32) -> u32 {
        match self.segments.get(self.at(view)) {
            Some(s) if s.shape == Shape::Linear => s.original + view.saturating_sub(s.view).min(self.end_of(self.at(view)) - s.original),
            Some(s) => s.original,
            None => 0,
        }
    }

    /// One past the last original byte of what shows the surface bytes before `view` (not 0).
    pub(crate) fn end(&self, view: u32) -> u32 {
        let at = self.at(view.saturating_sub(1));
        match self.segments.get(at) {
            Some(s) if s.shape == Shape::Linear => (s.original + view.saturating_sub(s.view)).min(self.end_of(at)),
            Some(_) => self.end_of(at),
            None => 0,
        }
    }

    fn end_of(&self, segment: usize) -> u32 {
        self.segments.get(segment + 1).map_or(self.original_end, |s| s.original)
    }
}

//! The run-length map from surface bytes to original bytes: sorted segments that tile both texts. It knows no characters.
//! Invariant: starts in both texts never decrease from segment to segment; only dropped text has segments without surface bytes.

use super::Transforms;
use core::ops::Range;

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

    #[cfg(test)]
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

    /// Whether the texts correspond byte for byte.
    pub(crate) fn is_identity(&self) -> bool {
        matches!(self.segments[..], [Segment { shape: Shape::Linear, .. }])
    }

    /// What was undone to show the surface bytes `view`, which are not none.
    pub(crate) fn transforms(&self, view: Range<u32>) -> Transforms {
        let (first, last) = (self.at(view.start), self.at(view.end - 1));
        let segments = self.segments.get(first..=last).unwrap_or_default();
        segments.iter().fold(Transforms::NONE, |set, s| set.union(s.transforms))
    }

    /// What was undone of these bytes of the original, dropped ones too.
    pub(crate) fn transforms_between(&self, start: u32, end: u32) -> Transforms {
        let first = self.segments.partition_point(|s| s.original <= start).saturating_sub(1);
        self.segments[first..].iter().take_while(|s| s.original < end).fold(Transforms::NONE, |set, s| set.union(s.transforms))
    }

    /// Where the view stands at a place of the original; none inside what maps as a whole.
    pub(crate) fn view_at(&self, original: u32) -> Option<u32> {
        let after = self.segments.partition_point(|s| s.original <= original);
        let at = after.checked_sub(1)?;
        let segment = self.segments[at];
        match segment.shape {
            _ if segment.original == original => Some(segment.view),
            _ if original >= self.original_end => (original == self.original_end).then_some(self.view_end),
            Shape::Linear => Some(segment.view + original - segment.original),
            Shape::Whole => None,
            Shape::Dropped => Some(segment.view),
        }
    }

    /// Appends what another map says of these bytes of the original. Neither end lies inside what maps as a whole.
    pub(crate) fn append(&mut self, from: &Map, original: Range<u32>) {
        let first = from.segments.partition_point(|s| s.original <= original.start).saturating_sub(1);
        for (i, segment) in from.segments.iter().enumerate().skip(first) {
            let next = from.segments.get(i + 1);
            let end = next.map_or(from.original_end, |n| n.original).min(original.end);
            let start = segment.original.max(original.start);
            if segment.original >= original.end {
                break;
            }
            if start >= end {
                continue;
            }
            match segment.shape {
                Shape::Linear => self.push_linear(end - start),
                Shape::Whole => self.push_whole(end - start, next.map_or(from.view_end, |n| n.view) - segment.view, segment.transforms),
                Shape::Dropped => self.push_dropped(end - start, segment.transforms),
            }
        }
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
        let at = self.at(view);
        match self.segments.get(at) {
            Some(s) if s.shape == Shape::Linear => s.original + view.saturating_sub(s.view).min(self.end_of(at) - s.original),
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

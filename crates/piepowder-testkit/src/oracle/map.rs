//! A text made of another, with the segments that lead back, and chains of such texts (docs/SEMANTICS.md, section 2). It knows nothing of
//! how a text was made. Invariant: the images of the segments, one after another, are the text; their sources, the text that it is made of.

use piepowder::{Span, Transforms};
use std::ops::Range;
use std::rc::Rc;

/// A stretch of the source and its image; a dropped one has an empty image.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) source: Range<usize>,
    pub(super) image: Range<usize>,
    pub(super) transforms: Transforms,
}

/// A text, segment by segment.
#[derive(Clone, Debug, Default)]
pub(super) struct Mapped {
    pub(super) text: String,
    pub(super) segments: Vec<Segment>,
}

impl Mapped {
    /// Goes on with a stretch of the source and what it becomes.
    pub(super) fn push(&mut self, source: Range<usize>, image: &str, transforms: Transforms) {
        let start = self.text.len();
        self.text.push_str(image);
        self.segments.push(Segment { source, image: start..self.text.len(), transforms });
    }

    /// What is undone and shown at a stretch of the source; none when a segment would be torn.
    pub(super) fn of_source(&self, stretch: &Range<usize>) -> Option<(Transforms, String)> {
        let touched: Vec<&Segment> = self.segments.iter().filter(|s| s.source.start < stretch.end && stretch.start < s.source.end).collect();
        if touched.first()?.source.start < stretch.start || touched.last()?.source.end > stretch.end {
            return None;
        }
        let undone = touched.iter().fold(Transforms::NONE, |all, s| all.union(s.transforms));
        Some((undone, touched.iter().map(|s| &self.text[s.image.clone()]).collect()))
    }
}

/// The stretch of the source that a stretch of the text comes from, and what was undone in it.
pub(super) fn locate(segments: &[Segment], stretch: Range<usize>) -> (Range<usize>, Transforms) {
    // Segments are in order: the first one that does not end before the stretch touches it, and so does the last that begins in it.
    let first = segments.partition_point(|s| s.image.end <= stretch.start);
    let last = segments.partition_point(|s| s.image.start < stretch.end) - 1;
    let transforms = segments[first..=last].iter().fold(Transforms::NONE, |all, s| all.union(s.transforms));
    (segments[first].source.start..segments[last].source.end, transforms)
}

/// The original span of a stretch of what steps made of the original, and what was undone in it.
pub(super) fn origin(steps: &[Vec<Segment>], stretch: Range<usize>) -> (Span, Transforms) {
    let (mut at, mut all) = (stretch, Transforms::NONE);
    for step in steps.iter().rev() {
        let (before, transforms) = locate(step, at);
        (at, all) = (before, all.union(transforms));
    }
    (Span::new(at.start as u32, at.end as u32), all)
}

/// A text that was made of the original in steps; none when it is the original.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    pub(super) steps: Rc<[Vec<Segment>]>,
    pub(super) last: Mapped,
}

impl Chain {
    /// The original span of a stretch of the last text, and what was undone in it by all steps.
    pub(super) fn locate(&self, stretch: Range<usize>) -> (Span, Transforms) {
        let (at, transforms) = locate(&self.last.segments, stretch);
        let (span, before) = origin(&self.steps, at);
        (span, transforms.union(before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_goes_back_through_all_steps() {
        let mut first = Mapped::default();
        first.push(0..3, "ab", Transforms::MARKUP);
        first.push(3..5, "", Transforms::BIDI);
        first.push(5..6, "c", Transforms::NONE);
        let mut last = Mapped::default();
        last.push(0..1, "A", Transforms::NONE);
        last.push(1..2, "", Transforms::INVISIBLE);
        last.push(2..3, "CC", Transforms::ACCENT);
        let chain = Chain { steps: Rc::from([first.segments]), last };
        let at = |stretch| {
            let (span, transforms) = chain.locate(stretch);
            (span.start, span.end, transforms.names().collect::<Vec<_>>())
        };
        assert_eq!(at(0..1), (0, 3, vec!["markup"]));
        assert_eq!(at(1..2), (5, 6, vec!["accent"]));
        assert_eq!(at(0..2), (0, 6, vec!["accent", "invisible", "markup", "bidi"]));
    }
}

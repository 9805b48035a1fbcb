//! Words in place of stretches of a surface (docs/SEMANTICS.md, sections 4a and 4b): the text that comes of it, with the way back. It does
//! not ask why a stretch is replaced. Invariant: replaced stretches begin and end where segments of the surface do.

use super::map::{Mapped, Segment};
use piepowder::Transforms;
use std::ops::Range;

/// A stretch of the decoded text that a word takes the place of.
#[derive(Clone, Debug)]
pub(super) struct Replaced {
    pub(super) stretch: Range<usize>,
    pub(super) word: String,
    pub(super) transforms: Transforms,
}

impl Replaced {
    /// Whether it shares a character with one of these.
    pub(super) fn meets(&self, others: &[Replaced]) -> bool {
        others.iter().any(|other| other.stretch.start < self.stretch.end && self.stretch.start < other.stretch.end)
    }
}

/// The surface with the words in place of their stretches, which are in order, and where they are.
pub(super) fn put_in(surface: &Mapped, replaced: &[Replaced]) -> (Mapped, Vec<Range<usize>>) {
    let mut made = Mapped::default();
    let mut places = Vec::new();
    let mut rest: &[Segment] = &surface.segments;
    for r in replaced {
        let before = rest.partition_point(|s| s.source.end <= r.stretch.start);
        copy(&mut made, surface, &rest[..before]);
        rest = &rest[rest.partition_point(|s| s.source.end <= r.stretch.end)..];
        let start = made.text.len();
        made.push(r.stretch.clone(), &r.word, r.transforms);
        places.push(start..made.text.len());
    }
    copy(&mut made, surface, rest);
    (made, places)
}

/// Segments of the surface as they are, but several spaces as one.
fn copy(made: &mut Mapped, surface: &Mapped, segments: &[Segment]) {
    let is_space = |s: &Segment| &surface.text[s.image.clone()] == " ";
    let mut at = 0;
    while at < segments.len() {
        let here = &segments[at..];
        let together = here.iter().take_while(|s| is_space(s) || s.image.is_empty()).count();
        // What is dropped behind the last space is not between spaces.
        let last = here[..together].iter().rposition(is_space).filter(|last| *last > 0 && is_space(&here[0]));
        match last {
            Some(last) => made.push(here[0].source.start..here[last].source.end, " ", Transforms::NONE),
            None => made.push(here[0].source.clone(), &surface.text[here[0].image.clone()], here[0].transforms),
        }
        at += last.unwrap_or(0) + 1;
    }
}

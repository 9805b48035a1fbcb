//! One field's text: its views, and candidates on the original. It knows nothing of rules. Invariant: every candidate's pieces are
//! those of the surface, whatever view it was found in.

use super::decoded;
use super::lexicon::Lexicon;
use super::map::Chain;
use super::surface;
use super::unveil;
use super::view::{Place, View};
use piepowder::{FieldId, Span, Transforms};
use std::ops::Range;

/// A field's text, read.
pub(super) struct FieldText {
    pub(super) field: FieldId,
    pub(super) original: Vec<u8>,
    pub(super) truncated: bool,
    pub(super) invalid: bool,
    pub(super) surface: View,
    /// The unveiled view, when something in it reads as a word of the lexicon, and the stretches of it where words were put.
    pub(super) unveiled: Option<(View, Vec<Range<usize>>)>,
}

/// Where a rule may match: original span, transforms, first and last piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) field: FieldId,
    pub(super) span: Span,
    pub(super) transforms: Transforms,
    pub(super) first: usize,
    pub(super) last: usize,
}

impl Candidate {
    /// 0 when the piece ranges overlap, else from the earlier one's last to the later one's first piece.
    pub(super) fn distance(&self, other: &Candidate) -> usize {
        let (earlier, later) = if self.first <= other.first { (self, other) } else { (other, self) };
        later.first.saturating_sub(earlier.last)
    }
}

impl FieldText {
    pub(super) fn new(field: FieldId, bytes: &[u8], limit: usize, lexicon: &Lexicon) -> FieldText {
        let original = surface::cut(bytes, limit).to_vec();
        let decoded = decoded::decoded(&original);
        let surface = surface::surface(&decoded.text);
        let unveiled = unveil::unveiled(&decoded.text, &surface, lexicon);
        let view = |last| View::new(Chain { steps: decoded.steps.clone(), last });
        FieldText {
            field,
            truncated: original.len() < bytes.len(),
            invalid: decoded.invalid,
            original,
            surface: view(surface),
            unveiled: unveiled.map(|(text, replaced)| (view(text), replaced)),
        }
    }

    /// The candidate at a place of the surface.
    pub(super) fn on_surface(&self, place: Place) -> Candidate {
        let (span, transforms) = self.surface.chain.locate(place.stretch);
        Candidate { field: self.field, span, transforms, first: place.first, last: place.last }
    }

    /// The candidate at a place of the unveiled view; none where nothing was unveiled.
    pub(super) fn on_unveiled(&self, place: Place) -> Option<Candidate> {
        let (view, replaced) = self.unveiled.as_ref()?;
        if !replaced.iter().any(|r| r.start < place.stretch.end && place.stretch.start < r.end) {
            return None;
        }
        let (span, transforms) = view.chain.locate(place.stretch);
        let between = self.surface.pieces_before_original(span.start as usize).min(self.surface.pieces.len().saturating_sub(1));
        let (first, last) = self.surface.pieces_at_original(span.range()).unwrap_or((between, between));
        Some(Candidate { field: self.field, span, transforms, first, last })
    }

    /// The candidate at bytes of the original, which nothing was undone for; none when it touches no piece.
    pub(super) fn on_original(&self, range: Range<usize>) -> Option<Candidate> {
        let (first, last) = self.surface.pieces_at_original(range.clone())?;
        let span = Span::new(range.start as u32, range.end as u32);
        Some(Candidate { field: self.field, span, transforms: Transforms::NONE, first, last })
    }
}

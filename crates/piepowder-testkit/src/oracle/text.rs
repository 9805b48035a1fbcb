//! One field's text as rules see it: its surface, pieces and typed finds, and the way back from a stretch to a candidate. It knows nothing
//! of rules. Invariant: whatever it hands out lies within the text.

use super::quantity::{Found, Reader};
use super::surface::{self, Surface};
use super::tokens::{self, Cluster, Piece};
use piepowder::{FieldId, Span, Transforms};
use std::ops::Range;

/// A field's text, read.
pub(super) struct FieldText {
    pub(super) field: FieldId,
    pub(super) original: Vec<u8>,
    pub(super) truncated: bool,
    pub(super) surface: Surface,
    pub(super) pieces: Vec<Piece>,
    pub(super) clusters: Vec<Cluster>,
    pub(super) quantities: Vec<Found>,
    pub(super) money: Vec<Found>,
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
    pub(super) fn new(field: FieldId, bytes: &[u8], limit: usize) -> FieldText {
        let original = surface::cut(bytes, limit).to_vec();
        let surface = surface::surface(&original);
        let pieces = tokens::pieces(&surface.text);
        let clusters = tokens::clusters(&pieces);
        let reader = Reader { surface: &surface.text, pieces: &pieces };
        let (quantities, money) = (reader.quantities(), reader.money());
        FieldText { field, truncated: original.len() < bytes.len(), original, surface, pieces, clusters, quantities, money }
    }

    /// The candidate at these pieces, whose stretch of the surface is given.
    pub(super) fn at_pieces(&self, stretch: Range<usize>, first: usize, last: usize) -> Candidate {
        let (span, transforms) = self.surface.locate(stretch);
        Candidate { field: self.field, span, transforms, first, last }
    }

    /// The candidate at a stretch of the surface; none when it touches no piece.
    pub(super) fn at_stretch(&self, stretch: Range<usize>) -> Option<Candidate> {
        let touched = |p: &Piece| p.start < stretch.end && stretch.start < p.end;
        let first = self.pieces.iter().position(touched)?;
        let last = self.pieces.iter().rposition(touched)?;
        Some(self.at_pieces(stretch, first, last))
    }

    /// The candidate at bytes of the original, which nothing was undone for; none when it touches no piece.
    pub(super) fn at_original(&self, range: Range<usize>) -> Option<Candidate> {
        let touched = |p: &Piece| {
            let place = self.surface.locate(p.start..p.end).0.range();
            place.start < range.end && range.start < place.end
        };
        let first = self.pieces.iter().position(touched)?;
        let last = self.pieces.iter().rposition(touched)?;
        let span = Span::new(range.start as u32, range.end as u32);
        Some(Candidate { field: self.field, span, transforms: Transforms::NONE, first, last })
    }

    /// The cluster that begins at a piece.
    pub(super) fn cluster_at(&self, piece: usize) -> Option<&Cluster> {
        self.clusters.iter().find(|c| c.first == piece)
    }
}

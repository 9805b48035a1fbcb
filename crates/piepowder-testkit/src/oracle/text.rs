//! One field's text: its views, and candidates on the original. It knows nothing of rules. Invariant: every candidate's pieces are
//! those of the surface, whatever view it was found in.

use super::decoded::{self, Decoded};
use super::edits;
use super::lexicon::Lexicon;
use super::map::{Chain, origin};
use super::replaced::Replaced;
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
    /// What the surface is made of.
    decoded: String,
    pub(super) surface: View,
    /// The unveiled view, when something reads as a word of the lexicon.
    pub(super) unveiled: Option<View>,
    /// The stretches of it where words were put, and what they took the place of.
    replaced: (Vec<Range<usize>>, Vec<Replaced>),
    /// The edited view, once words with a mistake are read, when there is one.
    pub(super) edited: Option<View>,
    /// The stretches of it where words took the place of pieces and look-alike runs.
    mistaken: Vec<Range<usize>>,
    /// The surface of the text as it stands, when words may have gone with its markup.
    pub(super) verbatim: Option<View>,
    /// Where blocks begin in the original, when distances are counted in them.
    blocks: Option<Vec<u32>>,
}

/// Where a rule may match: original span, transforms, first and last piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) field: FieldId,
    pub(super) span: Span,
    pub(super) transforms: Transforms,
    pub(super) first: usize,
    pub(super) last: usize,
    /// First and last piece, or block, for distances and floods.
    pub(super) reach: (usize, usize),
}

impl Candidate {
    /// 0 when the ranges of pieces overlap, else from the earlier one's last to the later one's first piece; the same in blocks.
    pub(super) fn distance(&self, other: &Candidate) -> usize {
        let (earlier, later) = if self.reach.0 <= other.reach.0 { (self, other) } else { (other, self) };
        later.reach.0.saturating_sub(earlier.reach.1)
    }
}

impl FieldText {
    pub(super) fn new(field: FieldId, bytes: &[u8], limit: usize, lexicon: &Lexicon) -> FieldText {
        let original = surface::cut(bytes, limit).to_vec();
        let decoded = decoded::decoded(&original);
        let surface = surface::surface(&decoded.text);
        let unveiled = unveil::unveiled(&decoded.text, &surface, lexicon);
        let view = |last, from: &Decoded| View::new(Chain { steps: from.steps.clone(), last });
        let verbatim = decoded.hides_words.then(|| decoded::verbatim(&original));
        let surface = view(surface, &decoded);
        FieldText {
            field,
            truncated: original.len() < bytes.len(),
            invalid: decoded.invalid,
            verbatim: verbatim.map(|from| view(surface::surface(&from.text), &from)),
            blocks: unveiled.as_ref().map(|u| u.blocks.iter().map(|at| origin(&decoded.steps, *at..*at + 1).0.start).collect()),
            replaced: unveiled.as_ref().map_or_else(Default::default, |u| (u.places.clone(), u.replaced.clone())),
            edited: None,
            mistaken: Vec::new(),
            unveiled: unveiled.map(|u| view(u.made, &decoded)),
            original,
            decoded: decoded.text,
            surface,
        }
    }

    /// Makes the edited view, if there is a word with a mistake.
    pub(super) fn read_mistakes(&mut self, lexicon: &Lexicon) {
        let surface = &self.surface;
        if let Some(edits::Edited { made, places }) = edits::edited(&self.decoded, &surface.chain.last, &surface.pieces, &self.replaced.1, lexicon) {
            self.edited = Some(View::new(Chain { steps: surface.chain.steps.clone(), last: made }));
            self.mistaken = places;
        }
    }

    fn candidate(&self, span: Span, transforms: Transforms, (first, last): (usize, usize)) -> Candidate {
        let last_block = |blocks: &[u32], begins: &dyn Fn(u32) -> bool| blocks.iter().rposition(|at| begins(*at)).unwrap_or(0);
        let reach = match &self.blocks {
            Some(blocks) => (last_block(blocks, &|at| at <= span.start), last_block(blocks, &|at| at < span.end)),
            None => (first, last),
        };
        Candidate { field: self.field, span, transforms, first, last, reach }
    }

    /// The pieces of the surface for a candidate of another view: those that its span touches, else the one before which it stands.
    fn pieces_at(&self, span: Span) -> (usize, usize) {
        let between = self.surface.pieces_before_original(span.start as usize).min(self.surface.pieces.len().saturating_sub(1));
        self.surface.pieces_at_original(span.range()).unwrap_or((between, between))
    }

    /// The candidate at a place of the surface.
    pub(super) fn on_surface(&self, place: Place) -> Candidate {
        let (span, transforms) = self.surface.chain.locate(place.stretch);
        self.candidate(span, transforms, (place.first, place.last))
    }

    /// The candidate at a place of the unveiled view; none where nothing was unveiled.
    pub(super) fn on_unveiled(&self, view: &View, place: Place) -> Option<Candidate> {
        overlaps(&self.replaced.0, &place).then(|| self.on_verbatim(view, place))
    }

    /// The candidate at a place of the edited view; none where no word with a mistake was mended.
    pub(super) fn on_edited(&self, view: &View, place: Place) -> Option<Candidate> {
        overlaps(&self.mistaken, &place).then(|| self.on_verbatim(view, place))
    }

    /// The candidate at a place of a view whose pieces are not those of the surface.
    pub(super) fn on_verbatim(&self, view: &View, place: Place) -> Candidate {
        let (span, transforms) = view.chain.locate(place.stretch);
        self.candidate(span, transforms, self.pieces_at(span))
    }

    /// The candidate at bytes of the original, which nothing was undone for; none when it touches no piece.
    pub(super) fn on_original(&self, range: Range<usize>) -> Option<Candidate> {
        let pieces = self.surface.pieces_at_original(range.clone())?;
        Some(self.candidate(Span::new(range.start as u32, range.end as u32), Transforms::NONE, pieces))
    }
}

/// Whether a place overlaps one of these stretches.
fn overlaps(stretches: &[Range<usize>], place: &Place) -> bool {
    stretches.iter().any(|r| r.start < place.stretch.end && place.stretch.start < r.end)
}

//! A view of one field as rules see it: its text, pieces and typed finds, and the way back to the original. The surface and the unveiled
//! view are both read through it. It knows nothing of rules. Invariant: whatever it hands out lies within the text.

use super::map::Chain;
use super::quantity::{Found, Reader};
use super::tokens::{self, Cluster, Piece};
use std::collections::BTreeMap;
use std::ops::Range;

/// A view, read.
pub(super) struct View {
    pub(super) chain: Chain,
    pub(super) pieces: Vec<Piece>,
    pub(super) clusters: Vec<Cluster>,
    pub(super) quantities: Vec<Found>,
    pub(super) money: Vec<Found>,
    // By text, so that a term is held against few of them.
    places: BTreeMap<String, Vec<usize>>,
    joined: BTreeMap<String, Vec<usize>>,
    /// By their first two bytes, whether there are any: each view is asked for tens of thousands of terms, nearly all in vain.
    begin: Vec<bool>,
}

/// The first two bytes of a text as a number.
fn beginning(text: &str) -> usize {
    text.bytes().take(2).fold(0, |number, byte| number << 8 | usize::from(byte))
}

/// Where something was found in a view: a stretch of its text, first and last piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) stretch: Range<usize>,
    pub(super) first: usize,
    pub(super) last: usize,
}

impl View {
    pub(super) fn new(chain: Chain) -> View {
        let pieces = tokens::pieces(&chain.last.text);
        let clusters = tokens::clusters(&pieces);
        let reader = Reader { surface: &chain.last.text, pieces: &pieces };
        let (quantities, money) = (reader.quantities(), reader.money());
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, piece) in pieces.iter().enumerate() {
            places.entry(piece.text.clone()).or_default().push(i);
        }
        let mut joined: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, text) in clusters.iter().enumerate().filter_map(|(i, c)| Some((i, c.joined.clone()?))) {
            joined.entry(text).or_default().push(i);
        }
        let mut begin = vec![false; 1 << 16];
        places.keys().chain(joined.keys()).for_each(|text| begin[beginning(text)] = true);
        View { chain, pieces, clusters, quantities, money, places, joined, begin }
    }

    /// The pieces with this text.
    pub(super) fn pieces_with(&self, text: &str) -> impl Iterator<Item = usize> {
        let there = Some(text).filter(|text| self.begin[beginning(text)]);
        there.and_then(|text| self.places.get(text)).into_iter().flatten().copied()
    }

    /// The clusters with this joined text.
    pub(super) fn clusters_with(&self, joined: &str) -> impl Iterator<Item = &Cluster> {
        let there = Some(joined).filter(|joined| self.begin[beginning(joined)]);
        there.and_then(|joined| self.joined.get(joined)).into_iter().flatten().map(|i| &self.clusters[*i])
    }

    pub(super) fn text(&self) -> &str {
        &self.chain.last.text
    }

    /// The place of a stretch of the text; none when it touches no piece.
    pub(super) fn place(&self, stretch: Range<usize>) -> Option<Place> {
        let touched = |p: &Piece| p.start < stretch.end && stretch.start < p.end;
        let first = self.pieces.iter().position(touched)?;
        let last = self.pieces.iter().rposition(touched)?;
        Some(Place { stretch, first, last })
    }

    /// First and last of the pieces whose original spans a range of the original touches.
    pub(super) fn pieces_at_original(&self, range: Range<usize>) -> Option<(usize, usize)> {
        let touched = |p: &Piece| {
            let place = self.chain.locate(p.start..p.end).0.range();
            place.start < range.end && range.start < place.end
        };
        Some((self.pieces.iter().position(touched)?, self.pieces.iter().rposition(touched)?))
    }

    /// How many pieces end before or where a place of the original is.
    pub(super) fn pieces_before_original(&self, at: usize) -> usize {
        self.pieces.iter().filter(|p| self.chain.locate(p.start..p.end).0.end as usize <= at).count()
    }

    /// The cluster that begins at a piece.
    pub(super) fn cluster_at(&self, piece: usize) -> Option<&Cluster> {
        self.clusters.binary_search_by_key(&piece, |c| c.first).ok().map(|i| &self.clusters[i])
    }
}

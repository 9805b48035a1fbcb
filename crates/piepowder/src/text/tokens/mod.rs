//! The pieces of a surface and their clusters. It knows no rules and no meaning of numbers.
//! Invariant: pieces and clusters are in order and do not overlap.

mod cut;
mod gap;
#[cfg(test)]
mod general;

use super::hash::{hash_in, hash_joined};
use super::{Cluster, Link, Piece};
use core::ops::Range;
use cut::Cuts;
use piepowder_bytes::Kernels;

/// Most pieces of a cluster that has a joined text.
const JOINED_PIECES: usize = 8;

/// The tokens of a surface. Buffers are kept from text to text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens {
    /// All pieces, in order.
    pub(crate) pieces: Vec<Piece>,
    /// The clusters of several pieces that have a joined text, in order. One piece is a cluster by itself, with its own hash.
    pub(crate) clusters: Vec<Cluster>,
    /// The pieces that are numbers.
    pub(crate) numbers: Vec<u32>,
    /// Bytes of the longest stretch of pieces without a gap.
    pub(crate) longest: u32,
    kernels: Kernels,
    cuts: Cuts,
    /// Whether letters and digits touch somewhere, and it is no measure or model.
    pub(super) mixed: bool,
    /// Pieces of one byte that are letters.
    pub(super) singles: u32,
    /// Whether a gap has a line feed, or a symbol that may stand for a letter (`units`).
    pub(super) odd_gap: bool,
}

impl Tokens {
    /// Reads a surface.
    pub(crate) fn read(&mut self, surface: &[u8]) {
        let Tokens { kernels, cuts, pieces, .. } = self;
        cuts.read(kernels, surface);
        pieces.clear();
        self.clusters.clear();
        self.numbers.clear();
        (self.mixed, self.singles, self.odd_gap, self.longest) = (false, 0, self.cuts.odd, 0);
        // Where the gap begins, and the cluster, and the stretch.
        let (mut last, mut first, mut stretch) = (0, 0, 0);
        for at in 0..self.cuts.starts.len() {
            let (start, end) = (self.cuts.starts[at], self.cuts.ends[at]);
            let (start, number) = (start >> 1, start & 1 == 1);
            let link = if at == 0 { Link::Broken } else { gap::link(&surface[last as usize..start as usize]) };
            last = end;
            let piece = Piece { start, end, hash: hash_in(surface, start as usize..end as usize), link, number };
            if link == Link::None {
                self.mixed |= self.is_mixed(&piece);
            } else {
                stretch = start;
            }
            self.longest = self.longest.max(end - stretch);
            if matches!(link, Link::Spaced | Link::Broken) {
                self.close(surface, first);
                first = at;
            }
            if number {
                self.numbers.push(at as u32);
            }
            self.singles += u32::from(end - start == 1 && !number);
            self.pieces.push(piece);
        }
        self.close(surface, first);
    }

    /// Whether a piece that hangs on the last one makes more of it than a measure or a model, digits with one or two letters at one end.
    fn is_mixed(&self, piece: &Piece) -> bool {
        let short = |p: &Piece| !p.number && p.end - p.start <= 2;
        self.pieces.last().is_some_and(|last| last.link == Link::None || !(short(last) && piece.number || last.number && short(piece)))
    }

    /// Ends the last cluster, which begins with a piece.
    #[inline]
    fn close(&mut self, surface: &[u8], first: usize) {
        if self.pieces.len() - first > 1 {
            self.join(surface, first);
        }
    }

    fn join(&mut self, surface: &[u8], first: usize) {
        let pieces = &self.pieces[first..];
        if pieces.len() > JOINED_PIECES {
            return;
        }
        if let Some(hash) = hash_joined(pieces.iter().map(|p| &surface[p.range()])) {
            self.clusters.push(Cluster { first: first as u32, last: self.pieces.len() as u32 - 1, hash });
        }
    }

    /// First and last piece of which the bytes `view` overlap at least one.
    pub(crate) fn touching(&self, view: Range<u32>) -> Option<(u32, u32)> {
        let first = self.pieces.partition_point(|p| p.end <= view.start);
        let after = self.pieces.partition_point(|p| p.start < view.end);
        if first < after { Some((first as u32, after as u32 - 1)) } else { None }
    }

    /// Whether a cluster begins at a piece.
    pub(crate) fn begins_cluster(&self, piece: u32) -> bool {
        self.pieces.get(piece as usize).is_some_and(|p| matches!(p.link, Link::Spaced | Link::Broken))
    }

    /// Whether a cluster ends with a piece.
    pub(crate) fn ends_cluster(&self, piece: u32) -> bool {
        self.pieces.get(piece as usize + 1).is_none_or(|p| matches!(p.link, Link::Spaced | Link::Broken))
    }

    /// Last piece of the cluster that a piece begins, with or without a joined text.
    pub(crate) fn last_of_cluster(&self, piece: u32) -> u32 {
        (piece..).find(|at| self.ends_cluster(*at)).unwrap_or(piece)
    }

    /// The cluster of several pieces that begins at a piece, if it has a joined text.
    #[cfg(test)]
    pub(crate) fn cluster_at(&self, piece: u32) -> Option<&Cluster> {
        self.clusters.binary_search_by_key(&piece, |c| c.first).ok().map(|at| &self.clusters[at])
    }
}

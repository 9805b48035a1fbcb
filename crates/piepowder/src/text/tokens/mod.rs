//! The pieces of a surface and their clusters. It knows no rules and no meaning of numbers.
//! Invariant: pieces and clusters are in order and do not overlap.

mod cut;
mod gap;
#[cfg(test)]
mod general;

use super::JOINED_BYTES;
use super::{Cluster, Link, Piece, ScriptCounts};
use core::ops::Range;
use cut::Cuts;
use piepowder_bytes::{Kernels, Pieces, hash_in, hash_joined};

/// Most pieces of a cluster that has a joined text.
const JOINED_PIECES: usize = 8;

/// The tokens of a surface. Buffers are kept from text to text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens {
    found: Pieces,
    /// The clusters of several pieces that have a joined text, in order. One piece is a cluster by itself, with its own hash.
    pub(crate) clusters: Vec<Cluster>,
    /// Whether some byte of a piece stands three times in a row.
    pub(super) repeats: bool,
    /// Bytes of the longest stretch of pieces without a gap, or more.
    pub(crate) longest: u32,
    kernels: Kernels,
    cuts: Cuts,
    /// Whether letters and digits touch somewhere, and it is no measure or model.
    pub(super) mixed: bool,
    /// Pieces of one letter, or of one digit that is no ASCII, or more.
    pub(super) singles: u32,
    /// Whether a gap has a line feed, or a symbol that may stand for a letter (`units`).
    pub(super) odd_gap: bool,
}

impl Tokens {
    /// Buffers that are filled by these kernels.
    pub(crate) fn with(kernels: Kernels) -> Self {
        Tokens { kernels, ..Tokens::default() }
    }

    /// All pieces, in order.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.found.list
    }

    /// The pieces that are numbers.
    pub(crate) fn numbers(&self) -> &[u32] {
        &self.found.numbers
    }

    /// Reads a surface.
    pub(crate) fn read(&mut self, surface: &[u8]) {
        let Tokens { kernels, cuts, found, .. } = self;
        cuts.read(kernels, surface, found);
        (self.repeats, self.odd_gap, self.singles) = (kernels.repeats(surface), cuts.odd, cuts.singles);
        let hung = found.hanging.len();
        for at in &found.wide {
            let Some(before) = at.checked_sub(1).map(|before| found.list[before as usize].end) else {
                found.list[0].link = Link::Broken;
                continue;
            };
            let piece = &mut found.list[*at as usize];
            piece.link = gap::link_over(surface, before as usize, piece.start as usize);
            if piece.link == Link::Joined {
                found.hanging.push(*at);
            }
        }
        if found.hanging.len() > hung {
            // Joiners that are no ASCII are few.
            found.hanging.sort_unstable();
        }
        (self.mixed, self.longest) = (false, found.longest);
        self.clusters.clear();
        let hanging = core::mem::take(&mut self.found.hanging);
        self.read_clusters(surface, &hanging);
        self.found.hanging = hanging;
    }

    /// Joins what hangs together.
    fn read_clusters(&mut self, surface: &[u8], hanging: &[u32]) {
        let mut rest = hanging;
        while let [second, behind @ ..] = rest {
            let more = behind.iter().zip(second + 1..).take_while(|(at, next)| *at == next).count();
            let (first, end) = (*second as usize - 1, *second as usize + more + 1);
            let mut stretch = self.found.list[first].start;
            for at in first + 1..end {
                let piece = self.found.list[at];
                if piece.link == Link::None {
                    self.mixed |= self.is_mixed(at);
                    self.longest = self.longest.max(piece.end - stretch);
                } else {
                    stretch = piece.start;
                }
            }
            self.join(surface, first..end);
            rest = &behind[more..];
        }
    }

    /// Whether a piece that hangs on the one before makes more of it than a measure or a model, digits with one or two letters at one end.
    fn is_mixed(&self, at: usize) -> bool {
        let short = |p: &Piece| !p.number && p.end - p.start <= 2;
        let piece = &self.found.list[at];
        let before = at.checked_sub(1).map(|before| &self.found.list[before]);
        before.is_some_and(|last| last.link == Link::None || !(short(last) && piece.number || last.number && short(piece)))
    }

    /// Notes a cluster of several pieces.
    fn join(&mut self, surface: &[u8], pieces: Range<usize>) {
        if !(2..=JOINED_PIECES).contains(&pieces.len()) {
            return;
        }
        if let Some(hash) = hash_of(surface, &self.found.list[pieces.clone()]) {
            self.clusters.push(Cluster { first: pieces.start as u32, last: pieces.end as u32 - 1, hash });
        }
    }

    /// Where a piece begins or ends beside another one, or beside a line feed or a symbol that may stand for a letter: these places in order,
    /// and some more.
    pub(super) fn beside(&self) -> impl Iterator<Item = usize> {
        self.cuts.beside()
    }

    /// First and last piece of which the bytes `view` overlap at least one.
    pub(crate) fn touching(&self, view: Range<u32>) -> Option<(u32, u32)> {
        let first = self.found.list.partition_point(|p| p.end <= view.start);
        let after = self.found.list.partition_point(|p| p.start < view.end);
        if first < after { Some((first as u32, after as u32 - 1)) } else { None }
    }

    /// Whether a cluster begins at a piece.
    pub(crate) fn begins_cluster(&self, piece: u32) -> bool {
        self.found.list.get(piece as usize).is_some_and(|p| matches!(p.link, Link::Spaced | Link::Broken))
    }

    /// Whether a cluster ends with a piece.
    pub(crate) fn ends_cluster(&self, piece: u32) -> bool {
        self.found.list.get(piece as usize + 1).is_none_or(|p| matches!(p.link, Link::Spaced | Link::Broken))
    }

    /// Last piece of the cluster that a piece begins, with or without a joined text.
    pub(crate) fn last_of_cluster(&self, piece: u32) -> u32 {
        (piece..).find(|at| self.ends_cluster(*at)).unwrap_or(piece)
    }

    /// Whether there is a currency sign that is no ASCII.
    pub(crate) fn has_sign(&self) -> bool {
        self.cuts.sign
    }

    /// Letters by script.
    pub(crate) fn scripts(&self) -> &ScriptCounts {
        &self.cuts.scripts
    }

    /// The cluster of several pieces that begins at a piece, if it has a joined text.
    #[cfg(test)]
    pub(crate) fn cluster_at(&self, piece: u32) -> Option<&Cluster> {
        self.clusters.binary_search_by_key(&piece, |c| c.first).ok().map(|at| &self.clusters[at])
    }
}

/// The hash of pieces written one after another; `None` when that is too long.
fn hash_of(surface: &[u8], pieces: &[Piece]) -> Option<u64> {
    let [first, rest @ ..] = pieces else { return None };
    // Most of them touch one another: their text is a stretch of the surface.
    match rest.last() {
        Some(last) if rest.iter().all(|piece| piece.link == Link::None) => {
            let stretch = first.start as usize..last.end as usize;
            (stretch.len() <= JOINED_BYTES).then(|| hash_in(surface, stretch.start, stretch.end))
        }
        _ => hash_joined(pieces.iter().map(|p| &surface[p.range()])),
    }
}

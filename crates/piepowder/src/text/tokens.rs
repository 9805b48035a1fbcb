//! The pieces of a surface and their clusters. It knows no rules and no meaning of numbers.
//! Invariant: pieces and clusters are in order and do not overlap; every piece is in exactly one cluster.

use super::classes::{BYTE_CLASSES, Class, class_of, row, spaceless_of};
use super::decode::decode;
use super::hash::{JOINED_BYTES, hash, hash_joined};
use super::units::{Kind, ascii_kind};
use super::{Cluster, Link, Piece};
use core::ops::Range;

/// Most pieces of a cluster that has a joined text.
const JOINED_PIECES: usize = 8;

/// ASCII characters between pieces that make `suspect` look closer: line feeds, and symbols that may stand for letters.
static ODD_GAP: [bool; 128] = {
    let mut odd = [false; 128];
    let mut at = 0;
    while at < 128 {
        odd[at] = at as u8 == b'\n' || matches!(ascii_kind(at as u8), Some(Kind::Symbol));
        at += 1;
    }
    odd
};

/// The tokens of a surface. Buffers are kept from text to text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens {
    /// All pieces, in order.
    pub(crate) pieces: Vec<Piece>,
    /// The clusters that have a joined text, in order; those of one piece too.
    pub(crate) clusters: Vec<Cluster>,
    /// First piece of every cluster, also of those without a joined text.
    firsts: Vec<u32>,
    /// Whether letters and digits touch somewhere, and it is no measure or model.
    pub(super) mixed: bool,
    /// Pieces of one byte that are letters.
    pub(super) singles: u32,
    /// Whether a gap has a line feed, or a symbol that may stand for a letter (`units`).
    pub(super) odd_gap: bool,
}

/// What stands between two pieces, so far.
#[derive(Default)]
struct Gap {
    characters: usize,
    feeds: usize,
    joiner: bool,
    stop: bool,
    sentence_end: bool,
    after_dot: bool,
}

impl Gap {
    fn push(&mut self, c: char, class: Class) {
        self.characters += 1;
        self.joiner = class == Class::Joiner;
        self.stop |= class == Class::Stop;
        self.sentence_end |= self.after_dot && class == Class::Space;
        self.after_dot = c == '.';
        self.feeds += usize::from(c == '\n');
    }

    fn link(&self) -> Link {
        match self.characters {
            0 => Link::None,
            1 if self.joiner => Link::Joined,
            _ if self.stop || self.sentence_end || self.feeds > 1 => Link::Broken,
            _ => Link::Spaced,
        }
    }
}

/// The character that begins at a byte: itself, its length, its class, whether its script is spaceless.
#[derive(Clone, Copy)]
struct Seen {
    c: char,
    len: usize,
    class: Class,
    spaceless: bool,
}

fn see(surface: &[u8], at: usize) -> Option<Seen> {
    let byte = *surface.get(at)?;
    if let Some(class) = BYTE_CLASSES[usize::from(byte)] {
        return Some(Seen { c: byte as char, len: 1, class, spaceless: false });
    }
    Some(see_any(&surface[at..]))
}

/// The general path: the tables alone.
fn see_any(rest: &[u8]) -> Seen {
    let (c, len, _) = decode(rest);
    let row = row(c);
    Seen { c, len, class: class_of(row), spaceless: spaceless_of(row) }
}

impl Tokens {
    /// Reads a surface.
    pub(crate) fn read(&mut self, surface: &[u8]) {
        self.read_by(surface, see);
    }

    /// As `read`, without the table of ASCII bytes.
    #[cfg(test)]
    pub(crate) fn read_general(&mut self, surface: &[u8]) {
        self.read_by(surface, |surface, at| surface.get(at..).filter(|rest| !rest.is_empty()).map(see_any));
    }

    fn read_by(&mut self, surface: &[u8], see: impl Fn(&[u8], usize) -> Option<Seen>) {
        self.pieces.clear();
        self.clusters.clear();
        self.firsts.clear();
        (self.mixed, self.singles, self.odd_gap) = (false, 0, false);
        let mut gap = Gap::default();
        let mut at = 0;
        while let Some(seen) = see(surface, at) {
            let end = match seen.class {
                Class::Letter => letters(surface, at + seen.len, seen.spaceless, &see),
                Class::Digit => digits(surface, at + seen.len, &see),
                class => {
                    gap.push(seen.c, class);
                    self.odd_gap |= ODD_GAP.get(seen.c as usize).is_some_and(|odd| *odd);
                    at += seen.len;
                    continue;
                }
            };
            let link = if self.pieces.is_empty() { Link::Broken } else { gap.link() };
            if matches!(link, Link::Spaced | Link::Broken) {
                self.close(surface);
                self.firsts.push(self.pieces.len() as u32);
            }
            let piece = Piece { start: at as u32, end: end as u32, hash: hash(&surface[at..end]), link, number: seen.class == Class::Digit };
            if link == Link::None {
                self.mixed |= self.is_mixed(&piece);
            }
            self.singles += u32::from(end - at == 1 && !piece.number);
            self.pieces.push(piece);
            gap = Gap::default();
            at = end;
        }
        self.close(surface);
    }

    /// Whether a piece that hangs on the last one makes more of it than a measure or a model, digits with one or two letters at one end.
    fn is_mixed(&self, piece: &Piece) -> bool {
        let short = |p: &Piece| !p.number && p.end - p.start <= 2;
        self.pieces.last().is_some_and(|last| last.link == Link::None || !(short(last) && piece.number || last.number && short(piece)))
    }

    /// Ends the last cluster.
    fn close(&mut self, surface: &[u8]) {
        let Some(first) = self.firsts.last().copied() else { return };
        let pieces = &self.pieces[first as usize..];
        let joined = match pieces {
            [] => None,
            [one] => Some(one.hash).filter(|_| (one.end - one.start) as usize <= JOINED_BYTES),
            _ if pieces.len() > JOINED_PIECES => None,
            _ => hash_joined(pieces.iter().map(|p| &surface[p.range()])),
        };
        if let Some(hash) = joined {
            self.clusters.push(Cluster { first, last: self.pieces.len() as u32 - 1, hash });
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

    /// First and last piece of the cluster that contains a piece, with or without a joined text.
    pub(crate) fn cluster_of(&self, piece: u32) -> (u32, u32) {
        let after = self.firsts.partition_point(|first| *first <= piece);
        let first = after.checked_sub(1).map_or(0, |i| self.firsts[i]);
        let last = self.firsts.get(after).map_or(self.pieces.len() as u32, |next| *next).saturating_sub(1);
        (first, last)
    }

    /// The cluster that begins at a piece, if it has a joined text.
    #[cfg(test)]
    pub(crate) fn cluster_at(&self, piece: u32) -> Option<&Cluster> {
        self.clusters.binary_search_by_key(&piece, |c| c.first).ok().map(|at| &self.clusters[at])
    }
}

/// The end of a run of letters of one kind of script.
fn letters(surface: &[u8], mut at: usize, spaceless: bool, see: &impl Fn(&[u8], usize) -> Option<Seen>) -> usize {
    while let Some(seen) = see(surface, at)
        && seen.class == Class::Letter
        && seen.spaceless == spaceless
    {
        at += seen.len;
    }
    at
}

/// The end of a number: digits, and single `.` or `,` between two digits.
fn digits(surface: &[u8], mut at: usize, see: &impl Fn(&[u8], usize) -> Option<Seen>) -> usize {
    let digit = |at| see(surface, at).filter(|s| s.class == Class::Digit);
    loop {
        if let Some(seen) = digit(at) {
            at += seen.len;
        } else if matches!(surface.get(at), Some(b'.' | b',')) && digit(at + 1).is_some() {
            at += 1;
        } else {
            return at;
        }
    }
}

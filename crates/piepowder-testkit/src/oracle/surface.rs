//! The surface view of a decoded text (docs/SEMANTICS.md, sections 1 and 2): folded text, with the segments that lead back. It knows
//! nothing of pieces. Invariant: the images of the segments, one after another, are the surface.

use super::fold::image;
use super::map::Mapped;
use super::ucd;
use piepowder::Transforms;
use std::ops::Range;

/// Cuts at the limit, walking back over at most three continuation bytes.
pub(super) fn cut(text: &[u8], limit: usize) -> &[u8] {
    if text.len() <= limit {
        return text;
    }
    let mut end = limit;
    for _ in 0..3 {
        if end > 0 && text[end] & 0xC0 == 0x80 {
            end -= 1;
        }
    }
    &text[..end]
}

/// A run of characters of the decoded text that becomes one segment.
struct Cluster {
    source: Range<usize>,
    folded: String,
    transforms: Transforms,
}

impl Cluster {
    fn absorb(&mut self, other: &Cluster) {
        self.source.end = other.source.end;
        self.folded.push_str(&other.folded);
        self.transforms = self.transforms.union(other.transforms);
    }
}

/// The surface of a decoded text.
pub(super) fn surface(decoded: &str) -> Mapped {
    let mut clusters: Vec<Cluster> = Vec::new();
    // Characters that vanish wait here: they join a cluster that goes on behind them, and stand alone otherwise.
    let mut dropped: Vec<Cluster> = Vec::new();
    for (at, c) in decoded.char_indices() {
        let (folded, transforms) = image(c);
        let one = Cluster { source: at..at + c.len_utf8(), folded, transforms };
        let hangs = one.folded.chars().next().map(ucd::hangs_on_what_precedes);
        match hangs {
            None => dropped.push(one),
            Some(false) => {
                clusters.append(&mut dropped);
                clusters.push(one);
            }
            Some(true) => match clusters.iter_mut().rev().find(|c| !c.folded.is_empty()) {
                Some(open) => {
                    dropped.iter().for_each(|d| open.absorb(d));
                    dropped.clear();
                    open.absorb(&one);
                }
                None => {
                    clusters.append(&mut dropped);
                    clusters.push(one);
                }
            },
        }
    }
    clusters.append(&mut dropped);
    let mut made = Mapped::default();
    for cluster in clusters {
        made.push(cluster.source, &ucd::nfc(&cluster.folded), cluster.transforms);
    }
    made
}

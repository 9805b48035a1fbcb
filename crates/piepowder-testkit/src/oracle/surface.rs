//! The surface view of a text (docs/SEMANTICS.md, sections 1 and 2): bytes to folded text, with the segments that lead back. It knows
//! nothing of pieces. Invariant: the images of the segments, one after another, are the surface.

use super::ucd;
use piepowder::{Span, Transforms};
use std::ops::Range;

/// A stretch of the original and its image in the surface; a dropped one has an empty image.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) original: Range<usize>,
    pub(super) image: Range<usize>,
    pub(super) transforms: Transforms,
}

/// A field's text as rules see it.
#[derive(Clone, Debug)]
pub(super) struct Surface {
    pub(super) text: String,
    pub(super) segments: Vec<Segment>,
    pub(super) invalid: bool,
}

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

/// What a character becomes, and what had to be undone for that.
pub(super) fn image(c: char) -> (String, Transforms) {
    match c {
        '\u{2120}' | '\u{2122}' => return (" ".into(), Transforms::COMPATIBILITY),
        '\u{2044}' => return ("/".into(), Transforms::COMPATIBILITY),
        _ => {}
    }
    let mut transforms = Transforms::NONE;
    let mut text = c.to_string();
    if ucd::nfkd(&text) != ucd::nfd(&text) {
        transforms = transforms.union(Transforms::COMPATIBILITY);
    }
    loop {
        let next = ucd::fold_case(&ucd::nfkd(&text));
        if next == text {
            break;
        }
        text = next;
    }
    let mut kept = String::new();
    for c in text.chars() {
        // U+034F is both.
        let (invisible, accent) = (ucd::is_default_ignorable(c), is_accent(c));
        if invisible {
            transforms = transforms.union(Transforms::INVISIBLE);
        }
        if accent {
            transforms = transforms.union(Transforms::ACCENT);
        }
        if !invisible && !accent {
            // The slash out of a decomposition, as in one half.
            kept.push(if c == '\u{2044}' { '/' } else { c });
        }
    }
    (kept, transforms)
}

fn is_accent(c: char) -> bool {
    let block =
        matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}');
    block && ucd::is_mark(c)
}

/// A run of original characters that becomes one segment.
struct Cluster {
    original: Range<usize>,
    folded: String,
    transforms: Transforms,
}

impl Cluster {
    fn absorb(&mut self, other: &Cluster) {
        self.original.end = other.original.end;
        self.folded.push_str(&other.folded);
        self.transforms = self.transforms.union(other.transforms);
    }
}

/// The surface of a text.
pub(super) fn surface(bytes: &[u8]) -> Surface {
    let (units, invalid) = units(bytes);
    let mut clusters: Vec<Cluster> = Vec::new();
    // Characters that vanish wait here: they join a cluster that goes on behind them, and stand alone otherwise.
    let mut dropped: Vec<Cluster> = Vec::new();
    for unit in units {
        let hangs = unit.folded.chars().next().map(ucd::hangs_on_what_precedes);
        match hangs {
            None => dropped.push(unit),
            Some(false) => {
                clusters.append(&mut dropped);
                clusters.push(unit);
            }
            Some(true) => match clusters.iter_mut().rev().find(|c| !c.folded.is_empty()) {
                Some(open) => {
                    dropped.iter().for_each(|d| open.absorb(d));
                    dropped.clear();
                    open.absorb(&unit);
                }
                None => {
                    clusters.append(&mut dropped);
                    clusters.push(unit);
                }
            },
        }
    }
    clusters.append(&mut dropped);
    let mut text = String::new();
    let mut segments = Vec::new();
    for cluster in clusters {
        let start = text.len();
        text.push_str(&ucd::nfc(&cluster.folded));
        segments.push(Segment { original: cluster.original, image: start..text.len(), transforms: cluster.transforms });
    }
    Surface { text, segments, invalid }
}

/// The characters of the text, folded, each maximal invalid part as one U+FFFD.
fn units(bytes: &[u8]) -> (Vec<Cluster>, bool) {
    let mut units = Vec::new();
    let mut at = 0;
    let mut invalid = false;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            let (folded, transforms) = image(c);
            units.push(Cluster { original: at..at + c.len_utf8(), folded, transforms });
            at += c.len_utf8();
        }
        if !chunk.invalid().is_empty() {
            invalid = true;
            units.push(Cluster { original: at..at + chunk.invalid().len(), folded: "\u{fffd}".into(), transforms: Transforms::NONE });
            at += chunk.invalid().len();
        }
    }
    (units, invalid)
}

impl Surface {
    /// The original span of a stretch of the surface, and what was undone in it.
    pub(super) fn locate(&self, stretch: Range<usize>) -> (Span, Transforms) {
        let touched = |s: &Segment| s.image.start < stretch.end && stretch.start < s.image.end;
        let first = self.segments.iter().position(touched).expect("a stretch touches a segment");
        let last = self.segments.iter().rposition(touched).expect("a stretch touches a segment");
        let transforms = self.segments[first..=last].iter().fold(Transforms::NONE, |all, s| all.union(s.transforms));
        let span = Span::new(self.segments[first].original.start as u32, self.segments[last].original.end as u32);
        (span, transforms)
    }
}

/// The surface of a string of a pack, such as a term.
pub(super) fn fold(text: &str) -> String {
    surface(text.as_bytes()).text
}

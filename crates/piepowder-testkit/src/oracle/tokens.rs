//! Pieces, links and clusters of a surface (docs/SEMANTICS.md, section 3). It knows nothing of rules.
//! Invariant: pieces are in order, not empty, and do not overlap.

use super::ucd::{self, Class};

/// How a piece hangs on the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    None,
    Joined,
    Spaced,
    Broken,
}

/// A run of letters, or a number.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
    pub(super) number: bool,
    /// The characters between the piece before (or the start of the text) and this one.
    pub(super) gap: String,
    /// Broken for the first piece.
    pub(super) link: Link,
}

/// Cuts the surface into pieces.
pub(super) fn pieces(surface: &str) -> Vec<Piece> {
    let chars: Vec<(usize, char)> = surface.char_indices().collect();
    let mut found: Vec<Piece> = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let last = match ucd::class(chars[i].1) {
            Class::Letter => end_of_letters(&chars, i),
            Class::Digit => end_of_number(&chars, i),
            _ => {
                i += 1;
                continue;
            }
        };
        let start = chars[i].0;
        let end = chars[last].0 + chars[last].1.len_utf8();
        let number = ucd::class(chars[i].1) == Class::Digit;
        let gap = surface[found.last().map_or(0, |p| p.end)..start].to_string();
        let link = if found.is_empty() { Link::Broken } else { link(&gap) };
        found.push(Piece { start, end, text: surface[start..end].to_string(), number, gap, link });
        i = last + 1;
    }
    found
}

fn end_of_letters(chars: &[(usize, char)], first: usize) -> usize {
    let mut last = first;
    while last + 1 < chars.len() {
        let next = chars[last + 1].1;
        if ucd::class(next) != Class::Letter || ucd::is_spaceless(next) != ucd::is_spaceless(chars[first].1) {
            break;
        }
        last += 1;
    }
    last
}

fn end_of_number(chars: &[(usize, char)], first: usize) -> usize {
    let is_digit = |i: usize| chars.get(i).is_some_and(|(_, c)| ucd::class(*c) == Class::Digit);
    let mut last = first;
    loop {
        let separator = chars.get(last + 1).is_some_and(|(_, c)| *c == '.' || *c == ',');
        if is_digit(last + 1) {
            last += 1;
        } else if separator && is_digit(last + 2) {
            last += 2;
        } else {
            return last;
        }
    }
}

fn link(gap: &str) -> Link {
    let chars: Vec<char> = gap.chars().collect();
    if chars.is_empty() {
        return Link::None;
    }
    if chars.len() == 1 && ucd::class(chars[0]) == Class::Joiner {
        return Link::Joined;
    }
    let soft = chars.iter().all(|c| matches!(ucd::class(*c), Class::Space | Class::Joiner | Class::Soft));
    let sentence_end = chars.windows(2).any(|pair| pair[0] == '.' && ucd::class(pair[1]) == Class::Space);
    let lines = chars.iter().filter(|c| **c == '\n').count();
    if soft && !sentence_end && lines <= 1 { Link::Spaced } else { Link::Broken }
}

/// Whether the gap is exactly one character of class space.
pub(super) fn is_one_space(gap: &str) -> bool {
    let mut chars = gap.chars();
    chars.next().is_some_and(|c| ucd::class(c) == Class::Space) && chars.next().is_none()
}

/// A maximal run of pieces linked by none or joined.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub(super) first: usize,
    pub(super) last: usize,
    /// The concatenation of its pieces, unless that is too long.
    pub(super) joined: Option<String>,
}

/// The clusters of the pieces, in order.
pub(super) fn clusters(pieces: &[Piece]) -> Vec<Cluster> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (i, piece) in pieces.iter().enumerate() {
        match runs.last_mut() {
            Some(run) if matches!(piece.link, Link::None | Link::Joined) => run.1 = i,
            _ => runs.push((i, i)),
        }
    }
    let cluster = |(first, last): (usize, usize)| {
        let joined: String = pieces[first..=last].iter().map(|p| p.text.as_str()).collect();
        let short = last - first < 8 && joined.len() <= 64;
        Cluster { first, last, joined: short.then_some(joined) }
    };
    runs.into_iter().map(cluster).collect()
}

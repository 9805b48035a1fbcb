//! Token shapes that trigger patterns. Each looks at the pieces and bytes from one piece on, over a bounded stretch.
//! Invariant: where a shape begins does not depend on any pattern.

use crate::text::{self, Link, Tokens};

/// The closed list of shapes, in the order of `Program::shapes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Digit,
    Digits12,
    Base58,
    Hex,
    At,
    Currency,
}

pub(super) const ALL: [Shape; 6] = [Shape::Digit, Shape::Digits12, Shape::Base58, Shape::Hex, Shape::At, Shape::Currency];

/// A view, with what a look at the whole of it tells.
pub(super) struct Text<'a> {
    pub(super) bytes: &'a [u8],
    has_at: bool,
    has_sign: bool,
}

impl<'a> Text<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Text { bytes, has_at: memchr::memchr(b'@', bytes).is_some(), has_sign: memchr::memchr(b'$', bytes).is_some() || !bytes.is_ascii() }
    }

    /// Whether the shape may begin anywhere: a cheap test that most texts fail for most shapes.
    pub(super) fn may_have(&self, shape: Shape) -> bool {
        match shape {
            Shape::Digit | Shape::Digits12 => true,
            Shape::Base58 => self.bytes.len() >= 26,
            Shape::Hex => self.bytes.len() >= 32,
            Shape::At => self.has_at,
            Shape::Currency => self.has_sign,
        }
    }

    /// Whether the shape may begin at this piece: a cheap test that most pieces of most texts fail.
    #[inline]
    pub(super) fn may_begin(&self, shape: Shape, piece: &text::Piece) -> bool {
        let reaches = |length: usize| self.bytes.get(piece.start as usize + length - 1).is_some_and(u8::is_ascii_alphanumeric);
        match shape {
            Shape::Digit | Shape::Digits12 => piece.number,
            Shape::Base58 => reaches(26),
            Shape::Hex => reaches(32),
            Shape::At | Shape::Currency => true,
        }
    }
}

/// Where in the view the shape begins at this piece, if it does.
pub(super) fn begins(shape: Shape, view: &[u8], tokens: &Tokens, index: u32) -> Option<u32> {
    let piece = tokens.pieces[index as usize];
    let begins_cluster = tokens.begins_cluster(index);
    let at = piece.start as usize;
    let holds = match shape {
        Shape::Digit => piece.number,
        Shape::Digits12 => begins_cluster && piece.number && digits_from(view, tokens, index) >= 12,
        Shape::Base58 => begins_cluster && (26..=110).contains(&alphanumeric_run(view, at, 111)),
        Shape::Hex => {
            begins_cluster && {
                let run = alphanumeric_run(view, at, 65);
                matches!(run, 32 | 40 | 64) && view[at..at + run].iter().all(u8::is_ascii_hexdigit)
            }
        }
        Shape::At => {
            begins_cluster && {
                let (_, last) = tokens.cluster_of(index);
                view.get(tokens.pieces[last as usize].end as usize) == Some(&b'@')
            }
        }
        Shape::Currency => return sign_before(view, at).map(|at| at as u32),
    };
    holds.then_some(piece.start)
}

/// Length of the run of ASCII letters and digits from `at`, counted up to `most`.
fn alphanumeric_run(view: &[u8], at: usize, most: usize) -> usize {
    view[at..].iter().take(most).take_while(|b| b.is_ascii_alphanumeric()).count()
}

/// Digits of the number pieces from here on that are linked by none, one joiner or one space.
fn digits_from(view: &[u8], tokens: &Tokens, index: u32) -> usize {
    let mut digits = 0;
    let mut end = None;
    for piece in &tokens.pieces[index as usize..] {
        let linked = match end {
            None => true,
            Some(end) => {
                matches!(piece.link, Link::None | Link::Joined)
                    || (piece.link == Link::Spaced && is_one_space(&view[end as usize..piece.start as usize]))
            }
        };
        if !linked || !piece.number || digits >= 12 {
            break;
        }
        digits += view[piece.start as usize..piece.end as usize].iter().filter(|b| b.is_ascii_digit()).count();
        end = Some(piece.end);
    }
    digits
}

/// Whether the bytes are exactly one character of class space.
fn is_one_space(gap: &[u8]) -> bool {
    last_char(gap).is_some_and(|(c, start)| start == 0 && text::class(c) == text::Class::Space)
}

/// The last character of a view, and where it begins.
fn last_char(view: &[u8]) -> Option<(char, usize)> {
    let mut start = view.len().checked_sub(1)?;
    while start > 0 && view[start] & 0xC0 == 0x80 {
        start -= 1;
    }
    Some((core::str::from_utf8(&view[start..]).ok()?.chars().next()?, start))
}

/// Where the currency sign directly before `at`, or before one space, begins.
fn sign_before(view: &[u8], at: usize) -> Option<usize> {
    let (mut c, mut start) = last_char(&view[..at])?;
    if text::class(c) == text::Class::Space {
        (c, start) = last_char(&view[..start])?;
    }
    text::is_currency_sign(c).then_some(start)
}

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

/// Gives the pieces where a shape may begin: not all of those of most texts are looked at for any shape but the numbers.
pub(super) fn each_place(shape: Shape, view: &[u8], tokens: &Tokens, mut give: impl FnMut(u32)) {
    let mut longer = |least: usize| {
        if tokens.longest as usize >= least {
            let reaches = |piece: &text::Piece| view.get(piece.start as usize + least - 1).is_some_and(u8::is_ascii_alphanumeric);
            (0..).zip(tokens.pieces()).filter(|(_, piece)| reaches(piece)).for_each(|(index, _)| give(index));
        }
    };
    match shape {
        Shape::Digit | Shape::Digits12 => tokens.numbers().iter().copied().for_each(give),
        Shape::Base58 => longer(26),
        Shape::Hex => longer(32),
        Shape::At => {
            for at in memchr::memchr_iter(b'@', view) {
                let Ok(mut piece) = tokens.pieces().binary_search_by_key(&(at as u32), |piece| piece.end) else { continue };
                while piece > 0 && !tokens.begins_cluster(piece as u32) {
                    piece -= 1;
                }
                give(piece as u32);
            }
        }
        Shape::Currency => {
            // Pieces behind a byte that may be of a sign, or behind such a one and a space (a vertical tab is one to us, and none to the
            // standard library).
            let sign = |at: usize| at.checked_sub(1).is_some_and(|at| view[at] == b'$' || !view[at].is_ascii());
            let behind = |at: usize| sign(at) || at.checked_sub(1).is_some_and(|before| matches!(view[before], b' ' | b'\t'..=b'\r') && sign(before));
            if tokens.has_sign() || memchr::memchr(b'$', view).is_some() {
                (0..).zip(tokens.pieces()).filter(|(_, piece)| behind(piece.start as usize)).for_each(|(index, _)| give(index));
            }
        }
    }
}

/// Where in the view the shape begins at this piece, if it does.
pub(super) fn begins(shape: Shape, view: &[u8], tokens: &Tokens, index: u32) -> Option<u32> {
    let piece = tokens.pieces()[index as usize];
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
                let last = tokens.last_of_cluster(index);
                view.get(tokens.pieces()[last as usize].end as usize) == Some(&b'@')
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
    for piece in &tokens.pieces()[index as usize..] {
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

#[cfg(test)]
mod tests {
    use super::{ALL, begins, each_place};
    use crate::text::Tokens;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// No shape begins at a piece that is not looked at, and none is looked at twice.
        #[test]
        fn every_place_is_looked_at(
            parts in prop::collection::vec(prop::sample::select(vec![
                "$", "€", " ", "\u{b}", "\t", "\u{a0}", "@", "a", "me", "5", "10.5", "-", ".", "x1y2z3x1y2z3", "deadbeef", "0123456789abcdef", "é", "ก",
            ]), 0..14),
        ) {
            let text = parts.concat();
            let mut tokens = Tokens::default();
            tokens.read(text.as_bytes());
            for shape in ALL {
                let mut given = Vec::new();
                each_place(shape, text.as_bytes(), &tokens, |index| given.push(index));
                prop_assert!(given.is_sorted_by(|a, b| a < b), "{:?} in {:?}: {:?}", shape, text, given);
                for index in 0..tokens.pieces().len() as u32 {
                    let is = begins(shape, text.as_bytes(), &tokens, index).is_some();
                    prop_assert!(!is || given.contains(&index), "{:?} in {:?} at piece {}", shape, text, index);
                }
            }
        }
    }
}

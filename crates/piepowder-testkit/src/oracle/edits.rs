//! Words an edit away (docs/SEMANTICS.md, section 4b): the surface with a long word of the lexicon in place of each piece that is one with
//! a mistake, and of what is unveiled. It does not ask whether the listing holds evidence, and looks for no rule.
//! Invariant: a replaced piece shares no character with what is unveiled.

use super::cover;
use super::lexicon::Lexicon;
use super::map::{Mapped, locate};
use super::replaced::{Replaced, put_in};
use super::tokens::Piece;
use piepowder::Transforms;
use std::ops::Range;

const SHORTEST_PIECE: usize = 6;

/// The edited text.
pub(super) struct Edited {
    /// Made of the decoded text.
    pub(super) made: Mapped,
    /// Where words took the place of pieces in it.
    pub(super) places: Vec<Range<usize>>,
}

/// Whether the word comes of the piece by one character left out, put in or replaced, or two unequal neighbors swapped.
pub(super) fn is_an_edit_away(piece: &str, word: &str) -> bool {
    let equal = |pair: &(&u8, &u8)| pair.0 == pair.1;
    let (piece, word) = (piece.as_bytes(), word.as_bytes());
    let before = piece.iter().zip(word).take_while(equal).count();
    let (piece, word) = (&piece[before..], &word[before..]);
    let behind = piece.iter().rev().zip(word.iter().rev()).take_while(equal).count();
    match (&piece[..piece.len() - behind], &word[..word.len() - behind]) {
        ([_], []) | ([], [_]) | ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// The word that the piece is read as; none when it is a word itself, or an edit away from none.
fn meant<'l>(piece: &str, lexicon: &'l Lexicon) -> Option<&'l str> {
    let plain = piece.len() >= SHORTEST_PIECE && piece.bytes().all(|b| b.is_ascii_lowercase());
    if !plain || lexicon.holds(piece) || cover::is_common(piece) {
        return None;
    }
    lexicon.long_words(piece.len() - 1..=piece.len() + 1).filter(|word| is_an_edit_away(piece, word)).min()
}

/// What takes the place of a piece; none when it stays, or when a segment would be torn.
fn replaced(piece: &Piece, surface: &Mapped, unveiled: &[Replaced], lexicon: &Lexicon) -> Option<Replaced> {
    let word = meant(&piece.text, lexicon)?;
    let whole = surface.segments.iter().any(|s| s.image.start == piece.start && !s.image.is_empty())
        && surface.segments.iter().any(|s| s.image.end == piece.end && !s.image.is_empty());
    let (stretch, as_is) = locate(&surface.segments, piece.start..piece.end);
    let shares = |other: &Replaced| other.stretch.start < stretch.end && stretch.start < other.stretch.end;
    let stays = !whole || unveiled.iter().any(shares);
    (!stays).then(|| Replaced { stretch, word: word.to_string(), transforms: as_is.union(Transforms::EDIT) })
}

/// The edited text of a surface with these pieces, of which these stretches are unveiled; none when no piece is replaced.
pub(super) fn edited(surface: &Mapped, pieces: &[Piece], unveiled: &[Replaced], lexicon: &Lexicon) -> Option<Edited> {
    let of_pieces: Vec<Replaced> = pieces.iter().filter_map(|piece| replaced(piece, surface, unveiled, lexicon)).collect();
    if of_pieces.is_empty() {
        return None;
    }
    let marked = of_pieces.into_iter().map(|r| (r, true));
    let mut all: Vec<(Replaced, bool)> = unveiled.iter().map(|r| (r.clone(), false)).chain(marked).collect();
    all.sort_by_key(|(r, _)| r.stretch.start);
    let (all, is_piece): (Vec<Replaced>, Vec<bool>) = all.into_iter().unzip();
    let (made, places) = put_in(surface, &all);
    let places = places.into_iter().zip(is_piece).filter(|(_, is_piece)| *is_piece).map(|(place, _)| place).collect();
    Some(Edited { made, places })
}

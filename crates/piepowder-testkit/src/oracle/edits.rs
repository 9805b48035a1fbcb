//! Words an edit away (docs/SEMANTICS.md, section 4b): the surface with a long word of the lexicon in place of each piece and look-alike run
//! that is one with a mistake, and of what is unveiled. It does not ask whether the listing holds evidence, and looks for no rule.
//! Invariant: no two stretches that are replaced share a character.

use super::cover;
use super::hiding::{disguise, look_alike};
use super::lexicon::Lexicon;
use super::map::{Mapped, Segment, locate};
use super::parting;
use super::replaced::{Replaced, put_in};
use super::runs::Run;
use super::tokens::Piece;
use piepowder::Transforms;
use std::ops::Range;

const SHORTEST: usize = 6;

/// The edited text.
pub(super) struct Edited {
    /// Made of the decoded text.
    pub(super) made: Mapped,
    /// Where words took the place of pieces and look-alike runs in it.
    pub(super) places: Vec<Range<usize>>,
}

/// Whether the word comes of the text by one character left out, put in or replaced, or two unequal neighbors swapped.
pub(super) fn is_an_edit_away(text: &str, word: &str) -> bool {
    let equal = |pair: &(&u8, &u8)| pair.0 == pair.1;
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let before = text.iter().zip(word).take_while(equal).count();
    let (text, word) = (&text[before..], &word[before..]);
    let behind = text.iter().rev().zip(word.iter().rev()).take_while(equal).count();
    match (&text[..text.len() - behind], &word[..word.len() - behind]) {
        ([_], []) | ([], [_]) | ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// The word that the text is read as; none when it is a word itself, or an edit away from none.
fn meant<'l>(text: &str, lexicon: &'l Lexicon) -> Option<&'l str> {
    let plain = text.len() >= SHORTEST && text.bytes().all(|b| b.is_ascii_lowercase());
    if !plain || lexicon.holds(text) || cover::is_common(text) {
        return None;
    }
    lexicon.long_words(text.len() - 1..=text.len() + 1).filter(|word| is_an_edit_away(text, word)).min()
}

/// What takes the place of look-alike runs of the decoded text, in order.
fn of_runs(decoded: &str, surface: &Mapped, lexicon: &Lexicon) -> Vec<Replaced> {
    let (glyphs, runs) = parting::parted(decoded);
    let of_run = |run: &Run| {
        let word = meant(&look_alike(run)?, lexicon)?;
        let stretch = run.stretch(&glyphs);
        let (as_is, _) = surface.of_source(&stretch)?;
        // As many characters as units: a letter said twice is a mistake, not a repetition.
        let undone = disguise(run, word, run.units.len());
        Some(Replaced { stretch, word: word.to_string(), transforms: as_is.union(undone).union(Transforms::EDIT) })
    };
    runs.iter().filter_map(of_run).collect()
}

/// What takes the place of pieces of the surface, in order.
fn of_pieces(pieces: &[Piece], surface: &Mapped, lexicon: &Lexicon) -> Vec<Replaced> {
    let shown = |s: &&Segment| !s.image.is_empty();
    let of_piece = |piece: &Piece| {
        let word = meant(&piece.text, lexicon)?;
        let begins = surface.segments.iter().filter(shown).any(|s| s.image.start == piece.start);
        let ends = surface.segments.iter().filter(shown).any(|s| s.image.end == piece.end);
        let (stretch, as_is) = locate(&surface.segments, piece.start..piece.end);
        (begins && ends).then(|| Replaced { stretch, word: word.to_string(), transforms: as_is.union(Transforms::EDIT) })
    };
    pieces.iter().filter_map(of_piece).collect()
}

/// The edited text of a decoded text with this surface and its pieces, of which these stretches are unveiled; none when nothing has a mistake.
pub(super) fn edited(decoded: &str, surface: &Mapped, pieces: &[Piece], unveiled: &[Replaced], lexicon: &Lexicon) -> Option<Edited> {
    let mut mistaken = of_runs(decoded, surface, lexicon);
    mistaken.retain(|r| !r.meets(unveiled));
    let mut of_pieces = of_pieces(pieces, surface, lexicon);
    of_pieces.retain(|r| !r.meets(unveiled) && !r.meets(&mistaken));
    mistaken.append(&mut of_pieces);
    if mistaken.is_empty() {
        return None;
    }
    let marked = mistaken.into_iter().map(|r| (r, true));
    let mut all: Vec<(Replaced, bool)> = unveiled.iter().map(|r| (r.clone(), false)).chain(marked).collect();
    all.sort_by_key(|(r, _)| r.stretch.start);
    let (all, is_mistaken): (Vec<Replaced>, Vec<bool>) = all.into_iter().unzip();
    let (made, places) = put_in(surface, &all);
    let places = places.into_iter().zip(is_mistaken).filter(|(_, is_mistaken)| *is_mistaken).map(|(place, _)| place).collect();
    Some(Edited { made, places })
}

//! Prices in a text (docs/SEMANTICS.md, section 5). It knows nothing of rules.
//! Invariant: what it finds is in order of start and does not overlap.

use super::quantity::{Found, Kind, Reader};
use super::tokens::is_one_space;
use super::ucd::{Class, class};
use super::units;
use std::ops::Range;

impl Reader<'_> {
    /// Of each number its price: what stands before it is looked for first, then what follows; none over another.
    pub(super) fn money(&self) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for (i, piece) in self.pieces.iter().enumerate() {
            let Some(amount) = self.number_at(i) else { continue };
            let free = found.last().map_or(0, |f| f.stretch.end);
            let readings = [self.sign_before(i), self.code_before(i), self.sign_after(i), self.word_after(i)];
            let first_free = readings.into_iter().flatten().find(|(_, stretch)| stretch.start >= free);
            if let Some((currency, stretch)) = first_free {
                let first = if i > 0 && self.pieces[i - 1].start >= stretch.start { i - 1 } else { i };
                let last = if stretch.end > piece.end && self.pieces.get(i + 1).is_some_and(|p| p.end <= stretch.end) { i + 1 } else { i };
                found.push(Found { kind: Kind::Money { currency }, amount, stretch, first, last });
            }
        }
        found
    }

    fn sign_before(&self, i: usize) -> Option<(&'static str, Range<usize>)> {
        let (at, currency) = sign_before(&self.surface[..self.pieces[i].start])?;
        Some((currency, at..self.pieces[i].end))
    }

    fn code_before(&self, i: usize) -> Option<(&'static str, Range<usize>)> {
        let before = self.pieces.get(i.checked_sub(1)?)?;
        let currency = units::currency_of_code(&before.text).filter(|_| is_one_space(&self.pieces[i].gap))?;
        Some((currency, before.start..self.pieces[i].end))
    }

    fn sign_after(&self, i: usize) -> Option<(&'static str, Range<usize>)> {
        let piece = &self.pieces[i];
        let (length, currency) = sign_after(&self.surface[piece.end..])?;
        let end = piece.end + length;
        let spaced = self.surface[piece.end..].chars().next().is_some_and(|c| class(c) == Class::Space);
        let of_next = spaced && self.pieces.get(i + 1).is_some_and(|next| next.number && next.start == end);
        if of_next { None } else { Some((currency, piece.start..end)) }
    }

    fn word_after(&self, i: usize) -> Option<(&'static str, Range<usize>)> {
        if !self.follows_closely(i + 1) {
            return None;
        }
        let after = &self.pieces[i + 1];
        Some((units::currency_of_word(&after.text)?, self.pieces[i].start..after.end))
    }
}

/// Where the currency sign begins that ends the text, one space left aside.
fn sign_before(text: &str) -> Option<(usize, &'static str)> {
    let mut chars = text.char_indices().rev();
    let (at, c) = chars.next()?;
    let (at, c) = if is_one_space(c.encode_utf8(&mut [0; 4])) { chars.next()? } else { (at, c) };
    Some((at, units::currency_of_sign(c)?))
}

/// Length up to the end of the currency sign that begins the text, one space left aside.
fn sign_after(text: &str) -> Option<(usize, &'static str)> {
    let mut chars = text.chars();
    let c = chars.next()?;
    if is_one_space(c.encode_utf8(&mut [0; 4])) {
        let sign = chars.next()?;
        return Some((c.len_utf8() + sign.len_utf8(), units::currency_of_sign(sign)?));
    }
    Some((c.len_utf8(), units::currency_of_sign(c)?))
}

//! A look at the pieces of an ASCII text that says whether anything in it may read as a word in disguise, so that plain text pays next to
//! nothing for the unveiled view. It replaces nothing. Invariant: where it says no, `unveil` would find nothing.

use super::lexicon::Lexicon;
use super::units::Key;
use super::{Link, Tokens};
use core::ops::Range;

/// Letters of a row, at least (`unveil`).
const ROW_LETTERS: usize = 3;

/// What may be in a run: a letter or digit, or a symbol.
const ALPHANUMERIC: u8 = 1;
const SYMBOL: u8 = 2;

static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'@' | b'$' | b'!' | b'|' | b'+' => SYMBOL,
            other if other.is_ascii_alphanumeric() => ALPHANUMERIC,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};

fn kind(byte: Option<&u8>) -> u8 {
    byte.map_or(0, |b| KINDS[usize::from(*b)])
}

/// Whether some stretch of an ASCII text may read as a word of the lexicon that it does not spell. `tokens` are those of its surface,
/// which is the text in lower case.
pub(super) fn may_read(lexicon: &Lexicon, text: &[u8], tokens: &Tokens) -> bool {
    let thrice = has_thrice(text);
    // Pieces of one letter in a row, with nothing but digits between.
    let mut singles = 0;
    // Where the last run that was looked at ends.
    let mut seen = 0;
    for piece in &tokens.pieces {
        let (start, end) = (piece.start as usize, piece.end as usize);
        if end - start == 1 && !piece.number {
            singles += 1;
            if singles == ROW_LETTERS {
                return true;
            }
        } else if !piece.number {
            singles = 0;
        }
        let before = start.checked_sub(1).and_then(|at| text.get(at));
        if start >= seen && (piece.link == Link::None || kind(before) == SYMBOL || kind(text.get(end)) != 0 || thrice) {
            let run = run_around(text, start..end);
            if reads(lexicon, &text[run.clone()]) {
                return true;
            }
            seen = run.end;
        }
        if before == Some(&b'\n') && is_cut(lexicon, text, start) {
            return true;
        }
    }
    false
}

/// Whether a byte that runs may have stands three times in a row.
fn has_thrice(text: &[u8]) -> bool {
    let Some(pairs) = text.get(2..) else { return false };
    text.iter().zip(&text[1..]).zip(pairs).fold(false, |any, ((a, b), c)| any | (*a == *b && *b == *c && *a >= b'0'))
}

/// The run that some bytes are in.
fn run_around(text: &[u8], within: Range<usize>) -> Range<usize> {
    let start = within.start - text[..within.start].iter().rev().take_while(|b| kind(Some(b)) != 0).count();
    let end = within.end + text[within.end..].iter().take_while(|b| kind(Some(b)) != 0).count();
    start..end
}

/// Whether a run, or the run with its ends trimmed, may read as a word, or be parted.
fn reads(lexicon: &Lexicon, run: &[u8]) -> bool {
    let symbol = |b: &&u8| kind(Some(b)) == SYMBOL;
    let trimmed = &run[run.iter().take_while(symbol).count()..];
    let trimmed = &trimmed[..trimmed.len() - trimmed.iter().rev().take_while(symbol).count()];
    let apart = run.windows(2).all(|w| symbol(&&w[0]) || symbol(&&w[1]));
    apart && run.len() > 1 || knows(lexicon, run) || trimmed.len() < run.len() && knows(lexicon, trimmed)
}

fn knows(lexicon: &Lexicon, text: &[u8]) -> bool {
    let key = text.iter().fold(Key::EMPTY, |key, b| key.then(b.to_ascii_lowercase() as char));
    !lexicon.of_key(key).is_empty()
}

/// Whether a line break before `second` may cut a word.
fn is_cut(lexicon: &Lexicon, text: &[u8], second: usize) -> bool {
    let before = &text[..second - 1];
    let before = before.strip_suffix(b"\r").unwrap_or(before);
    let before = before.strip_suffix(b"-").unwrap_or(before);
    if kind(before.last()) == 0 {
        return false;
    }
    let (first, second) = (run_around(text, before.len()..before.len()), run_around(text, second..second));
    let both = text[first].iter().chain(&text[second]);
    let key = both.fold(Key::EMPTY, |key, b| key.then(b.to_ascii_lowercase() as char));
    !lexicon.of_key(key).is_empty()
}

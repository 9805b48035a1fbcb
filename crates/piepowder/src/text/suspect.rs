//! A look at the pieces of a surface that says whether anything in it may read as a word in disguise, so that plain text pays next to
//! nothing for the unveiled view. The surface must show what a reader sees: the text is ASCII, or `reads_as_surface`. It replaces nothing.
//! Invariant: where it says no, `unveil` would find nothing.

use super::lexicon::Lexicon;
use super::units::{Key, Kind, Unit, ascii_kind, read};
use super::unveil::{ROW_GAP, ROW_LETTERS};
use super::{Link, Tokens};
use core::ops::Range;

/// What may be in a run: a letter or digit, or a symbol.
const ALPHANUMERIC: u8 = 1;
const SYMBOL: u8 = 2;

/// `ascii_kind` of every byte, as numbers that need no comparison of an option.
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match ascii_kind(byte as u8) {
            Some(Kind::Symbol) => SYMBOL,
            Some(_) => ALPHANUMERIC,
            None => 0,
        };
        byte += 1;
    }
    kinds
};

fn kind(byte: u8) -> u8 {
    KINDS[usize::from(byte)]
}

/// Whether some stretch of a text may read as a word of the lexicon that it does not spell. `text` is its surface, of which the tokens are.
/// `units` is a buffer.
pub(super) fn may_read(lexicon: &Lexicon, text: &[u8], tokens: &Tokens, units: &mut Vec<Unit>) -> bool {
    let thrice = has_thrice(text);
    if !(tokens.mixed || tokens.odd_gap || thrice || tokens.singles as usize >= ROW_LETTERS) {
        return false;
    }
    let mut row = Row::default();
    // Where the last run that was looked at ends, and the last piece.
    let (mut seen, mut last) = (0, 0);
    for piece in &tokens.pieces {
        let (start, end) = (piece.start as usize, piece.end as usize);
        let bytes = &text[start..end];
        if end - start == 1 || piece.number {
            if row.goes_on(bytes, &text[last..start]) {
                return true;
            }
        } else {
            row = Row::default();
        }
        let before = start.checked_sub(1).map_or(b' ', |at| text[at]);
        let odd = piece.link == Link::None || kind(before) == SYMBOL || kind(text.get(end).copied().unwrap_or(b' ')) != 0;
        if start >= seen && (odd || thrice && has_thrice(bytes)) {
            let run = run_around(text, start..end);
            if reads(lexicon, &text[run.clone()], units) {
                return true;
            }
            seen = run.end;
        }
        if before == b'\n' && is_cut(lexicon, text, start) {
            return true;
        }
        last = end;
    }
    false
}

/// Single letters so far, with nothing but narrow gaps and single digits between.
#[derive(Default)]
struct Row {
    letters: usize,
}

impl Row {
    /// Goes on with a piece of one letter, or a number, behind a gap. Whether that may be enough for a row.
    fn goes_on(&mut self, piece: &[u8], gap: &[u8]) -> bool {
        let number = piece[0].is_ascii_digit();
        if number && piece.len() > 1 && piece.iter().all(u8::is_ascii_digit) {
            *self = Row::default();
            return false;
        }
        let symbols = gap.iter().filter(|b| kind(**b) == SYMBOL).count();
        // How wide a gap of other characters was before folding is not known here.
        if gap.is_ascii() && gap.len() > ROW_GAP * (symbols + 1) + symbols {
            *self = Row::default();
        }
        self.letters += usize::from(!number);
        self.letters >= ROW_LETTERS
    }
}

/// Whether some byte stands three times in a row, letter case apart.
fn has_thrice(text: &[u8]) -> bool {
    const WIDE: usize = 16;
    /// Sixteen places at a time, without a branch, so that the compiler makes vector code of it.
    fn any(block: &[u8; WIDE + 2]) -> bool {
        let mut found = 0;
        for at in 0..WIDE {
            let [a, b, c] = [block[at] | 0x20, block[at + 1] | 0x20, block[at + 2] | 0x20];
            found |= u8::from(a == b) & u8::from(b == c);
        }
        found != 0
    }
    let Some(last) = text.last_chunk() else {
        return text.windows(3).any(|w| w[0] | 0x20 == w[1] | 0x20 && w[1] | 0x20 == w[2] | 0x20);
    };
    let mut rest = text;
    while let Some(block) = rest.first_chunk() {
        if any(block) {
            return true;
        }
        rest = &rest[WIDE..];
    }
    any(last)
}

/// The run that some bytes are in.
fn run_around(text: &[u8], within: Range<usize>) -> Range<usize> {
    let start = within.start - text[..within.start].iter().rev().take_while(|b| kind(**b) != 0).count();
    let end = within.end + text[within.end..].iter().take_while(|b| kind(**b) != 0).count();
    start..end
}

/// Whether a run, or the run with its ends trimmed, reads as a word that it does not spell.
fn reads(lexicon: &Lexicon, run: &[u8], units: &mut Vec<Unit>) -> bool {
    let symbol = |b: &&u8| kind(**b) == SYMBOL;
    let trimmed = &run[run.iter().take_while(symbol).count()..];
    let trimmed = &trimmed[..trimmed.len() - trimmed.iter().rev().take_while(symbol).count()];
    reads_as(lexicon, run, units) || trimmed.len() < run.len() && reads_as(lexicon, trimmed, units)
}

fn reads_as(lexicon: &Lexicon, text: &[u8], units: &mut Vec<Unit>) -> bool {
    let key = text.iter().fold(Key::EMPTY, |key, b| key.then(b.to_ascii_lowercase() as char));
    if lexicon.of_key(key).is_empty() {
        return false;
    }
    units.clear();
    for b in text {
        read(*b as char, units, 0);
    }
    let mut words = lexicon.read_as(units).peekable();
    words.peek().is_some() && words.all(|w| !lexicon.word(w).as_bytes().eq_ignore_ascii_case(text))
}

/// Whether a line break before `second` may cut a word.
fn is_cut(lexicon: &Lexicon, text: &[u8], second: usize) -> bool {
    let before = &text[..second - 1];
    let before = before.strip_suffix(b"\r").unwrap_or(before);
    let before = before.strip_suffix(b"-").unwrap_or(before);
    if before.last().is_none_or(|b| kind(*b) == 0) {
        return false;
    }
    let (first, second) = (run_around(text, before.len()..before.len()), run_around(text, second..second));
    let both = text[first].iter().chain(&text[second]);
    let key = both.fold(Key::EMPTY, |key, b| key.then(b.to_ascii_lowercase() as char));
    !lexicon.of_key(key).is_empty()
}

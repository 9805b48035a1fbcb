//! A look at a surface that says whether anything in it may read as a word in disguise, so that plain text pays next to nothing for the
//! unveiled view: at the places where pieces touch one another or a symbol, at the lines' begins, at repeated letters, and at the rows of
//! letters that stand alone, each only where the tokens say that there are such. The surface must show what a reader sees: a look over it
//! must have found it plain (`unveil/plain`). It replaces nothing.
//! Invariant: where it says no, `unveil` would find nothing.

use super::Tokens;
use super::decode::length;
use super::lexicon::Lexicon;
use super::units::{Key, Kind, Unit, ascii_kind, read};
use super::unveil::{ROW_GAP, ROW_LETTERS, ROW_SINGLES};
use core::ops::Range;

/// Most ASCII bytes that a gap character of another kind folds to, as an ellipsis to three dots.
const STRETCH: usize = 3;

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
/// `decoded` is what was folded, and `units` is a buffer.
pub(super) fn may_read(lexicon: &Lexicon, (text, decoded): (&[u8], &[u8]), tokens: &Tokens, units: &mut Vec<Unit>) -> bool {
    let thrice = tokens.repeats;
    if !(tokens.mixed || tokens.odd_gap || thrice || tokens.singles as usize >= ROW_LETTERS) {
        return false;
    }
    if tokens.singles as usize >= ROW_LETTERS && has_row(text, tokens, if decoded.is_ascii() { ROW_GAP } else { ROW_GAP * STRETCH }) {
        return true;
    }
    // Where the last run that was looked at ends.
    let mut seen = 0;
    for at in tokens.beside() {
        let (before, behind) = (at.checked_sub(1).and_then(|before| text.get(before)), text.get(at));
        if before == Some(&b'\n') && is_cut(lexicon, text, at) {
            return true;
        }
        let odd = [before, behind].iter().all(|byte| byte.is_some_and(|byte| kind(*byte) != 0));
        if odd && at >= seen {
            let run = run_around(text, at..at);
            seen = run.end;
            if reads(lexicon, &text[run], units) {
                return true;
            }
        }
    }
    thrice && reads_repeated(lexicon, text, tokens, units)
}

/// Whether some run with a byte three times in a row reads as a word.
#[inline(never)]
fn reads_repeated(lexicon: &Lexicon, text: &[u8], tokens: &Tokens, units: &mut Vec<Unit>) -> bool {
    // A run of many pieces is looked at once.
    let mut seen = 0;
    for piece in tokens.pieces() {
        if piece.start as usize >= seen && has_thrice(&text[piece.range()]) {
            let run = run_around(text, piece.range());
            seen = run.end;
            if reads(lexicon, &text[run], units) {
                return true;
            }
        }
    }
    false
}

/// Whether there may be a row of letters that stand alone, with gaps of so many bytes at most between them if they are ASCII.
#[inline(never)]
fn has_row(text: &[u8], tokens: &Tokens, widest: usize) -> bool {
    let mut row = Row::default();
    let mut last = 0;
    for piece in tokens.pieces() {
        let (start, end) = (piece.start as usize, piece.end as usize);
        // Most pieces are longer than any character.
        if !piece.number && (end - start > 4 || end - start > length(text[start])) {
            row = Row::default();
        } else {
            row.goes_on(&text[start..end], &text[last..start], widest);
            if row.is_one(&text[end..]) {
                return true;
            }
        }
        last = end;
    }
    false
}

/// Singles so far, with nothing but narrow gaps between.
#[derive(Default)]
struct Row {
    letters: usize,
    /// Letters, digits, and symbols between them, which may stand alone.
    singles: usize,
    /// Whether there is a symbol in the gap before.
    symbol_before: bool,
}

impl Row {
    /// Goes on with a piece of one letter, or a number, behind a gap.
    fn goes_on(&mut self, piece: &[u8], gap: &[u8], widest: usize) {
        let number = piece[0].is_ascii_digit();
        if number && piece.len() > 1 && piece.iter().all(u8::is_ascii_digit) {
            *self = Row::default();
            return;
        }
        let symbols = gap.iter().filter(|b| kind(**b) == SYMBOL).count();
        // How wide a gap of other characters was before folding is not known here.
        if gap.is_ascii() && gap.len() > widest * (symbols + 1) + symbols {
            *self = Row::default();
        }
        if self.singles == 0 {
            self.symbol_before = symbols > 0;
        } else {
            self.singles += symbols;
        }
        self.singles += if number { piece.len() } else { 1 };
        self.letters += usize::from(!number);
    }

    /// Whether that may be enough for a row, before a text.
    fn is_one(&self, behind: &[u8]) -> bool {
        let symbol_behind = || behind.iter().take_while(|b| kind(**b) != ALPHANUMERIC).any(|b| kind(*b) == SYMBOL);
        self.letters >= ROW_LETTERS && (self.singles >= ROW_SINGLES || self.symbol_before || symbol_behind())
    }
}

/// Whether some byte stands three times in a row.
fn has_thrice(text: &[u8]) -> bool {
    text.windows(3).any(|w| w[0] == w[1] && w[1] == w[2])
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

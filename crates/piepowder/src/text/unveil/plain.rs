//! Whether a reader who looks for words sees in a text what its surface shows, but for stretches that no word can be in: then a look at
//! the surface says whether anything is disguised. It replaces nothing. Invariant: it says yes only where every run that reads as a word
//! has nothing but ASCII letters, digits and symbols for units, and the surface shows them.

use super::rows::ROW_LETTERS;
use super::runs::may_part;
use crate::text::decode::{ascii_run, decode, is_continuation};
use crate::text::lexicon::Lexicon;
use crate::text::neighbors::LONG;
use crate::text::surface::{Image, fold_char};
use crate::text::units::{Key, Kind, Seen, Unit, ascii_kind, read};
use core::ops::Range;

/// Bytes of the longest run that is looked at before a line break: what is longer, with letters repeated, is told to be a word.
const WORD_BYTES: usize = 512;

/// The units that lead to the place that is read, and those of one run.
pub(super) type Buffers<'a> = (&'a mut Vec<Unit>, &'a mut Vec<Unit>);

/// What is known of the run that goes on.
#[derive(Default)]
struct Run {
    start: usize,
    /// Something in it is not what the surface shows.
    odd: bool,
    /// A letter that no word has is in it, so that it is no word.
    hopeless: bool,
}

/// Whether the surface of a text shows what a reader sees. Accents, quotes, dashes, bullets and pictures are no hindrance, nor are scripts that
/// no word is written in, though some of their letters look like others. `singles` are the letters of the surface that stand alone; `buffers`
/// are two.
pub(super) fn reads_as_surface(lexicon: &Lexicon, text: &[u8], singles: usize, buffers: Buffers<'_>) -> bool {
    if text.is_ascii() {
        return true;
    }
    let mut odd_singles = 0;
    let (units, own) = buffers;
    each_odd_run(lexicon, text, units, |run| {
        own.clear();
        read_run(&text[run.clone()], own);
        may_read(lexicon, own, &mut odd_singles) || odd_singles + singles >= ROW_LETTERS || reads_over_break(lexicon, text, run, own)
    })
}

/// Whether some run that looks like letters which it is not may be a word with a mistake.
pub(super) fn has_long_look_alikes(lexicon: &Lexicon, text: &[u8], buffers: Buffers<'_>) -> bool {
    let (units, own) = buffers;
    let is_long = |run| {
        own.clear();
        read_run(&text[run], own);
        own.len() >= LONG - 1 && own.iter().all(|u| matches!(u.kind, Kind::Plain | Kind::Look))
    };
    !text.is_ascii() && !each_odd_run(lexicon, text, units, is_long)
}

/// Appends the units of a text up to its first gap.
fn read_run(text: &[u8], units: &mut Vec<Unit>) {
    let (mut rest, from) = (text, units.len());
    while !rest.is_empty() {
        let (c, len, _) = decode(rest);
        if read(c, units, from) == Seen::Gap {
            return;
        }
        rest = &rest[len..];
    }
}

/// Whether a run, and the one before or behind a line break beside it, may be read as a word. `own` are its units.
fn reads_over_break(lexicon: &Lexicon, text: &[u8], run: Range<usize>, own: &mut Vec<Unit>) -> bool {
    let behind = &text[run.end..];
    let behind = behind.strip_prefix(b"-").unwrap_or(behind);
    let behind = behind.strip_prefix(b"\r").unwrap_or(behind);
    let units = own.len();
    if let Some(next) = behind.strip_prefix(b"\n") {
        read_run(next, own);
        if is_known(lexicon, own) {
            return true;
        }
        own.truncate(units);
    }
    let Some(before) = text[..run.start].strip_suffix(b"\n") else { return false };
    let before = before.strip_suffix(b"\r").unwrap_or(before);
    let before = before.strip_suffix(b"-").unwrap_or(before);
    let mut start = before.len().saturating_sub(WORD_BYTES);
    while start < before.len() && is_continuation(before[start]) {
        start += 1;
    }
    own.clear();
    let (mut rest, mut is_whole) = (&before[start..], start == 0);
    while !rest.is_empty() {
        let (c, len, _) = decode(rest);
        if read(c, own, 0) == Seen::Gap {
            own.clear();
            is_whole = true;
        }
        rest = &rest[len..];
    }
    if own.is_empty() {
        return false;
    }
    read_run(&text[run], own);
    !is_whole || is_known(lexicon, own)
}

fn is_known(lexicon: &Lexicon, units: &[Unit]) -> bool {
    !lexicon.of_key(units.iter().fold(Key::EMPTY, |key, unit| key.then(unit.c))).is_empty()
}

/// Tells the runs of which something is not what the surface shows, but for those that can be no words, until one is what is asked for.
/// Whether none is, and nothing shows as a symbol on the surface that is none to a reader.
fn each_odd_run(lexicon: &Lexicon, text: &[u8], units: &mut Vec<Unit>, mut is_asked: impl FnMut(Range<usize>) -> bool) -> bool {
    let mut run = Run::default();
    units.clear();
    let mut is = |run: &Run, end: usize| run.odd && !run.hopeless && is_asked(run.start..end);
    let mut at = 0;
    while at < text.len() {
        let ascii = ascii_run(&text[at..]);
        if ascii > 0 {
            let passed = &text[at..at + ascii];
            let is_gap = |b: &u8| ascii_kind(*b).is_none();
            if let Some(gap) = passed.iter().position(is_gap) {
                if is(&run, at + gap) {
                    return false;
                }
                let last = passed.iter().rposition(is_gap).unwrap_or(gap);
                run = Run { start: at + last + 1, ..Run::default() };
            }
            // The last unit is all that what follows asks for.
            units.clear();
            if let Some(kind) = ascii_kind(passed[ascii - 1]) {
                units.push(Unit { c: passed[ascii - 1] as char, kind });
            }
            at += ascii;
            continue;
        }
        let (c, len, _) = decode(&text[at..]);
        let before = units.len();
        match read(c, units, 0) {
            Seen::Units => {
                let own = &units[before..];
                run.odd |= !own.iter().all(|u| u.kind == Kind::Plain) && !folds_to(c, |b| b.is_ascii_digit()) && !folds_to(c, is_symbol);
                run.hopeless |= own.iter().any(|u| u.kind == Kind::Opaque && !u.c.is_ascii() && !lexicon.has(u.c));
            }
            Seen::Dropped => {}
            Seen::ForeignMark => run.odd = true,
            Seen::Gap => {
                if is(&run, at) || shows_symbols(c) {
                    return false;
                }
                run = Run { start: at + len, ..Run::default() };
                units.clear();
            }
        }
        at += len;
    }
    !is(&run, text.len())
}

/// Whether a run may be read as a word. Of runs of one unit it is told later, when it is known how many they are.
fn may_read(lexicon: &Lexicon, units: &[Unit], singles: &mut usize) -> bool {
    let symbol = |u: &&Unit| u.kind == Kind::Symbol;
    let trimmed = &units[units.iter().take_while(symbol).count()..];
    let trimmed = &trimmed[..trimmed.len() - trimmed.iter().rev().take_while(symbol).count()];
    if units.len() == 1 || trimmed.len() == 1 {
        *singles += 1;
        return false;
    }
    is_known(lexicon, units) || is_known(lexicon, trimmed) || may_part(units)
}

/// Whether a character folds to ASCII bytes of a kind, one or more.
fn folds_to(c: char, of: impl Fn(u8) -> bool) -> bool {
    matches!(fold_char(c), Image::Other(image) if !image.is_empty() && image.iter().all(|b| of(*b)))
}

/// Whether what a gap folds to has a symbol in it.
fn shows_symbols(c: char) -> bool {
    matches!(fold_char(c), Image::Other(image) if image.iter().any(|b| ascii_kind(*b).is_some()))
}

fn is_symbol(byte: u8) -> bool {
    matches!(ascii_kind(byte), Some(Kind::Symbol))
}

#[cfg(test)]
mod tests {
    use super::reads_as_surface;
    use crate::text::{Compound, Lexicon};

    #[test]
    fn plain_texts_pass_by() {
        let lexicon = Lexicon::new([("cocaine".to_owned(), Compound::No), ("кока".to_owned(), Compound::No)].into());
        let plain = |text: &str| reads_as_surface(&lexicon, text.as_bytes(), 0, (&mut Vec::new(), &mut Vec::new()));
        for text in ["", "cocaine", "café – “crème” brûlée… 5€", "ｃｏｃａ１", "รองเท้า สีดำ", "漢字 かな", "c\u{200b}o", "★ new ★ ｗｏｗ！"]
        {
            assert!(plain(text), "{text}");
        }
        for text in ["сосаine", "кока", "c\u{5b0}oca", "𝟬½x", "go‼x", "ร x", "c●ke x"] {
            assert!(!plain(text), "{text}");
        }
    }
}

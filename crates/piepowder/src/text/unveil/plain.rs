//! Whether a reader who looks for words sees in a text what its surface shows, but for stretches that no word can be in: then a look at
//! the surface says whether anything is disguised. It replaces nothing. Invariant: a text is plain only where every run that reads as a word
//! has nothing but ASCII letters, digits and symbols for units, and the surface shows them.

use super::rows::ROW_LETTERS;
use super::runs::may_part;
use crate::text::classes::{Class, class};
use crate::text::decode::{ascii_run, decode, is_continuation};
use crate::text::hash;
use crate::text::lexicon::Lexicon;
use crate::text::neighbors::{LONG, LONGEST};
use crate::text::surface::{Image, fold_char};
use crate::text::units::{Key, Kind, Seen, Unit, ascii_kind, has_look, is_unit, read};
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
    /// Letters in it that no word has: with one of them it is no word.
    hopeless: usize,
    /// Its beginning was told to the row already, as a letter that may stand alone.
    told: bool,
}

/// What a look over a text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    /// The surface shows what a reader sees. Accents, quotes, dashes, bullets and pictures are no hindrance, nor are scripts that no word is
    /// written in, though some of their letters look like others.
    pub(super) plain: bool,
    /// Some run that looks like letters which it is not may be a word with a mistake.
    pub(super) long_look_alikes: bool,
}

impl Look {
    /// Looks over a text.
    pub(super) fn over(lexicon: &Lexicon, text: &[u8], buffers: Buffers<'_>) -> Look {
        let mut look = Look { plain: true, long_look_alikes: false };
        if each_other(text).all(is_shown) {
            return look;
        }
        let (units, own) = buffers;
        look.each_odd_run(lexicon, text, units, |look, run, row| {
            own.clear();
            read_run(&text[run.clone()], own);
            look.long_look_alikes |= is_edit_away(lexicon, own);
            let reads = may_read(lexicon, own, row) || reads_over_break(lexicon, text, run, own);
            look.plain &= !reads;
        });
        look
    }

    /// Tells the runs of which something is not what the surface shows, but for those that can be no words, until nothing more can be said.
    fn each_odd_run(&mut self, lexicon: &Lexicon, text: &[u8], units: &mut Vec<Unit>, mut tell: impl FnMut(&mut Look, Range<usize>, &mut Row)) {
        let (mut run, mut row) = (Run::default(), Row::default());
        units.clear();
        let mut end = |look: &mut Look, run: &Run, row: &mut Row, end: usize| {
            if run.odd && run.hopeless == 0 {
                tell(look, run.start..end, row);
            } else if run.hopeless > 1 {
                *row = Row::default();
            } else if run.start < end && !run.told {
                // It may be a single.
                look.plain &= !row.push(false);
            }
        };
        let mut at = 0;
        while at < text.len() && (self.plain || !self.long_look_alikes) {
            if text[at].is_ascii() {
                let ascii = ascii_run(&text[at..]);
                let passed = &text[at..at + ascii];
                let is_gap = |b: &u8| !is_unit(*b);
                if let Some(gap) = passed.iter().position(is_gap) {
                    end(self, &run, &mut row, at + gap);
                    self.plain &= !row.pass(&passed[gap..]);
                    let last = passed.iter().rposition(is_gap).unwrap_or(gap);
                    run = Run { start: at + last + 1, told: last + 1 < ascii, ..Run::default() };
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
            at += len;
            // No letter is a gap, and in a run that is no word nothing else matters.
            if run.hopeless > 1 && class(c) == Class::Letter {
                at += letters(&text[at..]);
                continue;
            }
            let before = units.len();
            match read(c, units, 0) {
                Seen::Units => {
                    let own = &units[before..];
                    run.odd |= !own.iter().all(|u| u.kind == Kind::Plain) && !folds_to(c, |b| b.is_ascii_digit()) && !folds_to(c, is_symbol);
                    run.hopeless += own.iter().filter(|u| u.kind == Kind::Opaque && !u.c.is_ascii() && !lexicon.has(u.c)).count();
                }
                Seen::Dropped => {}
                Seen::ForeignMark => run.odd = true,
                Seen::Gap => {
                    end(self, &run, &mut row, at - len);
                    // What shows as a symbol on the surface and is none to a reader.
                    self.plain &= !shows_symbols(c);
                    run = Run { start: at, ..Run::default() };
                    units.clear();
                }
            }
        }
        end(self, &run, &mut row, text.len());
    }
}

/// The characters of a text that are not ASCII.
fn each_other(text: &[u8]) -> impl Iterator<Item = char> {
    let mut at = 0;
    core::iter::from_fn(move || {
        at += ascii_run(&text[at..]);
        let (c, len, _) = decode(text.get(at..).filter(|rest| !rest.is_empty())?);
        at += len;
        Some(c)
    })
}

/// Whether a reader sees in a character, which is not ASCII, what the surface shows of it wherever it stands: letters with accents, digits, and
/// what is a gap to both. Texts of such characters, the most that are not ASCII, need no look at their runs.
fn is_shown(c: char) -> bool {
    let shows = |image: &[u8], of: fn(u8) -> bool| image.iter().all(|byte| of(*byte));
    !has_look(c)
        && match fold_char(c) {
            Image::Same(c) => !matches!(class(c), Class::Letter | Class::Digit),
            Image::Other(image) if shows(image, |byte| byte.is_ascii_alphabetic()) || shows(image, |byte| byte.is_ascii_digit()) => true,
            Image::Other(image) => image.is_ascii() && !shows_symbols(c) || image.len() == 1,
        }
}

/// How many bytes the letters have that a text begins with and that are no ASCII.
fn letters(text: &[u8]) -> usize {
    let mut at = 0;
    while text.get(at).is_some_and(|byte| !byte.is_ascii()) {
        let (c, len, _) = decode(&text[at..]);
        if class(c) != Class::Letter {
            break;
        }
        at += len;
    }
    at
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
    // From the last ASCII gap on, so that lines are not read once for each line behind them.
    let gap = before.iter().rev().take(WORD_BYTES).position(|b| b.is_ascii() && !is_unit(*b));
    let mut start = before.len() - gap.unwrap_or(WORD_BYTES.min(before.len()));
    while start < before.len() && is_continuation(before[start]) {
        start += 1;
    }
    own.clear();
    let (mut rest, mut is_whole) = (&before[start..], start == 0 || gap.is_some());
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

/// Singles one behind another, of which some is odd, as far as is known: what is not known goes on with the row.
#[derive(Default)]
struct Row {
    singles: usize,
    odd: bool,
}

impl Row {
    /// Goes on with a single. Whether that may be enough for a row.
    fn push(&mut self, odd: bool) -> bool {
        self.singles += 1;
        self.odd |= odd;
        self.odd && self.singles >= ROW_LETTERS
    }

    /// Goes on with ASCII text behind a run. A run of two bytes or more ends a row.
    fn pass(&mut self, text: &[u8]) -> bool {
        let unit = |at: usize| is_unit(text[at]);
        let from = (1..text.len()).rev().find(|at| unit(*at) && unit(*at - 1));
        if from.is_some() {
            *self = Row::default();
        }
        // The run that the text ends with may go on behind it.
        (from.map_or(0, |at| at + 1)..text.len()).filter(|at| unit(*at)).fold(false, |enough, _| enough | self.push(false))
    }
}

/// Whether a run may be read as a word, or with others in a row.
fn may_read(lexicon: &Lexicon, units: &[Unit], row: &mut Row) -> bool {
    let symbol = |u: &&Unit| u.kind == Kind::Symbol;
    let trimmed = &units[units.iter().take_while(symbol).count()..];
    let trimmed = &trimmed[..trimmed.len() - trimmed.iter().rev().take_while(symbol).count()];
    if units.len() == 1 || trimmed.len() == 1 {
        return row.push(true);
    }
    is_known(lexicon, units) || is_known(lexicon, trimmed) || may_part(units)
}

/// Whether the letters that a run looks like are a word with a mistake.
fn is_edit_away(lexicon: &Lexicon, units: &[Unit]) -> bool {
    let mut text = [0; LONGEST];
    if !(LONG - 1..=LONGEST).contains(&units.len()) || !units.iter().all(|u| matches!(u.kind, Kind::Plain | Kind::Look)) {
        return false;
    }
    // Units of these kinds are ASCII letters.
    text.iter_mut().zip(units).for_each(|(byte, unit)| *byte = unit.c as u8);
    let text = &text[..units.len()];
    lexicon.an_edit_away(text, hash(text)).is_some()
}

/// Whether a character folds to ASCII bytes of a kind, one or more.
fn folds_to(c: char, of: impl Fn(u8) -> bool) -> bool {
    matches!(fold_char(c), Image::Other(image) if !image.is_empty() && image.iter().all(|b| of(*b)))
}

/// Whether what a gap folds to has a symbol in it.
fn shows_symbols(c: char) -> bool {
    matches!(fold_char(c), Image::Other(image) if image.iter().any(|b| is_unit(*b)))
}

fn is_symbol(byte: u8) -> bool {
    matches!(ascii_kind(byte), Some(Kind::Symbol))
}

#[cfg(test)]
mod tests {
    use super::Look;
    use crate::text::{Compound, Lexicon};

    #[test]
    fn plain_texts_pass_by() {
        let lexicon = Lexicon::new(["cocaine", "кока"].into_iter().map(|w| (w, Compound::No)).collect());
        let plain = |text: &str| Look::over(&lexicon, text.as_bytes(), (&mut Vec::new(), &mut Vec::new())).plain;
        for text in ["", "cocaine", "café – “crème” brûlée… 5€", "ｃｏｃａ１", "รองเท้า สีดำ", "漢字 かな", "c\u{200b}o", "★ new ★ ｗｏｗ！"]
        {
            assert!(plain(text), "{text}");
        }
        // Odd, and no word.
        for text in ["ร x", "c●ke x", "½ g", "со вода"] {
            assert!(plain(text), "{text}");
        }
        for text in ["сосаine", "кока", "coca\u{e34}ine", "go‼x", "с о с а", "coc\nаine", "соc-\r\naine"] {
            assert!(!plain(text), "{text}");
        }
    }
}

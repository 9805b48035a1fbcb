//! The reader of valid rows: one pass over the members of the outer object, by the index of quotes and the names of earlier rows. It says
//! nothing of a row that has any fault, or a key that it has not seen; [`strict`](super::strict) is asked then.
//! Invariant: what it reads of a row is what the strict reader reads of it.

use super::cursor::{Cursor, Escapes};
use super::names::{Known, Names};
use super::scan;
use super::{Parts, Slot};
use crate::columns::{Columns, Target};
use crate::jsonl::Line;
use piepowder_bytes::{Kernels, Quotes};

/// How many rows in a row may teach their keys without a row between them that needed none of it. Rows of which each has keys of its own
/// would pay for nothing; they teach one time in so many.
const PATIENCE: u32 = 32;

/// The buffers of the reader, and what it learned.
#[derive(Debug)]
pub(super) struct Fast {
    kernels: Kernels,
    index: Quotes,
    names: Names,
    /// What is left of the patience, and the rows that were not learned from since.
    patience: u32,
    passed: u32,
}

impl Fast {
    pub(super) fn new(kernels: Kernels) -> Self {
        Fast { kernels, index: Quotes::default(), names: Names::default(), patience: PATIENCE, passed: 0 }
    }

    /// Reads a line into the parts; nothing when it is not for this reader, and then the parts are of no use.
    pub(super) fn read(&mut self, line: &Line<'_>, columns: &Columns, parts: &mut Parts) -> Option<()> {
        parts.clear();
        self.names.start();
        let mut cursor = Cursor::new(line, &mut self.index, self.kernels);
        let mut at = cursor.skip_space(0);
        if cursor.byte(at) != b'{' {
            return None;
        }
        at = cursor.skip_space(at + 1);
        if cursor.byte(at) != b'}' {
            at = members(at, &mut cursor, &mut self.names, columns, parts)?;
        }
        if cursor.skip_space(at + 1) != line.bytes.len() {
            return None;
        }
        self.patience = PATIENCE.min(self.patience + 1);
        Some(())
    }

    /// Takes in the keys of a valid row: their texts and the bytes of their quotes.
    pub(super) fn learn(&mut self, line: &[u8], columns: &Columns, decoded: &[u8], keys: &[(Slot, u32)]) {
        if self.patience == 0 {
            self.passed += 1;
            if self.passed < PATIENCE {
                return;
            }
            self.passed = 0;
        }
        self.patience = self.patience.saturating_sub(1);
        let raw = |quote: u32| &line[quote as usize + 1..scan::string_end(line, quote as usize)];
        self.names.learn(keys.iter().map(|(slot, quote)| (raw(*quote), slot.bytes(line, decoded))), columns);
    }
}

/// Reads the members of the outer object, the first of which begins here; gives the place of the closing bracket.
#[inline(always)]
fn members(mut at: usize, cursor: &mut Cursor<'_>, names: &mut Names, columns: &Columns, parts: &mut Parts) -> Option<usize> {
    loop {
        if cursor.byte(at) != b'"' {
            return None;
        }
        let Known { length, column } = names.find(cursor.line.get(at + 1..)?)?;
        let close = at + 1 + length;
        cursor.skip_known(at, close)?;
        at = close + 1;
        if cursor.byte(at) != b':' {
            at = cursor.skip_space(at);
            if cursor.byte(at) != b':' {
                return None;
            }
        }
        at = cursor.skip_space(at + 1);
        at = match column {
            None => cursor.skip_value(at)?,
            Some(column) => value(at, cursor, column, columns.table()[column].target, parts)?,
        };
        if cursor.byte(at) != b',' {
            at = cursor.skip_space(at);
            match cursor.byte(at) {
                b'}' => return Some(at),
                b',' => {}
                _ => return None,
            }
        }
        at = cursor.skip_space(at + 1);
    }
}

/// Reads the value of a column; gives the place behind it.
#[inline(always)]
fn value(at: usize, cursor: &mut Cursor<'_>, column: usize, target: Target, parts: &mut Parts) -> Option<usize> {
    parts.ids += u32::from(target == Target::Id);
    match cursor.byte(at) {
        b'"' => {
            let (close, escapes) = cursor.string(at)?;
            let (start, end) = (at as u32 + 1, close as u32);
            parts.slots[column] = match escapes {
                Escapes::None => Slot::Given(start, end),
                Escapes::Some => parts.unescaped(cursor.line, start, end),
                Escapes::Perhaps => parts.text(cursor.line, start, end),
            };
            if target == Target::Id {
                parts.raw_id = Slot::Given(at as u32, end + 1);
            }
            Some(close + 1)
        }
        b'-' | b'0'..=b'9' if !matches!(target, Target::Text(_)) => {
            let end = cursor.number(at)?;
            // The text of the number, never its value: no rounding, no overflow.
            parts.slots[column] = Slot::Given(at as u32, end as u32);
            if target == Target::Id {
                parts.raw_id = parts.slots[column];
            }
            Some(end)
        }
        b'n' => cursor.word(at, b"null"),
        _ => None,
    }
}

//! One line's bytes -> a record: its raw id and its listing. Text is borrowed from the line unless it holds escapes; all buffers are
//! reused. A line is read by [`fast`], which knows valid rows alone; whatever that refuses is read once more by [`strict`], which says what
//! is wrong and where. Field texts are taken as bytes, so that broken encoding reaches the engine, which flags it, and loses no row.
//! Invariant: a row is read exactly as any strict parser would read it, or refused; which of the two readers read it shows in nothing.

mod cursor;
mod fast;
mod names;
mod scan;
mod strict;
#[cfg(test)]
mod tests;
mod unescape;

use crate::columns::{Columns, Target};
use crate::error::{RowError, escape, write_number, write_string};
use crate::jsonl::{Line, LineEnd};
use fast::Fast;
use piepowder::{Field, FieldId, Flags, Listing, Value};
use piepowder_bytes::Kernels;
use strict::{Fault, Strict};
use unescape::unescape;

/// Where a text lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Slot {
    #[default]
    Absent,
    /// In the parsed bytes, as given.
    Given(u32, u32),
    /// In the buffer of unescaped texts.
    Decoded(u32, u32),
}

impl Slot {
    fn bytes<'a>(self, parsed: &'a [u8], decoded: &'a [u8]) -> &'a [u8] {
        match self {
            Slot::Absent => &[],
            Slot::Given(start, end) => &parsed[start as usize..end as usize],
            Slot::Decoded(start, end) => &decoded[start as usize..end as usize],
        }
    }
}

/// What a reader fills.
#[derive(Debug, Default)]
struct Parts {
    /// By column of the table.
    slots: Vec<Slot>,
    decoded: Vec<u8>,
    /// Times the id column occurred.
    ids: u32,
    /// The raw JSON of the id, in the parsed bytes.
    raw_id: Slot,
    /// What the id's encoding deserves.
    flags: Flags,
}

impl Parts {
    fn clear(&mut self) {
        self.slots.fill(Slot::Absent);
        self.decoded.clear();
        self.ids = 0;
        self.raw_id = Slot::Absent;
        self.flags = Flags::NONE;
    }

    /// A valid string's content, borrowed where it has no escapes.
    fn text(&mut self, parsed: &[u8], start: u32, end: u32) -> Slot {
        match memchr::memchr(b'\\', &parsed[start as usize..end as usize]) {
            None => Slot::Given(start, end),
            Some(_) => self.unescaped(parsed, start, end),
        }
    }

    /// A valid string's content with its escapes resolved.
    fn unescaped(&mut self, parsed: &[u8], start: u32, end: u32) -> Slot {
        let from = self.decoded.len() as u32;
        unescape(&parsed[start as usize..end as usize], &mut self.decoded);
        Slot::Decoded(from, self.decoded.len() as u32)
    }

    fn write_id(&mut self, parsed: &[u8], line: u64, out: &mut Vec<u8>) {
        out.clear();
        let (Slot::Given(start, _), 1) = (self.raw_id, self.ids) else {
            write_number(line, out);
            return;
        };
        let raw = self.raw_id.bytes(parsed, &[]);
        if parsed[start as usize] != b'"' {
            out.extend_from_slice(raw);
            return;
        }
        // The decoded text says whether the raw one is valid Unicode: a lone surrogate escape is ASCII and still broken.
        let text = self.slots[0].bytes(parsed, &self.decoded);
        match std::str::from_utf8(text) {
            // No control character is echoed as it is given.
            Ok(_) if scan::has_control(raw) => scan::escape_controls(raw, out),
            Ok(_) => out.extend_from_slice(raw),
            Err(_) => {
                self.flags = Flags::INVALID_ENCODING;
                write_string(&String::from_utf8_lossy(text), out);
            }
        }
    }
}

/// A reader of records. One for each worker; it keeps the last record read. Once warm it allocates nothing for a row whose keys came before.
#[derive(Debug)]
pub struct Record<'c> {
    columns: &'c Columns,
    parts: Parts,
    fast: Fast,
    strict: Strict,
    /// The line with raw control characters escaped; parsed in its place when it had any.
    escaped: Vec<u8>,
    is_escaped: bool,
    id: Vec<u8>,
}

impl<'c> Record<'c> {
    /// A reader for these columns.
    pub fn new(columns: &'c Columns) -> Self {
        Record::with_kernels(columns, Kernels::best())
    }

    pub(crate) fn with_kernels(columns: &'c Columns, kernels: Kernels) -> Self {
        let parts = Parts { slots: vec![Slot::Absent; columns.table().len()], ..Parts::default() };
        Record { columns, parts, fast: Fast::new(kernels), strict: Strict::default(), escaped: Vec::new(), is_escaped: false, id: Vec::new() }
    }

    /// Reads a line. After an error, the id is still the row's own where it could be read.
    ///
    /// # Errors
    /// The row is no flat record; see [`Code`](crate::Code).
    pub fn read(&mut self, line: &Line<'_>) -> Result<(), RowError> {
        if self.fast.read(line, self.columns, &mut self.parts).is_none() {
            return self.read_strictly(line);
        }
        self.is_escaped = false;
        self.parts.write_id(line.bytes, line.number, &mut self.id);
        Ok(())
    }

    #[cold]
    fn read_strictly(&mut self, line: &Line<'_>) -> Result<(), RowError> {
        self.is_escaped = scan::has_control(line.bytes);
        if self.is_escaped {
            scan::escape_controls(line.bytes, &mut self.escaped);
        }
        let parsed = if self.is_escaped { &self.escaped } else { line.bytes };
        let outcome = self.strict.read(parsed, self.columns, &mut self.parts);
        self.parts.write_id(parsed, line.number, &mut self.id);
        if outcome.is_ok() {
            // With its control characters escaped a key is spelled otherwise than in the line, but it is the same key.
            self.fast.learn(parsed, self.columns, &self.parts.decoded, self.strict.keys());
        }
        outcome.map_err(|fault| self.locate(fault, line))
    }

    /// The raw JSON of the last record's id: its own, byte for byte, or the line number. Text that is not Unicode is replaced by U+FFFD.
    pub fn id(&self) -> &[u8] {
        &self.id
    }

    /// Flags of the last record that the engine cannot know: an id that is not Unicode.
    pub fn flags(&self) -> Flags {
        self.parts.flags
    }

    /// The last record's listing. `line` is the line that was read; `declared` receives the declared fields, to be set with
    /// [`Listing::with_declared`].
    pub fn listing<'a>(&'a self, line: &Line<'a>, declared: &mut Vec<(FieldId, Value<'a>)>) -> Listing<'a> {
        let parsed: &'a [u8] = if self.is_escaped { &self.escaped } else { line.bytes };
        let mut listing = Listing::new();
        for (column, slot) in self.columns.table().iter().zip(&self.parts.slots) {
            let (Target::Text(field) | Target::Number(field)) = column.target else { continue };
            if matches!(slot, Slot::Absent) {
                continue;
            }
            let bytes = slot.bytes(parsed, &self.parts.decoded);
            match Field::ALL.get(field.index()) {
                Some(fixed) => listing = listing.with(*fixed, bytes),
                None => declared.push((field, Value::Text(bytes))),
            }
        }
        listing
    }

    fn locate(&self, fault: Fault, line: &Line<'_>) -> RowError {
        let at = if self.is_escaped { scan::unescaped_position(line.bytes, fault.at) } else { fault.at };
        let at = at.min(line.bytes.len());
        let path = fault.column.map(|index| path(&self.columns.table()[index].name));
        let mut message = match &path {
            Some(path) => format!("{path} {}", fault.message),
            None => fault.message,
        };
        if line.end == LineEnd::Source {
            message.push_str("; this last line has no line feed, so it may be cut off");
        }
        RowError {
            source: line.source.clone(),
            code: fault.code,
            line: line.number,
            // Characters: every byte that does not continue a UTF-8 sequence begins one.
            column: line.bytes[..at].iter().filter(|b| **b & 0xC0 != 0x80).count() as u64 + 1,
            byte_offset: line.offset + at as u64,
            path: path.map(Into::into),
            message,
        }
    }
}

fn path(name: &str) -> String {
    if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return format!("$.{name}");
    }
    let mut out = String::from("$['");
    escape(name, 80, &mut out).expect("a string takes every character");
    out + "']"
}

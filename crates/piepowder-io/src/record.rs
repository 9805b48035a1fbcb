//! One line's bytes -> a record: its raw id and its listing. Text is borrowed from the line unless it holds escapes; all buffers are reused.
//! The JSON parser validates; the pre-scan bounds nesting and knows the places. Field texts are taken as bytes, so that broken encoding
//! reaches the engine, which flags it, and loses no row. Invariant: a row is read exactly as any strict parser would read it, or refused.

use crate::code::Code;
use crate::columns::{Columns, Found, Target};
use crate::error::{RowError, escape, write_number, write_string};
use crate::jsonl::{Line, LineEnd};
use crate::scan::{self, MAX_DEPTH, Member};
use crate::unescape::unescape;
use piepowder::{Field, FieldId, Flags, Listing, Value};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use std::fmt;

/// Where a text lies.
#[derive(Clone, Copy, Debug, Default)]
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

/// A row's fault, before it has a line.
struct Fault {
    code: Code,
    at: usize,
    column: Option<usize>,
    message: String,
}

/// What the parser fills.
#[derive(Debug, Default)]
struct Parts {
    /// By column of the table.
    slots: Vec<Slot>,
    decoded: Vec<u8>,
    keys: Vec<(Slot, u32)>,
    members: Vec<Member>,
    /// Times the id column occurred.
    ids: u32,
    /// The raw JSON of the id, in the parsed bytes.
    raw_id: Slot,
    /// What the id's encoding deserves.
    flags: Flags,
}

/// A reader of records. One for each worker; it keeps the last record read. Once warm it allocates nothing for a good row; the JSON
/// parser does once, for ignored values nested in one another or a key with escapes.
#[derive(Debug)]
pub struct Record<'c> {
    columns: &'c Columns,
    parts: Parts,
    /// The line with raw control characters escaped; parsed in its place when it had any.
    escaped: Vec<u8>,
    is_escaped: bool,
    id: Vec<u8>,
}

impl<'c> Record<'c> {
    /// A reader for these columns.
    pub fn new(columns: &'c Columns) -> Self {
        let parts = Parts { slots: vec![Slot::Absent; columns.table().len()], ..Parts::default() };
        Record { columns, parts, escaped: Vec::new(), is_escaped: false, id: Vec::new() }
    }

    /// Reads a line. After an error, the id is still the row's own where it could be read.
    ///
    /// # Errors
    /// The row is no flat record; see [`Code`].
    pub fn read(&mut self, line: &Line<'_>) -> Result<(), RowError> {
        self.is_escaped = scan::has_control(line.bytes);
        if self.is_escaped {
            scan::escape_controls(line.bytes, &mut self.escaped);
        }
        let parsed = if self.is_escaped { &self.escaped } else { line.bytes };
        let outcome = self.parts.parse(parsed, self.columns);
        self.parts.write_id(parsed, line.number, &mut self.id);
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

impl Parts {
    fn parse(&mut self, parsed: &[u8], columns: &Columns) -> Result<(), Fault> {
        self.slots.fill(Slot::Absent);
        self.decoded.clear();
        self.keys.clear();
        self.ids = 0;
        self.raw_id = Slot::Absent;
        self.flags = Flags::NONE;
        if let Err(at) = scan::scan(parsed, &mut self.members) {
            let message = format!("this bracket opens level {}; at most {MAX_DEPTH} levels were expected", MAX_DEPTH + 1);
            return Err(Fault { code: Code::Depth, at, column: None, message });
        }
        let first = scan::skip_space(parsed, 0);
        let mut parser = serde_json::Deserializer::from_slice(parsed);
        let mut fault = None;
        let result = if parsed.get(first) == Some(&b'{') {
            parser.deserialize_map(RowVisitor { parts: self, parsed, columns, fault: &mut fault })
        } else {
            let message = format!("the line is {}; an object was expected", describe(parsed.get(first).copied()));
            fault = Some(Fault { code: Code::NotObject, at: first, column: None, message });
            serde::Deserialize::deserialize(&mut parser).map(|IgnoredAny| ())
        };
        result.map_err(|error| syntax(&error, parsed))?;
        parser.end().map_err(|error| Fault {
            code: Code::Trailing,
            at: error.column().saturating_sub(1),
            column: None,
            message: "something follows the value; one JSON object a line was expected".into(),
        })?;
        self.find_duplicate(parsed, &mut fault);
        fault.map_or(Ok(()), Err)
    }

    /// A valid string's content, borrowed where it has no escapes.
    fn text(&mut self, parsed: &[u8], start: u32, end: u32) -> Slot {
        let content = &parsed[start as usize..end as usize];
        if memchr::memchr(b'\\', content).is_none() {
            return Slot::Given(start, end);
        }
        let from = self.decoded.len() as u32;
        unescape(content, &mut self.decoded);
        Slot::Decoded(from, self.decoded.len() as u32)
    }

    /// Sorted, not hashed: no key can be crafted against it.
    fn find_duplicate(&mut self, parsed: &[u8], fault: &mut Option<Fault>) {
        let decoded = &self.decoded;
        let bytes = |slot: Slot| slot.bytes(parsed, decoded);
        self.keys.sort_unstable_by(|(a, at), (b, other)| {
            let (a, b) = (bytes(*a), bytes(*b));
            a.len().cmp(&b.len()).then_with(|| a.cmp(b)).then(at.cmp(other))
        });
        let second = self.keys.windows(2).filter(|pair| bytes(pair[0].0) == bytes(pair[1].0)).map(|pair| pair[1].1).min();
        if let Some(at) = second {
            keep_first(fault, Code::DuplicateKey, at as usize, None, || "this key occurs twice in the object; each key once was expected".into());
        }
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
            Ok(_) => out.extend_from_slice(raw),
            Err(_) => {
                self.flags = Flags::INVALID_ENCODING;
                write_string(&String::from_utf8_lossy(text), out);
            }
        }
    }
}

/// Of the faults that leave a row valid JSON, the leftmost is told.
fn keep_first(fault: &mut Option<Fault>, code: Code, at: usize, column: Option<usize>, message: impl FnOnce() -> String) {
    if fault.as_ref().is_none_or(|f| at < f.at) {
        *fault = Some(Fault { code, at, column, message: message() });
    }
}

fn syntax(error: &serde_json::Error, parsed: &[u8]) -> Fault {
    let text = error.to_string();
    // The parser's own place counts bytes of one line; ours is told apart from the message.
    let what = text.rfind(" at line ").map_or(text.as_str(), |end| &text[..end]);
    let at = if error.is_eof() { parsed.len() } else { error.column().saturating_sub(1) };
    Fault { code: Code::Syntax, at, column: None, message: format!("{what}; one valid JSON object was expected") }
}

fn describe(first: Option<u8>) -> &'static str {
    match first {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
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

struct RowVisitor<'r> {
    parts: &'r mut Parts,
    parsed: &'r [u8],
    columns: &'r Columns,
    fault: &'r mut Option<Fault>,
}

impl<'de> Visitor<'de> for RowVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let RowVisitor { parts, parsed, columns, fault } = self;
        let mut index = 0;
        while let Some(text) = map.next_key_seed(KeySeed(&mut parts.decoded))? {
            let Some(&Member { key, value }) = parts.members.get(index) else {
                return Err(A::Error::custom("the members could not be located"));
            };
            index += 1;
            let slot = text.slot(key);
            parts.keys.push((slot, key));
            let found = columns.find(slot.bytes(parsed, &parts.decoded));
            let first = parsed.get(value as usize).copied();
            let column = match found {
                Found::Unknown => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
                Found::Case(column) => {
                    keep_first(fault, Code::KeyCase, key as usize, Some(column), || {
                        "has a key that differs from it in letter case alone; the exact name was expected".into()
                    });
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
                Found::Column(column) => column,
            };
            let target = columns.table()[column].target;
            let wants_text = matches!(target, Target::Text(_));
            match first {
                Some(b'"') => {
                    map.next_value::<IgnoredAny>()?;
                    let end = scan::string_end(parsed, value as usize) as u32;
                    parts.slots[column] = parts.text(parsed, value + 1, end - 1);
                    if target == Target::Id {
                        parts.raw_id = Slot::Given(value, end);
                    }
                }
                Some(b'-' | b'0'..=b'9') if !wants_text => {
                    map.next_value::<IgnoredAny>()?;
                    // The text of the number, never its value: no rounding, no overflow.
                    let raw = Slot::Given(value, scan::number_end(parsed, value as usize) as u32);
                    parts.slots[column] = raw;
                    if target == Target::Id {
                        parts.raw_id = raw;
                    }
                }
                Some(b'n') => {
                    map.next_value::<IgnoredAny>()?;
                }
                other => {
                    map.next_value::<IgnoredAny>()?;
                    let wanted = if wants_text { "a string or null" } else { "a string, a number or null" };
                    keep_first(fault, Code::Type, value as usize, Some(column), || format!("is {}; {wanted} was expected", describe(other)));
                }
            }
            parts.ids += u32::from(target == Target::Id);
        }
        Ok(())
    }
}

/// A key, borrowed or unescaped, without its place.
enum Text {
    Given(u32),
    Decoded(u32, u32),
}

impl Text {
    /// `quote` is the byte of the opening quote.
    fn slot(self, quote: u32) -> Slot {
        match self {
            Text::Given(length) => Slot::Given(quote + 1, quote + 1 + length),
            Text::Decoded(start, end) => Slot::Decoded(start, end),
        }
    }
}

/// Reads a key as bytes: what is not Unicode passes through, lone surrogates as their three bytes.
struct KeySeed<'b>(&'b mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Text;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_> {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Text, E> {
        Ok(Text::Given(bytes.len() as u32))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
        let start = self.0.len() as u32;
        self.0.extend_from_slice(bytes);
        Ok(Text::Decoded(start, self.0.len() as u32))
    }
}

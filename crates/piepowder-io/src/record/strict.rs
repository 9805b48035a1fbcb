//! The reader that explains: a line through `serde_json`, with the place of every fault. A pre-scan bounds nesting and knows where the
//! members are; the parser validates. It is the slow path, for rows that the fast reader refuses and for the first row with new keys, and
//! the oracle of the fast reader in tests.
//! Invariant: of the faults that leave a row valid JSON, the leftmost is told; a syntax fault comes before all of them.

use super::scan::{self, MAX_DEPTH, Member};
use super::{Parts, Slot};
use crate::code::Code;
use crate::columns::{Columns, Found, Target};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use std::fmt;

/// A row's fault, before it has a line.
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) at: usize,
    pub(super) column: Option<usize>,
    pub(super) message: String,
}

/// The buffers of the parser.
#[derive(Debug, Default)]
pub(super) struct Strict {
    members: Vec<Member>,
    /// Each key of the outer object and the byte of its quote.
    keys: Vec<(Slot, u32)>,
}

impl Strict {
    /// Reads a line into the parts.
    pub(super) fn read(&mut self, parsed: &[u8], columns: &Columns, parts: &mut Parts) -> Result<(), Fault> {
        parts.clear();
        self.keys.clear();
        if let Err(at) = scan::scan(parsed, &mut self.members) {
            let message = format!("this bracket opens level {}; at most {MAX_DEPTH} levels were expected", MAX_DEPTH + 1);
            return Err(Fault { code: Code::Depth, at, column: None, message });
        }
        let first = scan::skip_space(parsed, 0);
        let mut parser = serde_json::Deserializer::from_slice(parsed);
        let mut fault = None;
        let result = if parsed.get(first) == Some(&b'{') {
            parser.deserialize_map(RowVisitor { parts, strict: self, parsed, columns, fault: &mut fault })
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
        self.find_duplicate(parsed, &parts.decoded, &mut fault);
        fault.map_or(Ok(()), Err)
    }

    /// The keys of the last line in its order, if it was valid: where the text is, and the byte of the opening quote.
    pub(super) fn keys(&mut self) -> &[(Slot, u32)] {
        self.keys.sort_unstable_by_key(|(_, at)| *at);
        &self.keys
    }

    /// Sorted, not hashed: no key can be crafted against it.
    fn find_duplicate(&mut self, parsed: &[u8], decoded: &[u8], fault: &mut Option<Fault>) {
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

struct RowVisitor<'r> {
    parts: &'r mut Parts,
    strict: &'r mut Strict,
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
        let RowVisitor { parts, strict, parsed, columns, fault } = self;
        let mut index = 0;
        while let Some(text) = map.next_key_seed(KeySeed(&mut parts.decoded))? {
            let Some(&Member { key, value }) = strict.members.get(index) else {
                return Err(A::Error::custom("the members could not be located"));
            };
            index += 1;
            let slot = text.slot(key);
            strict.keys.push((slot, key));
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

//! What can go wrong: a row (`RowError`, the rest goes on) or the run (`Error`, fatal). Neither carries text of a row: places and
//! types are enough to find it, and text would carry the attacker's bytes into logs. Invariant: one error is one line.

use crate::code::Code;
use core::fmt;
use std::io;
use std::sync::Arc;

/// A row that could not be scored, and where exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    pub(crate) source: Arc<str>,
    pub(crate) code: Code,
    pub(crate) line: u64,
    pub(crate) column: u64,
    pub(crate) byte_offset: u64,
    pub(crate) path: Option<Arc<str>>,
    pub(crate) message: String,
}

impl RowError {
    /// Name of the source, as given.
    pub fn source_name(&self) -> &str {
        &self.source
    }

    /// What kind of fault it is.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Line in the source, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Column in the line, from 1, in characters; a byte order mark does not count.
    pub fn column(&self) -> u64 {
        self.column
    }

    /// Byte of the source, from 0; a byte order mark counts.
    pub fn byte_offset(&self) -> u64 {
        self.byte_offset
    }

    /// The JSON path of a known field, such as `$.title`.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// What is wrong and what was expected, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Appends the outcome of the row as one JSON object without a line feed. `id` is raw JSON.
    pub fn write_json(&self, id: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"v\":1,\"id\":");
        out.extend_from_slice(id);
        out.extend_from_slice(b",\"error\":{\"code\":\"");
        out.extend_from_slice(self.code.word().as_bytes());
        out.extend_from_slice(b"\",\"line\":");
        write_number(self.line, out);
        out.extend_from_slice(b",\"column\":");
        write_number(self.column, out);
        out.extend_from_slice(b",\"message\":");
        write_string(&self.message, out);
        out.extend_from_slice(b"}}");
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(&self.source, usize::MAX, f)?;
        write!(f, ":{}:{} (byte {}): {}: ", self.line, self.column, self.byte_offset, self.code.word())?;
        escape(&self.message, usize::MAX, f)
    }
}

impl std::error::Error for RowError {}

/// What kind of thing stopped the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The source is not UTF-8 text (a UTF-16 byte order mark).
    Encoding,
    /// Reading failed.
    Read,
    /// Writing failed.
    Write,
    /// A setting is out of range, names what is not there, or contradicts another.
    Setting,
}

/// Why a run could not start or go on.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    cause: Option<io::Error>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error { kind, message: message.into(), cause: None }
    }

    pub(crate) fn io(kind: ErrorKind, message: impl Into<String>, cause: io::Error) -> Self {
        Error { kind, message: message.into(), cause: Some(cause) }
    }

    /// The kind.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The error of the operating system, if there is one.
    pub fn io_error(&self) -> Option<&io::Error> {
        self.cause.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(&self.message, usize::MAX, f)?;
        match &self.cause {
            Some(cause) => write!(f, ": {cause}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|c| c as &(dyn std::error::Error + 'static))
    }
}

/// Whether a character could move a cursor, reorder a line or hide in it.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Writes at most `most` characters of a text, the dangerous ones as `\u{..}`.
pub(crate) fn escape(text: &str, most: usize, f: &mut impl fmt::Write) -> fmt::Result {
    let mut chars = text.chars();
    for c in chars.by_ref().take(most) {
        if is_unsafe(c) {
            write!(f, "{}", c.escape_unicode())?;
        } else {
            f.write_char(c)?;
        }
    }
    if chars.next().is_some() { f.write_str("...") } else { Ok(()) }
}

/// Appends a decimal number.
pub(crate) fn write_number(number: u64, out: &mut Vec<u8>) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut rest = number;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends a JSON string.
pub(crate) fn write_string(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(out, text).expect("a vector takes every byte, and a string is always JSON");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimal() {
        for (n, want) in [(0, "0"), (7, "7"), (10, "10"), (u64::MAX, "18446744073709551615")] {
            let mut out = Vec::new();
            write_number(n, &mut out);
            assert_eq!(out, want.as_bytes());
        }
    }

    #[test]
    fn dangerous_characters_are_escaped_and_long_texts_cut() {
        let mut out = String::new();
        escape("a\u{1b}[2J\n\u{202e}b\u{e0041}", 80, &mut out).unwrap();
        assert_eq!(out, "a\\u{1b}[2J\\u{a}\\u{202e}b\\u{e0041}");
        out.clear();
        escape(&"x".repeat(81), 80, &mut out).unwrap();
        assert_eq!(out, format!("{}...", "x".repeat(80)));
    }

    #[test]
    fn an_error_is_one_line_and_its_json_is_json() {
        let error = RowError {
            source: "a\nb.jsonl".into(),
            code: Code::Type,
            line: 12,
            column: 8,
            byte_offset: 1042,
            path: Some("$.title".into()),
            message: "$.title is a number; a string was expected".into(),
        };
        assert_eq!(error.to_string(), "a\\u{a}b.jsonl:12:8 (byte 1042): json.type: $.title is a number; a string was expected");
        let mut out = Vec::new();
        error.write_json(b"\"x\"", &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            r#"{"v":1,"id":"x","error":{"code":"json.type","line":12,"column":8,"message":"$.title is a number; a string was expected"}}"#
        );
    }
}

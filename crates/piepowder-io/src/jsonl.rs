//! Whole lines of JSON Lines, and the records that they are. It reads nothing and parses no JSON; only a line feed ends a record.
//! Invariant: every line of a chunk is one frame, with its number and its place in the source.

use crate::code::Code;
use crate::error::RowError;
use std::sync::Arc;

/// Longest record, in bytes without its line feed.
pub const DEFAULT_MAX_RECORD: u32 = 1 << 20;

/// Whole lines of one source, owned, so that a worker can have them. Reused from chunk to chunk: a reader fills it in place.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    pub(crate) source: Arc<str>,
    /// All of it is initialized; the lines are `buffer[start..end]`.
    pub(crate) buffer: Vec<u8>,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) first_line: u64,
    /// Where the first line begins in the source.
    pub(crate) offset: u64,
    pub(crate) max_record: usize,
    /// A record beyond the limit behind the lines: its line and offset.
    pub(crate) too_long: Option<(u64, u64)>,
}

/// How a record ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// With a line feed.
    Feed,
    /// With the source.
    Source,
}

/// One record's bytes and place.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    pub(crate) source: &'a Arc<str>,
    pub(crate) bytes: &'a [u8],
    /// The same, and whatever lies behind it: blocks of bytes are loaded whole from here.
    pub(crate) beyond: &'a [u8],
    pub(crate) number: u64,
    pub(crate) offset: u64,
    pub(crate) end: LineEnd,
}

impl<'a> Line<'a> {
    /// The bytes without line feed and the carriage return before it.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Line in the source, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// First byte's place in the source, from 0.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// How it ends.
    pub fn end(&self) -> LineEnd {
        self.end
    }
}

/// What a line of a chunk is.
#[derive(Clone, Debug)]
pub enum Frame<'a> {
    /// A record to parse.
    Record(Line<'a>),
    /// Nothing but white space.
    Blank,
    /// A record beyond the limit, skipped.
    TooLong(RowError),
}

impl Chunk {
    /// The lines in order.
    pub fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        let mut start = self.start;
        let mut number = self.first_line;
        let lines = std::iter::from_fn(move || {
            let rest = self.buffer.get(start..self.end).filter(|rest| !rest.is_empty())?;
            let (length, next, end) = match memchr::memchr(b'\n', rest) {
                Some(feed) => (feed, start + feed + 1, LineEnd::Feed),
                None => (rest.len(), self.end, LineEnd::Source),
            };
            let frame = self.frame(start, length, number, end);
            start = next;
            number += 1;
            Some(frame)
        });
        lines.chain(self.too_long.map(|(line, offset)| Frame::TooLong(self.too_long_error(line, offset))))
    }

    fn frame(&self, start: usize, length: usize, number: u64, end: LineEnd) -> Frame<'_> {
        let offset = self.offset + (start - self.start) as u64;
        let beyond = &self.buffer[start..];
        let mut bytes = &beyond[..length];
        if bytes.len() > self.max_record {
            return Frame::TooLong(self.too_long_error(number, offset));
        }
        if bytes.iter().all(|b| matches!(b, b' ' | b'\t' | b'\r')) {
            return Frame::Blank;
        }
        if end == LineEnd::Feed {
            bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        }
        Frame::Record(Line { source: &self.source, bytes, beyond, number, offset, end })
    }

    /// Bytes that its buffer holds at present.
    pub fn buffer_size(&self) -> usize {
        self.buffer.len()
    }

    fn too_long_error(&self, line: u64, offset: u64) -> RowError {
        RowError {
            source: self.source.clone(),
            code: Code::TooLong,
            line,
            column: 1,
            byte_offset: offset,
            path: None,
            message: format!("the record is longer than the limit; at most {} bytes were expected before the line feed", self.max_record),
        }
    }
}

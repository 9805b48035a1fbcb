//! Frames JSON Lines: cuts any reader into chunks of whole lines, and chunks into records. It parses no JSON.
//! Only a line feed ends a record; the buffer never holds more than one record limit and one chunk, whatever the input.
//! Invariant: the records, their line numbers and offsets do not depend on how the reader hands out its bytes.

use crate::code::Code;
use crate::error::{Error, ErrorKind, RowError};
use std::io::{self, Read};
use std::sync::Arc;

/// Longest record, in bytes without its line feed.
pub const DEFAULT_MAX_RECORD: u32 = 1 << 20;
/// Bytes after which a chunk is cut at the next line end.
const TARGET: usize = 256 << 10;
/// Lines after which a chunk is cut, so that what a chunk writes stays bounded when its lines are tiny.
const MAX_LINES: u64 = 4_096;

/// Whole lines of one source, owned, so that a worker can have them. Reused from chunk to chunk.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    source: Arc<str>,
    bytes: Vec<u8>,
    first_line: u64,
    offset: u64,
    max_record: usize,
    too_long: Option<(u64, u64)>,
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
        let mut start = 0;
        let mut number = self.first_line;
        let lines = std::iter::from_fn(move || {
            let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
            let (length, next, end) = match memchr::memchr(b'\n', rest) {
                Some(feed) => (feed, start + feed + 1, LineEnd::Feed),
                None => (rest.len(), self.bytes.len(), LineEnd::Source),
            };
            let frame = self.frame(&rest[..length], number, self.offset + start as u64, end);
            start = next;
            number += 1;
            Some(frame)
        });
        lines.chain(self.too_long.map(|(line, offset)| Frame::TooLong(self.too_long_error(line, offset))))
    }

    fn frame<'a>(&'a self, bytes: &'a [u8], number: u64, offset: u64, end: LineEnd) -> Frame<'a> {
        if bytes.len() > self.max_record {
            return Frame::TooLong(self.too_long_error(number, offset));
        }
        if bytes.iter().all(|b| matches!(b, b' ' | b'\t' | b'\r')) {
            return Frame::Blank;
        }
        let bytes = if end == LineEnd::Feed { bytes.strip_suffix(b"\r").unwrap_or(bytes) } else { bytes };
        Frame::Record(Line { source: &self.source, bytes, number, offset, end })
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Start,
    Lines,
    /// Inside a record beyond the limit.
    Skipping,
    Done,
}

/// Cuts a reader into chunks.
#[derive(Debug)]
pub struct Framer<R> {
    reader: R,
    source: Arc<str>,
    buffer: Vec<u8>,
    /// The unread bytes are `buffer[start..end]`; those before `scanned` hold no line feed.
    start: usize,
    scanned: usize,
    end: usize,
    line: u64,
    offset: u64,
    max_record: usize,
    state: State,
}

impl<R: Read> Framer<R> {
    /// Frames `reader`; the name is for messages. Records longer than `max_record` bytes (at most 1 GiB) are skipped.
    pub fn new(name: impl Into<Arc<str>>, reader: R, max_record: u32) -> Self {
        Framer {
            reader,
            source: name.into(),
            buffer: Vec::new(),
            start: 0,
            scanned: 0,
            end: 0,
            line: 1,
            offset: 0,
            max_record: max_record.clamp(1, 1 << 30) as usize,
            state: State::Start,
        }
    }

    /// Fills `chunk` with the next whole lines; false at the end. A chunk may be empty.
    /// A read that comes back short ends a chunk early, so that a slow pipe is not kept waiting.
    ///
    /// # Errors
    /// A failed read (all lines before it have been handed out), or a UTF-16 byte order mark.
    pub fn next_chunk(&mut self, chunk: &mut Chunk) -> Result<bool, Error> {
        chunk.source.clone_from(&self.source);
        chunk.bytes.clear();
        chunk.max_record = self.max_record;
        chunk.too_long = None;
        if self.state == State::Start {
            self.read_mark()?;
            self.state = State::Lines;
        }
        loop {
            chunk.first_line = self.line;
            chunk.offset = self.offset;
            match self.state {
                State::Done => return Ok(false),
                State::Skipping => {
                    // One read a call: the caller can stop between any two.
                    self.skip();
                    if self.state == State::Skipping && self.read()? == 0 {
                        self.state = State::Done;
                    }
                    return Ok(true);
                }
                State::Start | State::Lines => {}
            }
            if let Some((cut, lines)) = self.find_cut() {
                chunk.bytes.extend_from_slice(&self.buffer[self.start..cut]);
                self.advance(cut);
                self.line += lines;
                return Ok(true);
            }
            if self.end - self.start > self.max_record {
                chunk.too_long = Some((self.line, self.offset));
                self.line += 1;
                self.state = State::Skipping;
                return Ok(true);
            }
            if self.read()? == 0 {
                self.state = State::Done;
                if self.start == self.end {
                    return Ok(false);
                }
                chunk.bytes.extend_from_slice(&self.buffer[self.start..self.end]);
                self.advance(self.end);
                return Ok(true);
            }
        }
    }

    /// Drops a UTF-8 byte order mark; refuses those of UTF-16 (which begin those of UTF-32, too).
    fn read_mark(&mut self) -> Result<(), Error> {
        while self.end < 3 && self.read()? > 0 {}
        let start = &self.buffer[..self.end];
        if start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") {
            let message = format!("{} begins with a UTF-16 byte order mark; UTF-8 was expected, so convert the file first", self.source);
            return Err(Error::new(ErrorKind::Encoding, message));
        }
        if start.starts_with(b"\xEF\xBB\xBF") {
            self.advance(3);
        }
        Ok(())
    }

    /// The end of the lines to hand out next, and how many they are.
    fn find_cut(&mut self) -> Option<(usize, u64)> {
        let mut cut = None;
        let mut lines = 0;
        for at in memchr::memchr_iter(b'\n', &self.buffer[self.scanned..self.end]) {
            lines += 1;
            cut = Some(self.scanned + at + 1);
            if lines == MAX_LINES || self.scanned + at - self.start >= TARGET {
                break;
            }
        }
        match cut {
            Some(cut) => Some((cut, lines)),
            None => {
                self.scanned = self.end;
                None
            }
        }
    }

    fn skip(&mut self) {
        match memchr::memchr(b'\n', &self.buffer[self.start..self.end]) {
            Some(feed) => {
                self.advance(self.start + feed + 1);
                self.state = State::Lines;
            }
            None => self.advance(self.end),
        }
    }

    fn advance(&mut self, to: usize) {
        self.offset += (to - self.start) as u64;
        self.start = to;
        self.scanned = to;
    }

    /// One successful read behind what is there; 0 at the end of the source.
    fn read(&mut self) -> Result<usize, Error> {
        if self.start > 0 {
            // Only what is left of one unfinished line moves, once for each chunk.
            self.buffer.copy_within(self.start..self.end, 0);
            self.scanned -= self.start;
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            // Doubled, so that a long record costs linear time; never beyond a record and a chunk.
            let size = (self.buffer.len() * 2).clamp(TARGET, self.max_record + TARGET);
            self.buffer.resize(size, 0);
        }
        loop {
            match self.reader.read(&mut self.buffer[self.end..]) {
                Ok(count) => {
                    self.end += count;
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.state = State::Done;
                    return Err(Error::io(ErrorKind::Read, format!("{} could not be read to its end", self.source), error));
                }
            }
        }
    }

    /// Bytes the buffer holds at present.
    pub fn buffer_size(&self) -> usize {
        self.buffer.len()
    }
}

//! Cuts any reader into chunks of whole lines. It reads straight into the chunk; what is read of the line after the last whole one is all
//! that is copied, so that handing chunks to workers costs nothing a byte. It parses nothing.
//! Invariant: the records, their line numbers and offsets do not depend on how the reader hands out its bytes, and no buffer holds more
//! than twice the longest record and one chunk, whatever the input.

use crate::error::{Error, ErrorKind};
use crate::jsonl::Chunk;
use std::io::{self, Read};
use std::sync::Arc;

/// Bytes that are read at once: large enough that system calls do not count, small enough for the processor's cache.
const TARGET: usize = 256 << 10;
/// A buffer that one record made larger than this is given back.
const KEPT: usize = 1 << 20;
/// Lines after which a chunk is cut, so that what a chunk writes stays bounded when its lines are tiny.
const MAX_LINES: u64 = 4_096;

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
    /// What was read and is in no chunk yet: `rest[start..]`.
    rest: Vec<u8>,
    start: usize,
    line: u64,
    offset: u64,
    max_record: usize,
    state: State,
}

impl<R: Read> Framer<R> {
    /// Frames `reader`; the name is for messages. Records longer than `max_record` bytes (at most 1 GiB) are skipped.
    pub fn new(name: impl Into<Arc<str>>, reader: R, max_record: u32) -> Self {
        let max_record = max_record.clamp(1, 1 << 30) as usize;
        Framer { reader, source: name.into(), rest: Vec::new(), start: 0, line: 1, offset: 0, max_record, state: State::Start }
    }

    /// Fills `chunk` with the next whole lines; false at the end. A chunk may be empty.
    /// A read that comes back short ends a chunk early, so that a slow pipe is not kept waiting.
    ///
    /// # Errors
    /// A failed read (all lines before it have been handed out), or a UTF-16 byte order mark.
    pub fn next_chunk(&mut self, chunk: &mut Chunk) -> Result<bool, Error> {
        self.begin(chunk);
        match self.state {
            State::Done => return Ok(false),
            State::Skipping => return self.skip(chunk),
            State::Start | State::Lines => {}
        }
        if let Some((length, lines)) = whole_lines(&self.rest[self.start..]) {
            fill(chunk, &self.rest[self.start..self.start + length]);
            self.start += length;
            self.advance(length, lines);
            return Ok(true);
        }
        fill(chunk, &self.rest[self.start..]);
        self.rest.clear();
        self.start = 0;
        let mut scanned = chunk.end;
        if self.state == State::Start {
            self.read_mark(chunk)?;
            self.state = State::Lines;
            scanned = chunk.start;
        }
        loop {
            if let Some((length, lines)) = whole_lines(&chunk.buffer[scanned..chunk.end]) {
                let cut = scanned + length;
                self.rest.extend_from_slice(&chunk.buffer[cut..chunk.end]);
                chunk.end = cut;
                self.advance(cut - chunk.start, lines);
                return Ok(true);
            }
            scanned = chunk.end;
            let length = chunk.end - chunk.start;
            if length > self.max_record {
                chunk.too_long = Some((self.line, self.offset));
                chunk.end = chunk.start;
                self.advance(length, 1);
                self.state = State::Skipping;
                return Ok(true);
            }
            if self.read(chunk)? == 0 {
                self.state = State::Done;
                self.advance(length, 1);
                return Ok(length > 0);
            }
        }
    }

    fn begin(&self, chunk: &mut Chunk) {
        chunk.source.clone_from(&self.source);
        chunk.first_line = self.line;
        chunk.offset = self.offset;
        chunk.max_record = self.max_record;
        chunk.too_long = None;
        (chunk.start, chunk.end) = (0, 0);
        if chunk.buffer.len() > KEPT {
            chunk.buffer = Vec::new();
        }
    }

    /// Drops a UTF-8 byte order mark; refuses those of UTF-16 (which begin those of UTF-32, too).
    fn read_mark(&mut self, chunk: &mut Chunk) -> Result<(), Error> {
        while chunk.end < 3 && self.read(chunk)? > 0 {}
        let first = &chunk.buffer[..chunk.end];
        if first.starts_with(b"\xFF\xFE") || first.starts_with(b"\xFE\xFF") {
            let message = format!("{} begins with a UTF-16 byte order mark; UTF-8 was expected, so convert the file first", self.source);
            return Err(Error::new(ErrorKind::Encoding, message));
        }
        if first.starts_with(b"\xEF\xBB\xBF") {
            chunk.start = 3;
            self.advance(3, 0);
            chunk.offset = self.offset;
        }
        Ok(())
    }

    /// One read a call, so that the caller can stop between any two. The chunk stays empty.
    fn skip(&mut self, chunk: &mut Chunk) -> Result<bool, Error> {
        let count = self.read(chunk)?;
        let length = match memchr::memchr(b'\n', &chunk.buffer[..count]) {
            Some(feed) => {
                self.state = State::Lines;
                self.rest.extend_from_slice(&chunk.buffer[feed + 1..count]);
                feed + 1
            }
            None => count,
        };
        self.advance(length, 0);
        chunk.end = 0;
        if count == 0 {
            self.state = State::Done;
        }
        Ok(count > 0)
    }

    fn advance(&mut self, bytes: usize, lines: u64) {
        self.offset += bytes as u64;
        self.line += lines;
    }

    /// One successful read behind what is there; 0 at the end of the source.
    fn read(&mut self, chunk: &mut Chunk) -> Result<usize, Error> {
        if chunk.end == chunk.buffer.len() {
            // Doubled, so that a long record costs linear time; never beyond a record and a chunk.
            let size = (chunk.buffer.len() * 2).clamp(TARGET, self.max_record + TARGET);
            chunk.buffer.reserve_exact(size - chunk.buffer.len());
            chunk.buffer.resize(size, 0);
        }
        let room = chunk.buffer.len().min(chunk.end + TARGET);
        loop {
            match self.reader.read(&mut chunk.buffer[chunk.end..room]) {
                Ok(count) => {
                    chunk.end += count;
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

    /// Bytes that it holds at present, beside the chunk.
    pub fn buffer_size(&self) -> usize {
        self.rest.len()
    }
}

/// The bytes of the whole lines that come first, and how many lines they are; none when there is no whole line.
fn whole_lines(bytes: &[u8]) -> Option<(usize, u64)> {
    let last = memchr::memrchr(b'\n', bytes)?;
    let mut feeds = memchr::memchr_iter(b'\n', &bytes[..=last]);
    let lines = feeds.clone().count() as u64;
    if lines <= MAX_LINES {
        return Some((last + 1, lines));
    }
    feeds.nth(MAX_LINES as usize - 1).map(|feed| (feed + 1, MAX_LINES))
}

fn fill(chunk: &mut Chunk, bytes: &[u8]) {
    if chunk.buffer.len() < bytes.len() {
        chunk.buffer.resize(bytes.len().max(TARGET), 0);
    }
    chunk.buffer[..bytes.len()].copy_from_slice(bytes);
    chunk.end = bytes.len();
}

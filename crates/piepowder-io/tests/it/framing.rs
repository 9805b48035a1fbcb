//! Framing does not depend on how a reader hands out its bytes, and memory does not depend on what they are.

use crate::table::cases;
use crate::table_run::read;
use piepowder_io::{Chunk, Code, ErrorKind, Frame, Framer};
use std::io::{self, Read};

/// Hands out at most so many bytes a read, the first time another count.
pub(crate) struct Trickle<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) first: usize,
    pub(crate) then: usize,
}

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = if self.first > 0 { std::mem::take(&mut self.first) } else { self.then };
        let count = most.min(out.len()).min(self.bytes.len());
        out[..count].copy_from_slice(&self.bytes[..count]);
        self.bytes = &self.bytes[count..];
        Ok(count)
    }
}

#[test]
fn every_split_gives_the_same_rows() {
    for case in cases().iter().filter(|c| c.input.len() < 400) {
        let whole = read(case.input.as_slice(), case.max_record);
        for first in 1..=case.input.len() {
            let outcome = read(Trickle { bytes: &case.input, first, then: usize::MAX }, case.max_record);
            assert_eq!(outcome, whole, "{} split at {first}", case.name);
        }
        for then in 1..=7 {
            let outcome = read(Trickle { bytes: &case.input, first: 0, then }, case.max_record);
            assert_eq!(outcome, whole, "{} by {then}", case.name);
        }
    }
}

#[test]
fn many_lines_are_cut_into_chunks_that_join_up() {
    let line = |i: usize| format!("{{\"id\":{i},\"title\":\"{}\"}}\n", "x".repeat(i % 700));
    let input: String = (0..20_000).map(line).collect();
    let mut framer = Framer::new("many", input.as_bytes(), 10_000);
    let (mut chunk, mut chunks, mut offset, mut number) = (Chunk::default(), 0, 0, 0);
    while framer.next_chunk(&mut chunk).unwrap() {
        chunks += 1;
        let mut size = 0;
        for frame in chunk.frames() {
            let Frame::Record(row) = frame else { panic!("{frame:?}") };
            assert_eq!((row.number(), row.offset()), (number as u64 + 1, offset));
            assert_eq!(row.bytes(), line(number).trim_end().as_bytes());
            offset += row.bytes().len() as u64 + 1;
            size += row.bytes().len() + 1;
            number += 1;
        }
        assert!(size <= (256 << 10) + 10_000, "{size}");
    }
    assert_eq!((number, offset), (20_000, input.len() as u64));
    assert!(chunks >= input.len() / ((256 << 10) + 10_000), "{chunks}");
}

#[test]
fn tiny_lines_do_not_fill_a_chunk_without_end() {
    let input = vec![b'\n'; 100_000];
    let mut framer = Framer::new("tiny", input.as_slice(), 1000);
    let (mut chunk, mut total) = (Chunk::default(), 0);
    while framer.next_chunk(&mut chunk).unwrap() {
        let lines = chunk.frames().count();
        assert!(lines <= 4_096);
        total += lines;
    }
    assert_eq!(total, 100_000);
}

/// So many bytes of one line, then a good record.
struct LongLine {
    left: u64,
    tail: &'static [u8],
}

impl Read for LongLine {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.left > 0 {
            let count = (out.len() as u64).min(self.left) as usize;
            out[..count].fill(b'x');
            self.left -= count as u64;
            return Ok(count);
        }
        self.tail.read(out)
    }
}

#[test]
fn an_endless_line_costs_no_memory() {
    let length = 32 << 20;
    let mut framer = Framer::new("long", LongLine { left: length, tail: b"\n{\"title\":\"x\"}\n" }, 1 << 20);
    let (mut chunk, mut frames, mut most) = (Chunk::default(), Vec::new(), 0);
    while framer.next_chunk(&mut chunk).unwrap() {
        most = most.max(framer.buffer_size() + chunk.buffer_size());
        for frame in chunk.frames() {
            match frame {
                Frame::TooLong(error) => frames.push((error.code(), error.line(), error.byte_offset())),
                Frame::Record(line) => {
                    assert_eq!((line.number(), line.offset()), (2, length + 1));
                    frames.push((Code::Type, 0, 0));
                }
                Frame::Blank => panic!("no blank line there"),
            }
        }
    }
    assert_eq!(frames, [(Code::TooLong, 1, 0), (Code::Type, 0, 0)]);
    assert!(most <= (1 << 20) + (256 << 10), "{most}");
}

#[test]
fn a_long_record_costs_little_more_than_itself() {
    let length = 9 << 20;
    let row = |count: usize| [b"{\"title\":\"", &vec![b'x'; count][..], b"\"}\n"].concat();
    let input = [row(7), row(length), row(7), row(length), row(7)].concat();
    let mut framer = Framer::new("long", input.as_slice(), 16 << 20);
    let (mut chunk, mut lengths, mut most) = (Chunk::default(), Vec::new(), 0);
    while framer.next_chunk(&mut chunk).unwrap() {
        most = most.max(framer.buffer_size() + chunk.buffer_size());
        for frame in chunk.frames() {
            let Frame::Record(line) = frame else { panic!("{frame:?}") };
            lengths.push(line.bytes().len() - 12);
        }
    }
    assert_eq!(lengths, [7, length, 7, length, 7]);
    assert!(most <= 2 * length + (1 << 20), "{most}");
    assert!(chunk.buffer_size() <= 1 << 20, "the buffer of a long record is given back: {}", chunk.buffer_size());
}

/// Good bytes, then an error of the operating system; interrupted now and then, which is none.
struct Failing<'a> {
    bytes: &'a [u8],
    calls: u32,
}

impl Read for Failing<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.calls += 1;
        match () {
            () if self.calls.is_multiple_of(2) => Err(io::ErrorKind::Interrupted.into()),
            () if self.bytes.is_empty() => Err(io::Error::other("the disk is gone")),
            () => {
                let count = 5.min(out.len());
                self.bytes.read(&mut out[..count])
            }
        }
    }
}

#[test]
fn a_failed_read_keeps_the_rows_before_it() {
    let outcome = read(Failing { bytes: b"{\"id\":1}\n{\"id\":2}\n{\"id\":", calls: 0 }, 1000);
    assert_eq!(outcome.fatal, Some(ErrorKind::Read));
    let ids: Vec<_> = outcome.rows.iter().map(|r| r.id.as_deref().unwrap()).collect();
    assert_eq!(ids, [b"1", b"2"]);
    assert!(outcome.errors.is_empty(), "half a line is no row: {:?}", outcome.errors);
}

//! Reads a file of JSON Lines so many times and scores nothing: `reading FILE TIMES [COLUMNS]`, with the columns that are read, such as
//! `title,description`, or all of them. It prints rows, refused rows, the bytes of all titles and descriptions, and nanoseconds a byte of
//! the file. For instructions, run it under `valgrind --tool=callgrind` with TIMES 1 and with 2, and take the difference.

use anyhow::{Context, Result, ensure};
use piepowder::Field;
use piepowder_io::{Chunk, Columns, Frame, Framer, Record};
use std::time::Instant;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    ensure!(matches!(arguments.len(), 2 | 3), "usage: reading FILE TIMES [COLUMNS]");
    let times: u32 = arguments[1].parse().context("TIMES is a number")?;
    let columns = match arguments.get(2) {
        Some(names) => Columns::standard().only(names.split(','))?,
        None => Columns::standard(),
    };
    let input = std::fs::read(&arguments[0]).with_context(|| arguments[0].clone())?;
    let mut record = Record::new(&columns);
    let start = Instant::now();
    let mut passes = Vec::new();
    for _ in 0..times {
        passes.push(pass(&input, &mut record)?);
    }
    let nanoseconds = start.elapsed().as_nanos() as f64 / input.len().max(1) as f64 / f64::from(times.max(1));
    ensure!(passes.windows(2).all(|two| two[0] == two[1]), "passes differ");
    if let Some((rows, refused, text)) = passes.first() {
        #[allow(clippy::print_stdout, reason = "the figures are its output")]
        {
            println!("{rows} rows, {refused} refused, {text} bytes of text, {nanoseconds:.3} ns a byte");
        }
    }
    Ok(())
}

/// Rows, refused rows, bytes of titles and descriptions.
fn pass(input: &[u8], record: &mut Record<'_>) -> Result<(u64, u64, usize)> {
    let mut framer = Framer::new("file", input, 1 << 30);
    let mut chunk = Chunk::default();
    let (mut rows, mut refused, mut text) = (0, 0, 0);
    while framer.next_chunk(&mut chunk)? {
        for frame in chunk.frames() {
            match frame {
                Frame::Blank => {}
                Frame::TooLong(_) => refused += 1,
                Frame::Record(line) => match record.read(&line) {
                    Ok(()) => {
                        let mut declared = Vec::new();
                        let listing = record.listing(&line, &mut declared);
                        text += listing.get(Field::Title).len() + listing.get(Field::Description).len();
                        rows += 1;
                    }
                    Err(_) => refused += 1,
                },
            }
        }
    }
    Ok((rows, refused, text))
}

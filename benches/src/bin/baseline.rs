//! `baseline INPUT THREADS`: the straightforward program as a whole, from a file to standard output, for interleaved campaigns.

use anyhow::{Context, Result};
use piepowder_benches::Baseline;
use std::fs::File;
use std::io::{BufReader, BufWriter};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let input = arguments.next().context("usage: baseline INPUT THREADS")?;
    let threads = arguments.next().context("usage: baseline INPUT THREADS")?.parse().context("THREADS is a whole number")?;
    let baseline = Baseline::new(&piepowder_packs::taxonomy())?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let reader = BufReader::with_capacity(1 << 18, File::open(&input).with_context(|| input.clone())?);
    let writer = BufWriter::with_capacity(1 << 18, std::io::stdout());
    pool.install(|| baseline.run(reader, writer))?;
    Ok(())
}

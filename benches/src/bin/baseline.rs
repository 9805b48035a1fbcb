//! `baseline INPUT THREADS [--pack DIR]`: the straightforward program as a whole, from a file to standard output, for interleaved
//! campaigns. It looks for what the shipped packs say, or one of a folder instead.

use anyhow::{Context, Result, bail};
use piepowder_benches::{Baseline, read_pack};
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

const USAGE: &str = "usage: baseline INPUT THREADS [--pack DIR]";

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let input = arguments.next().context(USAGE)?;
    let threads = arguments.next().context(USAGE)?.parse().context("THREADS is a whole number")?;
    let taxonomy = match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => piepowder_packs::taxonomy(),
        (Some("--pack"), Some(folder)) => read_pack(Path::new(&folder))?,
        _ => bail!(USAGE),
    };
    let baseline = Baseline::new(&taxonomy)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let reader = BufReader::with_capacity(1 << 18, File::open(&input).with_context(|| input.clone())?);
    let writer = BufWriter::with_capacity(1 << 18, std::io::stdout());
    pool.install(|| baseline.run(reader, writer))?;
    Ok(())
}

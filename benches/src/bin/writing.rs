//! Scores the titles of a file of JSON Lines once, and writes the assessments so many times without evidence: `writing FILE TIMES`. It
//! prints lines, bytes and nanoseconds a line. For instructions, run it under `valgrind --tool=callgrind` with two numbers of TIMES, and
//! take the difference.

use anyhow::{Context, Result, ensure};
use piepowder::{Detail, Engine, Field, JsonOptions, Listing};
use std::io::BufRead;
use std::time::Instant;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    ensure!(arguments.len() == 2, "usage: writing FILE TIMES");
    let times: u32 = arguments[1].parse().context("TIMES is a number")?;
    let file = std::fs::File::open(&arguments[0]).with_context(|| arguments[0].clone())?;
    let engine = Engine::builder().taxonomy(&piepowder_packs::taxonomy()).build()?;
    let mut assessments = Vec::new();
    for line in std::io::BufReader::new(file).lines() {
        let row: serde_json::Value = serde_json::from_str(&line?)?;
        let title = row["title"].as_str().unwrap_or_default();
        let id = serde_json::to_vec(&row["id"])?;
        assessments.push((id, engine.assess(&Listing::new().with(Field::Title, title.as_bytes()))));
    }
    let options = JsonOptions::new().with_detail(Detail::None);
    let mut output = Vec::new();
    let mut bytes = None;
    let start = Instant::now();
    for _ in 0..times {
        output.clear();
        for (id, assessment) in &assessments {
            assessment.write_json(id, &Listing::new(), &options, &mut output);
            output.push(b'\n');
        }
        ensure!(*bytes.get_or_insert(output.len()) == output.len(), "passes differ");
    }
    let each = start.elapsed().as_nanos() as f64 / assessments.len().max(1) as f64 / f64::from(times.max(1));
    #[allow(clippy::print_stdout, reason = "the figures are its output")]
    {
        println!("{} lines, {} bytes, {each:.1} ns a line", assessments.len(), bytes.unwrap_or_default());
    }
    Ok(())
}

//! Scores the titles and descriptions of a file of JSON Lines in memory, so many times: `assess FILE ascii|other|all TIMES`. It prints
//! rows, bytes, nanoseconds a byte and the sum of all scores, which tells whether two builds gave the same answers. It has no figures of its
//! own: for instructions, run it under `valgrind --tool=callgrind` once with TIMES 1 and once with 2, and take the difference, which is
//! one pass without start-up. Two builds that are compared read the same file.

use anyhow::{Context, Result, ensure};
use piepowder::{Engine, Field, Listing};
use std::io::BufRead;
use std::time::Instant;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    ensure!(arguments.len() == 3, "usage: assess FILE ascii|other|all TIMES");
    let times: u32 = arguments[2].parse().context("TIMES is a number")?;
    let file = std::fs::File::open(&arguments[0]).with_context(|| arguments[0].clone())?;
    let mut rows = Vec::new();
    for line in std::io::BufReader::new(file).lines() {
        let row: serde_json::Value = serde_json::from_str(&line?)?;
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let (title, description) = (text("title"), text("description"));
        let ascii = title.is_ascii() && description.is_ascii();
        if arguments[1] == "all" || (arguments[1] == "ascii") == ascii {
            rows.push((title, description));
        }
    }
    let engine = Engine::builder().taxonomy(&piepowder_packs::taxonomy()).build()?;
    let mut scratch = engine.create_scratch();
    let start = Instant::now();
    let mut sum = 0i64;
    for _ in 0..times {
        for (title, description) in &rows {
            let listing = Listing::new().with(Field::Title, title.as_bytes()).with(Field::Description, description.as_bytes());
            let assessment = engine.assess_with(&mut scratch, &listing);
            sum += assessment.offenses().iter().map(|(_, score)| i64::from(score.total())).sum::<i64>();
        }
    }
    let bytes: usize = rows.iter().map(|(title, description)| title.len() + description.len()).sum();
    let each = start.elapsed().as_nanos() as f64 / bytes.max(1) as f64 / f64::from(times.max(1));
    #[allow(clippy::print_stdout, reason = "the figures are its output")]
    {
        println!("{} rows, {bytes} bytes, {each:.2} ns a byte, sum of scores {sum}", rows.len());
    }
    Ok(())
}

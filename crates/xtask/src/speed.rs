//! Campaign `speed`: `piepowder score` end to end against `baseline`, the program that a competent engineer writes in a day, in
//! interleaved rounds on one mix of listings. Invariant: only ratios within a round are compared; both programs answer every row.

use crate::arguments::Arguments;
use crate::contestants::{Contestant, count_lines};
use crate::record;
use crate::repository::{listings, release, scratch};
use crate::rows::{self, Seeded};
use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// Runs the campaign.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let rounds = arguments.number("rounds", 5)?.max(1);
    let bytes = arguments.number("megabytes", 48)? * 1_000_000;
    let contestants =
        [Contestant::piepowder(release("piepowder-cli", "piepowder")?), Contestant::baseline(release("piepowder-benches", "baseline")?)];
    let folder = scratch()?;
    let mix = folder.join("mix.jsonl");
    let (rows, source) = write_mix(&mix, arguments, bytes)?;
    let megabytes = std::fs::metadata(&mix)?.len() as f64 / 1e6;

    // Both must answer every row before their times mean anything.
    let answers = folder.join("answers.jsonl");
    for contestant in &contestants {
        contestant.run(&mix, 2, Some(&answers))?;
        let lines = count_lines(&answers)?;
        if lines != rows {
            bail!("{} answered {lines} of {rows} rows", contestant.name());
        }
    }
    std::fs::remove_file(&answers)?;

    let mut body = format!("{rows} rows, {megabytes:.1} MB, {source}; {rounds} interleaved rounds, output thrown away.\n\n");
    body.push_str("| threads | piepowder, median s | MB/s | baseline, median s | MB/s | ratio baseline : piepowder, median | lowest | highest |\n");
    body.push_str("|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    let mut fine = true;
    for threads in [1, 2] {
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..rounds {
            // Who goes first alternates, so that a drift of the machine favors nobody.
            let order = if round % 2 == 0 { [0, 1] } else { [1, 0] };
            for i in order {
                times[i].push(contestants[i].run(&mix, threads, None)?.as_secs_f64());
            }
        }
        let mut ratios: Vec<f64> = times[0].iter().zip(&times[1]).map(|(own, other)| other / own).collect();
        let (own, other, ratio) = (median(&mut times[0]), median(&mut times[1]), median(&mut ratios));
        let (lowest, highest) = (ratios[0], ratios[ratios.len() - 1]);
        writeln!(
            body,
            "| {threads} | {own:.2} | {:.1} | {other:.2} | {:.1} | {ratio:.2} | {lowest:.2} | {highest:.2} |",
            megabytes / own,
            megabytes / other
        )?;
        fine &= ratio >= 1.0;
    }
    writeln!(body, "\nAt least as fast as `baseline`: {}.", if fine { "met" } else { "MISSED" })?;
    std::fs::remove_file(&mix)?;
    record::append("speed", "`piepowder score` against `baseline`, end to end", arguments, &body)?;
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}

/// Half full listings (200 bytes of text or more), half short ones, shuffled: from the corpora if they are there, else from the project's.
fn write_mix(path: &Path, arguments: &Arguments, bytes: usize) -> Result<(usize, &'static str)> {
    let mut full = Vec::new();
    let mut short = Vec::new();
    let mut sort_in = |line: &[u8]| -> Result<()> {
        if line.is_empty() {
            return Ok(());
        }
        let Ok(row) = serde_json::from_slice::<serde_json::Value>(line) else { return Ok(()) };
        let text: usize = ["title", "description"].iter().map(|f| row[*f].as_str().map_or(0, str::len)).sum();
        if text >= 200 {
            full.push(line.to_vec())
        } else {
            short.push(line.to_vec())
        }
        Ok(())
    };
    let source = match arguments.corpora() {
        Some(folder) => {
            for file in rows::files(&folder)? {
                rows::each_line(&file, &mut sort_in)?;
            }
            "made of the corpora"
        }
        None => {
            for file in listings()? {
                for line in std::fs::read(&file)?.split(|b| *b == b'\n') {
                    sort_in(line)?;
                }
            }
            "made of the project's listings"
        }
    };
    let mut seeded = Seeded(20_261_121);
    let mut lines: Vec<&[u8]> = Vec::new();
    for kind in [&mut full, &mut short] {
        seeded.shuffle(kind);
        let mut size = 0;
        lines.extend(kind.iter().cycle().map(Vec::as_slice).take_while(|l| {
            size += l.len() + 1;
            size <= bytes / 2
        }));
    }
    seeded.shuffle(&mut lines);
    let mut text = lines.join(&b'\n');
    text.push(b'\n');
    std::fs::write(path, text).with_context(|| format!("{}", path.display()))?;
    Ok((lines.len(), source))
}

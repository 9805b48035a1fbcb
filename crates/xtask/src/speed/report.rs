//! What the campaign `speed` writes: tables, what was asked for and what was seen, `docs/BENCHMARKS.md`. It measures nothing.
//! Invariant: a line that could not be measured says SKIPPED, and never that it is met.

use super::Ground;
use super::answers::Agreement;
use super::machine;
use super::mix::Corpus;
use super::programs::{CPU, Ratio, Series, WALL};
use crate::arguments::Arguments;
use crate::record;
use crate::repository::root;
use anyhow::Result;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::process::ExitCode;

/// How it is measured, and what the figures do not say.
const METHOD: &str = include_str!("method.md");

/// Most memory in KiB with two threads, and most growth with the input.
const MOST_MEMORY: u64 = 32 * 1024;
const MOST_GROWTH: u64 = 4 * 1024;

/// Tables and lines of what was asked for, in the order in which they were measured.
pub(super) struct Report {
    body: String,
    asked: String,
    missed: usize,
    skipped: Option<String>,
    library: String,
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} ({:.2} to {:.2})", self.median, self.lowest, self.highest)
    }
}

impl Ratio {
    /// The ratio, scaled.
    pub(super) fn times(self, scale: f64) -> Ratio {
        Ratio { median: self.median * scale, lowest: self.lowest * scale, highest: self.highest * scale }
    }
}

/// Wall and CPU seconds, and the rate, of each series.
pub(super) fn series_table(series: &[Series], bytes: usize) -> String {
    let mut table = String::from("| contestant | wall, s | CPU, s | MB/s of CPU |\n|---|---:|---:|---:|\n");
    for one in series {
        let rate = if one.name.ends_with("start") { String::new() } else { format!("{:.0}", bytes as f64 / 1e6 / one.median(CPU)) };
        let _ = writeln!(table, "| {} | {:.3} | {:.3} | {rate} |", one.name, one.median(WALL), one.median(CPU));
    }
    table
}

impl Report {
    pub(super) fn new(ground: &Ground) -> Report {
        let lexicon = &ground.lexicon;
        let [small, large] = lexicon.matches.map(|matches| lexicon.text_bytes as f64 / matches.max(1) as f64);
        let phrases = lexicon.phrases;
        let body = format!(
            "Machine: {}. {} rounds. Listings: {}.\n\nLexicon of 5,000 terms, {phrases} of them phrases: a match in {small:.0} bytes of the texts it is \
             drawn from; of 50,000 terms: in {large:.0}. 54 patterns. Times are medians. One thread is judged by CPU time, two by wall time.\n",
            machine::describe(),
            ground.rounds,
            ground.pools.source,
        );
        let skipped = ground.scanner.as_ref().err().cloned();
        Report { body, asked: String::new(), missed: 0, skipped, library: String::new() }
    }

    pub(super) fn library(&mut self, version: &str) {
        self.library = version.to_string();
    }

    pub(super) fn section(&mut self, title: &str, table: &str) {
        println!("\n{title}\n{table}");
        let _ = write!(self.body, "\n### {title}\n\n{table}");
    }

    pub(super) fn corpus(&mut self, corpus: &Corpus, series: &[Series], callbacks: &BTreeMap<&str, u64>) {
        let mut table = format!(
            "{} rows, {:.1} MB, {:.0} bytes a line, of them {:.0} title and description; {:.0} % of the rows are ASCII.\n\n",
            corpus.rows,
            corpus.bytes as f64 / 1e6,
            corpus.bytes as f64 / corpus.rows.max(1) as f64,
            corpus.text_bytes as f64 / corpus.rows.max(1) as f64,
            100.0 * corpus.ascii as f64 / corpus.rows.max(1) as f64,
        );
        table.push_str(&series_table(series, corpus.bytes));
        table.push_str("\n| ratio to piepowder of as many threads | CPU (lowest to highest) | wall (lowest to highest) | matches called back |\n");
        table.push_str("|---|---:|---:|---:|\n");
        for other in &series[2..] {
            let own = &series[usize::from(other.name.ends_with("2 threads"))];
            let count = callbacks.get(other.name).map_or(String::new(), u64::to_string);
            let _ = writeln!(table, "| {} | {} | {} | {count} |", other.name, Ratio::of(other, own, CPU), Ratio::of(other, own, WALL));
        }
        self.section(&format!("Listings `{}`", corpus.kind.name()), &table);
    }

    pub(super) fn memory(&mut self, peaks: &[(u64, u64)], full: bool) {
        let mut table = String::from("| input, MB | peak, KiB |\n|---:|---:|\n");
        for (bytes, peak) in peaks {
            let _ = writeln!(table, "| {:.0} | {peak} |", *bytes as f64 / 1e6);
        }
        if !full {
            table.push_str("\nWithout `--full`: the large input is smaller than the 1 GB that is asked for.\n");
        }
        self.section("Peak memory, two threads", &table);
        let highest = peaks.iter().map(|p| p.1).max().unwrap_or(0);
        let growth = peaks.last().map_or(0, |p| p.1).saturating_sub(peaks.first().map_or(0, |p| p.1));
        self.line("peak memory, KiB", &highest.to_string(), &format!("<= {MOST_MEMORY}"), Some(highest <= MOST_MEMORY));
        let met = if full || growth > MOST_GROWTH { Some(growth <= MOST_GROWTH) } else { None };
        self.line("growth of memory with the input, KiB", &growth.to_string(), &format!("<= {MOST_GROWTH}"), met);
    }

    pub(super) fn agreement(&mut self, found: &Agreement, rows: usize) {
        let mut table = format!(
            "Pairs of a listing and a term or pattern, on {rows} rows of ASCII, piepowder beside Hyperscan's one database: {} found by both.\n\n\
             | found by | cause | pairs |\n|---|---|---:|\n",
            found.both
        );
        for (who, causes) in [("piepowder alone", &found.ours), ("Hyperscan alone", &found.theirs)] {
            for (cause, count) in causes {
                let _ = writeln!(table, "| {who} | {} | {count} |", cause.replace('|', "\\|"));
            }
            let all: usize = causes.values().sum();
            let _ = writeln!(table, "| {who} | all | {all} |");
        }
        self.section("The same answers", &table);
    }

    pub(super) fn at_least(&mut self, what: &str, seen: Option<Ratio>, floor: f64) {
        self.ratio(what, seen, format!(">= {floor}"), |median| median >= floor);
    }

    pub(super) fn at_most(&mut self, what: &str, seen: Option<Ratio>, most: f64) {
        self.ratio(what, seen, format!("<= {most}"), |median| median <= most);
    }

    fn ratio(&mut self, what: &str, seen: Option<Ratio>, floor: String, met: impl Fn(f64) -> bool) {
        self.line(what, &seen.map_or("not measured".into(), |r| r.to_string()), &floor, seen.map(|r| met(r.median)));
    }

    fn line(&mut self, what: &str, seen: &str, floor: &str, met: Option<bool>) {
        self.missed += usize::from(met == Some(false));
        let word = match met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "SKIPPED",
        };
        let _ = writeln!(self.asked, "| {what} | {floor} | {seen} | {word} |");
    }

    /// Prints, writes `docs/BENCHMARKS.md`, appends the record.
    pub(super) fn write(self, arguments: &Arguments) -> Result<ExitCode> {
        let library = match self.skipped {
            Some(why) => format!("Hyperscan SKIPPED: {why}"),
            None => format!("Hyperscan or Vectorscan {}", self.library),
        };
        let body = format!(
            "{}\n{library}.\n\n### What is asked for, and what was seen\n\n| | asked for | seen (lowest to highest) | |\n|---|---:|---:|---|\n{}",
            self.body, self.asked
        );
        let page = format!("{METHOD}\n## Measured {}\n\n{}\n", record::of(arguments)?, body.trim_end());
        std::fs::write(root().join("docs/BENCHMARKS.md"), page)?;
        record::append("speed", "`piepowder score` against others, end to end", arguments, &body)?;
        Ok(if self.missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

//! Campaign `speed`: `piepowder score` end to end against the straightforward program, against Hyperscan that only scans, and against
//! `wc -l`; with more terms, with the shipped packs, on hostile inputs; its memory; and whether the contestants find the same. It measures
//! and writes down (`docs/BENCHMARKS.md`, `docs/results/speed.md`). Invariant: only what ran in one series of rounds is compared.

mod answers;
mod hostile;
mod hyperscan;
mod lexicon;
mod machine;
mod mix;
mod pack;
pub(crate) mod patterns;
mod programs;
mod report;
mod throughput;

use crate::arguments::Arguments;
use crate::memory;
use crate::repository::{release, scratch};
use anyhow::{Result, bail};
use hyperscan::Scanner;
use lexicon::Lexicon;
use mix::{Corpus, Kind, Pools};
use report::Report;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Bytes of listings that terms are drawn from.
const DRAWN: usize = 24_000_000;
/// Bytes of listings of which the answers are compared.
const COMPARED: usize = 12_000_000;
/// Bytes of the endless line, and of the small and the large input whose memory is compared.
const LINE: usize = 100_000_000;
const SMALL_INPUT: usize = 14_000_000;
const LARGE_INPUT: usize = 1_000_000_000;

/// What all parts of the campaign use.
struct Ground {
    folder: PathBuf,
    rounds: usize,
    bytes: usize,
    piepowder: PathBuf,
    baseline: PathBuf,
    /// The scanner, or why there is none.
    scanner: Result<PathBuf, String>,
    pools: Pools,
    lexicon: Lexicon,
    /// The pack of 5,000 terms, as it is written.
    pack: PathBuf,
    /// The packs of 5,000 and of 50,000 terms, compiled.
    compiled: [PathBuf; 2],
    terms: PathBuf,
    patterns: PathBuf,
}

/// Runs the campaign.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let folder = scratch()?.join("speed");
    std::fs::create_dir_all(&folder)?;
    let bytes = arguments.number("megabytes", 96)?.max(1) * 1_000_000;
    let pools = Pools::read(arguments)?;
    let lexicon = Lexicon::draw(pools.draw(Kind::Mix, bytes.min(DRAWN)).iter().map(|l| l.text.as_str()));
    let small = pack::write(&folder, "speed-5k", lexicon.small(), pack::TERMS_A_RULE)?;
    let large = pack::write(&folder, "speed-50k", &lexicon.terms, pack::TERMS_A_RULE)?;
    let (terms, patterns) = pack::write_lists(&folder, lexicon.small())?;
    let piepowder = release("piepowder-cli", "piepowder")?;
    let compiled = [compile(&piepowder, &small)?, compile(&piepowder, &large)?];
    let ground = Ground {
        rounds: arguments.number("rounds", 5)?.max(1),
        bytes,
        piepowder,
        baseline: release("piepowder-benches", "baseline")?,
        scanner: hyperscan::build(&folder)?,
        pack: small,
        compiled,
        folder,
        pools,
        lexicon,
        terms,
        patterns,
    };
    let mut report = Report::new(&ground);
    for kind in [Kind::Titles, Kind::Full, Kind::Mix] {
        let corpus = ground.pools.write(kind, bytes, &ground.folder)?;
        throughput::against_others(&ground, &corpus, &mut report)?;
    }
    let mix = ground.pools.write(Kind::Mix, bytes, &ground.folder)?;
    throughput::lexicons(&ground, &mix, &mut report)?;
    throughput::hostile(&ground, &mix, &mut report)?;
    peaks(&ground, arguments.option("full").is_some(), &mut report)?;
    agreement(&ground, &mut report)?;
    std::fs::remove_dir_all(&ground.folder)?;
    report.write(arguments)
}

/// Compiles a pack, as whoever starts often does.
fn compile(piepowder: &Path, pack: &Path) -> Result<PathBuf> {
    let compiled = pack.with_extension("compiled");
    let status = Command::new(piepowder).arg("compile").arg(pack).arg("--output").arg(&compiled).status()?;
    if !status.success() {
        bail!("{} was not compiled", pack.display());
    }
    Ok(compiled)
}

impl Ground {
    /// `piepowder score` with options, on a file.
    fn score(&self, options: &[&str], pack: Option<&Path>, threads: usize, input: &Path) -> Vec<OsString> {
        let mut all: Vec<OsString> = ["score", "--threads", &threads.to_string()].map(OsString::from).to_vec();
        all.extend(options.iter().map(OsString::from));
        if let Some(pack) = pack {
            all.extend(["--no-embedded".into(), "--pack".into(), pack.into()]);
        }
        all.push(input.into());
        all
    }

    /// The scanner over a corpus, if there is one.
    fn scanner(&self, corpus: &Corpus) -> Result<Option<Scanner>> {
        let Ok(program) = &self.scanner else { return Ok(None) };
        let scanner = Scanner::start(program, &corpus.texts, &self.terms, &self.patterns)?;
        if scanner.texts != corpus.rows {
            bail!("the scanner read {} of {} texts", scanner.texts, corpus.rows);
        }
        Ok(Some(scanner))
    }
}

/// Peak memory with two threads, and what a larger input adds.
fn peaks(ground: &Ground, full: bool, report: &mut Report) -> Result<()> {
    let large = if full { LARGE_INPUT } else { ground.bytes.max(2 * SMALL_INPUT) };
    let block = ground.pools.write(Kind::Mix, SMALL_INPUT, &ground.folder)?;
    let mut peaks = Vec::new();
    let input = ground.folder.join("memory.jsonl");
    for bytes in [block.bytes, large] {
        memory::repeat(&std::fs::read(&block.path)?, &input, bytes)?;
        let arguments = ground.score(&["--evidence", "none"], Some(&ground.compiled[0]), 2, &input);
        peaks.push((std::fs::metadata(&input)?.len(), memory::peak(Command::new(&ground.piepowder).args(arguments))?));
    }
    std::fs::remove_file(&input)?;
    report.memory(&peaks, full);
    Ok(())
}

/// What piepowder and the scanner find, on listings of ASCII.
fn agreement(ground: &Ground, report: &mut Report) -> Result<()> {
    let mut listings = ground.pools.draw(Kind::Mix, ground.bytes.min(COMPARED));
    listings.retain(|l| l.text.is_ascii());
    let corpus = mix::write(Kind::Mix, &listings, "ascii", &ground.folder)?;
    let Some(mut scanner) = ground.scanner(&corpus)? else { return Ok(()) };
    // A rule a term, so that a rule names its term; each contributes what it would beside others.
    let pack = pack::write(&ground.folder, "speed-single", ground.lexicon.small(), 1)?;
    let (output, pairs) = (ground.folder.join("answers.jsonl"), ground.folder.join("pairs.txt"));
    programs::time(&ground.piepowder, &ground.score(&["--evidence", "full"], Some(&pack), 2, &corpus.path), Some(&output))?;
    scanner.scan(&format!("matches {}", pairs.display()))?;
    let found = answers::compare(&listings, ground.lexicon.small(), &output, &pairs)?;
    report.agreement(&found, listings.len());
    Ok(())
}

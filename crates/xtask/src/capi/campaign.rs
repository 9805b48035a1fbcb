//! Campaign `c`: what must hold of libpiepowder and takes too long for every change. Each part prints what it found, and is recorded, alone or with
//! the others. Invariant: a part that lacks a tool says SKIPPED in the record.

use super::checked::{self, SEQUENCES, THREADS, outcome};
use super::install::Installed;
use super::lines::{Compared, Three};
use super::{Link, Profile, Sets, has, library, program, programs};
use crate::arguments::Arguments;
use crate::findings::Findings;
use crate::record;
use crate::repository::{answer, listings, root};
use crate::rows;
use anyhow::{Context, Result, bail};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Least speed of C against Rust, in per cent: one call a listing, and as a batch.
const LEAST: [f64; 2] = [85.0, 95.0];
/// Assessments of the part `memory`, and most growth in KiB.
const ASSESSMENTS: u64 = 10_000_000;
const MOST_GROWTH: i64 = 2 * 1024;

/// A part of the campaign.
type Part<'a> = &'a dyn Fn(&mut Findings) -> Result<()>;

/// Runs the campaign.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if !has("cc") {
        println!("SKIPPED: no C compiler");
        return Ok(ExitCode::SUCCESS);
    }
    let library = library(Profile::Release)?;
    let three = Three::build(Profile::Release, &library)?;
    let sets = Sets::new(&three, arguments)?;
    let mut findings = Findings::default();
    let only = arguments.option("part");
    let parts: [(&str, Part<'_>); 8] = [
        ("lines", &|f| lines(&three, &sets, f)),
        ("speed", &|f| speed(&three, &sets, &library, arguments, f)),
        ("memory", &|f| memory(&sets, &library, f)),
        ("threads", &|f| threads(&sets, &library, f)),
        ("fuzz", &|f| checked::fuzzed(&sets, arguments.number("seconds", 300)?, f)),
        ("sizing", &|f| sizing(&sets, &library, f)),
        ("install", &install),
        ("static", &fully_static),
    ];
    if let Some(other) = only.filter(|only| parts.iter().all(|(name, _)| name != only)) {
        bail!("campaign c has no part `{other}`");
    }
    for (name, part) in parts {
        if only.is_none_or(|only| only == name) {
            findings.part(name, part);
        }
    }
    let (body, failed) = findings.into_record();
    let body = only.map_or(String::new(), |part| format!("The part `{part}` alone:\n\n")) + &body;
    record::append("c", "libpiepowder", arguments, &body)?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Sets {
    fn new(three: &Three, arguments: &Arguments) -> Result<Sets> {
        let folder = programs()?;
        let wanted = arguments.number("rows", 20_000)?;
        let make = |name: &str, lines: &[Vec<u8>]| -> Result<PathBuf> {
            let (jsonl, frames, rows) =
                (folder.join(format!("{name}.source")), folder.join(format!("{name}.frames")), folder.join(format!("{name}.jsonl")));
            let mut out = BufWriter::new(std::fs::File::create(&jsonl)?);
            for line in lines {
                out.write_all(line)?;
                out.write_all(b"\n")?;
            }
            out.into_inner().context("the listings cannot be written")?;
            answer(Command::new(&three.rust).arg("rows").args([&jsonl, &frames, &rows]))?;
            // Defaults alone: no arguments, and a file that says so.
            std::fs::write(frames.with_extension("arguments"), "")?;
            Ok(frames)
        };
        let mut own = Vec::new();
        for file in listings()? {
            own.extend(std::fs::read(file)?.split(|b| *b == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec));
        }
        let (lines, from) = match arguments.corpora() {
            Some(corpora) => {
                let mut all = Vec::new();
                for file in rows::files(&corpora)? {
                    rows::each_line(&file, |line| {
                        all.push(line.to_vec());
                        Ok(())
                    })?;
                }
                // Every so-manieth row, so that each corpus has its share.
                let step = (all.len() / wanted.max(1)).max(1);
                (all.into_iter().step_by(step).take(wanted).collect(), "of the corpora")
            }
            None => (own.iter().cycle().take(wanted).cloned().collect::<Vec<_>>(), "of the project's own, repeated (SKIPPED: no corpora)"),
        };
        let small = folder.join("suites/groups.frames");
        std::fs::create_dir_all(small.parent().context("a folder")?)?;
        answer(Command::new(&three.rust).arg("suites").arg(small.parent().context("a folder")?))?;
        Ok(Sets { many: make("many", &lines)?, from: format!("{} listings {from}", lines.len()), own: make("own", &own)?, small })
    }
}

fn lines(three: &Three, sets: &Sets, findings: &mut Findings) -> Result<()> {
    let suites = three.suites(&programs()?.join("suites"))?;
    let told = |compared: &Compared| if compared.differences.is_empty() { "the same bytes".to_owned() } else { compared.differences.join("; ") };
    findings.add(
        suites.differences.is_empty(),
        &format!(
            "{} suites, {} listings through Rust, C one by one, C in batches on 1, 2 and 5 threads, and the command line (but for {}, whose limits it cannot set): {}",
            suites.sets,
            suites.listings,
            suites.without_cli.join(" and "),
            told(&suites)
        ),
    );
    let mut many = Compared::default();
    three.compare(&sets.many, &mut many)?;
    findings.add(many.differences.is_empty() && many.without_cli.is_empty(), &format!("{}, in the same ways: {}", sets.from, told(&many)));
    Ok(())
}

/// The four numbers that the programs `time` print.
fn timed(command: &mut Command) -> Result<[f64; 4]> {
    let said = answer(command)?;
    let numbers: Vec<f64> = said.split_whitespace().map(str::parse).collect::<Result<_, _>>().with_context(|| said.clone())?;
    numbers.try_into().map_err(|_| anyhow::anyhow!("not four numbers: {said}"))
}

fn speed(three: &Three, sets: &Sets, library: &Path, arguments: &Arguments, findings: &mut Findings) -> Result<()> {
    let rounds = arguments.number("rounds", 9)?;
    for link in [Link::Shared, Link::Static] {
        let c = program("time", library, link)?;
        for threads in ["1", "2"] {
            let mut ratios: [Vec<f64>; 2] = Default::default();
            let mut rates = Vec::new();
            let mut same = true;
            for round in 0..rounds {
                let rust = || timed(Command::new(&three.rust).arg("time").arg(&sets.many).args([threads, "5"]));
                let other = || timed(Command::new(&c).arg(&sets.many).args([threads, "5"]));
                // Who goes first changes, so that a drift of the machine favors nobody.
                let (rust, other) = if round % 2 == 0 {
                    (rust()?, other()?)
                } else {
                    let other = other()?;
                    (rust()?, other)
                };
                same &= rust[2..] == other[2..] && rust[2] == rust[3];
                ratios[0].push(100.0 * rust[0] / other[0]);
                ratios[1].push(100.0 * rust[1] / other[1]);
                rates.push(other[0]);
            }
            let spread = |values: &[f64]| {
                let mut sorted = values.to_vec();
                sorted.sort_by(f64::total_cmp);
                (sorted[sorted.len() / 2], sorted[0], sorted[sorted.len() - 1])
            };
            findings.add(same, &format!("{link:?} library, {threads} thread(s): sums of ranks, margins and evidence are those of Rust"));
            for (values, (what, least)) in ratios.iter().zip([("one call a listing", LEAST[0]), ("a batch", LEAST[1])]) {
                if what == "one call a listing" && threads == "2" {
                    continue;
                }
                let (median, low, high) = spread(values);
                findings.add(
                    median >= least,
                    &format!("{link:?} library, {what}, {threads} thread(s): {median:.1} % of the speed of Rust ({low:.1} to {high:.1}, {rounds} rounds; at least {least} %)"),
                );
            }
        }
        instructions(&three.rust, &c, link, sets, findings)?;
    }
    Ok(())
}

/// Instructions of a pass, one call a listing and a batch: what noise does not touch.
fn instructions(rust: &Path, c: &Path, link: Link, sets: &Sets, findings: &mut Findings) -> Result<()> {
    if !has("valgrind") {
        findings.skip("no valgrind to count instructions with");
        return Ok(());
    }
    let counted = |program: &Path, first: &[&str], passes: &str| -> Result<f64> {
        let out = programs()?.join("callgrind.out");
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--quiet"]).arg(format!("--callgrind-out-file={}", out.display()));
        answer(valgrind.arg(program).args(first).arg(&sets.own).args(["1", passes]))?;
        let text = std::fs::read_to_string(&out)?;
        let total =
            text.lines().find_map(|line| line.strip_prefix("summary: ").or(line.strip_prefix("totals: "))).context("callgrind gave no total")?;
        Ok(total.trim().parse()?)
    };
    // Two passes less one: without what starting takes.
    let pass = |program: &Path, first: &[&str]| -> Result<f64> { Ok(counted(program, first, "2")? - counted(program, first, "1")?) };
    let (rust, c) = (pass(rust, &["time"])?, pass(c, &[])?);
    findings.add(
        c <= rust / (LEAST[1] / 100.0),
        &format!(
            "{link:?} library: {:.1} % of the instructions of Rust for one pass, one call a listing and as a batch ({c:.0} and {rust:.0})",
            100.0 * c / rust
        ),
    );
    Ok(())
}

fn memory(sets: &Sets, library: &Path, findings: &mut Findings) -> Result<()> {
    if !Path::new("/proc/self/statm").exists() {
        findings.skip("no /proc/self/statm to read resident memory from");
        return Ok(());
    }
    let said = answer(Command::new(program("soak", library, Link::Shared)?).arg(&sets.own).arg(ASSESSMENTS.to_string()))?;
    let numbers: Vec<i64> = said.split_whitespace().map(str::parse).collect::<Result<_, _>>().with_context(|| said.clone())?;
    let [before, after, done, _] = numbers[..] else { bail!("not four numbers: {said}") };
    findings.add(
        after - before < MOST_GROWTH,
        &format!("{done} assessments, with batches, explanations, swaps and errors between: {before} KiB resident after a tenth, {after} KiB at the end (less than {MOST_GROWTH} more)"),
    );
    Ok(())
}

fn threads(sets: &Sets, library: &Path, findings: &mut Findings) -> Result<()> {
    let traffic = program("traffic", library, Link::Static)?;
    let [threads, calls] = THREADS;
    let said = answer(Command::new(&traffic).arg(&sets.own).args(THREADS))?;
    findings.add(true, &format!("{threads} threads x {calls} calls, embedded packs: {}", said.trim()));
    let said = answer(Command::new(program("calls", library, Link::Static)?).arg(&sets.small).arg(SEQUENCES[0]));
    findings.add(said.is_ok(), &format!("calls at random against a model, a small pack: {}", outcome(&said)));
    checked::memcheck(&traffic, sets, findings);
    checked::sanitized(sets, findings)?;
    checked::interpreted(findings)
}

fn sizing(sets: &Sets, library: &Path, findings: &mut Findings) -> Result<()> {
    let said = answer(Command::new(program("latency", library, Link::Shared)?).arg(&sets.many))?;
    let lines: Vec<Vec<&str>> = said.lines().map(|line| line.split(' ').collect()).collect();
    for line in &lines {
        match line[..] {
            [characters, p50, p99, p999, calls] => {
                findings.add(true, &format!("{characters} characters: {p50} µs (p50), {p99} (p99), {p999} (p99.9), of {calls} calls"));
            }
            [engine, scratch] => {
                findings.add(true, &format!("an engine of the embedded packs takes {engine} KiB once used, a scratch {scratch} KiB"))
            }
            _ => bail!("not as expected: {said}"),
        }
    }
    Ok(())
}

fn install(findings: &mut Findings) -> Result<()> {
    let Some(installed) = Installed::new()? else {
        findings.skip("no cargo-c");
        return Ok(());
    };
    findings.add(true, &format!("installed by cargo-c: {}", installed.facts()?));
    let readme = installed.readme();
    findings.add(
        readme.is_ok(),
        &format!(
            "the program of README.md with the installed library: {}",
            readme.map_or_else(|e| format!("{e:#}"), |_| "prints what it says".into())
        ),
    );
    match Installed::alone()? {
        Some(()) => {
            findings.add(true, "its line and its program in a new Debian that has gcc, pkg-config and this library alone: prints what it says")
        }
        None => findings.skip("no debootstrap, or not root"),
    }
    match installed.cmake()? {
        Some(said) => {
            findings.add(said.contains("urgent"), &format!("examples/c/cmake finds it by pkg-config, and says: {}", said.trim().replace('\n', "; ")))
        }
        None => findings.skip("no CMake"),
    }
    Ok(())
}

fn fully_static(findings: &mut Findings) -> Result<()> {
    let output = Command::new("sh").arg(root().join("examples/c/static/run.sh")).output()?;
    let said = String::from_utf8_lossy(&output.stdout).trim().replace('\n', "; ");
    match output.status.code() {
        Some(77) => findings.skip(&said),
        code => findings.add(
            code == Some(0),
            &format!("static build for musl in an empty root folder without network: {said}{}", String::from_utf8_lossy(&output.stderr)),
        ),
    }
    Ok(())
}

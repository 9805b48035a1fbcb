//! Campaign `corpora`: what must hold on every real listing. Rows in = rows out, one output for 1, 2 and 8 threads, sums that another
//! program re-adds, engine = oracle, no allocation in a second pass, no look at any column but title and description when told so.
//! Invariant: a check that cannot be made fails the campaign; none is left out silently.

use crate::arguments::Arguments;
use crate::findings::Findings;
use crate::record;
use crate::repository::{cargo, python, release, root, scratch};
use crate::rows::{self, Seeded, count_lines};
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// Runs the campaign.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Some(corpora) = arguments.corpora() else {
        println!("SKIPPED: no corpora");
        return Ok(ExitCode::SUCCESS);
    };
    let cli = release("piepowder-cli", "piepowder")?;
    let folder = scratch()?;
    let input = folder.join("corpora.jsonl");
    let files = rows::files(&corpora)?;
    let rows = gather(&files, &input)?;
    let repeated = rows::all_files(&corpora)?.len() - files.len();
    let mut findings = Findings::default();
    findings.add(rows > 0, &format!("{rows} rows of {} files ({repeated} file left out that repeats rows of the others)", files.len()));

    let full = threads(&cli, &folder, &input, rows, &mut findings)?;
    readd(&cli, &folder, &input, &full, &mut findings)?;
    shuffled(&cli, &folder, &input, &mut findings)?;
    agree(&input, rows, &mut findings)?;
    allocations(&input, &mut findings)?;

    for entry in std::fs::read_dir(&folder)? {
        std::fs::remove_file(entry?.path())?;
    }
    let (body, failed) = findings.into_record();
    record::append("corpora", "Every listing of the corpora", arguments, &body)?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes all rows of all files into one; says how many.
pub(crate) fn gather(files: &[PathBuf], to: &Path) -> Result<usize> {
    let mut out = BufWriter::new(File::create(to).with_context(|| format!("{}", to.display()))?);
    let mut rows = 0;
    for file in files {
        rows::each_line(file, |line| {
            rows += 1;
            out.write_all(line)?;
            Ok(out.write_all(b"\n")?)
        })?;
    }
    out.flush()?;
    Ok(rows)
}

/// `piepowder score` from standard input to a file. The exit status and what it said on standard error.
pub(crate) fn score(cli: &Path, input: &Path, output: &Path, options: &[&str]) -> Result<(Option<i32>, String)> {
    let answer = Command::new(cli)
        .current_dir(root())
        .arg("score")
        .args(options)
        .arg("-")
        .stdin(File::open(input)?)
        .stdout(File::create(output)?)
        .stderr(Stdio::piped())
        .output()
        .with_context(|| cli.display().to_string())?;
    Ok((answer.status.code(), String::from_utf8_lossy(&answer.stderr).into_owned()))
}

fn same(a: &Path, b: &Path) -> Result<bool> {
    Ok(std::fs::read(a)? == std::fs::read(b)?)
}

fn threads(cli: &Path, folder: &Path, input: &Path, rows: usize, findings: &mut Findings) -> Result<PathBuf> {
    let first = folder.join("full-1.jsonl");
    for threads in ["1", "2", "8"] {
        let output = folder.join(format!("full-{threads}.jsonl"));
        let (status, said) = score(cli, input, &output, &["--evidence", "full", "--threads", threads])?;
        let lines = count_lines(&output)?;
        let panicked = said.contains("panicked");
        findings.add(
            status == Some(0) && lines == rows && !panicked,
            &format!(
                "{threads} threads: {lines} lines out for {rows} rows in, exit status {status:?}, panics: {}",
                if panicked { "yes" } else { "none" }
            ),
        );
        if output != first {
            findings.add(same(&first, &output)?, &format!("{threads} threads: byte-identical to 1 thread"));
            std::fs::remove_file(&output)?;
        }
    }
    Ok(first)
}

fn readd(cli: &Path, folder: &Path, input: &Path, full: &Path, findings: &mut Findings) -> Result<()> {
    if !python() {
        findings.add(false, "no python3 to re-add the sums with");
        return Ok(());
    }
    let brief = folder.join("brief.jsonl");
    score(cli, input, &brief, &["--evidence", "brief"])?;
    for (output, detail) in [(full, "full"), (&brief, "brief")] {
        let answer = Command::new("python3").arg(root().join("examples/readd.py")).arg(output).output()?;
        let said = String::from_utf8_lossy(&answer.stdout).into_owned();
        findings
            .add(answer.status.success(), &format!("examples/readd.py, evidence {detail}: {}", said.trim().lines().last().unwrap_or("no answer")));
    }
    Ok(())
}

/// Every column but `id`, `title` and `description` gets the values of other rows; told to look at these alone, the scores stay.
fn shuffled(cli: &Path, folder: &Path, input: &Path, findings: &mut Findings) -> Result<()> {
    let rows: Vec<Map<String, Value>> = std::fs::read_to_string(input)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let mut columns: Vec<String> = rows.iter().flat_map(|r| r.keys().cloned()).collect();
    columns.sort();
    columns.dedup();
    columns.retain(|c| !["id", "title", "description"].contains(&c.as_str()));
    let mut mixed = rows.clone();
    let mut seeded = Seeded(2_026);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    for column in &columns {
        seeded.shuffle(&mut order);
        for (row, from) in mixed.iter_mut().zip(&order) {
            match rows[*from].get(column) {
                Some(value) => drop(row.insert(column.clone(), value.clone())),
                None => drop(row.remove(column)),
            }
        }
    }
    let changed = rows.iter().zip(&mixed).filter(|(a, b)| a != b).count();
    let path = folder.join("shuffled.jsonl");
    let mut out = BufWriter::new(File::create(&path)?);
    for row in &mixed {
        serde_json::to_writer(&mut out, row)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    drop(out);
    let options = ["--only", "title,description", "--evidence", "full"];
    let outputs = [folder.join("only.jsonl"), folder.join("only-shuffled.jsonl")];
    score(cli, input, &outputs[0], &options)?;
    score(cli, &path, &outputs[1], &options)?;
    let holds = same(&outputs[0], &outputs[1])? && count_lines(&outputs[0])? == rows.len();
    findings.add(holds, &format!("{} columns shuffled, {changed} rows changed: the words-only output stays byte-identical", columns.len()));
    Ok(())
}

fn agree(input: &Path, rows: usize, findings: &mut Findings) -> Result<()> {
    let agree = release("piepowder-benches", "agree")?;
    let answer = Command::new(agree).current_dir(root()).arg(input).output()?;
    let said = String::from_utf8_lossy(&answer.stdout).into_owned();
    let last = said.trim().lines().last().unwrap_or("no answer").to_string();
    findings.add(answer.status.success() && last.starts_with(&format!("{rows} rows")), &format!("engine = oracle: {last}"));
    Ok(())
}

fn allocations(input: &Path, findings: &mut Findings) -> Result<()> {
    let answer = cargo()
        .args(["test", "--release", "--quiet", "--package", "piepowder", "--test", "alloc", "--", "--nocapture", "--test-threads=1"])
        .env("PIEPOWDER_ALLOC_CORPUS", input)
        .output()?;
    let said = String::from_utf8_lossy(&answer.stdout).into_owned();
    let Some(line) = said.lines().find_map(|l| l.find("second pass").map(|at| &l[at..])) else {
        bail!("the test of allocations gave no figure:\n{said}\n{}", String::from_utf8_lossy(&answer.stderr));
    };
    findings.add(answer.status.success(), line);
    Ok(())
}

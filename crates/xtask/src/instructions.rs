//! `cargo xtask instructions`: how many instructions each stage needs for the project's own listings, counted by valgrind's callgrind, beside
//! the counts that are committed (`docs/results/instructions.tsv`). Unlike times, counts stay the same on a busy machine. Libraries choose
//! their code by the processor, so counts are compared only where it offers the same vector instructions as where they were recorded.
//! Invariant: what cannot be counted or compared is called skipped, never passed.

use crate::arguments::Arguments;
use crate::repository::{release, root, scratch};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// More instructions than recorded, in percent, that a stage may need.
const MOST_MORE: u64 = 10;

/// What is counted: a function of `benches/src/bin/instructions.rs`, called once for each run of a stage.
const MEASURED: &str = "instructions::measured";

/// Counts by stage.
type Counts = BTreeMap<String, u64>;

/// What came of it.
pub(crate) enum Verdict {
    Held,
    Exceeded,
    Skipped(String),
}

/// `cargo xtask instructions [--write]`.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if arguments.option("write").is_some() {
        let counts = match count()? {
            Ok(counts) => counts,
            Err(why) => bail!("nothing was counted: {why}"),
        };
        std::fs::write(file(), table(&counts, &features())?)?;
        println!("wrote docs/results/instructions.tsv");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(match check()? {
        Verdict::Exceeded => ExitCode::FAILURE,
        Verdict::Held => ExitCode::SUCCESS,
        Verdict::Skipped(why) => {
            println!("SKIPPED: {why}");
            ExitCode::SUCCESS
        }
    })
}

/// Counts, compares, and says every stage's figures.
pub(crate) fn check() -> Result<Verdict> {
    let text = std::fs::read_to_string(file()).context("docs/results/instructions.tsv; `cargo xtask instructions --write` makes it")?;
    let (recorded, recorded_on) = read(&text)?;
    let here = features();
    if recorded_on != here {
        return Ok(Verdict::Skipped(format!("the counts were recorded with `{recorded_on}`, this processor has `{here}`")));
    }
    let counts = match count()? {
        Ok(counts) => counts,
        Err(why) => return Ok(Verdict::Skipped(why)),
    };
    let mut held = true;
    for (stage, now) in &counts {
        let before = *recorded.get(stage).with_context(|| format!("no record of stage `{stage}`"))?;
        let fine = holds(before, *now);
        held &= fine;
        let change = 100.0 * (*now as f64 / before.max(1) as f64 - 1.0);
        println!("{} {stage}: {now} instructions, {before} recorded, {change:+.1} %", if fine { "ok  " } else { "FAIL" });
    }
    Ok(if held { Verdict::Held } else { Verdict::Exceeded })
}

fn holds(before: u64, now: u64) -> bool {
    now * 100 <= before * (100 + MOST_MORE)
}

fn file() -> PathBuf {
    root().join("docs/results/instructions.tsv")
}

/// Runs the stages under callgrind; in the inner result, why they cannot be.
fn count() -> Result<Result<Counts, String>> {
    if !Command::new("valgrind").arg("--version").output().is_ok_and(|o| o.status.success()) {
        return Ok(Err("no valgrind".into()));
    }
    let program = release("piepowder-benches", "instructions")?;
    let folder = scratch()?.join("instructions");
    std::fs::create_dir_all(&folder)?;
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--quiet"]).arg(format!("--callgrind-out-file={}", folder.join("out").display()));
    // Counted inside of the function alone, and written down each time it ends.
    command.arg(format!("--toggle-collect={MEASURED}")).arg(format!("--dump-after={MEASURED}"));
    let answer = command.arg(program).output()?;
    if !answer.status.success() {
        bail!("the stages under valgrind: {}\n{}", answer.status, String::from_utf8_lossy(&answer.stderr));
    }
    let mut counts = Counts::new();
    for (number, line) in (1..).zip(String::from_utf8_lossy(&answer.stdout).lines()) {
        let stage = line.split(' ').next().unwrap_or_default();
        let dump = std::fs::read_to_string(folder.join(format!("out.{number}"))).with_context(|| format!("callgrind did not see `{stage}`"))?;
        // A stage's second run comes last, and stays.
        counts.insert(stage.to_string(), total(&dump).filter(|n| *n > 0).with_context(|| format!("no count of `{stage}`"))?);
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(Ok(counts))
}

/// The count of a file that callgrind wrote.
fn total(dump: &str) -> Option<u64> {
    dump.lines().find_map(|l| l.strip_prefix("summary:"))?.trim().parse().ok()
}

/// The vector instructions by which libraries choose their code.
fn features() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let flags: Vec<&str> = cpu.lines().find_map(|l| l.strip_prefix("flags")).unwrap_or("").split_whitespace().collect();
    // Valgrind hides what is beyond AVX2 from the programs that it runs.
    let known: Vec<&str> = ["sse4_2", "bmi2", "avx2", "erms", "fsrm"].into_iter().filter(|f| flags.contains(f)).collect();
    format!("{} {}", std::env::consts::ARCH, known.join(" "))
}

fn table(counts: &Counts, features: &str) -> Result<String> {
    let mut out = String::from("# Instructions that each stage needs for the project's listings; written by `cargo xtask instructions --write`.\n");
    writeln!(out, "# {features}")?;
    for (stage, count) in counts {
        writeln!(out, "{stage}\t{count}")?;
    }
    Ok(out)
}

fn read(text: &str) -> Result<(Counts, String)> {
    let features = text.lines().filter_map(|l| l.strip_prefix("# ")).nth(1).context("no line of the processor")?;
    let counts = text.lines().filter(|l| !l.starts_with('#')).map(|line| {
        let (stage, count) = line.split_once('\t').with_context(|| format!("`{line}`"))?;
        Ok((stage.to_string(), count.parse().with_context(|| format!("`{line}`"))?))
    });
    Ok((counts.collect::<Result<_>>()?, features.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_as_it_was_written() {
        let counts: Counts = ["read", "match"].iter().zip(1_000..).map(|(stage, n)| ((*stage).to_string(), n)).collect();
        let text = table(&counts, "x86_64 avx2").unwrap();
        assert_eq!(read(&text).unwrap(), (counts, "x86_64 avx2".to_string()));
        assert!(read("read\t5\n").is_err());
    }

    #[test]
    fn a_tenth_more_is_the_most() {
        assert!(holds(1_000, 1_100) && !holds(1_000, 1_101) && holds(1_000, 2));
    }

    #[test]
    fn counts_are_read_from_dumps() {
        assert_eq!(total("version: 1\ndesc: Trigger: --dump-after=x\nevents: Ir\nsummary: 4711\nfn=(1)\n"), Some(4_711));
        assert_eq!(total("events: Ir\n"), None);
    }
}

//! Campaign `weights`: what the weights of the shipped rules are in the labelled corpora, by `piepowder check --corpus`, as one table,
//! `docs/results/weights.tsv`, from which the pages of the rules are written. It holds keys and counts, and no text of any row.
//! Invariant: the table is that of one run, rewritten as a whole; where there are no corpora, it stays as it is.

use crate::arguments::Arguments;
use crate::corpora::gather;
use crate::record;
use crate::repository::{release, root, scratch};
use crate::rows;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

const COLUMNS: &str =
    "rule\toffense\tweight\tmeasured\tlow\thigh\tby\tmatched_in_offense\trows_of_offense\tmatched_in_others\trows_of_others\tverdict";

/// A measured weight, in centibans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Measured {
    pub(crate) measured: i64,
    pub(crate) interval: [i64; 2],
    /// Rows that the rule matched, of all in which it could, of the offense and of the others.
    pub(crate) in_offense: [u64; 2],
    pub(crate) in_others: [u64; 2],
    /// Whether it was seen in too few rows for a verdict.
    pub(crate) few: bool,
}

/// Measured weights by rule and offense.
pub(crate) type Table = BTreeMap<(String, String), Measured>;

fn file() -> PathBuf {
    root().join("docs/results/weights.tsv")
}

/// Runs the campaign.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Some(corpora) = arguments.corpora() else {
        println!("SKIPPED: no corpora");
        return Ok(ExitCode::SUCCESS);
    };
    let cli = release("piepowder-cli", "piepowder")?;
    let input = scratch()?.join("weights.jsonl");
    let count = gather(&rows::files(&corpora)?, &input)?;
    let answer = Command::new(cli)
        .current_dir(root())
        .args(["check", "--market-field", "marketplace", "--format", "json", "--corpus"])
        .arg(&input)
        .output()
        .context("piepowder check")?;
    std::fs::remove_file(&input)?;
    if !answer.status.success() {
        bail!("piepowder check: {}\n{}", answer.status, String::from_utf8_lossy(&answer.stderr));
    }
    let mut text = format!(
        "# Weights of the shipped rules as measured in labelled listings, in centibans, with 95 % intervals; words only. Rewritten by\n\
         # `cargo xtask campaign weights` ({}; {count} rows). What the columns mean: docs/TAXONOMY.md. Rules that matched no row are left out.\n\
         {COLUMNS}\n",
        record::of(arguments)?
    );
    let mut verdicts: BTreeMap<String, usize> = BTreeMap::new();
    for line in String::from_utf8(answer.stdout)?.lines() {
        let one: Value = serde_json::from_str(line)?;
        // Problems of packs stand among the lines; they are not weights.
        let Some(verdict) = one["verdict"].as_str() else { continue };
        let number = |value: &Value| value.as_i64().map(|n| n.to_string()).with_context(|| line.to_string());
        let word = |key: &str| one[key].as_str().map(str::to_string).with_context(|| line.to_string());
        let (matched, others) = (number(&one["in_offense"][0])?, number(&one["in_others"][0])?);
        *verdicts.entry(verdict.to_string()).or_default() += 1;
        if matched == "0" && others == "0" {
            continue;
        }
        let cells = [
            word("rule")?,
            word("offense")?,
            number(&one["weight"])?,
            number(&one["measured"])?,
            number(&one["interval"][0])?,
            number(&one["interval"][1])?,
            word("by")?,
            matched,
            number(&one["in_offense"][1])?,
            others,
            number(&one["in_others"][1])?,
            verdict.to_string(),
        ];
        writeln!(text, "{}", cells.join("\t"))?;
    }
    std::fs::write(file(), text)?;
    println!("{count} rows; {verdicts:?}\nwritten to docs/results/weights.tsv; `cargo xtask codegen` puts it on the pages of the rules");
    Ok(ExitCode::SUCCESS)
}

/// The recorded table; empty when there is none.
pub(crate) fn recorded() -> Result<Table> {
    match std::fs::read_to_string(file()) {
        Ok(text) => read(&text),
        Err(_) => Ok(Table::new()),
    }
}

fn read(text: &str) -> Result<Table> {
    let mut table = Table::new();
    for line in text.lines().filter(|l| !l.starts_with('#') && *l != COLUMNS) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [rule, offense, _, measured, low, high, _, a, n, b, m, verdict] = cells[..] else { bail!("weights.tsv: `{line}`") };
        let row = Measured {
            measured: measured.parse()?,
            interval: [low.parse()?, high.parse()?],
            in_offense: [a.parse()?, n.parse()?],
            in_others: [b.parse()?, m.parse()?],
            few: verdict == "too-few",
        };
        table.insert((rule.to_string(), offense.to_string()), row);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read() {
        let text = format!("# About.\n{COLUMNS}\na.b\tarms\t100\t117\t80\t155\trows\t20\t145\t3\t9000\tfits\n");
        let row = Measured { measured: 117, interval: [80, 155], in_offense: [20, 145], in_others: [3, 9_000], few: false };
        assert_eq!(read(&text).unwrap(), Table::from([(("a.b".to_string(), "arms".to_string()), row)]));
        assert!(read("a\tb\n").is_err());
    }
}

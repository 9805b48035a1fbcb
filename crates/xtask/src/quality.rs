//! Campaign `quality`: the words-only table. Rows are scored on title and description alone; labels are joined afterwards by id and
//! never reach the engine. Invariant: every figure is a count of rows beside its rate; `other` rows are in none of them.

use crate::arguments::Arguments;
use crate::corpora::{gather, score};
use crate::repository::{release, scratch};
use crate::{intervals, record, rows};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// The offenses, which are also labels of the corpora.
pub(crate) const OFFENSES: [&str; 4] = ["narcotics", "arms", "counterfeit", "credentials"];
/// Tiers at which a person looks.
pub(crate) const LOOKED_AT: [&str; 2] = ["review", "urgent"];
/// The most that the false positives may be, macro-averaged, at the shipped thresholds.
const MOST_FALSE: f64 = 0.004;
/// The most that they may be in a corpus of `LARGE` rows or more.
const MOST_FALSE_IN_ONE: f64 = 0.01;
const LARGE: usize = 5_000;
/// Corpora in which rows are counted, and the most.
const FEW: [(&str, usize); 2] = [("billa", 12), ("shopee", 12)];
/// The most of the benign rows that hold a trigger word.
const MOST_HARD: f64 = 0.025;
/// The least recall of rows whose text shows the offense, by offense.
const LEAST_CLEAR: [f64; 4] = [0.93, 0.92, 0.85, 0.85];
/// The most of the rows that do not show the offense of their label which are flagged for it.
const MOST_WRONG: f64 = 0.10;
/// The least recall by label, whatever the text shows; labels without a floor have none.
const LEAST_RAW: [(usize, f64); 2] = [(0, 0.88), (3, 0.70)];

/// A labelled row and what the engine said of it.
#[derive(Debug, Default)]
struct Row {
    corpus: String,
    market: String,
    seller: String,
    label: String,
    scores: [i64; 4],
    /// By offense: whether its own tier is one at which a person looks.
    own: [bool; 4],
    /// Whether the tier of `regulated` is: a flag as well, on a benign row.
    regulated: bool,
    /// Whether an offense whose evidence is criminal is above the lowest tier.
    criminal: bool,
    /// Whether goods or conditions of a regulatory or house-rule nature are named.
    conditions: bool,
    /// The listing's tier is such a tier for want of coverage or for truncation, by no offense of its own.
    routed: bool,
}

impl Row {
    fn right(&self) -> bool {
        OFFENSES.iter().position(|o| *o == self.label).is_some_and(|i| self.own[i])
    }

    fn any(&self) -> bool {
        self.own.contains(&true) || self.regulated
    }

    fn benign(&self) -> bool {
        self.label == "benign"
    }
}

/// Rows of an id: one, but for those that a second file repeats.
type Rows = HashMap<String, Row>;

/// Runs the campaign.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Some(corpora) = arguments.corpora() else {
        println!("SKIPPED: no corpora");
        return Ok(ExitCode::SUCCESS);
    };
    let cli = release("piepowder-cli", "piepowder")?;
    let folder = scratch()?;
    let files = rows::files(&corpora)?;
    let (input, output) = (folder.join("quality.jsonl"), folder.join("quality-scores.jsonl"));
    let count = gather(&files, &input)?;
    let (status, said) = score(&cli, &input, &output, &["--only", "title,description", "--evidence", "none"])?;
    if status != Some(0) {
        bail!("piepowder score: exit status {status:?}\n{said}");
    }
    let mut table = labels(&files)?;
    let engine = join(&mut table, &output)?;
    if table.len() != count {
        bail!("{count} rows have {} ids", table.len());
    }
    std::fs::remove_file(&input)?;
    std::fs::remove_file(&output)?;

    let mut body = format!("{count} rows, words only, engine `{engine}`.\n");
    let mut asked = Asked::default();
    false_positives(&table, &mut body, &mut asked)?;
    hard_negatives(&table, &corpora, &mut body, &mut asked)?;
    recall(&table, &mut body, &mut asked)?;
    adjudicated(&table, &corpora.join("adjudicated.tsv"), &mut body, &mut asked)?;
    at_rates(&table, &mut body)?;
    asked.write(&mut body)?;
    record::append("quality", "Recall and false positives, words only", arguments, &body)?;
    Ok(if asked.0.iter().all(|line| line.met) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What the figures are held against, in the order in which they were seen.
#[derive(Debug, Default)]
struct Asked(Vec<Line>);

#[derive(Debug)]
struct Line {
    what: String,
    seen: String,
    asked: String,
    met: bool,
}

impl Asked {
    fn least(&mut self, what: String, seen: f64, least: f64) {
        self.0.push(Line { what, seen: percent(seen), asked: format!("at least {}", percent(least)), met: seen >= least });
    }

    fn most(&mut self, what: String, seen: f64, most: f64) {
        self.0.push(Line { what, seen: percent(seen), asked: format!("at most {}", percent(most)), met: seen <= most });
    }

    fn write(&self, body: &mut String) -> Result<()> {
        body.push_str("\n### What is asked\n\n| figure | seen | asked | |\n|---|---:|---:|---|\n");
        for Line { what, seen, asked, met } in &self.0 {
            writeln!(body, "| {what} | {seen} | {asked} | {} |", if *met { "met" } else { "**missed**" })?;
        }
        Ok(())
    }
}

fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

fn text(row: &Value, field: &str) -> String {
    row[field].as_str().unwrap_or("").to_string()
}

/// Who sells it, or the row itself where nobody says.
fn seller(row: &Value) -> String {
    let name = text(row, "seller");
    if name.is_empty() { format!("row {}", text(row, "id")) } else { format!("{} {name}", text(row, "marketplace")) }
}

fn labels(files: &[std::path::PathBuf]) -> Result<Rows> {
    let mut table = Rows::new();
    for file in files {
        let corpus = rows::name(file);
        rows::each_line(file, |line| {
            let row: Value = serde_json::from_slice(line)?;
            let joined =
                Row { corpus: corpus.clone(), market: text(&row, "marketplace"), seller: seller(&row), label: text(&row, "label"), ..Row::default() };
            table.insert(text(&row, "id"), joined);
            Ok(())
        })?;
    }
    Ok(table)
}

/// Adds what the engine said to each row; gives the engine's digest.
fn join(table: &mut Rows, output: &Path) -> Result<String> {
    let mut engine = String::new();
    let mut joined = 0;
    for line in std::fs::read_to_string(output)?.lines() {
        let answer: Value = serde_json::from_str(line)?;
        let id = text(&answer, "id");
        let row = table.get_mut(&id).with_context(|| format!("an answer for {id}, which was not asked"))?;
        for (i, offense) in OFFENSES.iter().enumerate() {
            row.scores[i] = answer["scores"][offense].as_i64().with_context(|| format!("{id}: no score for {offense}"))?;
            row.own[i] = answer["tiers"][offense].as_str().is_some_and(|t| LOOKED_AT.contains(&t));
        }
        let of = |offense: &str| answer["tiers"][offense].as_str();
        row.regulated = of("regulated").is_some_and(|t| LOOKED_AT.contains(&t));
        for (offense, nature) in answer["natures"].as_object().context("natures")? {
            let criminal = nature == "criminal";
            row.criminal |= criminal && of(offense).is_some();
            row.conditions |= !criminal;
        }
        row.routed = !row.any() && answer["tier"].as_str().is_some_and(|t| LOOKED_AT.contains(&t));
        engine = text(&answer, "engine");
        joined += 1;
    }
    if joined != table.len() {
        bail!("{joined} answers for {} rows", table.len());
    }
    Ok(engine)
}

/// `12 of 100 | 12.0 %`
pub(crate) fn cells(part: usize, whole: usize) -> String {
    if whole == 0 { "- | -".to_string() } else { format!("{part} of {whole} | {:.2} %", 100.0 * part as f64 / whole as f64) }
}

fn count<'a>(rows: impl Iterator<Item = &'a Row>, of: impl Fn(&Row) -> bool) -> (usize, usize) {
    rows.fold((0, 0), |(part, whole), row| (part + usize::from(of(row)), whole + 1))
}

fn benign_corpora(table: &Rows) -> BTreeMap<&str, Vec<&Row>> {
    let mut corpora: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in table.values().filter(|r| r.benign()) {
        corpora.entry(row.corpus.as_str()).or_default().push(row);
    }
    corpora
}

/// Macro-average over the benign corpora: each shop counts the same.
fn macro_average(table: &Rows, of: impl Fn(&Row) -> bool) -> f64 {
    let corpora = benign_corpora(table);
    let rates = corpora.values().map(|rows| {
        let (part, whole) = count(rows.iter().copied(), &of);
        part as f64 / whole as f64
    });
    rates.sum::<f64>() / corpora.len().max(1) as f64
}

fn false_positives(table: &Rows, body: &mut String, asked: &mut Asked) -> Result<()> {
    body.push_str("\n### False positives: benign rows at `review` or above for an offense\n\n");
    body.push_str(
        "| corpus | rows flagged | rate | narcotics | arms | counterfeit | credentials | sent to review for coverage or truncation | rate |\n",
    );
    body.push_str("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    for (corpus, rows) in benign_corpora(table) {
        let each = |of: &dyn Fn(&Row) -> bool| count(rows.iter().copied(), of);
        let (any, all) = each(&|r| r.any());
        let (routed, _) = each(&|r| r.routed);
        if all >= LARGE {
            asked.most(format!("false positives in {corpus}"), any as f64 / all as f64, MOST_FALSE_IN_ONE);
        }
        if let Some((_, most)) = FEW.iter().find(|(name, _)| *name == corpus) {
            asked.0.push(Line {
                what: format!("rows flagged in {corpus}"),
                seen: any.to_string(),
                asked: format!("at most {most}"),
                met: any <= *most,
            });
        }
        let own: Vec<String> = (0..4).map(|i| each(&|r| r.own[i]).0.to_string()).collect();
        writeln!(body, "| {corpus} | {} | {} | {} |", cells(any, all), own.join(" | "), cells(routed, all))?;
    }
    let rate = macro_average(table, Row::any);
    writeln!(body, "| **macro-average** | | {:.2} % | | | | | | {:.2} % |", 100.0 * rate, 100.0 * macro_average(table, |r| r.routed))?;
    asked.most("false positives, macro-average".to_string(), rate, MOST_FALSE);
    Ok(())
}

fn hard_negatives(table: &Rows, folder: &Path, body: &mut String, asked: &mut Asked) -> Result<()> {
    let file = folder.join(format!("{}.jsonl.gz", rows::REPEATS));
    if !file.exists() {
        return Ok(());
    }
    let (mut part, mut whole) = (0, 0);
    rows::each_line(&file, |line| {
        let row: Value = serde_json::from_slice(line)?;
        whole += 1;
        part += usize::from(table.get(&text(&row, "id")).is_some_and(Row::any));
        Ok(())
    })?;
    writeln!(
        body,
        "\nOf the benign rows that hold a trigger word (hard negatives, repeated from the above): {}.",
        cells(part, whole).replace(" |", ",")
    )?;
    asked.most("benign rows with a trigger word".to_string(), part as f64 / whole.max(1) as f64, MOST_HARD);
    Ok(())
}

fn recall(table: &Rows, body: &mut String, asked: &mut Asked) -> Result<()> {
    body.push_str("\n### Recall, raw: rows at `review` or above\n\n| label | market | right offense | rate | any offense | rate |\n|---|---|---:|---:|---:|---:|\n");
    for (i, label) in OFFENSES.iter().enumerate() {
        let mut markets: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
        for row in table.values().filter(|r| r.label == *label) {
            markets.entry("**all**").or_default().push(row);
            markets.entry(row.market.as_str()).or_default().push(row);
        }
        for (market, rows) in markets {
            let (right, all) = count(rows.iter().copied(), Row::right);
            let (any, _) = count(rows.iter().copied(), Row::any);
            writeln!(body, "| {label} | {market} | {} | {} |", cells(right, all), cells(any, all))?;
            if let Some((_, least)) = LEAST_RAW.iter().find(|(floor, _)| market == "**all**" && *floor == i) {
                asked.least(format!("{label}, raw recall"), right as f64 / all as f64, *least);
            }
        }
    }
    Ok(())
}

fn adjudicated(table: &Rows, file: &Path, body: &mut String, asked: &mut Asked) -> Result<()> {
    let Ok(content) = std::fs::read_to_string(file) else {
        body.push_str("\nNo adjudicated rows: adjudicated.tsv is missing.\n");
        return Ok(());
    };
    let mut verdicts: BTreeMap<(String, String), Vec<&Row>> = BTreeMap::new();
    for line in content.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [id, label, verdict, ..] = columns.as_slice() else { bail!("adjudicated.tsv: a line of {} columns", columns.len()) };
        let row = table.get(*id).with_context(|| format!("adjudicated.tsv: no row {id}"))?;
        verdicts.entry(((*label).to_string(), (*verdict).to_string())).or_default().push(row);
    }
    body.push_str("\n### Adjudicated rows: what the text itself shows\n\nRecall is measured on *clear* rows; a *wrong* row shows something else than its label. Intervals (95 %) are by bootstrap over sellers.\n\n");
    body.push_str("| label | verdict | right offense | rate | interval | any offense | rate |\n|---|---|---:|---:|---:|---:|---:|\n");
    let of_verdict = |wanted: &str| -> Vec<&Row> {
        let own = verdicts.iter().filter(|((label, verdict), _)| verdict == wanted && (label != "benign" || wanted == "regulated"));
        own.flat_map(|(_, rows)| rows.iter().copied()).collect()
    };
    let (regulated, clear) = (of_verdict("regulated"), of_verdict("clear"));
    for ((label, verdict), rows) in verdicts {
        let (right, all) = count(rows.iter().copied(), Row::right);
        let (any, _) = count(rows.iter().copied(), Row::any);
        if let Some(i) = OFFENSES.iter().position(|o| *o == label) {
            match verdict.as_str() {
                "clear" => asked.least(format!("{label}, rows that show it"), right as f64 / all as f64, LEAST_CLEAR[i]),
                "wrong" => asked.most(format!("{label}, rows that show something else"), right as f64 / all as f64, MOST_WRONG),
                _ => {}
            }
        }
        let interval = intervals::by_cluster(rows.iter().map(|row| (row.seller.as_str(), row.right())));
        let interval = interval.map_or("-".to_string(), |(low, high)| format!("{:.1}-{:.1} %", 100.0 * low, 100.0 * high));
        let right = if label == "benign" { "- | - | -".to_string() } else { format!("{} | {interval}", cells(right, all)) };
        writeln!(body, "| {label} | {verdict} | {right} | {} |", cells(any, all))?;
    }
    body.push_str("\nNatures of the same rows: whether an offense with criminal evidence is above the lowest tier, and what else was named.\n\n");
    body.push_str("| verdict | criminal | rate | no more than conditions | rate | neither | rate |\n|---|---:|---:|---:|---:|---:|---:|\n");
    for (verdict, rows) in [("regulated", regulated), ("clear, of an offense", clear)] {
        let (criminal, all) = count(rows.iter().copied(), |row| row.criminal);
        let (conditions, _) = count(rows.iter().copied(), |row| !row.criminal && row.conditions);
        writeln!(body, "| {verdict} | {} | {} | {} |", cells(criminal, all), cells(conditions, all), cells(all - criminal - conditions, all))?;
        if verdict == "regulated" {
            asked.most("regulated rows with a tier by criminal evidence".to_owned(), criminal as f64 / all.max(1) as f64, 0.0);
        }
    }
    Ok(())
}

/// One threshold for all offenses, so high that the macro-average of false positives is at most the rate; tiers' other demands left out.
fn at_rates(table: &Rows, body: &mut String) -> Result<()> {
    body.push_str("\n### By score alone, one threshold for all offenses, at fixed false positives (macro-average)\n\n");
    body.push_str("| false positives, at most | threshold, centibans | reached | narcotics | arms | counterfeit | credentials |\n|---:|---:|---:|---:|---:|---:|---:|\n");
    let highest = |r: &Row| r.scores.iter().copied().max().unwrap_or(i64::MIN);
    let mut thresholds: Vec<i64> = table.values().filter(|r| r.benign()).map(|r| highest(r) + 1).collect();
    thresholds.sort_unstable();
    thresholds.dedup();
    for rate in [0.005, 0.001, 0.0005] {
        // The rate falls as the threshold rises, so the first that is low enough is found by halving.
        let first = thresholds.partition_point(|t| macro_average(table, |r| highest(r) >= *t) > rate);
        let Some(threshold) = thresholds.get(first) else { continue };
        let reached = macro_average(table, |r| highest(r) >= *threshold);
        write!(body, "| {} % | {threshold} | {:.3} % |", rate * 100.0, reached * 100.0)?;
        for (i, label) in OFFENSES.iter().enumerate() {
            let (part, whole) = count(table.values().filter(|r| r.label == *label), |r| r.scores[i] >= *threshold);
            write!(body, " {:.1} % |", 100.0 * part as f64 / whole.max(1) as f64)?;
        }
        body.push('\n');
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(corpus: &str, label: &str, own: [bool; 4], score: i64) -> Row {
        Row {
            corpus: corpus.to_string(),
            market: "m".to_string(),
            seller: "s".to_string(),
            label: label.to_string(),
            scores: [score; 4],
            own,
            ..Row::default()
        }
    }

    #[test]
    fn each_shop_counts_the_same() {
        let mut table = Rows::new();
        for i in 0..4 {
            table.insert(format!("a{i}"), row("a", "benign", [i == 0, false, false, false], i));
        }
        table.insert("b0".to_string(), row("b", "benign", [false; 4], 0));
        table.insert("n0".to_string(), row("a", "narcotics", [false, true, false, false], 9));
        table.insert("n1".to_string(), row("a", "narcotics", [true; 4], 9));
        assert!((macro_average(&table, Row::any) - 0.125).abs() < 1e-12);
        let mut body = String::new();
        let mut asked = Asked::default();
        recall(&table, &mut body, &mut asked).unwrap();
        assert_eq!((asked.0[0].seen.as_str(), asked.0[0].met), ("50.00 %", false));
        assert!(body.contains("| narcotics | m | 1 of 2 | 50.00 % | 2 of 2 | 100.00 % |"), "{body}");
    }
}

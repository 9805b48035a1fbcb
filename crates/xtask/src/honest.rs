//! Campaign `honest`: false alarms in listings that offer nothing illegal, written and generated, in nine languages and scripts. The generated
//! ones are random words, so that only their ids are shown. Invariant: the same seed, rows and packages give the same record.

use crate::arguments::Arguments;
use crate::repository::{answer, python, root, target};
use anyhow::{Context, Result, anyhow, bail};
use piepowder::{Engine, Policy};
use piepowder_testkit::Oracle;
use piepowder_testkit::honest::{DISGUISE, Honest, MOST_DISGUISE, Tally, Verdict};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const SEED: usize = 2_026;
const COUNT: usize = 900;
const THREADS: usize = 2;
/// Names that are shown of a list; the rest is counted.
const SHOWN: usize = 100;
/// Below cargo's target folder: the packages and the generated listings.
const FOLDER: &str = "honest";

/// Runs the campaign.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let (seed, count) = (arguments.number("seed", SEED)?, arguments.number("count", COUNT)?);
    let generated = match packages() {
        Ok(program) => generate(&program, seed, count)?,
        Err(reason) => {
            println!("SKIPPED: {reason:#}");
            return Ok(ExitCode::SUCCESS);
        }
    };
    let written = read(&root().join("testdata/honest"))?;
    let languages = |rows: &[(String, Vec<Honest>)]| rows.iter().map(|(language, _)| language.clone()).collect::<Vec<_>>();
    if languages(&written) != languages(&generated) {
        bail!("written in {:?}, generated in {:?}", languages(&written), languages(&generated));
    }

    let taxonomy = piepowder_packs::taxonomy();
    let engine = Engine::builder().taxonomy(&taxonomy).build()?;
    let day = taxonomy.released().context("packs have dates")?;
    let oracle = Oracle::new(&taxonomy, &Policy::standard(), day, &[], &engine);
    let mut tallies = Vec::new();
    for ((language, written), (_, generated)) in written.iter().zip(&generated) {
        tallies.push(Language { name: language, written: tally(&engine, &oracle, written), generated: tally(&engine, &oracle, generated) });
    }

    let digest = engine.digest();
    let mut body =
        format!("Seed {seed}, {count} generated listings a language, words only, engine `{digest}`, packages of `crates/xtask/honest.txt`.\n");
    if engine.group_id(DISGUISE).is_none() {
        writeln!(body, "No pack has the group `{DISGUISE}`: its column counts nothing.")?;
    }
    let tiers: Vec<&str> = engine.policy().tiers().iter().map(|t| t.name()).collect();
    let missed = table(&tallies, &tiers, &mut body)?;
    rules(&tallies, &mut body)?;
    ids(&tallies, &mut body)?;
    writeln!(body, "\nMissed: {}.", if missed.is_empty() { "none".to_string() } else { missed.join(", ") })?;
    crate::record::append("honest", "False alarms in honest listings", arguments, &body)?;
    Ok(if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A Python with the packages of `honest.txt`, in a folder of its own; the reason, when it cannot be had.
fn packages() -> Result<PathBuf> {
    if !python() {
        bail!("no python3");
    }
    let folder = target().join(FOLDER).join("venv");
    let program = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !program.is_file() {
        answer(Command::new("python3").args(["-m", "venv"]).arg(&folder)).context("no folder for packages")?;
    }
    let list = root().join("crates/xtask/honest.txt");
    answer(Command::new(&program).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(list)).context("packages")?;
    Ok(program)
}

/// Has the listings written by `honest.py`, and reads them.
fn generate(program: &Path, seed: usize, count: usize) -> Result<Vec<(String, Vec<Honest>)>> {
    let folder = target().join(FOLDER).join("generated");
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder)?;
    }
    let mut command = Command::new(program);
    command.arg(root().join("crates/xtask/honest.py")).args(["--seed", &seed.to_string(), "--count", &count.to_string(), "--out"]).arg(&folder);
    // The package of Thai words makes a folder for downloads when it starts: not in somebody's home.
    answer(command.env("PYTHAINLP_DATA_DIR", target().join(FOLDER).join("downloads")))?;
    read(&folder)
}

/// The files of a folder by their names, which are languages.
fn read(folder: &Path) -> Result<Vec<(String, Vec<Honest>)>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "jsonl") {
            let rows = Honest::read(&std::fs::read_to_string(&path)?).map_err(|e| anyhow!("{}: {e}", path.display()))?;
            all.insert(path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), rows);
        }
    }
    Ok(all.into_iter().collect())
}

/// Scores these rows on all threads; the counts are those of one.
fn tally(engine: &Engine, oracle: &Oracle, rows: &[Honest]) -> Tally {
    let part = |rows: &[Honest]| -> Vec<Verdict> {
        let mut scratch = engine.create_scratch();
        rows.iter().map(|row| Verdict::of(engine, oracle, &mut scratch, row)).collect()
    };
    let verdicts: Vec<Verdict> = std::thread::scope(|scope| {
        let parts = rows.chunks(rows.len().div_ceil(THREADS).max(1)).map(|rows| scope.spawn(move || part(rows)));
        let started: Vec<_> = parts.collect();
        started.into_iter().flat_map(|thread| thread.join().expect("scoring does not panic")).collect()
    });
    let mut tally = Tally::default();
    rows.iter().zip(verdicts).for_each(|(row, verdict)| tally.add(&row.id, verdict));
    tally
}

/// The counts of a language.
struct Language<'a> {
    name: &'a str,
    written: Tally,
    generated: Tally,
}

impl Language<'_> {
    fn parts(&self) -> [&Tally; 2] {
        [&self.written, &self.generated]
    }

    fn sum(&self, count: impl Fn(&Tally) -> usize) -> usize {
        self.parts().into_iter().map(count).sum()
    }
}

/// The table of counts; what is not as it should be, by language.
fn table(languages: &[Language<'_>], tiers: &[&str], body: &mut String) -> Result<Vec<String>> {
    writeln!(
        body,
        "\nWritten + generated. At most 0.5 % may have an offense above `{}`, at most 1 % more than {MOST_DISGUISE} of disguise.\n",
        tiers[0]
    )?;
    writeln!(
        body,
        "| language | rows | an offense above | disguise above {MOST_DISGUISE} | {} | raised by coverage alone | engine and oracle differ | |",
        tiers.join(" | ")
    )?;
    writeln!(body, "|---|---:|---:|---:|{}---:|---:|---|", "---:|".repeat(tiers.len()))?;
    let mut missed = Vec::new();
    for language in languages {
        let rows = language.sum(|t| t.rows);
        let both = |count: &dyn Fn(&Tally) -> usize| language.parts().map(count).map(|n| n.to_string()).join(" + ");
        let (above, disguised) = (language.sum(|t| t.above.len()), language.sum(|t| t.disguised.len()));
        let mut problems = Vec::new();
        // A written listing that a test may not pass cannot be made up for by generated ones.
        if above * 1000 > rows * 5 || !language.written.is_clear_enough() {
            problems.push("offenses");
        }
        if disguised * 100 > rows || !language.written.is_plain_enough() {
            problems.push("disguise");
        }
        if language.sum(|t| t.differences.len()) > 0 {
            problems.push("oracle");
        }
        let by_tier: Vec<String> = tiers.iter().map(|tier| both(&|t: &Tally| t.tiers.get(*tier).copied().unwrap_or(0))).collect();
        let line = [
            language.name.to_string(),
            both(&|t| t.rows),
            both(&|t| t.above.len()),
            both(&|t| t.disguised.len()),
            by_tier.join(" | "),
            both(&|t| t.coverage_alone),
            both(&|t| t.differences.len()),
            if problems.is_empty() { "reached".to_string() } else { format!("MISSED: {}", problems.join(", ")) },
        ];
        writeln!(body, "| {} |", line.join(" | "))?;
        missed.extend(problems.iter().map(|what| format!("{what} in {}", language.name)));
    }
    Ok(missed)
}

/// The table of rules that contribute to honest listings, the most frequent first.
fn rules(languages: &[Language<'_>], body: &mut String) -> Result<()> {
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for (rule, count) in languages.iter().flat_map(|l| l.parts()).flat_map(|t| &t.rules) {
        *all.entry(rule.as_str()).or_default() += count;
    }
    let mut sorted: Vec<(&str, usize)> = all.into_iter().collect();
    sorted.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
    let names: Vec<&str> = languages.iter().map(|l| l.name).collect();
    writeln!(body, "\n### Rules that contribute more than 0, by listings: written + generated\n")?;
    writeln!(body, "| rule | all | through disguise | {} |\n|---|---:|---:|{}", names.join(" | "), "---:|".repeat(names.len()))?;
    for (rule, count) in sorted {
        let of = |t: &Tally| t.rules.get(rule).copied().unwrap_or(0);
        let cell = |l: &Language<'_>| match (of(&l.written), of(&l.generated)) {
            (0, 0) => "-".to_string(),
            (written, generated) => format!("{written} + {generated}"),
        };
        let undone: usize = languages.iter().map(|l| l.sum(|t| t.undone.get(rule).copied().unwrap_or(0))).sum();
        writeln!(body, "| {rule} | {count} | {undone} | {} |", languages.iter().map(cell).collect::<Vec<_>>().join(" | "))?;
    }
    Ok(())
}

fn named((id, rules): &(String, Vec<String>)) -> String {
    format!("{id}: {}", rules.join(", "))
}

/// The ids of what was found too much in.
fn ids(languages: &[Language<'_>], body: &mut String) -> Result<()> {
    let of = |list: fn(&Tally) -> Vec<String>| languages.iter().flat_map(|l| l.parts()).flat_map(list).collect::<Vec<_>>();
    let lists = [
        ("Listings with an offense above the first tier", of(|t| t.above.iter().map(named).collect())),
        ("Listings with too much of disguise", of(|t| t.disguised.iter().map(named).collect())),
        ("Listings on which engine and oracle differ", of(|t| t.differences.iter().map(|(id, _)| id.clone()).collect())),
    ];
    for (title, all) in lists.iter().filter(|(_, all)| !all.is_empty()) {
        writeln!(body, "\n### {title}: {}\n", all.len())?;
        for one in all.iter().take(SHOWN) {
            writeln!(body, "- {one}")?;
        }
        if all.len() > SHOWN {
            writeln!(body, "- and {} more", all.len() - SHOWN)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Language, Tally, Verdict, ids, rules, table};
    use std::collections::BTreeMap;

    fn tally(prefix: &str, rows: usize, above: usize, disguise: i32) -> Tally {
        let mut tally = Tally::default();
        for i in 0..rows {
            let alarmed = i < above;
            let rules = if alarmed { BTreeMap::from([("made.rule".to_string(), 90)]) } else { BTreeMap::new() };
            let tier = if alarmed { "review" } else { "clear" }.to_string();
            let verdict = Verdict {
                tier,
                above: alarmed,
                coverage_alone: false,
                disguise: Some(disguise),
                undone: rules.keys().cloned().collect(),
                rules,
                difference: None,
            };
            tally.add(&format!("{prefix}{i}"), verdict);
        }
        tally
    }

    #[test]
    fn what_is_too_much_is_missed_and_named() {
        let few = Language { name: "xa", written: tally("w", 100, 0, 20), generated: tally("g", 900, 5, 20) };
        let many = Language { name: "xb", written: tally("w", 100, 0, 20), generated: tally("g", 900, 6, 20) };
        let written = Language { name: "xc", written: tally("w", 101, 1, 21), generated: tally("g", 9_900, 0, 0) };
        let all = [few, many, written];
        let mut body = String::new();
        let missed = table(&all, &["clear", "review"], &mut body).unwrap();
        assert_eq!(missed, ["offenses in xb", "offenses in xc", "disguise in xc"], "{body}");
        assert!(body.contains("| xa | 100 + 900 | 0 + 5 | 0 + 0 | 100 + 895 | 0 + 5 | 0 + 0 | 0 + 0 | reached |"), "{body}");
        body.clear();
        rules(&all, &mut body).unwrap();
        assert!(body.contains("| made.rule | 12 | 12 | 0 + 5 | 0 + 6 | 1 + 0 |"), "{body}");
        body.clear();
        ids(&all, &mut body).unwrap();
        assert!(body.contains("- g0: made.rule") && body.contains("disguise: 101") && body.contains("- and 1 more"), "{body}");
    }

    #[test]
    fn the_list_of_packages_is_what_the_program_asks_for() {
        let (program, list) = (include_str!("../honest.py"), include_str!("../honest.txt"));
        let versions = program.lines().find_map(|l| l.strip_prefix("VERSIONS = {")).expect("a line with versions").trim_end_matches('}');
        let pairs: Vec<String> = versions.split(", ").map(|pair| pair.replace(": ", "==").replace('"', "")).collect();
        assert!(!pairs.is_empty() && pairs.iter().all(|pair| list.lines().any(|line| line == pair)), "{pairs:?}");
        assert!(list.lines().filter(|l| !l.starts_with('#')).all(|l| l.contains("==")), "{list}");
    }
}

//! `cargo xtask test`: everything that must pass before a change lands, one step after another, whatever failed before. It adds up
//! what cargo's tests counted and one for each step. Invariant: the last line is the count, and a skipped step is counted as skipped.

use crate::instructions::{self, Verdict};
use crate::repository::{WHOLE, answer, cargo, listings, python, root, scratch, target};
use crate::{capi, common, entities, header, pages, readings, structure, unicode};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::borrow::Cow;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

#[derive(Default)]
pub(crate) struct Count {
    passed: usize,
    failed: usize,
    skipped: usize,
    failures: Vec<String>,
}

/// How a step ended, if it ran to its end.
pub(crate) enum Outcome {
    Passed,
    Failed,
    Skipped(Cow<'static, str>),
}

impl Count {
    pub(crate) fn step(&mut self, name: &str, step: impl FnOnce(&mut Count) -> Result<Outcome>) {
        println!("== {name}");
        let start = Instant::now();
        let outcome = step(self);
        let seconds = start.elapsed().as_secs_f64();
        let word = match outcome {
            Ok(Outcome::Passed) => {
                self.passed += 1;
                "passed".to_string()
            }
            Ok(Outcome::Skipped(why)) => {
                self.skipped += 1;
                format!("SKIPPED: {why}")
            }
            Ok(Outcome::Failed) => {
                self.failed += 1;
                self.failures.push(name.to_string());
                "FAILED".to_string()
            }
            Err(error) => {
                self.failed += 1;
                self.failures.push(name.to_string());
                format!("FAILED: {error:#}")
            }
        };
        println!("== {name}: {word} ({seconds:.1} s)\n");
    }

    /// A run of cargo, its output passed on and its tests counted.
    fn cargo(&mut self, arguments: &[&str]) -> Result<Outcome> {
        let passed = self.counted(cargo().args(arguments).env("RUSTDOCFLAGS", "-D warnings"))?;
        Ok(if passed { Outcome::Passed } else { Outcome::Failed })
    }

    /// A program that says `test result: ...` as cargo's tests do, its output passed on and its tests counted; whether it succeeded.
    pub(crate) fn counted(&mut self, command: &mut Command) -> Result<bool> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        for line in BufReader::new(child.stdout.take().context("no output")?).lines() {
            let line = line?;
            if let Some([passed, failed, ignored]) = test_result(&line) {
                self.passed += passed;
                self.failed += failed;
                self.skipped += ignored;
            }
            println!("{line}");
        }
        Ok(child.wait()?.success())
    }
}

/// `test result: ok. 5 passed; 0 failed; 1 ignored; ...`
fn test_result(line: &str) -> Option<[usize; 3]> {
    let rest = line.trim().strip_prefix("test result: ")?.split_once(". ")?.1;
    let number = |word: &str| rest.split("; ").find_map(|part| part.strip_suffix(word)?.trim().parse().ok());
    Some([number("passed")?, number("failed")?, number("ignored")?])
}

/// Runs every step.
pub(crate) fn run() -> Result<ExitCode> {
    let mut count = Count::default();
    let start = Instant::now();
    count.step("format", |c| c.cargo(&["fmt", "--all", "--check"]));
    count.step("structure", |_| {
        let problems = structure::problems()?;
        problems.iter().for_each(|p| println!("{p}"));
        Ok(if problems.is_empty() { Outcome::Passed } else { Outcome::Failed })
    });
    count.step("clippy", |c| c.cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]));
    count.step("tests", |c| c.cargo(&["test", "--workspace", "--all-features", "--no-fail-fast", "--lib", "--bins", "--tests", "--examples"]));
    count.step("doctests", |c| c.cargo(&["test", "--workspace", "--all-features", "--no-fail-fast", "--doc"]));
    let packages = packages()?;
    count.step("benches in test mode", |c| {
        let benches = packages.iter().flat_map(|package| package["targets"].as_array()).flatten().filter(|target| target["kind"][0] == "bench");
        let names: Vec<&str> = benches.flat_map(|target| ["--bench", target["name"].as_str().unwrap_or_default()]).collect();
        c.cargo(&[&["test", "--no-fail-fast"], &WHOLE[..], &names].concat())
    });
    count.step("docs", |c| c.cargo(&["doc", "--workspace", "--all-features", "--no-deps", "--document-private-items"]));
    count.step("instructions", |_| {
        Ok(match instructions::check()? {
            Verdict::Held => Outcome::Passed,
            Verdict::Exceeded => Outcome::Failed,
            Verdict::Skipped(why) => Outcome::Skipped(why.into()),
        })
    });
    features(&mut count, &packages)?;
    drift(&mut count);
    packs(&mut count);
    examples(&mut count);
    capi::steps(&mut count);
    println!("{:.0} s in all", start.elapsed().as_secs_f64());
    for failure in &count.failures {
        println!("failed: {failure}");
    }
    println!("{} passed, {} failed, {} skipped", count.passed, count.failed, count.skipped);
    Ok(if count.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What cargo says of the packages of the workspace.
fn packages() -> Result<Vec<Value>> {
    let metadata: Value = serde_json::from_str(&answer(cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?)?;
    Ok(metadata["packages"].as_array().context("packages")?.clone())
}

/// Every package without features, and with each of its features alone.
fn features(count: &mut Count, packages: &[Value]) -> Result<()> {
    for package in packages {
        let name = package["name"].as_str().context("name")?;
        let features: Vec<&str> =
            package["features"].as_object().context("features")?.keys().map(String::as_str).filter(|f| *f != "default").collect();
        count.step(&format!("{name} without features"), |c| c.cargo(&["check", "--quiet", "--package", name, "--no-default-features"]));
        for feature in features {
            let arguments = ["check", "--quiet", "--package", name, "--no-default-features", "--features", feature];
            count.step(&format!("{name} with {feature} alone"), |c| c.cargo(&arguments));
        }
    }
    Ok(())
}

/// The command line tool as the tests built it.
pub(crate) fn cli() -> Result<Command> {
    let built = cargo().args(["build", "--quiet", "--bin", "piepowder"]).args(WHOLE).status()?;
    if !built.success() {
        bail!("piepowder-cli does not build");
    }
    let mut command = Command::new(target().join("debug/piepowder"));
    command.current_dir(root());
    Ok(command)
}

/// What is generated and committed is what would be generated now.
fn drift(count: &mut Count) {
    count.step("Unicode tables are current", |_| unicode::check().and_then(|()| readings::check()).map(|()| Outcome::Passed));
    count.step("set of common words is current", |_| common::check().map(|()| Outcome::Passed));
    count.step("table of HTML entities is current", |_| entities::check().map(|()| Outcome::Passed));
    count.step("piepowder.h is current", |_| header::check().map(|()| Outcome::Passed));
    count.step("pages of the rules are current", |_| pages::check().map(|()| Outcome::Passed));
    for name in ["output", "pack", "policy"] {
        count.step(&format!("docs/schema/{name}.schema.json is current"), |_| {
            let current = answer(cli()?.args(["schema", name]))?;
            let committed = std::fs::read_to_string(root().join(format!("docs/schema/{name}.schema.json")))
                .with_context(|| format!("docs/schema/{name}.schema.json"))?;
            Ok(if current.trim() == committed.trim() { Outcome::Passed } else { Outcome::Failed })
        });
    }
}

/// Folders that hold a `pack.toml`, below a folder.
fn pack_folders(below: &str) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(root().join(below)).with_context(|| below.to_string())? {
        let path = entry?.path();
        if path.join("pack.toml").exists() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// `piepowder check` finds nothing in the shipped packs together, nor in each example pack.
fn packs(count: &mut Count) {
    count.step("shipped packs", |_| {
        let folders = pack_folders("crates/piepowder-packs/packs")?;
        let status = cli()?.arg("check").args(&folders).status()?;
        Ok(if status.success() && !folders.is_empty() { Outcome::Passed } else { Outcome::Failed })
    });
    count.step("example packs", |_| {
        let folders = pack_folders("examples/packs")?;
        for folder in &folders {
            if !cli()?.arg("check").arg(folder).status()?.success() {
                return Ok(Outcome::Failed);
            }
        }
        Ok(if folders.is_empty() { Outcome::Failed } else { Outcome::Passed })
    });
}

/// Examples that are not Rust: the re-adder finds every line exact, and finds a line that is not.
fn examples(count: &mut Count) {
    for detail in ["full", "brief"] {
        count.step(&format!("examples/readd.py, evidence {detail}"), |_| {
            if !python() {
                return Ok(Outcome::Skipped("no python3".into()));
            }
            let text = answer(cli()?.args(["score", "--evidence", detail]).args(listings()?))?;
            let file = scratch()?.join("readd.jsonl");
            let readd = |text: &str| -> Result<Option<i32>> {
                std::fs::write(&file, text)?;
                Ok(Command::new("python3").arg(root().join("examples/readd.py")).arg(&file).status()?.code())
            };
            let exact = readd(&text)?;
            let altered = readd(&alter(&text)?)?;
            Ok(if (exact, altered) == (Some(0), Some(1)) { Outcome::Passed } else { Outcome::Failed })
        });
    }
}

/// The output with one weight of one line made one centiban heavier.
fn alter(text: &str) -> Result<String> {
    let at = text.find("\"weights\":{\"").context("no evidence in the output")?;
    let number = at + text[at..].find("\":").and_then(|w| text[at + w + 2..].find("\":").map(|n| w + 2 + n + 2)).context("no weight")?;
    let end = number + text[number..].find([',', '}']).context("no end of a weight")?;
    let weight: i64 = text[number..end].parse().with_context(|| format!("`{}`", &text[number..end]))?;
    Ok(format!("{}{}{}", &text[..number], weight + 1, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_counts_are_read() {
        let line = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s";
        assert_eq!(test_result(line), Some([12, 0, 1]));
        assert_eq!(test_result("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured"), Some([1, 2, 0]));
        assert_eq!(test_result("test a ... ok"), None);
    }

    #[test]
    fn one_weight_is_altered() {
        let line = r#"{"evidence":[{"weights":{"narcotics":260}}]}"#;
        assert_eq!(alter(line).unwrap(), r#"{"evidence":[{"weights":{"narcotics":261}}]}"#);
    }
}

//! `cargo xtask COMMAND`: the commands of people who work on piepowder. It starts other programs, reads their answers and says
//! what they showed; it holds no logic of the product. Invariant: what was not run is called skipped, never passed.

#![allow(clippy::print_stdout, reason = "a command line tool speaks on standard output")]

mod arguments;
mod campaign;
mod capi;
mod common;
mod corpora;
#[cfg(feature = "disguise")]
mod disguise;
mod embedded;
mod entities;
mod findings;
mod header;
#[cfg(feature = "disguise")]
mod honest;
mod instructions;
mod intervals;
mod lawful;
mod lookalikes;
mod memory;
mod no_copy;
mod pages;
mod quality;
mod readings;
mod record;
mod repository;
mod rows;
mod speed;
mod structure;
mod test;
mod unicode;
mod weights;
#[cfg(feature = "disguise")]
mod written;

use anyhow::{Result, bail};
use arguments::Arguments;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  test                      everything that must pass before a change lands
  codegen [--check]         writes tables, lists, lawful listings and pages of rules, or fails when they differ from what would be written
  structure                 module order, public items, the length of engine/run.rs, unsafe code
  instructions [--write]    instructions that each stage needs beside those recorded, or records them
  public-items              the names that the core exports
  no-copy --corpora DIR     fails when the repository shares a run of words with the corpora
  campaign NAME             heavier measurements; appends to docs/results/NAME.md
    corpora                   every listing of the corpora: rows, threads, sums, oracle, allocations, shuffled columns
    quality                   the words-only table of recall and false positives
    weights                   what the rules' weights are in the corpora; rewrites docs/results/weights.tsv
    disguise                  what a seeded attacker does to recall and false positives, family by family
    honest                    false alarms in honest listings of nine languages, written and generated
    written                   offers and lawful listings written for the project: found, flagged
    memory                    peak memory at 14 MB and at 1 GB of input
    c                         libpiepowder: lines, speed, memory, 24 threads and random calls below memcheck, sanitizers, Miri; install, static build
    speed                     end to end against the straightforward program and Hyperscan, interleaved; rewrites docs/BENCHMARKS.md
      --corpora DIR           default ../shared/corpora
      --date YYYY-MM-DD       the date of the record; default: that of the commit
      --rounds N              speed, c: rounds (default 5, 9)
      --megabytes N           speed: size of each kind of listings (default 96); memory: size of the large input (default 1000)
      --full                  speed: memory at 1 GB of input
      --part NAME             c: this part alone (lines, speed, memory, threads, fuzz, sizing, install, static)
      --seconds N             c: how long the part `fuzz` runs (default 300)
      --rows N                c: listings of the corpora (default 20000); disguise: rows of an offense, at most (default 1500)
      --benign N              disguise: rows of a benign corpus, at most (default 1000)
      --seed N                disguise, honest: what is drawn from (default 2026)
      --count N               honest: generated listings a language (default 900)
      --family NAME           disguise: this one alone; nothing is recorded
      --list OFFENSE          disguise: only rows as the attack left them that are lost, or flagged with `benign`";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            println!("xtask: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<ExitCode> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let words: Vec<&str> = arguments.words().collect();
    match words.as_slice() {
        ["test"] => test::run(),
        ["structure"] => structure::run(),
        ["public-items"] => structure::public_items(),
        ["codegen"] => {
            if arguments.option("check").is_some() {
                unicode::check()?;
                readings::check()?;
                entities::check()?;
                common::check()?;
                lawful::check()?;
                embedded::check()?;
                pages::check()?;
                header::check()?;
            } else {
                unicode::write()?;
                readings::write()?;
                entities::write()?;
                common::write()?;
                lawful::write()?;
                embedded::write()?;
                pages::write()?;
                header::write()?;
            }
            Ok(ExitCode::SUCCESS)
        }
        ["instructions"] => instructions::run(&arguments),
        ["no-copy"] => no_copy::run(&arguments),
        ["campaign", name] => campaign::run(name, &arguments),
        [] | ["help"] => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("unknown command `{}`\n\n{USAGE}", other.join(" ")),
    }
}

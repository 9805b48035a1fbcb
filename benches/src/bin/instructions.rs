//! `instructions`: runs each stage over the project's listings twice, for `cargo xtask instructions`, which has callgrind count inside of
//! the one function `measured`. Stages of the core are private, so each is an engine that is given only that to do. It prints, a line a
//! run, the stage and what it saw, in the order in which they ran. Invariant: a stage that saw nothing is an error.

use anyhow::{Result, ensure};
use piepowder::{Assessment, Detail, Engine, Field, JsonOptions, Listing, Scratch, Source, Taxonomy};
use piepowder_benches::{Row, project_listings};
use piepowder_io::{Chunk, Columns, DEFAULT_MAX_RECORD, Frame, Framer, Record};
use std::fmt::Write as _;

/// Packs whose rules the stage `match` has, among the offenses of all: what all rules take to start would be a minute under valgrind.
const PACKS: [&str; 2] = ["narcotics/", "signals/"];

const HEAD: &str = "format = 1\nname = \"stages\"\nversion = \"1.0.0\"\nreleased = 2026-11-21\nlicense = \"CC0-1.0\"\nowner = \"benches@example.org\"\n\
    [[offense]]\nkey = \"stages\"\nrank = 1\ntitle = \"Stages\"\nproposition = \"The text holds the words.\"\n";

/// Rules of the stage `weigh`, and how many of them share a group.
const RULES: usize = 200;
const SHARING: usize = 8;

/// Lines to records.
fn read(input: &[u8]) -> Result<usize> {
    let columns = Columns::standard();
    let mut record = Record::new(&columns);
    let (mut framer, mut chunk) = (Framer::new("listings", input, DEFAULT_MAX_RECORD), Chunk::default());
    let mut texts = 0;
    while framer.next_chunk(&mut chunk)? {
        for frame in chunk.frames() {
            let Frame::Record(line) = frame else { continue };
            record.read(&line)?;
            let listing = record.listing(&line, &mut Vec::new());
            texts += usize::from(!listing.get(Field::Title).is_empty());
        }
    }
    Ok(texts)
}

/// Listings to assessments. What that costs is up to the engine: one of one rule whose word no listing holds makes views and tokens; one
/// of packs does everything; one of many rules that know the only word there is weighs and decides.
fn assess(engine: &Engine, scratch: &mut Scratch, listings: &[Listing<'_>]) -> usize {
    listings.iter().map(|listing| engine.assess_with(scratch, listing).evidence().len() + 1).sum()
}

/// Assessments to lines.
fn write(answers: &[(Assessment, Listing<'_>)], options: &JsonOptions, out: &mut Vec<u8>) -> usize {
    out.clear();
    for (assessment, listing) in answers {
        assessment.write_json(b"\"1\"", listing, options, out);
        out.push(b'\n');
    }
    out.len()
}

fn engine(sources: impl IntoIterator<Item = Source>) -> Result<Engine> {
    let taxonomy = Taxonomy::from_sources(sources).map_err(|problems| anyhow::anyhow!("{problems}"))?;
    Ok(Engine::builder().taxonomy(&taxonomy).build()?)
}

/// An engine of so many rules with the same term.
fn made(rules: usize, term: &str) -> Result<Engine> {
    let mut text = String::from(
        "[defaults]\nelement = \"object\"\nnature = \"house-rule\"\nlanguage = \"und\"\nwarrant = { kind = \"expert\", source = \"Made.\" }\n",
    );
    for group in 0..rules.div_ceil(SHARING) {
        write!(text, "[[group]]\nkey = \"stages.g{group}\"\nreason.en = \"The word is there.\"\n")?;
    }
    for rule in 0..rules {
        let group = rule / SHARING;
        write!(
            text,
            "[[rule]]\nkey = \"stages.r{rule}\"\ngroup = \"stages.g{group}\"\ntitle = \"the word\"\nweights = {{ stages = {} }}\n",
            rule + 1
        )?;
        writeln!(text, "terms = [\"{term}\"]")?;
    }
    engine([Source::new("stages/pack.toml", HEAD), Source::new("stages/rules.toml", text)])
}

fn main() -> Result<()> {
    let rows = project_listings()?;
    let input: String = rows.iter().flat_map(|r| [r.line.as_str(), "\n"]).collect();
    let listings: Vec<Listing<'_>> = rows.iter().map(Row::listing).collect();
    let packs = piepowder_packs::sources().filter(|s| s.name().ends_with("/pack.toml") || PACKS.iter().any(|p| s.name().starts_with(p)));
    let (silent, matching, dense) = (made(1, "qzxqzxqzx")?, engine(packs)?, made(RULES, "lamp")?);
    let word = vec![Listing::new().with(Field::Title, b"a lamp"); 20];
    let mut scratches = [&silent, &matching, &dense].map(Engine::create_scratch);
    let options = JsonOptions::new().with_detail(Detail::Full);
    let answers: Vec<(Assessment, Listing<'_>)> = listings.iter().map(|l| (matching.assess(l), *l)).collect();
    let mut out = Vec::new();
    // The first run fills buffers and builds what is built when it is first needed; the second one is what scoring costs.
    for _ in 0..2 {
        let [silently, matchingly, densely] = &mut scratches;
        let mut stages: [(&str, &mut dyn FnMut() -> usize); 5] = [
            ("read", &mut || read(input.as_bytes()).unwrap_or(0)),
            ("views", &mut || assess(&silent, silently, &listings)),
            ("match", &mut || assess(&matching, matchingly, &listings)),
            ("weigh", &mut || assess(&dense, densely, &word)),
            ("write", &mut || write(&answers, &options, &mut out)),
        ];
        for (name, stage) in &mut stages {
            let seen = measured(*stage);
            ensure!(seen > 0, "stage `{name}` saw nothing");
            #[allow(clippy::print_stdout, reason = "what was seen is its output")]
            {
                println!("{name} {seen}");
            }
        }
    }
    Ok(())
}

/// What is counted: callgrind knows it by its name.
#[inline(never)]
fn measured(stage: &mut dyn FnMut() -> usize) -> usize {
    stage()
}

//! Listings for programs in Rust and in C to agree on, and the Rust side of it:
//!
//! - `frames suites FOLDER`: of each suite of `testdata/suites`, its settings and listings (`NAME.frames`), and the same for the command
//!   line (`NAME.jsonl`, `NAME.arguments`, packs and policy); suites whose limits the command line cannot set have no arguments
//! - `frames rows FILE FRAMES JSONL`: ids, titles and descriptions of JSON Lines, for the embedded packs
//! - `frames lines FRAMES`: the lines that the library writes, at full detail
//! - `frames time FRAMES THREADS PASSES`: nanoseconds that the library takes for all listings, one by one and as a batch, in the fastest
//!   of so many passes, and what came out

use anyhow::{Context, Result, bail};
use piepowder::{Assessment, Detail, Engine, FieldId, JsonOptions, Listing, Value};
use piepowder_benches::{Framed, Settings, framed_listing, read_frames, read_rows, write_frames};
use piepowder_testkit::load_suites;
use std::fs;
use std::io::{BufReader, Write};
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["suites", folder] => suites(Path::new(folder)),
        ["rows", file, frames, jsonl] => rows(file, frames, jsonl),
        ["lines", file] => lines(file),
        ["time", file, threads, passes] => time(file, threads.parse().context("THREADS is a number")?, passes.parse().context("PASSES is a number")?),
        _ => bail!("usage: frames suites FOLDER | rows FILE FRAMES JSONL | lines FRAMES | time FRAMES THREADS PASSES"),
    }
}

fn suites(folder: &Path) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/suites");
    for suite in load_suites(&root).map_err(anyhow::Error::msg)? {
        let limits = suite.limits();
        let settings = Settings {
            sources: suite.sources().map(|sources| sources.iter().map(|s| (s.name().to_owned(), s.text().to_owned())).collect()),
            policy: suite.policy().unwrap_or_default().to_owned(),
            priors: suite.priors().map(|(offense, p)| (offense.to_owned(), p.to_owned())).collect(),
            as_of: suite.as_of().unwrap_or_default().to_owned(),
            jurisdictions: suite.jurisdictions().to_vec(),
            limits: limits.map(Option::unwrap_or_default),
        };
        let listings: Vec<Framed> = suite
            .cases
            .iter()
            .map(|case| Ok(Framed { id: case.name.clone(), fields: case.named_fields()? }))
            .collect::<Result<_, String>>()
            .map_err(anyhow::Error::msg)?;
        let path = |ending: &str| folder.join(format!("{}.{ending}", suite.name));
        fs::write(path("frames"), write_frames(&settings, &listings))?;
        write_rows(&listings, &path("jsonl"))?;
        if limits == [None; 3] {
            fs::write(path("arguments"), for_command_line(&settings, &folder.join(&suite.name))?.join("\n"))?;
        }
    }
    Ok(())
}

fn write_rows(listings: &[Framed], to: &Path) -> Result<()> {
    let mut out = std::io::BufWriter::new(fs::File::create(to)?);
    for listing in listings {
        out.write_all(&listing.row()?)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// The settings as arguments, with the files that they name.
fn for_command_line(settings: &Settings, folder: &Path) -> Result<Vec<String>> {
    let mut arguments: Vec<String> = Vec::new();
    let mut add = |name: &str, value: String| arguments.extend([name.to_owned(), value]);
    fs::create_dir_all(folder)?;
    for (offense, probability) in &settings.priors {
        add("--prior", format!("{offense}={probability}"));
    }
    if !settings.policy.is_empty() {
        let policy = folder.join("policy.toml");
        fs::write(&policy, &settings.policy)?;
        add("--policy", policy.display().to_string());
    }
    if !settings.as_of.is_empty() {
        add("--as-of", settings.as_of.clone());
    }
    if !settings.jurisdictions.is_empty() {
        add("--jurisdiction", settings.jurisdictions.join(","));
    }
    let mut packs: Vec<&str> = Vec::new();
    for (name, text) in settings.sources.iter().flatten() {
        let (pack, file) = name.split_once('/').with_context(|| format!("`{name}` is in no folder"))?;
        fs::create_dir_all(folder.join(pack))?;
        fs::write(folder.join(pack).join(file), text)?;
        if !packs.contains(&pack) {
            packs.push(pack);
            add("--pack", folder.join(pack).display().to_string());
        }
    }
    if settings.sources.is_some() {
        arguments.push("--no-embedded".to_owned());
    }
    Ok(arguments)
}

fn rows(file: &str, frames: &str, jsonl: &str) -> Result<()> {
    let rows = read_rows(BufReader::new(fs::File::open(file)?))?;
    let framed = rows.into_iter().map(|row| {
        let fields = ["title", "description"].into_iter().zip([piepowder::Field::Title, piepowder::Field::Description]);
        let texts = fields.map(|(name, field)| (name.to_owned(), row.text(field).as_bytes().to_vec())).filter(|(_, text)| !text.is_empty());
        Framed { fields: texts.collect(), id: row.id.clone() }
    });
    let framed: Vec<Framed> = framed.collect();
    fs::write(frames, write_frames(&Settings::default(), &framed))?;
    write_rows(&framed, Path::new(jsonl))
}

fn read(file: &str) -> Result<(Engine, Vec<Framed>)> {
    let (settings, listings) = read_frames(&fs::read(file).with_context(|| file.to_owned())?).with_context(|| file.to_owned())?;
    Ok((settings.engine()?, listings))
}

fn lines(file: &str) -> Result<()> {
    let (engine, listings) = read(file)?;
    let mut scratch = engine.create_scratch();
    let json = JsonOptions::new().with_detail(Detail::Full);
    let mut out = Vec::new();
    for framed in &listings {
        let fields = framed.by_id(&engine)?;
        let listing = framed_listing(&fields);
        engine.assess_with(&mut scratch, &listing).write_json(framed.json_id()?.as_bytes(), &listing, &json, &mut out);
        out.push(b'\n');
    }
    Ok(std::io::stdout().write_all(&out)?)
}

/// What tells that two programs came to the same: the sum of ranks, margins and pieces of evidence.
fn sum(assessment: &Assessment) -> i64 {
    let decision = assessment.decision();
    decision.rank() as i64 * 1_000_003 + i64::from(decision.margin()) * 31 + assessment.evidence().len() as i64
}

/// Of the passes the fastest counts: whatever else runs on the machine only ever adds.
fn time(file: &str, threads: usize, passes: usize) -> Result<()> {
    let (engine, framed) = read(file)?;
    let fields: Vec<Vec<(FieldId, Value<'_>)>> = framed.iter().map(|row| row.by_id(&engine)).collect::<Result<_>>()?;
    let listings: Vec<Listing<'_>> = fields.iter().map(|fields| framed_listing(fields)).collect();
    let mut scratch = engine.create_scratch();
    let mut one_by_one = || -> i64 { listings.iter().map(|listing| sum(engine.assess_with(&mut scratch, listing))).sum() };
    one_by_one();
    let (mut single, mut whole, mut first) = (u128::MAX, u128::MAX, 0);
    let mut results = batch(&engine, &listings, threads);
    for _ in 0..passes {
        let start = Instant::now();
        first = one_by_one();
        single = single.min(start.elapsed().as_nanos());
        let start = Instant::now();
        results.clear();
        results = batch(&engine, &listings, threads);
        whole = whole.min(start.elapsed().as_nanos());
    }
    let second: i64 = results.iter().map(sum).sum();
    Ok(writeln!(std::io::stdout(), "{single} {whole} {first} {second}")?)
}

/// A batch as a program in Rust writes it that wants no pool of threads: chunks of rows for whichever thread is free.
fn batch(engine: &Engine, listings: &[Listing<'_>], threads: usize) -> Vec<Assessment> {
    let mut results: Vec<Vec<Assessment>> = listings.chunks(64).map(|_| Vec::new()).collect();
    let chunks = Mutex::new(listings.chunks(64).zip(&mut results));
    let work = || {
        let mut scratch = engine.create_scratch();
        while let Some((listings, results)) = chunks.lock().ok().and_then(|mut chunks| chunks.next()) {
            results.extend(listings.iter().map(|listing| engine.assess_with(&mut scratch, listing).clone()));
        }
    };
    std::thread::scope(|scope| {
        (1..threads).for_each(|_| drop(scope.spawn(work)));
        work();
    });
    results.into_iter().flatten().collect()
}

//! `piepowder compile`: packs to one file that an engine starts from in milliseconds. The core knows the form. Invariant: whoever reads the
//! file meets it whole, the old one or the new.

use crate::args::Compile;
use crate::{packs, terminal};
use anyhow::{Context, Result};
use piepowder::Taxonomy;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) fn run(args: Compile) -> Result<ExitCode> {
    let taxonomy = packs::alone(&args.pack)?;
    let bytes = taxonomy.to_compiled().map_err(packs::refused)?;
    write(&args.output, &bytes)?;
    terminal::print(summary(&taxonomy, &args.output, bytes.len()).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Writes beside the file, and puts the new one in its place.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut beside = OsString::from(path);
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    written.with_context(|| {
        // What cannot be removed was not written.
        let _ = fs::remove_file(&beside);
        terminal::name(path)
    })
}

fn summary(taxonomy: &Taxonomy, path: &Path, bytes: usize) -> String {
    let packs: Vec<String> = taxonomy.packs().map(|p| format!("{} {}", p.name(), p.version())).collect();
    let terms: usize = taxonomy.rules().map(|r| r.terms().len() + r.substrings().len()).sum();
    let patterns: usize = taxonomy.rules().map(|r| r.patterns().len()).sum();
    let rows = [
        ("file", format!("{}, {} bytes", terminal::name(path), terminal::grouped(bytes as u64))),
        ("packs", packs.join(", ")),
        (
            "rules",
            format!(
                "{}, with {} terms and {} patterns",
                terminal::grouped(taxonomy.rules().count() as u64),
                terminal::grouped(terms as u64),
                terminal::grouped(patterns as u64)
            ),
        ),
        ("taxonomy", taxonomy.digest().to_string()),
    ];
    terminal::table(&rows.map(|(name, text)| vec![name.to_owned(), text]), "")
}

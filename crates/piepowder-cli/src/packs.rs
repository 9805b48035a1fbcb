//! Packs from folders, or from files that `compile` wrote, to a taxonomy: which files belong to a pack, and what is laid over what. The core
//! reads and checks the texts.
//! Invariant: a pack's sources are named `FOLDER/FILE`, in name order, whatever the file system's order.

use crate::terminal;
use anyhow::{Context, Result, bail};
use piepowder::{Diagnostics, Source, Taxonomy};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Longest file that is read; the core refuses those above 16 MiB with a diagnostic.
const MAX_FILE: u64 = (16 << 20) + 1;

/// A folder that was read.
pub(crate) struct Folder {
    /// The pack's name: that of the folder.
    pub(crate) name: String,
    pub(crate) sources: Vec<Source>,
}

/// Reads a pack, or all packs of a folder that is not one itself, or those that a file was compiled from.
pub(crate) fn read(path: &Path) -> Result<Vec<Folder>> {
    if path.is_file() {
        return Ok(folders(compiled(path)?.sources().iter().cloned()));
    }
    let entries = list(path)?;
    if entries.iter().any(|e| e.ends_with("pack.toml")) || !entries.iter().any(|e| e.join("pack.toml").is_file()) {
        return Ok(vec![read_one(path, entries)?]);
    }
    entries.into_iter().filter(|e| e.join("pack.toml").is_file()).map(|e| read_one(&e, list(&e)?)).collect()
}

/// Names of files and folders, sorted; hidden ones are an editor's or the system's.
fn list(path: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(path).with_context(|| format!("{} cannot be read as a pack", terminal::name(path)))?;
    let mut paths = entries.map(|e| Ok(e?.path())).collect::<Result<Vec<_>>>().with_context(|| terminal::name(path))?;
    paths.retain(|p| !p.file_name().is_some_and(|n| n.as_encoded_bytes().starts_with(b".")));
    paths.sort();
    Ok(paths)
}

fn read_one(path: &Path, files: Vec<PathBuf>) -> Result<Folder> {
    // The last part of `.` or `..` is the folder's real name.
    let real = fs::canonicalize(path).with_context(|| terminal::name(path))?;
    let Some(name) = real.file_name().and_then(|n| n.to_str()).map(str::to_owned) else {
        bail!("{}: the folder of a pack has a name in UTF-8", terminal::name(path));
    };
    let sources = files.into_iter().map(|file| {
        let Some(part) = file.file_name().and_then(|n| n.to_str()) else { bail!("{}: the name is not UTF-8", terminal::name(&file)) };
        Ok(Source::new(format!("{name}/{part}"), text(&file)?))
    });
    Ok(Folder { sources: sources.collect::<Result<_>>()?, name })
}

/// The packs of a compiled file.
fn compiled(path: &Path) -> Result<Taxonomy> {
    let bytes = piepowder_io::read_for_good(path)?;
    Taxonomy::from_compiled(bytes).with_context(|| terminal::name(path))
}

/// The text of a regular file.
pub(crate) fn text(path: &Path) -> Result<String> {
    let shown = || terminal::name(path);
    if !fs::metadata(path).with_context(shown)?.is_file() {
        bail!("{} is not a regular file", shown());
    }
    let mut bytes = Vec::new();
    File::open(path).with_context(shown)?.take(MAX_FILE).read_to_end(&mut bytes).with_context(shown)?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        anyhow::anyhow!("{}:{line}:{column}: the file is not UTF-8", shown())
    })
}

/// What to look for: the embedded packs unless they are left out, with the others laid over them.
pub(crate) fn taxonomy(paths: &[PathBuf], embedded: Embedded) -> Result<Taxonomy> {
    // A compiled file by itself is ready; with others it is sources as theirs.
    if let ([path], Embedded::LeftOut) = (paths, embedded)
        && path.is_file()
    {
        return compiled(path);
    }
    let mut sources = Vec::new();
    for path in paths {
        sources.extend(read(path)?.into_iter().flat_map(|f| f.sources));
    }
    if embedded == Embedded::LeftOut {
        if paths.is_empty() {
            bail!("there is nothing to look for: without the embedded packs, give at least one --pack PACK");
        }
        return Taxonomy::from_sources(sources).map_err(problems);
    }
    if sources.is_empty() {
        return Ok(piepowder_packs::taxonomy());
    }
    let over = Taxonomy::from_sources(sources).map_err(problems)?;
    let names: Vec<String> = over.packs().map(|p| p.name().to_owned()).collect();
    let below = piepowder_packs::taxonomy();
    if let Some(pack) = below.packs().find(|p| names.iter().any(|n| n == p.name())) {
        bail!(
            "a pack named `{}` is embedded already: give yours another name to lay it over, or --no-embedded to leave the embedded ones out",
            pack.name()
        );
    }
    below.overlay(over).map_err(problems)
}

/// The embedded packs as folders.
pub(crate) fn embedded() -> Vec<Folder> {
    folders(piepowder_packs::sources())
}

/// Sources in name order, by their packs.
fn folders(sources: impl Iterator<Item = Source>) -> Vec<Folder> {
    let mut folders: Vec<Folder> = Vec::new();
    for source in sources {
        let name = source.name().split('/').next().unwrap_or_default().to_owned();
        match folders.last_mut().filter(|f| f.name == name) {
            Some(folder) => folder.sources.push(source),
            None => folders.push(Folder { name, sources: vec![source] }),
        }
    }
    folders
}

/// The packs of a path; the word `embedded` names the embedded ones.
fn named(path: &Path) -> Result<Vec<Folder>> {
    if path.as_os_str() == "embedded" { Ok(embedded()) } else { read(path) }
}

/// These packs, and no others.
pub(crate) fn alone(paths: &[PathBuf]) -> Result<Taxonomy> {
    let mut sources = Vec::new();
    for path in paths {
        sources.extend(named(path)?.into_iter().flat_map(|f| f.sources));
    }
    Taxonomy::from_sources(sources).map_err(problems)
}

/// The sources of the embedded packs whose place none of these takes.
pub(crate) fn embedded_but(given: &[Folder]) -> impl Iterator<Item = Source> {
    embedded().into_iter().filter(|f| !given.iter().any(|g| g.name == f.name)).flat_map(|f| f.sources)
}

/// Packs of a folder, in the places of their namesakes among the embedded packs, and beside them, unless these are left out. The word
/// `embedded` names these alone.
pub(crate) fn in_place(path: &Path, around: Embedded) -> Result<Taxonomy> {
    let given = named(path)?;
    let around: Vec<Source> = if around == Embedded::Used { embedded_but(&given).collect() } else { Vec::new() };
    Taxonomy::from_sources(given.into_iter().flat_map(|f| f.sources).chain(around)).map_err(problems)
}

/// Whether the embedded packs are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Embedded {
    Used,
    LeftOut,
}

/// Why there is no engine, with all problems of packs.
pub(crate) fn refused(error: piepowder::Error) -> anyhow::Error {
    match error.diagnostics() {
        Some(all) => problems(all.clone()),
        None => anyhow::anyhow!(error),
    }
}

/// The errors among the problems, as a message; warnings are for `check`.
pub(crate) fn problems(all: Diagnostics) -> anyhow::Error {
    let errors: Vec<String> = all.iter().filter(|d| d.is_error()).map(ToString::to_string).collect();
    let count = errors.len();
    anyhow::anyhow!("{count} problem{} in packs or policy\n\n{}", if count == 1 { "" } else { "s" }, errors.join("\n"))
}

//! The list of files that `piepowder-packs` embeds, `src/files.in`, written from what its folder `packs` holds.
//! Invariant: names are in order, whatever the file system's.

use crate::repository::root;
use anyhow::{Context, Result, ensure};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Writes the list.
pub(crate) fn write() -> Result<()> {
    std::fs::write(file(), generate()?)?;
    Ok(())
}

/// Fails when the list on disk is not what `write` would write.
pub(crate) fn check() -> Result<()> {
    ensure!(std::fs::read_to_string(file())? == generate()?, "{} is not what `cargo xtask codegen` writes", file().display());
    Ok(())
}

fn folder() -> PathBuf {
    root().join("crates/piepowder-packs")
}

fn file() -> PathBuf {
    folder().join("src/files.in")
}

fn generate() -> Result<String> {
    let mut out = String::from("&[\n");
    for pack in names(&folder().join("packs"))? {
        for name in names(&folder().join("packs").join(&pack))? {
            writeln!(out, "    (\"{pack}/{name}\", include_str!(\"../packs/{pack}/{name}\")),")?;
        }
    }
    out.push_str("]\n");
    Ok(out)
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut names = entries.map(|e| Ok(e?.file_name().to_string_lossy().into_owned())).collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

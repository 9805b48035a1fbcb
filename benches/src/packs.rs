//! A pack of a folder as a taxonomy, for contestants that get a generated one. It knows no overlays and no folders of packs.
//! Invariant: sources come in the order of their names.

use anyhow::{Context, Result, anyhow};
use piepowder::{Source, Taxonomy};
use std::path::Path;

/// Reads the pack of a folder.
///
/// # Errors
/// When a file cannot be read, or the pack does not load.
pub fn read_pack(folder: &Path) -> Result<Taxonomy> {
    let name = folder.file_name().and_then(|n| n.to_str()).context("the folder of a pack has a name")?;
    let mut files =
        std::fs::read_dir(folder).with_context(|| folder.display().to_string())?.map(|e| Ok(e?.path())).collect::<std::io::Result<Vec<_>>>()?;
    files.sort();
    let sources = files.iter().map(|file| {
        let part = file.file_name().unwrap_or_default().to_string_lossy();
        Ok(Source::new(format!("{name}/{part}"), std::fs::read_to_string(file).with_context(|| file.display().to_string())?))
    });
    Taxonomy::from_sources(sources.collect::<Result<Vec<_>>>()?).map_err(|problems| anyhow!("{problems}"))
}

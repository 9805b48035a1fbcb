//! The lawful listings of `testdata/lawful`, which `lawful/lawful.py` writes from its lists. Invariant: the same lists give the same bytes.

use crate::repository::{answer, python, root, target};
use anyhow::{Result, bail, ensure};
use std::path::Path;
use std::process::Command;

/// Writes the listings.
pub(crate) fn write() -> Result<()> {
    generate(&root().join("testdata/lawful"))
}

/// Fails when the listings on disk are not what `write` would write.
pub(crate) fn check() -> Result<()> {
    let (folder, kept) = (target().join("lawful"), root().join("testdata/lawful"));
    generate(&folder)?;
    let names = |folder: &Path| -> Result<Vec<std::ffi::OsString>> {
        let mut names = std::fs::read_dir(folder)?.map(|e| Ok(e?.file_name())).collect::<Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    };
    ensure!(names(&folder)? == names(&kept)?, "testdata/lawful has other files than are generated");
    for name in names(&folder)? {
        let same = std::fs::read(folder.join(&name))? == std::fs::read(kept.join(&name))?;
        ensure!(same, "testdata/lawful/{} is not what `cargo xtask codegen` writes", name.display());
    }
    Ok(())
}

fn generate(folder: &Path) -> Result<()> {
    if !python() {
        bail!("the lawful listings are written by Python 3, which is not here");
    }
    // What is left of an earlier run is not of this one.
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    let program = root().join("crates/xtask/lawful/lawful.py");
    answer(Command::new("python3").env("PYTHONDONTWRITEBYTECODE", "1").arg(program).arg("--out").arg(folder))?;
    Ok(())
}

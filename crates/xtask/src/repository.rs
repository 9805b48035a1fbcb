//! Where things are, and how other programs are started. Invariant: programs run from the root of the repository.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Cargo's arguments for everything there is with all features. Another choice of packages or features has another choice of features in
/// what they share, and cargo compiles that again: steps that make the same choice find what an earlier one made.
pub(crate) const WHOLE: [&str; 2] = ["--workspace", "--all-features"];

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new(".")).to_path_buf()
}

/// The folder for files of campaigns, below cargo's target folder, which is never committed.
pub(crate) fn scratch() -> Result<PathBuf> {
    let folder = target().join("campaign");
    std::fs::create_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
    Ok(folder)
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The cargo that started this program.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Builds a binary with the release profile and says where it is.
pub(crate) fn release(package: &str, binary: &str) -> Result<PathBuf> {
    let status = cargo().args(["build", "--release", "--quiet", "--package", package, "--bin", binary]).status()?;
    if !status.success() {
        bail!("cargo build of {binary} failed: {status}");
    }
    Ok(target().join("release").join(binary))
}

/// The listings written for the project, sorted by name.
pub(crate) fn listings() -> Result<Vec<PathBuf>> {
    let folder = root().join("testdata/listings");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("{}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "jsonl") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        bail!("no listings in {}", folder.display());
    }
    Ok(files)
}

/// What a program answered, as text; an error when it failed.
pub(crate) fn answer(command: &mut Command) -> Result<String> {
    let Output { status, stdout, stderr } = command.output().with_context(|| format!("{command:?}"))?;
    if !status.success() {
        bail!("{command:?}: {status}\n{}", String::from_utf8_lossy(&stderr));
    }
    Ok(String::from_utf8_lossy(&stdout).into_owned())
}

/// What git answers, without the last line feed.
pub(crate) fn git(arguments: &[&str]) -> Result<String> {
    let text = answer(Command::new("git").args(arguments).current_dir(root()))?;
    Ok(text.trim_end_matches('\n').to_string())
}

/// Whether Python 3 is there.
pub(crate) fn python() -> bool {
    Command::new("python3").arg("--version").output().is_ok_and(|o| o.status.success())
}

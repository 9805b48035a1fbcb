//! The same listings through the Rust library, the command line tool and C: byte-identical lines, or where the first one differs.
//! Invariant: what one of the three cannot be asked for is counted and named, not left out.

use super::{Link, Profile, program};
use crate::repository::{WHOLE, answer, cargo, root, target};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The three programs.
pub(super) struct Three {
    pub(super) rust: PathBuf,
    cli: PathBuf,
    c: PathBuf,
}

/// What was compared.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) sets: usize,
    pub(super) listings: usize,
    /// Sets that the command line cannot be asked for, since it sets no limits.
    pub(super) without_cli: Vec<String>,
    pub(super) differences: Vec<String>,
}

impl Three {
    pub(super) fn build(profile: Profile, library: &Path) -> Result<Three> {
        let mut command = cargo();
        command.args(["build", "--quiet", "--bin", "piepowder", "--bin", "frames"]);
        let folder = match profile {
            Profile::Release => {
                command.args(["--release", "--package", "piepowder-cli", "--package", "piepowder-benches"]);
                "release"
            }
            Profile::Debug => {
                command.args(WHOLE);
                "debug"
            }
        };
        if !command.status()?.success() {
            bail!("piepowder or frames does not build");
        }
        let folder = target().join(folder);
        Ok(Three { rust: folder.join("frames"), cli: folder.join("piepowder"), c: program("lines", library, Link::Static)? })
    }

    /// Every suite of `testdata/suites`.
    pub(super) fn suites(&self, folder: &Path) -> Result<Compared> {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::create_dir_all(folder)?;
        answer(Command::new(&self.rust).arg("suites").arg(folder))?;
        let mut frames: Vec<PathBuf> = std::fs::read_dir(folder)?.map(|e| Ok(e?.path())).collect::<Result<_>>()?;
        frames.retain(|path| path.extension().is_some_and(|e| e == "frames"));
        frames.sort();
        let mut compared = Compared::default();
        for frames in frames {
            self.compare(&frames, &mut compared)?;
        }
        if compared.sets == 0 {
            bail!("no suites");
        }
        Ok(compared)
    }

    /// One set: lines of `X.frames` by Rust and by C, one call a listing and as batches, and of `X.jsonl` by the command line tool with
    /// the arguments in `X.arguments`, if there are any.
    pub(super) fn compare(&self, frames: &Path, compared: &mut Compared) -> Result<()> {
        let name = frames.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let rust = output(Command::new(&self.rust).arg("lines").arg(frames))?;
        compared.sets += 1;
        compared.listings += rust.iter().filter(|byte| **byte == b'\n').count();
        let mut differ = |what: &str, other: &[u8]| {
            let at = rust.iter().zip(other).position(|(a, b)| a != b).or((rust.len() != other.len()).then(|| rust.len().min(other.len())));
            if let Some(at) = at {
                let line = rust[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
                compared.differences.push(format!("{name}: {what} differs from Rust in line {line}"));
            }
        };
        differ("C, one call a listing,", &output(Command::new(&self.c).arg(frames))?);
        for threads in ["1", "2", "5"] {
            differ(&format!("C, a batch on {threads} threads,"), &output(Command::new(&self.c).arg(frames).arg(threads))?);
        }
        match std::fs::read_to_string(frames.with_extension("arguments")) {
            Ok(arguments) => {
                let arguments = arguments.lines().filter(|line| !line.is_empty());
                let mut command = Command::new(&self.cli);
                command.current_dir(root()).args(["score", "--evidence", "full"]).args(arguments).arg(frames.with_extension("jsonl"));
                differ("the command line", &output(&mut command)?);
            }
            Err(_) => compared.without_cli.push(name),
        }
        Ok(())
    }
}

/// What a program wrote, as bytes.
fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    if !output.status.success() {
        bail!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(output.stdout)
}

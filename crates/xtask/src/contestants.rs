//! The programs that are timed against each other, started in the same way. Invariant: a program that fails stops the campaign.

use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A program that reads a file of listings and answers one line a row on standard output.
pub(crate) struct Contestant {
    name: &'static str,
    program: PathBuf,
    arguments: fn(&Path, usize) -> Vec<OsString>,
}

impl Contestant {
    pub(crate) fn piepowder(program: PathBuf) -> Self {
        let arguments = |input: &Path, threads: usize| {
            let mut all: Vec<OsString> = ["score", "--evidence", "none", "--threads"].map(OsString::from).to_vec();
            all.extend([threads.to_string().into(), input.into()]);
            all
        };
        Contestant { name: "piepowder", program, arguments }
    }

    pub(crate) fn baseline(program: PathBuf) -> Self {
        Contestant { name: "baseline", program, arguments: |input, threads| vec![input.into(), threads.to_string().into()] }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Runs it once; the time from start to exit.
    pub(crate) fn run(&self, input: &Path, threads: usize, output: Option<&Path>) -> Result<Duration> {
        let out = match output {
            Some(path) => Stdio::from(File::create(path)?),
            None => Stdio::null(),
        };
        let start = Instant::now();
        let status =
            Command::new(&self.program).args((self.arguments)(input, threads)).stdin(Stdio::null()).stdout(out).stderr(Stdio::null()).status();
        let time = start.elapsed();
        let status = status.with_context(|| self.program.display().to_string())?;
        if !status.success() {
            bail!("{}: {status}", self.name);
        }
        Ok(time)
    }
}

/// Lines of a file.
pub(crate) fn count_lines(path: &Path) -> Result<usize> {
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path).with_context(|| format!("{}", path.display()))?);
    let mut lines = 0;
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        lines += 1;
        line.clear();
    }
    Ok(lines)
}

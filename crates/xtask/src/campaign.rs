//! Which campaign is run by which name. Invariant: a campaign that lacks what it needs says SKIPPED and records nothing.

use crate::arguments::Arguments;
#[cfg(not(feature = "disguise"))]
use crate::repository::{cargo, target};
use crate::{capi, corpora, memory, quality, speed, weights};
use anyhow::{Result, bail};
#[cfg(not(feature = "disguise"))]
use std::process::Command;
use std::process::ExitCode;

/// Runs the campaign of that name.
pub(crate) fn run(name: &str, arguments: &Arguments) -> Result<ExitCode> {
    match name {
        "c" => capi::run(arguments),
        "corpora" => corpora::run(arguments),
        "disguise" | "honest" | "written" => with_engine(name, arguments),
        "quality" => quality::run(arguments),
        "memory" => memory::run(arguments),
        "speed" => speed::run(arguments),
        "weights" => weights::run(arguments),
        other => bail!("no campaign `{other}`: c, corpora, disguise, honest, quality, weights, written, memory, speed"),
    }
}

#[cfg(feature = "disguise")]
fn with_engine(name: &str, arguments: &Arguments) -> Result<ExitCode> {
    match name {
        "honest" => crate::honest::run(arguments),
        "written" => crate::written::run(arguments),
        _ => crate::disguise::run(arguments),
    }
}

/// This program holds no engine; it builds the one that does, with the release profile, and starts it with the same arguments.
#[cfg(not(feature = "disguise"))]
fn with_engine(_: &str, _: &Arguments) -> Result<ExitCode> {
    let built = cargo().args(["build", "--release", "--quiet", "--package", "xtask", "--features", "disguise"]).status()?;
    if !built.success() {
        bail!("xtask with the engine does not build: {built}");
    }
    let status = Command::new(target().join("release/xtask")).args(std::env::args_os().skip(1)).status()?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

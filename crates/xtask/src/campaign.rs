//! Which campaign is run by which name. Invariant: a campaign that lacks what it needs says SKIPPED and records nothing.

use crate::arguments::Arguments;
use crate::{corpora, memory, quality, speed};
use anyhow::{Result, bail};
use std::process::ExitCode;

/// Runs the campaign of that name.
pub(crate) fn run(name: &str, arguments: &Arguments) -> Result<ExitCode> {
    match name {
        "corpora" => corpora::run(arguments),
        "quality" => quality::run(arguments),
        "memory" => memory::run(arguments),
        "speed" => speed::run(arguments),
        other => bail!("no campaign `{other}`: corpora, quality, memory, speed"),
    }
}

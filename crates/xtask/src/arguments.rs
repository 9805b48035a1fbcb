//! The arguments of a command: words and `--name value` pairs. It knows no command; what is asked for decides what is read.
//! Invariant: an option without a value is an error.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;

/// Words in their order, and options.
pub(crate) struct Arguments {
    words: Vec<String>,
    options: Vec<(String, String)>,
}

const KNOWN: [&str; 12] = ["corpora", "count", "date", "part", "rounds", "megabytes", "rows", "benign", "seed", "seconds", "family", "list"];

impl Arguments {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut parsed = Arguments { words: Vec::new(), options: Vec::new() };
        while let Some(argument) = arguments.next() {
            match argument.strip_prefix("--") {
                Some(name @ ("check" | "full" | "write")) => parsed.options.push((name.to_string(), String::new())),
                Some(name) if KNOWN.contains(&name) => {
                    let value = arguments.next().with_context(|| format!("--{name} needs a value"))?;
                    parsed.options.push((name.to_string(), value));
                }
                Some(name) => bail!("unknown option --{name}"),
                None => parsed.words.push(argument),
            }
        }
        Ok(parsed)
    }

    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub(crate) fn number(&self, name: &str, default: usize) -> Result<usize> {
        self.option(name).map_or(Ok(default), |v| v.parse().with_context(|| format!("--{name} takes a whole number, not `{v}`")))
    }

    /// The folder of the corpora, when it is there.
    pub(crate) fn corpora(&self) -> Option<PathBuf> {
        let folder = match self.option("corpora") {
            Some(given) => PathBuf::from(given),
            None => crate::repository::root().join("../shared/corpora"),
        };
        folder.is_dir().then_some(folder)
    }
}

//! What a campaign found, as lines of its record and of its output. Invariant: what did not hold says so in both and is counted.

use anyhow::Result;
use std::fmt::Write as _;

/// Lines of a record.
#[derive(Default)]
pub(crate) struct Findings {
    body: String,
    failed: usize,
}

impl Findings {
    pub(crate) fn add(&mut self, holds: bool, what: &str) {
        println!("{} {what}", if holds { "ok  " } else { "FAIL" });
        self.failed += usize::from(!holds);
        let _ = writeln!(self.body, "- {}{what}", if holds { "" } else { "**FAILED** " });
    }

    /// What could not be looked at.
    pub(crate) fn skip(&mut self, why: &str) {
        println!("SKIPPED: {why}");
        let _ = writeln!(self.body, "- SKIPPED: {why}");
    }

    /// A part of a campaign; one that could not be ended is one that failed.
    pub(crate) fn part(&mut self, name: &str, found: impl FnOnce(&mut Self) -> Result<()>) {
        println!("== {name}");
        if let Err(error) = found(self) {
            self.add(false, &format!("{name}: {error:#}"));
        }
    }

    /// The lines, and how many did not hold.
    pub(crate) fn into_record(self) -> (String, usize) {
        (self.body, self.failed)
    }
}

//! Records of campaigns: what was measured, on which commit, of which date. A record is appended, never rewritten.
//! Invariant: the date is given or that of the commit, never the clock's.

use crate::arguments::Arguments;
use crate::repository::{git, root};
use anyhow::{Context, Result};
use std::io::Write;

/// Date and commit of what is measured.
pub(crate) fn of(arguments: &Arguments) -> Result<String> {
    let date = match arguments.option("date") {
        Some(date) => date.to_string(),
        None => git(&["show", "-s", "--format=%cs", "HEAD"])?,
    };
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    let changed = if git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty() { "" } else { ", with changes that are not committed" };
    Ok(format!("{date}, commit {commit}{changed}"))
}

/// Prints a record and appends it to `docs/results/NAME.md`.
pub(crate) fn append(name: &str, title: &str, arguments: &Arguments, body: &str) -> Result<()> {
    let folder = root().join("docs/results");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{name}.md"));
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&path).with_context(|| format!("{}", path.display()))?;
    if file.metadata()?.len() == 0 {
        writeln!(file, "# {title}\n\nAppended by `cargo xtask campaign {name}`; newest last.")?;
    }
    // What a tool said may name files: by where they are in the repository, and not on this machine.
    let body = body.replace(&format!("{}/", root().display()), "");
    write!(file, "\n## {}\n\n{}\n", of(arguments)?, body.trim_end())?;
    print!("{body}");
    println!("appended to docs/results/{name}.md");
    Ok(())
}

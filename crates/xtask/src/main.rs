//! Development tasks: `cargo xtask codegen [--check]` writes, or compares, the generated Unicode tables. It scores nothing.
//! Invariant: `--check` writes no file and fails when a file on disk differs from what would be written.

mod unicode;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["codegen"] => unicode::write(),
        ["codegen", "--check"] => unicode::check(),
        _ => bail!("usage: cargo xtask codegen [--check]"),
    }
}

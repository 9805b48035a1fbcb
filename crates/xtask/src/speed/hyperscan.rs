//! Hyperscan or Vectorscan as a contestant: a program in C of our own (`benches/hyperscan/scan.c`), compiled against the library when it is
//! installed, and asked for one scan at a time. It scans texts that were read, parted and lower-cased before. Invariant: without the library
//! the reason is said, and nothing is compared.

use super::programs::Time;
use crate::repository::root;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// How the lexicon is put into databases.
pub(super) const ARRANGEMENTS: [(&str, &str); 3] =
    [("one", "one database: bounded terms and patterns"), ("two", "two databases: literals, patterns"), ("literals", "literals alone")];

/// Compiles the program; in the inner result, why it cannot be.
pub(super) fn build(folder: &Path) -> Result<Result<PathBuf, String>> {
    let program = folder.join("hyperscan-scan");
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let answer =
        Command::new(compiler).args(["-std=c99", "-O2", "-o"]).arg(&program).arg(root().join("benches/hyperscan/scan.c")).arg("-lhs").output();
    Ok(match answer {
        Ok(answer) if answer.status.success() => Ok(program),
        Ok(answer) => Err(String::from_utf8_lossy(&answer.stderr).lines().find(|l| l.contains("error")).unwrap_or("no compiler error").to_string()),
        Err(error) => Err(format!("no C compiler: {error}")),
    })
}

/// The program, running, with texts and databases in memory. It sleeps between orders.
pub(super) struct Scanner {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    pub(super) version: String,
    pub(super) texts: usize,
}

impl Scanner {
    pub(super) fn start(program: &Path, texts: &Path, terms: &Path, patterns: &Path) -> Result<Scanner> {
        let mut child =
            Command::new(program).args([texts, terms, patterns]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("the scanner")?;
        let orders = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().context("no output")?);
        let mut scanner = Scanner { child, orders, answers, version: String::new(), texts: 0 };
        let line = scanner.line()?;
        let words: Vec<&str> = line.split(' ').collect();
        // Between the first word and the last two stands the version, which has a space of its own.
        let ["ready", version @ .., texts, _] = words.as_slice() else { bail!("the scanner began with `{line}`") };
        (scanner.version, scanner.texts) = (version.join(" "), texts.parse()?);
        Ok(scanner)
    }

    /// One scan of all texts: what it took, and the matches called back.
    pub(super) fn scan(&mut self, order: &str) -> Result<(Time, u64)> {
        writeln!(self.orders.as_mut().context("the scanner was told to end")?, "{order}")?;
        let line = self.line()?;
        let words: Vec<&str> = line.split(' ').collect();
        let [wall, cpu, callbacks] = words.as_slice() else { bail!("the scanner answered `{line}` to `{order}`") };
        Ok((Time { wall: wall.parse()?, cpu: cpu.parse()? }, callbacks.parse()?))
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            bail!("the scanner ended: {}", self.child.wait()?);
        }
        Ok(line.trim_end().to_string())
    }
}

impl Drop for Scanner {
    fn drop(&mut self) {
        // It ends when nobody can give orders any more.
        drop(self.orders.take());
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrangements_see_the_same_words() {
        let folder = std::env::temp_dir().join(format!("piepowder-scan-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let texts: Vec<u8> = ["red lamp and lamp oil, 50 ml", "", "lamps, _lamp, red lamp9, 7 mls"]
            .iter()
            .flat_map(|t| u32::try_from(t.len()).unwrap().to_le_bytes().into_iter().chain(t.bytes()))
            .collect();
        let (texts, terms, patterns) = (file("texts", &texts), file("terms", b"lamp\nred lamp\n"), file("patterns", b"\\b[0-9]+ ?ml\\b\n"));
        match build(&folder).unwrap() {
            Err(why) => println!("SKIPPED: {why}"),
            Ok(program) => {
                let mut scanner = Scanner::start(&program, &texts, &terms, &patterns).unwrap();
                assert_eq!(scanner.texts, 3);
                let counts: Vec<u64> = ["one", "two", "literals"].map(|order| scanner.scan(order).unwrap().1).to_vec();
                assert_eq!(counts, [4, 4, 3]);
                let pairs = folder.join("pairs");
                scanner.scan(&format!("matches {}", pairs.display())).unwrap();
                let mut lines: Vec<String> = std::fs::read_to_string(pairs).unwrap().lines().map(str::to_string).collect();
                lines.sort();
                assert_eq!(lines, ["0 0", "0 1", "0 2"]);
                assert!(scanner.scan("unheard of").is_err());
            }
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

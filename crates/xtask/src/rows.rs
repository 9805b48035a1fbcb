//! The corpora as rows: which files, in which order, as they were published. It interprets nothing but the gzip layer and lines.
//! Invariant: files come in the order of their names, rows in the order of their file.

use anyhow::{Context, Result};
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// The file that repeats rows of the others.
pub(crate) const REPEATS: &str = "dev_hard_negatives";

/// The corpus files below a folder by name, the one that repeats rows of the others left out.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = all_files(folder)?;
    files.retain(|f| name(f) != REPEATS);
    Ok(files)
}

/// All corpus files below a folder, by name.
pub(crate) fn all_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("{}", folder.display()))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".jsonl.gz") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The name of a corpus: its file name without `.jsonl.gz`.
pub(crate) fn name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.strip_suffix(".jsonl.gz").unwrap_or(&name).to_string()
}

/// Calls `each` with every line of a gzip file, without its line feed.
pub(crate) fn each_line(file: &Path, mut each: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut reader = BufReader::with_capacity(1 << 16, MultiGzDecoder::new(File::open(file).with_context(|| format!("{}", file.display()))?));
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        each(&line)?;
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

/// A small generator of numbers (splitmix64) for shuffles that are the same everywhere.
pub(crate) struct Seeded(pub(crate) u64);

impl Seeded {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

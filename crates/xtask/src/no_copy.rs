//! Whether the repository repeats text of the corpora: a run of 8 words, or of 40 characters, of a title or a description. It reports
//! places and ids, never the text. Invariant: what it reports was compared character by character, a hash alone convicts nobody.

use crate::arguments::Arguments;
use crate::repository::{git, root};
use crate::rows;
use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::process::ExitCode;

/// Length of a run in words.
const WORDS: usize = 8;
/// Length of a run in characters.
const CHARACTERS: usize = 40;
/// A run with fewer letters is a rule, a row of numbers or a pattern of signs, not a text.
const LETTERS: usize = 12;

/// A text as the units that are compared, each with the line it stands on.
#[derive(Default)]
struct Units {
    units: Vec<u64>,
    /// Letters in units `..i`.
    letters: Vec<usize>,
    lines: Vec<u32>,
}

impl Units {
    fn push(&mut self, unit: u64, letters: usize, line: u32) {
        let before = self.letters.last().copied().unwrap_or(0);
        self.units.push(unit);
        self.letters.push(before + letters);
        self.lines.push(line);
    }

    /// Every run of `length` units that is text: its start and its hash.
    fn each_run(&self, length: usize, mut each: impl FnMut(usize, u64)) {
        const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
        let power = (1..length).fold(1_u64, |p, _| p.wrapping_mul(BASE));
        let mut hash = 0_u64;
        for (i, unit) in self.units.iter().enumerate() {
            if i >= length {
                hash = hash.wrapping_sub(self.units[i - length].wrapping_mul(power));
            }
            hash = hash.wrapping_mul(BASE).wrapping_add(*unit);
            if i + 1 >= length {
                let start = i + 1 - length;
                let before = if start == 0 { 0 } else { self.letters[start - 1] };
                if self.letters[i] - before >= LETTERS {
                    each(start, hash);
                }
            }
        }
    }
}

fn mix(text: &str) -> u64 {
    // FNV-1a, then a multiplication: units are compared as these 64 bits.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// Case-folded alphanumeric words.
fn words(text: &str) -> Units {
    let mut units = Units::default();
    for (line, content) in (1..).zip(text.split('\n')) {
        for word in content.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
            let folded = word.to_lowercase();
            units.push(mix(&folded), folded.chars().filter(|c| c.is_alphabetic()).count(), line);
        }
    }
    units
}

/// Case-folded characters, each stretch of white space as one space.
fn characters(text: &str) -> Units {
    let mut units = Units::default();
    let mut line = 1;
    let mut space = true;
    for c in text.chars() {
        if c == '\n' {
            line += 1;
        }
        if c.is_whitespace() {
            if !space {
                units.push(u64::from(u32::from(' ')), 0, line);
            }
            space = true;
        } else {
            for folded in c.to_lowercase() {
                units.push(u64::from(u32::from(folded)), usize::from(folded.is_alphabetic()), line);
            }
            space = false;
        }
    }
    units
}

/// The repository's side: the runs of all its files.
#[derive(Default)]
struct Repository {
    files: Vec<(String, Units, Units)>,
    runs: [HashMap<u64, Vec<(u32, u32)>>; 2],
}

impl Repository {
    fn add(&mut self, name: &str, text: &str) {
        let index = self.files.len() as u32;
        let both = [words(text), characters(text)];
        for (kind, units) in both.iter().enumerate() {
            units.each_run([WORDS, CHARACTERS][kind], |start, hash| {
                let places = self.runs[kind].entry(hash).or_default();
                // A run that the repository itself repeats is reported where it stands first.
                if places.len() < 4 {
                    places.push((index, start as u32));
                }
            });
        }
        let [words, characters] = both;
        self.files.push((name.to_string(), words, characters));
    }

    /// Calls `found` with each place (file, line) that shares a run with the text.
    fn compare(&self, text: &str, mut found: impl FnMut(&str, u32)) {
        for (kind, units) in [words(text), characters(text)].iter().enumerate() {
            let length = [WORDS, CHARACTERS][kind];
            units.each_run(length, |start, hash| {
                for &(file, at) in self.runs[kind].get(&hash).into_iter().flatten() {
                    let (name, words, characters) = &self.files[file as usize];
                    let own = [words, characters][kind];
                    let at = at as usize;
                    if own.units[at..at + length] == units.units[start..start + length] {
                        found(name, own.lines[at]);
                    }
                }
            });
        }
    }
}

/// Whether a tracked file is compared: not lock files, licenses, or what is generated from public tables.
fn compared(name: &str, text: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let generated = text.lines().take(3).any(|l| l.starts_with("//! Generated by "));
    file != "Cargo.lock" && !file.starts_with("LICENSE") && !generated
}

/// `cargo xtask no-copy --corpora DIR`.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Some(folder) = arguments.corpora() else {
        println!("SKIPPED: no corpora");
        return Ok(ExitCode::SUCCESS);
    };
    let (places, files, listings) = shared_runs(&folder)?;
    for ((name, line), (id, count)) in &places {
        println!("{name}:{line}: shares a run with {id}{}", if *count > 1 { format!(" and {} more", count - 1) } else { String::new() });
    }
    println!("{files} files against {listings} listings: {} places share a run of {WORDS} words or {CHARACTERS} characters", places.len());
    Ok(if places.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

type Places = BTreeMap<(String, u32), (String, usize)>;

fn shared_runs(folder: &Path) -> Result<(Places, usize, usize)> {
    let mut repository = Repository::default();
    for name in git(&["ls-files", "-z"])?.split('\0').filter(|n| !n.is_empty()) {
        let Ok(text) = std::fs::read_to_string(root().join(name)) else { continue };
        if !text.contains('\0') && compared(name, &text) {
            repository.add(name, &text);
        }
    }
    let mut places = Places::new();
    let mut listings = 0;
    let corpora = rows::all_files(folder)?;
    if corpora.is_empty() {
        bail!("no *.jsonl.gz in {}", folder.display());
    }
    for file in corpora {
        rows::each_line(&file, |line| {
            let row: serde_json::Value = serde_json::from_slice(line).with_context(|| rows::name(&file))?;
            listings += 1;
            for field in ["title", "description"] {
                repository.compare(row[field].as_str().unwrap_or(""), |name, at| {
                    let id = row["id"].as_str().unwrap_or("?").to_string();
                    places.entry((name.to_string(), at)).or_insert((id, 0)).1 += 1;
                });
            }
            Ok(())
        })?;
    }
    Ok((places, repository.files.len(), listings))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(own: &str, other: &str) -> Vec<u32> {
        let mut repository = Repository::default();
        repository.add("file", own);
        let mut lines = Vec::new();
        repository.compare(other, |_, line| lines.push(line));
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    #[test]
    fn eight_words_in_any_case_and_punctuation() {
        assert_eq!(places("x\nOne two, three four five\nsix seven EIGHT nine", "zero; one two three four five six seven eight"), [2]);
        assert_eq!(places("one two three four five six seven", "one two three four five six seven"), Vec::<u32>::new());
    }

    #[test]
    fn forty_characters_with_any_white_space() {
        let text = "abcdefghij klmnopqrst uvwxyzabcd efghijkl";
        assert_eq!(places(text, &text.to_uppercase().replace(' ', " \n ")), [1]);
        assert_eq!(places(&text[..39], text), Vec::<u32>::new());
    }

    #[test]
    fn numbers_and_rules_are_no_text() {
        assert_eq!(places(&"-".repeat(80), &"-".repeat(80)), Vec::<u32>::new());
        assert_eq!(places("1 2 3 4 5 6 7 8 9 10", "1 2 3 4 5 6 7 8 9 10"), Vec::<u32>::new());
    }
}

//! The listings that the campaign `speed` runs on: mostly titles, full listings, and half of the bytes of each. Rows keep all of their
//! columns. Invariant: the same rows, sizes and seed give the same files.

use crate::arguments::Arguments;
use crate::repository::listings;
use crate::rows::{self, Seeded};
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Bytes of title and description from which on a listing is a full one.
const FULL: usize = 200;

/// A row: its line, and what a scanner sees of it, title and description in lower case with a line feed between.
pub(super) struct Listing {
    pub(super) line: Vec<u8>,
    pub(super) text: String,
}

/// Which listings, and in which proportion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Titles,
    Full,
    Mix,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Titles => "titles",
            Kind::Full => "full",
            Kind::Mix => "mix",
        }
    }
}

/// All rows that there are, by how much text they have.
pub(super) struct Pools {
    full: Vec<Listing>,
    short: Vec<Listing>,
    pub(super) source: &'static str,
}

/// A file of listings, and the file of their texts for scanners: each behind its length in bytes, four bytes, lowest first.
pub(super) struct Corpus {
    pub(super) kind: Kind,
    pub(super) path: PathBuf,
    pub(super) texts: PathBuf,
    pub(super) rows: usize,
    pub(super) bytes: usize,
    pub(super) text_bytes: usize,
    pub(super) ascii: usize,
}

impl Pools {
    /// The corpora if they are there, else the project's own listings.
    pub(super) fn read(arguments: &Arguments) -> Result<Pools> {
        let mut pools = Pools { full: Vec::new(), short: Vec::new(), source: "the corpora" };
        match arguments.corpora() {
            Some(folder) => {
                for file in rows::files(&folder)? {
                    rows::each_line(&file, |line| {
                        pools.add(line);
                        Ok(())
                    })?;
                }
            }
            None => {
                pools.source = "the project's own few listings, repeated, for want of corpora: the figures are no measure of real listings";
                for file in listings()? {
                    std::fs::read(&file)?.split(|b| *b == b'\n').for_each(|line| pools.add(line));
                }
            }
        }
        if pools.full.is_empty() || pools.short.is_empty() {
            bail!("no listings of both kinds to measure with");
        }
        Ok(pools)
    }

    fn add(&mut self, line: &[u8]) {
        let Ok(row) = serde_json::from_slice::<serde_json::Value>(line) else { return };
        let text = |field: &str| row[field].as_str().unwrap_or_default().to_lowercase();
        let (title, description) = (text("title"), text("description"));
        let pool = if title.len() + description.len() < FULL { &mut self.short } else { &mut self.full };
        pool.push(Listing { line: line.to_vec(), text: format!("{title}\n{description}") });
    }

    /// Rows of so many bytes, drawn again and again from those that there are, shuffled.
    pub(super) fn draw(&self, kind: Kind, bytes: usize) -> Vec<&Listing> {
        let mut seeded = Seeded(20_261_121);
        let parts: &[(&[Listing], usize)] = match kind {
            Kind::Titles => &[(&self.short, bytes)],
            Kind::Full => &[(&self.full, bytes)],
            Kind::Mix => &[(&self.full, bytes / 2), (&self.short, bytes / 2)],
        };
        let mut drawn = Vec::new();
        for (pool, bytes) in parts {
            let mut order: Vec<&Listing> = pool.iter().collect();
            seeded.shuffle(&mut order);
            let mut size = 0;
            drawn.extend(order.into_iter().cycle().take_while(|l| {
                size += l.line.len() + 1;
                size <= *bytes
            }));
        }
        seeded.shuffle(&mut drawn);
        drawn
    }

    /// Writes rows of so many bytes, and their texts.
    pub(super) fn write(&self, kind: Kind, bytes: usize, folder: &Path) -> Result<Corpus> {
        write(kind, &self.draw(kind, bytes), kind.name(), folder)
    }
}

/// Writes listings and their texts to files of a name.
pub(super) fn write(kind: Kind, listings: &[&Listing], name: &str, folder: &Path) -> Result<Corpus> {
    let (path, texts) = (folder.join(format!("{name}.jsonl")), folder.join(format!("{name}.texts")));
    let create = |path: &Path| -> Result<_> { Ok(BufWriter::new(File::create(path).with_context(|| format!("{}", path.display()))?)) };
    let (mut lines_out, mut texts_out) = (create(&path)?, create(&texts)?);
    for listing in listings {
        lines_out.write_all(&listing.line)?;
        lines_out.write_all(b"\n")?;
        texts_out.write_all(&u32::try_from(listing.text.len()).context("a text of 4 GB")?.to_le_bytes())?;
        texts_out.write_all(listing.text.as_bytes())?;
    }
    lines_out.flush()?;
    texts_out.flush()?;
    Ok(Corpus {
        kind,
        path,
        texts,
        rows: listings.len(),
        bytes: listings.iter().map(|l| l.line.len() + 1).sum(),
        text_bytes: listings.iter().map(|l| l.text.len()).sum(),
        ascii: listings.iter().filter(|l| l.text.is_ascii()).count(),
    })
}

#[cfg(test)]
pub(super) fn pools(lines: &[&str]) -> Pools {
    let mut pools = Pools { full: Vec::new(), short: Vec::new(), source: "made for a test" };
    lines.iter().for_each(|line| pools.add(line.as_bytes()));
    pools
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_bytes_are_of_each_kind() {
        let long = format!(r#"{{"title":"A LAMP","description":"{}"}}"#, "bright ".repeat(40));
        let pools = pools(&[&long, r#"{"title":"A chair","seller":"x"}"#, r#"{"title":"A table"}"#, "no json"]);
        let drawn = pools.draw(Kind::Mix, 40_000);
        let size = |full: bool| drawn.iter().filter(|l| (l.text.len() > FULL) == full).map(|l| l.line.len() + 1).sum::<usize>();
        assert!((19_000..=20_000).contains(&size(true)) && (19_000..=20_000).contains(&size(false)));
        assert!(drawn.iter().any(|l| l.text == "a chair\n") && drawn.iter().any(|l| l.text.starts_with("a lamp\nbright")));
        let again: Vec<&Vec<u8>> = pools.draw(Kind::Mix, 40_000).iter().map(|l| &l.line).collect();
        assert_eq!(drawn.iter().map(|l| &l.line).collect::<Vec<_>>(), again);
        assert!(pools.draw(Kind::Titles, 1_000).iter().all(|l| l.text.len() < FULL));
    }
}

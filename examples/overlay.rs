//! The shipped packs with a pack of one's own laid over them: a fifth offense, wildlife, without touching a shipped file.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use anyhow::{Result, anyhow};
use piepowder::{Engine, Field, Listing, Source, Taxonomy};
use std::path::Path;

/// The files of a pack, as the command line tool reads them: all TOML files and term lists of the folder.
fn read_pack(folder: &Path) -> Result<Vec<Source>> {
    let pack = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut sources = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if (file.ends_with(".toml") || file.ends_with(".txt")) && !file.ends_with(".examples.toml") {
            sources.push(Source::new(format!("{pack}/{file}"), std::fs::read_to_string(&path)?));
        }
    }
    Ok(sources)
}

fn main() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs/wildlife");
    let wildlife = Taxonomy::from_sources(read_pack(&folder)?).map_err(|problems| anyhow!("{problems}"))?;
    let taxonomy = piepowder_packs::taxonomy().overlay(wildlife).map_err(|problems| anyhow!("{problems}"))?;
    let engine = Engine::builder().taxonomy(&taxonomy).build()?;

    let title = "Carved ivory tusk, antique, no papers";
    let assessment = engine.assess(&Listing::new().with(Field::Title, title.as_bytes()));
    println!("{title}: {}", assessment.decision().tier());
    for (offense, score) in assessment.offenses() {
        println!("{:>5} {}", score.total(), engine.offense(*offense).key());
    }
    assert_eq!(assessment.offenses().len(), piepowder_packs::taxonomy().offenses().count() + 1);
    Ok(())
}

#[test]
fn runs() {
    main().unwrap();
}

//! The same bytes out with every set of kernels that this machine runs: on the project's listings, plain and disguised by each family.

use piepowder::{Engine, Field, JsonOptions, Listing};
use piepowder_testkit::attack::{Family, disguise};
use std::path::Path;

/// Titles and descriptions of the listings of a folder.
fn rows(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(&folder).expect("the folder is there").map(|entry| entry.expect("it can be read").path()).collect();
    files.sort();
    let mut rows = Vec::new();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "jsonl")) {
        for line in std::fs::read_to_string(file).expect("it is text").lines().filter(|l| !l.trim().is_empty()) {
            let row: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            rows.push((text("title"), text("description")));
        }
    }
    assert!(rows.len() > 100, "{}", rows.len());
    rows
}

#[test]
fn every_set_of_kernels_writes_the_same() {
    let mut all = rows("listings");
    let disguised: Vec<_> = (0..)
        .zip(&all)
        .map(|(seed, (title, description))| {
            let family = Family::ALL[seed as usize % Family::ALL.len()];
            (disguise(family, title, seed), disguise(family, description, seed))
        })
        .collect();
    all.extend(disguised);
    all.extend(rows("honest"));
    let taxonomy = piepowder_packs::taxonomy();
    let mut expected: Option<(String, Vec<u8>)> = None;
    for kernels in piepowder_bytes::Kernels::all() {
        let engine = Engine::builder().taxonomy(&taxonomy).kernels(kernels.name()).build().expect("the machine runs them");
        assert_eq!(engine.kernels(), kernels.name());
        let (mut scratch, mut out) = (engine.create_scratch(), Vec::new());
        for (title, description) in &all {
            let listing = Listing::new().with(Field::Title, title.as_bytes()).with(Field::Description, description.as_bytes());
            engine.assess_with(&mut scratch, &listing).write_json(b"1", &listing, &JsonOptions::new(), &mut out);
            out.push(b'\n');
        }
        let digest = engine.digest().to_string();
        let (same_digest, same) = expected.get_or_insert_with(|| (digest.clone(), out.clone()));
        assert_eq!(*same_digest, digest);
        let differs = same.split(|b| *b == b'\n').zip(out.split(|b| *b == b'\n')).position(|(a, b)| a != b);
        assert_eq!(differs.map(|row| &all[row]), None, "{kernels:?}");
    }
    let error = Engine::builder().taxonomy(&taxonomy).kernels("abacus").build().expect_err("no machine runs them");
    assert!(error.to_string().contains("portable"), "{error}");
}

//! Compiles the packs, to be embedded. Packs with problems are embedded as they are, so that `piepowder check` can be built to tell them.

use piepowder::{Source, Taxonomy};
use std::path::Path;
use std::{env, fs};

/// Names and texts of all files, by name.
static FILES: &[(&str, &str)] = include!("src/files.in");

fn main() {
    println!("cargo::rerun-if-changed=src/files.in");
    println!("cargo::rerun-if-changed=packs");
    let sources = FILES.iter().map(|(name, text)| Source::new(*name, *text));
    let compiled = Taxonomy::from_sources(sources).map_err(piepowder::Error::from).and_then(|taxonomy| taxonomy.to_compiled());
    let compiled = compiled.unwrap_or_else(|error| {
        println!("cargo::warning=the packs do not compile: {}", error.to_string().lines().next().unwrap_or_default());
        Vec::new()
    });
    let folder = env::var_os("OUT_DIR").expect("cargo says where output goes");
    fs::write(Path::new(&folder).join("packs.compiled"), compiled).expect("the output folder takes a file");
}

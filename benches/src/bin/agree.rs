//! `agree FILE...`: whether the engine and the naive oracle say the same of every row of JSON Lines files, compared as assessments.
//! Prints the lines that differ and one count; exit status 1 when they differ.

#![allow(clippy::print_stdout, reason = "a command line tool speaks on standard output")]

use anyhow::{Context, Result};
use piepowder::Engine;
use piepowder_benches::read_rows;
use piepowder_testkit::Oracle;
use rayon::prelude::*;
use std::fs::File;
use std::io::BufReader;
use std::process::ExitCode;

/// Rows of one piece of work: the oracle is slow, so pieces are small.
const PIECE: usize = 512;

fn main() -> Result<ExitCode> {
    let taxonomy = piepowder_packs::taxonomy();
    let engine = Engine::builder().taxonomy(&taxonomy).build()?;
    let oracle = Oracle::new(&taxonomy, engine.policy(), engine.as_of(), engine.jurisdictions(), &engine);
    let mut rows = Vec::new();
    for file in std::env::args().skip(1) {
        rows.extend(read_rows(BufReader::new(File::open(&file).with_context(|| file.clone())?))?);
    }
    let (evidence, differing) = rows
        .par_chunks(PIECE)
        .map(|piece| {
            let mut scratch = engine.create_scratch();
            let mut evidence = 0;
            let mut differing = Vec::new();
            for row in piece {
                let listing = row.listing();
                let assessment = engine.assess_with(&mut scratch, &listing);
                evidence += assessment.evidence().len();
                if *assessment != oracle.assess(&listing) {
                    differing.push(row.id.clone());
                }
            }
            (evidence, differing)
        })
        .reduce(
            || (0, Vec::new()),
            |(a, mut x), (b, y)| {
                x.extend(y);
                (a + b, x)
            },
        );
    for id in differing.iter().take(50) {
        println!("differs: {id}");
    }
    println!("{} rows, {evidence} pieces of evidence, {} differ", rows.len(), differing.len());
    Ok(if differing.is_empty() && !rows.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

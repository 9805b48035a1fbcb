//! `piepowder diff`: what changes between two sets of packs: their rules, and, over listings, tiers and evidence. Gates turn that into an
//! exit status for a review of packs. It scores as `score` does, with each set in turn. Invariant: what it says of a listing depends on the
//! listing and the two engines alone.

mod gate;
mod rows;
mod rules;

use crate::args::{Diff, Format};
use crate::listings::Places;
use crate::options::Settings;
use crate::packs::{self, Embedded};
use crate::terminal;
use anyhow::{Context, Result};
use gate::Gate;
use piepowder::{Engine, Taxonomy};
use piepowder_io::{Columns, Framer};
use rows::Rows;
use rules::Rules;
use std::fmt::Write;
use std::process::ExitCode;

/// One of the two sides.
struct Side {
    taxonomy: Taxonomy,
    engine: Engine,
    columns: Columns,
}

pub(crate) fn run(args: Diff) -> Result<ExitCode> {
    let gates = args.gate.iter().map(|text| Gate::parse(text)).collect::<Result<Vec<_>>>()?;
    let settings = Settings::resolve(Settings::from_flags(args.engine.all(), args.records)?)?;
    let around = if args.no_embedded { Embedded::LeftOut } else { Embedded::Used };
    let side = |path| -> Result<Side> {
        let taxonomy = packs::in_place(path, around)?;
        let engine = settings.engine_of(&taxonomy).with_context(|| terminal::name(path))?;
        let columns = settings.columns(&engine, &taxonomy)?;
        Ok(Side { taxonomy, engine, columns })
    };
    let (a, b) = (side(&args.a)?, side(&args.b)?);
    for gate in &gates {
        gate.fits(&a.engine)?;
    }
    let rules = Rules::compare(&a, &b);
    let rows = if args.corpus.is_empty() { None } else { Some(read(&args.corpus, &a, &b, settings.max_record(), args.rows)?) };
    let verdicts: Vec<gate::Verdict> = match &rows {
        Some(rows) => gates.iter().map(|gate| gate.judge(rows)).collect(),
        None if gates.is_empty() => Vec::new(),
        None => anyhow::bail!("--gate counts listings: name a CORPUS"),
    };
    let shown = match args.format {
        Format::Text => {
            let mut out = rules.text();
            if let Some(rows) = &rows {
                rows.write_text(&mut out);
            }
            for verdict in &verdicts {
                let _ = write!(out, "\n{}", verdict.text());
            }
            out
        }
        Format::Json => {
            let all = serde_json::json!({
                "rules": rules.json(),
                "rows": rows.as_ref().map(Rows::json),
                "gates": verdicts.iter().map(gate::Verdict::json).collect::<Vec<_>>(),
            });
            all.to_string() + "\n"
        }
    };
    terminal::print(shown.as_bytes())?;
    Ok(match (verdicts.iter().all(|v| v.holds), rows) {
        (false, _) => ExitCode::from(3),
        (true, Some(rows)) if rows.rejected > 0 => ExitCode::from(1),
        _ => ExitCode::SUCCESS,
    })
}

/// Scores the listings of these files with both sides.
fn read(corpus: &[std::path::PathBuf], a: &Side, b: &Side, max_record: u32, most: usize) -> Result<Rows> {
    let mut rows = Rows::new(&a.engine, &b.engine, most);
    for place in Places::look(corpus)?.places {
        let (name, reader) = place.open("diff")?;
        rows.read(Framer::new(name, reader, max_record), a, b)?;
    }
    Ok(rows)
}

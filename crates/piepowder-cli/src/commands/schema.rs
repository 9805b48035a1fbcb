//! `piepowder schema`: the shapes of what is written and read, for validators and editors.

use crate::args::{Schema, SchemaOf};
use crate::terminal;
use anyhow::Result;
use piepowder::{Policy, Taxonomy};
use std::process::ExitCode;

/// The output line; tests hold it against what is written.
const OUTPUT: &str = include_str!("../../../../docs/schema/output.schema.json");

pub(crate) fn run(args: Schema) -> Result<ExitCode> {
    let text = match args.of {
        SchemaOf::Output => OUTPUT.to_owned(),
        SchemaOf::Pack => Taxonomy::schema(),
        SchemaOf::Policy => Policy::schema(),
    };
    terminal::print(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

//! `piepowder explain`: finds the one listing and lets the core write its explanation. Invariant: what it explains is what `score` would
//! score: records are read by the same reader with the same columns.

use crate::args::{Explain, Format};
use crate::listings::{self, Place, Places};
use crate::options::Settings;
use crate::terminal;
use anyhow::{Context, Result, anyhow, bail};
use piepowder::{Engine, Field, FieldId, JsonOptions, Listing, Reveal, Style, Value};
use piepowder_io::{Chunk, Columns, Frame, Framer, Record, RowError};
use std::fs::File;
use std::io::{self, Read};
use std::process::ExitCode;

pub(crate) fn run(args: Explain) -> Result<ExitCode> {
    let reveal = if args.reveal { Reveal::Shown } else { Reveal::Masked };
    let show = Show { format: args.format, style: if terminal::colored(args.color) { Style::Ansi } else { Style::Plain }, reveal };
    let settings = Settings::resolve(Settings::from_flags(args.engine, args.records)?)?;
    let (taxonomy, engine) = settings.engine()?;
    if args.title.is_some() || args.description.is_some() || !args.set.is_empty() {
        let mut fields: Vec<(&str, &str)> = Vec::new();
        fields.extend(args.title.as_deref().map(|text| ("title", text)));
        fields.extend(args.description.as_deref().map(|text| ("description", text)));
        for pair in &args.set {
            fields.push(pair.split_once('=').ok_or_else(|| anyhow!("--set: expected FIELD=TEXT, found `{pair}`"))?);
        }
        explain_fields(&engine, &fields, &show)?;
        return Ok(ExitCode::SUCCESS);
    }
    let columns = settings.columns(&engine, &taxonomy)?;
    let places = Places::look(args.input.as_slice())?;
    let (name, reader): (String, Box<dyn Read>) = match places.places.first() {
        Some(Place::File(path)) => (path.to_string_lossy().into_owned(), Box::new(File::open(path).with_context(|| terminal::name(path))?)),
        _ => {
            listings::hint_if_terminal("explain");
            ("<stdin>".to_owned(), Box::new(io::stdin().lock()))
        }
    };
    let framer = Framer::new(name.clone(), reader, settings.max_record());
    match find(framer, &columns, args.id.as_deref(), &engine, &show)? {
        Found::Explained => Ok(ExitCode::SUCCESS),
        Found::Rejected(error) => {
            terminal::tell(&error.to_string());
            Ok(ExitCode::from(1))
        }
        Found::Nothing => match &args.id {
            Some(id) => bail!("{}: no listing has the id `{id}`", terminal::escape(&name)),
            None => bail!("{}: there is no listing; try `piepowder explain --title \"...\"`", terminal::escape(&name)),
        },
    }
}

/// How the explanation is written.
struct Show {
    format: Format,
    style: Style,
    reveal: Reveal,
}

impl Show {
    fn print(&self, engine: &Engine, listing: &Listing<'_>, id: &[u8]) -> Result<()> {
        let explanation = engine.explain(listing);
        let mut out = Vec::new();
        match self.format {
            Format::Text => {
                let mut text = String::new();
                explanation.write_text(listing, self.style, self.reveal, &mut text);
                out = text.into_bytes();
            }
            Format::Json => {
                explanation.write_json(id, listing, &JsonOptions::new().with_reveal(self.reveal), &mut out);
                out.push(b'\n');
            }
        }
        Ok(terminal::print(&out)?)
    }
}

fn explain_fields(engine: &Engine, fields: &[(&str, &str)], show: &Show) -> Result<()> {
    let mut listing = Listing::new();
    let mut declared: Vec<(FieldId, Value<'_>)> = Vec::new();
    for (i, (name, text)) in fields.iter().enumerate() {
        if fields[..i].iter().any(|(other, _)| other == name) {
            bail!("the field `{name}` is given twice");
        }
        match (Field::from_name(name), engine.field(name)) {
            (Some(field), _) => listing = listing.with(field, text.as_bytes()),
            (None, Some(id)) => declared.push((id, Value::Text(text.as_bytes()))),
            (None, None) => {
                let names: Vec<&str> = engine.fields().map(|(_, name)| name).collect();
                bail!("--set: there is no field `{name}`; listings have {}", names.join(", "));
            }
        }
    }
    show.print(engine, &listing.with_declared(&declared), b"null")
}

enum Found {
    Explained,
    Rejected(RowError),
    Nothing,
}

/// Explains the listing with the id, or the first one. A row that cannot be read is passed over unless it is the one.
fn find(mut framer: Framer<Box<dyn Read + '_>>, columns: &Columns, id: Option<&str>, engine: &Engine, show: &Show) -> Result<Found> {
    let mut record = Record::new(columns);
    let mut chunk = Chunk::default();
    while framer.next_chunk(&mut chunk)? {
        for frame in chunk.frames() {
            match frame {
                Frame::Blank => {}
                Frame::TooLong(error) => {
                    if id.is_none_or(|id| id == error.line().to_string()) {
                        return Ok(Found::Rejected(error));
                    }
                }
                Frame::Record(line) => {
                    let read = record.read(&line);
                    if id.is_some_and(|id| !is_id(record.id(), id)) {
                        continue;
                    }
                    if let Err(error) = read {
                        return Ok(Found::Rejected(error));
                    }
                    let mut declared = Vec::new();
                    let listing = record.listing(&line, &mut declared).with_declared(&declared);
                    show.print(engine, &listing, record.id())?;
                    return Ok(Found::Explained);
                }
            }
        }
    }
    Ok(Found::Nothing)
}

/// Whether the raw JSON of an id is this text, or the number that it writes.
fn is_id(raw: &[u8], wanted: &str) -> bool {
    raw == wanted.as_bytes() || serde_json::from_slice::<String>(raw).is_ok_and(|text| text == wanted)
}

#[cfg(test)]
mod tests {
    use super::is_id;

    #[test]
    fn ids_are_texts_or_numbers() {
        assert!(is_id(b"\"a\\u0031\"", "a1") && is_id(b"17", "17") && is_id(b"\"17\"", "17"));
        assert!(!is_id(b"\"a1\"", "a2") && !is_id(b"17", "1"));
    }
}

//! One thread's work: a listing of C becomes one of the core, is assessed, and its line is written. All buffers are used again.
//! Invariant: what a listing borrows is not looked at when its turn is over.

use crate::given::{PP_LINES_BRIEF, PP_LINES_FULL, PP_LINES_NONE, PP_LINES_SCORES, pp_assess_options, pp_listing, pp_value};
use crate::status::{Fault, PP_ARGUMENT};
use piepowder::{Assessment, Detail, Engine, Field, FieldId, JsonOptions, Listing, Reveal, Scratch, Value};
use std::io::Write;

/// A buffer that one listing or batch made larger than this is not kept that large.
const KEPT: usize = 1 << 20;

/// What is written of a listing; nothing when that is none.
pub(crate) type Lines = Option<JsonOptions>;

/// The lines that options ask for.
pub(crate) fn lines(options: &pp_assess_options) -> Result<Lines, Fault> {
    let detail = match options.lines {
        PP_LINES_NONE => return reveal(options.reveal).map(|_| None),
        PP_LINES_SCORES => Detail::None,
        PP_LINES_BRIEF => Detail::Brief,
        PP_LINES_FULL => Detail::Full,
        other => return Err(Fault::new(PP_ARGUMENT, format!("lines is {other}, which has no meaning"))),
    };
    Ok(Some(JsonOptions::new().with_detail(detail).with_reveal(reveal(options.reveal)?)))
}

/// Whether sensitive text is shown.
pub(crate) fn reveal(number: u32) -> Result<Reveal, Fault> {
    match number {
        0 => Ok(Reveal::Masked),
        1 => Ok(Reveal::Shown),
        other => Err(Fault::new(PP_ARGUMENT, format!("reveal is {other}, which has no meaning"))),
    }
}

/// A listing of this id shows a defect, in tests of this crate alone.
#[cfg(test)]
pub(crate) const DEFECT: &[u8] = b"defect";

/// Buffers of a thread.
#[derive(Debug)]
pub(crate) struct Worker {
    scratch: Scratch,
    /// Texts that were given in pieces, one after another, and where each ends.
    joined: Vec<u8>,
    ends: Vec<usize>,
    fields: Vec<FieldId>,
    declared: Vec<(FieldId, Value<'static>)>,
    id: Vec<u8>,
}

/// Assessments, and lines that each end with a line feed.
#[derive(Debug, Default)]
pub(crate) struct Part {
    pub(crate) rows: Vec<Assessment>,
    pub(crate) lines: Vec<u8>,
    /// Where each line ends, its line feed included.
    pub(crate) ends: Vec<usize>,
}

impl Part {
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.lines.clear();
        self.lines.shrink_to(KEPT);
        self.ends.clear();
    }

    /// Adds what another one holds, which is empty then.
    pub(crate) fn append(&mut self, other: &mut Part) {
        let before = self.lines.len();
        self.rows.append(&mut other.rows);
        self.lines.extend_from_slice(&other.lines);
        self.ends.extend(other.ends.iter().map(|end| before + end));
        other.clear();
    }

    /// The bytes of a line, without its line feed.
    pub(crate) fn line(&self, row: usize) -> Option<&[u8]> {
        let end = *self.ends.get(row)?;
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.lines.get(start..end - 1)
    }
}

impl Worker {
    pub(crate) fn new(engine: &Engine) -> Worker {
        let scratch = engine.create_scratch();
        Worker { scratch, joined: Vec::new(), ends: Vec::new(), fields: Vec::new(), declared: Vec::new(), id: Vec::new() }
    }

    /// The assessment of the last listing.
    pub(crate) fn last(&self) -> &Assessment {
        self.scratch.assessment()
    }

    /// Assesses a listing, which is row `row` of what was asked for, and adds its line to those of the part.
    pub(crate) fn assess(&mut self, engine: &Engine, listing: &pp_listing, row: usize, lines: Lines, part: &mut Part) -> Result<(), Fault> {
        self.with(engine, listing, row, |scratch, listing, id| {
            let assessment = engine.assess_with(scratch, listing);
            if let Some(json) = lines {
                assessment.write_json(id, listing, &json, &mut part.lines);
                part.lines.push(b'\n');
                part.ends.push(part.lines.len());
            }
        })
    }

    /// Reads a listing, and hands it over with its id as JSON.
    pub(crate) fn with<R>(
        &mut self,
        engine: &Engine,
        listing: &pp_listing,
        row: usize,
        then: impl FnOnce(&mut Scratch, &Listing<'_>, &[u8]) -> R,
    ) -> Result<R, Fault> {
        let values = listing.values()?;
        self.read(engine, values)?;
        #[cfg(test)]
        assert_ne!(listing.id()?, DEFECT, "a defect, made for a test");
        self.id.clear();
        write_id(listing.id()?, row, &mut self.id);
        let mut declared = recycle(std::mem::take(&mut self.declared));
        let mut whole = Listing::new();
        let mut start = 0;
        let mut ends = self.ends.iter();
        for (value, field) in values.iter().zip(&self.fields) {
            let text = if value.pieces()?.is_empty() {
                value.text()?
            } else {
                let end = ends.next().map_or(start, |end| *end);
                &self.joined[std::mem::replace(&mut start, end)..end]
            };
            match Field::ALL.get(field.index()) {
                Some(fixed) => whole = whole.with(*fixed, text),
                None => declared.push((*field, Value::Text(text))),
            }
        }
        let result = then(&mut self.scratch, &whole.with_declared(&declared), &self.id);
        self.declared = recycle(declared);
        self.joined.shrink_to(KEPT);
        Ok(result)
    }

    /// Finds the fields and joins what is in pieces.
    fn read(&mut self, engine: &Engine, values: &[pp_value]) -> Result<(), Fault> {
        self.joined.clear();
        self.ends.clear();
        self.fields.clear();
        for value in values {
            let name = value.field()?;
            let field = str::from_utf8(name).ok().and_then(|name| engine.field(name));
            let field = field.ok_or_else(|| Fault::new(PP_ARGUMENT, format!("there is no field `{}`", shown(name))))?;
            // A list that is longer than there are fields ends here at the latest.
            if self.fields.contains(&field) {
                return Err(Fault::new(PP_ARGUMENT, format!("the field `{}` is given twice", shown(name))));
            }
            self.fields.push(field);
            let pieces = value.pieces()?;
            if pieces.is_empty() {
                value.text()?;
                continue;
            }
            if !value.text()?.is_empty() {
                return Err(Fault::new(PP_ARGUMENT, format!("the field `{}` has a text and pieces", shown(name))));
            }
            for piece in pieces {
                self.joined.extend_from_slice(piece.bytes()?);
            }
            self.ends.push(self.joined.len());
        }
        Ok(())
    }
}

/// A name that is not known, cut and escaped.
fn shown(name: &[u8]) -> String {
    name[..name.len().min(40)].escape_ascii().to_string()
}

/// The id as JSON: a string, or the number of the row from 1.
fn write_id(id: &[u8], row: usize, out: &mut Vec<u8>) {
    if id.is_empty() {
        write!(out, "{}", row + 1).expect("a vector takes it");
    } else {
        serde_json::to_writer(out, &String::from_utf8_lossy(id)).expect("a text is JSON, and a vector takes it");
    }
}

/// The same allocation for values of another lifetime: an empty vector, collected in place.
fn recycle<'b>(mut values: Vec<(FieldId, Value<'_>)>) -> Vec<(FieldId, Value<'b>)> {
    values.clear();
    values.into_iter().map(|_| unreachable!("the vector is empty")).collect()
}

//! Listings for benches: the fields that both contestants read, owned. Invariant: a row that is not JSON is left out, for the benches
//! measure scoring, not complaints.

use piepowder::{Field, Listing};
use serde_json::Value;
use std::io::BufRead;
use std::path::Path;

/// A listing of a file.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The row's own id, or its line number.
    pub id: String,
    /// The line as it stands in the file.
    pub line: String,
    fields: Vec<(Field, String)>,
}

impl Row {
    /// The row of a line; none when the line is no JSON object.
    pub fn from_line(number: usize, line: &str) -> Option<Row> {
        let value: Value = serde_json::from_str(line).ok()?;
        let object = value.as_object()?;
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let fields = Field::ALL.into_iter().filter_map(|f| Some((f, object.get(f.name()).and_then(text)?))).collect();
        let id = object.get("id").and_then(text).unwrap_or_else(|| number.to_string());
        Some(Row { id, line: line.to_string(), fields })
    }

    /// The listing, borrowed.
    pub fn listing(&self) -> Listing<'_> {
        self.fields.iter().fold(Listing::new(), |listing, (field, text)| listing.with(*field, text.as_bytes()))
    }

    /// The text of a field, empty when it is absent.
    pub fn text(&self, field: Field) -> &str {
        self.fields.iter().find(|(f, _)| *f == field).map_or("", |(_, t)| t)
    }

    /// The row with title and description alone.
    pub fn words_only(mut self) -> Row {
        self.fields.retain(|(f, _)| matches!(f, Field::Title | Field::Description));
        self
    }
}

/// All rows of a reader.
///
/// # Errors
/// When reading fails.
pub fn read_rows(reader: impl BufRead) -> std::io::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(reader.split(b'\n')) {
        rows.extend(Row::from_line(number, &String::from_utf8_lossy(&line?)));
    }
    Ok(rows)
}

/// The rows of `testdata/listings/*.jsonl`, in the order of the files' names.
///
/// # Errors
/// When the folder or a file cannot be read.
pub fn project_listings() -> std::io::Result<Vec<Row>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/listings");
    let mut files = std::fs::read_dir(folder)?.map(|e| Ok(e?.path())).collect::<std::io::Result<Vec<_>>>()?;
    files.retain(|f| f.extension().is_some_and(|e| e == "jsonl"));
    files.sort();
    let mut rows = Vec::new();
    for file in files {
        rows.extend(read_rows(std::io::BufReader::new(std::fs::File::open(file)?))?);
    }
    Ok(rows)
}

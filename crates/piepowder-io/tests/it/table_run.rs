//! The table against the reader alone: framing and parsing, without an engine.

use crate::table::{Case, Expected, cases};
use piepowder::Field;
use piepowder_io::{Chunk, Code, Columns, ErrorKind, Frame, Framer, LineEnd, Record, RowError};
use std::io::Read;

/// Everything that the reader says of an input.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) rows: Vec<Expected>,
    pub(crate) errors: Vec<RowError>,
    pub(crate) blank: u64,
    pub(crate) fatal: Option<ErrorKind>,
}

pub(crate) fn read(reader: impl Read, max_record: u32) -> Outcome {
    let columns = Columns::standard();
    let mut record = Record::new(&columns);
    let mut framer = Framer::new("case.jsonl", reader, max_record);
    let mut chunk = Chunk::default();
    let mut outcome = Outcome::default();
    loop {
        match framer.next_chunk(&mut chunk) {
            Ok(true) => {}
            Ok(false) => return outcome,
            Err(error) => {
                outcome.fatal = Some(error.kind());
                return outcome;
            }
        }
        for frame in chunk.frames() {
            match frame {
                Frame::Blank => outcome.blank += 1,
                Frame::TooLong(error) => refuse(&mut outcome, error.line().to_string().into_bytes(), None, error),
                Frame::Record(line) => {
                    let end = (line.end() == LineEnd::Source).then(|| "source".to_owned());
                    match record.read(&line) {
                        Err(error) => refuse(&mut outcome, record.id().to_vec(), end, error),
                        Ok(()) => {
                            let mut declared = Vec::new();
                            let listing = record.listing(&line, &mut declared);
                            let mut fields: Vec<_> =
                                Field::ALL.iter().map(|f| (f.name().to_owned(), listing.get(*f).to_vec())).filter(|(_, b)| !b.is_empty()).collect();
                            fields.sort();
                            // A row's own place stands for its line number, so that a default id can be checked.
                            let at = Some((line.number(), 0));
                            let row = Expected { id: Some(record.id().to_vec()), end_of_source: end, fields, at, ..Expected::default() };
                            outcome.rows.push(row);
                        }
                    }
                }
            }
        }
    }
}

fn refuse(outcome: &mut Outcome, id: Vec<u8>, end: Option<String>, error: RowError) {
    outcome.rows.push(Expected {
        id: Some(id),
        end_of_source: end,
        code: Some(error.code().word().to_owned()),
        at: Some((error.line(), error.column())),
        offset: Some(error.byte_offset()),
        ..Expected::default()
    });
    outcome.errors.push(error);
}

/// What a row must be, with everything that the table leaves open taken from what it is.
fn filled(expected: &Expected, actual: &Expected) -> Expected {
    let line = actual.at.map(|(line, _)| line.to_string().into_bytes());
    let mut want = expected.clone();
    want.id = want.id.or(line);
    want.offset = want.offset.or(actual.offset);
    if want.code.is_none() {
        want.at = actual.at;
    }
    want
}

fn text(row: &Expected) -> String {
    let show = |bytes: &[u8]| String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
    let fields: Vec<_> = row.fields.iter().map(|(name, bytes)| (name, bytes.len(), show(bytes))).collect();
    format!("id {:?} {:?} at {:?} byte {:?} end {:?} {fields:?}", row.id.as_deref().map(show), row.code, row.at, row.offset, row.end_of_source)
}

fn faults(case: &Case) -> Vec<String> {
    let outcome = read(case.input.as_slice(), case.max_record);
    let mut faults = Vec::new();
    let fatal = outcome.fatal.map(|kind| format!("{kind:?}").to_lowercase());
    if fatal != case.fatal || outcome.blank != case.blank || outcome.rows.len() != case.rows.len() {
        faults.push(format!("{}: fatal {fatal:?}, blank {}, rows {}", case.name, outcome.blank, outcome.rows.len()));
    }
    for (expected, actual) in case.rows.iter().zip(&outcome.rows) {
        let want = filled(expected, actual);
        if want != *actual {
            faults.push(format!("{}:\n  want {}\n  is   {}", case.name, text(&want), text(actual)));
        }
    }
    faults
}

#[test]
fn every_case_gives_what_the_table_says() {
    let cases = cases();
    let faults: Vec<String> = cases.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(cases.len() >= 60, "{} cases", cases.len());
    let mut names: Vec<&str> = cases.iter().map(|c| c.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), cases.len(), "a name occurs twice");
}

#[test]
fn every_code_is_reached_by_a_case() {
    let cases = cases();
    for code in Code::ALL {
        let reached = cases.iter().flat_map(|c| &c.rows).any(|row| row.code.as_deref() == Some(code.word()));
        assert!(reached, "no case reaches {}", code.word());
        assert!(code.doc().ends_with('.'));
    }
    let words: Vec<&str> = Code::ALL.iter().map(|c| c.word()).collect();
    assert!(words.is_sorted(), "{words:?}");
}

#[test]
fn errors_are_one_line_of_text_and_of_json_without_text_of_the_row() {
    let mut seen = 0;
    for case in cases() {
        for error in read(case.input.as_slice(), case.max_record).errors {
            let line = error.to_string();
            let start = format!("case.jsonl:{}:{} (byte {}): {}: ", error.line(), error.column(), error.byte_offset(), error.code().word());
            assert!(line.starts_with(&start) && line.contains("expected"), "{line}");
            assert!(line.is_ascii() && !line.contains(|c: char| c.is_control()) && line.len() < 240, "{line}");
            let mut json = Vec::new();
            error.write_json(b"null", &mut json);
            let value: serde_json::Value = serde_json::from_slice(&json).expect("valid JSON");
            assert_eq!(value["error"]["message"], error.message());
            seen += 1;
        }
    }
    assert!(seen > 60);
}

#[test]
fn messages_say_what_was_found_and_where() {
    let message = |input: &str| read(input.as_bytes(), 1000).errors[0].to_string();
    assert_eq!(message("{\"title\":[]}\n"), "case.jsonl:1:10 (byte 9): json.type: $.title is an array; a string or null was expected");
    assert_eq!(message("{\"price\":[]}\n"), "case.jsonl:1:10 (byte 9): json.type: $.price is an array; a string, a number or null was expected");
    assert_eq!(message("[]\n"), "case.jsonl:1:1 (byte 0): json.not_object: the line is an array; an object was expected");
    assert_eq!(
        message("{\"Title\":1}\n"),
        "case.jsonl:1:2 (byte 1): json.key_case: $.title has a key that differs from it in letter case alone; the exact name was expected"
    );
    assert!(message("{\"title\":\"x").ends_with("; this last line has no line feed, so it may be cut off"));
}

#[test]
fn what_is_accepted_is_what_the_parser_accepts() {
    // Every one-byte deletion, and every overwrite with a character that matters, of a line with all the syntax there is.
    let line = br#"{"id":"a1","title":"x\u0041\"y","price":-1.5e+3,"u":[1,{"k":null},true],"description":"z"}"#;
    let check = |bytes: &[u8]| {
        let outcome = read(bytes, 1000);
        let Ok(oracle) = serde_json::from_slice::<serde_json::Value>(bytes) else {
            let code = outcome.rows[0].code.as_deref();
            assert!(matches!(code, Some("json.syntax" | "json.trailing")), "{code:?} {}", String::from_utf8_lossy(bytes));
            return;
        };
        let row = &outcome.rows[0];
        match row.code.as_deref() {
            None => {
                for (name, bytes) in row.fields.iter().filter(|(name, _)| name != "price") {
                    assert_eq!(oracle[name].as_str().unwrap().as_bytes(), bytes);
                }
            }
            Some(code) => assert!(matches!(code, "json.type" | "json.key_case" | "json.duplicate_key" | "json.not_object"), "{code}"),
        }
    };
    for at in 0..line.len() {
        let mut mutant = line.to_vec();
        mutant.remove(at);
        check(&mutant);
        for byte in *b"\"\\{}[],: x0-.eEtnu" {
            let mut mutant = line.to_vec();
            mutant[at] = byte;
            check(&mutant);
            mutant.insert(at, line[at]);
            check(&mutant);
        }
    }
}

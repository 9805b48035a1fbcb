//! The fast reader against the strict one: on rows of all shapes, whole and damaged, each says the same of validity, id, flags and fields.

use super::*;
use crate::code::Code;
use proptest::prelude::*;
use std::sync::Arc;

/// Everything that a reader says of a line.
#[derive(Debug, PartialEq)]
struct Said {
    outcome: Result<(), RowError>,
    id: Vec<u8>,
    flags: Flags,
    fields: Vec<(usize, Vec<u8>)>,
}

fn columns() -> Columns {
    Columns::standard().declared([(FieldId::new(12), "a column with a long name", piepowder::FieldType::Number)]).unwrap()
}

fn said(record: &Record<'_>, outcome: Result<(), RowError>, line: &Line<'_>) -> Said {
    let mut fields = Vec::new();
    if outcome.is_ok() {
        let mut declared = Vec::new();
        let listing = record.listing(line, &mut declared).with_declared(&declared);
        let all = (0..13).map(|id| (id, listing.bytes(FieldId::new(id)).to_vec()));
        fields.extend(all.filter(|(_, bytes)| !bytes.is_empty()));
    }
    Said { outcome, id: record.id().to_vec(), flags: record.flags(), fields }
}

/// Reads a line by both readers with all kernels; `taught` lines are read before. Gives what was said of it.
fn check(taught: &[&[u8]], bytes: &[u8]) -> Said {
    let columns = columns();
    let source = Arc::from("test");
    let line = |bytes| Line { source: &source, bytes, beyond: bytes, number: 7, offset: 100, end: LineEnd::Feed };
    let mut record = Record::new(&columns);
    let outcome = record.read_strictly(&line(bytes));
    // In a key: it was learned in another spelling.
    let may_have_controls = record.is_escaped;
    let want = said(&record, outcome, &line(bytes));
    for kernels in Kernels::all() {
        let mut record = Record::with_kernels(&columns, kernels);
        for taught in taught {
            let _ = record.read(&line(taught));
        }
        for _ in 0..2 {
            let outcome = record.read(&line(bytes));
            assert_eq!(said(&record, outcome, &line(bytes)), want, "{kernels:?} {:?}", String::from_utf8_lossy(bytes));
        }
        // Now the keys are known.
        let is_fast = record.fast.read(&line(bytes), &columns, &mut record.parts).is_some();
        assert!(is_fast || want.outcome.is_err() || may_have_controls, "{kernels:?} {:?}", String::from_utf8_lossy(bytes));
    }
    want
}

fn valid(text: &str) -> Said {
    let said = check(&[], text.as_bytes());
    assert_eq!(said.outcome, Ok(()), "{text}");
    said
}

#[test]
fn rows_of_all_shapes_are_valid() {
    valid(" {\t} \r");
    valid(r#"{"id":"a\u0062","title":"x\n","a column with a long name":-0.5e-7,"u":[{},[],{"a":[1,{"b":null}]},"\ud800"]}"#);
    valid(r#"{ "title" : "x" , "u" : [ 1 , { "a" : true , "b" : false } ] , "id" : null }"#);
    assert_eq!(valid("{\"title\":\"a\x01b\",\"id\":-1.5E+10}").id, b"-1.5E+10");
    assert_eq!(valid("{\"id\":\"a\x01\\\"\tb\"}").id, b"\"a\\u0001\\\"\\u0009b\"");
    assert_eq!(valid("{\"ti\\u0074le\":\"x\\u00e9\"}").fields, [(0, "xé".as_bytes().to_vec())]);
}

#[test]
fn texts_and_values_across_windows_are_read_whole() {
    for length in (4_060..4_110).chain([8_192, 20_000]) {
        let x = "x".repeat(length);
        for content in [x.clone(), x.clone() + "\\n", String::from("\\u0041") + &x, x.clone() + "\\\\", x.clone() + "\\\""] {
            let fields = valid(&format!("{{\"title\":\"{content}\",\"u\":[\"{content}\",{{\"{content}\":1}}],\"brand\":\"\\t\"}}")).fields;
            assert_eq!(fields.len(), 2);
            assert!(fields[0].1.len() > length && fields[1].1 == b"\t" || content == x);
        }
        check(&[], format!("{{\"u\":\"{x}\\q\"}}").as_bytes());
        check(&[], format!("{{\"u\":\"{x}").as_bytes());
        check(&[], format!("{{\"u\":\"{x}\\").as_bytes());
    }
}

#[test]
fn depth_is_bounded_at_the_same_level() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nest = |levels: usize| format!("{{\"u\":{}1{}}}", open.repeat(levels), close.repeat(levels));
        valid(&nest(127));
        assert_eq!(check(&[], nest(128).as_bytes()).outcome.unwrap_err().code(), Code::Depth);
        check(&[], nest(100_000).as_bytes());
    }
}

#[test]
fn many_keys_are_read_and_a_second_one_is_found() {
    for count in [1, 63, 64, 65, 200, 1_500] {
        let keys: Vec<String> = (0..count).map(|i| format!("\"key number {i}\":{i}")).collect();
        let row = |more: &str| format!("{{{}{more}}}", keys.join(","));
        let outcome = |taught: &[&[u8]], row: &str| {
            let columns = columns();
            let source = Arc::from("test");
            let line = |bytes| Line { source: &source, bytes, beyond: bytes, number: 1, offset: 0, end: LineEnd::Feed };
            let mut record = Record::new(&columns);
            taught.iter().for_each(|taught| drop(record.read(&line(taught))));
            record.read(&line(row.as_bytes())).map_err(|error| error.code())
        };
        let (good, twice, spelled) = (row(""), row(",\"key number 0\":0"), row(",\"\\u006bey number 0\":0"));
        for taught in [&[][..], &[good.as_bytes()], &[b"{\"\\u006bey number 0\":1}", good.as_bytes()]] {
            assert_eq!(outcome(taught, &good), Ok(()));
            assert_eq!(outcome(taught, &twice), Err(Code::DuplicateKey));
            assert_eq!(outcome(taught, &spelled), Err(Code::DuplicateKey));
        }
    }
}

/// What is slow for one reader or another: each is read whole, and the fast reader needs no help but with the keys.
#[test]
fn a_megabyte_of_anything_is_one_row() {
    for unit in ["\\\\", "\\u0416", "\\n", "\\\"", "\t", "x", "é", "\u{1}"] {
        let content = unit.repeat((1 << 20) / unit.len());
        assert_eq!(valid(&format!("{{\"id\":1,\"title\":\"{content}\",\"u\":\"{content}\"}}")).fields.len(), 1);
    }
    for (open, unit, close) in [("[", "\"\",", "1]"), ("[", "[],", "[]]"), ("[", "1.5,", "0]"), ("{", "\"a\":{},", "\"b\":[]}"), ("", " ", "1")] {
        valid(&format!("{{\"u\":{open}{}{close}}}", unit.repeat((1 << 20) / unit.len())));
    }
}

#[test]
fn rows_with_keys_of_their_own_cost_no_other_row_its_speed_for_long() {
    let columns = columns();
    let source = Arc::from("test");
    let line = |bytes| Line { source: &source, bytes, beyond: bytes, number: 1, offset: 0, end: LineEnd::Feed };
    let mut record = Record::new(&columns);
    for i in 0..1_000 {
        let row = format!("{{\"key {i}\":1,\"title\":\"x\"}}");
        record.read(&Line { bytes: row.as_bytes(), beyond: row.as_bytes(), ..line(b"") }).unwrap();
    }
    let row: &[u8] = b"{\"title\":\"x\",\"usual\":1}";
    let slow = (0..100).filter(|_| {
        let is_fast = record.fast.read(&line(row), &columns, &mut record.parts).is_some();
        record.read(&line(row)).unwrap();
        !is_fast
    });
    assert!(slow.count() <= 32);
}

/// All lines of the project's own rows, good and bad.
fn written() -> Vec<Vec<u8>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    let table: toml::Table = std::fs::read_to_string(folder.join("bad-input/jsonl.toml")).unwrap().parse().unwrap();
    let inputs = table["case"].as_array().unwrap().iter().filter_map(|case| case["input"].as_str().map(str::to_owned));
    let listings = ["narcotics", "everyday", "languages"].map(|name| std::fs::read_to_string(folder.join(format!("listings/{name}.jsonl"))).unwrap());
    let lines = inputs.chain(listings).flat_map(|text| text.lines().map(|line| line.as_bytes().to_vec()).collect::<Vec<_>>());
    lines.filter(|line| line.len() < 2_000).collect()
}

#[test]
fn the_written_rows_are_read_the_same() {
    let lines = written();
    let before: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
    let valid = lines.iter().filter(|line| check(&before[..20], line).outcome.is_ok()).count();
    assert!(valid > 100 && lines.len() - valid > 30, "{valid} of {}", lines.len());
}

fn value() -> impl Strategy<Value = String> {
    let scalar = prop::sample::select(vec![
        "null",
        "true",
        "false",
        "0",
        "-1",
        "12.50",
        "1e5",
        "1.",
        "01",
        "-",
        "nul",
        "\"\"",
        "\"Oak\"",
        "\"a\\nb\"",
        "\"\\u12",
        "\"\\ud83d\\ude00\"",
        "\"\\x\"",
        "\"é\"",
        "\"a\u{1}\"",
        "\"\\\"\\\\\"",
        "\"[{,:}]\"",
        " 7 ",
        "[]",
        "{}",
        "[1,2]",
        "[1,]",
        "{\"a\" : [ ] }",
        "{\"a\"}",
        "{1:2}",
        "[}",
    ])
    .prop_map(str::to_owned);
    scalar.prop_recursive(3, 12, 3, |inner| {
        let array = prop::collection::vec(inner.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(" ,")));
        let object = prop::collection::vec(inner, 0..3).prop_map(|items| {
            let members: Vec<String> = items.iter().enumerate().map(|(i, item)| format!("\"k{i}\":{item}")).collect();
            format!("{{{}}}", members.join(","))
        });
        prop_oneof![array, object]
    })
}

fn row() -> impl Strategy<Value = Vec<u8>> {
    let key = prop::sample::select(vec![
        "id",
        "title",
        "description",
        "price",
        "brand",
        "Title",
        "ti\\u0074le",
        "url",
        "u\\u0072l",
        "",
        "a column with a long name",
        "a column with a long nam",
        "a key that nobody reads",
        "k\u{2}",
        "é",
        "\\n",
        "\\q",
    ]);
    let space = prop::sample::select(vec!["", "", "", " ", "\t", " \r "]);
    prop::collection::vec((key, space, value()), 0..6).prop_map(|members| {
        let members: Vec<String> = members.iter().map(|(key, space, value)| format!("{space}\"{key}\"{space}:{space}{value}{space}")).collect();
        format!("{{{}}}", members.join(",")).into_bytes()
    })
}

/// A place and what to do there.
fn damage() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, Option<u8>)>> {
    let byte = prop_oneof![4 => prop::sample::select(b"\"\\{}[],: x0-.eEtnu\t\x00\x7f\xff\xc3".to_vec()), 1 => any::<u8>()];
    prop::collection::vec((any::<prop::sample::Index>(), 0u8..3, prop::option::of(byte)), 0..3)
}

fn damaged(mut line: Vec<u8>, damage: &[(prop::sample::Index, u8, Option<u8>)]) -> Vec<u8> {
    for (place, way, byte) in damage {
        if line.is_empty() {
            break;
        }
        let at = place.index(line.len());
        match (way, byte) {
            (0, Some(byte)) => line[at] = *byte,
            (1, Some(byte)) => line.insert(at, *byte),
            (2, Some(_)) => line.truncate(at),
            _ => drop(line.remove(at)),
        }
    }
    // What no framed line can hold.
    line.retain(|byte| *byte != b'\n');
    line
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn generated_rows_are_read_the_same(before in prop::collection::vec(row(), 0..3), row in row(), damage in damage()) {
        let row = damaged(row, &damage);
        let before: Vec<&[u8]> = before.iter().map(Vec::as_slice).collect();
        check(&before, &row);
    }

    #[test]
    fn damaged_written_rows_are_read_the_same(place in any::<prop::sample::Index>(), damage in damage()) {
        thread_local!(static LINES: Vec<Vec<u8>> = written());
        let line = LINES.with(|lines| lines[place.index(lines.len())].clone());
        check(&[], &damaged(line, &damage));
    }
}

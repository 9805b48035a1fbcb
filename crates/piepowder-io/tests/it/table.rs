//! Loads `testdata/bad-input/jsonl.toml`. The format is described there.

use std::path::Path;
use toml::Value;

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) input: Vec<u8>,
    pub(crate) max_record: u32,
    pub(crate) blank: u64,
    pub(crate) fatal: Option<String>,
    pub(crate) rows: Vec<Expected>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) id: Option<Vec<u8>>,
    pub(crate) end_of_source: Option<String>,
    pub(crate) fields: Vec<(String, Vec<u8>)>,
    pub(crate) code: Option<String>,
    pub(crate) at: Option<(u64, u64)>,
    pub(crate) offset: Option<u64>,
}

pub(crate) fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/bad-input/jsonl.toml");
    let table: toml::Table = std::fs::read_to_string(path).expect("the table is there").parse().expect("the table is TOML");
    table["case"].as_array().expect("an array of cases").iter().map(case).collect()
}

fn case(value: &Value) -> Case {
    for key in value.as_table().unwrap().keys() {
        assert!(["name", "input", "max_record", "blank", "fatal", "rows"].contains(&key.as_str()), "unknown key {key}");
    }
    let number = |key: &str| value.get(key).map(int);
    Case {
        name: value["name"].as_str().unwrap().to_owned(),
        input: bytes(&value["input"]),
        max_record: number("max_record").map_or(piepowder_io::DEFAULT_MAX_RECORD, |n| n as u32),
        blank: number("blank").unwrap_or(0),
        fatal: value.get("fatal").map(|v| v.as_str().unwrap().to_owned()),
        rows: value["rows"].as_array().unwrap().iter().map(expected).collect(),
    }
}

fn int(value: &Value) -> u64 {
    u64::try_from(value.as_integer().expect("an integer")).expect("not negative")
}

fn expected(value: &Value) -> Expected {
    let mut row = Expected::default();
    for (key, value) in value.as_table().unwrap() {
        match key.as_str() {
            "id" => row.id = Some(bytes(value)),
            "end" => row.end_of_source = Some(value.as_str().unwrap().to_owned()),
            "code" => row.code = Some(value.as_str().unwrap().to_owned()),
            "at" => row.at = Some((int(&value[0]), int(&value[1]))),
            "offset" => row.offset = Some(int(value)),
            name => {
                assert!(piepowder::Field::from_name(name).is_some(), "no field {name}");
                let bytes = bytes(value);
                // Absent and empty are the same.
                if !bytes.is_empty() {
                    row.fields.push((name.to_owned(), bytes));
                }
            }
        }
    }
    row.fields.sort();
    row
}

fn bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.clone().into_bytes(),
        Value::Array(parts) => parts.iter().flat_map(bytes).collect(),
        Value::Table(part) => match (part.get("hex"), part.get("repeat")) {
            (Some(hex), None) => {
                let digits = hex.as_str().unwrap();
                (0..digits.len()).step_by(2).map(|i| u8::from_str_radix(&digits[i..i + 2], 16).unwrap()).collect()
            }
            (None, Some(text)) => text.as_str().unwrap().repeat(int(&part["times"]) as usize).into_bytes(),
            _ => panic!("a part is hex or repeat"),
        },
        _ => panic!("a string, a part, or an array of them"),
    }
}

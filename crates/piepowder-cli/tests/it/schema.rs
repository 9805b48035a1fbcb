//! The published schemas against what is written and read. Each must also refuse something, or it says nothing.

use crate::golden::shop;
use crate::run::{Folder, root};
use serde_json::Value;

fn schema(folder: &Folder, of: &str) -> jsonschema::Validator {
    let text: Value = serde_json::from_str(&folder.run(&["schema", of]).ends(0).out).expect("JSON");
    jsonschema::validator_for(&text).expect("a schema")
}

#[test]
fn output_lines_are_as_the_schema_says() {
    let folder = shop();
    let output = schema(&folder, "output");
    folder.write("odd.jsonl", b"{\"id\":\"o\",\"title\":\"Magic wand, galleons only, toy, wizard's staff, wand\",\"price\":\"dear\"}\n{\"title\":\"\xff\"}\n{\"a\":1,\"a\":2}\n[]\n{\"title\":\"Oak\"}".as_slice());
    let mut inputs = vec![folder.path("odd.jsonl")];
    let listings = root("testdata/listings");
    inputs.extend(std::fs::read_dir(&listings).expect("testdata/listings").map(|e| e.expect("an entry").path()));
    inputs.push(root("testdata/secrets.jsonl"));
    let mut seen = 0;
    for input in &inputs {
        let input = input.to_str().expect("a path in UTF-8");
        for extra in [&["--evidence", "none"][..], &["--evidence", "brief"], &["--evidence", "full"], &["--evidence", "full", "--reveal"]] {
            let ran = folder.run(&[&["score", input, "--pack", "wands"][..], extra].concat());
            for line in ran.lines() {
                seen += 1;
                let problems: Vec<String> = output.iter_errors(&line).map(|e| e.to_string()).collect();
                assert!(problems.is_empty(), "{line}\n{problems:?}");
            }
        }
    }
    assert!(seen > 800, "{seen}");
    let line = folder.run(&["score", "odd.jsonl", "--pack", "wands"]).lines().remove(0);
    for (key, wrong) in
        [("v", Value::from(2)), ("engine", "x".into()), ("extra", 1.into()), ("prior", Value::Null), ("flags", serde_json::json!(["odd"]))]
    {
        let mut bad = line.clone();
        bad[key] = wrong;
        assert!(!output.is_valid(&bad), "{key}");
    }
}

fn as_json(text: &str) -> Value {
    fn plain(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(day) => day.to_string().into(),
            toml::Value::Array(items) => items.into_iter().map(plain).collect(),
            toml::Value::Table(entries) => entries.into_iter().map(|(k, v)| (k, plain(v))).collect(),
            other => serde_json::to_value(other).expect("a plain value"),
        }
    }
    plain(toml::Value::Table(text.parse().expect("TOML")))
}

#[test]
fn packs_and_policies_are_as_their_schemas_say() {
    let folder = Folder::new();
    let pack = schema(&folder, "pack");
    let mut seen = 0;
    for folder in
        std::fs::read_dir(root("crates/piepowder-packs/packs")).expect("packs").chain(std::fs::read_dir(root("examples/packs")).expect("packs"))
    {
        for file in std::fs::read_dir(folder.expect("an entry").path()).expect("a pack") {
            let path = file.expect("an entry").path();
            if path.extension().is_some_and(|e| e == "toml") {
                let value = as_json(&std::fs::read_to_string(&path).expect("a file"));
                assert!(pack.is_valid(&value), "{}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 15);
    assert!(!pack.is_valid(&serde_json::json!({ "rule": [{ "key": "a.b" }] })));
    let policy = schema(&folder, "policy");
    let standard = std::fs::read_to_string(root("crates/piepowder/src/policy/standard.toml")).expect("the standard policy");
    assert!(policy.is_valid(&as_json(&standard)));
    assert!(!policy.is_valid(&as_json(&standard.replace("threshold = 100", "treshold = 100"))));
}

//! `score`: order, threads, selection, renames, ways in and out.

use crate::golden::{RULES, compare, shop};
use crate::run::{Folder, listings};
use serde_json::Value;

/// Scores of a line, which say whether a field was read.
fn scores(line: &Value) -> &Value {
    &line["scores"]
}

#[test]
fn the_output_is_the_same_for_any_number_of_threads_and_way_in() {
    let folder = Folder::new();
    let (count, text) = (4_000, listings(4_000));
    folder.write("in.jsonl", &text);
    let one = folder.run(&["score", "in.jsonl", "--threads", "1", "--summary", "s1.json", "--profile", "p1.json"]).ends(0);
    let ids: Vec<Value> = one.lines().iter().map(|l| l["id"].clone()).collect();
    assert_eq!(ids, (0..count).map(|i| Value::from(format!("a{i}"))).collect::<Vec<_>>());
    for threads in ["2", "8"] {
        let more = folder.run(&["score", "in.jsonl", "--threads", threads, "--summary", "s.json", "--profile", "p.json"]).ends(0);
        assert!(more.out == one.out, "{threads} threads");
        assert_eq!(folder.read("s.json"), folder.read("s1.json"));
        assert_eq!(folder.read("p.json"), folder.read("p1.json"));
    }
    assert!(folder.run(&["score", "in.jsonl", "--mmap"]).ends(0).out == one.out);
    assert!(folder.feed(&["score"], text.as_bytes()).ends(0).out == one.out);
    assert!(folder.feed(&["score", "-"], text.as_bytes()).ends(0).out == one.out);
    folder.run(&["score", "in.jsonl", "-o", "out.jsonl"]).ends(0);
    assert!(folder.read("out.jsonl") == one.out);
    let twice = folder.run(&["score", "in.jsonl", "in.jsonl"]).ends(0);
    assert!(twice.out == one.out.repeat(2));
}

#[test]
fn a_least_tier_withholds_rows_and_counts_them() {
    let folder = Folder::new();
    folder.write("in.jsonl", listings(60) + "broken\n");
    let all = folder.run(&["score", "in.jsonl"]).ends(1);
    let some = folder.run(&["score", "in.jsonl", "--min-tier", "review", "--summary", "s.json"]).ends(1);
    let wanted = |line: &&Value| line.get("error").is_some() || ["review", "urgent"].contains(&line["tier"].as_str().expect("a tier"));
    let expected: Vec<Value> = all.lines().iter().filter(wanted).cloned().collect();
    assert!(expected.len() > 10 && expected.len() < 60);
    assert_eq!(some.lines(), expected);
    let summary: Value = serde_json::from_str(&folder.read("s.json")).expect("JSON");
    assert_eq!((&summary["rows"], &summary["scored"], &summary["rejected"]), (&61.into(), &60.into(), &1.into()));
    assert_eq!(summary["written"], expected.len() - 1);
    assert_eq!(summary["rejected_by_code"]["json.syntax"], 1);
    let unknown = folder.run(&["score", "in.jsonl", "--min-tier", "grave"]).ends(2);
    assert!(unknown.err.contains("it has clear, monitor, review, urgent"), "{}", unknown.err);
}

#[test]
fn a_profile_says_what_rules_did_and_alerts() {
    let folder = shop();
    folder.write("wands/rules.toml", RULES.replace("terms = [\"wand\", \"magic wand\"]", "terms = [\"wand\", \"magic wand\"]\nrate = \"0.01\""));
    let rows = ["Magic wand", "Toy wand", "Wand, galleons only", "A wizard's staff", "Oak desk", "Galleons only"];
    folder.write("in.jsonl", (0..60).map(|i| format!("{{\"title\":\"{}\"}}\n", rows[i % rows.len()])).collect::<String>());
    let score = |more: &[&str]| folder.run(&[&["score", "in.jsonl", "--no-embedded", "--pack", "wands"][..], more].concat()).ends(0);
    let file = score(&["--profile", "p.json"]);
    assert_eq!(file.err, "warning: `wands.name.wand` matched 30 of 60 rows, more than ten times the rate that it declares (0.01)\n");
    compare("profile.json", &folder.read("p.json"));
    let table = score(&["--profile", "-"]);
    assert_eq!(table.out, file.out);
    compare("profile.txt", &table.err);
    let refused = folder.run(&["score", "in.jsonl", "--profile", "x.json", "-o", "x.json"]).ends(2);
    assert!(refused.err.contains("--profile and --output name one file"), "{}", refused.err);
    assert!(folder.run(&["score", "in.jsonl", "--profile", "in.jsonl"]).ends(2).err.contains("are one file"));
}

#[test]
fn columns_are_renamed_and_chosen() {
    let folder = shop();
    folder.write("in.jsonl", "{\"sku\":\"x\",\"name\":\"Magic wand\",\"body\":\"toy\",\"title\":5}\n");
    let run = |extra: &[&str]| {
        let ran = folder.run(
            &[&["score", "in.jsonl", "--no-embedded", "--pack", "wands", "--field", "title=name,description=body", "--id-field", "sku"][..], extra]
                .concat(),
        );
        ran.ends(0).lines().remove(0)
    };
    let all = run(&[]);
    assert_eq!((&all["id"], &scores(&all)["wands"]), (&"x".into(), &120.into()));
    assert_eq!(run(&["--only", "title"])["evidence"].as_array().map(Vec::len), Some(1));
    assert_eq!(scores(&run(&["--only", "description"]))["wands"], -200);
    assert_eq!(scores(&run(&["--prior", "wands=0.0001"]))["wands"], -80);
    for (arguments, message) in [
        (["--field", "titel=name"], "there is no field `titel`"),
        (["--field", "title"], "expected NAME=VALUE"),
        (["--only", "name"], "there is no field `name`"),
        (["--prior", "wands=2"], "expected a decimal between 0 and 1"),
        (["--prior", "wants=0.1"], "no offense"),
        (["--as-of", "tomorrow"], "expected a day"),
        (["--max-record", "2G"], "expected a size"),
        (["--threads", "0"], "expected a number from 1"),
        (["--policy", "none.toml"], "none.toml"),
    ] {
        let ran = folder.run(&[&["score", "in.jsonl", "--no-embedded", "--pack", "wands"][..], &arguments].concat()).ends(2);
        assert!(ran.err.contains(message) && ran.out.is_empty(), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn evidence_is_as_much_as_was_asked_for() {
    let folder = shop();
    folder.write("in.jsonl", "{\"title\":\"Magic wand, one more wand, galleons only\"}\n");
    let run = |detail: &str| folder.run(&["score", "in.jsonl", "--no-embedded", "--pack", "wands", "--evidence", detail]).ends(0).lines().remove(0);
    assert!(run("none").get("evidence").is_none());
    assert!(run("brief")["evidence"][0].get("also").is_none());
    let spans: Vec<Value> = run("full")["evidence"][0]["also"].as_array().expect("other matches").iter().map(|m| m["span"].clone()).collect();
    assert_eq!(spans, [serde_json::json!([6, 10]), serde_json::json!([21, 25])]);
}

#[test]
fn long_records_are_refused_where_the_limit_is() {
    let folder = Folder::new();
    folder.write("in.jsonl", format!("{{\"title\":\"{}\"}}\n{{\"title\":\"Oak desk\"}}\n", "x".repeat(2_000)));
    let ran = folder.run(&["score", "in.jsonl", "--max-record", "1K"]).ends(1);
    assert_eq!(ran.lines()[0]["error"]["code"], "record.too_long");
    assert_eq!(ran.lines()[1]["tier"], "clear");
    folder.run(&["score", "in.jsonl", "--max-record", "4K"]).ends(0);
}

#[test]
fn the_first_bad_rows_are_told_and_the_others_counted() {
    let folder = Folder::new();
    folder.write("in.jsonl", "{\"title\":\"Oak desk\"}\n".to_owned() + &"{]\n".repeat(5_000));
    let ran = folder.run(&["score", "in.jsonl", "--threads", "2"]).ends(1);
    assert_eq!(ran.lines().len(), 5_001);
    let told: Vec<&str> = ran.err.lines().collect();
    assert_eq!(told.len(), 21, "{}", ran.err);
    assert!(told[0].starts_with("in.jsonl:2:2 (byte 22): json.syntax: "), "{}", told[0]);
    assert!(told[20].starts_with("and 4,980 more rows rejected"), "{}", told[20]);
}

#[test]
fn packs_are_laid_over_the_embedded_ones() {
    let folder = shop();
    folder.write("in.jsonl", "{\"title\":\"Magic wand with cocaine\"}\n");
    let both = folder.run(&["score", "in.jsonl", "--pack", "wands"]);
    // The pack defines a group that no embedded pack has, so that both hold.
    let line = both.ends(0).lines().remove(0);
    assert!(scores(&line)["wands"] == 120 && scores(&line)["narcotics"].as_i64() > Some(0), "{line}");
    let alone = folder.run(&["score", "in.jsonl", "--pack", "wands", "--no-embedded"]).ends(0).lines().remove(0);
    assert_eq!(scores(&alone).as_object().map(|o| o.len()), Some(1));
    let none = folder.run(&["score", "in.jsonl", "--no-embedded"]).ends(2);
    assert!(none.err.contains("nothing to look for"), "{}", none.err);
    let (head, _) = crate::golden::PACK.split_once("[[offense]]").expect("an offense");
    folder.write("arms/pack.toml", head.replace("wands", "arms"));
    let same = folder.run(&["score", "in.jsonl", "--pack", "arms"]).ends(2);
    assert!(same.err.contains("a pack named `arms` is embedded already"), "{}", same.err);
}

//! `check --corpus`: weights measured in labelled listings.

use crate::golden::{compare, shop};
use crate::run::Folder;
use serde_json::Value;

/// Labelled rows of four markets: wands are offered in all of them, now and then one is a toy, and desks are sold with gold.
fn labelled() -> Folder {
    let folder = shop();
    let mut rows = String::new();
    for market in ["north", "south", "east", "west"] {
        let mut add = |title: &str, label: &str, times: usize| {
            (0..times).for_each(|_| rows += &format!("{{\"title\":\"{title}\",\"label\":\"{label}\",\"shop\":\"{market}\",\"brand\":\"wand\"}}\n"));
        };
        add("Magic wand", "wands", 40);
        add("Wand, galleons only", "wands", 10);
        add("Oak desk", "wands", 10);
        add("Oak desk", "benign", 300);
        add("Toy wand", "benign", 30);
        add("Wand holder", "benign", 30);
        add("Galleons only", "benign", 40);
        add("A wizard's staff", "benign", 1);
        add("Potion", "brews", 3);
    }
    folder.write("in.jsonl", rows);
    folder
}

#[test]
fn weights_are_measured_and_contradicted() {
    let folder = labelled();
    let check = |more: &[&str]| folder.run(&[&["check", "wands", "--no-embedded", "--corpus", "in.jsonl"][..], more].concat());
    compare("corpus.txt", &check(&["--market-field", "shop"]).ends(0).out);
    let json = check(&["--market-field", "shop", "--format", "json"]).ends(0);
    compare("corpus.json", &json.out);
    assert!(check(&["--market-field", "shop", "--format", "json"]).ends(0).out == json.out);
    let verdict = |rule: &str| json.lines().into_iter().find(|l| l["rule"] == rule).map_or(Value::Null, |l| l["verdict"].clone());
    assert_eq!(verdict("wands.name.wand"), "contradicted");
    assert_eq!(verdict("wands.name.staff"), "too-few");
    // A signal is measured among rows in which wands count.
    let gold = json.lines().into_iter().find(|l| l["rule"] == "signals.pay.gold").expect("a line");
    assert_eq!(gold["in_offense"], serde_json::json!([40, 200]));
    // Words alone are read, not the brand; and a toy is no match, since more than half was taken back.
    let wand = |ran: crate::run::Ran| ran.lines().into_iter().find(|l| l["rule"] == "wands.name.wand").expect("a line")["in_others"].clone();
    let words = wand(check(&["--format", "json"]).ends(0));
    assert_eq!(words, serde_json::json!([120, 1_604]));
}

#[test]
fn what_cannot_be_measured_is_said() {
    let folder = labelled();
    let none = folder.run(&["check", "wands", "--corpus", "in.jsonl", "--label-field", "brand"]).ends(2);
    assert!(none.err.contains("no row has a label"), "{}", none.err);
    folder.write("bad.jsonl", "{\"title\":\"Wand\",\"label\":\"wands\"}\n{\"title\":\"Wand\"}\n{\"title\":[]}\n");
    let bad = folder.run(&["check", "wands", "--corpus", "bad.jsonl"]).ends(1);
    assert!(bad.err.contains("line 2: no `label`") && bad.out.contains("2 rows rejected"), "{}{}", bad.err, bad.out);
    let alone = folder.run(&["check", "wands", "--market-field", "shop"]).ends(2);
    assert!(alone.err.contains("--corpus"), "{}", alone.err);
}

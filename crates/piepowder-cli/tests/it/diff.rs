//! `diff`: two versions of a pack, over listings, with gates.

use crate::golden::{PACK, RULES, compare};
use crate::run::Folder;

const ROWS: &str = concat!(
    r#"{"id":"a","title":"Magic wand"}"#,
    "\n",
    r#"{"id":7,"title":"Old broom, galleons only"}"#,
    "\n",
    r#"{"title":[]}"#,
    "\n",
    r#"{"title":"Toy wand"}"#,
    "\n",
    r#"{"title":"Oak desk"}"#,
);

/// A pack as it was and as it is: brooms are wands now, toys no excuse, and the weight of galleons is another.
fn folder() -> Folder {
    let folder = Folder::new();
    let new = RULES.replace("terms = [\"toy\"]", "terms = [\"doll\"]").replace("weights = { \"*\" = 60 }", "weights = { \"*\" = 40 }");
    assert_ne!(new, RULES);
    let broom =
        "\n[[rule]]\nkey = \"wands.name.broom\"\ngroup = \"wands.name\"\ntitle = \"names a broom\"\nweights = { wands = 320 }\nterms = [\"broom\"]\n";
    for (name, rules) in [("old/wands", RULES.to_owned()), ("new/wands", new + broom)] {
        folder.write(&format!("{name}/pack.toml"), PACK);
        folder.write(&format!("{name}/rules.toml"), rules);
    }
    folder.write("in.jsonl", ROWS);
    folder
}

#[test]
fn packs_and_listings_are_compared() {
    let folder = folder();
    let diff = |arguments: &[&str], status| folder.run(&[&["diff", "old", "new", "--no-embedded"][..], arguments].concat()).ends(status);
    compare("diff.txt", &diff(&["in.jsonl", "--gate", "review=+100%", "--gate", "monitor=-0", "--gate", "review=+1"], 3).out);
    compare("diff.json", &diff(&["in.jsonl", "--gate", "review=+1", "--format", "json"], 3).out);
    let rejected = diff(&["in.jsonl", "--gate", "review=+2"], 1);
    assert!(rejected.err.contains("in.jsonl:3:"), "{}", rejected.err);
    let packs_alone = diff(&[], 0).out;
    assert!(packs_alone.starts_with("rules: 1 added, 0 removed, ") && !packs_alone.contains("listings"), "{packs_alone}");
}

#[test]
fn alike_is_said_and_what_cannot_be_is_refused() {
    let folder = folder();
    let same = folder.run(&["diff", "new", "new", "in.jsonl", "--gate", "review=+0", "--no-embedded"]).ends(1).out;
    assert!(same.starts_with("rules: 0 added, 0 removed, 0 changed, ") && same.contains("0 with other evidence, 0 with another tier"), "{same}");
    for (arguments, says) in [
        (&["--gate", "review=5"][..], "expected TIER=+N%"),
        (&["--gate", "grave=+5"], "no tier `grave`"),
        (&["--gate", "review=+5"], "name a CORPUS"),
        (&["none.jsonl"], "none.jsonl"),
    ] {
        let ran = folder.run(&[&["diff", "old", "new"][..], arguments].concat()).ends(2);
        assert!(ran.err.contains(says), "{}", ran.err);
    }
    // With the embedded packs around, and in the place of one.
    let beside = folder.run(&["diff", "embedded", "new"]).ends(0).out;
    assert!(beside.contains("added    wands.name.broom"), "{beside}");
    let json: serde_json::Value = serde_json::from_str(&folder.run(&["diff", "embedded", "embedded", "--format", "json"]).ends(0).out).expect("JSON");
    assert!(json["rules"]["alike"].as_u64().is_some_and(|n| n > 200) && json["rows"].is_null(), "{json}");
}

//! Output that people read, against golden files in `tests/golden`; `UPDATE_GOLDEN=1` writes them. They use a pack of their own, so that
//! work on the shared packs does not change them.

use crate::run::Folder;
use std::fs;
use std::path::Path;

pub(crate) const PACK: &str = r#"format = 1
name = "wands"
version = "1.0.0"
released = 2026-01-01
license = "CC0-1.0"
owner = "shop.example"

[[offense]]
key = "wands"
rank = 1
title = "Unlicensed wands"
proposition = "The text offers a wand without a licence."
"#;

pub(crate) const RULES: &str = r#"[defaults]
element = "object"
nature = "regulatory"
language = "en"
warrant = { kind = "expert", source = "Only wands are called wands." }

[[group]]
key = "wands.name"
reason.en = "The text names a wand."

[[group]]
key = "signals.pay"
kind = "signal"
reason.en = "It asks for an odd payment."

[[group]]
key = "excuses.toy"
kind = "excuse"
reason.en = "It is a toy."

[[rule]]
key = "wands.name.wand"
group = "wands.name"
title = "names a wand"
weights = { wands = 320 }
terms = ["wand", "magic wand"]

[[rule]]
key = "wands.name.staff"
group = "wands.name"
title = "names a staff"
weights = { wands = 200 }
status = "shadow"
terms = ["wizard's staff"]

[[rule]]
key = "signals.pay.gold"
group = "signals.pay"
title = "asks for gold"
weights = { "*" = 60 }
element = "payment"
terms = ["galleons only"]

[[rule]]
key = "excuses.toy.plastic"
group = "excuses.toy"
title = "says that it is a toy"
weights = { wands = -300 }
element = "context"
terms = ["toy"]
excuses = { groups = ["wands.name"] }
"#;

pub(crate) const EXAMPLES: &str = r#"["wands.name.wand"]
match = ["Magic wand, elder"]
pass = ["Toy wand"]

["wands.name.staff"]
match = ["A wizard's staff"]
pass = ["Staff wanted"]

["signals.pay.gold"]
match = ["Galleons only, please"]
pass = ["Gold ring"]

["excuses.toy.plastic"]
match = ["A toy for children"]
pass = ["Oak desk"]
"#;

/// A folder with the pack, and nothing of the machine's.
pub(crate) fn shop() -> Folder {
    let folder = Folder::new();
    folder.write("wands/pack.toml", PACK);
    folder.write("wands/rules.toml", RULES);
    folder.write("wands/wands.examples.toml", EXAMPLES);
    folder
}

#[track_caller]
pub(crate) fn compare(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|v| v == "1") {
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder for golden files");
        fs::write(&file, text).expect("a golden file is written");
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert!(expected == text, "{name} differs; if the new text is right, run with UPDATE_GOLDEN=1\n--- file\n{expected}\n--- now\n{text}");
}

#[test]
fn help() {
    let folder = Folder::new();
    let mut all = String::new();
    for arguments in [
        &["--help"][..],
        &["score", "--help"],
        &["explain", "--help"],
        &["check", "--help"],
        &["rules", "--help"],
        &["diff", "--help"],
        &["compile", "--help"],
        &["about", "--help"],
        &["schema", "--help"],
    ] {
        let ran = folder.run(arguments).ends(0);
        assert!(ran.err.is_empty());
        all.push_str(&format!("$ piepowder {}\n{}\n", arguments.join(" "), ran.out));
    }
    compare("help.txt", &all);
}

const OURS: [&str; 3] = ["--no-embedded", "--pack", "wands"];

#[test]
fn explain() {
    let folder = shop();
    let listing = ["explain", "--title", "Magic wand, galleons only", "--description", "Not a toy: see the wizard's staff."];
    compare("explain.txt", &folder.run(&[&listing[..], &OURS].concat()).ends(0).out);
    compare("explain.ansi.txt", &folder.run(&[&listing[..], &OURS, &["--color", "always"]].concat()).ends(0).out);
    compare("explain.json", &folder.run(&[&listing[..], &OURS, &["--format", "json"]].concat()).ends(0).out);
    let clear = folder.run(&[&["explain", "--title", "Oak desk"][..], &OURS].concat()).ends(0);
    compare("explain-clear.txt", &clear.out);
}

#[test]
fn score() {
    let folder = shop();
    folder.write(
        "in.jsonl",
        "{\"id\":\"a\",\"title\":\"Magic wand\"}\n{\"id\":7,\"title\":\"Toy wand, galleons only\"}\n\n{\"title\":[]}\n{\"title\":\"Oak desk\"}",
    );
    let ran = folder.run(&[&["score", "in.jsonl", "--evidence", "full", "--summary", "summary.json"][..], &OURS].concat()).ends(1);
    compare("score.jsonl", &ran.out);
    compare("score.err.txt", &ran.err);
    compare("summary.json", &folder.read("summary.json"));
    let ran = folder.run(&[&["score", "in.jsonl", "--evidence", "none", "--summary", "-", "-o", "out.jsonl"][..], &OURS].concat()).ends(1);
    assert!(ran.out.is_empty());
    compare("summary.txt", &ran.err);
}

#[test]
fn check() {
    let folder = shop();
    compare("check.txt", &folder.run(&["check", "wands"]).ends(0).out);
    let broken = RULES.replace("weights = { wands = 320 }", "weights = { wants = 320 }").replace("terms = [\"toy\"]", "term = [\"toy\"]");
    folder.write("wands/rules.toml", broken);
    compare("check-bad.txt", &folder.run(&["check", "wands"]).ends(1).out);
    compare("check-bad.ansi.txt", &folder.run(&["check", "wands", "--color", "always"]).ends(1).out);
    compare("check-bad.json", &folder.run(&["check", "wands", "--format", "json"]).ends(1).out);
}

#[test]
fn check_runs_examples() {
    let folder = shop();
    folder.write("wands/wands.examples.toml", EXAMPLES.replace("\"Magic wand, elder\"", "\"Magic stick\"").replace("\"Toy wand\"", "\"Elder wand\""));
    compare("check-examples.txt", &folder.run(&["check", "wands"]).ends(1).out);
    folder.write("wands/wands.examples.toml", EXAMPLES.replace("pass = [\"Gold ring\"]\n", ""));
    let ran = folder.run(&["check", "wands"]).ends(0);
    assert!(ran.out.starts_with("warning[P102]") && ran.out.contains("0 errors, 1 warning\n"), "{}", ran.out);
}

#[test]
fn the_embedded_packs_and_the_example_pack_pass() {
    let folder = Folder::new();
    assert!(folder.run(&["check"]).ends(0).out.contains("0 errors, 0 warnings"));
    let wildlife = crate::run::root("examples/packs/wildlife");
    folder.run(&["check", wildlife.to_str().expect("a path in UTF-8")]).ends(0);
}

#[test]
fn codes_are_explained() {
    let folder = Folder::new();
    assert!(folder.run(&["check", "--explain", "p029"]).ends(0).out.starts_with("P029: pattern without a trigger\n\n"));
    assert!(folder.run(&["check", "--explain", "P999"]).ends(2).err.contains("there is no code `P999`"));
}

#[test]
fn rules() {
    let folder = shop();
    let all = folder.run(&[&["rules"][..], &OURS].concat()).ends(0).out;
    let one = folder.run(&[&["rules", "excuses.toy.plastic"][..], &OURS].concat()).ends(0).out;
    let json = folder.run(&[&["rules", "--status", "shadow", "--format", "json"][..], &OURS].concat()).ends(0).out;
    compare("rules.txt", &format!("{all}\n{one}\n{json}"));
    let keys = |filter: &[&str]| -> Vec<String> {
        let ran = folder.run(&[&["rules", "--format", "json"][..], filter, &OURS].concat()).ends(0);
        ran.lines().iter().map(|l| l["key"].as_str().expect("a key").to_owned()).collect()
    };
    assert_eq!(keys(&["--term", "WAND"]), ["wands.name.wand"]);
    assert_eq!(keys(&["--element", "payment"]), ["signals.pay.gold"]);
    assert_eq!(keys(&["--group", "wands"]), ["wands.name.staff", "wands.name.wand"]);
    assert_eq!(keys(&["--offense", "wands"]).len(), 4);
    assert_eq!(keys(&["--field", "title"]).len(), 4);
    assert_eq!(keys(&["--field", "price"]).len(), 0);
    assert_eq!(keys(&["galleon"]), ["signals.pay.gold"]);
}

#[test]
fn about() {
    let folder = shop();
    compare("about.txt", &strip_memory(&folder.run(&[&["about"][..], &OURS].concat()).ends(0).out));
    let json: serde_json::Value = serde_json::from_str(&folder.run(&[&["about", "--format", "json"][..], &OURS].concat()).ends(0).out).expect("JSON");
    assert_eq!(json["packs"][0]["name"], "wands");
    let digest = |extra: &[&str]| -> serde_json::Value {
        let ran = folder.run(&[&["about", "--format", "json"][..], &OURS, extra].concat()).ends(0);
        serde_json::from_str::<serde_json::Value>(&ran.out).expect("JSON")["engine"].clone()
    };
    assert_eq!(digest(&[]), json["engine"]);
    assert_ne!(digest(&["--prior", "wands=0.5"]), json["engine"]);
    assert_ne!(digest(&["--as-of", "2027-01-01"]), json["engine"]);
    assert_ne!(digest(&["--jurisdiction", "EU"]), json["engine"]);
}

/// Sizes of tables are the platform's.
fn strip_memory(text: &str) -> String {
    let lines = text.lines().map(|line| if line.ends_with(" KiB") { line.rsplit_once("; ").map_or(line, |(rest, _)| rest) } else { line });
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn completions_and_manual() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(folder.run(&["completions", shell]).ends(0).out.contains("min-tier"), "{shell}");
    }
    let page = folder.run(&["man"]).ends(0).out;
    assert!([".TH piepowder", ".SH SCORE", "\\-\\-min\\-tier", ".SH SCHEMA"].iter().all(|part| page.contains(part)), "{page}");
}

//! Planted secrets: no card, address, wallet or credential of `testdata/secrets.jsonl` is in any default output or message, however much
//! evidence is asked for. `--reveal` shows some, so that the test can fail.

use crate::run::{Folder, Ran, root};

fn secrets() -> Vec<String> {
    let text = std::fs::read_to_string(root("testdata/secrets.txt")).expect("testdata/secrets.txt");
    text.lines().filter_map(|line| line.split_once('\t')).map(|(_, secret)| secret.to_owned()).collect()
}

fn leaks(secrets: &[String], ran: &Ran) -> Vec<String> {
    // Lines are JSON or text; a secret with a quote or a backslash would be escaped.
    let escaped = |s: &str| serde_json::to_string(s).expect("a text").trim_matches('"').to_owned();
    let both = format!("{}\n{}", ran.out, ran.err);
    secrets.iter().filter(|s| both.contains(s.as_str()) || both.contains(&escaped(s))).cloned().collect()
}

#[test]
fn no_planted_secret_is_in_any_default_output() {
    let secrets = secrets();
    assert!(secrets.len() >= 50);
    let folder = Folder::new();
    let input = root("testdata/secrets.jsonl");
    let input = input.to_str().expect("a path in UTF-8");
    for detail in ["none", "brief", "full"] {
        let ran = folder.run(&["score", input, "--evidence", detail, "--summary", "-", "-v"]).ends(0);
        assert_eq!(leaks(&secrets, &ran), Vec::<String>::new(), "{detail}");
    }
    let shown = folder.run(&["score", input, "--evidence", "full", "--reveal"]).ends(0);
    assert!(leaks(&secrets, &shown).len() >= 20 && shown.out.contains("\"revealed\":true"), "{:?}", leaks(&secrets, &shown));
    let text = std::fs::read_to_string(input).expect("testdata/secrets.jsonl");
    let mut leaked = Vec::new();
    for line in text.lines() {
        let id = serde_json::from_str::<serde_json::Value>(line).expect("a listing")["id"].as_str().expect("an id").to_owned();
        for format in ["text", "json"] {
            let ran = folder.feed(&["explain", "--format", format, "--id", &id], line.as_bytes()).ends(0);
            leaked.extend(leaks(&secrets, &ran).into_iter().map(|secret| format!("{id}, {format}: {secret}")));
        }
    }
    assert!(leaked.is_empty(), "{leaked:#?}");
    // A row that cannot be read is told by its place.
    let broken: String = text.lines().map(|line| format!("{}\n", &line[..line.len() - 1])).collect();
    let ran = folder.feed(&["score"], broken.as_bytes()).ends(1);
    assert_eq!(leaks(&secrets, &ran), Vec::<String>::new());
}

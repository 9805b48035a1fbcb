//! The example pack laid over the embedded ones: a fifth offense and a change of a shipped rule, without touching a shipped file.

use crate::run::{Folder, root};

const ROWS: &str = concat!(
    r#"{"id":"tusk","title":"Carved ivory tusk, antique, no papers, stealth shipping"}"#,
    "\n",
    r#"{"id":"faux","title":"Necklace of faux ivory beads, cruelty free"}"#,
    "\n",
    r#"{"id":"drug","title":"Pure cocaine 3.5 g, stealth shipping"}"#,
    "\n",
);

fn score(arguments: &[&str]) -> Vec<serde_json::Value> {
    let arguments = [&["score", "--evidence", "full"], arguments].concat();
    let ran = Folder::new().feed(&arguments, ROWS.as_bytes()).ends(0);
    ran.out.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

#[test]
fn an_overlay_adds_an_offense_and_changes_a_rule_by_key() {
    let pack = root("examples/packs/wildlife");
    let pack = pack.to_str().expect("a path in UTF-8");
    let (plain, laid) = (score(&[]), score(&["--pack", pack]));
    assert!(plain.iter().all(|row| row["scores"].as_object().is_some_and(|s| s.len() == 5)));
    assert!(laid.iter().all(|row| row["scores"].as_object().is_some_and(|s| s.len() == 6)));
    assert_eq!((&laid[0]["offense"], &laid[1]["tier"]), (&"wildlife".into(), &"clear".into()));
    assert!(["review", "urgent"].iter().any(|tier| laid[0]["tier"] == *tier), "{}", laid[0]);
    // The change weighs for the new offense alone: the other scores stay what they were.
    let stealth = |row: &serde_json::Value| {
        let lines = row["evidence"].as_array().expect("evidence");
        lines.iter().find(|l| l["rule"] == "signals.stealth.shipping").expect("the signal")["weights"].clone()
    };
    assert_eq!(stealth(&laid[0]), serde_json::json!({ "wildlife": 200 }));
    assert_eq!(stealth(&laid[2]), stealth(&plain[2]));
    for offense in ["narcotics", "arms", "counterfeit", "credentials", "regulated"] {
        assert!(plain.iter().zip(&laid).all(|(p, l)| p["scores"][offense] == l["scores"][offense]), "{offense}");
    }
    assert_ne!(plain[0]["engine"], laid[0]["engine"]);
    // The change ends with the day it names.
    let later = score(&["--pack", pack, "--as-of", "2028-01-01"]);
    assert_eq!(stealth(&later[0]), serde_json::json!({ "wildlife": 150 }));
}

#[test]
fn check_says_what_score_would_refuse() {
    let folder = Folder::new();
    folder.write(
        "own/pack.toml",
        "format = 1\nname = \"own\"\nversion = \"1.0.0\"\nreleased = 2026-11-21\nlicense = \"CC0-1.0\"\nowner = \"shop.example\"\n\n\
         [[change]]\nrule = \"narcotics.cocaine.name\"\nowner = \"shop.example\"\nreason = \"A test.\"\nexpires = 2027-01-01\nstatus = \"shadow\"\n",
    );
    let checked = folder.run(&["check", "own"]).ends(1);
    assert!(checked.out.contains("error[P015]") && checked.out.contains("name that pack in `extends`"), "{}", checked.out);
    folder.feed(&["score", "--pack", "own"], ROWS.as_bytes()).ends(2);
    let text = folder.read("own/pack.toml").replace("owner = \"shop.example\"\n\n", "owner = \"shop.example\"\nextends = [\"narcotics\"]\n\n");
    folder.write("own/pack.toml", text);
    folder.run(&["check", "own"]).ends(0);
    folder.feed(&["score", "--pack", "own"], ROWS.as_bytes()).ends(0);
}

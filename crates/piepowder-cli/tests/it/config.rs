//! Settings: flags > environment > file > defaults, and what is refused.

use crate::golden::shop;
use crate::run::{Folder, Ran};

fn prior(folder: &Folder, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    let mut command = folder.command(&[&["about", "--format", "json", "--no-embedded", "--pack", "wands"][..], arguments].concat());
    Ran::of(command.envs(environment.iter().copied()).output().expect("the binary runs"))
}

fn value(ran: Ran) -> i64 {
    let json: serde_json::Value = serde_json::from_str(&ran.ends(0).out).expect("JSON");
    json["offenses"][0]["prior"].as_i64().expect("a number")
}

#[test]
fn flags_go_before_environment_before_file_before_defaults() {
    let folder = shop();
    assert_eq!(value(prior(&folder, &[], &[])), -200);
    folder.write("piepowder.toml", "[prior]\nwands = \"0.001\"\n");
    assert_eq!(value(prior(&folder, &[], &[])), -300);
    folder.write("other.toml", "prior = { wands = \"0.1\" }\n");
    assert_eq!(value(prior(&folder, &["--config", "other.toml"], &[])), -95);
    assert_eq!(value(prior(&folder, &[], &[("PIEPOWDER_CONFIG", "other.toml")])), -95);
    let environment = [("PIEPOWDER_PRIOR", "wands=0.0001")];
    assert_eq!(value(prior(&folder, &[], &environment)), -400);
    assert_eq!(value(prior(&folder, &["--prior", "wands=0.5"], &environment)), 0);
    assert_eq!(value(prior(&folder, &[], &[("PIEPOWDER_PRIOR", "")])), -300);
}

#[test]
fn a_file_sets_what_flags_set() {
    let folder = shop();
    folder.write(
        "settings/piepowder.toml",
        "pack = [\"../wands\"]\nno-embedded = true\nas-of = 2026-02-03\njurisdiction = [\"EU\"]\nid-field = \"sku\"\nonly = [\"title\"]\n\
         max-record = 4096\nevidence = \"none\"\nmin-tier = \"monitor\"\nthreads = 2\nfield = { title = \"name\" }\n",
    );
    folder.write("in.jsonl", "{\"sku\":\"x\",\"name\":\"Magic wand\",\"description\":\"toy\"}\n{\"sku\":\"y\",\"name\":\"Oak desk\"}\n");
    let ran = folder.run(&["score", "in.jsonl", "--config", "settings/piepowder.toml"]).ends(0);
    assert_eq!(ran.lines().len(), 1);
    assert_eq!((&ran.lines()[0]["id"], ran.lines()[0].get("evidence")), (&"x".into(), None));
    let about = folder.run(&["about", "--config", "settings/piepowder.toml"]).ends(0).out;
    assert!(about.contains("2026-02-03") && about.contains("EU"), "{about}");
}

#[test]
fn what_is_not_a_setting_is_refused_with_its_place() {
    let folder = shop();
    for (text, message) in [
        ("threads = 2\nthread = 3\n", "piepowder.toml:2:1: unknown field `thread`"),
        ("reveal = true\n", "piepowder.toml:1:1: unknown field `reveal`"),
        ("\nthreads = \"two\"\n", "piepowder.toml:2:11: invalid type"),
        ("threads = \n", "piepowder.toml:1:"),
        ("as-of = \"2026-01-01\"\n", "piepowder.toml:1:9: "),
        ("max-record = \"1.5M\"\n", "piepowder.toml:1:14: expected a size"),
        ("evidence = \"most\"\n", "piepowder.toml:1:12: unknown variant"),
    ] {
        folder.write("piepowder.toml", text);
        let ran = folder.run(&["about"]).ends(2);
        assert!(ran.err.contains(message), "{text}: {}", ran.err);
    }
    folder.write("piepowder.toml", b"# \xff\n");
    assert!(folder.run(&["about"]).ends(2).err.contains("piepowder.toml:1:3: the file is not UTF-8"));
    folder.write("piepowder.toml", "");
    let ran = prior(&folder, &[], &[("PIEPOWDER_PRIORS", "wands=0.1")]).ends(2);
    assert!(ran.err.contains("there is no setting PIEPOWDER_PRIORS"), "{}", ran.err);
    assert!(folder.run(&["about", "--config", "none.toml"]).ends(2).err.contains("none.toml"));
}

//! Compiled packs: the same answers from the file as from the folders, wherever a pack is taken, and a plain refusal of what is no such file.

use crate::golden::shop;

const ROWS: &[u8] = b"{\"id\":\"a\",\"title\":\"Magic wand, elder\"}\n{\"id\":\"b\",\"title\":\"Toy wand, plastic\"}\n{\"id\":\"c\",\"title\":\"w4nd, galleons only\"}\n";

#[test]
fn a_compiled_file_is_the_packs_that_it_was_made_of() {
    let folder = shop();
    let said = folder.run(&["compile", "wands", "-o", "wands.compiled"]).ends(0);
    assert!(said.out.contains("wands 1.0.0") && said.err.is_empty(), "{}", said.out);
    for settings in [&["--no-embedded"][..], &[], &["--no-embedded", "--as-of", "2026-06-01"], &["--no-embedded", "--jurisdiction", "EU"]] {
        let score = |pack: &str| folder.feed(&[&["score", "--evidence", "full", "--pack", pack], settings].concat(), ROWS).ends(0).out;
        assert_eq!(score("wands.compiled"), score("wands"), "{settings:?}");
    }
    for command in [&["rules", "--no-embedded", "--format", "json", "--pack"][..], &["check", "--no-embedded"]] {
        let run = |pack: &str| folder.run(&[command, &[pack]].concat());
        let (compiled, plain) = (run("wands.compiled"), run("wands"));
        assert_eq!((compiled.status, compiled.out), (plain.status, plain.out), "{command:?}");
    }
    let same = folder.run(&["diff", "wands", "wands.compiled", "--no-embedded", "--format", "json"]).ends(0);
    assert!(same.out.contains("\"added\":[]") && same.out.contains("\"changed\":{},\"removed\":[]"), "{}", same.out);
    folder.run(&["compile", "wands.compiled", "-o", "again.compiled"]).ends(0);
    assert!(std::fs::read(folder.path("again.compiled")).expect("a file") == std::fs::read(folder.path("wands.compiled")).expect("a file"));
}

#[test]
fn what_is_no_compiled_pack_is_refused() {
    let folder = shop();
    folder.run(&["compile", "wands", "-o", "wands.compiled"]).ends(0);
    let whole = std::fs::read(folder.path("wands.compiled")).expect("a file");
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    folder.write("damaged", damaged);
    folder.write("short", &whole[..whole.len() - 1]);
    let mut other = whole.clone();
    other[8] ^= 1;
    folder.write("other", other);
    folder.write("text", "wand");
    for (file, why) in [("damaged", "is damaged"), ("short", "is damaged"), ("other", "another version"), ("text", "no compiled pack")] {
        let said = folder.feed(&["score", "--no-embedded", "--pack", file], ROWS).ends(2);
        assert!(said.err.contains(file) && said.err.contains(why), "{file}: {}", said.err);
    }
    let broken = folder.run(&["compile", "nowhere", "-o", "x"]).ends(2);
    assert!(broken.err.contains("nowhere") && !folder.path("x").exists(), "{}", broken.err);
}

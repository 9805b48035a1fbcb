//! What goes wrong around a run: readers that leave, files that are not files, an output that is an input, signals.

use crate::golden::shop;
use crate::run::{Folder, Ran, listings};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

#[test]
fn a_reader_that_leaves_is_no_error() {
    let folder = Folder::new();
    folder.write("in.jsonl", listings(4_000));
    for arguments in [&["score", "in.jsonl", "--threads", "1"][..], &["score", "in.jsonl", "--threads", "4"]] {
        let mut child = folder.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut first).expect("a line");
        let ran = Ran::of(child.wait_with_output().expect("an end")).ends(0);
        assert!(first.starts_with("{\"v\":1,\"id\":\"a0\"") && ran.err.is_empty(), "{}", ran.err);
    }
    // The reader is gone before anything is written.
    for arguments in [&["rules"][..], &["about"], &["schema", "pack"], &["check"], &["man"], &["explain", "--title", "x"]] {
        let mut child = folder.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
        drop(child.stdout.take());
        let ran = Ran::of(child.wait_with_output().expect("an end")).ends(0);
        assert!(ran.err.is_empty(), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn an_output_is_not_an_input() {
    let folder = Folder::new();
    let text = listings(3);
    folder.write("in.jsonl", &text);
    std::fs::hard_link(folder.path("in.jsonl"), folder.path("hard.jsonl")).expect("a link");
    let mut ways = vec!["in.jsonl", "./in.jsonl", "hard.jsonl"];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("in.jsonl", folder.path("soft.jsonl")).expect("a link");
        ways.push("soft.jsonl");
    }
    for way in ways {
        let ran = folder.run(&["score", "in.jsonl", "-o", way]).ends(2);
        assert!(ran.err.contains("are one file"), "{}", ran.err);
        folder.run(&["score", "in.jsonl", "--summary", way]).ends(2);
    }
    let append = std::fs::OpenOptions::new().append(true).open(folder.path("in.jsonl")).expect("the input");
    let ran = Ran::of(folder.command(&["score", "in.jsonl"]).stdout(append).output().expect("the binary runs")).ends(2);
    assert!(ran.err.contains("standard output and the input in.jsonl are one file"), "{}", ran.err);
    let input = std::fs::File::open(folder.path("in.jsonl")).expect("the input");
    Ran::of(folder.command(&["score", "-o", "in.jsonl"]).stdin(input).output().expect("the binary runs")).ends(2);
    assert_eq!(folder.read("in.jsonl"), text);
}

#[test]
fn only_regular_files_are_read_and_nothing_is_written_before() {
    let folder = Folder::new();
    folder.write("in.jsonl", listings(3));
    folder.write("out.jsonl", "kept\n");
    for bad in ["none.jsonl", ".", "/dev/zero"] {
        let ran = folder.run(&["score", "in.jsonl", bad, "-o", "out.jsonl"]).ends(2);
        assert!(ran.err.contains(bad), "{}", ran.err);
    }
    folder.run(&["score", "in.jsonl", "-o", "out.jsonl", "--min-tier", "none"]).ends(2);
    folder.run(&["score", "in.jsonl", "-o", "out.jsonl", "--pack", "none"]).ends(2);
    assert_eq!(folder.read("out.jsonl"), "kept\n");
    folder.run(&["score", "-", "-"]).ends(2);
    folder.run(&["score", "in.jsonl", "-o", "."]).ends(2);
    let ran = folder.run(&["score", "\u{1b}[2J\n.jsonl"]).ends(2);
    assert!(ran.err.contains("\\u{1b}[2J\\u{a}.jsonl") && !ran.err.contains('\u{1b}'), "{}", ran.err);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let folder = Folder::new();
    folder.write("in.jsonl", listings(10));
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
    let ran = Ran::of(folder.command(&["score", "in.jsonl"]).stdout(full).output().expect("the binary runs")).ends(2);
    assert_eq!(ran.err.matches("No space left").count(), 1, "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_run_that_waits_for_input() {
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        for threads in ["1", "2"] {
            let folder = Folder::new();
            let mut command = folder.command(&["score", "--threads", threads, "--summary", "s.json"]);
            let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
            let mut input = child.stdin.take().expect("a pipe");
            input.write_all(b"{\"id\":1,\"title\":\"Oak desk\"}\n{\"id\":2,\"title\":\"cut o").expect("a listing");
            let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
            let mut line = String::new();
            out.read_line(&mut line).expect("a line");
            assert!(line.starts_with("{\"v\":1,\"id\":1,"), "{line}");
            // The run has written a row, so it listens; now it waits for the rest of the second.
            let killed = std::process::Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().expect("kill");
            assert!(killed.success());
            let ran = Ran::of(child.wait_with_output().expect("an end")).ends(status);
            let mut rest = String::new();
            out.read_to_string(&mut rest).expect("the rest");
            assert!(rest.is_empty() && ran.err.contains("interrupted after 1 rows"), "{rest}{}", ran.err);
            let summary: serde_json::Value = serde_json::from_str(&folder.read("s.json")).expect("JSON");
            assert_eq!(summary["rows"], 1);
            drop(input);
        }
    }
}

#[test]
fn explain_finds_the_listing_or_says_why_not() {
    let folder = shop();
    let ours = ["--no-embedded", "--pack", "wands", "--format", "json"];
    folder.write("in.jsonl", "\n{\"id\":\"a\",\"title\":\"Oak desk\"}\n{\"id\":17,\"title\":\"Magic wand\"}\nbroken\n{\"title\":\"Toy\"}\n");
    let id = |arguments: &[&str]| -> serde_json::Value {
        let ran = folder.run(&[&["explain", "in.jsonl"][..], arguments, &ours].concat()).ends(0);
        ran.lines()[0]["assessment"]["id"].clone()
    };
    assert_eq!(id(&[]), "a");
    assert_eq!(id(&["--id", "17"]), 17);
    assert_eq!(id(&["--id", "5"]), 5);
    let broken = folder.run(&["explain", "in.jsonl", "--id", "4"]).ends(1);
    assert!(broken.err.starts_with("in.jsonl:4:1 ") && broken.err.contains("json.syntax"), "{}", broken.err);
    assert!(folder.run(&["explain", "in.jsonl", "--id", "99"]).ends(2).err.contains("no listing has the id `99`"));
    assert!(folder.run(&["explain", "--set", "titel=x"]).ends(2).err.contains("there is no field `titel`"));
    assert!(folder.run(&["explain"]).ends(2).err.contains("there is no listing"));
    let fed = folder.feed(&[&["explain", "-"][..], &ours].concat(), b"{\"id\":3,\"title\":\"Magic wand\"}").ends(0);
    assert_eq!(fed.lines()[0]["assessment"]["scores"]["wands"], 120);
    // What `explain` says of a listing is what `score` says.
    let scored = folder.run(&["score", "in.jsonl", "--no-embedded", "--pack", "wands", "--evidence", "full"]).ends(1);
    let explained = folder.run(&[&["explain", "in.jsonl", "--id", "17"][..], &ours].concat()).ends(0);
    assert_eq!(explained.lines()[0]["assessment"], scored.lines()[1]);
}

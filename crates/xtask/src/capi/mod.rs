//! What people do with libpiepowder: build it, compile C against its header in every standard, run what was compiled. The steps of
//! `cargo xtask test` and the campaign `c` are made of these. Invariant: a compiler or tool that is missing is named, and what needs it
//! is skipped.

mod campaign;
mod checked;
mod install;
mod lines;
mod steps;

pub(crate) use campaign::run;
pub(crate) use steps::steps;

use crate::repository::{WHOLE, answer, cargo, root, scratch, target};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The profile that the library is built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Profile {
    Debug,
    Release,
}

/// How the library is linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    Static,
    Shared,
}

/// A language standard, by the compiler's arguments.
#[derive(Clone, Copy, Debug)]
struct Standard {
    name: &'static str,
    compiler: &'static str,
    arguments: &'static [&'static str],
}

const STANDARDS: [Standard; 3] = [
    Standard { name: "C99", compiler: "cc", arguments: &["-std=c99"] },
    Standard { name: "C11", compiler: "cc", arguments: &["-std=c11"] },
    Standard { name: "C++17", compiler: "c++", arguments: &["-x", "c++", "-std=c++17"] },
];

/// Every warning is an error.
const STRICT: [&str; 4] = ["-Wall", "-Wextra", "-Werror", "-pedantic"];

/// What a program needs beside a static libpiepowder on Linux.
const SYSTEM: [&str; 3] = ["-lpthread", "-ldl", "-lm"];

/// Listings as frames, for the parts of the campaign.
struct Sets {
    /// Of the corpora, when they are there; else the project's own, again and again.
    many: PathBuf,
    from: String,
    /// The project's own.
    own: PathBuf,
    /// Those of a suite with a small pack: an engine of it is made in a moment.
    small: PathBuf,
}

fn capi() -> PathBuf {
    root().join("crates/piepowder-capi")
}

/// C files of a folder, by name.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "c") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a program can be started.
fn has(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|answer| answer.status.success())
}

/// Builds the library; the folder that holds `libpiepowder_c.so` and `libpiepowder_c.a`.
fn library(profile: Profile) -> Result<PathBuf> {
    let mut command = cargo();
    match profile {
        Profile::Release => command.args(["build", "--quiet", "--release", "--package", "piepowder-capi"]),
        Profile::Debug => command.args(["build", "--quiet", "--lib"]).args(WHOLE),
    };
    if !command.status()?.success() {
        bail!("piepowder-capi does not build");
    }
    Ok(target().join(if profile == Profile::Release { "release" } else { "debug" }))
}

/// The folder of compiled C programs.
fn programs() -> Result<PathBuf> {
    let folder = scratch()?.join("c");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Compiles C files and links them with the library of a folder; the program's path.
fn compile(standard: Standard, files: &[PathBuf], library: &Path, link: Link, name: &str) -> Result<PathBuf> {
    let program = programs()?.join(format!("{name}-{}", standard.name.replace('+', "p")));
    let mut command = Command::new(standard.compiler);
    command.args(["-O1", "-g"]).args(standard.arguments).args(STRICT).arg("-I").arg(capi().join("include")).args(files);
    // What follows is no source, whatever the language was said to be.
    command.args(["-x", "none"]);
    match link {
        Link::Static => command.arg(library.join("libpiepowder_c.a")).args(SYSTEM),
        Link::Shared => command.arg("-L").arg(library).args(["-lpiepowder_c", "-lpthread", "-ldl"]).arg(run_path(library)),
    };
    answer(command.arg("-o").arg(&program))?;
    Ok(program)
}

/// The linker's options by which a program finds a library where it is. Cargo gives what it runs a search path on which the library of
/// another profile lies; only a path of the old kind goes before it.
fn run_path(library: &Path) -> String {
    format!("-Wl,--disable-new-dtags,-rpath,{}", library.display())
}

/// One program of `tests/programs`, as C99.
fn program(name: &str, library: &Path, link: Link) -> Result<PathBuf> {
    compile(STANDARDS[0], &[capi().join(format!("tests/programs/{name}.c"))], library, link, name)
}

/// The block of code of a language in a Markdown text whose first line holds a word.
fn block<'a>(text: &'a str, language: &str, word: &str) -> Option<&'a str> {
    let open = format!("```{language}\n");
    text.match_indices(&open)
        .map(|(at, _)| &text[at + open.len()..])
        .filter_map(|rest| rest.split_once("\n```").map(|(code, _)| code))
        .find(|code| code.contains(word))
}

#[cfg(test)]
mod tests {
    use super::block;

    #[test]
    fn blocks_are_found_by_language_and_word() {
        let text = "a\n```c\nint one;\n```\nb\n```c\nint two;\n```\n```text\ntwo\n```\n";
        assert_eq!(block(text, "c", "two"), Some("int two;"));
        assert_eq!(block(text, "text", "two"), Some("two"));
        assert_eq!(block(text, "c", "three"), None);
    }
}

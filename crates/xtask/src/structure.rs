//! Checks on the shape of the repository that a compiler does not make: modules of the core use only modules above them, its exported names
//! are few, `engine/run.rs` fits on one screen, `unsafe` stands where it may and seldom, the tests that the documentation names exist.
//! It reads source text; it does not parse Rust. Invariant: the order is one list.

use crate::repository::root;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The modules of the core in the order of the flow: each may use those before it. Submodules count as their parent.
const ORDER: [&str; 20] = [
    "span",
    "bytes",
    "id",
    "limits",
    "decimal",
    "diagnostic",
    "error",
    "stored",
    "listing",
    "taxonomy",
    "text",
    "compile",
    "matcher",
    "evidence",
    "score",
    "policy",
    "assessment",
    "explanation",
    "engine",
    "lib",
];

/// Most names that the core exports.
const MOST_ITEMS: usize = 60;

/// Most lines of `engine/run.rs`.
const MOST_LINES: usize = 60;

/// Most blocks of `unsafe` in what is shipped.
const MOST_UNSAFE: usize = 40;

/// Where they may be. That each says why it holds is clippy's to check.
const UNSAFE: [&str; 3] = ["piepowder-bytes/src/", "piepowder-capi/src/", "piepowder-io/src/mmap.rs"];

/// Crates that are not shipped.
const DEVELOPMENT: [&str; 2] = ["piepowder-testkit/", "xtask/"];

/// `cargo xtask structure`.
pub(crate) fn run() -> Result<ExitCode> {
    let problems = problems()?;
    for problem in &problems {
        println!("{problem}");
    }
    if problems.is_empty() {
        println!("modules use only modules above them; {} exported names of at most {MOST_ITEMS}", exported(&lib()?).len());
        let blocks: usize = unsafe_blocks()?.iter().map(|(_, blocks)| blocks).sum();
        println!("{blocks} blocks of unsafe code of at most {MOST_UNSAFE}, where they may be");
    }
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `cargo xtask public-items`.
pub(crate) fn public_items() -> Result<ExitCode> {
    let names = exported(&lib()?);
    for name in &names {
        println!("{name}");
    }
    println!("{} of at most {MOST_ITEMS}", names.len());
    Ok(if names.len() <= MOST_ITEMS { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every problem of the core's shape, as lines for people.
pub(crate) fn problems() -> Result<Vec<String>> {
    let source = root().join("crates/piepowder/src");
    let mut problems = Vec::new();
    for file in rust_files(&source)? {
        let inside = file.strip_prefix(&source)?;
        let text = std::fs::read_to_string(&file)?;
        problems.extend(imports(inside, &text).into_iter().map(|p| format!("crates/piepowder/src/{p}")));
    }
    let library = lib()?;
    let names = exported(&library);
    if names.len() > MOST_ITEMS {
        problems.push(format!("crates/piepowder/src/lib.rs: {} exported names, at most {MOST_ITEMS}", names.len()));
    }
    if library.lines().any(|l| l.trim_start().starts_with("pub mod ")) {
        problems.push("crates/piepowder/src/lib.rs: a public module; names are exported one by one".to_string());
    }
    let lines = std::fs::read_to_string(source.join("engine/run.rs")).context("engine/run.rs")?.lines().count();
    if lines > MOST_LINES {
        problems.push(format!("crates/piepowder/src/engine/run.rs: {lines} lines, at most {MOST_LINES}"));
    }
    problems.extend(unsafety(&unsafe_blocks()?));
    problems.extend(missing_tests()?);
    Ok(problems)
}

/// How many blocks of `unsafe` each file of what is shipped has, tests left out; those that have any, by their path below `crates`.
fn unsafe_blocks() -> Result<Vec<(String, usize)>> {
    let crates = root().join("crates");
    let mut found = Vec::new();
    for file in rust_files(&crates)? {
        let inside = file.strip_prefix(&crates)?.to_string_lossy().replace('\\', "/");
        if inside.contains("/src/") && !DEVELOPMENT.iter().any(|folder| inside.starts_with(folder)) {
            let blocks = code(&std::fs::read_to_string(&file)?).matches("unsafe {").count();
            found.extend((blocks > 0).then_some((inside, blocks)));
        }
    }
    Ok(found)
}

fn unsafety(files: &[(String, usize)]) -> Vec<String> {
    let elsewhere = files.iter().filter(|(file, _)| !UNSAFE.iter().any(|place| file.starts_with(place)));
    let mut problems: Vec<String> = elsewhere.map(|(file, _)| format!("crates/{file}: unsafe code, which may not be here")).collect();
    let blocks: usize = files.iter().map(|(_, blocks)| blocks).sum();
    if blocks > MOST_UNSAFE {
        problems.push(format!("crates: {blocks} blocks of unsafe code, at most {MOST_UNSAFE}"));
    }
    problems
}

/// Tests that docs/ARCHITECTURE.md names, as `name()`, and that no source file defines.
fn missing_tests() -> Result<Vec<String>> {
    let document = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).context("docs/ARCHITECTURE.md")?;
    let mut sources = String::new();
    for file in rust_files(&root().join("crates"))? {
        sources.push_str(&std::fs::read_to_string(file)?);
    }
    let named = document
        .split('`')
        .filter_map(|code| code.strip_suffix("()"))
        .filter(|n| n.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit()));
    Ok(named.filter(|name| !sources.contains(&format!("fn {name}("))).map(|name| format!("docs/ARCHITECTURE.md: no test `{name}`")).collect())
}

fn lib() -> Result<String> {
    std::fs::read_to_string(root().join("crates/piepowder/src/lib.rs")).context("lib.rs of the core")
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The module path of a file: `taxonomy/rule.rs` is `["taxonomy", "rule"]`, `taxonomy/mod.rs` is `["taxonomy"]`.
fn module_path(inside: &Path) -> Vec<String> {
    let mut parts: Vec<String> = inside.with_extension("").iter().map(|p| p.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|p| p == "mod") {
        parts.pop();
    }
    parts
}

/// Uses in a file that do not go upward, one line each.
fn imports(inside: &Path, text: &str) -> Vec<String> {
    let path = module_path(inside);
    let own = path.first().map_or("lib", String::as_str);
    if own == "lib" || path.last().is_some_and(|p| p == "tests") {
        return Vec::new();
    }
    let Some(place) = ORDER.iter().position(|m| *m == own) else {
        return vec![format!("{}: module `{own}` is not in the order", inside.display())];
    };
    let mut problems = Vec::new();
    for (line, name) in used(text, path.len()) {
        match ORDER.iter().position(|m| *m == name) {
            Some(used) if used <= place => {}
            Some(_) => problems.push(format!("{}:{line}: `{own}` uses `{name}`, which stands below it", inside.display())),
            None => problems.push(format!("{}:{line}: `{own}` uses `crate::{name}`; name the module", inside.display())),
        }
    }
    problems
}

/// A file without comments and without what is of tests, which stands last; the lines keep their numbers.
fn code(text: &str) -> String {
    let before_tests = |tests: &mut bool, line| {
        *tests |= str::trim_start(line).starts_with("#[cfg(test)]");
        Some(if *tests { "" } else { line.split("//").next().unwrap_or("") })
    };
    text.lines().scan(false, before_tests).flat_map(|line| [line, "\n"]).collect()
}

/// Names directly below the crate root that a file uses, with their lines. Tests may use everything.
fn used(text: &str, depth: usize) -> Vec<(usize, String)> {
    let code = code(text);
    let mut found = Vec::new();
    for root in ["crate::".to_string(), "super::".repeat(depth)] {
        for (at, _) in code.match_indices(&root) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            found.extend(first_names(&code[at + root.len()..]).into_iter().map(|n| (line, n)));
        }
    }
    found.retain(|(_, name)| name != "super");
    found
}

/// `a::b` gives `a`; `{a::b, c::{d, e}}` gives `a` and `c`.
fn first_names(rest: &str) -> Vec<String> {
    let name = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    if !rest.starts_with('{') {
        return vec![name(rest)];
    }
    let mut names = Vec::new();
    let mut depth = 0;
    let mut start = true;
    for (i, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => start = true,
            c if start && depth == 1 && !c.is_whitespace() => {
                names.push(name(&rest[i..]));
                start = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

/// The names of the `pub use` items of a root file.
fn exported(library: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = library;
    while let Some(at) = rest.find("pub use ") {
        let item = &rest[at + "pub use ".len()..];
        let end = item.find(';').unwrap_or(item.len());
        let list = &item[..end];
        let inner = list.split_once('{').map_or(list, |(_, l)| l.trim_end_matches('}'));
        names.extend(inner.split(',').map(|n| n.trim().rsplit("::").next().unwrap_or("").to_string()).filter(|n| !n.is_empty()));
        rest = &item[end..];
    }
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_uses_only_modules_above() {
        assert_eq!(problems().unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_use_of_a_lower_module_is_found() {
        let problems = |file: &str, text: &str| imports(Path::new(file), text);
        assert_eq!(problems("text/fold.rs", "use crate::span::Span;\nuse super::tokens;\n"), Vec::<String>::new());
        assert_eq!(problems("text/fold.rs", "\nuse crate::score::Score;\n"), ["text/fold.rs:2: `text` uses `score`, which stands below it"]);
        assert_eq!(problems("text/fold.rs", "use super::super::score;"), ["text/fold.rs:1: `text` uses `score`, which stands below it"]);
        assert_eq!(problems("listing.rs", "use super::text::X;"), ["listing.rs:1: `listing` uses `text`, which stands below it"]);
        assert_eq!(problems("span.rs", "use crate::{\n    span::Span,\n    engine::{Engine, run},\n};").len(), 1);
        assert_eq!(problems("span.rs", "use crate::Engine;"), ["span.rs:1: `span` uses `crate::Engine`; name the module"]);
        assert_eq!(problems("span.rs", "/// [`crate::engine`]\n#[cfg(test)]\nmod tests { use crate::engine::Engine; }"), Vec::<String>::new());
        assert_eq!(problems("helper.rs", "").len(), 1);
    }

    #[test]
    fn unsafe_code_is_found_where_it_may_not_be_and_counted() {
        let file = |file: &str, blocks| (file.to_owned(), blocks);
        assert_eq!(unsafety(&[file("piepowder-bytes/src/a.rs", 39), file("piepowder-io/src/mmap.rs", 1)]), Vec::<String>::new());
        assert_eq!(unsafety(&[file("piepowder-io/src/csv.rs", 1)]), ["crates/piepowder-io/src/csv.rs: unsafe code, which may not be here"]);
        assert_eq!(unsafety(&[file("piepowder-capi/src/a.rs", 41)]), ["crates: 41 blocks of unsafe code, at most 40"]);
        assert_eq!(code("unsafe { a } // unsafe { b }\n#[cfg(test)]\nunsafe { c }\n"), "unsafe { a } \n\n\n");
    }

    #[test]
    fn exported_names_are_counted() {
        assert_eq!(exported("pub use a::B;\npub use c::{\n    D, e::F,\n};\n"), ["B", "D", "F"]);
    }
}

//! The C header, from the sources of `piepowder-capi`, and whether the libraries export what it declares. Invariant: the header is what its
//! sources say, and a library exports its functions and no others.

use crate::repository::{answer, root};
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// In the order in which a reader of the header needs them.
const SOURCES: [&str; 10] = ["version", "status", "object", "given", "error", "engine", "scratch", "batch", "explain", "result"];

const HEADER: &str = "crates/piepowder-capi/include/piepowder.h";

/// The header as it should be.
fn header() -> Result<String> {
    let capi = root().join("crates/piepowder-capi");
    let config = cbindgen::Config::from_file(capi.join("cbindgen.toml")).map_err(anyhow::Error::msg)?;
    let builder = SOURCES.iter().fold(cbindgen::Builder::new().with_config(config), |b, name| b.with_src(capi.join(format!("src/{name}.rs"))));
    let mut bytes = Vec::new();
    builder.generate().context("piepowder.h cannot be made")?.write(&mut bytes);
    Ok(for_c(&String::from_utf8(bytes)?))
}

/// Sections of Rust's documentation as C's readers know them: `Errors` as a word, `Safety` left out, for the header's head says it.
fn for_c(text: &str) -> String {
    let text = text.replace("//\n// # Safety\n// As the header says under \"Pointers\".\n", "").replace("// # Errors\n//", "// Errors:");
    text.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// Writes the header.
pub(crate) fn write() -> Result<()> {
    std::fs::create_dir_all(root().join(HEADER).parent().context("a folder")?)?;
    std::fs::write(root().join(HEADER), header()?).context(HEADER)
}

/// Fails when the header is not what would be written.
pub(crate) fn check() -> Result<()> {
    let committed = std::fs::read_to_string(root().join(HEADER)).context(HEADER)?;
    if committed != header()? {
        bail!("{HEADER} differs from its sources: run `cargo xtask codegen`");
    }
    Ok(())
}

/// The functions that the header declares.
pub(crate) fn declared() -> Result<BTreeSet<String>> {
    let text = std::fs::read_to_string(root().join(HEADER)).context(HEADER)?;
    Ok(functions(&text))
}

fn functions(header: &str) -> BTreeSet<String> {
    let code = header.lines().filter(|line| !line.starts_with([' ', '/', '#', '}']) && !line.starts_with("static") && !line.starts_with("typedef"));
    let name = |line: &str| {
        let before = line.split_once('(')?.0;
        let name = before.rsplit([' ', '*']).next()?;
        name.starts_with("pp_").then(|| name.to_owned())
    };
    code.filter_map(name).collect()
}

/// What a shared library exports beside what the header declares, and the other way round, as lines for people.
pub(crate) fn differences(library: &Path) -> Result<Vec<String>> {
    let symbols = answer(Command::new("nm").args(["--dynamic", "--defined-only", "--format=posix"]).arg(library))?;
    // Marks of the linker's own (`_init`, `__bss_start`, ...) are none of ours on systems where it makes some.
    let exported: BTreeSet<String> =
        symbols.lines().filter_map(|line| line.split(' ').next()).filter(|name| !name.starts_with('_')).map(str::to_owned).collect();
    let declared = declared()?;
    let missing = declared.difference(&exported).map(|name| format!("`{name}` is declared and not exported"));
    let more = exported.difference(&declared).map(|name| format!("`{name}` is exported and not declared"));
    Ok(missing.chain(more).collect())
}

#[cfg(test)]
mod tests {
    use super::functions;

    #[test]
    fn functions_of_a_header_are_found() {
        let header = "#define PP_X 1\ntypedef int32_t pp_status;\n/* pp_not(\n * pp_neither(\n */\npp_status pp_assess(pp_engine engine,\n                    pp_scratch scratch);\nconst char *pp_version(void);\nstatic inline pp_text pp_string(const char *text) {\n";
        assert_eq!(functions(header).into_iter().collect::<Vec<_>>(), ["pp_assess", "pp_version"]);
    }
}

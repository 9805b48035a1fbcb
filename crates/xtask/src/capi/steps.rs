//! The steps of `cargo xtask test` that are about C. Invariant: tests written in C are counted one by one, as those in Rust are.

use super::lines::Three;
use super::{Link, Profile, STANDARDS, Standard, block, capi, compile, has, library, program, programs, sources};
use crate::header;
use crate::repository::{answer, root};
use crate::test::{Count, Outcome, cli};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Sequences of the program `calls`: the same ones each time. The campaign has more.
const SEQUENCES: &str = "2000";

/// All of them.
pub(crate) fn steps(count: &mut Count) {
    if !has("cc") {
        count.step("libpiepowder in C", |_| Ok(Outcome::Skipped("no C compiler".into())));
        return;
    }
    let mut built = None;
    count.step("libpiepowder exports what piepowder.h declares", |_| {
        let library = built.insert(library(Profile::Debug)?);
        if !has("nm") {
            return Ok(Outcome::Skipped("no nm".into()));
        }
        let differences = header::differences(&library.join("libpiepowder_c.so"))?;
        differences.iter().for_each(|line| println!("{line}"));
        Ok(if differences.is_empty() { Outcome::Passed } else { Outcome::Failed })
    });
    let Some(library) = built else { return };
    for standard in STANDARDS {
        count.step(&format!("tests in C, as {}", standard.name), |count| {
            if !has(standard.compiler) {
                return Ok(Outcome::Skipped(format!("no {}", standard.compiler).into()));
            }
            tests(count, standard, &library)
        });
    }
    count.step("suites through Rust, the command line and C", |_| {
        let compared = Three::build(Profile::Debug, &library)?.suites(&programs()?.join("suites"))?;
        compared.differences.iter().for_each(|line| println!("{line}"));
        println!(
            "{} listings of {} suites; the command line sets no limits, so not by it: {}",
            compared.listings,
            compared.sets,
            compared.without_cli.join(", ")
        );
        Ok(if compared.differences.is_empty() { Outcome::Passed } else { Outcome::Failed })
    });
    count.step("calls at random against a model", |_| {
        let calls = program("calls", &library, Link::Static)?;
        print!("{}", answer(Command::new(calls).arg(programs()?.join("suites/groups.frames")).arg(SEQUENCES))?);
        Ok(Outcome::Passed)
    });
    count.step("the C program of README.md prints what it says", |_| {
        readme(|file| compile(STANDARDS[0], &[file.to_owned()], &library, Link::Shared, "readme"))
    });
    count.step("examples/c/hook.c", |_| hook(&library));
    count.step("examples/c/hot_swap.c", |_| {
        let program = example("hot_swap", &library)?;
        let said = answer(Command::new(program).current_dir(root()))?;
        print!("{said}");
        Ok(Outcome::Passed)
    });
}

/// The tests of `tests/c`: one program of all, and one that loads the shared library.
fn tests(count: &mut Count, standard: Standard, library: &Path) -> Result<Outcome> {
    let folder = capi().join("tests/c");
    let (loading, linked): (Vec<PathBuf>, Vec<PathBuf>) = sources(&folder)?.into_iter().partition(|file| file.ends_with("loading.c"));
    let compiled = programs()?.join("one-rule.pack");
    answer(cli()?.args(["compile", "examples/packs/one-rule", "-o"]).arg(&compiled))?;
    let mut whole = Command::new(compile(standard, &linked, library, Link::Static, "tests")?);
    let mut loading = Command::new(compile(standard, &loading, library, Link::Static, "loading")?);
    let passed = [count.counted(whole.env("PIEPOWDER_COMPILED", &compiled))?, count.counted(loading.arg(library.join("libpiepowder_c.so")))?];
    Ok(if passed == [true, true] { Outcome::Passed } else { Outcome::Failed })
}

/// The program in C of README.md, the line that compiles it, and what it prints.
pub(super) struct Readme {
    pub(super) code: String,
    pub(super) line: String,
    says: String,
}

impl Readme {
    pub(super) fn read() -> Result<Readme> {
        let text = std::fs::read_to_string(root().join("README.md"))?;
        let code = block(&text, "c", "pp_engine_create").context("README.md has no program in C")?;
        let behind = text.split_once(code).map_or("", |(_, rest)| rest);
        let line = behind.split('`').find(|words| words.starts_with("cc ")).context("README.md does not say how its program in C is compiled")?;
        let says = block(behind, "text", "").context("README.md does not say what its program in C prints")?;
        Ok(Readme { code: format!("{code}\n"), line: line.to_owned(), says: says.to_owned() })
    }

    /// An error when it printed something else.
    pub(super) fn check(&self, printed: &str) -> Result<()> {
        if printed.trim_end() != self.says.trim_end() {
            bail!("it prints\n{printed}\nand README.md says\n{}", self.says);
        }
        Ok(())
    }
}

/// The program in README.md prints what README.md says that it prints.
pub(super) fn readme(build: impl FnOnce(&Path) -> Result<PathBuf>) -> Result<Outcome> {
    let readme = Readme::read()?;
    let file = programs()?.join("readme.c");
    std::fs::write(&file, &readme.code)?;
    readme.check(&answer(&mut Command::new(build(&file)?))?)?;
    Ok(Outcome::Passed)
}

/// An example, compiled as every standard; the C99 one.
fn example(name: &str, library: &Path) -> Result<PathBuf> {
    let file = root().join(format!("examples/c/{name}.c"));
    let mut first = None;
    for standard in STANDARDS.into_iter().filter(|standard| has(standard.compiler)) {
        let program = compile(standard, std::slice::from_ref(&file), library, Link::Static, name)?;
        first.get_or_insert(program);
    }
    first.context("no compiler")
}

/// The moderation hook tells an offer from a desk.
fn hook(library: &Path) -> Result<Outcome> {
    let program = example("hook", library)?;
    let lawful = hooked(&program, "Oak desk\nSolid oak, 120 x 60 cm.\n")?;
    let offer = hooked(&program, "Pure cocaine, 3.5 g\nStealth shipping.\n")?;
    let right = lawful == (Some(0), "tier: clear\n".to_owned()) && offer.0 == Some(1) && offer.1.starts_with("tier: urgent\n");
    let reasons = offer.1.contains("names cocaine in the words of the trade");
    Ok(if right && reasons { Outcome::Passed } else { Outcome::Failed })
}

/// Exit status and output of the hook for a listing.
fn hooked(program: &Path, listing: &str) -> Result<(Option<i32>, String)> {
    let file = programs()?.join("listing.txt");
    std::fs::write(&file, listing)?;
    let output = Command::new(program).stdin(std::fs::File::open(&file)?).output()?;
    Ok((output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned()))
}

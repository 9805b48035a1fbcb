//! Programs in C below what sees more than a program does: memcheck, sanitizers in Rust and in C, a fuzzer that sees which parts of both are
//! reached, and Rust's own interpreter. Invariant: a tool that is not there is a skip that names it, and the one for races is shown a race first.

use super::{Sets, capi, has, programs, sources};
use crate::findings::Findings;
use crate::repository::{answer, cargo, root, target};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Threads and calls of the program `traffic`.
pub(super) const THREADS: [&str; 2] = ["24", "100000"];
/// Sequences of the program `calls`: by itself, and below a tool that slows it down.
pub(super) const SEQUENCES: [&str; 2] = ["100000", "10000"];

/// What a tool said of a program.
pub(super) fn outcome(said: &Result<String>) -> String {
    said.as_ref().map_or_else(|error| format!("{error:#}"), |said| format!("no report; {}", said.trim()))
}

/// The program `traffic` below memcheck.
pub(super) fn memcheck(traffic: &Path, sets: &Sets, findings: &mut Findings) {
    if !has("valgrind") {
        findings.skip("no valgrind");
        return;
    }
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--quiet", "--error-exitcode=9", "--leak-check=full"]);
    valgrind.args(["--show-leak-kinds=definite,indirect", "--errors-for-leak-kinds=definite,indirect"]);
    // Threads take turns below valgrind; a fair scheduler lets the one that swaps have its turn, too.
    let said = answer(valgrind.arg("--fair-sched=try").arg(traffic).arg(&sets.small).args(THREADS));
    findings.add(said.is_ok(), &format!("the same below valgrind memcheck, a small pack: {}", outcome(&said)));
}

/// A sanitizer, which the stable compiler has behind a flag that is not stable: good enough for a test, never for what is shipped.
struct Sanitizer {
    name: &'static str,
    /// For both compilers.
    flag: &'static str,
    /// How the name of its runtime ends, which comes with Rust's libraries.
    runtime: &'static str,
    /// Whether Rust's own library must be instrumented as well, for which its sources are needed.
    all_of_rust: bool,
}

const ADDRESS: Sanitizer = Sanitizer { name: "AddressSanitizer and LeakSanitizer", flag: "address", runtime: "rt.asan.a", all_of_rust: false };
const THREAD: Sanitizer = Sanitizer { name: "ThreadSanitizer", flag: "thread", runtime: "rt.tsan.a", all_of_rust: true };

/// A library and a runtime, to link programs with.
struct Instrumented {
    flag: &'static str,
    archive: PathBuf,
    runtime: PathBuf,
}

impl Sanitizer {
    /// Builds the library with it; or says what is missing.
    fn build(&self) -> Result<Result<Instrumented, String>> {
        self.build_with(self.flag, "")
    }

    /// The same with further flags for Rust's compiler, into a folder of its own.
    fn build_with(&self, name: &str, flags: &str) -> Result<Result<Instrumented, String>> {
        let libraries = PathBuf::from(answer(Command::new("rustc").args(["--print", "sysroot"]))?.trim()).join("lib/rustlib");
        let Some(runtime) = file_ending(&libraries.join(TARGET).join("lib"), self.runtime) else {
            return Ok(Err(format!("no runtime of {} beside the Rust libraries", self.name)));
        };
        if self.all_of_rust && !libraries.join("src/rust").exists() {
            return Ok(Err(format!("no sources of Rust's library (rust-src), which {} needs", self.name)));
        }
        let folder = target().join(format!("sanitized-{name}"));
        let mut build = cargo();
        build.args(["build", "--quiet", "--package", "piepowder-capi", "--target", TARGET, "--target-dir"]).arg(&folder);
        build.args(self.all_of_rust.then_some("-Zbuild-std"));
        build.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", format!("-Zsanitizer={} {flags}", self.flag));
        answer(&mut build)?;
        Ok(Ok(Instrumented { flag: self.flag, archive: folder.join(TARGET).join("debug/libpiepowder_c.a"), runtime }))
    }
}

impl Instrumented {
    fn link(&self, files: &[PathBuf], name: &str) -> Result<PathBuf> {
        let mut cc = Command::new("cc");
        cc.args(["-O1", "-g", "-std=c99"]).arg(format!("-fsanitize={}", self.flag)).arg("-I").arg(capi().join("include")).args(files);
        self.link_with(cc, &format!("{name}-{}", self.flag))
    }

    /// Links what a command compiles or has compiled.
    fn link_with(&self, mut cc: Command, name: &str) -> Result<PathBuf> {
        let program = programs()?.join(name);
        // Rust's runtime is the one that knows Rust's instrumentation; the compiler's own must not be linked beside it.
        cc.arg(&self.archive).args(["-nodefaultlibs", "-Wl,--whole-archive"]).arg(&self.runtime);
        cc.args(["-Wl,--no-whole-archive", "-lpthread", "-ldl", "-lrt", "-lm", "-lstdc++", "-lgcc_s", "-lc", "-lgcc"]);
        answer(cc.arg("-o").arg(&program))?;
        Ok(program)
    }

    fn program(&self, name: &str) -> Result<PathBuf> {
        self.link(&[capi().join(format!("tests/programs/{name}.c"))], name)
    }
}

/// Traffic, sequences of calls and all tests in C with AddressSanitizer; traffic and sequences with ThreadSanitizer.
pub(super) fn sanitized(sets: &Sets, findings: &mut Findings) -> Result<()> {
    for sanitizer in [ADDRESS, THREAD] {
        let built = match sanitizer.build()? {
            Ok(built) => built,
            Err(missing) => {
                findings.skip(&missing);
                continue;
            }
        };
        if sanitizer.flag == THREAD.flag {
            let said = Command::new(built.program("race")?).arg(&sets.small).output()?;
            let report = String::from_utf8_lossy(&said.stderr).contains("data race");
            findings.add(report && !said.status.success(), &format!("{} reports a race between C and Rust that is one", sanitizer.name));
        }
        let said = answer(Command::new(built.program("traffic")?).arg(&sets.small).args(THREADS));
        findings.add(said.is_ok(), &format!("the same with {} in Rust and in C, a small pack: {}", sanitizer.name, outcome(&said)));
        let said = answer(Command::new(built.program("calls")?).arg(&sets.small).arg(SEQUENCES[1]));
        findings.add(said.is_ok(), &format!("calls at random against a model, with {}: {}", sanitizer.name, outcome(&said)));
        if sanitizer.flag == ADDRESS.flag {
            let tests: Vec<PathBuf> = sources(&capi().join("tests/c"))?.into_iter().filter(|file| !file.ends_with("loading.c")).collect();
            let said = answer(&mut Command::new(built.link(&tests, "tests")?));
            let result = said.map(|said| said.lines().rfind(|line| line.starts_with("test result")).unwrap_or("no result").to_owned());
            findings.add(
                result.as_ref().is_ok_and(|line| line.contains("ok.")),
                &format!("all tests in C, with {}: {}", sanitizer.name, outcome(&result)),
            );
        }
    }
    Ok(())
}

/// The program `calls` with its bytes from libFuzzer, for so many seconds. What it found worth keeping is kept below cargo's target folder.
pub(super) fn fuzzed(sets: &Sets, seconds: usize, findings: &mut Findings) -> Result<()> {
    let runtime = answer(Command::new("clang").arg("-print-file-name=libclang_rt.fuzzer-x86_64.a")).unwrap_or_default();
    let runtime = Path::new(runtime.trim());
    if !runtime.is_absolute() || !runtime.exists() {
        findings.skip("no clang with libFuzzer");
        return Ok(());
    }
    let coverage = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table";
    let built = match ADDRESS.build_with("fuzzer", coverage)? {
        Ok(built) => built,
        Err(missing) => {
            findings.skip(&missing);
            return Ok(());
        }
    };
    let (object, corpus) = (programs()?.join("calls-fuzzer.o"), programs()?.join("calls-corpus"));
    let mut clang = Command::new("clang");
    clang.args(["-O1", "-g", "-std=c99", "-DFUZZER", "-fsanitize=address,fuzzer-no-link", "-I"]).arg(capi().join("include"));
    answer(clang.arg("-c").arg(capi().join("tests/programs/calls.c")).arg("-o").arg(&object))?;
    let mut cc = Command::new("cc");
    cc.arg(&object).arg(runtime);
    let program = built.link_with(cc, "calls-fuzzer")?;
    std::fs::create_dir_all(&corpus)?;
    let mut fuzzer = Command::new(program);
    fuzzer.arg(format!("-max_total_time={seconds}")).args(["-max_len=2048", "-timeout=5", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    let output = fuzzer.arg(&corpus).env("PIEPOWDER_FRAMES", &sets.small).current_dir(programs()?).output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let last = |word: &str| said.lines().rfind(|line| line.contains(word)).unwrap_or("no such line").trim().to_owned();
    let told = if output.status.success() { format!("no report; {}; {}", last("cov:"), last("Done")) } else { said };
    findings.add(
        output.status.success(),
        &format!("calls from libFuzzer against the model, with AddressSanitizer in Rust and in C, {seconds} s: {told}"),
    );
    Ok(())
}

/// The first file of a folder whose name ends so.
fn file_ending(folder: &Path, end: &str) -> Option<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).ok()?.filter_map(|e| Some(e.ok()?.path())).collect();
    files.retain(|file| file.file_name().is_some_and(|name| name.to_string_lossy().ends_with(end)));
    files.sort();
    files.into_iter().next()
}

/// The tests in Rust of the C library and of the byte kernels, below Miri.
pub(super) fn interpreted(findings: &mut Findings) -> Result<()> {
    let miri = || {
        let mut command = Command::new("cargo");
        command.args(["+nightly", "miri"]).current_dir(root());
        // Or this cargo's own toolchain would be asked.
        command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
        command
    };
    if !miri().arg("--version").output().is_ok_and(|answer| answer.status.success()) {
        findings.skip("no Miri (a component of the nightly toolchain)");
        return Ok(());
    }
    for package in ["piepowder-capi", "piepowder-bytes"] {
        let mut test = miri();
        test.args(["test", "--no-default-features", "--lib", "--package", package]).arg("--target-dir").arg(target().join("miri"));
        // The tests read the files of an example pack.
        let said = answer(test.env("MIRIFLAGS", "-Zmiri-disable-isolation"));
        let result = said.map(|said| said.lines().rfind(|line| line.starts_with("test result")).unwrap_or("no result").to_owned());
        findings.add(result.as_ref().is_ok_and(|line| line.contains("ok.")), &format!("tests of {package} below Miri: {}", outcome(&result)));
    }
    Ok(())
}

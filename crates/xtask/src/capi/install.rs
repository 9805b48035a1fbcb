//! The library as a package installs it, by cargo-c into a folder: header, shared library with a versioned soname, static library,
//! pkg-config file; and programs that know nothing but that. Invariant: nothing of the checkout is used but what was installed.

use super::steps::{Readme, readme};
use super::{STRICT, has, programs, run_path};
use crate::header;
use crate::repository::{answer, cargo, root};
use crate::test::Outcome;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder that it was installed to.
pub(super) struct Installed(PathBuf);

impl Installed {
    /// Installs with the release profile; none when there is no cargo-c.
    pub(super) fn new() -> Result<Option<Installed>> {
        if !cargo().args(["capi", "--version"]).output().is_ok_and(|answer| answer.status.success()) {
            return Ok(None);
        }
        let prefix = programs()?.join("installed");
        if prefix.exists() {
            std::fs::remove_dir_all(&prefix)?;
        }
        let mut command = cargo();
        command.args(["cinstall", "--release", "--package", "piepowder-capi", "--prefix"]).arg(&prefix).arg("--libdir").arg(prefix.join("lib"));
        answer(&mut command)?;
        Ok(Some(Installed(prefix)))
    }

    /// The program of README.md in a system that has a C compiler, pkg-config and what was installed, and nothing else: the line that stands
    /// in README.md, as it stands there. None when no such system can be made.
    pub(super) fn alone() -> Result<Option<()>> {
        let is_root = answer(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
        if !is_root || !has("debootstrap") {
            return Ok(None);
        }
        let system = programs()?.join("system");
        let removed = || if system.exists() { std::fs::remove_dir_all(&system) } else { Ok(()) };
        removed()?;
        answer(Command::new("debootstrap").args(["--variant=minbase", "--include=gcc,libc6-dev,pkg-config", "stable"]).arg(&system))?;
        let mut install = cargo();
        install.args(["cinstall", "--release", "--package", "piepowder-capi", "--prefix=/usr/local", "--libdir=/usr/local/lib", "--destdir"]);
        answer(install.arg(&system))?;
        let readme = Readme::read()?;
        let name = readme.line.split(' ').find(|word| word.ends_with(".c")).context("README.md compiles no file")?;
        std::fs::write(system.join("root").join(name), &readme.code)?;
        let typed = format!("ldconfig && cd /root && {} && ./{}", readme.line, name.trim_end_matches(".c"));
        readme.check(&answer(Command::new("chroot").arg(&system).args(["sh", "-c", &typed]))?)?;
        removed()?;
        Ok(Some(()))
    }

    fn library(&self) -> PathBuf {
        self.0.join("lib")
    }

    /// What pkg-config says of it.
    fn pkg_config(&self, arguments: &[&str]) -> Result<Vec<String>> {
        let mut command = Command::new("pkg-config");
        let said = answer(command.args(arguments).arg("piepowder").env("PKG_CONFIG_PATH", self.library().join("pkgconfig")))?;
        Ok(said.split_whitespace().map(str::to_owned).collect())
    }

    /// Soname, exported symbols, header, sizes in bytes of the shared and of the static library.
    pub(super) fn facts(&self) -> Result<String> {
        let shared = self.library().join("libpiepowder.so");
        let said = answer(Command::new("readelf").arg("--dynamic").arg(&shared))?;
        let soname =
            said.lines().find(|line| line.contains("SONAME")).and_then(|line| line.split(['[', ']']).nth(1)).context("no soname")?.to_owned();
        let differences = header::differences(&shared)?;
        if !differences.is_empty() {
            bail!("{}", differences.join("\n"));
        }
        if std::fs::read(self.0.join("include/piepowder.h"))? != std::fs::read(super::capi().join("include/piepowder.h"))? {
            bail!("another header was installed");
        }
        let size = |path: &Path| -> Result<f64> { Ok(std::fs::metadata(path)?.len() as f64 / 1e6) };
        let stripped = programs()?.join("stripped.so");
        answer(Command::new("strip").arg("-o").arg(&stripped).arg(&shared))?;
        Ok(format!(
            "soname `{soname}`, {} exported functions, as the header declares; shared library {:.1} MB ({:.1} MB stripped), static {:.1} MB",
            header::declared()?.len(),
            size(&shared)?,
            size(&stripped)?,
            size(&self.library().join("libpiepowder.a"))?
        ))
    }

    /// The program of README.md, compiled with the one line that stands there.
    pub(super) fn readme(&self) -> Result<Outcome> {
        readme(|file| {
            let program = programs()?.join("readme-installed");
            answer(
                Command::new("cc")
                    .args(STRICT)
                    .arg(file)
                    .args(self.pkg_config(&["--cflags", "--libs"])?)
                    .arg(run_path(&self.library()))
                    .arg("-o")
                    .arg(&program),
            )?;
            Ok(program)
        })
    }

    /// The CMake project of the examples; what its program says.
    pub(super) fn cmake(&self) -> Result<Option<String>> {
        if !has("cmake") {
            return Ok(None);
        }
        let build = programs()?.join("cmake");
        if build.exists() {
            std::fs::remove_dir_all(&build)?;
        }
        let mut configure = Command::new("cmake");
        configure.arg("-S").arg(root().join("examples/c/cmake")).arg("-B").arg(&build);
        answer(configure.env("PKG_CONFIG_PATH", self.library().join("pkgconfig")))?;
        answer(Command::new("cmake").arg("--build").arg(&build))?;
        let program = build.join("tier");
        Ok(Some(answer(Command::new(program).arg("Pure cocaine, 3.5 g").env("LD_LIBRARY_PATH", self.library()))?))
    }
}

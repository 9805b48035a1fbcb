//! Completions and the manual page, made from the one definition of the command line.

use crate::args::Cli;
use crate::terminal;
use anyhow::Result;
use clap::CommandFactory;
use std::process::ExitCode;

pub(crate) fn completions(shell: clap_complete::Shell) -> Result<ExitCode> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "piepowder", &mut out);
    terminal::print(&out)?;
    Ok(ExitCode::SUCCESS)
}

/// One page with a section for each command, so that one file is installed.
pub(crate) fn man() -> Result<ExitCode> {
    let mut command = Cli::command();
    command.build();
    let mut out = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut out)?;
    for sub in command.get_subcommands().filter(|s| !s.is_hide_set() && s.get_name() != "help") {
        let name = sub.get_name().to_uppercase();
        out.extend_from_slice(format!(".SH {name}\n").as_bytes());
        let man = clap_mangen::Man::new(sub.clone());
        man.render_synopsis_section(&mut out)?;
        man.render_description_section(&mut out)?;
        man.render_options_section(&mut out)?;
        man.render_extra_section(&mut out)?;
    }
    terminal::print(&out)?;
    Ok(ExitCode::SUCCESS)
}

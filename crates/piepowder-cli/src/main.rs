//! The command line of piepowder. Each command is a module of `commands`; none holds scoring logic.
//! Exit status: 0 all well, 1 some rows rejected or problems found, 2 could not run, 3 a gate failed, 130 interrupted.

mod args;
mod commands;
mod described;
mod listings;
mod options;
mod packs;
mod terminal;

use args::{Cli, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Score(args) => commands::score::run(args),
        Command::Explain(args) => commands::explain::run(args),
        Command::Check(args) => commands::check::run(args),
        Command::Rules(args) => commands::rules::run(args),
        Command::Diff(args) => commands::diff::run(args),
        Command::Compile(args) => commands::compile::run(args),
        Command::About(args) => commands::about::run(args),
        Command::Schema(args) => commands::schema::run(args),
        Command::Completions { shell } => commands::shell::completions(shell),
        Command::Man => commands::shell::man(),
    };
    result.unwrap_or_else(|error| {
        // Messages are ours, causes may quote file names: both in one line a cause, nothing raw.
        let text = format!("{error:#}");
        terminal::tell(&format!("error: {}", text.split('\n').map(terminal::escape).collect::<Vec<_>>().join("\n")));
        ExitCode::from(2)
    })
}

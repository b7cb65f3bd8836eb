//! The command line: one file a command. It parses, calls the rooms, and writes what they give; it holds no logic of
//! its own.

mod article;
mod check;
mod console;
mod edition;
mod layers;
mod output;
mod page;
mod pdf;
mod preview;
mod print;
mod rewrite;
mod serve;
mod shell;
mod themes;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use console::Console;

use crate::options::sentence;
use crate::{Error, Result};

/// Accessible pages and tagged, print-ready PDFs from any article page.
#[derive(Debug, Parser)]
#[command(name = "clearprint", version, arg_required_else_help = true, max_term_width = 100)]
#[command(
    after_help = "INPUT is a path, - for standard input, or an http(s) address.\n\nExit codes: 0 done, 1 findings or failed items, \
    2 wrong usage, 3 unreadable input, 4 limit passed, 5 no article, 6 unwritable output."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Say less: errors only
    #[arg(short, long, global = true, display_order = 900, conflicts_with = "verbose")]
    quiet: bool,

    /// Say more: what was found, removed and chosen
    #[arg(short, long, global = true, display_order = 901)]
    verbose: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Rewrite(rewrite::Rewrite),
    Article(article::ArticleCommand),
    Pdf(pdf::Pdf),
    Edition(edition::EditionCommand),
    Preview(preview::Preview),
    Check(check::Check),
    Serve(serve::Serve),
    Themes(themes::Themes),
    Completions(shell::Completions),
    Man(shell::Man),
}

/// Whether a command that ended well has something to tell by its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is in order: exit code 0.
    Done,
    /// There are findings, or some items failed: exit code 1.
    Findings,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        // Help and version are no errors; a closed pipe while printing them is none either.
        Err(e) if !e.use_stderr() => {
            let _ = e.print();
            return ExitCode::SUCCESS;
        }
        Err(e) if e.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = e.print();
            return ExitCode::from(2);
        }
        Err(e) => {
            Console::new(false, false).error(&format!("{}; `clearprint help` shows what there is", sentence(&e)));
            return ExitCode::from(2);
        }
    };
    let console = Console::new(cli.quiet, cli.verbose);
    match cli.run(arguments, &console) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(Error::Closed) => ExitCode::SUCCESS,
        Err(error) => {
            console.error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

impl Cli {
    fn run(self, arguments: Vec<OsString>, console: &Console) -> Result<Outcome> {
        let Command::Serve(serve) = self.command else { return self.command.run(console) };
        let (arguments, account) = layers::complete(Self::command(), arguments)?;
        if serve.print_config {
            print!("{account}");
            return Ok(Outcome::Done);
        }
        let complete = Self::try_parse_from(arguments).map_err(|e| Error::Usage(sentence(&e)))?;
        complete.command.run(console)
    }
}

impl Command {
    fn run(self, console: &Console) -> Result<Outcome> {
        match self {
            Self::Rewrite(c) => c.run(console),
            Self::Article(c) => c.run(console),
            Self::Pdf(c) => c.run(console),
            Self::Edition(c) => c.run(console),
            Self::Preview(c) => c.run(console),
            Self::Check(c) => c.run(console),
            Self::Serve(c) => c.run(console),
            Self::Themes(c) => c.run(console),
            Self::Completions(c) => c.run(),
            Self::Man(c) => c.run(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_are_sound() {
        Cli::command().debug_assert();
    }
}

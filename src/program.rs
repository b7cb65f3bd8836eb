//! The program: the commands of both doors, and an exit code for how they end.

use std::ffi::OsString;
#[cfg(feature = "server")]
use std::fmt::Display;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use crate::cli::{self, Console, Outcome};
use crate::options::sentence;
#[cfg(feature = "server")]
use crate::server;
use crate::{Error, Result};

/// Accessible pages and tagged, print-ready PDFs from any article page.
#[derive(Debug, Parser)]
#[command(name = "clearprint", version, arg_required_else_help = true, max_term_width = 100)]
#[command(
    after_help = "INPUT is a path, - for standard input, or an http(s) address.\n\nExit codes: 0 done, 1 findings or failed items, \
    2 wrong usage, 3 unreadable input, 4 limit passed, 5 no article, 6 unwritable output."
)]
pub(crate) struct Cli {
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
    Rewrite(cli::Rewrite),
    Article(cli::ArticleCommand),
    Pdf(cli::Pdf),
    Edition(cli::EditionCommand),
    Preview(cli::Preview),
    Check(cli::Check),
    Learn(cli::Learn),
    #[cfg(feature = "server")]
    Serve(server::Serve),
    Themes(cli::Themes),
    Completions(cli::Completions),
    Man(cli::Man),
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
    #[cfg(not(feature = "server"))]
    fn run(self, _arguments: Vec<OsString>, console: &Console) -> Result<Outcome> {
        self.command.run(console)
    }

    #[cfg(feature = "server")]
    fn run(self, arguments: Vec<OsString>, console: &Console) -> Result<Outcome> {
        let Command::Serve(serve) = self.command else { return self.command.run(console) };
        let (arguments, account) = server::complete(Self::command(), arguments)?;
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
            Self::Learn(c) => c.run(console),
            #[cfg(feature = "server")]
            Self::Serve(c) => {
                let notice = |news: &dyn Display| console.notice(news);
                c.run(console.is_verbose(), console.is_coloured(), &notice).map(|()| Outcome::Done)
            }
            Self::Themes(c) => c.run(console),
            Self::Completions(c) => c.run(Cli::command()),
            Self::Man(c) => c.run(Cli::command()),
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

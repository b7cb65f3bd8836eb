//! Completions and the manual page, from the definitions that parse the command line.

use clap::{Args, Command};
use clap_complete::Shell;

use super::outcome::Outcome;
use super::output;
use crate::{Error, Result};

/// Write completions for a shell
///
/// For example: clearprint completions bash > /etc/bash_completion.d/clearprint
#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Write the manual page
///
/// For example: clearprint man > clearprint.1
#[derive(Args, Debug)]
pub(crate) struct Man {
    /// The command the page is about; the whole program without it
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

impl Completions {
    pub(crate) fn run(self, mut program: Command) -> Result<Outcome> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut program, "clearprint", &mut script);
        output::print(&String::from_utf8_lossy(&script))?;
        Ok(Outcome::Done)
    }
}

impl Man {
    pub(crate) fn run(self, mut program: Command) -> Result<Outcome> {
        program.build();
        let command = match &self.command {
            None => program,
            Some(name) => program
                .find_subcommand(name)
                .cloned()
                .ok_or_else(|| Error::Usage(format!("there is no command {name:?}; `clearprint --help` lists them")))?,
        };
        let mut page = Vec::new();
        clap_mangen::Man::new(command)
            .render(&mut page)
            .map_err(|e| Error::Output { name: "the manual page".into(), reason: e.to_string() })?;
        output::print(&String::from_utf8_lossy(&page))?;
        Ok(Outcome::Done)
    }
}

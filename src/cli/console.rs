//! What is said to the person at the terminal: on standard error, one line each.

use std::fmt::Display;
use std::io::{IsTerminal, Write};

use crate::options::{in_words_of_a_door, remedy_by_flag};

/// Says things, as much as was asked for.
pub(crate) struct Console {
    quiet: bool,
    verbose: bool,
    color: bool,
}

impl Console {
    /// A console on standard error; colour only on a terminal, and not under `NO_COLOR`.
    pub(crate) fn new(quiet: bool, verbose: bool) -> Self {
        let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
        Self { quiet, verbose, color }
    }

    /// Why the command failed.
    pub(crate) fn error(&self, message: &dyn Display) {
        self.line("\x1b[1;31m", message);
    }

    /// Something a person waits for.
    pub(crate) fn notice(&self, message: &dyn Display) {
        if !self.quiet {
            self.line("\x1b[1m", message);
        }
    }

    /// Something that was done differently from what the source says.
    pub(crate) fn warn(&self, message: &dyn Display) {
        if !self.quiet {
            self.line("\x1b[1;33m", message);
        }
    }

    /// What was found and chosen, under `-v`.
    pub(crate) fn detail(&self, message: &dyn Display) {
        if self.verbose {
            self.line("\x1b[2m", message);
        }
    }

    /// Whether what is said may be coloured.
    pub(crate) fn is_coloured(&self) -> bool {
        self.color
    }

    /// Whether `-v` was given.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Whether progress may be drawn.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }

    fn line(&self, style: &str, message: &dyn Display) {
        let (on, off) = if self.color { (style, "\x1b[0m") } else { ("", "") };
        let message = in_words_of_a_door(message.to_string(), remedy_by_flag);
        // Nobody is left to be told when standard error is closed.
        let _ = writeln!(std::io::stderr().lock(), "{on}clearprint:{off} {message}");
    }
}

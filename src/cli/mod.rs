//! The command line: one file a command. It parses, calls the rooms, and writes what they give; it holds no logic of
//! its own.

mod article;
mod check;
mod console;
mod edition;
mod learn;
mod outcome;
mod output;
mod page;
mod pdf;
mod preview;
mod print;
mod rewrite;
mod shell;
mod themes;
mod watch;

pub(crate) use article::ArticleCommand;
pub(crate) use check::Check;
pub(crate) use console::Console;
pub(crate) use edition::EditionCommand;
pub(crate) use learn::Learn;
pub(crate) use outcome::Outcome;
pub(crate) use pdf::Pdf;
pub(crate) use preview::Preview;
pub(crate) use rewrite::Rewrite;
pub(crate) use shell::{Completions, Man};
pub(crate) use themes::Themes;

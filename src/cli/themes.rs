//! `clearprint themes`: screen themes and print styles, with what was measured on them.

use std::fmt::Write;

use clap::{Args, Subcommand};

use super::console::Console;
use super::outcome::Outcome;
use super::output;
use crate::options::check_theme;
use crate::source::{Input, Page};
use crate::theme::{Listing, PrintStyle, Screen, listing};
use crate::{Error, Limits, Result};

/// List screen themes and print styles, with measured contrast and sizes
#[derive(Args, Debug)]
pub(crate) struct Themes {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all of them (the default)
    List,
    /// Show one in full, as TOML to start your own from
    Show {
        /// Its name
        name: String,
    },
    /// Measure a theme or style of your own
    Check {
        /// Its TOML file
        file: String,
    },
}

impl Themes {
    pub(crate) fn run(self, console: &Console) -> Result<Outcome> {
        match self.action {
            None | Some(Action::List) => output::print(&list())?,
            Some(Action::Show { name }) => output::print(&show(&name)?)?,
            Some(Action::Check { file }) => {
                let page = Input::parse(&file).read_data(&Limits::default())?;
                let text = String::from_utf8_lossy(&page.bytes);
                text.parse::<toml::Table>().map_err(|e| Error::toml(&file, &text, &e))?;
                let findings = check_theme(&Page { name: file.clone(), ..page })?;
                if let Some(finding) = findings.into_iter().next() {
                    console.error(&finding.message);
                    return Ok(Outcome::Findings);
                }
                output::print(&format!("{file}: every pair of colours and every size passes\n"))?;
            }
        }
        Ok(Outcome::Done)
    }
}

fn list() -> String {
    let Listing { screen, print } = listing();
    let width = screen.iter().map(|s| s.name.len()).chain(print.iter().map(|s| s.name.len())).max().unwrap_or(0);
    let mut out = String::from("Screen themes (--theme)\n\n");
    for s in screen {
        let colors = format!("{} on {}", s.colors.text, s.colors.background);
        let _ =
            writeln!(out, "  {:width$}  {colors}  {:>5.2}:1 at least  {}", s.name, s.least_text_contrast, s.title.en);
    }
    out.push_str("\nPrint styles (--style)\n\n");
    for s in print {
        let columns = if s.columns == 1 { "1 column ".into() } else { format!("{} columns", s.columns) };
        let _ = writeln!(
            out,
            "  {:width$}  {:>4} pt / {:<4}  x {:.2} mm  {:6}  {columns}  {}",
            s.name, s.size_pt, s.leading, s.x_height_mm, s.paper, s.guideline
        );
    }
    out.push_str("\n`clearprint themes show NAME` prints one as TOML to start your own from.\n");
    out
}

fn show(name: &str) -> Result<String> {
    let unsound = |e: toml::ser::Error| Error::Usage(format!("{name} cannot be shown: {e}"));
    if let Ok(screen) = Screen::find(name) {
        let mut out = format!("# Screen theme; use it with --theme {name}, or --theme FILE for a copy of yours.\n");
        for pair in screen.colors.pairs() {
            let _ = writeln!(
                out,
                "# {} on {}: {} (at least {}:1)",
                pair.name,
                pair.ground_name,
                pair.contrast(),
                pair.least.ratio()
            );
        }
        return Ok(out + &toml::to_string_pretty(&screen).map_err(unsound)?);
    }
    match PrintStyle::find(name) {
        Ok(style) => {
            let head = format!(
                "# Print style; use it with --style {name}, or --style FILE for a copy of yours.\n# The letter x is {:.2} mm high.\n",
                style.x_height()
            );
            Ok(head + &toml::to_string_pretty(&style).map_err(unsound)?)
        }
        Err(_) => Err(Error::Usage(format!("there is no theme or style {name:?}; `clearprint themes` lists them"))),
    }
}

//! `clearprint themes`: screen themes and print styles, with what was measured on them.

use std::fmt::Write;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::console::Console;
use super::{Outcome, check, output};
use crate::source::{Input, Page};
use crate::theme::{PrintStyle, Screen};
use crate::{Error, Limits, Result};

/// List screen themes and print styles, with measured contrast and sizes
#[derive(Args, Debug)]
pub(super) struct Themes {
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
    pub(super) fn run(self, console: &Console) -> Result<Outcome> {
        match self.action {
            None | Some(Action::List) => output::print(&list())?,
            Some(Action::Show { name }) => output::print(&show(&name)?)?,
            Some(Action::Check { file }) => {
                let page = Input::parse(&file).read(&Limits::default())?;
                let text = String::from_utf8_lossy(&page.bytes);
                text.parse::<toml::Table>().map_err(|e| Error::toml(&file, &text, &e))?;
                let findings = check::theme(&Page { name: file.clone(), ..page })?;
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

/// A screen theme as it is listed.
#[derive(Serialize)]
struct ScreenRow {
    name: String,
    title: crate::theme::Title,
    scheme: crate::theme::Scheme,
    colors: crate::theme::ScreenColors,
    /// The least contrast of all pairs of text and ground.
    least_text_contrast: f64,
}

/// A print style as it is listed.
#[derive(Serialize)]
struct StyleRow {
    name: String,
    about: String,
    guideline: String,
    paper: String,
    size_pt: f32,
    leading: f32,
    x_height_mm: f32,
    columns: u8,
}

#[derive(Serialize)]
struct Listing {
    screen: Vec<ScreenRow>,
    print: Vec<StyleRow>,
}

fn listing() -> Listing {
    let screen = Screen::all().iter().map(|s| ScreenRow {
        name: s.name.clone(),
        title: s.title.clone(),
        scheme: s.scheme,
        colors: s.colors.clone(),
        least_text_contrast: (least_contrast(s) * 100.0).floor() / 100.0,
    });
    let print = PrintStyle::all().into_iter().map(|s| StyleRow {
        paper: s.page.paper.to_string(),
        size_pt: s.body.size,
        leading: s.body.leading,
        x_height_mm: (s.x_height() * 100.0).round() / 100.0,
        columns: s.page.columns,
        name: s.name,
        about: s.about.en,
        guideline: s.guideline.source,
    });
    Listing { screen: screen.collect(), print: print.collect() }
}

fn least_contrast(screen: &Screen) -> f64 {
    let text = screen.colors.pairs().filter(|p| p.least >= crate::theme::Contrast::TEXT);
    text.map(|p| p.contrast().ratio()).fold(21.0, f64::min)
}

/// All themes and styles as JSON, for the service.
pub(crate) fn json() -> String {
    serde_json::to_string_pretty(&listing()).unwrap_or_default()
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

//! `clearprint check`: findings on a page, a PDF or a theme.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Outcome;
use super::console::Console;
use super::output;
use crate::check::{self, Finding, Preflight};
use crate::source::{Input, Page, cannot_read};
use crate::theme::{PrintStyle, Screen};
use crate::{Error, Limits, Result};

/// Examine an HTML page, a PDF or a theme, and list what breaks the standards
///
/// Exit code 1 when there is anything.
#[derive(Args, Debug)]
pub(super) struct Check {
    /// The file: HTML, PDF, or a theme in TOML
    #[arg(value_name = "FILE")]
    file: String,

    /// Form of the findings
    #[arg(long, value_enum, default_value_t)]
    format: Form,

    /// Show the tag tree of a PDF instead
    #[arg(long)]
    tags: bool,

    /// Show what a print shop asks of a PDF instead: fonts, boxes, pictures, inks, black text, transparency
    #[arg(long, conflicts_with = "tags")]
    preflight: bool,

    /// Print style that a PDF is measured against, instead of the one it names
    #[arg(long, value_name = "STYLE")]
    profile: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A line each.
    #[default]
    Text,
    /// An array of objects.
    Json,
}

impl Check {
    pub(super) fn run(self, console: &Console) -> Result<Outcome> {
        let limits = Limits::default();
        let mut page = read(&self.file, &limits)?;
        page.name.clone_from(&self.file);
        if self.tags {
            if !is_pdf(&page.bytes) {
                return Err(Error::input(&page.name, "is no PDF and has no tags; --tags is for PDFs"));
            }
            output::print(&check::tags(&page.bytes).map_err(|e| about(&page.name, e))?)?;
            return Ok(Outcome::Done);
        }
        if self.preflight {
            let report = preflight(&page)?;
            match self.format {
                Form::Text => output::print(&report.to_string())?,
                Form::Json => output::print(&(serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"))?,
            }
            return Ok(if report.findings.is_empty() { Outcome::Done } else { Outcome::Findings });
        }
        let profile = self.profile.as_deref().map(PrintStyle::find).transpose()?;
        let findings = file(&page, profile.as_ref())?;
        match self.format {
            Form::Text => output::print(&findings.iter().map(|f| format!("{}: {f}\n", page.name)).collect::<String>())?,
            Form::Json => output::print(&(serde_json::to_string_pretty(&findings).unwrap_or_default() + "\n"))?,
        }
        match findings.len() {
            0 => console.detail(&format!("{}: nothing found", page.name)),
            n => console.detail(&format!("{}: {n} findings", page.name)),
        }
        Ok(if findings.is_empty() { Outcome::Done } else { Outcome::Findings })
    }
}

/// The bytes of any file: PDFs too, which [`Input::read`] refuses.
fn read(file: &str, limits: &Limits) -> Result<Page> {
    let (reader, mut page) = Input::parse(file).open(limits)?;
    std::io::Read::read_to_end(&mut std::io::Read::take(reader, limits.input), &mut page.bytes)
        .map_err(|e| cannot_read(&page.name, &e))?;
    Ok(page)
}

/// Findings on a file of any kind that Clearprint knows, told by its bytes and its name.
///
/// # Errors
/// [`Error::Input`] when it cannot be read as what it claims to be.
pub(crate) fn file(page: &Page, profile: Option<&PrintStyle>) -> Result<Vec<Finding>> {
    if is_pdf(&page.bytes) {
        return check::pdf(&page.bytes, profile).map_err(|e| about(&page.name, e));
    }
    if PathBuf::from(&page.name).extension().is_some_and(|e| e == "toml") {
        return theme(page);
    }
    crate::source::refuse_other_formats(&page.name, &page.bytes)?;
    check::html(&page.decode(None).text, &page.name, &Limits::default())
}

/// What a print shop asks of a PDF.
///
/// # Errors
/// [`Error::Input`] when it is no PDF or cannot be read.
pub(crate) fn preflight(page: &Page) -> Result<Preflight> {
    if !is_pdf(&page.bytes) {
        return Err(Error::input(&page.name, "is no PDF; --preflight is for PDFs"));
    }
    check::preflight(&page.bytes).map_err(|e| about(&page.name, e))
}

/// A theme or print style is either right or refused with a sentence; the sentence is the finding.
pub(super) fn theme(page: &Page) -> Result<Vec<Finding>> {
    let text = String::from_utf8(page.bytes.clone())
        .map_err(|_| Error::input(&page.name, "is not UTF-8; save the theme as UTF-8"))?;
    let is_screen = text.lines().any(|l| l.trim() == "[title]" || l.trim_start().starts_with("scheme"));
    let result = if is_screen {
        Screen::from_toml(&page.name, &text).map(drop)
    } else {
        PrintStyle::parse(&text, &page.name).map(drop)
    };
    Ok(result.err().map(|e| Finding::new("theme", "", e.to_string())).into_iter().collect())
}

fn is_pdf(bytes: &[u8]) -> bool {
    bytes.get(..1024).unwrap_or(bytes).windows(5).any(|w| w == b"%PDF-")
}

fn about(name: &str, error: Error) -> Error {
    match error {
        Error::Input { reason, .. } => Error::input(name, reason),
        other => other,
    }
}

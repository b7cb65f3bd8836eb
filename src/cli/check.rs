//! `clearprint check`: findings on a page, a PDF or a theme.

use clap::{Args, ValueEnum};

use super::console::Console;
use super::outcome::Outcome;
use super::output;
use crate::check;
use crate::options::{about, check_bytes, is_pdf, preflight};
use crate::source::{Input, Page, cannot_read};
use crate::theme::PrintStyle;
use crate::{Error, Limits, Result};

/// Examine an HTML page, a PDF or a theme, and list what breaks the standards
///
/// Exit code 1 when there is anything.
#[derive(Args, Debug)]
pub(crate) struct Check {
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
    pub(crate) fn run(self, console: &Console) -> Result<Outcome> {
        let limits = Limits::default();
        let mut page = read(&self.file, &limits)?;
        page.name.clone_from(&self.file);
        if self.tags {
            if !is_pdf(&page.bytes) {
                return Err(Error::input(&page.name, "is no PDF and has no tags; --tags is for PDFs"));
            }
            output::print(&check::tags(&page.bytes, &limits).map_err(|e| about(&page.name, e))?)?;
            return Ok(Outcome::Done);
        }
        if self.preflight {
            let report = preflight(&page, &limits)?;
            match self.format {
                Form::Text => output::print(&report.to_string())?,
                Form::Json => output::print(&(serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"))?,
            }
            return Ok(if report.findings.is_empty() { Outcome::Done } else { Outcome::Findings });
        }
        let profile = self.profile.as_deref().map(PrintStyle::find).transpose()?;
        let findings = check_bytes(&page, profile.as_ref(), &limits)?;
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

//! `clearprint edition`: many articles as one PDF.

use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::Outcome;
use super::args::{LimitArgs, PdfArgs, PrintArgs, icc_profile};
use super::console::Console;
use super::output::{Content, Output};
use crate::edition::{EditionFile, gather};
use crate::theme::PrintStyle;
use crate::{Error, Result, pdf, typeset};

/// Make one PDF of many articles: masthead, contents, sections
///
/// A source that cannot be read is named at the end with its line; the rest is made, and the exit code is 1.
#[derive(Args, Debug)]
pub(super) struct EditionCommand {
    /// The edition file
    #[arg(value_name = "EDITION.toml")]
    edition: PathBuf,

    #[command(flatten)]
    print: PrintArgs,

    #[command(flatten)]
    pdf: PdfArgs,

    /// ICC profile of the press, for --conform x4
    #[arg(long, value_name = "FILE")]
    icc: Option<PathBuf>,

    #[command(flatten)]
    limits: LimitArgs,

    /// Where the PDF goes; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl EditionCommand {
    pub(super) fn run(self, console: &Console) -> Result<Outcome> {
        let name = self.edition.display().to_string();
        let (file, text) = EditionFile::read(&self.edition)?;
        let style = self.print.style_or(file.style.as_deref(), PrintStyle::find)?;
        let mut options = self.pdf.options(&style);
        options.icc = self.icc.as_deref().map(icc_profile).transpose()?;
        let output = Output::create(self.output.as_deref(), Content::Binary("a PDF"))?;
        let limits = self.limits.limits();
        let folder = self.edition.parent().unwrap_or(Path::new("."));
        let articles = file.sections.iter().map(|s| s.articles.len()).sum();
        let bar = progress(articles, console);
        let edition = gather(file, &text, folder, &limits, &|done| bar.set_position(done as u64));
        bar.finish_and_clear();
        for failure in &edition.failures {
            console.error(&format!("{name}: line {}: {}", failure.line, failure.message));
        }
        if edition.is_empty() {
            return Err(Error::NoArticle { name });
        }
        let publication = typeset::set(&edition.manuscript(), &style, edition.pictures(), &limits)?;
        for warning in &publication.warnings {
            console.warn(&format!("{name}: {}", warning.message));
        }
        output.write_whole(&pdf::write(&publication, &options)?)?;
        console.detail(&format!("{articles} articles, {} pages, style {}", publication.sheets.len(), style.name));
        Ok(if edition.failures.is_empty() { Outcome::Done } else { Outcome::Findings })
    }
}

fn progress(articles: usize, console: &Console) -> ProgressBar {
    if !console.shows_progress() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} articles")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(articles as u64).with_style(style)
}

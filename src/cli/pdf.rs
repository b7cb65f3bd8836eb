//! `clearprint pdf`: one article as a PDF.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::outcome::Outcome;
use super::output::{Content, Output, keeps_promise};
use super::print;
use crate::options::{PageArgs, PdfArgs, PrintArgs, icc_profile};
use crate::pdf::Conformance;
use crate::theme::PrintStyle;
use crate::{Result, pdf};

/// Make a tagged, print-ready PDF of an article
///
/// INPUT is a page of HTML, Article JSON (.json) or Markdown (.md).
#[derive(Args, Debug)]
pub(crate) struct Pdf {
    #[command(flatten)]
    page: PageArgs,

    #[command(flatten)]
    print: PrintArgs,

    #[command(flatten)]
    pdf: PdfArgs,

    /// ICC profile of the press, for --conform x4
    #[arg(long, value_name = "FILE")]
    icc: Option<PathBuf>,

    /// Where the PDF goes; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Pdf {
    pub(crate) fn run(self, console: &Console) -> Result<Outcome> {
        keeps_promise(self.output.as_deref(), "PDF")?;
        self.page.spared_by(self.output.as_deref())?;
        let style = self.print.style_from(PrintStyle::find)?;
        let mut options = self.pdf.options(&style);
        options.icc = self.icc.as_deref().map(icc_profile).transpose()?;
        let output = Output::create(self.output.as_deref(), Content::Binary("a PDF"))?;
        let (publication, page, told) = print::publication(&self.page, &style, console)?;
        let name = page.name.clone();
        if options.conformance == Conformance::A3a {
            options.attachment = Some(print::attachment(page));
        }
        let bytes = pdf::write(&publication, &options)?;
        output.write_whole(&bytes)?;
        self.page.tell(&name, &told, console, || print::inventory(&bytes, &style))?;
        console.detail(&format!("{} pages, {} bytes, style {}", publication.sheets.len(), bytes.len(), style.name));
        Ok(Outcome::Done)
    }
}

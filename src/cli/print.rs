//! From a page to sheets: what `pdf`, `preview` and the service share.

use std::fmt::Display;

use serde::Serialize;

use super::console::Console;
use super::output::{Content, Output};
use crate::article::{Account, Extraction, Format};
use crate::clean::Inventory;
use crate::options::{PageArgs, typeset_article};
use crate::pdf::Attachment;
use crate::sheet::Publication;
use crate::source::Page;
use crate::theme::{Images, PrintStyle};
use crate::{Result, check};

/// Reads the page of a command, finds its article, fetches its pictures and sets it.
pub(super) fn publication(
    args: &PageArgs,
    style: &PrintStyle,
    console: &Console,
) -> Result<(Publication, Page, Extraction)> {
    let limits = args.limits.limits();
    let page = args.read()?;
    let site = super::page::site_of(&args.site, console)?;
    let told = args.article(&page, site.as_deref(), console)?;
    let article = &told.article;
    let mut pictures = args.pictures(&page);
    if style.images != Images::Hide {
        pictures.fetch(&article.picture_sources(), &limits)?;
    }
    let publication = typeset_article(article, style, &pictures, &limits)?;
    for warning in &publication.warnings {
        console.warn(&format!("{}: {}", page.name, warning.message));
    }
    Ok((publication, page, told))
}

impl PageArgs {
    /// Writes the receipt of an article, where one was asked for; `made` reads back what was made of it.
    ///
    /// # Errors
    /// As `made`, and [`Self::hand_out`].
    pub(super) fn tell(
        &self,
        name: &str,
        told: &Extraction,
        console: &Console,
        made: impl FnOnce() -> Result<Inventory>,
    ) -> Result<()> {
        if self.receipt.is_none() {
            return Ok(());
        }
        let account = Account::new(name, told, &made()?);
        self.hand_out(name, &account, &account.receipt.lost, console)
    }

    /// Writes a receipt, and says on the console what a person has to know of it.
    ///
    /// # Errors
    /// [`crate::Error::Output`]: the file cannot be written.
    pub(super) fn hand_out(
        &self,
        name: &str,
        receipt: &(impl Serialize + Display),
        lost: &[String],
        console: &Console,
    ) -> Result<()> {
        for line in receipt.to_string().lines() {
            console.detail(&line);
        }
        for loss in lost {
            console.warn(&format!("{name}: lost {loss}"));
        }
        if let Some(file) = &self.receipt {
            let json = serde_json::to_string_pretty(receipt).unwrap_or_default() + "\n";
            Output::create(Some(file), Content::Text)?.write_whole(json.as_bytes())?;
        }
        Ok(())
    }
}

/// What a PDF of that style says, to be held against the article: it has no pictures where the style hides them.
///
/// # Errors
/// As [`check::inventory`].
pub(super) fn inventory(pdf: &[u8], style: &PrintStyle) -> Result<Inventory> {
    let said = check::inventory(pdf, &crate::Limits::default())?;
    Ok(if style.images == Images::Hide { Inventory { images: None, ..said } } else { said })
}

/// The source of a PDF, to be carried in it.
pub(super) fn attachment(page: Page) -> Attachment {
    let (name, media_type) = match Format::of(&page) {
        Format::Html => ("source.html", "text/html"),
        Format::Json => ("source.json", "application/json"),
        Format::Markdown => ("source.md", "text/markdown"),
        Format::Text => ("source.txt", "text/plain"),
    };
    Attachment { name: name.into(), media_type: media_type.into(), data: page.bytes.into() }
}

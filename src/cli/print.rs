//! From a page to sheets: what `pdf`, `preview` and the service share.

use super::args::PageArgs;
use super::console::Console;
use crate::article::{Article, Format};
use crate::pdf::Attachment;
use crate::source::{Page, PictureSource, Pictures};
use crate::theme::{Images, PrintStyle};
use crate::typeset::{self, Manuscript, Publication};
use crate::{Limits, Result};

pub(crate) use crate::article::read as read_article;

/// Reads the page of a command, finds its article, fetches its pictures and sets it.
pub(super) fn publication(args: &PageArgs, style: &PrintStyle, console: &Console) -> Result<(Publication, Page)> {
    let limits = args.limits.limits();
    let page = args.read()?;
    let site = args.site(console)?;
    let article = read_article(&page, args.charset(site.as_deref())?, args.lang.as_deref(), site.as_deref(), &limits)?;
    let mut pictures = Pictures::beside(args.file().as_deref(), &limits);
    if style.images != Images::Hide {
        pictures.fetch(&article.picture_sources(), &limits)?;
    }
    let publication = typeset_article(&article, style, &pictures, &limits)?;
    for warning in &publication.warnings {
        console.warn(&format!("{}: {}", page.name, warning.message));
    }
    Ok((publication, page))
}

/// The source of a PDF, to be carried in it.
pub(super) fn attachment(page: Page) -> Attachment {
    let (name, media_type) = match Format::of(&page) {
        Format::Html => ("source.html", "text/html"),
        Format::Json => ("source.json", "application/json"),
        Format::Markdown => ("source.md", "text/markdown"),
    };
    Attachment { name: name.into(), media_type: media_type.into(), data: page.bytes.into() }
}

/// Sets one article.
///
/// # Errors
/// As [`typeset::set`].
pub(crate) fn typeset_article(
    article: &Article,
    style: &PrintStyle,
    pictures: &dyn PictureSource,
    limits: &Limits,
) -> Result<Publication> {
    typeset::set(&Manuscript::Article(article), style, pictures, limits)
}

//! From a page to sheets: what `pdf`, `preview` and the service share.

use encoding_rs::Encoding;

use super::args::PageArgs;
use super::console::Console;
use crate::article::{self, Article, FindOptions};
use crate::clean::SiteProfile;
use crate::pdf::Attachment;
use crate::source::{Page, PictureSource, Pictures};
use crate::theme::{Images, PrintStyle};
use crate::typeset::{self, Manuscript, Publication};
use crate::{Limits, Result};

/// What an INPUT of the document way may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A page.
    Html,
    /// What `article --format json` writes.
    Json,
    /// Markdown.
    Markdown,
}

impl Format {
    /// By the media type, else by the name's ending, else HTML.
    pub(super) fn of(page: &Page) -> Self {
        let essence = page.content_type.as_deref().and_then(|t| t.split(';').next()).unwrap_or("").trim();
        let ending = page.name.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
        match (essence, ending.as_str()) {
            ("application/json", _) | ("", "json") => Self::Json,
            ("text/markdown", _) | ("", "md" | "markdown") => Self::Markdown,
            _ => Self::Html,
        }
    }
}

/// Reads the article of a page, whatever the page is written in.
///
/// # Errors
/// As [`article::find`], [`Article::from_json`] and [`Article::from_markdown`].
pub(crate) fn read_article(
    page: &Page,
    charset: Option<&'static Encoding>,
    lang: Option<&str>,
    profile: Option<&SiteProfile>,
    limits: &Limits,
) -> Result<Article> {
    let mut article = match Format::of(page) {
        Format::Json => Article::from_json(&page.decode(charset).text, &page.name)?,
        Format::Markdown => Article::from_markdown(&page.decode(charset).text, &page.name)?,
        Format::Html => {
            crate::source::refuse_other_formats(&page.name, &page.bytes)?;
            let options = FindOptions { name: &page.name, url: page.url.as_ref(), lang, profile, limits };
            article::find(&page.decode(charset).text, &options)?
        }
    };
    if let Some(lang) = lang {
        lang.clone_into(&mut article.lang);
    }
    Ok(article)
}

/// Reads the page of a command, finds its article, fetches its pictures and sets it.
pub(super) fn publication(args: &PageArgs, style: &PrintStyle, console: &Console) -> Result<(Publication, Page)> {
    let limits = args.limits.limits();
    let page = args.read()?;
    let profile = args.profile()?;
    let article =
        read_article(&page, args.charset(profile.as_ref())?, args.lang.as_deref(), profile.as_ref(), &limits)?;
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

//! An article from whatever it is written in: a page of HTML, Article JSON, Markdown.

use encoding_rs::Encoding;

use super::{Article, FindOptions, find};
use crate::clean::Site;
use crate::source::{Page, refuse_other_formats};
use crate::{Limits, Result};

/// What a page of the document way may be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// HTML.
    Html,
    /// What `article --format json` writes.
    Json,
    /// Markdown.
    Markdown,
}

impl Format {
    /// By the media type, else by the name's ending, else HTML.
    pub fn of(page: &Page) -> Self {
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
/// As [`find`], [`Article::from_json`] and [`Article::from_markdown`].
pub fn read(
    page: &Page,
    charset: Option<&'static Encoding>,
    lang: Option<&str>,
    site: Option<&Site>,
    limits: &Limits,
) -> Result<Article> {
    let mut article = match Format::of(page) {
        Format::Json => Article::from_json(&page.decode(charset).text, &page.name)?,
        Format::Markdown => Article::from_markdown(&page.decode(charset).text, &page.name)?,
        Format::Html => {
            refuse_other_formats(&page.name, &page.bytes)?;
            let options = FindOptions { name: &page.name, url: page.url.as_ref(), lang, site, limits };
            find(&page.decode(charset).text, &options)?
        }
    };
    if let Some(lang) = lang {
        lang.clone_into(&mut article.lang);
    }
    Ok(article)
}

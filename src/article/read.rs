//! An article from whatever it is written in: a page of HTML, Article JSON, Markdown.

use encoding_rs::Encoding;

use super::explain::Found;
use super::extraction::Extraction;
use super::find::{find, find_explained};
use super::model::Article;
use super::options::FindOptions;
use crate::clean::Site;
use crate::source::{Page, refuse_other_formats};
use crate::{Error, Limits, Result};

/// What a page of the document way may be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// HTML.
    Html,
    /// What `article --format json` writes.
    Json,
    /// Markdown.
    Markdown,
    /// Text without any markup.
    Text,
}

impl Format {
    /// By the media type, else by the name's ending, else by the first bytes. What is called plain text and holds tags is
    /// HTML.
    pub fn of(page: &Page) -> Self {
        let essence = page.content_type.as_deref().and_then(|t| t.split(';').next()).unwrap_or("").trim();
        let ending = page.name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        match (essence, ending.as_str()) {
            ("application/json", _) | ("", "json") => Self::Json,
            ("text/markdown", _) | ("", "md" | "markdown") => Self::Markdown,
            ("text/plain", _) | ("", "txt" | "text") if !has_tags(&page.bytes) => Self::Text,
            ("", _) if !ending.contains("htm") => Self::of_bytes(&page.bytes),
            _ => Self::Html,
        }
    }

    /// By the first bytes alone.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        if start.starts_with(b"{") && serde_json::from_slice::<serde::de::IgnoredAny>(start).is_ok() {
            Self::Json
        } else if has_tags(start) {
            Self::Html
        } else if start.starts_with(b"# ") || memchr::memmem::find(start, b"\n# ").is_some() {
            Self::Markdown
        } else {
            Self::Text
        }
    }
}

/// Whether bytes hold anything that a reader of HTML takes for markup.
pub(crate) fn has_tags(bytes: &[u8]) -> bool {
    // In UTF-16 every character of a tag has a zero beside it, which no text in another charset has.
    let wide = bytes.iter().take(64).filter(|b| **b == 0).count() > 8;
    let opens = |at: usize| bytes.get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() || b"!/?".contains(b));
    wide || memchr::memchr_iter(b'<', bytes).any(opens)
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
    read_with(page, charset, lang, site, limits, |html, options| find(html, options).map(Extraction::of))
        .map(|told| told.article)
}

/// As [`read`], with what was left out.
///
/// # Errors
/// As [`read`].
pub fn read_extraction(
    page: &Page,
    charset: Option<&'static Encoding>,
    lang: Option<&str>,
    site: Option<&Site>,
    limits: &Limits,
) -> Result<Extraction> {
    read_with(page, charset, lang, site, limits, |html, options| {
        find_explained(html, options).map(|Found { article, removed, lost, .. }| Extraction {
            removed,
            lost,
            ..Extraction::of(article)
        })
    })
}

fn read_with(
    page: &Page,
    charset: Option<&'static Encoding>,
    lang: Option<&str>,
    site: Option<&Site>,
    limits: &Limits,
    find: impl FnOnce(&str, &FindOptions) -> Result<Extraction>,
) -> Result<Extraction> {
    let mut told = match Format::of(page) {
        Format::Json => written(Article::from_json(&page.decode(charset).text, &page.name)?, page)?,
        Format::Markdown => written(Article::from_markdown(&page.decode(charset).text, &page.name)?, page)?,
        Format::Text => {
            refuse_other_formats(&page.name, &page.bytes)?;
            written(Article::from_text(&page.decode(charset).text, &page.name)?, page)?
        }
        Format::Html => {
            refuse_other_formats(&page.name, &page.bytes)?;
            let options = FindOptions { name: &page.name, url: page.url.as_ref(), lang, site, limits };
            find(&page.decode(charset).text, &options)?
        }
    };
    if let Some(lang) = lang {
        lang.clone_into(&mut told.article.lang);
    }
    Ok(told)
}

/// What was an article already, unless it says nothing: an empty sheet is no print of it.
fn written(article: Article, page: &Page) -> Result<Extraction> {
    if article.title.trim().is_empty() && article.blocks.is_empty() {
        return Err(Error::NoArticle { name: page.name.clone() });
    }
    Ok(Extraction::of(article))
}

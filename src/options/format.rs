//! The forms of an article.

use clap::ValueEnum;

use crate::article::Article;
use crate::clean::Inventory;
use crate::{Limits, Result, rewrite};

/// Forms that an article is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ArticleFormat {
    /// The whole model with its metadata.
    Json,
    /// A page of its own.
    Html,
    /// CommonMark with tables.
    Markdown,
    /// Plain text: headline, deck, byline and body, a blank line between blocks.
    #[default]
    Text,
}

impl ArticleFormat {
    /// The article in this form, and the form's media type.
    pub(crate) fn export(self, article: &Article) -> (String, &'static str) {
        match self {
            Self::Json => (article.to_json(), "application/json"),
            Self::Html => (article.to_html(), "text/html; charset=utf-8"),
            Self::Markdown => (article.to_markdown(), "text/markdown; charset=utf-8"),
            Self::Text => (article.to_whole_text(), "text/plain; charset=utf-8"),
        }
    }

    /// How messages call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Html => "HTML",
            Self::Markdown => "Markdown",
            Self::Text => "text",
        }
    }

    /// What an export says and holds, read back from it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn inventory(self, text: &str, limits: &Limits) -> Result<Inventory> {
        Ok(match self {
            Self::Json => Article::from_json(text, "the article")?.inventory(),
            Self::Html => rewrite::inventory(text, limits)?,
            Self::Markdown => Article::from_markdown(text, "the article")?.inventory(),
            Self::Text => Inventory { text: text.to_owned(), ..Inventory::default() },
        })
    }
}

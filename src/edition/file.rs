//! The edition file: what an editor writes.

use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use crate::{Error, Result};

/// An edition as its file has it: titles, and sections of articles by path or address.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditionFile {
    /// Name of the publication.
    pub title: String,
    /// Number or name of the issue: «№ 46 (12 345)».
    pub issue: Option<String>,
    /// Date of the issue.
    pub date: Option<toml::value::Datetime>,
    /// Language of the edition, a BCP 47 tag.
    pub lang: String,
    /// Print style where the command names none.
    pub style: Option<String>,
    /// Whether there is a table of contents.
    #[serde(default = "yes")]
    pub contents: bool,
    /// Sections in order.
    #[serde(default, rename = "section")]
    pub sections: Vec<SectionEntry>,
}

/// A section of an edition.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionEntry {
    /// Its title.
    pub title: String,
    /// Its articles in order.
    #[serde(default, rename = "article")]
    pub articles: Vec<ArticleEntry>,
}

/// An article of an edition.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArticleEntry {
    /// A path, relative to the edition file, or an address.
    pub source: Spanned<String>,
    /// The editor's headline instead of the page's.
    pub headline: Option<String>,
    /// The editor's byline instead of the page's.
    pub byline: Option<String>,
}

fn yes() -> bool {
    true
}

impl EditionFile {
    /// Reads the file's text; `name` is for messages.
    ///
    /// # Errors
    /// [`Error::Usage`] that names the key and the line.
    pub fn parse(text: &str, name: &str) -> Result<Self> {
        let file: Self = toml::from_str(text).map_err(|e| Error::toml(name, text, &e))?;
        if file.sections.iter().all(|s| s.articles.is_empty()) {
            return Err(Error::Usage(format!("{name}: there are no articles; add [[section.article]] with a source")));
        }
        Ok(file)
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// [`Error::Input`] when it cannot be read; as [`EditionFile::parse`].
    pub fn read(path: &Path) -> Result<(Self, String)> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|e| crate::source::cannot_read(&name, &e))?;
        Ok((Self::parse(&text, &name)?, text))
    }
}

/// The line, counted from 1, in which a place of `text` lies.
pub fn line_of(text: &str, place: &Range<usize>) -> usize {
    text.as_bytes()[..place.start.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDITION: &str = r#"
title = "Знамя района"
issue = "№ 46 (12 345)"
date  = 2026-11-23
lang  = "ru"

[[section]]
title = "Общество"
[[section.article]]
source = "pages/fabrika.html"
[[section.article]]
source = "https://example.ru/news/2"
headline = "Мост открыт"
"#;

    #[test]
    fn an_edition_is_read() {
        let file = EditionFile::parse(EDITION, "edition.toml").expect("it is right");
        assert_eq!(file.title, "Знамя района");
        let sources: Vec<_> = file.sections[0].articles.iter().map(|a| a.source.get_ref().as_str()).collect();
        assert_eq!(sources, ["pages/fabrika.html", "https://example.ru/news/2"]);
        assert_eq!(line_of(EDITION, &file.sections[0].articles[1].source.span()), 12);
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let wrong = EDITION.replace("headline", "headlin");
        let error = EditionFile::parse(&wrong, "e.toml").expect_err("an unknown key").to_string();
        assert!(error.starts_with("e.toml: line 13: unknown field `headlin`"), "{error}");
        let empty = "title = 'A'\nlang = 'en'\n";
        assert!(EditionFile::parse(empty, "e.toml").is_err());
    }
}

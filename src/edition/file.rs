//! The edition file: what an editor writes.

use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use crate::typeset::{Place, Weight};
use crate::{Error, Result};

/// An edition as its file has it: titles, and sections of articles by path, address or feed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EditionFile {
    /// Name of the publication.
    pub title: String,
    /// Line under the name: «Газета Староозёрского района».
    pub subtitle: Option<String>,
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
    /// Whether every article begins on a new page, or none; else as the style has it.
    pub new_pages: Option<bool>,
    /// Whether each article ends with a QR code that leads to its web page.
    #[serde(default)]
    pub qr: bool,
    /// Where the accessible versions of the pages are, for a second QR code: a prefix of addresses of the same site
    /// (`https://www.example.ru/lv`), or an address with `{url}` in it for that of the page.
    pub accessible: Option<String>,
    /// Whether pages say where an article goes on and where it began.
    #[serde(default)]
    pub continued: bool,
    /// Who made the edition: printed at its end, a line a line.
    pub imprint: Option<String>,
    /// How many pages the edition should have, where the style makes them up; else as many as it takes.
    pub pages: Option<u16>,
    /// Sections in order.
    #[serde(default, rename = "section")]
    pub sections: Vec<SectionEntry>,
    /// Advertisements and announcements, where the style makes pages up.
    #[serde(default, rename = "notice")]
    pub notices: Vec<NoticeEntry>,
}

/// A box of a size of its own: an advertisement, an announcement.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NoticeEntry {
    /// Its text, a paragraph a line; the first of several lines is larger.
    pub text: Option<Spanned<String>>,
    /// Its picture: a path, relative to the edition file, or an address.
    pub picture: Option<Spanned<String>>,
    /// Description of that picture for those who do not see it.
    pub alt: Option<String>,
    /// Over how many columns it goes.
    #[serde(default = "one")]
    pub columns: u8,
    /// Height in millimetres; without one as high as what is in it.
    pub height: Option<f32>,
    /// The page, counted from 1; without one where it has room.
    pub page: Option<u16>,
    /// Stands only where nothing else fills a page.
    #[serde(default)]
    pub filler: bool,
}

impl NoticeEntry {
    /// Where in the file it is.
    pub(super) fn place(&self) -> Range<usize> {
        self.text.as_ref().or(self.picture.as_ref()).map_or(0..0, Spanned::span)
    }
}

/// A section of an edition.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SectionEntry {
    /// Its title; without one its articles stand directly under the masthead.
    #[serde(default)]
    pub title: String,
    /// Its articles in order.
    #[serde(default, rename = "article")]
    pub articles: Vec<ArticleEntry>,
    /// Feeds whose articles follow those.
    #[serde(default, rename = "feed")]
    pub feeds: Vec<FeedEntry>,
}

/// An article of an edition.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ArticleEntry {
    /// A path, relative to the edition file, or an address. Pages of HTML, Article JSON and Markdown are read.
    pub source: Spanned<String>,
    /// The editor's headline instead of the page's.
    pub headline: Option<String>,
    /// The editor's byline instead of the page's.
    pub byline: Option<String>,
    /// A picture of the editor's instead of the page's first: a path, relative to the edition file, or an address.
    pub picture: Option<String>,
    /// Caption of that picture.
    pub caption: Option<String>,
    /// Description of that picture for those who do not see it.
    pub alt: Option<String>,
    /// How much room the article is given.
    #[serde(default)]
    pub weight: Weight,
    /// Charset of the page, against its labels and its bytes.
    pub charset: Option<String>,
    /// The page that it stands on, counted from 1, where the style makes pages up; so the keys below.
    pub page: Option<u16>,
    /// Over how many columns it goes.
    pub columns: Option<u8>,
    /// Where on its page it stands.
    pub place: Option<Place>,
    /// What stands above the headline instead of the section's name.
    pub kicker: Option<String>,
    /// The headline in few words, for the page on which it goes on and for the contents.
    pub short: Option<String>,
    /// A sentence or two below the headline.
    pub deck: Option<String>,
    /// Whether it must not go on on another page.
    #[serde(default)]
    pub whole: bool,
    /// Whether bars set it off from its neighbours.
    #[serde(default, rename = "box")]
    pub boxed: bool,
}

/// A feed, RSS or Atom, whose entries become articles.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FeedEntry {
    /// A path, relative to the edition file, or an address.
    pub url: Spanned<String>,
    /// How many entries are taken, from the top.
    #[serde(default = "ten")]
    pub take: usize,
    /// Only entries of this day or later; those without a date are taken.
    pub since: Option<toml::value::Datetime>,
    /// How much room each article is given.
    #[serde(default)]
    pub weight: Weight,
}

fn yes() -> bool {
    true
}

fn one() -> u8 {
    1
}

fn ten() -> usize {
    10
}

impl EditionFile {
    /// Reads the file's text; `name` is for messages.
    ///
    /// # Errors
    /// [`Error::Usage`] that names the key and the line.
    pub fn parse(text: &str, name: &str) -> Result<Self> {
        let file: Self = toml::from_str(text).map_err(|e| Error::toml(name, text, &e))?;
        if file.sections.iter().all(|s| s.articles.is_empty() && s.feeds.is_empty()) {
            return Err(Error::Usage(format!("{name}: there are no articles; add [[section.article]] with a source")));
        }
        for article in file.sections.iter().flat_map(|s| &s.articles) {
            let line = line_of(text, &article.source.span());
            if article.picture.is_none() && (article.caption.is_some() || article.alt.is_some()) {
                return Err(Error::Usage(format!(
                    "{name}: line {line}: caption and alt belong to a picture of your own; add picture, or take them out"
                )));
            }
            if let Some(label) =
                article.charset.as_deref().filter(|l| encoding_rs::Encoding::for_label(l.as_bytes()).is_none())
            {
                return Err(Error::Usage(format!(
                    "{name}: line {line}: no charset is called {label:?}; try utf-8, windows-1251, koi8-r or ibm866"
                )));
            }
        }
        for notice in &file.notices {
            let line = line_of(text, &notice.place());
            if notice.text.is_none() && notice.picture.is_none() {
                return Err(Error::Usage(format!("{name}: a [[notice]] is empty; give it text or a picture")));
            }
            if notice.picture.is_some() && notice.alt.is_none() {
                return Err(Error::Usage(format!(
                    "{name}: line {line}: the picture of a notice has no alt; say what it shows, for those who do not see it"
                )));
            }
            if notice.height.is_some_and(|height| !(5.0..=1_000.0).contains(&height)) {
                return Err(Error::Usage(format!("{name}: line {line}: the height of a notice is 5 to 1000 mm")));
            }
        }
        if file.pages == Some(0) {
            return Err(Error::Usage(format!("{name}: pages = 0; an edition has one page at least")));
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

//! What is set: one article, or an edition of many.

use serde::Deserialize;

use crate::article::Article;

/// The text of a publication, in its order.
#[derive(Clone, Debug)]
pub enum Manuscript<'a> {
    /// One article.
    Article(&'a Article),
    /// An edition: a masthead, the contents, sections of articles.
    Edition(Edition<'a>),
}

/// Many articles under one masthead.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Edition<'a> {
    /// Its name: «Знамя района».
    pub title: String,
    /// Line under its name.
    pub subtitle: Option<String>,
    /// Its issue: «№ 46 (12 345)».
    pub issue: Option<String>,
    /// Its date: a calendar date, or words.
    pub date: Option<String>,
    /// Its language, a BCP 47 tag.
    pub lang: String,
    /// Whether the contents with page numbers follow the masthead.
    pub contents: bool,
    /// Whether every article begins on a new page, or none; without a word of it as the style has it.
    pub new_pages: Option<bool>,
    /// Whether each article ends with a QR code of its address.
    pub qr: bool,
    /// Where accessible versions of the articles are, for a QR code of their own: a prefix of addresses of the same
    /// site, or an address with `{url}` in it for that of the page.
    pub accessible: Option<String>,
    /// Whether pages say where an article goes on and where it began.
    pub continued: bool,
    /// Who made it, a line a line; stands at the end.
    pub imprint: Option<String>,
    /// Its sections in order.
    pub sections: Vec<Section<'a>>,
}

/// A section of an edition.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Section<'a> {
    /// Its title; without one its articles stand directly under the masthead.
    pub title: Option<String>,
    /// Its articles in order.
    pub articles: Vec<Story<'a>>,
}

/// An article in its place in an edition.
#[derive(Clone, Copy, Debug)]
pub struct Story<'a> {
    /// The article.
    pub article: &'a Article,
    /// How much room it is given.
    pub weight: Weight,
}

impl<'a> From<&'a Article> for Story<'a> {
    fn from(article: &'a Article) -> Self {
        Self { article, weight: Weight::Normal }
    }
}

/// How much room an article is given in an edition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// The largest headline.
    Lead,
    /// A headline over all columns.
    #[default]
    Normal,
    /// A small headline in the column.
    Brief,
}

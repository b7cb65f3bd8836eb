//! What is set: one article, or an edition of many.

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
pub struct Edition<'a> {
    /// Its name: «Знамя района».
    pub title: String,
    /// Its issue: «№ 46 (12 345)».
    pub issue: Option<String>,
    /// Its date: a calendar date, or words.
    pub date: Option<String>,
    /// Its language, a BCP 47 tag.
    pub lang: String,
    /// Whether the contents with page numbers follow the masthead.
    pub contents: bool,
    /// Its sections in order.
    pub sections: Vec<Section<'a>>,
}

/// A section of an edition.
#[derive(Clone, Debug, Default)]
pub struct Section<'a> {
    /// Its title; without one its articles stand directly under the masthead.
    pub title: Option<String>,
    /// Its articles in order.
    pub articles: Vec<&'a Article>,
}

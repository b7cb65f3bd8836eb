//! What is set: one article, or an edition of many.

use serde::Deserialize;

use crate::article::{Article, Block};

/// The text of a publication, in its order.
// There is one of them in a run.
#[allow(clippy::large_enum_variant)]
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
    /// Advertisements and announcements.
    pub notices: Vec<Notice>,
    /// How many pages it should have, where pages are made up.
    pub pages: Option<u16>,
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
    /// What an editor wants of its place, where pages are made up.
    pub wishes: Wishes<'a>,
}

/// What an editor wants of an article's place. The page maker finds what is left open, and says what cannot be had.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Wishes<'a> {
    /// The page, counted from 1.
    pub page: Option<u16>,
    /// Over how many columns it goes.
    pub columns: Option<u8>,
    /// Where on its page it stands.
    pub place: Option<Place>,
    /// What stands above the headline instead of the section's name.
    pub kicker: Option<&'a str>,
    /// The headline in few words, for the page on which it goes on and for the contents.
    pub short: Option<&'a str>,
    /// A sentence or two below the headline.
    pub deck: Option<&'a str>,
    /// It does not go on on another page.
    pub whole: bool,
    /// Set off from its neighbours by bars.
    pub boxed: bool,
}

/// Where on its page an article stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Place {
    /// With the largest headline of the page.
    Lead,
    /// At the upper edge.
    Top,
    /// At the lower edge.
    Bottom,
    /// In one column.
    Column,
}

/// An advertisement or an announcement: a box of a size of its own.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Notice {
    /// Its text, a paragraph a line; the first line larger.
    pub text: Option<String>,
    /// Its picture.
    pub picture: Option<crate::article::Image>,
    /// Over how many columns it goes.
    pub columns: u8,
    /// Its height in millimetres; without one as high as what is in it.
    pub height: Option<f32>,
    /// The page, counted from 1.
    pub page: Option<u16>,
    /// Stands only where nothing else fills a page.
    pub filler: bool,
}

impl<'a> From<&'a Article> for Story<'a> {
    fn from(article: &'a Article) -> Self {
        Self { article, weight: Weight::Normal, wishes: Wishes::default() }
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

/// A language tag for the document: one that says nothing is left as `und`.
pub(in crate::typeset) fn language(tag: &str) -> String {
    let tag = tag.trim();
    if tag.is_empty() { "und".to_owned() } else { tag.replace('_', "-") }
}

/// Whether any picture stands among the blocks.
pub(in crate::typeset) fn has_figure(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| match block {
        Block::Figure { .. } => true,
        Block::Quote { blocks, .. } | Block::Details { blocks, .. } => has_figure(blocks),
        Block::List { items, .. } => items.iter().any(|item| has_figure(item)),
        Block::Definitions { items } => items.iter().flat_map(|item| &item.definitions).any(|said| has_figure(said)),
        Block::Table(table) => table.rows.iter().flatten().any(|cell| has_figure(&cell.blocks)),
        _ => false,
    })
}

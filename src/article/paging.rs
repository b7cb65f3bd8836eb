//! Articles that go on on further pages, and other versions of an article.
//!
//! A page says in `rel=next` where it goes on. Some sites mean the next article by that, so the next page is taken only
//! when it lies on the same origin and has the same headline. Whether pages may be fetched at all is the caller's to
//! say: it brings the way of fetching.

use encoding_rs::Encoding;
use url::{Origin, Url};

use super::account;
use super::convert::letters;
use super::explain::Found;
use super::extraction::{Extraction, FurtherPage};
use super::find::find_with_versions;
use super::model::{Block, Inline};
use super::options::FindOptions;
use super::read::{Format, read, read_extraction};
use super::versions::{Version, Versions};
use crate::clean::{Removal, Site};
use crate::limits::Limit;
use crate::source::{Page, refuse_other_formats};
use crate::{Error, Limits, Result};

/// Pages of one article that are read unless told otherwise.
pub const MOST_PAGES: usize = 20;

/// How further pages are read.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Reading<'a> {
    /// Charset where the user knows better.
    pub charset: Option<&'static Encoding>,
    /// Language where the user knows better.
    pub lang: Option<&'a str>,
    /// What the user knows of the site.
    pub site: Option<&'a Site>,
    /// Bounds on each page.
    pub limits: &'a Limits,
    /// A version to read instead of the page, where the page names one.
    pub prefer: Option<Version>,
    /// Pages that one article may have.
    pub most: usize,
    /// Whether to tell what of each page was left out.
    pub told: bool,
}

impl<'a> Reading<'a> {
    /// As pages are read of which nothing is known: no other version, at most [`MOST_PAGES`].
    pub fn new(limits: &'a Limits) -> Self {
        Self { charset: None, lang: None, site: None, limits, prefer: None, most: MOST_PAGES, told: false }
    }
}

/// Reads an article with all its pages; `fetch` gets each after the first, and only from the first one's origin.
///
/// # Errors
///
/// As [`super::find`] for the first page; [`Error::Limit`] when there are more pages than [`Reading::most`]; what
/// `fetch` says, since an article without its end would look whole.
pub fn read_pages(first: &Page, reading: &Reading, mut fetch: impl FnMut(&Url) -> Result<Page>) -> Result<Extraction> {
    let mut pages = Pages::begin(first, reading)?;
    while let Some(url) = pages.wanted() {
        let page = fetch(url)?;
        pages.give(&page, reading)?;
    }
    Ok(pages.extraction())
}

/// An article that is read page by page, for whom fetching is not a matter of one call: while a page is
/// [wanted](Self::wanted), it has to be [given](Self::give).
#[derive(Debug)]
pub struct Pages {
    told: Extraction,
    name: String,
    origin: Option<Origin>,
    seen: Vec<Url>,
    read: usize,
    wanted: Option<Wanted>,
}

#[derive(Debug)]
enum Wanted {
    /// A version to read instead of the first page, and the page after that.
    Version(Url, Option<Url>),
    Next(Url),
}

impl Pages {
    /// Reads the first page.
    ///
    /// # Errors
    ///
    /// As [`super::find`].
    pub fn begin(first: &Page, reading: &Reading) -> Result<Pages> {
        let origin = first.url.as_ref().map(Url::origin).filter(|_| Format::of(first) == Format::Html);
        let (told, versions) = match origin {
            Some(_) => {
                let (_, found, versions) = part(first, reading)?;
                (Extraction { removed: found.removed, lost: found.lost, ..Extraction::of(found.article) }, versions)
            }
            None if reading.told => {
                let told = read_extraction(first, reading.charset, reading.lang, reading.site, reading.limits)?;
                (told, Versions::default())
            }
            None => {
                let article = read(first, reading.charset, reading.lang, reading.site, reading.limits)?;
                (Extraction::of(article), Versions::default())
            }
        };
        let seen = first.url.iter().cloned().collect();
        let mut pages = Pages { told, name: first.name.clone(), origin, seen, read: 1, wanted: None };
        let preferred = reading.prefer.and_then(|version| versions.of(version)).filter(|url| pages.is_ours(url));
        match preferred.cloned() {
            Some(url) => pages.wanted = Some(Wanted::Version(url, versions.next)),
            None => pages.want_next(versions.next),
        }
        Ok(pages)
    }

    /// The page to fetch next, always of the first one's origin.
    pub fn wanted(&self) -> Option<&Url> {
        match self.wanted.as_ref()? {
            Wanted::Version(url, _) | Wanted::Next(url) => Some(url),
        }
    }

    /// Takes the page that was wanted.
    ///
    /// # Errors
    ///
    /// As [`super::find`]; [`Error::Limit`] when there are more pages than [`Reading::most`].
    pub fn give(&mut self, page: &Page, reading: &Reading) -> Result<()> {
        match self.wanted.take() {
            None => Ok(()),
            Some(Wanted::Version(url, after)) => {
                let (_, found, versions) = part(page, reading)?;
                self.read_instead(&url, found, reading.told);
                self.want_next(versions.next.or(after));
                Ok(())
            }
            Some(Wanted::Next(url)) => {
                let source = url.to_string();
                self.seen.push(url);
                if page.url.as_ref().is_some_and(|url| !self.is_ours(url)) {
                    return Ok(());
                }
                let (html, more, versions) = match part(page, reading) {
                    Ok(part) => part,
                    Err(Error::NoArticle { .. }) => return Ok(()),
                    Err(error) => return Err(error),
                };
                if !same_headline(&self.told.article.title, &more.article.title) {
                    return Ok(());
                }
                if self.read >= reading.most {
                    let (name, what) = (self.name.clone(), "the number of pages of the article".to_owned());
                    return Err(Error::Limit {
                        name,
                        what,
                        most: reading.most.to_string(),
                        limit: Limit::FurtherPages,
                    });
                }
                self.read += 1;
                self.told.lost.extend(more.lost);
                let mut blocks = more.article.blocks;
                // What reads like a deck on a further page is its first paragraph, or the first page's again.
                let is_same = more.article.deck == self.told.article.deck;
                let deck =
                    more.article.deck.map(|deck| Block::Paragraph { content: vec![Inline::Text(deck)], lang: None });
                if !is_same {
                    blocks.splice(0..0, deck.clone());
                }
                let mut again = append(&mut self.told.article.blocks, blocks);
                again.extend(deck.filter(|_| is_same));
                if reading.told {
                    let again = again.iter().map(|block| account::repeated(&html, block));
                    let removed = more.removed.into_iter().chain(again).collect();
                    self.told.further.push(FurtherPage::new(source, removed));
                }
                self.want_next(versions.next);
                Ok(())
            }
        }
    }

    /// What has been read.
    pub fn extraction(self) -> Extraction {
        self.told
    }

    /// Takes another version of the article for that of the first page, of which nothing is kept then but its address.
    fn read_instead(&mut self, address: &Url, found: Found, told: bool) {
        let first = std::mem::replace(&mut self.told, Extraction { lost: found.lost, ..Extraction::of(found.article) });
        if told {
            let words = first.removed.iter().map(|removal| removal.words).sum::<u64>()
                + account::words(&first.article.inventory());
            self.told.removed = vec![Removal {
                rule: "another version: was asked for and read instead".to_owned(),
                selector: "html".to_owned(),
                element: "html".to_owned(),
                words,
                ..Removal::default()
            }];
            self.told.further.push(FurtherPage::new(address.to_string(), found.removed));
        }
        if first.article.url.is_some() {
            self.told.article.url = first.article.url;
        }
    }

    fn is_ours(&self, url: &Url) -> bool {
        self.origin.as_ref() == Some(&url.origin())
    }

    fn want_next(&mut self, next: Option<Url>) {
        self.wanted = next.filter(|url| self.is_ours(url) && !self.seen.contains(url)).map(Wanted::Next);
    }
}

/// The page's text, its part of the article, and where it says that more is.
fn part(page: &Page, reading: &Reading) -> Result<(String, Found, Versions)> {
    refuse_other_formats(&page.name, &page.bytes)?;
    let options = FindOptions {
        name: &page.name,
        url: page.url.as_ref(),
        lang: reading.lang,
        site: reading.site,
        limits: reading.limits,
    };
    let html = page.decode(reading.charset).text;
    let (found, versions) = find_with_versions(&html, &options, reading.told)?;
    Ok((html, found, versions))
}

/// Whether two pages are of one article: a number may stand behind the headline, as in «…, page 2».
fn same_headline(a: &str, b: &str) -> bool {
    let (a, b) = (letters(a), letters(b));
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    !short.is_empty() && long.starts_with(&short) && long.len() <= short.len() + 24
}

/// Adds the blocks of a further page, and gives back what every page repeats: the deck, the lead picture, the author's
/// box.
fn append(blocks: &mut Vec<Block>, more: Vec<Block>) -> Vec<Block> {
    let is_new = |block: &Block| matches!(block, Block::Rule) || !blocks.contains(block);
    let (new, again): (Vec<Block>, Vec<Block>) = more.into_iter().partition(is_new);
    blocks.extend(new);
    again
}

//! Articles that go on on further pages, and other versions of an article.
//!
//! A page says in `rel=next` where it goes on. Some sites mean the next article by that, so the next page is taken only
//! when it lies on the same origin and has the same headline. Whether pages may be fetched at all is the caller's to
//! say: it brings the way of fetching.

use encoding_rs::Encoding;
use url::Url;

use super::convert::letters;
use super::dom::{Dom, NodeId};
use super::find::find_with_versions;
use super::model::{Article, Block};
use super::{FindOptions, Format};
use crate::clean::Site;
use crate::source::{Page, refuse_other_formats};
use crate::{Error, Limits, Result};

/// Pages of one article that are read unless told otherwise.
pub const MOST_PAGES: usize = 20;

/// Where a page says that other versions of its article and its next page are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// The next page: `rel=next`.
    pub next: Option<Url>,
    /// The version for phones: `rel=amphtml`.
    pub amp: Option<Url>,
    /// The version for printing: `rel=alternate` for the medium `print`, or a link marked as one.
    pub print: Option<Url>,
}

/// A version of an article that may be preferred to the page itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// For phones.
    Amp,
    /// For printing.
    Print,
}

impl Versions {
    pub(super) fn read(dom: &Dom, base: Option<&Url>) -> Versions {
        let mut versions = Versions::default();
        let Some(base) = base else { return versions };
        for id in dom.descendants(dom.root()).filter(|&id| dom.is(id, "link") || dom.is(id, "a")) {
            let Some(rel) = dom.attr(id, "rel") else { continue };
            let is = |word: &str| rel.split_ascii_whitespace().any(|w| w.eq_ignore_ascii_case(word));
            let there = || address(dom, id, base);
            if is("next") && versions.next.is_none() {
                versions.next = there();
            }
            if is("amphtml") && versions.amp.is_none() {
                versions.amp = there();
            }
            let print = dom.attr(id, "media").is_some_and(|m| m.trim().eq_ignore_ascii_case("print"));
            if (is("alternate") && print || is("print")) && versions.print.is_none() {
                versions.print = there();
            }
        }
        versions
    }

    /// The address of this version.
    pub fn of(&self, version: Version) -> Option<&Url> {
        match version {
            Version::Amp => self.amp.as_ref(),
            Version::Print => self.print.as_ref(),
        }
    }
}

fn address(dom: &Dom, id: NodeId, base: &Url) -> Option<Url> {
    let mut url = base.join(dom.attr(id, "href")?.trim()).ok()?;
    url.set_fragment(None);
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// How further pages are read.
#[derive(Clone, Copy, Debug)]
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
}

/// Reads an article with all its pages; `fetch` gets each after the first, and only from the first one's origin.
///
/// # Errors
///
/// As [`super::find`] for the first page; [`Error::Limit`] when there are more pages than [`Reading::most`]; what
/// `fetch` says, since an article without its end would look whole.
pub fn read_pages(first: Page, reading: &Reading, mut fetch: impl FnMut(&Url) -> Result<Page>) -> Result<Article> {
    let Some(origin) = first.url.as_ref().map(Url::origin).filter(|_| Format::of(&first) == Format::Html) else {
        return super::read(&first, reading.charset, reading.lang, reading.site, reading.limits);
    };
    let name = first.name.clone();
    let mut seen: Vec<Url> = first.url.iter().cloned().collect();
    let (mut article, mut versions) = part(&first, reading)?;
    let preferred = reading.prefer.and_then(|version| versions.of(version)).filter(|url| url.origin() == origin);
    if let Some(url) = preferred.cloned() {
        let own = (article.url.take(), versions.next.take());
        (article, versions) = part(&fetch(&url)?, reading)?;
        article.url = own.0.or(article.url);
        versions.next = versions.next.or(own.1);
    }
    let mut pages = 1;
    while let Some(next) = versions.next.filter(|url| url.origin() == origin && !seen.contains(url)) {
        let page = fetch(&next)?;
        seen.push(next);
        if page.url.as_ref().is_some_and(|url| url.origin() != origin) {
            break;
        }
        let (more, further) = match part(&page, reading) {
            Ok(part) => part,
            Err(Error::NoArticle { .. }) => break,
            Err(error) => return Err(error),
        };
        if !same_headline(&article.title, &more.title) {
            break;
        }
        if pages >= reading.most {
            let what = "the number of pages of the article".to_owned();
            return Err(Error::Limit { name, what, limit: reading.most.to_string(), flag: "--follow" });
        }
        pages += 1;
        append(&mut article.blocks, more.blocks);
        versions = further;
    }
    Ok(article)
}

fn part(page: &Page, reading: &Reading) -> Result<(Article, Versions)> {
    refuse_other_formats(&page.name, &page.bytes)?;
    let options = FindOptions {
        name: &page.name,
        url: page.url.as_ref(),
        lang: reading.lang,
        site: reading.site,
        limits: reading.limits,
    };
    find_with_versions(&page.decode(reading.charset).text, &options)
}

/// Whether two pages are of one article: a number may stand behind the headline, as in «…, page 2».
fn same_headline(a: &str, b: &str) -> bool {
    let (a, b) = (letters(a), letters(b));
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    !short.is_empty() && long.starts_with(&short) && long.len() <= short.len() + 24
}

/// Adds the blocks of a further page, without what every page repeats: the deck, the lead picture, the author's box.
fn append(blocks: &mut Vec<Block>, more: Vec<Block>) {
    let new: Vec<Block> =
        more.into_iter().filter(|block| matches!(block, Block::Rule) || !blocks.contains(block)).collect();
    blocks.extend(new);
}

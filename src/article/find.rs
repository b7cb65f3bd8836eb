//! Finding the article: the page is cut into passages, each is judged, and what is kept becomes the model.

use super::account;
use super::convert::{self, Selection};
use super::judge::{self, Scores};
use super::metadata::{self, Metadata};
use super::model::{Article, Block};
use super::paging::Versions;
use super::passage::Page;
use super::site::SiteView;
use crate::clean::{Removal, Site};
use crate::html::dom::Dom;
use crate::{Error, Limits, Result};
use url::Url;

/// What [`find`] has to know besides the page.
#[derive(Clone, Copy, Debug)]
pub struct FindOptions<'a> {
    /// The page's name in messages: its path or address.
    pub name: &'a str,
    /// Where the page comes from; relative addresses are resolved against it.
    pub url: Option<&'a Url>,
    /// Language of the text where the user knows better than the page.
    pub lang: Option<&'a str>,
    /// What the user knows: a site profile and filter lists.
    pub site: Option<&'a Site>,
    /// Bounds on the page.
    pub limits: &'a Limits,
}

impl<'a> FindOptions<'a> {
    /// Options for a page of which nothing is known but its name.
    pub fn new(name: &'a str, limits: &'a Limits) -> Self {
        Self { name, url: None, lang: None, site: None, limits }
    }
}

/// An article and how it was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The article.
    pub article: Article,
    /// Each passage of the page with its score.
    pub explain: Explain,
    /// What of the page is not in the article, and why.
    pub removed: Vec<Removal>,
}

/// How each passage of the page was judged, in page order. Printed, it is what `--explain` shows.
#[derive(Clone, Debug, Default)]
pub struct Explain {
    /// The passages.
    pub passages: Vec<Judged>,
}

/// A passage with its verdict.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Its text, cut short.
    pub text: String,
    /// Elements around it, outermost last.
    pub path: String,
    /// How sure it is that the passage belongs to the article, 0 to 1.
    pub score: f32,
    /// Whether it was kept.
    pub kept: bool,
    /// What spoke for and against.
    pub reasons: Vec<String>,
}

impl std::fmt::Display for Explain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for judged in &self.passages {
            let verdict = if judged.kept { "keep" } else { "drop" };
            writeln!(f, "{verdict} {:.2}  {}", judged.score, judged.text)?;
            writeln!(f, "           {}", judged.path)?;
            if !judged.reasons.is_empty() {
                writeln!(f, "           {}", judged.reasons.join(", "))?;
            }
        }
        Ok(())
    }
}

/// Finds the article of a page.
///
/// # Errors
///
/// [`Error::NoArticle`] when the page has none, [`Error::Limit`] when it is too large to look at.
pub fn find(html: &str, options: &FindOptions) -> Result<Article> {
    examine(html, parse(html, options)?, options, false).map(|found| found.article)
}

/// As [`find`], with where the page says that its article goes on; with the reasons where they are asked for.
pub(super) fn find_with_versions(html: &str, options: &FindOptions, explained: bool) -> Result<(Found, Versions)> {
    let (dom, known) = parse(html, options)?;
    let versions = Versions::read(&dom, options.url);
    examine(html, (dom, known), options, explained).map(|found| (found, versions))
}

/// As [`find`], with the reasons.
///
/// # Errors
///
/// As [`find`].
pub fn find_explained(html: &str, options: &FindOptions) -> Result<Found> {
    examine(html, parse(html, options)?, options, true)
}

fn parse(html: &str, options: &FindOptions) -> Result<(Dom, SiteView)> {
    let mut dom = Dom::parse(html, options.name, options.limits)?;
    let known = options.site.map(|site| SiteView::apply(site, html, &mut dom, options.url)).unwrap_or_default();
    Ok((dom, known))
}

fn examine(html: &str, (dom, mut known): (Dom, SiteView), options: &FindOptions, explained: bool) -> Result<Found> {
    let dom = &dom;
    let page = Page::cut(dom);
    let mut metadata = Metadata::read(dom, &page, options.url);
    known.name_title(dom, &mut metadata);
    let mut scores = judge::scores(dom, &page, &metadata);
    known.choose(&page, &mut scores.keep);
    let keep = &scores.keep;
    let all_words = sums(&page, |_| true);
    let kept_words = sums(&page, |n| keep[n]);
    let title = convert::letters(&metadata.title);
    let base = metadata.base.clone();
    let picture_base = metadata.picture_base.clone();
    let selection = Selection {
        dom,
        page: &page,
        keep,
        whole: (0, 0),
        kept_words: &kept_words,
        all_words: &all_words,
        base: base.as_ref(),
        picture_base: picture_base.as_ref(),
        title: &title,
    };
    let blocks = convert::blocks(&selection);
    if !has_text(&blocks) {
        return Err(Error::NoArticle { name: options.name.to_owned() });
    }
    let explain = if explained { explain(dom, &page, &scores) } else { Explain::default() };
    let mut removed = std::mem::take(&mut known.removed);
    if explained {
        removed.extend(account::left_out(html, dom, &page, keep, metadata.headline));
        removed.sort_by_key(|removal| removal.offset);
    }
    let mut article = metadata::complete(metadata, blocks, dom, &page, keep, options);
    known.name_rest(dom, picture_base.as_ref(), &mut article);
    Ok(Found { article, explain, removed })
}

fn has_text(blocks: &[Block]) -> bool {
    blocks
        .iter()
        .any(|b| !matches!(b, Block::Figure { .. } | Block::Embed { .. } | Block::Rule | Block::Heading { .. }))
}

fn sums(page: &Page, counts: impl Fn(usize) -> bool) -> Vec<u32> {
    let mut sums = Vec::with_capacity(page.passages.len() + 1);
    let mut sum = 0;
    sums.push(0);
    for (n, passage) in page.passages.iter().enumerate() {
        if counts(n) {
            sum += passage.stats.words;
        }
        sums.push(sum);
    }
    sums
}

fn explain(dom: &Dom, page: &Page, scores: &Scores) -> Explain {
    let judged = page.passages.iter().enumerate().map(|(n, passage)| {
        let text: String = page.text_of(passage).chars().take(100).collect();
        let path: Vec<String> = dom
            .ancestors(passage.block)
            .filter_map(|id| {
                let tag = dom.any_tag(id)?;
                let class = dom.attr(id, "class").and_then(|c| c.split_whitespace().next());
                Some(class.map_or_else(|| tag.to_string(), |c| format!("{tag}.{c}")))
            })
            .take(4)
            .collect();
        Judged {
            text,
            path: path.join(" < "),
            score: scores.both[n],
            kept: scores.keep[n],
            reasons: judge::reasons(page, passage, scores.first[n]),
        }
    });
    Explain { passages: judged.collect() }
}

//! Finding the article: the page is cut into passages, each is judged, and what is kept becomes the model.

use super::account;
use super::convert::{self, Selection};
use super::explain::{Explain, Found, Judged};
use super::judge::{self, Scores};
use super::metadata::{self, Metadata};
use super::model::{Article, Block};
use super::options::FindOptions;
use super::passage::Page;
use super::site::SiteView;
use super::versions::Versions;
use crate::html::dom::Dom;
use crate::{Error, Result};

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
    let mut scores = judge::scores(dom, &page, &metadata)?;
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

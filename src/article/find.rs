//! Finding the article: the page is cut into passages, each is judged, and what is kept becomes the model.

use super::account;
use super::convert::{self, Selection};
use super::doubt::Doubt;
use super::explain::{Explain, Found, Judged};
use super::judge::{self, Decision, Scores};
use super::metadata::{self, Metadata};
use super::model::{Article, Block, Inline};
use super::options::FindOptions;
use super::passage::Page;
use super::site::SiteView;
use super::versions::Versions;
use super::words;
use crate::html::dom::Dom;
use crate::{Error, Result};
use std::collections::HashSet;

/// An answer of fewer bytes is looked for where the page speaks to readers without scripts.
const FEW_BYTES: usize = 300;

/// Words that a page has to declare before they can stand for what it does not show.
const DECLARED_WORDS: usize = 30;

/// A page without a headline that says less is no article.
const FEWEST_UNTITLED: u32 = 5;

/// No answer from there is surer.
const OF_OTHER_PLACES: f32 = 0.5;

/// Finds the article of a page.
///
/// # Errors
///
/// [`Error::NoArticle`] when the page has none, [`Error::Limit`] when it is too large to look at.
pub fn find(html: &str, options: &FindOptions) -> Result<Article> {
    examine(html, parse(html, options)?, options, false, by_trees).map(|found| found.article)
}

/// As [`find`], with where the page says that its article goes on; with the reasons where they are asked for.
pub(super) fn find_with_versions(html: &str, options: &FindOptions, explained: bool) -> Result<(Found, Versions)> {
    let (dom, known) = parse(html, options)?;
    let versions = Versions::read(&dom, options.url);
    examine(html, (dom, known), options, explained, by_trees).map(|found| (found, versions))
}

/// As [`find`], with the reasons.
///
/// # Errors
///
/// As [`find`].
pub fn find_explained(html: &str, options: &FindOptions) -> Result<Found> {
    examine(html, parse(html, options)?, options, true, by_trees)
}

/// As [`find_explained`], with what others say of each passage in place of the trees.
pub(super) fn find_by(
    html: &str,
    options: &FindOptions,
    scores: impl FnOnce(usize) -> Result<Scores>,
) -> Result<Found> {
    examine(html, parse(html, options)?, options, true, |_, page, _| scores(page.passages.len()))
}

fn by_trees(dom: &Dom, page: &Page, metadata: &Metadata) -> Result<Scores> {
    judge::scores(dom, page, metadata)
}

fn parse(html: &str, options: &FindOptions) -> Result<(Dom, SiteView)> {
    let mut dom = Dom::parse(html, options.name, options.limits)?;
    let known = options.site.map(|site| SiteView::apply(site, html, &mut dom, options.url)).unwrap_or_default();
    Ok((dom, known))
}

fn examine(
    html: &str,
    (dom, mut known): (Dom, SiteView),
    options: &FindOptions,
    explained: bool,
    scores: impl FnOnce(&Dom, &Page, &Metadata) -> Result<Scores>,
) -> Result<Found> {
    let dom = &dom;
    let mut page = Page::cut(dom);
    let mut metadata = Metadata::read(dom, &page, options.url);
    known.name_title(dom, &mut metadata);
    let mut scores = scores(dom, &page, &metadata)?;
    let mut decision = judge::decide(dom, &page, &metadata, &scores);
    let unscripted = is_for_scripts(dom, &page, &decision.keep);
    if unscripted {
        page = Page::cut_with(dom, true);
        metadata = Metadata::read(dom, &page, options.url);
        known.name_title(dom, &mut metadata);
        scores = judge::scores(dom, &page, &metadata)?;
        decision = judge::decide(dom, &page, &metadata, &scores);
    }
    if known.choose(&page, &mut decision.keep) {
        decision = Decision { confidence: 1.0, doubts: Vec::new(), ..decision };
    }
    if unscripted {
        decision.doubts.push(Doubt::NoScript);
        decision.confidence = decision.confidence.min(OF_OTHER_PLACES);
    }
    convert::files::keep(dom, &page, &mut decision.keep);
    // The deck stands above the text: what is converted is the rest.
    let deck = metadata::deck::find(dom, &page, &metadata, &decision.keep);
    if let Some(deck) = &deck {
        decision.keep[deck.clone()].fill(true);
    }
    let keep = &decision.keep;
    let mut body = keep.clone();
    deck.iter().for_each(|deck| body[deck.clone()].fill(false));
    let lang = metadata::language(&page, keep, &metadata, options.lang);
    let nowhere = HashSet::new();
    let all_words = sums(&page, |_| true);
    let kept_words = sums(&page, |n| body[n]);
    let title = convert::letters(&metadata.title);
    let base = metadata.base.clone();
    let picture_base = metadata.picture_base.clone();
    let selection = Selection {
        dom,
        page: &page,
        keep: &body,
        whole: (0, 0),
        kept_words: &kept_words,
        all_words: &all_words,
        base: base.as_ref(),
        picture_base: picture_base.as_ref(),
        title: &title,
        lang: &lang,
        places: &nowhere,
    };
    let mut blocks = convert::blocks(&selection);
    if let Some(body) = declared_alone(&metadata, &page, keep) {
        blocks = body;
        decision.doubts = vec![Doubt::Declared];
        decision.confidence = decision.confidence.min(OF_OTHER_PLACES);
    }
    let words: u32 = page.passages.iter().zip(keep).filter(|(_, keep)| **keep).map(|(p, _)| p.stats.words).sum();
    let too_little = title.is_empty() && words < FEWEST_UNTITLED;
    if !has_text(&blocks, keep) || too_little || words >= FEWEST_UNTITLED && repeats_one_word(&page, keep, &blocks) {
        return Err(Error::NoArticle { name: options.name.to_owned() });
    }
    let explain = if explained { explain(dom, &page, &scores, keep) } else { Explain::default() };
    let mut removed = std::mem::take(&mut known.removed);
    if explained {
        removed.extend(account::left_out(html, dom, &page, keep, metadata.headline));
        removed.sort_by_key(|removal| removal.offset);
    }
    let mut article = metadata::complete(metadata, blocks, lang.clone(), dom, &page, keep, options);
    article.deck = deck.map(|deck| {
        let said: Vec<&str> = page.passages[deck].iter().map(|passage| page.text_of(passage)).collect();
        said.join(" ")
    });
    known.name_rest(dom, picture_base.as_ref(), &mut article);
    article.confidence = Some((decision.confidence * 100.0).round() / 100.0);
    article.doubts = decision.doubts.iter().map(|doubt| doubt.in_words(&article.lang)).collect();
    let lost = if explained { account::lost(dom, &page, keep, &article) } else { Vec::new() };
    Ok(Found { article, explain, removed, lost })
}

/// Whether there is anything to read: a picture's caption is where it was found, a heading over nothing is not.
fn has_text(blocks: &[Block], keep: &[bool]) -> bool {
    blocks.iter().any(|block| match block {
        Block::Figure { caption, .. } => !caption.is_empty() && keep.contains(&true),
        Block::Embed { .. } | Block::Rule | Block::Heading { .. } => false,
        _ => true,
    })
}

/// Whether the answer is the same word over and over, which nobody writes for readers but below pictures.
fn repeats_one_word(page: &Page, keep: &[bool], blocks: &[Block]) -> bool {
    let kept = page.passages.iter().zip(keep).filter(|(_, keep)| **keep);
    let mut words = kept.flat_map(|(passage, _)| page.words_of(passage));
    let Some(first) = words.next() else { return false };
    let shows = blocks.iter().any(|block| matches!(block, Block::Figure { .. }));
    words.all(|word| word == first) && !shows
}

/// Whether hardly anything is found, and several times as much stands where a page speaks to readers without scripts.
fn is_for_scripts(dom: &Dom, page: &Page, keep: &[bool]) -> bool {
    let kept: usize = page.passages.iter().zip(keep).filter(|(_, keep)| **keep).map(|(p, _)| p.end - p.start).sum();
    let fallbacks = || dom.descendants(dom.root()).filter(|&id| dom.is(id, "noscript"));
    kept < FEW_BYTES && fallbacks().map(|id| dom.text_content(id).trim().len()).sum::<usize>() > FEW_BYTES.max(kept * 4)
}

/// The text that the page declares (JSON-LD `articleBody`), where it shows hardly anything of it.
fn declared_alone(metadata: &Metadata, page: &Page, keep: &[bool]) -> Option<Vec<Block>> {
    let body = metadata.declared.body.as_deref()?;
    let declared = words::hashes(body);
    let kept: usize =
        page.passages.iter().zip(keep).filter(|(_, keep)| **keep).map(|(p, _)| page.words_of(p).len()).sum();
    if declared.len() < DECLARED_WORDS || kept * 4 > declared.len() {
        return None;
    }
    let lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
    let paragraph = |line: &str| Block::Paragraph { content: vec![Inline::Text(line.to_owned())], lang: None };
    Some(lines.map(paragraph).collect())
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

fn explain(dom: &Dom, page: &Page, scores: &Scores, keep: &[bool]) -> Explain {
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
            kept: keep[n],
            reasons: judge::reasons(page, passage, scores.first[n]),
        }
    });
    Explain { passages: judged.collect() }
}

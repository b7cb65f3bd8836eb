//! What the page says about the article: in JSON-LD, Open Graph, meta names and microdata, and where these are silent
//! in its own text.

mod byline;
mod date;
pub(in crate::article) mod deck;
mod declared;
mod names;
mod title;

use super::model::{Article, Block, Image};
use super::options::FindOptions;
use super::passage::Page;
use crate::html::dom::{Dom, NodeId};
use declared::Declared;
use url::Url;

/// What was read before the article was found.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub(super) title: String,
    pub(super) base: Option<Url>,
    /// What pictures start from: only where the page was read from an address, since the pictures of a saved page lie
    /// beside it and not where it once was.
    pub(super) picture_base: Option<Url>,
    /// The element that shows the headline.
    pub(super) headline: Option<NodeId>,
    pub(super) declared: Declared,
}

impl Metadata {
    pub(super) fn read(dom: &Dom, page: &Page, url: Option<&Url>) -> Metadata {
        let declared = Declared::read(dom);
        let own = url.cloned();
        let picture_base = base(&declared, own.clone());
        let base = base(&declared, own.or_else(|| declared.url.as_deref().and_then(|u| Url::parse(u).ok())));
        let (title, headline) = title::find(dom, page, &declared);
        Metadata { title, base, picture_base, headline, declared }
    }
}

/// The address that relative ones start from.
fn base(declared: &Declared, page: Option<Url>) -> Option<Url> {
    let declared = declared.base.as_deref();
    let web = |url: Url| matches!(url.scheme(), "http" | "https" | "file").then_some(url);
    match (declared, page) {
        (Some(href), Some(page)) => page.join(href).ok().and_then(web).or(Some(page)),
        (Some(href), None) => Url::parse(href).ok().and_then(web),
        (None, page) => page.and_then(web),
    }
}

/// The site's name, where the page's title is the headline and, behind or before a separator, something short.
fn site_beside(dom: &Dom, headline: &str) -> Option<String> {
    const PARTERS: [&str; 7] = [" | ", " :: ", " – ", " — ", " - ", " · ", " » "];
    let text: Vec<&str> = dom.descendants(dom.find("title")?).map(|n| dom.text(n)).collect();
    let title = declared::squash(&text.join(" "));
    // Of several parts the one at the other end: between them stand sections.
    let parts = title::single_parts(&title);
    if let [first, .., last] = parts.as_slice()
        && parts.len() > 2
        && let Some(site) = if first == headline { Some(last) } else { (last == headline).then_some(first) }
    {
        return Some(site.clone()).filter(|site| site.split_whitespace().count() <= 6);
    }
    let rest = PARTERS.iter().find_map(|parter| {
        let after = title.strip_prefix(headline).and_then(|rest| rest.strip_prefix(parter.trim_end()));
        let before = title.strip_suffix(headline).and_then(|rest| rest.strip_suffix(parter.trim_start()));
        after.or(before).or_else(|| title.strip_prefix(headline)?.strip_prefix(parter))
    })?;
    let name = rest.trim();
    (!name.is_empty() && name.split_whitespace().count() <= 6).then(|| name.to_owned())
}

/// The article from its body and what is known about it.
pub(super) fn complete(
    metadata: Metadata,
    blocks: Vec<Block>,
    lang: String,
    dom: &Dom,
    page: &Page,
    keep: &[bool],
    options: &FindOptions,
) -> Article {
    let Metadata { title, base, picture_base, headline, declared } = metadata;
    let base = base.as_ref();
    let near = Near::new(dom, page, headline, keep);
    let byline = byline::find(dom, page, &declared, &near);
    let date = date::find(dom, page, &declared, &near);
    let absolute = |raw: &str| super::convert::absolute(raw, base);
    let picture = |raw: &str| super::convert::absolute(raw, picture_base.as_ref());
    let lead_image = declared.image.as_deref().and_then(picture).map(|src| {
        let stem = |s: &str| s.split('?').next().unwrap_or(s).to_owned();
        let shown = blocks.iter().find_map(|b| match b {
            Block::Figure { images, caption, .. } => images
                .iter()
                .find(|i| stem(&i.src) == stem(&src))
                .map(|i| (i.clone(), super::export::inline_text(caption))),
            _ => None,
        });
        match shown {
            Some((image, caption)) => Image { caption: Some(caption).filter(|c| !c.is_empty()), ..image },
            None => Image { src, alt: declared.image_alt.clone(), ..Image::default() },
        }
    });
    let lead_image = lead_image.or_else(|| {
        blocks.iter().find_map(|b| match b {
            Block::Figure { images, caption, .. } => images.first().map(|image| {
                let caption = super::export::inline_text(caption);
                Image { caption: Some(caption).filter(|c| !c.is_empty()), ..image.clone() }
            }),
            _ => None,
        })
    });
    let window = title::Window::read(page, &declared.page_title);
    let site = declared.site.clone().or(window.site).or_else(|| site_beside(dom, &title));
    Article {
        title,
        deck: None,
        byline,
        date: date.published,
        modified: date.modified,
        lang,
        site,
        section: declared.section.clone(),
        url: declared.url.as_deref().and_then(absolute).or_else(|| options.url.map(|u| u.to_string())),
        lead_image,
        blocks,
        ..Article::default()
    }
}

/// The names in claims of authorship: «By A and B» is two.
pub(super) fn names(claims: &[String]) -> Vec<String> {
    names::names(claims, &[], false)
}

/// A date as the model holds it, from a machine's or a person's writing.
pub(super) fn date_of(text: &str) -> Option<String> {
    date::read(text)
}

/// The neighbourhood of the headline, where byline and date stand.
pub(super) struct Near {
    /// Passages in the order to look at them.
    pub(super) passages: Vec<usize>,
    /// The headline, or the first passage of the article without one.
    pub(super) first: usize,
    /// The last passage of the article.
    pub(super) last: usize,
    /// Of each passage, whether it is kept.
    keep: Vec<bool>,
}

impl Near {
    /// Passages looked at on either side of the headline and the article's ends.
    const REACH: usize = 14;

    /// Whether a passage is part of the article's text.
    pub(super) fn is_text(&self, n: usize) -> bool {
        self.keep.get(n).copied().unwrap_or(false)
    }

    fn new(_dom: &Dom, page: &Page, headline: Option<NodeId>, keep: &[bool]) -> Near {
        let count = page.passages.len();
        let first = keep.iter().position(|&k| k).unwrap_or(0);
        let last = keep.iter().rposition(|&k| k).unwrap_or(0);
        let title = headline.map(|id| page.range[id.index()].0 as usize).filter(|&at| at <= last).unwrap_or(first);
        let mut order: Vec<usize> = Vec::new();
        order.extend(title..(title + Self::REACH).max(first + 6).min(count));
        order.extend((title.saturating_sub(8)..title).rev());
        order.extend(last..(last + 10).min(count));
        order.extend((first..last).rev().take(4));
        let mut seen = std::collections::HashSet::new();
        order.retain(|&n| seen.insert(n));
        Near { passages: order, first: title, last, keep: keep.to_vec() }
    }
}

/// Bytes of a text that its language is told by.
const SAMPLE: usize = 8 << 10;

/// The article's language: what the user says, else what the page says of itself weighed against the kept text.
pub(super) fn language(page: &Page, keep: &[bool], metadata: &Metadata, known: Option<&str>) -> String {
    if let Some(lang) = known {
        return lang.to_owned();
    }
    let mut sample = String::new();
    let longest_first = |least: u32| {
        let kept = page.passages.iter().zip(keep).filter(|(_, keep)| **keep).map(|(passage, _)| passage);
        kept.filter(move |passage| passage.stats.words >= least)
    };
    // Sentences say more than names and labels.
    for passage in longest_first(8).chain(longest_first(0)) {
        if sample.len() > SAMPLE {
            break;
        }
        sample.push_str(page.text_of(passage));
        sample.push('\n');
    }
    crate::html::language::settle(metadata.declared.lang.as_deref(), &sample)
}

/// The language of a text that says nothing of it.
pub(super) fn guess_lang(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        if let Block::Paragraph { content, .. } = block {
            text.push_str(&super::export::inline_text(content));
            text.push(' ');
        }
        if text.len() > SAMPLE {
            break;
        }
    }
    crate::html::language::settle(None, &text)
}

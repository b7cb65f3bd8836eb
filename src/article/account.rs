//! The account of the document way: what of a page is not in its article and why, and what an article says.

use std::collections::HashSet;
use std::fmt;

use serde::Serialize;

use super::extraction::{Extraction, FurtherPage};
use super::hints;
use super::model::{Article, Block};
use super::passage::{Flow, NONE, Page, Passage, flow};
use super::words::PHRASES;
use crate::clean::{Inventory, Receipt, Removal, lost_words};
use crate::html::dom::{Dom, NodeId, NodeKind};

/// The receipt of an article, which may have been read from several pages.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Account {
    /// What of the first page was left out, and what was kept and lost of the whole article.
    #[serde(flatten)]
    pub receipt: Receipt,
    /// How sure it is that this is the article, as in its JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// What speaks against that, as in its JSON.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
    /// Further pages that the article was read from, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<FurtherPage>,
}

impl Account {
    /// The account of an article and of what was made of it; `source` is its first page as the user named it.
    pub fn new(source: &str, told: &Extraction, made: &Inventory) -> Self {
        let article = &told.article;
        let mut receipt = Receipt {
            source: source.to_owned(),
            title: article.title.clone(),
            lang: article.lang.clone(),
            ..Receipt::of_article(told.removed.clone(), &article.inventory(), made)
        };
        receipt.lost.extend(told.lost.iter().cloned());
        Self { receipt, confidence: article.confidence, doubts: article.doubts.clone(), further: told.further.clone() }
    }
}

/// For people: as that of a page, with a line for each further one.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.receipt)?;
        self.further.iter().try_for_each(|page| {
            let elements = page.removed.len() as u64 + page.removed_unlisted;
            let words: u64 = page.removed.iter().map(|removal| removal.words).sum();
            writeln!(f, "removed {elements} elements of {} ({words} words)", page.source)
        })
    }
}

/// What of a further page is not taken, because an earlier one has said it: the deck, the lead picture, the author's box.
pub(super) fn repeated(html: &str, block: &Block) -> Removal {
    let said = block.inventory();
    let element = match block {
        Block::Heading { level, .. } => format!("h{level}"),
        Block::Paragraph { .. } => "p".into(),
        Block::List { ordered, .. } => if *ordered { "ol" } else { "ul" }.into(),
        Block::Definitions { .. } => "dl".into(),
        Block::Quote { .. } => "blockquote".into(),
        Block::Details { .. } => "details".into(),
        Block::Figure { .. } => "figure".into(),
        Block::Table(_) => "table".into(),
        Block::Preformatted { .. } => "pre".into(),
        Block::Embed { .. } => "iframe".into(),
        Block::Notes { .. } => "section".into(),
        Block::Rule => "hr".into(),
    };
    let text = Places { html, from: 0 }.find(&said.text, 0);
    let start = text.and_then(|at| html[..at].rfind(&format!("<{element}")));
    let end = text.map(|at| at + said.text.trim().len());
    let bytes = start.zip(end).map_or(0, |(start, end)| end.min(html.len()) - start);
    Removal {
        rule: "repeated: an earlier page says it".to_owned(),
        selector: element.clone(),
        element,
        offset: start.unwrap_or(0) as u64,
        words: words(&said),
        bytes: bytes as u64,
    }
}

/// What of the kept passages the article does not say: one sentence each.
pub(super) fn lost(dom: &Dom, page: &Page, keep: &[bool], article: &Article) -> Vec<String> {
    let mut kept = Inventory::default();
    // A formula is told in other signs than it is written in.
    let formulas: HashSet<u32> = dom
        .descendants(dom.root())
        .filter(|&id| dom.is_math(id))
        .flat_map(|id| page.range[id.index()].0..page.range[id.index()].1)
        .collect();
    for (n, passage) in page.passages.iter().enumerate().filter(|(n, _)| keep[*n]) {
        if formulas.contains(&(n as u32)) {
            continue;
        }
        kept.add(page.text_of(passage));
        kept.add("\n");
    }
    lost_words(&kept, &article.inventory(), "the page's text")
}

/// What the finder left out: each outermost element of which no passage was kept, and passages that stand alone.
pub(super) fn left_out(html: &str, dom: &Dom, page: &Page, keep: &[bool], headline: Option<NodeId>) -> Vec<Removal> {
    let mut removed = Vec::new();
    let mut places = Places { html, from: 0 };
    let mut counted = vec![false; keep.len()];
    let mut edges = dom.edges(dom.find("body").unwrap_or(dom.root()));
    while let Some(edge) = edges.next() {
        let crate::html::dom::Edge::Open(id) = edge else { continue };
        let (element, passages) = if let Some(tag) = dom.any_tag(id) {
            let (from, to) = page.range[id.index()];
            if flow(tag) != Flow::Block || (from..to).any(|n| keep[n as usize]) {
                continue;
            }
            edges.pass_over(id);
            (id, from as usize..to as usize)
        } else {
            let owner = page.owner[id.index()];
            if owner == NONE || keep[owner as usize] {
                continue;
            }
            (page.passages[owner as usize].block, owner as usize..owner as usize + 1)
        };
        let new: Vec<&Passage> =
            passages.filter(|n| !std::mem::replace(&mut counted[*n], true)).map(|n| &page.passages[n]).collect();
        let Some(longest) = new.iter().max_by_key(|passage| passage.stats.words) else { continue };
        let of_headline = headline.is_some_and(|headline| {
            let is = |id: NodeId| dom.ancestors(id).any(|outer| outer == headline);
            new.iter().all(|passage| is(passage.node))
        });
        let rule = if of_headline { "headline: stands above the text".to_owned() } else { reason(page, longest) };
        let words = new.iter().map(|passage| u64::from(passage.stats.words)).sum();
        removed.push(places.removal(dom, element, rule, words));
    }
    removed
}

/// What most of all speaks against a passage, coarse enough to be counted by.
fn reason(page: &Page, passage: &Passage) -> String {
    let stats = &passage.stats;
    let said = PHRASES.iter().enumerate().find(|(kind, _)| stats.phrases >> kind & 1 == 1 && stats.words <= 40);
    if let Some((_, (name, _))) = said {
        return format!("not the article: says \"{name}\"");
    }
    const SPEAKING: [&str; 12] = [
        "c.share",
        "c.comment",
        "c.related",
        "c.promo",
        "c.newsletter",
        "c.nav",
        "c.footer",
        "c.header",
        "c.sidebar",
        "t.nav",
        "t.aside",
        "t.footer",
    ];
    let around = hints::names().zip(page.hints_of(passage).0).filter(|(name, far)| *far > 0 && SPEAKING.contains(name));
    if let Some((name, _)) = around.min_by_key(|(_, far)| *far) {
        return format!("not the article: {}", &name[2..]);
    }
    if passage.linked * 2 > passage.end - passage.start {
        return "not the article: links".to_owned();
    }
    "not the article: unlike its text".to_owned()
}

/// Finds where elements stand in the source, which the tree does not know: by the first words in them, in page order.
pub(super) struct Places<'a> {
    pub(super) html: &'a str,
    pub(super) from: usize,
}

impl Places<'_> {
    /// The entry for an element that is left out.
    pub(super) fn removal(&mut self, dom: &Dom, id: NodeId, rule: String, words: u64) -> Removal {
        let tag = dom.any_tag(id).map_or("", |tag| &**tag);
        let first = |name| dom.attr(id, name).and_then(|value| value.split_whitespace().next());
        let selector = match (first("class"), first("id")) {
            (Some(class), _) => format!("{tag}.{class}"),
            (None, Some(name)) => format!("{tag}#{name}"),
            (None, None) => tag.to_owned(),
        };
        let (start, end) = self.of(dom, id, tag);
        Removal {
            rule,
            selector,
            element: tag.to_owned(),
            offset: start as u64,
            words,
            bytes: end.saturating_sub(start) as u64,
        }
    }

    fn of(&mut self, dom: &Dom, id: NodeId, tag: &str) -> (usize, usize) {
        let says = |text: &&str| !text.trim().is_empty();
        let mut before = 0;
        let mut first = None;
        let mut last = "";
        for inner in dom.descendants(id) {
            match dom.kind(inner) {
                NodeKind::Element(name) if first.is_none() && inner != id && &**name == tag => before += 1,
                NodeKind::Text => {
                    if let Some(text) = Some(dom.text(inner)).filter(says) {
                        first = first.or(Some(text));
                        last = text;
                    }
                }
                _ => {}
            }
        }
        let Some(text) = first.and_then(|text| self.find(text, self.from)) else { return (self.from, self.from) };
        // Back over the elements of its name that began within it.
        let open = format!("<{tag}");
        let mut start = text;
        for _ in 0..=before {
            let whole =
                |at: &usize| !self.html[at + open.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-');
            let found = self.html[..start].rmatch_indices(&open).map(|(at, _)| at).find(whole);
            start = found.filter(|at| *at >= self.from).unwrap_or(start);
        }
        let end = self.find(last, text).unwrap_or(text);
        // The next one may say the same.
        self.from = self.html.ceil_char_boundary(end + 1);
        let close = format!("</{tag}");
        let end = self.html[end..].find(&close).map_or(end, |at| end + at + close.len() + 1);
        (start, end.min(self.html.len()))
    }

    /// Where a text begins: its first word, right behind a tag.
    fn find(&self, text: &str, from: usize) -> Option<usize> {
        let word = text.split_whitespace().next()?;
        let rest = self.html.get(from..)?;
        let behind = |at: &usize| self.html[..from + at].trim_end().ends_with('>');
        rest.match_indices(word).map(|(at, _)| at).find(behind).map(|at| from + at)
    }
}

/// Words of a text, as they are counted in the passages of a page.
pub(super) fn words(said: &Inventory) -> u64 {
    said.text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count() as u64
}

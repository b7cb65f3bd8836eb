//! What a site profile and filter lists say about a page, on its tree.

use std::borrow::Cow;
use std::collections::HashSet;

use url::Url;

use super::account::Places;
use super::metadata::{self, Metadata};
use super::model::{Article, Image};
use super::passage::Page;
use crate::clean::{Guard, Hit, Part, Removal, SelectorNode, Site, SiteOnPage, Verdict};
use crate::html::dom::{Dom, NodeId, NodeKind};

/// The elements that the profile names; what had to go is out of the tree.
#[derive(Default)]
pub(super) struct SiteView {
    article: Vec<NodeId>,
    kept: Vec<NodeId>,
    title: Option<NodeId>,
    byline: Vec<NodeId>,
    date: Option<NodeId>,
    lead_image: Option<NodeId>,
    /// The page's own answer stands where it agrees.
    sift: bool,
    /// What was taken out of the tree.
    pub(super) removed: Vec<Removal>,
}

/// Sentences of so many characters are the text, whatever a list calls them.
const SENTENCES: usize = 1_500;

/// An answer stands where a profile is sifted if so much of it is in the named element, and if it is so much of that, by
/// words: most elements hold teasers and notes besides the text.
const ANSWER_INSIDE: f64 = 0.9;
const ELEMENT_TAKEN: f64 = 0.4;

struct Place<'a>(&'a Dom, NodeId);

impl SelectorNode for Place<'_> {
    fn name(&self) -> &str {
        self.0.any_tag(self.1).map_or("", |name| &**name)
    }

    fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.0.attr(self.1, name).map(Cow::Borrowed)
    }

    fn attribute_names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.attrs(self.1).map(|(name, _)| Cow::Borrowed(name))
    }
}

impl SiteView {
    /// Takes out what has to go and finds what the profile names.
    pub(super) fn apply(site: &Site, html: &str, dom: &mut Dom, url: Option<&Url>) -> Self {
        let site = SiteOnPage::new(site, url);
        let mut view = Self { sift: site.sifts(), ..Self::default() };
        let mut gone = Vec::new();
        view.look(&site, dom, url, &mut gone);
        let mut places = Places { html, from: 0 };
        let all: HashSet<NodeId> = gone.iter().map(|(id, _)| *id).collect();
        for (id, hit) in &gone {
            // What stands in an element that went went with it.
            if dom.ancestors(*id).skip(1).any(|outer| all.contains(&outer)) {
                continue;
            }
            let words = said(dom, *id).split(' ').filter(|word| word.contains(char::is_alphanumeric)).count();
            let place = places.removal(dom, *id, hit.rule.clone(), words as u64);
            view.removed.push(Removal { selector: hit.selector.clone(), ..place });
        }
        for (id, _) in gone {
            dom.take_out(id);
        }
        view
    }

    fn look(&mut self, site: &SiteOnPage<&Site>, dom: &Dom, url: Option<&Url>, gone: &mut Vec<(NodeId, Hit)>) {
        use crate::html::dom::Edge;
        let mut around: Vec<Place<'_>> = Vec::new();
        for edge in dom.edges(dom.root()) {
            match edge {
                Edge::Open(id) if matches!(dom.kind(id), NodeKind::Element(_)) => {
                    let place = Place(dom, id);
                    let blocked = || {
                        let address = dom.attr(id, if dom.is(id, "object") { "data" } else { "src" })?;
                        let address = url.map_or_else(|| Url::parse(address), |url| url.join(address)).ok()?;
                        site.judge_load(place.name(), &address)
                    };
                    let verdict = match site.judge(&place, &around) {
                        Verdict::Silent => blocked().map_or(Verdict::Silent, Verdict::Remove),
                        verdict => verdict,
                    };
                    match verdict {
                        Verdict::Remove(hit) if hit.guard == Guard::None || !holds_text(dom, id) => {
                            gone.push((id, hit))
                        }
                        Verdict::Keep => self.kept.push(id),
                        _ => {}
                    }
                    let is = |part| site.is_part(part, &place, &around);
                    if is(Part::Article) {
                        self.article.push(id);
                    }
                    if is(Part::Byline) {
                        self.byline.push(id);
                    }
                    for (part, first) in [
                        (Part::Title, &mut self.title),
                        (Part::Date, &mut self.date),
                        (Part::LeadImage, &mut self.lead_image),
                    ] {
                        if first.is_none() && is(part) {
                            *first = Some(id);
                        }
                    }
                    around.push(place);
                }
                Edge::Close(id) if matches!(dom.kind(id), NodeKind::Element(_)) => {
                    around.pop();
                }
                _ => {}
            }
        }
        // What stays is not taken along with what it stands in.
        let around_kept: HashSet<NodeId> = self.kept.iter().flat_map(|kept| dom.ancestors(*kept).skip(1)).collect();
        gone.retain(|(id, _)| !around_kept.contains(id));
    }

    /// The headline is what the profile says it is.
    pub(super) fn name_title(&self, dom: &Dom, metadata: &mut Metadata) {
        let Some(id) = self.title else { return };
        let text = said(dom, id);
        if !text.is_empty() {
            metadata.title = text;
            metadata.headline = Some(id);
        }
    }

    /// The passages of the article are those in the element that holds it, but for what was taken out, and those that
    /// are kept. Returns whether the profile says where the article is.
    pub(super) fn choose(&self, page: &Page, keep: &mut [bool]) -> bool {
        let passages = |id: &NodeId| {
            let (from, to) = page.range[id.index()];
            from as usize..to as usize
        };
        let known = self.article.iter().any(|id| !passages(id).is_empty());
        if known && !(self.sift && self.agrees(page, keep)) {
            keep.fill(false);
            for id in self.article.iter().filter(|id| Some(**id) != self.title) {
                if let Some(keep) = keep.get_mut(passages(id)) {
                    keep.fill(true);
                }
            }
        }
        // The element that holds the article is among those that are kept.
        let besides = |id: &&NodeId| Some(**id) != self.title && !self.article.contains(*id);
        for id in self.kept.iter().filter(besides) {
            if let Some(keep) = keep.get_mut(passages(id)) {
                keep.fill(true);
            }
        }
        // They stand beside the text in the model.
        let beside = self.title.iter().chain(&self.byline).chain(&self.date);
        for id in beside.filter(|id| !self.article.contains(id)) {
            if let Some(keep) = keep.get_mut(passages(id)) {
                keep.fill(false);
            }
        }
        known
    }

    /// Whether an answer is the named element's text, less what else stands in it.
    fn agrees(&self, page: &Page, keep: &[bool]) -> bool {
        let mut inside = vec![false; keep.len()];
        for id in &self.article {
            let (from, to) = page.range[id.index()];
            inside[from as usize..to as usize].fill(true);
        }
        let (mut answer, mut element, mut both) = (0, 0, 0);
        for ((passage, &kept), inside) in page.passages.iter().zip(keep).zip(inside) {
            let words = passage.stats.words;
            answer += words * u32::from(kept);
            element += words * u32::from(inside);
            both += words * u32::from(kept && inside);
        }
        let (answer, element, both) = (f64::from(answer), f64::from(element), f64::from(both));
        both >= ANSWER_INSIDE * answer && both >= ELEMENT_TAKEN * element
    }

    /// Authors, date and picture are what the profile says they are.
    pub(super) fn name_rest(&self, dom: &Dom, base: Option<&Url>, article: &mut Article) {
        let authors: Vec<String> =
            self.byline.iter().map(|id| said(dom, *id)).filter(|text| !text.is_empty()).collect();
        let authors = metadata::names(&authors);
        if !authors.is_empty() {
            article.byline = authors;
        }
        if let Some(id) = self.date {
            let machine =
                dom.descendants(id).find_map(|id| dom.attr(id, "datetime").or_else(|| dom.attr(id, "content")));
            let date = machine.and_then(metadata::date_of).or_else(|| metadata::date_of(&said(dom, id)));
            article.date = date.or(article.date.take());
        }
        let picture = self.lead_image.and_then(|id| {
            dom.descendants(id).find_map(|id| {
                let sources = ["data-src", "src", "content", "href"];
                let src = sources.into_iter().find_map(|name| dom.attr(id, name))?;
                Some(Image {
                    src: super::convert::absolute(src, base)?,
                    alt: dom.attr(id, "alt").map(str::to_owned),
                    ..Image::default()
                })
            })
        });
        article.lead_image = picture.or(article.lead_image.take());
    }
}

/// What an element says: its text, or the content of a `meta`.
fn said(dom: &Dom, id: NodeId) -> String {
    let text = dom.attr(id, "content").map_or_else(|| dom.text_content(id), str::to_owned);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the element holds the headline or the text, so that a list that hides it is mistaken.
fn holds_text(dom: &Dom, id: NodeId) -> bool {
    let mut sentences = 0;
    for inner in dom.descendants(id) {
        if dom.is(inner, "h1") {
            return true;
        }
        let linked = || dom.ancestors(inner).take(4).any(|outer| dom.is(outer, "a") || dom.is(outer, "script"));
        let text = dom.text(inner).trim();
        if text.len() >= 80 && !linked() {
            sentences += text.chars().count();
        }
    }
    sentences >= SENTENCES
}

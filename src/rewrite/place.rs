//! Where an element stands: what selectors ask about the elements around it. Kept only where a site profile or a filter
//! list was given.

use std::borrow::Cow;
use std::sync::Arc;

use url::Url;

use super::element::{Attr, Element};
use crate::clean::{Lengths, NegativeCache, Part, SelectorNode, Site, SiteOnPage, Verdict};
use crate::html::entities;
use crate::html::stack::Id;
use crate::html::tag::Tag;
use crate::html::tokens::StartTag;

/// The open elements, as selectors see them.
pub(super) struct Places {
    site: SiteOnPage<Arc<Site>>,
    /// What can be asked of an open element.
    asked: Arc<Asked>,
    open: Vec<Facts>,
    /// What was judged and has not been opened yet.
    judged: Option<Facts>,
    /// Facts of closed elements, whose memory is used again.
    spare: Vec<Facts>,
    /// Classes that no filter list asks for.
    silent: NegativeCache,
}

/// What selectors can ask about an open element.
struct Facts {
    id: Id,
    tag: Tag,
    /// The name, where the tag has none of its own, then the values of attributes that are asked, decoded.
    text: String,
    name: usize,
    /// Which attribute, by its place in `asked`, and where its value ends in `text`; each starts where the last ends.
    values: Vec<(usize, usize)>,
    asked: Arc<Asked>,
}

/// Names of attributes that selectors ask of elements around another.
struct Asked {
    names: Vec<Box<str>>,
    lengths: Lengths,
}

/// Longer values are addresses and styles of no interest to a rule.
const MOST_VALUE: usize = 4096;

impl Facts {
    fn note(&mut self, start: &StartTag<'_>) {
        self.id = 0;
        self.tag = start.tag;
        self.text.clear();
        self.values.clear();
        if start.tag == Tag::Other {
            self.text.extend(start.name.chars().map(|c| c.to_ascii_lowercase()));
        }
        self.name = self.text.len();
        for (name, value) in start.attributes.iter().filter(|(_, value)| value.len() <= MOST_VALUE) {
            if !self.asked.lengths.may_have(name) {
                continue;
            }
            if let Some(at) = self.asked.names.iter().position(|asked| asked.eq_ignore_ascii_case(name)) {
                self.text.push_str(&entities::decode(value, true));
                self.values.push((at, self.text.len()));
            }
        }
    }
}

impl SelectorNode for Facts {
    fn name(&self) -> &str {
        if self.tag == Tag::Other { &self.text[..self.name] } else { self.tag.name() }
    }

    fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.values.iter().position(|(asked, _)| *self.asked.names[*asked] == *name).map(|n| self.value(n))
    }

    fn value(&self, n: usize) -> Cow<'_, str> {
        let from = n.checked_sub(1).map_or(self.name, |before| self.values[before].1);
        self.values.get(n).map_or("", |(_, to)| &self.text[from..*to]).into()
    }

    fn attribute_names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.values.iter().map(|(asked, _)| Cow::Borrowed(&*self.asked.names[*asked]))
    }
}

/// An element that is about to open.
struct Opening<'a, 's> {
    start: &'a StartTag<'s>,
    name: Cow<'a, str>,
    silent: bool,
}

impl SelectorNode for Opening<'_, '_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.start.attribute(name).map(|value| entities::decode(value, true))
    }

    fn has_silent_classes(&self) -> bool {
        self.silent
    }

    fn value(&self, n: usize) -> Cow<'_, str> {
        self.start.attributes.get(n).map_or(Cow::Borrowed(""), |(_, value)| entities::decode(value, true))
    }

    fn attribute_names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.start.attributes.iter().map(|(name, _)| small(name))
    }
}

fn small(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) { name.to_ascii_lowercase().into() } else { name.into() }
}

impl Places {
    /// For the page at this address, where it is known.
    pub(super) fn new(site: Arc<Site>, page: Option<&Url>) -> Self {
        let names: Vec<Box<str>> = ["class", "id"].map(Into::into).into_iter().chain(site.asked_around()).collect();
        let lengths = names.iter().map(|name| &**name).collect();
        let asked = Arc::new(Asked { names, lengths });
        Self {
            site: SiteOnPage::new(site, page),
            asked,
            open: Vec::new(),
            judged: None,
            spare: Vec::new(),
            silent: NegativeCache::default(),
        }
    }

    /// Whether anything is kept against the rules.
    pub(super) fn keeps(&self) -> bool {
        self.site.site().keeps()
    }

    /// What is to be done with an element that is about to open, and whether it holds the article. `element` is what
    /// is kept of it, with what it loads.
    pub(super) fn judge(&mut self, start: &StartTag<'_>, element: &Element) -> (Verdict, bool) {
        self.stand_in_body();
        let name = if start.tag == Tag::Other { small(start.name) } else { start.tag.name().into() };
        let mut opening = Opening { start, name, silent: false };
        if let Some(class) = start.attribute("class") {
            let site = &self.site;
            let asked = || site.asks_for(&entities::decode(class, true)).then_some(());
            opening.silent = self.silent.look(false, class, asked).is_none();
        }
        let mut verdict = self.site.judge(&opening, &self.open);
        let loads = || element.get(Attr::Src).or_else(|| element.get(Attr::Href));
        if verdict == Verdict::Silent
            && matches!(
                start.tag,
                Tag::Img | Tag::Image | Tag::Iframe | Tag::Frame | Tag::Video | Tag::Audio | Tag::Embed | Tag::Object
            )
            && let Some(address) = loads().and_then(|address| Url::parse(address).ok())
            && let Some(hit) = self.site.judge_load(start.tag.name(), &address)
        {
            verdict = Verdict::Remove(hit);
        }
        let article = self.site.is_part(Part::Article, &opening, &self.open);
        // What holds nothing stands around nothing.
        if !start.tag.is_void() {
            self.judged = Some(self.facts(start));
        }
        (verdict, article)
    }

    /// `html` or `body`, which the stack does not hold. Of several, what the first says counts.
    pub(super) fn page(&mut self, start: &StartTag<'_>) {
        self.stand_in_body();
        if let Some(facts) = self.open.iter_mut().find(|facts| facts.tag == start.tag && facts.values.is_empty()) {
            facts.note(start);
        }
    }

    /// Every page has both, whether it says so or not.
    fn stand_in_body(&mut self) {
        if self.open.is_empty() {
            for tag in [Tag::Html, Tag::Body] {
                let facts = self.facts(&StartTag::implied(tag));
                self.open.push(facts);
            }
        }
    }

    pub(super) fn open(&mut self, id: Id, tag: Tag) {
        // A formatting element that opens again was judged when it opened first.
        let mut facts = self.judged.take().unwrap_or_else(|| self.facts(&StartTag::implied(tag)));
        facts.id = id;
        self.open.push(facts);
    }

    pub(super) fn void(&mut self) {
        self.spare.extend(self.judged.take());
    }

    pub(super) fn close(&mut self, id: Id) {
        if let Some(at) = self.open.iter().rposition(|facts| facts.id == id) {
            self.spare.push(self.open.remove(at));
        }
    }

    fn facts(&mut self, start: &StartTag<'_>) -> Facts {
        let new = || Facts {
            id: 0,
            tag: start.tag,
            text: String::new(),
            name: 0,
            values: Vec::new(),
            asked: Arc::clone(&self.asked),
        };
        let mut facts = self.spare.pop().unwrap_or_else(new);
        facts.note(start);
        facts
    }
}

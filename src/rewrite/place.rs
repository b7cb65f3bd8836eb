//! Where an element stands: what selectors ask about the elements around it. Kept only where a site profile or a filter
//! list was given.

use std::borrow::Cow;
use std::sync::Arc;

use super::entities;
use super::tag::Tag;
use super::tokens::StartTag;
use super::tree::Id;
use crate::clean::{Node, Part, Site, Verdict};

/// The open elements, as selectors see them.
pub(super) struct Places {
    site: Arc<Site>,
    host: String,
    open: Vec<(Id, Facts)>,
    /// What was judged and has not been opened yet.
    judged: Option<Facts>,
}

/// What selectors can ask about one element.
#[derive(Clone, Default)]
struct Facts {
    name: Box<str>,
    /// Names in small letters; character references decoded.
    attributes: Vec<(Box<str>, Box<str>)>,
}

/// Longer values are addresses and styles of no interest to a rule.
const MOST_VALUE: usize = 4096;

impl Facts {
    fn new(start: &StartTag<'_>) -> Self {
        let known = start.attributes.iter().filter(|(_, value)| value.len() <= MOST_VALUE);
        let attributes =
            known.map(|(name, value)| (name.to_ascii_lowercase().into(), entities::decode(value, true).into()));
        Self { name: start.name.to_ascii_lowercase().into(), attributes: attributes.collect() }
    }
}

impl Node for Facts {
    fn name(&self) -> &str {
        &self.name
    }

    fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.attributes.iter().find(|(n, _)| **n == *name).map(|(_, value)| Cow::Borrowed(&**value))
    }
}

impl Node for (Id, Facts) {
    fn name(&self) -> &str {
        self.1.name()
    }

    fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.1.attribute(name)
    }
}

impl Places {
    /// For a page of this host; empty where nobody knows it.
    pub(super) fn new(site: Arc<Site>, host: &str) -> Self {
        Self { site, host: host.to_ascii_lowercase(), open: Vec::new(), judged: None }
    }

    /// Whether anything is kept against the rules.
    pub(super) fn keeps(&self) -> bool {
        self.site.keeps()
    }

    /// What is to be done with an element that is about to open, and whether it holds the article.
    pub(super) fn judge(&mut self, start: &StartTag<'_>) -> (Verdict, bool) {
        let facts = Facts::new(start);
        let verdict = self.site.judge(&facts, &self.open, &self.host);
        let article = self.site.is_part(Part::Article, &facts, &self.open, &self.host);
        self.judged = Some(facts);
        (verdict, article)
    }

    /// `html` or `body`, which the stack does not hold.
    pub(super) fn page(&mut self, start: &StartTag<'_>) {
        if matches!(start.tag, Tag::Html | Tag::Body) && !self.open.iter().any(|(_, facts)| *facts.name == *start.name)
        {
            self.open.push((0, Facts::new(start)));
        }
    }

    pub(super) fn open(&mut self, id: Id, tag: Tag) {
        // A formatting element that opens again was judged when it opened first.
        let facts = self.judged.take();
        self.open.push((id, facts.unwrap_or_else(|| Facts { name: tag.name().into(), attributes: Vec::new() })));
    }

    pub(super) fn void(&mut self) {
        self.judged = None;
    }

    pub(super) fn close(&mut self, id: Id) {
        if let Some(at) = self.open.iter().rposition(|(open, _)| *open == id) {
            self.open.remove(at);
        }
    }
}

//! What stands in `noscript` and `noframes`: its content is text to the tokenizer, since a browser with scripts and frames
//! reads it so.

use super::addresses::Addresses;
use super::element::{self, Element};
use super::event::Event;
use super::words::letters;
use crate::clean::Rules;
use crate::html::stack::{Id, Tree, TreeSink};
use crate::html::tag::Tag;
use crate::html::tokens::{StartTag, TokenSink, Tokens};

struct Pictures<'a> {
    rules: &'a Rules,
    memory: element::Memory,
    addresses: &'a Addresses,
    found: Vec<Element>,
}

impl TokenSink for Pictures<'_> {
    fn start(&mut self, start: &StartTag<'_>) {
        if start.tag == Tag::Img && self.found.len() < 10 {
            self.found.push(element::judge(start, 0, self.rules, &mut self.memory, self.addresses));
        }
    }

    fn end(&mut self, _: Tag, _: &str) {}

    fn text(&mut self, _: &str) {}
}

/// The pictures in the raw text of a `noscript`, as far as they may pass.
pub(super) fn pictures(raw: &str, rules: &Rules, addresses: &Addresses) -> Vec<Element> {
    if !raw.contains("<img") && !raw.contains("<IMG") {
        return Vec::new();
    }
    let mut tokens = Tokens::new(Pictures { rules, memory: element::Memory::default(), addresses, found: Vec::new() });
    // The text is small; what cannot be read of it has no pictures.
    if tokens.write(raw, |_| {}).is_err() {
        return Vec::new();
    }
    tokens.end();
    tokens.sink.found
}

/// The events of markup in raw text.
struct Markup<'a> {
    rules: &'a Rules,
    memory: element::Memory,
    addresses: &'a Addresses,
    /// Added to what identifies an element.
    base: Id,
    events: Vec<Event>,
    /// Letters outside links.
    plain: usize,
    links: u32,
}

impl TreeSink for Markup<'_> {
    type Element = Element;

    fn judge(&mut self, start: &StartTag<'_>) -> (Element, bool) {
        let element = element::judge(start, 0, self.rules, &mut self.memory, self.addresses);
        let hidden = element.opaque || element.hit.is_some();
        (element, hidden)
    }

    fn open(&mut self, id: Id, element: Element, hidden: Id) {
        if hidden == 0 {
            self.links += u32::from(element.tag == Tag::A);
            self.events.push(Event::Open(self.base + id, element));
        }
    }

    fn close(&mut self, id: Id, tag: Tag, hidden: Id) {
        if hidden == 0 {
            self.links -= u32::from(tag == Tag::A);
            self.events.push(Event::Close(self.base + id, tag));
        }
    }

    fn released(&mut self) -> Option<Id> {
        None
    }

    fn is_suppressed(&self, _: Id) -> bool {
        false
    }

    fn suppress_alone(&mut self, _: Id, _: Tag, _: Id) {}

    fn move_out(&mut self, _: Id, _: Id) {}

    fn place(&mut self, _: u64, _: u64) {}

    fn void(&mut self, _: Id, element: Element, hidden: Id) {
        if hidden == 0 && matches!(element.tag, Tag::Img | Tag::Br | Tag::Hr) {
            self.events.push(Event::Void(element));
        }
    }

    fn text(&mut self, text: &str, raw: Option<Tag>, hidden: Id) {
        if hidden == 0 && raw.is_none() {
            self.plain += if self.links == 0 { letters(text) } else { 0 };
            self.events.push(Event::Text(text.into()));
        }
    }

    fn space(&mut self, length: usize, hidden: Id) {
        if hidden == 0 {
            self.events.push(Event::Space(length));
        }
    }

    fn page(&mut self, _: &StartTag<'_>) {}
}

/// Elements may lie that deep in such markup.
const DEEPEST: usize = 64;

/// What raw text comes to where nobody has scripts or frames, if it says that much outside links. Elements are
/// identified by numbers from `base` on.
pub(super) fn markup(raw: &str, base: Id, rules: &Rules, addresses: &Addresses, least: usize) -> Vec<Event> {
    if raw.len() < least {
        return Vec::new();
    }
    let (memory, events) = Default::default();
    let sink = Markup { rules, memory, addresses, base, events, plain: 0, links: 0 };
    let mut tokens = Tokens::new(Tree::new(sink, DEEPEST));
    let read = tokens.write(raw, |_| {});
    tokens.end();
    tokens.sink.finish();
    let Markup { events, plain, .. } = tokens.sink.sink;
    if read.is_err() || plain < least { Vec::new() } else { events }
}

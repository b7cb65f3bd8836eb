//! What the stack of open elements tells, and where each event goes: to the suppressed element that it is in, to the
//! link that is open, or on.

use super::Page;
use crate::clean::{Removal, Verdict};
use crate::html::stack::{Id, TreeSink};
use crate::html::tag::Tag;
use crate::html::tokens::StartTag;
use crate::rewrite::element::{self, Attr, Element};
use crate::rewrite::event::Event;
use crate::rewrite::head::collapsed;
use crate::rewrite::tally::Tally;
use crate::rewrite::words::WordCounter;

/// A short link, while it is open.
pub(super) struct HeldLink {
    id: Id,
    offset: u64,
    events: Vec<Event>,
    text: String,
}

/// No label of a rule is longer.
const MOST_LABEL: usize = 100;
/// Frames of a page that become links.
const MOST_FRAMES: usize = 50;
/// Raw text that is looked through for pictures.
const MOST_RAW: usize = 128 << 10;

impl TreeSink for Page<'_> {
    type Element = Element;

    fn judge(&mut self, start: &StartTag<'_>) -> (Element, bool) {
        if matches!(start.tag, Tag::Meta | Tag::Link | Tag::Base) && !self.framed {
            self.head.meta(start, &mut self.addresses);
        }
        let mut element = element::judge(start, self.at.0, self.rules, &mut self.memory, &self.addresses);
        if let Some(places) = &mut self.places {
            let (verdict, article) = places.judge(start, &element);
            match verdict {
                Verdict::Remove(hit) => element.hit = Some(Box::new(hit)),
                Verdict::Keep => {
                    element.hit = None;
                    element.set(Attr::Kept, "");
                }
                Verdict::Silent => {}
            }
            if article {
                element.set(Attr::MainRole, "");
            }
        }
        let hidden = element.opaque || element.hit.is_some();
        (element, hidden)
    }

    fn open(&mut self, id: Id, element: Element, hidden: Id) {
        if let Some(places) = &mut self.places {
            places.open(id, element.tag);
        }
        if hidden == id {
            self.in_title = element.tag == Tag::Title && element.hit.is_none();
            self.suppress(id, element);
        } else {
            self.route(Event::Open(id, element), hidden);
        }
    }

    fn close(&mut self, id: Id, tag: Tag, hidden: Id) {
        if let Some(places) = &mut self.places {
            places.close(id);
        }
        if let Some(at) = self.suppressed.iter().rposition(|s| s.id == id) {
            if tag == Tag::Title && self.in_title {
                self.in_title = false;
                self.head.end_title();
            }
            let suppressed = self.suppressed.remove(at);
            self.settle(suppressed);
            if tag.is_replaced() {
                // A picture or a field stood between the words.
                self.route(Event::Space(1), 0);
            }
        } else {
            self.route(Event::Close(id, tag), hidden);
        }
    }

    fn void(&mut self, id: Id, element: Element, hidden: Id) {
        use Tag::*;
        if let Some(places) = &mut self.places {
            places.void();
        }
        if element.tag == Frame {
            if let Some(frames) = self.frames.as_mut().filter(|frames| frames.len() < MOST_FRAMES) {
                frames.push(element);
            }
            return;
        }
        if matches!(element.tag, Meta | Link | Base | Keygen | Embed | Param | Source | Track) {
            return;
        }
        if hidden == id {
            self.suppress(id, element);
            if let Some(suppressed) = self.suppressed.pop() {
                self.settle(suppressed);
            }
            return;
        }
        if matches!(element.tag, Img | Image) && hidden == 0 {
            self.last_image_unresolved = element.get(Attr::Src).is_none();
        }
        self.route(Event::Void(element), hidden);
    }

    fn text(&mut self, text: &str, raw: Option<Tag>, hidden: Id) {
        match raw {
            Some(Tag::Title) if self.in_title => self.head.title_text(text),
            Some(Tag::Noscript | Tag::Noframes) => {
                if let Some(suppressed) = self.suppressed.last_mut()
                    && suppressed.raw.len() + text.len() <= MOST_RAW
                {
                    suppressed.raw.push_str(text);
                }
            }
            Some(Tag::Xmp | Tag::Plaintext) | None if self.passes_text(hidden) => {
                self.words_in += self.counting.count(text);
                self.closing.passed(text);
                self.write_text(text);
            }
            Some(Tag::Xmp | Tag::Plaintext) | None => self.route(Event::Text(text.into()), hidden),
            Some(_) => {}
        }
    }

    fn space(&mut self, length: usize, hidden: Id) {
        if self.passes_text(hidden) {
            self.counting.end();
            self.writer.text(" ");
        } else {
            self.route(Event::Space(length), hidden);
        }
    }

    fn page(&mut self, start: &StartTag<'_>) {
        if let Some(places) = &mut self.places {
            places.page(start);
        }
        self.head.page(start);
        if start.tag == Tag::Frameset {
            self.frames.get_or_insert_default();
        }
    }

    fn released(&mut self) -> Option<Id> {
        self.released.pop()
    }

    fn is_suppressed(&self, id: Id) -> bool {
        self.is_suppressing(id)
    }

    fn suppress_alone(&mut self, id: Id, tag: Tag, outer: Id) {
        let hit = self.suppressed.iter().find(|s| s.id == outer).and_then(|s| s.hit.clone());
        self.suppress(id, Element { hit, offset: self.at.0, ..Element::new(tag) });
        // Its beginning went with the other: there is nothing to release.
        if let Some(suppressed) = self.suppressed.last_mut() {
            suppressed.held = None;
        }
    }

    fn move_out(&mut self, id: Id, outer: Id) {
        let Some(suppressed) = self.suppressed.iter_mut().find(|s| s.id == outer) else { return };
        let Some(held) = &mut suppressed.held else { return };
        let Some(from) = held.iter().position(|event| matches!(event, Event::Open(open, _) if *open == id)) else {
            return;
        };
        let moved = held.split_off(from);
        let words: u64 = {
            let mut words = WordCounter::default();
            let count = |event: &Event| match event {
                Event::Text(text) => words.count(text),
                _ => 0,
            };
            moved.iter().map(count).sum()
        };
        suppressed.words = suppressed.words.saturating_sub(words);
        let mut tally = Tally::default();
        moved.iter().for_each(|event| tally.note_event(event));
        suppressed.tally.subtract(tally);
        self.replay(moved);
    }

    fn place(&mut self, start: u64, end: u64) {
        self.at = (start, end);
    }
}

impl Page<'_> {
    /// An event goes where it belongs: to the suppressed element it is in, or on.
    pub(super) fn route(&mut self, event: Event, hidden: Id) {
        self.count(&event, hidden);
        if hidden != 0 && self.is_suppressing(hidden) {
            self.hold(hidden, event);
            return;
        }
        match &mut self.link {
            Some(link) => {
                let closes = matches!(&event, Event::Close(id, _) if *id == link.id);
                let within = match &event {
                    Event::Text(text) => {
                        link.text.push_str(text);
                        link.text.len() <= MOST_LABEL
                    }
                    Event::Space(_) => {
                        link.text.push(' ');
                        link.text.len() <= MOST_LABEL
                    }
                    Event::Open(_, element) | Event::Void(element) => {
                        element.tag.is_inline() || element.tag == Tag::Img
                    }
                    Event::Close(_, tag) => tag.is_inline(),
                    Event::Main(_) | Event::MainEnd => false,
                };
                link.events.push(event);
                if closes || !within {
                    self.settle_link(closes);
                }
            }
            None => match event {
                Event::Open(id, element) if element.tag == Tag::A => {
                    let offset = element.offset;
                    let (mut events, text) = std::mem::take(&mut self.spare_link);
                    events.push(Event::Open(id, element));
                    self.link = Some(HeldLink { id, offset, events, text });
                }
                event => self.opened(event),
            },
        }
    }

    /// Whether text goes straight to the writer: nothing holds it back.
    fn passes_text(&self, hidden: Id) -> bool {
        hidden == 0
            && self.link.is_none()
            && self.opening.is_none()
            && self.closing.flows()
            && self.teasers.is_idle()
            && self.stubs.is_idle()
            && self.asking.is_idle()
            && self.tables.is_idle()
    }

    /// Counts what comes in, where it comes in: what becomes of it is held against it at the end.
    fn count(&mut self, event: &Event, hidden: Id) {
        let opaque = hidden != 0 && self.suppressed.iter().any(|s| s.id == hidden && s.opaque);
        if !opaque {
            self.account.came.note_event(event);
        }
        match event {
            Event::Text(text) if !opaque => self.words_in += self.counting.count(text),
            // What nobody sees parts no words.
            _ if opaque => {}
            Event::Space(_) => self.counting.end(),
            Event::Open(_, element) | Event::Void(element) if element.tag.divides_words() => {
                self.counting.end();
            }
            Event::Close(_, tag) if !tag.is_inline() => self.counting.end(),
            _ => {}
        }
    }

    /// The link goes if a rule knows what it says; else it is handed on.
    pub(super) fn settle_link(&mut self, closed: bool) {
        let Some(mut link) = self.link.take() else { return };
        let known = closed && self.rules.may_know_label(&link.text);
        let hit = if known { self.rules.hit_label(&collapsed(&link.text)) } else { None };
        let Some(hit) = hit else {
            for event in link.events.drain(..) {
                self.opened(event);
            }
            link.text.clear();
            self.spare_link = (link.events, link.text);
            return;
        };
        self.words_removed += count_words(&link.text);
        link.events.iter().for_each(|event| self.account.removed.note_event(event));
        self.receipt.remove(Removal {
            rule: hit.rule,
            selector: hit.selector,
            element: Tag::A.name().to_owned(),
            offset: link.offset,
            words: count_words(&link.text),
            bytes: self.at.1.saturating_sub(link.offset),
        });
    }
}

fn count_words(text: &str) -> u64 {
    WordCounter::default().count(text)
}

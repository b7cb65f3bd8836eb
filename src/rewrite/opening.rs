//! Where the main part of the page begins.
//!
//! Held back: the page's beginning, at most 48 KiB of what passes. The main part opens at the headline: a heading that
//! says what the title says. Failing that, before the first paragraph of 200 characters outside links (at a heading of
//! the first level, or at other text that repeats the title, where one came before), and at the latest when 48 KiB are
//! undecided.

use super::element::Element;
use super::head::Head;
use super::page::Event;
use super::tag::Tag;
use super::tree::Id;

/// What may be held back.
const MOST_HELD: usize = 48 << 10;
/// A paragraph that long is text, not a label or a menu.
const PARAGRAPH: usize = 200;
/// A headline may still follow the first paragraph this closely (a lead set above it).
const GRACE: usize = 3_000;
/// Text remembered for telling the language.
const SAMPLE: usize = 8_000;

/// What is to be done after an event.
pub(super) enum Decision {
    /// Nothing is known yet.
    Wait,
    /// The main part begins at this event, or (`None`) at the best guess.
    Open(Option<usize>),
}

/// The page's beginning.
#[derive(Default)]
pub(super) struct Opening {
    events: Vec<Event>,
    size: usize,
    sample: String,
    /// Open elements with the event that opened them and where their text begins in `text`.
    open: Vec<(Id, Tag, usize, usize)>,
    /// Text since the outermost of `open` that may be a headline.
    text: String,
    /// Headings of the first level, and text that repeats the title: the last of each.
    first_level: Option<(usize, Id)>,
    titled: Option<(usize, Id)>,
    /// The last heading and how much text has come since.
    heading: Option<(usize, usize)>,
    links: u32,
    run: usize,
    run_start: Option<usize>,
    /// The first long paragraph, and the size at which it was found.
    paragraph: Option<(usize, usize)>,
    found: Option<(usize, Id)>,
}

impl Opening {
    /// Text of the beginning, to tell the language by.
    pub(super) fn sample(&self) -> &str {
        &self.sample
    }

    /// Holds one more event.
    pub(super) fn take(&mut self, event: Event, head: &Head) -> Decision {
        let at = self.events.len();
        self.size += event.size();
        match &event {
            Event::Open(id, element) => self.opened(*id, element, at),
            Event::Close(id, tag) => self.closed(*id, *tag, head),
            Event::Text(text) => self.text(text, at),
            Event::Void(_) | Event::Main(_) => {}
        }
        self.events.push(event);
        if let Some((at, _)) = self.found {
            return Decision::Open(Some(at));
        }
        if self.run >= PARAGRAPH && self.paragraph.is_none() {
            self.paragraph = Some((self.run_start.unwrap_or(at), self.size));
            if self.first_level.is_some() {
                return Decision::Open(None);
            }
        }
        let waited = self.paragraph.is_some_and(|(_, size)| self.size > size + GRACE);
        if waited || self.size >= MOST_HELD { Decision::Open(None) } else { Decision::Wait }
    }

    fn opened(&mut self, id: Id, element: &Element, at: usize) {
        let tag = element.tag;
        if tag == Tag::A {
            self.links += 1;
        }
        if !tag.is_inline() {
            self.end_run();
        }
        if self.open.is_empty() {
            self.text.clear();
        }
        self.open.push((id, tag, at, self.text.len()));
        if tag.is_heading() {
            self.heading = Some((at, 0));
        }
    }

    fn closed(&mut self, id: Id, tag: Tag, head: &Head) {
        if tag == Tag::A {
            self.links = self.links.saturating_sub(1);
        }
        if !tag.is_inline() {
            self.end_run();
        }
        let Some(index) = self.open.iter().rposition(|(open, ..)| *open == id) else { return };
        let (_, _, at, start) = self.open.remove(index);
        let text = self.text.get(start..).unwrap_or_default();
        if text.len() > 600 {
            return;
        }
        let titled = head.is_titled(text);
        if tag.is_heading() && titled {
            self.found = Some((at, id));
        } else if tag == Tag::H1 && !text.trim().is_empty() && !head.is_site(text) {
            self.first_level = Some((at, id));
        } else if titled && self.links == 0 && tag != Tag::Li && tag != Tag::A {
            self.titled = Some((at, id));
        }
        if !self.open.iter().any(|(_, open, ..)| open.is_heading()) && !tag.is_inline() {
            self.text.push(' ');
        }
    }

    fn text(&mut self, text: &str, at: usize) {
        if self.sample.len() < SAMPLE {
            self.sample.push_str(text);
            self.sample.push(' ');
        }
        self.text.push_str(text);
        // Nobody's headline is longer: forget the beginning, and the elements that held it.
        if self.text.len() > 4 * MOST_HELD {
            self.text.clear();
            self.open.clear();
        }
        if self.links == 0 && !self.open.iter().any(|(_, tag, ..)| tag.is_heading()) {
            if self.run == 0 && text.trim().is_empty() {
                return;
            }
            self.run_start.get_or_insert(at);
            self.run += text.trim().chars().count();
        }
        if let Some((_, since)) = &mut self.heading {
            *since += text.trim().len();
        }
    }

    fn end_run(&mut self) {
        self.run = 0;
        self.run_start = None;
    }

    /// The events; before which of them the main part opens; and which element is its headline.
    pub(super) fn into_events(self, found: Option<usize>, head: &Head) -> (Vec<Event>, usize, Option<Id>) {
        let _ = head;
        if let (Some(at), Some((found, id))) = (found, self.found)
            && at == found
        {
            return (self.events, at, Some(id));
        }
        let paragraph = self.paragraph.map(|(at, _)| at);
        let candidates = [self.first_level, self.titled];
        for (at, id) in candidates.into_iter().flatten() {
            if paragraph.is_none_or(|paragraph| at <= paragraph) {
                return (self.events, at, Some(id));
            }
        }
        let Some(mut at) = paragraph else {
            // Nothing here looks like text: all of it may be.
            let all = 0;
            return (self.events, all, None);
        };
        // A paragraph takes its own start tag along, and a heading right above it.
        while at > 0 && matches!(&self.events[at - 1], Event::Open(_, element) if element.tag != Tag::Body) {
            at -= 1;
        }
        if let Some((heading, since)) = self.heading
            && heading < at
            && since < 300
        {
            at = heading;
        }
        (self.events, at, None)
    }
}

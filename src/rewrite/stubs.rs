//! Headings with nothing under them, since a rule took out what was there.
//!
//! A heading is held until something comes that it may head. If what comes is a heading of its level or above it, or the
//! page's end, and a rule has taken something out in between, it goes. Two headings in a row of the page's own stay.

use super::event::Event;
use crate::html::stack::Id;
use crate::html::tag::Tag;

/// Events that may be held behind a heading: boxes that open and close.
const MOST_HELD: usize = 200;

/// Holds the last heading.
#[derive(Default)]
pub(super) struct Stubs {
    /// The heading that is open, or has closed.
    heading: Option<Id>,
    closed: bool,
    level: u8,
    events: Vec<Event>,
    /// How many of them are the heading's.
    length: usize,
    /// A rule has taken something out since.
    gone: bool,
}

impl Stubs {
    /// A rule has taken something out.
    pub(super) fn removed(&mut self) {
        self.gone |= self.closed;
    }

    /// Whether nothing is held.
    pub(super) fn is_idle(&self) -> bool {
        self.heading.is_none()
    }

    /// Whether an event is none of a heading's business.
    pub(super) fn passes(&self, event: &Event) -> bool {
        self.heading.is_none() && level(event).is_none()
    }

    /// Takes an event; what flows on is added to `out`. A heading that goes is given back.
    pub(super) fn take(&mut self, event: Event, out: &mut Vec<Event>) -> Option<Vec<Event>> {
        let mut dropped = None;
        if let Some(level) = level(&event) {
            dropped = if self.gone && level <= self.level { self.drop_heading(out) } else { None };
            self.release(out);
            if let Event::Open(id, _) = &event {
                self.heading = Some(*id);
                self.level = level;
            }
            self.events.push(event);
            return dropped;
        }
        let Some(heading) = self.heading else {
            out.push(event);
            return dropped;
        };
        if !self.closed {
            self.closed = matches!(&event, Event::Close(id, _) if *id == heading);
            self.events.push(event);
            self.length = self.events.len();
            if self.length > MOST_HELD {
                self.release(out);
            }
            return dropped;
        }
        let blank = match &event {
            Event::Space(_) => true,
            Event::Text(text) => text.trim().is_empty(),
            Event::Open(_, element) => !element.tag.is_inline(),
            Event::Close(_, tag) => !tag.is_inline(),
            Event::Void(element) => matches!(element.tag, Tag::Br | Tag::Hr | Tag::Wbr),
            Event::Main(_) | Event::MainEnd => false,
        };
        self.events.push(event);
        if !blank || self.events.len() > MOST_HELD {
            self.release(out);
        }
        dropped
    }

    /// The page has ended.
    pub(super) fn end(&mut self, out: &mut Vec<Event>) -> Option<Vec<Event>> {
        let dropped = if self.gone { self.drop_heading(out) } else { None };
        self.release(out);
        dropped
    }

    fn drop_heading(&mut self, out: &mut Vec<Event>) -> Option<Vec<Event>> {
        let rest = self.events.split_off(self.length.min(self.events.len()));
        let gone = std::mem::replace(&mut self.events, rest);
        self.release(out);
        Some(gone)
    }

    fn release(&mut self, out: &mut Vec<Event>) {
        out.append(&mut self.events);
        (self.heading, self.closed, self.gone, self.length) = (None, false, false, 0);
    }
}

/// The level of a heading that opens, below the first.
fn level(event: &Event) -> Option<u8> {
    match event {
        Event::Open(_, element) if element.tag.is_heading() && element.tag != Tag::H1 => {
            Some(element.tag.name().as_bytes()[1] - b'0')
        }
        _ => None,
    }
}

//! Forms that ask their own site for something.
//!
//! A form is held until it is known whether a reader can use it: at most 32 KiB of it. It is one when it names where it
//! is sent, has a field to fill in, and no button that sends it elsewhere or in another way. What is none, or is longer,
//! leads to the original page instead: nothing of it could be sent by a press on it. A box to tick that nothing names, not
//! even the text behind it, is a trick of the origin's sheet and goes.

use std::collections::HashSet;

use super::element::{Attr, Element};
use super::event::Event;
use super::head::collapsed;
use crate::html::stack::Id;
use crate::html::tag::Tag;

/// What may be held of one form.
const MOST_HELD: usize = 32 << 10;
/// No name of a field is longer.
const MOST_NAME: usize = 120;

/// The form that is being held.
#[derive(Default)]
pub(super) struct Asking {
    held: Option<Held>,
}

struct Held {
    id: Id,
    events: Vec<Event>,
    size: usize,
    /// Fields that a reader can fill in.
    fields: usize,
    /// A button sends it elsewhere.
    elsewhere: bool,
    closed: bool,
}

impl Asking {
    /// Whether an event is none of a form's business.
    pub(super) fn passes(&self, event: &Event) -> bool {
        self.held.is_none() && !matches!(event, Event::Open(_, element) if element.tag == Tag::Form)
    }

    /// Whether no form is held.
    pub(super) fn is_idle(&self) -> bool {
        self.held.is_none()
    }

    /// Takes an event while a form is held; gives it back where none is.
    pub(super) fn take(&mut self, event: Event) -> Option<Event> {
        match (&mut self.held, &event) {
            (Some(held), _) => held.observe(event),
            (None, Event::Open(id, element)) if element.tag == Tag::Form && element.get(Attr::Href).is_some() => {
                let held = Held { id: *id, events: vec![event], size: 0, fields: 0, elsewhere: false, closed: false };
                self.held = Some(held);
            }
            (None, _) => return Some(event),
        }
        None
    }

    /// The held form's events, once it is known what it is; at the page's end, in any case.
    pub(super) fn settled(&mut self, end: bool) -> Option<Vec<Event>> {
        let mut held = self.held.take_if(|held| end || held.closed || held.elsewhere || held.size > MOST_HELD)?;
        let usable = held.fields > 0 && !held.elsewhere && held.size <= MOST_HELD;
        if let (false, Some(Event::Open(_, form))) = (usable, held.events.first_mut()) {
            form.attributes.remove(Attr::Href);
        }
        if usable {
            held.name_boxes();
        }
        if usable && held.fields == 1 {
            held.require();
        }
        Some(held.events)
    }
}

impl Held {
    /// Pressing the button of an empty search asks for nothing.
    fn require(&mut self) {
        for event in &mut self.events {
            if let Event::Void(field) = event
                && is_field(field)
                && field.tag == Tag::Input
                && field.get(Attr::Text).is_none_or(str::is_empty)
            {
                field.set(Attr::Required, "");
            }
        }
    }

    /// A box is named by a label of the form, by its own attributes, or by the text behind it.
    fn name_boxes(&mut self) {
        let labels = self.events.iter().enumerate().filter_map(|(at, event)| {
            let of = label_for(event)?;
            text_behind(&self.events[at + 1..]).map(|_| of.into())
        });
        let labels: HashSet<Box<str>> = labels.collect();
        let mut named = Vec::with_capacity(self.events.len());
        let mut in_label = 0_usize;
        for at in 0..self.events.len() {
            match &self.events[at] {
                Event::Open(_, element) if element.tag == Tag::Label => in_label += 1,
                Event::Close(_, Tag::Label) => in_label = in_label.saturating_sub(1),
                _ => {}
            }
            let mut event = self.events[at].clone();
            if let Event::Void(field) = &mut event
                && is_box(field)
                && in_label == 0
            {
                let labelled = field.get(Attr::Id).is_some_and(|id| labels.contains(id));
                let own = [Attr::Label, Attr::Title].into_iter().filter_map(|attr| field.get(attr));
                let own = own.map(str::trim).find(|name| !name.is_empty()).map(str::to_owned);
                match own.or_else(|| text_behind(&self.events[at + 1..])) {
                    _ if labelled => field.set(Attr::For, ""),
                    Some(name) => field.set(Attr::Label, name),
                    None => continue,
                }
            }
            named.push(event);
        }
        self.events = named;
    }

    fn observe(&mut self, event: Event) {
        match &event {
            Event::Open(_, element) | Event::Void(element) => {
                self.elsewhere |= element.get(Attr::Elsewhere).is_some() && sends(element);
                self.fields += usize::from(is_field(element));
            }
            Event::Close(id, _) => self.closed |= *id == self.id,
            Event::Text(_) | Event::Space(_) | Event::Main(_) | Event::MainEnd => {}
        }
        self.size += event.size();
        self.events.push(event);
    }
}

fn kind(element: &Element) -> String {
    element.get(Attr::Type).unwrap_or_default().to_ascii_lowercase()
}

fn sends(element: &Element) -> bool {
    element.tag == Tag::Button || matches!(kind(element).as_str(), "submit" | "image")
}

fn is_box(element: &Element) -> bool {
    element.tag == Tag::Input && matches!(kind(element).as_str(), "checkbox" | "radio")
}

/// The id of the field that a label is for.
fn label_for(event: &Event) -> Option<&str> {
    match event {
        Event::Open(_, element) if element.tag == Tag::Label => element.get(Attr::For),
        _ => None,
    }
}

/// Text before the next block or field.
fn text_behind(events: &[Event]) -> Option<String> {
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(more) if text.len() < MOST_NAME => text.push_str(more),
            Event::Space(_) => text.push(' '),
            Event::Text(_) => {}
            Event::Open(_, element) if element.tag.is_inline() => {}
            Event::Close(_, tag) if tag.is_inline() && *tag != Tag::Label => {}
            _ => break,
        }
    }
    let text = collapsed(&text);
    (!text.is_empty()).then_some(text)
}

fn is_field(element: &Element) -> bool {
    let pressed = ["hidden", "submit", "image", "button", "reset", "file", "password"];
    element.tag == Tag::Select || element.tag == Tag::Input && !pressed.contains(&kind(element).as_str())
}

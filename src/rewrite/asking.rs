//! Forms that ask their own site for something.
//!
//! A form is held until it is known whether a reader can use it: at most 32 KiB of it. It is one when it names where it
//! is sent, has a field to fill in, and no button that sends it elsewhere or in another way. What is none, or is longer,
//! leads to the original page instead: nothing of it could be sent by a press on it.

use super::element::{Attr, Element};
use super::page::Event;
use super::tag::Tag;
use super::tree::Id;

/// What may be held of one form.
const MOST_HELD: usize = 32 << 10;

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
            form.attributes.retain(|(attr, _)| *attr != Attr::Href);
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

    fn observe(&mut self, event: Event) {
        match &event {
            Event::Open(_, element) | Event::Void(element) => {
                self.elsewhere |= element.get(Attr::Elsewhere).is_some() && sends(element);
                self.fields += usize::from(is_field(element));
            }
            Event::Close(id, _) => self.closed |= *id == self.id,
            Event::Text(_) | Event::Main(_) => {}
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

fn is_field(element: &Element) -> bool {
    let pressed = ["hidden", "submit", "image", "button", "reset", "file", "password"];
    element.tag == Tag::Select || element.tag == Tag::Input && !pressed.contains(&kind(element).as_str())
}

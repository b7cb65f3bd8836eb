//! Counts of what a reader would miss.

use super::element::{Attr, Element};
use super::event::Event;
use crate::html::tag::Tag;

/// Elements of a source that a reader would miss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::rewrite) struct Tally {
    pub(in crate::rewrite) headings: u64,
    pub(in crate::rewrite) links: u64,
    pub(in crate::rewrite) images: u64,
    pub(in crate::rewrite) tables: u64,
}

impl Tally {
    /// The count that an element of this kind is in, if it is one a reader would miss.
    pub(in crate::rewrite) fn of(&mut self, element: &Element) -> Option<&mut u64> {
        match element.tag {
            tag if tag.is_heading() => Some(&mut self.headings),
            Tag::A | Tag::Area if element.get(Attr::Href).is_some() => Some(&mut self.links),
            Tag::Img | Tag::Image => Some(&mut self.images),
            Tag::Table => Some(&mut self.tables),
            _ => None,
        }
    }

    /// Counts an element.
    pub(in crate::rewrite) fn note(&mut self, element: &Element) {
        if let Some(count) = self.of(element) {
            *count += 1;
        }
    }

    /// Counts what an event brings.
    pub(in crate::rewrite) fn note_event(&mut self, event: &Event) {
        if let Event::Open(_, element) | Event::Void(element) = event {
            self.note(element);
        }
    }

    pub(in crate::rewrite) fn add(&mut self, other: Self) {
        for (count, more) in self.counts().into_iter().zip([other.headings, other.links, other.images, other.tables]) {
            *count += more;
        }
    }

    pub(in crate::rewrite) fn subtract(&mut self, other: Self) {
        for (count, less) in self.counts().into_iter().zip([other.headings, other.links, other.images, other.tables]) {
            *count = count.saturating_sub(less);
        }
    }

    fn counts(&mut self) -> [&mut u64; 4] {
        [&mut self.headings, &mut self.links, &mut self.images, &mut self.tables]
    }
}

//! What stands between the headline and the first paragraph and belongs to neither: menus and rows of buttons go behind the
//! main part, and so does a line that no article says.

use std::ops::Range;

use crate::clean::is_litter;
use crate::html::stack::Id;
use crate::html::tag::Tag;
use crate::rewrite::element::Element;
use crate::rewrite::event::Event;

/// Events that may be set aside.
const MOST_ASIDE: usize = 4_000;
/// The paragraph around what is set aside.
const ASIDE: Id = Id::MAX - 3;

/// What is set aside, and what may be.
#[derive(Default)]
pub(super) struct Aside {
    /// The runs since the headline, until there is a paragraph.
    runs: Vec<Told>,
    events: Vec<Event>,
}

/// A run before the first paragraph, by its place in what is held.
pub(super) struct Told {
    pub(super) events: Range<usize>,
    /// Letters in links, and how many links.
    pub(super) linked: usize,
    pub(super) links: u32,
    pub(super) menu: bool,
    /// It is short, and no link: it may head a menu.
    pub(super) label: bool,
    /// The names around it say that it is no part of the article.
    pub(super) beside: bool,
}

impl Aside {
    /// Remembers a run before the first paragraph.
    pub(super) fn tell(&mut self, run: Told) {
        self.runs.push(run);
    }

    /// What was told is no longer held.
    pub(super) fn forget(&mut self) {
        self.runs.clear();
    }

    /// The menus among what was told, in order: they stand behind the main part.
    pub(super) fn menus(&mut self) -> Vec<Range<usize>> {
        let runs = std::mem::take(&mut self.runs);
        let mut goes = vec![false; runs.len()];
        let mut at = 0;
        while let Some(first) = runs.get(at) {
            let mut end = at;
            let (mut links, mut linked) = (0, 0);
            while let Some(run) = runs.get(end).filter(|run| run.menu || run.label && end > at) {
                links += run.links;
                linked += run.linked;
                end += 1;
            }
            // What heads no more of them is none of theirs.
            end -= runs[at..end].iter().rev().take_while(|run| !run.menu).count();
            if links >= 3 || linked >= 60 {
                goes[at..end].fill(true);
            }
            if first.beside && (first.menu || first.label) {
                goes[at] = true;
            }
            at = end.max(at + 1);
        }
        runs.into_iter().zip(goes).filter(|(_, goes)| *goes).map(|(run, _)| run.events).collect()
    }

    /// Takes a run, if it is whole, out of what is held; gives its size.
    pub(super) fn take(&mut self, held: &mut Vec<Event>, run: Range<usize>) -> Option<usize> {
        let events = held.get(run.clone()).filter(|events| is_whole(events))?;
        if self.events.len() + events.len() > MOST_ASIDE {
            return None;
        }
        let size = events.iter().map(Event::size).sum();
        self.events.push(Event::Open(ASIDE, Element::new(Tag::P)));
        self.events.extend(held.drain(run));
        self.events.push(Event::Close(ASIDE, Tag::P));
        Some(size)
    }

    /// Sets aside what is behind a place that has passed.
    pub(super) fn add(&mut self, rest: Vec<Event>) {
        self.events.extend(rest);
    }

    /// Hands on what was set aside.
    pub(super) fn hand_on(&mut self, out: &mut Vec<Event>) {
        out.append(&mut self.events);
    }
}

/// Whether these say what no article says.
pub(super) fn say_litter(events: &[Event]) -> bool {
    let mut line = String::new();
    for event in events {
        match event {
            Event::Text(text) => line.push_str(text),
            Event::Space(_) => line.push(' '),
            _ => {}
        }
    }
    is_litter(&line)
}

/// Whether what opens in these closes in them.
fn is_whole(events: &[Event]) -> bool {
    let mut open = Vec::new();
    for event in events {
        match event {
            Event::Open(id, _) => open.push(*id),
            Event::Close(id, _) => match open.iter().rposition(|open| open == id) {
                Some(at) => drop(open.remove(at)),
                None => return false,
            },
            _ => {}
        }
    }
    open.is_empty()
}

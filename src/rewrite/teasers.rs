//! Blocks that nothing but their heading tells: "Read also", "Most read".
//!
//! Headings are held until it is known what they say, and short paragraphs that stand for one. Where a rule knows the
//! heading, what follows is held with it, at most 64 KiB: up to the next heading of its level, the first sentence, or the
//! end of the box around it. If there is nothing but links and labels until then, it goes; if not, it is released.

use super::event::Event;
use super::head::collapsed;
use super::tally::Tally;
use super::words::WordCounter;
use crate::clean::{Hit, Rules};
use crate::html::stack::Id;
use crate::html::tag::Tag;

/// What may be held.
const MOST_HELD: usize = 64 << 10;
/// No heading of such a block is longer, in bytes.
const MOST_HEADING: usize = 100;
/// Letters outside links that make a sentence, and those that each link may have beside it: a date, a section.
const SENTENCE: usize = 70;
const BESIDE: usize = 60;
/// Boxes around the heading alone that may close before the links come.
const MOST_BOXES: u8 = 3;
/// The level of a paragraph that stands for a heading: every heading is above it.
const PARAGRAPH: u8 = 7;

/// What becomes of an event.
pub(super) enum Sifted {
    /// It is held.
    Held,
    /// It is handed on.
    Pass(Event),
    /// These are handed on, in their order.
    Release(Vec<Event>),
    /// A block was taken out, element by element; the first of these are handed on in its place, the others come after it.
    Without(Vec<Taken>, Vec<Event>, Vec<Event>),
}

/// An element that was taken out.
pub(super) struct Taken {
    pub(super) hit: Hit,
    pub(super) tag: Tag,
    pub(super) offset: u64,
    pub(super) words: u64,
    pub(super) tally: Tally,
}

/// Holds what may be such a block.
#[derive(Default)]
pub(super) struct Teasers {
    heading: Option<Heading>,
    block: Option<Block>,
    /// Room of headings that are no more, for the next.
    events: Vec<Vec<Event>>,
    text: String,
}

/// A heading, while it is open.
struct Heading {
    id: Id,
    tag: Tag,
    events: Vec<Event>,
    text: String,
}

/// What stands below a heading that a rule knows, and the heading.
struct Block {
    hit: Hit,
    level: u8,
    events: Vec<Event>,
    size: usize,
    /// What was opened below the heading and is still open.
    open: Vec<Id>,
    /// The event with which the last of what stands side by side below the heading begins.
    sibling: usize,
    /// Boxes around the heading that have closed.
    boxes: u8,
    links: usize,
    in_links: u32,
    /// Letters outside links, and those since the last boundary of blocks.
    plain: usize,
    run: usize,
}

impl Teasers {
    /// Whether text passes as it comes.
    pub(super) fn is_idle(&self) -> bool {
        self.heading.is_none() && self.block.is_none()
    }

    /// Whether an event is none of a block's business.
    pub(super) fn passes(&self, event: &Event) -> bool {
        self.is_idle() && !matches!(event, Event::Open(_, element) if may_head(element.tag))
    }

    /// Gives back what held the events that were released.
    pub(super) fn give_back(&mut self, events: Vec<Event>) {
        if events.is_empty() && self.events.len() < 2 {
            self.events.push(events);
        }
    }

    /// Takes an event.
    pub(super) fn take(&mut self, event: Event, rules: &Rules) -> Sifted {
        if self.block.is_some() {
            return self.below(event);
        }
        let Some(heading) = &mut self.heading else { return self.above(event) };
        let closes = matches!(&event, Event::Close(id, _) if *id == heading.id);
        let goes_on = match &event {
            Event::Text(text) => {
                heading.text.push_str(text);
                heading.text.len() <= MOST_HEADING
            }
            Event::Space(_) => {
                heading.text.push(' ');
                heading.text.len() <= MOST_HEADING
            }
            Event::Open(_, element) => element.tag.is_inline(),
            Event::Close(_, tag) => closes || tag.is_inline(),
            Event::Void(_) | Event::Main(_) | Event::MainEnd => false,
        };
        if goes_on {
            heading.events.push(event);
            return if closes { self.named(rules) } else { Sifted::Held };
        }
        let Some(Heading { mut events, text, .. }) = self.heading.take() else { return self.above(event) };
        self.text = text;
        // A box within the box may hold the heading.
        if let Sifted::Pass(event) = self.above(event) {
            events.push(event);
        }
        Sifted::Release(events)
    }

    /// No heading is open: this may be one.
    fn above(&mut self, event: Event) -> Sifted {
        match &event {
            Event::Open(id, element) if may_head(element.tag) => {
                let (id, tag) = (*id, element.tag);
                let mut events = self.events.pop().unwrap_or_default();
                events.push(event);
                let mut text = std::mem::take(&mut self.text);
                text.clear();
                self.heading = Some(Heading { id, tag, events, text });
                Sifted::Held
            }
            _ => Sifted::Pass(event),
        }
    }

    /// The page has ended.
    pub(super) fn end(&mut self) -> Sifted {
        match (self.heading.take(), self.block.take()) {
            (Some(heading), _) => Sifted::Release(heading.events),
            (None, Some(block)) => block.settle(usize::MAX),
            (None, None) => Sifted::Release(Vec::new()),
        }
    }

    /// A heading has closed.
    fn named(&mut self, rules: &Rules) -> Sifted {
        let Some(heading) = self.heading.take() else { return Sifted::Release(Vec::new()) };
        let hit =
            if rules.may_know_heading(&heading.text) { rules.hit_heading(&collapsed(&heading.text)) } else { None };
        let Heading { tag, events, text, .. } = heading;
        self.text = text;
        let Some(hit) = hit else { return Sifted::Release(events) };
        let level = if tag.is_heading() { tag.name().as_bytes()[1] - b'0' } else { PARAGRAPH };
        let sibling = events.len();
        self.block = Some(Block {
            hit,
            level,
            events,
            size: 0,
            open: Vec::new(),
            sibling,
            boxes: 0,
            links: 0,
            in_links: 0,
            plain: 0,
            run: 0,
        });
        Sifted::Held
    }

    /// Something stands below a heading that a rule knows.
    fn below(&mut self, event: Event) -> Sifted {
        let Some(block) = &mut self.block else { return Sifted::Pass(event) };
        let end = block.take(event);
        let Some(end) = end else { return Sifted::Held };
        match self.block.take() {
            Some(block) => block.settle(end),
            None => Sifted::Held,
        }
    }
}

impl Block {
    /// Holds an event. If the block ends with it: before which of the events that are held.
    fn take(&mut self, event: Event) -> Option<usize> {
        let at = self.events.len();
        self.size += event.size();
        let block = matches!(&event, Event::Open(_, element) if !element.tag.is_inline());
        if self.open.is_empty() && (self.run == 0 || block) {
            self.sibling = at;
        }
        let mut end = None;
        match &event {
            Event::Open(id, element) => {
                let above = element.tag.is_heading() && self.open.is_empty();
                let level = if above { element.tag.name().as_bytes()[1] - b'0' } else { u8::MAX };
                if element.tag == Tag::H1 || level <= self.level {
                    end = Some(self.sibling);
                }
                self.open.push(*id);
                if element.tag == Tag::A {
                    self.in_links += 1;
                    self.links += 1;
                }
                if !element.tag.is_inline() {
                    self.run = 0;
                }
            }
            Event::Close(id, tag) => {
                match self.open.iter().rposition(|open| open == id) {
                    Some(open) => {
                        self.open.remove(open);
                    }
                    // The box around it closes.
                    None if self.links > 0 || self.plain > 0 || self.boxes == MOST_BOXES => end = Some(at),
                    None => self.boxes += 1,
                }
                if *tag == Tag::A {
                    self.in_links = self.in_links.saturating_sub(1);
                }
                if !tag.is_inline() {
                    self.run = 0;
                }
            }
            Event::Text(text) if self.in_links == 0 => {
                let letters = text.chars().filter(|c| !c.is_whitespace()).count();
                self.plain += letters;
                self.run += letters;
                if self.run >= SENTENCE {
                    end = Some(self.sibling);
                }
            }
            Event::Text(_) | Event::Space(_) | Event::Void(_) | Event::Main(_) | Event::MainEnd => {}
        }
        self.events.push(event);
        if self.size > MOST_HELD { Some(0) } else { end }
    }

    /// Takes out what stands before event `end`, if that is links alone.
    fn settle(self, end: usize) -> Sifted {
        let Self { hit, mut events, .. } = self;
        let (end, links, plain) = linked(&events[..end.min(events.len())]);
        if links == 0 || plain > BESIDE * links {
            return Sifted::Release(events);
        }
        let rest = events.split_off(end);
        let mut taken: Vec<Taken> = Vec::new();
        let mut words = WordCounter::default();
        let mut open = Vec::new();
        let mut kept = Vec::new();
        for event in events {
            match &event {
                Event::Text(text) => {
                    if let Some(last) = taken.last_mut() {
                        last.words += words.count(text);
                    }
                }
                Event::Open(id, element) => {
                    if open.is_empty() {
                        words.end();
                        taken.push(Taken {
                            hit: hit.clone(),
                            tag: element.tag,
                            offset: element.offset,
                            words: 0,
                            tally: Tally::default(),
                        });
                    }
                    open.push(*id);
                    if element.tag.divides_words() {
                        words.end();
                    }
                    if let Some(last) = taken.last_mut() {
                        last.tally.note(element);
                    }
                }
                Event::Space(_) => words.end(),
                Event::Void(element) => {
                    if element.tag.divides_words() {
                        words.end();
                    }
                    if let Some(last) = taken.last_mut() {
                        last.tally.note(element);
                    }
                }
                Event::Close(id, tag) => {
                    if !tag.is_inline() {
                        words.end();
                    }
                    match open.iter().rposition(|open| open == id) {
                        Some(at) => {
                            open.remove(at);
                        }
                        // What was opened before the block closes all the same.
                        None => kept.push(event),
                    }
                }
                Event::Main(_) | Event::MainEnd => {}
            }
        }
        Sifted::Without(taken, kept, rest)
    }
}

/// Where the last thing ends in which a link stands; the links up to there, and the letters outside them.
fn linked(events: &[Event]) -> (usize, usize, usize) {
    let (mut depth, mut in_links, mut links, mut plain) = (0_usize, 0_usize, 0, 0);
    let (mut since, mut found) = (false, (0, 0, 0));
    for (at, event) in events.iter().enumerate() {
        match event {
            Event::Open(_, element) => {
                depth += 1;
                if element.tag == Tag::A {
                    in_links += 1;
                    links += 1;
                    since = true;
                }
            }
            Event::Close(_, tag) => {
                depth = depth.saturating_sub(1);
                in_links = in_links.saturating_sub(usize::from(*tag == Tag::A));
            }
            // Text that stands in no element of its own cannot be taken out with one.
            Event::Text(text) if depth == 0 && text.contains(char::is_alphanumeric) => break,
            Event::Text(text) if in_links == 0 => plain += text.chars().filter(|c| !c.is_whitespace()).count(),
            Event::Text(_) | Event::Space(_) | Event::Void(_) | Event::Main(_) | Event::MainEnd => {}
        }
        if depth == 0 && std::mem::take(&mut since) {
            found = (at + 1, links, plain);
        }
    }
    found
}

/// Headings below the first level, and what may stand for one.
fn may_head(tag: Tag) -> bool {
    tag.is_heading() && tag != Tag::H1 || matches!(tag, Tag::P | Tag::Div | Tag::Dt)
}

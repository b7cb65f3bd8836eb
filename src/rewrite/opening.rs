//! Where the main part of the page begins.
//!
//! Held back: the page's beginning, at most 48 KiB of what passes. The main part opens at the headline: the last heading
//! that says what the title says before text follows. Failing that, at other text that repeats the title or a heading of
//! the first level, else before the first paragraph of 200 characters outside links. A notice of 200 characters may stand
//! above the menus, so none of these counts before there is more text than a notice has.
//!
//! When 48 KiB are undecided, a page that does not call itself an article opens its main part at the best guess. One that
//! does has more menus than that: they are written, folded away, while the headline is looked for within the last 8 KiB.

use super::element::Element;
use super::event::Event;
use super::head::{Head, Titled};
use super::words::letters;
use crate::html::stack::Id;
use crate::html::tag::Tag;

/// What may be held back.
const MOST_HELD: usize = 48 << 10;
/// What may be held back once menus are written.
const WINDOW: usize = 8 << 10;
/// Where the search for a headline ends.
const MOST_FOLDED: usize = 512 << 10;
// Lengths of text are in letters: white space is not counted, in whatever pieces it comes.
/// A paragraph that long (200 characters with the spaces) is text, not a label or a menu.
const PARAGRAPH: usize = 170;
/// A run that long is more likely a sentence than a label.
const SENTENCE: usize = 70;
/// Letters of sentences that confirm the headline above them.
const CONFIRMED: usize = 250;
/// Letters of sentences that are the article's, whatever heading may follow; below a heading of the first level, half
/// of that.
const ENOUGH: usize = 1_000;
/// Letters in links that part a menu's heading from the text.
const MENUS: usize = 1_250;
/// Text remembered for telling the language.
const SAMPLE: usize = 8_000;

/// Events that most pages begin with.
const USUAL_EVENTS: usize = 1_000;

/// What is to be done after an event.
pub(super) enum Decision {
    /// Nothing is known yet.
    Wait,
    /// The main part begins in what is held.
    Open,
    /// What is held is none of the main part.
    Fold,
}

/// An element that may be the headline.
#[derive(Clone, Copy)]
struct Candidate {
    /// The event that opened it.
    at: usize,
    id: Id,
    says: Titled,
    /// Characters in links that had come before it closed.
    linked: usize,
}

/// An element that is open.
struct Open {
    id: Id,
    tag: Tag,
    /// The event that opened it.
    at: usize,
    /// Where its text begins.
    text: usize,
    /// Links and items of lists in it: two make a menu.
    links: u8,
}

/// The page's beginning.
#[derive(Default)]
pub(super) struct Opening {
    events: Vec<Event>,
    size: usize,
    /// What was written as menus, in bytes; none before the first 48 KiB are undecided.
    folded: usize,
    sample: String,
    open: Vec<Open>,
    /// Text since the outermost of `open` that may be a headline.
    text: String,
    /// The heading that says what the title says.
    headline: Option<Candidate>,
    /// Other text that does, and the last heading of the first level that does not.
    repeated: Option<Candidate>,
    first_level: Option<Candidate>,
    /// The last heading and how much text has come since.
    heading: Option<(usize, usize)>,
    links: u32,
    /// Characters in links; of these, those before the first text.
    linked: usize,
    linked_above_text: usize,
    run: usize,
    run_start: Option<usize>,
    /// The first long paragraph, and the first sentence.
    paragraph: Option<usize>,
    sentence: Option<usize>,
    /// Characters in sentences; of these, those before the heading of the first level.
    sentences: usize,
    before_first_level: usize,
    since: Since,
}

/// What came since the headline.
#[derive(Default)]
struct Since {
    sentences: usize,
    linked: usize,
    plain: usize,
}

impl Opening {
    /// Text of the beginning, to tell the language by.
    pub(super) fn sample(&self) -> &str {
        &self.sample
    }

    /// Holds one more event.
    pub(super) fn take(&mut self, event: Event, head: &Head) -> Decision {
        let at = self.events.len();
        if at == 0 {
            self.events.reserve(USUAL_EVENTS);
        }
        self.size += event.size();
        match &event {
            Event::Open(id, element) => self.opened(*id, element, at),
            Event::Close(id, tag) => self.closed(*id, *tag, head),
            Event::Text(text) => self.text(text, at),
            Event::Space(_) => self.space(at),
            Event::Void(_) | Event::Main(_) | Event::MainEnd => {}
        }
        self.events.push(event);
        if self.run >= PARAGRAPH && self.paragraph.is_none() {
            self.paragraph = self.run_start;
            self.linked_above_text = self.linked;
        }
        self.decide(head)
    }

    fn decide(&self, head: &Head) -> Decision {
        let run = if self.run >= PARAGRAPH { self.run } else { 0 };
        let sure = self.headline.is_some_and(|headline| headline.says >= Titled::Well);
        if sure && (run > 0 || self.since.sentences >= CONFIRMED) {
            return Decision::Open;
        }
        let seeking = self.folded > 0;
        let below = self.first_level.is_some() && self.sentences >= self.before_first_level + CONFIRMED;
        if seeking && (below || self.paragraph.is_some()) || self.paragraph.is_some() && self.sentences + run >= ENOUGH
        {
            return Decision::Open;
        }
        // A run of text is not parted.
        let most = if !seeking { MOST_HELD } else { WINDOW << usize::from(self.run > 0) };
        if self.size < most {
            // Between two menus there is nothing to hold.
            let rests = self.run == 0 && self.headline.is_none() && self.heading.is_none();
            return if seeking && rests && !self.in_heading() { Decision::Fold } else { Decision::Wait };
        }
        let is_article = head.is_article() && self.folded < MOST_FOLDED;
        if sure || below || self.sentences >= ENOUGH / 2 || !is_article { Decision::Open } else { Decision::Fold }
    }

    /// What is held, to be written as menus.
    pub(super) fn fold(&mut self) -> Vec<Event> {
        self.folded += self.size.max(1);
        self.size = 0;
        (self.headline, self.repeated, self.first_level, self.heading) = (None, None, None, None);
        (self.paragraph, self.sentence) = (None, None);
        (self.sentences, self.before_first_level, self.since) = (0, 0, Since::default());
        (self.linked, self.linked_above_text) = (0, 0);
        self.end_run();
        self.text.clear();
        self.open.clear();
        std::mem::take(&mut self.events)
    }

    fn in_heading(&self) -> bool {
        self.open.iter().any(|open| open.tag.is_heading())
    }

    fn opened(&mut self, id: Id, element: &Element, at: usize) {
        let tag = element.tag;
        if !tag.is_inline() {
            if self.sample.len() < SAMPLE {
                self.sample.push(' ');
            }
            self.end_run();
        }
        if tag == Tag::A {
            self.links += 1;
        }
        if matches!(tag, Tag::A | Tag::Li) {
            self.open.iter_mut().for_each(|open| open.links = open.links.saturating_add(1));
        }
        if self.open.is_empty() {
            self.text.clear();
        }
        self.open.push(Open { id, tag, at, text: self.text.len(), links: 0 });
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
        let Some(index) = self.open.iter().rposition(|open| open.id == id) else { return };
        let open = self.open.remove(index);
        let text = self.text.get(open.text..).unwrap_or_default();
        if text.len() > 600 {
            return;
        }
        let settled = self.first_level.is_some() && self.sentences >= self.before_first_level + ENOUGH / 2;
        let plain = self.links == 0 && open.links < 2 && !self.in_item() && !matches!(tag, Tag::Li | Tag::A);
        // Where text stands below the heading of the first level already, nothing is asked any more.
        if !settled && (tag.is_heading() || plain) {
            let says = head.says(text);
            let candidate = Candidate { at: open.at, id, says, linked: self.linked };
            if tag.is_heading() && says > Titled::No {
                if self.headline.is_none_or(|headline| self.replaces(says, headline)) {
                    self.headline = Some(candidate);
                    self.since = Since::default();
                }
            } else if tag == Tag::H1 && !text.trim().is_empty() && !head.is_site(text) {
                if self.may_head() {
                    self.first_level = Some(candidate);
                    self.before_first_level = self.sentences;
                }
            } else if says > Titled::No && plain && self.may_head() {
                self.repeated = Some(candidate);
            }
        }
        if !self.in_heading() && !tag.is_inline() {
            self.text.push(' ');
        }
    }

    /// What is no heading, or does not say what the title says, is no headline below text.
    fn may_head(&self) -> bool {
        self.paragraph.is_none()
    }

    fn in_item(&self) -> bool {
        self.open.iter().any(|open| open.tag == Tag::Li)
    }

    /// A heading that says it better; or as well, after nothing but menus: the first stood in a bar above them.
    fn replaces(&self, says: Titled, headline: Candidate) -> bool {
        let menus = self.since.sentences == 0 && self.since.linked > 3 * self.since.plain;
        says > headline.says || says == headline.says && menus
    }

    fn text(&mut self, text: &str, at: usize) {
        // However it comes in pieces, the sample is the same.
        if self.sample.len() < SAMPLE {
            let mut end = text.len().min(SAMPLE - self.sample.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            self.sample.push_str(&text[..end]);
        }
        self.text.push_str(text);
        // Nobody's headline is longer: forget the beginning, and the elements that held it.
        if self.text.len() > 4 * MOST_HELD {
            self.text.clear();
            self.open.clear();
        }
        let count = letters(text);
        if self.links > 0 {
            self.since.linked += count;
            self.linked += count;
        } else if !self.in_heading() {
            self.since.plain += count;
            if self.run > 0 || count > 0 {
                self.run_start.get_or_insert(at);
                self.run += count;
            }
        }
        if let Some((_, since)) = &mut self.heading {
            *since += count;
        }
    }

    fn space(&mut self, at: usize) {
        if self.sample.len() < SAMPLE {
            self.sample.push(' ');
        }
        self.text.push(' ');
        if self.run > 0 && self.links == 0 && !self.in_heading() {
            self.run_start.get_or_insert(at);
        }
    }

    fn end_run(&mut self) {
        if self.run >= SENTENCE {
            self.sentence = self.sentence.or(self.run_start);
            self.sentences += self.run;
            self.since.sentences += self.run;
        }
        self.run = 0;
        self.run_start = None;
    }

    /// The events; before which of them the main part opens; and which element is its headline, and whether it says what
    /// the title says.
    pub(super) fn into_events(self) -> (Vec<Event>, usize, Option<(Id, bool)>) {
        let sure = self.headline.filter(|headline| headline.says >= Titled::Well);
        let text = self.paragraph.or(self.sentence);
        let menus = |candidate: &Candidate| self.linked_above_text.saturating_sub(candidate.linked) >= MENUS;
        let above = |candidate: &Candidate| text.is_none_or(|text| candidate.at <= text) && !menus(candidate);
        let repeated = self.repeated.filter(above);
        let well = repeated.filter(|repeated| repeated.says >= Titled::Well);
        let first_level = self.first_level.filter(above);
        // A heading of the first level may be the site's; one may come after the title is repeated in the way to the page.
        let later = [well, first_level].into_iter().flatten().max_by_key(|candidate| candidate.at);
        let best = sure.or(later).or(self.headline.filter(above)).or(repeated);
        if let Some(Candidate { at, id, says, .. }) = best {
            return (self.events, at, Some((id, says >= Titled::Well)));
        }
        let Some(mut at) = text else {
            // Nothing here looks like text: all of it may be.
            let all = 0;
            return (self.events, all, None);
        };
        // A paragraph takes its own start tag along, and a heading right above it.
        loop {
            // White space may have come in a piece of its own.
            let blank = |event: &&Event| match event {
                Event::Text(text) => text.trim().is_empty(),
                event => matches!(event, Event::Space(_)),
            };
            let before = at - self.events[..at].iter().rev().take_while(blank).count();
            match before.checked_sub(1).map(|tag| &self.events[tag]) {
                Some(Event::Open(_, element)) if element.tag != Tag::Body => at = before - 1,
                _ => break,
            }
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

//! Where the main part of the page ends.
//!
//! The article's body is the smallest element that holds most of the sentences taken so far. A paragraph belongs if it
//! stands there; if it comes soon, that is with few letters in links in between; if it looks like what was taken, that is
//! the elements around it have the same names; or if what it is part of holds more text than was taken. What stands in
//! a card, with a link above it, or under a name such as "comments", must come sooner or is never taken.
//!
//! Held back: what came since the last paragraph that belongs, at most 128 KiB of it. The next that belongs releases it.
//! When none comes any more, the main part ends behind what is left of the body: short lines, lists, pictures, files that
//! come with it, up to the first run of links.
//!
//! Menus and rows of buttons between the headline and the first paragraph are set aside: they stand behind the main part.

mod aside;

use std::collections::HashSet;
use std::ops::Range;

use self::aside::{Aside, Told, say_litter};
use super::element::{Attr, Element};
use super::event::Event;
use super::words::letters;
use crate::clean::{Hint, is_file};
use crate::html::stack::Id;
use crate::html::tag::Tag;

/// What may be held back.
const MOST_HELD: usize = 128 << 10;
/// What may be held back before there is any sentence.
const MOST_UNTOLD: usize = 24 << 10;

// Lengths are in letters, as in the opening.
/// A run that long, and longer than its links, is more likely a sentence than a label.
const SENTENCE: usize = 70;
/// A run that long need not end to be known as a paragraph, and says what no engine says.
const KNOWN: usize = 150;
/// A run that long can count for text elsewhere.
const PARAGRAPH: usize = 100;
/// So much text is an article that may have ended.
const ARTICLE: usize = 350;
/// So much text elsewhere is no notice.
const ELSEWHERE: usize = 400;
/// A main part of the source that holds so much holds more than the headline and the lead.
const MAIN: usize = 500;
/// No text of a card is longer.
const CARD: usize = 350;

/// Letters in links that may stand before a paragraph that belongs: one at the article's beginning; in the body; in a
/// card in the body, or where one is at the beginning; in a card elsewhere; in what looks alike; and in other elements by
/// how many levels of the body have been left.
const EARLY: usize = 900;
const WITHIN: usize = 900;
const IN_CARD: usize = 100;
const EARLY_CARD: usize = 40;
const CARD_BESIDE: usize = 40;
const ALIKE: usize = 900;
const SIBLING: usize = 250;
const BESIDE: [usize; 4] = [400, 300, 100, 20];
/// Letters in links that end what is left of the body.
const LINKS: usize = 150;
/// Letters of a label, which does not part one run of links from the next.
const LABEL: usize = 40;
/// Letters in links that a label may have headed.
const HEADED: usize = 60;
/// Letters in links that end a text without sentences, and letters of such a text.
const MENU: usize = 900;
const SCRAPS: usize = 150;
/// Looks remembered.
const MOST_LOOKS: usize = 512;
const MOST_KINDS: usize = 32;

/// Where the main part ends, as it comes.
#[derive(Default)]
pub(super) struct Closing {
    state: State,
    /// The page says of itself that it is an article.
    titled: bool,
    open: Vec<Level>,
    headings: u32,
    captions: u32,
    links: u32,
    /// The link that is open and leads to a file, or to another place of the page: it is none of a menu's.
    own: Option<Id>,
    held: Vec<Event>,
    size: usize,
    run: Run,
    /// The run that is open belongs: what comes flows on.
    flows: bool,
    /// Letters of the paragraphs that belong.
    taken: usize,
    /// How many levels the body lies deep, how many of these are still open, and how many letters it holds.
    body: usize,
    body_open: usize,
    body_mass: usize,
    /// Letters in links since the last paragraph that belongs, and since the last paragraph.
    gap: usize,
    gap_elsewhere: usize,
    /// How many levels are open that the last block of links since the last paragraph stood in.
    card: usize,
    /// Classes of elements around what was taken, and what stood in elements of which classes.
    looks: HashSet<u32, foldhash::fast::RandomState>,
    kinds: Vec<([u32; 3], usize)>,
    elsewhere: Vec<Elsewhere>,
    /// Paragraphs that were taken with no link between them and the one before.
    prose: usize,
    /// Letters of sentences that were not taken.
    refused: usize,
    tail: Tail,
    /// Where the open run begins in what is held.
    run_from: usize,
    aside: Aside,
    /// Events that flowed on, or were set aside, since the main part began.
    flowed: usize,
    /// The main part of the source that the headline stands in.
    main: Option<Id>,
}

#[derive(Default, PartialEq)]
enum State {
    /// The main part has not begun.
    #[default]
    Before,
    Within,
    Ended,
}

/// A block element that is open.
struct Level {
    id: Id,
    tag: Tag,
    hint: Hint,
    look: u32,
    /// Letters taken in it.
    mass: usize,
    /// A paragraph directly in it was taken.
    has_taken: bool,
    /// Its look is remembered.
    seen: bool,
}

/// Text between two boundaries of blocks.
#[derive(Default)]
struct Run {
    plain: usize,
    linked: usize,
    /// Letters in links to files and to places of the page.
    own: usize,
    /// A link leads to a file.
    files: bool,
    links: u32,
    /// A link leads within the page: to a part of the text.
    within: bool,
    /// It shows a picture, or a film by its name.
    shows: bool,
}

/// Sentences that stand outside the body.
struct Elsewhere {
    /// The level that parts them from the body.
    level: usize,
    paragraphs: u32,
    plain: usize,
    linked: usize,
    /// How many levels are open that all of them stand in.
    depth: usize,
}

/// What is left of the body behind the last paragraph that belongs.
#[derive(Default)]
struct Tail {
    /// How many of the events held belong to it.
    end: usize,
    linked: usize,
    plain: usize,
    over: bool,
}

impl Closing {
    /// Whether text passes as it comes.
    pub(super) fn flows(&self) -> bool {
        self.state == State::Ended || self.flows && self.links == 0
    }

    /// Text that passed.
    pub(super) fn passed(&mut self, text: &str) {
        if self.state == State::Within {
            self.run.plain += letters(text);
        }
    }

    /// The main part has begun; `titled` if with a headline that says what the title says.
    pub(super) fn begin(&mut self, titled: bool) {
        self.state = State::Within;
        self.titled = titled;
        self.main = self.open.iter().find(|level| level.tag == Tag::Main).map(|level| level.id);
        self.run = Run::default();
    }

    /// Something that stands before the main part: only what it opens and closes counts.
    pub(super) fn pass_over(&mut self, event: &Event) {
        match event {
            Event::Open(id, element) => self.opened(*id, element),
            Event::Close(id, tag) => self.closed(*id, *tag),
            _ => {}
        }
    }

    /// Takes an event; what flows on is added to `out`.
    pub(super) fn take(&mut self, event: Event, out: &mut Vec<Event>) {
        if self.state != State::Within {
            if self.state == State::Before {
                self.pass_over(&event);
            }
            out.push(event);
            return;
        }
        let bounds = match &event {
            Event::Open(_, element) => !element.tag.is_inline(),
            Event::Close(_, tag) => !tag.is_inline(),
            Event::Void(element) => element.tag == Tag::Hr,
            Event::Text(_) | Event::Space(_) | Event::Main(_) | Event::MainEnd => false,
        };
        if bounds {
            self.end_run(out);
        }
        let mut main_ends = false;
        match &event {
            Event::Open(id, element) => self.opened(*id, element),
            Event::Close(id, tag) => {
                self.closed(*id, *tag);
                main_ends = self.main == Some(*id) && self.taken >= MAIN;
            }
            Event::Text(text) => {
                let count = letters(text);
                let letters = match (self.own, self.links) {
                    (Some(_), _) => &mut self.run.own,
                    (None, 0) => &mut self.run.plain,
                    _ => &mut self.run.linked,
                };
                *letters += count;
            }
            Event::Void(element) => {
                self.run.shows |= match element.tag {
                    Tag::Img | Tag::Image => element.get(Attr::Src).is_some(),
                    tag => matches!(tag, Tag::Input | Tag::Select),
                };
            }
            Event::Space(_) | Event::Main(_) | Event::MainEnd => {}
        }
        if self.flows {
            self.flowed += 1;
            out.push(event);
            return;
        }
        self.size += event.size();
        self.held.push(event);
        if bounds {
            self.run_from = self.held.len();
        }
        if self.taken > 0 && self.run.plain >= KNOWN && self.is_sentence() && self.stands_in_the_body() {
            self.release(out);
            self.flows = true;
        } else if main_ends {
            self.end(out);
        } else if self.size > if self.taken == 0 { MOST_UNTOLD } else { MOST_HELD } {
            if self.taken >= ARTICLE && self.is_article() {
                self.end(out);
            } else {
                self.release(out);
            }
        }
    }

    /// Where the main part is now.
    pub(super) fn place(&self) -> usize {
        self.flowed + self.held.len()
    }

    /// How much text the main part holds, in letters, as far as that is known.
    pub(super) fn holds(&self) -> usize {
        if self.state == State::Within { self.taken + self.tail.plain } else { usize::MAX }
    }

    /// What comes next stands at a place that has passed, if it is held still: what is held behind it is set aside.
    pub(super) fn cut(&mut self, place: usize, out: &mut Vec<Event>) {
        self.end_run(out);
        let headline = self.held.iter().position(|event| matches!(event, Event::Close(_, tag) if tag.is_heading()));
        let at = place.saturating_sub(self.flowed).max(headline.map_or(0, |close| close + 1)).min(self.held.len());
        let rest = self.held.split_off(at);
        self.release(out);
        self.aside.add(rest);
    }

    /// The page has ended: hands on what is held.
    pub(super) fn finish(&mut self, out: &mut Vec<Event>) {
        if self.state != State::Within {
            return;
        }
        self.end_run(out);
        if !self.is_article() {
            self.tail.end = self.held.len();
        }
        self.end(out);
    }

    /// Whether what was taken is an article, and not the first of many things of a page that lists them.
    fn is_article(&self) -> bool {
        let prose = self.taken >= ARTICLE && self.prose > 1 || self.taken >= self.refused;
        if self.taken > 0 { self.titled || prose } else { self.tail.plain >= SCRAPS }
    }

    fn opened(&mut self, id: Id, element: &Element) {
        let tag = element.tag;
        if tag == Tag::A {
            let href = element.get(Attr::Href).unwrap_or_default();
            let within = href.len() > 1 && href.starts_with('#');
            self.run.within |= within;
            let files = is_file(href);
            self.run.files |= files;
            if self.links == 0 && (files || within && self.taken > 0) {
                self.own = Some(id);
            } else {
                self.links += 1;
                self.run.links += 1;
            }
        }
        if tag.is_inline() {
            return;
        }
        self.headings += u32::from(tag.is_heading());
        self.captions += u32::from(tag == Tag::Figcaption);
        let hint = match tag {
            Tag::Aside | Tag::Nav => element.hint.with(Hint::BESIDE),
            Tag::Footer => element.hint.with(Hint::BESIDE).with(Hint::FOREIGN),
            _ => element.hint,
        };
        let tag = if element.get(Attr::MainRole).is_some() { Tag::Main } else { tag };
        self.open.push(Level { id, tag, hint, look: element.look, mass: 0, has_taken: false, seen: false });
        self.run.shows |= element.shows;
    }

    fn closed(&mut self, id: Id, tag: Tag) {
        if self.own == Some(id) {
            self.own = None;
        } else if tag == Tag::A {
            self.links = self.links.saturating_sub(1);
        }
        if tag.is_inline() {
            return;
        }
        let Some(at) = self.open.iter().rposition(|level| level.id == id) else { return };
        self.headings -= u32::from(tag.is_heading());
        self.captions -= u32::from(tag == Tag::Figcaption);
        self.open.remove(at);
        // What closes below others that stay open takes no place of theirs.
        let depth = at.min(self.open.len());
        self.body_open = self.body_open.min(depth);
        self.card = self.card.min(depth);
        self.elsewhere.retain_mut(|elsewhere| {
            elsewhere.depth = elsewhere.depth.min(depth);
            elsewhere.level < depth
        });
    }

    fn is_sentence(&self) -> bool {
        let Run { plain, linked, .. } = self.run;
        plain >= SENTENCE && plain >= linked && self.headings == 0 && self.captions == 0
    }

    /// Whether the run stands beside paragraphs that were taken.
    fn stands_in_the_body(&self) -> bool {
        let depth = self.open.len();
        let parent = depth.checked_sub(2).and_then(|parent| self.open.get(parent));
        let in_body = self.body_open == self.body && (depth == self.body || depth == self.body + 1);
        in_body || parent.is_some_and(|parent| parent.has_taken)
    }

    fn end_run(&mut self, out: &mut Vec<Event>) {
        let run = std::mem::take(&mut self.run);
        if std::mem::take(&mut self.flows) {
            self.count(run.plain);
            return;
        }
        if run.plain == 0 && run.linked == 0 && run.own == 0 && !run.shows {
            return;
        }
        let Run { plain, linked, .. } = run;
        if plain < KNOWN && run.own == 0 && self.headings == 0 && !run.shows && say_litter(self.open_run()) {
            self.put_aside(self.run_from..self.held.len());
            return;
        }
        self.run = run;
        let sentence = self.is_sentence();
        let run = std::mem::take(&mut self.run);
        if !sentence {
            self.gap += linked;
            self.gap_elsewhere += linked;
            if linked > plain {
                self.card = self.open.len();
            }
            if self.taken == 0 && self.headings == 0 && !run.shows {
                self.aside.tell(self.told(&run));
            }
            self.lengthen(&run);
            return;
        }
        let verdict = self.judge(plain, linked);
        self.card = 0;
        match verdict {
            Verdict::Belongs => {
                let mut moved = 0;
                for menu in self.aside.menus() {
                    let before = self.held.len();
                    self.put_aside(menu.start - moved..menu.end - moved);
                    moved += before - self.held.len();
                }
                self.release(out);
                self.count(plain);
            }
            Verdict::Outweighs(at) => {
                self.release(out);
                let Elsewhere { plain, depth, .. } = self.elsewhere.swap_remove(at);
                self.elsewhere.clear();
                self.taken += plain;
                self.open.iter_mut().take(depth).for_each(|level| level.mass += plain);
                self.settle_body();
            }
            Verdict::Foreign => {
                self.refused += plain;
                self.lengthen(&run);
            }
        }
    }

    /// Whether a paragraph belongs to the article.
    fn judge(&mut self, plain: usize, linked: usize) -> Verdict {
        let (shared, depth) = (self.body_open, self.open.len());
        let left = self.body - shared;
        let begins = self.taken == 0;
        let foreign = self.hinted(if begins { depth.saturating_sub(4) } else { shared }, Hint::FOREIGN);
        if begins {
            return if foreign { self.weigh(plain, linked, foreign) } else { Verdict::Belongs };
        }
        if self.stands_in_the_body() {
            return Verdict::Belongs;
        }
        let beside = self.hinted(shared, Hint::BESIDE);
        let card = self.card > shared && self.card + 3 >= depth && plain < CARD;
        let gap = self.gap;
        let level = self.open.get(shared);
        let belongs = if self.taken < ARTICLE {
            gap < EARLY && !beside && !(card && gap > EARLY_CARD)
        } else if left == 0 {
            gap < WITHIN && !(foreign && gap > 0) && !(card && gap >= IN_CARD)
        } else {
            let soon = if card { CARD_BESIDE } else { BESIDE[left.min(BESIDE.len()) - 1] };
            let sibling = level.is_some_and(|level| self.looks.contains(&level.look)) && left <= 2 && !card;
            !beside && (gap < soon || sibling && gap < SIBLING)
        };
        if belongs || !foreign && gap < ALIKE && self.looks_alike() {
            return Verdict::Belongs;
        }
        self.weigh(plain, linked, foreign)
    }

    /// Whether what is hinted at by the nearest name that hints at anything, at or below a level, is one of these.
    fn hinted(&self, from: usize, hints: Hint) -> bool {
        for level in self.open.iter().skip(from).rev() {
            if level.hint.has(hints) {
                return true;
            }
            if level.hint.has(Hint::TEXT) {
                return false;
            }
        }
        false
    }

    /// The names of the elements around the run.
    fn kind(&self) -> [u32; 3] {
        let mut kind = [0; 3];
        for (place, level) in kind.iter_mut().zip(self.open.iter().rev()) {
            *place = level.look ^ level.tag as u32;
        }
        kind
    }

    /// Whether a good part of what was taken stands in elements of the same names.
    fn looks_alike(&self) -> bool {
        let named = self.open.iter().rev().take(3).any(|level| level.look != 0);
        let kind = self.kind();
        let mass = self.kinds.iter().find(|(known, _)| *known == kind).map_or(0, |(_, mass)| *mass);
        named && self.open.len() - self.body_open <= 6 && 10 * mass >= 3 * self.taken
    }

    /// A paragraph elsewhere: with others it may outweigh what was taken.
    fn weigh(&mut self, plain: usize, linked: usize, foreign: bool) -> Verdict {
        if foreign || plain < PARAGRAPH || 5 * linked >= plain || self.open.is_empty() {
            return Verdict::Foreign;
        }
        let links = std::mem::take(&mut self.gap_elsewhere);
        let depth = self.open.len();
        let level = self.body_open.min(depth - 1);
        let at = match self.elsewhere.iter().position(|elsewhere| elsewhere.level == level) {
            Some(at) => {
                let elsewhere = &mut self.elsewhere[at];
                elsewhere.linked += links;
                elsewhere.plain += plain;
                elsewhere.paragraphs += 1;
                elsewhere.depth = elsewhere.depth.min(depth);
                at
            }
            None => {
                self.elsewhere.push(Elsewhere { level, paragraphs: 1, plain, linked: 0, depth });
                self.elsewhere.len() - 1
            }
        };
        let Elsewhere { plain, linked, paragraphs, .. } = self.elsewhere[at];
        // An imprint is one paragraph, behind many links.
        let near = 3 * self.gap < plain || self.taken < ARTICLE;
        let much = plain > self.taken && plain > ELSEWHERE && 20 * linked < 3 * plain;
        let outweighs = much && near && (paragraphs > 1 || self.taken == 0);
        if outweighs { Verdict::Outweighs(at) } else { Verdict::Foreign }
    }

    /// A paragraph was taken.
    fn count(&mut self, plain: usize) {
        self.prose += usize::from(self.gap == 0);
        self.taken += plain;
        let looks = &mut self.looks;
        for level in &mut self.open {
            level.mass += plain;
            if !level.seen && looks.len() < MOST_LOOKS {
                level.seen = true;
                looks.insert(level.look);
            }
        }
        if let Some(parent) = self.open.len().checked_sub(2).and_then(|parent| self.open.get_mut(parent)) {
            parent.has_taken = true;
        }
        let kind = self.kind();
        match self.kinds.iter().position(|(known, _)| *known == kind) {
            Some(at) => self.kinds[at].1 += plain,
            None if self.kinds.len() < MOST_KINDS => self.kinds.push((kind, plain)),
            None => {}
        }
        if self.body_open == self.body {
            self.body_mass += plain;
        }
        self.settle_body();
        self.gap = 0;
        self.gap_elsewhere = 0;
    }

    /// The body is the deepest of the open elements that holds most of what was taken; one that has closed stays it as
    /// long as it does and lies deeper.
    fn settle_body(&mut self) {
        let most = |mass: usize| 5 * mass >= 3 * self.taken;
        let depth = self.open.iter().take_while(|level| most(level.mass)).count();
        // One paragraph is no body.
        let own = self.open.last().is_some_and(|level| matches!(level.tag, Tag::P | Tag::Li | Tag::Dd));
        let depth = depth.min(self.open.len() - usize::from(own));
        if depth == self.body_open && self.body > depth && most(self.body_mass) {
            return;
        }
        (self.body, self.body_open) = (depth, depth);
        self.body_mass = depth.checked_sub(1).map_or(self.taken, |body| self.open[body].mass);
    }

    /// A run that is no sentence, or is none of the article's: it may be what is left of the body.
    fn lengthen(&mut self, run: &Run) {
        // Files right behind the body, and the line above them, are the article's.
        let files = run.files && self.tail.linked < HEADED && !self.hinted(self.body_open, Hint::BESIDE);
        let heads_files = run.links == 0 && run.plain < LABEL && run.own == 0 && !run.shows;
        let left = self.body_open < self.body;
        let tail = &mut self.tail;
        let menu = run.linked > run.plain + run.own && !run.shows;
        if self.taken == 0 {
            tail.plain += if menu { 0 } else { run.plain };
            tail.over |= tail.linked >= MENU && tail.plain >= SCRAPS;
        } else {
            if left && heads_files {
                return;
            }
            tail.over |= left && !files;
        }
        if menu {
            tail.linked += run.linked;
            tail.over |= self.taken > 0 && tail.linked >= LINKS;
        } else if self.taken > 0 && tail.linked >= HEADED && run.plain < LABEL && !run.shows {
            // A label between links heads more of them.
        } else if !tail.over && self.headings == 0 {
            tail.end = self.held.len();
            tail.linked = 0;
        }
    }

    /// The open run, as far as it is held.
    fn open_run(&self) -> &[Event] {
        self.held.get(self.run_from..).unwrap_or_default()
    }

    /// What there is to say of a run before the first paragraph.
    fn told(&self, run: &Run) -> Told {
        Told {
            events: self.run_from..self.held.len(),
            linked: run.linked,
            links: run.links,
            menu: run.linked > run.plain && !run.within,
            label: run.links == 0 && run.plain < LABEL,
            beside: self.hinted(self.open.len().saturating_sub(4), Hint::BESIDE),
        }
    }

    /// Moves a run, if it is whole, behind the main part.
    fn put_aside(&mut self, run: Range<usize>) {
        let Some(size) = self.aside.take(&mut self.held, run.clone()) else { return };
        self.flowed += run.len();
        self.size = self.size.saturating_sub(size);
        self.run_from = self.held.len();
    }

    fn release(&mut self, out: &mut Vec<Event>) {
        self.flowed += self.held.len();
        out.append(&mut self.held);
        self.aside.forget();
        self.run_from = 0;
        self.size = 0;
        self.tail = Tail { plain: self.tail.plain, ..Tail::default() };
    }

    /// The main part ends in what is held.
    fn end(&mut self, out: &mut Vec<Event>) {
        // What closes there closes in the main part.
        let closes = |event: &&Event| matches!(event, Event::Close(..) | Event::Space(_));
        let end = self.tail.end.min(self.held.len());
        let end = end + self.held[end..].iter().take_while(closes).count();
        let rest = self.held.split_off(end);
        out.append(&mut self.held);
        out.push(Event::MainEnd);
        self.aside.hand_on(out);
        out.extend(rest);
        self.size = 0;
        self.flows = false;
        self.state = State::Ended;
    }
}

/// What becomes of a paragraph.
enum Verdict {
    Belongs,
    /// With others elsewhere, it is more than what was taken.
    Outweighs(usize),
    Foreign,
}

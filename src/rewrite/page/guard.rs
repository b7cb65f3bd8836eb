//! First stage: the guard. What a rule suppresses is held until it closes, at most 64 KiB of it; what turns out to hold
//! the headline or the text is released.

use super::{MOST_LOSSES, Page, SMALL};
use crate::clean::{Guard, Hit, Removal};
use crate::html::stack::Id;
use crate::html::tag::Tag;
use crate::rewrite::element::{Attr, Element};
use crate::rewrite::event::Event;
use crate::rewrite::frame;
use crate::rewrite::head::Head;
use crate::rewrite::noscript;
use crate::rewrite::place::Places;
use crate::rewrite::tally::Tally;
use crate::rewrite::words::WordCounter;
use crate::rewrite::writer::forms;

/// An element that a rule suppresses, while it is open.
pub(super) struct Suppressed {
    pub(super) id: Id,
    pub(super) hit: Option<Box<Hit>>,
    tag: Tag,
    offset: u64,
    /// Held back, in case the rule was wrong; `None` where nobody ever sees it or it has grown too large.
    pub(super) held: Option<Vec<Event>>,
    size: usize,
    word_count: WordCounter,
    pub(super) words: u64,
    /// What it holds of what a reader would miss, and whether it is counted itself.
    pub(super) tally: Tally,
    counted: bool,
    /// Characters of text outside links, in runs that look like sentences.
    sentences: usize,
    run: usize,
    links: u32,
    headline: bool,
    /// It holds something that a site profile keeps.
    keeper: bool,
    pub(super) opaque: bool,
    /// Text of an open heading.
    heading: Option<String>,
    /// Raw text of `noscript`, in which lazy pictures have their plain twins.
    pub(super) raw: String,
    /// Where an embedded page is and what it is called.
    embed: Option<(String, Option<String>)>,
    /// A list of options, as it fills.
    list: Option<Box<OptionList>>,
}

/// A list of options in a form.
struct OptionList {
    select: Element,
    count: usize,
    written: String,
}

impl OptionList {
    fn observe(&mut self, event: &Event) {
        let clean = |text: &str| text.replace([forms::UNIT, forms::RECORD], " ");
        match event {
            Event::Open(_, element) if element.tag == Tag::Option && self.count < forms::MOST_OPTIONS => {
                self.count += 1;
                let chosen = if element.get(Attr::Checked).is_some() { "1" } else { "0" };
                let value = element.get(Attr::Text).map(|value| format!("={}", clean(value))).unwrap_or_default();
                self.written.push_str(&format!("{}{chosen}{}{value}{}", forms::RECORD, forms::UNIT, forms::UNIT));
            }
            Event::Text(text) if self.count > 0 && self.written.len() < MOST_HELD => {
                self.written.push_str(&clean(text))
            }
            Event::Space(_) if self.count > 0 && self.written.len() < MOST_HELD => self.written.push(' '),
            _ => {}
        }
    }
}

/// A button says no more.
const WORDS_OF_A_LABEL: u64 = 8;
/// What a suppressed element may hold before it is given up.
const MOST_HELD: usize = 64 << 10;
/// An element that holds so many characters of sentences is the text, whatever it is called.
const SENTENCES: usize = 1_500;
/// What the page hides until a script shows it is shown from so many characters of sentences on.
const PROSE: usize = 300;
/// A main part with less has lost the article; an element with less is none.
const FEW: usize = 150;

impl Page<'_> {
    pub(super) fn suppress(&mut self, id: Id, element: Element) {
        let keeps = self.places.as_ref().is_some_and(Places::keeps);
        let guarded = !element.opaque && element.hit.as_ref().is_some_and(|hit| keeps || hit.guard != Guard::None);
        let embed = matches!(element.tag, Tag::Iframe | Tag::Video | Tag::Audio | Tag::Object).then(|| {
            element.get(Attr::Href).map(|href| (href.to_owned(), element.get(Attr::Title).map(str::to_owned)))
        });
        let embed = if element.hit.is_some() { None } else { embed.flatten() };
        let opaque = element.opaque;
        let list = (element.tag == Tag::Select && element.hit.is_none())
            .then(|| Box::new(OptionList { select: element.clone(), count: 0, written: String::new() }));
        let (hit, tag, offset) = (element.hit.clone(), element.tag, element.offset);
        self.suppressed.push(Suppressed {
            id,
            hit,
            tag,
            offset,
            held: guarded.then(|| vec![Event::Open(id, Element { hit: None, ..element })]),
            size: 0,
            word_count: WordCounter::default(),
            words: 0,
            tally: Tally::default(),
            counted: false,
            sentences: 0,
            run: 0,
            links: 0,
            headline: false,
            keeper: false,
            opaque,
            heading: None,
            raw: String::new(),
            embed,
            list,
        });
    }

    pub(super) fn hold(&mut self, root: Id, event: Event) {
        let head = &self.head;
        let Some(at) = self.suppressed.iter().rposition(|s| s.id == root) else { return };
        let suppressed = &mut self.suppressed[at];
        suppressed.observe(&event, head);
        let Some(held) = &mut suppressed.held else { return };
        suppressed.size += event.size();
        held.push(event);
        if suppressed.is_saved() {
            let suppressed = self.suppressed.remove(at);
            self.release(suppressed);
        } else if suppressed.size > MOST_HELD {
            suppressed.held = None;
        }
    }

    pub(super) fn settle(&mut self, mut suppressed: Suppressed) {
        // It was within something that a rule hit by mistake, and was counted with that.
        if suppressed.opaque && suppressed.counted {
            self.words_removed += suppressed.words;
            self.account.removed.add(suppressed.tally);
        }
        // A link to share something may hold what is to be shared: a quotation from the text.
        let by_address = suppressed.hit.as_ref().is_some_and(|hit| hit.selector.starts_with("a[href"));
        if by_address && suppressed.words > WORDS_OF_A_LABEL && suppressed.held.is_some() {
            let (id, tag) = (suppressed.id, suppressed.tag);
            self.release(suppressed);
            self.released.pop();
            self.opened(Event::Close(id, tag));
            return;
        }
        if suppressed.tag == Tag::Noscript && !suppressed.raw.is_empty() && !self.nested_markup(&suppressed.raw, PROSE)
        {
            self.pictures_of_noscript(&suppressed.raw);
        }
        if suppressed.tag == Tag::Noframes && self.frames.is_some() {
            self.nested_markup(&suppressed.raw, 0);
        }
        if let Some(list) = suppressed.list.take().filter(|list| list.count > 0) {
            let OptionList { mut select, written, .. } = *list;
            select.opaque = false;
            select.set(Attr::Options, written);
            self.opened(Event::Void(select));
            return;
        }
        if let Some((href, title)) = suppressed.embed.take() {
            let name = title.unwrap_or_else(|| frame::embed_name(suppressed.tag, &href, self.head.ui));
            self.link_to(&href, name, true);
            return;
        }
        let Some(hit) = suppressed.hit.clone() else { return };
        if !suppressed.opaque {
            self.words_removed += suppressed.words;
            self.account.removed.add(suppressed.tally);
        }
        let removal = suppressed.entry(&hit, self.at.0);
        if suppressed.headline || suppressed.keeper {
            let what = if suppressed.headline { "the headline" } else { "what the site profile keeps" };
            self.lose(format!("{what}, taken out with {}", at_place(&removal)));
        } else if hit.guard == Guard::None && self.largest.as_ref().is_none_or(|most| most.words < removal.words) {
            self.largest = Some(removal.clone());
        } else if hit.guard == Guard::Text && suppressed.sentences >= SENTENCES && removal.words > SMALL {
            self.lose(format!("{} words of sentences, taken out with {}", removal.words, at_place(&removal)));
        }
        self.receipt.remove(removal);
        // Comments, advertisements and what nobody guards never come back.
        let guarded = matches!(hit.guard, Guard::Text | Guard::Prose)
            && suppressed.held.is_some()
            && !hit.rule.starts_with("ad:");
        let most = self.comeback.as_ref().map_or(FEW, |(most, _)| most.sentences);
        if guarded && !suppressed.opaque && suppressed.sentences > most {
            self.comeback = Some((suppressed, self.closing.place()));
        }
    }

    /// If the main part holds the headline and almost nothing, the removed element that holds most comes back.
    pub(super) fn bring_back(&mut self) {
        if self.closing.holds() >= FEW {
            self.comeback = None;
        }
        let Some((suppressed, place)) = self.comeback.take() else { return };
        let removed = &mut self.receipt.removed;
        let Some(at) = removed.iter().rposition(|removal| removal.offset == suppressed.offset) else { return };
        let removal = removed.remove(at);
        self.receipt.spared.push(removal);
        self.words_removed = self.words_removed.saturating_sub(suppressed.words);
        self.account.removed.subtract(suppressed.tally);
        self.cut_main(place);
        let (id, tag) = (suppressed.id, suppressed.tag);
        self.replay(suppressed.held.unwrap_or_default());
        self.opened(Event::Close(id, tag));
        self.sift_last();
    }

    /// Frames become links to them, behind what the page says to those who have none.
    pub(super) fn settle_frames(&mut self) {
        for frame in self.frames.take().unwrap_or_default() {
            let Some(href) = frame.get(Attr::Href).map(str::to_owned) else { continue };
            let file =
                || href.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned();
            let own = [Attr::Title, Attr::Label, Attr::Name].into_iter().filter_map(|attr| frame.get(attr));
            let name = own.map(str::trim).find(|name| name.chars().count() > 2).map_or_else(file, str::to_owned);
            self.link_to(&href, name, false);
        }
    }

    /// A paragraph that is a link, in place of what the source shows there.
    fn link_to(&mut self, href: &str, name: String, shows: bool) {
        let mut link = Element::new(Tag::A);
        link.set(Attr::Href, href);
        link.set(Attr::Title, name.clone());
        self.account.came.note(&link);
        let id = Id::MAX - 1;
        self.opened(Event::Open(id - 1, Element { shows, ..Element::new(Tag::P) }));
        self.opened(Event::Open(id, link));
        self.opened(Event::Text(name.into()));
        self.opened(Event::Close(id, Tag::A));
        self.opened(Event::Close(id - 1, Tag::P));
    }

    /// Markup that a browser shows to readers without scripts or frames: here nobody has them.
    fn nested_markup(&mut self, raw: &str, least: usize) -> bool {
        let events = noscript::markup(raw, self.nested, self.rules, &self.addresses, least);
        self.nested += 1 << 17;
        let found = !events.is_empty();
        events.into_iter().for_each(|event| self.route(event, 0));
        found
    }

    /// Adds a loss to the receipt, which never grows past a bound.
    pub(super) fn lose(&mut self, loss: String) {
        if self.receipt.lost.len() < MOST_LOSSES {
            self.receipt.lost.push(loss);
        }
    }

    pub(super) fn release(&mut self, suppressed: Suppressed) {
        let Some(hit) = &suppressed.hit else { return };
        self.receipt.spared.push(suppressed.entry(hit, self.at.0));
        self.released.push(suppressed.id);
        if let (false, Some(Event::Open(_, element))) = (suppressed.counted, suppressed.held.iter().flatten().next()) {
            self.account.came.note(element);
        }
        self.replay(suppressed.held.unwrap_or_default());
    }

    /// Hands on what was held by mistake; what is suppressed on its own account within it stays so.
    pub(super) fn replay(&mut self, events: Vec<Event>) {
        let mut inner: Option<Id> = None;
        for event in events {
            match (inner, event) {
                (Some(root), Event::Close(id, _)) if id == root => {
                    inner = None;
                    if let Some(at) = self.suppressed.iter().rposition(|s| s.id == root) {
                        let suppressed = self.suppressed.remove(at);
                        self.settle(suppressed);
                    }
                }
                (Some(root), event) => {
                    self.hold(root, event);
                    if !self.is_suppressing(root) {
                        inner = None;
                    }
                }
                (None, Event::Open(id, element)) if element.opaque || element.hit.is_some() => {
                    inner = Some(id);
                    let mut tally = Tally::default();
                    tally.note(&element);
                    self.suppress(id, element);
                    if let Some(suppressed) = self.suppressed.last_mut() {
                        (suppressed.tally, suppressed.counted) = (tally, true);
                    }
                }
                (None, Event::Void(element)) if element.hit.is_some() => {
                    self.account.removed.note(&element);
                    self.suppress(0, element);
                    if let Some(suppressed) = self.suppressed.pop() {
                        self.settle(suppressed);
                    }
                }
                (None, event) => self.opened(event),
            }
        }
    }

    pub(super) fn is_suppressing(&self, root: Id) -> bool {
        self.suppressed.iter().any(|s| s.id == root)
    }
}

pub(super) fn at_place(removal: &Removal) -> String {
    format!("{} by {} at byte {} ({})", removal.element, removal.selector, removal.offset, removal.rule)
}

impl Suppressed {
    /// What the receipt says of it, where it ends at `end`.
    fn entry(&self, hit: &Hit, end: u64) -> Removal {
        Removal {
            rule: hit.rule.clone(),
            selector: hit.selector.clone(),
            element: self.tag.name().to_owned(),
            offset: self.offset,
            words: self.words,
            bytes: end.saturating_sub(self.offset),
        }
    }

    /// Looks for what would make the rule wrong.
    fn observe(&mut self, event: &Event, head: &Head) {
        if let Some(list) = &mut self.list {
            list.observe(event);
        }
        if let Event::Open(_, element) | Event::Void(element) = event {
            self.keeper |= element.get(Attr::Kept).is_some();
        }
        self.tally.note_event(event);
        match event {
            Event::Text(text) => {
                self.words += self.word_count.count(text);
                if self.links == 0 {
                    self.run += text.chars().count();
                }
                if let Some(heading) = &mut self.heading
                    && heading.len() < 1000
                {
                    heading.push_str(text);
                }
            }
            Event::Space(length) => {
                self.word_count.end();
                if self.links == 0 {
                    self.run += length;
                }
                if let Some(heading) = &mut self.heading {
                    heading.push(' ');
                }
            }
            Event::Open(_, element) => {
                if element.tag == Tag::A {
                    self.links += 1;
                } else if !element.tag.is_inline() {
                    self.word_count.end();
                    self.end_run();
                }
                if element.tag.is_heading() {
                    self.heading = Some(String::new());
                }
            }
            Event::Close(_, tag) => {
                if *tag == Tag::A {
                    self.links = self.links.saturating_sub(1);
                } else if !tag.is_inline() {
                    self.word_count.end();
                    self.end_run();
                }
                if tag.is_heading()
                    && let Some(heading) = self.heading.take()
                {
                    self.headline |= *tag == Tag::H1 && head.is_titled(&heading);
                }
            }
            Event::Void(element) if element.tag.divides_words() => self.word_count.end(),
            Event::Void(_) | Event::Main(_) | Event::MainEnd => {}
        }
    }

    /// A run of 80 characters without a link is more likely prose than a label.
    fn end_run(&mut self) {
        if self.run >= 80 {
            self.sentences += self.run;
        }
        self.run = 0;
    }

    fn is_saved(&self) -> bool {
        let Some(hit) = &self.hit else { return false };
        if self.keeper {
            return true;
        }
        match hit.guard {
            Guard::None => false,
            Guard::Headline => self.headline,
            Guard::Prose => self.headline || self.sentences + if self.run >= 80 { self.run } else { 0 } >= PROSE,
            Guard::Text => self.headline || self.sentences + if self.run >= 80 { self.run } else { 0 } >= SENTENCES,
        }
    }
}

//! Page mode: from the stack's events to a designed page.
//!
//! Events pass four stages, each of which may hold some of them back for a while:
//!
//! 1. the **guard** holds what a rule suppresses until it closes, at most 64 KiB: what turns out to hold the headline
//!    or the text is released;
//! 2. the **opening** holds the page's beginning, at most 48 KiB of it, until it is known where the main part begins;
//! 3. **forms** that ask their own site are held until it is known whether a reader can use them, at most 32 KiB of each;
//! 4. **tables** are held until it is known whether they hold data or the layout, at most 16 KiB of each.

use super::Options;
use super::asking::Asking;
use super::element::{self, Addresses, Attr, Element};
use super::frame;
use super::head::Head;
use super::opening::{Decision, Opening};
use super::place::Places;
use super::tables::{TableKind, Tables};
use super::tag::Tag;
use super::tokens::StartTag;
use super::tree::{Id, TreeSink};
use super::words::Words;
use super::writer::{Region, Writer, forms};
use crate::clean::{Guard, Hit, Receipt, Removal, Rules, Verdict};

/// What the stack tells, as a value that can be held back.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Open(Id, Element),
    Void(Element),
    Text(Box<str>),
    Close(Id, Tag),
    /// The main part begins here; with the element that is its headline, where there is one.
    Main(Option<Id>),
}

impl Event {
    /// What it costs to hold it, in bytes of the page, roughly.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Open(_, element) | Self::Void(element) => {
                8 + element.attributes.iter().map(|(_, value)| value.len()).sum::<usize>()
            }
            Self::Text(text) => text.len(),
            Self::Close(..) => 5,
            Self::Main(_) => 0,
        }
    }
}

/// An element that a rule suppresses, while it is open.
struct Suppressed {
    id: Id,
    hit: Option<Box<Hit>>,
    tag: Tag,
    offset: u64,
    /// Held back, in case the rule was wrong; `None` where nobody ever sees it or it has grown too large.
    held: Option<Vec<Event>>,
    size: usize,
    word_count: Words,
    words: u64,
    /// Characters of text outside links, in runs that look like sentences.
    sentences: usize,
    run: usize,
    links: u32,
    headline: bool,
    /// It holds something that a site profile keeps.
    keeper: bool,
    opaque: bool,
    /// Text of an open heading.
    heading: Option<String>,
    /// Raw text of `noscript`, in which lazy pictures have their plain twins.
    raw: String,
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
            _ => {}
        }
    }
}

/// A short link, while it is open.
struct HeldLink {
    id: Id,
    offset: u64,
    events: Vec<Event>,
    text: String,
}

/// A button says no more.
const WORDS_OF_A_LABEL: u64 = 8;
/// No label of a rule is longer.
const MOST_LABEL: usize = 100;
/// What a suppressed element may hold before it is given up.
const MOST_HELD: usize = 64 << 10;
/// An element that holds so many characters of sentences is the text, whatever it is called.
const SENTENCES: usize = 1_500;
/// What the page hides until a script shows it is shown from so many characters of sentences on.
const PROSE: usize = 300;
/// A page or a part of it with no more words is a notice at most.
const SMALL: u64 = 40;
/// Losses named in a receipt.
const MOST_LOSSES: usize = 50;
/// Raw text that is looked through for pictures.
const MOST_RAW: usize = 16 << 10;

/// Page mode.
pub(super) struct Page<'r> {
    rules: &'r Rules,
    options: Options,
    addresses: Addresses,
    /// Where elements stand, if a site profile or a filter list asks.
    places: Option<Places>,
    head: Head,
    suppressed: Vec<Suppressed>,
    opening: Option<Opening>,
    asking: Asking,
    tables: Tables,
    writer: Writer,
    pub(super) receipt: Receipt,
    /// The token's place in the source.
    at: (u64, u64),
    /// Main parts of the source that are open: when the one with the headline closes, so does ours.
    mains: Vec<Id>,
    headline: Option<Id>,
    main_of_headline: Option<Id>,
    /// Sections of the source within which a footer is not the page's.
    sections: Vec<Id>,
    /// Characters of text in the main part.
    main_text: usize,
    in_title: bool,
    last_image_unresolved: bool,
    /// Words that came in, but for those of elements nobody ever sees; and words that rules took out.
    words_in: u64,
    counting: Words,
    words_removed: u64,
    /// The removal without a guard that took most.
    largest: Option<Removal>,
    /// A link that is open, held until it is known what it says.
    link: Option<HeldLink>,
    /// Elements that were released, for the stack to learn.
    released: Vec<Id>,
    /// Where the fold before the main part starts in the output, and where its content does.
    fold: (usize, usize),
}

impl<'r> Page<'r> {
    pub(super) fn new(rules: &'r Rules, options: &Options) -> Self {
        let (page, base) = (options.base_url.clone(), options.base_url.clone());
        let addresses = Addresses { page, base, links: options.links.clone() };
        let places = options.site.clone().map(|site| Places::new(site, options.base_url.as_ref()));
        let head = Head::default();
        let writer = Writer::new(frame::phrases("en"), "");
        Self {
            rules,
            options: options.clone(),
            addresses,
            places,
            head,
            suppressed: Vec::new(),
            opening: Some(Opening::default()),
            asking: Asking::default(),
            tables: Tables::default(),
            writer,
            receipt: Receipt { source: options.source.clone(), ..Receipt::default() },
            at: (0, 0),
            mains: Vec::new(),
            headline: None,
            main_of_headline: None,
            sections: Vec::new(),
            main_text: 0,
            in_title: false,
            last_image_unresolved: false,
            words_in: 0,
            counting: Words::default(),
            words_removed: 0,
            largest: None,
            link: None,
            released: Vec::new(),
            fold: (0, 0),
        }
    }

    /// Takes what is ready to be handed on.
    pub(super) fn take_output(&mut self) -> String {
        // What has left cannot be taken back.
        self.fold = (usize::MAX, usize::MAX);
        self.writer.take()
    }

    /// The page has ended: whatever is held back is settled, and the frame is closed.
    pub(super) fn finish(&mut self) {
        while let Some(suppressed) = self.suppressed.pop() {
            self.settle(suppressed);
        }
        self.settle_link(false);
        if let Some(opening) = self.opening.take() {
            self.begin(opening, None);
        }
        self.settle_forms(true);
        self.settle_tables(true);
        self.close_frame();
        self.account();
    }

    /// The page breaks off, for a reason the reader is told.
    pub(super) fn break_off(&mut self, reason: &str) {
        self.suppressed.clear();
        if let Some(opening) = self.opening.take() {
            self.begin(opening, None);
        }
        self.settle_forms(true);
        self.settle_tables(true);
        self.writer.close_all();
        frame::notice(&mut self.writer.out, reason);
        self.close_frame();
        self.receipt.lost.push(reason.to_owned());
        self.account();
    }

    fn close_frame(&mut self) {
        self.writer.close_all();
        if self.writer.region == Region::Main {
            self.leave_main();
        }
        if frame::has_service_links(&self.head, &self.options) {
            self.writer.open_footer();
            frame::service_links(&mut self.writer.out, &self.head, &self.options);
        }
        let footer = self.writer.has_footer();
        frame::close(&mut self.writer.out, footer);
    }

    fn account(&mut self) {
        self.receipt.kept = self.writer.kept;
        self.receipt.images_without_description = self.writer.without_description;
        self.receipt.title.clone_from(&self.head.title);
        self.receipt.lang.clone_from(&self.head.lang);
        // A rule without a guard that took more than what is left took the page, not a part of it.
        if let Some(most) = self.largest.take()
            && most.words > SMALL
            && most.words > self.writer.kept.words.saturating_sub(self.writer.words_added)
        {
            self.lose(format!("{} of {} words, taken out with {}", most.words, self.words_in, at_place(&most)));
        }
        let accounted = self.words_removed + self.writer.kept.words.saturating_sub(self.writer.words_added);
        if self.words_in > accounted {
            let lost = self.words_in - accounted;
            self.receipt
                .lost
                .push(format!("{lost} of {} words are neither on the page nor removed by a rule", self.words_in));
        }
    }

    // ---- first stage: the guard

    fn suppress(&mut self, id: Id, element: Element) {
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
            word_count: Words::default(),
            words: 0,
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

    fn hold(&mut self, root: Id, event: Event) {
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

    fn settle(&mut self, suppressed: Suppressed) {
        // A link to share something may hold what is to be shared: a quotation from the text.
        let by_address = suppressed.hit.as_ref().is_some_and(|hit| hit.selector.starts_with("a[href"));
        if by_address && suppressed.words > WORDS_OF_A_LABEL && suppressed.held.is_some() {
            let (id, tag) = (suppressed.id, suppressed.tag);
            self.release(suppressed);
            self.released.pop();
            self.opened(Event::Close(id, tag));
            return;
        }
        if suppressed.tag == Tag::Noscript && !suppressed.raw.is_empty() {
            self.pictures_of_noscript(&suppressed.raw);
        }
        if let Some(list) = suppressed.list.filter(|list| list.count > 0) {
            let OptionList { mut select, written, .. } = *list;
            select.opaque = false;
            select.set(Attr::Options, written);
            self.opened(Event::Void(select));
            return;
        }
        if let Some((href, title)) = suppressed.embed {
            let name = title.unwrap_or_else(|| frame::embed_name(suppressed.tag, &href, self.head.ui));
            let mut link = Element::new(Tag::A);
            link.set(Attr::Href, href);
            link.set(Attr::Title, name.clone());
            let id = Id::MAX - 1;
            self.opened(Event::Open(id - 1, Element::new(Tag::P)));
            self.opened(Event::Open(id, link));
            self.opened(Event::Text(name.into()));
            self.opened(Event::Close(id, Tag::A));
            self.opened(Event::Close(id - 1, Tag::P));
            return;
        }
        let Some(hit) = suppressed.hit else { return };
        if !suppressed.opaque {
            self.words_removed += suppressed.words;
        }
        let removal = Removal {
            rule: hit.rule,
            selector: hit.selector,
            element: suppressed.tag.name().to_owned(),
            offset: suppressed.offset,
            words: suppressed.words,
            bytes: self.at.0.saturating_sub(suppressed.offset),
        };
        if suppressed.headline || suppressed.keeper {
            let what = if suppressed.headline { "the headline" } else { "what the site profile keeps" };
            self.lose(format!("{what}, taken out with {}", at_place(&removal)));
        } else if hit.guard == Guard::None && self.largest.as_ref().is_none_or(|most| most.words < removal.words) {
            self.largest = Some(removal.clone());
        } else if hit.guard == Guard::Text && suppressed.sentences >= SENTENCES && removal.words > SMALL {
            self.lose(format!("{} words of sentences, taken out with {}", removal.words, at_place(&removal)));
        }
        self.receipt.remove(removal);
    }

    /// Adds a loss to the receipt, which never grows past a bound.
    fn lose(&mut self, loss: String) {
        if self.receipt.lost.len() < MOST_LOSSES {
            self.receipt.lost.push(loss);
        }
    }

    fn release(&mut self, suppressed: Suppressed) {
        let Some(hit) = suppressed.hit else { return };
        self.receipt.spared.push(Removal {
            rule: hit.rule,
            selector: hit.selector,
            element: suppressed.tag.name().to_owned(),
            offset: suppressed.offset,
            words: suppressed.words,
            bytes: self.at.0.saturating_sub(suppressed.offset),
        });
        self.released.push(suppressed.id);
        self.replay(suppressed.held.unwrap_or_default());
    }

    /// Hands on what was held by mistake; what is suppressed on its own account within it stays so.
    fn replay(&mut self, events: Vec<Event>) {
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
                    self.suppress(id, element);
                }
                (None, event) => self.opened(event),
            }
        }
    }

    fn is_suppressing(&self, root: Id) -> bool {
        self.suppressed.iter().any(|s| s.id == root)
    }

    // ---- second stage: the opening

    fn opened(&mut self, event: Event) {
        let Some(opening) = &mut self.opening else {
            self.placed(event);
            return;
        };
        match opening.take(event, &self.head) {
            Decision::Wait => {}
            Decision::Open(at) => {
                if let Some(opening) = self.opening.take() {
                    self.begin(opening, at);
                }
            }
        }
    }

    /// It is known where the main part begins (`None`: at the best guess): the frame is written, then what was held.
    fn begin(&mut self, opening: Opening, found: Option<usize>) {
        let text = opening.sample();
        self.head.settle(&self.options, text, &self.addresses);
        self.writer = Writer::new(frame::phrases(self.head.ui), &self.head.lang);
        self.writer.original = self.head.original.as_ref().map(|url| url.to_string());
        self.writer.form_charset = self.head.charset;
        let (events, main, headline) = opening.into_events(found, &self.head);
        frame::open(&mut self.writer.out, &self.head, &self.options);
        let fold = self.writer.out.len();
        frame::open_before(&mut self.writer.out, &self.head);
        self.fold = (fold, self.writer.out.len());
        for (at, event) in events.into_iter().enumerate() {
            if at == main {
                self.placed(Event::Main(headline));
            }
            self.placed(event);
        }
        if self.writer.region == Region::Before {
            self.placed(Event::Main(None));
        }
    }

    // ---- third and fourth stage: forms, tables, and what is written

    fn placed(&mut self, event: Event) {
        if let Some(event) = self.asking.take(event) {
            self.tabled(event);
        }
        self.settle_forms(false);
    }

    fn settle_forms(&mut self, end: bool) {
        if let Some(events) = self.asking.settled(end) {
            events.into_iter().for_each(|event| self.tabled(event));
        }
    }

    fn tabled(&mut self, event: Event) {
        if let Some(event) = self.tables.take(event) {
            self.write(event);
        }
        self.settle_tables(false);
    }

    fn settle_tables(&mut self, end: bool) {
        while let Some((kind, events)) = self.tables.settled(end) {
            let mut outer = true;
            for event in events {
                match event {
                    Event::Open(id, element) if outer && element.tag == Tag::Table => {
                        outer = false;
                        self.tables.known(id, kind);
                        if kind == TableKind::Data {
                            self.write(Event::Open(id, element));
                        }
                    }
                    event => {
                        if let Some(event) = self.tables.take(event) {
                            self.write(event);
                        }
                    }
                }
            }
        }
    }

    fn write(&mut self, event: Event) {
        match event {
            Event::Open(id, element) => self.write_open(id, &element),
            Event::Void(element) => self.writer.void(&element),
            Event::Text(text) => {
                if self.writer.region == Region::Main {
                    self.main_text += text.len();
                }
                self.writer.text(&text);
            }
            Event::Close(id, tag) => self.write_close(id, tag),
            Event::Main(headline) => self.open_main(headline),
        }
    }

    fn write_open(&mut self, id: Id, element: &Element) {
        let is_main = element.tag == Tag::Main || element.get(Attr::MainRole).is_some();
        if is_main || element.tag == Tag::Article {
            self.mains.push(id);
        }
        if element.tag == Tag::Footer && self.writer.region == Region::Main && self.sections.is_empty() {
            self.leave_main();
        }
        if matches!(
            element.tag,
            Tag::Article | Tag::Section | Tag::Aside | Tag::Blockquote | Tag::Figure | Tag::Li | Tag::Td
        ) {
            self.sections.push(id);
        }
        if self.headline == Some(id) {
            self.writer.open_headline(id);
        } else if self.tables.is_layout(element.tag) {
            self.writer.open(id, &Element { tag: Tag::Div, ..element.clone() });
        } else {
            self.writer.open(id, element);
        }
    }

    fn write_close(&mut self, id: Id, tag: Tag) {
        self.sections.retain(|s| *s != id);
        self.writer.close(id, tag);
        if let Some(at) = self.mains.iter().position(|m| *m == id) {
            self.mains.remove(at);
            // A main part that closes before there is any text held the headline only.
            if self.main_of_headline == Some(id) && self.main_text > 600 && self.writer.region == Region::Main {
                self.leave_main();
            }
        }
    }

    fn open_main(&mut self, headline: Option<Id>) {
        self.writer.close_all();
        self.headline = headline;
        self.main_of_headline = self.mains.last().copied();
        let (fold, content) = self.fold;
        if self.writer.out.len() == content {
            // Nothing stood before the main part: no empty fold is left.
            self.writer.out.truncate(fold);
        } else {
            frame::close_before(&mut self.writer.out);
        }
        frame::open_main(&mut self.writer.out);
        self.writer.enter_main();
        if headline.is_none() {
            frame::headline(&mut self.writer.out, &self.head);
            self.writer.kept.headings += 1;
        }
        self.sections.clear();
    }

    fn leave_main(&mut self) {
        self.writer.close_all();
        frame::close_main(&mut self.writer.out);
        self.writer.enter_footer();
    }

    /// `noscript` holds plain twins of lazily loaded pictures; they count where the lazy one could not be resolved.
    fn pictures_of_noscript(&mut self, raw: &str) {
        if !self.last_image_unresolved {
            return;
        }
        for picture in super::noscript::pictures(raw, self.rules, &self.addresses) {
            if picture.hit.is_none() && picture.get(Attr::Src).is_some() {
                self.opened(Event::Void(picture));
            }
        }
        self.last_image_unresolved = false;
    }
}

fn at_place(removal: &Removal) -> String {
    format!("{} by {} at byte {} ({})", removal.element, removal.selector, removal.offset, removal.rule)
}

fn count_words(text: &str) -> u64 {
    Words::default().count(text)
}

impl Suppressed {
    /// Looks for what would make the rule wrong.
    fn observe(&mut self, event: &Event, head: &Head) {
        if let Some(list) = &mut self.list {
            list.observe(event);
        }
        if let Event::Open(_, element) | Event::Void(element) = event {
            self.keeper |= element.get(Attr::Kept).is_some();
        }
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
            Event::Void(_) | Event::Main(_) => {}
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

impl TreeSink for Page<'_> {
    type Element = Element;

    fn judge(&mut self, start: &StartTag<'_>) -> (Element, bool) {
        if matches!(start.tag, Tag::Meta | Tag::Link | Tag::Base) && self.opening.is_some() {
            self.head.meta(start, &mut self.addresses);
        }
        let mut element = element::judge(start, self.at.0, self.rules, &self.addresses);
        if let Some(places) = &mut self.places {
            let (verdict, article) = places.judge(start, &element);
            match verdict {
                Verdict::Remove(hit) => element.hit = Some(Box::new(hit)),
                Verdict::Keep => {
                    element.hit = None;
                    element.set(Attr::Kept, "");
                }
                Verdict::Silent => {}
            }
            if article {
                element.set(Attr::MainRole, "");
            }
        }
        let hidden = element.opaque || element.hit.is_some();
        (element, hidden)
    }

    fn open(&mut self, id: Id, element: Element, hidden: Id) {
        if let Some(places) = &mut self.places {
            places.open(id, element.tag);
        }
        if hidden == id {
            self.in_title = element.tag == Tag::Title && element.hit.is_none();
            self.suppress(id, element);
        } else {
            self.route(Event::Open(id, element), hidden);
        }
    }

    fn close(&mut self, id: Id, tag: Tag, hidden: Id) {
        if let Some(places) = &mut self.places {
            places.close(id);
        }
        if let Some(at) = self.suppressed.iter().rposition(|s| s.id == id) {
            if tag == Tag::Title && self.in_title {
                self.in_title = false;
                self.head.end_title();
            }
            let suppressed = self.suppressed.remove(at);
            self.settle(suppressed);
        } else {
            self.route(Event::Close(id, tag), hidden);
        }
    }

    fn void(&mut self, id: Id, element: Element, hidden: Id) {
        use Tag::*;
        if let Some(places) = &mut self.places {
            places.void();
        }
        if matches!(element.tag, Meta | Link | Base | Keygen | Embed | Frame | Param | Source | Track) {
            return;
        }
        if hidden == id {
            self.suppress(id, element);
            if let Some(suppressed) = self.suppressed.pop() {
                self.settle(suppressed);
            }
            return;
        }
        if matches!(element.tag, Img | Image) && hidden == 0 {
            self.last_image_unresolved = element.get(Attr::Src).is_none();
        }
        self.route(Event::Void(element), hidden);
    }

    fn text(&mut self, text: &str, raw: Option<Tag>, hidden: Id) {
        match raw {
            Some(Tag::Title) if self.in_title => self.head.title_text(text),
            Some(Tag::Noscript) => {
                if let Some(suppressed) = self.suppressed.last_mut()
                    && suppressed.raw.len() + text.len() <= MOST_RAW
                {
                    suppressed.raw.push_str(text);
                }
            }
            Some(Tag::Xmp | Tag::Plaintext) | None => self.route(Event::Text(text.into()), hidden),
            Some(_) => {}
        }
    }

    fn page(&mut self, start: &StartTag<'_>) {
        if let Some(places) = &mut self.places {
            places.page(start);
        }
        self.head.page(start);
    }

    fn released(&mut self) -> Option<Id> {
        self.released.pop()
    }

    fn is_suppressed(&self, id: Id) -> bool {
        self.is_suppressing(id)
    }

    fn suppress_alone(&mut self, id: Id, tag: Tag, outer: Id) {
        let hit = self.suppressed.iter().find(|s| s.id == outer).and_then(|s| s.hit.clone());
        self.suppress(id, Element { hit, offset: self.at.0, ..Element::new(tag) });
        // Its beginning went with the other: there is nothing to release.
        if let Some(suppressed) = self.suppressed.last_mut() {
            suppressed.held = None;
        }
    }

    fn move_out(&mut self, id: Id, outer: Id) {
        let Some(suppressed) = self.suppressed.iter_mut().find(|s| s.id == outer) else { return };
        let Some(held) = &mut suppressed.held else { return };
        let Some(from) = held.iter().position(|event| matches!(event, Event::Open(open, _) if *open == id)) else {
            return;
        };
        let moved = held.split_off(from);
        let words: u64 = {
            let mut words = Words::default();
            let count = |event: &Event| match event {
                Event::Text(text) => words.count(text),
                _ => 0,
            };
            moved.iter().map(count).sum()
        };
        suppressed.words = suppressed.words.saturating_sub(words);
        self.replay(moved);
    }

    fn place(&mut self, start: u64, end: u64) {
        self.at = (start, end);
    }
}

impl Page<'_> {
    /// An event goes where it belongs: to the suppressed element it is in, or on.
    fn route(&mut self, event: Event, hidden: Id) {
        self.count(&event, hidden);
        if hidden != 0 && self.is_suppressing(hidden) {
            self.hold(hidden, event);
            return;
        }
        match &mut self.link {
            Some(link) => {
                let closes = matches!(&event, Event::Close(id, _) if *id == link.id);
                let within = match &event {
                    Event::Text(text) => {
                        link.text.push_str(text);
                        link.text.len() <= MOST_LABEL
                    }
                    Event::Open(_, element) | Event::Void(element) => {
                        element.tag.is_inline() || element.tag == Tag::Img
                    }
                    Event::Close(_, tag) => tag.is_inline(),
                    Event::Main(_) => false,
                };
                link.events.push(event);
                if closes || !within {
                    self.settle_link(closes);
                }
            }
            None => match event {
                Event::Open(id, element) if element.tag == Tag::A => {
                    let offset = element.offset;
                    self.link =
                        Some(HeldLink { id, offset, events: vec![Event::Open(id, element)], text: String::new() });
                }
                event => self.opened(event),
            },
        }
    }

    /// Counts the words that come in, where they come in: what becomes of them is held against it at the end.
    fn count(&mut self, event: &Event, hidden: Id) {
        match event {
            Event::Text(text) => {
                let opaque = hidden != 0 && self.suppressed.iter().any(|s| s.id == hidden && s.opaque);
                if !opaque {
                    self.words_in += self.counting.count(text);
                }
            }
            Event::Open(_, element) | Event::Void(element) if element.tag.divides_words() => {
                self.counting.end();
            }
            Event::Close(_, tag) if !tag.is_inline() => self.counting.end(),
            _ => {}
        }
    }

    /// The link goes if a rule knows what it says; else it is handed on.
    fn settle_link(&mut self, closed: bool) {
        let Some(link) = self.link.take() else { return };
        let hit = if closed { self.rules.hit_label(&super::head::collapsed(&link.text)) } else { None };
        let Some(hit) = hit else {
            for event in link.events {
                self.opened(event);
            }
            return;
        };
        self.words_removed += count_words(&link.text);
        self.receipt.remove(Removal {
            rule: hit.rule,
            selector: hit.selector,
            element: Tag::A.name().to_owned(),
            offset: link.offset,
            words: count_words(&link.text),
            bytes: self.at.1.saturating_sub(link.offset),
        });
    }
}

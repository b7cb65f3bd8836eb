//! Page mode: from the stack's events to a designed page.
//!
//! Events pass six stages, each of which may hold some of them back for a while:
//!
//! 1. the **guard** holds what a rule suppresses until it closes, at most 64 KiB: what turns out to hold the headline
//!    or the text is released;
//! 2. **teasers**: what stands below a heading such as "Read also" is held, at most 64 KiB of it, until it is known
//!    whether it is links alone;
//! 3. the **opening** holds the page's beginning, at most 48 KiB of it, until it is known where the main part begins;
//! 4. the **closing** holds what came since the last paragraph of the article, at most 128 KiB of it, until it is known
//!    whether another one follows;
//! 5. **forms** that ask their own site are held until it is known whether a reader can use them, at most 32 KiB of each;
//! 6. **tables** are held until it is known whether they hold data or the layout, at most 16 KiB of each.

mod account;
mod body;
mod guard;
mod sink;

use self::account::Account;
use self::guard::Suppressed;
use self::sink::HeldLink;
use super::addresses::Addresses;
use super::asking::Asking;
use super::closing::Closing;
use super::element::{self, Element};
use super::event::Event;
use super::frame;
use super::head::Head;
use super::opening::{Decision, Opening};
use super::options::Options;
use super::place::Places;
use super::stubs::Stubs;
use super::tables::Tables;
use super::teasers::{Sifted, Taken, Teasers};
use super::words::WordCounter;
use super::writer::{Region, Writer};
use crate::clean::{Receipt, Removal, Rules};
use crate::html::stack::Id;
use crate::phrases::Phrases;

/// A page or a part of it with no more words is a notice at most.
const SMALL: u64 = 40;
/// Losses named in a receipt.
const MOST_LOSSES: usize = 50;

/// Page mode.
pub(super) struct Page<'r> {
    rules: &'r Rules,
    memory: element::Memory,
    options: Options,
    addresses: Addresses,
    /// Where elements stand, if a site profile or a filter list asks.
    places: Option<Places>,
    head: Head,
    suppressed: Vec<Suppressed>,
    opening: Option<Opening>,
    closing: Closing,
    /// What flows on from the closing: room that is used again.
    flowing: Vec<Event>,
    /// The frame is written: what the page says of itself comes too late.
    framed: bool,
    teasers: Teasers,
    stubs: Stubs,
    /// The removed element that holds most sentences, should nothing else be left of the article.
    comeback: Option<(Suppressed, usize)>,
    /// The page is a set of frames, and these are they.
    frames: Option<Vec<Element>>,
    /// Identifies elements of the markup that only readers without scripts see.
    nested: Id,
    asking: Asking,
    tables: Tables,
    writer: Writer,
    pub(super) receipt: Receipt,
    /// The token's place in the source.
    at: (u64, u64),
    headline: Option<Id>,
    /// Sections of the source within which a footer is not the page's.
    sections: Vec<Id>,
    in_title: bool,
    last_image_unresolved: bool,
    /// Words that came in, but for those of elements nobody ever sees; and words that rules took out.
    words_in: u64,
    counting: WordCounter,
    words_removed: u64,
    /// Headings, links, pictures and tables, likewise.
    account: Account,
    /// The removal without a guard that took most.
    largest: Option<Removal>,
    /// A link that is open, held until it is known what it says; and room for the next.
    link: Option<HeldLink>,
    spare_link: (Vec<Event>, String),
    /// Elements that were released, for the stack to learn.
    released: Vec<Id>,
    /// Where the fold before the main part starts in the output, and where its content does.
    fold: (usize, usize),
}

impl<'r> Page<'r> {
    pub(super) fn new(rules: &'r Rules, options: &Options) -> Self {
        let addresses = Addresses::new(options.base_url.clone(), options.links.clone());
        let places = options.site.clone().map(|site| Places::new(site, options.base_url.as_ref()));
        let mut head = Head::default();
        if let Some(address) = &options.base_url {
            head.learn_address(address);
        }
        let writer = Writer::new(&Phrases::of("en").page, "");
        Self {
            rules,
            memory: element::Memory::default(),
            options: options.clone(),
            addresses,
            places,
            head,
            suppressed: Vec::new(),
            opening: Some(Opening::default()),
            closing: Closing::default(),
            flowing: Vec::new(),
            framed: false,
            teasers: Teasers::default(),
            stubs: Stubs::default(),
            comeback: None,
            frames: None,
            nested: 1 << 30,
            asking: Asking::default(),
            tables: Tables::default(),
            writer,
            receipt: Receipt { source: options.source.clone(), ..Receipt::default() },
            at: (0, 0),
            headline: None,
            sections: Vec::new(),
            in_title: false,
            last_image_unresolved: false,
            words_in: 0,
            counting: WordCounter::default(),
            words_removed: 0,
            account: Account::default(),
            largest: None,
            link: None,
            spare_link: Default::default(),
            released: Vec::new(),
            fold: (0, 0),
        }
    }

    /// Hands on what is ready.
    pub(super) fn hand_on(&mut self, sink: impl FnOnce(&str)) {
        // What has left cannot be taken back.
        self.fold = (usize::MAX, usize::MAX);
        self.writer.hand_on(sink);
    }

    /// The page has ended: whatever is held back is settled, and the frame is closed.
    pub(super) fn finish(&mut self) {
        while let Some(suppressed) = self.suppressed.pop() {
            self.settle(suppressed);
        }
        self.settle_link(false);
        self.settle_frames();
        self.sift_last();
        self.begin();
        self.bring_back();
        self.close_main();
        self.settle_forms(true);
        self.settle_tables(true);
        self.close_frame();
        self.account();
    }

    /// The page breaks off, for a reason the reader is told.
    pub(super) fn break_off(&mut self, reason: &str) {
        self.suppressed.clear();
        self.sift_last();
        self.begin();
        self.close_main();
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
            self.writer.leave_fold();
            self.writer.open_footer();
            frame::service_links(&mut self.writer.out, &self.head, &self.options);
        }
        self.writer.leave_fold();
        let footer = self.writer.has_footer();
        frame::close(&mut self.writer.out, footer);
    }

    /// Hands on what the sifting holds.
    fn sift_last(&mut self) {
        let last = self.teasers.end();
        self.sifted(last);
        let mut flowing = Vec::new();
        if let Some(gone) = self.stubs.end(&mut flowing) {
            self.drop_heading(gone);
        }
        flowing.into_iter().for_each(|event| self.begun(event));
    }

    /// An event that no rule suppresses goes on, unless it belongs to a block of teasers.
    fn opened(&mut self, event: Event) {
        if self.teasers.passes(&event) {
            self.headed(event);
            return;
        }
        let sifted = self.teasers.take(event, self.rules);
        self.sifted(sifted);
    }

    fn sifted(&mut self, sifted: Sifted) {
        match sifted {
            Sifted::Held => {}
            Sifted::Pass(event) => self.headed(event),
            Sifted::Release(mut events) => {
                events.drain(..).for_each(|event| self.headed(event));
                self.teasers.give_back(events);
            }
            Sifted::Without(taken, events, rest) => {
                let ends: Vec<u64> = taken.iter().skip(1).map(|next| next.offset).chain([self.at.0]).collect();
                for (Taken { hit, tag, offset, words, tally }, end) in taken.into_iter().zip(ends) {
                    self.words_removed += words;
                    self.account.removed.add(tally);
                    self.receipt.remove(Removal {
                        rule: hit.rule,
                        selector: hit.selector,
                        element: tag.name().to_owned(),
                        offset,
                        words,
                        bytes: end.saturating_sub(offset),
                    });
                }
                self.stubs.removed();
                events.into_iter().for_each(|event| self.headed(event));
                // The next block may be of the same kind.
                rest.into_iter().for_each(|event| self.opened(event));
            }
        }
    }

    /// A heading with nothing under it, since a rule took that out, goes with it.
    fn headed(&mut self, event: Event) {
        if self.stubs.passes(&event) {
            self.begun(event);
            return;
        }
        let mut flowing = Vec::new();
        if let Some(gone) = self.stubs.take(event, &mut flowing) {
            self.drop_heading(gone);
        }
        flowing.into_iter().for_each(|event| self.begun(event));
    }

    fn drop_heading(&mut self, gone: Vec<Event>) {
        let Some(Event::Open(_, heading)) = gone.first() else { return };
        let (tag, offset) = (heading.tag, heading.offset);
        let mut words = WordCounter::default();
        let mut count = 0;
        for event in &gone {
            match event {
                Event::Text(text) => count += words.count(text),
                Event::Space(_) => words.end(),
                _ => {}
            }
            self.account.removed.note_event(event);
        }
        self.words_removed += count;
        self.receipt.remove(Removal {
            rule: "empty: a heading of what was taken out".to_owned(),
            selector: tag.name().to_owned(),
            element: tag.name().to_owned(),
            offset,
            words: count,
            bytes: 0,
        });
    }

    fn begun(&mut self, event: Event) {
        let Some(opening) = &mut self.opening else {
            self.follow(event);
            return;
        };
        match opening.take(event, &self.head) {
            Decision::Wait => {}
            Decision::Open => self.begin(),
            Decision::Fold => {
                let events = opening.fold();
                self.open_frame();
                for event in events {
                    self.closing.pass_over(&event);
                    self.placed(event);
                }
            }
        }
    }

    /// An event that follows the opening.
    fn follow(&mut self, event: Event) {
        let mut flowing = std::mem::take(&mut self.flowing);
        self.closing.take(event, &mut flowing);
        flowing.drain(..).for_each(|event| self.placed(event));
        self.flowing = flowing;
    }

    /// What comes next stands in the main part at a place that has passed.
    fn cut_main(&mut self, place: usize) {
        let mut flowing = std::mem::take(&mut self.flowing);
        self.closing.cut(place, &mut flowing);
        flowing.into_iter().for_each(|event| self.placed(event));
    }

    /// No more follows: the main part ends where the article does.
    fn close_main(&mut self) {
        let mut flowing = std::mem::take(&mut self.flowing);
        self.closing.finish(&mut flowing);
        flowing.into_iter().for_each(|event| self.placed(event));
    }

    /// Writes the frame up to the fold for what stands before the main part.
    fn open_frame(&mut self) {
        if std::mem::replace(&mut self.framed, true) {
            return;
        }
        let text = self.opening.as_ref().map(Opening::sample).unwrap_or_default();
        self.head.settle(&self.options, text, &self.addresses);
        self.writer = Writer::new(&Phrases::of(self.head.ui).page, &self.head.lang);
        self.writer.original = self.head.original.as_ref().map(|url| url.to_string());
        self.writer.rest = frame::rest(&self.head);
        self.writer.headline.clone_from(&self.head.headline);
        self.writer.form_charset = self.head.charset;
        frame::open(&mut self.writer.out, &self.head, &self.options);
        let fold = self.writer.out.len();
        frame::open_before(&mut self.writer.out, &self.head);
        self.fold = (fold, self.writer.out.len());
    }

    /// The main part begins in what is held.
    fn begin(&mut self) {
        self.open_frame();
        let Some(opening) = self.opening.take() else { return };
        let (events, main, headline) = opening.into_events();
        let titled = headline.is_some_and(|(_, titled)| titled) || self.head.is_article();
        let headline = headline.map(|(id, _)| id);
        let length = events.len();
        for (at, event) in events.into_iter().enumerate() {
            if at == main {
                self.closing.begin(titled);
                self.placed(Event::Main(headline));
            }
            if at < main {
                self.closing.pass_over(&event);
                self.placed(event);
            } else {
                self.follow(event);
            }
        }
        if main >= length {
            self.closing.begin(titled);
            self.placed(Event::Main(None));
        }
    }
}

//! Fourth and fifth stage: forms and tables are held until it is known what they are; then all is written.

use super::Page;
use crate::html::stack::Id;
use crate::html::tag::Tag;
use crate::rewrite::element::{Attr, Element};
use crate::rewrite::event::Event;
use crate::rewrite::frame;
use crate::rewrite::noscript;
use crate::rewrite::tables::TableKind;
use crate::rewrite::words;
use crate::rewrite::writer::Region;

/// Letters that a main part of the source holds, if it holds more than the headline.
const LEAD: usize = 500;
/// Letters that an article of the source holds, if it holds more than the headline and the lead.
const ARTICLE: usize = 1_250;

impl Page<'_> {
    pub(super) fn placed(&mut self, event: Event) {
        if self.asking.passes(&event) && self.tables.passes(&event) {
            self.write(event);
            return;
        }
        if let Some(event) = self.asking.take(event) {
            self.tabled(event);
        }
        self.settle_forms(false);
    }

    pub(super) fn settle_forms(&mut self, end: bool) {
        if let Some(events) = self.asking.settled(end) {
            events.into_iter().for_each(|event| self.tabled(event));
        }
    }

    pub(super) fn tabled(&mut self, event: Event) {
        if let Some(event) = self.tables.take(event) {
            self.write(event);
        }
        self.settle_tables(false);
    }

    pub(super) fn settle_tables(&mut self, end: bool) {
        while let Some((kind, events)) = self.tables.settled(end) {
            let mut outer = true;
            for event in events {
                match event {
                    Event::Open(id, element) if outer && element.tag == Tag::Table => {
                        outer = false;
                        self.account.table(kind);
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

    pub(super) fn write(&mut self, event: Event) {
        match event {
            Event::Open(id, element) => self.write_open(id, &element),
            Event::Void(element) => self.writer.void(&element),
            Event::Text(text) => return self.write_text(&text),
            Event::Space(_) => return self.writer.text(" "),
            Event::Close(id, tag) => self.write_close(id, tag),
            Event::Main(headline) => self.open_main(headline),
        }
        self.note_left_out();
    }

    pub(super) fn write_text(&mut self, text: &str) {
        // Beyond that, nobody asks how much there is.
        if self.writer.region == Region::Main && self.main_text < ARTICLE {
            let slowly = || text.chars().filter(|c| !c.is_whitespace()).count();
            self.main_text += words::characters(text).unwrap_or_else(slowly);
        }
        self.writer.text(text);
        self.note_left_out();
    }

    fn note_left_out(&mut self) {
        if !self.writer.left_out.is_empty() {
            for removal in self.writer.left_out.drain(..) {
                self.receipt.remove(removal);
            }
        }
    }

    pub(super) fn write_open(&mut self, id: Id, element: &Element) {
        let is_main = element.tag == Tag::Main || element.get(Attr::MainRole).is_some();
        if is_main || element.tag == Tag::Article {
            self.mains.push((id, is_main));
        }
        // A footer within the article may be that of its beginning.
        let ends = self.sections.is_empty() && (self.mains.is_empty() || self.main_text >= ARTICLE);
        if element.tag == Tag::Footer && self.writer.region == Region::Main && ends {
            self.leave_main();
        }
        if matches!(
            element.tag,
            Tag::Article | Tag::Section | Tag::Aside | Tag::Blockquote | Tag::Figure | Tag::Li | Tag::Td
        ) {
            self.sections.push(id);
        }
        if self.headline == Some(id) {
            self.writer.open_headline(id, element);
        } else if self.tables.is_layout(element.tag) {
            self.writer.open(id, &Element { tag: Tag::Div, ..element.clone() });
        } else {
            self.writer.open(id, element);
        }
    }

    pub(super) fn write_close(&mut self, id: Id, tag: Tag) {
        if let Some(at) = self.sections.iter().rposition(|section| *section == id) {
            self.sections.remove(at);
        }
        self.writer.close(id, tag);
        if let Some(at) = self.mains.iter().position(|(main, _)| *main == id) {
            let (_, is_main) = self.mains.remove(at);
            // One that closes before there is much text held the headline and the lead only.
            let enough = if is_main { LEAD } else { ARTICLE };
            if self.main_of_headline == Some(id) && self.main_text >= enough && self.writer.region == Region::Main {
                self.leave_main();
            }
        }
    }

    pub(super) fn open_main(&mut self, headline: Option<Id>) {
        self.writer.close_all();
        self.headline = headline;
        // An article within a main part may be one of several that make it up.
        let outermost = self.mains.iter().find(|(_, is_main)| *is_main).or(self.mains.last());
        self.main_of_headline = outermost.map(|(id, _)| *id);
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
            self.writer.write_headline();
        }
        self.sections.clear();
    }

    pub(super) fn leave_main(&mut self) {
        self.writer.close_all();
        frame::close_main(&mut self.writer.out);
        self.writer.enter_footer();
    }

    /// `noscript` holds plain twins of lazily loaded pictures; they count where the lazy one could not be resolved.
    pub(super) fn pictures_of_noscript(&mut self, raw: &str) {
        if !self.last_image_unresolved {
            return;
        }
        for picture in noscript::pictures(raw, self.rules, &self.addresses) {
            if picture.hit.is_none() && picture.get(Attr::Src).is_some() {
                self.account.came.note(&picture);
                self.opened(Event::Void(picture));
            }
        }
        self.last_image_unresolved = false;
    }
}

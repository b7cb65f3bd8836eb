//! Fourth and fifth stage: forms and tables are held until it is known what they are; then all is written.

use super::Page;
use crate::clean::Hint;
use crate::html::stack::Id;
use crate::html::tag::Tag;
use crate::rewrite::element::{Attr, Element};
use crate::rewrite::event::Event;
use crate::rewrite::frame;
use crate::rewrite::noscript;
use crate::rewrite::tables::TableKind;
use crate::rewrite::writer::Region;

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
            Event::MainEnd => self.leave_main(),
        }
        self.note_left_out();
    }

    pub(super) fn write_text(&mut self, text: &str) {
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
        if self.writer.region == Region::After {
            let foot = element.tag == Tag::Footer || element.hint.has(Hint::FOOT);
            if foot && self.sections.is_empty() {
                self.writer.leave_fold();
            }
            if matches!(element.tag, Tag::Article | Tag::Aside | Tag::Blockquote | Tag::Figure | Tag::Li) {
                self.sections.push(id);
            }
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
    }

    pub(super) fn open_main(&mut self, headline: Option<Id>) {
        self.writer.close_all();
        self.headline = headline;
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

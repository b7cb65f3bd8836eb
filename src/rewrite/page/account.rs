//! The account of a page: what came in is held against what was taken out and what is on the page, each counted where
//! it happens (EN 301 549 v3.2.1, 5.4).

use super::{Page, SMALL, guard::at_place};
use crate::clean::Kept;
use crate::html::tag::Tag;
use crate::rewrite::element::{Attr, Element};
use crate::rewrite::event::Event;
use crate::rewrite::tables::TableKind;

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

/// What came in and what went out again, but for what the writer tells.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// What came in, but for what nobody ever sees.
    pub(super) came: Tally,
    /// What rules took out.
    pub(super) removed: Tally,
    /// Tables that hold the layout, not data: what is in them is on the page, line after line.
    layout_tables: u64,
}

impl Account {
    /// It is known what a table is for.
    pub(super) fn table(&mut self, kind: TableKind) {
        if kind == TableKind::Layout {
            self.layout_tables += 1;
        }
    }
}

impl Page<'_> {
    /// Closes the account.
    pub(super) fn account(&mut self) {
        self.receipt.kept = self.writer.kept;
        self.receipt.images_without_description = self.writer.without_description;
        self.receipt.title.clone_from(&self.head.title);
        self.receipt.lang.clone_from(&self.head.lang);
        for removal in std::mem::take(&mut self.writer.left_out) {
            self.receipt.remove(removal);
        }
        let Kept { words, .. } = self.writer.kept;
        // A rule without a guard that took more than what is left took the page, not a part of it.
        if let Some(most) = self.largest.take()
            && most.words > SMALL
            && most.words > words.saturating_sub(self.writer.words_added)
        {
            self.lose(format!("{} of {} words, taken out with {}", most.words, self.words_in, at_place(&most)));
        }
        let accounted = self.words_removed + words.saturating_sub(self.writer.words_added);
        let Account { came, removed, layout_tables } = std::mem::take(&mut self.account);
        let settled = self.writer.settled;
        for (what, came, accounted) in [
            ("words", self.words_in, accounted),
            ("headings", came.headings, removed.headings + settled.headings),
            ("links", came.links, removed.links + settled.links),
            ("images", came.images, removed.images + settled.images),
            ("tables", came.tables, removed.tables + settled.tables + layout_tables),
        ] {
            if came > accounted {
                let lost = came - accounted;
                self.lose(format!("{lost} of {came} {what} are neither on the page nor removed by a rule"));
            }
        }
    }
}

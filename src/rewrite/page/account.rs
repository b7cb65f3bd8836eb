//! The account of a page: what came in is held against what was taken out and what is on the page, each counted where
//! it happens (EN 301 549 v3.2.1, 5.4).

use super::{Page, SMALL, guard::at_place};
use crate::clean::Kept;
use crate::rewrite::tables::TableKind;
use crate::rewrite::tally::Tally;

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

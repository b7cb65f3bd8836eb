//! Notes at the foot of the column that refers to them: the article's own, and addresses of links (`--links notes`).

use std::collections::HashSet;

use super::pages::{EPSILON, Follows, Pages};
use super::passage::Passage;
use super::setter::{Aim, Anchor, Bounds, Piece, Setter, Setting};
use super::sheet::{Mark, MarkKind, Owner, Pt, Rect};
use super::structure::{ElementId, Role};
use crate::Result;
use crate::article::Note;

impl Setter<'_> {
    pub(crate) fn set_notes(&mut self, parent: ElementId, notes: &[Note]) {
        if notes.is_empty() {
            return;
        }
        let look = self.small_look();
        let widest = notes.iter().map(|note| self.text_width(&note.label, look)).fold(0.0, f32::max);
        let indent = (widest + look.size * 0.5).max(look.size * 1.25).min(self.frame.width * 0.3);
        let frame = Bounds { inner: true, ..self.frame };
        // Notes of the running text stand at the foot of the page; those within a quotation or a list stay there.
        let at_foot = self.depth == 1 && !self.frame.inner && self.frame.x == 0.0;
        let mut first = true;
        for note in notes {
            let element = self.structure.add(parent, Role::Note);
            let lbl = self.structure.add(element, Role::Lbl);
            let label = if note.label.trim().is_empty() { "*" } else { note.label.trim() };
            let anchor = self.notes.get(&note.id).copied();
            let pieces = self.aside(frame, |setter| {
                setter.labelled(lbl, label, look, indent, |setter| setter.blocks(element, &note.blocks));
            });
            let at_foot = at_foot && anchor.is_some_and(|anchor| self.refers_to(anchor));
            self.lay_note(anchor, pieces, at_foot, &mut first);
        }
        self.gap = self.block_gap();
    }

    /// The addresses that the text refers to by numbers (`--links notes`): one note for each, however often it is named.
    pub(crate) fn set_addresses(&mut self, parent: ElementId) {
        let addresses = std::mem::take(&mut self.addresses);
        if addresses.is_empty() {
            return;
        }
        let look = self.small_look();
        let widest = self.address_label(addresses.len() - 1);
        let indent = self.text_width(&widest, look) + look.size * 0.5;
        let frame = Bounds { inner: true, ..self.frame };
        let mut first = true;
        for (index, (address, anchor)) in addresses.iter().enumerate() {
            let note = self.structure.add(parent, Role::Note);
            let lbl = self.structure.add(note, Role::Lbl);
            let label = self.address_label(index);
            let pieces = self.aside(frame, |setter| {
                setter.labelled(lbl, &label, look, indent, |setter| setter.set_address(note, address));
            });
            self.lay_note(Some(*anchor), pieces, true, &mut first);
        }
        self.gap = self.block_gap();
    }

    fn set_address(&mut self, note: ElementId, address: &str) {
        let look = self.small_look();
        let paragraph = self.structure.add(note, Role::P);
        let element = self.structure.add(paragraph, Role::Link);
        let link = self.add_link(element, Aim::Uri(address.to_owned()), "");
        let mut span = self.span(element, look);
        span.link = Some(link);
        let mut passage = Passage::default();
        passage.push(&readable(address), &span);
        // A hyphen at a line's end would be copied as part of the address.
        self.set_passage(&passage, Setting { hyphenate: false, ..self.small_setting() });
    }

    /// The number of an address, which no note of the article has: where nothing is set smaller, both are in brackets.
    pub(crate) fn address_label(&self, index: usize) -> String {
        format!("[{}]", self.numbered_notes.saturating_add(index).saturating_add(1))
    }

    /// Keeps a note for the foot of the column that refers to it. One that is too high for that, and one that nothing
    /// refers to, stands here.
    fn lay_note(&mut self, anchor: Option<Anchor>, mut pieces: Vec<Piece>, at_foot: bool, first: &mut bool) {
        let Some(head) = pieces.first_mut() else { return };
        head.anchors.extend(anchor);
        let height: Pt = pieces.iter().map(|piece| piece.before + piece.height).sum();
        let fits = at_foot && height < self.style.text_height() * 0.3;
        match anchor.filter(|anchor| fits && !self.footnotes.contains_key(anchor)) {
            Some(anchor) => {
                self.footnotes.insert(anchor, pieces);
            }
            None => {
                if std::mem::take(first) {
                    self.short_rule();
                }
                pieces.into_iter().for_each(|piece| self.push(piece));
                self.gap = self.small() * 0.25;
            }
        }
    }

    /// Whether a link of the text leads to a place.
    fn refers_to(&self, anchor: Anchor) -> bool {
        self.links.iter().any(|link| link.aim == Aim::Anchor(anchor))
    }
}

impl Pages<'_, '_> {
    /// Notes for which there was no room, and any that nothing referred to after all, below the text.
    pub(super) fn set_late_notes(&mut self) -> Result<()> {
        let mut left: Vec<Anchor> = self.setter.footnotes.keys().copied().filter(|a| !self.late.contains(a)).collect();
        left.sort_unstable_by_key(|anchor| anchor.0);
        let mut order = Vec::new();
        for anchor in std::mem::take(&mut self.late).into_iter().chain(left) {
            for piece in self.setter.footnotes.remove(&anchor).unwrap_or_default() {
                order.push(self.pieces.len());
                self.pieces.push(piece);
            }
        }
        if order.is_empty() { Ok(()) } else { self.columns(order, Follows::Nothing) }
    }

    /// Height of the notes that a piece refers to first, with the line above them.
    pub(super) fn notes_height(&self, piece: &Piece, noted: &mut HashSet<Anchor>, with_rule: bool) -> Pt {
        if self.setter.footnotes.is_empty() {
            return 0.0;
        }
        let mut height = 0.0;
        for anchor in self.notes_of(piece) {
            if !self.noted.contains(&anchor) && noted.insert(anchor) {
                height += self.note_height(anchor);
            }
        }
        if height > 0.0 && with_rule { height + self.geometry.grid } else { height }
    }

    /// The notes that a piece refers to.
    pub(super) fn notes_of<'p>(&'p self, piece: &'p Piece) -> impl Iterator<Item = Anchor> + 'p {
        piece.drawing.areas.iter().filter_map(|(link, _)| match self.setter.links[link.0 as usize].aim {
            Aim::Anchor(anchor) if self.setter.footnotes.contains_key(&anchor) => Some(anchor),
            _ => None,
        })
    }

    pub(super) fn note_height(&self, anchor: Anchor) -> Pt {
        let gap = self.setter.small() * 0.25;
        self.setter.footnotes[&anchor].iter().map(|piece| piece.before + piece.height).sum::<Pt>() + gap
    }

    /// Notes that a page before had no room for, or that what goes across the page refers to: as many as leave room for
    /// text, at the foot of the next column.
    pub(super) fn carried(&self, height: Pt) -> Vec<Anchor> {
        let mut room = height * 0.4 - self.geometry.grid;
        let fits = |anchor: &&Anchor| {
            room -= self.note_height(**anchor);
            room >= 0.0
        };
        self.late.iter().take_while(fits).copied().collect()
    }

    /// Height of carried notes, with the line above them.
    pub(super) fn carried_height(&self, carried: &[Anchor]) -> Pt {
        let height: Pt = carried.iter().map(|anchor| self.note_height(*anchor)).sum();
        if height > 0.0 { height + self.geometry.grid } else { 0.0 }
    }

    /// Draws the notes of a column at its foot, or under its text where the column is not full.
    pub(super) fn place_notes(&mut self, notes: &[Anchor], column: usize, text_end: Pt, foot: Option<Pt>) -> Pt {
        let mut fitting = Vec::new();
        let mut height = self.geometry.grid;
        for anchor in notes {
            let own = self.note_height(*anchor);
            if text_end + height + own <= self.geometry.bottom + EPSILON {
                height += own;
                fitting.push(*anchor);
            } else {
                self.late.push(*anchor);
            }
        }
        if fitting.is_empty() {
            return text_end;
        }
        let top = foot.map_or(text_end, |foot| (foot - height).max(text_end));
        let color = self.setter.ink(self.setter.style.colors.rule);
        let width = self.geometry.column.min(72.0);
        let rect = Rect { x: self.geometry.x(column), y: top + self.geometry.grid * 0.6, width, height: 0.5 };
        let sheet = self.sheets.last_mut().expect("a page is open");
        sheet.marks.push(Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color } });
        let mut y = top + self.geometry.grid;
        for anchor in fitting {
            for piece in self.setter.footnotes.remove(&anchor).unwrap_or_default() {
                y += piece.before;
                let height = piece.height;
                self.draw(piece, self.geometry.x(column), y);
                y += height;
            }
            y += self.setter.small() * 0.25;
        }
        y
    }
}

/// An address as people read it: escapes of letters undone, the scheme of web pages left out.
pub(crate) fn readable(address: &str) -> String {
    let bare = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or(address);
    let bare = bare.strip_suffix('/').filter(|b| !b.contains('/')).unwrap_or(bare);
    let mut bytes = Vec::with_capacity(bare.len());
    let raw = bare.as_bytes();
    let mut at = 0;
    while at < raw.len() {
        let escape = raw.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match escape.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if raw[at] == b'%' && byte >= 0x80 => {
                bytes.push(byte);
                at += 3;
            }
            _ => {
                bytes.push(raw[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_people_can_read() {
        assert_eq!(readable("https://example.ru/"), "example.ru");
        assert_eq!(readable("https://example.ru/%D0%B4%D0%BE%D0%BC?a=%20b"), "example.ru/дом?a=%20b");
        assert_eq!(readable("http://example.ru/%FF%zz%"), "example.ru/%FF%zz%");
        assert_eq!(readable("mailto:a@b.ru"), "mailto:a@b.ru");
    }
}

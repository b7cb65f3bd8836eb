//! Notes: the article's own, and the addresses of its links.

use super::setter::{Aim, Setter};
use crate::article::Note;
use crate::sheet::{ElementId, Mark, MarkKind, Owner, Rect, Role};
use crate::typeset::text::draw::Drawing;
use crate::typeset::text::passage::Passage;
use crate::typeset::text::piece::{Anchor, Bounds, Piece};

impl Setter<'_> {
    pub(in crate::typeset) fn set_notes(&mut self, parent: ElementId, notes: &[Note]) {
        if notes.is_empty() {
            return;
        }
        let look = self.small_look();
        let marks: Vec<String> = notes
            .iter()
            .map(|note| if note.label.trim().is_empty() { "*".to_owned() } else { self.note_mark(note.label.trim()) })
            .collect();
        let widest = marks.iter().map(|mark| self.text_width(mark, look)).fold(0.0, f32::max);
        let indent = (widest + look.size * 0.5).max(look.size * 1.25).min(self.frame.width * 0.3);
        let outer = self.frame;
        self.frame.inner = true;
        // Notes of the running text stand at the foot of the page; those within a quotation or a list stay there.
        // Where pages are made up they end their story.
        let at_foot = self.apart.is_none() && self.depth == 1 && !outer.inner && outer.x == 0.0;
        let mut first = true;
        for (note, label) in notes.iter().zip(&marks) {
            let element = self.structure.add(parent, Role::Note);
            let lbl = self.structure.add(element, Role::Lbl);
            let anchor = self.notes.get(&note.id).copied();
            let frame = Bounds { inner: true, ..outer };
            let mut pieces = self.aside(frame, |setter| {
                setter.labelled(lbl, label, look, indent, |setter| setter.blocks(element, &note.blocks));
            });
            if let Some(piece) = pieces.first_mut() {
                piece.anchors.extend(anchor);
                // The gap above is that between notes, not that between paragraphs.
                piece.before = 0.0;
            }
            let referred = anchor.filter(|anchor| at_foot && self.refers_to(*anchor));
            match referred.filter(|anchor| !self.footnotes.contains_key(anchor)) {
                Some(anchor) => {
                    self.footnotes.insert(anchor, pieces);
                }
                None => {
                    if std::mem::take(&mut first) {
                        self.short_rule();
                    }
                    pieces.into_iter().for_each(|piece| self.push(piece));
                    self.gap = self.small() * 0.25;
                }
            }
        }
        self.frame = outer;
        self.gap = self.block_gap();
    }

    /// Whether a link of the text leads to a place.
    fn refers_to(&self, anchor: Anchor) -> bool {
        self.links.iter().any(|link| link.aim == Aim::Anchor(anchor))
    }

    /// The short line above notes.
    pub(crate) fn short_rule(&mut self) {
        let color = self.ink(self.style.colors.rule);
        let rect = Rect { x: self.frame.x, y: 0.0, width: self.frame.width.min(72.0), height: 0.5 };
        self.leave(self.leading());
        let mark = Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color } };
        let drawing = Drawing { marks: vec![mark], areas: Vec::new() };
        self.push(Piece { height: 0.5, drawing, ..Piece::default() });
        self.keep_next = true;
        self.gap = self.leading() * 0.4;
    }

    /// The mark of an address among those of the article, counted from 0.
    pub(in crate::typeset) fn address_label(&self, index: usize) -> String {
        format!("[{}]", self.first_address + index)
    }

    /// The addresses that the text refers to by numbers (`--links notes`), each a note at the foot of the page.
    pub(crate) fn set_addresses(&mut self, parent: ElementId) {
        let addresses = std::mem::take(&mut self.addresses);
        let look = self.small_look();
        let widest = self.address_label(addresses.len().saturating_sub(1));
        let indent = self.text_width(&widest, look) + look.size * 0.5;
        let frame = Bounds { inner: true, ..self.frame };
        for (index, (address, anchor)) in addresses.into_iter().enumerate() {
            let note = self.structure.add(parent, Role::Note);
            let lbl = self.structure.add(note, Role::Lbl);
            let label = self.address_label(index);
            let mut pieces = self.aside(frame, |setter| {
                setter.labelled(lbl, &label, look, indent, |setter| setter.address(note, address));
            });
            if let Some(piece) = pieces.first_mut() {
                piece.anchors.push(anchor);
            }
            if self.apart.is_none() {
                self.footnotes.insert(anchor, pieces);
                continue;
            }
            if index == 0 {
                self.short_rule();
            }
            pieces.into_iter().for_each(|piece| self.push(piece));
            self.gap = self.small() * 0.25;
        }
    }

    /// An address that leads where it says.
    fn address(&mut self, note: ElementId, address: String) {
        let look = self.small_look();
        let paragraph = self.structure.add(note, Role::P);
        let element = self.structure.add(paragraph, Role::Link);
        let text = readable(&address);
        let link = self.add_link(element, Aim::Uri(address), "");
        let mut span = self.span(element, look);
        span.link = Some(link);
        let mut passage = Passage::default();
        passage.push(&text, &span);
        self.set_passage(&passage, self.small_setting());
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

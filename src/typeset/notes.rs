//! Notes at the foot of the column that refers to them.

use std::collections::HashSet;

use super::pages::{EPSILON, Pages};
use super::setter::{Aim, Anchor, Piece};
use super::sheet::{Mark, MarkKind, Owner, Pt, Rect};
use crate::Result;

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
        if order.is_empty() { Ok(()) } else { self.columns(order, true) }
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

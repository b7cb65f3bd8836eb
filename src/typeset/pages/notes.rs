//! Notes at the foot of the column that refers to them.

use std::collections::{HashSet, VecDeque};

use super::makeup::{EPSILON, Pages, Placed};
use crate::Result;
use crate::sheet::{Mark, MarkKind, Owner, Pt, Rect};
use crate::typeset::flow::setter::Aim;
use crate::typeset::text::piece::{Anchor, Piece};

/// How much of the page's height a single note may take from the text that refers to it; the rest goes on at the foot of
/// the next page.
const MOST: f32 = 0.2;

impl Pages<'_, '_> {
    /// Lays notes for which there was no room below the text that ends here.
    pub(super) fn set_carried_notes(&mut self) -> Result<()> {
        let carried = std::mem::take(&mut self.carried);
        self.set_below(carried.into())
    }

    /// Notes that no drawn piece referred to after all, below the text.
    pub(super) fn set_late_notes(&mut self) -> Result<()> {
        let mut left: Vec<Anchor> = self.setter.footnotes.keys().copied().collect();
        left.sort_unstable_by_key(|anchor| anchor.0);
        let pieces = left.into_iter().flat_map(|anchor| self.take_note(anchor)).collect();
        self.set_below(pieces)
    }

    fn set_below(&mut self, pieces: Vec<Piece>) -> Result<()> {
        let first = self.pieces.len();
        self.pieces.extend(pieces);
        let order: Vec<usize> = (first..self.pieces.len()).collect();
        if order.is_empty() { Ok(()) } else { self.columns(order, true) }
    }

    /// Height that the notes need which a piece refers to first, with the line above them.
    pub(super) fn notes_height(&self, piece: &Piece, noted: &mut HashSet<Anchor>, with_rule: bool) -> Pt {
        if self.setter.footnotes.is_empty() {
            return 0.0;
        }
        let mut height = 0.0;
        let own: Vec<Anchor> = self.notes_of(piece).filter(|a| !self.noted.contains(a) && noted.insert(*a)).collect();
        for anchor in own {
            let note = &self.setter.footnotes[&anchor];
            height += self.needed(note);
            // A note may refer to the address of a link in it.
            for inner in note.iter().flat_map(|piece| self.notes_of(piece)) {
                if !self.noted.contains(&inner) && noted.insert(inner) {
                    height += self.needed(&self.setter.footnotes[&inner]);
                }
            }
        }
        if height > 0.0 && with_rule { height + self.geometry.grid } else { height }
    }

    /// Height of a note, or of as much of a long one as must stand below its text.
    fn needed(&self, note: &[Piece]) -> Pt {
        self.note_gap() + self.start_of(note, MOST)
    }

    /// Height of the first pieces of notes, up to a part of the page.
    fn start_of<'p>(&self, pieces: impl IntoIterator<Item = &'p Piece>, part: f32) -> Pt {
        let most = (self.geometry.bottom - self.geometry.top) * part;
        let mut height = 0.0;
        for (index, piece) in pieces.into_iter().enumerate() {
            if index >= 3 && height > most {
                break;
            }
            height += piece.before + piece.height;
        }
        height
    }

    /// Height to be left for what did not go on the page before.
    pub(super) fn carried_height(&self) -> Pt {
        if self.carried.is_empty() { 0.0 } else { self.geometry.grid + self.start_of(&self.carried, MOST * 2.0) }
    }

    fn note_gap(&self) -> Pt {
        self.setter.small() * 0.25
    }

    /// The notes that a piece refers to.
    pub(super) fn notes_of<'p>(&'p self, piece: &'p Piece) -> impl Iterator<Item = Anchor> + 'p {
        piece.drawing.areas.iter().filter_map(|(link, _)| match self.setter.links[link.0 as usize].aim {
            Aim::Anchor(anchor) if self.setter.footnotes.contains_key(&anchor) => Some(anchor),
            _ => None,
        })
    }

    fn take_note(&mut self, anchor: Anchor) -> Vec<Piece> {
        let gap = self.note_gap();
        let mut pieces = self.setter.footnotes.remove(&anchor).unwrap_or_default();
        if let Some(piece) = pieces.first_mut() {
            piece.before += gap;
        }
        pieces
    }

    /// The one height at which the notes of columns end that are not as high as the page.
    pub(super) fn common_foot(&self, columns: &[Vec<Placed>], top: Pt) -> Pt {
        let mut noted = HashSet::new();
        let mut lowest = top;
        for (index, column) in columns.iter().enumerate() {
            let mut notes = if index == 0 { self.carried_height() } else { 0.0 };
            let mut end = top;
            for placed in column {
                let piece = &self.pieces[placed.piece];
                notes += self.notes_height(piece, &mut noted, notes == 0.0);
                end = end.max(top + placed.y + self.repeated(placed) + piece.height);
            }
            lowest = lowest.max(end + notes);
        }
        lowest.min(self.geometry.bottom)
    }

    /// Draws the notes of a column at its foot, or under its text where the column is not full. What does not fit goes on
    /// at the foot of the next page.
    pub(super) fn place_notes(&mut self, notes: &[Anchor], column: usize, text_end: Pt, foot: Option<Pt>) -> Pt {
        let mut queue = if column == 0 { std::mem::take(&mut self.carried) } else { VecDeque::new() };
        for anchor in notes {
            let note = self.take_note(*anchor);
            queue.extend(note);
        }
        let mut at = 0;
        while at < queue.len() {
            let inner: Vec<Anchor> = self.notes_of(&queue[at]).collect();
            for anchor in inner.into_iter().filter(|anchor| self.noted.insert(*anchor)).collect::<Vec<_>>() {
                let note = self.take_note(anchor);
                queue.extend(note);
            }
            at += 1;
        }
        let room = self.geometry.bottom - text_end - self.geometry.grid;
        let (mut count, mut heights) = (0, vec![0.0]);
        while let Some(piece) = queue.get(count) {
            let height = heights[count] + if count == 0 { 0.0 } else { piece.before } + piece.height;
            if height > room + EPSILON {
                break;
            }
            heights.push(height);
            count += 1;
        }
        while count > 0 && queue.get(count).is_some_and(|next| next.keep) {
            count -= 1;
        }
        self.carried.extend(queue.split_off(count));
        if count == 0 {
            return text_end;
        }
        let top = foot.map_or(text_end, |foot| (foot - heights[count] - self.geometry.grid).max(text_end));
        let color = self.setter.ink(self.setter.style.colors.rule);
        let width = self.geometry.column.min(72.0);
        let x = self.geometry.x(column);
        let rect = Rect { x, y: top + self.geometry.grid * 0.6, width, height: 0.5 };
        let sheet = self.sheets.last_mut().expect("a page is open");
        sheet.marks.push(Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color } });
        let mut y = top + self.geometry.grid;
        for (index, piece) in queue.into_iter().enumerate() {
            y += if index == 0 { 0.0 } else { piece.before };
            let height = piece.height;
            self.draw(piece, x, y);
            y += height;
        }
        y
    }
}

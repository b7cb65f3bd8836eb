//! Tables of data and tables for layout.
//!
//! A table is held until it is known which it is: at most 16 KiB of it. Its own word counts first (`role`, `summary`,
//! `caption`, header cells), then what it holds: a table within it, headings, or long cells mean layout; several rows
//! of several short cells mean data.

use super::element::Attr;
use super::event::Event;
use crate::html::stack::Id;
use crate::html::tag::Tag;

/// What a table is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TableKind {
    Data,
    Layout,
}

/// What may be held of one table.
const MOST_HELD: usize = 16 << 10;
/// A cell of data is seldom longer.
const LONG_CELL: usize = 400;

/// Tables that are open: known, and the one that is being held.
#[derive(Default)]
pub(super) struct Tables {
    known: Vec<(Id, TableKind)>,
    held: Option<Held>,
}

struct Held {
    id: Id,
    events: Vec<Event>,
    size: usize,
    rows: u32,
    cells: u32,
    cells_in_row: u32,
    widest: u32,
    filled: u32,
    cell_text: usize,
    header: bool,
    kind: Option<TableKind>,
}

impl Tables {
    /// Whether an event is none of a table's business.
    pub(super) fn passes(&self, event: &Event) -> bool {
        let concerns = match event {
            Event::Open(_, element) => element.tag == Tag::Table,
            Event::Close(..) => !self.known.is_empty(),
            Event::Void(_) | Event::Text(_) | Event::Space(_) | Event::Main(_) | Event::MainEnd => false,
        };
        self.held.is_none() && !concerns
    }

    /// Whether no table is held.
    pub(super) fn is_idle(&self) -> bool {
        self.held.is_none()
    }

    /// Takes an event while a table is held; gives it back where none is.
    pub(super) fn take(&mut self, event: Event) -> Option<Event> {
        if let Some(held) = &mut self.held {
            held.observe(&event);
            held.size += event.size();
            held.events.push(event);
            return None;
        }
        match &event {
            Event::Open(id, element) if element.tag == Tag::Table && !self.is_known(*id) => {
                let kind = if element.get(Attr::Presentation).is_some() {
                    Some(TableKind::Layout)
                } else if element.get(Attr::DataTable).is_some_and(|summary| !summary.is_empty()) {
                    Some(TableKind::Data)
                } else {
                    None
                };
                self.held = Some(Held::new(*id, kind, event));
                None
            }
            Event::Close(id, _) => {
                self.known.retain(|(known, _)| known != id);
                Some(event)
            }
            _ => Some(event),
        }
    }

    fn is_known(&self, id: Id) -> bool {
        self.known.iter().any(|(known, _)| *known == id)
    }

    /// From here on the table is known.
    pub(super) fn known(&mut self, id: Id, kind: TableKind) {
        self.known.push((id, kind));
    }

    /// The held table with all its events, once it is known what it is; at the page's end, in any case.
    pub(super) fn settled(&mut self, end: bool) -> Option<(TableKind, Vec<Event>)> {
        let held = self.held.as_ref()?;
        let kind = held.kind.or_else(|| (end || held.size > MOST_HELD).then(|| held.guess()))?;
        let held = self.held.take()?;
        Some((kind, held.events))
    }

    /// Whether a part of a table belongs to a table for layout, and so means nothing.
    pub(super) fn is_layout(&self, tag: Tag) -> bool {
        let part = matches!(
            tag,
            Tag::Table | Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Tr | Tag::Td | Tag::Th | Tag::Caption
        );
        part && self.known.last().is_none_or(|(_, kind)| *kind == TableKind::Layout)
    }
}

impl Held {
    fn new(id: Id, kind: Option<TableKind>, event: Event) -> Self {
        Self {
            id,
            events: vec![event],
            size: 0,
            rows: 0,
            cells: 0,
            cells_in_row: 0,
            widest: 0,
            filled: 0,
            cell_text: 0,
            header: false,
            kind,
        }
    }

    fn observe(&mut self, event: &Event) {
        match event {
            Event::Open(_, element) => match element.tag {
                Tag::Table | Tag::Form | Tag::Article | Tag::Section | Tag::Main | Tag::Nav => {
                    self.kind = Some(TableKind::Layout)
                }
                tag if tag.is_heading() => self.kind = Some(TableKind::Layout),
                Tag::Caption => self.kind = Some(TableKind::Data),
                Tag::Tr => {
                    self.rows += 1;
                    self.cells_in_row = 0;
                }
                Tag::Td | Tag::Th => {
                    self.header |= element.tag == Tag::Th;
                    self.cells += 1;
                    self.cells_in_row += 1;
                    self.widest = self.widest.max(self.cells_in_row);
                    self.cell_text = 0;
                }
                _ => {}
            },
            Event::Text(text) => {
                let length = text.trim().len();
                if length > 0 && self.cell_text == 0 {
                    self.filled += 1;
                }
                self.cell_text += length;
                if self.cell_text > 2 * LONG_CELL && !self.header {
                    self.kind = Some(TableKind::Layout);
                }
            }
            Event::Close(id, _) if *id == self.id => self.kind = Some(self.kind.unwrap_or_else(|| self.guess())),
            Event::Main(_) | Event::MainEnd => self.kind = Some(TableKind::Layout),
            Event::Close(..) | Event::Void(_) | Event::Space(_) => {}
        }
    }

    fn guess(&self) -> TableKind {
        let grid = self.rows >= 2 && self.widest >= 2 && self.filled * 2 >= self.cells;
        let header = self.header && self.rows >= 2;
        if header || grid && self.cells >= 4 { TableKind::Data } else { TableKind::Layout }
    }
}

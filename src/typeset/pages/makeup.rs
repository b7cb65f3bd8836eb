//! Pieces become pages: columns are filled, and balanced where they end.

use std::collections::{HashSet, VecDeque};

use crate::limits::Limit;
use crate::sheet::{Destination, Mark, MarkKind, OutlineItem, Owner, Pt, Rect, Sheet};
use crate::theme::MM;
use crate::typeset::flow::setter::{Setter, shift};
use crate::typeset::text::passage::LinkIx;
use crate::typeset::text::piece::{Anchor, Bounds, PageRef, Piece};
use crate::{Error, Limits, Result};

/// The sheet's measures in points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Geometry {
    pub(crate) width: Pt,
    pub(crate) height: Pt,
    pub(crate) top: Pt,
    pub(crate) bottom: Pt,
    pub(crate) left: Pt,
    /// Between the outer edges of the columns.
    pub(crate) measure: Pt,
    pub(crate) columns: usize,
    pub(crate) column: Pt,
    pub(crate) gutter: Pt,
    /// Distance of grid lines.
    pub(crate) grid: Pt,
}

impl Geometry {
    pub(crate) fn of(style: &crate::theme::PrintStyle, lang: &str) -> Self {
        let page = &style.page;
        let columns = usize::from(page.columns.max(1));
        let gutter = page.gutter * MM;
        let mut measure = style.text_width();
        if let Some(most) = style.guideline.max_characters.filter(|_| columns == 1) {
            let character = style.body.family.character_width(lang) * style.body.size;
            measure = measure.min(character * f32::from(most));
        }
        Self {
            width: page.paper.width * MM,
            height: page.paper.height * MM,
            top: page.margins[0] * MM,
            bottom: (page.paper.height - page.margins[2]) * MM,
            left: page.margins[3] * MM,
            measure,
            columns,
            column: (measure - gutter * (columns - 1) as f32) / columns as f32,
            gutter,
            grid: style.body.size * style.body.leading,
        }
    }

    /// The same page in another number of columns.
    pub(crate) fn in_columns(self, columns: usize) -> Self {
        let columns = columns.max(1);
        Self { columns, column: (self.measure - self.gutter * (columns - 1) as f32) / columns as f32, ..self }
    }

    /// What stands in columns side by side.
    pub(crate) fn beside(&self) -> Bounds {
        Bounds { x: 0.0, width: self.column, columns: self.columns, inner: false }
    }

    /// What goes across the page.
    pub(crate) fn across(&self) -> Bounds {
        self.in_columns(1).beside()
    }

    pub(in crate::typeset) fn x(&self, column: usize) -> Pt {
        self.left + column as f32 * (self.column + self.gutter)
    }
}

/// Where a piece of a column stands.
#[derive(Clone, Copy, Debug)]
pub(in crate::typeset) struct Placed {
    pub(in crate::typeset) piece: usize,
    pub(in crate::typeset) y: Pt,
    gap: Pt,
    /// Under the repeated head of its table.
    repeat: bool,
}

/// Columns side by side, and what did not go into them.
struct Filled {
    columns: Vec<Vec<Placed>>,
    rest: Vec<usize>,
    /// A column ends where it must not: there was no better place.
    broken: bool,
    /// Notes that stand below these columns.
    noted: HashSet<Anchor>,
}

/// A picture over the first columns, which begin below it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Inset {
    columns: usize,
    height: Pt,
}

impl Inset {
    /// By how much a column is shorter for it.
    fn above(self, column: usize) -> Pt {
        if column < self.columns { self.height } else { 0.0 }
    }
}

/// Pages under way.
pub(crate) struct Pages<'a, 'b> {
    pub(in crate::typeset) setter: &'a mut Setter<'b>,
    pub(in crate::typeset) geometry: Geometry,
    pub(in crate::typeset) pieces: Vec<Piece>,
    pub(in crate::typeset) sheets: Vec<Sheet>,
    /// Upper edge of what is free on the page.
    pub(in crate::typeset) y: Pt,
    pub(in crate::typeset) anchors: Vec<Option<Destination>>,
    /// Areas of links by their sheets, until all places are known.
    pub(in crate::typeset) areas: Vec<(usize, LinkIx, Rect)>,
    pub(in crate::typeset) page_refs: Vec<(usize, PageRef)>,
    /// Notes that stand on a page already.
    pub(in crate::typeset) noted: HashSet<Anchor>,
    /// Pieces of notes that had no room on the page that refers to them.
    pub(in crate::typeset) carried: VecDeque<Piece>,
    pub(in crate::typeset) name: String,
    /// The section that each page opens with, where pages are made up.
    pub(super) page_sections: Option<Vec<Option<String>>>,
}

/// More pages than the limit, or no more time.
pub(in crate::typeset) fn too_many(name: &str, limits: &Limits) -> Error {
    if limits.deadline.is_over() {
        return limits.deadline.passed(name);
    }
    Error::Limit {
        name: name.to_owned(),
        what: "the number of pages".into(),
        most: limits.pages.to_string(),
        limit: Limit::Pages,
    }
}

/// Rounding errors are smaller than this.
pub(in crate::typeset) const EPSILON: Pt = 0.05;

impl<'a, 'b> Pages<'a, 'b> {
    pub(crate) fn new(setter: &'a mut Setter<'b>, geometry: Geometry, name: String) -> Self {
        let pieces = std::mem::take(&mut setter.pieces);
        let anchors = vec![None; setter.anchors as usize];
        Self {
            setter,
            geometry,
            pieces,
            sheets: Vec::new(),
            y: geometry.top,
            anchors,
            areas: Vec::new(),
            page_refs: Vec::new(),
            noted: HashSet::new(),
            carried: VecDeque::new(),
            name,
            page_sections: None,
        }
    }

    /// Fills the pages.
    ///
    /// # Errors
    /// When there are more than the limit.
    pub(crate) fn run(mut self, head: &str) -> Result<(Vec<Sheet>, Vec<OutlineItem>)> {
        self.open()?;
        let mut at = 0;
        let total = self.pieces.len();
        while at < total {
            self.setter.limits.deadline.check(&self.name)?;
            if self.pieces[at].new_page && self.y > self.geometry.top + EPSILON {
                self.open()?;
            }
            let columns = self.pieces[at].columns;
            let end = (at + 1..total)
                .find(|i| {
                    let piece = &self.pieces[*i];
                    piece.columns != columns || piece.new_page || piece.at_foot
                })
                .unwrap_or(total);
            let page = self.geometry;
            self.geometry = page.in_columns(columns);
            if self.pieces[at].at_foot {
                self.go_to_foot(at)?;
            }
            if columns < page.columns && columns == 1 {
                if self.strands(at, end, page) {
                    self.open()?;
                }
                self.spanning(at, end)?;
            } else {
                let last = end == total || self.pieces[end].new_page;
                self.columns((at..end).collect(), last)?;
            }
            self.set_carried_notes()?;
            self.geometry = page;
            at = end;
        }
        self.set_late_notes()?;
        self.furnish(head);
        let outline = self.outline();
        Ok((self.sheets, outline))
    }

    pub(super) fn open(&mut self) -> Result<()> {
        if self.sheets.len() >= self.setter.limits.pages || self.setter.limits.deadline.is_over() {
            return Err(too_many(&self.name, self.setter.limits));
        }
        let g = &self.geometry;
        self.sheets.push(Sheet {
            width: g.width,
            height: g.height,
            bleed: self.setter.style.output.bleed * MM,
            crop_marks: self.setter.style.output.marks,
            color_bars: self.setter.style.output.color_bars,
            label: (self.sheets.len() + 1).to_string(),
            marks: Vec::new(),
            links: Vec::new(),
        });
        self.y = g.top;
        Ok(())
    }

    /// Moves down so far that the rest of the pieces ends with the page.
    fn go_to_foot(&mut self, at: usize) -> Result<()> {
        let height: Pt = self.pieces[at..].iter().map(|piece| piece.before + piece.height).sum();
        if self.y + height > self.geometry.bottom && self.y > self.geometry.top + EPSILON {
            self.open()?;
        }
        self.y = self.y.max(self.geometry.bottom - height);
        Ok(())
    }

    /// Whether what goes across the page would stand at its foot alone, since what follows cannot begin below it.
    fn strands(&mut self, start: usize, end: usize, page: Geometry) -> bool {
        if self.y <= self.geometry.top + EPSILON || end == self.pieces.len() {
            return false;
        }
        let group = &self.pieces[start..end];
        let height = group.iter().map(|piece| piece.before + piece.height).sum::<Pt>() + group[group.len() - 1].after;
        let room = self.geometry.bottom - self.y - height;
        // What is longer than the page's rest is divided there.
        if room < 0.0 || self.pieces[end].new_page {
            return false;
        }
        let columns = self.pieces[end].columns;
        let spanning = std::mem::replace(&mut self.geometry, page.in_columns(columns));
        let following = (end..self.pieces.len()).take_while(|i| self.pieces[*i].columns == columns);
        let (wide, following): (Vec<usize>, Vec<usize>) = following.partition(|i| self.pieces[*i].wide > 1);
        let room = room - self.pieces[end].before;
        let inset = wide.first().map(|piece| self.inset(*piece, room));
        let filled = self.fill_columns(following, room, columns.max(1), inset.flatten().unwrap_or_default());
        self.geometry = spanning;
        // A picture without its article on the next page is as bad as a headline without one on this.
        let left_over = inset == Some(None) && filled.rest.is_empty();
        filled.broken || left_over || filled.columns.iter().all(Vec::is_empty)
    }

    /// Pieces across the whole measure, one below the other.
    fn spanning(&mut self, start: usize, end: usize) -> Result<()> {
        let result = self.columns((start..end).collect(), false);
        if let Some(last) = self.pieces.get(end - 1) {
            self.y += last.after;
        }
        // A title at the foot of a page, with two lines below it, is no beginning.
        if end < self.pieces.len() && self.geometry.bottom - self.y < self.geometry.grid * 3.0 {
            self.open()?;
        }
        result
    }

    /// Pieces in columns, as many pages as they need; on the last, columns are of one height.
    pub(in crate::typeset) fn columns(&mut self, mut order: Vec<usize>, last_group: bool) -> Result<()> {
        let mut wide = order.iter().position(|piece| self.pieces[*piece].wide > 1).map(|at| order.remove(at));
        while !order.is_empty() || wide.is_some() {
            let room = self.geometry.bottom - self.y;
            let fresh = self.y <= self.geometry.top + EPSILON;
            if fresh && order.len() > 1 && self.pieces[order[0]].parts {
                order.remove(0);
            }
            let gap = if fresh { 0.0 } else { order.first().map_or(0.0, |first| self.pieces[*first].before) };
            let count = self.geometry.columns;
            let above = wide.and_then(|piece| self.inset(piece, room - gap));
            let inset = above.unwrap_or_default();
            let Filled { columns, rest, broken, .. } = self.fill_columns(order.clone(), room - gap, count, inset);
            if wide.is_some() && above.is_none() && rest.is_empty() && !fresh {
                // It has no room here, and nothing would stand below it on the next page.
                self.open()?;
                continue;
            }
            if let Some(piece) = wide.filter(|_| above.is_some()) {
                wide = None;
                let piece = std::mem::take(&mut self.pieces[piece]);
                self.draw(piece, self.geometry.x(0), self.y + gap);
                if order.is_empty() {
                    self.y += gap + inset.height;
                    break;
                }
            }
            if columns.iter().all(Vec::is_empty) || (broken && !fresh) {
                if fresh {
                    self.force(&mut order);
                } else {
                    self.open()?;
                }
                continue;
            }
            let columns =
                if rest.is_empty() && count > 1 { self.balance(&order, room - gap, columns, inset) } else { columns };
            let top = self.y + gap;
            let mut lowest = top;
            let foot = match count {
                _ if !rest.is_empty() => Some(self.geometry.bottom),
                1 => last_group.then_some(self.geometry.bottom),
                _ => Some(self.common_foot(&columns, top)),
            };
            for (index, column) in columns.iter().enumerate() {
                lowest = lowest.max(self.place(column, index, top + inset.above(index), foot));
            }
            if count > 1 {
                self.column_rules(&columns, top, lowest, inset);
            }
            self.y = lowest;
            order = rest;
            if !order.is_empty() {
                self.open()?;
            }
        }
        Ok(())
    }

    /// Fills columns of a height.
    fn fill_columns(&self, order: Vec<usize>, height: Pt, count: usize, inset: Inset) -> Filled {
        let columns = Vec::with_capacity(count);
        let mut filled = Filled { columns, rest: order, broken: false, noted: HashSet::new() };
        for column in 0..count {
            self.fill(&mut filled, height - inset.above(column));
        }
        filled
    }

    /// The room that a picture over several columns takes, if it has any here and some lines below it.
    fn inset(&self, piece: usize, room: Pt) -> Option<Inset> {
        let piece = &self.pieces[piece];
        let grid = self.geometry.grid;
        let height = ((piece.height + piece.after) / grid).ceil() * grid;
        (height + grid * 3.0 < room).then_some(Inset { columns: piece.wide, height })
    }

    /// Fills one more column. Figures that do not fit go first in what is left.
    fn fill(&self, filled: &mut Filled, height: Pt) {
        let order = std::mem::take(&mut filled.rest);
        let mut column: Vec<Placed> = Vec::new();
        let mut deferred: Vec<usize> = Vec::new();
        // What has moved up below the heading of a figure that was put off.
        let mut moved_up: Option<usize> = None;
        let (mut y, mut after): (Pt, Pt) = (0.0, 0.0);
        let mut foot = if filled.columns.is_empty() { self.carried_height() } else { 0.0 };
        let mut noted = filled.noted.clone();
        let mut at = 0;
        while at < order.len() {
            let piece = &self.pieces[order[at]];
            if piece.parts && column.is_empty() && !filled.columns.is_empty() {
                at += 1;
                continue;
            }
            let gap = if column.is_empty() { 0.0 } else { piece.before.max(after) };
            let mut top = y + gap;
            if piece.on_grid && self.geometry.columns > 1 {
                top = ((top - EPSILON) / self.geometry.grid).ceil() * self.geometry.grid;
            }
            let repeat = match &piece.repeat {
                // A figure put off to here does not make the head needless.
                Some(repeat) if column.iter().all(|placed| self.pieces[placed.piece].floats) => repeat.height,
                _ => 0.0,
            };
            let fits = |foot: Pt| top + repeat + piece.height + foot <= height + EPSILON;
            let notes = self.notes_height(piece, &mut noted, foot == 0.0);
            // Notes that leave no room for even one piece wait for the next page.
            let alone = column.is_empty() && fits(0.0);
            if !alone && !fits(foot + notes) {
                let text_follows = order.get(at + 1).is_some_and(|next| !self.pieces[*next].keep);
                let first = deferred.is_empty();
                if piece.floats && !column.is_empty() && text_follows && (first || (!piece.keep && deferred.len() < 3))
                {
                    deferred.push(order[at]);
                    if piece.keep || moved_up == Some(order[at]) {
                        moved_up = order.get(at + 1).copied();
                    }
                    at += 1;
                    continue;
                }
                break;
            }
            column.push(Placed { piece: order[at], y: top, gap: top - y, repeat: repeat > 0.0 });
            y = top + repeat + piece.height;
            foot += notes;
            after = piece.after;
            at += 1;
        }
        // The column ends at the last place where it may.
        if let Some(mut next) = order.get(at).copied() {
            let mut end = column.len();
            while end > 0 && (self.pieces[next].keep || moved_up == Some(next)) {
                end -= 1;
                next = column[end].piece;
            }
            if end == 0 {
                filled.broken |= !column.is_empty();
            } else {
                let last = at;
                let place = |piece: usize| order.iter().position(|i| *i == piece).unwrap_or(last);
                at = place(next);
                column.truncate(end);
                // A figure put off from a place that is now after the end stays where it stood.
                deferred.retain(|piece| place(*piece) < at);
            }
        }
        for placed in &column {
            self.notes_height(&self.pieces[placed.piece], &mut filled.noted, false);
        }
        filled.rest = deferred;
        filled.rest.extend_from_slice(&order[at..]);
        filled.columns.push(column);
    }

    /// Columns of the least height that still holds everything.
    fn balance(&self, order: &[usize], room: Pt, full: Vec<Vec<Placed>>, inset: Inset) -> Vec<Vec<Placed>> {
        let count = self.geometry.columns;
        let text: Pt = full.iter().flatten().map(|p| p.gap + self.pieces[p.piece].height).sum();
        let whole = text + inset.columns as f32 * inset.height;
        // What is no longer than a picture over some columns stands beside it, in all the others.
        let beside = text / count.saturating_sub(inset.columns).max(1) as f32;
        let least = (whole / count as f32).min(if inset.columns < count { beside } else { whole });
        let step = self.geometry.grid.max(4.0);
        // Columns of one or two lines are no columns.
        let mut height = (least / step).floor().max(3.0) * step;
        while height < room {
            let filled = self.fill_columns(order.to_vec(), height, count, inset);
            if filled.rest.is_empty() && !filled.broken {
                return filled.columns;
            }
            height += step * 0.5;
        }
        full
    }

    /// The one piece that is higher than an empty page. Nothing makes such pieces on purpose.
    fn force(&mut self, order: &mut Vec<usize>) {
        let piece = order.remove(0);
        let height = self.pieces[piece].height;
        self.setter.warn(format!("a part {height:.0} pt high does not fit on a page and is cut; use a larger paper"));
        let placed = [Placed { piece, y: 0.0, gap: 0.0, repeat: false }];
        self.place(&placed, 0, self.geometry.top, None);
        self.y = self.geometry.bottom;
    }

    /// Draws a column and returns its lower edge.
    fn place(&mut self, column: &[Placed], index: usize, top: Pt, foot: Option<Pt>) -> Pt {
        let x = self.geometry.x(index);
        let sheet = self.sheets.len() - 1;
        let mut lowest = top;
        let rule = self.setter.ink(self.setter.style.colors.rule);
        let mut notes: Vec<Anchor> = Vec::new();
        for placed in column {
            let piece = std::mem::take(&mut self.pieces[placed.piece]);
            let named: Vec<Anchor> = self.notes_of(&piece).collect();
            notes.extend(named.into_iter().filter(|anchor| self.noted.insert(*anchor)));
            let mut y = top + placed.y;
            let height = piece.height;
            for bar in &piece.bars {
                let over = if placed.y > EPSILON && bar.over_gap { placed.gap } else { 0.0 };
                let rect = Rect { x: x + bar.x, y: y - over, width: 1.2, height: height + over };
                let kind = MarkKind::Fill { rect, color: rule };
                self.sheets[sheet].marks.push(Mark { owner: Owner::Layout, kind });
            }
            if let Some(repeat) = piece.repeat.as_ref().filter(|_| placed.repeat) {
                let mut drawing = repeat.drawing.clone();
                shift(&mut drawing, x, y);
                self.sheets[sheet].marks.append(&mut drawing.marks);
                y += repeat.height;
            }
            self.draw(piece, x, y);
            lowest = lowest.max(y + height);
        }
        let carried = index == 0 && !self.carried.is_empty();
        if notes.is_empty() && !carried { lowest } else { self.place_notes(&notes, index, lowest, foot) }
    }

    /// Height of the head of a table that is drawn again above a piece.
    pub(in crate::typeset) fn repeated(&self, placed: &Placed) -> Pt {
        self.pieces[placed.piece].repeat.as_ref().filter(|_| placed.repeat).map_or(0.0, |repeat| repeat.height)
    }

    /// Draws a piece with its upper left corner at a place of the open page.
    pub(in crate::typeset) fn draw(&mut self, piece: Piece, x: Pt, y: Pt) {
        let sheet = self.sheets.len() - 1;
        for anchor in &piece.anchors {
            self.anchors[anchor.0 as usize] = Some(Destination { sheet, y });
        }
        for mut page_ref in piece.page_refs.iter().copied() {
            page_ref.right += x;
            page_ref.baseline += y;
            self.page_refs.push((sheet, page_ref));
        }
        let mut drawing = piece.drawing;
        shift(&mut drawing, x, y);
        self.sheets[sheet].marks.append(&mut drawing.marks);
        self.areas.extend(drawing.areas.into_iter().map(|(link, rect)| (sheet, link, rect)));
    }

    /// Hairlines between columns that stand side by side.
    fn column_rules(&mut self, columns: &[Vec<Placed>], top: Pt, bottom: Pt, inset: Inset) {
        let color = self.setter.ink(self.setter.style.colors.rule);
        let sheet = self.sheets.last_mut().expect("a page is open");
        for (index, column) in columns.iter().enumerate().skip(1) {
            if column.is_empty() {
                continue;
            }
            let x = self.geometry.x(index) - self.geometry.gutter / 2.0;
            let top = top + inset.above(index);
            let rect = Rect { x: x - 0.15, y: top, width: 0.3, height: bottom - top };
            sheet.marks.push(Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color } });
        }
    }
}

//! Tables: columns as wide as their content needs, rows that are never divided, heads that are repeated, and rows told
//! one cell below the other where the paper is too narrow.

use std::sync::Arc;

use super::apart::height_of;
use super::setter::{Setter, shift, stack};
use crate::article::{Block, Cell, Inline, Scope, Table};
use crate::sheet::{ElementId, ListNumbering, Mark, MarkKind, Owner, Pt, Rect, Role};
use crate::typeset::text::draw::{Drawing, Flush};
use crate::typeset::text::passage::{Look, Passage};
use crate::typeset::text::piece::{Bounds, Piece, Repeat, Setting};

/// Rows and columns beyond this are told as text: no page shows them side by side.
const COLUMNS: usize = 60;

/// The part of a page's height that a table over several columns takes at most where pages are made up.
const BAND: f32 = 0.5;

/// A cell with its place.
struct Placed<'t> {
    cell: &'t Cell,
    row: usize,
    column: usize,
    columns: usize,
    rows: usize,
    text: String,
}

/// Columns of one cell (HTML, 4.9.11).
const SPAN: usize = 1_000;
/// Columns up to which a cell may take several.
const WIDEST: usize = 4_096;

impl Setter<'_> {
    pub(crate) fn table(&mut self, parent: ElementId, table: &Table) {
        let (cells, columns) = place(table);
        self.leave(self.block_gap());
        let column = self.frame;
        let mut fitting = self.fitting(&cells, columns);
        // What is too wide for a column stands across the page, over as many columns as it needs, before it is told row
        // by row.
        let banded = self.apart.as_ref().is_some_and(|apart| apart.band.is_some());
        let most = if column.inner || column.x > 0.0 || banded { 1 } else { column.columns };
        let widths: Vec<Pt> = (2..=most).map(|count| self.width_over(count)).collect();
        for width in widths {
            if fitting.is_none() {
                self.frame = Bounds { width, columns: 1, ..column };
                fitting = self.fitting(&cells, columns);
            }
        }
        let before = self.checkpoint(parent);
        let (first, heading) = (self.pieces.len(), self.keep_next);
        let fits = fitting.is_some_and(|widths| self.grid(parent, table, &cells, &widths));
        let wide = self.frame.columns < column.columns;
        let banded = fits && wide && self.apart.is_some();
        // Where pages are made up it is one strip, and some text stands above it.
        let high = banded && height_of(&self.pieces[first..]) > self.style.text_height() * BAND;
        if !fits || high {
            self.roll_back(before);
            self.frame = column;
            self.told(parent, table, &cells);
        } else if banded {
            self.set_band_apart(first, heading, &column);
        } else if heading && wide {
            // What stands above a table goes where it goes: at the foot of a column it would stand above nothing.
            for piece in self.pieces[..first].iter_mut().rev() {
                piece.columns = 1;
                if !piece.keep {
                    break;
                }
            }
        }
        self.frame = column;
        self.gap = self.block_gap();
        self.after_paragraph = false;
    }

    /// Takes a table over several columns out of the text, with the heading above it, for the page maker to place.
    fn set_band_apart(&mut self, first: usize, heading: bool, column: &Bounds) {
        let mut start = first;
        while heading && start > 0 && self.pieces.get(start).is_some_and(|piece| piece.keep) {
            start -= 1;
        }
        let band = self.pieces.split_off(start);
        let width = self.frame.width;
        let columns = (2..=column.columns).find(|count| {
            self.frame = *column;
            self.width_over(*count) + 0.1 > width
        });
        if let Some(apart) = &mut self.apart {
            apart.band = Some((columns.unwrap_or(column.columns), band));
        }
    }

    /// Widths of columns at which the table can be set as one.
    fn fitting(&mut self, cells: &[Placed<'_>], columns: usize) -> Option<Vec<Pt>> {
        let widths = if (1..=COLUMNS).contains(&columns) { self.column_widths(cells, columns) } else { None };
        widths.filter(|widths| self.rows_fit(cells, widths))
    }

    fn cell_look(&self, header: bool) -> Look {
        Look { bold: header, ..self.small_look() }
    }

    fn padding(&self) -> (Pt, Pt) {
        (self.small() * 0.45, self.small() * 0.3)
    }

    /// Widths from the content: every column holds its longest word, and the rest is shared by need. `None` where even
    /// the words do not fit.
    fn column_widths(&mut self, cells: &[Placed<'_>], columns: usize) -> Option<Vec<Pt>> {
        let (side, _) = self.padding();
        let mut least = vec![side * 2.0 + self.small(); columns];
        let mut most = least.clone();
        for wide in [false, true] {
            for cell in cells.iter().filter(|cell| (cell.columns > 1) == wide) {
                if self.is_full() {
                    return None;
                }
                let look = self.cell_look(cell.cell.header.is_some() || has_bold(&cell.cell.blocks));
                let word = cell.text.split_whitespace().map(|w| self.text_width(w, look)).fold(0.0, f32::max);
                let line = cell.text.lines().map(|l| self.text_width(l.trim(), look)).fold(0.0, f32::max);
                let span = cell.column..(cell.column + cell.columns).min(columns);
                grow(&mut least[span.clone()], word + 2.0 * side + 0.5);
                grow(&mut most[span], line + 2.0 * side + 0.5);
            }
        }
        for (most, least) in most.iter_mut().zip(&least) {
            *most = most.max(*least);
        }
        let (all_least, all_most): (Pt, Pt) = (least.iter().sum(), most.iter().sum());
        let width = self.frame.width;
        if all_least > width {
            return None;
        }
        if all_most <= width {
            // A small table keeps its size; one that nearly fills the measure fills it.
            let scale = if all_most > width * 0.6 { width / all_most } else { 1.0 };
            return Some(most.iter().map(|w| w * scale).collect());
        }
        let share = (width - all_least) / (all_most - all_least).max(0.01);
        Some(least.iter().zip(&most).map(|(least, most)| least + (most - least) * share).collect())
    }

    /// Whether columns are wide enough for text, not only for words: a guess at the highest row.
    fn rows_fit(&mut self, cells: &[Placed<'_>], widths: &[Pt]) -> bool {
        let (side, _) = self.padding();
        let most = self.style.text_height() * 0.6;
        let leading = self.small_setting().leading;
        cells.iter().all(|cell| {
            if self.is_full() {
                return false;
            }
            let width: Pt = widths.iter().skip(cell.column).take(cell.columns).sum::<Pt>() - 2.0 * side;
            let look = self.cell_look(cell.cell.header.is_some());
            let lines: Pt = cell.text.lines().map(|l| (self.text_width(l.trim(), look) / width * 1.25).ceil()).sum();
            let simple = cell.cell.blocks.iter().all(|b| !matches!(b, Block::Table(_) | Block::Figure { .. }));
            lines * leading < most * cell.rows as f32 && (simple || widths.len() <= 3)
        })
    }

    /// Sets a table as one. Returns false, with work to be undone, where a row is too high for a page.
    fn grid(&mut self, parent: ElementId, table: &Table, cells: &[Placed<'_>], widths: &[Pt]) -> bool {
        let element = self.structure.add(parent, Role::Table);
        self.table_caption(element, table);
        let total: Pt = widths.iter().sum();
        let numeric = numeric_columns(cells, widths.len(), table.header_rows);
        // A head without a body is none.
        let heads = if table.header_rows < table.rows.len() { table.header_rows } else { 0 };
        let mut group = None;
        let mut heights: Vec<Pt> = vec![0.0; table.rows.len()];
        let mut drawn: Vec<(&Placed<'_>, Piece)> = Vec::new();
        let mut cells = cells.iter().peekable();
        for (row, height) in heights.iter_mut().enumerate() {
            if row == 0 || row == heads {
                let role = if row < heads { Role::THead } else { Role::TBody };
                group = Some(self.structure.add(element, role));
            }
            let tr = self.structure.add(group.unwrap_or(element), Role::TR);
            if self.is_full() {
                return false;
            }
            while let Some(cell) = cells.next_if(|cell| cell.row == row) {
                let piece = self.cell(tr, cell, widths, row < heads, numeric[cell.column]);
                if cell.rows == 1 {
                    *height = height.max(piece.height);
                }
                drawn.push((cell, piece));
            }
            *height = height.max(self.small_setting().leading);
        }
        // What a cell over several rows needs beyond them goes to the last.
        for (cell, piece) in &drawn {
            let rows = cell.row..(cell.row + cell.rows).min(heights.len());
            let have: Pt = heights[rows.clone()].iter().sum();
            if piece.height > have {
                heights[rows.end - 1] += piece.height - have;
            }
        }
        let head: Pt = heights[..heads].iter().sum();
        let tied = tied_rows(&drawn, &heights, heads);
        if tied.iter().any(|rows| heights[rows.clone()].iter().sum::<Pt>() + head > self.style.text_height() * 0.8) {
            return false;
        }
        self.push_rows(drawn, &heights, total, heads);
        true
    }

    /// Draws rows as pieces: rows tied by a cell that spans them are one.
    fn push_rows(&mut self, drawn: Vec<(&Placed<'_>, Piece)>, heights: &[Pt], total: Pt, heads: usize) {
        let rule = self.ink(self.style.colors.rule);
        let x = self.frame.x;
        let line = |y: Pt, thickness: Pt| {
            let rect = Rect { x, y: y - thickness / 2.0, width: total, height: thickness };
            Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color: rule } }
        };
        let before = self.pieces.len();
        let mut drawn = drawn.into_iter().peekable();
        let mut row = 0;
        let mut head: Option<Arc<Repeat>> = None;
        let mut first = true;
        while row < heights.len() {
            let mut end = row + 1;
            if row < heads {
                end = heads;
            }
            let mut drawing = Drawing::default();
            let mut anchors = Vec::new();
            let mut last_row = row;
            let mut y = 0.0;
            let top = row;
            while let Some((cell, piece)) = drawn.next_if(|(cell, _)| cell.row < end) {
                end = end.max((cell.row + cell.rows).min(heights.len()));
                while last_row < cell.row {
                    y += heights[last_row];
                    last_row += 1;
                    drawing.marks.push(line(y, 0.35));
                }
                let mut own = piece.drawing;
                shift(&mut own, 0.0, y);
                drawing.marks.append(&mut own.marks);
                drawing.areas.append(&mut own.areas);
                anchors.extend(piece.anchors);
            }
            let height: Pt = heights[top..end].iter().sum();
            let heading = top < heads;
            if first {
                drawing.marks.insert(0, line(0.0, 0.9));
            }
            let thickness = if heading || end == heights.len() { 0.9 } else { 0.35 };
            drawing.marks.push(line(height, thickness));
            if heading && head.is_none() {
                head = Some(Arc::new(repeated(&drawing, height)));
            }
            let repeat = if heading { None } else { head.clone() };
            let keep = !first && (self.keep_next || top == heads);
            self.push(Piece { height, drawing, anchors, repeat, keep, ..Piece::default() });
            // The head stands with the first row, and the last row is not left alone.
            self.keep_next = heading;
            first = false;
            row = end;
        }
        self.keep_next = false;
        let count = self.pieces.len() - before;
        let whole = heights.iter().sum::<Pt>() < self.style.text_height() * 0.3;
        for (index, piece) in self.pieces[before..].iter_mut().enumerate().skip(1) {
            // A small table stays whole, and the last row of a large one is not left alone.
            piece.keep |= whole || (index + 1 == count && heights.len() > heads + 2);
        }
    }

    fn cell(&mut self, tr: ElementId, cell: &Placed<'_>, widths: &[Pt], in_head: bool, numeric: bool) -> Piece {
        let header = cell.cell.header.or(in_head.then_some(Scope::Column));
        let (colspan, rowspan) = (cell.columns as u16, cell.rows as u16);
        let role = match header {
            Some(scope) => Role::TH { column: scope == Scope::Column, colspan, rowspan },
            None => Role::TD { colspan, rowspan },
        };
        let element = self.structure.add(tr, role);
        let (side, above) = self.padding();
        let left: Pt = widths[..cell.column].iter().sum();
        let width: Pt = widths[cell.column..(cell.column + cell.columns).min(widths.len())].iter().sum();
        let frame = Bounds { x: self.frame.x + left + side, width: width - 2.0 * side, inner: true, ..self.frame };
        let look = self.cell_look(header.is_some());
        // A head over several columns begins where the first of them does: at the right it would touch the next.
        let flush = if numeric && cell.columns == 1 { Flush::Right } else { Flush::Left };
        let pieces = self.aside(frame, |setter| setter.cell_blocks(element, cell.cell, look, flush));
        let mut piece = stack(pieces);
        shift(&mut piece.drawing, 0.0, above);
        piece.height += 2.0 * above;
        piece
    }

    /// Cells that hold plain paragraphs are set in the look of the table; others as blocks.
    fn cell_blocks(&mut self, element: ElementId, cell: &Cell, look: Look, flush: Flush) {
        let setting = Setting { flush, ..self.small_setting() };
        for block in &cell.blocks {
            match block {
                Block::Paragraph { content, lang } => {
                    let paragraph = self.element(element, Role::P, lang.as_deref());
                    let passage = self.passage(paragraph, look, content);
                    self.set_passage(&passage, setting);
                    self.leave(setting.leading * 0.3);
                }
                other => self.blocks(element, std::slice::from_ref(other)),
            }
        }
        self.gap = 0.0;
    }

    fn table_caption(&mut self, element: ElementId, table: &Table) {
        if table.caption.is_empty() {
            return;
        }
        let caption = self.structure.add(element, Role::Caption);
        let look = self.cell_look(true);
        let passage = self.passage(caption, look, &table.caption);
        if passage.is_blank() {
            return;
        }
        self.set_passage(&passage, Setting { heading: true, ..self.small_setting() });
        self.gap = self.small() * 0.4;
    }

    /// A table as text: each row an item, each cell after the name of its column.
    fn told(&mut self, parent: ElementId, table: &Table, cells: &[Placed<'_>]) {
        if !cells.is_empty() {
            self.warn("a table is too wide for its column and is set row by row; use a larger paper, fewer columns or a smaller size");
        }
        if !table.caption.is_empty() {
            let caption = self.structure.add(parent, Role::P);
            let look = Look { bold: true, ..self.body_look() };
            let passage = self.passage(caption, look, &table.caption);
            let setting = Setting { heading: true, align: crate::theme::Align::Left, ..self.body_setting() };
            self.set_passage(&passage, setting);
            self.gap = self.leading() * 0.3;
        }
        if cells.is_empty() {
            return;
        }
        let heads = if table.header_rows < table.rows.len() { table.header_rows } else { 0 };
        let names = column_names(cells, heads);
        let first_row = if names_say_the_head(cells, heads) { heads } else { 0 };
        if first_row > 0 {
            self.told_head(parent, cells, heads);
        }
        let list = self.structure.add(parent, Role::L(ListNumbering::None));
        let outer = self.frame;
        let body = Setting { align: crate::theme::Align::Left, ..self.body_setting() };
        for row in first_row..table.rows.len() {
            if self.is_full() {
                break;
            }
            let item = self.structure.add(list, Role::LI);
            let inside = self.structure.add(item, Role::LBody);
            let mut first = true;
            let before = self.pieces.len();
            for cell in cells.iter().filter(|cell| cell.row == row) {
                let name = names.get(cell.column).filter(|name| row >= heads && !name.is_empty());
                self.told_cell(inside, cell, name.map(String::as_str), first, body);
                if first {
                    self.keep_next = true;
                }
                first = false;
            }
            self.keep_row(before);
            self.keep_next = false;
            self.gap = self.leading() * 0.5;
        }
        self.frame = outer;
    }

    /// A row that is no long text stays whole: what stands over its lines says whose they are. Of a long one the last line
    /// is not left alone.
    fn keep_row(&mut self, before: usize) {
        let most = self.style.text_height() * 0.3;
        let Some(row) = self.pieces.get_mut(before..) else { return };
        let whole = row.iter().map(|piece| piece.before + piece.height).sum::<Pt>() < most;
        let last = row.len().saturating_sub(1);
        for (index, piece) in row.iter_mut().enumerate().skip(1) {
            piece.keep |= whole || index == last;
        }
    }

    /// What the columns are, in a line: whoever knows it can pass over the names that follow.
    fn told_head(&mut self, parent: ElementId, cells: &[Placed<'_>], heads: usize) {
        let names: Vec<&str> = cells
            .iter()
            .filter(|cell| cell.row < heads)
            .map(|cell| cell.text.trim())
            .filter(|name| !name.is_empty())
            .collect();
        if names.is_empty() {
            return;
        }
        let element = self.structure.add(parent, Role::P);
        let setting = Setting { heading: true, align: crate::theme::Align::Left, ..self.body_setting() };
        self.set_text(element, &names.join("\u{A0}· "), self.body_look(), setting);
        self.gap = self.leading() * 0.5;
    }

    fn told_cell(&mut self, parent: ElementId, cell: &Placed<'_>, name: Option<&str>, first: bool, setting: Setting) {
        let look = Look { bold: cell.cell.header.is_some(), ..self.body_look() };
        let outer = self.frame;
        let room = self.frame.width > self.style.body.size * 6.0;
        let indent = if first || !room { 0.0 } else { self.style.body.size * 0.9 };
        self.frame.x += indent;
        self.frame.width -= indent;
        let mut named = false;
        for block in &cell.cell.blocks {
            match block {
                Block::Paragraph { content, .. } => {
                    let element = self.structure.add(parent, Role::P);
                    let mut passage = Passage::default();
                    // Every cell names its column: there is no line of heads to look back to.
                    if let Some(name) = name.filter(|_| !named) {
                        let span = self.span(element, Look { bold: true, ..look });
                        passage.push(&format!("{name}: "), &span);
                    }
                    named = true;
                    self.append(&mut passage, element, look, content);
                    passage.trim_end();
                    self.set_passage(&passage, setting);
                }
                other => self.blocks(parent, std::slice::from_ref(other)),
            }
        }
        self.frame = outer;
    }
}

/// Cells with their columns, after the rows' spans (HTML, "forming a table"), and the number of columns.
fn place(table: &Table) -> (Vec<Placed<'_>>, usize) {
    let mut cells = Vec::new();
    let mut taken: Vec<usize> = Vec::new();
    let count = table.rows.len();
    for (row, of_row) in table.rows.iter().enumerate() {
        let mut column = 0;
        for cell in of_row {
            while taken.get(column).is_some_and(|until| *until > row) {
                column += 1;
            }
            // A cell ends where one from above stands.
            let free = taken.iter().skip(column).take(SPAN).take_while(|until| **until <= row).count();
            let bounded = free < SPAN && column + free < taken.len();
            // No table is so wide: cells beyond take a column each.
            let most = if column < WIDEST { SPAN } else { 1 };
            let columns = usize::from(cell.colspan).clamp(1, most).min(if bounded { free } else { usize::MAX });
            // A head stays a head: its cells do not reach into the body.
            let end = if row < table.header_rows { table.header_rows.min(count) } else { count };
            let rows = usize::from(cell.rowspan.max(1)).min(end - row);
            if taken.len() < column + columns {
                taken.resize(column + columns, 0);
            }
            taken[column..column + columns].fill(row + rows);
            cells.push(Placed { cell, row, column, columns, rows, text: cell_text(cell) });
            column += columns;
        }
    }
    let columns = taken.len();
    if (1..=COLUMNS).contains(&columns) {
        fill_up(&mut cells, count, columns);
    }
    (cells, columns)
}

/// Adds empty cells where a row is too short: every row of a table has the same columns (ISO 14289-1, 7.5).
fn fill_up(cells: &mut Vec<Placed<'_>>, rows: usize, columns: usize) {
    static EMPTY: Cell = Cell { blocks: Vec::new(), header: None, colspan: 1, rowspan: 1 };
    let mut covered = vec![false; rows * columns];
    for cell in cells.iter() {
        for row in cell.row..cell.row + cell.rows {
            covered[row * columns + cell.column..row * columns + cell.column + cell.columns].fill(true);
        }
    }
    let holes = covered.iter().enumerate().filter(|(_, covered)| !**covered);
    cells.extend(holes.map(|(at, _)| Placed {
        cell: &EMPTY,
        row: at / columns,
        column: at % columns,
        columns: 1,
        rows: 1,
        text: String::new(),
    }));
    cells.sort_by_key(|cell| (cell.row, cell.column));
}

fn cell_text(cell: &Cell) -> String {
    fn of(blocks: &[Block], out: &mut String) {
        for block in blocks {
            match block {
                Block::Paragraph { content, .. } | Block::Heading { content, .. } => {
                    super::inlines::plain(content, out, 0);
                }
                Block::List { items, .. } => items.iter().for_each(|item| of(item, out)),
                Block::Definitions { items } => {
                    for item in items {
                        for term in &item.terms {
                            super::inlines::plain(term, out, 0);
                            out.push('\n');
                        }
                        item.definitions.iter().for_each(|said| of(said, out));
                    }
                }
                Block::Quote { blocks, .. } => of(blocks, out),
                Block::Details { summary, blocks } => {
                    super::inlines::plain(summary, out, 0);
                    out.push(' ');
                    of(blocks, out);
                }
                Block::Preformatted { text, .. } => out.push_str(text),
                Block::Embed { title, url } => {
                    out.push_str(title);
                    out.push(' ');
                    out.push_str(url);
                }
                Block::Figure { caption, .. } => super::inlines::plain(caption, out, 0),
                Block::Table(table) => table.rows.iter().flatten().for_each(|cell| of(&cell.blocks, out)),
                Block::Notes { notes } => notes.iter().for_each(|note| of(&note.blocks, out)),
                Block::Rule => {}
            }
            out.push('\n');
        }
    }
    let mut text = String::new();
    of(&cell.blocks, &mut text);
    text
}

/// Whether a cell that heads nothing has bold words all the same: they are wider.
fn has_bold(blocks: &[Block]) -> bool {
    let bold = |content: &[Inline]| content.iter().any(|inline| matches!(inline, Inline::Strong(_)));
    blocks.iter().any(|block| matches!(block, Block::Paragraph { content, .. } if bold(content)))
}

/// Makes columns together at least as wide as `width`.
fn grow(columns: &mut [Pt], width: Pt) {
    let have: Pt = columns.iter().sum();
    if have < width && !columns.is_empty() {
        let more = (width - have) / columns.len() as f32;
        columns.iter_mut().for_each(|column| *column += more);
    }
}

/// Columns whose cells below the head are all numbers: they are set flush right.
fn numeric_columns(cells: &[Placed<'_>], columns: usize, heads: usize) -> Vec<bool> {
    let mut numeric = vec![None; columns];
    for cell in cells.iter().filter(|cell| cell.row >= heads && cell.columns == 1) {
        let text = cell.text.trim();
        let is = text.chars().any(|c| c.is_ascii_digit())
            && text.chars().all(|c| {
                c.is_ascii_digit() || matches!(c, ' ' | '\u{A0}' | '\u{202F}' | ',' | '.' | '%' | '+' | '-' | '−' | '–')
            });
        if !text.is_empty() {
            numeric[cell.column] = Some(numeric[cell.column].unwrap_or(true) && is);
        }
    }
    numeric.into_iter().map(|n| n.unwrap_or(false)).collect()
}

/// The names of columns from the head, each cell's text under those above it.
fn column_names(cells: &[Placed<'_>], heads: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for cell in cells.iter().filter(|cell| cell.row < heads) {
        if names.len() < cell.column + cell.columns {
            names.resize(cell.column + cell.columns, String::new());
        }
        let text = cell.text.split_whitespace().collect::<Vec<_>>().join(" ");
        for name in &mut names[cell.column..cell.column + cell.columns] {
            if !name.is_empty() && !text.is_empty() {
                name.push_str(", ");
            }
            name.push_str(&text);
        }
    }
    names
}

/// Whether the names before the cells say all that the head says: it holds words alone, and every name is said.
fn names_say_the_head(cells: &[Placed<'_>], heads: usize) -> bool {
    fn words_alone(content: &[Inline]) -> bool {
        content.iter().all(|inline| match inline {
            Inline::Text(_) | Inline::Break => true,
            Inline::Strong(inner) | Inline::Emphasis(inner) => words_alone(inner),
            _ => false,
        })
    }
    cells.iter().filter(|cell| cell.row < heads).all(|head| {
        let simple = |block: &Block| matches!(block, Block::Paragraph { content, .. } if words_alone(content));
        let said = |column: usize| {
            let is_named = |cell: &&Placed<'_>| cell.row >= heads && cell.column == column;
            let mut below = cells.iter().filter(is_named);
            below.any(|cell| cell.cell.blocks.iter().any(|block| matches!(block, Block::Paragraph { .. })))
        };
        let blank = head.text.trim().is_empty();
        head.cell.blocks.iter().all(simple) && (blank || said(head.column))
    })
}

/// Rows that a cell over several of them ties together; the head is always one.
fn tied_rows(drawn: &[(&Placed<'_>, Piece)], heights: &[Pt], heads: usize) -> Vec<std::ops::Range<usize>> {
    let mut groups: Vec<std::ops::Range<usize>> = Vec::new();
    if heads > 0 {
        groups.push(0..heads);
    }
    for row in heads..heights.len() {
        match groups.last_mut() {
            Some(open) if open.end > row => {}
            _ => groups.push(row..row + 1),
        }
        let group = groups.last_mut().expect("just opened");
        for (cell, _) in drawn.iter().filter(|(cell, _)| cell.row == row) {
            group.end = group.end.max((cell.row + cell.rows).min(heights.len()));
        }
    }
    groups
}

/// A head as it stands on later pages: seen, but read only once.
fn repeated(drawing: &Drawing, height: Pt) -> Repeat {
    let mut drawing = Drawing { marks: drawing.marks.clone(), areas: Vec::new() };
    for mark in &mut drawing.marks {
        if matches!(mark.owner, Owner::Content(_)) {
            mark.owner = Owner::Pagination;
        }
    }
    Repeat { height, drawing }
}

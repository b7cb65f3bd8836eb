//! Modules: planned rectangles are drawn on their pages, with the rules between them.

use super::balance::balanced;
use super::issue::MadeIssue;
use super::makeup::Pages;
use super::matter::{Matter, size_of, width_of};
use super::plan::{FINE, Form, Kind, MadePage, Module, Placed, Slug, fill, profile};
use crate::Result;
use crate::sheet::{Destination, Mark, MarkKind, OutlineItem, Owner, PlanEntry, Pt, Rect, Sheet};
use crate::typeset::flow::apart::{height_of, tops};
use crate::typeset::flow::setter::shift;
use crate::typeset::text::draw::Flush;
use crate::typeset::text::passage::Look;
use crate::typeset::text::piece::Piece;

/// Thickness of rules between stories, and of the bars of a box.
const RULE: Pt = 0.4;
const BAR: Pt = 1.6;

/// The plan as an editor reads it.
fn planned(issue: &MadeIssue, pages: &[MadePage]) -> Vec<PlanEntry> {
    let mut entries = Vec::new();
    for (number, page) in pages.iter().enumerate() {
        let mut modules: Vec<&Module> = page.modules.iter().collect();
        modules.sort_by_key(|module| (module.line, module.column));
        let above = if number == 0 { issue.first } else { 0 };
        entries.extend(modules.into_iter().map(|module| PlanEntry {
            page: number + 1,
            title: issue.stories[module.copy].short.clone(),
            column: module.column + 1,
            columns: module.shape.columns,
            line: usize::from(above + module.line) + 1,
            lines: usize::from(module.shape.lines - issue.grid.gap),
            picture: module.shape.picture,
            continues: module.goes_on(&issue.copies),
            continued: module.from > 0,
        }));
    }
    entries
}

impl Pages<'_, '_> {
    /// Draws an issue as it is planned.
    ///
    /// # Errors
    /// When there are more pages than the limit.
    pub(crate) fn run_made_up(mut self, head: &str, mut issue: MadeIssue) -> Result<(Vec<Sheet>, Vec<OutlineItem>)> {
        let pages = std::mem::take(&mut issue.pages);
        let last = pages.len().saturating_sub(1);
        // On which page each story begins and goes on.
        let place_of = |copy: usize, from: usize| {
            let on = |page: &MadePage| page.modules.iter().any(|m| m.copy == copy && m.from == from);
            pages.iter().position(on)
        };
        let mut sections = Vec::with_capacity(pages.len());
        for (number, page) in pages.iter().enumerate() {
            self.open()?;
            let mut top = self.geometry.top;
            if number == 0 {
                self.draw_opening(&mut issue);
                top += f32::from(issue.first) * self.geometry.grid;
            }
            let mut modules: Vec<&Module> = page.modules.iter().collect();
            modules.sort_by_key(|module| (module.line, module.column));
            let named = |module: &&&Module| issue.stories[module.copy].section.is_some();
            sections.push(modules.iter().find(named).and_then(|module| issue.stories[module.copy].section.clone()));
            for module in &modules {
                let next = place_of(module.copy, module.shape.end).filter(|_| module.goes_on(&issue.copies));
                let began = place_of(module.copy, 0).filter(|_| module.from > 0);
                self.draw_module(&mut issue, module, top, next, began);
                self.rules_of(&issue, module, top, &modules);
            }
            if number == last && !issue.imprint.is_empty() {
                let pieces = std::mem::take(&mut issue.imprint);
                let height = height_of(&pieces);
                let y = self.geometry.bottom - height;
                self.draw_down(pieces, self.geometry.left, y);
            }
        }
        self.page_sections = Some(sections);
        self.setter.plan = planned(&issue, &pages);
        self.furnish(head);
        let outline = self.outline();
        Ok((self.sheets, outline))
    }

    /// Draws pieces below each other.
    fn draw_down(&mut self, pieces: Vec<Piece>, x: Pt, y: Pt) -> Pt {
        let tops = tops(&pieces);
        let mut end = y;
        for (piece, top) in pieces.into_iter().zip(tops) {
            end = y + top + piece.height;
            self.draw(piece, x, y + top);
        }
        end
    }

    /// The masthead, and the contents between two rules.
    fn draw_opening(&mut self, issue: &mut MadeIssue) {
        let g = self.geometry;
        // There is no running head above it.
        self.draw_down(std::mem::take(&mut issue.opening), g.left, g.top - issue.lift);
        if issue.contents.is_empty() {
            return;
        }
        let top = g.top + f32::from(issue.first - issue.rows) * g.grid;
        let mut pieces = std::mem::take(&mut issue.contents);
        let (lines, placed) = balanced(&pieces, &g);
        for at in placed {
            let piece = std::mem::take(&mut pieces[at.slug]);
            self.draw(piece, g.x(at.leg), top + at.y as f32 / FINE as f32 * g.grid);
        }
        let y = top + (f32::from(lines) + 0.75) * g.grid;
        self.fill_rect(Rect { x: g.left, y, width: g.measure, height: RULE });
    }

    fn fill_rect(&mut self, rect: Rect) {
        let color = self.setter.ink(self.setter.style.colors.text);
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.marks.push(Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color } });
        }
    }

    /// Rules below a module and at its right, where others stand there.
    fn rules_of(&mut self, issue: &MadeIssue, module: &Module, top: Pt, modules: &[&Module]) {
        let g = self.geometry;
        let (line, lines) = (module.line, module.shape.lines);
        let x = g.x(module.column);
        let width = width_of(&g, module.shape.columns);
        let bottom = top + f32::from(line + lines) * g.grid;
        let below = modules.iter().any(|other| {
            other.line == line + lines
                && other.column < module.column + module.shape.columns
                && module.column < other.column + other.shape.columns
        });
        let gap = f32::from(issue.grid.gap) * g.grid;
        if below && !self.is_box(issue, module) {
            self.fill_rect(Rect { x, y: bottom - gap * 0.5, width, height: RULE });
        }
        let right = module.column + module.shape.columns;
        if right < g.columns {
            let x = g.x(right) - g.gutter / 2.0;
            // The rule goes as far as the rule below.
            let end = if below { bottom - gap * 0.5 } else { bottom - gap };
            let y = top + f32::from(line) * g.grid;
            let y = if line == 0 { y } else { y - gap * 0.5 };
            self.fill_rect(Rect { x: x - RULE / 2.0, y, width: RULE, height: end - y });
        }
    }

    fn is_box(&self, issue: &MadeIssue, module: &Module) -> bool {
        matches!(issue.stories[module.copy].kind, Kind::Fixed | Kind::Filler)
    }

    fn draw_module(
        &mut self,
        issue: &mut MadeIssue,
        module: &Module,
        top: Pt,
        next: Option<usize>,
        began: Option<usize>,
    ) {
        let g = self.geometry;
        let y = top + f32::from(module.line) * g.grid;
        let x = g.x(module.column);
        let matter = &mut issue.stories[module.copy];
        if matter.sized.is_some() {
            let inner = f32::from(module.shape.lines - issue.grid.gap) * g.grid;
            let width = width_of(&g, module.shape.columns);
            let pieces = std::mem::take(&mut matter.body);
            let height: Pt = pieces.iter().map(|piece| piece.height).sum();
            self.draw_down(pieces, x, y + (inner - height) / 2.0);
            let color = self.setter.ink(self.setter.style.colors.text);
            let rect = Rect { x: x + 0.4, y: y + 0.4, width: width - 0.8, height: inner - 0.8 };
            let kind = MarkKind::Stroke { rect, width: 0.8, color };
            if let Some(sheet) = self.sheets.last_mut() {
                sheet.marks.push(Mark { owner: Owner::Layout, kind });
            }
            return;
        }
        let copy = &issue.copies[module.copy];
        let (grid, shape) = (&issue.grid, &module.shape);
        let rest = module.from > 0;
        let profile = profile(copy, grid, shape, rest);
        let inner = shape.inner(copy, grid);
        let framed = copy.framed;
        let y = if framed { y + g.grid * f32::from(grid.frame) } else { y };
        if framed {
            let width = width_of(&g, shape.columns);
            let bottom = y + f32::from(inner) * g.grid + g.grid * 0.3;
            self.fill_rect(Rect { x, y: y - g.grid * 0.7, width, height: BAR });
            self.fill_rect(Rect { x, y: bottom, width, height: BAR });
        }
        for anchor in std::mem::take(&mut matter.anchors) {
            let sheet = self.sheets.len() - 1;
            self.anchors[anchor.0 as usize] = Some(Destination { sheet, y });
        }
        let (k, j) = (shape.columns, shape.picture);
        let pictured = if j > 0 { f32::from(shape.picture_lines) * g.grid } else { 0.0 };
        let head_y = if shape.form == Form::Above { y + pictured } else { y };
        let over = if shape.form == Form::Beside { k - j } else { k };
        if rest {
            self.draw_rest_head(matter, (x, width_of(&g, over), head_y), size_of(grid, shape.size), began);
        } else if let Some(headline) = &matter.headline {
            let pieces = self.setter.head_pieces(headline, width_of(&g, over), size_of(grid, shape.size));
            self.draw_down(pieces, x, head_y);
        }
        if j > 0
            && let Some(figure) = &matter.figure
        {
            let piece = self.setter.figure_piece(figure, j, &g);
            let picture_y = match shape.form {
                Form::Below => y + f32::from(shape.head_lines + shape.air.min(1)) * g.grid,
                _ => y,
            };
            let column = module.column + k - j;
            // The top of a picture stands level with the letters beside it.
            self.draw(piece, g.x(column), picture_y + g.grid * 0.25);
        }
        if let Some((columns, pieces)) = matter.band.take_if(|_| next.is_none()) {
            let height = height_of(&pieces);
            let column = module.column + k - columns.min(k);
            let bottom = y + f32::from(inner) * g.grid;
            self.draw_down(pieces, g.x(column), bottom - height);
        }
        let mut legs = profile.legs(inner);
        if next.is_some() {
            legs[k - 1] = legs[k - 1].saturating_sub(1);
        }
        let placed = even_legs(&copy.slugs[..shape.end], module.from, &mut legs[..k], next.is_some());
        if placed.len() < shape.end - module.from {
            self.setter.warn(format!(
                "{}: some of its text has no room in its place and stands over what is beside it",
                matter.short
            ));
        }
        self.draw_legs(matter, &placed, module.column, |leg| y + f32::from(profile.top[leg]) * g.grid);
        if let Some(next) = next {
            let small = self.setter.small_look();
            let text = format!("{}{}", self.setter.phrases.print.continued, next + 1);
            let baseline = y + f32::from(profile.top[k - 1] + legs[k - 1] + 1) * g.grid - g.grid * 0.25;
            let slot = (g.x(module.column + k - 1), g.column, baseline);
            let look = Look { italic: true, ..small };
            let drawing = self.line(&text, look, Owner::Pagination, slot, Flush::Right);
            if let Some(sheet) = self.sheets.last_mut() {
                sheet.marks.extend(drawing.marks);
            }
        }
    }

    /// The short headline of what began on another page.
    fn draw_rest_head(&mut self, matter: &Matter, (x, width, y): (Pt, Pt, Pt), size: Pt, began: Option<usize>) {
        let family = self.setter.style.headings.family;
        let look = Look { family, bold: true, size, ..self.setter.body_look() };
        let title = self.fitting(&matter.short, look, width);
        let mut drawing = self.line(&title, look, Owner::Pagination, (x, width, y + size * 0.9), Flush::Left);
        if let Some(began) = began {
            let small = self.setter.small_look();
            let text = format!("{}{}", self.setter.phrases.print.begun, began + 1);
            let look = Look { italic: true, ..small };
            let baseline = y + size * 1.1 + small.size;
            drawing.marks.extend(self.line(&text, look, Owner::Pagination, (x, width, baseline), Flush::Left).marks);
        }
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.marks.extend(drawing.marks);
        }
    }

    /// Draws the text of a module.
    fn draw_legs(&mut self, matter: &mut Matter, placed: &[Placed], column: usize, top: impl Fn(usize) -> Pt) {
        let g = self.geometry;
        let rule = self.setter.ink(self.setter.style.colors.rule);
        let mut end = (usize::MAX, 0.0);
        for at in placed {
            let piece = std::mem::take(&mut matter.body[at.slug]);
            let x = g.x(column + at.leg);
            let mut y = top(at.leg) + at.y as f32 / FINE as f32 * g.grid;
            let above = if end.0 == at.leg { end.1 } else { y };
            if let Some(repeat) = piece.repeat.as_ref().filter(|_| end.0 != at.leg && end.0 != usize::MAX) {
                let mut drawing = repeat.drawing.clone();
                shift(&mut drawing, x, y);
                if let Some(sheet) = self.sheets.last_mut() {
                    sheet.marks.append(&mut drawing.marks);
                }
                y += repeat.height;
            }
            for bar in &piece.bars {
                let from = if bar.over_gap { above } else { y };
                let rect = Rect { x: x + bar.x, y: from, width: 1.2, height: y + piece.height - from };
                if let Some(sheet) = self.sheets.last_mut() {
                    sheet.marks.push(Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color: rule } });
                }
            }
            end = (at.leg, y + piece.height);
            self.draw(piece, x, y);
        }
    }
}

/// Fills legs so that what is short is short at the foot of the last ones, by a line each. Legs keep what they have.
fn even_legs(slugs: &[Slug], from: usize, legs: &mut [u16], cut: bool) -> Vec<Placed> {
    let mut placed = Vec::new();
    let full = fill(slugs, from, legs, cut, &mut placed);
    if full < slugs.len() || cut || legs.len() < 2 {
        return placed;
    }
    let mut trial = Vec::new();
    for short in (1..legs.len()).rev() {
        let mut less = legs.to_vec();
        for leg in less.iter_mut().rev().take(short) {
            *leg = leg.saturating_sub(1);
        }
        if fill(slugs, from, &less, cut, &mut trial) == slugs.len() {
            return trial;
        }
    }
    placed
}

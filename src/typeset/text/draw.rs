//! A line becomes marks: glyphs in runs, underlines, and the areas of links.

use super::fonts::Fonts;
use super::items::Item;
use super::lines::{Line, SHRINK, STRETCH};
use super::passage::{LinkIx, Passage, Span};
use super::shape::{Shaper, WordGlyph};
use crate::sheet::{Color, FaceId, Glyph, Mark, MarkKind, Owner, Pt, Rect, TextRun};

/// What is drawn, relative to a piece of the column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drawing {
    pub(crate) marks: Vec<Mark>,
    /// Areas of links, to be given their targets when pages are known.
    pub(crate) areas: Vec<(LinkIx, Rect)>,
}

/// Where a line goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// Left edge of the measure, with the line's indent.
    pub(crate) x: Pt,
    /// Room for the line.
    pub(crate) width: Pt,
    pub(crate) baseline: Pt,
    /// Where slack goes.
    pub(crate) flush: Flush,
}

/// At which side a line is flush.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flush {
    Left,
    Center,
    Right,
}

/// Draws lines of one passage.
pub(crate) struct Pen<'a> {
    pub(crate) shaper: &'a mut Shaper,
    pub(crate) passage: &'a Passage,
    pub(crate) items: &'a [Item],
}

impl Pen<'_> {
    /// Width of a line as it will be drawn.
    pub(crate) fn width(&self, line: &Line) -> Pt {
        self.items[line.start..line.end].iter().map(|item| advance(item, line.ratio)).sum::<Pt>()
            + self.hyphen_width(line)
    }

    fn hyphen_width(&self, line: &Line) -> Pt {
        match self.items.get(line.end) {
            Some(Item::Break { width, .. }) if line.hyphen => *width,
            _ => 0.0,
        }
    }

    /// Draws a line. Runs follow each other in logical order, whatever their places.
    pub(crate) fn draw(&mut self, line: &Line, slot: Slot, out: &mut Drawing) {
        let natural = self.width(line);
        let slack = slot.width - natural;
        let mut x = slot.x
            + match slot.flush {
                Flush::Left => 0.0,
                Flush::Center => slack / 2.0,
                Flush::Right => slack,
            };
        let range = line.start..line.end;
        let places = self.places(line, x);
        let mut ink = Ink { out, open: None, pen: x, decoration: None, area: None, baseline: slot.baseline };
        for (index, place) in range.clone().zip(places) {
            self.draw_item(index, place, line.ratio, &mut ink);
        }
        x += natural - self.hyphen_width(line);
        if line.hyphen
            && let Some(Item::Break { span, .. }) = self.items.get(line.end)
        {
            self.draw_hyphen(*span, x, &mut ink);
        }
        // The space at which the line was broken is kept, and one stands for a line break of the source: without it, words
        // on both sides of a line end would be one word to whoever takes the text out again. It has no width.
        match self.items.get(line.end) {
            Some(Item::Glue { at, len, span, level, .. }) => {
                let space = &self.passage.text[*at as usize..*at as usize + usize::from(*len)];
                self.draw_space(space, *span, *level, (ink.pen, 0.0), &mut ink);
            }
            Some(Item::Forced { span, level }) => self.draw_space(" ", *span, *level, (ink.pen, 0.0), &mut ink),
            // A hyphen of the word's own is no sign of a divided word to those who join these again.
            Some(Item::Break { span, hyphen: false, .. }) if ink.ends_with('-') => {
                self.draw_space("\u{200B}", *span, 0, (ink.pen, 0.0), &mut ink);
            }
            _ => {}
        }
        ink.finish(&self.shaper.fonts);
    }

    /// Where each item of a line starts, in logical order.
    fn places(&self, line: &Line, x: Pt) -> Vec<Pt> {
        let items = &self.items[line.start..line.end];
        let mut pen = x;
        if items.iter().all(|item| level(item) == 0) {
            return items
                .iter()
                .map(|item| {
                    let here = pen;
                    pen += advance(item, line.ratio);
                    here
                })
                .collect();
        }
        let mut levels: Vec<unicode_bidi::Level> = Vec::with_capacity(items.len());
        for item in items {
            // Places for breaks take the level of what stands before them.
            let own = match item {
                Item::Break { .. } | Item::Forced { .. } => levels.last().map_or(0, unicode_bidi::Level::number),
                _ => level(item),
            };
            levels.push(unicode_bidi::Level::new(own).unwrap_or_else(|_| unicode_bidi::Level::ltr()));
        }
        let mut places = vec![x; items.len()];
        for index in unicode_bidi::BidiInfo::reorder_visual(&levels) {
            places[index] = pen;
            pen += advance(&items[index], line.ratio);
        }
        places
    }

    fn draw_item(&mut self, index: usize, x: Pt, ratio: f32, ink: &mut Ink<'_>) {
        match &self.items[index] {
            Item::Letters { word, part, glyphs, at, text, span, level, width } => {
                let of = &self.passage.spans[*span as usize];
                let part = &word.parts[*part as usize];
                let face = Fonts::face_id(part.font);
                let size = of.look.size;
                let letters = &self.passage.text[(at + text.0) as usize..(at + text.1) as usize];
                let base = ink.continue_run(of, (face, level % 2 == 1), x);
                let run = ink.run();
                run.text.push_str(letters);
                let slice = &part.glyphs[glyphs.0 as usize..glyphs.1 as usize];
                let backward = level % 2 == 1;
                let other = |g: &&WordGlyph, own: u32| g.cluster != own;
                for (k, glyph) in slice.iter().enumerate() {
                    // A cluster's text stands on its first glyph in visual order.
                    let own = glyph.cluster;
                    let range = if k > 0 && slice[k - 1].cluster == own {
                        (base, base)
                    } else {
                        let (before, after) = (&slice[..k], &slice[k + 1..]);
                        let (next, previous) = if backward {
                            (before.iter().rev().find(|g| other(g, own)), after.iter().find(|g| other(g, own)))
                        } else {
                            (after.iter().find(|g| other(g, own)), before.iter().rev().find(|g| other(g, own)))
                        };
                        // Characters that are never drawn belong to the cluster before them, or open the run.
                        let start = if previous.is_none() { text.0 } else { own };
                        (base + start - text.0, base + next.map_or(text.1, |g| g.cluster) - text.0)
                    };
                    run.glyphs.push(Glyph {
                        id: glyph.id,
                        advance: glyph.advance * size,
                        dx: glyph.dx * size,
                        dy: glyph.dy * size,
                        text: range,
                    });
                }
                ink.pen = x + width;
                ink.decorate(of, x, x + width, &self.shaper.fonts);
            }
            Item::Glue { at, len, span, level, .. } => {
                let width = advance(&self.items[index], ratio);
                let space = &self.passage.text[*at as usize..*at as usize + usize::from(*len)];
                self.draw_space(space, *span, *level, (x, width), ink);
                ink.decorate(&self.passage.spans[*span as usize], x, x + width, &self.shaper.fonts);
            }
            Item::Object { span, width, .. } => {
                let of = &self.passage.spans[*span as usize];
                ink.close_run();
                if let Some((picture, w, h)) = of.picture {
                    let rect = Rect { x, y: ink.baseline - h - of.look.rise, width: w, height: h };
                    ink.out.marks.push(Mark { owner: of.owner, kind: MarkKind::Picture { picture, rect } });
                }
                ink.pen = x + width;
                ink.decorate(of, x, x + width, &self.shaper.fonts);
            }
            Item::Break { .. } | Item::Forced { .. } => {}
        }
    }

    fn draw_space(&mut self, space: &str, span: u32, level: u8, (x, width): (Pt, Pt), ink: &mut Ink<'_>) {
        let of = &self.passage.spans[span as usize];
        let font = of.look.font();
        let Some((id, _)) = self.shaper.space(font) else { return };
        let face = Fonts::face_id(font);
        let base = ink.continue_run(of, (face, level % 2 == 1), x);
        let run = ink.run();
        run.text.push_str(space);
        let text = (base, base + space.len() as u32);
        run.glyphs.push(Glyph { id, advance: width, dx: 0.0, dy: 0.0, text });
        ink.pen = x + width;
    }

    fn draw_hyphen(&mut self, span: u32, x: Pt, ink: &mut Ink<'_>) {
        let of = &self.passage.spans[span as usize];
        let size = of.look.size;
        let word = self.shaper.word("-", of.look.font(), of.lang, false);
        for part in &word.parts {
            let face = Fonts::face_id(part.font);
            let base = ink.continue_run(of, (face, false), x);
            let mut pen = x;
            let run = ink.run();
            run.text.push('\u{AD}');
            for glyph in &part.glyphs {
                let advance = glyph.advance * size;
                run.glyphs.push(Glyph { id: glyph.id, advance, dx: 0.0, dy: 0.0, text: (base, base + 2) });
                pen += advance;
            }
            ink.pen = pen;
        }
        let end = ink.pen;
        ink.decorate(of, x, end, &self.shaper.fonts);
    }
}

/// The line under way.
struct Ink<'a> {
    out: &'a mut Drawing,
    open: Option<Open>,
    /// Where the run would go on.
    pen: Pt,
    /// Underlined or struck stretch: from, to, its span.
    decoration: Option<(Pt, Pt, Span)>,
    area: Option<(LinkIx, Rect)>,
    baseline: Pt,
}

/// The run under way.
struct Open {
    run: TextRun,
    owner: Owner,
    backward: bool,
}

impl Ink<'_> {
    /// Makes sure the open run can take glyphs of this span at `x`; returns the length of its text so far.
    fn continue_run(&mut self, of: &Span, (face, backward): (FaceId, bool), x: Pt) -> u32 {
        let y = self.baseline - of.look.rise;
        let goes_on = self.open.as_ref().is_some_and(|open| {
            !backward
                && !open.backward
                && open.owner == of.owner
                && open.run.face == face
                && open.run.size == of.look.size
                && open.run.color == of.look.color
                && open.run.y == y
                && (self.pen - x).abs() < 0.01
        });
        if !goes_on {
            self.close_run();
            let (size, color) = (of.look.size, of.look.color);
            let run = TextRun { face, size, color, x, y, text: String::new(), glyphs: Vec::new() };
            self.open = Some(Open { run, owner: of.owner, backward });
        }
        self.run().text.len() as u32
    }

    fn run(&mut self) -> &mut TextRun {
        &mut self.open.as_mut().expect("a run is opened before glyphs are drawn").run
    }

    /// The last character drawn.
    fn ends_with(&self, c: char) -> bool {
        self.open.as_ref().is_some_and(|open| !open.backward && open.run.text.ends_with(c))
    }

    fn close_run(&mut self) {
        if let Some(open) = self.open.take() {
            self.out.marks.push(Mark { owner: open.owner, kind: MarkKind::Text(open.run) });
        }
    }

    fn decorate(&mut self, of: &Span, from: Pt, to: Pt, fonts: &Fonts) {
        let (low, high) = (from.min(to), from.max(to));
        match &mut self.decoration {
            Some((start, end, span))
                if span.look == of.look && span.link == of.link && (low - *end).abs() < 0.05 && low >= *start =>
            {
                *end = high;
            }
            _ => {
                self.flush_decoration(fonts);
                if of.look.underline || of.look.strike {
                    self.decoration = Some((low, high, of.clone()));
                }
            }
        }
        let rect = Rect {
            x: low,
            y: self.baseline - of.look.rise - of.look.size * 0.85,
            width: high - low,
            height: of.look.size * 1.15,
        };
        match (&mut self.area, of.link) {
            (Some((link, area)), Some(own)) if *link == own && (low - (area.x + area.width)).abs() < 0.05 => {
                area.width = high - area.x;
                area.height = (area.y + area.height).max(rect.y + rect.height) - area.y.min(rect.y);
                area.y = area.y.min(rect.y);
            }
            (area, own) => {
                if let Some(done) = area.take() {
                    self.out.areas.push(done);
                }
                *area = own.map(|link| (link, rect));
            }
        }
    }

    /// Lines under and through words are drawn when their stretch is known. They go before the run under way.
    fn flush_decoration(&mut self, fonts: &Fonts) {
        let Some((from, to, span)) = self.decoration.take() else { return };
        let metrics = fonts.metrics(span.look.font());
        let size = span.look.size;
        let thickness = metrics.thickness * size;
        let y = self.baseline - span.look.rise;
        let mut line = |y: Pt, color: Color| {
            let rect = Rect { x: from, y: y - thickness / 2.0, width: to - from, height: thickness };
            let mark = Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color } };
            self.out.marks.push(mark);
        };
        if span.look.underline {
            line(y + metrics.underline.max(0.11) * size, span.look.color);
        }
        if span.look.strike {
            line(y - metrics.x_height * 0.55 * size, span.look.color);
        }
    }

    fn finish(mut self, fonts: &Fonts) {
        self.close_run();
        self.flush_decoration(fonts);
        if let Some(done) = self.area.take() {
            self.out.areas.push(done);
        }
    }
}

fn level(item: &Item) -> u8 {
    match item {
        Item::Letters { level, .. } | Item::Object { level, .. } | Item::Glue { level, .. } => *level,
        Item::Break { .. } | Item::Forced { .. } => 0,
    }
}

fn advance(item: &Item, ratio: f32) -> Pt {
    match item {
        Item::Letters { width, .. } | Item::Object { width, .. } => *width,
        Item::Glue { width, .. } => width * (1.0 + ratio * if ratio < 0.0 { SHRINK } else { STRETCH }),
        Item::Break { .. } | Item::Forced { .. } => 0.0,
    }
}

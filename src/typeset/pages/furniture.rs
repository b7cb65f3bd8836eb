//! What stands on pages beside the text: running heads, page numbers, and the places that links, contents and bookmarks
//! lead to, now that they are known.

use super::makeup::Pages;
use crate::sheet::{Destination, LinkArea, Mark, MarkKind, OutlineItem, Owner, Pt, Rect, Target};
use crate::theme::{Align, NumberPlace};
use crate::typeset::flow::setter::Aim;
use crate::typeset::text::draw::{Drawing, Flush, Pen, Slot};
use crate::typeset::text::galley::divide;
use crate::typeset::text::lines::Line;
use crate::typeset::text::passage::{Look, Passage};
use crate::typeset::text::piece::{Anchor, Setting};

impl Pages<'_, '_> {
    /// Page numbers, running heads, references to pages, targets of links.
    pub(super) fn furnish(&mut self, head: &str) {
        let style = self.setter.style;
        let g = self.geometry;
        let body = self.setter.body_look();
        let number = Look { bold: style.page_number.bold, size: body.size * style.page_number.size, ..body };
        let small = self.setter.small_look();
        let sections = std::mem::take(&mut self.setter.heads);
        let in_edition = !self.setter.edition.name.is_empty();
        let at_head = in_edition && style.page_number.place == NumberPlace::Head && style.page.running_head;
        if self.setter.edition.continued {
            self.continuations();
        }
        for index in 0..self.sheets.len() {
            if at_head {
                self.head_of_edition(index, head, &sections);
                continue;
            }
            let label = self.sheets[index].label.clone();
            let foot = g.height - g.bottom;
            let baseline = g.bottom + (foot * 0.55).max(number.size * 1.1).min(foot - number.size * 0.3);
            let drawing = self.line(&label, number, Owner::Pagination, (g.left, g.measure, baseline), Flush::Center);
            self.sheets[index].marks.extend(drawing.marks);
            if index > 0 && style.page.running_head && !head.is_empty() && g.top > small.size * 1.9 {
                let baseline = g.top - (g.top * 0.42).max(small.size * 0.9);
                let slot = (g.left, g.measure, baseline);
                let mut room = g.measure;
                // The section that the page ends in stands at the right.
                if let Some(section) = self.section_of(index, &sections) {
                    let section = self.fitting(&section, small, g.measure * 0.45);
                    room -= self.setter.text_width(&section, small) + small.size * 1.5;
                    let drawing = self.line(&section, small, Owner::Pagination, slot, Flush::Right);
                    self.sheets[index].marks.extend(drawing.marks);
                }
                let head = self.fitting(head, small, room);
                let drawing = self.line(&head, small, Owner::Pagination, slot, Flush::Left);
                let color = self.setter.ink(style.colors.rule);
                let rect = Rect { x: g.left, y: baseline + small.size * 0.45, width: g.measure, height: 0.4 };
                self.sheets[index].marks.extend(drawing.marks);
                self.sheets[index].marks.push(Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color } });
            }
        }
        for (sheet, page_ref) in std::mem::take(&mut self.page_refs) {
            let Some(target) = self.anchors[page_ref.anchor.0 as usize] else { continue };
            let label = self.sheets[target.sheet].label.clone();
            let slot = (page_ref.right - 200.0, 200.0, page_ref.baseline);
            self.setter.lang = page_ref.lang;
            let drawing = self.line(&label, page_ref.look, page_ref.owner, slot, Flush::Right);
            self.sheets[sheet].marks.extend(drawing.marks);
        }
        for (sheet, link, rect) in std::mem::take(&mut self.areas) {
            let of = &self.setter.links[link.0 as usize];
            let target = match &of.aim {
                Aim::Uri(address) => Target::Uri(address.clone()),
                Aim::Anchor(anchor) => Target::Place(self.place_of(*anchor)),
            };
            let area = LinkArea { rect, target, element: of.element, contents: of.contents.clone() };
            self.sheets[sheet].links.push(area);
        }
    }

    /// The section, the edition and the number of the page at its outer edge. The first page has the masthead.
    fn head_of_edition(&mut self, index: usize, head: &str, sections: &[(Anchor, String)]) {
        if index == 0 {
            return;
        }
        let style = self.setter.style;
        let g = self.geometry;
        let body = self.setter.body_look();
        let number = Look { bold: style.page_number.bold, size: body.size * style.page_number.size, ..body };
        let small = self.setter.small_look();
        let baseline = g.top - (g.top * 0.36).max(number.size * 0.8);
        // Odd pages lie at the right.
        let (outer, inner) =
            if index.is_multiple_of(2) { (Flush::Right, Flush::Left) } else { (Flush::Left, Flush::Right) };
        let label = self.sheets[index].label.clone();
        let mut drawing = self.line(&label, number, Owner::Pagination, (g.left, g.measure, baseline), outer);
        let taken = self.setter.text_width(&label, number) + number.size * 0.9;
        let (left, rest) =
            if index.is_multiple_of(2) { (g.left, g.measure - taken) } else { (g.left + taken, g.measure - taken) };
        let mut room = rest;
        if let Some(section) = self.section_of(index, sections) {
            let bold = Look { bold: true, ..small };
            let section = self.fitting(&section, bold, rest * 0.45);
            room -= self.setter.text_width(&section, bold) + small.size * 1.5;
            drawing.marks.extend(self.line(&section, bold, Owner::Pagination, (left, rest, baseline), inner).marks);
        }
        let head = self.fitting(head, small, room);
        drawing.marks.extend(self.line(&head, small, Owner::Pagination, (left, rest, baseline), outer).marks);
        let color = self.setter.ink(style.colors.rule);
        let rect = Rect { x: g.left, y: baseline + small.size * 0.5, width: g.measure, height: 0.4 };
        drawing.marks.push(Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color } });
        self.sheets[index].marks.extend(drawing.marks);
    }

    /// The section that a page is headed by.
    fn section_of(&self, index: usize, sections: &[(Anchor, String)]) -> Option<String> {
        if let Some(sections) = &self.page_sections {
            return sections.get(index).cloned().flatten();
        }
        let begun = |(anchor, _): &&(Anchor, String)| self.place_of(*anchor).sheet <= index;
        sections.iter().rev().find(begun).map(|(_, section)| section.clone())
    }

    /// Says below a page where its last article goes on, and where its first began.
    fn continuations(&mut self) {
        let g = self.geometry;
        let small = self.setter.small_look();
        let (continued, begun) = (self.setter.phrases.print.continued, self.setter.phrases.print.begun);
        let slot = (g.left, g.measure, g.bottom + small.size * 1.3);
        for pages in self.setter.article_sheets(&self.sheets) {
            for pair in pages.windows(2) {
                let (from, to) = (pair[0], pair[1]);
                let (there, back) = (self.sheets[to].label.clone(), self.sheets[pages[0]].label.clone());
                let on = self.line(&format!("{continued}{there}"), small, Owner::Pagination, slot, Flush::Right);
                self.sheets[from].marks.extend(on.marks);
                let back = format!("{begun}{back}");
                // Giant letters leave no room beside the page's number and the other words.
                if self.setter.text_width(&format!("{back}{continued}000000"), small) < g.measure {
                    let back = self.line(&back, small, Owner::Pagination, slot, Flush::Left);
                    self.sheets[to].marks.extend(back.marks);
                }
            }
        }
    }

    /// Where an anchor has come to stand; one that was never set leads to the beginning.
    fn place_of(&self, anchor: Anchor) -> Destination {
        self.anchors.get(anchor.0 as usize).copied().flatten().unwrap_or(Destination { sheet: 0, y: 0.0 })
    }

    /// A text of one line.
    pub(super) fn line(
        &mut self,
        text: &str,
        look: Look,
        owner: Owner,
        (x, width, baseline): (Pt, Pt, Pt),
        flush: Flush,
    ) -> Drawing {
        let mut passage = Passage::default();
        let lang = self.setter.lang;
        passage.push(
            text,
            &crate::typeset::text::passage::Span { start: 0, look, owner, link: None, lang, picture: None },
        );
        let setting =
            Setting { leading: look.size, align: Align::Left, flush, hyphenate: false, indent: 0.0, heading: true };
        let (items, lines, _) = divide(&mut self.setter.shaper, &passage, setting, f32::MAX / 4.0);
        let mut drawing = Drawing::default();
        let line = lines.first().copied().unwrap_or(Line { start: 0, end: 0, hyphen: false, ratio: 0.0 });
        let mut pen = Pen { shaper: &mut self.setter.shaper, passage: &passage, items: &items };
        pen.draw(&line, Slot { x, width, baseline, flush }, &mut drawing);
        drawing
    }

    /// As many words of a text as go on one line.
    pub(super) fn fitting(&mut self, text: &str, look: Look, width: Pt) -> String {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.setter.text_width(&text, look) <= width {
            return text;
        }
        let words: Vec<&str> = text.split(' ').take(60).collect();
        (1..words.len())
            .rev()
            .map(|count| format!("{}…", words[..count].join(" ").trim_end_matches([',', '.', ':', ';', '—', '-', ' '])))
            .find(|short| self.setter.text_width(short, look) <= width)
            .unwrap_or_default()
    }

    /// Bookmarks, nested by their levels.
    pub(super) fn outline(&self) -> Vec<OutlineItem> {
        let mut marks = self.setter.outline.iter().peekable();
        nest(&mut marks, 0, &|anchor| self.place_of(anchor))
    }
}

fn nest<'m>(
    marks: &mut std::iter::Peekable<impl Iterator<Item = &'m crate::typeset::flow::setter::Mark>>,
    above: u8,
    place: &impl Fn(Anchor) -> Destination,
) -> Vec<OutlineItem> {
    let mut items = Vec::new();
    while let Some(mark) = marks.next_if(|mark| mark.level > above) {
        let children = nest(marks, mark.level, place);
        items.push(OutlineItem { title: mark.title.clone(), destination: place(mark.anchor), children });
    }
    items
}

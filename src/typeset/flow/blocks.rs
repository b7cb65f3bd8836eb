//! Blocks: headings, paragraphs, lists, quotations, code, notes.

use super::inlines::plain;
use super::setter::{Mark, Setter, stack};
use crate::article::{Block, Image, Inline, NumberStyle, labels};
use crate::sheet::{ElementId, ListNumbering, MarkKind, Owner, Pt, Rect, Role};
use crate::theme::{Align, Family};
use crate::typeset::text::draw::{Drawing, Flush};
use crate::typeset::text::galley::{Galley, Lead, compose_all, prepare_helpers};
use crate::typeset::text::passage::{Look, Passage};
use crate::typeset::text::piece::{Anchor, Bar, Bounds, Piece, Setting};

/// Blocks nested deeper than this are set without their indents: there would be no measure left.
const DEPTH: usize = 64;

/// Bytes of running text from which on it is worth waking the other cores.
const LONG: usize = 6 << 10;

/// Bytes of running text that are set at once: what is set but not yet on a page takes memory.
const BATCH: usize = 96 << 10;

impl Setter<'_> {
    /// Sets blocks below each other.
    pub(crate) fn blocks(&mut self, parent: ElementId, blocks: &[Block]) {
        self.depth += 1;
        let mut rest = blocks;
        while !rest.is_empty() && !self.is_full() {
            let (text, size) = running_text(rest);
            if size >= LONG {
                self.running_text(parent, &rest[..text]);
                rest = &rest[text..];
            } else {
                let (now, later) = rest.split_at(text.max(1));
                let ends = later.iter().all(|block| matches!(block, Block::Notes { .. }));
                if ends && matches!(now, [Block::Rule]) {
                    // It parts the text from notes, which stand at the foot of their pages, below a line of their own.
                    self.start_block();
                } else {
                    now.iter().for_each(|block| self.block(parent, block));
                }
                rest = later;
            }
        }
        self.depth -= 1;
    }

    fn block(&mut self, parent: ElementId, block: &Block) {
        let was_paragraph = self.start_block();
        if !matches!(block, Block::Paragraph { .. } | Block::Heading { .. }) {
            self.lead = Lead::Nothing;
        }
        match block {
            Block::Paragraph { content, lang } => self.paragraph(parent, content, lang.as_deref(), was_paragraph),
            Block::Heading { level, content } => self.heading(parent, *level, content),
            Block::List { ordered, start, style, numbers, items } => {
                let labels = ordered.then(|| labels(*start, *style, numbers, items.len()));
                self.list(parent, labels.map(|labels| (labels, *style)), items);
            }
            Block::Definitions { items } => self.definitions(parent, items),
            Block::Quote { blocks, cite } => self.quote(parent, blocks, cite),
            Block::Details { summary, blocks } => self.details(parent, summary, blocks),
            Block::Figure { images, caption, credit } => {
                // What the source says of a picture without a caption is its caption.
                match images.as_slice() {
                    [Image { title: Some(title), .. }] if caption.is_empty() => {
                        self.figure(parent, images, &[Inline::Text(title.clone())], credit.as_deref());
                    }
                    _ => self.figure(parent, images, caption, credit.as_deref()),
                }
            }
            Block::Table(table) => self.table(parent, table),
            Block::Preformatted { text, code } => self.preformatted(parent, text, *code),
            Block::Embed { title, url } => self.embed(parent, title, url),
            Block::Notes { notes } => self.set_notes(parent, notes),
            Block::Rule => self.rule(),
        }
    }

    /// Notes where a block of the article begins; returns whether a paragraph stands directly before it.
    fn start_block(&mut self) -> bool {
        if let Some(starts) = self.block_starts.last_mut().filter(|_| self.depth == 1) {
            starts.push(self.structure.elements.len() as u32);
        }
        std::mem::replace(&mut self.after_paragraph, false)
    }

    /// Sets paragraphs and headings on all cores: while some are divided into lines, the passages of the next are made.
    fn running_text(&mut self, parent: ElementId, blocks: &[Block]) {
        let mut rest = blocks;
        let mut ready: Vec<Galley> = Vec::new();
        let mut helpers = std::mem::take(&mut self.helpers);
        while (!rest.is_empty() || !ready.is_empty()) && !self.is_full() {
            let mut size = 0;
            let end = rest.iter().position(|block| {
                size += text_size(block);
                size > BATCH
            });
            let (now, later) = rest.split_at(end.map_or(rest.len(), |end| end.max(1)));
            rest = later;
            prepare_helpers(&mut helpers, &self.shaper);
            let (set, next) = rayon::join(
                || compose_all(&ready, &helpers),
                || now.iter().filter_map(|block| self.galley(parent, block)).collect(),
            );
            for (galley, pieces) in std::mem::replace(&mut ready, next).into_iter().zip(set) {
                self.lay_galley(galley, pieces);
            }
        }
        self.helpers = helpers;
    }

    /// A paragraph or heading ready to be set; `None` where there is nothing to be seen.
    fn galley(&mut self, parent: ElementId, block: &Block) -> Option<Galley> {
        let follows = self.start_block();
        match block {
            Block::Paragraph { content, lang } => self.paragraph_galley(parent, content, lang.as_deref(), follows),
            Block::Heading { level, content } => self.heading_galley(parent, *level, content),
            _ => None,
        }
    }

    fn lay_galley(&mut self, galley: Galley, pieces: Option<Vec<Piece>>) {
        // Of short lines in a row every other one: a list of names is no chain that must not be cut.
        let led = std::mem::take(&mut self.lead);
        self.keep_next |= led == Lead::Term && !galley.setting.heading;
        self.leave(galley.before);
        let pieces = pieces.unwrap_or_else(|| galley.compose(&mut self.shaper));
        self.pending.extend(galley.anchors);
        self.lay(pieces, galley.setting);
        if led == Lead::Nothing {
            self.lead = galley.lead;
            self.keep_next |= galley.lead == Lead::Colon;
        }
        self.gap = galley.after;
    }

    /// Gap between paragraphs.
    pub(crate) fn paragraph_gap(&self) -> Pt {
        self.style.body.gap * self.leading()
    }

    /// Gap around lists, quotations, figures.
    pub(crate) fn block_gap(&self) -> Pt {
        self.paragraph_gap().max(self.leading() * 0.5)
    }

    fn paragraph(&mut self, parent: ElementId, content: &[Inline], lang: Option<&str>, follows: bool) {
        if let Some(galley) = self.paragraph_galley(parent, content, lang, follows) {
            self.lay_galley(galley, None);
        }
    }

    fn paragraph_galley(
        &mut self,
        parent: ElementId,
        content: &[Inline],
        lang: Option<&str>,
        follows: bool,
    ) -> Option<Galley> {
        let element = self.element(parent, Role::P, lang);
        let outer = self.lang;
        if let Some(lang) = lang {
            self.lang = self.shaper.lang(lang);
        }
        let look = self.current_look();
        let passage = self.passage(element, look, content);
        self.lang = outer;
        if passage.is_blank() {
            self.after_paragraph = follows;
            return None;
        }
        let anchors = std::mem::take(&mut self.passed);
        let mut setting = self.current_setting();
        if follows && !self.frame.inner {
            setting.indent = self.style.body.indent * look.size;
        }
        if is_signpost(content, &passage.text) {
            // Pages without headings use bold lines instead: these stay with their text as headings do.
            setting = Setting { heading: true, hyphenate: false, align: Align::Left, indent: 0.0, ..setting };
        }
        let mut gap = self.paragraph_gap();
        if is_verse(&passage.text) {
            // A line of verse starts where the others do, so a stanza is told from the next by a gap.
            setting.indent = 0.0;
            gap = gap.max(setting.leading * 0.5);
        }
        let before = if self.frame.inner && follows { gap.max(setting.leading * 0.3) } else { gap };
        self.after_paragraph = true;
        let lead = match () {
            () if passage.text.ends_with(':') => Lead::Colon,
            () if self.depth == 1 && is_term(&passage.text) => Lead::Term,
            () => Lead::Nothing,
        };
        Some(Galley { passage, setting, place: self.place(), before, after: gap, lead, anchors })
    }

    /// Text of tables and notes is smaller than the body's.
    pub(super) fn current_look(&self) -> Look {
        if self.frame.inner { self.small_look() } else { self.body_look() }
    }

    pub(super) fn current_setting(&self) -> Setting {
        if self.frame.inner {
            return self.small_setting();
        }
        // A measure too narrow for even word spaces is set ragged.
        let narrow = self.frame.width < self.style.body.size * 11.0;
        let setting = self.body_setting();
        if narrow { Setting { align: Align::Left, ..setting } } else { setting }
    }

    /// Sets a heading of the source's `level`, tagged with the next level that leaves no gap.
    pub(crate) fn heading(&mut self, parent: ElementId, level: u8, content: &[Inline]) {
        if let Some(galley) = self.heading_galley(parent, level, content) {
            self.lay_galley(galley, None);
        }
    }

    fn heading_galley(&mut self, parent: ElementId, level: u8, content: &[Inline]) -> Option<Galley> {
        let level = level.clamp(2, 6);
        let before = self.checkpoint(parent);
        let tagged = self.tag_level(level);
        let element = self.structure.add(parent, Role::Heading(tagged));
        let size = self.style.headings.sizes[usize::from(level.clamp(1, 6) - 1)];
        let passage = self.heading_passage(element, size, content);
        if passage.is_blank() {
            // No reader is led to a heading that says nothing.
            self.roll_back(before);
            return None;
        }
        let mut anchors = std::mem::take(&mut self.passed);
        anchors.push(self.bookmark(tagged, content));
        Some(Galley {
            anchors,
            setting: self.heading_setting(size * self.style.headings.leading),
            place: self.place(),
            lead: Lead::Nothing,
            before: self.leading() * if level <= 2 { 1.2 } else { 0.8 },
            after: (self.leading() * 0.3).max(self.paragraph_gap() * 0.5),
            passage,
        })
    }

    pub(crate) fn heading_passage(&mut self, element: ElementId, size: Pt, content: &[Inline]) -> Passage {
        let family = self.style.headings.family;
        let look = Look { family, bold: true, size, ..self.body_look() };
        self.passage(element, look, content)
    }

    pub(crate) fn heading_setting(&self, leading: Pt) -> Setting {
        Setting { leading, align: Align::Left, flush: Flush::Left, hyphenate: false, indent: 0.0, heading: true }
    }

    /// Registers a bookmark; its anchor goes with the next piece.
    #[must_use]
    pub(crate) fn bookmark(&mut self, level: u8, content: &[Inline]) -> Anchor {
        let mut title = String::new();
        plain(content, &mut title, 0);
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        let anchor = self.anchor();
        self.outline.push(Mark { level, title, anchor });
        anchor
    }

    /// The level to tag a heading with: one below the nearest higher heading, so that none is skipped.
    pub(crate) fn tag_level(&mut self, level: u8) -> u8 {
        while self.levels.last().is_some_and(|(source, _)| *source >= level) {
            self.levels.pop();
        }
        let tagged = self.levels.last().map_or(1, |(_, tagged)| (tagged + 1).min(6));
        self.levels.push((level, tagged));
        tagged
    }

    /// What a page opens when asked to stands open on paper, below the words that ask.
    fn details(&mut self, parent: ElementId, summary: &[Inline], blocks: &[Block]) {
        self.leave(self.block_gap());
        let summary = [Inline::Strong(summary.to_vec())];
        self.paragraph(parent, &summary, None, false);
        self.keep_next = true;
        self.after_paragraph = false;
        self.blocks(parent, blocks);
        self.keep_next = false;
        self.gap = self.block_gap();
        self.after_paragraph = false;
    }

    /// `numbered`: what stands before each item of an ordered list, and in which style.
    fn list(&mut self, parent: ElementId, numbered: Option<(Vec<String>, NumberStyle)>, items: &[Vec<Block>]) {
        let numbering = match numbered.as_ref().map(|(_, style)| style) {
            None => ListNumbering::Disc,
            Some(NumberStyle::Decimal) => ListNumbering::Decimal,
            Some(NumberStyle::LowerAlpha) => ListNumbering::LowerAlpha,
            Some(NumberStyle::UpperAlpha) => ListNumbering::UpperAlpha,
            Some(NumberStyle::LowerRoman) => ListNumbering::LowerRoman,
            Some(NumberStyle::UpperRoman) => ListNumbering::UpperRoman,
        };
        let list = self.structure.add(parent, Role::L(numbering));
        let look = self.current_look();
        let labels = numbered.map_or_else(|| vec!["•".to_owned(); items.len()], |(labels, _)| labels);
        let widest = labels.iter().map(|label| self.text_width(label, look)).fold(0.0, f32::max);
        let indent = (widest + look.size * 0.5).max(look.size * 1.25).min(self.frame.width * 0.4);
        let between = self.style.body.gap.min(0.4) * self.leading();
        if self.lists > 0 {
            // A list within a list is part of its item.
            self.gap = between;
        } else {
            self.leave(self.block_gap());
        }
        let before = self.pieces.len();
        // Where each item begins.
        let mut starts = Vec::with_capacity(items.len());
        for (label, blocks) in labels.iter().zip(items) {
            if self.is_full() {
                break;
            }
            starts.push(self.pieces.len());
            let item = self.structure.add(list, Role::LI);
            let lbl = self.structure.add(item, Role::Lbl);
            let body = self.structure.add(item, Role::LBody);
            self.after_paragraph = false;
            self.lists += 1;
            self.labelled(lbl, label, look, indent, |setter| setter.blocks(body, blocks));
            self.lists -= 1;
            self.gap = between;
        }
        self.keep_items(before, &starts);
        self.gap = if self.lists > 0 { between } else { self.block_gap() };
        self.after_paragraph = false;
    }

    /// A list is divided like a paragraph: no column ends below a first item of one line, none begins with such a last.
    fn keep_items(&mut self, before: usize, starts: &[usize]) {
        let line = self.leading() * 1.5;
        let end = self.pieces.len();
        let [_, second, ..] = *starts else { return };
        let last = starts[starts.len() - 1];
        let pieces = &mut self.pieces;
        if second == before + 1 && second < end && pieces[before].height < line {
            pieces[second].keep = true;
        }
        if last + 1 == end && pieces[last].height < line {
            pieces[last].keep = true;
        }
    }

    /// Sets blocks indented, with a label beside their first line.
    pub(super) fn labelled(
        &mut self,
        lbl: ElementId,
        label: &str,
        look: Look,
        indent: Pt,
        set: impl FnOnce(&mut Self),
    ) {
        let outer = self.frame;
        let indent = if self.frame.width - indent < look.size * 4.0 || self.depth > DEPTH { 0.0 } else { indent };
        let first = self.pieces.len();
        let setting = Setting { indent: 0.0, align: Align::Left, ..self.current_setting() };
        if indent == 0.0 || self.text_width(label, look) > indent {
            // No room beside the text: the label stands above it.
            self.set_text(lbl, label, look, setting);
            self.keep_next = true;
            return set(self);
        }
        let label_frame = Bounds { width: indent, inner: true, ..outer };
        let label = stack(self.aside(label_frame, |setter| setter.set_text(lbl, label, look, setting)));
        self.frame.x += indent;
        self.frame.width -= indent;
        set(self);
        self.frame = outer;
        match self.pieces.get_mut(first).filter(|piece| piece.baseline.is_some()) {
            Some(piece) => {
                let mut mark = label.drawing;
                let drop = piece.baseline.unwrap_or(0.0) - label.baseline.unwrap_or(0.0);
                super::setter::shift(&mut mark, 0.0, drop);
                mark.marks.append(&mut piece.drawing.marks);
                mark.areas.append(&mut piece.drawing.areas);
                piece.drawing = mark;
            }
            // What stands first has no line to put the label on (a picture), or there is nothing at all.
            None => {
                let keep = first < self.pieces.len();
                let mut label = label;
                label.before = self.pieces.get(first).map_or(self.gap, |piece| piece.before);
                self.pieces.insert(first, label);
                if let (true, Some(next)) = (keep, self.pieces.get_mut(first + 1)) {
                    next.keep = true;
                    next.floats = false;
                }
            }
        }
    }

    /// Width of a text on one line.
    pub(crate) fn text_width(&mut self, text: &str, look: Look) -> Pt {
        let space = self.shaper.space(look.font()).map_or(0.25, |(_, width)| width);
        let mut width = 0.0;
        for (index, word) in text.split(' ').enumerate() {
            if index > 0 {
                width += space;
            }
            if !word.is_empty() {
                width += self.shaper.word(word, look.font(), self.lang, false).width;
            }
        }
        width * look.size
    }

    pub(super) fn is_wide_enough_to_indent(&self) -> bool {
        self.depth <= DEPTH && self.frame.width > self.style.body.size * 10.0
    }

    fn quote(&mut self, parent: ElementId, blocks: &[Block], cite: &[Inline]) {
        let quote = self.structure.add(parent, Role::BlockQuote);
        let outer = self.frame;
        let first = self.pieces.len();
        self.leave(self.block_gap());
        self.after_paragraph = false;
        let indent = self.style.body.size * 1.2;
        if self.is_wide_enough_to_indent() {
            self.frame.x += indent;
            self.frame.width -= indent;
        }
        self.blocks(quote, blocks);
        if !cite.is_empty() {
            let element = self.structure.add(quote, Role::P);
            let mut passage = Passage::default();
            let look = self.small_look();
            let span = self.span(element, look);
            passage.push("— ", &span);
            self.append(&mut passage, element, look, cite);
            passage.trim_end();
            self.gap = self.leading() * 0.25;
            self.keep_next = true;
            self.set_passage(&passage, self.small_setting());
        }
        let bar = outer.x;
        if self.frame.x > outer.x {
            for (index, piece) in self.pieces[first..].iter_mut().enumerate() {
                piece.bars.push(Bar { x: bar, over_gap: index > 0 });
                piece.floats = false;
            }
        }
        self.frame = outer;
        self.gap = self.block_gap();
        self.after_paragraph = false;
    }

    fn preformatted(&mut self, parent: ElementId, text: &str, code: bool) {
        let paragraph = self.structure.add(parent, Role::P);
        let element = if code { self.structure.add(paragraph, Role::Code) } else { paragraph };
        let least = self.style.guideline.min_size.unwrap_or(0.0);
        let body = self.current_look();
        let look = if code { Look { family: Family::Mono, size: (body.size * 0.86).max(least), ..body } } else { body };
        let mut passage = Passage { preformatted: true, ..Passage::default() };
        let span = self.span(element, look);
        passage.push(text.trim_end(), &span);
        if passage.text.trim().is_empty() {
            return;
        }
        self.leave(self.block_gap());
        let leading = if code { look.size * self.style.body.leading } else { self.current_setting().leading };
        let setting = Setting { leading, align: Align::Left, hyphenate: false, ..self.current_setting() };
        self.set_passage(&passage, setting);
        self.gap = self.block_gap();
    }

    fn embed(&mut self, parent: ElementId, title: &str, url: &str) {
        let text = if title.trim().is_empty() { url } else { title };
        let mut content = vec![Inline::Link { href: url.to_owned(), content: vec![Inline::Text(text.to_owned())] }];
        // A note says the address, where it says addresses.
        let noted = self.style.links == crate::theme::Links::Notes && self.aim(url).is_some();
        if text != url && !url.is_empty() && !noted {
            content.push(Inline::Text(format!(" ({url})")));
        }
        self.leave(self.block_gap());
        self.paragraph(parent, &content, None, false);
        self.gap = self.block_gap();
        self.after_paragraph = false;
    }

    fn rule(&mut self) {
        let color = self.ink(self.style.colors.rule);
        let width = self.frame.width * 0.25;
        let rect = Rect { x: self.frame.x + (self.frame.width - width) / 2.0, y: 0.0, width, height: 0.6 };
        self.leave(self.leading() * 0.9);
        let mark = crate::sheet::Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color } };
        let drawing = Drawing { marks: vec![mark], areas: Vec::new() };
        self.push(Piece { height: 0.6, drawing, ..Piece::default() });
        self.gap = self.leading() * 0.9;
    }
}

/// Whether a paragraph is one short bold line without a full stop.
fn is_signpost(content: &[Inline], text: &str) -> bool {
    content.iter().any(|inline| matches!(inline, Inline::Strong(_)))
        && content.iter().all(|inline| match inline {
            Inline::Strong(_) | Inline::Break => true,
            Inline::Text(text) => text.trim().is_empty(),
            _ => false,
        })
        && text.chars().count() < 90
        && !text.trim_end().ends_with(['.', '!', '…', ','])
}

/// Whether a paragraph is one of short lines that the source breaks.
fn is_verse(text: &str) -> bool {
    text.contains('\n') && text.lines().all(|line| line.chars().count() <= 60)
}

/// Whether a paragraph is a few words that are no sentence: the term of a definition, a name above what is said.
fn is_term(text: &str) -> bool {
    let end = text.trim_end().chars().next_back();
    end.is_some_and(|c| c.is_alphanumeric() || c == ')') && !text.contains('\n') && text.chars().count() <= 60
}

/// How many paragraphs and headings stand first, and about how many bytes of text they have.
fn running_text(blocks: &[Block]) -> (usize, usize) {
    let text = blocks.iter().take_while(|block| matches!(block, Block::Paragraph { .. } | Block::Heading { .. }));
    text.fold((0, 0), |(count, size), block| (count + 1, size + text_size(block)))
}

/// About how many bytes of text a paragraph or heading has.
fn text_size(block: &Block) -> usize {
    fn of(content: &[Inline], depth: usize) -> usize {
        let size = |inline: &Inline| match inline {
            Inline::Text(text) | Inline::Code(text) => text.len(),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Link { content: inner, .. } if depth < 4 => {
                of(inner, depth + 1)
            }
            _ => 1,
        };
        content.iter().map(size).sum()
    }
    match block {
        Block::Paragraph { content, .. } | Block::Heading { content, .. } => of(content, 0),
        _ => 0,
    }
}

//! What an edition has beside its articles: masthead, contents, section titles, QR codes, imprint.

use qrcodegen::{QrCode, QrCodeEcc};

use super::draw::{Drawing, Flush};
use super::manuscript::Edition;
use super::pages::Geometry;
use super::passage::Passage;
use super::publication::language;
use super::setter::{Aim, Anchor, PageRef, Piece, Setter, Setting};
use super::sheet::{Mark, MarkKind, Owner, Rect, Sheet};
use super::structure::{ElementId, Role, Structure};
use crate::article::Inline;
use crate::theme::{Align, MM};

/// Side of a QR code with its quiet zone: a phone reads it from a hand's distance (ISO/IEC 18004 asks for 4 modules of
/// quiet zone).
const QR_SIDE: f32 = 24.0 * MM;
const QUIET: i32 = 4;

impl Setter<'_> {
    pub(super) fn edition(&mut self, edition: &Edition<'_>, geometry: &Geometry) {
        self.qr = edition.qr;
        let across = geometry.across();
        self.frame = across;
        self.masthead(edition);
        let anchors: Vec<Vec<Anchor>> =
            edition.sections.iter().map(|s| s.articles.iter().map(|_| self.anchor()).collect()).collect();
        if edition.contents {
            self.contents(edition, &anchors);
        }
        for (section, anchors) in edition.sections.iter().zip(&anchors) {
            let element = self.structure.add(Structure::ROOT, Role::Sect);
            self.frame = across;
            let titled = section.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
            self.new_page |= edition.new_pages;
            if let Some(title) = titled {
                self.structure[element].title = Some(title.to_owned());
                self.section_title(element, title);
            }
            let level = 2 + u8::from(titled.is_some());
            for (number, (story, anchor)) in section.articles.iter().zip(anchors).enumerate() {
                let article = story.article;
                let art = self.structure.add(element, Role::Art);
                self.structure[art].title = Some(article.title.clone()).filter(|t| !t.is_empty());
                let (outer, lang) = (self.lang, language(&article.lang));
                if lang != "und" {
                    let own = self.shaper.lang(&lang);
                    if own != outer {
                        self.structure[art].lang = Some(lang);
                        self.lang = own;
                    }
                }
                self.new_page |= edition.new_pages && number > 0;
                self.gap = self.gap.max(self.leading() * 1.6);
                self.article(story, art, level, geometry, Some(*anchor));
                self.lang = outer;
            }
        }
        if let Some(imprint) = &edition.imprint {
            self.frame = across;
            self.imprint(imprint);
        }
    }

    fn masthead(&mut self, edition: &Edition<'_>) {
        let tagged = self.tag_level(1);
        let element = self.structure.add(Structure::ROOT, Role::Heading(tagged));
        let size = self.style.headings.sizes[0] * 1.45;
        let content = [Inline::Text(edition.title.clone())];
        let passage = self.heading_passage(element, size, &content);
        let anchor = self.bookmark(tagged, &content);
        self.pending.push(anchor);
        self.set_passage(&passage, Setting { flush: Flush::Center, ..self.heading_setting(size * 1.1) });
        if let Some(subtitle) = edition.subtitle.as_deref().map(str::trim).filter(|s| !s.is_empty()) {
            self.gap = self.leading() * 0.1;
            let element = self.structure.add(Structure::ROOT, Role::P);
            let setting =
                Setting { align: Align::Left, flush: Flush::Center, hyphenate: false, ..self.small_setting() };
            self.set_text(element, subtitle, self.small_look(), setting);
        }
        let date = edition.date.as_deref().map(|date| self.words.date(date));
        let line = [edition.issue.clone(), date].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        self.gap = self.leading() * 0.2;
        if !line.is_empty() {
            let element = self.structure.add(Structure::ROOT, Role::P);
            let look = self.body_look();
            let setting = Setting { align: Align::Left, flush: Flush::Center, ..self.body_setting() };
            self.set_text(element, &line, look, setting);
            self.gap = self.leading() * 0.4;
        }
        self.keep_next = true;
        self.hairline();
        self.keep_next = false;
        self.gap = self.leading();
    }

    fn section_title(&mut self, element: ElementId, title: &str) {
        let tagged = self.tag_level(2);
        let heading = self.structure.add(element, Role::Heading(tagged));
        let size = self.style.headings.sizes[1];
        let content = [Inline::Text(title.to_owned())];
        let passage = self.heading_passage(heading, size, &content);
        let anchor = self.bookmark(tagged, &content);
        self.pending.push(anchor);
        let anchor = self.anchor();
        self.pending.push(anchor);
        self.heads.push((anchor, title.to_owned()));
        self.leave(self.leading() * 1.8);
        self.set_passage(&passage, self.heading_setting(size * self.style.headings.leading));
        self.gap = self.leading() * 0.25;
        self.keep_next = true;
        self.hairline();
        self.gap = self.leading() * 0.5;
    }

    /// The contents: an entry an article, with dots to the number of its page.
    fn contents(&mut self, edition: &Edition<'_>, anchors: &[Vec<Anchor>]) {
        let title = self.words.contents;
        self.heading(Structure::ROOT, 2, &[Inline::Text(title.to_owned())]);
        let toc = self.structure.add(Structure::ROOT, Role::Toc);
        let look = self.body_look();
        let room = self.text_width("0000", look);
        for (section, anchors) in edition.sections.iter().zip(anchors) {
            for (story, anchor) in section.articles.iter().zip(anchors) {
                let article = story.article;
                let entry = self.structure.add(toc, Role::Toci);
                let reference = self.structure.add(entry, Role::Reference);
                let element = self.structure.add(reference, Role::Link);
                let title = if article.title.trim().is_empty() { self.words.untitled } else { article.title.trim() };
                let link = self.add_link(element, Aim::Anchor(*anchor), title);
                let mut span = self.span(element, look);
                span.link = Some(link);
                let mut passage = Passage::default();
                passage.push(title, &span);
                passage.trim_end();
                let outer = self.frame;
                self.frame.width -= room;
                let setting = Setting { align: Align::Left, hyphenate: false, ..self.body_setting() };
                self.set_passage(&passage, setting);
                self.frame = outer;
                self.gap = self.leading() * 0.15;
                let right = outer.x + outer.width;
                let color = self.ink(self.style.colors.rule);
                let number = self.content(element);
                let lang = self.lang;
                let Some(piece) = self.pieces.last_mut() else { continue };
                let baseline = piece.baseline.unwrap_or(piece.height);
                leaders(piece, right - room, look.size, color);
                let owner = Owner::Content(number);
                piece.page_refs.push(PageRef { anchor: *anchor, right, baseline, look, owner, lang });
            }
        }
        self.gap = self.leading();
    }

    /// Who made the edition.
    fn imprint(&mut self, text: &str) {
        self.leave(self.leading() * 1.5);
        self.hairline();
        self.gap = self.leading() * 0.5;
        let element = self.structure.add(Structure::ROOT, Role::P);
        let mut content = Vec::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if !content.is_empty() {
                content.push(Inline::Break);
            }
            content.push(Inline::Text(line.to_owned()));
        }
        let passage = self.passage(element, self.small_look(), &content);
        self.set_passage(&passage, Setting { heading: true, hyphenate: false, ..self.small_setting() });
        self.keep_next = false;
    }

    /// A QR code of an address, below what was set last.
    pub(super) fn qr_code(&mut self, parent: ElementId, url: &str) {
        let Ok(code) = QrCode::encode_text(url, QrCodeEcc::Medium) else {
            self.warn(format!(
                "{}…: the address is too long for a QR code; none is printed",
                url.chars().take(60).collect::<String>()
            ));
            return;
        };
        let figure = self.structure.add(parent, Role::Figure);
        self.structure[figure].alt = Some(format!("{}: {}", self.words.qr, super::notes::readable(url)));
        let owner = Owner::Content(self.content(figure));
        let color = self.ink(self.style.colors.text);
        let module = QR_SIDE / (code.size() + 2 * QUIET) as f32;
        let left = self.frame.x - QUIET as f32 * module;
        let mut drawing = Drawing::default();
        for y in 0..code.size() {
            let mut x = 0;
            while x < code.size() {
                let end = (x..code.size()).find(|x| !code.get_module(*x, y)).unwrap_or(code.size());
                if end > x {
                    let rect = Rect {
                        x: left + (x + QUIET) as f32 * module,
                        y: (y + QUIET) as f32 * module,
                        width: (end - x) as f32 * module,
                        height: module,
                    };
                    drawing.marks.push(Mark { owner, kind: MarkKind::Fill { rect, color } });
                }
                x = end.max(x) + 1;
            }
        }
        self.keep_next = true;
        self.push(Piece { height: QR_SIDE, drawing, ..Piece::default() });
    }

    /// The sheets on which headlines and blocks begin, from the sheets that carry their marks.
    pub(super) fn block_sheets(&self, sheets: &[Sheet]) -> Vec<Vec<usize>> {
        let starts = self.block_starts.iter().enumerate();
        let flat: Vec<(u32, usize, usize)> = starts
            .flat_map(|(article, blocks)| blocks.iter().enumerate().map(move |(n, at)| (*at, article, n)))
            .collect();
        let mut found: Vec<Vec<Option<usize>>> =
            self.block_starts.iter().map(|blocks| vec![None; blocks.len()]).collect();
        for (number, sheet) in sheets.iter().enumerate() {
            for mark in &sheet.marks {
                let Owner::Content(id) = mark.owner else { continue };
                let element = self.structure.contents[id.0 as usize].0;
                // Blocks without an element of their own begin where the next one does.
                let Some(at) = flat.partition_point(|(start, ..)| *start <= element).checked_sub(1) else { continue };
                let (_, article, block) = flat[at];
                found[article][block].get_or_insert(number);
            }
        }
        found.into_iter().map(filled).collect()
    }
}

/// What begins nowhere begins with what comes before it. The last entry is the article's end and no block.
fn filled(mut blocks: Vec<Option<usize>>) -> Vec<usize> {
    blocks.pop();
    let mut last = blocks.iter().flatten().next().copied().unwrap_or(0);
    blocks
        .into_iter()
        .map(|sheet| {
            last = sheet.unwrap_or(last).max(last);
            last
        })
        .collect()
}

/// Dots from the end of a line to `right`.
fn leaders(piece: &mut Piece, right: f32, size: f32, color: super::sheet::Color) {
    let end = piece.drawing.marks.iter().filter_map(|mark| match &mark.kind {
        MarkKind::Text(run) => Some(run.x + run.glyphs.iter().map(|g| g.advance).sum::<f32>()),
        _ => None,
    });
    let (mut x, y) = (end.fold(0.0, f32::max) + size * 0.6, piece.baseline.unwrap_or(piece.height));
    let (step, dot) = (size * 0.45, size * 0.085);
    // All dots stand on one grid, whatever the entries before them.
    x = (x / step).ceil() * step;
    while x < right {
        let rect = Rect { x, y: y - dot, width: dot, height: dot };
        piece.drawing.marks.push(Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color } });
        x += step;
    }
}

//! From a manuscript to a publication: articles with their headlines, editions with masthead and contents.

use std::collections::HashMap;

use super::draw::{Drawing, Flush};
use super::manuscript::{Edition, Manuscript};
use super::pages::{Geometry, Pages};
use super::passage::{Look, Passage};
use super::setter::{Aim, Anchor, Bounds, PageRef, Piece, Setter, Setting};
use super::shape::Shaper;
use super::sheet::{Mark, MarkKind, Owner, Publication, Rect};
use super::structure::{ElementId, Role, Structure};
use super::words::Words;
use crate::article::{Article, Block, Inline};
use crate::source::PictureSource;
use crate::theme::{Align, PrintStyle};
use crate::{Limits, Result};

/// Sets a manuscript in a print style.
///
/// Nothing of the text is left out: what cannot be set as the source has it (a picture that is missing, a character that
/// no font has, a table that is too wide) is set in another way and named in [`Publication::warnings`].
///
/// # Errors
/// [`crate::Error::Limit`] when there are more pages than the limit.
pub fn set(
    manuscript: &Manuscript<'_>,
    style: &PrintStyle,
    pictures: &dyn PictureSource,
    limits: &Limits,
) -> Result<Publication> {
    let lang = match manuscript {
        Manuscript::Article(article) => language(&article.lang),
        Manuscript::Edition(edition) => language(&edition.lang),
    };
    let words = Words::of(&lang);
    let geometry = Geometry::of(style, &lang);
    let mut shaper = Shaper::new();
    let lang_ix = shaper.lang(&lang);
    let mut setter = Setter {
        style,
        source: pictures,
        limits,
        shaper,
        faces: Vec::new(),
        pictures: Vec::new(),
        loaded: HashMap::new(),
        structure: Structure::default(),
        warnings: Vec::new(),
        pieces: Vec::new(),
        frame: Bounds { x: 0.0, width: geometry.column, spans: false, inner: false },
        links: Vec::new(),
        anchors: 0,
        outline: Vec::new(),
        notes: HashMap::new(),
        addresses: Vec::new(),
        words,
        lang: lang_ix,
        base: None,
        gap: 0.0,
        keep_next: false,
        pending: Vec::new(),
        levels: Vec::new(),
        lists: 0,
        footnotes: HashMap::new(),
        depth: 0,
        after_paragraph: false,
    };
    let mut publication = match manuscript {
        Manuscript::Article(article) => {
            setter.article(article, Structure::ROOT, 1, &geometry, None);
            of_article(article, words)
        }
        Manuscript::Edition(edition) => {
            setter.edition(edition, &geometry);
            of_edition(edition)
        }
    };
    let head = match manuscript {
        Manuscript::Article(article) => article.title.clone(),
        Manuscript::Edition(edition) => [Some(edition.title.as_str()), edition.issue.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
    };
    let (sheets, outline) = Pages::new(&mut setter, geometry, publication.title.clone()).run(&head)?;
    setter.report_missing();
    publication.lang = lang;
    publication.style = style.name.clone();
    publication.sheets = sheets;
    publication.outline = outline;
    publication.faces = setter.faces;
    publication.pictures = setter.pictures;
    publication.structure = setter.structure;
    publication.warnings = setter.warnings;
    Ok(publication)
}

fn of_article(article: &Article, words: &Words) -> Publication {
    let title = [article.title.as_str(), article.site.as_deref().unwrap_or(""), words.untitled]
        .into_iter()
        .map(str::trim)
        .find(|title| !title.is_empty())
        .unwrap_or(words.untitled);
    Publication {
        title: title.to_owned(),
        authors: article.byline.clone(),
        date: article.date.clone(),
        source: article.url.clone(),
        ..Publication::default()
    }
}

fn of_edition(edition: &Edition<'_>) -> Publication {
    let title = [Some(edition.title.as_str()), edition.issue.as_deref()].into_iter().flatten().collect::<Vec<_>>();
    Publication { title: title.join(", "), date: edition.date.clone(), ..Publication::default() }
}

/// A language tag for the document: one that says nothing is left as `und`.
fn language(tag: &str) -> String {
    let tag = tag.trim();
    if tag.is_empty() { "und".to_owned() } else { tag.replace('_', "-") }
}

impl Setter<'_> {
    /// Sets an article under `parent`, with its headline at the source's `level`.
    fn article(
        &mut self,
        article: &Article,
        parent: ElementId,
        level: u8,
        geometry: &Geometry,
        anchor: Option<Anchor>,
    ) {
        self.base = article.url.clone();
        self.after_paragraph = false;
        self.notes.clear();
        self.addresses.clear();
        collect_notes(&article.blocks, &mut |id| {
            let anchor = self.anchor();
            self.notes.entry(id.to_owned()).or_insert(anchor);
        });
        let column = Bounds { x: 0.0, width: geometry.column, spans: false, inner: false };
        let across = Bounds { x: 0.0, width: geometry.measure, spans: geometry.columns > 1, inner: false };
        self.frame = across;
        self.pending.extend(anchor);
        self.headline(article, parent, level);
        // A lead image is mostly another cut of the first picture of the text: it stands only for articles without any.
        if let Some(image) = article.lead_image.as_ref().filter(|_| !has_figure(&article.blocks)) {
            let caption: Vec<Inline> = image.caption.iter().map(|text| Inline::Text(text.clone())).collect();
            self.figure(parent, std::slice::from_ref(image), &caption, None);
        }
        self.frame = column;
        self.gap = self.gap.max(if geometry.columns > 1 { self.leading() * 0.5 } else { 0.0 });
        self.levels.retain(|(of, _)| *of <= level);
        let shifted = usize::from(level - 1);
        if shifted == 0 {
            self.blocks(parent, &article.blocks);
        } else {
            let blocks = lowered(&article.blocks, level - 1);
            self.blocks(parent, &blocks);
        }
        self.set_addresses(parent);
        self.source_line(article, parent);
    }

    fn headline(&mut self, article: &Article, parent: ElementId, level: u8) {
        let body = self.body_look();
        let left = Setting { align: Align::Left, hyphenate: false, ..self.body_setting() };
        if let Some(section) = article.section.as_deref().map(str::trim).filter(|s| !s.is_empty() && level == 1) {
            let element = self.structure.add(parent, Role::P);
            let look = Look { family: self.style.headings.family, bold: true, size: self.small(), ..body };
            self.set_text(element, section, look, left);
            self.keep_next = true;
            self.gap = self.leading() * 0.2;
        }
        if !article.title.trim().is_empty() {
            let tagged = self.tag_level(level);
            let element = self.structure.add(parent, Role::Heading(tagged));
            let size = self.style.headings.sizes[0] * if level == 1 { 1.0 } else { 0.82 };
            let size = size.max(self.style.headings.sizes[1]);
            let content = [Inline::Text(article.title.clone())];
            let passage = self.heading_passage(element, size, &content);
            self.bookmark(tagged, &content);
            self.set_passage(&passage, self.heading_setting(size * self.style.headings.leading));
            self.gap = self.leading() * 0.45;
        }
        self.keep_next = false;
        let line = self.byline(article);
        if !line.is_empty() {
            let element = self.structure.add(parent, Role::P);
            let look = Look { size: self.small().max(body.size * 0.92), ..body };
            self.keep_next = true;
            self.set_text(element, &line, look, left);
            self.gap = self.leading() * 0.5;
        }
        self.hairline();
        self.gap = self.leading() * 0.8;
    }

    /// Who wrote it and when.
    fn byline(&self, article: &Article) -> String {
        let authors = article.byline.iter().map(|a| a.trim()).filter(|a| !a.is_empty()).collect::<Vec<_>>().join(", ");
        let date = article.date.as_deref().map(|date| self.words.date(date)).filter(|date| !date.is_empty());
        [Some(authors).filter(|a| !a.is_empty()), date].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn hairline(&mut self) {
        let color = self.ink(self.style.colors.rule);
        let rect = Rect { x: self.frame.x, y: 0.0, width: self.frame.width, height: 0.6 };
        let mark = Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color } };
        let drawing = Drawing { marks: vec![mark], areas: Vec::new() };
        self.keep_next |= !self.pieces.is_empty();
        self.push(Piece { height: 0.6, drawing, ..Piece::default() });
        self.keep_next = true;
    }

    /// Where the article comes from: a printed page outlives its address bar.
    fn source_line(&mut self, article: &Article, parent: ElementId) {
        let site = article.site.as_deref().map(str::trim).filter(|site| !site.is_empty());
        let url = article.url.as_deref().filter(|url| url.starts_with("http"));
        if site.is_none() && url.is_none() {
            return;
        }
        self.short_rule();
        let element = self.structure.add(parent, Role::P);
        let look = self.small_look();
        let mut content = vec![Inline::Text(format!("{}: ", self.words.source))];
        if let Some(site) = site {
            content.push(Inline::Text(site.to_owned()));
        }
        if let Some(url) = url {
            content.push(Inline::Text(if site.is_some() { ", ".into() } else { String::new() }));
            let text = vec![Inline::Text(super::blocks::readable(url))];
            let live = self.style.links == crate::theme::Links::Inline;
            if live {
                content.push(Inline::Link { href: url.to_owned(), content: text });
            } else {
                content.extend(text);
            }
        }
        let passage = self.passage(element, look, &content);
        self.set_passage(&passage, self.small_setting());
    }

    fn edition(&mut self, edition: &Edition<'_>, geometry: &Geometry) {
        let across = Bounds { x: 0.0, width: geometry.measure, spans: geometry.columns > 1, inner: false };
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
            if let Some(title) = titled {
                self.structure[element].title = Some(title.to_owned());
                self.section_title(element, title);
            }
            let level = 2 + u8::from(titled.is_some());
            for (article, anchor) in section.articles.iter().zip(anchors) {
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
                self.gap = self.gap.max(self.leading() * 1.6);
                self.article(article, art, level, geometry, Some(*anchor));
                self.lang = outer;
            }
        }
    }

    fn masthead(&mut self, edition: &Edition<'_>) {
        let tagged = self.tag_level(1);
        let element = self.structure.add(Structure::ROOT, Role::Heading(tagged));
        let size = self.style.headings.sizes[0] * 1.45;
        let content = [Inline::Text(edition.title.clone())];
        let passage = self.heading_passage(element, size, &content);
        self.bookmark(tagged, &content);
        self.set_passage(&passage, Setting { flush: Flush::Center, ..self.heading_setting(size * 1.1) });
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
        self.bookmark(tagged, &content);
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
            for (article, anchor) in section.articles.iter().zip(anchors) {
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

    fn report_missing(&mut self) {
        let missing: Vec<(char, usize)> = self.shaper.fonts.missing().iter().map(|(c, n)| (*c, *n)).collect();
        if missing.is_empty() {
            return;
        }
        let named: Vec<String> =
            missing.iter().take(12).map(|(c, _)| format!("{c} (U+{:04X})", u32::from(*c))).collect();
        let more = if missing.len() > 12 { format!(" and {} more", missing.len() - 12) } else { String::new() };
        self.warn(format!(
            "no font has the character{} {}{more}: shown as boxes; install a font that has them, such as Noto",
            if missing.len() == 1 { "" } else { "s" },
            named.join(", ")
        ));
    }
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

/// Whether any picture stands among the blocks.
fn has_figure(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| match block {
        Block::Figure { .. } => true,
        Block::Quote { blocks, .. } => has_figure(blocks),
        Block::List { items, .. } => items.iter().any(|item| has_figure(item)),
        Block::Table(table) => table.rows.iter().flatten().any(|cell| has_figure(&cell.blocks)),
        _ => false,
    })
}

fn collect_notes(blocks: &[Block], found: &mut impl FnMut(&str)) {
    for block in blocks {
        match block {
            Block::Notes { notes } => notes.iter().for_each(|note| found(&note.id)),
            Block::Quote { blocks, .. } => collect_notes(blocks, found),
            Block::List { items, .. } => items.iter().for_each(|item| collect_notes(item, found)),
            _ => {}
        }
    }
}

/// Blocks with their headings moved down, for an article under a section.
fn lowered(blocks: &[Block], by: u8) -> Vec<Block> {
    blocks
        .iter()
        .map(|block| match block {
            Block::Heading { level, content } => {
                Block::Heading { level: level.saturating_add(by).min(6), content: content.clone() }
            }
            other => other.clone(),
        })
        .collect()
}

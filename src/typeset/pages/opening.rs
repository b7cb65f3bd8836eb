//! How an edition opens and ends: masthead or cover, contents, imprint.

use super::makeup::Geometry;
use crate::article::{Block, Image, Inline};
use crate::sheet::{Color, ElementId, Mark, MarkKind, Owner, PictureId, Pt, Rect, Role, Structure};
use crate::theme::{Align, Images, MM, Opening};
use crate::typeset::flow::setter::{Aim, Setter};
use crate::typeset::manuscript::{Edition, Story};
use crate::typeset::text::draw::{Drawing, Flush};
use crate::typeset::text::passage::{Look, Passage};
use crate::typeset::text::piece::{Anchor, PageRef, Piece, Setting};

/// Headlines on a cover.
const COVER_LINES: usize = 5;
/// The part of a cover's text height that its picture takes at most.
const COVER_PICTURE: f32 = 0.45;
/// Letters of a headline that is too long for a cover in its full size.
const LONG: usize = 100;
/// Pixels an inch below which no cover picture is enlarged.
const LEAST: f32 = 96.0;

/// Anchors of a section and of its articles.
pub(super) struct Places {
    pub(super) section: Anchor,
    pub(super) articles: Vec<Anchor>,
}

impl Setter<'_> {
    /// Everything before the first section.
    pub(super) fn opening(&mut self, edition: &Edition<'_>, places: &[Places], geometry: &Geometry) {
        self.frame = geometry.across();
        self.masthead(edition);
        let cover = self.style.edition.opening == Opening::Cover;
        if cover {
            self.cover(edition, places, geometry);
            self.new_page = true;
        }
        // Nobody looks for one article.
        if edition.contents && edition.sections.iter().map(|section| section.articles.len()).sum::<usize>() > 1 {
            self.contents(edition, places, geometry);
            self.new_page |= cover;
        }
        self.frame = geometry.across();
    }

    pub(super) fn masthead(&mut self, edition: &Edition<'_>) {
        let tagged = self.tag_level(1);
        let element = self.structure.add(Structure::ROOT, Role::Heading(tagged));
        let size = self.name_size(&edition.title);
        let content = [Inline::Text(edition.title.clone())];
        let passage = self.heading_passage(element, size, &content);
        let anchor = self.bookmark(tagged, &content);
        self.pending.push(anchor);
        self.set_passage(&passage, Setting { flush: Flush::Center, ..self.heading_setting(size * 1.1) });
        if let Some(subtitle) = edition.subtitle.as_deref().map(str::trim).filter(|s| !s.is_empty()) {
            // Letters of the name that go below its line are not met.
            self.gap = (size * 0.1).max(self.leading() * 0.2);
            let element = self.structure.add(Structure::ROOT, Role::P);
            let setting =
                Setting { align: Align::Left, flush: Flush::Center, hyphenate: false, ..self.small_setting() };
            self.set_text(element, subtitle, self.small_look(), setting);
        }
        let date = edition.date.as_deref().map(|date| self.phrases.dates.day_of_issue(date));
        let line = [edition.issue.clone(), date].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        self.gap = self.leading() * 0.5;
        self.keep_next = true;
        self.bar(0.6);
        if !line.is_empty() {
            self.gap = self.leading() * 0.25;
            self.keep_next = true;
            let element = self.structure.add(Structure::ROOT, Role::P);
            let look = Look { bold: true, ..self.body_look() };
            let setting = Setting { align: Align::Left, flush: Flush::Center, ..self.body_setting() };
            self.set_text(element, &line, look, setting);
            self.gap = self.leading() * 0.3;
            self.keep_next = true;
            self.bar(0.6);
        }
        self.keep_next = false;
        self.gap = self.leading();
    }

    /// The size at which the name goes on one line, if that is no smaller than a headline.
    fn name_size(&mut self, name: &str) -> Pt {
        let headline = self.style.headings.sizes[0];
        let Some(most) = self.style.edition.title else { return headline * 1.45 };
        let look = Look { family: self.style.headings.family, bold: true, size: most, ..self.body_look() };
        let width = self.text_width(name.trim(), look);
        if width <= self.frame.width { most } else { (most * self.frame.width / width * 0.99).max(headline * 0.8) }
    }

    /// A rule across the frame in the colour of the text.
    pub(super) fn bar(&mut self, height: Pt) {
        let color = self.ink(self.style.colors.text);
        let rect = Rect { x: self.frame.x, y: 0.0, width: self.frame.width, height };
        let mark = Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color } };
        let drawing = Drawing { marks: vec![mark], areas: Vec::new() };
        self.push(Piece { height, drawing, ..Piece::default() });
    }

    /// The rest of the first page: a picture and what a reader should not miss, as many headlines as have room.
    fn cover(&mut self, edition: &Edition<'_>, places: &[Places], geometry: &Geometry) {
        let mut stories: Vec<(&Story<'_>, Anchor)> = edition
            .sections
            .iter()
            .zip(places)
            .flat_map(|(section, places)| section.articles.iter().zip(places.articles.iter().copied()))
            .collect();
        stories.sort_by_key(|(story, _)| story.weight as usize);
        let image = stories.iter().find_map(|(story, _)| self.cover_image(story));
        let places = image.as_ref().map(|image| self.cover_places(image, geometry)).unwrap_or_default();
        let lines = COVER_LINES.min(stories.len());
        let mut trials: Vec<(Option<Rect>, usize)> = Vec::new();
        for place in places {
            trials.extend((1..=lines).rev().map(|count| (Some(place), count)));
        }
        if trials.is_empty() {
            trials.extend((1..=lines).rev().map(|count| (None, count)));
        }
        let last = trials.len().saturating_sub(1);
        for (trial, (place, count)) in trials.into_iter().enumerate() {
            let before = self.checkpoint(Structure::ROOT);
            if let (Some(image), Some(place)) = (&image, place) {
                self.cover_picture(image, place);
            }
            self.cover_lines(&stories[..count]);
            let height: Pt = self.pieces.iter().map(|piece| piece.before + piece.height).sum();
            if trial == last || height <= self.style.text_height() {
                break;
            }
            self.roll_back(before);
        }
        self.keep_next = false;
    }

    fn cover_lines(&mut self, stories: &[(&Story<'_>, Anchor)]) {
        let color = self.ink(self.style.colors.rule);
        for (number, (story, anchor)) in stories.iter().enumerate() {
            let sizes = self.style.headings.sizes;
            let long = self.title_of(story).chars().count() > LONG;
            let size = if number == 0 {
                if long { sizes[1] } else { sizes[0] * 0.9 }
            } else {
                (sizes[2] * 1.2).max(self.style.body.size)
            };
            let look = Look { family: self.style.headings.family, bold: true, size, ..self.body_look() };
            let leading = size * self.style.headings.leading.max(self.style.guideline.min_leading.unwrap_or(1.0));
            let element = self.structure.add(Structure::ROOT, Role::P);
            let reference = self.structure.add(element, Role::Reference);
            self.leave(if number == 0 { self.leading() * 1.2 } else { self.leading() * 0.6 });
            if number > 0 {
                self.hairline();
                if let Some(rule) = self.pieces.last_mut() {
                    rule.keep = false;
                }
                self.gap = self.leading() * 0.4;
            }
            let dots = if number == 0 { None } else { Some(color) };
            self.page_entry(reference, self.title_of(story), *anchor, look, leading, dots);
        }
    }

    fn cover_image(&mut self, story: &Story<'_>) -> Option<Image> {
        if self.style.images == Images::Hide {
            return None;
        }
        let first = first_picture(&story.article.blocks).or(story.article.lead_image.as_ref())?;
        self.picture(&first.src).is_ok().then(|| first.clone())
    }

    /// Where its picture may stand, the best place first: over both edges of the page where that is cut after printing,
    /// else within the margins.
    fn cover_places(&mut self, image: &Image, geometry: &Geometry) -> Vec<Rect> {
        let Ok(PictureId(number)) = self.picture(&image.src) else { return Vec::new() };
        let of = &self.pictures[number as usize];
        let (wide, high) = (of.width as f32 * 72.0 / LEAST, of.height as f32 * 72.0 / LEAST);
        let mut places = Vec::new();
        let bleed = self.style.output.bleed * MM;
        let whole = geometry.width + 2.0 * bleed;
        if bleed > 0.0 && wide >= whole {
            places.push(Rect { x: -geometry.left - bleed, y: 0.0, width: whole, height: high * whole / wide });
        }
        let scale = (self.frame.width / wide).min(self.style.text_height() * COVER_PICTURE / high).min(1.0);
        let (width, height) = (wide * scale, high * scale);
        places.push(Rect { x: self.frame.x + (self.frame.width - width) / 2.0, y: 0.0, width, height });
        places
    }

    fn cover_picture(&mut self, image: &Image, rect: Rect) {
        let Ok(picture) = self.picture(&image.src) else { return };
        let description = self.description(image, None);
        let figure = self.structure.add(Structure::ROOT, Role::Figure);
        self.structure[figure].alt = Some(description);
        let owner = Owner::Content(self.content(figure));
        let marks = vec![Mark { owner, kind: MarkKind::Picture { picture, rect } }];
        let drawing = Drawing { marks, areas: Vec::new() };
        self.push(Piece { height: rect.height, drawing, ..Piece::default() });
        self.gap = self.leading();
    }

    fn title_of<'s>(&self, story: &Story<'s>) -> &'s str {
        let title = story.article.title.trim();
        if title.is_empty() { self.phrases.print.untitled } else { title }
    }

    /// The contents: sections with an entry an article, and dots to the number of its page. Where the page has columns
    /// they stand in these: dots over the width of a newspaper lead nobody to a number.
    fn contents(&mut self, edition: &Edition<'_>, places: &[Places], geometry: &Geometry) {
        let title = self.phrases.print.contents;
        self.heading(Structure::ROOT, 2, &[Inline::Text(title.to_owned())]);
        self.frame = geometry.beside();
        let toc = self.structure.add(Structure::ROOT, Role::Toc);
        let look = self.body_look();
        let color = self.ink(self.style.colors.rule);
        let named = edition.sections.iter().filter(|section| name_of(section.title.as_deref()).is_some()).count() > 1;
        for (section, places) in edition.sections.iter().zip(places) {
            let mut parent = toc;
            if let Some(name) = name_of(section.title.as_deref()).filter(|_| named) {
                let entry = self.structure.add(toc, Role::Toci);
                let reference = self.structure.add(entry, Role::Reference);
                let element = self.structure.add(reference, Role::Link);
                let link = self.add_link(element, Aim::Anchor(places.section), name);
                let mut span = self.span(element, Look { bold: true, ..look });
                span.link = Some(link);
                let mut passage = Passage::default();
                passage.push(name, &span);
                passage.trim_end();
                self.leave(self.leading() * 0.5);
                // Its first entry stays with it.
                self.set_passage(&passage, self.heading_setting(self.leading()));
                self.gap = 0.0;
                parent = self.structure.add(entry, Role::Toc);
            }
            for (story, anchor) in section.articles.iter().zip(&places.articles) {
                let entry = self.structure.add(parent, Role::Toci);
                let reference = self.structure.add(entry, Role::Reference);
                self.page_entry(reference, self.title_of(story), *anchor, look, self.leading(), Some(color));
                // In columns entries stand on the grid.
                self.gap = if self.frame.columns > 1 { 0.0 } else { self.leading() * 0.15 };
            }
        }
        self.keep_next = false;
        self.gap = self.leading();
    }

    /// The contents of a first page that has stories of its own: what stands on the others.
    pub(super) fn contents_strip(&mut self, entries: &[(&str, Anchor)], geometry: &Geometry) -> Vec<Piece> {
        self.frame = geometry.beside();
        (self.gap, self.keep_next) = (0.0, false);
        let title = self.phrases.print.contents;
        self.heading(Structure::ROOT, 2, &[Inline::Text(title.to_owned())]);
        let toc = self.structure.add(Structure::ROOT, Role::Toc);
        let look = self.body_look();
        let color = self.ink(self.style.colors.rule);
        for (title, anchor) in entries {
            let entry = self.structure.add(toc, Role::Toci);
            let reference = self.structure.add(entry, Role::Reference);
            self.page_entry(reference, title, *anchor, look, self.leading(), Some(color));
            self.gap = 0.0;
        }
        (self.gap, self.keep_next) = (0.0, false);
        std::mem::take(&mut self.pieces)
    }

    /// A title that leads to an anchor, and the number of its page at the right, with dots between them or without.
    fn page_entry(
        &mut self,
        parent: ElementId,
        title: &str,
        anchor: Anchor,
        look: Look,
        leading: Pt,
        dots: Option<Color>,
    ) {
        let element = self.structure.add(parent, Role::Link);
        let link = self.add_link(element, Aim::Anchor(anchor), title);
        let mut span = self.span(element, look);
        span.link = Some(link);
        let mut passage = Passage::default();
        passage.push(title, &span);
        passage.trim_end();
        let room = self.text_width("0000", look);
        let outer = self.frame;
        self.frame.width -= room;
        let setting = Setting { heading: true, ..self.heading_setting(leading) };
        self.set_passage(&passage, setting);
        self.keep_next = false;
        self.frame = outer;
        let right = outer.x + outer.width;
        let number = self.content(element);
        let lang = self.lang;
        let Some(piece) = self.pieces.last_mut() else { return };
        let baseline = piece.baseline.unwrap_or(piece.height);
        if let Some(color) = dots {
            leaders(piece, right - room, look.size, color);
        }
        piece.page_refs.push(PageRef { anchor, right, baseline, look, owner: Owner::Content(number), lang });
    }

    /// Who made the edition: at the foot of its last page.
    pub(super) fn imprint(&mut self, text: &str) {
        self.leave(self.leading() * 1.5);
        self.hairline();
        if let Some(rule) = self.pieces.last_mut() {
            rule.at_foot = true;
            rule.keep = false;
        }
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
}

/// The name of a section that has one.
pub(super) fn name_of(title: Option<&str>) -> Option<&str> {
    title.map(str::trim).filter(|title| !title.is_empty())
}

/// The first picture that says something.
fn first_picture(blocks: &[Block]) -> Option<&Image> {
    blocks.iter().find_map(|block| match block {
        Block::Figure { images, .. } => images.iter().find(|image| image.alt.as_deref() != Some("")),
        _ => None,
    })
}

/// Dots from the end of a line to `right`.
fn leaders(piece: &mut Piece, right: Pt, size: Pt, color: Color) {
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

//! An edition whose pages are made up: its stories set apart, its contents, and the plan of its pages.

use super::makeup::Geometry;
use super::matter::{Headline, Matter, grid};
use super::opening::{Places, name_of};
use super::plan::{Copy, Grid, Issue, Kind, MadePage, MadeUp, assign};
use crate::article::Inline;
use crate::sheet::{ElementId, Owner, Pt, Role, Structure, Warning};
use crate::theme::{Begin, Opening, PrintStyle};
use crate::typeset::flow::apart::{Apart, height_of};
use crate::typeset::flow::setter::{EditionOptions, Setter};
use crate::typeset::manuscript::{Edition, Section, Story, Weight};
use crate::typeset::manuscript::{has_figure, language};
use crate::typeset::text::passage::{Look, Passage};
use crate::typeset::text::piece::{Anchor, Piece};

/// The part of a page's columns that briefs standing together take at most.
const BRIEFS: f32 = 0.3;
/// Rows of the contents on a first page.
const CONTENTS_ROWS: usize = 6;
/// The part of the upper margin, where other pages have their running heads, that a masthead reaches into.
const LIFT: f32 = 0.45;
/// Lines of white at the foot of a page that are not worth a word.
const WHITE: u16 = 3;
/// How often the first page is planned anew for contents of another height.
const TRIALS: usize = 4;

/// An edition ready to be placed.
pub(crate) struct MadeIssue {
    /// What stands above the stories of the first page.
    pub(super) opening: Vec<Piece>,
    pub(super) contents: Vec<Piece>,
    pub(super) stories: Vec<Matter>,
    pub(super) copies: Vec<Copy>,
    pub(super) grid: Grid,
    pub(super) pages: Vec<MadePage>,
    /// Lines that the opening takes.
    pub(super) first: u16,
    /// Lines of the contents.
    pub(super) rows: u16,
    pub(super) imprint: Vec<Piece>,
    /// By how much the opening stands above the type area.
    pub(super) lift: Pt,
}

/// Whether an edition's pages are made up, and not poured.
pub(crate) fn makes_up(edition: &Edition<'_>, style: &PrintStyle, geometry: &Geometry) -> bool {
    let runs_on = match edition.new_pages {
        Some(new) => !new,
        None => style.edition.begin == Begin::RunOn,
    };
    style.edition.make_up && runs_on && geometry.columns > 1 && style.edition.opening == Opening::Masthead
}

impl Setter<'_> {
    /// Sets an edition and plans its pages; none where they cannot be made up.
    pub(crate) fn issue(&mut self, edition: &Edition<'_>, geometry: &Geometry) -> Option<MadeIssue> {
        self.edition = EditionOptions {
            name: edition.title.trim().to_lowercase(),
            qr: edition.qr,
            accessible: edition.accessible.clone(),
            continued: false,
            made_up: true,
        };
        let places: Vec<Places> = edition
            .sections
            .iter()
            .map(|s| Places { section: self.anchor(), articles: s.articles.iter().map(|_| self.anchor()).collect() })
            .collect();
        self.frame = geometry.across();
        self.masthead(edition);
        let opening = std::mem::take(&mut self.pieces);
        (self.gap, self.keep_next) = (0.0, false);
        let before_stories = self.structure[Structure::ROOT].kids.len();
        let bookmarks = self.outline.len();
        let grid = grid(self.style, geometry);
        let mut stories = Vec::new();
        for (section, places) in edition.sections.iter().zip(&places) {
            self.section_matter(section, places, geometry, &mut stories);
            if self.is_full() {
                return None;
            }
        }
        for notice in &edition.notices {
            stories.extend(self.notice(notice, geometry));
        }
        let imprint = match &edition.imprint {
            Some(text) => {
                self.frame = geometry.across();
                self.imprint(text);
                std::mem::take(&mut self.pieces)
            }
            None => Vec::new(),
        };
        let copies: Vec<Copy> = stories.iter().map(|story| self.measured(story, &grid, geometry)).collect();
        let mut made = MadeIssue {
            opening,
            contents: Vec::new(),
            stories,
            copies,
            grid,
            pages: Vec::new(),
            first: 0,
            rows: 0,
            imprint,
            lift: geometry.top * LIFT,
        };
        self.plan(edition, &places, geometry, &mut made, (before_stories, bookmarks))?;
        Some(made)
    }

    /// Plans the pages, with the contents of what stands behind the first.
    fn plan(
        &mut self,
        edition: &Edition<'_>,
        places: &[Places],
        geometry: &Geometry,
        made: &mut MadeIssue,
        (kids, bookmarks): (usize, usize),
    ) -> Option<()> {
        let lines = |height: Pt| (height / geometry.grid - 0.01).ceil().max(0.0) as u16;
        let masthead = lines(height_of(&made.opening) - made.lift + geometry.grid * 1.2);
        let imprint = if made.imprint.is_empty() { 0 } else { lines(height_of(&made.imprint) + geometry.grid * 0.5) };
        let with_contents = edition.contents && edition.sections.iter().map(|s| s.articles.len()).sum::<usize>() > 3;
        let titles: Vec<(&str, Anchor, usize)> = entries(edition, places, &made.stories);
        let mut rows = if with_contents { lines(self.leading() * 1.0) + CONTENTS_ROWS as u16 / 2 } else { 0 };
        let mut plan: Option<MadeUp> = None;
        let mut tail = 0;
        for trial in 0..TRIALS {
            made.first = masthead + rows;
            let issue = Issue {
                copies: &made.copies,
                grid: &made.grid,
                first: made.first,
                last: imprint,
                pages: edition.pages.map(usize::from),
                most: self.limits.pages,
            };
            let found = assign(&issue)?;
            let on_front: Vec<usize> =
                found.pages.first().map(|page| page.modules.iter().map(|m| m.copy).collect()).unwrap_or_default();
            plan = Some(found);
            if !with_contents {
                break;
            }
            let before = self.checkpoint(Structure::ROOT);
            tail = self.structure[Structure::ROOT].kids.len();
            let listed: Vec<(&str, Anchor)> = titles
                .iter()
                .filter(|(_, _, story)| !on_front.contains(story))
                .map(|(title, anchor, _)| (*title, *anchor))
                .take(CONTENTS_ROWS * geometry.columns)
                .collect();
            let pieces = if listed.is_empty() { Vec::new() } else { self.contents_strip(&listed, geometry) };
            let needed = match super::balance::balanced_lines(&pieces, geometry) {
                0 => 0,
                lines => lines + 2,
            };
            let settled = if trial < 2 { rows == needed } else { rows >= needed };
            if settled {
                made.contents = pieces;
                break;
            }
            self.roll_back(before);
            rows = if trial < 1 { needed } else { rows.max(needed) };
        }
        made.rows = rows;
        let plan = plan?;
        for story in &plan.displaced {
            let title = made.stories[*story].short.clone();
            self.warn(format!("{title}: its page cannot hold it; it stands where it has room"));
        }
        made.pages = plan.pages;
        let inner = made.pages.len().saturating_sub(1);
        for (number, page) in made.pages[..inner].iter().enumerate().filter(|(_, page)| page.white > WHITE) {
            let (number, white) = (number + 1, page.white);
            self.warnings.push(Warning {
                message: format!(
                    "page {number} has {white} lines at its foot that nothing fills; a notice with filler = true would"
                ),
            });
        }
        if let Some(wanted) = edition.pages.map(usize::from).filter(|wanted| *wanted != made.pages.len()) {
            let over: u16 = made.pages.iter().skip(wanted).map(taken_lines).sum();
            let missing = wanted.saturating_sub(made.pages.len()) * usize::from(made.grid.lines);
            let has = made.pages.len();
            self.warn(if over > 0 {
                format!("the edition takes {has} pages, not {wanted}: about {over} lines across the page are too many; shorten or leave out as much")
            } else {
                format!("the edition takes {has} pages, not {wanted}: about {missing} lines across the page are missing; add articles or notices")
            });
        }
        // What was set last stands before the stories in the tags, too.
        if !made.contents.is_empty() {
            let root = &mut self.structure[Structure::ROOT].kids;
            let moved = root.split_off(tail);
            root.splice(kids..kids, moved);
            let marks = self.outline.split_off(self.outline.len() - 1);
            self.outline.splice(bookmarks..bookmarks, marks);
        }
        Some(())
    }

    /// The stories of a section, each apart; short ones that stand together are one.
    fn section_matter(
        &mut self,
        section: &Section<'_>,
        places: &Places,
        geometry: &Geometry,
        stories: &mut Vec<Matter>,
    ) {
        let element = self.structure.add(Structure::ROOT, Role::Sect);
        let name = name_of(section.title.as_deref());
        let mut heading = None;
        let mut first_anchors = vec![places.section];
        if let Some(name) = name {
            self.structure[element].title = Some(name.to_owned());
            let tagged = self.tag_level(2);
            heading = Some(self.structure.add(element, Role::Heading(tagged)));
            first_anchors.push(self.bookmark(tagged, &[Inline::Text(name.to_owned())]));
        }
        let level = 2 + u8::from(name.is_some());
        let most = self.style.text_height() * geometry.columns as f32 * BRIEFS;
        let mut open_briefs = false;
        for (story, anchor) in section.articles.iter().zip(&places.articles) {
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
            let brief = story.weight == Weight::Brief;
            let joined = brief && open_briefs && story.wishes.page.is_none();
            if !joined {
                let kind = if brief { Kind::Briefs } else { Kind::Story };
                let mut matter = Matter { kind, section: name.map(str::to_owned), ..Matter::default() };
                matter.anchors.append(&mut first_anchors);
                matter.short = article.title.trim().to_owned();
                matter.leads = story.weight == Weight::Lead;
                matter.wish(&story.wishes, geometry.columns);
                stories.push(matter);
            }
            let Some(mut matter) = stories.pop() else { continue };
            if brief {
                self.brief(story, art, level, geometry, (*anchor, joined), heading.take().zip(name), &mut matter);
            } else {
                matter.anchors.push(*anchor);
                self.story_matter(story, art, level, geometry, heading.take().zip(name), name, &mut matter);
            }
            open_briefs = brief && height_of(&matter.body) < most;
            stories.push(matter);
            self.lang = outer;
        }
    }

    /// The name of a section above one of its stories: once as its heading, then as what is repeated.
    fn kicker(
        &mut self,
        heading: Option<(ElementId, &str)>,
        name: Option<&str>,
        own: Option<&str>,
        art: ElementId,
    ) -> Option<Passage> {
        let look = Look { family: self.style.headings.family, bold: true, size: self.small(), ..self.body_look() };
        let mut passage = Passage::default();
        match heading {
            Some((element, name)) => {
                let span = self.span(element, look);
                passage.push(name, &span);
            }
            None => {
                if let Some(name) = name.filter(|_| own.is_none()) {
                    let mut span = self.span(art, look);
                    // It was said once.
                    span.owner = Owner::Pagination;
                    passage.push(name, &span);
                }
            }
        }
        if let Some(own) = own {
            let element = self.structure.add(art, Role::P);
            let span = self.span(element, look);
            if !passage.text.is_empty() {
                passage.push(" · ", &span);
            }
            passage.push(own, &span);
        }
        passage.trim_end();
        Some(passage).filter(|passage| !passage.is_blank())
    }

    #[allow(clippy::too_many_arguments)]
    fn story_matter(
        &mut self,
        story: &Story<'_>,
        art: ElementId,
        level: u8,
        geometry: &Geometry,
        heading: Option<(ElementId, &str)>,
        name: Option<&str>,
        matter: &mut Matter,
    ) {
        let article = story.article;
        self.begin_article(article);
        self.frame = geometry.beside();
        self.weight = story.weight;
        self.picture_columns = 1;
        self.pending.clear();
        (self.gap, self.keep_next) = (0.0, false);
        let own = story.wishes.kicker.map(str::trim).filter(|own| !own.is_empty());
        let kicker = self.kicker(heading, name, own, art);
        let mut head = Headline { kicker: kicker.map(|passage| self.part_of(passage)), ..Headline::default() };
        let title = article.title.trim();
        if !title.is_empty() {
            let tagged = self.tag_level(level);
            let element = self.structure.add(art, Role::Heading(tagged));
            let content = [Inline::Text(title.to_owned())];
            head.title = Some(self.heading_passage(element, self.style.headings.sizes[0], &content));
            matter.anchors.push(self.bookmark(tagged, &content));
        }
        if let Some(deck) =
            story.wishes.deck.or(story.article.deck.as_deref()).map(str::trim).filter(|deck| !deck.is_empty())
        {
            let element = self.structure.add(art, Role::P);
            let look =
                Look { family: self.style.headings.family, size: self.style.body.size * 1.25, ..self.body_look() };
            let mut passage = Passage::default();
            let span = self.span(element, look);
            passage.push(deck, &span);
            passage.trim_end();
            head.deck = Some(self.part_of(passage));
        }
        let line = self.byline(article);
        if !line.is_empty() {
            let element = self.structure.add(art, Role::P);
            let look = Look { size: self.small().max(self.style.body.size * 0.92), ..self.body_look() };
            let mut passage = Passage::default();
            let span = self.span(element, look);
            passage.push(&line, &span);
            passage.trim_end();
            head.byline = Some(self.part_of(passage));
        }
        if head.kicker.is_some() || head.title.is_some() || head.byline.is_some() {
            matter.headline = Some(head);
        }
        self.apart = Some(Apart::default());
        if let Some(image) = article.lead_image.as_ref().filter(|_| !has_figure(&article.blocks)) {
            let caption: Vec<Inline> = image.caption.iter().map(|text| Inline::Text(text.clone())).collect();
            self.figure(art, std::slice::from_ref(image), &caption, None);
        }
        self.article_text(article, art, level, true);
        let apart = self.apart.take().unwrap_or_default();
        (matter.figure, matter.band) = (apart.figure, apart.band);
        matter.body = std::mem::take(&mut self.pieces);
        matter.anchors.append(&mut self.pending);
        (self.gap, self.keep_next) = (0.0, false);
    }

    /// A short item below those before it.
    #[allow(clippy::too_many_arguments)]
    fn brief(
        &mut self,
        story: &Story<'_>,
        art: ElementId,
        level: u8,
        geometry: &Geometry,
        (anchor, joined): (Anchor, bool),
        heading: Option<(ElementId, &str)>,
        matter: &mut Matter,
    ) {
        self.pieces = std::mem::take(&mut matter.body);
        self.frame = geometry.beside();
        let name = matter.section.clone();
        if joined {
            self.leave(self.leading());
            self.hairline();
            if let Some(rule) = self.pieces.last_mut() {
                rule.keep = false;
            }
            self.gap = self.leading() * 0.5;
        } else if let Some(passage) = self.kicker(heading, name.as_deref(), None, art) {
            let part = self.part_of(passage);
            self.set_passage(&part.passage, part.setting);
            self.gap = self.leading() * 0.4;
            self.keep_next = true;
        }
        // No picture and no table of theirs leaves its column.
        self.apart = Some(Apart { figure: None, band: Some((1, Vec::new())) });
        let within = *geometry;
        self.article(story, art, level, &within, Some(anchor));
        self.apart = None;
        matter.body = std::mem::take(&mut self.pieces);
        matter.anchors.append(&mut self.pending);
        (self.gap, self.keep_next) = (0.0, false);
    }
}

/// Lines across a page that are filled.
fn taken_lines(page: &MadePage) -> u16 {
    page.modules.iter().map(|module| module.line + module.shape.lines).max().unwrap_or(0)
}

/// What the contents list: titles, the places they lead to, and the stories they stand in.
fn entries<'e>(edition: &'e Edition<'_>, places: &[Places], stories: &[Matter]) -> Vec<(&'e str, Anchor, usize)> {
    let mut found = Vec::new();
    for (section, places) in edition.sections.iter().zip(places) {
        for (story, anchor) in section.articles.iter().zip(&places.articles) {
            let title = story.wishes.short.unwrap_or(&story.article.title).trim();
            let at = stories.iter().position(|matter| {
                matter.anchors.contains(anchor) || matter.body.iter().any(|piece| piece.anchors.contains(anchor))
            });
            if let Some(at) = at.filter(|_| !title.is_empty() && story.weight != Weight::Brief) {
                found.push((title, *anchor, at));
            }
        }
    }
    found
}

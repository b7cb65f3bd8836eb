//! From a manuscript to a publication: articles with their headlines, editions with masthead and contents.

use std::collections::{HashMap, HashSet};
use std::sync::PoisonError;

use super::flow::setter::{EditionOptions, Setter};
use super::manuscript::{Edition, Manuscript, Story, Weight, Wishes, has_figure, language};
use super::pages::castoff::least_pages;
use super::pages::issue::makes_up;
use super::pages::makeup::{Geometry, Pages, too_many};
use super::text::draw::Drawing;
use super::text::galley::Lead;
use super::text::passage::Look;
use super::text::piece::{Anchor, Piece, Setting};
use super::text::shape::Shaper;
use crate::article::{Article, Block, Inline, Note};
use crate::phrases::{Phrases, PrintPhrases};
use crate::sheet::{ElementId, Mark, MarkKind, Owner, Publication, Rect, Role, Structure, Warning};
use crate::source::PictureSource;
use crate::theme::{Align, PrintStyle};
use crate::{Limits, Result};

/// Letters of a headline that goes in the full size of its weight.
const LONG_HEADLINE: usize = 90;

/// Sets a manuscript in a print style.
///
/// Nothing of the text is left out: what cannot be set as the source has it (a picture that is missing, a character that
/// no font has, a table that is too wide) is set in another way and named in [`Publication::warnings`].
///
/// # Errors
/// [`crate::Error::Limit`] when there are more pages than the limit, or it takes longer than it may.
pub fn set(
    manuscript: &Manuscript<'_>,
    style: &PrintStyle,
    pictures: &dyn PictureSource,
    limits: &Limits,
) -> Result<Publication> {
    set_in(manuscript, style, pictures, limits, None)
}

/// Sets a manuscript, in columns that are poured where `pour` says why.
fn set_in(
    manuscript: &Manuscript<'_>,
    style: &PrintStyle,
    pictures: &dyn PictureSource,
    limits: &Limits,
    pour: Option<&str>,
) -> Result<Publication> {
    let lang = match manuscript {
        Manuscript::Article(article) => language(&article.lang),
        Manuscript::Edition(edition) => language(&edition.lang),
    };
    let phrases = Phrases::of(&lang);
    let geometry = Geometry::of(style, &lang);
    let title = match manuscript {
        Manuscript::Article(article) => title_of_article(article, &phrases.print),
        Manuscript::Edition(edition) => title_of_edition(edition),
    };
    if least_pages(manuscript, style, &geometry) > limits.pages {
        return Err(too_many(&title, limits));
    }
    let limits = &limits.begin();
    let mut shaper = Shaper::new();
    shaper.deadline = limits.deadline;
    let lang_ix = shaper.lang(&lang);
    let mut setter = Setter {
        style,
        source: pictures,
        limits,
        shaper,
        helpers: Vec::new(),
        pictures: Vec::new(),
        loaded: HashMap::new(),
        structure: Structure::default(),
        warnings: Vec::new(),
        pieces: Vec::new(),
        frame: geometry.beside(),
        links: Vec::new(),
        anchors: 0,
        outline: Vec::new(),
        notes: HashMap::new(),
        places: HashMap::new(),
        passed: Vec::new(),
        expansions: HashSet::new(),
        addresses: Vec::new(),
        first_address: 1,
        phrases,
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
        lead: Lead::Nothing,
        new_page: false,
        weight: Weight::Normal,
        picture_columns: 1,
        edition: EditionOptions::default(),
        heads: Vec::new(),
        block_starts: Vec::new(),
        apart: None,
        plan: Vec::new(),
        asides: 0,
        set: 0.0,
        room: f64::from(geometry.bottom - geometry.top),
    };
    let mut made = None;
    let mut publication = match manuscript {
        Manuscript::Article(article) => {
            setter.article(
                &Story { article, weight: Weight::Lead, wishes: Wishes::default() },
                Structure::ROOT,
                1,
                &geometry,
                None,
            );
            Publication {
                authors: article.byline.clone(),
                date: article.date.clone(),
                source: article.url.clone(),
                ..Publication::default()
            }
        }
        Manuscript::Edition(edition) => {
            if makes_up(edition, style, &geometry) && pour.is_none() {
                made = setter.issue(edition, &geometry);
                if made.is_none() && !setter.is_full() {
                    let said = "a story has no room on any page; pages are poured, not made up";
                    return set_in(manuscript, style, pictures, limits, Some(said));
                }
            } else {
                setter.edition(edition, &geometry);
            }
            setter.warnings.extend(pour.map(|said| Warning { message: said.to_owned() }));
            Publication { date: edition.date.clone(), ..Publication::default() }
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
    if setter.is_full() {
        return Err(too_many(&title, limits));
    }
    let pages = Pages::new(&mut setter, geometry, title.clone());
    let (mut sheets, outline) = match made {
        Some(issue) => pages.run_made_up(&head, issue)?,
        None => pages.run(&head)?,
    };
    setter.report_missing();
    publication.faces = setter.shaper.fonts.list_used(&mut sheets);
    publication.block_sheets = setter.block_sheets(&sheets);
    publication.title = title;
    publication.lang = lang;
    publication.style = style.name.clone();
    publication.sheets = sheets;
    publication.outline = outline;
    publication.pictures = setter.pictures;
    publication.structure = setter.structure;
    publication.plan = setter.plan;
    publication.warnings = setter.warnings;
    Ok(publication)
}

fn title_of_article(article: &Article, phrases: &PrintPhrases) -> String {
    [article.title.as_str(), article.site.as_deref().unwrap_or("")]
        .into_iter()
        .map(str::trim)
        .find(|title| !title.is_empty())
        .unwrap_or(phrases.untitled)
        .to_owned()
}

fn title_of_edition(edition: &Edition<'_>) -> String {
    [Some(edition.title.as_str()), edition.issue.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

impl Setter<'_> {
    /// Sets an article under `parent`, with its headline at the source's `level`.
    pub(super) fn article(
        &mut self,
        story: &Story<'_>,
        parent: ElementId,
        level: u8,
        geometry: &Geometry,
        anchor: Option<Anchor>,
    ) {
        let article = story.article;
        let brief = story.weight == Weight::Brief;
        self.begin_article(article);
        // The lead of an edition has wider columns where the style has them.
        let lead = anchor.is_some() && story.weight == Weight::Lead;
        let wider = self.style.edition.lead_columns.filter(|_| lead);
        let column = wider.map_or(*geometry, |count| geometry.in_columns(usize::from(count))).beside();
        self.frame = if brief { column } else { geometry.across() };
        self.weight = story.weight;
        self.pending.extend(anchor);
        self.headline(story, parent, level, anchor.is_some());
        let over = self.style.edition.picture_columns.filter(|_| anchor.is_some());
        self.picture_columns =
            over.map_or(1, |columns| usize::from(columns[story.weight as usize])).min(column.columns);
        // A lead image is mostly another cut of the first picture of the text: it stands only for articles without any.
        if anchor.is_some() {
            self.frame = column;
        }
        if let Some(image) = article.lead_image.as_ref().filter(|_| !has_figure(&article.blocks)) {
            let caption: Vec<Inline> = image.caption.iter().map(|text| Inline::Text(text.clone())).collect();
            self.figure(parent, std::slice::from_ref(image), &caption, None);
        }
        self.frame = column;
        self.gap = self.gap.max(if geometry.columns > 1 { self.leading() * 0.5 } else { 0.0 });
        self.article_text(article, parent, level, anchor.is_some());
    }

    /// What is kept of an article while it is set.
    pub(in crate::typeset) fn begin_article(&mut self, article: &Article) {
        self.block_starts.push(vec![self.structure.elements.len() as u32]);
        self.base = article.url.clone();
        self.after_paragraph = false;
        self.notes.clear();
        self.addresses.clear();
        self.first_address = 1;
        collect_notes(&article.blocks, &mut |note| {
            let anchor = self.anchor();
            self.notes.entry(note.id.clone()).or_insert(anchor);
            // No two notes of an article have the same number.
            let number = note.label.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u16>().unwrap_or(0);
            self.first_address = self.first_address.max(usize::from(number) + 1);
        });
        self.find_places(article);
    }

    /// The text of an article below its headline of a `level`, with its notes and its source.
    pub(in crate::typeset) fn article_text(
        &mut self,
        article: &Article,
        parent: ElementId,
        level: u8,
        in_edition: bool,
    ) {
        self.levels.retain(|(of, _)| *of <= level);
        let before = self.pieces.len();
        let shifted = usize::from(level - 1);
        if shifted == 0 {
            self.blocks(parent, &article.blocks);
        } else {
            let blocks = lowered(&article.blocks, level - 1);
            self.blocks(parent, &blocks);
        }
        if in_edition {
            self.keep_last_line(before);
        }
        self.set_addresses(parent);
        self.source_line(article, parent);
        self.keep_next = false;
        self.lead = Lead::Nothing;
        if let Some(starts) = self.block_starts.last_mut() {
            starts.truncate(article.blocks.len() + 1);
            starts.push(self.structure.elements.len() as u32);
        }
    }

    fn headline(&mut self, story: &Story<'_>, parent: ElementId, level: u8, in_edition: bool) {
        let article = story.article;
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
            let sizes = self.style.headings.sizes;
            let usual = [sizes[0], (sizes[0] * 0.82).max(sizes[1]), sizes[1]];
            let of_edition = self.style.edition.headlines.filter(|_| in_edition);
            let size = of_edition.unwrap_or(usual)[story.weight as usize];
            // What is half a paragraph is no headline: it is set so that its article still stands below it.
            let length = article.title.chars().count().max(LONG_HEADLINE) as f32;
            let smaller = size * (LONG_HEADLINE as f32 / length).sqrt().max(0.5);
            let size = if in_edition { smaller.max(sizes[1]).min(size) } else { size };
            let content = [Inline::Text(article.title.clone())];
            let passage = self.heading_passage(element, size, &content);
            let anchor = self.bookmark(tagged, &content);
            self.pending.push(anchor);
            self.set_passage(&passage, self.heading_setting(size * self.style.headings.leading));
            self.gap = self.leading() * 0.45;
        }
        self.keep_next = false;
        if let Some(deck) = article.deck.as_deref().map(str::trim).filter(|deck| !deck.is_empty()) {
            let element = self.structure.add(parent, Role::P);
            let look = Look { family: self.style.headings.family, bold: true, size: body.size * 1.06, ..body };
            self.keep_next = !article.title.trim().is_empty();
            self.set_text(element, deck, look, Setting { leading: left.leading * 1.06, ..left });
            self.gap = self.leading() * 0.5;
        }
        let line = self.byline(article);
        if !line.is_empty() {
            let element = self.structure.add(parent, Role::P);
            let look = Look { size: self.small().max(body.size * 0.92), ..body };
            self.keep_next = true;
            self.set_text(element, &line, look, left);
            self.gap = self.leading() * 0.5;
        }
        if story.weight == Weight::Brief {
            self.keep_next = true;
            self.gap = self.leading() * 0.3;
            return;
        }
        if in_edition {
            // A rule stands above the headline there.
            self.gap = self.leading() * 0.6;
            self.keep_next = true;
            return;
        }
        self.hairline();
        self.gap = self.leading() * 0.8;
    }

    /// What its links lead to, and what its short forms stand for.
    fn find_places(&mut self, article: &Article) {
        self.places.clear();
        self.passed.clear();
        self.expansions.clear();
        let mut ids = Vec::new();
        article.each_inline(&mut |inline| match inline {
            Inline::Anchor(id) => ids.push(id.clone()),
            Inline::Abbreviation { title, .. } => drop(self.expansions.insert(title.to_lowercase())),
            _ => {}
        });
        for id in ids {
            let anchor = self.anchor();
            self.places.entry(id).or_insert(anchor);
        }
        if !self.expansions.is_empty() {
            let text = article.to_whole_text().to_lowercase();
            self.expansions.retain(|title| !text.contains(title.as_str()));
        }
    }

    /// Who wrote it and when.
    pub(in crate::typeset) fn byline(&self, article: &Article) -> String {
        let authors = article.byline.iter().map(|a| a.trim()).filter(|a| !a.is_empty()).collect::<Vec<_>>().join(", ");
        let date = article.date.as_deref().map(|date| self.phrases.dates.date(date)).filter(|date| !date.is_empty());
        [Some(authors).filter(|a| !a.is_empty()), date].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    pub(super) fn hairline(&mut self) {
        let color = self.ink(self.style.colors.rule);
        let rect = Rect { x: self.frame.x, y: 0.0, width: self.frame.width, height: 0.6 };
        let mark = Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect, color } };
        let drawing = Drawing { marks: vec![mark], areas: Vec::new() };
        self.keep_next |= !self.pieces.is_empty();
        self.push(Piece { height: 0.6, drawing, ..Piece::default() });
        self.keep_next = true;
    }

    /// An article of an edition does not end in one line, mostly a signature, at the head of a page or column.
    fn keep_last_line(&mut self, since: usize) {
        let leading = self.leading();
        if let Some([.., before, last]) = self.pieces.get_mut(since..)
            && last.height < leading * 1.5
            && before.height < leading * 1.5
        {
            last.keep = true;
        }
    }

    /// Where the article comes from: a printed page outlives its address bar.
    fn source_line(&mut self, article: &Article, parent: ElementId) {
        let site = article.site.as_deref().map(str::trim).filter(|site| !site.is_empty());
        let site = site.filter(|site| site.to_lowercase() != self.edition.name);
        let url = article.url.as_deref().filter(|url| url.starts_with("http"));
        if site.is_none() && url.is_none() {
            return;
        }
        let in_edition = !self.edition.name.is_empty();
        if in_edition {
            // No column and no page begins with it.
            self.keep_next = true;
            self.leave(self.leading() * 0.5);
        } else {
            self.short_rule();
        }
        let element = self.structure.add(parent, Role::P);
        let look = self.small_look();
        let mut content = vec![Inline::Text(format!("{}: ", self.phrases.print.source))];
        if let Some(site) = site {
            content.push(Inline::Text(site.to_owned()));
        }
        if let Some(url) = url {
            content.push(Inline::Text(if site.is_some() { ", ".into() } else { String::new() }));
            let text = vec![Inline::Text(super::flow::notes::readable(url))];
            let live = self.style.links == crate::theme::Links::Inline;
            if live {
                content.push(Inline::Link { href: url.to_owned(), content: text });
            } else {
                content.extend(text);
            }
        }
        let passage = self.passage(element, look, &content);
        self.set_passage(&passage, Setting { heading: in_edition, ..self.small_setting() });
        if let Some(url) = url.filter(|_| self.edition.qr) {
            self.qr_codes(parent, url);
        }
    }

    fn report_missing(&mut self) {
        let helpers = std::mem::take(&mut self.helpers);
        for helper in &helpers {
            self.shaper.fonts.take_missing(&helper.lock().unwrap_or_else(PoisonError::into_inner).fonts);
        }
        // Giving back what a book's words took need not hold up the rest.
        rayon::spawn(move || drop(helpers));
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

fn collect_notes(blocks: &[Block], found: &mut impl FnMut(&Note)) {
    for block in blocks {
        match block {
            Block::Notes { notes } => notes.iter().for_each(&mut *found),
            Block::Quote { blocks, .. } | Block::Details { blocks, .. } => collect_notes(blocks, found),
            Block::List { items, .. } => items.iter().for_each(|item| collect_notes(item, found)),
            Block::Definitions { items } => {
                items.iter().flat_map(|item| &item.definitions).for_each(|said| collect_notes(said, found));
            }
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

//! The setter: what is carried while an article is turned into pieces of columns.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use super::apart::Apart;
use crate::Limits;
use crate::phrases::Phrases;
use crate::sheet::{
    Color, ContentId, ElementId, Kid, Owner, Picture, PictureId, PlanEntry, Pt, Rect, Role, Structure, Warning,
};
use crate::source::PictureSource;
use crate::theme::{Align, ColorMode, PrintStyle, Rgb};
use crate::typeset::manuscript::Weight;
use crate::typeset::text::draw::{Drawing, Flush};
use crate::typeset::text::galley;
use crate::typeset::text::galley::{Lead, Place};
use crate::typeset::text::passage::{Look, Passage, Span};
use crate::typeset::text::piece::{Anchor, Bounds, Piece, Setting};
use crate::typeset::text::shape::{LangIx, Shaper};

/// A link of the text.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) element: ElementId,
    pub(crate) aim: Aim,
    pub(crate) contents: String,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Aim {
    Uri(String),
    Anchor(Anchor),
}

/// A bookmark before pages are known.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub(crate) level: u8,
    pub(crate) title: String,
    pub(crate) anchor: Anchor,
}

/// What an edition wants of its articles and pages.
#[derive(Clone, Debug, Default)]
pub(crate) struct EditionOptions {
    /// Its name, which its own articles need not give as their source.
    pub(crate) name: String,
    /// QR codes of addresses.
    pub(crate) qr: bool,
    /// Where accessible versions are.
    pub(crate) accessible: Option<String>,
    /// Words on pages that part an article.
    pub(crate) continued: bool,
    /// Stories are placed by a page maker.
    pub(crate) made_up: bool,
}

/// A state of the setter, see [`Setter::checkpoint`].
pub(crate) struct Checkpoint {
    parent: ElementId,
    kids: usize,
    elements: usize,
    contents: usize,
    pieces: usize,
    links: usize,
    addresses: usize,
    outline: usize,
    pending: usize,
    levels: Vec<(u8, u8)>,
    gap: Pt,
    keep_next: bool,
}

/// Everything that is carried from block to block.
pub(crate) struct Setter<'a> {
    pub(crate) style: &'a PrintStyle,
    pub(crate) source: &'a dyn PictureSource,
    pub(crate) limits: &'a Limits,
    pub(crate) shaper: Shaper,
    /// Shapers for paragraphs that other cores set, one for each.
    pub(crate) helpers: Vec<Mutex<Shaper>>,
    pub(crate) pictures: Vec<Picture>,
    pub(crate) loaded: HashMap<String, Result<PictureId, String>>,
    pub(crate) structure: Structure,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) frame: Bounds,
    pub(crate) links: Vec<Link>,
    pub(crate) anchors: u32,
    pub(crate) outline: Vec<Mark>,
    /// Notes of the article under way, by their ids.
    pub(crate) notes: HashMap<String, Anchor>,
    /// Places of the article under way that its links lead to, by their ids.
    pub(crate) places: HashMap<String, Anchor>,
    /// Those of these that the passage under way holds: they go with its first piece.
    pub(crate) passed: Vec<Anchor>,
    /// What the short forms of the article under way stand for, where it does not say so itself: each is told once.
    pub(crate) expansions: HashSet<String>,
    /// Addresses that the article under way refers to by numbers (`--links notes`).
    pub(crate) addresses: Vec<(String, Anchor)>,
    /// The first of these numbers.
    pub(crate) first_address: usize,
    pub(crate) phrases: &'static Phrases,
    pub(crate) lang: LangIx,
    /// Address of the article under way.
    pub(crate) base: Option<String>,
    /// Least gap before the next piece.
    pub(crate) gap: Pt,
    /// The next piece stays with the one before.
    pub(crate) keep_next: bool,
    /// Anchors for the next piece.
    pub(crate) pending: Vec<Anchor>,
    /// Levels of the headings above, for levels without gaps.
    pub(crate) levels: Vec<(u8, u8)>,
    /// Notes that go to the foot of the column that refers to them.
    pub(crate) footnotes: HashMap<Anchor, Vec<Piece>>,
    /// Nesting of lists.
    pub(crate) lists: usize,
    /// Nesting of blocks.
    pub(crate) depth: usize,
    /// The paragraph before was followed directly by this one.
    pub(crate) after_paragraph: bool,
    /// How the paragraph before leads on.
    pub(crate) lead: Lead,
    /// The next piece starts a new page.
    pub(crate) new_page: bool,
    /// The article under way has more or less room.
    pub(crate) weight: Weight,
    /// Columns that its first picture may go over.
    pub(crate) picture_columns: usize,
    /// What an edition wants of its articles and pages.
    pub(crate) edition: EditionOptions,
    /// What the running head says from a place on, beside the title.
    pub(crate) heads: Vec<(Anchor, String)>,
    /// For each article, the elements at which its headline and each of its blocks begin, and its end.
    pub(crate) block_starts: Vec<Vec<u32>>,
    /// Where pages are made up: what is set apart from the text of the story under way.
    pub(crate) apart: Option<Apart>,
    /// The plan of the pages, where they are made up.
    pub(crate) plan: Vec<PlanEntry>,
    /// Nesting of what is set apart from the column.
    pub(crate) asides: usize,
    /// Height of what is set in columns, each as if it were the page's only one.
    pub(crate) set: f64,
    /// Height of a page's text.
    pub(crate) room: f64,
}

impl Setter<'_> {
    pub(crate) fn warn(&mut self, message: impl Into<String>) {
        let warning = Warning { message: message.into() };
        if !self.warnings.contains(&warning) && self.warnings.len() < 1_000 {
            self.warnings.push(warning);
        }
    }

    pub(crate) fn anchor(&mut self) -> Anchor {
        self.anchors += 1;
        Anchor(self.anchors - 1)
    }

    /// A colour in the inks of the run.
    pub(crate) fn ink(&self, color: Rgb) -> Color {
        ink(color, self.style.output.color)
    }

    pub(crate) fn leading(&self) -> Pt {
        self.style.body.size * self.style.body.leading
    }

    /// Size of captions, notes and the source line.
    pub(crate) fn small(&self) -> Pt {
        self.style.body.size * self.style.body.small
    }

    pub(crate) fn body_look(&self) -> Look {
        Look {
            family: self.style.body.family,
            bold: false,
            italic: false,
            size: self.style.body.size,
            rise: 0.0,
            color: self.ink(self.style.colors.text),
            underline: false,
            strike: false,
        }
    }

    pub(crate) fn small_look(&self) -> Look {
        Look { size: self.small(), ..self.body_look() }
    }

    pub(crate) fn body_setting(&self) -> Setting {
        Setting {
            leading: self.leading(),
            align: self.style.body.align,
            flush: Flush::Left,
            hyphenate: self.style.body.hyphenation,
            indent: 0.0,
            heading: false,
        }
    }

    /// Ragged setting for captions, cells, lists of addresses.
    pub(crate) fn small_setting(&self) -> Setting {
        let leading =
            self.small() * self.style.body.leading.min(1.3).max(self.style.guideline.min_leading.unwrap_or(1.2));
        Setting { leading, align: Align::Left, ..self.body_setting() }
    }

    /// The piece of content that the next marks of an element belong to: the last one, unless a child came between.
    pub(crate) fn content(&mut self, element: ElementId) -> ContentId {
        match self.structure[element].kids.last() {
            Some(Kid::Content(id)) => *id,
            _ => self.structure.add_content(element),
        }
    }

    pub(crate) fn span(&mut self, element: ElementId, look: Look) -> Span {
        let owner = Owner::Content(self.content(element));
        Span { start: 0, look, owner, link: None, lang: self.lang, picture: None }
    }

    /// Adds a piece below the others.
    pub(crate) fn push(&mut self, mut piece: Piece) {
        piece.before = piece.before.max(std::mem::take(&mut self.gap));
        piece.keep |= std::mem::take(&mut self.keep_next);
        piece.new_page |= std::mem::take(&mut self.new_page);
        piece.columns = self.frame.columns;
        piece.anchors.append(&mut self.pending);
        self.set += self.extent(&piece);
        self.pieces.push(piece);
    }

    /// What a piece takes of the height of pages. What is set apart counts where it is put in.
    fn extent(&self, piece: &Piece) -> f64 {
        let on_page = f64::from(piece.height).min(self.room) / piece.columns.max(1) as f64;
        if self.asides > 0 { 0.0 } else { on_page }
    }

    /// Whether more is set than the pages allowed can hold, or the time is up: the rest need not be.
    pub(crate) fn is_full(&self) -> bool {
        self.limits.deadline.is_over() || self.set > self.room * self.limits.pages as f64 + 1.0
    }

    /// Makes sure of a gap before the next piece.
    pub(crate) fn leave(&mut self, gap: Pt) {
        self.gap = self.gap.max(gap);
    }

    /// Sets a plain text as a paragraph of its own.
    pub(crate) fn set_text(&mut self, element: ElementId, text: &str, look: Look, setting: Setting) {
        let mut passage = Passage::default();
        let span = self.span(element, look);
        passage.push(text, &span);
        passage.trim_end();
        self.set_passage(&passage, setting);
    }

    /// Divides a passage into lines and adds them as pieces.
    pub(crate) fn set_passage(&mut self, passage: &Passage, setting: Setting) {
        let place = self.place();
        self.pending.append(&mut self.passed);
        let pieces = galley::compose(&mut self.shaper, passage, setting, place);
        self.lay(pieces, setting);
    }

    /// Adds the lines of a paragraph.
    pub(crate) fn lay(&mut self, pieces: Vec<Piece>, setting: Setting) {
        let any = !pieces.is_empty();
        pieces.into_iter().for_each(|piece| self.push(piece));
        self.keep_next |= setting.heading && any;
    }

    /// Where the next paragraph goes.
    pub(crate) fn place(&self) -> Place {
        Place { frame: self.frame, leading: self.leading(), font: self.body_look().font() }
    }

    /// Sets blocks apart from the column, in a frame of its own, and returns their pieces.
    pub(crate) fn aside(&mut self, frame: Bounds, set: impl FnOnce(&mut Self)) -> Vec<Piece> {
        let outer = std::mem::take(&mut self.pieces);
        let outer_frame = std::mem::replace(&mut self.frame, frame);
        let outer_gap = std::mem::take(&mut self.gap);
        let outer_keep = std::mem::take(&mut self.keep_next);
        let outer_pending = std::mem::take(&mut self.pending);
        let outer_after = std::mem::take(&mut self.after_paragraph);
        self.asides += 1;
        set(self);
        self.asides -= 1;
        self.gap = outer_gap;
        self.keep_next = outer_keep;
        let mut left_over = std::mem::replace(&mut self.pending, outer_pending);
        self.pending.append(&mut left_over);
        self.after_paragraph = outer_after;
        self.frame = outer_frame;
        std::mem::replace(&mut self.pieces, outer)
    }

    /// Where the work stands, to come back to.
    pub(crate) fn checkpoint(&self, parent: ElementId) -> Checkpoint {
        Checkpoint {
            parent,
            kids: self.structure[parent].kids.len(),
            elements: self.structure.elements.len(),
            contents: self.structure.contents.len(),
            pieces: self.pieces.len(),
            links: self.links.len(),
            addresses: self.addresses.len(),
            outline: self.outline.len(),
            pending: self.pending.len(),
            levels: self.levels.clone(),
            gap: self.gap,
            keep_next: self.keep_next,
        }
    }

    /// Undoes what was set below an element since.
    pub(crate) fn roll_back(&mut self, to: Checkpoint) {
        self.structure[to.parent].kids.truncate(to.kids);
        self.structure.elements.truncate(to.elements);
        self.structure.contents.truncate(to.contents);
        self.set -= self.pieces.iter().skip(to.pieces).map(|piece| self.extent(piece)).sum::<f64>();
        self.pieces.truncate(to.pieces);
        self.links.truncate(to.links);
        self.addresses.truncate(to.addresses);
        self.outline.truncate(to.outline);
        self.pending.truncate(to.pending);
        self.levels = to.levels;
        self.gap = to.gap;
        self.keep_next = to.keep_next;
    }

    /// A child element with the language of its passage, where that differs.
    pub(crate) fn element(&mut self, parent: ElementId, role: Role, lang: Option<&str>) -> ElementId {
        let element = self.structure.add(parent, role);
        if let Some(lang) = lang {
            self.structure[element].lang = Some(lang.to_owned());
        }
        element
    }
}

/// Puts pieces below each other into one.
pub(crate) fn stack(pieces: Vec<Piece>) -> Piece {
    let mut whole = Piece::default();
    let mut after = 0.0_f32;
    for (index, piece) in pieces.into_iter().enumerate() {
        if index > 0 {
            whole.height += piece.before.max(after);
        } else {
            whole.before = piece.before;
        }
        after = piece.after;
        if whole.baseline.is_none() {
            whole.baseline = piece.baseline.map(|b| b + whole.height);
        }
        let mut drawing = piece.drawing;
        shift(&mut drawing, 0.0, whole.height);
        whole.drawing.marks.append(&mut drawing.marks);
        whole.drawing.areas.append(&mut drawing.areas);
        whole.anchors.extend(piece.anchors);
        whole.height += piece.height;
    }
    whole.after = after;
    whole
}

/// Moves a drawing.
pub(crate) fn shift(drawing: &mut Drawing, dx: Pt, dy: Pt) {
    use crate::sheet::MarkKind;
    let shift_rect = |rect: &mut Rect| {
        rect.x += dx;
        rect.y += dy;
    };
    for mark in &mut drawing.marks {
        match &mut mark.kind {
            MarkKind::Text(run) => {
                run.x += dx;
                run.y += dy;
            }
            MarkKind::Fill { rect, .. } | MarkKind::Stroke { rect, .. } | MarkKind::Picture { rect, .. } => {
                shift_rect(rect);
            }
        }
    }
    for (_, rect) in &mut drawing.areas {
        shift_rect(rect);
    }
}

/// A colour in the inks of a mode. Greys are black ink alone: four inks on top of each other blur small letters.
pub(crate) fn ink(color: Rgb, mode: ColorMode) -> Color {
    let [r, g, b] = [color.0, color.1, color.2].map(|v| f32::from(v) / 255.0);
    match mode {
        ColorMode::Rgb if r == g && g == b => Color::Gray(r),
        ColorMode::Rgb => Color::Rgb(r, g, b),
        ColorMode::Gray => Color::Gray(0.2126 * r + 0.7152 * g + 0.0722 * b),
        ColorMode::Cmyk => {
            let black = 1.0 - r.max(g).max(b);
            if black >= 1.0 {
                return Color::Cmyk(0.0, 0.0, 0.0, 1.0);
            }
            let part = |v: f32| (1.0 - v - black) / (1.0 - black);
            Color::Cmyk(part(r), part(g), part(b), black)
        }
    }
}

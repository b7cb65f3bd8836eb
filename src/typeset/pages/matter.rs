//! Matter: a story set but in no place yet. Its headline, its picture and its text are apart, so that a page can be made
//! of them, and it is measured for that over every number of columns.

use super::makeup::Geometry;
use super::plan::{Band, Copy, FINE, Grid, Head, Kind, MOST_COLUMNS, Slug, Spot};
use crate::sheet::{ElementId, Mark, MarkKind, Owner, Pt, Rect, Role, Structure};
use crate::theme::{Align, MM, PrintStyle};
use crate::typeset::flow::apart::{LooseFigure, height_of};
use crate::typeset::flow::setter::{Setter, shift, stack};
use crate::typeset::manuscript::{Notice, Place as Wanted, Wishes};
use crate::typeset::text::draw::{Drawing, Flush, Pen};
use crate::typeset::text::galley::{Place, compose, divide};
use crate::typeset::text::passage::{Look, Passage};
use crate::typeset::text::piece::{Anchor, Bounds, Piece, Setting};

/// What a story is made of.
#[derive(Default)]
pub(crate) struct Matter {
    pub(super) kind: Kind,
    pub(super) headline: Option<Headline>,
    pub(super) body: Vec<Piece>,
    pub(super) figure: Option<LooseFigure>,
    /// A table over several columns.
    pub(super) band: Option<(usize, Vec<Piece>)>,
    /// Name of its section.
    pub(super) section: Option<String>,
    /// Its headline in few words, for the page on which it goes on.
    pub(super) short: String,
    /// Places that lead to it.
    pub(super) anchors: Vec<Anchor>,
    pub(super) leads: bool,
    pub(super) page: Option<usize>,
    pub(super) spot: Option<Spot>,
    pub(super) columns: Option<usize>,
    pub(super) whole: bool,
    pub(super) framed: bool,
    /// A box of a size of its own: pieces as wide as so many columns, and its height in points.
    pub(super) sized: Option<(usize, Pt)>,
}

/// A line or two of the head of a story.
pub(super) struct Part {
    pub(super) passage: Passage,
    pub(super) setting: Setting,
}

/// What stands above a story's text.
#[derive(Default)]
pub(super) struct Headline {
    /// The name of its section.
    pub(super) kicker: Option<Part>,
    /// Its size is found by the page maker.
    pub(super) title: Option<Passage>,
    pub(super) deck: Option<Part>,
    pub(super) byline: Option<Part>,
}

/// Sizes of headlines in points by the width in columns of a broadsheet's five, for the parts that stories play: the lead
/// of the first page, of another, a second story, others, the rest of a story that began elsewhere.
const HEADS: [[f32; 5]; 5] = [
    [24.0, 36.0, 46.0, 54.0, 60.0],
    [22.0, 31.0, 39.0, 46.0, 52.0],
    [18.0, 25.0, 31.0, 37.0, 42.0],
    [16.0, 21.0, 26.0, 31.0, 36.0],
    [15.0, 16.0, 17.0, 18.0, 18.0],
];
/// The width of one of these columns, and the size of their text.
const HEADS_COLUMN: Pt = 138.0;
const HEADS_BODY: Pt = 9.5;
/// A step of the ladder of sizes.
const STEP: f32 = 1.12;
/// The part of a page's height that a picture takes at most.
const TALL: f32 = 0.5;
/// Lines between the name of the section and the headline, and between that and the byline.
const KICKER_GAP: f32 = 0.15;
const BYLINE_GAP: f32 = 0.35;
/// A last line shorter than this part of the measure is a remnant.
const REMNANT: f32 = 0.35;

/// The page as the plan knows it.
pub(super) fn grid(style: &PrintStyle, geometry: &Geometry) -> Grid {
    let lines = ((geometry.bottom - geometry.top) / geometry.grid + 0.01).floor().max(1.0) as u16;
    let scale = (style.body.size / HEADS_BODY).clamp(0.8, 2.0);
    let least = (style.body.size * 1.3).max(12.0);
    let mut ladder = vec![least];
    let largest = HEADS[0][4] * scale * STEP * STEP;
    while ladder.last().is_some_and(|size| *size < largest) && ladder.len() < 24 {
        ladder.push(ladder[ladder.len() - 1] * STEP);
    }
    let base = HEADS.map(|sizes| {
        (1..=geometry.columns)
            .map(|columns| {
                let at = (width_of(geometry, columns) / (HEADS_COLUMN * scale)).clamp(1.0, 5.0);
                let low = (at as usize).min(4);
                let size = (sizes[low - 1] + (sizes[low] - sizes[low - 1]) * (at - low as f32)) * scale;
                let nearest = |a: &&f32, b: &&f32| (*a - size).abs().total_cmp(&(*b - size).abs());
                let nearest = ladder.iter().min_by(nearest).copied().unwrap_or(least);
                ladder.iter().position(|step| *step == nearest).unwrap_or(0)
            })
            .collect::<Vec<usize>>()
    });
    let rest_head = ((ladder[base[4][0]] * 1.1 + style.body.size * 1.2 + geometry.grid * 0.2) / geometry.grid).ceil();
    Grid {
        columns: geometry.columns,
        lines: lines + 2,
        gap: 2,
        frame: 1,
        ladder: ladder.iter().map(|size| (size * 10.0) as u32).collect(),
        base,
        rest_head: rest_head as u16,
    }
}

/// The size of a step of the ladder.
pub(super) fn size_of(grid: &Grid, step: usize) -> Pt {
    grid.ladder[step.min(grid.ladder.len() - 1)] as f32 / 10.0
}

/// Width of columns side by side.
pub(super) fn width_of(geometry: &Geometry, columns: usize) -> Pt {
    columns as f32 * geometry.column + columns.saturating_sub(1) as f32 * geometry.gutter
}

/// Pieces as the plan knows them.
pub(super) fn slugs(pieces: &[Piece], grid: Pt) -> Vec<Slug> {
    let fine = |length: Pt| (length / grid * FINE as f32 - 0.05).ceil().max(0.0) as u32;
    let mut after = 0.0_f32;
    pieces
        .iter()
        .map(|piece| {
            let gap = piece.before.max(after);
            after = piece.after;
            Slug {
                gap: fine(gap),
                height: fine(piece.height),
                on_grid: piece.on_grid,
                keep: piece.keep,
                floats: piece.floats,
                repeat: piece.repeat.as_ref().map_or(0, |repeat| fine(repeat.height)),
            }
        })
        .collect()
}

impl Matter {
    pub(super) fn wish(&mut self, wishes: &Wishes<'_>, columns: usize) {
        self.page = wishes.page.map(|page| usize::from(page.max(1)) - 1);
        self.columns = wishes.columns.map(|count| usize::from(count).clamp(1, columns));
        self.whole = wishes.whole;
        self.framed = wishes.boxed;
        self.spot = wishes.place.map(|place| match place {
            Wanted::Lead => Spot::Lead,
            Wanted::Top => Spot::Top,
            Wanted::Bottom => Spot::Foot,
            Wanted::Column => Spot::Column,
        });
        self.leads |= self.spot == Some(Spot::Lead);
        if let Some(short) = wishes.short {
            self.short = short.trim().to_owned();
        }
    }
}

impl Setter<'_> {
    /// What the plan needs to know of a story.
    pub(super) fn measured(&mut self, matter: &Matter, grid: &Grid, geometry: &Geometry) -> Copy {
        let columns = geometry.columns.min(MOST_COLUMNS);
        let lines = |height: Pt| (height / geometry.grid - 0.01).ceil().max(0.0) as u16;
        let mut copy = Copy {
            kind: matter.kind,
            slugs: slugs(&matter.body, geometry.grid),
            leads: matter.leads,
            page: matter.page,
            spot: matter.spot,
            columns: matter.columns,
            whole: matter.whole,
            framed: matter.framed,
            ..Copy::default()
        };
        if let Some((over, height)) = matter.sized {
            copy.boxes = vec![0; columns];
            copy.boxes[over.clamp(1, columns) - 1] = lines(height);
            copy.stretch = if matter.kind == Kind::Filler { (lines(height) / 3).min(8) } else { 0 };
            return copy;
        }
        if let Some(headline) = &matter.headline {
            copy.heads = (1..=columns)
                .map(|k| {
                    let width = width_of(geometry, k);
                    let around = self.around(headline, width);
                    let mut heads: Vec<Head> = (0..grid.ladder.len())
                        .map(|step| self.measured_head(headline, (width, around), size_of(grid, step), geometry.grid))
                        .collect();
                    // A word too long for a column stands in the least size, whatever becomes of it.
                    if heads.iter().all(|head| head.lines == 0) {
                        heads[0].lines = 1;
                    }
                    heads
                })
                .collect();
        }
        if let Some(figure) = &matter.figure {
            copy.figure =
                (1..=columns).map(|k| lines(self.figure_height(figure, k, geometry).unwrap_or(0.0))).collect();
            if copy.figure.iter().all(|height| *height == 0) {
                copy.figure[0] = lines(self.figure_piece(figure, 1, geometry).height + geometry.grid * 0.7);
            }
        }
        if let Some((over, pieces)) = &matter.band {
            copy.band = Some(Band { columns: *over, height: lines(height_of(pieces) + geometry.grid * 0.8) });
        }
        copy
    }

    /// Height of what stands above and below a headline, with the gaps between.
    fn around(&mut self, headline: &Headline, width: Pt) -> Pt {
        let frame = Bounds { x: 0.0, width, columns: 1, inner: true };
        let place = Place { frame, leading: self.leading(), font: self.body_look().font() };
        let mut height = 0.0;
        for (part, gap) in
            [(&headline.kicker, KICKER_GAP), (&headline.deck, BYLINE_GAP), (&headline.byline, BYLINE_GAP)]
        {
            if let Some(part) = part {
                let lines = compose(&mut self.shaper, &part.passage, part.setting, place).len();
                height += lines as Pt * part.setting.leading + gap * self.leading();
            }
        }
        height
    }

    /// A headline in a width and a size; one of no lines where a word of it would be broken.
    fn measured_head(&mut self, headline: &Headline, (width, around): (Pt, Pt), size: Pt, grid: Pt) -> Head {
        let mut head = Head { lines: 1, ..Head::default() };
        let mut height = around + self.leading() * 0.45;
        if let Some(title) = &headline.title {
            let look = Look { size, ..title.spans.first().map_or(self.body_look(), |span| span.look) };
            let longest = title.text.split_whitespace().map(|word| self.text_width(word, look)).fold(0.0, f32::max);
            let passage = sized(title, size);
            let setting = self.heading_setting(size * self.style.headings.leading);
            let (items, lines, _) = divide(&mut self.shaper, &passage, setting, width);
            let pen = Pen { shaper: &mut self.shaper, passage: &passage, items: &items };
            let widths: Vec<Pt> = lines.iter().map(|line| pen.width(line)).collect();
            let (last, widest) = (widths.last().copied().unwrap_or(0.0), widths.iter().copied().fold(0.0, f32::max));
            head.bare = (100.0 - 100.0 * widest / width).clamp(0.0, 100.0) as u8;
            head.lines = if longest > width { 0 } else { lines.len().clamp(1, 255) as u8 };
            head.short = lines.len() > 1 && last < width * REMNANT;
            height += lines.len() as Pt * setting.leading;
        }
        head.height = (height / grid - 0.01).ceil() as u16;
        head
    }

    /// The head of a story, from top to bottom.
    pub(super) fn head_pieces(&mut self, headline: &Headline, width: Pt, size: Pt) -> Vec<Piece> {
        let frame = Bounds { x: 0.0, width, columns: 1, inner: true };
        let place = Place { frame, leading: self.leading(), font: self.body_look().font() };
        let mut pieces: Vec<Piece> = Vec::new();
        let mut gap = 0.0;
        let add = |mut part: Vec<Piece>, pieces: &mut Vec<Piece>, before: Pt| {
            if let Some(first) = part.first_mut().filter(|_| !pieces.is_empty()) {
                first.before = before;
            }
            pieces.append(&mut part);
        };
        if let Some(kicker) = &headline.kicker {
            add(compose(&mut self.shaper, &kicker.passage, kicker.setting, place), &mut pieces, gap);
            gap = self.leading() * KICKER_GAP;
        }
        if let Some(title) = &headline.title {
            let passage = sized(title, size);
            let setting = self.heading_setting(size * self.style.headings.leading);
            add(compose(&mut self.shaper, &passage, setting, place), &mut pieces, gap);
            gap = self.leading() * BYLINE_GAP;
        }
        if let Some(deck) = &headline.deck {
            add(compose(&mut self.shaper, &deck.passage, deck.setting, place), &mut pieces, gap);
            gap = self.leading() * BYLINE_GAP;
        }
        if let Some(byline) = &headline.byline {
            add(compose(&mut self.shaper, &byline.passage, byline.setting, place), &mut pieces, gap);
        }
        pieces
    }

    /// Height of a picture over some columns, with its caption and a gap below; none where it may not be so wide.
    fn figure_height(&mut self, figure: &LooseFigure, columns: usize, geometry: &Geometry) -> Option<Pt> {
        let width = width_of(geometry, columns);
        let (wide, high) = (figure.wide as f32, figure.high as f32);
        let height = high * width / wide;
        // Nobody overlooks pixels coarser than a point.
        let coarse = wide < width;
        if columns > 1 && (coarse || height > self.style.text_height() * TALL) {
            return None;
        }
        if columns == 1 && (wide < width * 0.75 || height > self.style.text_height() * TALL) {
            return None;
        }
        Some(self.figure_piece(figure, columns, geometry).height + geometry.grid * 0.7)
    }

    /// A picture over some columns with its caption.
    pub(super) fn figure_piece(&mut self, figure: &LooseFigure, columns: usize, geometry: &Geometry) -> Piece {
        let width = width_of(geometry, columns);
        let (wide, high) = (figure.wide as f32, figure.high as f32);
        let scale = (width / wide).min(self.style.text_height() * TALL / high).min(4.0 / 3.0);
        let rect = Rect { x: 0.0, y: 0.0, width: wide * scale, height: high * scale };
        let mark = Mark { owner: figure.owner, kind: MarkKind::Picture { picture: figure.picture, rect } };
        let drawing = Drawing { marks: vec![mark], areas: Vec::new() };
        let mut pieces = vec![Piece { height: rect.height, drawing, after: self.small() * 0.5, ..Piece::default() }];
        if let Some(caption) = &figure.caption {
            let frame = Bounds { x: 0.0, width, columns: 1, inner: true };
            let place = Place { frame, leading: self.leading(), font: self.body_look().font() };
            let setting = self.small_setting();
            pieces.append(&mut compose(&mut self.shaper, caption, setting, place));
        }
        let mut whole = stack(pieces);
        whole.anchors = figure.anchors.clone();
        whole
    }

    /// A line of the head of a story.
    pub(super) fn part_of(&self, passage: Passage) -> Part {
        let size = passage.spans.first().map_or(self.small(), |span| span.look.size);
        let leading = size * self.style.guideline.min_leading.unwrap_or(1.2).max(1.15);
        let setting =
            Setting { leading, align: Align::Left, flush: Flush::Left, hyphenate: false, indent: 0.0, heading: true };
        Part { passage, setting }
    }

    /// An advertisement or an announcement.
    pub(super) fn notice(&mut self, notice: &Notice, geometry: &Geometry) -> Option<Matter> {
        let columns = usize::from(notice.columns).clamp(1, geometry.columns);
        let width = width_of(geometry, columns);
        let padding = self.leading() * 0.6;
        let frame = Bounds { x: padding, width: width - 2.0 * padding, columns: 1, inner: true };
        let element = self.structure.add(Structure::ROOT, Role::Art);
        let given = notice.height.map(|height| height * MM).unwrap_or(f32::INFINITY);
        let pieces = self.aside(frame, |setter| setter.notice_lines(notice, element, given - 2.0 * padding));
        if pieces.is_empty() {
            return None;
        }
        let inner = height_of(&pieces);
        let height = if given.is_finite() { given.max(inner + 2.0 * padding) } else { inner + 2.0 * padding };
        let height = height.min(geometry.bottom - geometry.top);
        let grid = (height / geometry.grid - 0.01).ceil() * geometry.grid;
        let mut whole = stack(pieces);
        shift(&mut whole.drawing, 0.0, ((grid - inner) / 2.0).max(0.0));
        whole.height = grid;
        let kind = if notice.filler { Kind::Filler } else { Kind::Fixed };
        Some(Matter {
            kind,
            body: vec![whole],
            page: notice.page.map(|page| usize::from(page.max(1)) - 1),
            sized: Some((columns, grid)),
            ..Matter::default()
        })
    }

    fn notice_lines(&mut self, notice: &Notice, parent: ElementId, most: Pt) {
        let centred = Setting { flush: Flush::Center, hyphenate: false, align: Align::Left, ..self.body_setting() };
        let lines: Vec<&str> =
            notice.text.iter().flat_map(|text| text.lines()).map(str::trim).filter(|l| !l.is_empty()).collect();
        if let Some(image) = &notice.picture {
            match self.picture(&image.src) {
                Ok(picture) => {
                    let of = &self.pictures[picture.0 as usize];
                    let (wide, high) = (of.width as f32, of.height as f32);
                    // What is said below it has room, too.
                    let room =
                        if most.is_finite() { most - lines.len() as f32 * self.leading() * 1.6 } else { f32::INFINITY };
                    let scale = (self.frame.width / wide).min(room.max(self.leading() * 3.0) / high);
                    let (width, height) = (wide * scale, high * scale);
                    let element = self.structure.add(parent, Role::Figure);
                    self.structure[element].alt = Some(self.description(image, None));
                    let owner = Owner::Content(self.content(element));
                    let x = self.frame.x + (self.frame.width - width) / 2.0;
                    let rect = Rect { x, y: 0.0, width, height };
                    let marks = vec![Mark { owner, kind: MarkKind::Picture { picture, rect } }];
                    self.push(Piece { height, drawing: Drawing { marks, areas: Vec::new() }, ..Piece::default() });
                    self.gap = self.leading() * 0.4;
                }
                Err(reason) => self.warn(format!("{}: {reason}; the box has none", self.source.shown(&image.src))),
            }
        }
        for (number, line) in lines.iter().enumerate() {
            let element = self.structure.add(parent, Role::P);
            let first = number == 0;
            let size = self.style.body.size * if first && lines.len() > 1 { 1.7 } else { 1.0 };
            let look = Look { family: self.style.headings.family, bold: first, size, ..self.body_look() };
            self.set_text(element, line, look, Setting { leading: size * 1.2, ..centred });
            self.gap = self.leading() * 0.25;
        }
    }
}

/// A passage of one look in another size.
fn sized(passage: &Passage, size: Pt) -> Passage {
    let mut passage = passage.clone();
    for span in &mut passage.spans {
        span.look.size = size;
    }
    passage
}

//! A galley: a paragraph divided into lines and drawn, before anybody knows its page.
//!
//! Everything here depends on the paragraph and its frame alone, so that the paragraphs of a long text can be set on all
//! cores at once.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::characters::is_backward;
use super::draw::{Drawing, Flush, Pen, Slot};
use super::fonts::FontIx;
use super::items::{Dividing, Item, items};
use super::lines::{Line, Measure, lines};
use super::passage::Passage;
use super::piece::{Bounds, Piece, Setting};
use super::shape::Shaper;
use crate::sheet::Pt;

/// Where a paragraph goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) frame: Bounds,
    /// Leading of the body.
    pub(crate) leading: Pt,
    /// Face of the body, whose measures place the lines of a passage without any.
    pub(crate) font: FontIx,
}

/// A paragraph to be set, with what stands around it.
pub(crate) struct Galley {
    pub(crate) passage: Passage,
    pub(crate) setting: Setting,
    pub(crate) place: Place,
    /// Least gap above.
    pub(crate) before: Pt,
    /// Gap below.
    pub(crate) after: Pt,
    /// How it leads on to what follows.
    pub(crate) lead: Lead,
    /// Bookmark and other anchors.
    pub(crate) anchors: Vec<super::piece::Anchor>,
}

/// What a column does not end below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lead {
    #[default]
    Nothing,
    /// A colon at its end: whatever follows.
    Colon,
    /// A few words that are no sentence: a paragraph that follows.
    Term,
}

impl Galley {
    /// Divides and draws it.
    pub(crate) fn compose(&self, shaper: &mut Shaper) -> Vec<Piece> {
        compose(shaper, &self.passage, self.setting, self.place)
    }
}

/// Sets galleys on all cores, each core with a shaper of its own.
///
/// Only paragraphs of characters that the bundled faces have; `None` stands for the others. Which face of the system
/// stands in for a character depends on what was set before, and must not depend on which core was quicker.
pub(crate) fn compose_all(galleys: &[Galley], helpers: &[Mutex<Shaper>]) -> Vec<Option<Vec<Piece>>> {
    galleys
        .par_iter()
        .map(|galley| {
            if !galley.passage.text.chars().all(super::fonts::is_bundled) {
                return None;
            }
            let helper = helpers.get(rayon::current_thread_index()?)?;
            let mut shaper = helper.lock().ok()?;
            Some(galley.compose(&mut shaper))
        })
        .collect()
}

/// A shaper for each core, with the languages of `shaper`.
pub(crate) fn prepare_helpers(helpers: &mut Vec<Mutex<Shaper>>, shaper: &Shaper) {
    helpers.resize_with(rayon::current_num_threads(), || Mutex::new(Shaper::new()));
    for helper in helpers.iter_mut() {
        helper.get_mut().unwrap_or_else(PoisonError::into_inner).share_langs(shaper);
    }
}

/// Divides a passage into lines and draws them.
pub(crate) fn compose(shaper: &mut Shaper, passage: &Passage, setting: Setting, place: Place) -> Vec<Piece> {
    let frame = place.frame;
    let (items, lines, backward) = divide(shaper, passage, setting, frame.width);
    let count = lines.len();
    let metrics_font = passage.spans.first().map_or(place.font, |s| s.look.font());
    let size = passage.spans.iter().map(|s| s.look.size).fold(0.0, f32::max);
    let metrics = shaper.fonts.metrics(metrics_font);
    let mut pieces = Vec::with_capacity(count);
    for (number, line) in lines.iter().enumerate() {
        let last = number + 1 == count;
        let tallest = items[line.start..line.end].iter().map(|item| object_height(item, passage)).fold(0.0, f32::max);
        let mut baseline = metrics.baseline(size, setting.leading);
        let extra = (tallest - baseline).max(0.0);
        baseline += extra;
        let indent = if number == 0 { setting.indent } else { 0.0 };
        // A forced or last line is never stretched.
        let mut line = *line;
        let forced = last || matches!(items.get(line.end), Some(Item::Forced { .. }));
        if forced && line.ratio > 0.0 {
            line.ratio = 0.0;
        }
        let flush = match (setting.flush, backward) {
            (Flush::Left, true) => Flush::Right,
            (flush, _) => flush,
        };
        let x = frame.x + if backward { 0.0 } else { indent };
        let slot = Slot { x, width: frame.width - indent, baseline, flush };
        let mut drawing = Drawing::default();
        Pen { shaper, passage, items: &items }.draw(&line, slot, &mut drawing);
        pieces.push(Piece {
            height: setting.leading + extra,
            // Two lines at least at the head and at the foot of a column; short paragraphs stay whole; no word is divided
            // over the end of a column.
            keep: number > 0 && (setting.heading || number == 1 || last || count <= 3 || lines[number - 1].hyphen),
            on_grid: !frame.inner && (setting.leading - place.leading).abs() < 0.01 && extra == 0.0,
            drawing,
            baseline: Some(baseline),
            ..Piece::default()
        });
    }
    pieces
}

/// The lines of a passage in a measure, and whether it runs from right to left.
pub(crate) fn divide(
    shaper: &mut Shaper,
    passage: &Passage,
    setting: Setting,
    width: Pt,
) -> (Vec<Item>, Vec<Line>, bool) {
    let bidi = passage.text.chars().any(is_backward).then(|| unicode_bidi::BidiInfo::new(&passage.text, None));
    let levels: Option<Vec<u8>> = bidi.as_ref().map(|b| b.levels.iter().map(|l| l.number()).collect());
    let backward = bidi.as_ref().is_some_and(|b| b.paragraphs.first().is_some_and(|p| p.level.is_rtl()));
    let measure = Measure { deadline: shaper.deadline, width, indent: setting.indent, align: setting.align };
    let mut dividing = Dividing { hyphenate: setting.hyphenate, measure: width, anywhere: false };
    let mut all = items(passage, shaper, dividing, levels.as_deref());
    let mut found = lines(&all, &measure, false).unwrap_or_else(|| {
        if shaper.deadline.is_over() {
            return Vec::new();
        }
        dividing.anywhere = true;
        all = items(passage, shaper, dividing, levels.as_deref());
        lines(&all, &measure, true).unwrap_or_default()
    });
    if setting.heading && found.len() > 1 && !dividing.anywhere {
        found = balanced(&all, measure, found);
    }
    (all, found, backward)
}

/// The same number of lines in a narrower measure, until the last line is no more a remnant: a headline that ends in one
/// short word looks like a mistake.
fn balanced(items: &[Item], measure: Measure, wide: Vec<Line>) -> Vec<Line> {
    let width = |line: &Line| -> Pt {
        let of = |item: &Item| match item {
            Item::Letters { width, .. } | Item::Object { width, .. } | Item::Glue { width, .. } => *width,
            Item::Break { .. } | Item::Forced { .. } => 0.0,
        };
        items[line.start..line.end].iter().map(of).sum()
    };
    let mut best = wide;
    for part in [0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58] {
        if best.last().is_none_or(|last| width(last) > measure.width * 0.45) {
            break;
        }
        match lines(items, &Measure { width: measure.width * part, ..measure }, false) {
            Some(found) if found.len() <= best.len() => best = found,
            _ => break,
        }
    }
    best
}

fn object_height(item: &Item, passage: &Passage) -> Pt {
    match item {
        Item::Object { span, .. } => {
            let of = &passage.spans[*span as usize];
            of.picture.map_or(0.0, |(_, _, height)| height + of.look.rise)
        }
        _ => 0.0,
    }
}

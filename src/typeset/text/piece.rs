//! Pieces: what columns are filled with, and how what goes into them is set.

use std::sync::Arc;

use super::draw::{Drawing, Flush};
use super::passage::Look;
use super::shape::LangIx;
use crate::sheet::{Owner, Pt};
use crate::theme::Align;

/// A strip of a column that is never divided: a line of text, a row of a table, a figure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Piece {
    pub(crate) height: Pt,
    /// Gap above, which the head of a column swallows.
    pub(crate) before: Pt,
    /// Gap below, which the foot of a column swallows; the larger of two gaps counts.
    pub(crate) after: Pt,
    /// A column must not end before this piece.
    pub(crate) keep: bool,
    /// How many columns stand side by side where it is set; one goes across the page.
    pub(crate) columns: usize,
    /// May move to the head of the next column where it does not fit.
    pub(crate) floats: bool,
    /// Stands on the baseline grid where columns stand side by side.
    pub(crate) on_grid: bool,
    /// Starts a new page.
    pub(crate) new_page: bool,
    /// A rule that parts what follows from what is above: left out at the head of a page or column.
    pub(crate) parts: bool,
    /// Stands with what follows at the foot of its page.
    pub(crate) at_foot: bool,
    /// How many columns it goes over, above what stands in them, where that is more than one.
    pub(crate) wide: usize,
    pub(crate) drawing: Drawing,
    /// Baseline of its first line, from its top.
    pub(crate) baseline: Option<Pt>,
    pub(crate) anchors: Vec<Anchor>,
    /// Bars that run beside it.
    pub(crate) bars: Vec<Bar>,
    /// Drawn again where a column starts with this piece: the head of a table.
    pub(crate) repeat: Option<Arc<Repeat>>,
    /// Page numbers to be put in when they are known.
    pub(crate) page_refs: Vec<PageRef>,
}

/// A bar beside a quotation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bar {
    pub(crate) x: Pt,
    /// Goes on from the piece above, over the gap.
    pub(crate) over_gap: bool,
}

/// The head of a table, repeated at the head of a column.
#[derive(Debug)]
pub(crate) struct Repeat {
    pub(crate) height: Pt,
    pub(crate) drawing: Drawing,
}

/// A place that links and bookmarks lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Anchor(pub(crate) u32);

/// A page number to be set flush right at `right` when pages are known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageRef {
    pub(crate) anchor: Anchor,
    pub(crate) right: Pt,
    pub(crate) baseline: Pt,
    pub(crate) look: Look,
    pub(crate) owner: Owner,
    pub(crate) lang: LangIx,
}

/// The place that blocks are set in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) x: Pt,
    pub(crate) width: Pt,
    /// How many such columns stand side by side; one goes across the page.
    pub(crate) columns: usize,
    /// Inside a table cell, a note, a caption: nothing floats and no grid is kept.
    pub(crate) inner: bool,
}

/// How a paragraph is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) leading: Pt,
    pub(crate) align: Align,
    pub(crate) flush: Flush,
    pub(crate) hyphenate: bool,
    pub(crate) indent: Pt,
    /// All its lines stay together, and with what follows.
    pub(crate) heading: bool,
}

//! What a page maker places: of each story one picture and one wide table are set apart from the text.

use crate::sheet::{Owner, PictureId, Pt};
use crate::typeset::text::passage::Passage;
use crate::typeset::text::piece::{Anchor, Piece};

/// Blocks that are set apart from the text of the story under way.
#[derive(Default)]
pub(crate) struct Apart {
    pub(crate) figure: Option<LooseFigure>,
    /// A table over several columns: how many, and its rows.
    pub(crate) band: Option<(usize, Vec<Piece>)>,
}

/// A picture whose width the page maker finds.
pub(crate) struct LooseFigure {
    pub(crate) picture: PictureId,
    pub(crate) owner: Owner,
    /// Width in pixels.
    pub(crate) wide: u32,
    /// Height in pixels.
    pub(crate) high: u32,
    pub(crate) caption: Option<Passage>,
    pub(crate) anchors: Vec<Anchor>,
}

/// Height of pieces below each other.
pub(crate) fn height_of(pieces: &[Piece]) -> Pt {
    pieces.last().map_or(0.0, |last| tops(pieces).last().copied().unwrap_or(0.0) + last.height)
}

/// The upper edges of pieces below each other.
pub(crate) fn tops(pieces: &[Piece]) -> Vec<Pt> {
    let (mut y, mut after) = (0.0, 0.0_f32);
    let mut tops = Vec::with_capacity(pieces.len());
    for (index, piece) in pieces.iter().enumerate() {
        y += if index > 0 { piece.before.max(after) } else { 0.0 };
        tops.push(y);
        y += piece.height;
        after = piece.after;
    }
    tops
}

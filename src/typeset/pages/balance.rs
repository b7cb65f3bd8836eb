//! Columns of one length.

use super::makeup::Geometry;
use super::matter::slugs;
use super::plan::{Placed, fill};
use crate::typeset::text::piece::Piece;

/// Lines of the least legs that hold pieces in all columns of a page.
pub(super) fn balanced_lines(pieces: &[Piece], geometry: &Geometry) -> u16 {
    if pieces.is_empty() {
        return 0;
    }
    balanced(pieces, geometry).0
}

/// The same, with what stands where.
pub(super) fn balanced(pieces: &[Piece], geometry: &Geometry) -> (u16, Vec<Placed>) {
    let slugs = slugs(pieces, geometry.grid);
    let mut placed = Vec::new();
    let most = ((geometry.bottom - geometry.top) / geometry.grid) as u16;
    for lines in 1..=most {
        let legs = vec![lines; geometry.columns];
        if fill(&slugs, 0, &legs, false, &mut placed) == slugs.len() {
            return (lines, placed);
        }
    }
    (most, placed)
}

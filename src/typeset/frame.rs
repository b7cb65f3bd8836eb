//! How the trimmed page lies on its medium.

use super::sheet::{Pt, Rect, Sheet};

/// The medium of a sheet: the trimmed page with room around it for bleed and crop marks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Width of the trimmed page.
    pub width: Pt,
    /// Height of the trimmed page.
    pub height: Pt,
    /// Bleed on every side.
    pub bleed: Pt,
    /// From the trimmed page's edge to the medium's, on every side.
    pub around: Pt,
    crop_marks: bool,
}

impl Frame {
    /// Length of a crop mark; the same room is left outside it.
    const MARK: Pt = 12.0;
    /// Thickness of a crop mark.
    const HAIRLINE: Pt = 0.25;

    /// The frame of a sheet.
    pub fn of(sheet: &Sheet) -> Self {
        let bleed = sheet.bleed.max(0.0);
        let around = if sheet.crop_marks { bleed + 2.0 * Self::MARK } else { bleed };
        Self { width: sheet.width, height: sheet.height, bleed, around, crop_marks: sheet.crop_marks }
    }

    /// Width and height of the medium.
    pub fn medium(&self) -> (Pt, Pt) {
        (self.width + 2.0 * self.around, self.height + 2.0 * self.around)
    }

    /// Where the knife goes: two thin lines at each corner, outside the bleed, in the sheet's coordinates. None where the
    /// sheet has no crop marks.
    pub fn crop_marks(&self) -> Vec<Rect> {
        if !self.crop_marks {
            return Vec::new();
        }
        let (thin, long, gap) = (Self::HAIRLINE, Self::MARK, self.bleed.max(3.0));
        let upright = [0.0, self.width].into_iter().flat_map(|x| {
            [-gap - long, self.height + gap].map(|y| Rect { x: x - thin / 2.0, y, width: thin, height: long })
        });
        let level = [0.0, self.height].into_iter().flat_map(|y| {
            [-gap - long, self.width + gap].map(|x| Rect { x, y: y - thin / 2.0, width: long, height: thin })
        });
        upright.chain(level).collect()
    }
}

//! How the trimmed page lies on its medium.

use super::publication::{Color, Pt, Rect, Sheet};

/// The medium of a sheet: the trimmed page with room around it for bleed and crop marks.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
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
    color_bars: bool,
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
        Self {
            width: sheet.width,
            height: sheet.height,
            bleed,
            around,
            crop_marks: sheet.crop_marks,
            color_bars: sheet.color_bars,
        }
    }

    /// Width and height of the medium.
    pub fn medium(&self) -> (Pt, Pt) {
        (self.width + 2.0 * self.around, self.height + 2.0 * self.around)
    }

    /// What is drawn outside the bleed on every plate, in the sheet's coordinates: thin lines at each corner, where the
    /// knife goes, and a cross in a square at the middle of each side, where the plates must meet. None where the sheet has
    /// no marks.
    pub fn marks(&self) -> Vec<Rect> {
        if !self.crop_marks {
            return Vec::new();
        }
        let mut marks = self.crop_marks();
        let away = self.gap() + Self::MARK / 2.0;
        let (across, down) = (self.width / 2.0, self.height / 2.0);
        for (x, y) in [(across, -away), (across, self.height + away), (-away, down), (self.width + away, down)] {
            marks.extend(registration_mark(x, y));
        }
        marks
    }

    /// Patches by which a printer sees each ink alone, full and half, and how they mix; in a file of one ink, its shades.
    /// They stand below the page, at both sides of the registration mark, as many as there is room for.
    pub fn color_bars(&self, gray: bool) -> Vec<(Rect, Color)> {
        if !self.color_bars || !self.crop_marks {
            return Vec::new();
        }
        let shades = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1].map(|k| Color::Cmyk(0.0, 0.0, 0.0, k));
        let (left, right): (&[Color], &[Color]) = if gray { shades.split_at(5) } else { (&SOLID, &MIXED) };
        let patch = Self::MARK * 0.75;
        let (middle, y) = (self.width / 2.0, self.height + self.gap() + (Self::MARK - patch) / 2.0);
        // The crosses reach as far out of the middle as the marks at the corners reach in.
        let room = (((middle - 2.0 * Self::MARK) / patch).max(0.0)) as usize;
        let place = |x: Pt| Rect { x, y, width: patch, height: patch };
        let before = left
            .iter()
            .take(room)
            .enumerate()
            .map(|(n, color)| (place(middle - Self::MARK - patch * (left.len().min(room) - n) as f32), *color));
        let after = right
            .iter()
            .take(room)
            .enumerate()
            .map(|(n, color)| (place(middle + Self::MARK + patch * n as f32), *color));
        before.chain(after).collect()
    }

    /// From the trimmed page to the marks.
    fn gap(&self) -> Pt {
        self.bleed.max(3.0)
    }

    fn crop_marks(&self) -> Vec<Rect> {
        let (thin, long, gap) = (Self::HAIRLINE, Self::MARK, self.gap());
        let upright = [0.0, self.width].into_iter().flat_map(|x| {
            [-gap - long, self.height + gap].map(|y| Rect { x: x - thin / 2.0, y, width: thin, height: long })
        });
        let level = [0.0, self.height].into_iter().flat_map(|y| {
            [-gap - long, self.width + gap].map(|x| Rect { x, y: y - thin / 2.0, width: long, height: thin })
        });
        upright.chain(level).collect()
    }
}

/// The inks one by one, full and half.
const SOLID: [Color; 8] = [
    Color::Cmyk(1.0, 0.0, 0.0, 0.0),
    Color::Cmyk(0.0, 1.0, 0.0, 0.0),
    Color::Cmyk(0.0, 0.0, 1.0, 0.0),
    Color::Cmyk(0.0, 0.0, 0.0, 1.0),
    Color::Cmyk(0.5, 0.0, 0.0, 0.0),
    Color::Cmyk(0.0, 0.5, 0.0, 0.0),
    Color::Cmyk(0.0, 0.0, 0.5, 0.0),
    Color::Cmyk(0.0, 0.0, 0.0, 0.5),
];

/// Two inks over each other, and a gray of three beside one of black: a cast is seen at once (ISO 12647-2).
const MIXED: [Color; 5] = [
    Color::Cmyk(1.0, 1.0, 0.0, 0.0),
    Color::Cmyk(0.0, 1.0, 1.0, 0.0),
    Color::Cmyk(1.0, 0.0, 1.0, 0.0),
    Color::Cmyk(0.5, 0.4, 0.4, 0.0),
    Color::Cmyk(0.0, 0.0, 0.0, 0.5),
];

/// A cross in a square, around a point.
fn registration_mark(x: Pt, y: Pt) -> [Rect; 6] {
    let (thin, half, ring) = (Frame::HAIRLINE, Frame::MARK / 2.0, Frame::MARK / 4.0);
    let level = |y: Pt, half: Pt| Rect { x: x - half, y: y - thin / 2.0, width: 2.0 * half, height: thin };
    let upright = |x: Pt, half: Pt| Rect { x: x - thin / 2.0, y: y - half, width: thin, height: 2.0 * half };
    [
        level(y, half),
        upright(x, half),
        level(y - ring, ring),
        level(y + ring, ring),
        upright(x - ring, ring),
        upright(x + ring, ring),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(width: Pt, color_bars: bool) -> Frame {
        Frame::of(&Sheet { width, height: 420.0, bleed: 8.5, crop_marks: true, color_bars, ..Sheet::default() })
    }

    #[test]
    fn marks_and_bars_lie_on_the_medium_and_outside_the_bleed() {
        for (width, gray) in [(298.0, false), (298.0, true), (90.0, false), (30.0, true)] {
            let frame = frame(width, true);
            let bars = frame.color_bars(gray).into_iter().map(|(rect, _)| rect);
            for mark in frame.marks().into_iter().chain(bars) {
                let (right, bottom) = (mark.x + mark.width, mark.y + mark.height);
                let outside = right <= -8.5 || mark.x >= width + 8.5 || bottom <= -8.5 || mark.y >= 428.5;
                assert!(outside, "{mark:?}");
                let (least, most) = (-frame.around, frame.around);
                assert!(mark.x >= least && mark.y >= least && right <= width + most && bottom <= 420.0 + most);
            }
        }
        assert_eq!(frame(298.0, true).color_bars(false).len(), 13);
        assert_eq!(frame(298.0, true).color_bars(true).len(), 10);
    }

    #[test]
    fn bars_only_on_request() {
        assert!(frame(298.0, false).color_bars(false).is_empty());
        assert_eq!(frame(298.0, false).marks().len(), 8 + 4 * 6);
    }
}

//! What a page asks of a press: inks, overprint, transparency.

use lopdf::{Dictionary, Document, Object};

use super::reading::get;

/// Points up to which a text's plates must not be out of register: above, a shade at its edge is not seen.
const SMALL: f32 = 20.0;

/// The colour that is painted with, and how it meets what lies under it.
#[derive(Clone, Copy, Default)]
pub(super) struct Paint {
    color: Inks,
    overprint: bool,
    transparent: bool,
}

/// A colour in the space in which the file gives it.
#[derive(Clone, Copy)]
enum Inks {
    Gray(f32),
    Rgb([f32; 3]),
    Cmyk([f32; 4]),
}

impl Default for Inks {
    /// Content begins with black (ISO 32000-1, 8.4.1).
    fn default() -> Self {
        Self::Gray(0.0)
    }
}

impl Inks {
    /// Ink in hundredths of full coverage of one plate; `None` for light, of which the press makes inks of its own.
    fn coverage(self) -> Option<f32> {
        match self {
            Self::Gray(v) => Some((1.0 - v.clamp(0.0, 1.0)) * 100.0),
            Self::Rgb(_) => None,
            Self::Cmyk(inks) => Some(inks.iter().map(|v| v.clamp(0.0, 1.0) * 100.0).sum()),
        }
    }
}

impl Paint {
    pub(super) fn set_color(&mut self, values: &[f32]) {
        self.color = match *values {
            [gray] => Inks::Gray(gray),
            [r, g, b] => Inks::Rgb([r, g, b]),
            [c, m, y, k] => Inks::Cmyk([c, m, y, k]),
            _ => return,
        };
    }

    /// A graphics state parameter dictionary (ISO 32000-1, 8.4.5): what is not in it stays.
    pub(super) fn set_state(&mut self, document: &Document, state: &Dictionary) {
        // OP is for both where op is absent.
        let flag = |key: &[u8]| get(document, state, key).and_then(|o| o.as_bool().ok());
        if let Some(overprint) = flag(b"op").or_else(|| flag(b"OP")) {
            self.overprint = overprint;
        }
        let alpha = get(document, state, b"ca").and_then(|o| o.as_float().ok());
        let name = |key: &[u8]| get(document, state, key).and_then(|o| o.as_name().ok());
        let blends = name(b"BM").map(|mode| !matches!(mode, b"Normal" | b"Compatible"));
        let masked = get(document, state, b"SMask").map(|mask| matches!(mask, Object::Dictionary(_)));
        if alpha.is_some() || blends.is_some() || masked.is_some() {
            self.transparent = alpha.is_some_and(|alpha| alpha < 1.0) || blends == Some(true) || masked == Some(true);
        }
    }
}

/// Counts of a page.
#[derive(Clone, Copy, Default)]
pub(super) struct Press {
    /// The heaviest colour of texts and areas, in percent of one ink.
    pub(super) most_ink: f32,
    /// Texts and areas in each colour space.
    pub(super) gray: usize,
    pub(super) rgb: usize,
    pub(super) cmyk: usize,
    /// Black texts on the black plate alone, and those of them that are printed over what lies under them.
    pub(super) black: usize,
    pub(super) overprinted: usize,
    /// Small black texts of several inks.
    pub(super) rich: usize,
    /// What lets something shine through.
    pub(super) transparent: usize,
}

impl Press {
    pub(super) fn text(&mut self, paint: Paint, size: f32, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.painted(paint);
        let (black, others) = match paint.color {
            Inks::Gray(v) => (1.0 - v, 0.0),
            Inks::Rgb([r, g, b]) => (1.0 - r.max(g).max(b), 0.0),
            Inks::Cmyk([c, m, y, k]) => (k, c.max(m).max(y)),
        };
        if black < 0.9 {
            return;
        }
        if others > 0.05 {
            self.rich += usize::from(size < SMALL);
        } else if !matches!(paint.color, Inks::Rgb(_)) {
            self.black += 1;
            self.overprinted += usize::from(paint.overprint);
        }
    }

    pub(super) fn picture(&mut self, paint: Paint, masked: bool) {
        self.transparent += usize::from(paint.transparent || masked);
    }

    pub(super) fn painted(&mut self, paint: Paint) {
        match paint.color {
            Inks::Gray(_) => self.gray += 1,
            Inks::Rgb(_) => self.rgb += 1,
            Inks::Cmyk(_) => self.cmyk += 1,
        }
        self.most_ink = self.most_ink.max(paint.color.coverage().unwrap_or(0.0));
        self.transparent += usize::from(paint.transparent);
    }
}

//! The bundled typefaces: their files and what print styles need to know of their letters.

use harfrust::Font;
use serde::{Deserialize, Serialize};

/// A family of bundled faces, named by what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// PT Serif: books and newspapers.
    Serif,
    /// Golos Text: open letters of one thickness, for low vision.
    Sans,
    /// PT Sans Caption: wide letters with large counters.
    Caption,
    /// PT Mono: code.
    Mono,
}

macro_rules! faces {
    ($($path:literal),+ $(,)?) => {
        /// The bundled font files. [`Family::file`] gives an index into them.
        pub const FILES: [&[u8]; NAMES.len()] =
            [$(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/", $path)).as_slice()),+];
        /// Their paths under `fonts/`.
        pub const NAMES: [&str; 9] = [$($path),+];
    };
}

faces![
    "pt-serif/PTSerif-Regular.ttf",
    "pt-serif/PTSerif-Italic.ttf",
    "pt-serif/PTSerif-Bold.ttf",
    "pt-serif/PTSerif-BoldItalic.ttf",
    "golos-text/GolosText-Regular.ttf",
    "golos-text/GolosText-Bold.ttf",
    "pt-sans-caption/PTSansCaption-Regular.ttf",
    "pt-sans-caption/PTSansCaption-Bold.ttf",
    "pt-mono/PTMono-Regular.ttf",
];

impl Family {
    /// Index into [`FILES`] of the face nearest to the wish: only the serif has italics, the mono has one weight.
    pub fn file(self, bold: bool, italic: bool) -> usize {
        match (self, bold, italic) {
            (Self::Serif, false, false) => 0,
            (Self::Serif, false, true) => 1,
            (Self::Serif, true, false) => 2,
            (Self::Serif, true, true) => 3,
            (Self::Sans, false, _) => 4,
            (Self::Sans, true, _) => 5,
            (Self::Caption, false, _) => 6,
            (Self::Caption, true, _) => 7,
            (Self::Mono, ..) => 8,
        }
    }

    /// Whether the family has a slanted face.
    pub fn has_italic(self) -> bool {
        self == Self::Serif
    }

    /// Height of the letter x of the upright face, in ems, measured from its outline.
    ///
    /// The `OS/2` table may say something else; the reader sees the letter.
    pub fn x_height(self) -> f32 {
        let font = self.font();
        let glyph = font.charmap().map_unicode('x').unwrap_or_default();
        let shaper = harfrust::ShaperFont::new(&font);
        let top = shaper.glyph_extents(glyph).map_or(0, |extents| extents.y_bearing);
        top as f32 / f32::from(font.units_per_em())
    }

    /// Average width of a character of running text, in ems, spaces included.
    pub fn character_width(self, lang: &str) -> f32 {
        let sample = if matches!(lang.split('-').next(), Some("ru" | "uk" | "be" | "bg" | "sr" | "mk")) {
            CYRILLIC
        } else {
            LATIN
        };
        let font = self.font();
        let (charmap, metrics) = (font.charmap(), font.glyph_metrics());
        let width: f32 =
            sample.chars().filter_map(|c| charmap.map_unicode(c)).map(|glyph| metrics.h_advance(glyph)).sum();
        width / sample.chars().count() as f32 / f32::from(font.units_per_em())
    }

    fn font(self) -> Font {
        Font::new(FILES[self.file(false, false)], 0).expect("the bundled fonts are fonts")
    }
}

/// Running text with the letters about as often as in newspapers.
const CYRILLIC: &str = "В районной библиотеке открылся новый читальный зал, и теперь книги с крупными буквами стоят у самого \
                        входа. Раньше за ними приходилось ехать в область, а сейчас достаточно дойти до площади и подняться \
                        на второй этаж, где каждого посетителя встречают и помогают выбрать.";
const LATIN: &str = "The district library has opened a new reading room, and books in large letters now stand right beside the \
                     entrance. One used to travel to the next town for them, but today it is enough to walk to the square and \
                     climb to the second floor, where every visitor is met and helped to choose.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_file_is_a_font_with_cyrillic() {
        for (index, file) in FILES.iter().enumerate() {
            let font = Font::new(*file, 0).unwrap_or_else(|| panic!("file {index} is not a font"));
            for c in "АЯаяЁё№«»—".chars() {
                assert!(font.charmap().map_unicode(c).is_some(), "file {index} has no {c}");
            }
        }
    }

    #[test]
    fn measured_letters_agree_with_known_sizes() {
        // 18 pt Golos Text: an x-height of 3.37 mm, and 46 Russian characters on 451 pt.
        let millimetres = Family::Sans.x_height() * 18.0 * 25.4 / 72.0;
        assert!((millimetres - 3.37).abs() < 0.06, "{millimetres}");
        let characters = 451.3 / (18.0 * Family::Sans.character_width("ru"));
        assert!((characters - 46.0).abs() < 2.0, "{characters}");
    }
}

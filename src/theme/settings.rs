//! What a reader chooses, and its short code for addresses.
//!
//! # The settings code
//!
//! `~1.` and then parts joined by dots: first the look, then only what differs from the default, in this order:
//!
//! | Part | Means | Values |
//! | --- | --- | --- |
//! | `white-on-black` | theme by name | |
//! | `own-ffffff-000000-9fd8ff` | own colours: text, background, links | small hexadecimal digits |
//! | `size150` | text size in percent | 100–400, default 125 |
//! | `line180` | line height in percent of the size | 150–300, default 160 |
//! | `letter12` | letter spacing in hundredths of an em | 0–50, default 0 |
//! | `word16` | word spacing in hundredths of an em | 0–100, default 0 |
//! | `gap200` | paragraph gap in percent of a line | 150–400, default 150 |
//! | `serif` | font | `golos` (default, never written), `serif`, `caption` |
//! | `images-gray` | pictures | `images-gray`, `images-hide`; shown is the default |
//! | `width60` | width of the text in characters | 30–80, default 70 |
//!
//! Every value has exactly one spelling, so that a cache holds one copy: `~1.black-on-white.size125`,
//! `~1.black-on-white.size0150` and parts out of order do not parse.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Contrast, Images, Rgb, Screen};

/// A reader's settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Settings {
    /// Theme or own colours.
    pub look: Look,
    /// Text size in percent, 100–400.
    pub size: u16,
    /// Line height in percent of the size, 150–300 (WCAG 2.2, 1.4.8: at least 150).
    pub line_height: u16,
    /// Letter spacing in hundredths of an em, 0–50.
    pub letter_spacing: u16,
    /// Word spacing in hundredths of an em, 0–100.
    pub word_spacing: u16,
    /// Gap between paragraphs in percent of a line, 150–400 (WCAG 2.2, 1.4.8: at least 150).
    pub paragraph_spacing: u16,
    /// Typeface.
    pub font: Font,
    /// What becomes of pictures.
    pub images: Images,
    /// Width of the text in characters, 30–80 (WCAG 2.2, 1.4.8: at most 80).
    pub width: u16,
}

/// Theme or own colours.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Look {
    /// A theme by its name.
    Theme(String),
    /// The reader's own colours.
    Own(OwnColors),
}

/// Colours of the reader's own, each text pair at 7:1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OwnColors {
    text: Rgb,
    background: Rgb,
    link: Rgb,
}

/// A typeface of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Font {
    /// Golos Text: a sans with open forms.
    #[default]
    Golos,
    /// PT Serif.
    Serif,
    /// PT Sans Caption: wider, for small sizes and low resolution.
    Caption,
}

/// A number of the settings: its part of the code, its bounds and its default.
struct Number {
    word: &'static str,
    least: u16,
    most: u16,
    default: u16,
    flag: &'static str,
    get: fn(&mut Settings) -> &mut u16,
}

const SIZE: Number = Number { word: "size", least: 100, most: 400, default: 125, flag: "--size", get: |s| &mut s.size };
const LINE: Number =
    Number { word: "line", least: 150, most: 300, default: 160, flag: "--line-height", get: |s| &mut s.line_height };
const LETTER: Number =
    Number { word: "letter", least: 0, most: 50, default: 0, flag: "--letter-spacing", get: |s| &mut s.letter_spacing };
const WORD: Number =
    Number { word: "word", least: 0, most: 100, default: 0, flag: "--word-spacing", get: |s| &mut s.word_spacing };
const GAP: Number = Number {
    word: "gap",
    least: 150,
    most: 400,
    default: 150,
    flag: "--paragraph-spacing",
    get: |s| &mut s.paragraph_spacing,
};
const WIDTH: Number =
    Number { word: "width", least: 30, most: 80, default: 70, flag: "--width", get: |s| &mut s.width };

impl Number {
    /// A value in the unit of the flag: percent and characters as they are, all else in ems and multiples.
    fn in_its_unit(&self, value: u16) -> f64 {
        match self.word {
            "size" | "width" => f64::from(value),
            _ => f64::from(value) / 100.0,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            look: Look::Theme(Screen::DEFAULT.into()),
            size: SIZE.default,
            line_height: LINE.default,
            letter_spacing: LETTER.default,
            word_spacing: WORD.default,
            paragraph_spacing: GAP.default,
            font: Font::default(),
            images: Images::default(),
            width: WIDTH.default,
        }
    }
}

impl Settings {
    /// Says which number is out of its bounds, by the flag that sets it.
    ///
    /// # Errors
    ///
    /// One sentence, such as `--size 500 is outside 100–400`.
    pub fn check(&self) -> Result<(), String> {
        let mut copy = self.clone();
        for number in [SIZE, LINE, LETTER, WORD, GAP, WIDTH] {
            let value = *(number.get)(&mut copy);
            if !(number.least..=number.most).contains(&value) {
                let [value, least, most] = [value, number.least, number.most].map(|v| number.in_its_unit(v));
                return Err(format!("{} {value} is outside {least}–{most}", number.flag));
            }
        }
        Ok(())
    }

    /// The bounds that [`Settings::check`] holds a number to, by the name of the flag that sets it and in its unit.
    pub fn bounds(name: &str) -> Option<(f64, f64)> {
        let named = |number: &Number| number.flag.strip_prefix("--") == Some(name);
        let number = [SIZE, LINE, LETTER, WORD, GAP, WIDTH].into_iter().find(named)?;
        Some((number.in_its_unit(number.least), number.in_its_unit(number.most)))
    }
}

impl fmt::Display for Settings {
    /// The settings code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.look {
            Look::Theme(name) => write!(f, "~1.{name}")?,
            Look::Own(own) => write!(f, "~1.{own}")?,
        }
        let mut copy = self.clone();
        let mut number = |f: &mut fmt::Formatter<'_>, n: Number| {
            let value = *(n.get)(&mut copy);
            if value == n.default { Ok(()) } else { write!(f, ".{}{value}", n.word) }
        };
        for n in [SIZE, LINE, LETTER, WORD, GAP] {
            number(f, n)?;
        }
        if self.font != Font::default() {
            write!(f, ".{}", self.font.name())?;
        }
        if self.images != Images::default() {
            write!(f, ".images-{}", self.images.name())?;
        }
        number(f, WIDTH)
    }
}

impl FromStr for Settings {
    type Err = String;

    /// Reads a settings code. Theme names are not looked up here, only their form is checked.
    fn from_str(code: &str) -> Result<Self, String> {
        let wrong = |why: &str| format!("{code:?} is not a settings code: {why}");
        let parts = code.strip_prefix("~1.").ok_or_else(|| wrong("it starts with ~1."))?;
        let mut parts = parts.split('.').peekable();
        let look = parts.next().unwrap_or_default();
        let look = if look.starts_with("own-") {
            Look::Own(look.parse().map_err(|e: String| wrong(&e))?)
        } else if look.starts_with(|c: char| c.is_ascii_lowercase())
            && look.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            Look::Theme(look.into())
        } else {
            return Err(wrong("a theme comes first"));
        };
        let mut settings = Self { look, ..Self::default() };
        let number = |parts: &mut std::iter::Peekable<std::str::Split<'_, char>>, settings: &mut Self, n: Number| {
            let Some(digits) = parts.peek().and_then(|part| part.strip_prefix(n.word)) else { return };
            if let Ok(value) = digits.parse::<u16>() {
                *(n.get)(settings) = value;
                parts.next();
            }
        };
        for n in [SIZE, LINE, LETTER, WORD, GAP] {
            number(&mut parts, &mut settings, n);
        }
        if let Some(font) = parts.peek().and_then(|part| Font::ALL.into_iter().find(|f| f.name() == *part)) {
            settings.font = font;
            parts.next();
        }
        let images = |part: &&str| {
            let name = part.strip_prefix("images-")?;
            Images::ALL.into_iter().find(|i| i.name() == name)
        };
        if let Some(images) = parts.peek().and_then(images) {
            settings.images = images;
            parts.next();
        }
        number(&mut parts, &mut settings, WIDTH);
        if let Some(part) = parts.next() {
            return Err(wrong(&format!("{part:?} is unknown here")));
        }
        settings.check().map_err(|e| wrong(&e))?;
        // One value, one spelling: whatever leading zeros, signs or written defaults got this far, stop here.
        let canonical = settings.to_string();
        if canonical == code { Ok(settings) } else { Err(wrong(&format!("its only spelling is {canonical}"))) }
    }
}

impl OwnColors {
    /// Colours for text, background and links, if all text has 7:1.
    ///
    /// # Errors
    ///
    /// One sentence with the nearest colours that pass.
    pub fn new(text: Rgb, background: Rgb, link: Rgb) -> Result<Self, String> {
        if text.contrast(background) >= Contrast::TEXT && link.contrast(background) >= Contrast::TEXT {
            return Ok(Self { text, background, link });
        }
        let (name, color) = if text.contrast(background) < Contrast::TEXT { ("text", text) } else { ("link", link) };
        let had = color.contrast(background);
        // A mid-grey background carries no text at 7:1, whatever its colour: then the background has to give way too.
        let passing = |background: Rgb| {
            let text = text.nearest_passing(background, Contrast::TEXT)?;
            Some((text, background, link.nearest_passing(background, Contrast::TEXT)?))
        };
        let step = |end: u8, n: u32| {
            let mix = |v: u8| ((u32::from(v) * (255 - n) + u32::from(end) * n) / 255) as u8;
            Rgb(mix(background.0), mix(background.1), mix(background.2))
        };
        let offer = (0..=255).find_map(|n| passing(step(0, n)).or_else(|| passing(step(255, n))));
        let (text, ground, link) = offer.expect("black and white backgrounds carry text");
        Err(format!("{name} {color} on {background} is {had}, below 7:1; try {text},{ground},{link}"))
    }

    /// Reads `FG,BG,LINK` as `--colors` takes it.
    ///
    /// # Errors
    ///
    /// One sentence: not three colours, or below 7:1.
    pub fn from_list(list: &str) -> Result<Self, String> {
        let colors = list.split(',').map(|c| c.trim().parse()).collect::<Result<Vec<Rgb>, _>>()?;
        match colors[..] {
            [text, background, link] => Self::new(text, background, link),
            _ => Err(format!("{list:?} is not three colours; write text,background,link as #000000,#ffffff,#0b3d91")),
        }
    }

    /// Running text and headings.
    pub fn text(&self) -> Rgb {
        self.text
    }

    /// Background of everything.
    pub fn background(&self) -> Rgb {
        self.background
    }

    /// Links and the focus ring.
    pub fn link(&self) -> Rgb {
        self.link
    }
}

impl fmt::Display for OwnColors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(24);
        write!(text, "own-{}-{}-{}", self.text, self.background, self.link)?;
        f.write_str(&text.replace('#', ""))
    }
}

impl FromStr for OwnColors {
    type Err = String;

    fn from_str(code: &str) -> Result<Self, String> {
        Self::from_list(&code.strip_prefix("own-").unwrap_or(code).replace('-', ","))
    }
}

impl Font {
    /// In the order in which the panel offers them.
    pub const ALL: [Self; 3] = [Self::Golos, Self::Serif, Self::Caption];

    /// What flags, codes and forms call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Golos => "golos",
            Self::Serif => "serif",
            Self::Caption => "caption",
        }
    }
}

impl FromStr for Font {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.map(Self::name);
        Self::ALL
            .into_iter()
            .find(|font| font.name() == name)
            .ok_or_else(|| format!("{name:?} is not a font of the page; use {}", known.join(", ")))
    }
}

impl Images {
    /// In the order in which the panel offers them.
    pub const ALL: [Self; 3] = [Self::Show, Self::Gray, Self::Hide];

    /// What flags, codes and forms call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Show => "show",
            Self::Gray => "gray",
            Self::Hide => "hide",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_default_is_short() {
        assert_eq!(Settings::default().to_string(), "~1.black-on-white");
    }

    #[test]
    fn a_code_reads_like_a_sentence() {
        let code = "~1.white-on-black.size150.line180.letter12.word16.gap200.serif.images-gray.width60";
        let settings: Settings = code.parse().expect(code);
        assert_eq!((settings.size, settings.images, settings.width), (150, Images::Gray, 60));
        assert_eq!(settings.to_string(), code);
    }

    #[test]
    fn other_spellings_do_not_parse() {
        for code in [
            "",
            "~1.",
            "~1",
            "~2.dark",
            "~1.dark.",
            "~1.Dark",
            "~1.dark.size0150",
            "~1.dark.size+150",
            "~1.dark.size125",
            "~1.dark.golos",
            "~1.dark.images-show",
            "~1.dark.line180.size150",
            "~1.dark.size150.size150",
            "~1.dark.size500",
            "~1.dark.size99999",
            "~1.own-fff-000-fff",
            "~1.own-FFFFFF-000000-ffffff",
            "~1.own-777777-000000-ffffff",
            "~1.a/b",
        ] {
            assert!(code.parse::<Settings>().is_err(), "{code}");
        }
    }

    #[test]
    fn own_colours_below_seven_to_one_are_answered_with_a_triple_that_passes() {
        for list in ["#777,#000,#fff", "#000,#777,#00f", "#808080,#808080,#808080", "#fff,#000,#00f"] {
            let message = OwnColors::from_list(list).expect_err(list);
            let offered = message.rsplit("try ").next().expect("an offer");
            OwnColors::from_list(offered).unwrap_or_else(|e| panic!("{list}: {message}: {e}"));
        }
    }

    fn settings() -> impl Strategy<Value = Settings> {
        let own = any::<[u8; 6]>().prop_filter_map("contrast", |[a, b, c, d, e, f]| {
            OwnColors::new(Rgb(a / 8, b / 8, c / 8), Rgb(255 - d / 8, 255, 255 - e / 8), Rgb(f / 8, 0, 0)).ok()
        });
        let look = prop_oneof!["[a-z][a-z0-9-]{0,12}".prop_map(Look::Theme), own.prop_map(Look::Own)]
            .prop_filter("a theme is never called own-…", |l| !matches!(l, Look::Theme(n) if n.starts_with("own-")));
        let numbers = (100..=400_u16, 150..=300_u16, 0..=50_u16, 0..=100_u16, 150..=400_u16, 30..=80_u16);
        (look, numbers, 0..3_usize, 0..3_usize).prop_map(
            |(look, (size, line, letter, word, gap, width), font, images)| Settings {
                look,
                size,
                line_height: line,
                letter_spacing: letter,
                word_spacing: word,
                paragraph_spacing: gap,
                font: Font::ALL[font],
                images: Images::ALL[images],
                width,
            },
        )
    }

    proptest! {
        #[test]
        fn parsing_undoes_printing(settings in settings()) {
            prop_assert_eq!(settings.to_string().parse(), Ok(settings));
        }

        #[test]
        fn what_parses_prints_the_same(code in "~1\\.[a-z0-9.-]{0,40}") {
            if let Ok(settings) = code.parse::<Settings>() {
                prop_assert_eq!(settings.to_string(), code);
            }
        }
    }
}

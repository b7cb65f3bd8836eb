//! Print styles: what a printed page looks like.

use serde::{Deserialize, Serialize};

use super::color::Rgb;
use super::faces::Family;
use super::guideline::Guideline;
use super::paper::Paper;
use super::screen::{Title, nearest};
use crate::{Error, Result};

/// Points in a millimetre.
pub const MM: f32 = 72.0 / 25.4;

/// How an article looks on paper. Sizes are points, lengths of the page millimetres.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PrintStyle {
    /// Its name: `rnib-large`.
    pub name: String,
    /// What it is for, in one line; a style of one's own may say it in one language only.
    #[serde(deserialize_with = "one_or_both")]
    pub about: Title,
    /// The sheet and its columns.
    pub page: PageSetup,
    /// Running text.
    pub body: Body,
    /// Headlines and subheadings.
    pub headings: Headings,
    /// Page numbers.
    pub page_number: PageNumber,
    /// What only an edition of many articles has.
    #[serde(default)]
    pub edition: EditionLook,
    /// What links become.
    #[serde(default)]
    pub links: Links,
    /// What pictures become.
    #[serde(default)]
    pub images: Images,
    /// Colours on white paper.
    #[serde(default)]
    pub colors: Colors,
    /// What the style promises, measured when it is loaded and by `check`.
    pub guideline: Guideline,
    /// How it is produced; from [`Overrides`](super::Overrides), never from the file.
    #[serde(skip)]
    pub output: Output,
}

fn one_or_both<'de, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Title, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected one line of text, or one each as `ru` and `en`")]
    enum About {
        One(String),
        Both(Title),
    }
    Ok(match About::deserialize(deserializer)? {
        About::One(text) => Title { ru: text.clone(), en: text },
        About::Both(title) => title,
    })
}

/// The sheet and its columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PageSetup {
    /// Trimmed size.
    pub paper: Paper,
    /// Margins in millimetres: top, right, bottom, left.
    pub margins: [f32; 4],
    /// 1 to 4.
    #[serde(default = "one")]
    pub columns: u8,
    /// Between columns, in millimetres.
    #[serde(default = "gutter")]
    pub gutter: f32,
    /// Whether pages after the first carry the title at their head.
    #[serde(default = "yes")]
    pub running_head: bool,
}

/// Running text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Body {
    /// Typeface.
    pub family: Family,
    /// Size in points.
    pub size: f32,
    /// Distance of baselines as a multiple of the size.
    pub leading: f32,
    /// How lines end.
    pub align: Align,
    /// Whether words are divided at line ends.
    #[serde(default)]
    pub hyphenation: bool,
    /// First-line indent of a paragraph that follows another, in ems.
    #[serde(default)]
    pub indent: f32,
    /// Gap between paragraphs, in lines.
    #[serde(default)]
    pub gap: f32,
    /// How stress is shown.
    #[serde(default)]
    pub emphasis: Emphasis,
    /// Size of captions, notes and the source line as a part of the body's.
    #[serde(default = "one_f")]
    pub small: f32,
}

/// Headlines and subheadings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Headings {
    /// Typeface.
    pub family: Family,
    /// Sizes in points of the title and of the levels 2 to 6 when the body has the style's own size.
    pub sizes: [f32; 6],
    /// Distance of baselines as a multiple of the size.
    pub leading: f32,
}

/// Page numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PageNumber {
    /// Size as a part of the body's.
    pub size: f32,
    /// Bold.
    #[serde(default)]
    pub bold: bool,
    /// Where they stand in an edition; an article alone has them at the foot.
    #[serde(default)]
    pub place: NumberPlace,
}

/// What only an edition of many articles has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct EditionLook {
    /// How it opens.
    pub opening: Opening,
    /// What begins on a new page, unless the edition says otherwise.
    pub begin: Begin,
    /// Whether stories are rectangles side by side and above each other, as in a newspaper; else they run on in columns.
    pub make_up: bool,
    /// Columns of articles whose weight is `lead`; fewer than the page's make it wider.
    pub lead_columns: Option<u8>,
    /// Largest size in points of the edition's name; a longer name is set smaller. Else as the headlines are.
    pub title: Option<f32>,
    /// Sizes in points of the headlines of lead, normal and brief articles; else from the sizes of headings.
    pub headlines: Option<[f32; 3]>,
    /// Columns that the first picture of a lead, a normal and a brief article goes over, where it has the pixels.
    pub picture_columns: Option<[u8; 3]>,
}

/// How an edition opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Opening {
    /// Its name at the head of the first page, the contents and the first article below.
    #[default]
    Masthead,
    /// A page with its name, a picture and the foremost headlines.
    Cover,
}

/// What begins on a new page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Begin {
    /// Nothing: articles run on.
    #[default]
    RunOn,
    /// Every section.
    Section,
    /// Every article.
    Article,
}

/// Where page numbers stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberPlace {
    /// In the middle of the foot.
    #[default]
    Foot,
    /// In the running head, at the outer edge. An edition's first page has its name there and no number.
    Head,
}

/// How lines end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// Flush at both sides.
    Justified,
    /// Flush left, ragged right.
    Left,
}

/// How stress is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Emphasis {
    /// Slanted letters; bold where the family has none.
    #[default]
    Italic,
    /// Bold letters, for guidelines that refuse italics and underlining.
    Bold,
    /// A line under the words.
    Underline,
}

/// What links become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Links {
    /// Underlined live text.
    #[default]
    Inline,
    /// Numbers, with the addresses in notes at the foot of the page.
    Notes,
    /// Plain text.
    Off,
}

/// What pictures become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Images {
    /// Printed.
    #[default]
    Show,
    /// Printed in shades of grey.
    Gray,
    /// Left out, their descriptions kept.
    Hide,
}

/// In which inks the page is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ColorMode {
    /// Red, green, blue.
    #[default]
    Rgb,
    /// Shades of grey, black ink alone.
    Gray,
    /// Cyan, magenta, yellow, black.
    Cmyk,
}

/// Colours on white paper; each at least 7:1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Colors {
    /// Text.
    pub text: Rgb,
    /// Links.
    pub link: Rgb,
    /// Rules and frames: 3:1 is enough.
    pub rule: Rgb,
}

impl Default for Colors {
    fn default() -> Self {
        Self { text: Rgb(0, 0, 0), link: Rgb(0x06, 0x34, 0x62), rule: Rgb(0x59, 0x59, 0x59) }
    }
}

macro_rules! styles {
    ($($name:literal),+) => {
        [$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/themes/print/", $name, ".toml")))),+]
    };
}

const BUILT_IN: [(&str, &str); 14] = styles![
    "standard",
    "newspaper",
    "newspaper-a3",
    "tabloid",
    "magazine",
    "bulletin",
    "rnib-clear",
    "rnib-large",
    "rnib-giant",
    "ukaaf",
    "acb",
    "aph-18",
    "aph-20",
    "aph-22"
];

impl PrintStyle {
    /// The built-in styles.
    ///
    /// # Panics
    /// Never: the tests load every built-in style.
    pub fn all() -> Vec<Self> {
        BUILT_IN.iter().map(|(name, text)| Self::parse(text, name).expect("a built-in style is right")).collect()
    }

    /// A built-in style by its name, or a style of the user's by the path of its file.
    ///
    /// # Errors
    /// An unknown name (the nearest is named), a file that cannot be read, a key that is unknown, a colour below 7:1,
    /// a size below the style's own guideline.
    pub fn find(name_or_path: &str) -> Result<Self> {
        if let Some((name, text)) = BUILT_IN.iter().find(|(name, _)| *name == name_or_path) {
            return Self::parse(text, name);
        }
        if name_or_path.ends_with(".toml") || name_or_path.contains(['/', '\\']) {
            let text = std::fs::read_to_string(name_or_path)
                .map_err(|e| Error::Usage(format!("{name_or_path}: the print style cannot be read: {e}")))?;
            return Self::parse(&text, name_or_path);
        }
        let hint = match nearest(name_or_path, BUILT_IN.iter().map(|(name, _)| *name)) {
            Some(name) => format!("did you mean {name}?"),
            None => format!("use one of {}, or the path of a .toml file", BUILT_IN.map(|(name, _)| name).join(", ")),
        };
        Err(Error::Usage(format!("there is no print style {name_or_path:?}; {hint}")))
    }

    /// Reads a style; `origin` names it in messages.
    ///
    /// # Errors
    /// As [`PrintStyle::find`].
    pub fn parse(text: &str, origin: &str) -> Result<Self> {
        let style: Self = toml::from_str(text).map_err(|e| Error::toml(origin, text, &e))?;
        style.validate().map_err(|reason| Error::Usage(format!("{origin}: {reason}")))?;
        Ok(style)
    }

    /// Width between the left and the right margin, in points.
    pub fn text_width(&self) -> f32 {
        (self.page.paper.width - self.page.margins[1] - self.page.margins[3]) * MM
    }

    /// Height between the upper and the lower margin, in points.
    pub fn text_height(&self) -> f32 {
        (self.page.paper.height - self.page.margins[0] - self.page.margins[2]) * MM
    }

    /// Height of the letter x of running text, in millimetres, measured from the font.
    pub fn x_height(&self) -> f32 {
        self.body.family.x_height() * self.body.size / MM
    }

    /// Smallest size the style prints anything in, in points.
    pub fn smallest(&self) -> f32 {
        let body = self.body.size;
        let headlines = self.edition.headlines.iter().flatten();
        let headings = self.headings.sizes.iter().chain(headlines).copied().fold(f32::INFINITY, f32::min);
        headings.min(body * self.body.small).min(body * self.page_number.size).min(body)
    }
}

fn one() -> u8 {
    1
}

fn one_f() -> f32 {
    1.0
}

fn gutter() -> f32 {
    6.0
}

fn yes() -> bool {
    true
}

/// How a style is produced.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Output {
    /// Inks.
    pub color: ColorMode,
    /// Most dots an inch of pictures; `None` leaves it to the writer.
    pub dpi: Option<u16>,
    /// Bleed on every side, in millimetres.
    pub bleed: f32,
    /// Crop and registration marks.
    pub marks: bool,
    /// Colour bars beside the marks.
    pub color_bars: bool,
}

#[cfg(test)]
#[path = "print_tests.rs"]
mod tests;

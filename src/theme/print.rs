//! Print styles: what a printed page looks like, and the guideline it is held to.

use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::color::{Contrast, Rgb};
use super::faces::Family;
use super::paper::Paper;
use super::screen::Title;
use crate::{Error, Result};

/// Points in a millimetre.
pub const MM: f32 = 72.0 / 25.4;

/// How an article looks on paper. Sizes are points, lengths of the page millimetres.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrintStyle {
    /// Its name: `rnib-large`.
    pub name: String,
    /// What it is for, in one line; a style of one's own may say it in one language only.
    #[serde(deserialize_with = "one_or_both")]
    pub about: Title,
    /// The sheet and its columns.
    pub page: Page,
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
    /// How it is produced; from [`Overrides`], never from the file.
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
pub struct Page {
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
pub struct EditionLook {
    /// How it opens.
    pub opening: Opening,
    /// What begins on a new page, unless the edition says otherwise.
    pub begin: Begin,
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
pub struct Colors {
    /// Text.
    pub text: Rgb,
    /// Links.
    pub link: Rgb,
    /// Rules and frames: 3:1 is enough.
    pub rule: Rgb,
}

/// What a style promises. Every number is optional: a guideline that says nothing about a thing is not held to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Guideline {
    /// Where the numbers come from.
    pub source: String,
    /// Least size of any text, in points.
    pub min_size: Option<f32>,
    /// Largest size of running text, in points: above it another profile of the same family begins.
    pub max_size: Option<f32>,
    /// Least distance of baselines as a multiple of the size.
    pub min_leading: Option<f32>,
    /// Least height of the letter x, in millimetres.
    pub min_x_height: Option<f32>,
    /// Most characters a line; columns are narrowed to hold it.
    pub max_characters: Option<u16>,
    /// Least margin, in millimetres.
    pub min_margin: Option<f32>,
    /// Lines must be flush left and ragged right.
    pub ragged: bool,
    /// Words must not be divided.
    pub no_hyphenation: bool,
    /// No italics.
    pub no_italics: bool,
    /// No underlining, links included.
    pub no_underline: bool,
    /// One column only.
    pub one_column: bool,
    /// Page numbers at least as large as the body.
    pub full_size_page_numbers: bool,
    /// Page numbers bold.
    pub bold_page_numbers: bool,
}

/// How a style is produced.
#[derive(Clone, Debug, Default, PartialEq)]
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

/// Options that change a style for one run: the print flags of the command line and the service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// `--paper`
    pub paper: Option<Paper>,
    /// `--size`, in points.
    pub size: Option<f32>,
    /// `--columns`
    pub columns: Option<u8>,
    /// `--color`
    pub color: Option<ColorMode>,
    /// `--links`
    pub links: Option<Links>,
    /// `--images`
    pub images: Option<Images>,
    /// `--dpi`
    pub dpi: Option<u16>,
    /// `--bleed`, in millimetres.
    pub bleed: Option<f32>,
    /// `--marks`
    pub marks: bool,
    /// `--color-bars`
    pub color_bars: bool,
}

impl Overrides {
    /// Sizes of the body text that can be set, in points.
    pub const SIZES: RangeInclusive<f32> = 4.0..=144.0;
    /// Columns of a page.
    pub const COLUMNS: RangeInclusive<u8> = 1..=4;
    /// Dots an inch that pictures can be held to.
    pub const DPI: RangeInclusive<u16> = 36..=2400;
    /// Bleed in millimetres.
    pub const BLEED: RangeInclusive<f32> = 0.0..=30.0;
}

macro_rules! word_enum {
    ($type:ty, $what:literal, $($word:literal => $value:expr),+) => {
        impl $type {
            /// What options call them.
            pub const NAMES: &[&str] = &[$($word),+];
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok($value),)+
                    _ => Err(format!("{text:?} is not {}; use {}", $what, Self::NAMES.join(", "))),
                }
            }
        }
    };
}

word_enum!(Links, "a way to show links", "inline" => Links::Inline, "notes" => Links::Notes, "off" => Links::Off);
word_enum!(Images, "a way to show images", "show" => Images::Show, "gray" => Images::Gray, "hide" => Images::Hide);
word_enum!(ColorMode, "a colour mode", "rgb" => ColorMode::Rgb, "gray" => ColorMode::Gray, "cmyk" => ColorMode::Cmyk);

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
        let near = BUILT_IN.iter().map(|(name, _)| (strsim::levenshtein(name, name_or_path), *name)).min();
        let hint = match near {
            Some((steps, name)) if steps <= 3 => format!("did you mean {name}?"),
            _ => format!("use one of {}, or the path of a .toml file", BUILT_IN.map(|(name, _)| name).join(", ")),
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

    /// The style with a run's options applied.
    ///
    /// # Errors
    /// A value out of range, or one that breaks the guideline whose name the style carries.
    pub fn with(mut self, overrides: &Overrides) -> Result<Self> {
        if let Some(size) = overrides.size {
            if !Overrides::SIZES.contains(&size) {
                return Err(Error::Usage(format!("--size {size} cannot be set; sizes are 4 to 144 pt")));
            }
            let scale = size / self.body.size;
            self.body.size = size;
            self.headings.sizes = self.headings.sizes.map(|s| s * scale);
            self.edition.title = self.edition.title.map(|s| s * scale);
            self.edition.headlines = self.edition.headlines.map(|sizes| sizes.map(|s| s * scale));
        }
        if let Some(paper) = overrides.paper {
            self.put_on(paper);
        }
        if let Some(columns) = overrides.columns {
            if !Overrides::COLUMNS.contains(&columns) {
                return Err(Error::Usage(format!("--columns {columns} cannot be set; a page has 1 to 4 columns")));
            }
            self.page.columns = columns;
            self.edition.lead_columns = self.edition.lead_columns.filter(|lead| *lead <= columns);
        }
        if let Some(dpi) = overrides.dpi {
            if !Overrides::DPI.contains(&dpi) {
                return Err(Error::Usage(format!("--dpi {dpi} cannot be used; give 36 to 2400")));
            }
            self.output.dpi = Some(dpi);
        }
        if let Some(bleed) = overrides.bleed {
            if !Overrides::BLEED.contains(&bleed) {
                return Err(Error::Usage(format!("--bleed {bleed} cannot be used; give 0 to 30 mm")));
            }
            self.output.bleed = bleed;
        }
        // The bars stand where the marks make room.
        self.output.marks |= overrides.marks || overrides.color_bars;
        self.output.color_bars |= overrides.color_bars;
        self.output.color = overrides.color.unwrap_or(self.output.color);
        self.links = overrides.links.unwrap_or(self.links);
        self.images = overrides.images.unwrap_or(self.images);
        self.validate().map_err(|reason| Error::Usage(format!("print style {}: {reason}", self.name)))?;
        Ok(self)
    }

    /// Moves to another paper: margins and columns follow its width.
    fn put_on(&mut self, paper: Paper) {
        let scale = (paper.width / self.page.paper.width).min(1.3);
        let least = self.guideline.min_margin.unwrap_or(8.0);
        for margin in &mut self.page.margins {
            *margin = (*margin * scale).max(least.min(*margin));
        }
        let room = |page: &Page, paper: Paper| paper.width - page.margins[1] - page.margins[3];
        if self.page.columns > 1 {
            let width = (self.text_width() - f32::from(self.page.columns - 1) * self.page.gutter * MM)
                / f32::from(self.page.columns);
            let fitting = (room(&self.page, paper) * MM + self.page.gutter * MM) / (width + self.page.gutter * MM);
            self.page.columns = (fitting.round() as u8).clamp(1, 4);
        } else if !self.guideline.one_column {
            let most = 90.0 * self.body.size * self.body.family.character_width("ru");
            self.page.columns = ((room(&self.page, paper) * MM / most).ceil() as u8).clamp(1, 4);
        }
        let columns = self.page.columns;
        self.edition.lead_columns = self.edition.lead_columns.filter(|lead| *lead <= columns);
        self.page.paper = paper;
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

    fn validate(&self) -> Result<(), String> {
        let page = &self.page;
        if page.margins.iter().any(|m| !(0.0..=200.0).contains(m)) {
            return Err("margins are 0 to 200 mm each".into());
        }
        if !(1..=4).contains(&page.columns) || !(0.0..=50.0).contains(&page.gutter) {
            return Err("a page has 1 to 4 columns with a gutter of 0 to 50 mm".into());
        }
        if self.edition.lead_columns.is_some_and(|lead| !(1..=page.columns).contains(&lead)) {
            return Err(format!("edition.lead_columns is 1 to the page's {} columns", page.columns));
        }
        if self.edition.picture_columns.iter().flatten().any(|count| !(1..=4).contains(count)) {
            return Err("edition.picture_columns are 1 to 4 each".into());
        }
        let sizes = [self.body.size, self.body.size * self.body.small, self.body.size * self.page_number.size];
        let headlines = self.edition.headlines.iter().flatten().chain(&self.edition.title);
        if sizes.iter().chain(&self.headings.sizes).chain(headlines).any(|s| !(4.0..=400.0).contains(s)) {
            return Err("text sizes are 4 to 400 pt".into());
        }
        if ![self.body.leading, self.headings.leading].iter().all(|l| (1.0..=3.0).contains(l)) {
            return Err("leading is 1 to 3 times the size; less would make lines touch".into());
        }
        if !(0.0..=10.0).contains(&self.body.indent) || !(0.0..=10.0).contains(&self.body.gap) {
            return Err("paragraph indents and gaps are 0 to 10".into());
        }
        let column = (self.text_width() - f32::from(page.columns - 1) * page.gutter * MM) / f32::from(page.columns);
        if column < self.body.size * 8.0 || self.text_height() < self.body.size * self.body.leading * 6.0 {
            return Err(format!(
                "text of {} pt has no room on {} with {} column(s); use a larger paper, smaller text or fewer columns",
                self.body.size, page.paper, page.columns
            ));
        }
        for (name, color, least) in [
            ("text", self.colors.text, Contrast::TEXT),
            ("link", self.colors.link, Contrast::TEXT),
            ("rule", self.colors.rule, Contrast::NON_TEXT),
        ] {
            let paper = Rgb(255, 255, 255);
            let contrast = color.contrast(paper);
            if contrast < least {
                let near = color.nearest_passing(paper, least).expect("black passes on white");
                return Err(format!("{name} {color} on paper is {contrast}, below {}:1; try {near}", least.ratio()));
            }
        }
        self.hold_to_guideline()
    }

    /// A style that carries the name of a guideline keeps it, or is refused.
    fn hold_to_guideline(&self) -> Result<(), String> {
        let g = &self.guideline;
        let (body, page) = (&self.body, &self.page);
        let slack = 0.005;
        if let Some(least) = g.min_size.filter(|least| self.smallest() < least - slack) {
            return Err(format!("{} pt is below the {least} pt of {}", self.smallest(), g.source));
        }
        if let Some(most) = g.max_size.filter(|most| body.size > most + slack) {
            return Err(format!("{} pt is above the {most} pt of {}; use a larger profile", body.size, g.source));
        }
        if let Some(least) = g.min_leading.filter(|least| body.leading < least - slack) {
            return Err(format!("a leading of {} is below the {least} of {}", body.leading, g.source));
        }
        if let Some(least) = g.min_x_height.filter(|least| self.x_height() < least - slack) {
            return Err(format!(
                "the letter x is {:.2} mm high, below the {least} mm of {}; use a larger size",
                self.x_height(),
                g.source
            ));
        }
        if let Some(least) = g.min_margin.filter(|least| page.margins.iter().any(|m| *m < least - slack)) {
            return Err(format!("a margin is below the {least} mm of {}", g.source));
        }
        for (broken, what) in [
            (g.ragged && body.align != Align::Left, "wants lines flush left and ragged right"),
            (g.no_hyphenation && body.hyphenation, "wants no divided words"),
            (g.no_italics && body.emphasis == Emphasis::Italic && body.family.has_italic(), "wants no italics"),
            (g.no_underline && body.emphasis == Emphasis::Underline, "wants no underlining"),
            (g.one_column && page.columns != 1, "wants one column"),
            (g.full_size_page_numbers && self.page_number.size < 1.0, "wants page numbers as large as the body"),
            (g.bold_page_numbers && !self.page_number.bold, "wants bold page numbers"),
        ] {
            if broken {
                return Err(format!("{} {what}; change that, or use a style without this guideline", g.source));
            }
        }
        Ok(())
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

#[cfg(test)]
#[path = "print_tests.rs"]
mod tests;

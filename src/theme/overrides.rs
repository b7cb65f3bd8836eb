//! What the options of one run change of a print style.

use std::ops::RangeInclusive;
use std::str::FromStr;

use super::paper::Paper;
use super::print::{ColorMode, Images, Links, MM, PageSetup, PrintStyle};
use crate::{Error, Result};

/// Options that change a style for one run: the print flags of the command line and the service.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
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

impl PrintStyle {
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
        let room = |page: &PageSetup, paper: Paper| paper.width - page.margins[1] - page.margins[3];
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
}

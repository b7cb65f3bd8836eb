//! Options that several commands share: the page, its look, its print. The HTTP service reads its query parameters with
//! the same definitions.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use encoding_rs::Encoding;
use sha2::{Digest, Sha256};
use url::Url;

use super::limits::LimitArgs;
use super::paging::PagingArgs;
use super::values::{charset, folder, language, number, percent, web_address, whole};
use crate::clean::{Filters, Known, Site, SiteProfile};
use crate::pdf::{self, Conformance, Ink};
use crate::source::{Input, Page};
use crate::theme::{
    self, ColorMode, Font, FontSource, Links, Look, Overrides, OwnColors, Paper, PrintStyle, Screen, Settings,
};
use crate::{Error, Result, rewrite};

/// What every command that reads a page takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Page")]
pub(crate) struct PageArgs {
    /// The page: a path, - for standard input, or an http(s) address
    #[arg(value_name = "INPUT")]
    pub input: String,

    /// Address of the page, from which relative links and pictures are resolved
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub base_url: Option<Url>,

    /// Charset of the page, against its labels and its bytes
    #[arg(long, value_name = "LABEL", value_parser = charset)]
    pub charset: Option<&'static Encoding>,

    /// Language of the page, against what it says
    #[arg(long, value_name = "TAG", value_parser = language)]
    pub lang: Option<String>,

    /// Folder from which addresses like /photo.jpg in a local page are counted, and whose pictures may be read [default:
    /// the page's folder and the current one]
    #[arg(long, value_name = "DIR", value_parser = folder)]
    pub root: Option<PathBuf>,

    #[command(flatten)]
    pub paging: PagingArgs,

    #[command(flatten)]
    pub site: SiteArgs,

    /// Write what was removed and why, what was kept and what was lost, as JSON
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,

    #[command(flatten)]
    pub limits: LimitArgs,
}

/// What the user knows of a site besides the built-in rules.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SiteArgs {
    /// Site profile: a TOML file with selectors for article, title, byline, date, lead_image, remove and keep
    #[arg(long = "site", value_name = "FILE")]
    profile: Option<PathBuf>,

    /// Filter list in the syntax of EasyList; repeatable
    #[arg(long, value_name = "FILE")]
    filters: Vec<PathBuf>,
}

impl SiteArgs {
    /// The files that it is read from.
    pub(crate) fn files(&self) -> impl Iterator<Item = PathBuf> {
        self.profile.iter().chain(&self.filters).cloned()
    }

    /// The profile and the lists, compiled.
    ///
    /// # Errors
    /// [`Error::Usage`] about a file that cannot be read or a profile that is wrong.
    pub(crate) fn site(&self) -> Result<Option<Arc<Site>>> {
        self.read().map(|known| known.site)
    }

    /// Whether any filter list was named.
    pub(crate) fn names_lists(&self) -> bool {
        !self.filters.is_empty()
    }

    /// As [`Self::site`], with a number for the content of the files.
    ///
    /// # Errors
    /// As [`Self::site`].
    pub(crate) fn read(&self) -> Result<Known> {
        if self.profile.is_none() && self.filters.is_empty() {
            return Ok(Known::default());
        }
        let mut content = Sha256::new();
        let mut name = String::new();
        let mut profile = SiteProfile::default();
        if let Some(file) = &self.profile {
            name = file.display().to_string();
            let text = std::fs::read_to_string(file)
                .map_err(|e| Error::Usage(format!("--site {name}: the profile cannot be read: {e}; check its path")))?;
            profile = SiteProfile::from_toml(&name, &text)?;
            content.update(&text);
        }
        let read = |file: &PathBuf| {
            std::fs::read(file).map(|list| String::from_utf8_lossy(&list).into_owned()).map_err(|e| {
                Error::Usage(format!("--filters {}: the list cannot be read: {e}; check its path", file.display()))
            })
        };
        let lists = self.filters.iter().map(read).collect::<Result<Vec<_>>>()?;
        let filters = Filters::new(lists.iter().map(String::as_str));
        // What ends one file begins no other.
        lists.iter().for_each(|list| content.update(Sha256::digest(list)));
        let version = content.finalize()[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        Ok(Known { site: Some(Arc::new(Site::new(&name, profile, filters)?)), version })
    }
}

impl PageArgs {
    /// Reads the page whole.
    ///
    /// # Errors
    /// As [`Input::read`].
    pub(crate) fn read(&self) -> Result<Page> {
        let mut page = Input::parse(&self.input).read(&self.limits.limits())?;
        if self.base_url.is_some() {
            page.url.clone_from(&self.base_url);
        }
        Ok(page)
    }

    /// The charset that was asked for: by the flag, else by the profile.
    ///
    /// # Errors
    /// [`Error::Usage`] for a label in the profile that nobody knows.
    pub(crate) fn charset(&self, site: Option<&Site>) -> Result<Option<&'static Encoding>> {
        let label = site.and_then(|site| site.profile.charset.as_deref());
        match (self.charset, label) {
            (Some(forced), _) => Ok(Some(forced)),
            (None, Some(label)) => {
                charset(label).map(Some).map_err(|e| Error::Usage(format!("charset {label:?} of the profile: {e}")))
            }
            (None, None) => Ok(None),
        }
    }
}

/// How a page is to look on the screen.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Look")]
pub(crate) struct LookArgs {
    /// Theme: a name of `clearprint themes`, or a TOML file
    #[arg(long, value_name = "NAME|FILE")]
    pub theme: Option<String>,

    /// Whether the whole page is kept or the article alone
    #[arg(long, value_enum, default_value_t)]
    pub mode: Mode,

    /// Size of the type in percent of the browser's, 100 to 400
    #[arg(long, value_name = "PERCENT", value_parser = percent, allow_negative_numbers = true)]
    pub size: Option<u16>,

    /// Line height as a multiple of the size, 1.5 to 3
    #[arg(long, value_name = "N", value_parser = number, allow_negative_numbers = true)]
    pub line_height: Option<f32>,

    /// Space added between letters, in em
    #[arg(long, value_name = "EM", value_parser = number, allow_negative_numbers = true)]
    pub letter_spacing: Option<f32>,

    /// Space added between words, in em
    #[arg(long, value_name = "EM", value_parser = number, allow_negative_numbers = true)]
    pub word_spacing: Option<f32>,

    /// Gap between paragraphs as a multiple of the size
    #[arg(long, value_name = "N", value_parser = number, allow_negative_numbers = true)]
    pub paragraph_spacing: Option<f32>,

    /// Typeface
    #[arg(long, value_name = "NAME")]
    pub font: Option<Font>,

    /// Your own colours for text, background and links, each pair at least 7:1
    #[arg(long, value_name = "FG,BG,LINK")]
    pub colors: Option<String>,

    /// Longest line in characters, at most 80
    #[arg(long, value_name = "CH", value_parser = whole::<u16>, allow_negative_numbers = true)]
    pub width: Option<u16>,

    /// Pictures: show, gray or hide; their descriptions stay
    #[arg(long, value_name = "show|gray|hide")]
    pub images: Option<theme::Images>,

    /// Put the settings panel into the page (the default)
    #[arg(long, overrides_with = "no_panel")]
    pub panel: bool,

    /// Leave the settings panel out
    #[arg(long)]
    pub no_panel: bool,

    /// Put the fonts into the page instead of naming them
    #[arg(long)]
    pub inline_fonts: bool,
}

/// What is kept of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// Everything but widgets and ads, streamed.
    #[default]
    Page,
    /// The article alone.
    Article,
}

/// How an article is to be printed.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Print")]
pub(crate) struct PrintArgs {
    /// Print style: a name of `clearprint themes`, or a TOML file
    #[arg(long, value_name = "NAME|FILE")]
    pub style: Option<String>,

    /// Paper: a4, a5, a3, letter, legal, tabloid, or a size like 148x210mm
    #[arg(long, value_name = "PAPER")]
    pub paper: Option<Paper>,

    /// Size of the body text in points
    #[arg(long, value_name = "PT", value_parser = number, allow_negative_numbers = true)]
    pub size: Option<f32>,

    /// Columns, 1 to 4
    #[arg(long, value_name = "N", value_parser = whole::<u8>, allow_negative_numbers = true)]
    pub columns: Option<u8>,

    /// Colours: rgb, gray or cmyk
    #[arg(long, value_name = "rgb|gray|cmyk")]
    pub color: Option<ColorMode>,

    /// Links: inline, as numbered notes, or off
    #[arg(long, value_name = "inline|notes|off")]
    pub links: Option<Links>,

    /// Pictures: show, gray or hide; their descriptions stay
    #[arg(long, value_name = "show|gray|hide")]
    pub images: Option<theme::Images>,

    /// Bleed on every side
    #[arg(long, value_name = "MM", value_parser = number, allow_negative_numbers = true)]
    pub bleed: Option<f32>,

    /// Draw crop and registration marks
    #[arg(long)]
    pub marks: bool,

    /// Draw colour bars, and the marks
    #[arg(long)]
    pub color_bars: bool,
}

/// What concerns the PDF file alone.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Print")]
pub(crate) struct PdfArgs {
    /// Highest resolution of pictures, 36 to 2400; finer ones are scaled down
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(Self::DPI))]
    pub dpi: Option<u16>,

    /// Standard that the file keeps: PDF/UA-1, with PDF/A-2a or PDF/A-3a, or PDF/X-4
    #[arg(long, value_name = "ua1|a2a|a3a|x4")]
    pub conform: Option<Conformance>,
}

impl PdfArgs {
    /// Resolutions that can be asked for.
    pub(crate) const DPI: RangeInclusive<i64> = *Overrides::DPI.start() as i64..=*Overrides::DPI.end() as i64;

    /// What the PDF writer takes from a style and these options.
    pub(crate) fn options(&self, style: &PrintStyle) -> pdf::Options {
        let ink = match style.output.color {
            ColorMode::Rgb => Ink::Rgb,
            ColorMode::Gray => Ink::Gray,
            ColorMode::Cmyk => Ink::Cmyk,
        };
        pdf::Options {
            ink,
            gray_pictures: style.images == theme::Images::Gray || style.output.color == ColorMode::Gray,
            dpi: self.dpi.or(style.output.dpi).map(u32::from),
            conformance: self.conform.unwrap_or_default(),
            ..pdf::Options::default()
        }
    }
}

/// Reads the ICC profile of `--icc`.
///
/// # Errors
/// [`Error::Usage`] when the file cannot be read or is no profile.
pub(crate) fn icc_profile(file: &Path) -> Result<Arc<[u8]>> {
    let name = file.display();
    let bytes = std::fs::read(file)
        .map_err(|e| Error::Usage(format!("--icc {name}: the profile cannot be read: {e}; check its path")))?;
    if bytes.get(36..40) != Some(b"acsp") {
        return Err(Error::Usage(format!("--icc {name}: is no ICC profile; give the .icc file of the press")));
    }
    Ok(bytes.into())
}

impl PrintArgs {
    /// The style with the options put in; `find` says where names are looked up.
    ///
    /// # Errors
    /// [`Error::Usage`] for an unknown style or an option it cannot take.
    pub(crate) fn style_from(&self, find: impl FnOnce(&str) -> Result<PrintStyle>) -> Result<PrintStyle> {
        self.style_or(None, find)
    }

    /// The same, where something else may name the style: the options, then `other`, then `standard`.
    ///
    /// # Errors
    /// As [`PrintArgs::style_from`].
    pub(crate) fn style_or(
        &self,
        other: Option<&str>,
        find: impl FnOnce(&str) -> Result<PrintStyle>,
    ) -> Result<PrintStyle> {
        let overrides = Overrides {
            paper: self.paper,
            size: self.size,
            columns: self.columns,
            color: self.color,
            links: self.links,
            images: self.images,
            dpi: None,
            bleed: self.bleed,
            marks: self.marks,
            color_bars: self.color_bars,
        };
        find(self.style.as_deref().or(other).unwrap_or("standard"))?.with(&overrides)
    }
}

impl LookArgs {
    /// What a page becomes; `find` says where names of themes are looked up.
    ///
    /// # Errors
    /// [`Error::Usage`], as [`LookArgs::settings`].
    pub(crate) fn options(&self, find: impl FnOnce(&str) -> Result<Screen>) -> Result<rewrite::Options> {
        let mut options = rewrite::Options {
            settings: self.settings()?,
            panel: !self.no_panel,
            fonts: if self.inline_fonts { FontSource::Inline } else { FontSource::default() },
            ..rewrite::Options::default()
        };
        // A theme chosen beside own colours is checked all the same: a name that is wrong is an error.
        if let Some(theme) = self.theme.as_deref().map(find).transpose()? {
            if self.colors.is_some() {
                return Err(Error::Usage("--theme and --colors both choose the colours; leave one of them out".into()));
            }
            options.set_theme(theme);
        }
        Ok(options)
    }

    /// The reader's settings.
    ///
    /// # Errors
    /// [`Error::Usage`] for an unknown theme, a number out of its bounds, or colours below 7:1.
    pub(crate) fn settings(&self) -> Result<Settings> {
        let mut settings = Settings::default();
        if let Some(colors) = &self.colors {
            let own = OwnColors::from_list(colors).map_err(|e| Error::Usage(format!("--colors: {e}")))?;
            settings.look = Look::Own(own);
        }
        settings.size = self.size.unwrap_or(settings.size);
        settings.line_height = hundredths("line-height", self.line_height, settings.line_height)?;
        settings.letter_spacing = hundredths("letter-spacing", self.letter_spacing, settings.letter_spacing)?;
        settings.word_spacing = hundredths("word-spacing", self.word_spacing, settings.word_spacing)?;
        settings.paragraph_spacing =
            hundredths("paragraph-spacing", self.paragraph_spacing, settings.paragraph_spacing)?;
        settings.font = self.font.unwrap_or(settings.font);
        settings.images = self.images.unwrap_or(settings.images);
        settings.width = self.width.unwrap_or(settings.width);
        settings.check().map_err(Error::Usage)?;
        Ok(settings)
    }
}

/// A number with two digits behind the point, as settings keep it.
fn hundredths(name: &str, value: Option<f32>, default: u16) -> Result<u16> {
    let Some(value) = value else { return Ok(default) };
    // Checked before it is rounded, which would take what is just outside for the bound.
    if let Some((least, most)) = Settings::bounds(name)
        && !(least..=most).contains(&f64::from(value))
    {
        return Err(Error::Usage(format!("--{name} {value} is outside {least}–{most}")));
    }
    Ok((value * 100.0).round() as u16)
}

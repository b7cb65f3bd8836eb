//! Options that several commands share. The HTTP service reads its query parameters with the same definitions.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, FromArgMatches, ValueEnum};
use encoding_rs::Encoding;
use sha2::{Digest, Sha256};
use url::Url;

use super::console::Console;
use crate::clean::{Filters, Site, SiteProfile};
use crate::pdf::{self, Conformance, Ink};
use crate::server::Known;
use crate::source::{Input, Page};
use crate::theme::{
    self, ColorMode, Font, FontSource, Links, Look, Overrides, OwnColors, Paper, PrintStyle, Screen, Settings,
};
use crate::{Error, Limits, Result, limits, rewrite};

/// What every command that reads a page takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Page")]
pub(super) struct PageArgs {
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
pub(super) struct SiteArgs {
    /// Site profile: a TOML file with selectors for article, title, byline, date, lead_image, remove and keep
    #[arg(long = "site", value_name = "FILE")]
    profile: Option<PathBuf>,

    /// Filter list in the syntax of EasyList; repeatable
    #[arg(long, value_name = "FILE")]
    filters: Vec<PathBuf>,
}

impl SiteArgs {
    /// The files that it is read from.
    pub(super) fn files(&self) -> impl Iterator<Item = PathBuf> {
        self.profile.iter().chain(&self.filters).cloned()
    }

    /// The profile and the lists, compiled.
    ///
    /// # Errors
    /// [`Error::Usage`] about a file that cannot be read or a profile that is wrong.
    pub(super) fn site(&self, console: &Console) -> Result<Option<Arc<Site>>> {
        let Known { site, .. } = self.read()?;
        if let Some(site) = site.as_ref().filter(|_| !self.filters.is_empty()) {
            console.detail(&format!("--filters: {}", site.filter_lines()));
        }
        Ok(site)
    }

    /// As [`Self::site`], with a number for the content of the files.
    ///
    /// # Errors
    /// As [`Self::site`].
    pub(super) fn read(&self) -> Result<Known> {
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

/// Bounds; each message that names one names its flag.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArgs {
    /// Largest page, like 64MiB
    #[arg(long, value_name = "SIZE", value_parser = limits::parse_size)]
    pub max_input: Option<u64>,

    /// Deepest nesting of elements
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(Self::DEPTH))]
    pub max_depth: Option<u32>,

    /// Most elements of a page
    #[arg(long, value_name = "N")]
    pub max_elements: Option<usize>,

    /// Most pictures of an article; the rest are shown by their description
    #[arg(long, value_name = "N")]
    pub max_images: Option<usize>,

    /// Largest picture file, like 32MiB
    #[arg(long, value_name = "SIZE", value_parser = limits::parse_size)]
    pub max_image_bytes: Option<u64>,

    /// Most pixels of one picture
    #[arg(long, value_name = "N")]
    pub max_image_pixels: Option<u64>,

    /// Most pages of a PDF
    #[arg(long, value_name = "N")]
    pub max_pages: Option<usize>,

    /// Longest wait for a page to be fetched
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(Self::TIMEOUT))]
    pub timeout: Option<u64>,
}

impl LimitArgs {
    /// Nesting that can be asked for.
    pub(crate) const DEPTH: RangeInclusive<i64> = 16..=4096;
    /// Seconds that can be asked for.
    pub(crate) const TIMEOUT: RangeInclusive<u64> = 1..=3600;

    /// The command line's limits, with what was asked for put in.
    pub(crate) fn limits(&self) -> Limits {
        self.over(Limits::default())
    }

    /// `base` with what was asked for put in.
    pub(crate) fn over(&self, base: Limits) -> Limits {
        Limits {
            input: self.max_input.unwrap_or(base.input),
            decoded: self.max_input.unwrap_or(base.decoded),
            depth: self.max_depth.map_or(base.depth, |n| n as usize),
            elements: self.max_elements.unwrap_or(base.elements),
            images: self.max_images.unwrap_or(base.images),
            image_bytes: self.max_image_bytes.unwrap_or(base.image_bytes),
            image_pixels: self.max_image_pixels.unwrap_or(base.image_pixels),
            pages: self.max_pages.unwrap_or(base.pages),
            fetch: self.timeout.map_or(base.fetch, Duration::from_secs),
        }
    }

    /// The service's limits, made tighter where a request asks for it, never wider.
    pub(crate) fn tighten(&self, limits: &Limits) -> Limits {
        let asked = self.over(limits.clone());
        Limits {
            input: asked.input.min(limits.input),
            decoded: asked.decoded.min(limits.decoded),
            depth: asked.depth.min(limits.depth),
            elements: asked.elements.min(limits.elements),
            images: asked.images.min(limits.images),
            image_bytes: asked.image_bytes.min(limits.image_bytes),
            image_pixels: asked.image_pixels.min(limits.image_pixels),
            pages: asked.pages.min(limits.pages),
            fetch: asked.fetch.min(limits.fetch),
        }
    }
}

impl PageArgs {
    /// Reads the page whole.
    ///
    /// # Errors
    /// As [`Input::read`].
    pub(super) fn read(&self) -> Result<Page> {
        let mut page = Input::parse(&self.input).read(&self.limits.limits())?;
        if self.base_url.is_some() {
            page.url.clone_from(&self.base_url);
        }
        Ok(page)
    }

    /// What the user knows: the site profile and the filter lists, where any were named.
    ///
    /// # Errors
    /// As [`SiteArgs::site`].
    pub(super) fn site(&self, console: &Console) -> Result<Option<Arc<Site>>> {
        self.site.site(console)
    }

    /// The charset that was asked for: by the flag, else by the profile.
    ///
    /// # Errors
    /// [`Error::Usage`] for a label in the profile that nobody knows.
    pub(super) fn charset(&self, site: Option<&Site>) -> Result<Option<&'static Encoding>> {
        let label = site.and_then(|site| site.profile.charset.as_deref());
        match (self.charset, label) {
            (Some(forced), _) => Ok(Some(forced)),
            (None, Some(label)) => {
                charset(label).map(Some).map_err(|e| Error::Usage(format!("charset {label:?} of the profile: {e}")))
            }
            (None, None) => Ok(None),
        }
    }

    /// The path of the page, where it is a file.
    pub(super) fn file(&self) -> Option<PathBuf> {
        if let Input::File(path) = Input::parse(&self.input) { Some(path) } else { None }
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
pub(super) fn icc_profile(file: &Path) -> Result<Arc<[u8]>> {
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

/// Finds a print style by name only: a request may not name a file.
///
/// # Errors
/// [`Error::Usage`] for an unknown name.
pub(crate) fn named_style(name: &str) -> Result<PrintStyle> {
    no_file(name)?;
    PrintStyle::find(name)
}

/// Finds a screen theme by name only.
///
/// # Errors
/// [`Error::Usage`] for an unknown name.
pub(crate) fn named_theme(name: &str) -> Result<Screen> {
    no_file(name)?;
    Screen::find(name)
}

fn no_file(name: &str) -> Result<()> {
    let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if is_name {
        Ok(())
    } else {
        Err(Error::Usage("a request may name a theme or style of /v1/themes, but no file".into()))
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

/// Reads query parameters with the definitions of a command's options: `?theme=sepia&no-panel` is `--theme=sepia
/// --no-panel`.
///
/// # Errors
/// [`Error::Usage`] that names the parameter.
pub(crate) fn parse_query<T: Args + FromArgMatches>(query: &str) -> Result<T> {
    let command = T::augment_args(clap::Command::new("").no_binary_name(true).disable_help_flag(true));
    let known = |name: &str| command.get_arguments().find(|a| a.get_long() == Some(name));
    let mut arguments = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let argument = known(&name).ok_or_else(|| unknown_parameter(&name, &command))?;
        let takes_value = argument.get_action().takes_values();
        match (takes_value, value.as_ref()) {
            // An empty field of a form is one left alone.
            (true, "") => {}
            (true, value) => arguments.push(format!("--{name}={value}")),
            (false, "" | "1" | "true" | "on" | "yes") => arguments.push(format!("--{name}")),
            (false, "0" | "false" | "off" | "no") => {}
            (false, _) => {
                return Err(Error::Usage(format!("parameter {name} is a switch; give it as {name}=1 or leave it out")));
            }
        }
    }
    // A parameter has no dashes.
    let sentence = |e: clap::Error| Error::Usage(sentence(&e).replace("'--", "'"));
    let matches = command.try_get_matches_from(arguments).map_err(sentence)?;
    T::from_arg_matches(&matches).map_err(sentence)
}

/// What clap has to say, as one sentence.
pub(crate) fn sentence(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let mut out = String::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if line.starts_with("Usage:") || line.starts_with("For more information") {
            break;
        }
        let line = line.strip_prefix("error: ").unwrap_or(line);
        match line.strip_prefix("tip: ") {
            Some(_) => out.push_str("; "),
            None if !out.is_empty() => out.push(' '),
            None => {}
        }
        out.push_str(line.strip_prefix("tip: ").unwrap_or(line));
    }
    out
}

fn unknown_parameter(name: &str, command: &clap::Command) -> Error {
    let known: Vec<_> = command.get_arguments().filter_map(clap::Arg::get_long).collect();
    let shown: String = name.chars().take(40).collect();
    Error::Usage(format!("there is no parameter {shown:?}; there are {}", known.join(", ")))
}

fn number(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|n: &f32| n.is_finite()).ok_or_else(|| "write a number like 14 or 1.5".into())
}

fn whole<N: std::str::FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| "write a whole number".into())
}

/// Reads `200` or `200%`.
fn percent(text: &str) -> Result<u16, String> {
    text.strip_suffix('%').unwrap_or(text).parse().map_err(|_| "write it as a whole number of percent, like 200".into())
}

pub(crate) fn web_address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|u| matches!(u.scheme(), "http" | "https"));
    url.ok_or_else(|| "give a whole address, like https://www.example.ru/news/1".into())
}

pub(crate) fn charset(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(label.as_bytes())
        .ok_or_else(|| "no charset has this label; try utf-8, windows-1251, koi8-r or ibm866".into())
}

pub(crate) fn language(tag: &str) -> Result<String, String> {
    let sound = tag.len() <= 35
        && tag.split('-').enumerate().all(|(i, part)| {
            let letters = part.bytes().all(|b| b.is_ascii_alphanumeric());
            letters
                && if i == 0 {
                    (2..=8).contains(&part.len()) && !part.bytes().any(|b| b.is_ascii_digit())
                } else {
                    (1..=8).contains(&part.len())
                }
        });
    if sound { Ok(tag.to_owned()) } else { Err("write a language tag like ru, en or en-GB".into()) }
}

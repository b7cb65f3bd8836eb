//! The preflight report: what a print shop asks of a PDF before it makes plates.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use lopdf::Object;
use serde::Serialize;

use super::Finding;
use super::coverage;
use super::paper;
use super::reading::Reading;
use crate::theme::MM;
use crate::{Limits, Result};

/// Dots an inch below which a print shop sends a photograph back.
const FINE: f32 = 150.0;
/// Percent of ink that coated paper takes; newsprint takes 240 (ISO 12647).
const MOST_INK: f32 = 300.0;
/// Millimetres of bleed that a knife may be off.
const BLEED: f32 = 3.0;
/// Findings of one rule that are told one by one.
const EACH: usize = 10;

/// What a print shop asks of a PDF.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Preflight {
    /// Number of pages.
    pub pages: usize,
    /// Fonts that text is shown in.
    pub fonts: Vec<Font>,
    /// Page boxes, each set with the pages that have it.
    pub boxes: Vec<Boxes>,
    /// Pictures as they are placed.
    pub pictures: Vec<Picture>,
    /// Colour spaces, inks and how black is printed.
    pub ink: Ink,
    /// Pages on which something is transparent.
    pub transparency: Vec<usize>,
    /// Channels of the output intent's profile by name; absent where the file says nothing of its press.
    pub output_intent: Option<String>,
    /// What should be mended before plates are made.
    pub findings: Vec<Finding>,
}

/// A font.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Font {
    /// Its PostScript name.
    pub name: String,
    /// Whether the file carries it.
    pub embedded: bool,
}

/// Page boxes in millimetres.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Boxes {
    /// First and last page of each stretch.
    pub pages: Vec<(usize, usize)>,
    /// Width and height of the medium.
    pub media: [f32; 2],
    /// Width and height of the trimmed page.
    pub trim: [f32; 2],
    /// The narrowest bleed.
    pub bleed: f32,
}

/// A picture where it stands.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Picture {
    /// The page.
    pub page: usize,
    /// Width and height in pixels.
    pub pixels: [u32; 2],
    /// Dots an inch of its coarser side.
    pub dpi: u32,
    /// Its colour space.
    pub space: String,
    /// The most ink it has in one place, in percent of one ink; absent where the press makes the inks.
    pub ink: Option<u32>,
}

/// Inks of texts and areas; a picture has its own.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Ink {
    /// Texts, areas and pictures in shades of gray.
    pub gray: usize,
    /// The same in light, of which the press makes inks.
    pub rgb: usize,
    /// The same in inks.
    pub cmyk: usize,
    /// The heaviest colour, in percent of one ink, and its page.
    pub most: Option<(f32, usize)>,
    /// Black texts on the black plate alone.
    pub black_texts: usize,
    /// Those of them that are printed over what lies under them.
    pub overprinted: usize,
    /// Small black texts of several inks.
    pub rich_black_texts: usize,
}

/// Reports on a PDF.
///
/// # Errors
/// When the file is no PDF or is encrypted; [`crate::Error::Limit`] when reading it takes more than it may.
pub fn preflight(bytes: &[u8], limits: &Limits) -> Result<Preflight> {
    let reading = Reading::new(bytes, limits)?;
    let mut report = Preflight {
        pages: reading.pages.len(),
        fonts: fonts(&reading),
        boxes: Vec::new(),
        pictures: pictures(&reading),
        ink: Ink::default(),
        transparency: Vec::new(),
        output_intent: output_intent(&reading),
        findings: Vec::new(),
    };
    paper::boxes(&reading, &mut report.findings);
    report.boxes(&reading);
    report.inks(&reading);
    report.judge();
    reading.budget.verdict()?;
    Ok(report)
}

fn fonts(reading: &Reading) -> Vec<Font> {
    let known: BTreeMap<&str, bool> = reading.fonts.iter().map(|font| (font.name.as_str(), font.embedded)).collect();
    known.into_iter().map(|(name, embedded)| Font { name: name.to_owned(), embedded }).collect()
}

fn pictures(reading: &Reading) -> Vec<Picture> {
    let placed =
        reading.pages.iter().enumerate().flat_map(|(index, page)| page.pictures.iter().map(move |p| (index, p)));
    let mut known = HashMap::new();
    placed
        .map(|(index, picture)| {
            let ink = picture.id.filter(|_| picture.space == "DeviceCMYK").and_then(|id| {
                *known.entry(id).or_insert_with(|| {
                    let stream = reading.document.get_object(id).and_then(Object::as_stream).ok()?;
                    coverage::most_ink(&reading.document, stream, &reading.budget)
                })
            });
            let dpi = [0, 1].map(|side| picture.pixels[side] * 72.0 / picture.points[side].max(0.001));
            Picture {
                page: index + 1,
                pixels: picture.pixels.map(|side| side as u32),
                dpi: dpi[0].min(dpi[1]).round() as u32,
                space: picture.space.clone(),
                ink,
            }
        })
        .collect()
}

fn output_intent(reading: &Reading) -> Option<String> {
    let Object::Array(intents) = reading.get(reading.catalog()?, b"OutputIntents")? else { return None };
    let (_, intent) = reading.document.dereference(intents.first()?).ok()?;
    let intent = intent.as_dict().ok()?;
    let profile = reading.dictionary(intent, b"DestOutputProfile");
    let channels = profile.and_then(|p| reading.get(p, b"N")).and_then(|n| n.as_i64().ok());
    Some(match channels {
        Some(1) => "gray".into(),
        Some(3) => "rgb".into(),
        Some(4) => "cmyk".into(),
        _ => reading.text(intent, b"OutputConditionIdentifier").unwrap_or_default(),
    })
}

impl Preflight {
    fn boxes(&mut self, reading: &Reading) {
        let round = |points: f32| (points / MM * 10.0).round() / 10.0;
        for (index, page) in reading.pages.iter().enumerate() {
            let Ok(dictionary) = reading.document.get_dictionary(page.id) else { continue };
            let Some(media) = paper::inherited_box(&reading.document, dictionary, b"MediaBox") else { continue };
            let trim = page.trim;
            let bleed = paper::inherited_box(&reading.document, dictionary, b"BleedBox").unwrap_or(trim);
            let sides = [trim[0] - bleed[0], trim[1] - bleed[1], bleed[2] - trim[2], bleed[3] - trim[3]];
            let size = |area: [f32; 4]| [round(area[2] - area[0]), round(area[3] - area[1])];
            let bleed = round(sides.into_iter().fold(f32::INFINITY, f32::min).max(0.0));
            let own = Boxes { pages: Vec::new(), media: size(media), trim: size(trim), bleed };
            if !reading.budget.idle(1 + self.boxes.len() as u64 / 8) {
                return;
            }
            let alike = |known: &&mut Boxes| Boxes { pages: Vec::new(), ..(*known).clone() } == own;
            match self.boxes.iter_mut().find(alike) {
                Some(known) => match known.pages.last_mut() {
                    Some((_, last)) if *last == index => *last += 1,
                    _ => known.pages.push((index + 1, index + 1)),
                },
                None => self.boxes.push(Boxes { pages: vec![(index + 1, index + 1)], ..own }),
            }
        }
    }

    fn inks(&mut self, reading: &Reading) {
        for (index, page) in reading.pages.iter().enumerate() {
            let press = page.press;
            self.ink.gray += press.gray;
            self.ink.rgb += press.rgb;
            self.ink.cmyk += press.cmyk;
            self.ink.black_texts += press.black;
            self.ink.overprinted += press.overprinted;
            self.ink.rich_black_texts += press.rich;
            let heavier = self.ink.most.is_none_or(|(most, _)| press.most_ink > most + 0.5);
            if press.most_ink > 0.0 && heavier {
                self.ink.most = Some((press.most_ink, index + 1));
            }
            if press.rich > 0 {
                let message = format!(
                    "{} small black texts are printed in several inks, which are never quite in register; use black alone",
                    press.rich
                );
                self.findings.push(Finding::new("black text", format!("page {}", index + 1), message));
            }
            if press.most_ink > MOST_INK {
                let message = format!(
                    "a colour has {:.0} % of ink, above the {MOST_INK} % that coated paper takes; use less",
                    press.most_ink
                );
                self.findings.push(Finding::new("ink", format!("page {}", index + 1), message));
            }
            if press.transparent > 0 {
                self.transparency.push(index + 1);
            }
        }
        for picture in &self.pictures {
            match picture.space.as_str() {
                "DeviceGray" | "CalGray" => self.ink.gray += 1,
                "DeviceRGB" | "CalRGB" | "Lab" => self.ink.rgb += 1,
                "DeviceCMYK" => self.ink.cmyk += 1,
                _ => {}
            }
        }
    }

    fn judge(&mut self) {
        for font in self.fonts.iter().filter(|font| !font.embedded) {
            let message = format!("the font {} is not in the file; embed it", font.name);
            self.findings.push(Finding::new("font", "", message));
        }
        let coarse: Vec<&Picture> = self.pictures.iter().filter(|picture| (picture.dpi as f32) < FINE).collect();
        for picture in coarse.iter().take(EACH) {
            let [width, height] = picture.pixels;
            let message = format!(
                "a picture of {width} x {height} pixels has {} dots to the inch, below {FINE}; use a larger one or show it smaller",
                picture.dpi
            );
            self.findings.push(Finding::new("resolution", format!("page {}", picture.page), message));
        }
        if coarse.len() > EACH {
            let message = format!("{} more pictures below {FINE} dots to the inch", coarse.len() - EACH);
            self.findings.push(Finding::new("resolution", "", message));
        }
        let heavy = |picture: &&Picture| picture.ink.is_some_and(|ink| ink as f32 > MOST_INK);
        let heavy: Vec<&Picture> = self.pictures.iter().filter(heavy).collect();
        for picture in heavy.iter().take(EACH) {
            let message = format!(
                "a picture has {} % of ink in its darkest parts, above the {MOST_INK} % that coated paper takes; convert it with the profile of the paper",
                picture.ink.unwrap_or_default()
            );
            self.findings.push(Finding::new("ink", format!("page {}", picture.page), message));
        }
        if heavy.len() > EACH {
            let message = format!("{} more pictures above {MOST_INK} % of ink", heavy.len() - EACH);
            self.findings.push(Finding::new("ink", "", message));
        }
        if self.ink.rgb > 0 && (self.ink.cmyk > 0 || self.output_intent.as_deref() == Some("cmyk")) {
            let message = format!(
                "{} texts, areas or pictures are in RGB and {} in inks; have the print shop convert the former with its profile",
                self.ink.rgb, self.ink.cmyk
            );
            self.findings.push(Finding::new("colour", "", message));
        }
        for boxes in &self.boxes {
            // A medium larger than the page says that it will be cut.
            let cut = boxes.media != boxes.trim;
            if cut && boxes.bleed + 0.05 < BLEED {
                let message =
                    format!("the bleed is {} mm, below {BLEED} mm; write it with --bleed {BLEED}", boxes.bleed);
                self.findings.push(Finding::new("bleed", format!("pages {}", stretches(&boxes.pages)), message));
            }
        }
    }
}

fn stretches(pages: &[(usize, usize)]) -> String {
    let one =
        |&(first, last): &(usize, usize)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    pages.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The readable report: a line for each fact, the findings last.
impl fmt::Display for Preflight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let absent = self.fonts.iter().filter(|font| !font.embedded).count();
        writeln!(f, "pages         {}", self.pages)?;
        writeln!(f, "fonts         {}, {} embedded", self.fonts.len(), self.fonts.len() - absent)?;
        for font in &self.fonts {
            writeln!(f, "              {}{}", font.name, if font.embedded { "" } else { ", not embedded" })?;
        }
        for boxes in &self.boxes {
            let ([width, height], [wide, high]) = (boxes.trim, boxes.media);
            let pages = stretches(&boxes.pages);
            let bleed = boxes.bleed;
            writeln!(
                f,
                "boxes         trim {width} x {height} mm, bleed {bleed} mm, medium {wide} x {high} mm: pages {pages}"
            )?;
        }
        match self.pictures.iter().min_by_key(|picture| picture.dpi) {
            Some(coarsest) => {
                writeln!(f, "pictures      {}, the coarsest {} dpi", self.pictures.len(), coarsest.dpi)?;
                for picture in &self.pictures {
                    let [width, height] = picture.pixels;
                    let space = &picture.space;
                    let ink = picture.ink.map(|ink| format!(", {ink} % ink")).unwrap_or_default();
                    writeln!(
                        f,
                        "              page {}: {width} x {height}, {} dpi, {space}{ink}",
                        picture.page, picture.dpi
                    )?;
                }
            }
            None => writeln!(f, "pictures      none")?,
        }
        let ink = &self.ink;
        writeln!(f, "colours       gray {}, RGB {}, CMYK {}", ink.gray, ink.rgb, ink.cmyk)?;
        match ink.most {
            Some((most, page)) => writeln!(f, "ink           at most {most:.0} % in texts and areas (page {page})")?,
            None => writeln!(f, "ink           left to the press: all is RGB")?,
        }
        if let Some((most, page)) = self.pictures.iter().filter_map(|p| Some((p.ink?, p.page))).max() {
            writeln!(f, "              at most {most} % in pictures (page {page})")?;
        }
        writeln!(f, "              coated paper takes {MOST_INK} %, newsprint 240 %")?;
        writeln!(
            f,
            "black text    {} on the black plate alone, {} of them overprinted; {} small ones in several inks",
            ink.black_texts, ink.overprinted, ink.rich_black_texts
        )?;
        let pages: Vec<String> = self.transparency.iter().map(ToString::to_string).collect();
        writeln!(
            f,
            "transparency  {}",
            if pages.is_empty() { "none".into() } else { format!("pages {}", pages.join(", ")) }
        )?;
        writeln!(f, "intent        {}", self.output_intent.as_deref().unwrap_or("none"))?;
        self.findings.iter().try_for_each(|finding| writeln!(f, "{finding}"))
    }
}

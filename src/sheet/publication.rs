//! Sheets: pages with everything placed, ready to be drawn by any writer.
//!
//! Lengths are points (1/72 inch). The origin is the top left corner of the *trimmed* page, y grows downwards; what
//! lies outside the trimmed page (bleed) has negative or larger coordinates.

use std::sync::Arc;

use super::structure::{ContentId, ElementId, Structure};

/// A length in points, 1/72 inch.
pub type Pt = f32;

/// A finished document: its sheets in order, what they share, and the tree of meaning over all of them.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Publication {
    /// Title of the document, shown in the window's title bar.
    pub title: String,
    /// Authors.
    pub authors: Vec<String>,
    /// Language of the document, a BCP 47 tag.
    pub lang: String,
    /// When the article was published, RFC 3339 or a calendar date.
    pub date: Option<String>,
    /// Address of the source page.
    pub source: Option<String>,
    /// Name of the print style it was set in, which `check` reads back.
    pub style: String,
    /// Pages in order.
    pub sheets: Vec<Sheet>,
    /// Faces that the sheets use; [`FaceId`] is an index.
    pub faces: Vec<Face>,
    /// Pictures that the sheets use; [`PictureId`] is an index.
    pub pictures: Vec<Picture>,
    /// What everything on the sheets means, in reading order.
    pub structure: Structure,
    /// Bookmarks.
    pub outline: Vec<OutlineItem>,
    /// For each article, the sheets on which its headline and each of its blocks begin.
    pub block_sheets: Vec<Vec<usize>>,
    /// Where the stories of an edition stand whose pages are made up.
    pub plan: Vec<PlanEntry>,
    /// What could not be set as the source has it.
    pub warnings: Vec<Warning>,
}

/// A story, or a part of one, on a page that is made up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanEntry {
    /// The page, counted from 1.
    pub page: usize,
    /// Its headline, in few words where the editor gave them; empty for a box without one.
    pub title: String,
    /// The first of its columns, counted from 1.
    pub column: usize,
    /// Over how many columns it goes.
    pub columns: usize,
    /// The first of its lines on the page, counted from 1.
    pub line: usize,
    /// Its height in lines of the body.
    pub lines: usize,
    /// Columns that its picture goes over; 0 without one.
    pub picture: usize,
    /// Goes on on another page.
    pub continues: bool,
    /// Began on another page.
    pub continued: bool,
}

/// One page.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Sheet {
    /// Width of the trimmed page.
    pub width: Pt,
    /// Height of the trimmed page.
    pub height: Pt,
    /// Bleed on every side; 0 for none.
    pub bleed: Pt,
    /// Whether crop and registration marks are drawn outside the bleed.
    pub crop_marks: bool,
    /// Whether colour bars stand between them.
    pub color_bars: bool,
    /// Page label as readers see it: "1", "iv".
    pub label: String,
    /// Everything drawn, in painting order.
    pub marks: Vec<Mark>,
    /// Areas that lead somewhere.
    pub links: Vec<LinkArea>,
}

/// One thing drawn.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Mark {
    /// What it belongs to.
    pub owner: Owner,
    /// What it is.
    pub kind: MarkKind,
}

/// Whether a mark means something or only decorates the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Real content. One piece of content may go on over lines and pages: every mark of it has the same id.
    Content(ContentId),
    /// Running heads, page numbers: repeated on pages and not read.
    Pagination,
    /// Rules, backgrounds, frames.
    Layout,
}

/// What is drawn.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum MarkKind {
    /// Glyphs of one face on one baseline.
    Text(TextRun),
    /// A filled rectangle; rules are thin ones.
    Fill {
        /// Where.
        rect: Rect,
        /// In which colour.
        color: Color,
    },
    /// The outline of a rectangle.
    Stroke {
        /// The middle of the line.
        rect: Rect,
        /// Thickness of the line.
        width: Pt,
        /// In which colour.
        color: Color,
    },
    /// A picture, scaled to fill the rectangle.
    Picture {
        /// Which.
        picture: PictureId,
        /// Where.
        rect: Rect,
    },
}

/// Glyphs of one face and size on one baseline, in visual order from the left.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TextRun {
    /// Which face.
    pub face: FaceId,
    /// Size of the em.
    pub size: Pt,
    /// In which colour.
    pub color: Color,
    /// Where the pen starts.
    pub x: Pt,
    /// The baseline.
    pub y: Pt,
    /// The characters that the run stands for, in logical order, spaces included. A hyphen that breaking the line added is
    /// U+00AD here.
    pub text: String,
    /// The glyphs.
    pub glyphs: Vec<Glyph>,
}

/// One glyph of a [`TextRun`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Glyph {
    /// Glyph id in the face; never 0.
    pub id: u16,
    /// How far the pen moves to the right after it: its own width, kerning, letter and word spacing, justification.
    pub advance: Pt,
    /// Shift of this glyph alone, to the right.
    pub dx: Pt,
    /// Shift of this glyph alone, upwards.
    pub dy: Pt,
    /// Bytes of [`TextRun::text`] that it stands for. A cluster of several glyphs has them on its first one, the others
    /// are empty.
    pub text: (u32, u32),
}

/// Index into [`Publication::faces`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FaceId(pub u16);

/// Index into [`Publication::pictures`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PictureId(pub u32);

/// A font file (one face of it).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Face {
    /// The whole font file.
    pub data: Arc<[u8]>,
    /// Which face of a collection.
    pub index: u32,
    /// PostScript name.
    pub name: String,
}

/// A picture as it came, checked and measured.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Picture {
    /// The file's bytes.
    pub data: Arc<[u8]>,
    /// Their format.
    pub format: PictureFormat,
    /// Width in pixels, as shown (after the EXIF orientation). Of a drawing, as a page of the web shows it: its data is
    /// finer.
    pub width: u32,
    /// Height in pixels, as shown.
    pub height: u32,
}

impl Picture {
    /// A JPEG that breaks off before its end: readers show what is left of it, each in its own way.
    #[must_use]
    pub fn is_cut_short(&self) -> bool {
        if self.format != PictureFormat::Jpeg {
            return false;
        }
        // A thumbnail before the scan has an end of its own.
        let mut at = 2;
        while let Some(&[0xff, marker, high, low]) = self.data.get(at..at + 4).and_then(|s| s.first_chunk()) {
            match marker {
                0xda => break,
                0xff => at += 1,
                _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
            }
        }
        let scan = self.data.get(at..).unwrap_or_default();
        !scan.windows(2).rev().any(|pair| pair == [0xff, 0xd9])
    }
}

/// Formats that pictures come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PictureFormat {
    /// JPEG: passed through to a PDF where possible.
    Jpeg,
    /// PNG.
    Png,
    /// GIF: its first frame.
    Gif,
    /// WebP.
    WebP,
}

/// A colour of the sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Color {
    /// Black to white, 0 to 1: printed with black ink alone.
    Gray(f32),
    /// Red, green, blue, each 0 to 1, sRGB.
    Rgb(f32, f32, f32),
    /// Cyan, magenta, yellow, black, each 0 to 1.
    Cmyk(f32, f32, f32, f32),
}

impl Color {
    /// Red, green and blue, each 0 to 1, as a screen shows the colour without knowing the inks.
    pub fn to_rgb(self) -> (f32, f32, f32) {
        match self {
            Self::Gray(v) => (v, v, v),
            Self::Rgb(r, g, b) => (r, g, b),
            Self::Cmyk(c, m, y, k) => {
                let light = |ink: f32| (1.0 - ink) * (1.0 - k);
                (light(c), light(m), light(y))
            }
        }
    }
}

/// A rectangle by its top left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: Pt,
    /// Top edge.
    pub y: Pt,
    /// Width.
    pub width: Pt,
    /// Height.
    pub height: Pt,
}

/// An area of a sheet that leads somewhere. A link over two lines is two areas of one element.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LinkArea {
    /// Where.
    pub rect: Rect,
    /// Where to.
    pub target: Target,
    /// The Link, Reference or Note element it belongs to.
    pub element: ElementId,
    /// What it is, for those who do not see the page.
    pub contents: String,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// To an address.
    Uri(String),
    /// To a place in the document.
    Place(Destination),
}

/// A place in the document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Destination {
    /// Index of the sheet.
    pub sheet: usize,
    /// Distance from its top.
    pub y: Pt,
}

/// A bookmark.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct OutlineItem {
    /// Its text.
    pub title: String,
    /// Where it leads.
    pub destination: Destination,
    /// Bookmarks under it.
    pub children: Vec<OutlineItem>,
}

/// Something that could not be set as the source has it; never silent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// One sentence.
    pub message: String,
}

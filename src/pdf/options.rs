//! How a publication is written: inks, pictures, the standard that the file keeps.

use std::sync::Arc;

/// How a publication is written.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// In which colours text and rules are written.
    ///
    /// ### Default
    /// [`Ink::Rgb`]
    pub ink: Ink,
    /// Pictures without their colours.
    ///
    /// ### Default
    /// `false`
    pub gray_pictures: bool,
    /// Pixels per inch above which a picture is scaled down.
    ///
    /// ### Default
    /// [`Options::DPI`]
    pub dpi: Option<u32>,
    /// The standard that the file keeps.
    ///
    /// ### Default
    /// [`Conformance::Ua1`]
    pub conformance: Conformance,
    /// The ICC profile of the printing condition; needed for PDF/X-4, and for PDF/A with [`Ink::Cmyk`], where pictures
    /// are converted by it.
    ///
    /// ### Default
    /// `None`: none, or sRGB where the standard asks for one.
    pub icc: Option<Arc<[u8]>>,
    /// The source that goes into the file, for PDF/A-3a.
    ///
    /// ### Default
    /// `None`
    pub attachment: Option<Attachment>,
}

impl Options {
    /// Above this a press shows no more detail; pictures finer than it are scaled down when nobody says otherwise.
    pub const DPI: u32 = 600;
}

/// The colours that text and rules are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ink {
    /// For screens and office printers: gray stays gray.
    #[default]
    Rgb,
    /// Black and its tints.
    Gray,
    /// For presses: gray is printed with black alone, black is printed over what lies below it, and pictures are converted
    /// to inks: by the profile given, else so that all that their colours share is printed with black.
    Cmyk,
}

/// A standard that the file keeps, besides being tagged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Conformance {
    /// PDF/UA-1, ISO 14289-1.
    #[default]
    Ua1,
    /// PDF/A-2a, ISO 19005-2, and PDF/UA-1.
    A2a,
    /// PDF/A-3a, ISO 19005-3, and PDF/UA-1; may carry its source.
    A3a,
    /// PDF/X-4, ISO 15930-7: for a press, without live links. Needs an ICC profile of the press.
    X4,
}

impl std::str::FromStr for Conformance {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text {
            "ua1" => Ok(Self::Ua1),
            "a2a" => Ok(Self::A2a),
            "a3a" => Ok(Self::A3a),
            "x4" => Ok(Self::X4),
            _ => Err(format!("{text:?} is no standard to conform to; use ua1, a2a, a3a or x4")),
        }
    }
}

/// A file within the PDF: the page that it was made from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its media type, such as `text/html`.
    pub media_type: String,
    /// Its bytes.
    pub data: Arc<[u8]>,
}

impl Conformance {
    /// Whether the file may have live links. PDF/X allows no annotations on the page (ISO 15930-7, 6.16).
    pub(super) fn allows_links(self) -> bool {
        self != Self::X4
    }

    /// The version in the file's first line.
    pub(super) fn version(self) -> &'static str {
        if self == Self::X4 { "1.6" } else { "1.7" }
    }
}

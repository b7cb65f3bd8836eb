//! The guideline whose name a print style carries.

use serde::{Deserialize, Serialize};

/// What a style promises. Every number is optional: a guideline that says nothing about a thing is not held to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
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

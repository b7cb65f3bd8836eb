//! Drawings (SVG), which become pixels before they are placed.

mod style;
pub(crate) mod svg;
mod text;

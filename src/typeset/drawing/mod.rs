//! Drawings (SVG), which become pixels before they are placed.

mod cost;
mod style;
pub(crate) mod svg;
mod text;

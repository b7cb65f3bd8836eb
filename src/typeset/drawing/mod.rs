//! Drawings (SVG), which become pixels before they are placed.

mod cost;
mod style;
pub(super) mod svg;
mod text;

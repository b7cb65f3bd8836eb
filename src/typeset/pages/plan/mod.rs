//! The plan of an issue: where its stories stand, found before a line of them is drawn.
//!
//! Every story becomes a rectangle of some columns and lines, a page a slicing tree of such rectangles that fills it, an
//! issue a sequence of pages. Everything here is whole numbers: the same issue is planned alike on every machine. No text
//! is cut and none is spaced out; the slack is in widths, pictures, headline sizes and a line of white here and there.

mod assign;
mod copy;
mod pack;
mod shapes;

#[cfg(test)]
mod tests;

pub(super) use assign::{Issue, MadePage, MadeUp, Module, assign};
pub(super) use copy::{Band, Copy, FINE, Head, Kind, MOST_COLUMNS, Placed, Slug, Spot, fill};
pub(super) use shapes::{Form, Grid, profile};

//! Typesetting: an article and a print style become a [`Publication`] of sheets. Knows nothing of PDF.
//!
//! The way of a paragraph: its inlines become a *passage* (text and looks), the passage *items* (boxes, glue, breaks),
//! the items *lines* (the optimum over the paragraph), each line a *drawing* in a *piece* of a column, and pieces
//! *pages*. The structure tree grows along the way, in the order of the text.

mod blocks;
mod castoff;
mod definitions;
mod draw;
mod edition;
mod figures;
mod fonts;
mod furniture;
mod galley;
mod inlines;
mod items;
mod lines;
mod manuscript;
mod notes;
mod opening;
mod pages;
mod passage;
mod publication;
mod rules;
mod setter;
mod shape;
mod svg;
mod svg_style;
mod svg_text;
mod tables;
mod words;

#[cfg(test)]
pub(crate) mod any_article;
#[cfg(test)]
mod definition_tests;
#[cfg(test)]
mod division_tests;
#[cfg(test)]
mod edition_tests;
#[cfg(test)]
mod note_tests;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use manuscript::{Edition, Manuscript, Section, Story, Weight};
pub use publication::set;
pub use words::date_in_words;

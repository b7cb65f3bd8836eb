//! Typesetting: an article and a print style become a [`Publication`](crate::sheet::Publication) of sheets. Knows nothing of PDF.
//!
//! The way of a paragraph: its inlines become a *passage* (text and looks), the passage *items* (boxes, glue, breaks),
//! the items *lines* (the optimum over the paragraph), each line a *drawing* in a *piece* of a column, and pieces
//! *pages*. The structure tree grows along the way, in the order of the text.

mod drawing;
mod flow;
mod manuscript;
mod pages;
mod publication;
mod text;

#[cfg(test)]
pub(crate) mod tests;

pub use manuscript::{Edition, Manuscript, Notice, Place, Section, Story, Weight, Wishes};
pub use publication::set;

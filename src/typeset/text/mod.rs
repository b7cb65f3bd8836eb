//! From inlines to lines: a *passage* (text and looks) is shaped, becomes *items* (boxes, glue, breaks), the items
//! *lines* (the optimum over the paragraph), and each line a *drawing* in a *piece* of a column.

pub(crate) mod characters;
pub(crate) mod draw;
pub(crate) mod fonts;
pub(crate) mod galley;
pub(crate) mod items;
pub(crate) mod lines;
pub(crate) mod passage;
pub(crate) mod piece;
pub(crate) mod rules;
pub(crate) mod shape;

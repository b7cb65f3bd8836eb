//! From inlines to lines: a *passage* (text and looks) is shaped, becomes *items* (boxes, glue, breaks), the items
//! *lines* (the optimum over the paragraph), and each line a *drawing* in a *piece* of a column.

pub(super) mod characters;
pub(super) mod draw;
pub(super) mod fonts;
pub(super) mod galley;
pub(super) mod items;
pub(super) mod lines;
pub(super) mod passage;
pub(super) mod piece;
pub(super) mod rules;
pub(super) mod shape;

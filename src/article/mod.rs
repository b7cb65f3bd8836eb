//! Finding the article of a page, and the model it becomes.

pub mod dom;
mod model;

pub use model::{Article, Block, Cell, Image, Inline, Note, Scope, Table};

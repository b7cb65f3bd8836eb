//! Finding the article of a page, and the model it becomes.

mod convert;
pub mod dom;
mod export;
mod find;
#[allow(dead_code)]
mod hints;
mod judge;
mod metadata;
mod model;
#[allow(dead_code)]
mod passage;
mod pictures;
#[allow(dead_code)]
mod words;

pub use find::{Explain, FindOptions, Found, Judged, find, find_explained};
pub use model::{Article, Block, Cell, Image, Inline, Note, Scope, Table};

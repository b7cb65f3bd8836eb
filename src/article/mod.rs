//! Finding the article of a page, and the model it becomes.

mod account;
mod convert;
mod export;
mod features;
mod find;
mod hints;
mod judge;
pub mod learn;
mod metadata;
mod model;
mod paging;
mod passage;
mod pictures;
mod read;
mod site;
mod typography;
mod words;

pub use account::{Account, FurtherPage};
pub use find::{Explain, FindOptions, Found, Judged, find, find_explained};
pub use model::{Article, Block, Cell, Definition, Image, Inline, Note, Scope, Table};
pub use paging::{MOST_PAGES, Pages, Reading, Version, Versions, read_pages};
pub(crate) use pictures::is_file_name;
pub use read::{Format, Told, read, read_told};

//! Many articles to one publication: from a list of sources to a manuscript with its pictures.

mod file;
mod gather;

pub use file::{ArticleEntry, EditionFile, SectionEntry, line_of};
pub use gather::{Edition, Failure, gather};

//! Many articles to one publication: from a list of sources to a manuscript with its pictures.

mod cache;
mod feed;
mod file;
mod gather;
mod start;

pub use cache::Cache;
pub use feed::{Entry, Feed, is_feed};
pub use file::{ArticleEntry, EditionFile, FeedEntry, NoticeEntry, SectionEntry, line_of};
pub use gather::{Edition, Failure, Gathering, gather};
pub use start::{first_file, of_sources};

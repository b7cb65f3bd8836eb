//! Finding the article of a page, and the model it becomes.

mod account;
mod convert;
mod doubt;
mod explain;
mod export;
mod extraction;
mod features;
mod find;
mod hints;
mod judge;
pub(crate) mod learn;
mod learn_site;
mod metadata;
mod model;
mod options;
mod paging;
mod passage;
mod plain;
mod read;
mod site;
mod versions;
mod words;

pub use account::Account;
pub use doubt::DOUBTFUL;
pub use explain::{Explain, Found, Judged};
pub use extraction::{Extraction, FurtherPage};
pub use find::{find, find_explained};
pub use learn_site::{FEWEST_PAGES, Learned, MOST_PAGES as MOST_SITE_PAGES, SitePage, learn_site};
pub use model::{Article, Block, Cell, Definition, Image, Inline, Note, NumberStyle, Scope, Table};
pub(crate) use model::{is_file_name, labels};
pub use options::FindOptions;
pub use paging::{MOST_PAGES, Pages, Reading, read_pages};
#[cfg(feature = "cli")]
pub(crate) use read::has_tags;
pub use read::{Format, read, read_extraction};
pub use versions::{Version, Versions};

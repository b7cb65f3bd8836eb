//! Where pages and pictures come from: files, standard input, guarded fetching; bytes to UTF-8.

pub(crate) mod address;
pub(crate) mod charset;
#[cfg(feature = "fetch")]
pub(crate) mod coding;
#[cfg(feature = "fetch")]
pub(crate) mod fetch;
#[cfg(not(feature = "fetch"))]
#[path = "no_fetch.rs"]
pub(crate) mod fetch;
#[cfg(feature = "fetch")]
mod fetched_pictures;
mod folders;
mod format;
mod input;
mod mhtml;
mod page;
mod pictures;

pub use charset::{Declared, Decoded, Evidence, StreamDecoder, decode};
pub use folders::LocalFolders;
pub use format::refuse_other_formats;
pub use input::{Input, cannot_read};
pub use mhtml::is_message;
pub use page::Page;
pub use pictures::{NoPictures, PictureSource, Pictures};

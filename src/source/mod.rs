//! Where pages and pictures come from: files, standard input, guarded fetching; bytes to UTF-8.

pub mod address;
pub mod charset;
pub mod coding;
pub mod fetch;
mod page;
mod pictures;

pub use charset::{Declared, Decoded, Evidence, StreamDecoder, decode};
pub use page::{Input, Page, cannot_read, refuse_other_formats};
pub use pictures::{NoPictures, PictureSource, Pictures};

//! Where pages and pictures come from: files, standard input, guarded fetching; bytes to UTF-8.

pub mod charset;
mod pictures;

pub use charset::{Declared, Decoded, Evidence, StreamDecoder, decode};
pub use pictures::{NoPictures, PictureSource};

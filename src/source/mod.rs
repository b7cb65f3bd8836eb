//! Where pages and pictures come from.

mod pictures;

pub use pictures::{NoPictures, PictureSource};

//! Reading HTML, in two ways that know nothing of each other: as a stream, by a tokenizer ([`tokens`]) that the stack of
//! open elements ([`stack`]) steers, and whole, into an arena ([`dom`]). What both call the parts of a page is here too.

pub(crate) mod bytes;
pub mod dom;
pub(crate) mod entities;
pub(crate) mod language;
pub(crate) mod names;
pub(crate) mod stack;
pub(crate) mod tag;
pub(crate) mod tokens;

// For tests and fuzz targets; nothing else may rest on it.
#[doc(hidden)]
pub use tokens::listing;

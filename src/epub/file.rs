//! A file of the book.

/// A file of the book.
pub(super) struct File {
    pub(super) name: String,
    pub(super) media_type: &'static str,
    pub(super) data: Vec<u8>,
}

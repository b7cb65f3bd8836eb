//! What painting leaves of a page.

use lopdf::Stream;

use crate::sheet::{ContentId, PictureId};

/// A page that is painted.
pub(super) struct PaintedPage {
    /// The content stream, compressed.
    pub(super) stream: Stream,
    /// What each MCID belongs to; the index is the MCID.
    pub(super) marked: Vec<ContentId>,
    /// Pictures on it, each once.
    pub(super) pictures: Vec<PictureId>,
}

//! Typesetting: an article and a print style become a [`Publication`] of sheets. Knows nothing of PDF.

mod frame;
mod sheet;
mod structure;

pub use frame::Frame;
pub use sheet::{
    Color, Destination, Face, FaceId, Glyph, LinkArea, Mark, MarkKind, OutlineItem, Owner, Picture, PictureFormat,
    PictureId, Pt, Publication, Rect, Sheet, Target, TextRun, Warning,
};
pub use structure::{ContentId, Element, ElementId, Kid, ListNumbering, Role, Structure};

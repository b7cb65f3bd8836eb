//! Finished pages: everything placed, and the structure it belongs to. Stands on the ground: whoever makes sheets and
//! whoever draws them knows this room, and it knows nobody.

mod frame;
mod publication;
mod structure;

pub use frame::Frame;
pub use publication::{
    Color, Destination, Face, FaceId, Glyph, LinkArea, Mark, MarkKind, OutlineItem, Owner, Picture, PictureFormat,
    PictureId, PlanEntry, Pt, Publication, Rect, Sheet, Target, TextRun, Warning,
};
pub use structure::{ContentId, Element, ElementId, Kid, ListNumbering, Role, Structure};

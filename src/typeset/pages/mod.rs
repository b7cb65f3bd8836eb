//! From pieces to pages: columns are filled, headlines opened, margins furnished; how many pages it takes is known
//! before.

pub(crate) mod castoff;
mod edition;
mod furniture;
pub(crate) mod makeup;
mod notes;
pub(crate) mod opening;

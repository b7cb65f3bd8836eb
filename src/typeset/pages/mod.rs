//! From pieces to pages: columns are filled, headlines opened, margins furnished; how many pages it takes is known
//! before.

mod balance;
pub(crate) mod castoff;
mod edition;
mod furniture;
pub(crate) mod issue;
pub(crate) mod makeup;
mod matter;
mod modules;
mod notes;
pub(crate) mod opening;
mod plan;

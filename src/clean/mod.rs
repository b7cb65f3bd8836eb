//! What has to go and what must stay.
//!
//! [`Rules`] are data, compiled once and shared by every page: an element is looked up by its class names, id,
//! attributes and the host it comes from, each in a hash table, so that the cost does not grow with the rules.
//! A [`Site`] adds what the user knows: a [`SiteProfile`] and [`Filters`]. The [`Receipt`] says what was taken out and why.

mod files;
mod filters;
mod hints;
mod index;
mod inventory;
mod knowledge;
mod lengths;
mod litter;
mod parts;
mod profile;
mod receipt;
mod requests;
mod rules;
mod selector;
mod silent;
mod site;
mod tracking;

pub(crate) use files::is_file;
pub use filters::{Filters, Lines};
pub use hints::Hint;
pub(crate) use hints::Hints;
pub use inventory::Inventory;
pub(crate) use inventory::lost_words;
pub(crate) use knowledge::Knowledge;
#[doc(hidden)]
pub use knowledge::{KnowledgeSource, Known};
pub(crate) use lengths::Lengths;
pub(crate) use litter::is_litter;
pub use profile::SiteProfile;
pub use receipt::{Kept, Receipt, Removal};
pub use rules::Rules;
#[doc(hidden)]
pub use rules::{Element, Guard, Hit};
#[doc(hidden)]
pub use selector::SelectorNode;
pub(crate) use silent::{NegativeCache, Silent};
pub use site::Site;
#[doc(hidden)]
pub use site::{Part, SiteOnPage, Verdict};

//! What has to go and what must stay.
//!
//! [`Rules`] are data, compiled once and shared by every page: an element is looked up by its class names, id,
//! attributes and the host it comes from, each in a hash table, so that the cost does not grow with the rules.
//! A [`SiteProfile`] adds what is known about one site. The [`Receipt`] says what was taken out and why.

mod profile;
mod receipt;
mod rules;
mod tracking;

pub use profile::SiteProfile;
pub use receipt::{Kept, Receipt, Removal};
pub use rules::{Element, Guard, Hit, Rules};

//! Findings on HTML, PDF and themes: what a careful reader of the standards would object to, and where.
//!
//! A finding is not an error: the input was read and understood, and does not keep a rule.

mod budget;
mod content;
mod coverage;
mod fonts;
mod html;
mod interpreter;
mod load;
mod page_rules;
mod paper;
mod pdf;
mod preflight;
mod press;
mod reading;
mod structure;
mod tables;
mod tags;

use std::fmt;

use serde::Serialize;

pub use html::html;
pub use pdf::pdf;
pub use preflight::{Boxes, Font, Ink, Picture, Preflight, preflight};
pub use tags::{inventory, tags, text};

/// A rule that was not kept, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The rule by its name in its standard, for example `WCAG 2.4.2` or `PDF/UA-1 7.1`.
    pub rule: String,
    /// Where: an element's start tag and first words, `page 3`, `object 17`; empty for the whole document.
    pub place: String,
    /// One sentence that says what is wrong and what to do.
    pub message: String,
}

impl Finding {
    /// A finding at a place.
    pub fn new(rule: impl Into<String>, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { rule: rule.into(), place: place.into(), message: message.into() }
    }
}

/// `place: rule: message`, the form that editors and terminals take for a link to the place.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        write!(f, "{}: {}", self.rule, self.message)
    }
}

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod tests;

//! What flows through the rewriter.

use super::element::Element;
use crate::html::stack::Id;
use crate::html::tag::Tag;

/// What the stack tells, as a value that can be held back.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Open(Id, Element),
    Void(Element),
    Text(Box<str>),
    /// White space of that many bytes that means no more than a space does.
    Space(usize),
    Close(Id, Tag),
    /// The main part begins here; with the element that is its headline, where there is one.
    Main(Option<Id>),
    /// The main part ends here.
    MainEnd,
}

impl Event {
    /// What it costs to hold it, in bytes of the page, roughly.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Open(_, element) | Self::Void(element) => 8 + element.attributes.size(),
            Self::Text(text) => text.len(),
            Self::Space(length) => *length,
            Self::Close(..) => 5,
            Self::Main(_) | Self::MainEnd => 0,
        }
    }
}

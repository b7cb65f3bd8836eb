//! What the source stands in, from what began it to its end.

use super::script::Script;
use crate::html::tag::Tag;

/// What is read over to its end.
pub(super) enum Inside {
    /// `begun` where some of its data has been read: `>` and `->` end only one that has none.
    Comment {
        begun: bool,
    },
    /// What the standard calls a bogus comment.
    Bogus,
    /// A CDATA section: its content is text.
    Section,
    /// An element whose content is text with character references ("RCDATA").
    Rcdata(Tag),
    /// An element whose content is text as it stands ("RAWTEXT").
    Rawtext(Tag),
    /// Text to the end of the page.
    Plaintext,
    Script(Script),
}

impl Inside {
    /// What follows the start tag of an element that holds text.
    pub(super) fn of(tag: Tag) -> Self {
        match tag {
            Tag::Script => Self::Script(Script::default()),
            Tag::Title | Tag::Textarea => Self::Rcdata(tag),
            Tag::Plaintext => Self::Plaintext,
            tag => Self::Rawtext(tag),
        }
    }
}

//! Where text that is raw ends: at an "appropriate end tag token" (HTML, 13.2.5.9–14).

use memchr::memchr_iter;

use super::markup::{ENDS_TAG_NAME, tag_length};
use crate::html::tag::Tag;

/// Where the end tag of a raw text element stands in what has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RawEnd {
    /// Nowhere.
    None,
    /// What begins there may yet become one.
    MayBegin(usize),
    /// It begins there and has not come to its end.
    Begins(usize),
    /// It stands there.
    Whole(usize),
}

impl RawEnd {
    /// The same, told from so many bytes before.
    pub(super) fn behind(self, before: usize) -> Self {
        match self {
            Self::None => Self::None,
            Self::MayBegin(at) => Self::MayBegin(before + at),
            Self::Begins(at) => Self::Begins(before + at),
            Self::Whole(at) => Self::Whole(before + at),
        }
    }
}

/// Looks for the end tag in `text`.
pub(super) fn raw_end(text: &str, tag: Tag) -> RawEnd {
    let ends = |at: usize| Some(raw_end_at(&text[at..], tag).behind(at)).filter(|end| *end != RawEnd::None);
    memchr_iter(b'<', text.as_bytes()).find_map(ends).unwrap_or(RawEnd::None)
}

/// Whether `text`, which begins with `<`, begins with the end tag.
pub(super) fn raw_end_at(text: &str, tag: Tag) -> RawEnd {
    let bytes = text.as_bytes();
    match bytes.get(1) {
        None => return RawEnd::MayBegin(0),
        Some(b'/') => {}
        Some(_) => return RawEnd::None,
    }
    // No element has that name, so that nothing ends.
    if tag == Tag::Other {
        return RawEnd::None;
    }
    match is_named(&bytes["</".len()..], tag.name().as_bytes()) {
        None => RawEnd::MayBegin(0),
        Some(false) => RawEnd::None,
        Some(true) if tag_length(text).is_some() => RawEnd::Whole(0),
        Some(true) => RawEnd::Begins(0),
    }
}

/// Whether `text` begins so, in any case; `None` where too little of it has come to tell.
pub(super) fn begins(text: &[u8], so: &[u8]) -> Option<bool> {
    let come = text.len().min(so.len());
    if !text[..come].eq_ignore_ascii_case(&so[..come]) {
        return Some(false);
    }
    (come == so.len()).then_some(true)
}

/// Whether `text` begins so, and a tag's name ends there.
pub(super) fn is_named(text: &[u8], so: &[u8]) -> Option<bool> {
    match begins(text, so) {
        Some(true) => text.get(so.len()).map(|byte| ENDS_TAG_NAME[usize::from(*byte)]),
        begins => begins,
    }
}

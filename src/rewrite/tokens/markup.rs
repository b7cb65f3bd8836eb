//! Markup as it stands in the source: start tags with their attributes, end tags, and what may become one.

use memchr::memchr;
use smallvec::SmallVec;

use crate::rewrite::bytes;
use crate::rewrite::tag::Tag;

/// A start tag as written.
#[derive(Debug)]
pub(in crate::rewrite) struct StartTag<'a> {
    pub(in crate::rewrite) tag: Tag,
    pub(in crate::rewrite) name: &'a str,
    /// Names and values as written, character references not decoded.
    pub(in crate::rewrite) attributes: SmallVec<[(&'a str, &'a str); 8]>,
    pub(in crate::rewrite) self_closing: bool,
}

const IS_SPACE: [bool; 256] = bytes::set(b"\t\n\x0c\r ");
const IS_NO_SPACE: [bool; 256] = bytes::all_but(b"\t\n\x0c\r ");
/// Bytes that end the name of a tag, and of an attribute.
const ENDS_TAG_NAME: [bool; 256] = bytes::set(b"\t\n\x0c\r /");
const ENDS_NAME: [bool; 256] = bytes::set(b"\t\n\x0c\r /=");

impl<'a> StartTag<'a> {
    /// A start tag that the standard implies.
    pub(in crate::rewrite) fn implied(tag: Tag) -> Self {
        Self { tag, name: tag.name(), attributes: SmallVec::new(), self_closing: false }
    }

    /// Reads a start tag, from its `<` to its `>` (HTML, 13.2.5.8 and 13.2.5.32–40).
    pub(super) fn read(source: &'a str) -> Self {
        let bytes = source.as_bytes();
        let end = bytes.len().saturating_sub(1);
        let until = |from: usize, ends: &[bool; 256]| {
            let rest = bytes.get(from..end).unwrap_or_default();
            rest.iter().position(|byte| ends[usize::from(*byte)]).map_or(end, |length| from + length)
        };
        let mut at = until(1, &ENDS_TAG_NAME);
        let name = source.get(1..at).unwrap_or_default();
        let mut start = Self { tag: Tag::of(name.as_bytes()), name, ..Self::implied(Tag::Other) };
        while at < end {
            if bytes[at].is_ascii_whitespace() || bytes[at] == b'/' {
                start.self_closing = bytes[at] == b'/' && at + 1 == end;
                at += 1;
                continue;
            }
            // A name may begin with an equals sign.
            let name = at;
            at = until(at + 1, &ENDS_NAME);
            let name = &source[name..at];
            let equals = until(at, &IS_NO_SPACE);
            if equals == end || bytes[equals] != b'=' {
                start.attributes.push((name, ""));
                continue;
            }
            at = until(equals + 1, &IS_NO_SPACE);
            let value = match bytes.get(at).filter(|_| at < end) {
                Some(&quote @ (b'"' | b'\'')) => {
                    let from = at + 1;
                    at = memchr(quote, &bytes[from..end]).map_or(end, |length| from + length);
                    let value = &source[from..at];
                    at = end.min(at + 1);
                    value
                }
                Some(_) => {
                    let from = at;
                    at = until(at, &IS_SPACE);
                    &source[from..at]
                }
                None => "",
            };
            start.attributes.push((name, value));
        }
        start
    }

    /// The first attribute of that name, as written.
    pub(in crate::rewrite) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// A number that is the same for the same attributes in any order.
    pub(in crate::rewrite) fn fingerprint(&self) -> u64 {
        use std::hash::BuildHasher as _;
        let hasher = foldhash::fast::FixedState::default();
        let hash = |(name, value): &(&str, &str)| {
            let name = name
                .bytes()
                .fold(0_u64, |name, byte| (name ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3));
            hasher.hash_one((name, value))
        };
        self.attributes.iter().map(hash).fold(0, u64::wrapping_add)
    }
}

pub(super) const CDATA_START: &str = "<![CDATA[";
pub(super) const CDATA_END: &str = "]]>";

/// The source between `start` and `end`, both counted from the start of the page, of which `pending` begins at `base`.
pub(super) fn source(pending: &str, base: usize, start: usize, end: usize) -> &str {
    let clamp = |at: usize| at.saturating_sub(base).min(pending.len());
    pending.get(clamp(start)..clamp(end)).unwrap_or_default()
}

/// Whether `<` begins markup that is not whole yet, rather than being text.
pub(super) fn may_be_markup(rest: &[u8], more: bool) -> bool {
    match (rest.get(1), rest.get(2)) {
        (Some(b'/'), Some(c)) => more || c.is_ascii_alphabetic(),
        (Some(b'/'), None) | (None, _) => more,
        (Some(c), _) => c.is_ascii_alphabetic() || matches!(c, b'!' | b'?'),
    }
}

/// The end tag at the start of `source`, if it is whole: its name as written, and its length. `</>` is one without a name.
pub(super) fn end_tag(source: &str) -> Option<(&str, usize)> {
    let bytes = source.as_bytes();
    if bytes.first() != Some(&b'<') || bytes.get(1) != Some(&b'/') {
        return None;
    }
    let first = *bytes.get(2)?;
    if !first.is_ascii_alphabetic() {
        return (first == b'>').then_some(("", 3));
    }
    let length = bytes[2..].iter().position(|&b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))?;
    let name = &source[2..2 + length];
    if bytes[2 + length] == b'>' { Some((name, length + 3)) } else { Some((name, tag_length(source)?)) }
}

/// Where the end tag of a raw text element begins, if it has come.
pub(super) fn raw_end(text: &str, tag: Tag) -> Option<usize> {
    let mut ends = memchr::memchr_iter(b'<', text.as_bytes());
    ends.find(|&at| end_tag(&text[at..]).is_some_and(|(name, _)| Tag::of(name.as_bytes()) == tag))
}

/// How much of the end of a raw text may be the beginning of its end tag, in which further `<` may stand.
pub(super) fn unfinished_end(text: &str, tag: Tag) -> usize {
    let (bytes, name) = (text.as_bytes(), tag.name().as_bytes());
    let begins = |at: &usize| {
        let rest = &bytes[*at..];
        let (begun, more) = rest.split_at(rest.len().min(name.len() + "</".len()));
        let is_end = |(n, byte): (usize, &u8)| match n {
            0 => true,
            1 => *byte == b'/',
            n => byte.eq_ignore_ascii_case(&name[n - 2]),
        };
        let ends_name = more.first().is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'/');
        begun.iter().enumerate().all(is_end) && ends_name && tag_length(&text[*at..]).is_none()
    };
    memchr::memchr_iter(b'<', bytes).find(begins).map_or(0, |at| bytes.len() - at)
}

/// Length of the tag at the start of `source`: to its `>`, which may not stand in a quoted attribute value.
pub(super) fn tag_length(source: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut at = 0;
    let mut after_equals = false;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'>' => return Some(at),
            b'"' | b'\'' if after_equals => {
                at += bytes[at..].iter().position(|b| *b == byte)? + 1;
                after_equals = false;
            }
            b'=' => after_equals = true,
            byte if byte.is_ascii_whitespace() => {}
            _ => after_equals = false,
        }
    }
    None
}

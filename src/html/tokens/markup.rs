//! Tags as they stand in the source: start tags with their attributes, and end tags.

use memchr::memchr;
use smallvec::SmallVec;

use crate::html::bytes;
use crate::html::tag::Tag;

/// Attributes of a tag that are looked at; no page of people has as many, and each takes more memory than it has bytes.
const MOST_ATTRIBUTES: usize = 512;

/// A start tag as written.
#[derive(Debug)]
pub(crate) struct StartTag<'a> {
    pub(crate) tag: Tag,
    pub(crate) name: &'a str,
    /// Names and values as written, character references not decoded.
    pub(crate) attributes: SmallVec<[(&'a str, &'a str); 8]>,
    pub(crate) self_closing: bool,
}

const IS_NO_SPACE: [bool; 256] = bytes::all_but(b"\t\n\x0c\r ");
/// Bytes that end the name of a tag, that of an attribute, and a value without quotes.
pub(super) const ENDS_TAG_NAME: [bool; 256] = bytes::set(b"\t\n\x0c\r />");
const ENDS_NAME: [bool; 256] = bytes::set(b"\t\n\x0c\r />=");
const ENDS_VALUE: [bool; 256] = bytes::set(b"\t\n\x0c\r >");

impl<'a> StartTag<'a> {
    /// A start tag that the standard implies.
    pub(crate) fn implied(tag: Tag) -> Self {
        Self { tag, name: tag.name(), attributes: SmallVec::new(), self_closing: false }
    }

    /// Reads the start tag at the start of `source` (HTML, 13.2.5.8 and 13.2.5.32–40). Its length; `None` where its end
    /// has not come.
    pub(crate) fn read(&mut self, source: &'a str) -> Option<usize> {
        let at = 1 + source.as_bytes()[1..].iter().position(|byte| ENDS_TAG_NAME[usize::from(*byte)])?;
        self.name = &source[1..at];
        self.tag = Tag::of(self.name.as_bytes());
        self.read_attributes(source, at)
    }

    /// Reads on behind the name of a tag.
    fn read_attributes(&mut self, source: &'a str, mut at: usize) -> Option<usize> {
        let bytes = source.as_bytes();
        let until = |from: usize, ends: &[bool; 256]| {
            bytes.get(from..)?.iter().position(|byte| ends[usize::from(*byte)]).map(|length| from + length)
        };
        loop {
            match *bytes.get(at)? {
                b'>' => return Some(at + 1),
                b'/' => {
                    at += 1;
                    self.self_closing = bytes.get(at) == Some(&b'>');
                    continue;
                }
                byte if byte.is_ascii_whitespace() => {
                    at += 1;
                    continue;
                }
                _ => {}
            }
            // A name may begin with an equals sign.
            let name = at;
            at = until(at + 1, &ENDS_NAME)?;
            let name = &source[name..at];
            let equals = until(at, &IS_NO_SPACE)?;
            if bytes[equals] != b'=' {
                self.keep(name, "");
                at = equals;
                continue;
            }
            at = until(equals + 1, &IS_NO_SPACE)?;
            let value = match bytes[at] {
                quote @ (b'"' | b'\'') => {
                    let from = at + 1;
                    at = from + memchr(quote, &bytes[from..])?;
                    at += 1;
                    &source[from..at - 1]
                }
                b'>' => "",
                _ => {
                    let from = at;
                    at = until(at, &ENDS_VALUE)?;
                    &source[from..at]
                }
            };
            self.keep(name, value);
        }
    }

    fn keep(&mut self, name: &'a str, value: &'a str) {
        if self.attributes.len() < MOST_ATTRIBUTES {
            self.attributes.push((name, value));
        }
    }

    /// The first attribute of that name, as written.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// A number that is the same for the same attributes in any order.
    pub(crate) fn fingerprint(&self) -> u64 {
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

/// The end tag at the start of `source`, if it is whole: its name as written, and its length.
pub(super) fn end_tag(source: &str) -> Option<(&str, usize)> {
    let start = "</".len();
    let length = source.as_bytes().get(start..)?.iter().position(|byte| ENDS_TAG_NAME[usize::from(*byte)])?;
    let end = start + length;
    let whole = if source.as_bytes()[end] == b'>' { end + 1 } else { tag_length(source)? };
    Some((&source[start..end], whole))
}

/// Length of the tag at the start of `source`, a start or an end tag; `None` where its end has not come.
pub(crate) fn tag_length(source: &str) -> Option<usize> {
    let name = "</".len();
    let at = name + source.as_bytes().get(name..)?.iter().position(|byte| ENDS_TAG_NAME[usize::from(*byte)])?;
    StartTag::implied(Tag::Other).read_attributes(source, at)
}

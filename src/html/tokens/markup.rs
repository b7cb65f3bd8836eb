//! Markup as it stands in the source: start tags with their attributes, end tags, and what may become one.

use memchr::memchr;
use smallvec::SmallVec;

use super::Inside;
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
const ENDS_TAG_NAME: [bool; 256] = bytes::set(b"\t\n\x0c\r />");
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

pub(crate) const CDATA_START: &str = "<![CDATA[";
pub(crate) const CDATA_END: &str = "]]>";

/// What begins with `<!`, `<?` or `</`, but for end tags (HTML, 13.2.5.7, 13.2.5.41–44 and 13.2.5.53–69).
pub(crate) enum Declaration<'a> {
    /// It is text.
    Text,
    /// More of it has to come.
    Unfinished,
    /// A comment of that length, or something that counts as one.
    Whole(usize),
    /// A document type of that length, with its identifiers.
    Doctype(usize, [Option<&'a str>; 2]),
    /// Something that begins with so many bytes and whose end is to be looked for.
    Within(Inside, usize),
}

pub(crate) fn declaration(source: &str, in_foreign: bool) -> Declaration<'_> {
    const COMMENT: &str = "<!--";
    const DOCTYPE: &str = "<!doctype";
    let begins = |with: &str| source.get(..with.len()).is_some_and(|begun| begun.eq_ignore_ascii_case(with));
    let may_begin = |with: &str| with.get(..source.len()).is_some_and(|begun| begun.eq_ignore_ascii_case(source));
    match (source.as_bytes()[1], source.as_bytes().get(2)) {
        (b'/', None) => return Declaration::Text,
        (b'/', Some(b'>')) => return Declaration::Whole("</>".len()),
        (b'/' | b'?', _) => return Declaration::Within(Inside::Bogus, "</".len()),
        _ => {}
    }
    if begins(COMMENT) {
        // `<!-->` is one, and so is `<!--->`.
        return match comment_end(&source["<!".len()..], "--".len()) {
            Some(length) => Declaration::Whole("<!".len() + length),
            None if source.len() < "<!----!".len() => Declaration::Unfinished,
            None => Declaration::Within(Inside::Comment, source.floor_char_boundary(source.len() - "--!".len())),
        };
    }
    if begins(DOCTYPE) {
        let length = memchr(b'>', source.as_bytes());
        return length.map_or(Declaration::Unfinished, |end| {
            Declaration::Doctype(end + 1, identifiers(&source[DOCTYPE.len()..end]))
        });
    }
    if in_foreign && source.starts_with(CDATA_START) {
        return Declaration::Within(Inside::Section, CDATA_START.len());
    }
    if may_begin(COMMENT) || may_begin(DOCTYPE) || in_foreign && may_begin(CDATA_START) {
        return Declaration::Unfinished;
    }
    Declaration::Within(Inside::Bogus, "<!".len())
}

/// Where a comment ends; with `!` in its end only where at least `opened` bytes stand before that.
pub(crate) fn comment_end(text: &str, opened: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let ends = |at: &usize| {
        let before = &bytes[..*at];
        before.ends_with(b"--") || before.ends_with(b"--!") && before.len() - "--!".len() >= opened
    };
    memchr::memchr_iter(b'>', bytes).find(ends).map(|at| at + 1)
}

/// The public and the system identifier of a document type, of which `text` is what follows its first word.
fn identifiers(text: &str) -> [Option<&str>; 2] {
    let text = text.trim_ascii_start();
    let rest = text.find(|c: char| c.is_ascii_whitespace()).map_or("", |name| text[name..].trim_ascii_start());
    let Some((keyword, rest)) = rest.split_at_checked("public".len()) else { return [None, None] };
    let quoted = |text| -> Option<(&str, &str)> {
        let text = str::trim_ascii_start(text);
        let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        Some(text[1..].split_once(quote).unwrap_or((&text[1..], "")))
    };
    if keyword.eq_ignore_ascii_case("system") {
        return [None, quoted(rest).map(|(id, _)| id)];
    }
    match quoted(rest).filter(|_| keyword.eq_ignore_ascii_case("public")) {
        Some((id, rest)) => [Some(id), quoted(rest).map(|(id, _)| id)],
        None => [None, None],
    }
}

/// The end tag at the start of `source`, if it is whole: its name as written, and its length. `</>` is one without a name.
pub(crate) fn end_tag(source: &str) -> Option<(&str, usize)> {
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
pub(crate) fn raw_end(text: &str, tag: Tag) -> Option<usize> {
    let mut ends = memchr::memchr_iter(b'<', text.as_bytes());
    ends.find(|&at| end_tag(&text[at..]).is_some_and(|(name, _)| Tag::of(name.as_bytes()) == tag))
}

/// How much of the end of a raw text may be the beginning of its end tag, in which further `<` may stand.
pub(crate) fn unfinished_end(text: &str, tag: Tag) -> usize {
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

/// Length of the tag at the start of `source`, a start or an end tag; `None` where its end has not come.
pub(crate) fn tag_length(source: &str) -> Option<usize> {
    let name = "</".len();
    let at = name + source.as_bytes().get(name..)?.iter().position(|byte| ENDS_TAG_NAME[usize::from(*byte)])?;
    StartTag::implied(Tag::Other).read_attributes(source, at)
}

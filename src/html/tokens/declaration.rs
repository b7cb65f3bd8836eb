//! What begins as a tag does and is none: comments, document types, CDATA sections.

use memchr::{memchr, memchr_iter};

use super::doctype::Doctype;
use super::inside::Inside;
use super::raw::begins;

pub(super) const CDATA_START: &str = "<![CDATA[";
pub(super) const CDATA_END: &str = "]]>";

/// What begins with `<!`, `<?` or `</`, but for end tags (HTML, 13.2.5.6, 13.2.5.7 and 13.2.5.42).
pub(super) enum Declaration<'a> {
    /// It is text.
    Text,
    /// More of it has to come.
    Unfinished,
    /// It has come to its end in that length: `</>` is nothing.
    Nothing(usize),
    /// A document type of that length.
    Doctype(usize, Doctype<'a>),
    /// Something that begins with so many bytes and whose end is to be looked for.
    Within(Inside, usize),
}

pub(super) fn declaration(source: &str, in_foreign: bool, ended: bool) -> Declaration<'_> {
    const COMMENT: &str = "<!--";
    const DOCTYPE: &str = "<!doctype";
    let bytes = source.as_bytes();
    match (bytes[1], bytes.get(2)) {
        (b'/', None) => return Declaration::Text,
        (b'/', Some(b'>')) => return Declaration::Nothing("</>".len()),
        (b'/', _) => return Declaration::Within(Inside::Bogus, "</".len()),
        (b'?', _) => return Declaration::Within(Inside::Bogus, "<".len()),
        _ => {}
    }
    let is_comment = begins(bytes, COMMENT.as_bytes());
    let is_doctype = begins(bytes, DOCTYPE.as_bytes());
    let come = source.len().min(CDATA_START.len());
    let may_be_section = in_foreign && bytes[..come] == CDATA_START.as_bytes()[..come];
    if is_comment == Some(true) {
        return Declaration::Within(Inside::Comment { begun: false }, COMMENT.len());
    }
    if is_doctype == Some(true) {
        let text = |to| &source[DOCTYPE.len()..to];
        return match memchr(b'>', bytes) {
            Some(end) => Declaration::Doctype(end + 1, Doctype::read(text(end), true)),
            None if ended => Declaration::Doctype(source.len(), Doctype::read(text(source.len()), false)),
            None => Declaration::Unfinished,
        };
    }
    if may_be_section && come == CDATA_START.len() {
        return Declaration::Within(Inside::Section, CDATA_START.len());
    }
    if !ended && (is_comment.is_none() || is_doctype.is_none() || may_be_section) {
        return Declaration::Unfinished;
    }
    Declaration::Within(Inside::Bogus, "<!".len())
}

/// The end of a comment, from its data on: how much of that is data, and how much has been read with the end.
pub(super) fn comment_end(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    memchr_iter(b'>', bytes).find_map(|at| {
        let before = &bytes[..at];
        let data = before.strip_suffix(b"--").or_else(|| before.strip_suffix(b"--!"))?;
        Some((data.len(), at + 1))
    })
}

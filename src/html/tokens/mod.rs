//! Tokens of a page as they arrive.
//!
//! The tokenizer reads the source itself, in pieces that may end anywhere, and never ahead of the tree: what text is raw,
//! and what a drawing's CDATA section, only the tree knows. lol_html, which cannot be told, would guess it, or stop where
//! it cannot; and it reports an end tag only where its own stack of names holds a matching element: after
//! `<p><div></p></div>` the second end tag is never seen.
//!
//! Every state of the standard's tokenizer has its cases in `tests/states.rs`; html5gum, which is steered in the same
//! way, is the oracle of what no one thought of.

mod declaration;
mod doctype;
mod inside;
#[doc(hidden)]
pub mod listing;
mod markup;
mod raw;
mod script;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use memchr::{memchr, memmem};

use self::declaration::{CDATA_END, Declaration, comment_end, declaration};
pub(crate) use self::doctype::Doctype;
use self::inside::Inside;
pub(crate) use self::markup::StartTag;
use self::markup::end_tag;
use self::raw::{RawEnd, raw_end};
use super::entities;
use super::tag::Tag;

/// Takes tokens.
pub(crate) trait TokenSink {
    /// A start tag.
    fn start(&mut self, start: &StartTag<'_>);
    /// An end tag; `name` is as written.
    fn end(&mut self, tag: Tag, name: &str);
    /// A piece of text, character references decoded.
    fn text(&mut self, text: &str);
    /// The document type. Without one, and with some old ones, a page is read in quirks mode.
    fn doctype(&mut self, doctype: &Doctype<'_>) {
        let _ = doctype;
    }
    /// A piece of a script or of a style sheet, which nobody reads.
    fn unread(&mut self, piece: &str) {
        let _ = piece;
    }
    /// A piece of a comment, which nobody reads either; `ended` with the last.
    fn comment(&mut self, piece: &str, ended: bool) {
        let _ = (piece, ended);
    }
    /// Whether what comes next stands in a drawing or a formula, where text may be a CDATA section.
    fn in_foreign(&self) -> bool {
        false
    }
    /// Whether what follows the start tag that was given last is the text of an element of HTML.
    fn holds_text(&self) -> bool {
        !self.in_foreign()
    }
    /// Where in the source the next call's token starts and ends.
    fn at(&mut self, start: u64, end: u64) {
        let _ = (start, end);
    }
}

/// The page asks for more memory than a page may have.
#[derive(Debug)]
pub(crate) struct TooLarge;

/// The tokenizer: give it text, it calls the sink.
pub(crate) struct Tokens<S> {
    /// Takes the tokens.
    pub(crate) sink: S,
    /// Source that no token has covered yet, and where in the page it starts.
    pending: String,
    base: usize,
    /// What has begun and not ended.
    inside: Option<Inside>,
    /// Where the page must have come to before what is pending is looked at again.
    again: usize,
}

/// How far source was read, and whether there is more in it to read.
type Read = (usize, bool);

/// Input is handed on in pieces of at most this size, so that what is written follows closely.
const PIECE: usize = 16 << 10;
/// How much of a piece is read together with what the last has left open.
const BEGINNING: usize = 1 << 10;
/// Text is handed on whole up to this length, so that nothing depends on the pieces it comes in.
const LONG_TEXT: usize = 4 << 10;
/// A tag that is longer is not looked for its end at each piece, but when it has grown by a quarter.
const LONG_TAG: usize = 8 << 10;
/// How long one tag may be.
const MEMORY: usize = 8 << 20;

impl<S: TokenSink> Tokens<S> {
    pub(crate) fn new(sink: S) -> Self {
        Self { sink, pending: String::new(), base: 0, inside: None, again: 0 }
    }

    /// Takes the next piece of the page. `after` is called whenever the sink may have something to hand on.
    pub(crate) fn write(&mut self, mut text: &str, mut after: impl FnMut(&mut S)) -> Result<(), TooLarge> {
        while !text.is_empty() {
            let (piece, rest) = text.split_at(text.ceil_char_boundary(PIECE));
            text = rest;
            self.take(piece)?;
            after(&mut self.sink);
        }
        Ok(())
    }

    /// The page has ended.
    pub(crate) fn end(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        self.read(&pending, true);
        if let Some(Inside::Comment { .. } | Inside::Bogus) = self.inside.take() {
            self.sink.comment("", true);
        }
    }

    fn take(&mut self, mut piece: &str) -> Result<(), TooLarge> {
        // What the last piece has left open ends soon, as a rule: no more than that is copied.
        let mut most = BEGINNING;
        while !self.pending.is_empty() && !piece.is_empty() {
            let (more, rest) = piece.split_at(piece.ceil_char_boundary(most));
            self.pending.push_str(more);
            most = PIECE;
            if self.base + self.pending.len() < self.again {
                piece = rest;
                continue;
            }
            let pending = std::mem::take(&mut self.pending);
            let read = self.read(&pending, false);
            let left = &pending[read..];
            match more.len().checked_sub(left.len()) {
                // It has ended: what is left is the piece's own.
                Some(at) => piece = &piece[at..],
                None => {
                    self.pending = left.to_owned();
                    piece = rest;
                }
            }
            self.look_again_later();
        }
        if !piece.is_empty() {
            let read = self.read(piece, false);
            self.pending.push_str(&piece[read..]);
            self.look_again_later();
        }
        if self.pending.len() > MEMORY { Err(TooLarge) } else { Ok(()) }
    }

    fn look_again_later(&mut self) {
        let held = self.pending.len();
        self.again = if held > LONG_TAG { self.base + held + held / 4 } else { 0 };
    }

    /// Reads the source from where tokens have come to. How far.
    fn read(&mut self, source: &str, ended: bool) -> usize {
        let mut at = 0;
        let mut goes_on = true;
        while goes_on && at < source.len() {
            let rest = &source[at..];
            let read;
            (read, goes_on) = match self.inside.take() {
                Some(Inside::Script(mut script)) => {
                    let end = script.read(rest);
                    self.read_raw(Inside::Script(script), end, rest, ended)
                }
                Some(inside @ (Inside::Rcdata(tag) | Inside::Rawtext(tag))) => {
                    self.read_raw(inside, raw_end(rest, tag), rest, ended)
                }
                Some(Inside::Plaintext) => self.read_raw(Inside::Plaintext, RawEnd::None, rest, ended),
                Some(Inside::Comment { begun }) => self.read_comment(begun, rest, ended),
                Some(Inside::Bogus) => self.read_bogus(rest),
                Some(Inside::Section) => self.read_section(rest, ended),
                None => self.read_markup(rest, ended),
            };
            at += read;
            self.base += read;
        }
        at
    }

    /// Reads raw text as far as its end tag, which stands at `end`.
    fn read_raw(&mut self, inside: Inside, end: RawEnd, source: &str, ended: bool) -> Read {
        let has_references = matches!(inside, Inside::Rcdata(_));
        let (text, read) = match end {
            RawEnd::Whole(at) => (at, at),
            // A page that ends within a tag does not have it.
            RawEnd::Begins(at) if ended => (at, source.len()),
            RawEnd::Begins(at) | RawEnd::MayBegin(at) if !ended => (at, at),
            RawEnd::None if has_references && !ended => {
                let whole = source.len() - entities::unfinished(source);
                (whole, whole)
            }
            _ => (source.len(), source.len()),
        };
        if text > 0 {
            self.sink.at(self.base as u64, (self.base + text) as u64);
            let piece = &source[..text];
            match inside {
                Inside::Script(_) | Inside::Rawtext(Tag::Style) => self.sink.unread(piece),
                Inside::Rcdata(_) => self.sink.text(&entities::decode(&without_nul(piece), false)),
                _ => self.sink.text(&without_nul(piece)),
            }
        }
        let is_over = matches!(end, RawEnd::Whole(_));
        if !is_over {
            self.inside = Some(inside);
        }
        (read, is_over)
    }

    /// Reads on in a comment.
    fn read_comment(&mut self, begun: bool, source: &str, ended: bool) -> Read {
        let at_once = if source.starts_with('>') { ">".len() } else { "->".len() };
        if !begun && (source.starts_with('>') || source.starts_with("->")) {
            self.sink.comment("", true);
            return (at_once, true);
        }
        if let Some((data, length)) = comment_end(source) {
            self.sink.comment(&source[..data], true);
            return (length, true);
        }
        // What may be the beginning of its end is looked at again; where nothing follows, it is none of the data.
        let data = source.len() - begun_end(source, &["--!", "--", "-"]);
        self.sink.comment(&source[..data], false);
        self.inside = Some(Inside::Comment { begun: begun || source != "-" });
        (if ended { source.len() } else { data }, false)
    }

    /// Reads on in what counts as a comment.
    fn read_bogus(&mut self, source: &str) -> Read {
        let end = memchr(b'>', source.as_bytes());
        self.sink.comment(&source[..end.unwrap_or(source.len())], end.is_some());
        if end.is_none() {
            self.inside = Some(Inside::Bogus);
        }
        (end.map_or(source.len(), |end| end + 1), end.is_some())
    }

    /// Reads on in a CDATA section.
    fn read_section(&mut self, source: &str, ended: bool) -> Read {
        let end = memmem::find(source.as_bytes(), CDATA_END.as_bytes());
        // What may be the beginning of its end is looked at again.
        let held = if ended { 0 } else { begun_end(source, &["]]", "]"]) };
        let text = end.unwrap_or(source.len() - held);
        if text > 0 {
            self.sink.at(self.base as u64, (self.base + text) as u64);
            self.sink.text(&source[..text]);
        }
        if end.is_none() {
            self.inside = Some(Inside::Section);
        }
        (end.map_or(text, |end| end + CDATA_END.len()), end.is_some())
    }

    /// Reads tags and the text between them.
    fn read_markup(&mut self, source: &str, ended: bool) -> Read {
        let bytes = source.as_bytes();
        // Text from there on has not been handed on.
        let mut from = 0;
        let mut at = 0;
        while let Some(length) = memchr(b'<', &bytes[at..]) {
            at += length;
            let rest = &source[at..];
            // How long the markup is; `None` where it has not come to its end.
            let whole = match bytes.get(at + 1) {
                Some(first) if first.is_ascii_alphabetic() => {
                    let mut start = StartTag::implied(Tag::Other);
                    let length = start.read(rest);
                    if let Some(length) = length {
                        self.text(source, from, at);
                        self.markup(at, length);
                        self.sink.start(&start);
                        if start.tag.is_raw_text() && self.sink.holds_text() {
                            self.inside = Some(Inside::of(start.tag));
                            return (at + length, true);
                        }
                    }
                    length
                }
                Some(b'/') if bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic) => {
                    let end = end_tag(rest);
                    if let Some((name, length)) = end {
                        self.text(source, from, at);
                        self.markup(at, length);
                        self.sink.end(Tag::of(name.as_bytes()), name);
                    }
                    end.map(|(_, length)| length)
                }
                Some(b'/') if bytes.len() == at + 2 && !ended => None,
                Some(b'/' | b'!' | b'?') => match declaration(rest, self.sink.in_foreign(), ended) {
                    Declaration::Text => {
                        at += 1;
                        continue;
                    }
                    Declaration::Unfinished => None,
                    Declaration::Nothing(length) => {
                        self.text(source, from, at);
                        Some(length)
                    }
                    Declaration::Doctype(length, doctype) => {
                        self.text(source, from, at);
                        self.markup(at, length);
                        self.sink.doctype(&doctype);
                        Some(length)
                    }
                    Declaration::Within(inside, length) => {
                        self.text(source, from, at);
                        self.inside = Some(inside);
                        return (at + length, true);
                    }
                },
                None if !ended => None,
                _ => {
                    at += 1;
                    continue;
                }
            };
            match whole {
                Some(length) => {
                    at += length;
                    from = at;
                }
                // More may come; where nothing does, a page that ends within a tag does not have it.
                None => {
                    self.text(source, from, at);
                    return (if ended { source.len() } else { at }, false);
                }
            }
        }
        let to = if ended { source.len() } else { from + whole_text(&source[from..]) };
        self.text(source, from, to);
        (to, false)
    }

    /// Hands on the text between two places in the source.
    fn text(&mut self, source: &str, from: usize, to: usize) {
        if from < to {
            self.sink.at((self.base + from) as u64, (self.base + to) as u64);
            self.sink.text(&entities::decode(&source[from..to], false));
        }
    }

    /// Tells where markup stands.
    fn markup(&mut self, at: usize, length: usize) {
        self.sink.at((self.base + at) as u64, (self.base + at + length) as u64);
    }
}

/// How much of the end of `source` is one of these beginnings, of which the longest stands first.
fn begun_end(source: &str, beginnings: &[&str]) -> usize {
    beginnings.iter().find(|beginning| source.ends_with(**beginning)).map_or(0, |beginning| beginning.len())
}

/// In raw text, NUL is a character that cannot be shown; elsewhere it is none.
fn without_nul(text: &str) -> Cow<'_, str> {
    match memchr(0, text.as_bytes()) {
        Some(_) => Cow::Owned(text.replace('\0', "\u{fffd}")),
        None => Cow::Borrowed(text),
    }
}

/// How much of text that goes on is handed on: none, or all but its last word.
fn whole_text(text: &str) -> usize {
    if text.len() <= LONG_TEXT {
        return 0;
    }
    let space = text.as_bytes().iter().rposition(u8::is_ascii_whitespace);
    space.filter(|at| text.len() - at <= LONG_TEXT).unwrap_or_else(|| text.len() - entities::unfinished(text))
}

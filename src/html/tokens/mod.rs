//! Tokens of a page as they arrive.
//!
//! The tokenizer reads the source itself, in pieces that may end anywhere, and never ahead of the tree: what text is raw,
//! and what a drawing's CDATA section, only the tree knows. lol_html, which cannot be told, would guess it, or stop where
//! it cannot; and it reports an end tag only where its own stack of names holds a matching element: after
//! `<p><div></p></div>` the second end tag is never seen. It is asked for what only a whole tokenizer can know: where a
//! script ends that holds a comment (see [`script`]).

mod markup;
mod script;
#[cfg(test)]
mod tests;

use memchr::{memchr, memmem};

pub(crate) use self::markup::StartTag;
use self::markup::{CDATA_END, Declaration, comment_end, declaration, end_tag, raw_end, unfinished_end};
use self::script::Script;
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
    fn doctype(&mut self, public_id: Option<&str>, system_id: Option<&str>) {
        let _ = (public_id, system_id);
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
    /// Reads scripts that hold comments, once there has been one.
    reader: Option<Box<script::Reader>>,
    /// Where the page must have come to before what is pending is looked at again.
    again: usize,
}

/// What is read over to its end.
enum Inside {
    Comment,
    /// What the standard calls a bogus comment.
    Bogus,
    /// A CDATA section: its content is text.
    Section,
    /// An element whose content is text, with character references or without.
    Raw(Tag),
    Script(Script),
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
        Self { sink, pending: String::new(), base: 0, inside: None, reader: None, again: 0 }
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
    pub(crate) fn end(&mut self) -> Result<(), TooLarge> {
        let pending = std::mem::take(&mut self.pending);
        self.read(&pending, true)?;
        Ok(())
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
            let read = self.read(&pending, false)?;
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
            let read = self.read(piece, false)?;
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
    fn read(&mut self, source: &str, ended: bool) -> Result<usize, TooLarge> {
        let mut at = 0;
        let mut goes_on = true;
        while goes_on && at < source.len() {
            let rest = &source[at..];
            let read;
            (read, goes_on) = match self.inside.take() {
                Some(Inside::Script(script)) => self.read_script(script, rest)?,
                Some(Inside::Raw(tag)) => self.read_raw(tag, rest, ended),
                Some(inside) => self.read_inside(inside, rest, ended),
                None => self.read_markup(rest, ended),
            };
            at += read;
            self.base += read;
        }
        Ok(at)
    }

    /// Reads on in a script, which nobody reads but for its end.
    fn read_script(&mut self, mut script: Script, source: &str) -> Result<Read, TooLarge> {
        let (read, ended) = script.read(&mut self.reader, source)?;
        if !ended {
            self.inside = Some(Inside::Script(script));
        }
        Ok((read, ended))
    }

    /// Reads raw text.
    fn read_raw(&mut self, tag: Tag, source: &str, ended: bool) -> Read {
        let has_references = matches!(tag, Tag::Title | Tag::Textarea);
        let end = if tag == Tag::Plaintext { None } else { raw_end(source, tag) };
        let text = match end {
            Some(end) => end,
            None if ended || tag == Tag::Plaintext => source.len(),
            None => match unfinished_end(source, tag) {
                0 if has_references => source.len() - entities::unfinished(source),
                unfinished => source.len() - unfinished,
            },
        };
        // Nobody reads sheets.
        if tag != Tag::Style && text > 0 {
            self.sink.at(self.base as u64, (self.base + text) as u64);
            if has_references {
                self.sink.text(&entities::decode(&source[..text], false));
            } else {
                self.sink.text(&source[..text]);
            }
        }
        if end.is_none() {
            self.inside = Some(Inside::Raw(tag));
        }
        (text, end.is_some())
    }

    /// Reads on in a comment or a CDATA section.
    fn read_inside(&mut self, inside: Inside, source: &str, ended: bool) -> Read {
        // What may be the beginning of its end is looked at again.
        let (end, most) = match inside {
            Inside::Comment => (comment_end(source, 0), "--!".len()),
            Inside::Section => {
                let end = memmem::find(source.as_bytes(), CDATA_END.as_bytes());
                (end.map(|at| at + CDATA_END.len()), CDATA_END.len() - 1)
            }
            _ => (memchr(b'>', source.as_bytes()).map(|at| at + 1), 0),
        };
        let held = if ended { 0 } else { most };
        let length = end.unwrap_or_else(|| source.floor_char_boundary(source.len().saturating_sub(held)));
        if let Inside::Section = inside {
            let text = if end.is_some() { length - CDATA_END.len() } else { length };
            if text > 0 {
                self.sink.at(self.base as u64, (self.base + text) as u64);
                self.sink.text(&source[..text]);
            }
        }
        if end.is_none() {
            self.inside = Some(inside);
        }
        (length, end.is_some())
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
                            self.inside = Some(match start.tag {
                                Tag::Script => Inside::Script(Script::default()),
                                tag => Inside::Raw(tag),
                            });
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
                Some(b'/' | b'!' | b'?') => match declaration(rest, self.sink.in_foreign()) {
                    Declaration::Text => {
                        at += 1;
                        continue;
                    }
                    Declaration::Unfinished => None,
                    Declaration::Whole(length) => {
                        self.text(source, from, at);
                        Some(length)
                    }
                    Declaration::Doctype(length, [public_id, system_id]) => {
                        self.text(source, from, at);
                        self.markup(at, length);
                        self.sink.doctype(public_id, system_id);
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

/// How much of text that goes on is handed on: none, or all but its last word.
fn whole_text(text: &str) -> usize {
    if text.len() <= LONG_TEXT {
        return 0;
    }
    let space = text.as_bytes().iter().rposition(u8::is_ascii_whitespace);
    space.filter(|at| text.len() - at <= LONG_TEXT).unwrap_or_else(|| text.len() - entities::unfinished(text))
}

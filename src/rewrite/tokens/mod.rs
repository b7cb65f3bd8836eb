//! Tokens of a page as they arrive: lol_html's tokenizer, asked for no more than only it can know.
//!
//! lol_html tells where the elements stand after whose start tags text may be raw, whether it is, and where it ends if
//! that depends on more than the tags around it. The rest lies between those: tags, comments and text, read here.
//! lol_html could report them all, but a start tag or a comment at several times the price of stepping over it, text at
//! a price that is half of a pass, and an end tag only where its own stack of names holds a matching element; and that
//! stack knows no implied ends: after `<p><div></p></div>` the second end tag is never reported.
//!
//! That stack also grows with every element that is not closed by name. Where it has grown long, the tokenizer is
//! replaced by a new one between two tokens; nothing but names on that stack is lost by it.

mod markup;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lol_html::errors::RewritingError;
use lol_html::html_content::{SourceLocation, TextType};
use lol_html::send::{HtmlRewriter, Settings};
use lol_html::{MemorySettings, element, text};
use memchr::{memchr, memmem};

pub(super) use self::markup::StartTag;
use self::markup::{
    CDATA_END, Declaration, comment_end, declaration, end_tag, raw_end, source, tag_length, unfinished_end,
};
use super::entities;
use super::tag::Tag;

/// Takes tokens.
pub(super) trait TokenSink {
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
    /// Where in the source the next call's token starts and ends.
    fn at(&mut self, start: u64, end: u64) {
        let _ = (start, end);
    }
}

/// The page asks for more memory than a page may have.
#[derive(Debug)]
pub(super) struct TooLarge;

/// The tokenizer: give it text, it calls the sink.
pub(super) struct Tokens<'h, S> {
    /// Takes the tokens.
    pub(super) sink: S,
    lol: Option<HtmlRewriter<'h, Discard>>,
    found: Arc<Mutex<Vec<Found>>>,
    /// As `found`, to be exchanged with it.
    spare: Vec<Found>,
    /// Source that no token has covered yet, and where in the page it starts.
    pending: String,
    base: usize,
    /// Where in the page the present tokenizer started.
    origin: usize,
    /// How far tokens have come.
    covered: usize,
    /// The end of a raw text that may be the beginning of a character reference.
    tail: String,
    /// Start tags seen by the present tokenizer.
    starts: usize,
    /// The raw text element that the last start tag opened: what follows is not for us to read.
    raw: Option<Tag>,
    /// The present tokenizer has met a frameset.
    frames: bool,
    /// What earlier pieces have begun and not ended.
    inside: Option<Inside>,
    /// Where the page must have come to before an unfinished tag is looked at again.
    again: usize,
}

/// What lol_html tells, and where in its own input it starts and ends.
struct Found {
    start: usize,
    end: usize,
    what: What,
}

enum What {
    /// A start tag after which text may be raw.
    Start { html: bool },
    /// Text that is raw, but for its character references where it may have some.
    Raw(TextType),
    /// A script ends.
    RawEnd,
}

/// What is read over to its end.
#[derive(Clone, Copy)]
enum Inside {
    Comment,
    /// What the standard calls a bogus comment.
    Bogus,
    /// A CDATA section: its content is text.
    Section,
}

/// What the source between two tokens is followed by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Token,
    /// The next piece of the page.
    Piece,
    /// A start tag at which strict mode has stopped, somewhere in it.
    Stop,
    End,
}

impl Then {
    /// Whether what follows is not known yet.
    fn is_open(self) -> bool {
        matches!(self, Self::Piece | Self::Stop)
    }
}

/// lol_html's own output is not used: the page is written by our own hand.
struct Discard;

impl lol_html::OutputSink for Discard {
    fn handle_chunk(&mut self, _: &[u8]) {}
}

/// Input is handed on in pieces of at most this size, so that what is written follows closely.
const PIECE: usize = 16 << 10;
/// Start tags after which the tokenizer is replaced.
const MOST_STARTS: usize = 20_000;
/// A tag that is longer is not looked for its end at each piece, but when it has grown by a quarter.
const LONG_TAG: usize = 64 << 10;
/// What the tokenizer may hold: one tag with its attributes, and its stack.
const MEMORY: usize = 8 << 20;

impl<'h, S: TokenSink + Send + 'h> Tokens<'h, S> {
    pub(super) fn new(sink: S) -> Self {
        let found = Arc::default();
        let lol = Some(tokenizer(&found));
        Self {
            sink,
            lol,
            found,
            spare: Vec::new(),
            pending: String::new(),
            base: 0,
            origin: 0,
            covered: 0,
            tail: String::new(),
            starts: 0,
            raw: None,
            frames: false,
            inside: None,
            again: 0,
        }
    }

    /// Takes the next piece of the page. `after` is called whenever the sink may have something to hand on.
    pub(super) fn write(&mut self, mut text: &str, mut after: impl FnMut(&mut S)) -> Result<(), TooLarge> {
        while !text.is_empty() {
            let mut end = text.len().min(PIECE);
            while !text.is_char_boundary(end) {
                end += 1;
            }
            let (piece, rest) = text.split_at(end);
            text = rest;
            self.pending.push_str(piece);
            self.feed(piece)?;
            self.between(self.base + self.pending.len(), Then::Piece);
            self.trim();
            after(&mut self.sink);
            if self.starts > MOST_STARTS && self.is_replaceable() {
                self.replace()?;
            }
            if self.pending.len() > MEMORY {
                return Err(TooLarge);
            }
        }
        Ok(())
    }

    /// The page has ended.
    pub(super) fn end(&mut self) -> Result<(), TooLarge> {
        // Ending may uncover an ambiguous tag; the tokenizer after it ends too.
        while let Some(lol) = self.lol.take() {
            let ended = lol.end();
            self.take_found();
            match ended {
                Ok(()) => break,
                Err(RewritingError::ParsingAmbiguity(_)) => self.step_over()?,
                Err(_) => return Err(TooLarge),
            }
        }
        self.between(self.base + self.pending.len(), Then::End);
        flush_tail(&mut self.tail, &mut self.sink);
        Ok(())
    }

    fn feed(&mut self, piece: &str) -> Result<(), TooLarge> {
        let Some(lol) = &mut self.lol else { return self.step_over() };
        let written = lol.write(piece.as_bytes());
        self.take_found();
        match written {
            Ok(()) => Ok(()),
            Err(RewritingError::ParsingAmbiguity(_)) => self.step_over(),
            Err(_) => Err(TooLarge),
        }
    }

    /// Whether nothing that the present tokenizer knows is needed: it is not within raw text or foreign content.
    fn is_replaceable(&self) -> bool {
        self.raw.is_none() && self.inside.is_none() && !self.sink.in_foreign()
    }

    /// A new tokenizer from the end of the last token on.
    fn replace(&mut self) -> Result<(), TooLarge> {
        self.trim();
        self.origin = self.covered;
        self.starts = 0;
        self.frames = false;
        let rest = self.pending.clone();
        self.lol = Some(tokenizer(&self.found));
        self.feed(&rest)
    }

    /// Strict mode stops at a tag of which a stream cannot know whether it is ignored (`<select><xmp>`). A browser
    /// ignores it there; so it is stepped over, and what follows is read as markup. Whatever comes of it passes the
    /// same allow-list as everything else. After a frameset a browser may take it as well: where the page had text
    /// before, the frameset counts for nothing. There it is read again as if there had been none.
    fn step_over(&mut self) -> Result<(), TooLarge> {
        self.between(self.base + self.pending.len(), Then::Stop);
        self.trim();
        if self.frames {
            return self.replace();
        }
        let Some(length) = tag_length(&self.pending) else {
            // The tag goes on in the next piece.
            self.lol = None;
            return Ok(());
        };
        self.covered += length;
        self.replace()
    }

    /// What lol_html has found goes to the sink, with what stands between.
    fn take_found(&mut self) {
        let spare = std::mem::take(&mut self.spare);
        let mut found = std::mem::replace(&mut *lock(&self.found), spare);
        for Found { start, end, what } in found.drain(..) {
            let (start, end) = (self.origin + start, self.origin + end);
            match what {
                What::Raw(text_type) => {
                    self.between(start, Then::Token);
                    self.raw_text(start, end, text_type);
                }
                What::RawEnd => {
                    if self.raw.take().is_some() {
                        self.covered = self.covered.max(start);
                    }
                }
                What::Start { html } => {
                    self.between(start, Then::Token);
                    // Where it stands in what was read otherwise, the tree knows better.
                    if self.covered == start {
                        self.raw_start(start, end, html);
                    }
                }
            }
        }
        self.spare = found;
    }

    fn raw_start(&mut self, at: usize, end: usize, html: bool) {
        flush_tail(&mut self.tail, &mut self.sink);
        let mut start = StartTag::implied(Tag::Other);
        if start.read(source(&self.pending, self.base, at, end)).is_none() {
            return;
        }
        self.sink.at(at as u64, end as u64);
        self.starts += 1;
        self.raw = Some(start.tag).filter(|tag| html && tag.is_raw_text());
        self.sink.start(&start);
        self.covered = end;
    }

    fn raw_text(&mut self, start: usize, end: usize, text_type: TextType) {
        let text = source(&self.pending, self.base, self.covered.max(start), end);
        self.covered = self.covered.max(end);
        if text.is_empty() {
            return;
        }
        self.sink.at(start as u64, end as u64);
        if !text_type.allows_html_entities() {
            self.sink.text(text);
            return;
        }
        let joined;
        let text = if self.tail.is_empty() {
            text
        } else {
            joined = std::mem::take(&mut self.tail) + text;
            joined.as_str()
        };
        let (text, tail) = text.split_at(text.len() - entities::unfinished(text));
        self.tail.push_str(tail);
        if !text.is_empty() {
            self.sink.text(&entities::decode(text, false));
        }
    }

    /// Reads what lies between the last token and `to`: tags, comments, text.
    fn between(&mut self, to: usize, then: Then) {
        while self.covered < to {
            let goes_on = match (self.inside, self.raw) {
                (Some(inside), _) => self.read_inside(inside, to, then),
                (None, Some(raw)) if !self.is_past(raw, to, then) => self.read_raw(raw, to, then),
                (None, _) => self.read_markup(to, then),
            };
            if !goes_on {
                return;
            }
        }
    }

    /// Whether what comes next is not text of the raw text element that was opened last.
    fn is_past(&self, raw: Tag, to: usize, then: Then) -> bool {
        match raw {
            // Only its end matters, and that lol_html tells: not every `</script>` is one.
            Tag::Script => !then.is_open(),
            // lol_html hands on its text; what follows the end tag is for us to read again.
            Tag::Title | Tag::Textarea | Tag::Plaintext => {
                let end = end_tag(source(&self.pending, self.base, self.covered, to));
                !then.is_open() || end.is_some_and(|(name, _)| Tag::of(name.as_bytes()) == raw)
            }
            _ => false,
        }
    }

    /// Reads raw text. Whether there is more to read.
    fn read_raw(&mut self, raw: Tag, to: usize, then: Then) -> bool {
        let offset = self.covered;
        let gap = source(&self.pending, self.base, offset, to);
        match raw {
            Tag::Script => {
                self.covered = offset + gap.len() - unfinished_end(gap, Tag::Script);
                false
            }
            Tag::Title | Tag::Textarea | Tag::Plaintext => false,
            raw => {
                let end = raw_end(gap, raw);
                let text = match end {
                    None if then.is_open() => gap.len() - unfinished_end(gap, raw),
                    end => end.unwrap_or(gap.len()),
                };
                // Nobody reads sheets.
                if raw != Tag::Style && text > 0 {
                    self.sink.at(offset as u64, (offset + text) as u64);
                    self.sink.text(&gap[..text]);
                }
                self.covered = offset + text;
                if end.is_some() {
                    self.raw = None;
                }
                end.is_some()
            }
        }
    }

    /// Reads on in a comment or a CDATA section. Whether there is more to read.
    fn read_inside(&mut self, inside: Inside, to: usize, then: Then) -> bool {
        let offset = self.covered;
        let gap = source(&self.pending, self.base, offset, to);
        // What may be the beginning of its end is looked at again.
        let (end, most) = match inside {
            Inside::Comment => (comment_end(gap, 0), "--!".len()),
            Inside::Bogus => (memchr(b'>', gap.as_bytes()).map(|at| at + 1), 0),
            Inside::Section => {
                (memmem::find(gap.as_bytes(), CDATA_END.as_bytes()).map(|at| at + CDATA_END.len()), CDATA_END.len() - 1)
            }
        };
        let held = if then == Then::End { 0 } else { most };
        let length = end.unwrap_or_else(|| gap.floor_char_boundary(gap.len().saturating_sub(held)));
        if let Inside::Section = inside {
            let text = if end.is_some() { length - CDATA_END.len() } else { length };
            if text > 0 {
                self.sink.at(offset as u64, (offset + text) as u64);
                self.sink.text(&gap[..text]);
            }
        }
        if end.is_some() {
            self.inside = None;
        }
        self.covered = offset + length;
        end.is_some()
    }

    /// Reads tags and the text between them. Whether there is more to read.
    fn read_markup(&mut self, to: usize, then: Then) -> bool {
        let offset = self.covered;
        let gap = source(&self.pending, self.base, offset, to);
        let bytes = gap.as_bytes();
        // Text from there on has not been handed on.
        let mut from = 0;
        let mut at = 0;
        while let Some(length) = memchr(b'<', &bytes[at..]) {
            at += length;
            let rest = &gap[at..];
            // In raw text, only an end tag is markup.
            let only_ends = self.raw.is_some();
            let text = |sink: &mut S, tail: &mut String| {
                hand_on(sink, &gap[from..at], offset + from);
                flush_tail(tail, sink);
            };
            // How long the markup is; `None` where it has not come to its end.
            let whole = match bytes.get(at + 1) {
                _ if then == Then::Piece && to < self.again => None,
                Some(first) if first.is_ascii_alphabetic() && !only_ends => {
                    let mut start = StartTag::implied(Tag::Other);
                    let length = start.read(rest);
                    if then == Then::Stop && length.is_some() && start.tag.is_raw_text() {
                        None
                    } else {
                        if let Some(length) = length {
                            text(&mut self.sink, &mut self.tail);
                            self.sink.at((offset + at) as u64, (offset + at + length) as u64);
                            self.starts += 1;
                            self.frames |= start.tag == Tag::Frameset;
                            self.sink.start(&start);
                        }
                        length
                    }
                }
                Some(b'/') if bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic) => {
                    let end = end_tag(rest);
                    if let Some((name, length)) = end {
                        text(&mut self.sink, &mut self.tail);
                        self.sink.at((offset + at) as u64, (offset + at + length) as u64);
                        self.sink.end(Tag::of(name.as_bytes()), name);
                        self.raw = None;
                    }
                    end.map(|(_, length)| length)
                }
                Some(b'/') if bytes.len() == at + 2 && then.is_open() => None,
                Some(b'/' | b'!' | b'?') if !only_ends => match declaration(rest, self.sink.in_foreign()) {
                    Declaration::Text => {
                        at += 1;
                        continue;
                    }
                    Declaration::Unfinished => None,
                    Declaration::Whole(length) => {
                        text(&mut self.sink, &mut self.tail);
                        Some(length)
                    }
                    Declaration::Doctype(length, [public_id, system_id]) => {
                        text(&mut self.sink, &mut self.tail);
                        self.sink.at((offset + at) as u64, (offset + at + length) as u64);
                        self.sink.doctype(public_id, system_id);
                        Some(length)
                    }
                    Declaration::Within(inside, length) => {
                        text(&mut self.sink, &mut self.tail);
                        self.inside = Some(inside);
                        self.covered = offset + at + length;
                        return true;
                    }
                },
                None if then.is_open() => None,
                _ => {
                    at += 1;
                    continue;
                }
            };
            match whole {
                Some(length) => {
                    at += length;
                    from = at;
                    self.again = 0;
                }
                // lol_html has found a token after it: it is none.
                None if then == Then::Token => at += 1,
                // More may come; where nothing does, a page that ends within a tag does not have it.
                None => {
                    text(&mut self.sink, &mut self.tail);
                    self.covered = if then == Then::End { to } else { offset + at };
                    if rest.len() > LONG_TAG && self.again <= to {
                        self.again = to + rest.len() / 4;
                    }
                    return false;
                }
            }
        }
        let unfinished = if then.is_open() { entities::unfinished(&gap[from..]) } else { 0 };
        hand_on(&mut self.sink, &gap[from..gap.len() - unfinished], offset + from);
        self.covered = offset + gap.len() - unfinished;
        false
    }

    /// Forgets the source that tokens have covered.
    fn trim(&mut self) {
        let covered = (self.covered - self.base).min(self.pending.len());
        self.pending.drain(..covered);
        self.base += covered;
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hands on text that starts at `at`.
fn hand_on(sink: &mut impl TokenSink, text: &str, at: usize) {
    if !text.is_empty() {
        sink.at(at as u64, (at + text.len()) as u64);
        sink.text(&entities::decode(text, false));
    }
}

/// The text has ended: what looked like the beginning of a character reference is all there is of it.
fn flush_tail(tail: &mut String, sink: &mut impl TokenSink) {
    if !tail.is_empty() {
        let tail = std::mem::take(tail);
        sink.text(&entities::decode(&tail, false));
    }
}

fn tokenizer<'h>(found: &Arc<Mutex<Vec<Found>>>) -> HtmlRewriter<'h, Discard> {
    let note = |found: &Mutex<Vec<Found>>, location: &SourceLocation, what: What| {
        let bytes = location.bytes();
        lock(found).push(Found { start: bytes.start, end: bytes.end, what });
    };
    let (starts, ends, raw) = (found.clone(), found.clone(), found.clone());
    let raw_text = element!(
        "script, style, textarea, title, xmp, iframe, noembed, noframes, noscript, plaintext",
        move |el: &mut lol_html::send::Element<'_, '_>| {
            let html = el.namespace_uri() == "http://www.w3.org/1999/xhtml";
            note(&starts, &el.source_location(), What::Start { html });
            Ok(())
        }
    );
    let scripts = element!("script", move |el: &mut lol_html::send::Element<'_, '_>| {
        let ends = ends.clone();
        if let Some(handlers) = el.end_tag_handlers() {
            handlers.push(Box::new(move |end| {
                note(&ends, &end.source_location(), What::RawEnd);
                Ok(())
            }));
        }
        Ok(())
    });
    let texts = text!("title, textarea, plaintext", move |text| {
        if matches!(text.text_type(), TextType::RCData | TextType::PlainText) && !text.as_str().is_empty() {
            note(&raw, &text.source_location(), What::Raw(text.text_type()));
        }
        Ok(())
    });
    let settings = Settings::new_send()
        .append_element_content_handler(raw_text)
        .append_element_content_handler(scripts)
        .append_element_content_handler(texts)
        .with_strict(true)
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MEMORY));
    HtmlRewriter::new(settings, Discard)
}

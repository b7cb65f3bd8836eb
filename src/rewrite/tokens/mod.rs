//! Tokens of a page as they arrive: lol_html's tokenizer, asked for no more than only it can know.
//!
//! lol_html tells where each start tag, comment and document type stands, where a script ends, and which text is raw
//! where that depends on more than the tag before it. The rest lies between those: text and end tags. It could report
//! both, but text at a price that is half of a pass, and an end tag only where its own stack of names holds a matching
//! element; and that stack knows no implied ends: after `<p><div></p></div>` the second end tag is never reported.
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
use lol_html::{MemorySettings, doc_comments, doctype, element, text};
use memchr::memchr;

pub(super) use self::markup::StartTag;
use self::markup::{CDATA_END, CDATA_START, end_tag, may_be_markup, raw_end, source, tag_length, unfinished_end};
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
    /// The last token is text of a CDATA section.
    cdata: bool,
    /// The present tokenizer can be replaced after the last token: it is not within a raw text element or foreign
    /// content.
    replaceable: bool,
}

/// What lol_html tells, and where in its own input it starts and ends.
struct Found {
    start: usize,
    end: usize,
    what: What,
}

enum What {
    Start {
        html: bool,
    },
    /// Text that is raw, but for its character references where it may have some.
    Raw(TextType),
    /// A script ends.
    RawEnd,
    Comment,
    Doctype(Box<[Option<String>; 2]>),
}

/// What the source between two tokens is followed by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Token,
    /// The next piece of the page.
    Piece,
    End,
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
            cdata: false,
            replaceable: true,
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
            if self.starts > MOST_STARTS && self.replaceable {
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
        self.flush_tail();
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
        self.between(self.base + self.pending.len(), Then::Piece);
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
                    continue;
                }
                What::RawEnd => {
                    if self.raw.take().is_some() {
                        self.covered = self.covered.max(start);
                    }
                    continue;
                }
                _ => self.between(start, Then::Token),
            }
            self.flush_tail();
            self.sink.at(start as u64, end as u64);
            match what {
                What::Start { html } => {
                    let start = StartTag::read(source(&self.pending, self.base, start, end));
                    self.starts += 1;
                    self.frames |= start.tag == Tag::Frameset;
                    self.raw = Some(start.tag).filter(|tag| html && tag.is_raw_text());
                    self.replaceable = html && self.raw.is_none() && !matches!(start.tag, Tag::Svg | Tag::Math);
                    self.sink.start(&start);
                }
                What::Doctype(ids) => self.sink.doctype(ids[0].as_deref(), ids[1].as_deref()),
                What::Comment | What::Raw(_) | What::RawEnd => {}
            }
            self.covered = self.covered.max(end);
        }
        self.spare = found;
    }

    fn raw_text(&mut self, start: usize, end: usize, text_type: TextType) {
        let text = source(&self.pending, self.base, self.covered.max(start), end);
        self.covered = self.covered.max(end);
        self.cdata = text_type == TextType::CDataSection;
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

    /// The text has ended: what looked like the beginning of a character reference is all there is of it.
    fn flush_tail(&mut self) {
        if !self.tail.is_empty() {
            let tail = std::mem::take(&mut self.tail);
            self.sink.text(&entities::decode(&tail, false));
        }
    }

    /// Reads what lies between the last token and `to`: text, end tags, the marks of CDATA sections.
    fn between(&mut self, to: usize, then: Then) {
        if self.covered >= to {
            return;
        }
        let offset = self.covered;
        let gap = source(&self.pending, self.base, offset, to);
        match self.raw {
            // Only its end matters, and that lol_html tells: not every `</script>` is one.
            Some(Tag::Script) if then == Then::Piece => {
                self.covered = offset + gap.len() - unfinished_end(gap, Tag::Script);
                return;
            }
            // lol_html hands on its text; what follows the end tag is for us to read again.
            Some(tag @ (Tag::Title | Tag::Textarea | Tag::Plaintext)) if then == Then::Piece => {
                if end_tag(gap).is_none_or(|(name, _)| Tag::of(name.as_bytes()) != tag) {
                    return;
                }
            }
            Some(Tag::Script | Tag::Title | Tag::Textarea | Tag::Plaintext) | None => {}
            Some(tag) => {
                let end = raw_end(gap, tag);
                let text = match (end, then) {
                    (None, Then::Piece) => gap.len() - unfinished_end(gap, tag),
                    _ => end.unwrap_or(gap.len()),
                };
                // Nobody reads sheets.
                if tag != Tag::Style && text > 0 {
                    self.sink.at(offset as u64, (offset + text) as u64);
                    self.sink.text(&gap[..text]);
                }
                self.covered = offset + text;
                if end.is_some() {
                    self.raw = None;
                    self.between(to, then);
                }
                return;
            }
        }
        let bytes = gap.as_bytes();
        // Text from here on has not been handed on.
        let mut from = 0;
        if std::mem::take(&mut self.cdata) {
            if gap.starts_with(CDATA_END) {
                from = CDATA_END.len();
            } else if then == Then::Piece && CDATA_END.starts_with(gap) {
                self.cdata = true;
                return;
            }
        }
        let text = |sink: &mut S, from: usize, to: usize| {
            if from < to {
                sink.at((offset + from) as u64, (offset + to) as u64);
                sink.text(&entities::decode(&gap[from..to], false));
            }
        };
        let mut at = from;
        while let Some(length) = memchr(b'<', &bytes[at..]) {
            at += length;
            let rest = &gap[at..];
            if let Some((name, length)) = end_tag(rest) {
                text(&mut self.sink, from, at);
                if !self.tail.is_empty() {
                    let tail = std::mem::take(&mut self.tail);
                    self.sink.text(&entities::decode(&tail, false));
                }
                if !name.is_empty() {
                    self.sink.at((offset + at) as u64, (offset + at + length) as u64);
                    self.sink.end(Tag::of(name.as_bytes()), name);
                    self.raw = None;
                    self.replaceable = true;
                }
                at += length;
                from = at;
            } else if then == Then::Token && rest.starts_with(CDATA_START) {
                // Its text is what lol_html reports next, unless it lost sight of the drawing that it stands in.
                text(&mut self.sink, from, at);
                let inside = at + CDATA_START.len();
                let end = gap[inside..].find(CDATA_END).map_or(gap.len(), |length| inside + length);
                if inside < end {
                    self.sink.text(&gap[inside..end]);
                }
                at = gap.len().min(end + CDATA_END.len());
                from = at;
            } else if then != Then::Token && may_be_markup(rest.as_bytes(), then == Then::Piece) {
                // More may come; where nothing does, a page that ends within a tag does not have it.
                text(&mut self.sink, from, at);
                self.covered = if then == Then::Piece { offset + at } else { to };
                return;
            } else {
                at += 1;
            }
        }
        let unfinished = if then == Then::Piece { entities::unfinished(&gap[from..]) } else { 0 };
        text(&mut self.sink, from, gap.len() - unfinished);
        self.covered = offset + gap.len() - unfinished;
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

fn tokenizer<'h>(found: &Arc<Mutex<Vec<Found>>>) -> HtmlRewriter<'h, Discard> {
    let note = |found: &Mutex<Vec<Found>>, location: &SourceLocation, what: What| {
        let bytes = location.bytes();
        lock(found).push(Found { start: bytes.start, end: bytes.end, what });
    };
    let (starts, ends, raw, comments, doctypes) =
        (found.clone(), found.clone(), found.clone(), found.clone(), found.clone());
    let settings = Settings::new_send()
        .append_element_content_handler(element!("*", move |el: &mut lol_html::send::Element<'_, '_>| {
            let html = el.namespace_uri() == "http://www.w3.org/1999/xhtml";
            note(&starts, &el.source_location(), What::Start { html });
            Ok(())
        }))
        .append_element_content_handler(element!("script", move |el: &mut lol_html::send::Element<'_, '_>| {
            let ends = ends.clone();
            if let Some(handlers) = el.end_tag_handlers() {
                handlers.push(Box::new(move |end| {
                    note(&ends, &end.source_location(), What::RawEnd);
                    Ok(())
                }));
            }
            Ok(())
        }))
        .append_element_content_handler(text!("title, textarea, plaintext, svg, math", move |text| {
            if text.text_type() != TextType::Data && !text.as_str().is_empty() {
                note(&raw, &text.source_location(), What::Raw(text.text_type()));
            }
            Ok(())
        }))
        .append_document_content_handler(doc_comments!(move |comment| {
            note(&comments, &comment.source_location(), What::Comment);
            Ok(())
        }))
        .append_document_content_handler(doctype!(move |doctype| {
            let ids = Box::new([doctype.public_id(), doctype.system_id()]);
            note(&doctypes, &doctype.source_location(), What::Doctype(ids));
            Ok(())
        }))
        .with_strict(true)
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MEMORY));
    HtmlRewriter::new(settings, Discard)
}

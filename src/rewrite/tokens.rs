//! Tokens of a page as they arrive: lol_html's tokenizer, with the end tags it keeps to itself.
//!
//! lol_html reports an end tag only where its own stack of names holds a matching element, and that stack knows no
//! implied ends: after `<p><div></p></div>` the second end tag is never reported. But every other token is, with its
//! place in the source, so end tags are what lies between two reported tokens.
//!
//! That stack also grows with every element that is not closed by name. Where it has grown long, the tokenizer is
//! replaced by a new one between two tokens; nothing but names on that stack is lost by it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lol_html::errors::RewritingError;
use lol_html::html_content::{Attribute, SourceLocation, TextType};
use lol_html::send::{HtmlRewriter, Settings};
use lol_html::{MemorySettings, doc_comments, doc_text, doctype, element};

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

/// A start tag as written.
#[derive(Debug)]
pub(super) struct StartTag<'a> {
    pub(super) tag: Tag,
    pub(super) name: &'a str,
    /// Names and values as written, character references not decoded.
    pub(super) attributes: Vec<(&'a str, &'a str)>,
    pub(super) self_closing: bool,
}

impl<'a> StartTag<'a> {
    /// A start tag that the standard implies.
    pub(super) fn implied(tag: Tag) -> Self {
        Self { tag, name: tag.name(), attributes: Vec::new(), self_closing: false }
    }

    /// The first attribute of that name, as written.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// A number that is the same for the same attributes in any order.
    pub(super) fn fingerprint(&self) -> u64 {
        use std::hash::BuildHasher as _;
        let hasher = foldhash::fast::FixedState::default();
        let hash = |(name, value): &(&str, &str)| hasher.hash_one((name.to_ascii_lowercase(), value));
        self.attributes.iter().map(hash).fold(0, u64::wrapping_add)
    }
}

/// The tokenizer: give it text, it calls the sink.
pub(super) struct Tokens<'h, S: TokenSink + Send + 'h> {
    shared: Arc<Mutex<Shared<S>>>,
    lol: Option<HtmlRewriter<'h, Discard>>,
}

/// What handlers and [`Tokens`] both need.
struct Shared<S> {
    sink: S,
    /// Source that no token has covered yet, and where in the page it starts.
    pending: String,
    base: usize,
    /// Where in the page the present tokenizer started.
    origin: usize,
    /// How far tokens have come.
    covered: usize,
    /// The end of a text that may be the beginning of a character reference.
    tail: String,
    /// Start tags seen by the present tokenizer.
    starts: usize,
    /// The present tokenizer can be replaced after the last token: it is not within a raw text element or foreign
    /// content.
    replaceable: bool,
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
        let shared = Shared {
            sink,
            pending: String::new(),
            base: 0,
            origin: 0,
            covered: 0,
            tail: String::new(),
            starts: 0,
            replaceable: true,
        };
        let shared = Arc::new(Mutex::new(shared));
        let lol = Some(tokenizer(&shared));
        Self { shared, lol }
    }

    /// The sink, between two calls of [`Tokens::write`].
    pub(super) fn with_sink<R>(&self, f: impl FnOnce(&mut S) -> R) -> R {
        f(&mut lock(&self.shared).sink)
    }

    /// Takes the next piece of the page. `after` is called whenever the sink may have something to hand on.
    pub(super) fn write(&mut self, mut text: &str, mut after: impl FnMut(&mut S)) -> Result<(), RewritingError> {
        while !text.is_empty() {
            let mut end = text.len().min(PIECE);
            while !text.is_char_boundary(end) {
                end += 1;
            }
            let (piece, rest) = text.split_at(end);
            text = rest;
            lock(&self.shared).pending.push_str(piece);
            self.feed(piece)?;
            let mut shared = lock(&self.shared);
            shared.trim();
            after(&mut shared.sink);
            let replace = shared.starts > MOST_STARTS && shared.replaceable;
            drop(shared);
            if replace {
                self.replace()?;
            }
        }
        Ok(())
    }

    /// The page has ended.
    pub(super) fn end(&mut self) -> Result<(), RewritingError> {
        // Ending may uncover an ambiguous tag; the tokenizer after it ends too.
        while let Some(lol) = self.lol.take() {
            match lol.end() {
                Ok(()) => break,
                Err(RewritingError::ParsingAmbiguity(_)) => self.step_over()?,
                Err(e) => return Err(e),
            }
        }
        let mut shared = lock(&self.shared);
        let end = shared.base + shared.pending.len();
        shared.end_tags(end);
        shared.flush_tail();
        Ok(())
    }

    fn feed(&mut self, piece: &str) -> Result<(), RewritingError> {
        let Some(lol) = &mut self.lol else { return self.step_over() };
        match lol.write(piece.as_bytes()) {
            Ok(()) => Ok(()),
            Err(RewritingError::ParsingAmbiguity(_)) => self.step_over(),
            Err(e) => Err(e),
        }
    }

    /// A new tokenizer from the end of the last token on.
    fn replace(&mut self) -> Result<(), RewritingError> {
        let mut shared = lock(&self.shared);
        shared.trim();
        shared.origin = shared.covered;
        shared.starts = 0;
        let rest = shared.pending.clone();
        drop(shared);
        self.lol = Some(tokenizer(&self.shared));
        self.feed(&rest)
    }

    /// Strict mode stops at a tag of which a stream cannot know whether it is ignored (`<select><xmp>`). A browser
    /// ignores it there; so it is stepped over, and what follows is read as markup. Whatever comes of it passes the
    /// same allow-list as everything else.
    fn step_over(&mut self) -> Result<(), RewritingError> {
        let mut shared = lock(&self.shared);
        let end = shared.base + shared.pending.len();
        shared.end_tags(end);
        shared.trim();
        let Some(length) = tag_length(&shared.pending) else {
            // The tag goes on in the next piece.
            self.lol = None;
            return Ok(());
        };
        shared.covered += length;
        drop(shared);
        self.replace()
    }
}

impl<S: TokenSink> Shared<S> {
    /// The source between `start` and `end`, both counted from the start of the page.
    fn source(&self, start: usize, end: usize) -> &str {
        let clamp = |at: usize| at.saturating_sub(self.base).min(self.pending.len());
        self.pending.get(clamp(start)..clamp(end)).unwrap_or_default()
    }

    /// A token starts at `start` and ends at `end`.
    fn advance(&mut self, start: usize, end: usize) {
        self.end_tags(start);
        self.covered = self.covered.max(end);
        self.sink.at(start as u64, end as u64);
    }

    /// Whatever lies between the last token and the one that starts at `start` is end tags.
    fn end_tags(&mut self, start: usize) {
        while self.covered < start {
            let gap = self.source(self.covered, start);
            let length = if gap.starts_with("</") {
                let Some(length) = tag_length(gap) else { break };
                let name = &gap[2..length - 1];
                let name = &name[..name.find([' ', '\t', '\n', '\x0c', '\r', '/']).unwrap_or(name.len())];
                if !name.is_empty() {
                    let name = name.to_owned();
                    self.flush_tail();
                    self.sink.at(self.covered as u64, (self.covered + length) as u64);
                    self.sink.end(Tag::of(name.as_bytes()), &name);
                    self.replaceable = true;
                }
                length
            } else if gap.starts_with("<![CDATA[") {
                9
            } else if gap.starts_with("]]>") {
                3
            } else {
                break;
            };
            self.covered += length;
        }
    }

    fn place(&self, location: &SourceLocation) -> (usize, usize) {
        let bytes = location.bytes();
        (self.origin + bytes.start, self.origin + bytes.end)
    }

    fn start(&mut self, location: &SourceLocation, attributes: &[Attribute<'_>], self_closing: bool, html: bool) {
        let (start, end) = self.place(location);
        self.advance(start, start);
        self.flush_tail();
        self.starts += 1;
        self.sink.at(start as u64, end as u64);
        self.covered = end;
        let shift = self.origin;
        let base = self.base;
        let slice = |location: Option<SourceLocation>| {
            let Some(location) = location else { return "" };
            let bytes = location.bytes();
            let clamp = |at: usize| (shift + at).saturating_sub(base).min(self.pending.len());
            self.pending.get(clamp(bytes.start)..clamp(bytes.end)).unwrap_or_default()
        };
        let attributes =
            attributes.iter().map(|a| (slice(a.name_source_location()), slice(a.value_source_location()))).collect();
        let source = {
            let clamp = |at: usize| at.saturating_sub(base).min(self.pending.len());
            self.pending.get(clamp(start)..clamp(end)).unwrap_or_default()
        };
        let name = source.get(1..).unwrap_or_default();
        let name = &name[..name.find([' ', '\t', '\n', '\x0c', '\r', '/', '>']).unwrap_or(name.len())];
        let tag = Tag::of(name.as_bytes());
        self.replaceable = html && !tag.is_raw_text() && !matches!(tag, Tag::Svg | Tag::Math);
        self.sink.start(&StartTag { tag, name, attributes, self_closing });
    }

    fn text(&mut self, location: &SourceLocation, text: &str, text_type: TextType) {
        let (start, end) = self.place(location);
        self.advance(start, end);
        if text.is_empty() {
            return;
        }
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

    /// Forgets the source that tokens have covered.
    fn trim(&mut self) {
        let covered = (self.covered - self.base).min(self.pending.len());
        self.pending.drain(..covered);
        self.base += covered;
    }
}

/// Length of the tag at the start of `source`: to its `>`, which may not stand in a quoted attribute value.
fn tag_length(source: &str) -> Option<usize> {
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

fn lock<S>(shared: &Mutex<S>) -> MutexGuard<'_, S> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tokenizer<'h, S: TokenSink + Send + 'h>(shared: &Arc<Mutex<Shared<S>>>) -> HtmlRewriter<'h, Discard> {
    let (starts, texts, comments, doctypes) = (shared.clone(), shared.clone(), shared.clone(), shared.clone());
    let settings = Settings::new_send()
        .append_element_content_handler(element!("*", move |el: &mut lol_html::send::Element<'_, '_>| {
            let html = el.namespace_uri() == "http://www.w3.org/1999/xhtml";
            lock(&starts).start(&el.source_location(), el.attributes(), el.is_self_closing(), html);
            Ok(())
        }))
        .append_document_content_handler(doc_text!(move |text| {
            let mut shared = lock(&texts);
            shared.text(&text.source_location(), text.as_str(), text.text_type());
            if text.last_in_text_node() {
                shared.flush_tail();
            }
            Ok(())
        }))
        .append_document_content_handler(doc_comments!(move |comment| {
            let mut shared = lock(&comments);
            let (start, end) = shared.place(&comment.source_location());
            shared.flush_tail();
            shared.advance(start, end);
            Ok(())
        }))
        .append_document_content_handler(doctype!(move |doctype| {
            let mut shared = lock(&doctypes);
            let (start, end) = shared.place(&doctype.source_location());
            shared.advance(start, end);
            shared.sink.doctype(doctype.public_id().as_deref(), doctype.system_id().as_deref());
            Ok(())
        }))
        .with_strict(true)
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MEMORY));
    HtmlRewriter::new(settings, Discard)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Log(String);

    impl TokenSink for Log {
        fn start(&mut self, start: &StartTag<'_>) {
            self.0 += &format!("<{}", start.name);
            for (name, value) in &start.attributes {
                self.0 += &format!(" {name}={value}");
            }
            self.0.push('>');
        }

        fn end(&mut self, _: Tag, name: &str) {
            self.0 += &format!("</{name}>");
        }

        fn text(&mut self, text: &str) {
            self.0 += text;
        }
    }

    fn tokens(html: &str, piece: usize) -> String {
        let mut tokens = Tokens::new(Log::default());
        let mut rest = html;
        while !rest.is_empty() {
            let mut end = piece.min(rest.len());
            while !rest.is_char_boundary(end) {
                end += 1;
            }
            tokens.write(&rest[..end], |_| {}).expect("within limits");
            rest = &rest[end..];
        }
        tokens.end().expect("within limits");
        tokens.with_sink(|log| std::mem::take(&mut log.0))
    }

    #[test]
    fn every_end_tag_is_seen_whatever_was_opened() {
        for (html, seen) in [
            ("<p>a<div>b</p>c</div>d", "<p>a<div>b</p>c</div>d"),
            ("</i></b >x</P\n>", "</i></b>x</P>"),
            ("<b>1<i>2</b>3</i>4", "<b>1<i>2</b>3</i>4"),
            ("a</>b<!-- </p> -->c</br>", "abc</br>"),
            ("<a title='</b>'>x</a title='>'>y", "<a title=</b>>x</a>y"),
            ("<svg><![CDATA[<p>]]></svg>x", "<svg><p></svg>x"),
            ("<script>'</p>'</script></div>", "<script>'</p>'</script></div>"),
            ("x</p", "x"),
            ("a &am<!-- -->p; &l", "a &amp; &l"),
            ("Ёж &laquo;ж&raquo;", "Ёж «ж»"),
        ] {
            for piece in [1, 2, 7, 1000] {
                assert_eq!(tokens(html, piece), seen, "{html} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn a_tag_that_strict_mode_stops_at_is_stepped_over() {
        let html = "<select><option>1<xmp title='>'><b>2</b></select>3";
        for piece in [1, 3, 1000] {
            assert_eq!(tokens(html, piece), "<select><option>1<b>2</b></select>3");
        }
    }

    #[test]
    fn unclosed_elements_without_end_do_not_fill_the_memory() {
        let mut tokens = Tokens::new(Log::default());
        let chunk = "<p>text ".repeat(1000);
        for _ in 0..2000 {
            tokens.write(&chunk, |log| log.0.clear()).expect("within limits");
        }
        tokens.end().expect("within limits");
    }
}

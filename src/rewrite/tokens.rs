//! Tokens of a page as they arrive: lol_html's tokenizer, asked for no more than only it can know.
//!
//! lol_html tells where each start tag, comment and document type stands, where a script ends, and which text is raw where
//! that depends on more than the tag before it. The rest lies between those: text and end tags. It could report both, but text at a price that is half of a pass, and an end tag only where
//! its own stack of names holds a matching element; and that stack knows no implied ends: after `<p><div></p></div>` the
//! second end tag is never reported.
//!
//! That stack also grows with every element that is not closed by name. Where it has grown long, the tokenizer is
//! replaced by a new one between two tokens; nothing but names on that stack is lost by it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lol_html::errors::RewritingError;
use lol_html::html_content::{SourceLocation, TextType};
use lol_html::send::{HtmlRewriter, Settings};
use lol_html::{MemorySettings, doc_comments, doctype, element, text};
use memchr::memchr;
use smallvec::SmallVec;

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
    pub(super) attributes: SmallVec<[(&'a str, &'a str); 8]>,
    pub(super) self_closing: bool,
}

impl<'a> StartTag<'a> {
    /// A start tag that the standard implies.
    pub(super) fn implied(tag: Tag) -> Self {
        Self { tag, name: tag.name(), attributes: SmallVec::new(), self_closing: false }
    }

    /// Reads a start tag, from its `<` to its `>` (HTML, 13.2.5.8 and 13.2.5.32–40).
    fn read(source: &'a str) -> Self {
        let bytes = source.as_bytes();
        let end = bytes.len().saturating_sub(1);
        let until = |from: usize, ends: &dyn Fn(u8) -> bool| {
            bytes[from.min(end)..end].iter().position(|byte| ends(*byte)).map_or(end, |length| from + length)
        };
        let mut at = until(1, &|byte| is_space(byte) || byte == b'/');
        let name = source.get(1..at).unwrap_or_default();
        let mut start = Self { tag: Tag::of(name.as_bytes()), name, ..Self::implied(Tag::Other) };
        while at < end {
            if is_space(bytes[at]) || bytes[at] == b'/' {
                start.self_closing = bytes[at] == b'/' && at + 1 == end;
                at += 1;
                continue;
            }
            // A name may begin with an equals sign.
            let name = at;
            at = until(at + 1, &|byte| is_space(byte) || matches!(byte, b'/' | b'='));
            let name = &source[name..at];
            let equals = until(at, &|byte| !is_space(byte));
            if equals == end || bytes[equals] != b'=' {
                start.attributes.push((name, ""));
                continue;
            }
            at = until(equals + 1, &|byte| !is_space(byte));
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
                    at = until(at, &is_space);
                    &source[from..at]
                }
                None => "",
            };
            start.attributes.push((name, value));
        }
        start
    }

    /// The first attribute of that name, as written.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// A number that is the same for the same attributes in any order.
    pub(super) fn fingerprint(&self) -> u64 {
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
        let rest = self.pending.clone();
        self.lol = Some(tokenizer(&self.found));
        self.feed(&rest)
    }

    /// Strict mode stops at a tag of which a stream cannot know whether it is ignored (`<select><xmp>`). A browser
    /// ignores it there; so it is stepped over, and what follows is read as markup. Whatever comes of it passes the
    /// same allow-list as everything else.
    fn step_over(&mut self) -> Result<(), TooLarge> {
        self.between(self.base + self.pending.len(), Then::Piece);
        self.trim();
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
                self.covered = offset + gap.len() - unfinished_end(gap);
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
                    (None, Then::Piece) => gap.len() - unfinished_end(gap),
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

const CDATA_START: &str = "<![CDATA[";
const CDATA_END: &str = "]]>";

/// The source between `start` and `end`, both counted from the start of the page, of which `pending` begins at `base`.
fn source(pending: &str, base: usize, start: usize, end: usize) -> &str {
    let clamp = |at: usize| at.saturating_sub(base).min(pending.len());
    pending.get(clamp(start)..clamp(end)).unwrap_or_default()
}

/// Whether `<` begins markup that is not whole yet, rather than being text.
fn may_be_markup(rest: &[u8], more: bool) -> bool {
    match (rest.get(1), rest.get(2)) {
        (Some(b'/'), Some(c)) => more || c.is_ascii_alphabetic(),
        (Some(b'/'), None) | (None, _) => more,
        (Some(c), _) => c.is_ascii_alphabetic() || matches!(c, b'!' | b'?'),
    }
}

/// White space of markup.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r')
}

/// The end tag at the start of `source`, if it is whole: its name as written, and its length. `</>` is one without a name.
fn end_tag(source: &str) -> Option<(&str, usize)> {
    let bytes = source.as_bytes();
    if bytes.first() != Some(&b'<') || bytes.get(1) != Some(&b'/') {
        return None;
    }
    let first = *bytes.get(2)?;
    if !first.is_ascii_alphabetic() {
        return (first == b'>').then_some(("", 3));
    }
    let length = bytes[2..].iter().position(|&b| is_space(b) || matches!(b, b'/' | b'>'))?;
    let name = &source[2..2 + length];
    if bytes[2 + length] == b'>' { Some((name, length + 3)) } else { Some((name, tag_length(source)?)) }
}

/// Where the end tag of a raw text element begins, if it has come.
fn raw_end(text: &str, tag: Tag) -> Option<usize> {
    let mut ends = memchr::memchr_iter(b'<', text.as_bytes());
    ends.find(|&at| end_tag(&text[at..]).is_some_and(|(name, _)| Tag::of(name.as_bytes()) == tag))
}

/// How much of the end of a raw text may be the beginning of its end tag.
fn unfinished_end(text: &str) -> usize {
    const LONGEST: usize = "</noscript".len();
    let bytes = text.as_bytes();
    let Some(at) = memchr::memrchr(b'<', bytes) else { return 0 };
    let rest = &bytes[at..];
    let name = rest.get(2..).unwrap_or_default();
    let space = name.iter().position(|&b| is_space(b) || b == b'/');
    let begins = rest.len() == 1 || rest[1] == b'/' && (space.is_some() || rest.len() <= LONGEST);
    if begins { rest.len() } else { 0 }
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
        std::mem::take(&mut tokens.sink.0)
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
            // Nobody reads scripts and sheets, but where they end is where a browser ends them.
            ("<script>'</p>'</script></div>", "<script></script></div>"),
            ("<script><!--<script></script>--></script >x", "<script></script>x"),
            ("<style></styles><p></style\n>x", "<style></style>x"),
            ("<script>a</scrip", "<script>"),
            ("<noscript><p>&lt;</nos</noscript >b</noscript>", "<noscript><p>&lt;</nos</noscript>b</noscript>"),
            ("<iframe>a<!--</iframe>--></iframe>b", "<iframe>a<!--</iframe>--></iframe>b"),
            ("<svg><style>a<b>c</b></style></svg>", "<svg><style>a<b>c</b></style></svg>"),
            ("<title>a</p>&am</title>b", "<title>a</p>&am</title>b"),
            ("<textarea>&lt;</text</textarea>b", "<textarea><</text</textarea>b"),
            ("<xmp>&lt;</x</xmp>b", "<xmp>&lt;</x</xmp>b"),
            ("<plaintext>&lt;</plaintext>", "<plaintext>&lt;</plaintext>"),
            ("<svg><title>a</title><![CDATA[b]]", "<svg><title>a</title>b]]"),
            ("a < b <3 </ b>c<!>d<?e>f</", "a < b <3 cdf</"),
            ("a<b c", "a"),
            ("x</p", "x"),
            ("a &am<!-- -->p; &l", "a &amp; &l"),
            ("Ёж &laquo;ж&raquo;", "Ёж «ж»"),
        ] {
            for piece in [1, 2, 7, 1000] {
                assert_eq!(tokens(html, piece), seen, "{html} in pieces of {piece}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn a_start_tag_is_read_as_lol_html_reads_it(rest in "[a-c \\n/='\"]{0,24}") {
            let html = format!("<a{rest}>");
            let mut seen = Vec::new();
            let handler = element!("*", |el| {
                let bytes = el.source_location().bytes();
                let attributes: Vec<_> = el.attributes().iter().map(|a| (a.name_preserve_case(), a.value())).collect();
                seen.push((bytes, el.tag_name_preserve_case(), attributes, el.is_self_closing()));
                Ok(())
            });
            let settings = lol_html::Settings::new().append_element_content_handler(handler);
            let mut lol = lol_html::HtmlRewriter::new(settings, |_: &[u8]| {});
            lol.write(html.as_bytes()).expect("within limits");
            lol.end().expect("within limits");
            for (bytes, name, attributes, self_closing) in seen {
                let read = StartTag::read(&html[bytes]);
                let written: Vec<_> =
                    read.attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
                proptest::prop_assert_eq!(read.name, name);
                proptest::prop_assert_eq!(written, attributes);
                proptest::prop_assert_eq!(read.self_closing, self_closing);
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

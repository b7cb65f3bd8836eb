//! From characters to tokens to the tree: html5gum's tokenizer feeds html5ever's tree builder.
//!
//! Both follow the HTML standard. html5ever's own tokenizer copies what it reads several times, which was half of what
//! it costs to read a page; html5gum hands out slices of it. The test beside this holds the two to the same trees.

use super::sink::Sink;
use super::tree::{Dom, NodeId};
use html5ever::interface::TreeSink;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Doctype, Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, QualName, ns};
use html5gum::{Emitter, Error, State, Tokenizer};
use std::borrow::Cow;

/// Why reading stopped before the page's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stopped {
    /// There are more elements than allowed.
    Elements,
    /// The parser takes more steps than allowed.
    Steps,
}

/// Attributes of one tag that are kept: each is compared with those before it.
const MOST_ATTRIBUTES: usize = 512;

/// How much of the parser a page may use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    pub(super) elements: usize,
    pub(super) steps: u64,
}

/// Reads a whole page into a tree.
pub(super) fn parse(html: &str, options: TreeBuilderOpts, most: Most) -> Result<Dom, Stopped> {
    read(html, options, most).0
}

/// As [`parse`], with the steps that the parser has taken.
pub(super) fn read(html: &str, options: TreeBuilderOpts, most: Most) -> (Result<Dom, Stopped>, u64) {
    let builder = TreeBuilder::new(Sink::new(html.len()), options);
    let html = html.strip_prefix('\u{feff}').unwrap_or(html);
    // The only token that is handed out is that reading has to stop.
    let stopped = Tokenizer::new_with_emitter(html, Feed::new(&builder, most)).next();
    let steps = builder.sink.steps();
    match stopped {
        Some(Ok(stopped)) => (Err(stopped), steps),
        _ => (Ok(builder.sink.finish()), steps),
    }
}

/// The tag that is being read.
struct OpenTag {
    kind: TagKind,
    name: Vec<u8>,
    self_closing: bool,
    attrs: Vec<Attribute>,
}

/// Names of tags and attributes that were met: a page has few of them, and making one takes as long as all else that an
/// attribute needs. A name of at most sixteen bytes is a number, and has one place; whichever was met last has it.
struct Names(Vec<(u128, LocalName)>);

impl Default for Names {
    fn default() -> Self {
        Self(vec![(0, LocalName::default()); Self::PLACES])
    }
}

impl Names {
    const PLACES: usize = 512;

    fn of(&mut self, name: &[u8]) -> LocalName {
        if name.len() > 16 || name.contains(&0) {
            return LocalName::from(string(name));
        }
        let number = name.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        let mixed = (number as u64 ^ (number >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let (known, local) = &mut self.0[(mixed >> 48) as usize % Self::PLACES];
        if *known != number {
            (*known, *local) = (number, LocalName::from(string(name)));
        }
        local.clone()
    }
}

/// Gathers what the tokenizer reads into the tokens that the tree builder takes.
struct Feed<'a> {
    builder: &'a TreeBuilder<NodeId, Sink>,
    most: Most,
    stopped: Option<Stopped>,
    /// Characters since the last tag; slices may part within a character.
    text: Vec<u8>,
    tag: OpenTag,
    names: Names,
    /// The attribute that is being read: its name and value, while there is one.
    in_attribute: bool,
    attribute: Vec<u8>,
    value: Vec<u8>,
    last_start_tag: Vec<u8>,
    comment: bool,
    doctype: Doctype,
    doctype_parts: [Vec<u8>; 3],
}

impl<'a> Feed<'a> {
    fn new(builder: &'a TreeBuilder<NodeId, Sink>, most: Most) -> Self {
        Self {
            builder,
            most,
            stopped: None,
            text: Vec::new(),
            tag: OpenTag { kind: TagKind::StartTag, name: Vec::new(), self_closing: false, attrs: Vec::new() },
            names: Names::default(),
            in_attribute: false,
            attribute: Vec::new(),
            value: Vec::new(),
            last_start_tag: Vec::new(),
            comment: false,
            doctype: Doctype::default(),
            doctype_parts: Default::default(),
        }
    }

    fn send(&mut self, token: Token) -> Option<State> {
        match self.builder.process_token(token, 1) {
            TokenSinkResult::Continue | TokenSinkResult::Script(_) | TokenSinkResult::EncodingIndicator(_) => None,
            TokenSinkResult::Plaintext => Some(State::PlainText),
            TokenSinkResult::RawData(kind) => Some(match kind {
                RawKind::Rcdata => State::RcData,
                RawKind::Rawtext => State::RawText,
                RawKind::ScriptData | RawKind::ScriptDataEscaped(_) => State::ScriptData,
            }),
        }
    }

    /// Sends the characters gathered; what is no text in the tree builder's eyes goes by itself.
    fn end_text(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        if text.contains(&0) {
            for (n, part) in text.split(|&byte| byte == 0).enumerate() {
                if n > 0 {
                    self.send(Token::NullCharacterToken);
                }
                if !part.is_empty() {
                    self.send(Token::CharacterTokens(tendril(part)));
                }
            }
        } else {
            self.send(Token::CharacterTokens(tendril(&text)));
        }
        self.text = text;
        self.text.clear();
    }

    /// Puts the attribute that was read on the tag, unless the tag has one of that name or all it can hold.
    fn end_attribute(&mut self) {
        if !std::mem::take(&mut self.in_attribute) {
            return;
        }
        if self.tag.kind == TagKind::StartTag && self.tag.attrs.len() < MOST_ATTRIBUTES {
            let local = self.names.of(&self.attribute);
            if !self.tag.attrs.iter().any(|other| other.name.local == local) {
                let name = QualName::new(None, ns!(), local);
                self.tag.attrs.push(Attribute { name, value: tendril(&self.value) });
            }
        }
        self.attribute.clear();
        self.value.clear();
    }

    fn open(&mut self, kind: TagKind) {
        self.tag.kind = kind;
        self.tag.name.clear();
        self.tag.self_closing = false;
        self.in_attribute = false;
    }

    fn check(&mut self) {
        let sink = &self.builder.sink;
        if sink.elements() > self.most.elements {
            self.stopped = Some(Stopped::Elements);
        } else if sink.steps() > self.most.steps {
            self.stopped = Some(Stopped::Steps);
        }
    }
}

/// Pages come decoded, so that this is a check; it is quicker than a search for what would have to be replaced.
fn string(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn tendril(bytes: &[u8]) -> StrTendril {
    StrTendril::from_slice(&string(bytes))
}

impl Emitter for Feed<'_> {
    type Token = Stopped;

    fn set_last_start_tag(&mut self, last: Option<&[u8]>) {
        self.last_start_tag.clear();
        self.last_start_tag.extend_from_slice(last.unwrap_or_default());
    }

    fn emit_eof(&mut self) {
        self.end_text();
        self.send(Token::EOFToken);
        self.builder.end();
    }

    fn emit_error(&mut self, _: Error) {}

    #[inline]
    fn should_emit_errors(&mut self) -> bool {
        false
    }

    #[inline]
    fn pop_token(&mut self) -> Option<Stopped> {
        self.stopped
    }

    #[inline]
    fn emit_string(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
    }

    fn init_start_tag(&mut self) {
        self.open(TagKind::StartTag);
    }

    fn init_end_tag(&mut self) {
        self.open(TagKind::EndTag);
    }

    fn init_comment(&mut self) {
        self.comment = true;
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.end_attribute();
        self.end_text();
        if self.tag.kind == TagKind::StartTag {
            std::mem::swap(&mut self.last_start_tag, &mut self.tag.name);
        }
        let name = if self.tag.kind == TagKind::StartTag { &self.last_start_tag } else { &self.tag.name };
        let tag = Tag {
            kind: self.tag.kind,
            name: self.names.of(name),
            self_closing: self.tag.self_closing,
            attrs: std::mem::take(&mut self.tag.attrs),
            had_duplicate_attributes: false,
        };
        let state = self.send(Token::TagToken(tag));
        self.check();
        state
    }

    /// What comments say is not kept.
    fn emit_current_comment(&mut self) {
        self.end_text();
        self.send(Token::CommentToken(StrTendril::new()));
        self.check();
    }

    fn emit_current_doctype(&mut self) {
        self.end_text();
        let mut doctype = std::mem::take(&mut self.doctype);
        let [name, public, system] = &self.doctype_parts;
        doctype.name = (!name.is_empty()).then(|| tendril(name));
        doctype.public_id = doctype.public_id.map(|_| tendril(public));
        doctype.system_id = doctype.system_id.map(|_| tendril(system));
        self.send(Token::DoctypeToken(doctype));
    }

    fn set_self_closing(&mut self) {
        self.tag.self_closing = true;
    }

    fn set_force_quirks(&mut self) {
        self.doctype.force_quirks = true;
    }

    #[inline]
    fn push_tag_name(&mut self, name: &[u8]) {
        self.tag.name.extend_from_slice(name);
    }

    fn push_comment(&mut self, _: &[u8]) {}

    fn push_doctype_name(&mut self, name: &[u8]) {
        self.doctype_parts[0].extend_from_slice(name);
    }

    fn init_doctype(&mut self) {
        self.doctype = Doctype::default();
        self.doctype_parts.iter_mut().for_each(Vec::clear);
    }

    fn init_attribute(&mut self) {
        self.end_attribute();
        self.in_attribute = true;
    }

    #[inline]
    fn push_attribute_name(&mut self, name: &[u8]) {
        self.attribute.extend_from_slice(name);
    }

    #[inline]
    fn push_attribute_value(&mut self, value: &[u8]) {
        self.value.extend_from_slice(value);
    }

    fn set_doctype_public_identifier(&mut self, value: &[u8]) {
        self.doctype.public_id = Some(StrTendril::new());
        self.doctype_parts[1] = value.to_vec();
    }

    fn set_doctype_system_identifier(&mut self, value: &[u8]) {
        self.doctype.system_id = Some(StrTendril::new());
        self.doctype_parts[2] = value.to_vec();
    }

    fn push_doctype_public_identifier(&mut self, part: &[u8]) {
        self.doctype_parts[1].extend_from_slice(part);
    }

    fn push_doctype_system_identifier(&mut self, part: &[u8]) {
        self.doctype_parts[2].extend_from_slice(part);
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.tag.kind == TagKind::EndTag && !self.last_start_tag.is_empty() && self.tag.name == self.last_start_tag
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        // The text before may close elements.
        self.end_text();
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

//! Tokens in a list, in the standard's form: what tests and fuzz targets hold against other tokenizers.

use std::collections::BTreeMap;

use super::inside::Inside;
use super::script::Script;
use super::{Doctype, StartTag, TokenSink, Tokens};
use crate::html::entities;
use crate::html::tag::Tag;

/// A token. Names are in small letters, references decoded, NUL is U+FFFD where the standard says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// `<!doctype …>`.
    Doctype {
        /// The root's name.
        name: Option<String>,
        /// What follows `PUBLIC`.
        public_id: Option<String>,
        /// What follows `SYSTEM`, or the public identifier.
        system_id: Option<String>,
        /// The page is read in quirks mode whatever the rest says.
        force_quirks: bool,
    },
    /// `<name …>`.
    StartTag {
        /// The element's name.
        name: String,
        /// Values by name; of equal names the first counts.
        attributes: BTreeMap<String, String>,
        /// It ends with `/>`.
        self_closing: bool,
    },
    /// `</name>`.
    EndTag(String),
    /// A comment's data.
    Comment(String),
    /// All characters between two tokens of another kind.
    Text(String),
}

/// The state in which reading begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// "Data".
    Data,
    /// "RCDATA".
    Rcdata,
    /// "RAWTEXT".
    Rawtext,
    /// "Script data".
    ScriptData,
    /// "PLAINTEXT".
    Plaintext,
    /// "CDATA section".
    CdataSection,
}

/// What a tree tells a tokenizer, from names of tags alone: good enough to lead two tokenizers the same way.
#[derive(Clone, Debug, Default)]
pub struct Steering {
    /// Drawings, formulas and what holds HTML in them; the innermost last.
    open: Vec<String>,
    /// Nothing is ever told.
    never: bool,
}

impl Steering {
    /// Tells nothing: what is read stays as it began.
    pub fn never() -> Self {
        Self { never: true, ..Self::default() }
    }

    /// Takes a start tag; the state that the text after it is read in.
    pub fn start(&mut self, name: &str, self_closing: bool) -> State {
        if self.never {
            return State::Data;
        }
        let was_foreign = self.in_foreign();
        let opens = matches!(name, "svg" | "math") || was_foreign && matches!(name, "desc" | "foreignobject" | "mi");
        if opens && !self_closing {
            self.open.push(name.to_owned());
        }
        match name {
            _ if was_foreign => State::Data,
            "title" | "textarea" => State::Rcdata,
            "style" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" => State::Rawtext,
            "script" => State::ScriptData,
            "plaintext" => State::Plaintext,
            _ => State::Data,
        }
    }

    /// Takes an end tag.
    pub fn end(&mut self, name: &str) {
        if let Some(at) = self.open.iter().rposition(|open| open == name) {
            self.open.truncate(at);
        }
    }

    /// Whether what comes stands in a drawing or a formula.
    pub fn in_foreign(&self) -> bool {
        self.open.last().is_some_and(|name| matches!(&**name, "svg" | "math"))
    }
}

/// Reads a page that comes in these pieces, its line ends being line feeds already. `last_start_tag` names the element
/// whose text is read first. `None` where a limit breaks it off.
pub fn read<'a>(
    pieces: impl IntoIterator<Item = &'a str>,
    state: State,
    last_start_tag: Option<&str>,
    steering: Steering,
) -> Option<Vec<Token>> {
    let list = List { tokens: Vec::new(), comment: String::new(), steering, holds_text: false };
    let mut tokens = Tokens::new(list);
    let tag = last_start_tag.map_or(Tag::Other, |name| Tag::of(name.as_bytes()));
    tokens.inside = match state {
        State::Data => None,
        State::Rcdata => Some(Inside::Rcdata(tag)),
        State::Rawtext => Some(Inside::Rawtext(tag)),
        State::ScriptData => Some(Inside::Script(Script::default())),
        State::Plaintext => Some(Inside::Plaintext),
        State::CdataSection => Some(Inside::Section),
    };
    for piece in pieces {
        tokens.write(piece, |_| {}).ok()?;
    }
    tokens.end();
    Some(tokens.sink.tokens)
}

struct List {
    tokens: Vec<Token>,
    comment: String,
    steering: Steering,
    holds_text: bool,
}

fn shown(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

impl TokenSink for List {
    fn start(&mut self, start: &StartTag<'_>) {
        let name = shown(start.name).to_ascii_lowercase();
        self.holds_text = self.steering.start(&name, start.self_closing) != State::Data;
        let mut attributes = BTreeMap::new();
        for (name, value) in &start.attributes {
            let value = || shown(&entities::decode(value, true));
            attributes.entry(shown(name).to_ascii_lowercase()).or_insert_with(value);
        }
        self.tokens.push(Token::StartTag { name, attributes, self_closing: start.self_closing });
    }

    fn end(&mut self, _: Tag, name: &str) {
        let name = shown(name).to_ascii_lowercase();
        self.steering.end(&name);
        self.tokens.push(Token::EndTag(name));
    }

    fn text(&mut self, text: &str) {
        match self.tokens.last_mut() {
            Some(Token::Text(last)) => last.push_str(text),
            _ => self.tokens.push(Token::Text(text.to_owned())),
        }
    }

    fn unread(&mut self, piece: &str) {
        self.text(&shown(piece));
    }

    fn comment(&mut self, piece: &str, ended: bool) {
        self.comment.push_str(piece);
        if ended {
            let comment = std::mem::take(&mut self.comment);
            self.tokens.push(Token::Comment(shown(&comment)));
        }
    }

    fn doctype(&mut self, doctype: &Doctype<'_>) {
        self.tokens.push(Token::Doctype {
            name: doctype.name.map(|name| shown(name).to_ascii_lowercase()),
            public_id: doctype.public_id.map(shown),
            system_id: doctype.system_id.map(shown),
            force_quirks: doctype.force_quirks,
        });
    }

    fn in_foreign(&self) -> bool {
        self.steering.in_foreign()
    }

    fn holds_text(&self) -> bool {
        self.holds_text
    }
}

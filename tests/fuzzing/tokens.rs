//! The stream's tokenizer beside html5gum's, steered the same way.

use clearprint::internals::html::listing::{self, Steering, Token};
use html5gum::{DefaultEmitter, Emitter, ForwardingEmitter, State, Tokenizer};

/// The same tokens from both, however the page comes in pieces.
pub(crate) fn compare(html: &str, sizes: impl IntoIterator<Item = usize>) {
    let expected = by_html5gum(html);
    for size in sizes {
        let tokens = listing::read(pieces(html, size), listing::State::Data, None, Steering::default());
        assert_eq!(tokens.as_ref(), Some(&expected), "{html:?} in pieces of {size}, and by html5gum");
    }
}

/// Line ends as the standard has them before a tokenizer sees them.
pub(crate) fn preprocessed(html: &str) -> String {
    html.replace("\r\n", "\n").replace('\r', "\n")
}

/// The page in pieces of `size` bytes, or a little more where a character does not end there.
fn pieces(mut html: &str, size: usize) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (piece, rest) = html.split_at(html.ceil_char_boundary(size.max(1)));
        html = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

/// html5gum's own emitter, told the state after each start tag.
#[derive(Default)]
struct Steered {
    inner: DefaultEmitter,
    steering: Steering,
    name: Vec<u8>,
    is_start: bool,
    self_closing: bool,
}

impl ForwardingEmitter for Steered {
    type Token = html5gum::Token<()>;

    fn inner(&mut self) -> &mut impl Emitter<Token = Self::Token> {
        &mut self.inner
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn init_start_tag(&mut self) {
        (self.is_start, self.self_closing) = (true, false);
        self.name.clear();
        Emitter::init_start_tag(&mut self.inner);
    }

    fn init_end_tag(&mut self) {
        self.is_start = false;
        self.name.clear();
        Emitter::init_end_tag(&mut self.inner);
    }

    fn push_tag_name(&mut self, part: &[u8]) {
        self.name.extend_from_slice(part);
        Emitter::push_tag_name(&mut self.inner, part);
    }

    fn set_self_closing(&mut self) {
        self.self_closing = true;
        Emitter::set_self_closing(&mut self.inner);
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        // Its own answer never changes the state.
        let _ = Emitter::emit_current_tag(&mut self.inner);
        let name = String::from_utf8_lossy(&self.name);
        if !self.is_start {
            self.steering.end(&name);
            return None;
        }
        match self.steering.start(&name, self.self_closing) {
            listing::State::Data => None,
            listing::State::Rcdata => Some(State::RcData),
            listing::State::Rawtext => Some(State::RawText),
            listing::State::ScriptData => Some(State::ScriptData),
            listing::State::Plaintext => Some(State::PlainText),
            listing::State::CdataSection => Some(State::CdataSection),
        }
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.steering.in_foreign()
    }
}

fn by_html5gum(html: &str) -> Vec<Token> {
    let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut tokens = Vec::new();
    for token in Tokenizer::new_with_emitter(html, Steered::default()) {
        let Ok(token) = token;
        match token {
            html5gum::Token::StartTag(start) => tokens.push(Token::StartTag {
                name: string(&start.name),
                attributes: start.attributes.iter().map(|(name, value)| (string(name), string(value))).collect(),
                self_closing: start.self_closing,
            }),
            html5gum::Token::EndTag(end) => tokens.push(Token::EndTag(string(&end.name))),
            html5gum::Token::Comment(comment) => tokens.push(Token::Comment(string(&comment))),
            html5gum::Token::Doctype(doctype) => tokens.push(Token::Doctype {
                name: (!doctype.name.is_empty()).then(|| string(&doctype.name)),
                public_id: doctype.public_identifier.map(|id| string(&id)),
                system_id: doctype.system_identifier.map(|id| string(&id)),
                force_quirks: doctype.force_quirks,
            }),
            html5gum::Token::String(text) => match tokens.last_mut() {
                Some(Token::Text(last)) => last.push_str(&string(&text)),
                _ => tokens.push(Token::Text(string(&text))),
            },
            html5gum::Token::Error(_) => {}
        }
    }
    tokens
}

//! Pictures in `noscript`: its content is text to the tokenizer, since a browser with scripts reads it so.

use super::addresses::Addresses;
use super::element::{self, Element};
use crate::clean::Rules;
use crate::html::tag::Tag;
use crate::html::tokens::{StartTag, TokenSink, Tokens};

struct Pictures<'a> {
    rules: &'a Rules,
    memory: element::Memory,
    addresses: &'a Addresses,
    found: Vec<Element>,
}

impl TokenSink for Pictures<'_> {
    fn start(&mut self, start: &StartTag<'_>) {
        if start.tag == Tag::Img && self.found.len() < 10 {
            self.found.push(element::judge(start, 0, self.rules, &mut self.memory, self.addresses));
        }
    }

    fn end(&mut self, _: Tag, _: &str) {}

    fn text(&mut self, _: &str) {}
}

/// The pictures in the raw text of a `noscript`, as far as they may pass.
pub(super) fn pictures(raw: &str, rules: &Rules, addresses: &Addresses) -> Vec<Element> {
    if !raw.contains("<img") && !raw.contains("<IMG") {
        return Vec::new();
    }
    let mut tokens = Tokens::new(Pictures { rules, memory: element::Memory::default(), addresses, found: Vec::new() });
    // The text is small; what cannot be read of it has no pictures.
    if tokens.write(raw, |_| {}).is_err() {
        return Vec::new();
    }
    tokens.end();
    tokens.sink.found
}

//! html5lib's tests of tokenizers: JSON files, each of whose tests names states to begin in and the tokens.

use std::path::Path;

use clearprint::internals::html::listing::{State, Steering, Token, read};
use serde_json::Value;

use crate::exceptions::Outcome;

fn parsed(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("a file");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whether the file's tests are for what becomes XML.
pub(crate) fn is_of_xml(path: &Path) -> bool {
    parsed(path).get("xmlViolationTests").is_some()
}

/// What each test came to, in each state that it names, whole and in pieces.
pub(crate) fn cases(path: &Path) -> Vec<Outcome> {
    let file = parsed(path);
    let tests = file["tests"].as_array().expect("a list of tests");
    let run = tests.iter().flat_map(|test| {
        let states = test["initialStates"].as_array().map(|states| states.iter().filter_map(Value::as_str).collect());
        let states: Vec<&str> = states.unwrap_or_else(|| vec!["Data state"]);
        states.into_iter().map(|state| {
            let name = format!("{}: {state}", test["description"].as_str().expect("a description"));
            (name, of_test(test, state))
        })
    });
    run.collect()
}

fn of_test(test: &Value, state: &str) -> Result<(), String> {
    let is_escaped = test["doubleEscaped"].as_bool().unwrap_or_default();
    let string = |value: &Value| {
        let text = value.as_str().unwrap_or_default();
        if is_escaped { unescaped(text) } else { text.to_owned() }
    };
    let state = match state {
        "Data state" => State::Data,
        "RCDATA state" => State::Rcdata,
        "RAWTEXT state" => State::Rawtext,
        "Script data state" => State::ScriptData,
        "PLAINTEXT state" => State::Plaintext,
        "CDATA section state" => State::CdataSection,
        other => return Err(format!("no tokenizer begins in the {other}")),
    };
    // Line ends are not the tokenizer's affair ("preprocessing the input stream").
    let html = string(&test["input"]).replace("\r\n", "\n").replace('\r', "\n");
    let expected = expected(test["output"].as_array().expect("tokens"), string);
    for size in [1, 2, 5, usize::MAX] {
        let tokens = read(pieces(&html, size), state, test["lastStartTag"].as_str(), Steering::never());
        if tokens.as_ref() != Some(&expected) {
            return Err(format!("{html:?} in pieces of {size} is {tokens:?} and not {expected:?}"));
        }
    }
    Ok(())
}

fn pieces(mut html: &str, size: usize) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (piece, rest) = html.split_at(html.ceil_char_boundary(size.min(html.len())));
        html = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

fn expected(tokens: &[Value], string: impl Fn(&Value) -> String) -> Vec<Token> {
    let optional = |value: &Value| (!value.is_null()).then(|| string(value));
    let mut expected = Vec::new();
    for token in tokens {
        expected.push(match token[0].as_str() {
            Some("DOCTYPE") => Token::Doctype {
                name: optional(&token[1]),
                public_id: optional(&token[2]),
                system_id: optional(&token[3]),
                force_quirks: !token[4].as_bool().expect("whether it is right"),
            },
            Some("StartTag") => Token::StartTag {
                name: string(&token[1]),
                attributes: token[2]
                    .as_object()
                    .expect("attributes")
                    .iter()
                    .map(|(name, value)| (string(&Value::from(name.as_str())), string(value)))
                    .collect(),
                self_closing: token[3].as_bool().unwrap_or_default(),
            },
            Some("EndTag") => Token::EndTag(string(&token[1])),
            Some("Comment") => Token::Comment(string(&token[1])),
            Some("Character") => Token::Text(string(&token[1])),
            _ => panic!("an unknown token: {token}"),
        });
    }
    expected
}

/// Text in which `\uHHHH` stands for a character; halves of what UTF-16 has in two are read as the whole, and alone as
/// U+FFFD, which is what they are when bytes have been decoded.
fn unescaped(text: &str) -> String {
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let code = rest.strip_prefix("\\u").and_then(|rest| u16::from_str_radix(rest.get(..4)?, 16).ok());
        match code {
            Some(code) => {
                units.push(code);
                rest = &rest["\\u0000".len()..];
            }
            None => {
                units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    String::from_utf16_lossy(&units)
}

//! The words of a PDF (ISO 32000-1, 7.2 and 7.3), and the content of a page, an operation at a time (7.8.2): what has
//! been carried out is let go, so that memory does not grow with the number of operations.

use lopdf::{Dictionary, Object, StringFormat};

/// Arrays and dictionaries within each other; deeper ones are read as nothing.
const DEPTH: usize = 64;

/// Objects before one operator, those within arrays included. A line of text has some hundreds.
const OPERANDS: usize = 1 << 16;

/// Objects, names and words, one after the other. What is broken is passed over, as viewers do.
pub(super) struct Lexer<'c> {
    bytes: &'c [u8],
    at: usize,
    /// Objects that were read.
    count: usize,
    /// Objects that are kept; what comes after them is read as nothing.
    most: usize,
}

pub(super) enum Token<'c> {
    Object(Object),
    /// An operator, or a word of the file's structure.
    Word(&'c [u8]),
    /// The end of an array or of a dictionary.
    End,
}

/// The operations of content.
pub(super) struct Operations<'c> {
    lexer: Lexer<'c>,
    operands: Vec<Object>,
}

impl<'c> Operations<'c> {
    pub(super) fn new(content: &'c [u8]) -> Self {
        Self { lexer: Lexer::new(content, 0, OPERANDS), operands: Vec::new() }
    }

    /// The next operator; its operands are then had by [`Operations::operands`]. An inline image is one `EI` without any.
    pub(super) fn next(&mut self) -> Option<&'c [u8]> {
        self.operands.clear();
        self.lexer.count = 0;
        loop {
            match self.lexer.token()? {
                Token::Object(object) => {
                    if !self.is_overfull() {
                        self.operands.push(object);
                    }
                }
                Token::Word(b"ID") => {
                    self.lexer.skip_image();
                    self.operands.clear();
                    return Some(b"EI");
                }
                // What stands up to `ID` describes the image.
                Token::Word(b"BI") => self.operands.clear(),
                Token::Word(operator) => return Some(operator),
                Token::End => {}
            }
        }
    }

    pub(super) fn operands(&self) -> &[Object] {
        &self.operands
    }

    /// Objects before the operator, those within arrays included.
    pub(super) fn count(&self) -> usize {
        self.lexer.count
    }

    /// Whether there were more than are kept.
    pub(super) fn is_overfull(&self) -> bool {
        self.lexer.count >= OPERANDS
    }
}

impl<'c> Lexer<'c> {
    /// A reader from `at` on that keeps at most `most` objects.
    pub(super) fn new(bytes: &'c [u8], at: usize, most: usize) -> Self {
        Self { bytes, at, count: 0, most }
    }

    /// Where it has come to.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes back to where it was.
    pub(super) fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Objects that were read.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The next object, word or end; none at the end of all.
    pub(super) fn token(&mut self) -> Option<Token<'c>> {
        self.token_within(0)
    }

    /// The next token, where it is a whole number.
    pub(super) fn integer(&mut self) -> Option<i64> {
        match self.token()? {
            Token::Object(Object::Integer(value)) => Some(value),
            _ => None,
        }
    }

    /// The next token, where it is this word.
    pub(super) fn word(&mut self, word: &[u8]) -> Option<()> {
        matches!(self.token()?, Token::Word(found) if found == word).then_some(())
    }

    /// An object that may be a reference.
    pub(super) fn object(&mut self) -> Option<Object> {
        let Token::Object(object) = self.token()? else { return None };
        let Object::Integer(number) = object else { return Some(object) };
        let before = self.at;
        let generation = self.integer().filter(|_| self.word(b"R").is_some());
        match generation.and_then(|generation| reference(number, generation)) {
            Some(reference) => Some(reference),
            None => {
                self.at = before;
                Some(object)
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                let rest = &self.bytes[self.at..];
                self.at += memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn token_within(&mut self, depth: usize) -> Option<Token<'c>> {
        self.skip_space();
        let first = self.peek()?;
        let start = self.at;
        self.at += 1;
        let object = match first {
            b'/' => Object::Name(self.name()),
            b'(' => Object::String(self.literal(), StringFormat::Literal),
            b'<' if self.peek() == Some(b'<') => {
                self.at += 1;
                let items = self.items(depth);
                let mut dictionary = Dictionary::new();
                let mut items = items.into_iter();
                while let (Some(key), Some(value)) = (items.next(), items.next()) {
                    if let Object::Name(key) = key {
                        dictionary.set(key, value);
                    }
                }
                Object::Dictionary(dictionary)
            }
            b'<' => Object::String(self.hexadecimal(), StringFormat::Hexadecimal),
            b'>' => {
                self.at += usize::from(self.peek() == Some(b'>'));
                return Some(Token::End);
            }
            b'[' => Object::Array(self.items(depth)),
            b']' => return Some(Token::End),
            b')' | b'{' | b'}' => return self.token_after(depth),
            _ => {
                while self.peek().is_some_and(is_regular) {
                    self.at += 1;
                }
                let word = &self.bytes[start..self.at];
                match word {
                    b"true" => Object::Boolean(true),
                    b"false" => Object::Boolean(false),
                    b"null" => Object::Null,
                    _ => match number(word) {
                        Some(number) => number,
                        None => return Some(Token::Word(word)),
                    },
                }
            }
        };
        self.count += 1;
        Some(Token::Object(object))
    }

    /// The token behind a character that has no place in content.
    fn token_after(&mut self, depth: usize) -> Option<Token<'c>> {
        while matches!(self.peek(), Some(b')' | b'{' | b'}')) {
            self.at += 1;
        }
        self.token_within(depth)
    }

    /// The objects of an array or a dictionary, up to its end.
    fn items(&mut self, depth: usize) -> Vec<Object> {
        let mut items = Vec::new();
        if depth >= DEPTH {
            return items;
        }
        loop {
            let before = self.at;
            match self.token_within(depth + 1) {
                Some(Token::Object(object)) if self.count < self.most => items.push(object),
                Some(Token::Object(_)) => {}
                Some(Token::Word(b"R")) => {
                    if let [.., Object::Integer(number), Object::Integer(generation)] = items[..]
                        && let Some(reference) = reference(number, generation)
                    {
                        items.truncate(items.len() - 2);
                        items.push(reference);
                    }
                }
                // Another word within an array: the array was not closed.
                Some(Token::Word(_)) => {
                    self.at = before;
                    return items;
                }
                Some(Token::End) | None => return items,
            }
        }
    }

    fn name(&mut self) -> Vec<u8> {
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| is_regular(*byte)) {
            self.at += 1;
            let escaped = self.bytes.get(self.at..self.at + 2).filter(|_| byte == b'#');
            match escaped.and_then(|pair| Some(digit(pair[0])? * 16 + digit(pair[1])?)) {
                Some(byte) => {
                    self.at += 2;
                    name.push(byte);
                }
                None => name.push(byte),
            }
        }
        name
    }

    fn literal(&mut self) -> Vec<u8> {
        let mut string = Vec::new();
        let mut open = 1_usize;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                }
                b'\\' => {
                    self.escape(&mut string);
                    continue;
                }
                _ => {}
            }
            string.push(byte);
        }
        string
    }

    fn escape(&mut self, string: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => string.push(b'\n'),
            b'r' => string.push(b'\r'),
            b't' => string.push(b'\t'),
            b'b' => string.push(8),
            b'f' => string.push(12),
            b'\r' => self.at += usize::from(self.peek() == Some(b'\n')),
            b'\n' => {}
            b'0'..=b'7' => {
                let mut value = byte - b'0';
                for _ in 0..2 {
                    let Some(next @ b'0'..=b'7') = self.peek() else { break };
                    self.at += 1;
                    value = value.wrapping_mul(8).wrapping_add(next - b'0');
                }
                string.push(value);
            }
            other => string.push(other),
        }
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        let mut string = Vec::new();
        let mut half = None;
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'>' {
                break;
            }
            let Some(digit) = digit(byte) else { continue };
            match half.take() {
                Some(high) => string.push(high * 16 + digit),
                None => half = Some(digit),
            }
        }
        string.extend(half.map(|high| high * 16));
        string
    }

    /// Goes behind the `EI` that ends the data of an inline image.
    fn skip_image(&mut self) {
        self.at += 1;
        while let Some(found) = self.bytes.get(self.at..).and_then(|rest| memchr::memmem::find(rest, b"EI")) {
            let start = self.at + found;
            self.at = start + 2;
            let alone = |byte: Option<&u8>| byte.is_none_or(|byte| is_space(*byte));
            if alone(self.bytes.get(start.wrapping_sub(1))) && alone(self.bytes.get(self.at)) {
                return;
            }
        }
        self.at = self.bytes.len();
    }
}

fn reference(number: i64, generation: i64) -> Option<Object> {
    Some(Object::Reference((u32::try_from(number).ok()?, u16::try_from(generation).ok()?)))
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

/// A number as writers write it: `4`, `-.5`, `+3.`, and `--5`, which viewers take.
fn number(word: &[u8]) -> Option<Object> {
    if !word.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.')) {
        return None;
    }
    let word = std::str::from_utf8(word).ok()?;
    let sign = &word[..word.len() - word.trim_start_matches(['+', '-']).len()];
    let digits = &word[sign.len()..];
    // What stands behind a second sign or point is left out.
    let end = digits.find(['+', '-']).unwrap_or(digits.len());
    let digits = &digits[..end];
    let second = digits.match_indices('.').nth(1).map_or(digits.len(), |(at, _)| at);
    let digits = &digits[..second];
    let minus = sign.contains('-');
    if !digits.contains('.')
        && let Ok(value) = digits.parse::<i64>()
    {
        return Some(Object::Integer(if minus { -value } else { value }));
    }
    let value: f32 = if matches!(digits, "" | ".") { 0.0 } else { digits.parse().ok()? };
    Some(Object::Real(if minus { -value } else { value }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(content: &[u8]) -> Vec<(String, Vec<Object>)> {
        let mut operations = Operations::new(content);
        let mut found = Vec::new();
        while let Some(operator) = operations.next() {
            found.push((String::from_utf8_lossy(operator).into_owned(), operations.operands().to_vec()));
        }
        found
    }

    #[test]
    fn operations_are_read_as_lopdf_reads_them() {
        let content = b"q 1 0 0 -1.5 .5 +7 cm\n/F1 12 Tf BT (a\\(b\\)\\101\\n(c)) Tj [<41 4> -20 (x)] TJ T* \
            /Span <</MCID 3/ActualText(y)/A[1 2]>>BDC EMC /A#20b gs ET\n0 g f* (q) ' 1 2 (r) \" Q";
        let theirs = lopdf::content::Content::decode(content).expect("content").operations;
        let theirs: Vec<_> = theirs.into_iter().map(|o| (o.operator, o.operands)).collect();
        assert_eq!(all(content), theirs);
    }

    #[test]
    fn an_inline_image_is_one_operation_whatever_its_bytes_say() {
        let found = all(b"q BI /W 2 /H 2 /BPC 8 ID \x00EIQ q (EI EI\xff\nEI Q");
        assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["q", "EI", "Q"]);
        assert!(found.iter().all(|(_, operands)| operands.is_empty()));
        assert_eq!(all(b"BI ID never ends").len(), 1);
    }

    #[test]
    fn broken_content_is_read_on_behind_what_is_broken() {
        assert_eq!(
            all(b")] >> } 5 w [1 2 (a) Tj"),
            [
                ("w".into(), vec![Object::Integer(5)]),
                (
                    "Tj".into(),
                    vec![Object::Array(vec![Object::Integer(1), Object::Integer(2), Object::string_literal("a")])]
                ),
            ]
        );
        assert_eq!(
            all(b"--5 w 1.2.3 w 1-2 w - w")
                .into_iter()
                .map(|(_, operands)| operands[0].as_float().expect("a number"))
                .collect::<Vec<_>>(),
            [-5.0, 1.2, 1.0, 0.0]
        );
        for cut in [&b"(a"[..], b"<4", b"/", b"[", b"<<", b"%", b"<", b"ID", b"\\", b"(\\", b"["] {
            all(cut);
        }
    }

    #[test]
    fn nesting_and_length_of_operands_are_bounded() {
        let deep = [b"[".repeat(100_000), b" 1 w".to_vec()].concat();
        assert_eq!(all(&deep).last().map(|(name, _)| name.clone()).as_deref(), Some("w"));
        let long = [b"[".to_vec(), b"0 ".repeat(OPERANDS + 9), b"] TJ 1 w".to_vec()].concat();
        let mut operations = Operations::new(&long);
        assert_eq!((operations.next(), operations.is_overfull()), (Some(&b"TJ"[..]), true));
        assert_eq!((operations.next(), operations.is_overfull()), (Some(&b"w"[..]), false));
    }
}

//! Character references (HTML, 13.2.5.72–80): decoded at the door, so that every judgement is made on what a browser
//! would see.

use std::borrow::Cow;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use memchr::memchr;

/// The longest name of a character reference, with `&` and `;`.
pub(crate) const LONGEST: usize = 34;

/// How many digits of a number are waited for; longer ones are read in the pieces they come in.
const MOST_DIGITS: usize = 4 << 10;

/// Decodes the character references of `text`. In an attribute, `&copy=` and `&copyx` stand for themselves.
pub(crate) fn decode(text: &str, in_attribute: bool) -> Cow<'_, str> {
    let Some(mut at) = memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut decoded = String::with_capacity(text.len());
    let mut from = 0;
    loop {
        decoded.push_str(&text[from..at]);
        let rest = &text[at..];
        let taken = match reference(rest, in_attribute) {
            Some((taken, first, second)) => {
                decoded.push(first);
                decoded.extend(second);
                taken
            }
            None => {
                decoded.push('&');
                1
            }
        };
        from = at + taken;
        match memchr(b'&', &text.as_bytes()[from..]) {
            Some(next) => at = from + next,
            None => break,
        }
    }
    decoded.push_str(&text[from..]);
    Cow::Owned(decoded)
}

/// How much of the end of `text` may be the beginning of a reference that goes on in the next piece.
pub(crate) fn unfinished(text: &str) -> usize {
    let bytes = text.as_bytes();
    let from = text.len().saturating_sub(LONGEST);
    let Some(at) = bytes[from..].iter().rposition(|b| *b == b'&') else {
        // A number may begin with noughts without end.
        let digits = bytes.iter().rev().take(MOST_DIGITS).take_while(|b| b.is_ascii_hexdigit()).count();
        let before = &bytes[..bytes.len() - digits];
        let begins = ["&#", "&#x", "&#X"].into_iter().find(|begins| before.ends_with(begins.as_bytes()));
        return begins.map_or(0, |begins| begins.len() + digits);
    };
    let name = &bytes[from + at + 1..];
    if name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'#') { text.len() - from - at } else { 0 }
}

/// The reference at the start of `text`: its length and the one or two characters it stands for.
fn reference(text: &str, in_attribute: bool) -> Option<(usize, char, Option<char>)> {
    let bytes = text.as_bytes();
    if bytes.get(1) == Some(&b'#') {
        return numeric(bytes).map(|(taken, c)| (taken, c, None));
    }
    let letters = bytes.iter().skip(1).take(LONGEST - 1).take_while(|b| b.is_ascii_alphanumeric()).count();
    let name = 1..1 + letters;
    let whole = if bytes.get(name.end) == Some(&b';') { name.end + 1 } else { name.end };
    // The longest name that matches counts, so that `&notit;` is `¬it;`.
    for end in (name.start + 1..=whole).rev() {
        let Some(&(first, second)) = NAMED_ENTITIES.get(&text[1..end]) else { continue };
        let Some(c) = char::from_u32(first).filter(|c| *c != '\0') else { continue };
        let closed = bytes[end - 1] == b';';
        if in_attribute && !closed && bytes.get(end).is_some_and(|b| *b == b'=' || b.is_ascii_alphanumeric()) {
            return None;
        }
        return Some((end, c, char::from_u32(second).filter(|c| *c != '\0')));
    }
    None
}

fn numeric(bytes: &[u8]) -> Option<(usize, char)> {
    let hexadecimal = matches!(bytes.get(2), Some(b'x' | b'X'));
    let (start, radix) = if hexadecimal { (3, 16) } else { (2, 10) };
    let digits = bytes[start.min(bytes.len())..].iter().take_while(|b| char::from(**b).is_digit(radix)).count();
    if digits == 0 {
        return None;
    }
    let code = bytes[start..start + digits].iter().fold(0_u32, |code, b| {
        code.saturating_mul(radix).saturating_add(char::from(*b).to_digit(radix).unwrap_or_default())
    });
    let c = match code {
        0x80..=0x9f => C1_REPLACEMENTS[(code - 0x80) as usize].or(char::from_u32(code)),
        0 => None,
        _ => char::from_u32(code),
    };
    let end = start + digits;
    let taken = if bytes.get(end) == Some(&b';') { end + 1 } else { end };
    Some((taken, c.unwrap_or('\u{fffd}')))
}

/// Bytes that [`escape`] writes in another way.
const ESCAPED: [bool; 256] = super::bytes::set(b"&<>\"");

/// Where the first of them stands.
fn next_escaped(bytes: &[u8]) -> Option<usize> {
    const BLOCK: usize = 16;
    // Most blocks have none, which is told without a branch for each byte.
    let has_none = |block: &&[u8; BLOCK]| {
        let is_escaped = |byte: u8| (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"');
        !block.iter().fold(false, |any, byte| any | is_escaped(*byte))
    };
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    let from = blocks.iter().take_while(has_none).count() * BLOCK;
    bytes[from..].iter().position(|byte| ESCAPED[usize::from(*byte)]).map(|at| from + at)
}

/// Appends `text` so that it reads as text in an element and in a quoted attribute.
pub(crate) fn escape(out: &mut String, text: &str) {
    let mut from = 0;
    while let Some(found) = next_escaped(&text.as_bytes()[from..]) {
        let at = from + found;
        out.push_str(&text[from..at]);
        out.push_str(match text.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_read_as_in_a_browser() {
        for (text, decoded) in [
            ("a & b", "a & b"),
            ("&lt;p&gt;", "<p>"),
            ("&amp;lt;", "&lt;"),
            ("&copy 2026", "© 2026"),
            ("&notit;", "¬it;"),
            ("&notin;", "∉"),
            ("&#1046;&#x416;&#X416", "ЖЖЖ"),
            ("&#128;&#0;&#xD800;&#99999999999;", "€\u{fffd}\u{fffd}\u{fffd}"),
            ("&#;&#x;&;&", "&#;&#x;&;&"),
            ("&acE;", "\u{223e}\u{333}"),
            ("&nbsp;&laquo;Да&raquo;", "\u{a0}«Да»"),
            ("&жук;", "&жук;"),
        ] {
            assert_eq!(decode(text, false), decoded, "{text}");
        }
    }

    #[test]
    fn an_unclosed_reference_before_a_letter_is_no_reference_in_an_attribute() {
        assert_eq!(decode("?a=1&copy=2&lt;", true), "?a=1&copy=2<");
        assert_eq!(decode("java&#115;cript&colon;&Tab;x", true), "javascript:\tx");
    }

    #[test]
    fn a_reference_cut_in_two_is_noticed() {
        assert_eq!(unfinished("a &am"), 3);
        assert_eq!(unfinished("a &amp;"), 0);
        assert_eq!(unfinished("a & b"), 0);
        assert_eq!(unfinished("a &"), 1);
        assert_eq!(unfinished("ж&#10"), 4);
    }
}

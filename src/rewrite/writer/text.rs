//! Running text: words with one space between them, in whatever pieces they come, and the inlines around them.

use super::{Kind, SUMMARY, Writer};
use crate::html::entities::escape;

impl Writer {
    /// Running text.
    pub(in crate::rewrite) fn text(&mut self, text: &str) {
        if self.blocks.last().is_some_and(|b| b.kind == Kind::Preformatted) {
            self.preformatted(text);
            return;
        }
        let mut rest = text;
        loop {
            let trimmed = rest.trim_ascii_start();
            if trimmed.len() < rest.len() {
                self.space = true;
                self.words.end();
            }
            if trimmed.is_empty() {
                return;
            }
            let run = trimmed.bytes().position(|byte| byte.is_ascii_whitespace()).unwrap_or(trimmed.len());
            let word = trimmed.get(..run).unwrap_or_default();
            rest = trimmed.get(run..).unwrap_or_default();
            if self.word(word) && self.runs_on() {
                self.following(rest);
                return;
            }
        }
    }

    /// A run of characters without white space; whether it was written.
    fn word(&mut self, word: &str) -> bool {
        let without_icons;
        let word = if may_hold_icons(word) {
            without_icons = word.replace(is_icon, "");
            without_icons.as_str()
        } else {
            word
        };
        if word.is_empty() {
            self.part_words();
            return false;
        }
        // No-break spaces alone are the old way to make an empty line, or a link around a picture of the sheet.
        let unnamed = || self.wanted.iter().any(|inline| matches!(inline.tag, "a" | "button") && !inline.heard);
        if (self.line_start || unnamed()) && word.chars().all(is_invisible) {
            self.part_words();
            return false;
        }
        let spaced = self.space || self.breaks > 0;
        let parted = spaced || self.line_start;
        self.begin_text();
        self.kept.words += self.words.count(word);
        escape(&mut self.out, word);
        self.line_start = false;
        // What a button says is its own name.
        if !self.forms.is_empty() && !self.wanted.iter().any(|inline| inline.tag == "button") {
            self.note_form_text(word, parted);
        }
        if self.blocks.last().is_some_and(|block| block.tag == "summary") && self.summary.text.len() < SUMMARY {
            if spaced {
                self.summary.text.push(' ');
            }
            self.summary.text.push_str(word);
        }
        true
    }

    /// Whether a word has just been written and nobody but the page wants to know of those that follow it.
    fn runs_on(&self) -> bool {
        self.forms.is_empty() && self.blocks.last().is_none_or(|block| block.tag != "summary")
    }

    /// The words that follow one in the same text: all that stands before them is written.
    fn following(&mut self, text: &str) {
        self.kept.words += self.words.count(text);
        let bytes = text.as_bytes();
        // From there on, nothing is written; what stands between is looked at.
        let mut from = 0;
        let mut next = 0;
        while let Some(found) = bytes[next..].iter().position(|byte| STOPS[usize::from(*byte)]) {
            let at = next + found;
            // One space between two words is written as it is.
            if bytes[at] == b' ' && at > from && bytes.get(at + 1).is_some_and(|byte| !STOPS[usize::from(*byte)]) {
                next = at + 1;
                continue;
            }
            if from < at && self.space {
                self.out.push(' ');
                self.space = false;
            }
            self.out.push_str(&text[from..at]);
            from = at + 1;
            next = from;
            match bytes[at] {
                byte if byte.is_ascii_whitespace() => self.space = true,
                first => {
                    // An icon of three bytes, or a character beside them.
                    let length = if first < 0x80 { 1 } else { 3 };
                    from = at + length;
                    next = from;
                    let c = &text[at..from];
                    if !c.contains(is_icon) {
                        if std::mem::take(&mut self.space) {
                            self.out.push(' ');
                        }
                        escape(&mut self.out, c);
                    }
                }
            }
        }
        if from < bytes.len() {
            if std::mem::take(&mut self.space) {
                self.out.push(' ');
            }
            self.out.push_str(&text[from..]);
        }
    }

    /// Text that the page gives in an attribute.
    pub(super) fn added_text(&mut self, text: &str) {
        let before = self.kept.words;
        // It stood for a picture: the words beside it are others.
        self.part_words();
        self.text(text);
        self.part_words();
        self.words_added += self.kept.words - before;
    }

    /// Whatever comes next is another word.
    pub(super) fn part_words(&mut self) {
        self.space = true;
        self.words.end();
    }

    /// Makes sure that text may stand here, and writes what has come before it.
    pub(super) fn begin_text(&mut self) {
        if self.breaks >= 2 && !self.line_start && self.blocks.last().is_some_and(|b| b.tag == "p") {
            self.split_paragraph();
        }
        match self.blocks.last().map(|b| b.kind) {
            None | Some(Kind::Flow) => self.imply(Kind::Phrasing, "p"),
            Some(Kind::List) => self.imply(Kind::Item, "li"),
            Some(Kind::DefinitionList) => self.imply(Kind::Item, "dd"),
            Some(Kind::Table | Kind::TableBody) => {
                self.imply(Kind::Row, "tr");
                self.imply(Kind::Item, "td");
            }
            Some(Kind::Row) => self.imply(Kind::Item, "td"),
            Some(Kind::Phrasing | Kind::Item | Kind::Preformatted) => {}
        }
        self.write_pending();
        let same = self.open.iter().zip(&self.wanted).take_while(|((id, _), wanted)| *id == wanted.id).count();
        self.close_inlines(same);
        if self.breaks > 0 && !self.line_start {
            for _ in 0..self.breaks.min(2) {
                self.out.push_str("<br>");
            }
            self.out.push('\n');
        } else if !self.line_start
            && (self.space || self.after_link && self.wanted[same..].iter().any(|i| i.tag == "a"))
        {
            // Links that touch are told apart by the sheet of the origin only.
            self.out.push(' ');
            self.words.end();
        }
        self.space = false;
        self.breaks = 0;
        for inline in &self.wanted[same..] {
            if inline.tag == "a" {
                self.kept.links += 1;
                self.link_at.get_or_insert(self.out.len());
            }
            self.out.push('<');
            self.out.push_str(inline.tag);
            self.out.push_str(&inline.attributes);
            self.out.push('>');
            self.open.push((inline.id, inline.tag));
        }
        for inline in &mut self.wanted {
            inline.heard = true;
        }
        self.after_link = false;
    }

    fn preformatted(&mut self, text: &str) {
        // White space that nothing follows is not worth an element; it is remembered until something does.
        if text.trim().is_empty() && self.blocks.last().is_some_and(|b| !b.written) {
            self.blank.push_str(text);
            return;
        }
        let joined;
        let text = if self.blank.is_empty() {
            text
        } else {
            joined = std::mem::take(&mut self.blank) + text;
            joined.as_str()
        };
        self.space = false;
        self.begin_text();
        // The first newline in a `pre` is not part of it.
        if self.line_start && text.starts_with('\n') {
            self.out.push('\n');
        }
        self.line_start = false;
        for piece in text.split_inclusive(|c: char| c.is_ascii_whitespace()) {
            self.kept.words += self.words.count(piece.trim_end());
            if piece.ends_with(|c: char| c.is_ascii_whitespace()) {
                self.words.end();
            }
        }
        escape(&mut self.out, text);
    }
}

/// Characters of private use: the glyphs of an icon font that is not loaded here.
pub(super) fn is_icon(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}')
}

/// Whether a text holds the first byte of an icon.
fn may_hold_icons(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, 0xee | 0xef))
}

/// Bytes of running text that cannot be written as they are: white space, what is escaped, the first bytes of icons.
const STOPS: [bool; 256] = crate::html::bytes::set(b"\t\n\x0c\r &<>\"\xee\xef");

/// Characters that show nothing: no-break and zero-width spaces, soft hyphens, byte order marks.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_whitespace() || is_icon(c) || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

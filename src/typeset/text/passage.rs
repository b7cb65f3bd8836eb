//! A passage: the text of one paragraph with the looks of its spans, ready to be divided into lines.

use super::characters::OBJECT;
use super::fonts::{FontIx, Fonts};
use super::shape::LangIx;
use crate::sheet::{Color, Owner, PictureId, Pt};
use crate::theme::Family;

/// How letters look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Look {
    pub(crate) family: Family,
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    pub(crate) size: Pt,
    /// Raised above the baseline.
    pub(crate) rise: Pt,
    pub(crate) color: Color,
    pub(crate) underline: bool,
    pub(crate) strike: bool,
}

/// Index of a link in the setter's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LinkIx(pub(crate) u32);

/// A span of a passage up to the next one.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) look: Look,
    pub(crate) owner: Owner,
    pub(crate) link: Option<LinkIx>,
    pub(crate) lang: LangIx,
    /// A picture in the line, with its width and height; the span's text is one U+FFFC.
    pub(crate) picture: Option<(PictureId, Pt, Pt)>,
}

/// The text of a paragraph. `\n` is a line break that counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Passage {
    pub(crate) text: String,
    pub(crate) spans: Vec<Span>,
    /// Where the source had soft hyphens.
    pub(crate) soft_hyphens: Vec<usize>,
    /// Where the source had spaces of no width.
    pub(crate) zero_spaces: Vec<usize>,
    /// Whether runs of spaces count.
    pub(crate) preformatted: bool,
}

impl Look {
    pub(crate) fn font(&self) -> FontIx {
        Fonts::pick(self.family, self.bold, self.italic)
    }
}

impl Passage {
    pub(crate) fn is_blank(&self) -> bool {
        self.text.chars().all(|c| c.is_whitespace() && c != '\u{A0}') && self.spans.iter().all(|s| s.picture.is_none())
    }

    /// Appends text in a look. White space is collapsed, control characters are left out: neither can be seen.
    pub(crate) fn push(&mut self, text: &str, span: &Span) {
        let mut opened = false;
        for c in text.chars() {
            let c = match c {
                '\n' | '\t' if self.preformatted => c,
                '\u{AD}' => {
                    self.soft_hyphens.push(self.text.len());
                    continue;
                }
                '\u{200B}' => {
                    self.zero_spaces.push(self.text.len());
                    continue;
                }
                '\u{FEFF}' => continue,
                '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
                c if c.is_control() || ('\u{FFF9}'..='\u{FFFB}').contains(&c) => continue,
                // An object's place must not be taken for a picture of ours.
                OBJECT if span.picture.is_none() => '\u{FFFD}',
                c => c,
            };
            if c == ' ' && !self.preformatted && (self.text.is_empty() || self.text.ends_with([' ', '\n'])) {
                continue;
            }
            if !opened {
                self.open(span);
                opened = true;
            }
            if c == '\t' {
                self.text.push_str("    ");
            } else {
                self.text.push(c);
            }
        }
    }

    /// Appends a line break that counts.
    pub(crate) fn push_break(&mut self, span: &Span) {
        self.trim_end();
        if !self.text.is_empty() {
            self.open(span);
            self.text.push('\n');
        }
    }

    /// Takes spaces away that would hang after the last word.
    pub(crate) fn trim_end(&mut self) {
        let kept = self.text.trim_end_matches(' ').len();
        if !self.preformatted {
            self.text.truncate(kept);
            self.spans.retain(|span| span.start < kept);
        }
    }

    fn open(&mut self, span: &Span) {
        let start = self.text.len();
        let same = self.spans.last().is_some_and(|last| {
            last.look == span.look
                && last.owner == span.owner
                && last.link == span.link
                && last.lang == span.lang
                && last.picture.is_none()
                && span.picture.is_none()
        });
        if !same {
            self.spans.push(Span { start, ..span.clone() });
        }
    }
}

//! Running text: nested inlines with collapsed white space.

use super::Selection;
use crate::article::model::{Image, Inline};
use crate::html::dom::{Dom, NodeId};

/// Inlines within one another; deeper ones are transparent.
const DEEPEST: usize = 16;

/// An inline element that means something.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum InlineFrame {
    Emphasis,
    Strong,
    Code,
    Superscript,
    Subscript,
    Deleted,
    Link(String),
    Lang(String),
    Quoted,
}

impl InlineFrame {
    pub(super) fn of(dom: &Dom, id: NodeId, tag: &str, selection: &Selection) -> Option<InlineFrame> {
        Some(match tag {
            "em" | "i" | "cite" | "dfn" | "var" => Self::Emphasis,
            "strong" | "b" => Self::Strong,
            "code" | "kbd" | "samp" | "tt" => Self::Code,
            "sup" => Self::Superscript,
            "sub" => Self::Subscript,
            "del" | "s" | "strike" => Self::Deleted,
            "q" => Self::Quoted,
            "a" => Self::Link(
                dom.attr(id, "href").and_then(|href| selection.address(href)).filter(|h| !h.starts_with('#'))?,
            ),
            _ => Self::Lang(dom.attr(id, "lang").filter(|l| !l.is_empty())?.to_owned()),
        })
    }

    fn close(self, content: Vec<Inline>) -> Vec<Inline> {
        if content.is_empty() {
            return content;
        }
        vec![match self {
            Self::Emphasis => Inline::Emphasis(content),
            Self::Strong => Inline::Strong(content),
            Self::Code => Inline::Code(super::super::export::inline_text(&content)),
            // A reference to a note is raised by itself.
            Self::Superscript if matches!(content.as_slice(), [Inline::NoteRef { .. }]) => return content,
            Self::Superscript => Inline::Superscript(content),
            Self::Subscript => Inline::Subscript(content),
            Self::Deleted => Inline::Deleted(content),
            Self::Link(href) => Inline::Link { href, content },
            Self::Lang(lang) => Inline::Lang { lang, content },
            Self::Quoted => {
                let mut quoted = vec![Inline::Text("“".to_owned())];
                quoted.extend(content);
                quoted.push(Inline::Text("”".to_owned()));
                return quoted;
            }
        }]
    }
}

/// A paragraph being written.
#[derive(Default)]
pub(super) struct Line {
    done: Vec<Inline>,
    open: Vec<(NodeId, InlineFrame, Vec<Inline>)>,
    /// A space is due before the next word.
    space: bool,
    pub(super) has_text: bool,
    /// Nothing has been written since a line break.
    broken: bool,
}

impl Line {
    fn top(&mut self) -> &mut Vec<Inline> {
        match self.open.last_mut() {
            Some((_, _, content)) => content,
            None => &mut self.done,
        }
    }

    pub(super) fn open(&mut self, id: NodeId, frame: InlineFrame) {
        if self.open.len() < DEEPEST && !self.open.iter().any(|(_, f, _)| *f == frame) {
            self.open.push((id, frame, Vec::new()));
        }
    }

    pub(super) fn close(&mut self, id: NodeId) {
        if self.open.last().is_some_and(|(open, _, _)| *open == id)
            && let Some((_, frame, content)) = self.open.pop()
        {
            let closed = frame.close(content);
            self.top().extend(closed);
        }
    }

    pub(super) fn space(&mut self) {
        self.space |= self.has_text && !self.broken;
    }

    /// Adds characters; ASCII white space collapses, non-breaking spaces stay.
    pub(super) fn text(&mut self, text: &str) {
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c');
        let mut added = String::with_capacity(text.len() + 1);
        for c in text.chars() {
            if is_space(c) {
                self.space();
                continue;
            }
            // What no reader sees and no typesetter can use.
            if matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}') || c.is_control() {
                continue;
            }
            if self.space {
                added.push(' ');
                self.space = false;
            }
            self.has_text = true;
            self.broken = false;
            added.push(c);
        }
        if added.is_empty() {
            return;
        }
        // A space before the first word of an emphasis belongs outside of it.
        if added.starts_with(' ') && self.open.last().is_some_and(|(_, _, content)| content.is_empty()) {
            let outer = self.open.iter().rposition(|(_, _, content)| !content.is_empty());
            let place = match outer {
                Some(at) => &mut self.open[at].2,
                None => &mut self.done,
            };
            push_text(place, " ");
            added.remove(0);
        }
        push_text(self.top(), &added);
    }

    pub(super) fn break_line(&mut self) {
        if self.has_text {
            self.space = false;
            self.broken = true;
            self.top().push(Inline::Break);
        }
    }

    pub(super) fn note_ref(&mut self, note: String, label: String) {
        self.space = false;
        self.has_text = true;
        self.broken = false;
        self.top().push(Inline::NoteRef { note, label });
    }

    pub(super) fn image(&mut self, image: Image) {
        if self.space {
            push_text(self.top(), " ");
            self.space = false;
        }
        self.has_text = true;
        self.broken = false;
        self.top().push(Inline::Image(image));
    }

    /// Ends the paragraph; elements still open go on in the next one.
    pub(super) fn end(&mut self) -> Vec<Inline> {
        let mut content = Vec::new();
        let mut frames = Vec::new();
        while let Some((id, frame, inner)) = self.open.pop() {
            frames.push((id, frame.clone(), Vec::new()));
            let mut all = inner;
            all.append(&mut content);
            content = frame.close(all);
        }
        frames.reverse();
        self.open = frames;
        let mut all = std::mem::take(&mut self.done);
        all.append(&mut content);
        self.space = false;
        self.has_text = false;
        self.broken = false;
        trim(&mut all);
        all
    }
}

fn push_text(place: &mut Vec<Inline>, text: &str) {
    match place.last_mut() {
        Some(Inline::Text(before)) => before.push_str(text),
        _ => place.push(Inline::Text(text.to_owned())),
    }
}

/// Drops line breaks and white space at the end.
fn trim(content: &mut Vec<Inline>) {
    while let Some(last) = content.last_mut() {
        match last {
            Inline::Break => {
                content.pop();
            }
            Inline::Text(text) => {
                let kept = text.trim_end().len();
                text.truncate(kept);
                if kept > 0 {
                    return;
                }
                content.pop();
            }
            _ => return,
        }
    }
}

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
    Abbreviation(String),
    Ruby,
    /// The reading of the words before it, within [`InlineFrame::Ruby`].
    Reading,
    /// With its quotation marks.
    Quoted(&'static str, &'static str),
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
            "q" => {
                let outer = dom.ancestors(id).skip(1).take(100).filter(|&outer| dom.is(outer, "q")).count();
                let (open, close) = marks(selection.language_at(id), outer);
                Self::Quoted(open, close)
            }
            "abbr" | "acronym" => {
                let title = dom.attr(id, "title").map(squash).filter(|title| !title.is_empty())?;
                // One that only says again what is written expands nothing.
                if title == squash(&dom.text_content(id)) {
                    return None;
                }
                Self::Abbreviation(title)
            }
            "ruby" => Self::Ruby,
            "rt" => Self::Reading,
            "a" => {
                let href = dom.attr(id, "href").and_then(|href| selection.address(href))?;
                Self::Link(match href.strip_prefix('#') {
                    Some(place) => {
                        let place = super::places::decoded(place);
                        selection.places.contains(&place).then(|| format!("#{place}"))?
                    }
                    None => href,
                })
            }
            _ => return None,
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
            Self::Abbreviation(title) => Inline::Abbreviation { title, content },
            Self::Ruby | Self::Reading => return content,
            Self::Quoted(open, close) => {
                let mut quoted = vec![Inline::Text(open.to_owned())];
                for inline in content {
                    match inline {
                        Inline::Text(text) => push_text(&mut quoted, &text),
                        other => quoted.push(other),
                    }
                }
                push_text(&mut quoted, close);
                return quoted;
            }
        }]
    }
}

/// The quotation marks of a language; those within others at every second depth.
fn marks(lang: &str, depth: usize) -> (&'static str, &'static str) {
    let primary = lang.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let pairs = match primary.as_str() {
        "ru" | "uk" | "be" | "kk" | "tt" | "ba" | "cv" | "ky" | "bg" => [("«", "»"), ("„", "“")],
        "de" | "cs" | "sk" | "sl" | "hr" | "lt" | "is" => [("„", "“"), ("‚", "‘")],
        "pl" | "ro" | "hu" => [("„", "”"), ("«", "»")],
        "fr" => [("«\u{202f}", "\u{202f}»"), ("“", "”")],
        "es" | "it" | "pt" | "el" | "hy" | "no" | "nb" | "nn" => [("«", "»"), ("“", "”")],
        "sv" | "fi" => [("”", "”"), ("’", "’")],
        "ja" => [("「", "」"), ("『", "』")],
        _ => [("“", "”"), ("‘", "’")],
    };
    pairs[depth % 2]
}

fn squash(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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
    /// Places that links lead to, for the next words.
    places: Vec<String>,
}

impl Line {
    fn top(&mut self) -> &mut Vec<Inline> {
        match self.open.last_mut() {
            Some((_, _, content)) => content,
            None => &mut self.done,
        }
    }

    pub(super) fn open(&mut self, id: NodeId, frame: InlineFrame) {
        let again = !matches!(frame, InlineFrame::Quoted(..)) && self.open.iter().any(|(_, f, _)| *f == frame);
        if self.open.len() < DEEPEST && !again {
            self.open.push((id, frame, Vec::new()));
        }
    }

    pub(super) fn close(&mut self, id: NodeId) {
        // One element may have opened two: a language and an emphasis.
        while self.open.last().is_some_and(|(open, _, _)| *open == id)
            && let Some((_, frame, content)) = self.open.pop()
        {
            if frame == InlineFrame::Reading
                && let Some((_, InlineFrame::Ruby, words)) = self.open.last_mut()
            {
                let read = words.iter().rposition(|inline| matches!(inline, Inline::Ruby { .. }));
                let base = words.split_off(read.map_or(0, |at| at + 1));
                let text = crate::article::export::inline_text(&content);
                words.push(Inline::Ruby { text: text.trim().to_owned(), content: base });
                continue;
            }
            let closed = frame.close(content);
            for inline in closed {
                match inline {
                    Inline::Text(text) => push_text(self.top(), &text),
                    other => self.top().push(other),
                }
            }
        }
    }

    /// What comes next is a place that links lead to.
    pub(super) fn place(&mut self, id: String) {
        self.places.push(id);
    }

    fn settle_places(&mut self) {
        for id in std::mem::take(&mut self.places) {
            self.top().push(Inline::Anchor(id));
        }
    }

    /// The box of a task.
    pub(super) fn check(&mut self, done: bool) {
        self.settle_places();
        self.top().push(Inline::Check(done));
        self.has_text = true;
        self.space = false;
        self.broken = true;
    }

    /// A formula.
    pub(super) fn math(&mut self, content: Vec<Inline>) {
        self.object(Inline::Math(content));
    }

    /// What stands in the line like a word.
    fn object(&mut self, inline: Inline) {
        if self.space {
            push_text(self.top(), " ");
            self.space = false;
        }
        self.settle_places();
        self.has_text = true;
        self.broken = false;
        self.top().push(inline);
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
        self.settle_places();
        push_text(self.top(), &added);
    }

    pub(super) fn break_line(&mut self) {
        if self.has_text {
            self.space = false;
            self.broken = true;
            // A break before the first word of an emphasis belongs outside of it.
            let outer = self.open.iter().rposition(|(_, _, content)| !content.is_empty());
            match outer {
                Some(at) => self.open[at].2.push(Inline::Break),
                None => self.done.push(Inline::Break),
            }
        }
    }

    pub(super) fn note_ref(&mut self, note: String, label: String) {
        self.space = false;
        self.has_text = true;
        self.broken = false;
        self.top().push(Inline::NoteRef { note, label });
    }

    pub(super) fn image(&mut self, image: Image) {
        self.object(Inline::Image(image));
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

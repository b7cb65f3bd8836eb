//! From a passage to what line breaking chooses from: boxes, glue and places where a line may end.

use std::sync::Arc;

use unicode_linebreak::BreakOpportunity;

use super::passage::{Passage, Span};
use super::rules;
use super::rules::NEVER;
use super::shape::{Shaper, Word};
use crate::sheet::Pt;

/// What a line is made of.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// Letters that stay together: glyphs of one part of a shaped word.
    Letters {
        word: Arc<Word>,
        part: u32,
        /// Glyphs of the part, in visual order.
        glyphs: (u32, u32),
        /// Byte of the passage at which the word starts.
        at: u32,
        /// Bytes of the word that the glyphs stand for.
        text: (u32, u32),
        span: u32,
        level: u8,
        width: Pt,
    },
    /// A picture in the line.
    Object { span: u32, level: u8, width: Pt },
    /// A space.
    Glue { at: u32, len: u8, span: u32, level: u8, width: Pt, penalty: i32 },
    /// A place where a line may end, with a hyphen or without.
    Break { penalty: i32, hyphen: bool, width: Pt, span: u32 },
    /// A place where a line must end.
    Forced { span: u32, level: u8 },
}

/// How a passage may be divided.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dividing {
    /// Divide words by the rules of their language.
    pub(crate) hyphenate: bool,
    /// Width at which even a word without any opportunity must be divided.
    pub(crate) measure: Pt,
    /// Everything may be divided anywhere: the last resort.
    pub(crate) anywhere: bool,
}

/// The items of a passage, in logical order.
pub(crate) fn items(passage: &Passage, shaper: &mut Shaper, dividing: Dividing, levels: Option<&[u8]>) -> Vec<Item> {
    let items = Vec::with_capacity(passage.text.len() / 3);
    let mut itemiser = Itemiser { passage, shaper, dividing, levels, items, hyphen: None, joints: Vec::new() };
    itemiser.run();
    itemiser.items
}

/// Bytes between two looks at the clock.
const STRETCH: usize = 4 << 10;

struct Itemiser<'a> {
    passage: &'a Passage,
    shaper: &'a mut Shaper,
    dividing: Dividing,
    levels: Option<&'a [u8]>,
    items: Vec<Item>,
    /// Width of a hyphen in the span where one was last needed.
    hyphen: Option<(usize, Pt)>,
    joints: Vec<Joint>,
}

/// A place within a word, by its byte in the passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Joint {
    at: usize,
    penalty: i32,
    hyphen: bool,
}

impl Itemiser<'_> {
    fn run(&mut self) {
        let text = self.passage.text.as_str();
        let opportunities: Vec<(usize, bool)> = unicode_linebreak::linebreaks(text)
            .filter(|(at, _)| !rules::slash_holds(text, *at))
            .map(|(at, kind)| (at, kind == BreakOpportunity::Mandatory && at < text.len()))
            .collect();
        let mut next = 0;
        let mut span = 0;
        let mut start = 0;
        let mut looked = 0;
        while start < text.len() {
            if start >= looked + STRETCH {
                looked = start;
                if self.shaper.deadline.is_over() {
                    return;
                }
            }
            while self.passage.spans.get(span + 1).is_some_and(|s| s.start <= start) {
                span += 1;
            }
            let span_end = self.passage.spans.get(span + 1).map_or(text.len(), |s| s.start);
            let level = self.level(start);
            let c = text[start..].chars().next().expect("within the text");
            if c == '\n' {
                self.items.push(Item::Forced { span: span as u32, level });
                start += 1;
                continue;
            }
            if self.passage.spans[span].picture.is_some() {
                let width = self.passage.spans[span].picture.map_or(0.0, |(_, width, _)| width);
                self.break_if_allowed(&opportunities, &mut next, start, span);
                self.items.push(Item::Object { span: span as u32, level, width });
                start += c.len_utf8();
                continue;
            }
            let starts_line = matches!(self.items.last(), None | Some(Item::Forced { .. }));
            if starts_line && (self.passage.preformatted && c == ' ' || c == '\u{A0}') {
                // Spaces that start a line of code or verse are part of it; as glue they would go.
                let end = start + text[start..span_end].find(|other| other != c).unwrap_or(span_end - start);
                self.word(start, end, span, level, &[]);
                start = end;
                continue;
            }
            if c == ' ' || c == '\u{A0}' {
                self.space(start, c, span, level);
                start += c.len_utf8();
                continue;
            }
            self.break_if_allowed(&opportunities, &mut next, start, span);
            let rest = &text[start..span_end];
            let end = start
                + rest
                    .char_indices()
                    .find(|(i, c)| matches!(c, ' ' | '\u{A0}' | '\n') || self.level(start + i) != level)
                    .map_or(rest.len(), |(i, _)| i);
            while opportunities.get(next).is_some_and(|(at, _)| *at <= start) {
                next += 1;
            }
            let first = next;
            while opportunities.get(next).is_some_and(|(at, _)| *at < end) {
                next += 1;
            }
            self.word(start, end, span, level, &opportunities[first..next]);
            start = end;
        }
    }

    fn level(&self, at: usize) -> u8 {
        self.levels.map_or(0, |levels| levels[at])
    }

    /// Between two boxes without a space, as after a dash or between ideographs in different spans.
    fn break_if_allowed(&mut self, opportunities: &[(usize, bool)], next: &mut usize, at: usize, span: usize) {
        while opportunities.get(*next).is_some_and(|(o, _)| *o < at) {
            *next += 1;
        }
        let here = opportunities.get(*next).is_some_and(|(o, _)| *o == at);
        let after_box = matches!(self.items.last(), Some(Item::Letters { .. } | Item::Object { .. }));
        if after_box && (here || self.dividing.anywhere) {
            let penalty = if here { 10 } else { 5_000 };
            self.items.push(Item::Break { penalty, hyphen: false, width: 0.0, span: span as u32 });
        }
    }

    fn space(&mut self, at: usize, c: char, span: usize, level: u8) {
        let text = self.passage.text.as_str();
        let of = &self.passage.spans[span];
        let width = self.shaper.space(of.look.font()).map_or(0.25, |(_, width)| width) * of.look.size;
        let penalty = if c == '\u{A0}' {
            NEVER
        } else {
            let before = text[..at].rsplit([' ', '\n', '\u{A0}']).next().unwrap_or("");
            let after = text[at + 1..].split([' ', '\n', '\u{A0}']).next().unwrap_or("");
            rules::glue_penalty(before, after, self.shaper.lang_tag(of.lang))
        };
        let penalty = if self.dividing.anywhere { penalty.min(3_000) } else { penalty };
        self.items.push(Item::Glue {
            at: at as u32,
            len: c.len_utf8() as u8,
            span: span as u32,
            level,
            width,
            penalty,
        });
    }

    fn word(&mut self, start: usize, end: usize, span: usize, level: u8, inner: &[(usize, bool)]) {
        let text = &self.passage.text[start..end];
        let of: &Span = &self.passage.spans[span];
        let (font, lang, size) = (of.look.font(), of.lang, of.look.size);
        let word = self.shaper.word(text, font, lang, level % 2 == 1);
        let mut joints = std::mem::take(&mut self.joints);
        joints.clear();
        for (at, _) in inner {
            // After a hyphen of the word itself a line may end, but better not.
            let before = &self.passage.text[start..*at];
            let own_hyphen = before.ends_with(['-', '\u{2010}']);
            if own_hyphen && !before.trim_end_matches(['-', '\u{2010}']).ends_with(char::is_alphanumeric) {
                // The hyphen of an option (-n) or of a negative number stays with what follows.
                continue;
            }
            joints.push(Joint { at: *at, penalty: if own_hyphen { 40 } else { 20 }, hyphen: false });
        }
        for &at in within(&self.passage.zero_spaces, start, end) {
            joints.push(Joint { at, penalty: 0, hyphen: false });
        }
        if self.dividing.hyphenate && level.is_multiple_of(2) {
            for &at in within(&self.passage.soft_hyphens, start, end) {
                joints.push(Joint { at, penalty: 30, hyphen: true });
            }
            let hyphens = word.hyphens(text, self.shaper.lang_tag(lang));
            joints.extend(hyphens.iter().map(|at| Joint { at: start + *at as usize, penalty: 80, hyphen: true }));
        }
        if word.width * size > self.dividing.measure || self.dividing.anywhere {
            for (at, _) in unicode_segmentation::UnicodeSegmentation::grapheme_indices(text, true).skip(1) {
                joints.push(Joint { at: start + at, penalty: 5_000, hyphen: false });
            }
        }
        if joints.len() > 1 {
            joints.sort_unstable();
            joints.dedup_by_key(|j| j.at);
        }
        self.divide(&word, start, span, level, size, &joints);
        self.joints = joints;
    }

    /// Cuts a shaped word at its joints, as far as they fall between clusters.
    fn divide(&mut self, word: &Arc<Word>, at: usize, span: usize, level: u8, size: Pt, joints: &[Joint]) {
        let mut joints = joints.iter().peekable();
        for (index, part) in word.parts.iter().enumerate() {
            let count = part.glyphs.len();
            if count == 0 {
                continue;
            }
            let backward = level % 2 == 1;
            let order = |k: usize| if backward { count - 1 - k } else { k };
            let mut first = 0;
            let mut from = part.text.start;
            for k in 1..=count {
                let here = if k == count { part.text.end } else { part.glyphs[order(k)].cluster };
                let previous = part.glyphs[order(k - 1)].cluster;
                if k < count && here == previous {
                    continue;
                }
                while joints.peek().is_some_and(|j| j.at < at + here as usize) {
                    joints.next();
                }
                let joint = joints.peek().filter(|j| j.at == at + here as usize).copied();
                if k < count && joint.is_none() {
                    continue;
                }
                let glyphs = if backward { (count - k, count - first) } else { (first, k) };
                let width = part.glyphs[glyphs.0..glyphs.1].iter().map(|g| g.advance).sum::<f32>() * size;
                self.items.push(Item::Letters {
                    word: Arc::clone(word),
                    part: index as u32,
                    glyphs: (glyphs.0 as u32, glyphs.1 as u32),
                    at: at as u32,
                    text: (from, here),
                    span: span as u32,
                    level,
                    width,
                });
                if let Some(joint) = joint {
                    let width = if joint.hyphen { self.hyphen_width(span) } else { 0.0 };
                    let (penalty, hyphen) = (joint.penalty, joint.hyphen);
                    self.items.push(Item::Break { penalty, hyphen, width, span: span as u32 });
                }
                first = k;
                from = here;
            }
        }
    }

    fn hyphen_width(&mut self, span: usize) -> Pt {
        if let Some((_, width)) = self.hyphen.filter(|(of, _)| *of == span) {
            return width;
        }
        let of = &self.passage.spans[span];
        let width = self.shaper.word("-", of.look.font(), of.lang, false).width * of.look.size;
        self.hyphen = Some((span, width));
        width
    }
}

/// Those of sorted places that lie inside a word, not at its ends.
fn within(places: &[usize], start: usize, end: usize) -> &[usize] {
    let first = places.partition_point(|at| *at <= start);
    let last = places.partition_point(|at| *at < end);
    &places[first.min(last)..last]
}

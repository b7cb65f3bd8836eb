//! Frames of the model that are open while the tree is walked.

use super::inline::{InlineFrame, Line};
use super::notes::Footnotes;
use super::{Selection, definitions, picture};
use crate::article::model::{Block, Definition, Inline, Note};
use crate::article::passage::NONE;
use crate::html::dom::{Dom, NodeId};

/// A block of the model that is not finished.
pub(super) enum Frame {
    Heading(u8),
    Paragraph(Option<String>),
    List { ordered: bool, start: Option<i32> },
    Item,
    Definitions,
    Term,
    Definition,
    Quote,
    Note(String, String),
    Root,
}

impl Frame {
    pub(super) fn of(dom: &Dom, id: NodeId, tag: &str) -> Option<Frame> {
        Some(match tag {
            "p" => Frame::Paragraph(dom.attr(id, "lang").filter(|l| !l.is_empty()).map(str::to_owned)),
            "h1" | "h2" => Frame::Heading(2),
            "h3" => Frame::Heading(3),
            "h4" => Frame::Heading(4),
            "h5" => Frame::Heading(5),
            "h6" => Frame::Heading(6),
            "ul" => Frame::List { ordered: false, start: None },
            "ol" => Frame::List {
                ordered: true,
                start: dom.attr(id, "start").and_then(|s| s.trim().parse().ok()).filter(|&n: &i32| n != 1),
            },
            "li" => Frame::Item,
            "dl" => Frame::Definitions,
            "dt" => Frame::Term,
            "dd" => Frame::Definition,
            "blockquote" => Frame::Quote,
            _ => return None,
        })
    }
}

struct Open {
    id: Option<NodeId>,
    frame: Frame,
    blocks: Vec<Block>,
    items: Vec<Vec<Block>>,
    groups: Vec<Definition>,
}

impl Open {
    fn new(id: Option<NodeId>, frame: Frame) -> Self {
        Self { id, frame, blocks: Vec::new(), items: Vec::new(), groups: Vec::new() }
    }
}

/// Writes the model.
pub(super) struct Builder<'a> {
    selection: &'a Selection<'a>,
    open: Vec<Open>,
    line: Line,
    /// Line breaks since the last text.
    breaks: usize,
    passage: u32,
    pub(super) notes: Footnotes,
    done: Vec<Note>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(selection: &'a Selection<'a>) -> Self {
        Self {
            selection,
            open: vec![Open::new(None, Frame::Root)],
            line: Line::default(),
            breaks: 0,
            passage: NONE,
            notes: Footnotes::default(),
            done: Vec::new(),
        }
    }

    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn with_notes(self, notes: Footnotes) -> Self {
        Self { notes, ..self }
    }

    /// Whether what comes now is a note.
    pub(super) fn in_note(&self) -> bool {
        self.open.iter().any(|o| matches!(o.frame, Frame::Note(..)))
    }

    pub(super) fn note_ref(&mut self, note: String, label: String) {
        self.line.note_ref(note, label);
    }

    pub(super) fn open(&mut self, id: NodeId, frame: Frame) {
        self.open.push(Open::new(Some(id), frame));
    }

    pub(super) fn open_inline(&mut self, id: NodeId, frame: InlineFrame) {
        self.line.open(id, frame);
    }

    pub(super) fn begin_block(&mut self) {
        self.breaks = 0;
    }

    /// Text of a dropped passage stood here.
    pub(super) fn gap(&mut self) {
        self.line.space();
    }

    pub(super) fn text(&mut self, text: &str, passage: u32) {
        if text.trim_matches([' ', '\t', '\n', '\r', '\x0c']).is_empty() {
            self.line.space();
            return;
        }
        if self.breaks > 0 && self.line.has_text {
            if self.breaks > 1 || self.lines_are_paragraphs(passage) {
                self.end_paragraph();
            } else {
                self.line.break_line();
            }
        }
        self.breaks = 0;
        self.passage = passage;
        self.line.text(text);
    }

    /// Whether single line breaks part paragraphs here: where the line before ends a sentence and is long, as in
    /// bodies made of `<br>` alone. Verse and addresses have short lines.
    fn lines_are_paragraphs(&self, next: u32) -> bool {
        let passages = &self.selection.page.passages;
        let (Some(before), Some(after)) = (passages.get(self.passage as usize), passages.get(next as usize)) else {
            return false;
        };
        before.stats.ends && before.stats.words + after.stats.words >= 30 && before.stats.words >= 8
    }

    pub(super) fn line_break(&mut self) {
        self.breaks += 1;
        self.line.space();
    }

    pub(super) fn picture(&mut self, id: NodeId) {
        if !picture::belongs(self.selection, id) {
            return;
        }
        let Some(image) = picture::image_of(self.selection.dom, id, self.selection.picture_base) else { return };
        if picture::is_inline(self.selection, id, &image) {
            self.line.image(image);
        } else {
            self.end_paragraph();
            let (caption, credit) = picture::beside(self.selection, id);
            self.push(Block::Figure { images: vec![image], caption, credit });
        }
    }

    pub(super) fn embed(&mut self, id: NodeId) {
        if let Some(embed) = picture::embed(self.selection, id) {
            self.end_paragraph();
            self.push(embed);
        }
    }

    pub(super) fn rule(&mut self) {
        // Breaks only part text from text: `tidy` drops those at the ends and in a row.
        if self.open.len() == 1 {
            self.push(Block::Rule);
        }
    }

    pub(super) fn push(&mut self, block: Block) {
        if let Some(open) = self.open.last_mut() {
            open.blocks.push(block);
        }
    }

    /// Ends the running text and puts it where it belongs.
    pub(super) fn end_paragraph(&mut self) {
        self.breaks = 0;
        let content = self.line.end();
        if content.is_empty() {
            return;
        }
        let block = match self.open.last().map(|o| &o.frame) {
            Some(Frame::Heading(level)) => Block::Heading { level: *level, content },
            Some(Frame::Paragraph(lang)) => Block::Paragraph { content, lang: lang.clone() },
            _ => Block::Paragraph { content, lang: None },
        };
        self.push(block);
    }

    pub(super) fn close(&mut self, id: NodeId) {
        self.line.close(id);
        let dom = self.selection.dom;
        if dom.any_tag(id).is_some_and(|tag| super::flow(tag) == super::Flow::Block) {
            self.end_paragraph();
        }
        if self.open.last().is_some_and(|o| o.id == Some(id)) {
            self.close_frame();
        }
    }

    fn close_frame(&mut self) {
        let Some(Open { frame, blocks, mut items, mut groups, .. }) = self.open.pop() else { return };
        let Some(outer) = self.open.last_mut() else { return };
        match frame {
            Frame::Heading(_) | Frame::Paragraph(_) | Frame::Root => outer.blocks.extend(blocks),
            Frame::List { ordered, start } => {
                // Blocks of a list outside any item: what the author forgot to mark.
                if !blocks.is_empty() {
                    items.push(blocks);
                }
                if !items.is_empty() {
                    outer.blocks.push(Block::List { ordered, start, items });
                }
            }
            Frame::Item => match outer.frame {
                Frame::List { .. } if !blocks.is_empty() => {
                    let loose = std::mem::take(&mut outer.blocks);
                    if !loose.is_empty() {
                        outer.items.push(loose);
                    }
                    outer.items.push(blocks);
                }
                _ => outer.blocks.extend(blocks),
            },
            Frame::Definitions => {
                definitions::add_loose(&mut groups, blocks, &mut outer.blocks);
                definitions::close(groups, &mut outer.blocks);
            }
            Frame::Term | Frame::Definition if !matches!(outer.frame, Frame::Definitions) => {
                outer.blocks.extend(blocks);
            }
            Frame::Term => {
                let mut before = Vec::new();
                definitions::add_loose(&mut outer.groups, std::mem::take(&mut outer.blocks), &mut before);
                outer.blocks = before;
                definitions::add_term(&mut outer.groups, blocks);
            }
            Frame::Definition => {
                let mut before = Vec::new();
                definitions::add_loose(&mut outer.groups, std::mem::take(&mut outer.blocks), &mut before);
                definitions::add_loose(&mut outer.groups, blocks, &mut before);
                outer.blocks = before;
            }
            Frame::Note(id, label) => {
                if !blocks.is_empty() {
                    self.done.push(Note { id, label, blocks });
                }
            }
            Frame::Quote => {
                if !blocks.is_empty() {
                    let (blocks, cite) = attribution(blocks);
                    outer.blocks.push(Block::Quote { blocks, cite });
                }
            }
        }
    }

    pub(super) fn finish(mut self) -> Vec<Block> {
        self.end_paragraph();
        while self.open.len() > 1 {
            self.close_frame();
        }
        let mut blocks = self.open.pop().map(|o| o.blocks).unwrap_or_default();
        if !self.done.is_empty() {
            blocks.push(Block::Notes { notes: self.done });
        }
        blocks
    }
}

/// Parts the source of a quotation, a last line that begins with a dash, from what is quoted.
fn attribution(mut blocks: Vec<Block>) -> (Vec<Block>, Vec<Inline>) {
    let is_source = |block: &Block| match block {
        Block::Paragraph { content, .. } => {
            let text = crate::article::export::inline_text(content);
            text.chars().count() < 120 && (text.starts_with("— ") || text.starts_with("– ")) && !text.ends_with('.')
        }
        _ => false,
    };
    if blocks.len() > 1
        && blocks.last().is_some_and(is_source)
        && let Some(Block::Paragraph { mut content, .. }) = blocks.pop()
    {
        // Whoever shows it sets a dash before it.
        if let Some(Inline::Text(text)) = content.first_mut() {
            *text = text.trim_start_matches(['—', '–', ' ']).to_owned();
            if text.is_empty() {
                content.remove(0);
            }
        }
        return (blocks, content);
    }
    (blocks, Vec::new())
}

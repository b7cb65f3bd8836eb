//! Frames of the model that are open while the tree is walked.

use super::inline::{InlineFrame, Line};
use super::notes::Footnotes;
use super::numbering::Numbering;
use super::{Selection, definitions, picture};
use crate::article::model::{Block, Definition, Inline, Note};
use crate::article::passage::NONE;
use crate::html::dom::{Dom, NodeId};

/// A block of the model that is not finished.
pub(super) enum Frame {
    Heading(u8),
    Paragraph,
    List(Option<Numbering>),
    Item,
    Definitions,
    Term,
    Definition,
    Quote,
    Details(Vec<Inline>),
    Summary,
    Note(String, String),
    Root,
}

impl Frame {
    pub(super) fn of(dom: &Dom, id: NodeId, tag: &str) -> Option<Frame> {
        Some(match tag {
            "p" => Frame::Paragraph,
            "h1" | "h2" => Frame::Heading(2),
            "h3" => Frame::Heading(3),
            "h4" => Frame::Heading(4),
            "h5" => Frame::Heading(5),
            "h6" => Frame::Heading(6),
            "ul" | "menu" => Frame::List(None),
            "ol" => Frame::List(Some(Numbering::read(dom, id))),
            "li" => Frame::Item,
            "dl" => Frame::Definitions,
            "dt" => Frame::Term,
            "dd" => Frame::Definition,
            "blockquote" => Frame::Quote,
            "details" => Frame::Details(Vec::new()),
            "summary" => Frame::Summary,
            _ => return None,
        })
    }
}

struct Open {
    id: Option<NodeId>,
    frame: Frame,
    blocks: Vec<Block>,
    items: Vec<Vec<Block>>,
    /// Of each item of an ordered list.
    numbers: Vec<i32>,
    groups: Vec<Definition>,
}

impl Open {
    fn new(id: Option<NodeId>, frame: Frame) -> Self {
        Self { id, frame, blocks: Vec::new(), items: Vec::new(), numbers: Vec::new(), groups: Vec::new() }
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
    /// Languages of the blocks around, where the page names them.
    langs: Vec<(Option<NodeId>, String)>,
}

impl<'a> Builder<'a> {
    /// A builder of what stands in an element.
    pub(super) fn new(selection: &'a Selection<'a>, root: NodeId) -> Self {
        let around = selection.label_at(root).map(|lang| (None, lang.to_owned()));
        Self {
            selection,
            open: vec![Open::new(None, Frame::Root)],
            line: Line::default(),
            breaks: 0,
            passage: NONE,
            notes: Footnotes::default(),
            done: Vec::new(),
            langs: around.into_iter().collect(),
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

    /// Whether what comes now are the words below which the page opens something.
    pub(super) fn in_summary(&self) -> bool {
        matches!(self.open.last(), Some(Open { frame: Frame::Summary, .. }))
    }

    /// Whether the block under way is one that a summary may head.
    pub(super) fn in_details(&self) -> bool {
        matches!(self.open.last(), Some(Open { frame: Frame::Details(_), .. }))
    }

    /// Whether a task begins here: at the beginning of an item.
    pub(super) fn begins_item(&self) -> bool {
        !self.line.has_text
            && self.open.iter().rev().take(2).any(|open| matches!(open.frame, Frame::Item) && open.blocks.is_empty())
    }

    pub(super) fn check(&mut self, done: bool) {
        self.line.check(done);
    }

    pub(super) fn place(&mut self, id: String) {
        self.line.place(id);
    }

    pub(super) fn math(&mut self, content: Vec<Inline>, alone: bool) {
        if alone {
            self.end_paragraph();
        }
        self.line.math(content);
        if alone {
            self.end_paragraph();
        }
    }

    /// The page says in which language an element is.
    pub(super) fn language(&mut self, id: NodeId, lang: &str) {
        self.langs.push((Some(id), lang.to_owned()));
    }

    /// The language of a block, where the page names another than the article's and its letters do not belie it.
    fn own_language(&self, content: &[Inline]) -> Option<String> {
        let (_, lang) = self.langs.last()?;
        let text = crate::article::export::inline_text(content);
        self.selection.differs(lang, &text).then(|| lang.clone())
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
        let image = picture::told(self.selection, image);
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
        let lang = self.own_language(&content);
        let block = match self.open.last().map(|o| &o.frame) {
            Some(Frame::Heading(level)) => Block::Heading {
                level: *level,
                content: match lang {
                    Some(lang) => vec![Inline::Lang { lang, content }],
                    None => content,
                },
            },
            _ => Block::Paragraph { content, lang },
        };
        self.push(block);
    }

    pub(super) fn close(&mut self, id: NodeId) {
        self.line.close(id);
        let dom = self.selection.dom;
        if dom.tag(id).is_some_and(|tag| super::flow(tag) == super::Flow::Block) {
            self.end_paragraph();
        }
        self.langs.pop_if(|(of, _)| *of == Some(id));
        if self.open.last().is_some_and(|o| o.id == Some(id)) {
            self.close_frame();
        }
    }

    fn close_frame(&mut self) {
        let Some(Open { id, frame, blocks, mut items, mut numbers, mut groups }) = self.open.pop() else { return };
        let Some(outer) = self.open.last_mut() else { return };
        match frame {
            Frame::Heading(_) | Frame::Paragraph | Frame::Root => outer.blocks.extend(blocks),
            Frame::List(numbering) => {
                // Blocks of a list outside any item: what the author forgot to mark.
                if !blocks.is_empty() {
                    numbers.push(after(&numbers));
                    items.push(blocks);
                }
                let ordered = numbering.is_some();
                let style = numbering.map(|numbering| numbering.style).unwrap_or_default();
                numbers.truncate(if ordered { items.len() } else { 0 });
                if !items.is_empty() {
                    outer.blocks.push(Block::List { ordered, start: None, style, numbers, items });
                }
            }
            Frame::Item => match &outer.frame {
                Frame::List(numbering) if !blocks.is_empty() => {
                    let loose = std::mem::take(&mut outer.blocks);
                    if !loose.is_empty() {
                        outer.numbers.push(after(&outer.numbers));
                        outer.items.push(loose);
                    }
                    let number = numbering.as_ref().and_then(|numbering| numbering.of.get(&id?).copied());
                    outer.numbers.push(number.unwrap_or_else(|| after(&outer.numbers)));
                    outer.items.push(blocks);
                }
                _ => outer.blocks.extend(blocks),
            },
            Frame::Summary => match &mut outer.frame {
                Frame::Details(summary) => {
                    for block in blocks {
                        let (Block::Paragraph { content, .. } | Block::Heading { content, .. }) = block else {
                            outer.blocks.push(block);
                            continue;
                        };
                        if !summary.is_empty() {
                            summary.push(Inline::Text(" ".to_owned()));
                        }
                        summary.extend(content);
                    }
                }
                _ => outer.blocks.extend(blocks),
            },
            Frame::Details(summary) if summary.is_empty() => outer.blocks.extend(blocks),
            Frame::Details(summary) if blocks.is_empty() => {
                outer.blocks.push(Block::Paragraph { content: summary, lang: None });
            }
            Frame::Details(summary) => outer.blocks.push(Block::Details { summary, blocks }),
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

/// The number after the last.
fn after(numbers: &[i32]) -> i32 {
    numbers.last().map_or(1, |last| last.saturating_add(1))
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
        && let Some(Block::Paragraph { content, .. }) = blocks.pop()
    {
        return (blocks, undashed(content));
    }
    (blocks, Vec::new())
}

/// Who is quoted, without the dash before the name: whoever shows it sets one.
pub(super) fn undashed(mut content: Vec<Inline>) -> Vec<Inline> {
    if let Some(Inline::Text(text)) = content.first_mut() {
        *text = text.trim_start_matches(['—', '–', ' ', '\u{a0}']).to_owned();
        if text.is_empty() {
            content.remove(0);
        }
    }
    content
}

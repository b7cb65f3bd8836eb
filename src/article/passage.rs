//! The page as a row of passages: runs of text between the borders of block elements and line breaks.
//!
//! A passage is the unit that is judged and kept or dropped. Its text nodes point back to it, so that the model is
//! built from the tree and not from the passage's bare text.

use super::hints::{self, Hints};
use super::words::{self, WordStats};
use crate::html::dom::{Dom, Edge, NodeId};

/// No passage: of nodes that hold no text.
pub(super) const NONE: u32 = u32::MAX;

/// A run of text.
#[derive(Clone, Debug)]
pub(super) struct Passage {
    /// The innermost block element around it.
    pub(super) block: NodeId,
    /// The node of its first text.
    pub(super) node: NodeId,
    /// Bytes of [`Page::text`], white space collapsed.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Of these, how many stand in links, in bold and in italics.
    pub(super) linked: usize,
    pub(super) strong: usize,
    pub(super) links: usize,
    pub(super) stats: WordStats,
    /// Its words among [`Page::words`], from and to.
    words: (u32, u32),
    /// Its hints among [`Page::hints`].
    hints: u32,
    /// Line breaks before it, within its block.
    pub(super) breaks: u8,
    /// Pictures since the passage before.
    pub(super) images: u16,
}

/// A page cut into passages.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) text: String,
    pub(super) passages: Vec<Passage>,
    /// The hash of each word.
    words: Vec<u64>,
    /// What stands around the passages: once for those that follow each other.
    hints: Vec<Hints>,
    /// For every node of the tree: the passage of a text node.
    pub(super) owner: Vec<u32>,
    /// For every node of the tree: its passages, from and to.
    pub(super) range: Vec<(u32, u32)>,
    /// The `h1` elements and others that look like headlines: in page order.
    pub(super) headings: Vec<NodeId>,
}

impl Page {
    pub(super) fn text_of(&self, passage: &Passage) -> &str {
        &self.text[passage.start..passage.end]
    }

    /// The hash of each word of a passage.
    pub(super) fn words_of(&self, passage: &Passage) -> &[u64] {
        &self.words[passage.words.0 as usize..passage.words.1 as usize]
    }

    /// What stands around a passage.
    pub(super) fn hints_of(&self, passage: &Passage) -> &Hints {
        &self.hints[passage.hints as usize]
    }

    /// Cuts the page. Text that no reader sees (scripts, styles, form controls) has no passage.
    pub(super) fn cut(dom: &Dom) -> Page {
        Self::cut_with(dom, false)
    }

    /// As [`Page::cut`]; `unscripted` takes what a page shows where scripts are off for text.
    pub(super) fn cut_with(dom: &Dom, unscripted: bool) -> Page {
        let mut cutter = Cutter {
            dom,
            unscripted,
            page: Page {
                text: String::new(),
                passages: Vec::new(),
                words: Vec::new(),
                hints: Vec::new(),
                owner: vec![NONE; dom.len()],
                range: vec![(0, 0); dom.len()],
                headings: Vec::new(),
            },
            open: Vec::with_capacity(64),
            run: Run::default(),
            breaks: 0,
            images: 0,
        };
        let root = dom.find("body").unwrap_or(dom.root());
        let mut edges = dom.edges(root);
        while let Some(edge) = edges.next() {
            match edge {
                Edge::Open(id) => {
                    if !cutter.open(id) {
                        edges.pass_over(id);
                    }
                }
                Edge::Close(id) => cutter.close(id),
            }
        }
        cutter.end_run();
        cutter.page
    }
}

/// How an element takes part in the flow of text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Block,
    Inline,
    Break,
    Picture,
    Skipped,
}

/// How an element lies in the flow of text, by its name alone.
pub(super) fn flow(tag: &str) -> Flow {
    match tag {
        "a" | "abbr" | "acronym" | "b" | "bdi" | "bdo" | "big" | "cite" | "code" | "data" | "del" | "dfn" | "em"
        | "font" | "i" | "ins" | "kbd" | "label" | "mark" | "nobr" | "q" | "rb" | "rt" | "ruby" | "s" | "samp"
        | "small" | "span" | "strike" | "strong" | "sub" | "sup" | "time" | "tt" | "u" | "var" | "wbr" | "blink" => {
            Flow::Inline
        }
        "br" => Flow::Break,
        "img" | "picture" | "amp-img" => Flow::Picture,
        "script" | "style" | "template" | "noscript" | "head" | "svg" | "iframe" | "object" | "select" | "option"
        | "textarea" | "canvas" | "video" | "audio" | "datalist" | "title" | "noframes" | "noembed" | "map"
        | "embed" | "applet" | "input" | "rp" | "progress" | "meter" | "button" => Flow::Skipped,
        _ => Flow::Block,
    }
}

/// Whether a button stands inside a heading: it opens what stands below it, and its text is the heading.
pub(super) fn is_in_heading(dom: &Dom, button: NodeId) -> bool {
    let heading = |id: NodeId| ["h1", "h2", "h3", "h4", "h5", "h6"].iter().any(|name| dom.is(id, name));
    dom.ancestors(button).skip(1).take(6).any(heading)
}

/// The text of an element as a reader sees it: nothing of scripts, styles, templates and form controls, a space where
/// blocks and line breaks part words.
pub(super) fn seen_text(dom: &Dom, id: NodeId) -> String {
    let mut out = String::new();
    let mut edges = dom.edges(id);
    while let Some(edge) = edges.next() {
        let (Edge::Open(node) | Edge::Close(node)) = edge;
        let opens = matches!(edge, Edge::Open(_));
        let Some(tag) = dom.any_tag(node) else {
            if opens {
                out.push_str(dom.text(node));
            }
            continue;
        };
        let hidden = flow(tag) == Flow::Skipped || is_counter(dom, node, tag);
        if hidden && node != id {
            if opens {
                edges.pass_over(node);
            }
        } else if flow(tag) != Flow::Inline {
            out.push(' ');
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Characters of the longest counter: «12 комментариев».
const COUNTER: usize = 24;

/// Whether an inline element only counts comments, readers or votes: its number would run into the text beside it.
pub(super) fn is_counter(dom: &Dom, id: NodeId, tag: &str) -> bool {
    const COUNTED: [&str; 22] = [
        "comment",
        "comments",
        "commentcount",
        "commentscount",
        "counter",
        "count",
        "counts",
        "likes",
        "like",
        "views",
        "view",
        "votes",
        "vote",
        "shares",
        "share",
        "replies",
        "reply",
        "rating",
        "disqus",
        "kommentarii",
        "kommenty",
        "respond",
    ];
    if !matches!(tag, "a" | "span" | "sup" | "small" | "b" | "i" | "em" | "strong" | "font" | "label") {
        return false;
    }
    let mut length = 0;
    let (mut digits, mut letters) = (0, String::new());
    for node in dom.descendants(id).take(40) {
        // What holds a reference or a picture says more than a number.
        if node != id && dom.is(node, "img") {
            return false;
        }
        for c in dom.text(node).chars() {
            length += 1;
            if length > 4 * COUNTER || letters.len() > 2 * COUNTER {
                return false;
            }
            if c.is_ascii_digit() {
                digits += 1;
            } else if c.is_alphabetic() {
                letters.extend(c.to_lowercase());
            } else if !c.is_whitespace()
                && !matches!(c, '+' | '-' | '−' | '(' | ')' | '[' | ']' | '.' | ',' | ':' | '\u{a0}')
            {
                return false;
            }
        }
    }
    let says_so =
        ["коммент", "comment", "отзыв", "просмотр", "view", "repl"].iter().any(|word| letters.starts_with(word));
    if digits == 0 || digits > 7 || letters.chars().count() > 14 || !(letters.is_empty() || says_so) {
        return false;
    }
    let of = |node: NodeId| {
        ["class", "id", "href"].iter().filter_map(move |name| dom.attr(node, name).map(|value| (*name, value))).any(
            |(name, value)| {
                // Of an address only where in the page it leads.
                let value = if name == "href" { value.split_once('#').map_or("", |(_, place)| place) } else { value };
                value
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .any(|word| COUNTED.contains(&word.to_ascii_lowercase().as_str()))
            },
        )
    };
    of(id) || dom.descendants(id).skip(1).take(8).any(|inner| dom.any_tag(inner).is_some() && of(inner))
}

#[derive(Default)]
struct Run {
    node: Option<NodeId>,
    block: Option<NodeId>,
    start: usize,
    linked: usize,
    strong: usize,
    links: usize,
    hints: Hints,
    space: bool,
}

/// An open element with what it passes on to the text in it.
struct Open {
    id: NodeId,
    block: NodeId,
    linked: bool,
    strong: bool,
    is_block: bool,
    /// A paragraph or heading: unknown elements in it are inline.
    phrasing: bool,
    hints: Hints,
}

struct Cutter<'a> {
    dom: &'a Dom,
    unscripted: bool,
    page: Page,
    open: Vec<Open>,
    run: Run,
    breaks: u8,
    images: u16,
}

impl Cutter<'_> {
    /// Whether to go inside.
    fn open(&mut self, id: NodeId) -> bool {
        let from = self.page.passages.len() as u32;
        self.page.range[id.index()] = (from, from);
        let Some(tag) = self.dom.any_tag(id) else {
            self.text(id);
            return true;
        };
        let foreign = self.dom.is_foreign(id);
        let outer = self.open.last();
        let phrasing = outer.is_some_and(|o| o.phrasing);
        let mut flow = if foreign && !self.dom.is_math(id) { Flow::Skipped } else { flow(tag) };
        if self.dom.is_math(id) && matches!(&**tag, "annotation" | "annotation-xml") {
            return false;
        }
        if foreign && self.dom.is_math(id) || flow == Flow::Block && phrasing && tag.contains('-') {
            flow = Flow::Inline;
        }
        match &**tag {
            "button" if is_in_heading(self.dom, id) => flow = Flow::Inline,
            "noscript" if self.unscripted => flow = Flow::Block,
            "template" if self.dom.attr(id, "shadowrootmode").is_some() => flow = Flow::Block,
            _ => {}
        }
        match flow {
            Flow::Skipped => return false,
            Flow::Break => {
                self.end_run();
                self.breaks = self.breaks.saturating_add(1);
                return true;
            }
            Flow::Picture => {
                self.images = self.images.saturating_add(1);
                return true;
            }
            Flow::Block => {
                self.end_run();
                self.breaks = 0;
            }
            Flow::Inline if phrasing && self.pops_up(id) || is_counter(self.dom, id, tag) => return false,
            Flow::Inline => {}
        }
        let outer = self.open.last();
        let is_block = flow == Flow::Block;
        let link = &**tag == "a" && self.dom.attr(id, "href").is_some();
        let hints = hints::of(self.dom, id, tag, outer.map(|o| &o.hints), is_block);
        let opened = Open {
            id,
            block: if is_block { id } else { outer.map_or(id, |o| o.block) },
            linked: link || outer.is_some_and(|o| o.linked),
            strong: matches!(&**tag, "b" | "strong") || outer.is_some_and(|o| o.strong),
            is_block,
            phrasing: matches!(&**tag, "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6") || (phrasing && !is_block),
            hints,
        };
        if link {
            self.run.links += 1;
        }
        if matches!(&**tag, "h1" | "h2") {
            self.page.headings.push(id);
        }
        self.open.push(opened);
        true
    }

    /// Whether the element is what a pointer over the text brings up: its words would stand amid a sentence.
    fn pops_up(&self, id: NodeId) -> bool {
        const KINDS: [&str; 4] = ["tooltip", "popover", "rollover", "hovercard"];
        const INSIDE: [&str; 6] = ["text", "content", "block", "body", "message", "inner"];
        self.dom.attr(id, "class").is_some_and(|class| {
            let class = class.to_ascii_lowercase();
            KINDS.iter().any(|k| class.contains(k)) && INSIDE.iter().any(|part| class.contains(part))
        })
    }

    fn close(&mut self, id: NodeId) {
        if self.open.last().is_some_and(|o| o.id == id)
            && let Some(closed) = self.open.pop()
            && closed.is_block
        {
            self.end_run();
            self.breaks = 0;
        }
        let to = self.page.passages.len() as u32 + u32::from(self.run.node.is_some());
        self.page.range[id.index()].1 = to;
    }

    fn text(&mut self, id: NodeId) {
        let text = self.dom.text(id);
        if text.is_empty() {
            return;
        }
        let Some(outer) = self.open.last() else { return };
        let out = &mut self.page.text;
        let before = out.len();
        for word in text.split(words::is_space) {
            if word.is_empty() {
                continue;
            }
            // Within one text node words are always apart; at its beginning only if there was white space.
            let glued = out.len() == before && !text.starts_with(words::is_space) && !self.run.space;
            if self.run.node.is_some() && !glued {
                out.push(' ');
            }
            if self.run.node.is_none() {
                self.run.node = Some(id);
                self.run.block = Some(outer.block);
                self.run.start = out.len();
                self.run.hints = outer.hints;
            }
            out.push_str(word);
        }
        let added = out.len() - before;
        if added == 0 {
            // White space within a passage parts its words: it belongs to the passage as they do.
            if self.run.node.is_some() {
                self.run.space = true;
                self.page.owner[id.index()] = self.page.passages.len() as u32;
            }
            return;
        }
        self.run.space = text.ends_with(words::is_space);
        self.page.owner[id.index()] = self.page.passages.len() as u32;
        if outer.linked {
            self.run.linked += added;
        }
        if outer.strong {
            self.run.strong += added;
        }
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let Some(node) = run.node else { return };
        let end = self.page.text.len();
        let from = self.page.words.len();
        let stats = words::stats(&self.page.text[run.start..end], &mut self.page.words);
        if self.page.hints.last() != Some(&run.hints) {
            self.page.hints.push(run.hints);
        }
        self.page.passages.push(Passage {
            block: run.block.unwrap_or(node),
            node,
            start: run.start,
            end,
            linked: run.linked,
            strong: run.strong,
            links: run.links,
            stats,
            words: (from as u32, self.page.words.len() as u32),
            hints: self.page.hints.len() as u32 - 1,
            breaks: std::mem::take(&mut self.breaks),
            images: std::mem::take(&mut self.images),
        });
    }
}

//! From kept passages and pictures of the tree to the blocks of the model.
//!
//! One walk over the tree drives a builder: elements that mean something (lists, quotations, figures, tables,
//! headings) open and close frames, everything else is transparent, and only text of kept passages comes through.
//! The walk does not recurse; frames nest at most [`DEEPEST`] deep, elements below that are transparent too.

mod builder;
mod definitions;
mod drawing;
pub(super) mod files;
mod inline;
mod math;
mod notes;
mod numbering;
mod picture;
mod places;
mod table;
mod tidy;

use super::model::Block;
use super::passage::{Flow, NONE, Page, flow, is_in_heading};
use crate::html::dom::{Dom, Edge, NodeId};
use builder::{Builder, Frame};
use inline::InlineFrame;
use std::collections::HashSet;
pub(super) use tidy::letters;
use url::Url;

/// Frames of the model within one another.
const DEEPEST: usize = 24;

/// What of the page goes into the model.
pub(super) struct Selection<'a> {
    pub(super) dom: &'a Dom,
    pub(super) page: &'a Page,
    /// For every passage.
    pub(super) keep: &'a [bool],
    /// Passages, from and to, that are taken whole: a caption or a table of which most is kept.
    pub(super) whole: (u32, u32),
    /// How many kept words stand before each passage; one longer than the passages.
    pub(super) kept_words: &'a [u32],
    /// As `kept_words`, of all words.
    pub(super) all_words: &'a [u32],
    pub(super) base: Option<&'a Url>,
    /// What addresses of pictures start from.
    pub(super) picture_base: Option<&'a Url>,
    /// The headline's words, lower-cased and joined.
    pub(super) title: &'a str,
    /// The article's language.
    pub(super) lang: &'a str,
    /// Ids that kept links lead to.
    pub(super) places: &'a HashSet<String>,
}

impl Selection<'_> {
    fn keeps(&self, passage: u32) -> bool {
        self.keep[passage as usize] || (self.whole.0..self.whole.1).contains(&passage)
    }

    /// Kept words in an element.
    fn words_in(&self, id: NodeId) -> u32 {
        self.count(self.kept_words, id)
    }

    /// All words in an element.
    fn all_words_in(&self, id: NodeId) -> u32 {
        self.count(self.all_words, id)
    }

    fn count(&self, sums: &[u32], id: NodeId) -> u32 {
        let (from, to) = self.page.range[id.index()];
        sums[to as usize].saturating_sub(sums[from as usize])
    }

    /// What the page says of the language in an element, below its body.
    fn label_at(&self, id: NodeId) -> Option<&str> {
        self.dom
            .ancestors(id)
            .take_while(|&outer| !self.dom.is(outer, "body") && !self.dom.is(outer, "html"))
            .find_map(|outer| self.dom.attr(outer, "lang").map(str::trim).filter(|lang| !lang.is_empty()))
    }

    /// The language in an element.
    fn language_at(&self, id: NodeId) -> &str {
        self.label_at(id).filter(|lang| self.differs(lang, &self.dom.text_content(id))).unwrap_or(self.lang)
    }

    /// Whether a label names another language than the article's, and the letters of what it is about do not belie it.
    fn differs(&self, label: &str, text: &str) -> bool {
        let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        crate::html::language::is_tag(label)
            && primary(label) != primary(self.lang)
            && crate::html::language::may_be(label, text)
    }

    /// An address made absolute; `None` for scripts and the like.
    pub(super) fn address(&self, raw: &str) -> Option<String> {
        absolute(raw, self.base)
    }
}

/// An address made absolute where the base is known, tracking parameters dropped; `None` for schemes that no reader
/// can follow.
pub(super) fn absolute(raw: &str, base: Option<&Url>) -> Option<String> {
    let raw = raw.trim();
    if raw.is_empty() {
        return None;
    }
    if raw.starts_with('#') {
        return Some(raw.to_owned());
    }
    match base.map_or_else(|| Url::parse(raw), |base| base.join(raw)) {
        Ok(mut url) => {
            if !matches!(url.scheme(), "http" | "https" | "mailto" | "tel" | "ftp" | "data" | "file") {
                return None;
            }
            crate::clean::Rules::built_in().clean_link(&mut url);
            Some(url.into())
        }
        // A path of a page whose own address is not known.
        Err(url::ParseError::RelativeUrlWithoutBase) => Some(raw.to_owned()),
        Err(_) => None,
    }
}

/// Builds the body.
pub(super) fn blocks(selection: &Selection) -> Vec<Block> {
    let root = selection.dom.find("body").unwrap_or(selection.dom.root());
    let places = places::wanted(selection);
    let selection = &Selection { places: &places, ..*selection };
    let builder = Builder::new(selection, root).with_notes(notes::Footnotes::find(selection));
    let mut blocks = tidy::tidy(fill(builder, selection, root), selection.title);
    places::settle(&mut blocks);
    files::list(blocks)
}

/// The blocks of a subtree.
fn walk(selection: &Selection, root: NodeId) -> Vec<Block> {
    fill(Builder::new(selection, root), selection, root)
}

fn fill(mut builder: Builder, selection: &Selection, root: NodeId) -> Vec<Block> {
    let dom = selection.dom;
    let mut edges = dom.edges(root);
    while let Some(edge) = edges.next() {
        match edge {
            Edge::Open(id) => {
                if !enter(&mut builder, selection, id) {
                    edges.pass_over(id);
                }
            }
            Edge::Close(id) => builder.close(id),
        }
    }
    builder.finish()
}

/// Whether to go inside.
fn enter(builder: &mut Builder, selection: &Selection, id: NodeId) -> bool {
    let (dom, page) = (selection.dom, selection.page);
    let Some(tag) = dom.any_tag(id) else {
        let owner = page.owner[id.index()];
        if owner != NONE && (selection.keeps(owner) || builder.in_note() || builder.in_summary()) {
            builder.text(dom.text(id), owner);
        } else if owner != NONE {
            builder.gap();
        }
        return true;
    };
    let tag: &str = tag;
    if !selection.places.is_empty()
        && let Some(place) = dom.attr(id, "id").or_else(|| dom.attr(id, "name").filter(|_| tag == "a"))
        && selection.places.contains(place)
    {
        builder.place(place.to_owned());
    }
    if dom.is_math(id) {
        if tag == "math" && is_kept(builder, selection, id) {
            builder.math(math::tell(dom, id), dom.attr(id, "display").is_some_and(|display| display == "block"));
        }
        return false;
    }
    if tag == "input" && builder.begins_item() && is_task(dom, id) {
        builder.check(dom.attr(id, "checked").is_some());
        return false;
    }
    if let Some((note, label)) = builder.notes.references.get(&id).cloned() {
        builder.note_ref(note, label);
        return false;
    }
    if builder.in_note() && tag == "a" && builder.notes.is_way_back(dom, id) {
        return false;
    }
    if matches!(tag, "iframe" | "embed" | "video") {
        builder.embed(id);
        return false;
    }
    match flow(tag) {
        Flow::Skipped => {
            return tag == "template" && dom.attr(id, "shadowrootmode").is_some()
                || tag == "button" && is_in_heading(dom, id)
                || tag == "noscript" && is_kept(builder, selection, id);
        }
        Flow::Break => builder.line_break(),
        Flow::Picture => {
            builder.picture(id);
            return false;
        }
        Flow::Inline => {
            // Most links of a page stand in what was dropped: their addresses need not be read.
            if tag == "a" && !is_kept(builder, selection, id) {
                return true;
            }
            let lang = dom.attr(id, "lang").map(str::trim).filter(|lang| !lang.is_empty());
            if let Some(lang) = lang.filter(|lang| selection.differs(lang, &dom.text_content(id))) {
                builder.open_inline(id, InlineFrame::Lang(lang.to_owned()));
            }
            if let Some(kind) = InlineFrame::of(dom, id, tag, selection) {
                builder.open_inline(id, kind);
            }
        }
        Flow::Block => {
            builder.end_paragraph();
            if let Some(lang) = dom.attr(id, "lang").map(str::trim).filter(|lang| !lang.is_empty())
                && tag != "body"
            {
                builder.language(id, lang);
            }
            let (from, to) = page.range[id.index()];
            let deep = builder.depth() >= DEEPEST;
            if let Some((note, label)) = builder.notes.targets.get(&id).cloned().filter(|_| !deep && !builder.in_note())
            {
                builder.open(id, Frame::Note(note, label));
                builder.begin_block();
                return true;
            }
            match tag {
                "table" if !deep && selection.words_in(id) > 0 => {
                    if let Some(table) = table::data_table(selection, id) {
                        builder.push(Block::Table(table));
                        return false;
                    }
                }
                "figure" => match picture::figure(selection, id) {
                    picture::Figure::Whole(blocks) => {
                        blocks.into_iter().for_each(|block| builder.push(block));
                        return false;
                    }
                    picture::Figure::Foreign => return false,
                    picture::Figure::Text => {}
                },
                "hr" => builder.rule(),
                "pre" if !deep && selection.words_in(id) > 0 => {
                    builder.push(preformatted(dom, id));
                    return false;
                }
                "details" if selection.words_in(id) == 0 => {}
                "summary" if !builder.in_details() => {}
                "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" | "blockquote" | "ul" | "ol" | "menu" | "dl"
                | "dt" | "dd" | "details" | "summary"
                    if !deep && from != to =>
                {
                    if let Some(frame) = Frame::of(dom, id, tag) {
                        builder.open(id, frame);
                    }
                }
                _ => {}
            }
            builder.begin_block();
        }
    }
    true
}

/// Whether anything in an element is kept.
fn is_kept(builder: &Builder, selection: &Selection, id: NodeId) -> bool {
    let (from, to) = selection.page.range[id.index()];
    builder.in_note() || builder.in_summary() || (from..to).any(|n| selection.keeps(n))
}

/// Whether an input is the box of a task: nobody sends it anywhere.
fn is_task(dom: &Dom, id: NodeId) -> bool {
    dom.attr(id, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox"))
        && !dom.ancestors(id).take(100).any(|outer| dom.is(outer, "form"))
}

fn preformatted(dom: &Dom, id: NodeId) -> Block {
    let mut text = String::new();
    let mut edges = dom.edges(id);
    while let Some(edge) = edges.next() {
        let Edge::Open(node) = edge else { continue };
        match dom.any_tag(node).map(|tag| flow(tag)) {
            None => text.push_str(dom.text(node)),
            Some(Flow::Break) => text.push('\n'),
            // Buttons that copy the code stand in it.
            Some(Flow::Skipped) => edges.pass_over(node),
            Some(_) => {}
        }
    }
    let code = dom.descendants(id).any(|n| dom.is(n, "code") || dom.is(n, "samp") || dom.is(n, "kbd"))
        || dom.attr(id, "class").is_some_and(|c| ["code", "lang", "highlight", "brush"].iter().any(|w| c.contains(w)))
        || text.contains(['{', '}', ';', '=', '<']);
    Block::Preformatted { text: text.trim_matches('\n').trim_end().to_owned(), code }
}

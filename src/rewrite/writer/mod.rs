//! Writing the page: blocks, paragraphs and inlines, well-formed whatever comes.
//!
//! Blocks are written when their first content comes, so that nothing empty is ever written. Inlines (emphasis, links)
//! are written around text, inside blocks: `<b>1<p>2</b>3` becomes `<p><b>1</b></p><p><b>2</b>3</p>`, which is what
//! the adoption agency makes of it. Containers without meaning leave no trace but the paragraph break they make.

mod blocks;
mod echo;
pub(in crate::rewrite) mod forms;
mod inlines;
mod summary;
mod text;

use self::summary::Summary;
use crate::clean::{Kept, Removal};
use crate::html::stack::Id;
use crate::html::tag::Tag;
use crate::phrases::PagePhrases;
use crate::rewrite::element::{Attr, Element};
use crate::rewrite::markup::attribute;
use crate::rewrite::tally::Tally;
use crate::rewrite::words::WordCounter;

/// What a block may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Blocks; text gets a paragraph of its own.
    Flow,
    /// Text and inlines only.
    Phrasing,
    /// Text or blocks: list items, cells.
    Item,
    List,
    DefinitionList,
    Table,
    TableBody,
    Row,
    Preformatted,
}

#[derive(Debug)]
struct Block {
    id: Id,
    kind: Kind,
    tag: &'static str,
    attributes: String,
    lang: Option<Box<str>>,
    written: bool,
    /// Where its start tag stands in `out`, as long as that is held back.
    at: Option<usize>,
    /// Made by the writer, not by the page.
    implied: bool,
    /// The page's element, where a reader would miss it.
    source: Option<Source>,
    /// Written after the end tag.
    after: &'static str,
    heading: u8,
    /// Level of the heading before it.
    heading_before: u8,
    /// What a definition list has come to: its last item was a term, and no description followed.
    term: bool,
    /// A term of it has been written.
    has_terms: bool,
}

/// An element of the page.
#[derive(Clone, Copy, Debug)]
struct Source {
    tag: Tag,
    offset: u64,
}

#[derive(Debug)]
struct Inline {
    id: Id,
    tag: &'static str,
    /// Attributes, written out.
    attributes: String,
    /// What a link is called if nothing in it says so.
    name: Option<Box<str>>,
    /// Something of it can be heard: text, or a picture with a description.
    heard: bool,
    /// A picture that says nothing stands for it.
    pictured: bool,
    /// Where a link of the page's stands in it.
    source: Option<u64>,
}

/// Which part of the page is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rewrite) enum Region {
    Before,
    Main,
    After,
}

/// Writes blocks and inlines.
pub(in crate::rewrite) struct Writer {
    pub(in crate::rewrite) out: String,
    pub(in crate::rewrite) kept: Kept,
    pub(in crate::rewrite) region: Region,
    pub(in crate::rewrite) without_description: u64,
    /// Elements of the page whose fate is sealed: they are written, or stand in `left_out`.
    pub(in crate::rewrite) settled: Tally,
    /// What says nothing or shows nothing, and so is not written.
    pub(in crate::rewrite) left_out: Vec<Removal>,
    /// White space at the beginning of preformatted text.
    blank: String,
    /// Words of `kept` that the writer added: descriptions and names that the page gives in attributes.
    pub(in crate::rewrite) words_added: u64,
    phrases: &'static PagePhrases,
    blocks: Vec<Block>,
    /// Inlines that the page has opened, and those that are open in the output.
    wanted: Vec<Inline>,
    open: Vec<(Id, &'static str)>,
    /// White space has come since the last character.
    space: bool,
    /// Line breaks that have come since the last character.
    breaks: u8,
    /// Nothing has been written in the present line.
    line_start: bool,
    /// The last thing written is the end of a link.
    after_link: bool,
    /// Where in `out` the open link begins: it is held back until it is known what it says.
    link_at: Option<usize>,
    /// The last picture, likewise.
    picture_at: Option<usize>,
    summary: Summary,
    forms: Vec<forms::Form>,
    /// In which charset the site reads its forms, where that is not UTF-8.
    pub(in crate::rewrite) form_charset: Option<&'static str>,
    /// Where the page is on its own site.
    pub(in crate::rewrite) original: Option<String>,
    /// The headline, where the page's own turns out to be empty.
    pub(in crate::rewrite) headline: String,
    /// The footer, and the fold in it, is to be opened before anything else is written.
    footer_due: bool,
    fold_due: bool,
    fold_open: bool,
    /// The start of that fold, with its name.
    pub(in crate::rewrite) rest: String,
    words: WordCounter,
    last_heading: u8,
    /// Ids in use, so that none is written twice.
    ids: std::collections::HashSet<Box<str>, foldhash::fast::RandomState>,
    /// An id whose element left no trace: the next block takes it.
    orphan_id: Option<Box<str>>,
    /// Languages of containers that left no trace.
    languages: Vec<(Id, Box<str>)>,
    page_language: Box<str>,
}

/// Bytes of a summary that name its links.
const SUMMARY: usize = 200;
/// Ids remembered at most; later ones are not written.
const MOST_IDS: usize = 50_000;
/// Blocks within blocks written at most; deeper ones are flattened.
const DEEPEST: usize = 100;

impl Writer {
    pub(in crate::rewrite) fn new(phrases: &'static PagePhrases, page_language: &str) -> Self {
        Self {
            out: String::new(),
            kept: Kept::default(),
            region: Region::Before,
            without_description: 0,
            settled: Tally::default(),
            left_out: Vec::new(),
            blank: String::new(),
            words_added: 0,
            phrases,
            blocks: Vec::new(),
            wanted: Vec::new(),
            open: Vec::new(),
            space: false,
            breaks: 0,
            line_start: true,
            after_link: false,
            link_at: None,
            picture_at: None,
            summary: Default::default(),
            forms: Vec::new(),
            form_charset: None,
            original: None,
            headline: String::new(),
            footer_due: false,
            fold_due: false,
            fold_open: false,
            rest: String::new(),
            words: WordCounter::default(),
            last_heading: 1,
            ids: Default::default(),
            orphan_id: None,
            languages: Vec::new(),
            page_language: page_language.into(),
        }
    }

    /// Hands on what is written, up to a link or a block of text that is still open: it is held back until it is known
    /// what it says.
    pub(in crate::rewrite) fn hand_on(&mut self, sink: impl FnOnce(&str)) {
        let length = self.out.len();
        let places = self.blocks.iter().map(|block| block.at).chain([self.link_at]).flatten();
        let from = places.filter(|at| length - at <= echo::HELD).min().unwrap_or(length);
        let moved = |at: &mut Option<usize>| *at = at.and_then(|at| at.checked_sub(from));
        self.blocks.iter_mut().for_each(|block| moved(&mut block.at));
        moved(&mut self.link_at);
        moved(&mut self.picture_at);
        if from > 0 {
            sink(&self.out[..from]);
            self.out.drain(..from);
        }
    }

    /// An element opens.
    pub(in crate::rewrite) fn open(&mut self, id: Id, element: &Element) {
        use Tag::*;
        if !element.tag.is_inline() {
            self.paragraph_break();
            if let Some(lang) = element.get(Attr::Lang) {
                self.languages.push((id, lang.into()));
            }
        }
        match element.tag {
            P => self.push_paragraph(id, element),
            H1 | H2 | H3 | H4 | H5 | H6 => {
                let level = element.tag.name().as_bytes()[1] - b'0';
                self.push_heading(id, element, level.max(2));
            }
            Ul | Menu | Dir => self.push(id, element, Kind::List, "ul", String::new()),
            Ol => {
                let mut own = attributes(element, &[(Attr::Start, "start"), (Attr::Reversed, "reversed")]);
                // Any other type is a picture of a bullet, or nothing.
                if let Some(kind @ ("1" | "a" | "A" | "i" | "I")) = element.get(Attr::Type) {
                    attribute(&mut own, "type", kind);
                }
                self.push(id, element, Kind::List, "ol", own);
            }
            Li => {
                let attributes = attributes(element, &[(Attr::Value, "value")]);
                self.push(id, element, Kind::Item, "li", attributes);
            }
            Dl => self.push(id, element, Kind::DefinitionList, "dl", String::new()),
            Dt => self.push(id, element, Kind::Phrasing, "dt", String::new()),
            Dd => self.push(id, element, Kind::Item, "dd", String::new()),
            Blockquote => self.push(id, element, Kind::Flow, "blockquote", String::new()),
            Figure => self.push(id, element, Kind::Item, "figure", String::new()),
            Figcaption => {
                let within = self.blocks.iter().any(|b| b.tag == "figure");
                let (kind, tag) = if within { (Kind::Item, "figcaption") } else { (Kind::Phrasing, "p") };
                self.push(id, element, kind, tag, String::new());
            }
            Pre | Listing | Xmp | Plaintext => self.push(id, element, Kind::Preformatted, "pre", String::new()),
            Form => self.push_form(id, element),
            Address => self.push(id, element, Kind::Flow, "address", String::new()),
            Details => self.push(id, element, Kind::Flow, "details", String::new()),
            Summary => {
                let first = self.blocks.last().is_some_and(|b| b.tag == "details" && !b.written);
                let tag = if first { "summary" } else { "p" };
                self.push(id, element, Kind::Phrasing, tag, String::new());
            }
            Aside if self.region == Region::Main => {
                self.push(id, element, Kind::Flow, "div", " class=\"cp-aside\"".into());
            }
            Table => self.push_table(id, element),
            Caption => self.push(id, element, Kind::Phrasing, "caption", String::new()),
            Thead | Tbody | Tfoot => self.push(id, element, Kind::TableBody, element.tag.name(), String::new()),
            Tr => self.push(id, element, Kind::Row, "tr", String::new()),
            Td | Th => self.push_cell(id, element),
            tag if tag.is_inline() => self.push_inline(id, element),
            _ => self.orphan(element),
        }
    }

    /// An element closes.
    pub(in crate::rewrite) fn close(&mut self, id: Id, tag: Tag) {
        if let Some(at) = self.wanted.iter().rposition(|inline| inline.id == id) {
            self.close_inline(at);
            return;
        }
        if tag == Tag::A {
            self.summary.close_link(id);
        }
        self.languages.retain(|(of, _)| *of != id);
        if let Some(at) = self.blocks.iter().rposition(|block| block.id == id) {
            self.pop_to(at);
        } else if !tag.is_inline() {
            self.paragraph_break();
        }
        if tag == Tag::Form {
            self.close_form(id);
        }
    }

    /// A line break, a rule, a picture: what has no content.
    pub(in crate::rewrite) fn void(&mut self, element: &Element) {
        match element.tag {
            Tag::Br => {
                if self.blocks.last().is_some_and(|b| b.kind == Kind::Preformatted) {
                    self.text("\n");
                } else {
                    self.breaks = self.breaks.saturating_add(1);
                    self.words.end();
                }
            }
            Tag::Wbr if !self.line_start => self.out.push_str("<wbr>"),
            Tag::Hr => {
                self.paragraph_break();
                self.leave_phrasing();
                if self.accepts_block() {
                    self.open_footer();
                    self.write_pending();
                    self.out.push_str("\n<hr>");
                    self.line_start = true;
                }
            }
            Tag::Img | Tag::Image => self.image(element),
            Tag::Input | Tag::Select => self.field(element),
            Tag::Area => match (element.get(Attr::Href), element.get(Attr::Alt)) {
                (Some(href), Some(alt)) if !alt.trim().is_empty() => {
                    self.seal(element.tag);
                    self.link_paragraph(href, alt);
                }
                (Some(_), _) => self.leave_out(element.tag, element.offset, "a region of a picture that has no name"),
                (None, _) => {}
            },
            _ => {}
        }
    }

    /// An element of the page that says nothing or shows nothing is not written.
    fn leave_out(&mut self, tag: Tag, offset: u64, what: &str) {
        let (rule, selector) = (format!("empty: {what}"), tag.name().to_owned());
        self.left_out.push(Removal { rule, element: selector.clone(), selector, offset, words: 0, bytes: 0 });
        self.seal(tag);
    }

    /// It is known what has become of an element of the page.
    fn seal(&mut self, tag: Tag) {
        match tag {
            Tag::A | Tag::Area => self.settled.links += 1,
            Tag::Img | Tag::Image => self.settled.images += 1,
            Tag::Table => self.settled.tables += 1,
            _ => self.settled.headings += 1,
        }
    }

    /// Words that the writer wrote of its own accord.
    fn added_words(&mut self, text: &str) {
        let words = text.split_whitespace().map(|word| WordCounter::default().count(word)).sum::<u64>();
        self.kept.words += words;
        self.words_added += words;
        self.words.end();
    }

    /// A paragraph that is one link.
    pub(in crate::rewrite) fn link_paragraph(&mut self, href: &str, name: &str) {
        self.paragraph_break();
        let mut element = Element::new(Tag::A);
        element.set(Attr::Href, href);
        self.push_inline(Id::MAX, &element);
        self.added_text(name);
        self.close(Id::MAX, Tag::A);
        self.paragraph_break();
    }

    /// Closes every block and starts afresh: what the page still has open leaves no trace from here on.
    pub(in crate::rewrite) fn close_all(&mut self) {
        self.pop_to(0);
        self.paragraph_break();
    }

    /// Writes a heading of the first level around what comes until `id` closes.
    pub(in crate::rewrite) fn open_headline(&mut self, id: Id, element: &Element) {
        self.paragraph_break();
        self.push(id, &Element::new(Tag::H1), Kind::Phrasing, "h1", String::new());
        if let Some(block) = self.blocks.last_mut() {
            block.heading = 1;
            block.source = source(element);
        }
    }

    /// What comes from here on stands in the main part.
    pub(in crate::rewrite) fn enter_main(&mut self) {
        self.region = Region::Main;
        // The headline of the page stands at its head, whatever stood before it.
        self.last_heading = 1;
    }

    /// What comes from here on stands in the footer, if anything comes.
    pub(in crate::rewrite) fn enter_footer(&mut self) {
        self.region = Region::After;
        self.footer_due = true;
        self.fold_due = true;
    }

    /// What comes from here on is the page's own footer: it stands open.
    pub(in crate::rewrite) fn leave_fold(&mut self) {
        self.fold_due = false;
        if self.fold_open {
            self.close_all();
            self.fold_open = false;
            self.out.push_str("</div>\n</details>");
        }
    }

    /// Whether the footer is open.
    pub(in crate::rewrite) fn has_footer(&self) -> bool {
        self.region == Region::After && !self.footer_due
    }

    /// Opens the footer that is due.
    pub(in crate::rewrite) fn open_footer(&mut self) {
        if std::mem::take(&mut self.footer_due) {
            self.out.push_str("\n<footer class=\"cp-foot\">");
        }
        if std::mem::take(&mut self.fold_due) {
            self.out.push_str(&self.rest);
            self.fold_open = true;
        }
    }
}

/// A heading or a table of the page.
fn source(element: &Element) -> Option<Source> {
    let missed = element.tag.is_heading() || element.tag == Tag::Table;
    missed.then_some(Source { tag: element.tag, offset: element.offset })
}

fn attributes(element: &Element, names: &[(Attr, &str)]) -> String {
    let mut written = String::new();
    for (attr, name) in names {
        if let Some(value) = element.get(*attr) {
            attribute(&mut written, name, value);
        }
    }
    written
}

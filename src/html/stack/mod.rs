//! Tree construction without a tree: the stack of open elements, the list of active formatting elements and HTML's
//! rules for implied ends (HTML, 13.2.4.2–3 and 13.2.6), driven by tokens.
//!
//! lol_html matches end tags by name; an element that its own end tag does not close (27 % of real pages hold one)
//! would take its neighbours with it when it is removed. Here every start tag finds its true parent, and an element is
//! suppressed with exactly what a browser would put inside it.
//!
//! What a stream cannot do is move: content in the wrong place of a table is foster-parented by a browser, that is put
//! before the table. Here it keeps its place in the order of tokens, but it is judged as a child of the table's
//! parent, so that suppressing the table does not take it along. The adoption agency (13.2.6.4.7) is followed as far
//! as it decides which text an element holds.

use super::tag::Tag;
mod formatting;
mod tags;

use super::tokens::{Doctype, StartTag, TokenSink};

/// Identifies an open element; 0 is none.
pub(crate) type Id = u32;

/// What the stack tells of the elements it opens and closes.
pub(crate) trait TreeSink {
    /// What is kept of a start tag; cloned when a formatting element is opened again.
    type Element: Clone;

    /// Judges a start tag: what is kept of it, and whether a rule suppresses the element.
    fn judge(&mut self, start: &StartTag<'_>) -> (Self::Element, bool);
    /// An element opens. It is suppressed with `hidden` (its own id, where it is the one a rule hit).
    fn open(&mut self, id: Id, element: Self::Element, hidden: Id);
    /// An element closes. Formatting elements may close below others that stay open.
    fn close(&mut self, id: Id, tag: Tag, hidden: Id);
    /// A suppressed element that turned out to be none of the rule's business: what is open in it is shown from now
    /// on, but for what is suppressed on its own account.
    fn released(&mut self) -> Option<Id>;
    /// Whether an element is suppressed on its own account.
    fn is_suppressed(&self, id: Id) -> bool;
    /// An element inside a suppressed one is suppressed on its own account from now on, since the other closes first.
    fn suppress_alone(&mut self, id: Id, tag: Tag, outer: Id);
    /// An element leaves the suppressed one it is in, with all that it holds.
    fn move_out(&mut self, id: Id, outer: Id);
    /// Where in the source the next token stands.
    fn place(&mut self, start: u64, end: u64);
    /// An element that cannot hold anything.
    fn void(&mut self, id: Id, element: Self::Element, hidden: Id);
    /// Text in the current element. `raw` names the raw text element it stands in.
    fn text(&mut self, text: &str, raw: Option<Tag>, hidden: Id);
    /// White space of that many bytes, where all white space is alike: most text of most pages is no more.
    fn space(&mut self, length: usize, hidden: Id);
    /// A start tag that opens nothing but may say something of the page: html, head, body.
    fn page(&mut self, start: &StartTag<'_>);
}

/// HTML, or SVG and MathML, which have their own rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Namespace {
    Html,
    Svg,
    Math,
    /// Of either of the latter, but its children are HTML.
    IntegrationPoint,
}

#[derive(Debug)]
struct Open {
    id: Id,
    tag: Tag,
    namespace: Namespace,
    /// The suppressed element that this one is or is inside of.
    hidden: Id,
    /// A rule hit it, whatever it is inside of.
    hit: bool,
    /// Lower-case name where `tag` does not tell it.
    name: Option<Box<str>>,
}

/// An entry of the list of active formatting elements.
enum Active<E> {
    Marker,
    Element { id: Id, tag: Tag, attributes: u64, element: E, hit: bool },
}

/// The stack of open elements.
pub(crate) struct Tree<S: TreeSink> {
    /// Takes what the stack tells.
    pub(crate) sink: S,
    stack: Vec<Open>,
    active: Vec<Active<S::Element>>,
    last_id: Id,
    depth: usize,
    skip_newline: bool,
    /// The page is read in quirks mode: a table does not end a paragraph.
    quirks: bool,
    /// The form that is open ("form element pointer").
    form: Id,
    /// A suppressed form that has left the stack before what was opened in it.
    left_form: Id,
    /// Elements on the stack in which white space is text.
    preformatted: usize,
}

/// A form that is open and holds nothing.
const NOWHERE: Id = Id::MAX;
/// Formatting elements remembered at most; HTML allows any number with different attributes.
const MOST_ACTIVE: usize = 64;

/// Which elements end a scope besides those that end every scope.
#[derive(Clone, Copy, PartialEq)]
enum Scope {
    Default,
    ListItem,
    Button,
    Table,
}

impl<S: TreeSink> Tree<S> {
    /// An empty stack, at most `depth` deep: deeper elements become siblings.
    pub(crate) fn new(sink: S, depth: usize) -> Self {
        Self {
            sink,
            stack: Vec::new(),
            active: Vec::new(),
            last_id: 0,
            depth,
            skip_newline: false,
            quirks: true,
            form: 0,
            left_form: 0,
            preformatted: 0,
        }
    }

    /// Closes everything.
    pub(crate) fn finish(&mut self) {
        self.pop_to(0);
    }

    fn current(&self) -> Option<Tag> {
        self.stack.last().filter(|open| open.namespace == Namespace::Html).map(|open| open.tag)
    }

    fn in_foreign(&self) -> bool {
        self.stack.last().is_some_and(|open| matches!(open.namespace, Namespace::Svg | Namespace::Math))
    }

    /// Whether the current node is one whose children can only be parts of a table.
    fn in_table_context(&self) -> bool {
        matches!(self.current(), Some(Tag::Table | Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Tr))
    }

    /// Whether tags are read by the rules of tables: what is put before the table does not change that.
    fn in_table_mode(&self) -> bool {
        let mode =
            self.stack.iter().rev().filter(|open| open.namespace == Namespace::Html).find_map(|open| match open.tag {
                Tag::Table | Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Tr => Some(true),
                Tag::Td | Tag::Th | Tag::Caption | Tag::Template => Some(false),
                _ => None,
            });
        mode.unwrap_or(false)
    }

    /// The suppression that a new child of the current node inherits. In a table's context it would be moved before
    /// the table, so the table's parent decides.
    fn inherited(&self) -> Id {
        if self.in_table_context() {
            let table = self.stack.iter().rposition(|open| open.tag == Tag::Table).unwrap_or_default();
            return table.checked_sub(1).map_or(0, |parent| self.stack[parent].hidden);
        }
        self.stack.last().map_or(0, |open| open.hidden)
    }

    fn scope(&self, scope: Scope, wanted: impl Fn(Tag) -> bool) -> Option<usize> {
        for (at, open) in self.stack.iter().enumerate().rev() {
            if open.namespace != Namespace::Html {
                if open.namespace == Namespace::IntegrationPoint && scope != Scope::Table {
                    return None;
                }
                continue;
            }
            if wanted(open.tag) {
                return Some(at);
            }
            let ends = match scope {
                Scope::Default => open.tag.ends_scope(),
                Scope::ListItem => open.tag.ends_scope() || matches!(open.tag, Tag::Ol | Tag::Ul),
                Scope::Button => open.tag.ends_scope() || open.tag == Tag::Button,
                Scope::Table => matches!(open.tag, Tag::Html | Tag::Table | Tag::Template),
            };
            if ends {
                return None;
            }
        }
        None
    }

    fn pop(&mut self) {
        let Some(open) = self.stack.pop() else { return };
        self.preformatted -= usize::from(is_preformatted(open.tag, open.namespace));
        if open.namespace == Namespace::Html && matches!(open.tag, Tag::Td | Tag::Th | Tag::Caption | Tag::Template) {
            self.clear_to_marker();
        }
        self.sink.close(open.id, open.tag, open.hidden);
        self.close_left_form(open.hidden);
    }

    /// Forgets the formatting elements of what closes ("clear the list of active formatting elements up to the last
    /// marker"). An object or a marquee does so only with its own end tag: where a part of a table closes it, its marker
    /// stays.
    fn clear_to_marker(&mut self) {
        while let Some(active) = self.active.pop() {
            if matches!(active, Active::Marker) {
                break;
            }
        }
    }

    fn pop_to(&mut self, length: usize) {
        while self.stack.len() > length {
            self.pop();
        }
    }

    fn generate_implied_ends(&mut self, except: Option<Tag>) {
        while self.current().is_some_and(|tag| tag.has_implied_end() && Some(tag) != except) {
            self.pop();
        }
    }

    fn close_paragraph(&mut self) {
        if let Some(at) = self.scope(Scope::Button, |tag| tag == Tag::P) {
            self.pop_to(at);
        }
    }

    fn push(&mut self, start: &StartTag<'_>, namespace: Namespace) {
        let inherited =
            if matches!(start.tag, Tag::Caption | Tag::Tr) || start.tag.is_table_body() || start.tag.is_cell() {
                self.stack.last().map_or(0, |open| open.hidden)
            } else {
                self.inherited()
            };
        let (element, hit) = self.sink.judge(start);
        let copy = (namespace == Namespace::Html && start.tag.is_formatting()).then(|| element.clone());
        let id = self.enter(start.tag, namespace, start.name, inherited, hit, element);
        if let Some(copy) = copy {
            self.remember(id, start, copy, hit);
        }
    }

    fn enter(
        &mut self,
        tag: Tag,
        namespace: Namespace,
        name: &str,
        inherited: Id,
        hit: bool,
        element: S::Element,
    ) -> Id {
        if self.stack.len() >= self.depth {
            self.pop();
        }
        self.last_id = self.last_id.wrapping_add(1).max(1);
        let id = self.last_id;
        let hidden = match (inherited, hit) {
            (0, true) => id,
            (inherited, _) => inherited,
        };
        let name = (tag == Tag::Other || namespace != Namespace::Html).then(|| name.to_ascii_lowercase().into());
        self.preformatted += usize::from(is_preformatted(tag, namespace));
        self.stack.push(Open { id, tag, namespace, hidden, hit, name });
        self.sink.open(id, element, hidden);
        id
    }

    fn void(&mut self, start: &StartTag<'_>) {
        let inherited = self.inherited();
        let (element, hit) = self.sink.judge(start);
        self.last_id = self.last_id.wrapping_add(1).max(1);
        let hidden = if inherited == 0 && hit { self.last_id } else { inherited };
        self.sink.void(self.last_id, element, hidden);
    }

    /// What was suppressed by mistake is shown from now on.
    fn show_released(&mut self) {
        while let Some(root) = self.sink.released() {
            let mut hidden = 0;
            for open in &mut self.stack {
                if open.hidden == root {
                    if hidden == 0 && self.sink.is_suppressed(open.id) {
                        hidden = open.id;
                    }
                    open.hidden = hidden;
                }
            }
        }
    }

    /// The raw text element that the current node is.
    fn raw(&self) -> Option<Tag> {
        self.current().filter(|tag| tag.is_raw_text())
    }
}

impl<S: TreeSink> TokenSink for Tree<S> {
    fn start(&mut self, start: &StartTag<'_>) {
        self.skip_newline = false;
        if self.raw().is_some() {
            self.pop();
        }
        if !(self.in_foreign() && self.start_foreign(start)) {
            self.start_html(start);
        }
        self.show_released();
    }

    fn end(&mut self, tag: Tag, name: &str) {
        self.skip_newline = false;
        let foreign = self.stack.last().is_some_and(|open| open.namespace != Namespace::Html);
        if foreign && self.end_foreign(tag, name) {
            return;
        }
        match self.raw() {
            Some(raw) if raw == tag => self.pop(),
            Some(_) => {}
            None => self.end_html(tag, name),
        }
        self.show_released();
    }

    fn text(&mut self, mut text: &str) {
        if self.skip_newline && !text.is_empty() {
            text = text.strip_prefix("\r\n").or_else(|| text.strip_prefix(['\n', '\r'])).unwrap_or(text);
            self.skip_newline = false;
        }
        if text.is_empty() {
            return;
        }
        if let Some(raw) = self.raw() {
            let hidden = self.stack.last().map_or(0, |open| open.hidden);
            self.sink.text(text, Some(raw), hidden);
            return;
        }
        let word = text.bytes().position(|b| !b.is_ascii_whitespace());
        if word.is_none() && self.preformatted == 0 {
            let hidden = self.inherited();
            self.sink.space(text.len(), hidden);
            return;
        }
        if let Some(word) = word.filter(|_| !self.in_foreign()) {
            // White space before a word stands where it stands, in whatever pieces it comes.
            if word > 0 && !self.active.is_empty() {
                let hidden = self.inherited();
                self.sink.text(&text[..word], None, hidden);
                text = &text[word..];
            }
            self.reconstruct();
        }
        let hidden = self.inherited();
        self.sink.text(text, None, hidden);
        self.show_released();
    }

    fn doctype(&mut self, doctype: &Doctype<'_>) {
        if self.last_id == 0 {
            self.quirks = doctype.has_quirks();
        }
    }

    fn in_foreign(&self) -> bool {
        Tree::in_foreign(self)
    }

    fn holds_text(&self) -> bool {
        self.raw().is_some()
    }

    fn at(&mut self, start: u64, end: u64) {
        self.sink.place(start, end);
    }
}

/// Of the elements that hold markup, those in which white space is text.
fn is_preformatted(tag: Tag, namespace: Namespace) -> bool {
    namespace == Namespace::Html && matches!(tag, Tag::Pre | Tag::Listing)
}

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
use super::tokens::{StartTag, TokenSink};

/// Identifies an open element; 0 is none.
pub(super) type Id = u32;

/// What the stack tells of the elements it opens and closes.
pub(super) trait TreeSink {
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
    /// A start tag that opens nothing but may say something of the page: html, head, body.
    fn page(&mut self, start: &StartTag<'_>);
}

/// HTML, or SVG and MathML, which have their own rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Namespace {
    Html,
    Foreign,
    /// Foreign, but its children are HTML.
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
pub(super) struct Tree<S: TreeSink> {
    /// Takes what the stack tells.
    pub(super) sink: S,
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
    pub(super) fn new(sink: S, depth: usize) -> Self {
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
        }
    }

    /// Closes everything.
    pub(super) fn finish(&mut self) {
        self.pop_to(0);
    }

    fn current(&self) -> Option<Tag> {
        self.stack.last().filter(|open| open.namespace == Namespace::Html).map(|open| open.tag)
    }

    fn in_foreign(&self) -> bool {
        self.stack.last().is_some_and(|open| open.namespace == Namespace::Foreign)
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
        if open.namespace == Namespace::Html
            && matches!(
                open.tag,
                Tag::Td | Tag::Th | Tag::Caption | Tag::Applet | Tag::Marquee | Tag::Object | Tag::Template
            )
        {
            while let Some(active) = self.active.pop() {
                if matches!(active, Active::Marker) {
                    break;
                }
            }
        }
        self.sink.close(open.id, open.tag, open.hidden);
        self.close_left_form(open.hidden);
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
        let id = self.enter(start.tag, namespace, start.name, inherited, hit, element.clone());
        if namespace == Namespace::Html && start.tag.is_formatting() {
            self.remember(id, start, element, hit);
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

    /// Adds to the list of active formatting elements; a fourth equal one pushes the first out (Noah's Ark clause).
    fn remember(&mut self, id: Id, start: &StartTag<'_>, element: S::Element, hit: bool) {
        let attributes = start.fingerprint();
        let mut equal = 0;
        let mut first = None;
        for (at, active) in self.active.iter().enumerate().rev() {
            match active {
                Active::Marker => break,
                Active::Element { tag, attributes: a, .. } if *tag == start.tag && *a == attributes => {
                    equal += 1;
                    first = Some(at);
                }
                Active::Element { .. } => {}
            }
        }
        if let Some(first) = first.filter(|_| equal >= 3) {
            self.active.remove(first);
        } else if self.active.len() >= MOST_ACTIVE {
            self.active.remove(0);
        }
        self.active.push(Active::Element { id, tag: start.tag, attributes, element, hit });
    }

    /// Opens formatting elements again that a block has cut off ("reconstruct the active formatting elements").
    fn reconstruct(&mut self) {
        let is_open = |stack: &[Open], id: Id| stack.iter().rev().any(|open| open.id == id);
        let mut from = self.active.len();
        while from > 0 {
            match &self.active[from - 1] {
                Active::Marker => break,
                Active::Element { id, .. } if is_open(&self.stack, *id) => break,
                Active::Element { .. } => from -= 1,
            }
        }
        for at in from..self.active.len() {
            let Active::Element { tag, element, hit, .. } = &self.active[at] else { continue };
            let (tag, element, hit) = (*tag, element.clone(), *hit);
            let inherited = self.inherited();
            let new = self.enter(tag, Namespace::Html, "", inherited, hit, element);
            if let Active::Element { id, .. } = &mut self.active[at] {
                *id = new;
            }
        }
    }

    /// The end of a formatting element (the adoption agency, as far as it decides what holds which text).
    fn end_formatting(&mut self, tag: Tag) {
        let markers = self.active.iter().rposition(|a| matches!(a, Active::Marker)).map_or(0, |at| at + 1);
        let found =
            self.active[markers..].iter().rposition(|a| matches!(a, Active::Element { tag: t, .. } if *t == tag));
        let Some(found) = found else {
            self.end_other(tag, "");
            return;
        };
        let found = markers + found;
        let Active::Element { id, .. } = self.active[found] else { return };
        let Some(at) = self.stack.iter().rposition(|open| open.id == id) else {
            self.active.remove(found);
            return;
        };
        let in_scope =
            !self.stack[at + 1..].iter().any(|open| open.namespace == Namespace::Html && open.tag.ends_scope());
        if !in_scope {
            return;
        }
        self.active.remove(found);
        self.adopt(at);
    }

    /// Closes a formatting element that blocks were opened in: they stay open without it. A copy of it takes its place
    /// within each of them, in which the same happens again ("furthest block", at most eight times); what stands
    /// between it and the next block closes. Formatting elements among these come back with the next text.
    fn adopt(&mut self, at: usize) {
        let mut from = at;
        for _ in 0..8 {
            let special = |open: &Open| open.namespace == Namespace::Html && open.tag.is_special();
            // The element itself is to close; in later rounds its copy, which holds what follows the block.
            let skip = usize::from(from == at);
            let Some(block) = self.stack[(from + skip).min(self.stack.len())..].iter().position(special) else {
                break;
            };
            let block = from + skip + block;
            for between in (from..block).rev() {
                self.leave(between, from == at && between == at);
            }
            self.move_out_of_form(from);
            from += 1;
        }
        self.pop_to(from);
    }

    /// Takes one element out of the stack; the block that follows it moves out of it, unless it is the formatting
    /// element itself, whose copy goes along.
    fn leave(&mut self, at: usize, copied: bool) {
        let open = self.stack.remove(at);
        if open.hidden == open.id {
            if !copied && !open.tag.is_formatting() {
                self.move_block_out(at, open.id);
            }
            self.hide_alone(at, open.id);
        }
        self.sink.close(open.id, open.tag, open.hidden);
        self.close_left_form(open.hidden);
    }

    /// A block that the adoption agency moves leaves a form that has left the stack: nobody there is its child.
    fn move_out_of_form(&mut self, at: usize) {
        let form = self.left_form;
        let inside = self.stack.get(at).is_some_and(|block| block.hidden == form);
        if form != 0 && inside && self.stack[..at].iter().all(|open| open.hidden != form) {
            self.move_block_out(at, form);
            self.hide_alone(at, form);
            self.close_left_form(form);
        }
    }

    /// The block moves out with what it holds already.
    fn move_block_out(&mut self, at: usize, outer: Id) {
        if let Some(block) = self.stack.get(at).filter(|block| !block.hit) {
            self.sink.move_out(block.id, outer);
        }
    }

    /// What was suppressed with `outer` is shown from now on, but for what is suppressed on its own account.
    fn hide_alone(&mut self, at: usize, outer: Id) {
        let mut hidden = 0;
        for inside in self.stack[at..].iter_mut().filter(|inside| inside.hidden == outer) {
            if hidden == 0 && inside.hit {
                hidden = inside.id;
                self.sink.suppress_alone(inside.id, inside.tag, outer);
            }
            inside.hidden = hidden;
        }
    }

    /// A suppressed form that has left the stack closes with the last of what was opened in it.
    fn close_left_form(&mut self, hidden: Id) {
        if hidden != 0 && hidden == self.left_form && !self.stack.iter().any(|open| open.hidden == hidden) {
            self.left_form = 0;
            self.sink.close(hidden, Tag::Form, hidden);
        }
    }

    fn end_other(&mut self, tag: Tag, name: &str) {
        for at in (0..self.stack.len()).rev() {
            let open = &self.stack[at];
            let same = open.namespace == Namespace::Html
                && open.tag == tag
                && (tag != Tag::Other || open.name.as_deref().is_some_and(|n| n.eq_ignore_ascii_case(name)));
            if same {
                self.generate_implied_ends(Some(tag));
                self.pop_to(at);
                return;
            }
            if open.namespace != Namespace::Html || open.tag.is_special() {
                return;
            }
        }
    }

    fn clear_to(&mut self, wanted: impl Fn(Tag) -> bool) {
        while let Some(open) = self.stack.last() {
            let html = open.namespace == Namespace::Html;
            if html && (wanted(open.tag) || matches!(open.tag, Tag::Template | Tag::Html)) {
                return;
            }
            self.pop();
        }
    }

    fn imply(&mut self, tag: Tag) {
        self.push(&StartTag::implied(tag), Namespace::Html);
    }

    /// Start tags of parts of tables.
    fn start_table_part(&mut self, start: &StartTag<'_>) {
        if self.scope(Scope::Table, |tag| tag == Tag::Table).is_none() {
            return;
        }
        match start.tag {
            Tag::Caption => {
                self.clear_to(|tag| tag == Tag::Table);
                self.push(start, Namespace::Html);
                self.active.push(Active::Marker);
            }
            Tag::Col | Tag::Colgroup => {
                if !self.in_table_context() {
                    self.clear_to(|tag| tag == Tag::Table);
                }
            }
            Tag::Tr => {
                self.clear_to(|tag| tag == Tag::Table || tag.is_table_body());
                if self.current() == Some(Tag::Table) {
                    self.imply(Tag::Tbody);
                }
                self.push(start, Namespace::Html);
            }
            Tag::Td | Tag::Th => {
                self.clear_to(|tag| matches!(tag, Tag::Table | Tag::Tr) || tag.is_table_body());
                if self.current() == Some(Tag::Table) {
                    self.imply(Tag::Tbody);
                }
                if self.current() != Some(Tag::Tr) {
                    self.imply(Tag::Tr);
                }
                self.push(start, Namespace::Html);
                self.active.push(Active::Marker);
            }
            _ => {
                self.clear_to(|tag| tag == Tag::Table);
                self.push(start, Namespace::Html);
            }
        }
    }

    fn start_foreign(&mut self, start: &StartTag<'_>) -> bool {
        let font = start.tag == Tag::Font
            && start
                .attributes
                .iter()
                .any(|(name, _)| ["color", "face", "size"].iter().any(|n| n.eq_ignore_ascii_case(name)));
        if start.tag.breaks_out() || font {
            while self.in_foreign() {
                self.pop();
            }
            return false;
        }
        let point = ["foreignobject", "desc", "title", "mi", "mo", "mn", "ms", "mtext", "annotation-xml"];
        let point = point.iter().any(|name| name.eq_ignore_ascii_case(start.name));
        let namespace = if point { Namespace::IntegrationPoint } else { Namespace::Foreign };
        if start.self_closing {
            self.void(start)
        } else {
            self.push(start, namespace)
        }
        true
    }

    fn start_html(&mut self, start: &StartTag<'_>) {
        use Tag::*;
        match start.tag {
            Html | Head | Body | Frameset => self.sink.page(start),
            tag if tag.is_block() => {
                self.close_paragraph();
                self.push(start, Namespace::Html);
            }
            tag if tag.is_heading() => {
                self.close_paragraph();
                if self.current().is_some_and(Tag::is_heading) {
                    self.pop();
                }
                self.push(start, Namespace::Html);
            }
            Form if self.form != 0 || self.in_table_mode() => {
                // A form within a form is none, and one between rows holds nothing; yet it counts as open.
                if self.form == 0 {
                    self.form = NOWHERE;
                }
            }
            Form => {
                self.close_paragraph();
                self.push(start, Namespace::Html);
                self.form = self.stack.last().map_or(0, |open| open.id);
            }
            P | Plaintext | Pre | Listing => {
                self.close_paragraph();
                self.push(start, Namespace::Html);
                self.skip_newline = matches!(start.tag, Pre | Listing);
            }
            Xmp => {
                self.close_paragraph();
                self.push(start, Namespace::Html);
            }
            Li | Dd | Dt => {
                self.close_item(start.tag);
                self.close_paragraph();
                self.push(start, Namespace::Html);
            }
            Table => {
                if self.in_table_mode() {
                    // A table in a table's own context ends the first.
                    if let Some(at) = self.scope(Scope::Table, |tag| tag == Table) {
                        self.pop_to(at);
                    }
                }
                if !self.quirks {
                    self.close_paragraph();
                }
                self.push(start, Namespace::Html);
            }
            Caption | Col | Colgroup | Tbody | Td | Tfoot | Th | Thead | Tr => self.start_table_part(start),
            Hr => {
                self.close_paragraph();
                self.void(start);
            }
            A => {
                let marker = self.active.iter().rposition(|a| matches!(a, Active::Marker)).map_or(0, |at| at + 1);
                if self.active[marker..].iter().any(|a| matches!(a, Active::Element { tag: A, .. })) {
                    self.end_formatting(A);
                }
                self.reconstruct();
                self.push(start, Namespace::Html);
            }
            Nobr => {
                self.reconstruct();
                if self.scope(Scope::Default, |tag| tag == Nobr).is_some() {
                    self.end_formatting(Nobr);
                    self.reconstruct();
                }
                self.push(start, Namespace::Html);
            }
            Button => {
                if let Some(at) = self.scope(Scope::Default, |tag| tag == Button) {
                    self.pop_to(at);
                }
                self.reconstruct();
                self.push(start, Namespace::Html);
            }
            Select => {
                if let Some(at) = self.scope(Scope::Default, |tag| tag == Select) {
                    self.pop_to(at);
                    return;
                }
                self.reconstruct();
                self.push(start, Namespace::Html);
            }
            Input | Keygen | Textarea => {
                if let Some(at) = self.scope(Scope::Default, |tag| tag == Select) {
                    self.pop_to(at);
                }
                if start.tag == Textarea {
                    self.push(start, Namespace::Html);
                    self.skip_newline = true;
                } else {
                    self.reconstruct();
                    self.void(start);
                }
            }
            Option | Optgroup => {
                if self.current() == Some(Option) {
                    self.pop();
                }
                if start.tag == Optgroup && self.current() == Some(Optgroup) {
                    self.pop();
                }
                self.reconstruct();
                self.push(start, Namespace::Html);
            }
            Rb | Rtc | Rp | Rt => {
                if self.scope(Scope::Default, |tag| tag == Ruby).is_some() {
                    let except = matches!(start.tag, Rp | Rt).then_some(Rtc);
                    self.generate_implied_ends(except);
                }
                self.push(start, Namespace::Html);
            }
            Applet | Marquee | Object => {
                self.reconstruct();
                self.push(start, Namespace::Html);
                self.active.push(Active::Marker);
            }
            Template => {
                self.push(start, Namespace::Html);
                self.active.push(Active::Marker);
            }
            Svg | Math => {
                self.reconstruct();
                if start.self_closing { self.void(start) } else { self.push(start, Namespace::Foreign) }
            }
            tag if tag.is_void() => {
                if !matches!(tag, Base | Link | Meta | Frame | Param | Source | Track) {
                    self.reconstruct();
                }
                self.void(start);
            }
            tag => {
                if !matches!(tag, Script | Style | Title | Noscript | Noframes | Iframe | Noembed) {
                    self.reconstruct();
                }
                self.push(start, Namespace::Html);
            }
        }
    }

    /// An open list item (or term, or description) of the same list ends where the next begins.
    fn close_item(&mut self, tag: Tag) {
        let same = |open: Tag| if tag == Tag::Li { open == Tag::Li } else { matches!(open, Tag::Dd | Tag::Dt) };
        for at in (0..self.stack.len()).rev() {
            let open = &self.stack[at];
            if open.namespace != Namespace::Html {
                return;
            }
            if same(open.tag) {
                self.pop_to(at);
                return;
            }
            if open.tag.is_special() && !matches!(open.tag, Tag::Address | Tag::Div | Tag::P) {
                return;
            }
        }
    }

    fn end_html(&mut self, tag: Tag, name: &str) {
        use Tag::*;
        let scope = match tag {
            Html | Head | Body => return,
            Br => {
                let br = StartTag::implied(Br);
                self.reconstruct();
                self.void(&br);
                return;
            }
            P => Scope::Button,
            Li => Scope::ListItem,
            Table | Tbody | Thead | Tfoot | Tr | Td | Th | Caption => Scope::Table,
            Form | Pre | Listing | Button | Select | Dd | Dt | Applet | Marquee | Object => Scope::Default,
            tag if tag.is_block() => Scope::Default,
            tag if tag.is_heading() => {
                if let Some(at) = self.scope(Scope::Default, Tag::is_heading) {
                    self.pop_to(at);
                }
                return;
            }
            Template => {
                if let Some(at) = self.stack.iter().rposition(|open| open.tag == Template) {
                    self.pop_to(at);
                }
                return;
            }
            tag if tag.is_formatting() => return self.end_formatting(tag),
            tag => return self.end_other(tag, name),
        };
        if tag == Form {
            self.end_form();
            return;
        }
        if let Some(at) = self.scope(scope, |open| open == tag) {
            self.pop_to(at);
        }
    }

    /// The form leaves the stack; what was opened in it and not closed stays open.
    fn end_form(&mut self) {
        let form = std::mem::take(&mut self.form);
        let Some(at) = self.stack.iter().rposition(|open| form != 0 && open.id == form) else { return };
        if self.scope(Scope::Default, |open| open == Tag::Form) != Some(at) {
            return;
        }
        self.generate_implied_ends(None);
        if self.stack.len() > at + 1 {
            let open = self.stack.remove(at);
            if open.hidden == open.id {
                // In a tree, what is open in it stays its child: it is suppressed until all of that has closed.
                self.left_form = open.id;
            } else {
                self.sink.close(open.id, open.tag, open.hidden);
            }
        } else {
            self.pop_to(at);
        }
    }

    fn end_foreign(&mut self, tag: Tag, name: &str) -> bool {
        if matches!(tag, Tag::P | Tag::Br) {
            while self.in_foreign() {
                self.pop();
            }
            return false;
        }
        for at in (0..self.stack.len()).rev() {
            let open = &self.stack[at];
            if open.namespace == Namespace::Html {
                return false;
            }
            if open.name.as_deref().is_some_and(|n| n.eq_ignore_ascii_case(name)) {
                self.pop_to(at);
                return true;
            }
        }
        false
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

    fn doctype(&mut self, public_id: Option<&str>, system_id: Option<&str>) {
        if self.last_id == 0 {
            self.quirks = has_quirks(public_id.unwrap_or_default(), system_id);
        }
    }

    fn at(&mut self, start: u64, end: u64) {
        self.sink.place(start, end);
    }
}

/// Document types of pages that expect an old browser (HTML, 13.2.6.4.1).
fn has_quirks(public_id: &str, system_id: Option<&str>) -> bool {
    const OLD: [&str; 12] = [
        "-//w3c//dtd html 4.0 ",
        "-//w3c//dtd html 3",
        "-//w3c//dtd html experimental",
        "-//w3c//dtd w3 html",
        "-//w3o//dtd",
        "-//w3//dtd",
        "-//ietf//dtd html",
        "-//netscape comm. corp.//dtd",
        "-//microsoft//dtd internet explorer",
        "-//advasoft ltd//dtd",
        "-//as//dtd html 3",
        "-//webtechs//dtd mozilla",
    ];
    let public_id = public_id.to_ascii_lowercase();
    let transitional = ["-//w3c//dtd html 4.01 transitional//", "-//w3c//dtd html 4.01 frameset//"]
        .iter()
        .any(|id| public_id.starts_with(id));
    OLD.iter().any(|id| public_id.starts_with(id)) || transitional && system_id.is_none()
}

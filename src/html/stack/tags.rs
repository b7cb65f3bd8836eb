//! Start and end tags: what each closes, opens and implies (HTML, 13.2.6.4 and 13.2.6.5).

use super::{Active, NOWHERE, Namespace, Scope, Tree, TreeSink};
use crate::html::entities;
use crate::html::tag::Tag;
use crate::html::tokens::StartTag;

impl<S: TreeSink> Tree<S> {
    pub(crate) fn end_other(&mut self, tag: Tag, name: &str) {
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
            // Of drawings and formulas, only what may hold HTML is special (13.2.4.2).
            let special = match open.namespace {
                Namespace::Html => open.tag.is_special(),
                Namespace::IntegrationPoint => true,
                Namespace::Svg | Namespace::Math => is_annotation(open.name.as_deref().unwrap_or_default()),
            };
            if special {
                return;
            }
        }
    }

    pub(crate) fn clear_to(&mut self, wanted: impl Fn(Tag) -> bool) {
        while let Some(open) = self.stack.last() {
            let html = open.namespace == Namespace::Html;
            if html && (wanted(open.tag) || matches!(open.tag, Tag::Template | Tag::Html)) {
                return;
            }
            self.pop();
        }
    }

    pub(crate) fn imply(&mut self, tag: Tag) {
        self.push(&StartTag::implied(tag), Namespace::Html);
    }

    /// Start tags of parts of tables.
    pub(crate) fn start_table_part(&mut self, start: &StartTag<'_>) {
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

    pub(crate) fn start_foreign(&mut self, start: &StartTag<'_>) -> bool {
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
        let (language, annotation) = match self.stack.last() {
            Some(open) => (open.namespace, open.name.as_deref().is_some_and(is_annotation)),
            None => (Namespace::Svg, false),
        };
        let points: &[&str] = match language {
            Namespace::Math => &["mi", "mo", "mn", "ms", "mtext"],
            _ => &["foreignobject", "desc", "title"],
        };
        let html =
            |encoding: &str| ["text/html", "application/xhtml+xml"].iter().any(|e| e.eq_ignore_ascii_case(encoding));
        let point = points.iter().any(|name| name.eq_ignore_ascii_case(start.name))
            || language == Namespace::Math
                && is_annotation(start.name)
                && start.attribute("encoding").is_some_and(|encoding| html(&entities::decode(encoding, true)));
        let namespace = match language {
            _ if point => Namespace::IntegrationPoint,
            Namespace::Math if annotation && start.tag == Tag::Svg => Namespace::Svg,
            language => language,
        };
        if start.self_closing {
            self.void(start)
        } else {
            self.push(start, namespace)
        }
        true
    }

    pub(crate) fn start_html(&mut self, start: &StartTag<'_>) {
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
                let namespace = if start.tag == Svg { Namespace::Svg } else { Namespace::Math };
                if start.self_closing { self.void(start) } else { self.push(start, namespace) }
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
    pub(crate) fn close_item(&mut self, tag: Tag) {
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

    pub(crate) fn end_html(&mut self, tag: Tag, name: &str) {
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
            if matches!(tag, Applet | Marquee | Object) {
                self.clear_to_marker();
            }
        }
    }

    /// The form leaves the stack; what was opened in it and not closed stays open.
    pub(crate) fn end_form(&mut self) {
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

    pub(crate) fn end_foreign(&mut self, tag: Tag, name: &str) -> bool {
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
}

fn is_annotation(name: &str) -> bool {
    name.eq_ignore_ascii_case("annotation-xml")
}

//! What the parser calls while it builds the tree.

use super::tree::{Attr, Dom, Namespace, Node, NodeId, NodeKind};
use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace as Ns, QualName, ns};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};

/// Attributes that repeated `<html>` and `<body>` tags may add up to; each addition copies those before.
const MOST_MERGED: usize = 64;

pub(super) struct Sink {
    dom: RefCell<Dom>,
    elements: Cell<usize>,
    /// Looks at open elements: what grows without end on quadratic inputs.
    steps: Cell<u64>,
}

/// The name of an element as the tree builder asks for it.
#[derive(Debug)]
pub(super) struct Name {
    namespace: Ns,
    local: LocalName,
}

impl ElemName for Name {
    fn ns(&self) -> &Ns {
        &self.namespace
    }

    fn local_name(&self) -> &LocalName {
        &self.local
    }
}

impl Sink {
    pub(super) fn new(bytes: usize) -> Self {
        let mut dom = Dom {
            nodes: Vec::with_capacity(bytes / 48 + 8),
            attrs: Vec::with_capacity(bytes / 64 + 8),
            text: String::with_capacity(bytes / 2),
            values: String::with_capacity(bytes / 3),
        };
        dom.push(NodeKind::Document, Namespace::Html, 0, 0);
        Self { dom: RefCell::new(dom), elements: Cell::new(0), steps: Cell::new(0) }
    }

    pub(super) fn elements(&self) -> usize {
        self.elements.get()
    }

    pub(super) fn steps(&self) -> u64 {
        self.steps.get()
    }

    fn step(&self) {
        self.steps.set(self.steps.get() + 1);
    }
}

impl Dom {
    fn push(&mut self, kind: NodeKind, namespace: Namespace, start: u32, end: u32) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        let none = NodeId::NONE;
        self.nodes.push(Node {
            parent: none,
            prev: none,
            next: none,
            first: none,
            last: none,
            kind,
            namespace,
            start,
            end,
        });
        id
    }

    fn push_attrs(&mut self, attrs: &[Attribute]) {
        for attr in attrs {
            let start = self.values.len() as u32;
            self.values.push_str(&attr.value);
            self.attrs.push(Attr { name: attr.name.local.clone(), start, end: self.values.len() as u32 });
        }
    }

    /// Text goes to the text node before it when that one ends the buffer, else into a node of its own: copying the
    /// older text would be quadratic for text that two places of the tree take in turns.
    fn text_before(&mut self, before: NodeId, text: &str) -> Option<NodeId> {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        let end = self.text.len() as u32;
        if let Some(before) = before.some() {
            let node = &mut self.nodes[before.index()];
            if node.kind == NodeKind::Text && node.end == start {
                node.end = end;
                return None;
            }
        }
        Some(self.push(NodeKind::Text, Namespace::Html, start, end))
    }

    pub(super) fn detach(&mut self, id: NodeId) {
        let Node { parent, prev, next, .. } = self.nodes[id.index()];
        if parent == NodeId::NONE {
            return;
        }
        match prev.some() {
            Some(prev) => self.nodes[prev.index()].next = next,
            None => self.nodes[parent.index()].first = next,
        }
        match next.some() {
            Some(next) => self.nodes[next.index()].prev = prev,
            None => self.nodes[parent.index()].last = prev,
        }
        let node = &mut self.nodes[id.index()];
        node.parent = NodeId::NONE;
        node.prev = NodeId::NONE;
        node.next = NodeId::NONE;
    }

    pub(super) fn append(&mut self, parent: NodeId, child: NodeId) {
        self.detach(child);
        let last = self.nodes[parent.index()].last;
        let node = &mut self.nodes[child.index()];
        node.parent = parent;
        node.prev = last;
        self.nodes[parent.index()].last = child;
        match last.some() {
            Some(last) => self.nodes[last.index()].next = child,
            None => self.nodes[parent.index()].first = child,
        }
    }

    pub(super) fn insert_before(&mut self, sibling: NodeId, child: NodeId) {
        self.detach(child);
        let Node { parent, prev, .. } = self.nodes[sibling.index()];
        let node = &mut self.nodes[child.index()];
        node.parent = parent;
        node.prev = prev;
        node.next = sibling;
        self.nodes[sibling.index()].prev = child;
        match prev.some() {
            Some(prev) => self.nodes[prev.index()].next = child,
            None if parent != NodeId::NONE => self.nodes[parent.index()].first = child,
            None => {}
        }
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Dom;
    type ElemName<'a> = Name;

    fn finish(self) -> Dom {
        self.dom.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        NodeId(0)
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Name {
        self.step();
        let dom = self.dom.borrow();
        let node = &dom.nodes[target.index()];
        let local = match &node.kind {
            NodeKind::Element(name) => name.clone(),
            _ => LocalName::from(""),
        };
        let namespace = match node.namespace {
            Namespace::Html => ns!(html),
            Namespace::MathMl => ns!(mathml),
            Namespace::Svg => ns!(svg),
        };
        Name { namespace, local }
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> NodeId {
        self.elements.set(self.elements.get() + 1);
        let mut dom = self.dom.borrow_mut();
        let start = dom.attrs.len() as u32;
        dom.push_attrs(&attrs);
        let end = dom.attrs.len() as u32;
        let namespace = match name.ns {
            ns!(mathml) => Namespace::MathMl,
            ns!(svg) => Namespace::Svg,
            _ => Namespace::Html,
        };
        dom.push(NodeKind::Element(name.local), namespace, start, end)
    }

    fn is_mathml_annotation_xml_integration_point(&self, element: &NodeId) -> bool {
        let dom = self.dom.borrow();
        let encoding = dom.attr(*element, "encoding").unwrap_or_default();
        ["text/html", "application/xhtml+xml"].iter().any(|html| encoding.eq_ignore_ascii_case(html))
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.dom.borrow_mut().push(NodeKind::Comment, Namespace::Html, 0, 0)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.dom.borrow_mut().push(NodeKind::Comment, Namespace::Html, 0, 0)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        let mut dom = self.dom.borrow_mut();
        match child {
            NodeOrText::AppendNode(node) => dom.append(*parent, node),
            NodeOrText::AppendText(text) => {
                let last = dom.nodes[parent.index()].last;
                if let Some(node) = dom.text_before(last, &text) {
                    dom.append(*parent, node);
                }
            }
        }
    }

    fn append_based_on_parent_node(&self, element: &NodeId, prev_element: &NodeId, child: NodeOrText<NodeId>) {
        let has_parent = self.dom.borrow().nodes[element.index()].parent != NodeId::NONE;
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(prev_element, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {
        let mut dom = self.dom.borrow_mut();
        let node = dom.push(NodeKind::Doctype, Namespace::Html, 0, 0);
        dom.append(NodeId(0), node);
    }

    /// A template's content stands in the template itself; whoever walks the tree skips it by the element's name.
    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        *target
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        self.step();
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        let mut dom = self.dom.borrow_mut();
        match new_node {
            NodeOrText::AppendNode(node) => dom.insert_before(*sibling, node),
            NodeOrText::AppendText(text) => {
                let before = dom.nodes[sibling.index()].prev;
                if let Some(node) = dom.text_before(before, &text) {
                    dom.insert_before(*sibling, node);
                }
            }
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        let mut dom = self.dom.borrow_mut();
        let has = |dom: &Dom, name: &LocalName| dom.attrs(*target).any(|(n, _)| *n == **name);
        let missing: Vec<Attribute> = attrs.into_iter().filter(|a| !has(&dom, &a.name.local)).collect();
        let (start, end) = (dom.nodes[target.index()].start as usize, dom.nodes[target.index()].end as usize);
        if missing.is_empty() || end - start + missing.len() > MOST_MERGED {
            return;
        }
        let from = dom.attrs.len() as u32;
        let old = dom.attrs[start..end].to_vec();
        dom.attrs.extend(old);
        dom.push_attrs(&missing);
        let to = dom.attrs.len() as u32;
        let node = &mut dom.nodes[target.index()];
        (node.start, node.end) = (from, to);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.dom.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut dom = self.dom.borrow_mut();
        while let Some(child) = dom.nodes[node.index()].first.some() {
            self.step();
            dom.append(*new_parent, child);
        }
    }
}

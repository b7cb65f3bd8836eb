//! The tree itself: nodes, attributes and text in one arena.

use html5ever::LocalName;

/// A node of a [`Dom`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    pub(super) const NONE: NodeId = NodeId(u32::MAX);

    /// Its place in tables that run parallel to the nodes.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub(super) fn some(self) -> Option<NodeId> {
        (self != Self::NONE).then_some(self)
    }
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// The root of the tree.
    Document,
    /// `<!doctype …>`.
    Doctype,
    /// An element with its lower-case name; [`Dom::attr`] has its attributes.
    Element(LocalName),
    /// Characters; [`Dom::text`] has them.
    Text,
    /// A comment or processing instruction, without its content.
    Comment,
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) parent: NodeId,
    pub(super) prev: NodeId,
    pub(super) next: NodeId,
    pub(super) first: NodeId,
    pub(super) last: NodeId,
    pub(super) kind: NodeKind,
    pub(super) namespace: Namespace,
    /// Text: bytes of `Dom::text`. Element: entries of `Dom::attrs`.
    pub(super) start: u32,
    pub(super) end: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Namespace {
    Html,
    MathMl,
    Svg,
}

#[derive(Clone, Debug)]
pub(super) struct Attr {
    pub(super) name: LocalName,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// A parsed page.
#[derive(Clone, Debug)]
pub struct Dom {
    pub(super) nodes: Vec<Node>,
    pub(super) attrs: Vec<Attr>,
    pub(super) text: String,
    pub(super) values: String,
}

impl Dom {
    /// Takes a node with all that is in it out of the tree.
    pub fn take_out(&mut self, id: NodeId) {
        self.detach(id);
    }

    /// The document itself.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// How many nodes there are; every [`NodeId::index`] is below.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing but the document.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() < 2
    }

    /// What a node is.
    pub fn kind(&self, id: NodeId) -> &NodeKind {
        &self.nodes[id.index()].kind
    }

    /// The name of an HTML element; `None` for anything else, SVG and MathML included.
    pub fn tag(&self, id: NodeId) -> Option<&LocalName> {
        let node = &self.nodes[id.index()];
        match &node.kind {
            NodeKind::Element(name) if node.namespace == Namespace::Html => Some(name),
            _ => None,
        }
    }

    /// The name of an element of any namespace.
    pub fn any_tag(&self, id: NodeId) -> Option<&LocalName> {
        match self.kind(id) {
            NodeKind::Element(name) => Some(name),
            _ => None,
        }
    }

    /// Whether the node is an HTML element of this (lower-case) name.
    pub fn is(&self, id: NodeId, tag: &str) -> bool {
        self.tag(id).is_some_and(|name| &**name == tag)
    }

    /// Whether the node is an element of SVG or MathML.
    pub fn is_foreign(&self, id: NodeId) -> bool {
        self.nodes[id.index()].namespace != Namespace::Html
    }

    /// Whether the node is an element of MathML.
    pub fn is_math(&self, id: NodeId) -> bool {
        self.nodes[id.index()].namespace == Namespace::MathMl
    }

    /// The characters of a text node, character references decoded; empty for other nodes.
    pub fn text(&self, id: NodeId) -> &str {
        let node = &self.nodes[id.index()];
        match node.kind {
            NodeKind::Text => &self.text[node.start as usize..node.end as usize],
            _ => "",
        }
    }

    /// The value of an attribute, character references decoded.
    pub fn attr(&self, id: NodeId, name: &str) -> Option<&str> {
        self.attrs(id).find(|(n, _)| *n == name).map(|(_, value)| value)
    }

    /// All attributes of an element in the order of the page.
    pub fn attrs(&self, id: NodeId) -> impl Iterator<Item = (&str, &str)> {
        let node = &self.nodes[id.index()];
        let range = match node.kind {
            NodeKind::Element(_) => node.start as usize..node.end as usize,
            _ => 0..0,
        };
        self.attrs[range].iter().map(|a| (&*a.name, &self.values[a.start as usize..a.end as usize]))
    }

    /// The parent, unless the node is the document.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.nodes[id.index()].parent.some()
    }

    /// The first child.
    pub fn first_child(&self, id: NodeId) -> Option<NodeId> {
        self.nodes[id.index()].first.some()
    }

    /// The last child.
    pub fn last_child(&self, id: NodeId) -> Option<NodeId> {
        self.nodes[id.index()].last.some()
    }

    /// The next sibling.
    pub fn next_sibling(&self, id: NodeId) -> Option<NodeId> {
        self.nodes[id.index()].next.some()
    }

    /// The sibling before.
    pub fn prev_sibling(&self, id: NodeId) -> Option<NodeId> {
        self.nodes[id.index()].prev.some()
    }
}

//! The page as a tree: HTML's own parsing rules (html5gum, html5ever) into one arena.
//!
//! Nodes are indices into a vector, names are atoms, and all text lies in one string, so that a page of a few hundred
//! kilobytes costs a handful of allocations. The tree is built once and then only read.
//!
//! Hostile pages are bounded here: input size, number of elements and the parser's own work have limits that end in
//! [`Error::Limit`]; elements nested deeper than [`Limits::depth`] become siblings, so that whoever walks the tree may
//! recurse.

mod sink;
mod tokens;
mod walk;

use crate::limits::Limit;
use crate::{Error, Limits, Result};
use html5ever::LocalName;
use html5ever::tree_builder::TreeBuilderOpts;
use tokens::{Most, Stopped};

pub use walk::{Ancestors, Children, Descendants, Edge, Edges};

/// How many steps of the parser one element may cost on average before the page is refused. Real pages need fewer
/// than ten; inputs that make the standard's algorithm quadratic need thousands.
const STEPS_PER_ELEMENT: u64 = 100;

/// Bytes of the longest page. Positions are 32 bits wide: a quarter of their range leaves room for text that the parser
/// doubles.
const LONGEST: u64 = 1 << 30;

/// A node of a [`Dom`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    const NONE: NodeId = NodeId(u32::MAX);

    /// Its place in tables that run parallel to the nodes.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    fn some(self) -> Option<NodeId> {
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
struct Node {
    parent: NodeId,
    prev: NodeId,
    next: NodeId,
    first: NodeId,
    last: NodeId,
    kind: NodeKind,
    namespace: Namespace,
    /// Text: bytes of `Dom::text`. Element: entries of `Dom::attrs`.
    start: u32,
    end: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Namespace {
    Html,
    MathMl,
    Svg,
}

#[derive(Clone, Debug)]
struct Attr {
    name: LocalName,
    start: u32,
    end: u32,
}

/// A parsed page.
#[derive(Clone, Debug)]
pub struct Dom {
    nodes: Vec<Node>,
    attrs: Vec<Attr>,
    text: String,
    values: String,
}

impl Dom {
    /// Parses a whole page as a browser without scripts would, so that what stands in `<noscript>` is in the tree.
    /// `name` is the page's name in error messages.
    ///
    /// # Errors
    ///
    /// [`Error::Limit`] when the page is larger than [`Limits::decoded`], has more than [`Limits::elements`] elements,
    /// or is built to make the parser run for minutes.
    pub fn parse(html: &str, name: &str, limits: &Limits) -> Result<Dom> {
        Self::parse_with(html, name, limits, false)
    }

    /// As [`Dom::parse`]; `scripting` says whether `<noscript>` is text, as it is for a browser that runs scripts.
    ///
    /// # Errors
    ///
    /// As [`Dom::parse`].
    pub fn parse_with(html: &str, name: &str, limits: &Limits, scripting: bool) -> Result<Dom> {
        let over = |what: String, most: String, limit| Error::Limit { name: name.to_owned(), what, most, limit };
        let length = html.len() as u64;
        if length > limits.decoded.min(LONGEST) {
            let (most, limit) =
                if limits.decoded < LONGEST { (limits.decoded, Limit::Input) } else { (LONGEST, Limit::Fixed) };
            return Err(over(format!("a page of {length} bytes"), format!("{most} bytes"), limit));
        }
        let steps = (limits.elements as u64).saturating_mul(STEPS_PER_ELEMENT);
        let options = TreeBuilderOpts { scripting_enabled: scripting, ..TreeBuilderOpts::default() };
        let parsed = tokens::parse(html, options, Most { elements: limits.elements, steps });
        let mut dom = parsed.map_err(|stopped| match stopped {
            Stopped::Elements => {
                over("the number of elements".to_owned(), limits.elements.to_string(), Limit::Elements)
            }
            Stopped::Steps => {
                let what = "the work to parse elements that are never closed".to_owned();
                over(what, format!("{} elements", limits.elements), Limit::Elements)
            }
        })?;
        dom.flatten(limits.depth.clamp(16, 1024));
        Ok(dom)
    }

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

#[cfg(test)]
mod tests;

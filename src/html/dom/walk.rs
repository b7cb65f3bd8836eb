//! Walking the tree: none of this recurses.

use super::tree::{Dom, NodeId, NodeKind};

/// See [`Dom::children`].
#[derive(Clone)]
pub struct Children<'a> {
    dom: &'a Dom,
    next: Option<NodeId>,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let id = self.next?;
        self.next = self.dom.next_sibling(id);
        Some(id)
    }
}

/// See [`Dom::ancestors`].
#[derive(Clone)]
pub struct Ancestors<'a> {
    dom: &'a Dom,
    next: Option<NodeId>,
}

impl Iterator for Ancestors<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let id = self.next?;
        self.next = self.dom.parent(id);
        Some(id)
    }
}

/// A step of a walk through a subtree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The node begins; its children come next.
    Open(NodeId),
    /// The node ends.
    Close(NodeId),
}

/// See [`Dom::edges`].
#[derive(Clone)]
pub struct Edges<'a> {
    dom: &'a Dom,
    root: NodeId,
    next: Option<Edge>,
}

impl Edges<'_> {
    /// Passes over the inside of the node that was opened last: its [`Edge::Close`] comes next.
    pub fn pass_over(&mut self, opened: NodeId) {
        self.next = Some(Edge::Close(opened));
    }
}

impl Iterator for Edges<'_> {
    type Item = Edge;

    fn next(&mut self) -> Option<Edge> {
        let edge = self.next?;
        self.next = match edge {
            Edge::Open(id) => Some(self.dom.first_child(id).map_or(Edge::Close(id), Edge::Open)),
            Edge::Close(id) if id == self.root => None,
            Edge::Close(id) => match self.dom.next_sibling(id) {
                Some(sibling) => Some(Edge::Open(sibling)),
                None => self.dom.parent(id).map(Edge::Close),
            },
        };
        Some(edge)
    }
}

/// See [`Dom::descendants`].
#[derive(Clone)]
pub struct Descendants<'a>(Edges<'a>);

impl Iterator for Descendants<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        self.0.find_map(|edge| match edge {
            Edge::Open(id) => Some(id),
            Edge::Close(_) => None,
        })
    }
}

impl Dom {
    /// The children of a node in order.
    pub fn children(&self, id: NodeId) -> Children<'_> {
        Children { dom: self, next: self.first_child(id) }
    }

    /// The node itself, its parent, and so on up to the document.
    pub fn ancestors(&self, id: NodeId) -> Ancestors<'_> {
        Ancestors { dom: self, next: Some(id) }
    }

    /// The node and everything in it, in the order of the page.
    pub fn descendants(&self, id: NodeId) -> Descendants<'_> {
        Descendants(self.edges(id))
    }

    /// The beginnings and ends of the node and everything in it, in the order of the page.
    pub fn edges(&self, id: NodeId) -> Edges<'_> {
        Edges { dom: self, root: id, next: Some(Edge::Open(id)) }
    }

    /// All characters in a node, joined as they stand.
    pub fn text_content(&self, id: NodeId) -> String {
        self.descendants(id).map(|n| self.text(n)).collect()
    }

    /// The first HTML element of this name in the page.
    pub fn find(&self, tag: &str) -> Option<NodeId> {
        self.descendants(self.root()).find(|&n| self.is(n, tag))
    }

    /// How many elements the tree holds.
    pub fn elements(&self) -> usize {
        self.descendants(self.root()).filter(|&n| matches!(self.kind(n), NodeKind::Element(_))).count()
    }

    /// Lifts whatever lies deeper than `depth` up to that depth: the children of a node there become its siblings,
    /// in the order of the page.
    pub(super) fn flatten(&mut self, depth: usize) {
        let mut at = self.root();
        let mut level = 0;
        loop {
            // Children of a node at the limit move out, to stand after it; they are then visited as siblings.
            if level == depth {
                let mut after = at;
                while let Some(child) = self.first_child(at) {
                    match self.next_sibling(after) {
                        Some(next) => self.insert_before(next, child),
                        None => match self.parent(after) {
                            Some(parent) => self.append(parent, child),
                            None => break,
                        },
                    }
                    after = child;
                }
            }
            if level < depth
                && let Some(child) = self.first_child(at)
            {
                at = child;
                level += 1;
                continue;
            }
            loop {
                if let Some(next) = self.next_sibling(at) {
                    at = next;
                    break;
                }
                match self.parent(at) {
                    Some(parent) if level > 0 => {
                        at = parent;
                        level -= 1;
                    }
                    _ => return,
                }
            }
        }
    }
}

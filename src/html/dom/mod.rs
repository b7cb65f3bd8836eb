//! The page as a tree: HTML's own parsing rules (html5gum, html5ever) into one arena.
//!
//! Nodes are indices into a vector, names are atoms, and all text lies in one string, so that a page of a few hundred
//! kilobytes costs a handful of allocations. The tree is built once and then only read.
//!
//! Hostile pages are bounded here: input size, number of elements and the parser's own work have limits that end in
//! [`crate::Error::Limit`]; elements nested deeper than [`crate::Limits::depth`] become siblings, so that whoever walks
//! the tree may recurse.

mod parse;
mod sink;
mod tokens;
mod tree;
mod walk;

#[cfg(test)]
mod tests;

pub use tree::{Dom, NodeId, NodeKind};
pub use walk::{Ancestors, Children, Descendants, Edge, Edges};

//! Active formatting elements: emphasis and links that blocks cut off (HTML, 13.2.4.3 and 13.2.6.4.7).

use super::{Active, Id, MOST_ACTIVE, Namespace, Open, Tree, TreeSink};
use crate::html::tag::Tag;
use crate::html::tokens::StartTag;

impl<S: TreeSink> Tree<S> {
    /// Adds to the list of active formatting elements; a fourth equal one pushes the first out (Noah's Ark clause).
    pub(crate) fn remember(&mut self, id: Id, start: &StartTag<'_>, element: S::Element, hit: bool) {
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
    pub(crate) fn reconstruct(&mut self) {
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
    pub(crate) fn end_formatting(&mut self, tag: Tag) {
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
    /// within each of them, in which the same happens again ("furthest block", at most eight times). Of what stands
    /// between it and the next block, the three formatting elements next to that block stay around it; the rest closes.
    pub(crate) fn adopt(&mut self, at: usize) {
        let mut from = at;
        for _ in 0..8 {
            let special = |open: &Open| open.namespace == Namespace::Html && open.tag.is_special();
            // The element itself is to close; in later rounds its copy, which holds what follows the block.
            let skip = usize::from(from == at);
            let Some(block) = self.stack[(from + skip).min(self.stack.len())..].iter().position(special) else {
                self.pop_to(from);
                return;
            };
            let mut block = from + skip + block;
            for (n, between) in (from..block).rev().enumerate() {
                let itself = from == at && between == at;
                let active = self.active_at(self.stack[between].id).filter(|_| !itself);
                match active {
                    Some(_) if n < 3 => continue,
                    Some(active) => drop(self.active.remove(active)),
                    None => {}
                }
                self.leave(between, block - 1, itself);
                block -= 1;
            }
            self.move_out_of_form(block);
            from = block + 1;
        }
        // What is deeper stays open, in a copy that a tree has there and that is nothing to a reader.
    }

    /// Where an element stands in the list.
    fn active_at(&self, id: Id) -> Option<usize> {
        self.active.iter().rposition(|active| matches!(active, Active::Element { id: of, .. } if *of == id))
    }

    /// Takes one element out of the stack; the block, which then stands at `block`, moves out of it, unless it is the
    /// formatting element itself, whose copy goes along.
    fn leave(&mut self, at: usize, block: usize, copied: bool) {
        let open = self.stack.remove(at);
        self.preformatted -= usize::from(super::is_preformatted(open.tag, open.namespace));
        if open.hidden == open.id {
            if !copied && !open.tag.is_formatting() {
                self.move_block_out(block, open.id);
            }
            self.hide_alone(at, open.id);
        }
        self.sink.close(open.id, open.tag, open.hidden);
        self.close_left_form(open.hidden);
    }

    /// A block that the adoption agency moves leaves a form that has left the stack: nobody there is its child.
    pub(crate) fn move_out_of_form(&mut self, at: usize) {
        let form = self.left_form;
        let inside = self.stack.get(at).is_some_and(|block| block.hidden == form);
        if form != 0 && inside && self.stack[..at].iter().all(|open| open.hidden != form) {
            self.move_block_out(at, form);
            self.hide_alone(at, form);
            self.close_left_form(form);
        }
    }

    /// The block moves out with what it holds already.
    pub(crate) fn move_block_out(&mut self, at: usize, outer: Id) {
        if let Some(block) = self.stack.get(at).filter(|block| !block.hit) {
            self.sink.move_out(block.id, outer);
        }
    }

    /// What was suppressed with `outer` is shown from now on, but for what is suppressed on its own account.
    pub(crate) fn hide_alone(&mut self, at: usize, outer: Id) {
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
    pub(crate) fn close_left_form(&mut self, hidden: Id) {
        if hidden != 0 && hidden == self.left_form && !self.stack.iter().any(|open| open.hidden == hidden) {
            self.left_form = 0;
            self.sink.close(hidden, Tag::Form, hidden);
        }
    }
}

//! Footnotes: short links to a place in the page that holds the note.

use super::Selection;
use crate::article::passage::NONE;
use crate::html::dom::{Dom, NodeId};
use std::collections::HashMap;

/// A footnote may be long, but it is no chapter.
const MOST_WORDS: u32 = 300;

/// References and the elements that hold their notes.
#[derive(Default)]
pub(super) struct Footnotes {
    /// By the referring link: the note's id and the mark.
    pub(super) references: HashMap<NodeId, (String, String)>,
    /// By the element that holds the note.
    pub(super) targets: HashMap<NodeId, (String, String)>,
}

impl Footnotes {
    pub(super) fn find(selection: &Selection) -> Footnotes {
        let dom = selection.dom;
        let mut ids: HashMap<&str, NodeId> = HashMap::new();
        let mut links = Vec::new();
        for node in dom.descendants(dom.root()) {
            if dom.tag(node).is_none() {
                continue;
            }
            let name = dom.attr(node, "id").or_else(|| dom.attr(node, "name").filter(|_| dom.is(node, "a")));
            if let Some(id) = name.filter(|id| !id.is_empty()) {
                ids.entry(id).or_insert(node);
            }
            if dom.is(node, "a")
                && let Some(href) = dom.attr(node, "href").and_then(|h| h.strip_prefix('#')).filter(|h| !h.is_empty())
            {
                links.push((node, href));
            }
        }
        let mut notes = Footnotes::default();
        for (link, href) in links {
            let Some(label) = mark(dom, link) else { continue };
            let kept = dom.descendants(link).any(|n| {
                let owner = selection.page.owner[n.index()];
                owner != NONE && selection.keeps(owner)
            });
            let Some(target) = ids.get(href).and_then(|&id| holder(selection, id)) else { continue };
            // The reference comes first: links back from a note lead up.
            if !kept || target <= link || dom.ancestors(link).any(|n| n == target) {
                continue;
            }
            let (id, _) = notes.targets.entry(target).or_insert_with(|| (href.to_owned(), label.clone()));
            notes.references.insert(link, (id.clone(), label));
        }
        notes
    }

    /// Whether a link inside a note leads back to its reference.
    pub(super) fn is_way_back(&self, dom: &Dom, link: NodeId) -> bool {
        dom.attr(link, "href").is_some_and(|h| h.starts_with('#'))
            && dom.text_content(link).trim().chars().all(|c| !c.is_alphanumeric())
    }
}

/// The mark of a reference: a number, letter or sign, in brackets or not.
fn mark(dom: &Dom, link: NodeId) -> Option<String> {
    let text = dom.text_content(link);
    let label = text.trim().trim_matches(['[', ']', '(', ')']).trim();
    let digits = label.chars().all(|c| c.is_ascii_digit());
    let short = !label.is_empty() && label.chars().count() <= 3;
    let raised = dom.ancestors(link).take(3).chain(dom.children(link)).any(|n| dom.is(n, "sup"));
    let bracketed = text.trim().starts_with('[');
    let sign = label.chars().all(|c| matches!(c, '*' | '†' | '‡' | '§'));
    (short && (raised || sign || digits && bracketed)).then(|| label.to_owned())
}

/// The block that holds the note: the target itself or the block around an empty anchor.
fn holder(selection: &Selection, target: NodeId) -> Option<NodeId> {
    let dom = selection.dom;
    let block = dom.ancestors(target).take(4).find(|&n| {
        ["li", "p", "div", "aside", "dd", "section"].iter().any(|t| dom.is(n, t)) && selection.all_words_in(n) > 0
    })?;
    (selection.all_words_in(block) <= MOST_WORDS).then_some(block)
}

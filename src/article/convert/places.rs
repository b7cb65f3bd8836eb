//! Links within the article: each needs the place that it leads to, and a place that nothing leads to is none.

use super::Selection;
use crate::article::model::{Block, Inline};
use std::collections::HashSet;

/// Ids remembered at most; links to later ones lead nowhere and are text.
const MOST: usize = 5_000;

/// The ids that kept links of the page lead to.
pub(super) fn wanted(selection: &Selection) -> HashSet<String> {
    let dom = selection.dom;
    let mut wanted = HashSet::new();
    for link in dom.descendants(dom.find("body").unwrap_or(dom.root())).filter(|&id| dom.is(id, "a")) {
        let Some(id) = dom.attr(link, "href").and_then(|href| href.trim().strip_prefix('#')) else { continue };
        let (from, to) = selection.page.range[link.index()];
        if !id.is_empty() && (from..to).any(|n| selection.keeps(n)) && wanted.len() < MOST {
            wanted.insert(decoded(id));
        }
    }
    wanted
}

/// An id as an address names it.
pub(super) fn decoded(id: &str) -> String {
    percent_encoding::percent_decode_str(id).decode_utf8_lossy().into_owned()
}

/// Makes text of the links that lead nowhere, and drops the places that nothing leads to and those named twice.
pub(super) fn settle(blocks: &mut [Block]) {
    let (mut places, mut links) = (HashSet::new(), HashSet::new());
    each(blocks, &mut |content| {
        for inline in content.iter() {
            match inline {
                Inline::Anchor(id) => drop(places.insert(id.clone())),
                Inline::Link { href, .. } => {
                    links.extend(href.strip_prefix('#').map(str::to_owned));
                }
                _ => {}
            }
        }
    });
    if places.is_empty() && links.is_empty() {
        return;
    }
    let mut seen = HashSet::new();
    each(blocks, &mut |content| {
        content.retain(|inline| match inline {
            Inline::Anchor(id) => links.contains(id) && seen.insert(id.clone()),
            _ => true,
        });
        let is_dead = |inline: &Inline| match inline {
            Inline::Link { href, .. } => href.strip_prefix('#').is_some_and(|id| !places.contains(id)),
            _ => false,
        };
        if content.iter().any(is_dead) {
            for mut inline in std::mem::take(content) {
                let words = if is_dead(&inline) { inline.content_mut().map(std::mem::take) } else { None };
                match words {
                    Some(words) => content.extend(words),
                    None => content.push(inline),
                }
            }
        }
    });
}

/// Calls `change` for each run of inlines, outer ones first.
fn each(blocks: &mut [Block], change: &mut dyn FnMut(&mut Vec<Inline>)) {
    fn run(content: &mut Vec<Inline>, change: &mut dyn FnMut(&mut Vec<Inline>)) {
        change(content);
        for inline in content {
            if let Some(inner) = inline.content_mut() {
                run(inner, change);
            }
        }
    }
    for block in blocks {
        match block {
            Block::Heading { content, .. } | Block::Paragraph { content, .. } => run(content, change),
            Block::List { items, .. } => items.iter_mut().for_each(|item| each(item, change)),
            Block::Definitions { items } => {
                for item in items {
                    item.terms.iter_mut().for_each(|term| run(term, change));
                    item.definitions.iter_mut().for_each(|said| each(said, change));
                }
            }
            Block::Quote { blocks, cite } => {
                each(blocks, change);
                run(cite, change);
            }
            Block::Details { summary, blocks } => {
                run(summary, change);
                each(blocks, change);
            }
            Block::Figure { caption, .. } => run(caption, change),
            Block::Table(table) => {
                run(&mut table.caption, change);
                table.rows.iter_mut().flatten().for_each(|cell| each(&mut cell.blocks, change));
            }
            Block::Notes { notes } => notes.iter_mut().for_each(|note| each(&mut note.blocks, change)),
            Block::Preformatted { .. } | Block::Embed { .. } | Block::Rule => {}
        }
    }
}

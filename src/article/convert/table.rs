//! Tables of data. Tables that only lay out the page are taken apart: their cells' text comes as it stands.

use super::Selection;
use crate::article::model::{Block, Cell, Inline, Scope, Table};
use crate::html::dom::{Dom, Edge, NodeId};

/// The largest span taken at its word; HTML allows 1,000 columns and 65,534 rows.
const MOST_SPANNED: u16 = 1000;

/// The table, if it is one of data of which most words are kept.
pub(super) fn data_table(selection: &Selection, id: NodeId) -> Option<Table> {
    let dom = selection.dom;
    let mut rows: Vec<(NodeId, bool, Vec<NodeId>)> = Vec::new();
    let mut caption = None;
    let mut in_head = 0;
    let mut marked = dom.attr(id, "role").is_none_or(|r| r == "table" || r == "grid")
        && dom.attr(id, "summary").is_some_and(|s| !s.is_empty());
    let mut nested = false;
    let mut edges = dom.edges(id);
    while let Some(edge) = edges.next() {
        match edge {
            // A table in a cell is a table of its own.
            Edge::Open(node) if node != id && dom.is(node, "table") => {
                nested = true;
                edges.pass_over(node);
            }
            Edge::Open(node) if dom.is(node, "thead") => in_head += 1,
            Edge::Close(node) if dom.is(node, "thead") => in_head -= 1,
            Edge::Open(node) if dom.is(node, "tr") => rows.push((node, in_head > 0, Vec::new())),
            Edge::Open(node) if dom.is(node, "td") || dom.is(node, "th") => {
                marked |= dom.is(node, "th");
                rows.last_mut()?.2.push(node);
            }
            Edge::Open(node) if dom.is(node, "caption") => caption = Some(node),
            _ => {}
        }
    }
    marked |= caption.is_some() || rows.iter().any(|r| r.1);
    if dom.attr(id, "role").is_some_and(|r| r == "presentation" || r == "none") {
        return None;
    }
    rows.retain(|(_, _, cells)| !cells.is_empty());
    let columns = rows.iter().map(|r| r.2.len()).max().unwrap_or(0);
    let cells: usize = rows.iter().map(|r| r.2.len()).sum();
    let (from, to) = selection.page.range[id.index()];
    let passages = &selection.page.passages[from as usize..to as usize];
    let words = selection.all_words_in(id);
    let longest = passages.iter().map(|p| p.stats.words).max().unwrap_or(0);
    let uniform = rows.iter().filter(|r| r.2.len() == columns).count() * 3 >= rows.len() * 2;
    let is_data = rows.len() >= 2
        && columns >= 2
        && (marked || !nested && uniform && longest < 60 && (words as usize) < cells * 20);
    // Of a table that says what it is, half is worse than all; of another most has to be kept.
    let enough = if marked { 4 } else { 2 };
    if !is_data || selection.words_in(id) * enough < words || nested && (longest > 80 || words > 600) {
        return None;
    }
    let inside = Selection { whole: (from, to), ..*selection };
    let header_rows = rows
        .iter()
        .take_while(|(_, head, cells)| *head || cells.iter().all(|&c| dom.is(c, "th")) && cells.len() > 1)
        .count()
        .min(rows.len() - 1);
    let span = |node, name| {
        dom.attr(node, name).and_then(|v| v.trim().parse::<u16>().ok()).unwrap_or(1).clamp(1, MOST_SPANNED)
    };
    let rows = rows
        .iter()
        .enumerate()
        .map(|(row, (_, _, cells))| {
            cells
                .iter()
                .map(|&node| Cell {
                    blocks: unheaded(super::walk(&inside, node)),
                    header: scope(dom, node, row < header_rows),
                    colspan: span(node, "colspan"),
                    rowspan: span(node, "rowspan"),
                })
                .collect()
        })
        .collect();
    let caption = caption.map_or_else(Vec::new, |node| {
        super::walk(&inside, node)
            .into_iter()
            .filter_map(super::picture::line)
            .reduce(|mut all, more| {
                all.push(Inline::Text(" ".to_owned()));
                all.extend(more);
                all
            })
            .unwrap_or_default()
    });
    Some(Table { caption, rows, header_rows })
}

/// A cell heads its row or column by being a header cell; a heading in it would stand in no outline.
fn unheaded(blocks: Vec<Block>) -> Vec<Block> {
    let plain = |block| match block {
        Block::Heading { content, .. } => Block::Paragraph { content: vec![Inline::Strong(content)], lang: None },
        other => other,
    };
    blocks.into_iter().map(plain).collect()
}

fn scope(dom: &Dom, cell: NodeId, in_head: bool) -> Option<Scope> {
    match dom.attr(cell, "scope") {
        Some("row" | "rowgroup") => return Some(Scope::Row),
        Some("col" | "colgroup") => return Some(Scope::Column),
        _ => {}
    }
    if in_head {
        return Some(Scope::Column);
    }
    dom.is(cell, "th").then_some(Scope::Row)
}

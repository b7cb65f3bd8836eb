//! Lists and tables are kept or dropped as a whole: half of a timetable helps nobody.

use crate::article::dom::{Dom, NodeId};
use crate::article::passage::Page;

/// Within the article a list or table needs only this much of a score to stay: its passages are short and look like
/// menus when judged one by one.
const EMBEDDED: f32 = 0.12;

/// Passages in a list or table that is one piece of an article; larger ones lay out the page.
const MOST: u32 = 400;

/// Settles each list and table that stands in the article.
pub(super) fn settle(dom: &Dom, page: &Page, scores: &[f32], keep: &mut [bool]) {
    let mut until = 0;
    for id in dom.descendants(dom.root()) {
        let table = dom.is(id, "table");
        if !(table || dom.is(id, "ul") || dom.is(id, "ol") || dom.is(id, "dl")) {
            continue;
        }
        let (from, to) = page.range[id.index()];
        // Inside a list that is settled; or nothing to settle.
        if from < until || to - from < 2 || to - from > MOST {
            continue;
        }
        let (from, to) = (from as usize, to as usize);
        let members = &page.passages[from..to];
        let words: u32 = members.iter().map(|p| p.stats.words).sum();
        let linked: usize = members.iter().map(|p| p.linked).sum();
        let length: usize = members.iter().map(|p| p.end - p.start).sum();
        let layout =
            table && (words as usize > members.len() * 25 || dom.descendants(id).skip(1).any(|n| dom.is(n, "table")));
        if layout || linked * 5 > length * 2 || !stands_between(dom, page, id, keep) {
            continue;
        }
        let sum: f32 = (from..to).map(|n| scores[n] * (page.passages[n].stats.words as f32 + 1.0)).sum();
        let kept = sum / (words as f32 + members.len() as f32) >= EMBEDDED;
        keep[from..to].fill(kept);
        until = to as u32;
    }
}

/// Whether kept text stands before and after the element among its nearest neighbours.
fn stands_between(dom: &Dom, page: &Page, id: NodeId, keep: &[bool]) -> bool {
    let (from, to) = page.range[id.index()];
    // The element alone in wrappers says nothing; the first ancestor with more decides.
    let Some(outer) =
        dom.ancestors(id).skip(1).take(4).map(|n| page.range[n.index()]).find(|&(f, t)| f < from && t > to)
    else {
        return false;
    };
    let (first, last) = (outer.0 as usize, outer.1 as usize);
    let (from, to) = (from as usize, to as usize);
    // What comes before is often a short line with a colon; what comes after must be text.
    let before = (from.saturating_sub(3).max(first)..from).any(|n| keep[n]);
    before && (to..(to + 12).min(last)).any(|n| keep[n] && page.passages[n].stats.words >= 8)
}

//! What is kept or dropped as a whole: half of a timetable helps nobody, and a quotation wants its speaker.

use crate::article::passage::{Page, Passage};
use crate::article::words;
use crate::html::dom::{Dom, NodeId};
use foldhash::fast::FixedState;
use std::collections::HashSet;
use std::ops::Range;

/// Within the article a list or table needs only this much of a score to stay: its passages are short and look like
/// menus when judged one by one.
const EMBEDDED: f32 = 0.12;

/// A list at the article's end of which something is kept is kept with this score of the whole.
const LIKELY: f32 = 0.4;

/// Passages in a list or table that is one piece of an article; larger ones lay out the page.
const MOST: u32 = 400;

/// Words of the longest line that says who is quoted, and of the longest that signs a poem.
const SIGNATURE: u32 = 12;

/// Words of the longest block of an address.
const ADDRESS: u32 = 80;

/// Settles what stands in the article in one piece.
pub(super) fn settle(dom: &Dom, page: &Page, scores: &[f32], keep: &mut [bool]) {
    let pieces: Vec<NodeId> = dom
        .descendants(dom.root())
        .filter(|&id| {
            let (from, to) = page.range[id.index()];
            let piece = |name: &str| matches!(name, "blockquote" | "ul" | "ol" | "dl" | "table" | "address");
            to > from && to - from <= MOST && dom.tag(id).is_some_and(|name| piece(name))
        })
        .collect();
    lists_and_tables(dom, page, &pieces, scores, keep);
    for id in pieces {
        let (from, to) = page.range[id.index()];
        let members = from as usize..to as usize;
        match dom.tag(id).map(|name| &**name) {
            Some("blockquote") if is_post(dom, id) && stands_between(dom, page, id, keep) => keep[members].fill(true),
            Some("blockquote") => speaker(dom, page, members, keep),
            Some("ul" | "ol" | "dl") => rest_of_list(page, members, scores, keep),
            Some("address") => {
                let words: u32 = page.passages[members.clone()].iter().map(|p| p.stats.words).sum();
                if words <= ADDRESS && stands_between(dom, page, id, keep) {
                    keep[members].fill(true);
                }
            }
            _ => {}
        }
    }
    if !keep.contains(&true) {
        verses(dom, page, keep);
    }
    hidden_copies(page, keep);
}

/// Drops what is hidden and says again what the page shows: many a template writes the article twice, for machines.
fn hidden_copies(page: &Page, keep: &mut [bool]) {
    let hidden = |n: usize| page.hints_of(&page.passages[n]).are_hidden();
    let kept: Vec<usize> = (0..keep.len()).filter(|&n| keep[n]).collect();
    if !kept.iter().any(|&n| hidden(n)) {
        return;
    }
    let runs = |n: usize| page.words_of(&page.passages[n]).windows(3).map(words::gram);
    let shown: HashSet<u64, FixedState> = kept.iter().filter(|&&n| !hidden(n)).flat_map(|&n| runs(n)).collect();
    let (mut all, mut again) = (0, 0);
    for n in kept.iter().copied().filter(|&n| hidden(n)) {
        all += runs(n).len();
        again += runs(n).filter(|run| shown.contains(run)).count();
    }
    if again * 5 >= all * 4 {
        kept.iter().filter(|&&n| hidden(n)).for_each(|&n| keep[n] = false);
    }
}

/// Whether a quotation is a post of another site, as the sites' own markup for embedding writes it.
fn is_post(dom: &Dom, id: NodeId) -> bool {
    const KINDS: [&str; 8] = [
        "twitter-tweet",
        "twitter-video",
        "instagram-media",
        "tiktok-embed",
        "bluesky-embed",
        "mastodon-embed",
        "reddit-embed",
        "fb-xfbml-parse-ignore",
    ];
    dom.attr(id, "class").is_some_and(|class| class.split_whitespace().any(|word| KINDS.contains(&word)))
}

fn is_linked(passage: &Passage) -> bool {
    passage.linked * 2 > passage.end - passage.start
}

/// Keeps the line under a kept quotation that says whose it is.
fn speaker(dom: &Dom, page: &Page, members: Range<usize>, keep: &mut [bool]) {
    let words = |n: &usize| page.passages[*n].stats.words;
    let kept: u32 = members.clone().filter(|n| keep[*n]).map(|n| words(&n)).sum();
    let all: u32 = members.clone().map(|n| words(&n)).sum();
    if kept * 2 < all {
        return;
    }
    let last = members.end - 1;
    for n in members {
        let passage = &page.passages[n];
        let named = n == last
            || dom.ancestors(passage.node).take(4).any(|outer| dom.is(outer, "footer") || dom.is(outer, "cite"));
        if named && passage.stats.words <= SIGNATURE && !is_linked(passage) {
            keep[n] = true;
        }
    }
}

/// Keeps the other items of a list of which some are kept, unless the whole is unlikely.
fn rest_of_list(page: &Page, members: Range<usize>, scores: &[f32], keep: &mut [bool]) {
    let words = |n: usize| page.passages[n].stats.words;
    let kept: u32 = members.clone().filter(|n| keep[*n]).map(words).sum();
    let all: u32 = members.clone().map(words).sum();
    let score: f32 = members.clone().map(|n| scores[n] * words(n) as f32).sum();
    if kept * 2 >= all || kept > 0 && score >= LIKELY * all as f32 {
        for n in members {
            keep[n] |= !is_linked(&page.passages[n]);
        }
    }
}

/// A page without sentences may hold a poem: stanzas of short lines that nothing but line breaks parts, one after the
/// other, and the line that signs them.
fn verses(dom: &Dom, page: &Page, keep: &mut [bool]) {
    const LINES: usize = 3;
    const STANZAS: usize = 2;
    let is_line = |passage: &Passage| (1..=SIGNATURE).contains(&passage.stats.words) && passage.links == 0;
    let (mut start, mut at, mut stanzas) = (0, 0, 0);
    let mut best: Option<Range<usize>> = None;
    while at < page.passages.len() {
        let block = page.passages[at].block;
        let end = (at..page.passages.len()).find(|n| page.passages[*n].block != block).unwrap_or(page.passages.len());
        let broken = page.passages[at + 1..end].iter().all(|passage| passage.breaks > 0);
        let fold = ["td", "li", "nav", "footer", "form"].iter().any(|name| dom.is(block, name));
        if end - at >= LINES && broken && !fold && page.passages[at..end].iter().all(is_line) {
            stanzas += 1;
            if stanzas >= STANZAS && best.as_ref().is_none_or(|best| best.len() < end - start) {
                best = Some(start..end);
            }
        } else {
            stanzas = 0;
            start = end;
        }
        at = end;
    }
    if let Some(poem) = best {
        let signed = page.passages.get(poem.end).is_some_and(|passage| is_line(passage) && passage.breaks == 0);
        keep[poem.start..poem.end + usize::from(signed)].fill(true);
    }
}

/// Settles each list and table that stands in the article.
fn lists_and_tables(dom: &Dom, page: &Page, pieces: &[NodeId], scores: &[f32], keep: &mut [bool]) {
    let mut until = 0;
    for &id in pieces {
        let table = dom.is(id, "table");
        if dom.is(id, "blockquote") || dom.is(id, "address") {
            continue;
        }
        let (from, to) = page.range[id.index()];
        // Inside a list that is settled; or nothing to settle.
        if from < until || to - from < 2 {
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
    let heading = |n: usize| ["h2", "h3", "h4"].iter().any(|name| dom.is(page.passages[n].block, name));
    before && (to..(to + 12).min(last)).any(|n| keep[n] && (page.passages[n].stats.words >= 8 || heading(n)))
}

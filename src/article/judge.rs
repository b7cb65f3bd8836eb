//! Judging passages.

use super::dom::Dom;
use super::metadata::Metadata;
use super::passage::Page;

/// How sure it is, for each passage, that it belongs to the article.
pub(super) fn scores(dom: &Dom, page: &Page, _: &Metadata) -> Vec<f32> {
    let mut mass = vec![0.0f32; dom.len()];
    let good = |n: usize| {
        let p = &page.passages[n];
        p.linked * 3 < p.end - p.start && p.stats.words >= 12
    };
    for (n, p) in page.passages.iter().enumerate() {
        if !good(n) {
            continue;
        }
        let mut weight = p.stats.words as f32;
        for id in dom.ancestors(p.block).take(5) {
            mass[id.index()] += weight;
            weight *= 0.7;
        }
    }
    let best = dom.descendants(dom.root()).max_by(|a, b| mass[a.index()].total_cmp(&mass[b.index()]));
    let Some(best) = best else { return Vec::new() };
    let (from, to) = page.range[best.index()];
    (0..page.passages.len())
        .map(|n| {
            let p = &page.passages[n];
            let inside = (from as usize..to as usize).contains(&n);
            if inside && p.linked * 2 < p.end - p.start && p.stats.words >= 2 { 0.9 } else { 0.1 }
        })
        .collect()
}

//! Judging passages: two rounds of boosted decision trees over the numbers of [`super::features`].
//!
//! The trees are data (`first.trees`, `second.trees`), learned by `tools/train/train.py` and readable line by line.
//! The first round sees a passage and its surroundings. The second also sees what the first says of the neighbours,
//! the containers and the passages made by the same template, and so finds the borders of the article.

mod forest;
mod whole;

use super::dom::Dom;
use super::features::{self, Surroundings};
use super::hints;
use super::metadata::Metadata;
use super::passage::{Page, Passage};
use super::words::PHRASES;
use forest::Forest;
use std::sync::OnceLock;

/// How much the first round counts beside the second, on the scale of log odds.
const FIRST_SHARE: f32 = 0.5;

/// A passage is kept from this score on, or from a lower one where the whole page is unsure.
const KEEP: f32 = 0.5;
const KEEP_UNSURE: f32 = 0.35;

/// What each round says of each passage, 0 to 1, and what follows.
#[derive(Default)]
pub(super) struct Scores {
    pub(super) first: Vec<f32>,
    /// Both rounds together.
    pub(super) both: Vec<f32>,
    pub(super) keep: Vec<bool>,
}

static FIRST: OnceLock<Forest> = OnceLock::new();
static SECOND: OnceLock<Forest> = OnceLock::new();

/// How sure it is, for each passage, that it belongs to the article.
pub(super) fn scores(dom: &Dom, page: &Page, metadata: &Metadata) -> Scores {
    if page.passages.is_empty() {
        return Scores::default();
    }
    let around = Surroundings::new(dom, page);
    let mut table = features::first(dom, metadata, &around);
    let forest = FIRST.get_or_init(|| Forest::read(include_str!("first.trees"), &table.names).unwrap_or_default());
    let first = forest.probabilities(&mut table);
    let mut table = features::second(table, &around, &first);
    let forest = SECOND.get_or_init(|| Forest::read(include_str!("second.trees"), &table.names).unwrap_or_default());
    let log_odds = |p: f32| (p / (1.0 - p)).ln().clamp(-9.0, 9.0);
    let both: Vec<f32> = forest
        .probabilities(&mut table)
        .into_iter()
        .zip(&first)
        .map(|(second, &first)| {
            let sum = FIRST_SHARE * log_odds(first) + (1.0 - FIRST_SHARE) * log_odds(second);
            1.0 / (1.0 + (-sum).exp())
        })
        .collect();
    drop(table);
    let threshold = threshold(page, &both);
    let mut keep: Vec<bool> = both.iter().map(|&score| score > threshold).collect();
    drop_above(page, metadata, &mut keep);
    whole::settle(dom, page, &both, &mut keep);
    Scores { first, both, keep }
}

/// Drops what stands above the text as text and is the model's own: the headline, and a line of date, section and
/// counters.
fn drop_above(page: &Page, metadata: &Metadata, keep: &mut [bool]) {
    const COUNTED: [&str; 3] = ["published", "tags", "readtime"];
    let title = super::words::hashes(&metadata.title);
    let above: Vec<usize> =
        (0..keep.len()).filter(|&n| keep[n]).take_while(|&n| page.passages[n].stats.words < 20).take(3).collect();
    for n in above {
        let passage = &page.passages[n];
        let stats = &passage.stats;
        let headline = title.len() > 2 && page.words_of(passage) == title;
        let kinds = PHRASES.iter().enumerate().filter(|(kind, _)| stats.phrases >> kind & 1 == 1);
        let counted = kinds.filter(|(_, (name, _))| COUNTED.contains(name)).count() > 1;
        if headline || counted && stats.stop * 8 < stats.words {
            keep[n] = false;
        }
    }
}

/// The score from which on keeping a passage is expected to do more good than harm to precision and recall together:
/// half of the best F1 that can be expected, which is near 1 where all is clear.
fn threshold(page: &Page, scores: &[f32]) -> f32 {
    let mut order: Vec<(f32, f32)> =
        scores.iter().zip(&page.passages).map(|(&score, p)| (score, p.stats.words as f32 + 1.0)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let expected: f32 = order.iter().map(|(score, weight)| score * weight).sum();
    let (mut right, mut taken, mut best) = (0.0, 0.0, 0.0f32);
    for (score, weight) in order {
        right += score * weight;
        taken += weight;
        best = best.max(2.0 * right / (taken + expected));
    }
    (best / 2.0).clamp(KEEP_UNSURE, KEEP)
}

/// What can be said in words about a passage: for `--explain`.
pub(super) fn reasons(page: &Page, passage: &Passage, first: f32) -> Vec<String> {
    let s = &passage.stats;
    let mut reasons = vec![format!("{} words", s.words), format!("alone {first:.2}")];
    let links = passage.linked as f32 / (passage.end - passage.start).max(1) as f32;
    if links > 0.2 {
        reasons.push(format!("links {:.0} %", links * 100.0));
    }
    if s.words > 4 && s.stop * 8 < s.words {
        reasons.push("few function words".to_owned());
    }
    for (kind, (name, _)) in PHRASES.iter().enumerate() {
        if s.phrases >> kind & 1 == 1 && s.words <= 40 {
            reasons.push(format!("says \"{name}\""));
        }
    }
    for (name, distance) in hints::names().zip(page.hints_of(passage).0) {
        // Names of elements are on the path; classes that are far say little.
        if (1..=3).contains(&distance) && !name.starts_with("t.") {
            reasons.push(format!("{} {distance} up", name.trim_start_matches("c.").trim_start_matches("a.")));
        }
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    #[test]
    fn the_trees_know_every_number_they_ask_for() {
        let dom = Dom::parse("<h1>One</h1><p>Two words, and some more.</p>", "test", &Limits::default()).unwrap();
        let page = Page::cut(&dom);
        let metadata = Metadata::read(&dom, &page, None);
        let around = Surroundings::new(&dom, &page);
        let first = features::first(&dom, &metadata, &around);
        Forest::read(include_str!("first.trees"), &first.names).unwrap();
        let second = features::second(first, &around, &[0.5, 0.5]);
        Forest::read(include_str!("second.trees"), &second.names).unwrap();
    }
}

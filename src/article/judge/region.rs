//! The article is a region of the page.
//!
//! The trees judge each passage by itself, and so lose what does not look like text: lists, decks, the last answers of
//! an interview. Here the container is found that holds most of what they are sure of, and what stands in it stays
//! unless something speaks against it; what stands outside has to be sure. Where they know nothing of a page, the
//! container of its headline is the article.

use super::evidence::{self, is_linked, is_phrase, says_something};
use crate::article::metadata::Metadata;
use crate::article::passage::Page;
use crate::article::words;
use crate::html::dom::{Dom, NodeId};
use foldhash::fast::FixedState;
use std::collections::HashSet;
use std::ops::Range;

/// How much more it matters that the container misses nothing than that it holds nothing else.
const BETA: f32 = 2.2;

/// The share of its width that counts of a passage which nobody takes for text.
const NARROW: f32 = 0.1;

/// Below this mean of sureness the trees know nothing of the page; from the other on they are sure of it.
const UNKNOWN: f32 = 0.07;
const UNSURE: f32 = 0.03;
const SURE: f32 = 0.5;

/// Outside the container a passage needs this score.
const OUTSIDE: f32 = 0.6;

/// Words below a headline that make an answer.
const ANSWER: u32 = 8;

/// What stands below the headline replaces an answer of fewer words, or one of which it has so many times the words;
/// and where the trees know something, it must be as likely as this share of what they prefer.
const FEW_WORDS: f32 = 12.0;
const MANY_MORE: f32 = 4.0;
const AS_LIKELY: f32 = 0.4;

/// On an unsure page a passage needs this share of the mean of sureness: a clear one the first, others the second.
const CLEAR_SHARE: f32 = 0.4;
const SHARE: f32 = 0.6;

/// What a clear passage needs between kept ones, code there, a heading before kept text, the line between headline
/// and text, and a whole list or table.
const BETWEEN: f32 = 0.15;
const CODE: f32 = 0.05;
const HEADING: f32 = 0.05;
const DECK: f32 = 0.2;
const PIECE: f32 = 0.15;

/// The share of what is likely that makes a cell of a table the column of the article.
const IN_COLUMN: f32 = 0.6;

/// Words of the longest line that says whose a picture is, and of a caption above it.
const CREDIT: u32 = 8;
const CAPTION: u32 = 30;

/// Passages of the largest list or table that is one piece of an article, and of the longest deck.
const MOST: usize = 300;
const DECK_PASSAGES: usize = 12;

/// Where the article is.
#[derive(Clone, Debug)]
pub(super) struct Region {
    /// The element that holds it.
    pub(super) container: NodeId,
    /// Its passages.
    pub(super) passages: Range<usize>,
    /// The passages of the headline, where there is one.
    pub(super) headline: Option<Range<usize>>,
    /// How sure the trees are of what it holds, 0 to 1.
    pub(super) sureness: f32,
    /// The container stands before the headline or in what surrounds articles.
    pub(super) misplaced: bool,
}

/// A page with what is asked of its passages again and again.
pub(super) struct View<'a> {
    pub(super) dom: &'a Dom,
    pub(super) page: &'a Page,
    pub(super) scores: &'a [f32],
    headline: Option<NodeId>,
    title: Vec<u64>,
    /// Which passages say again what stands before them.
    copies: Vec<bool>,
}

impl<'a> View<'a> {
    pub(super) fn new(dom: &'a Dom, page: &'a Page, metadata: &Metadata, scores: &'a [f32]) -> Self {
        let mut seen: HashSet<u64, FixedState> = HashSet::default();
        let copies = page.passages.iter().map(|p| !seen.insert(p.stats.hash) && p.stats.words > 2).collect();
        Self { dom, page, scores, headline: metadata.headline, title: words::hashes(&metadata.title), copies }
    }

    /// What a passage weighs: bullets and rules weigh nothing.
    pub(super) fn weight(&self, n: usize) -> f32 {
        let passage = &self.page.passages[n];
        if says_something(passage) { passage.stats.words as f32 + 1.0 } else { 0.0 }
    }

    pub(super) fn range(&self, id: NodeId) -> Range<usize> {
        let (from, to) = self.page.range[id.index()];
        from as usize..to as usize
    }

    /// The passages of the headline. One that stands behind most of what is sure heads something else.
    fn headline(&self) -> Option<Range<usize>> {
        let mut range = self.headline.map(|id| self.range(id)).filter(|range| !range.is_empty())?;
        // An element that holds more than the headline: it ends where the headline has been said.
        let mut words = 0;
        let long = |n: &usize| {
            words += self.page.words_of(&self.page.passages[*n]).len();
            words >= self.title.len()
        };
        if let Some(end) = range.clone().find(long) {
            range.end = end + 1;
        }
        let sure = |from: usize, to: usize| -> f32 {
            (from..to).filter(|&n| self.scores[n] >= SURE).map(|n| self.weight(n) * self.scores[n]).sum()
        };
        let (before, after) = (sure(0, range.start), sure(range.end, self.scores.len()));
        (before <= 2.0 * after + 20.0).then_some(range)
    }

    pub(super) fn has_headline(&self) -> bool {
        self.headline.is_some()
    }

    /// Whether the passage says the headline.
    fn says_title(&self, n: usize) -> bool {
        !self.title.is_empty() && self.page.words_of(&self.page.passages[n]) == self.title
    }

    /// The smallest element that holds most of what is likely to be the article.
    pub(super) fn region(&self) -> Option<Region> {
        let passages = &self.page.passages;
        let (mut mass, mut width) = (vec![0.0], vec![0.0]);
        let (mut mass_sum, mut width_sum) = (0.0f32, 0.0f32);
        for (n, passage) in passages.iter().enumerate() {
            let weight = self.weight(n);
            let idle = self.scores[n] < 0.3
                && (is_linked(passage) || is_phrase(passage) || evidence::is_foreign(self.page, passage, 4));
            mass_sum += weight * self.scores[n];
            width_sum += if idle { weight * NARROW } else { weight };
            mass.push(mass_sum);
            width.push(width_sum);
        }
        let square = BETA * BETA;
        let mut best: Option<(f32, NodeId)> = None;
        for id in self.dom.descendants(self.dom.root()).filter(|&id| self.dom.tag(id).is_some()) {
            let Range { start, end } = self.range(id);
            if start >= end {
                continue;
            }
            let held = mass[end] - mass[start];
            let fit = (1.0 + square) * held / (width[end] - width[start] + square * mass_sum).max(f32::MIN_POSITIVE);
            // Of equals the inner one, which comes later.
            if best.is_none_or(|(most, _)| fit >= most) {
                best = Some((fit, id));
            }
        }
        let (_, container) = best?;
        let range = self.range(container);
        let headline = self.headline();
        let after = headline.as_ref().map_or(0, |h| h.end);
        let (mut sum, mut squares) = (0.0, 0.0);
        for n in range.clone().filter(|&n| n >= after) {
            let mass = self.weight(n) * self.scores[n];
            sum += mass;
            squares += mass * self.scores[n];
        }
        let sureness = if sum > 0.0 { squares / sum } else { 0.0 };
        let misplaced = range.end <= after || evidence::is_furniture(self.page, &passages[range.start], 6);
        Some(Region { container, passages: range, headline, sureness, misplaced })
    }

    /// Whether nothing speaks against a passage in the container.
    pub(super) fn is_clear(&self, n: usize, region: &Region) -> bool {
        let passage = &self.page.passages[n];
        let below = evidence::blocks_below(self.dom, passage, region.container);
        let before_headline =
            || region.headline.as_ref().is_some_and(|h| n < h.end && region.passages.contains(&h.start));
        passage.stats.letters > 0
            && !is_linked(passage)
            && !is_phrase(passage)
            && !self.copies[n]
            && !before_headline()
            && !evidence::is_foreign(self.page, passage, below)
            && !evidence::is_caption(self.page, passage, below)
    }

    /// Decides by the region where the trees are unsure, and drops what stands outside it.
    ///
    /// Returns whether nothing is known of the page, so that what stands below the headline is the answer.
    pub(super) fn settle(&self, region: &Region, keep: &mut [bool]) -> bool {
        let mean = region.sureness;
        let unknown = mean < UNKNOWN || mean < SURE && region.misplaced;
        if unknown && let Some(members) = self.below_headline(region) {
            let weigh = |members: &mut dyn Iterator<Item = usize>| {
                members
                    .fold((0.0, 0.0), |(all, mass), n| (all + self.weight(n), mass + self.weight(n) * self.scores[n]))
            };
            let (kept, _) = weigh(&mut (0..keep.len()).filter(|&n| keep[n]));
            let (found, mass) = weigh(&mut members.iter().copied());
            let likely = mass >= AS_LIKELY * mean * found || region.misplaced;
            if likely && (kept < FEW_WORDS || kept * MANY_MORE < found) {
                let likely = |n: usize| !region.misplaced && self.scores[n] >= 0.6 * mean && keep[n];
                let chosen: Vec<bool> = (0..keep.len()).map(|n| members.contains(&n) || likely(n)).collect();
                keep.copy_from_slice(&chosen);
                return true;
            }
        }
        if (UNSURE..SURE).contains(&mean) {
            let after = region.headline.as_ref().map_or(0, |h| h.end);
            for n in region.passages.clone().filter(|&n| n >= after) {
                let bar = if self.is_clear(n, region) { CLEAR_SHARE } else { SHARE };
                keep[n] |= self.scores[n] >= bar * mean && !self.says_title(n);
            }
        }
        self.other_columns(keep);
        for (n, keep) in keep.iter_mut().enumerate() {
            *keep &= says_something(&self.page.passages[n]) || region.passages.contains(&n) && mean > SURE;
            *keep &= region.passages.contains(&n) || self.scores[n] >= OUTSIDE;
        }
        false
    }

    /// Drops the other cells of a row in which a table lays out the page, where one holds most of the article.
    fn other_columns(&self, keep: &mut [bool]) {
        let mut sums = vec![0.0];
        let mut sum = 0.0;
        for n in 0..self.scores.len() {
            sum += self.weight(n) * self.scores[n];
            sums.push(sum);
        }
        for cell in self.dom.descendants(self.dom.root()).filter(|&id| self.dom.is(id, "td")) {
            let Some(row) = self.dom.parent(cell).filter(|&row| self.dom.is(row, "tr")) else { continue };
            let (own, row) = (self.range(cell), self.range(row));
            // A cell of a table of results holds little.
            if own.len() > 2 && sums[own.end] - sums[own.start] >= IN_COLUMN * sum {
                keep[row.start..own.start].fill(false);
                keep[own.end..row.end].fill(false);
            }
        }
    }

    /// What stands after the headline in the first element around it that holds more than it.
    fn below_headline(&self, region: &Region) -> Option<HashSet<usize>> {
        let after = region.headline.as_ref()?.end;
        for outer in self.dom.ancestors(self.headline?).skip(1).take(30) {
            let members: HashSet<usize> = self
                .range(outer)
                .filter(|&n| n >= after)
                .filter(|&n| {
                    let passage = &self.page.passages[n];
                    let below = evidence::blocks_below(self.dom, passage, outer);
                    says_something(passage)
                        && !is_linked(passage)
                        && !is_phrase(passage)
                        && !evidence::is_foreign(self.page, passage, below)
                })
                .collect();
            let words: u32 = members.iter().map(|&n| self.page.passages[n].stats.words).sum();
            if words >= ANSWER {
                return Some(members);
            }
        }
        None
    }

    /// Between what is kept, what is clear stays; lists and tables stay whole; headings go with their text.
    pub(super) fn complete(&self, region: &Region, keep: &mut [bool]) {
        let kept = |keep: &[bool]| {
            let first = region.passages.clone().find(|&n| keep[n])?;
            let last = region.passages.clone().rev().find(|&n| keep[n])?;
            Some((first, last))
        };
        let Some((first, last)) = kept(keep) else { return };
        for (n, keep) in keep.iter_mut().enumerate().take(last + 1).skip(first) {
            let bar = if self.dom.is(self.page.passages[n].block, "pre") { CODE } else { BETWEEN };
            if !*keep && self.scores[n] >= bar && self.is_clear(n, region) {
                *keep = true;
            }
        }
        self.whole_pieces(region, first, keep);
        self.decks(region, first, keep);
        for n in region.passages.clone().rev().skip(1) {
            let heading = ["h2", "h3", "h4", "h5", "h6"].iter().any(|h| self.dom.is(self.page.passages[n].block, h));
            if heading && !keep[n] && keep[n + 1] && self.scores[n] >= HEADING && self.is_clear(n, region) {
                keep[n] = true;
            }
        }
    }

    /// Drops what belongs to a picture or to the byline, and is read from there: a credit with the caption above it,
    /// and a bold name that signs the whole.
    pub(super) fn take_off(&self, keep: &mut [bool]) {
        let passages = &self.page.passages;
        let words = |n: usize| passages[n].stats.words;
        for n in 0..keep.len() {
            if keep[n] && words(n) <= CREDIT && evidence::is_credit(&passages[n]) {
                keep[n] = false;
                let caption = n.checked_sub(1).filter(|&m| passages[m].block == passages[n].block);
                if let Some(m) = caption.filter(|&m| passages[m].images > 0 && words(m) <= CAPTION) {
                    keep[m] = false;
                }
            }
        }
        let Some(last) = keep.iter().rposition(|&kept| kept) else { return };
        let stats = &passages[last].stats;
        let bold = passages[last].strong * 10 >= (passages[last].end - passages[last].start) * 9;
        if bold && (2..=3).contains(&stats.words) && stats.capitalised == stats.words && !stats.ends && last > 0 {
            keep[last] = false;
        }
    }

    fn whole_pieces(&self, region: &Region, first: usize, keep: &mut [bool]) {
        let passages = &self.page.passages;
        let mut until = 0;
        for id in self.dom.descendants(region.container) {
            let piece = |name: &str| matches!(name, "ul" | "ol" | "dl" | "table" | "details");
            if !self.dom.tag(id).is_some_and(|name| piece(name)) {
                continue;
            }
            let range = self.range(id);
            if range.is_empty() || range.start < until || range.len() > MOST || range.start <= first {
                continue;
            }
            let before = range.start.saturating_sub(3)..range.start;
            let linked: usize = passages[range.clone()].iter().map(|p| p.linked).sum();
            let length: usize = passages[range.clone()].iter().map(|p| p.end - p.start).sum();
            let head = &passages[range.start];
            let below = evidence::blocks_below(self.dom, head, region.container);
            let weight: f32 = range.clone().map(|n| self.weight(n)).sum();
            let mean = range.clone().map(|n| self.weight(n) * self.scores[n]).sum::<f32>() / weight;
            if keep[before].contains(&true)
                && linked * 10 <= length * 3
                && !evidence::is_foreign(self.page, head, below)
                && !is_phrase(head)
                && mean >= PIECE
            {
                keep[range.clone()].fill(true);
                until = range.end;
            }
        }
    }

    /// Between the headline and the text: what is clear and no date, name or counter.
    fn decks(&self, region: &Region, first: usize, keep: &mut [bool]) {
        let Some(headline) = &region.headline else { return };
        if headline.end > first || first - headline.end > DECK_PASSAGES {
            return;
        }
        for (n, keep) in keep.iter_mut().enumerate().take(first).skip(headline.end) {
            let stats = &self.page.passages[n].stats;
            if self.scores[n] >= DECK
                && stats.words >= 3
                && self.is_clear(n, region)
                && stats.digits * 3 < stats.letters
            {
                *keep = true;
            }
        }
    }
}

//! What the whole page says about one passage: its headings, what it says twice, where good text lies densest.

use super::measures::{is_good, ratio, words};
use crate::article::passage::{Page, Passage};
use crate::article::words::{self as spelling, PHRASES};
use crate::html::dom::{Dom, NodeId};
use foldhash::fast::FixedState;
use std::collections::{HashMap, HashSet};

/// How much a short passage says that what follows is no article: "Related", "Subscribe", «Читайте также».
pub(super) fn foreign(p: &Passage) -> f32 {
    const KINDS: [&str; 10] =
        ["share", "related", "subscribe", "comment", "tags", "advert", "login", "more", "bio", "vote"];
    if p.stats.words > 14 {
        return 0.0;
    }
    let says =
        |name: &str| PHRASES.iter().position(|(kind, _)| *kind == name).is_some_and(|n| p.stats.phrases >> n & 1 == 1);
    let kinds = KINDS.iter().filter(|name| says(name)).count() as f32;
    kinds.min(2.0) + ratio(p.stats.phrase_words, p.stats.words)
}

/// For each passage the heading before it.
pub(super) fn headings(dom: &Dom, page: &Page) -> Vec<Option<usize>> {
    const HEADINGS: [&str; 5] = ["h2", "h3", "h4", "h5", "h6"];
    let mut last = None;
    let mut out = Vec::with_capacity(page.passages.len());
    for (n, p) in page.passages.iter().enumerate() {
        out.push(last);
        let bold = p.strong * 10 >= (p.end - p.start) * 9 && p.stats.words <= 14;
        if bold || dom.tag(p.block).is_some_and(|tag| HEADINGS.contains(&&**tag)) {
            last = Some(n);
        }
    }
    out
}

/// For each passage the share of its runs of three words that earlier passages hold, and later ones.
pub(super) fn repeated(page: &Page) -> (Vec<f32>, Vec<f32>) {
    // A set of bits by hash: now and then one is taken for another, which does no harm to a share.
    const BITS: usize = 1 << 18;
    let shares = |order: &mut dyn Iterator<Item = usize>| -> Vec<f32> {
        let mut seen = vec![0u64; BITS / 64];
        let mut shares = vec![-1.0; page.passages.len()];
        for n in order {
            let runs = page.words_of(&page.passages[n]).windows(3);
            let grams = runs.map(|run| spelling::gram(run) as usize % BITS);
            let all = grams.len() as u32;
            let old: u32 = grams.clone().map(|g| u32::from(seen[g / 64] >> (g % 64) & 1 == 1)).sum();
            grams.for_each(|g| seen[g / 64] |= 1 << (g % 64));
            if all > 0 {
                shares[n] = ratio(old, all);
            }
        }
        shares
    };
    let count = page.passages.len();
    (shares(&mut (0..count)), shares(&mut (0..count).rev()))
}

/// Runs of three and of two words.
pub(super) fn grams(text: &str) -> HashSet<u64, FixedState> {
    let mut all: HashSet<u64, FixedState> = spelling::shingles(text, 3).into_iter().collect();
    all.extend(spelling::shingles(text, 2));
    all
}

pub(super) fn overlap(own: &[u64], grams: &HashSet<u64, FixedState>) -> f32 {
    let n = own.len().min(3);
    if n < 2 || grams.is_empty() {
        return -0.5;
    }
    let found = own.windows(n).filter(|w| grams.contains(&spelling::gram(w))).count();
    found as f32 / (own.len() - n + 1) as f32
}

/// The passage that shares most words with the headline, when no heading does.
pub(super) fn title_passage(page: &Page, title: &HashSet<u64, FixedState>) -> Option<u32> {
    let mut best = (0.6, None);
    for (n, p) in page.passages.iter().enumerate() {
        if p.stats.words as usize > title.len() * 2 + 4 {
            continue;
        }
        let own = page.words_of(p);
        let common = own.iter().filter(|w| title.contains(w)).count() as f32;
        let score = 2.0 * common / (own.len() + title.len()).max(1) as f32;
        if score > best.0 + 0.01 {
            best = (score, Some(n as u32));
        }
    }
    best.1
}

/// The element in which good text lies densest: each good passage gives to the elements around it, less the farther.
pub(super) fn core(dom: &Dom, page: &Page) -> (u32, u32) {
    let mut mass: HashMap<NodeId, f32, FixedState> = HashMap::default();
    for p in page.passages.iter().filter(|p| is_good(p)) {
        let mut weight = words(p);
        for id in dom.ancestors(p.block).take(5) {
            *mass.entry(id).or_default() += weight;
            weight *= 0.7;
        }
    }
    let best = mass.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    best.map_or((0, 0), |(id, _)| page.range[id.index()])
}

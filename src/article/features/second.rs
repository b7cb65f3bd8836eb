//! The second table: what a first judgement says around each passage.

use super::measures::{log, words};
use super::{LEVELS, Sums, Surroundings, Table};
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// The second table: the first with what the first judgement (0 to 1 for each passage) says around each passage.
pub(in crate::article) fn second<'p>(first: Table<'p>, around: &'p Surroundings, scores: &'p [f32]) -> Table<'p> {
    let page = around.page;
    let passages = &page.passages;
    let count = passages.len();
    let weight = |n: usize| words(&passages[n]) + 2.0;
    let mass = Sums::of(page, |n| scores[n] * weight(n));
    let weights = Sums::of(page, weight);
    let total = mass.total().max(1.0);
    let strong: Vec<bool> = (0..count).map(|n| scores[n] > 0.7 && passages[n].stats.words >= 8).collect();
    let first_strong = strong.iter().position(|&s| s).unwrap_or(0) as f32;
    let last_strong = strong.iter().rposition(|&s| s).unwrap_or(0) as f32;
    let mut templates: HashMap<u64, (f32, f32), FixedState> = HashMap::default();
    for (n, score) in scores.iter().enumerate() {
        let t = templates.entry(around.signatures[n]).or_default();
        t.0 += score * weight(n);
        t.1 += weight(n);
    }
    let (mut left, mut right) = (vec![0.0; count], vec![0.0; count]);
    let (mut left_far, mut right_far) = (vec![0.0; count], vec![0.0; count]);
    smooth(&mut left, scores, 0.6, (0..count).collect::<Vec<_>>().into_iter());
    smooth(&mut right, scores, 0.6, (0..count).rev().collect::<Vec<_>>().into_iter());
    smooth(&mut left_far, scores, 0.9, (0..count).collect::<Vec<_>>().into_iter());
    smooth(&mut right_far, scores, 0.9, (0..count).rev().collect::<Vec<_>>().into_iter());
    let mut gap_before = vec![99.0; count];
    let mut gap_after = vec![99.0; count];
    let mut at: Option<usize> = None;
    for n in 0..count {
        gap_before[n] = at.map_or(99.0, |a| (n - a) as f32);
        if strong[n] {
            at = Some(n);
        }
    }
    at = None;
    for n in (0..count).rev() {
        gap_after[n] = at.map_or(99.0, |a| (a - n) as f32);
        if strong[n] {
            at = Some(n);
        }
    }
    first.with(move |n, t| {
        let weight = |n: usize| words(&passages[n]) + 2.0;
        let near = |offset: isize| n.checked_add_signed(offset).and_then(|m| scores.get(m)).copied().unwrap_or(-0.1);
        t.put("judged", scores[n]);
        t.put("judged -1", near(-1));
        t.put("judged -2", near(-2));
        t.put("judged -3", near(-3));
        t.put("judged +1", near(1));
        t.put("judged +2", near(2));
        t.put("judged +3", near(3));
        t.put("judged left", left[n]);
        t.put("judged right", right[n]);
        t.put("judged far left", left_far[n]);
        t.put("judged far right", right_far[n]);
        const MEAN: [&str; LEVELS] = by_level!("judged");
        const SHARE: [&str; LEVELS] = by_level!("kept share");
        for level in 0..LEVELS {
            let range = around.containers[n][level];
            // The others in the container: what it says of this one.
            let others = weights.within(range) - weight(n);
            t.put(MEAN[level], if others > 0.5 { (mass.within(range) - scores[n] * weight(n)) / others } else { -0.1 });
            t.put(SHARE[level], mass.within(range) / total);
        }
        let (sum, of) = templates[&around.signatures[n]];
        let others = of - weight(n);
        t.put("template judged", if others > 0.5 { (sum - scores[n] * weight(n)) / others } else { -0.1 });
        t.put("template kept share", sum / total);
        t.put("strong before", gap_before[n]);
        t.put("strong after", gap_after[n]);
        t.put("after the first strong", n as f32 - first_strong);
        t.put("before the last strong", last_strong - n as f32);
        t.put("kept before", mass.0[n] / total);
        t.put("kept after", (mass.total() - mass.0[n + 1]) / total);
        t.put("kept in all", log(total));
        t.put("kept of page", total / weights.total().max(1.0));
    })
}

/// A running mean of the scores before each passage in the given order.
fn smooth(out: &mut [f32], scores: &[f32], keep: f32, order: impl Iterator<Item = usize>) {
    let mut mean = 0.0;
    for n in order {
        out[n] = mean;
        mean = keep * mean + (1.0 - keep) * scores[n];
    }
}

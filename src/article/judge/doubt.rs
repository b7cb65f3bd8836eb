//! How sure an answer is, and what speaks against it.

use super::evidence;
use super::region::{Region, View};
use crate::article::doubt::Doubt;

/// Text outside the container makes the page a row of like pieces from this share of what is likely to be text on.
const ALIKE: f32 = 0.35;

/// A passage of so many words is text, by its length alone.
const TEXT: u32 = 8;

/// How good an answer can be expected to be, as the mean F1 of answers on pages of sites that training had not seen:
/// what the scores promise, and what then came out (`tools/train`).
const CALIBRATION: [(f32, f32); 8] =
    [(0.0, 0.2), (0.5, 0.5), (0.7, 0.74), (0.85, 0.84), (0.9, 0.89), (0.95, 0.94), (0.98, 0.97), (1.0, 0.99)];

/// A sure answer may be a small part of a page with many comments.
const SURE: f32 = 0.9;

/// No answer is surer where nothing is known of the page.
const OF_UNKNOWN: f32 = 0.5;

/// The confidence of an answer, 0 to 1, and the doubts about it.
pub(super) fn weigh(view: &View<'_>, region: Option<&Region>, unknown: bool, keep: &[bool]) -> (f32, Vec<Doubt>) {
    let (mut taken, mut right, mut all, mut outside) = (0.0, 0.0, 0.0f32, 0.0);
    let (mut kept_text, mut text) = (0, 0);
    for (n, &kept) in keep.iter().enumerate() {
        let passage = &view.page.passages[n];
        let mass = view.weight(n) * view.scores[n];
        all += mass;
        if kept {
            taken += view.weight(n);
            right += mass;
            kept_text += passage.stats.words;
        }
        if view.scores[n] >= 0.3 && region.is_none_or(|region| !region.passages.contains(&n)) {
            outside += mass;
        }
        if kept
            || passage.stats.words >= TEXT
                && !evidence::is_linked(passage)
                && !evidence::is_foreign(view.page, passage, 4)
        {
            text += passage.stats.words;
        }
    }
    let expected = if taken + all > 0.0 { 2.0 * right / (taken + all) } else { 0.0 };
    let mut doubts = Vec::new();
    if unknown {
        doubts.push(Doubt::Unknown);
    }
    if !view.has_headline() {
        doubts.push(Doubt::NoHeadline);
    }
    if outside > ALIKE * all {
        doubts.push(Doubt::Alike);
    }
    let confidence = calibrated(expected);
    if kept_text * 4 < text && confidence < SURE {
        doubts.push(Doubt::SmallPart { percent: (kept_text * 100 / text.max(1)) as u8 });
    }
    (if unknown { confidence.min(OF_UNKNOWN) } else { confidence }, doubts)
}

fn calibrated(expected: f32) -> f32 {
    let at = CALIBRATION.iter().position(|(from, _)| *from > expected).unwrap_or(CALIBRATION.len() - 1).max(1);
    let ((from, low), (to, high)) = (CALIBRATION[at - 1], CALIBRATION[at]);
    (low + (high - low) * (expected - from) / (to - from)).clamp(0.0, 1.0)
}

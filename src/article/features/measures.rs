//! Measures of a passage.

use crate::article::passage::Passage;

pub(super) fn length(p: &Passage) -> f32 {
    (p.end - p.start).max(1) as f32
}

pub(super) fn link_density(p: &Passage) -> f32 {
    p.linked as f32 / length(p)
}

pub(super) fn words(p: &Passage) -> f32 {
    p.stats.words as f32
}

/// Text that reads like an article: some words, few of them links.
pub(super) fn is_good(p: &Passage) -> bool {
    p.stats.words >= 12 && link_density(p) < 0.35
}

pub(super) fn ratio(part: u32, of: u32) -> f32 {
    part as f32 / of.max(1) as f32
}

pub(super) fn log(value: f32) -> f32 {
    (value.max(0.0) + 1.0).ln()
}

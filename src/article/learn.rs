//! What training needs to see: the same numbers that the judge sees. `tools/train/` holds the scripts.

use super::explain::Found;
use super::features::{self, Surroundings};
use super::find::find_by;
use super::judge::Scores;
use super::metadata::Metadata;
use super::options::FindOptions;
use super::passage::Page;
use crate::html::dom::Dom;
use crate::{Limits, Result};

/// A page as the judge sees it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Lesson {
    /// The text of each passage.
    pub passages: Vec<String>,
    /// What the numbers of a row are.
    pub names: Vec<&'static str>,
    /// The rows, one after the other, one for each passage.
    pub rows: Vec<f32>,
}

/// The passages of a page with their numbers: those of the first judgement, or of the second when the scores of the
/// first are given.
///
/// # Errors
///
/// [`crate::Error::Limit`] as for [`super::find`]; [`crate::Error::Usage`] when there is not one score a passage.
pub fn lesson(html: &str, name: &str, limits: &Limits, scores: Option<&[f32]>) -> Result<Lesson> {
    let dom = Dom::parse(html, name, limits)?;
    let page = Page::cut(&dom);
    let metadata = Metadata::read(&dom, &page, None);
    let around = Surroundings::new(&dom, &page);
    let mut table = features::first(&dom, &metadata, &around);
    if let Some(scores) = scores {
        if scores.len() != page.passages.len() {
            let wanted = page.passages.len();
            return Err(crate::Error::Usage(format!("{name}: give {wanted} scores, not {}", scores.len())));
        }
        table = features::second(table, &around, scores);
    }
    let passages = page.passages.iter().map(|p| page.text_of(p).to_owned()).collect();
    let rows = table.by_rows();
    Ok(Lesson { passages, names: table.names, rows })
}

/// What the whole decision makes of a page when its passages have these scores: what training measures on sites that
/// the scores' trees have not seen. `scores` is asked for those of the first round and of both rounds together, by the
/// number of passages.
///
/// # Errors
///
/// As [`super::find`]; [`crate::Error::Usage`] when there is not one score of each round a passage.
pub fn decide(
    html: &str,
    name: &str,
    limits: &Limits,
    scores: impl FnOnce(usize) -> (Vec<f32>, Vec<f32>),
) -> Result<Found> {
    find_by(html, &FindOptions::new(name, limits), |passages| {
        let (first, both) = scores(passages);
        if first.len() != passages || both.len() != passages {
            let given = first.len().min(both.len());
            return Err(crate::Error::Usage(format!("{name}: give {passages} scores of each round, not {given}")));
        }
        Ok(Scores { first, both })
    })
}

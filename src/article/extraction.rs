//! An article with what was left out of it.

use serde::Serialize;

use super::model::Article;
use crate::clean::{Receipt, Removal};

/// An article, and what of its page is not in it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Extraction {
    /// The article.
    pub article: Article,
    /// What was left out, in the order of the page; nothing where the page was an article already.
    pub removed: Vec<Removal>,
    /// What was to be kept of the first page and is not in the article all the same: one sentence each.
    pub lost: Vec<String>,
    /// The same as `removed` of each further page that the article was read from.
    pub further: Vec<FurtherPage>,
}

impl Extraction {
    /// An article of which nobody asks, or can tell, what was left out.
    pub fn of(article: Article) -> Self {
        Self { article, ..Self::default() }
    }
}

/// What of one further page of an article is not in it.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct FurtherPage {
    /// Its address.
    pub source: String,
    /// What was left out, in the order of the page, then what an earlier page had said already.
    pub removed: Vec<Removal>,
    /// Removals that are not listed, because there were more than [`Receipt::MOST`].
    #[serde(skip_serializing_if = "is_zero")]
    pub removed_unlisted: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl FurtherPage {
    pub(super) fn new(source: String, mut removed: Vec<Removal>) -> Self {
        let removed_unlisted = removed.len().saturating_sub(Receipt::MOST) as u64;
        removed.truncate(Receipt::MOST);
        Self { source, removed, removed_unlisted }
    }
}

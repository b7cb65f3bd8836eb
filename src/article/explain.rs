//! How an article was found, for people to read.

use super::model::Article;
use crate::clean::Removal;

/// An article and how it was found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Found {
    /// The article.
    pub article: Article,
    /// Each passage of the page with its score.
    pub explain: Explain,
    /// What of the page is not in the article, and why.
    pub removed: Vec<Removal>,
    /// What was to be kept and is not in the article all the same: one sentence each, none when all is well.
    pub lost: Vec<String>,
}

/// How each passage of the page was judged, in page order. Printed, it is what `--explain` shows.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Explain {
    /// The passages.
    pub passages: Vec<Judged>,
}

/// A passage with its verdict.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Judged {
    /// Its text, cut short.
    pub text: String,
    /// Elements around it, outermost last.
    pub path: String,
    /// How sure it is that the passage belongs to the article, 0 to 1.
    pub score: f32,
    /// Whether it was kept.
    pub kept: bool,
    /// What spoke for and against.
    pub reasons: Vec<String>,
}

impl std::fmt::Display for Explain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for judged in &self.passages {
            let verdict = if judged.kept { "keep" } else { "drop" };
            writeln!(f, "{verdict} {:.2}  {}", judged.score, judged.text)?;
            writeln!(f, "           {}", judged.path)?;
            if !judged.reasons.is_empty() {
                writeln!(f, "           {}", judged.reasons.join(", "))?;
            }
        }
        Ok(())
    }
}

//! What was removed from a page and why, what was kept, and what was lost.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The account of one page. It never grows past a bound: of removals beyond [`Receipt::MOST`] only the sums are kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Receipt {
    /// The page: path or address as the user gave it.
    pub source: String,
    /// Title of the page as written out.
    pub title: String,
    /// Language of the page as written out: a BCP 47 tag.
    pub lang: String,
    /// What was taken out, in the order of the page.
    pub removed: Vec<Removal>,
    /// Removals that are not listed, because there were more than [`Receipt::MOST`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub removed_unlisted: u64,
    /// Elements that a rule hit by mistake: they hold the headline or the text, and were kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spared: Vec<Removal>,
    /// Pictures for which the page has neither a description nor a caption.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub images_without_description: u64,
    /// What the page as written out holds.
    pub kept: Kept,
    /// What was neither removed by a rule nor kept (EN 301 549 v3.2.1, 5.4): empty when all is well. One sentence each.
    pub lost: Vec<String>,
}

/// For people: a line for each reason with how much went, then what was kept and what was lost.
impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reasons: Vec<(&str, u64, u64)> = Vec::new();
        for removal in &self.removed {
            match reasons.iter_mut().find(|(rule, ..)| *rule == removal.rule) {
                Some((_, elements, words)) => {
                    *elements += 1;
                    *words += removal.words;
                }
                None => reasons.push((&removal.rule, 1, removal.words)),
            }
        }
        for (rule, elements, words) in reasons {
            writeln!(f, "removed {elements} × {rule} ({words} words)")?;
        }
        if self.removed_unlisted > 0 {
            writeln!(f, "removed {} more elements, not listed", self.removed_unlisted)?;
        }
        for spared in &self.spared {
            writeln!(f, "spared {} ({}): it holds the article", spared.selector, spared.rule)?;
        }
        let k = &self.kept;
        writeln!(
            f,
            "kept {} words, {} headings, {} links, {} images, {} tables",
            k.words, k.headings, k.links, k.images, k.tables
        )?;
        self.lost.iter().try_for_each(|loss| writeln!(f, "lost {loss}"))
    }
}

/// One element that was taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Removal {
    /// The reason: the rule's group and what it stands for.
    pub rule: String,
    /// What matched, as a CSS selector.
    pub selector: String,
    /// The element's name.
    pub element: String,
    /// Where it starts: bytes from the start of the page after decoding.
    pub offset: u64,
    /// Words of text in it.
    pub words: u64,
    /// Bytes of the page from its start to its end.
    pub bytes: u64,
}

/// Counts of what a page holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Kept {
    /// Words of text.
    pub words: u64,
    /// Headings.
    pub headings: u64,
    /// Links.
    pub links: u64,
    /// Pictures.
    pub images: u64,
    /// Tables of data.
    pub tables: u64,
}

impl Receipt {
    /// Removals listed at most.
    pub const MOST: usize = 2_000;

    /// Adds a removal, or counts it where the list is full.
    pub fn remove(&mut self, removal: Removal) {
        if self.removed.len() < Self::MOST {
            self.removed.push(removal);
        } else {
            self.removed_unlisted += 1;
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

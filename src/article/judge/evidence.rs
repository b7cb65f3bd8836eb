//! What speaks against a passage by itself, whatever its score: link density, set phrases, the names of what it stands
//! in. Inside the article's container a passage without any of it stays.

use crate::article::hints;
use crate::article::passage::{Flow, Page, Passage, flow};
use crate::article::words::PHRASES;
use crate::html::dom::{Dom, NodeId};
use std::sync::LazyLock;

/// From this share of links on a passage is a list of links, not text with some.
const LINKED: f32 = 0.5;

/// A longer passage is text, whatever it says.
const SHORT: u32 = 20;

/// Names of what is foreign to an article it stands in.
const FOREIGN: [&str; 17] = [
    "c.share",
    "c.comment",
    "c.related",
    "c.promo",
    "c.newsletter",
    "c.nav",
    "c.footer",
    "c.sidebar",
    "c.login",
    "c.modal",
    "c.tags",
    "c.author",
    "t.aside",
    "t.nav",
    "t.footer",
    "t.form",
    "a.hidden",
];

/// Places of which the text says nothing of where the article is.
const FURNITURE: [&str; 5] = ["t.footer", "t.aside", "t.nav", "c.footer", "c.nav"];

const CAPTIONS: [&str; 3] = ["c.caption", "t.figcaption", "t.figure"];

/// Set phrases of what stands around an article.
const AROUND: [&str; 11] =
    ["share", "related", "subscribe", "comment", "tags", "advert", "login", "more", "vote", "copyright", "cookie"];

fn places(names: &[&str]) -> Vec<usize> {
    hints::names().enumerate().filter(|(_, name)| names.contains(name)).map(|(n, _)| n).collect()
}

static FOREIGN_AT: LazyLock<Vec<usize>> = LazyLock::new(|| places(&FOREIGN));
static FURNITURE_AT: LazyLock<Vec<usize>> = LazyLock::new(|| places(&FURNITURE));
static CAPTIONS_AT: LazyLock<Vec<usize>> = LazyLock::new(|| places(&CAPTIONS));
static AROUND_BITS: LazyLock<u32> = LazyLock::new(|| {
    PHRASES.iter().enumerate().filter(|(_, (name, _))| AROUND.contains(name)).fold(0, |bits, (n, _)| bits | 1 << n)
});

/// How much of a passage's text is links, 0 to 1.
pub(super) fn link_density(passage: &Passage) -> f32 {
    passage.linked as f32 / (passage.end - passage.start).max(1) as f32
}

pub(super) fn is_linked(passage: &Passage) -> bool {
    link_density(passage) > LINKED
}

/// Whether it says little but what stands around articles: «Читайте также», "Share this".
pub(super) fn is_phrase(passage: &Passage) -> bool {
    let stats = &passage.stats;
    stats.words <= SHORT && stats.phrases & *AROUND_BITS != 0 && stats.phrase_words * 4 > stats.words
}

/// Whether it says whose a picture is: it begins with «Фото», "Photo" and goes on with a colon or a name, no sentence.
pub(super) fn is_credit(passage: &Passage) -> bool {
    static PHOTO: LazyLock<u32> =
        LazyLock::new(|| PHRASES.iter().position(|(name, _)| *name == "photo").map_or(0, |kind| 1 << kind));
    let stats = &passage.stats;
    stats.starts_with & *PHOTO != 0 && (2..=8).contains(&stats.words) && !stats.ends && stats.stop == 0
}

/// Whether there is anything to read in it.
pub(super) fn says_something(passage: &Passage) -> bool {
    passage.stats.letters + passage.stats.digits > 0
}

fn within(page: &Page, passage: &Passage, kinds: &[usize], blocks: u8) -> bool {
    let distances = &page.hints_of(passage).0;
    kinds.iter().any(|&kind| (1..=blocks).contains(&distances[kind]))
}

/// Whether something foreign stands around it within so many blocks.
pub(super) fn is_foreign(page: &Page, passage: &Passage, blocks: u8) -> bool {
    within(page, passage, &FOREIGN_AT, blocks)
}

pub(super) fn is_furniture(page: &Page, passage: &Passage, blocks: u8) -> bool {
    within(page, passage, &FURNITURE_AT, blocks)
}

pub(super) fn is_caption(page: &Page, passage: &Passage, blocks: u8) -> bool {
    within(page, passage, &CAPTIONS_AT, blocks)
}

/// How many blocks lie between a passage and a container of it, the passage's own counted: as hints count.
pub(super) fn blocks_below(dom: &Dom, passage: &Passage, container: NodeId) -> u8 {
    dom.ancestors(passage.block)
        .take_while(|&id| id != container)
        .filter(|&id| dom.any_tag(id).is_some_and(|tag| flow(tag) == Flow::Block))
        .take(40)
        .count() as u8
}

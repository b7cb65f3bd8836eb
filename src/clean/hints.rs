//! What the class names and ids of an element say about what it holds: conventions of content management systems, not
//! of single sites. A hint takes nothing out; it is one witness among several of where an article ends.

use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;

/// What the names of an element hint at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hint(u8);

impl Hint {
    /// Text of an article.
    pub const TEXT: Self = Self(1);
    /// Something beside the article: teasers, a form, navigation, a word about the author.
    pub const BESIDE: Self = Self(2);
    /// Of that, what is no part of an article on any page: comments, the foot of the page, a consent notice.
    pub const FOREIGN: Self = Self(4);
    /// The foot of a page: imprint, copyright, contacts.
    pub const FOOT: Self = Self(8);

    /// What the page shows when asked: a tab, an answer, the rest of a text.
    pub const FOLD: Self = Self(16);
    /// The rest of something: of a text, it is a fold.
    const REST: Self = Self(32);

    /// Whether one of these is hinted at.
    pub fn has(self, hints: Self) -> bool {
        self.0 & hints.0 != 0
    }

    /// Both.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What a class attribute and an id hint at. A name that says both, such as `article-sidebar-text`, speaks for the
    /// text.
    pub fn of(class: &str, id: &str) -> Self {
        let names = class.split_ascii_whitespace().chain(Some(id).filter(|id| !id.is_empty()));
        names.map(of_name).fold(Self::default(), Self::with)
    }
}

const TEXT: &[&str] = &[
    "article",
    "articlebody",
    "body",
    "content",
    "copy",
    "detail",
    "entry",
    "intro",
    "lead",
    "main",
    "post",
    "prose",
    "rich",
    "story",
    "text",
    "wysiwyg",
];
const BESIDE: &[&str] = &[
    "aside",
    "author",
    "authors",
    "banner",
    "bio",
    "bottom",
    "breadcrumb",
    "breadcrumbs",
    "disclaimer",
    "latest",
    "legal",
    "login",
    "menu",
    "modal",
    "nav",
    "navigation",
    "newsletter",
    "overlay",
    "popular",
    "popup",
    "promo",
    "rating",
    "recent",
    "recommend",
    "recommendations",
    "share",
    "similar",
    "social",
    "subscribe",
    "subscription",
    "tags",
    "teaser",
    "teasers",
    "trending",
];
const FOREIGN: &[&str] = &[
    "comment",
    "commentlist",
    "comments",
    "consent",
    "cookie",
    "cookies",
    "disqus",
    "gdpr",
    "recommended",
    "related",
    "replies",
    "reply",
    "respond",
    "sidebar",
    "sidebars",
];
const FOOT: &[&str] = &["colophon", "copyright", "copyrights", "foot", "footer", "ftr", "impressum", "imprint"];

const FOLD: &[&str] = &[
    "accordion",
    "answer",
    "answers",
    "collapse",
    "collapsible",
    "expand",
    "expandable",
    "faq",
    "otvet",
    "pane",
    "readmore",
    "spoiler",
    "tab",
    "tabcontent",
    "tabpanel",
    "tabs",
    "toggle",
];
const REST: &[&str] = &["extra", "full", "hidden", "more", "rest"];

/// No word of the lists is longer.
const LONGEST: usize = 16;

/// What one name hints at. Its words are parted by what is no letter, and by capitals.
fn of_name(name: &str) -> Hint {
    let mut hint = Hint::default();
    let mut word = [0; LONGEST];
    let mut length = 0;
    let mut small = false;
    for byte in name.bytes().chain(Some(b' ')) {
        if (!byte.is_ascii_alphabetic() || byte.is_ascii_uppercase() && small) && length > 0 {
            hint = hint.with(of_word(word.get(..length).unwrap_or_default()));
            length = 0;
        }
        small = byte.is_ascii_lowercase();
        if byte.is_ascii_alphabetic() {
            if let Some(place) = word.get_mut(length) {
                *place = byte.to_ascii_lowercase();
            }
            length += 1;
        }
    }
    let folds = hint.has(Hint::FOLD) || hint.has(Hint::REST) && hint.has(Hint::TEXT);
    let hint = if hint.has(Hint::TEXT) { Hint::TEXT } else { Hint(hint.0 & !Hint::REST.0) };
    if folds { hint.with(Hint::FOLD) } else { hint }
}

fn of_word(word: &[u8]) -> Hint {
    let within = |list: &[&str]| list.iter().any(|listed| listed.as_bytes() == word);
    if within(TEXT) {
        Hint::TEXT
    } else if within(FOOT) {
        Hint::FOOT.with(Hint::FOREIGN).with(Hint::BESIDE)
    } else if within(FOREIGN) {
        Hint::FOREIGN.with(Hint::BESIDE)
    } else if within(BESIDE) {
        Hint::BESIDE
    } else if within(FOLD) {
        Hint::FOLD
    } else if within(REST) {
        Hint::REST
    } else {
        Hint::default()
    }
}

/// Class attributes remembered; one that falls on another's place replaces it.
const PLACES: usize = 256;

/// What a page's class names hint at: a page has many elements and few different ones.
#[derive(Debug)]
pub(crate) struct Hints {
    /// Hashes of names, and what they hint at.
    places: Box<[(u64, Hint); PLACES]>,
    hasher: RandomState,
}

impl Default for Hints {
    fn default() -> Self {
        Self { places: Box::new([(0, Hint::default()); PLACES]), hasher: RandomState::default() }
    }
}

impl Hints {
    /// As [`Hint::of`]; and a number that elements of the same class share.
    pub(crate) fn of(&mut self, class: &str, id: &str) -> (Hint, u32) {
        if class.is_empty() && id.is_empty() {
            return Default::default();
        }
        let look = if class.is_empty() { 0 } else { self.hasher.hash_one(class) | 1 };
        let hash = if id.is_empty() { look } else { self.hasher.hash_one((look, id)) | 1 };
        let known = &mut self.places[hash as usize / 2 % PLACES];
        if known.0 != hash {
            *known = (hash, Hint::of(class, id));
        }
        (known.1, (look >> 32) as u32 | u32::from(look != 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hint_by_their_words() {
        for (class, id, hint) in [
            ("news-comments", "", Hint::FOREIGN.with(Hint::BESIDE)),
            ("commentText", "", Hint::TEXT),
            ("footerBlock", "", Hint::FOOT.with(Hint::FOREIGN).with(Hint::BESIDE)),
            ("col-8", "sidebar_2", Hint::FOREIGN.with(Hint::BESIDE)),
            ("article-text", "", Hint::TEXT),
            ("contextual shareholder", "", Hint::default()),
            ("faq-a", "", Hint::FOLD),
            ("more-text", "", Hint::TEXT.with(Hint::FOLD)),
            ("more-news", "", Hint::default()),
            ("", "", Hint::default()),
            ("popularnewsoftheweekandmonth", "", Hint::default()),
        ] {
            assert_eq!(Hint::of(class, id), hint, "{class} {id}");
            let mut hints = Hints::default();
            assert_eq!((hints.of(class, id).0, hints.of(class, id).0), (hint, hint), "{class} {id}");
        }
    }

    #[test]
    fn elements_of_a_class_share_a_number_whatever_their_ids() {
        let mut hints = Hints::default();
        assert_eq!(hints.of("card", "a").1, hints.of("card", "b").1);
        assert_ne!(hints.of("card", "").1, hints.of("deck", "").1);
        assert_eq!(hints.of("", "a").1, 0);
    }
}

//! What speaks against an answer, in sentences for people.

use crate::phrases::Phrases;

/// Below this confidence a person should look at the article before it is used.
pub const DOUBTFUL: f32 = 0.7;

/// What speaks against an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// The page is unlike any that the finder knows: the answer is what stands below the headline.
    Unknown,
    /// Nothing on the page shows the headline.
    NoHeadline,
    /// Much that reads like an article stands elsewhere on the page.
    Alike,
    /// The answer is so small a part of the page's text.
    SmallPart {
        /// Of the page's text.
        percent: u8,
    },
    /// The page shows no article, and its description for machines holds the text.
    Declared,
    /// The page shows its article only where scripts are off.
    NoScript,
}

impl Doubt {
    /// The doubt as a sentence of a language.
    pub(super) fn in_words(self, lang: &str) -> String {
        let phrases = &Phrases::of(lang).doubts;
        match self {
            Self::Unknown => phrases.unknown.to_owned(),
            Self::NoHeadline => phrases.no_headline.to_owned(),
            Self::Alike => phrases.alike.to_owned(),
            Self::SmallPart { percent } => phrases.small_part.replace("{}", &percent.to_string()),
            Self::Declared => phrases.declared.to_owned(),
            Self::NoScript => phrases.unscripted.to_owned(),
        }
    }
}

//! The article as a tree of blocks and inlines: what a careful editor would mark up by hand, and nothing of the page
//! around it.
//!
//! The model is the contract between finding ([`super::find()`]), the exports and typesetting, and it is what Article
//! JSON holds: `json → model → json` is the identity.

mod contents;
mod pictures;
mod typography;

use serde::{Deserialize, Serialize};

pub(crate) use pictures::is_file_name;

/// An article with its metadata and its body.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Article {
    /// The headline, without the name of the site.
    pub title: String,
    /// The standfirst that the page shows below the headline. It stands here and not in `blocks`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deck: Option<String>,
    /// Authors in the order of the page, one name each, without «Автор:» or "By".
    pub byline: Vec<String>,
    /// When it was published: RFC 3339, or a calendar date where the page gives no time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// When it was last changed, as [`Article::date`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// Language of the text: a BCP 47 tag, `und` where it cannot be told.
    pub lang: String,
    /// Name of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Section or rubric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Canonical address, else the address the page was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// How sure it is that this is the article and all of it, 0 to 1; none where nothing had to be found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// What speaks against that, each a sentence, in the article's language where that is Russian, else in English.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
    /// The picture that stands for the article; it may stand in `blocks` too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_image: Option<Image>,
    /// The body, without the headline, deck, byline and date.
    pub blocks: Vec<Block>,
}

/// A piece of the body that starts on a line of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Block {
    /// A subheading; `level` is 2 to 6, since the headline is level 1.
    Heading {
        /// 2 to 6.
        level: u8,
        /// Its text.
        content: Vec<Inline>,
    },
    /// A paragraph. `lang` is set where it differs from the article's.
    Paragraph {
        /// Its text.
        content: Vec<Inline>,
        /// BCP 47 tag.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lang: Option<String>,
    },
    /// A list; `start` is the first number of an ordered one.
    List {
        /// Numbered, not bulleted.
        ordered: bool,
        /// The first number where it is not 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        start: Option<i32>,
        /// How the numbers of an ordered one are written.
        #[serde(default, skip_serializing_if = "NumberStyle::is_decimal")]
        style: NumberStyle,
        /// The number of each item where they do not simply go up by one: counted down, or with gaps.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        numbers: Vec<i32>,
        /// Its items, each one or more blocks.
        items: Vec<Vec<Block>>,
    },
    /// Terms with what is said of them: contacts, opening hours, a glossary.
    Definitions {
        /// In the order of the page.
        items: Vec<Definition>,
    },
    /// A quotation in a block of its own, with its source where named.
    Quote {
        /// What is quoted.
        blocks: Vec<Block>,
        /// Who or what is quoted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        cite: Vec<Inline>,
    },
    /// What the page shows only when asked to, below the words that ask.
    Details {
        /// What always shows.
        summary: Vec<Inline>,
        /// What it opens.
        blocks: Vec<Block>,
    },
    /// A picture, or several under one caption.
    Figure {
        /// The pictures, at least one.
        images: Vec<Image>,
        /// Caption.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        caption: Vec<Inline>,
        /// Who made the picture.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credit: Option<String>,
    },
    /// A table of data; tables for layout are taken apart before they get here.
    Table(Table),
    /// Text whose spaces and line breaks count: code, verse.
    Preformatted {
        /// The text with its line breaks.
        text: String,
        /// Set in a monospaced face: code and program output.
        code: bool,
    },
    /// Something that lives elsewhere (a video, a post), as text and a link.
    Embed {
        /// What it is.
        title: String,
        /// Where it is.
        url: String,
    },
    /// Notes that the text refers to with [`Inline::NoteRef`].
    Notes {
        /// In the order of their marks.
        notes: Vec<Note>,
    },
    /// A break between parts of the text.
    Rule,
}

/// Terms and what is said of them together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Definition {
    /// One term, or several that mean the same.
    pub terms: Vec<Vec<Inline>>,
    /// What is said of them, each one or more blocks.
    pub definitions: Vec<Vec<Block>>,
}

/// A footnote or endnote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Note {
    /// Unique in the article; [`Inline::NoteRef`] names it.
    pub id: String,
    /// The mark as the page shows it: `1`, `*`.
    pub label: String,
    /// The note.
    pub blocks: Vec<Block>,
}

/// A table of data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Table {
    /// Caption.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caption: Vec<Inline>,
    /// Rows from the top; the first `header_rows` are repeated on every page.
    pub rows: Vec<Vec<Cell>>,
    /// How many of the first rows are header rows.
    #[serde(default)]
    pub header_rows: usize,
}

/// A cell of a [`Table`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cell {
    /// What stands in it.
    pub blocks: Vec<Block>,
    /// Whether it heads its column or row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<Scope>,
    /// Columns it spans, at least 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub colspan: u16,
    /// Rows it spans, at least 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub rowspan: u16,
}

/// What a header cell heads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The column below it.
    Column,
    /// The row beside it.
    Row,
}

/// A picture by its address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Image {
    /// Absolute address, a path relative to the page, or a `data:` address; lazy sources are resolved.
    pub src: String,
    /// The source's description. `None`: the page gives none. `Some("")`: the page says it is decoration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// Width and height in pixels where the page says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<(u32, u32)>,
    /// What the source says about the picture beside its description, where that is no caption of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Caption, only for [`Article::lead_image`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

/// A piece of running text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Inline {
    /// Characters; white space is collapsed, non-breaking spaces are kept.
    Text(String),
    /// Stressed: usually italic.
    Emphasis(Vec<Inline>),
    /// Important: usually bold.
    Strong(Vec<Inline>),
    /// Code within a line.
    Code(String),
    /// Raised.
    Superscript(Vec<Inline>),
    /// Lowered.
    Subscript(Vec<Inline>),
    /// Struck out: no longer valid.
    Deleted(Vec<Inline>),
    /// A link to an absolute address, or to `#id` within the article.
    Link {
        /// Where it leads.
        href: String,
        /// Its text.
        content: Vec<Inline>,
    },
    /// A passage in another language.
    Lang {
        /// BCP 47 tag.
        lang: String,
        /// The passage.
        content: Vec<Inline>,
    },
    /// A reference to a [`Note`].
    NoteRef {
        /// [`Note::id`].
        note: String,
        /// The mark in the text.
        label: String,
    },
    /// A small picture within a line (a sign, a formula).
    Image(Image),
    /// A short form, with what it stands for.
    Abbreviation {
        /// What it stands for.
        title: String,
        /// The short form.
        content: Vec<Inline>,
    },
    /// Words with their reading beside them, as Chinese and Japanese set it.
    Ruby {
        /// The reading.
        text: String,
        /// The words.
        content: Vec<Inline>,
    },
    /// A formula, told in one line: `(a + b)/c`, `√x`.
    Math(Vec<Inline>),
    /// Whether the item or line that it begins is done.
    Check(bool),
    /// A place that a link within the article leads to, by its `#id`.
    Anchor(String),
    /// A line break that matters: verse, addresses.
    Break,
}

impl Inline {
    /// The inlines within it.
    pub fn content(&self) -> &[Inline] {
        match self {
            Self::Emphasis(content)
            | Self::Strong(content)
            | Self::Superscript(content)
            | Self::Subscript(content)
            | Self::Deleted(content)
            | Self::Math(content)
            | Self::Link { content, .. }
            | Self::Lang { content, .. }
            | Self::Abbreviation { content, .. }
            | Self::Ruby { content, .. } => content,
            Self::Text(_)
            | Self::Code(_)
            | Self::NoteRef { .. }
            | Self::Image(_)
            | Self::Check(_)
            | Self::Anchor(_)
            | Self::Break => &[],
        }
    }

    /// As [`Inline::content`], to change them; `None` where it holds none.
    pub fn content_mut(&mut self) -> Option<&mut Vec<Inline>> {
        match self {
            Self::Emphasis(content)
            | Self::Strong(content)
            | Self::Superscript(content)
            | Self::Subscript(content)
            | Self::Deleted(content)
            | Self::Math(content)
            | Self::Link { content, .. }
            | Self::Lang { content, .. }
            | Self::Abbreviation { content, .. }
            | Self::Ruby { content, .. } => Some(content),
            Self::Text(_)
            | Self::Code(_)
            | Self::NoteRef { .. }
            | Self::Image(_)
            | Self::Check(_)
            | Self::Anchor(_)
            | Self::Break => None,
        }
    }
}

/// How the numbers of a list are written: the kinds that HTML knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberStyle {
    /// 1, 2, 3.
    #[default]
    Decimal,
    /// a, b, c.
    LowerAlpha,
    /// A, B, C.
    UpperAlpha,
    /// i, ii, iii.
    LowerRoman,
    /// I, II, III.
    UpperRoman,
}

impl NumberStyle {
    /// The style that the `type` of an HTML list names; `None` for the usual one.
    pub fn of_type(value: &str) -> Option<Self> {
        Some(match value {
            "a" => Self::LowerAlpha,
            "A" => Self::UpperAlpha,
            "i" => Self::LowerRoman,
            "I" => Self::UpperRoman,
            _ => return None,
        })
    }

    /// The `type` of an HTML list; `None` for the usual one.
    pub fn as_type(self) -> Option<&'static str> {
        match self {
            Self::Decimal => None,
            Self::LowerAlpha => Some("a"),
            Self::UpperAlpha => Some("A"),
            Self::LowerRoman => Some("i"),
            Self::UpperRoman => Some("I"),
        }
    }

    fn is_decimal(&self) -> bool {
        *self == Self::Decimal
    }

    /// A number in this style. What it has no sign for, nothing and less, and Roman numbers from 4000 on, is written in
    /// digits, as browsers do.
    pub fn write(self, number: i32) -> String {
        let positive = u32::try_from(number).ok().filter(|n| *n > 0);
        match (self, positive) {
            (Self::LowerAlpha, Some(n)) => alphabetic(n, b'a'),
            (Self::UpperAlpha, Some(n)) => alphabetic(n, b'A'),
            (Self::LowerRoman, Some(n @ ..4000)) => roman(n).to_ascii_lowercase(),
            (Self::UpperRoman, Some(n @ ..4000)) => roman(n),
            _ => number.to_string(),
        }
    }
}

/// a to z, aa to zz and so on.
fn alphabetic(mut number: u32, first: u8) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        number -= 1;
        letters.push(char::from(first + (number % 26) as u8));
        number /= 26;
    }
    letters.iter().rev().collect()
}

fn roman(mut number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while number >= value {
            out.push_str(sign);
            number -= value;
        }
    }
    out
}

/// What stands before each item of an ordered list: `1.`, `b.`, `IX.`.
pub(crate) fn labels(start: Option<i32>, style: NumberStyle, numbers: &[i32], items: usize) -> Vec<String> {
    let first = i64::from(start.unwrap_or(1));
    let number = |n: usize| numbers.get(n).copied().unwrap_or_else(|| saturated(first + n as i64));
    (0..items).map(|n| format!("{}.", style.write(number(n)))).collect()
}

fn saturated(number: i64) -> i32 {
    number.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

fn one() -> u16 {
    1
}

fn is_one(n: &u16) -> bool {
    *n == 1
}

#[cfg(test)]
mod tests {
    use super::{NumberStyle, labels};

    #[test]
    fn numbers_are_written_as_browsers_write_them() {
        let all = [1, 2, 26, 27, 703].map(|n| NumberStyle::LowerAlpha.write(n));
        assert_eq!(all, ["a", "b", "z", "aa", "aaa"]);
        let all = [1, 4, 9, 1998, 3999, 4000, 0, -3].map(|n| NumberStyle::UpperRoman.write(n));
        assert_eq!(all, ["I", "IV", "IX", "MCMXCVIII", "MMMCMXCIX", "4000", "0", "-3"]);
        assert_eq!(labels(Some(3), NumberStyle::UpperAlpha, &[], 2), ["C.", "D."]);
        assert_eq!(labels(None, NumberStyle::Decimal, &[3, 2, 1], 3), ["3.", "2.", "1."]);
        assert_eq!(labels(Some(i32::MAX), NumberStyle::Decimal, &[], 2), ["2147483647.", "2147483647."]);
    }
}

//! What a text says and holds, so that two forms of it can be held against each other.

use std::collections::HashMap;

use super::{Kept, Receipt, Removal};

/// Words and counts of an article, or of what was made of it. A count is `None` where this form cannot tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inventory {
    /// All that it says.
    pub text: String,
    /// Headings, the headline among them.
    pub headings: Option<u64>,
    /// Links.
    pub links: Option<u64>,
    /// Pictures.
    pub images: Option<u64>,
    /// Tables of data.
    pub tables: Option<u64>,
    /// Pictures without a description.
    pub without_description: u64,
}

/// Letters of scripts that put no space between words.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

impl Inventory {
    /// Adds text.
    pub fn add(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Runs of letters and digits in their order; an ideograph is a word, since a line may end after any. What may break a
    /// word is none of it.
    fn sequence(&self) -> Vec<String> {
        let whole: String = self.text.chars().filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}')).collect();
        let mut words = Vec::new();
        for run in whole.split(|c: char| !c.is_alphanumeric()) {
            let mut from = 0;
            for (at, c) in run.char_indices().filter(|(_, c)| is_ideograph(*c)) {
                if from < at {
                    words.push(run[from..at].to_lowercase());
                }
                from = at + c.len_utf8();
                words.push(run[at..from].to_lowercase());
            }
            if from < run.len() {
                words.push(run[from..].to_lowercase());
            }
        }
        words
    }

    /// How often it says each of its words.
    fn words(&self) -> HashMap<String, u64> {
        count(&self.sequence())
    }

    /// Letters and digits alone.
    fn run_together(&self) -> String {
        self.text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    }

    fn kept(&self) -> Kept {
        Kept {
            words: self.words().values().sum(),
            headings: self.headings.unwrap_or_default(),
            links: self.links.unwrap_or_default(),
            images: self.images.unwrap_or_default(),
            tables: self.tables.unwrap_or_default(),
        }
    }
}

fn count(words: &[String]) -> HashMap<String, u64> {
    let mut counts = HashMap::with_capacity(words.len());
    words.iter().for_each(|word| *counts.entry(word.clone()).or_default() += 1);
    counts
}

/// Letters of a word that is found again where something has parted it: shorter ones stand within others.
const PARTED: usize = 6;

/// Words that a sentence about a loss names.
const NAMED: usize = 12;

impl Receipt {
    /// The account of an article: what of its page is not in it, what was made of it, and what of it was lost there.
    pub fn of_article(removed: Vec<Removal>, article: &Inventory, made: &Inventory) -> Self {
        let mut receipt =
            Self { kept: made.kept(), images_without_description: article.without_description, ..Self::default() };
        removed.into_iter().for_each(|removal| receipt.remove(removal));
        receipt.lost = lost_words(article, made, "the article");
        for (what, wanted, there) in [
            ("headings", article.headings, made.headings),
            ("links", article.links, made.links),
            ("images", article.images, made.images),
            ("tables", article.tables, made.tables),
        ] {
            if let (Some(all), Some(there)) = (wanted, there)
                && there < all
            {
                receipt.lost.push(format!("{} of {all} {what} of the article are not there", all - there));
            }
        }
        receipt
    }
}

/// Words that one form has and another, made of it, has not, and those that run together there: a sentence each. `whole`
/// is what the first form is called.
pub(crate) fn lost_words(form: &Inventory, made: &Inventory, whole: &str) -> Vec<String> {
    let sequence = form.sequence();
    let (wanted, there) = (count(&sequence), made.words());
    let together = made.run_together();
    let glued = glued(&sequence, &wanted, &there);
    let mut in_glued: HashMap<&str, u64> = HashMap::new();
    for (parts, n) in glued.values() {
        parts.iter().for_each(|part| *in_glued.entry(part.as_str()).or_default() += n);
    }
    let missing = |(word, n): (&String, &u64)| {
        let found = there.get(word).copied().unwrap_or_default() + in_glued.get(word.as_str()).copied().unwrap_or(0);
        let missing = n.saturating_sub(found);
        // Links that touch are parted on a page, and a line may end within a word.
        let parted = || word.chars().count() >= PARTED && together.matches(word.as_str()).count() as u64 >= *n;
        (missing > 0 && !parted()).then(|| (word.clone(), missing))
    };
    let mut lost: Vec<_> = wanted.iter().filter_map(missing).collect();
    let all: u64 = wanted.values().sum();
    let mut said = Vec::new();
    if !lost.is_empty() {
        lost.sort();
        let named: Vec<_> = lost.iter().take(NAMED).map(|(word, _)| word.as_str()).collect();
        let gone = lost.iter().map(|(_, n)| n).sum::<u64>();
        said.push(format!("{gone} of {all} words of {whole} are not there: {}", named.join(" ")));
    }
    if !glued.is_empty() {
        let mut named: Vec<_> = glued.keys().copied().collect();
        named.sort_unstable();
        named.truncate(NAMED);
        let words: u64 = glued.values().map(|(parts, n)| parts.len() as u64 * n).sum();
        said.push(format!("{words} of {all} words of {whole} run together: {}", named.join(" ")));
    }
    said
}

/// Words that are new in what was made and are two or three that follow each other where it was made of: the words that
/// each is of, and how often it stands there.
fn glued<'a>(
    sequence: &'a [String],
    wanted: &HashMap<String, u64>,
    there: &'a HashMap<String, u64>,
) -> HashMap<&'a str, (&'a [String], u64)> {
    let strange: HashMap<&str, u64> =
        there.iter().filter(|(word, _)| !wanted.contains_key(*word)).map(|(word, n)| (word.as_str(), *n)).collect();
    let mut glued = HashMap::new();
    if strange.is_empty() {
        return glued;
    }
    for size in [2, 3] {
        for parts in sequence.windows(size) {
            let lacks = |part: &String| there.get(part).copied().unwrap_or(0) < wanted.get(part).copied().unwrap_or(0);
            if let Some((word, n)) = strange.get_key_value(parts.concat().as_str())
                && parts.iter().any(lacks)
            {
                glued.insert(*word, (parts, *n));
            }
        }
    }
    glued
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_end_after_any_ideograph() {
        let article = Inventory { text: "2024年航天合作论坛 WebAssembly".into(), ..Inventory::default() };
        let made = Inventory { text: "2024年航\n天合\n作论坛\nWebAssembly".into(), ..Inventory::default() };
        assert!(Receipt::of_article(Vec::new(), &article, &made).lost.is_empty());
        let made = Inventory { text: "2024年航天合论坛 WebAssembly".into(), ..Inventory::default() };
        assert_eq!(Receipt::of_article(Vec::new(), &article, &made).lost.len(), 1);
    }

    #[test]
    fn a_word_that_is_parted_is_there() {
        let article = Inventory { text: "research".to_owned() + "shows: the cat", ..Inventory::default() };
        let made = Inventory { text: "research shows: the".into(), ..Inventory::default() };
        let lost = Receipt::of_article(Vec::new(), &article, &made).lost;
        assert_eq!(lost, ["1 of 3 words of the article are not there: cat"]);
    }

    #[test]
    fn words_that_run_together_are_lost() {
        let article = Inventory {
            text: "Там Глеб Оршанский и Римма Ладейкина, 7 км".into(), ..Inventory::default()
        };
        let made = Inventory {
            text: "Там ГлебОршанский и Римма Ладейкина, 7км".into(), ..Inventory::default()
        };
        let lost = Receipt::of_article(Vec::new(), &article, &made).lost;
        assert_eq!(lost, ["4 of 8 words of the article run together: 7км глеборшанский"]);
        // What is added to the article (the number of an item) is no words of it run together.
        let article = Inventory { text: "i ii".into(), ..Inventory::default() };
        let made = Inventory { text: "III. i ii".into(), ..Inventory::default() };
        assert_eq!(lost_words(&article, &made, "the article"), [""; 0]);
        // A word of the article is no two others.
        let article = Inventory { text: "Паром под паром, Пар ом".into(), ..Inventory::default() };
        assert_eq!(lost_words(&article, &article, "the article"), [""; 0]);
    }

    #[test]
    fn what_is_not_there_is_lost() {
        let article =
            Inventory {
                text: "Мост открыт, мост!".into(), links: Some(2), tables: Some(1), ..Inventory::default()
            };
        let made = Inventory {
            text: "МОСТ от\u{ad}крыт".into(), links: Some(1), tables: None, ..Inventory::default()
        };
        let receipt = Receipt::of_article(Vec::new(), &article, &made);
        assert_eq!(
            receipt.lost,
            ["1 of 3 words of the article are not there: мост", "1 of 2 links of the article are not there"]
        );
        assert_eq!(receipt.kept.words, 2);
        assert!(Receipt::of_article(Vec::new(), &article, &article).lost.is_empty());
    }
}

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

    /// Runs of letters and digits; an ideograph is a word, since a line may end after any. What may break a word is none
    /// of it.
    fn words(&self) -> HashMap<String, u64> {
        let whole: String = self.text.chars().filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}')).collect();
        let mut words = HashMap::new();
        let mut count = |word: &str| *words.entry(word.to_lowercase()).or_default() += 1;
        for run in whole.split(|c: char| !c.is_alphanumeric()) {
            let mut from = 0;
            for (at, c) in run.char_indices().filter(|(_, c)| is_ideograph(*c)) {
                if from < at {
                    count(&run[from..at]);
                }
                from = at + c.len_utf8();
                count(&run[at..from]);
            }
            if from < run.len() {
                count(&run[from..]);
            }
        }
        words
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
        let (wanted, there) = (article.words(), made.words());
        let together = made.run_together();
        let missing = |(word, n): (&String, &u64)| {
            let missing = n.saturating_sub(there.get(word).copied().unwrap_or_default());
            // Links that touch are parted on a page, and a line may end within a word.
            let parted = || word.chars().count() >= PARTED && together.matches(word.as_str()).count() as u64 >= *n;
            (missing > 0 && !parted()).then(|| (word.clone(), missing))
        };
        let mut lost: Vec<_> = wanted.iter().filter_map(missing).collect();
        if !lost.is_empty() {
            lost.sort();
            let named: Vec<_> = lost.iter().take(NAMED).map(|(word, _)| word.as_str()).collect();
            let (gone, all) = (lost.iter().map(|(_, n)| n).sum::<u64>(), wanted.values().sum::<u64>());
            receipt.lost.push(format!("{gone} of {all} words of the article are not there: {}", named.join(" ")));
        }
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

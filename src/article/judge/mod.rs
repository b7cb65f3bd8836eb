//! Judging passages: two rounds of boosted decision trees over the numbers of [`super::features`].
//!
//! The trees are data (`first.trees`, `second.trees`), learned by `tools/train/train.py` and readable line by line.
//! The first round sees a passage and its surroundings. The second also sees what the first says of the neighbours,
//! the containers and the passages made by the same template, and so finds the borders of the article.

mod doubt;
mod evidence;
mod forest;
mod region;
mod whole;

use super::doubt::Doubt;
use super::features::{self, Surroundings};
use super::hints;
use super::metadata::Metadata;
use super::passage::{Page, Passage};
use super::words::{self, PHRASES, WordStats};
use crate::html::dom::Dom;
use crate::{Error, Result};
use forest::Forest;
use region::View;
use std::sync::OnceLock;

/// How much the first round counts beside the second, on the scale of log odds.
const FIRST_SHARE: f32 = 0.5;

/// A passage is kept from this score on, or from a lower one where the whole page is unsure.
const KEEP: f32 = 0.5;
const KEEP_UNSURE: f32 = 0.35;

/// What each round says of each passage, 0 to 1.
#[derive(Default)]
pub(super) struct Scores {
    pub(super) first: Vec<f32>,
    /// Both rounds together.
    pub(super) both: Vec<f32>,
}

/// A forest that is built in, read once; the columns are the same for every page.
struct BuiltIn {
    name: &'static str,
    text: &'static str,
    forest: OnceLock<std::result::Result<Forest, String>>,
}

impl BuiltIn {
    const fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text, forest: OnceLock::new() }
    }

    /// # Errors
    ///
    /// [`Error::Input`] about the file: a program with a broken forest finds nothing, and says so.
    fn forest(&self, columns: &[&str]) -> Result<&Forest> {
        let read = self.forest.get_or_init(|| Forest::read(self.text, columns));
        let broken = |why: &String| format!("the program was built with a broken forest ({why}); build it anew");
        read.as_ref().map_err(|why| Error::input(self.name, broken(why)))
    }
}

static FIRST: BuiltIn = BuiltIn::new("first.trees", include_str!("first.trees"));
static SECOND: BuiltIn = BuiltIn::new("second.trees", include_str!("second.trees"));

/// How sure it is, for each passage, that it belongs to the article.
///
/// # Errors
///
/// Where a forest is broken.
pub(super) fn scores(dom: &Dom, page: &Page, metadata: &Metadata) -> Result<Scores> {
    if page.passages.is_empty() {
        return Ok(Scores::default());
    }
    let around = Surroundings::new(dom, page);
    let mut table = features::first(dom, metadata, &around);
    let first = FIRST.forest(&table.names)?.probabilities(&mut table);
    let mut table = features::second(table, &around, &first);
    let forest = SECOND.forest(&table.names)?;
    let log_odds = |p: f32| (p / (1.0 - p)).ln().clamp(-9.0, 9.0);
    let both: Vec<f32> = forest
        .probabilities(&mut table)
        .into_iter()
        .zip(&first)
        .map(|(second, &first)| {
            let sum = FIRST_SHARE * log_odds(first) + (1.0 - FIRST_SHARE) * log_odds(second);
            1.0 / (1.0 + (-sum).exp())
        })
        .collect();
    drop(table);
    Ok(Scores { first, both })
}

/// Which passages are the article, and how sure that is.
pub(super) struct Decision {
    pub(super) keep: Vec<bool>,
    /// 0 to 1.
    pub(super) confidence: f32,
    pub(super) doubts: Vec<Doubt>,
}

/// Decides which passages are the article: what the trees are sure of, then by the region that holds most of it.
pub(super) fn decide(dom: &Dom, page: &Page, metadata: &Metadata, scores: &Scores) -> Decision {
    let scores = &scores.both;
    let threshold = threshold(page, scores);
    let mut keep: Vec<bool> = scores.iter().map(|&score| score > threshold).collect();
    drop_above(page, metadata, &mut keep);
    whole::settle(dom, page, scores, &mut keep);
    let view = View::new(dom, page, metadata, scores);
    let region = view.region();
    let mut unknown = false;
    if let Some(region) = &region {
        unknown = view.settle(region, &mut keep);
        view.complete(region, &mut keep);
    }
    view.take_off(&mut keep);
    let (confidence, doubts) = doubt::weigh(&view, region.as_ref(), unknown, &keep);
    Decision { keep, confidence, doubts }
}

/// Kinds of set phrases that say when a page was published, in which section, and how often it was read.
const COUNTED: [&str; 3] = ["published", "tags", "readtime"];

/// Drops what stands above the text as text and is the model's own: the headline, and a line of date, section and
/// counters. Such a line is no text below it either.
fn drop_above(page: &Page, metadata: &Metadata, keep: &mut [bool]) {
    let title = words::hashes(&metadata.title);
    let kept: Vec<usize> = (0..keep.len()).filter(|&n| keep[n]).collect();
    let short = |n: &&usize| page.passages[**n].stats.words < 20;
    for &n in kept.iter().take_while(short).take(3) {
        let passage = &page.passages[n];
        let stats = &passage.stats;
        let headline = title.len() > 2 && page.words_of(passage) == title;
        let counted = said(stats, &COUNTED).count_ones() > 1;
        if headline || counted && stats.stop * 8 < stats.words && !stats.ends {
            keep[n] = false;
        }
    }
    let ends = kept.iter().take_while(short).take(3).chain(kept.iter().rev().take_while(short).take(3));
    for &n in ends {
        if is_line_of_labels(page.text_of(&page.passages[n])) {
            keep[n] = false;
        }
    }
}

/// Which of some kinds of set phrases there are.
fn said(stats: &WordStats, kinds: &[&str]) -> u32 {
    let bits = PHRASES.iter().enumerate().filter(|(_, (name, _))| kinds.contains(name)).map(|(kind, _)| 1 << kind);
    stats.phrases & bits.fold(0, |all, bit: u32| all | bit)
}

/// Whether a line says nothing but in which section and how often it was read, and perhaps when: «27 ноября 2026 года.
/// Рубрика: Культура. Просмотров: 418».
fn is_line_of_labels(text: &str) -> bool {
    let of = |part: &str| words::stats(part.trim(), &mut Vec::new());
    let counter = |label: &str| {
        let label = label.to_lowercase();
        ["view", "просмотр", "прочтени"].iter().any(|stem| label.contains(stem))
    };
    let mut filed = false;
    for part in text.split(['.', ',', ';', '|', '·', '•', '/', '\n']) {
        let stats = of(part);
        let dated = stats.words <= 5 && stats.digits > 0 && said(&stats, &["month"]) != 0;
        if stats.letters == 0 || dated {
            continue;
        }
        let (label, labelled) = match part.split_once(':') {
            Some((label, value)) => (label, of(label).words <= 3 && (1..=4).contains(&of(value).words)),
            None => (part, stats.words <= 3 && stats.digits > 0),
        };
        if !labelled || said(&of(label), &COUNTED) == 0 {
            return false;
        }
        // A line of its date alone may be the article's own.
        filed |= counter(label) || said(&of(label), &["tags"]) != 0;
    }
    filed
}

/// The score from which on keeping a passage is expected to do more good than harm to precision and recall together:
/// half of the best F1 that can be expected, which is near 1 where all is clear.
fn threshold(page: &Page, scores: &[f32]) -> f32 {
    let mut order: Vec<(f32, f32)> =
        scores.iter().zip(&page.passages).map(|(&score, p)| (score, p.stats.words as f32 + 1.0)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let expected: f32 = order.iter().map(|(score, weight)| score * weight).sum();
    let (mut right, mut taken, mut best) = (0.0, 0.0, 0.0f32);
    for (score, weight) in order {
        right += score * weight;
        taken += weight;
        best = best.max(2.0 * right / (taken + expected));
    }
    (best / 2.0).clamp(KEEP_UNSURE, KEEP)
}

/// What can be said in words about a passage: for `--explain`.
pub(super) fn reasons(page: &Page, passage: &Passage, first: f32) -> Vec<String> {
    let s = &passage.stats;
    let mut reasons = vec![format!("{} words", s.words), format!("alone {first:.2}")];
    let links = passage.linked as f32 / (passage.end - passage.start).max(1) as f32;
    if links > 0.2 {
        reasons.push(format!("links {:.0} %", links * 100.0));
    }
    if s.words > 4 && s.stop * 8 < s.words {
        reasons.push("few function words".to_owned());
    }
    for (kind, (name, _)) in PHRASES.iter().enumerate() {
        if s.phrases >> kind & 1 == 1 && s.words <= 40 {
            reasons.push(format!("says \"{name}\""));
        }
    }
    for (name, distance) in hints::names().zip(page.hints_of(passage).0) {
        // Names of elements are on the path; classes that are far say little.
        if (1..=3).contains(&distance) && !name.starts_with("t.") {
            reasons.push(format!("{} {distance} up", name.trim_start_matches("c.").trim_start_matches("a.")));
        }
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    #[test]
    fn a_line_of_labels_has_only_labels_with_their_values_dates_and_numbers() {
        for line in [
            "27 ноября 2026 года. Рубрика: Культура. Просмотров: 418",
            "Рубрика: Культура | Просмотров: 2 418",
            "Просмотров: 418",
            "20.11.2026, 09:40 · 418 просмотров",
            "Posted: November 27, 2026 | Views: 1,204",
            "Категория: Общество и культура",
        ] {
            assert!(is_line_of_labels(line), "{line}");
        }
        for text in [
            "27 ноября 2026 года",
            "Опубликовано: сегодня в 16:18",
            "",
            "418",
            "Вчера, 27 ноября, тушили пожар.",
            "Рубрика: так назывался раздел, который вёл Пётр Ильич.",
            "Просмотров: 418. Столько раз открывали эту страницу за неделю.",
            "23 ноября. В Ольховку проведён телефон.",
        ] {
            assert!(!is_line_of_labels(text), "{text}");
        }
    }

    #[test]
    fn a_line_of_section_and_counter_is_no_text_of_the_article() {
        let html = "<title>50 лет назад</title><table><tr><td>Разделы</td><td><font size=4><b>50 лет назад</b></font><br>\
            <font size=1>27 ноября 2026 года. Рубрика: Культура. Просмотров: 418</font><hr>\
            <b>О чём писала газета в последнюю неделю ноября 1976 года.</b><br><br>\
            <b>23 ноября.</b> В Ольховку проведён телефон. Первый разговор состоялся между председателем колхоза и его \
            братом, живущим через дорогу. Слышимость хорошая.<br><br>\
            <b>25 ноября.</b> Прядильщица второго цеха обслужила за смену на два станка больше нормы. На вопрос, как ей это \
            удалось, она ответила, что ей мешали меньше обычного.</td></tr></table>";
        let limits = Limits::default();
        let article = crate::article::find(html, &crate::article::FindOptions::new("page", &limits)).unwrap();
        let text = article.to_text();
        assert!(!text.contains("Просмотров") && text.contains("проведён телефон"), "{text}");
    }

    #[test]
    fn a_broken_forest_is_an_error_that_names_it() {
        let known = ["words"];
        assert!(BuiltIn::new("x.trees", "tree\nwords | 1 | 1 | 2\n= 1\n= 2\n").forest(&known).is_ok());
        for broken in ["", "tree\n", "tree\nlinks | 1 | 1 | 2\n= 1\n= 2\n", "tree\nwords | 1 | 1 | 2\n= 1\n"] {
            let error = BuiltIn::new("x.trees", broken).forest(&known).unwrap_err();
            assert!(error.to_string().starts_with("x.trees: the program was built with a broken forest"), "{error}");
        }
    }

    #[test]
    fn the_trees_know_every_number_they_ask_for() {
        let dom = Dom::parse("<h1>One</h1><p>Two words, and some more.</p>", "test", &Limits::default()).unwrap();
        let page = Page::cut(&dom);
        let metadata = Metadata::read(&dom, &page, None);
        let around = Surroundings::new(&dom, &page);
        let first = features::first(&dom, &metadata, &around);
        Forest::read(include_str!("first.trees"), &first.names).unwrap();
        let second = features::second(first, &around, &[0.5, 0.5]);
        Forest::read(include_str!("second.trees"), &second.names).unwrap();
    }
}

//! The standfirst: a sentence or two between headline and text that say what the article is about.

use super::Metadata;
use super::date::has_date;
use super::names::{after_mark, is_picture_credit};
use crate::article::convert::letters;
use crate::article::passage::{Page, Passage};
use crate::html::dom::{Dom, NodeId};
use std::ops::Range;

/// Words of the shortest and the longest; longer ones are text.
const WORDS: std::ops::RangeInclusive<u32> = 3..=75;

/// Passages between the headline and a deck: date, byline, picture with its caption.
const REACH: usize = 10;

/// Passages of one deck.
const MOST: usize = 3;

/// What templates call it.
const NAMES: [&str; 26] = [
    "deck",
    "dek",
    "standfirst",
    "subtitle",
    "subhead",
    "subheadline",
    "subheading",
    "subheader",
    "lead",
    "lede",
    "leadin",
    "leadtext",
    "lid",
    "lide",
    "anons",
    "announce",
    "announcement",
    "strapline",
    "tagline",
    "podzagolovok",
    "excerpt",
    "summary",
    "intro",
    "introtext",
    "preface",
    "zagolovok2",
];

/// The passages of the deck. `keep` says what is kept of the page.
pub(in crate::article) fn find(dom: &Dom, page: &Page, metadata: &Metadata, keep: &[bool]) -> Option<Range<usize>> {
    let headline = metadata.headline?;
    let from = page.range[headline.index()].1 as usize;
    let title = letters(&metadata.title);
    for at in from..(from + REACH).min(page.passages.len()) {
        let passage = &page.passages[at];
        if is_beside_the_text(dom, page, passage) {
            continue;
        }
        let whole = element_of(dom, page, at, headline);
        let named = whole.is_some();
        let (range, element) = whole.unwrap_or((at..at + 1, passage.block));
        // Something has to follow that it introduces.
        let follows = (range.end..page.passages.len()).take(40).any(|n| keep[n]);
        if follows
            && range.len() <= MOST
            && range.clone().all(|n| may_be(dom, page, &page.passages[n], &title))
            && WORDS.contains(&range.clone().map(|n| page.passages[n].stats.words).sum())
            && (named || is_subheading(dom, page, at, headline, keep) || is_bold_lead(dom, page, at, keep))
            && !holds_more(dom, element)
        {
            return Some(range);
        }
        // The text has begun.
        if keep[at] && passage.stats.words >= 8 {
            return None;
        }
    }
    None
}

/// Whether a passage may stand between headline and deck and be neither: a caption, a date, a name.
fn is_beside_the_text(dom: &Dom, page: &Page, passage: &Passage) -> bool {
    let text = page.text_of(passage);
    passage.stats.words == 0
        || passage.stats.words <= 8 && has_date(text)
        || passage.stats.words <= 12 && (is_picture_credit(text) || after_mark(text).is_some())
        || dom.ancestors(passage.node).take(6).any(|outer| dom.is(outer, "figure") || dom.is(outer, "figcaption"))
}

fn may_be(dom: &Dom, page: &Page, passage: &Passage, title: &str) -> bool {
    let text = page.text_of(passage);
    let own = letters(text);
    passage.links == 0
        && !(title.contains(&own) || own.contains(title) && title.len() > 12)
        && !text.ends_with(':')
        && !(passage.stats.words <= 12 && has_date(text) && !text.ends_with('.'))
        && !is_picture_credit(text)
        && !(passage.stats.words <= 12 && after_mark(text).is_some())
        && !dom.ancestors(passage.node).take(6).any(|outer| is_of_picture(dom, outer))
        && !dom.ancestors(passage.node).take(12).any(|outer| {
            ["nav", "aside", "footer", "form", "li", "table", "figure", "blockquote"]
                .iter()
                .any(|name| dom.is(outer, name))
        })
}

fn is_of_picture(dom: &Dom, id: NodeId) -> bool {
    const NAMES: [&str; 6] = ["caption", "photo", "image", "gallery", "media", "credit"];
    dom.attr(id, "class").is_some_and(|class| words_of(class).iter().any(|word| NAMES.contains(&word.as_str())))
}

/// The element around a passage that its template calls a deck, with its passages: none that holds the headline.
fn element_of(dom: &Dom, page: &Page, at: usize, headline: NodeId) -> Option<(Range<usize>, NodeId)> {
    dom.ancestors(page.passages[at].node)
        .skip(1)
        .take(5)
        .take_while(|&outer| !dom.is(outer, "body") && !dom.is(outer, "article") && !dom.is(outer, "main"))
        .filter(|&outer| is_named(dom, outer))
        .map(|outer| (page.range[outer.index()], outer))
        .find(|&((from, to), outer)| {
            from as usize == at && to as usize - at <= MOST && !dom.ancestors(headline).any(|of| of == outer)
        })
        .map(|((from, to), outer)| (from as usize..to as usize, outer))
}

fn is_named(dom: &Dom, id: NodeId) -> bool {
    let by_property = dom.attr(id, "itemprop").is_some_and(|prop| {
        ["description", "alternativeHeadline", "alternativeheadline", "abstract"].contains(&prop.trim())
    });
    by_property
        || ["class", "id"].iter().filter_map(|name| dom.attr(id, name)).any(|value| {
            words_of(value).iter().any(|word| NAMES.contains(&word.as_str()))
                // «sub-title», «lead-text» in parts of their own.
                || words_of(value).windows(2).any(|two| {
                    two[0] == "sub" && matches!(two[1].as_str(), "title" | "head" | "heading" | "header" | "headline")
                })
        })
}

/// The words of a class: «article__leadText» has three.
fn words_of(value: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in value.chars() {
        let begins = c.is_ascii_uppercase() && before.is_ascii_lowercase();
        if !c.is_ascii_alphanumeric() || begins {
            words.push(String::new());
        }
        if c.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a passage is a second heading right below the headline: as long as a sentence, and the only one of its level.
fn is_subheading(dom: &Dom, page: &Page, at: usize, headline: NodeId, keep: &[bool]) -> bool {
    let block = page.passages[at].block;
    let Some(name) = ["h2", "h3", "h4", "h5"].into_iter().find(|name| dom.is(block, name)) else { return false };
    if at != page.range[headline.index()].1 as usize || page.passages[at].stats.words < 5 {
        return false;
    }
    let together = dom.parent(block) == dom.parent(headline)
        && dom.parent(block).is_some_and(|outer| dom.is(outer, "hgroup") || dom.is(outer, "header"));
    let others = (at + 1..page.passages.len()).any(|n| keep[n] && dom.is(page.passages[n].block, name));
    together || !others
}

/// Whether a passage is the first of the text, all of it bold, and the next is not.
fn is_bold_lead(dom: &Dom, page: &Page, at: usize, keep: &[bool]) -> bool {
    let bold = |passage: &Passage| passage.strong * 20 >= (passage.end - passage.start) * 19;
    let passage = &page.passages[at];
    let text = page.text_of(passage);
    let next = (at + 1..page.passages.len()).find(|&n| keep[n]);
    keep[at]
        && dom.is(passage.block, "p")
        && passage.stats.words >= 8
        && bold(passage)
        && text.ends_with(['.', '!', '…', '»'])
        && next.is_some_and(|n| {
            !bold(&page.passages[n]) && page.passages[n].block != passage.block && page.passages[n].stats.words >= 8
        })
}

/// Whether an element holds what a line of text cannot: pictures, tables, notes.
fn holds_more(dom: &Dom, id: NodeId) -> bool {
    dom.descendants(id).any(|inner| {
        ["img", "picture", "table", "video", "iframe", "figure", "sup", "ul", "ol", "code", "pre"]
            .iter()
            .any(|name| dom.is(inner, name))
            || dom.is_foreign(inner)
    })
}

#[cfg(test)]
mod tests {
    use crate::Limits;
    use crate::article::{FindOptions, find};

    const TEXT: &str = "<p>Паром через Велгу встал в понедельник утром, и до вечера люди ждали на пристани, пока мастер менял вал.</p>\
        <p>К ночи паром пошёл снова, и первый рейс был бесплатным для всех, кто ждал его с утра у кассы.</p>";

    fn deck(above: &str, text: &str) -> String {
        let html =
            format!("<title>Паром встал</title><body><article><h1>Паром встал</h1>{above}<div>{text}</div></article>");
        let article = find(&html, &FindOptions::new("page", &Limits::default())).unwrap();
        let deck = article.deck.clone().unwrap_or_default();
        // It is said once, wherever it stands.
        assert!(deck.is_empty() || article.to_whole_text().matches(&deck).count() == 1, "{}", article.to_whole_text());
        deck
    }

    #[test]
    fn what_stands_between_headline_and_text_and_is_called_so_is_the_deck() {
        let said = "Вал меняли девять часов, и всё это время люди ждали";
        for above in [
            format!("<p class=lead>{said}</p>"),
            format!("<div class='article__subtitle'>{said}</div>"),
            format!("<div class=newsLead><p>{said}</p></div>"),
            format!("<h2>{said}</h2>"),
            format!("<h2 class=sub-title>{said}</h2><div class=date>23 ноября 2026, 14:05</div>"),
            format!(
                "<div class=date>23.11.26</div><div class=anons>{said}</div><figure><img src=a.jpg><figcaption>Паром</figcaption></figure>"
            ),
            format!("<p itemprop=description>{said}</p>"),
        ] {
            assert_eq!(deck(&above, TEXT), said, "{above}");
        }
        assert_eq!(deck("", &format!("<p><b>{said}.</b></p>{TEXT}")), format!("{said}."));
    }

    #[test]
    fn a_first_heading_a_caption_and_the_text_itself_are_no_deck() {
        let section = "<h2>Что случилось с валом парома</h2>";
        assert_eq!(deck("", &format!("{section}{TEXT}<h2>Когда пойдёт паром</h2>{TEXT}")), "");
        assert_eq!(deck("<div class=lead><img src=a.jpg> Паром у пристани в понедельник</div>", TEXT), "");
        assert_eq!(deck("<p class=lead>Фото: Нина Лугова</p>", TEXT), "");
        assert_eq!(deck("", TEXT), "");
        let all = format!("<div class=lead>{TEXT}{TEXT}{TEXT}</div>");
        assert_eq!(deck("", &all), "");
    }
}

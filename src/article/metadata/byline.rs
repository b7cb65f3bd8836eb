//! Who wrote the article.

use super::Near;
use super::declared::{Declared, squash};
use crate::article::convert::letters;
use crate::article::dom::{Dom, NodeId};
use crate::article::passage::Page;

/// Words before a name.
const BEFORE: [&str; 34] = [
    "written by",
    "posted by",
    "published by",
    "story by",
    "words by",
    "article by",
    "reported by",
    "review by",
    "text by",
    "by:",
    "by ",
    "автор:",
    "авторы:",
    "автор статьи:",
    "автор текста:",
    "автор -",
    "автор —",
    "автор ",
    "авторы ",
    "текст:",
    "подготовил:",
    "подготовила:",
    "беседовал ",
    "беседовала ",
    "author:",
    "authors:",
    "von ",
    "autor:",
    "par ",
    "por ",
    "di ",
    "door ",
    "συντάκτης:",
    "作者：",
];

pub(super) fn find(dom: &Dom, page: &Page, declared: &Declared, near: &Near) -> Vec<String> {
    let site = declared.site.as_deref().map(letters).unwrap_or_default();
    let tidy = |claims: &[String]| {
        let mut names: Vec<String> = Vec::new();
        for claim in claims {
            for name in split(claim) {
                let own = letters(&name);
                if is_name(&name) && own != site && !names.iter().any(|n| letters(n) == own) {
                    names.push(name);
                }
            }
        }
        names.truncate(20);
        names
    };
    for claims in [&declared.authors, &declared.meta_authors] {
        let names = tidy(claims);
        if !names.is_empty() {
            return names;
        }
    }
    let names = tidy(&shown(dom, page, near));
    if names.is_empty() { tidy(&marked(dom)) } else { names }
}

/// The first element that a template marks as the author's name, outside comments: `rel=author`, hCard, «author».
fn marked(dom: &Dom) -> Vec<String> {
    let of_comment = |id: NodeId| {
        dom.ancestors(id).any(|outer| {
            [dom.attr(outer, "class"), dom.attr(outer, "id")]
                .into_iter()
                .flatten()
                .any(|v| v.to_ascii_lowercase().contains("comment"))
        })
    };
    let body = dom.find("body").unwrap_or(dom.root());
    let name = dom.descendants(body).filter(|&id| is_author(dom, id) && !of_comment(id)).find_map(|id| {
        let text: Vec<&str> = dom.descendants(id).map(|n| dom.text(n)).collect();
        let name = squash(&text.join(" "));
        (name.split_whitespace().count() <= 4 && capitals(&name)).then_some(name).filter(|n| !n.is_empty())
    });
    name.into_iter().collect()
}

fn is_author(dom: &Dom, id: NodeId) -> bool {
    let classes = |wanted: &[&str]| {
        dom.attr(id, "class")
            .is_some_and(|c| c.split_whitespace().any(|w| wanted.contains(&w.to_ascii_lowercase().as_str())))
    };
    dom.attr(id, "rel") == Some("author") || classes(&["author", "byline", "author-name", "byline-name"])
}

/// From the text around the headline and at the article's end.
fn shown(dom: &Dom, page: &Page, near: &Near) -> Vec<String> {
    let mut claims: Vec<String> = Vec::new();
    for &n in &near.passages {
        let passage = &page.passages[n];
        let text = page.text_of(passage);
        if passage.stats.words > 16 {
            continue;
        }
        if let Some(rest) = after_mark(text) {
            // «Автор:» alone: the name is in the passage after it.
            let name = if rest.is_empty() { page.passages.get(n + 1).map(|p| page.text_of(p)) } else { Some(rest) };
            if let Some(name) = name.filter(|n| capitals(n)) {
                return vec![name.to_owned()];
            }
        }
        // The signature below the text, set to the right.
        if (2..=3).contains(&passage.stats.words)
            && n > near.last
            && stands_right(dom, passage.node)
            && all_capitals(text)
        {
            return vec![text.to_owned()];
        }
        if claims.is_empty()
            && passage.stats.words <= 8
            && n <= near.last
            && is_marked(dom, passage.node)
            && capitals(text)
        {
            claims.push(text.to_owned());
        }
    }
    claims
}

/// What follows "By" or «Автор:» at the beginning of a text.
fn after_mark(text: &str) -> Option<&str> {
    let lower = text.to_lowercase();
    let mark = BEFORE.iter().find(|m| lower.starts_with(**m) || lower == m.trim_end())?;
    // Lower-casing may change lengths; count characters instead of bytes.
    let skip = mark.chars().count();
    Some(text.char_indices().nth(skip).map_or("", |(at, _)| &text[at..]).trim())
}

fn stands_right(dom: &Dom, node: NodeId) -> bool {
    dom.ancestors(node).skip(1).take(4).any(|id| {
        dom.attr(id, "align").is_some_and(|a| a.trim().eq_ignore_ascii_case("right"))
            || dom
                .attr(id, "style")
                .is_some_and(|s| s.to_ascii_lowercase().replace(' ', "").contains("text-align:right"))
    })
}

/// Whether every word is letters and begins with a capital.
fn all_capitals(text: &str) -> bool {
    text.split_whitespace().all(|word| {
        let mut letters = word.trim_end_matches('.').chars();
        letters.next().is_some_and(char::is_uppercase) && letters.all(|c| c.is_alphabetic() || c == '-' || c == '.')
    })
}

fn is_marked(dom: &Dom, node: NodeId) -> bool {
    dom.ancestors(node).skip(1).take(4).any(|id| {
        dom.attr(id, "rel") == Some("author")
            || dom.attr(id, "class").is_some_and(|c| {
                c.split(|c: char| !c.is_ascii_alphabetic()).any(|w| {
                    matches!(w.to_ascii_lowercase().as_str(), "author" | "byline" | "autor" | "authors" | "writer")
                })
            })
    })
}

/// Whether most words begin with a capital, as names do.
fn capitals(text: &str) -> bool {
    let words: Vec<&str> =
        text.split_whitespace().filter(|w| w.chars().next().is_some_and(char::is_alphabetic)).collect();
    let capital = words.iter().filter(|w| w.chars().next().is_some_and(char::is_uppercase)).count();
    !words.is_empty() && capital * 2 >= words.len()
}

/// The names in a claim.
fn split(claim: &str) -> Vec<String> {
    let mut text = squash(claim);
    if let Some(rest) = after_mark(&text) {
        text = rest.to_owned();
    }
    for end in [" | ", " • ", " · ", "Updated", "Published", "Posted", " on ", " in ", "•"] {
        if let Some((head, _)) = text.split_once(end).filter(|(h, _)| !h.trim().is_empty()) {
            text = head.to_owned();
        }
    }
    let mut names = Vec::new();
    for part in text.split([',', ';', '&', '|', '/']) {
        for name in part
            .split(" and ")
            .flat_map(|p| p.split(" und "))
            .flat_map(|p| p.split(" и "))
            .flat_map(|p| p.split(" et "))
        {
            let name = name.trim().trim_matches(['.', ':', '-', '–', '—', '"', '«', '»']).trim();
            let name = name.strip_prefix("and ").unwrap_or(name);
            if !name.is_empty() {
                names.push(name.to_owned());
            }
        }
    }
    names
}

/// Whether this can be a person or a desk: no address, no sentence, no number.
fn is_name(name: &str) -> bool {
    const NOT: [&str; 12] = [
        "admin",
        "administrator",
        "editor",
        "staff",
        "staff writer",
        "null",
        "undefined",
        "unknown",
        "none",
        "redaktion",
        "super user",
        "webmaster",
    ];
    let count = name.chars().count();
    (2..=60).contains(&count)
        && name.split_whitespace().count() <= 7
        && !name.contains("http")
        && !name.contains('@')
        && name.chars().filter(char::is_ascii_digit).count() < 3
        && !NOT.contains(&name.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::{after_mark, split};

    #[test]
    fn marks_before_names_are_no_part_of_them() {
        assert_eq!(after_mark("Автор: Иван Петров"), Some("Иван Петров"));
        assert_eq!(after_mark("By Jane Roe"), Some("Jane Roe"));
        assert_eq!(after_mark("Автор:"), Some(""));
        assert_eq!(after_mark("Bygone days"), None);
    }

    #[test]
    fn several_authors_are_several_names() {
        assert_eq!(split("By Jane Roe and John Doe"), ["Jane Roe", "John Doe"]);
        assert_eq!(split("Иван Петров, Анна Смирнова"), ["Иван Петров", "Анна Смирнова"]);
    }
}

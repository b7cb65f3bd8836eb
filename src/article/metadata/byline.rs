//! Who wrote the article.

use super::Near;
use super::declared::{Declared, squash};
use crate::article::convert::letters;
use crate::article::dom::{Dom, NodeId};
use crate::article::passage::Page;

/// Words before a name.
const BEFORE: [&str; 39] = [
    "written by",
    "posted by",
    "published by",
    "story by",
    "words by",
    "article by",
    "reported by",
    "review by",
    "text by",
    "authored by:",
    "authored by",
    "recipe by",
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
    "责编：",
    "责任编辑：",
];

/// Endings of names of desks and people that are no part of them: what follows a role is what somebody does.
const ROLES: [&str; 32] = [
    "senior",
    "staff",
    "reporter",
    "reporters",
    "editor",
    "writer",
    "correspondent",
    "director",
    "founder",
    "co-founder",
    "ceo",
    "head",
    "contributor",
    "contributing",
    "columnist",
    "journalist",
    "freelance",
    "manager",
    "marketer",
    "analyst",
    "review",
    "chief",
    "executive",
    "president",
    "author",
    "photographer",
    "redakteur",
    "redakteurin",
    "корреспондент",
    "обозреватель",
    "редактор",
    "журналист",
];

/// What addresses of pages about authors hold.
const OF_AUTHORS: [&str; 14] = [
    "/author/",
    "/authors/",
    "/autor/",
    "/autoren/",
    "/auteur/",
    "/autore/",
    "/avtor/",
    "/contributor/",
    "/contributors/",
    "/journalist/",
    "/reporter/",
    "/writers/",
    "/producers/",
    "/byline/",
];

pub(super) fn find(dom: &Dom, page: &Page, declared: &Declared, near: &Near) -> Vec<String> {
    let sites: Vec<String> = declared
        .sites
        .iter()
        .chain(&declared.site)
        .cloned()
        .chain(declared.url.as_deref().map(hosts).unwrap_or_default())
        .map(|name| letters(&name))
        .collect();
    let tidy = |claims: &[String], may_be_site: bool| names(claims, &sites, may_be_site);
    for claims in [&declared.authors, &declared.meta_authors] {
        let names = tidy(claims, false);
        // A login stands in markup where the page shows the name.
        if names.iter().all(|n| is_login(n))
            && let shown = tidy(&shown(dom, page, near), false)
            && shown.iter().any(|n| !is_login(n))
        {
            return shown;
        }
        if !names.is_empty() {
            return names;
        }
    }
    let mut names = tidy(&shown(dom, page, near), false);
    if names.is_empty() {
        names = tidy(&marked(dom, page, near), false);
    }
    // What nobody signed is the publisher's own, where the page says so.
    for claims in [&declared.authors, &declared.meta_authors] {
        if names.is_empty() {
            names = tidy(claims, true);
        }
    }
    names
}

/// A host's name, and its label that the site is called by.
fn hosts(url: &str) -> Vec<String> {
    let Ok(url) = url::Url::parse(url) else { return Vec::new() };
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
    let label = host.rsplit('.').nth(1).unwrap_or_default().to_owned();
    [host, label].into_iter().filter(|name| name.len() > 2).collect()
}

/// Whether a name is one that a person has at a machine.
fn is_login(name: &str) -> bool {
    !name.contains(char::is_whitespace)
        && name.is_ascii()
        && (name.chars().all(|c| !c.is_ascii_uppercase()) || name.chars().filter(char::is_ascii_uppercase).count() > 1)
        && name.chars().any(|c| c.is_ascii_lowercase())
}

/// The names in these claims, each once; letters of `sites` are the site's own names, which may or may not sign.
pub(super) fn names(claims: &[String], sites: &[String], may_be_site: bool) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for claim in claims {
        for name in split(claim) {
            let own = letters(&name);
            let of_site = sites.contains(&own);
            if (if of_site { may_be_site } else { is_name(&name) }) && !names.iter().any(|n| letters(n) == own) {
                names.push(name);
            }
        }
    }
    names.truncate(20);
    names
}

/// The first element that a template marks as the author's name, outside comments: `rel=author`, hCard, «author».
fn marked(dom: &Dom, page: &Page, near: &Near) -> Vec<String> {
    let elsewhere = |id: NodeId| {
        let (from, _) = page.range[id.index()];
        (from as usize) + 10 < near.first
            || from as usize > near.last + 12
            || dom.ancestors(id).any(|outer| {
                dom.is(outer, "aside")
                    || dom.is(outer, "nav")
                    || [dom.attr(outer, "class"), dom.attr(outer, "id")]
                        .into_iter()
                        .flatten()
                        .any(|v| v.to_ascii_lowercase().contains("comment"))
            })
    };
    let body = dom.find("body").unwrap_or(dom.root());
    let name = dom.descendants(body).filter(|&id| is_author(dom, id) && !elsewhere(id)).find_map(|id| {
        let text: Vec<&str> = dom.descendants(id).map(|n| dom.text(n)).collect();
        let name = squash(&text.join(" "));
        let name = after_mark(&name).unwrap_or(&name);
        (name.split_whitespace().count() <= 4 && capitals(name)).then(|| name.to_owned()).filter(|n| !n.is_empty())
    });
    name.into_iter().collect()
}

fn is_author(dom: &Dom, id: NodeId) -> bool {
    dom.attr(id, "rel") == Some("author") || has_author_class(dom, id)
}

/// «author», «post-author», «authorName», «byline__name».
fn has_author_class(dom: &Dom, id: NodeId) -> bool {
    dom.attr(id, "class").is_some_and(|c| {
        c.split(|c: char| !c.is_ascii_alphabetic()).any(|w| {
            matches!(
                w.to_ascii_lowercase().as_str(),
                "author" | "authorname" | "byline" | "autor" | "authors" | "autoren" | "auteur" | "writer"
            )
        })
    })
}

/// Names in a passage that lead to pages about their authors.
fn led(dom: &Dom, page: &Page, at: usize) -> Vec<String> {
    let passage = &page.passages[at];
    let outer = dom.ancestors(passage.node).take(6).find(|&id| dom.is(id, "a")).unwrap_or(passage.block);
    dom.descendants(outer)
        .take(200)
        .filter(|&id| {
            dom.is(id, "a")
                && page.range[id.index()].0 as usize == at
                && dom
                    .attr(id, "href")
                    .is_some_and(|h| dom.attr(id, "rel") == Some("author") || OF_AUTHORS.iter().any(|p| h.contains(p)))
        })
        .map(|id| squash(&dom.text_content(id)))
        .filter(|name| (1..=5).contains(&name.split_whitespace().count()) && capitals(name))
        .filter(|name| {
            // «Текст: … Фотографии: …»: who comes after the second mark wrote nothing.
            let text = page.text_of(passage);
            let before = text.find(name.as_str()).map_or("", |at| &text[..at]).to_lowercase();
            !["фото", "photo", "foto"].iter().any(|mark| before.contains(mark))
        })
        .collect()
}

/// From the text around the headline and at the article's end.
fn shown(dom: &Dom, page: &Page, near: &Near) -> Vec<String> {
    let mut claims: Vec<String> = Vec::new();
    for &n in &near.passages {
        let passage = &page.passages[n];
        let text = page.text_of(passage);
        if passage.stats.words > 16 || is_picture_credit(text) {
            continue;
        }
        let checks = |at: usize| {
            let lower = page.text_of(&page.passages[at]).to_lowercase();
            ["review", "edit", "check", "updated"].iter().any(|word| lower.contains(word))
        };
        let links = if n <= near.last && !checks(n) { led(dom, page, n) } else { Vec::new() };
        if links.iter().any(|name| name.contains(' ')) {
            // A list of authors has a passage for each.
            let more = (n + 1..(n + 6).min(page.passages.len()))
                .take_while(|&m| page.passages[m].stats.words <= 4 && !checks(m))
                .map(|m| led(dom, page, m));
            return links.into_iter().chain(more.take_while(|l| !l.is_empty()).flatten()).collect();
        }
        if let Some(rest) = after_mark(text) {
            // «Автор:» alone: the name is in the passage after it.
            let name = if rest.is_empty() { page.passages.get(n + 1).map(|p| page.text_of(p)) } else { Some(rest) };
            let signed = |name: &&str| capitals(name) || !rest.is_empty() && passage.stats.words == 2;
            if let Some(name) = name.filter(signed) {
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
            claims = side_by_side(dom, passage.block);
            if claims.len() < 2 {
                claims = vec![text.to_owned()];
            }
        }
    }
    claims
}

/// Names in elements of their own, one after the other in one line.
fn side_by_side(dom: &Dom, block: NodeId) -> Vec<String> {
    let leaves = dom
        .descendants(block)
        .skip(1)
        .take(40)
        .filter(|&id| dom.tag(id).is_some() && !dom.descendants(id).skip(1).any(|inner| dom.tag(inner).is_some()));
    let names: Vec<String> = leaves.map(|id| squash(&dom.text_content(id))).filter(|n| !n.is_empty()).collect();
    let all = names.iter().all(|n| (2..=4).contains(&n.split_whitespace().count()) && capitals(n));
    if all { names } else { Vec::new() }
}

/// «Фото: …» names a photographer, who wrote nothing.
fn is_picture_credit(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["photo", "foto", "фото", "bild:", "image", "picture", "credit", "illustration", "иллюстрация"]
        .iter()
        .any(|mark| lower.starts_with(mark))
}

/// What follows "By" or «Автор:» at the beginning of a text.
fn after_mark(text: &str) -> Option<&str> {
    let lower = text.to_lowercase();
    let Some(mark) = BEFORE.iter().find(|m| lower.starts_with(**m) || lower == m.trim_end()) else {
        // Two elements side by side, set apart by style alone: "ByJane Roe".
        return text.strip_prefix("By").filter(|rest| rest.starts_with(char::is_uppercase));
    };
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
    dom.ancestors(node).skip(1).take(4).any(|id| is_author(dom, id))
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
    const ENDS: [&str; 26] = [
        " | ",
        " • ",
        " · ",
        " ⋅ ",
        "•",
        " – ",
        " — ",
        " - ",
        "Updated",
        "Published",
        "Posted",
        "Reviewed by",
        "Edited by",
        "Fact checked",
        "Fact-checked",
        "Photos by",
        "Photography by",
        "Foto:",
        "Фото:",
        " on ",
        " in ",
        " with ",
        " via ",
        " for ",
        " at ",
        "View ",
    ];
    for end in ENDS {
        // A lower-case word may be part of a desk's name that is one word till there.
        let enough = if end.trim_matches(' ').starts_with(char::is_lowercase) { 2 } else { 1 };
        if let Some((head, _)) = text.split_once(end).filter(|(h, _)| h.split_whitespace().count() >= enough) {
            text = head.to_owned();
        }
    }
    let mut names: Vec<String> = Vec::new();
    for part in text.split([',', ';', '&', '|', '/', '、']) {
        for name in [" and ", " und ", " и ", " et ", " og ", " och "]
            .iter()
            .fold(vec![part], |parts, word| parts.into_iter().flat_map(|p| p.split(word)).collect())
        {
            let name = bare(name);
            let role = name.split_whitespace().any(is_role);
            if !name.is_empty() && (names.is_empty() || !role) {
                names.push(name);
            }
        }
    }
    names
}

fn is_role(word: &str) -> bool {
    ROLES.contains(&word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase().as_str())
}

/// A name without what stands behind it: brackets, a role, the day.
fn bare(name: &str) -> String {
    let name = name.trim().trim_matches(['.', ':', '-', '–', '—', '"', '«', '»', '*', '|']).trim();
    let name = name.strip_prefix("and ").unwrap_or(name);
    let name = ["The author ", "Author ", "About ", "Articles by "]
        .iter()
        .find_map(|word| name.get(..word.len()).filter(|n| n.eq_ignore_ascii_case(word)).map(|_| &name[word.len()..]))
        .unwrap_or(name);
    // An agency's short sign or a role in brackets; another name in brackets stays.
    let name = match name.split_once(['(', '[']) {
        Some((head, rest))
            if !head.trim().is_empty()
                && (rest.chars().all(|c| !c.is_uppercase()) || rest.split_whitespace().any(is_role)) =>
        {
            head.trim()
        }
        _ => name,
    };
    let words: Vec<&str> = name.split_whitespace().collect();
    let mut end = words.len();
    for (n, word) in words.iter().enumerate() {
        let day = n > 0 && word.starts_with(|c: char| c.is_ascii_digit());
        let month = words.get(n + 1).is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit()))
            && super::date::month(word).is_some();
        if day || month || n >= 2 && is_role(word) {
            end = n;
            break;
        }
    }
    words[..end].join(" ")
}

/// Whether this can be a person or a desk: no address, no sentence, no number.
fn is_name(name: &str) -> bool {
    const NOT: [&str; 20] = [
        "author",
        "authors",
        "guest",
        "guest author",
        "writer",
        "marketing",
        "development",
        "human",
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
    !is_picture_credit(name)
        && (2..=60).contains(&count)
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
        assert_eq!(after_mark("ByJane Roe"), Some("Jane Roe"));
        assert_eq!(after_mark("Bygone days"), None);
    }

    #[test]
    fn several_authors_are_several_names() {
        assert_eq!(split("By Jane Roe and John Doe"), ["Jane Roe", "John Doe"]);
        assert_eq!(split("Иван Петров, Анна Смирнова"), ["Иван Петров", "Анна Смирнова"]);
        assert_eq!(split("Kari Nord og Ola Berg"), ["Kari Nord", "Ola Berg"]);
    }

    #[test]
    fn roles_brackets_and_days_are_no_part_of_names() {
        assert_eq!(split("Jane Roe - Product marketer"), ["Jane Roe"]);
        assert_eq!(split("Jane Roe ⋅ Review Editor ⋅"), ["Jane Roe"]);
        assert_eq!(split("Jane Roe, Senior Analyst"), ["Jane Roe"]);
        assert_eq!(split("Jane Roe Senior Autos Reporter"), ["Jane Roe"]);
        assert_eq!(split("Elena Muster (elm)"), ["Elena Muster"]);
        assert_eq!(split("Lance Roe (Content Manager)"), ["Lance Roe"]);
        assert_eq!(split("jdoe (John)"), ["jdoe (John)"]);
        assert_eq!(split("By Jane Roe December 2, 2026"), ["Jane Roe", "2026"]);
    }
}

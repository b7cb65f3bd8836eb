//! Who wrote the article.

use super::Near;
use super::date::has_date;
use super::declared::{Declared, squash};
use super::names::{after_mark, capitals, is_desk, is_picture_credit, names};
use crate::article::convert::letters;
use crate::article::passage::Page;
use crate::html::dom::{Dom, NodeId};

/// What addresses of pages about authors hold.
const OF_AUTHORS: [&str; 16] = [
    "/author/",
    "/authors/",
    "-author/",
    "-authors/",
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
    let (linked, meta) = (tidy(&declared.authors, false), tidy(&declared.meta_authors, false));
    // Where the card for sharing names somebody whom JSON-LD does not know, JSON-LD speaks of somebody else; a person
    // says more than a desk.
    let card = tidy(&declared.card_authors, false);
    let card_knows = !card.is_empty() && !card.iter().any(|n| linked.contains(n));
    let desks = |names: &[String]| !names.is_empty() && names.iter().all(|n| is_desk(n));
    // JSON-LD may name but the first of several.
    let given = |name: &String| name.split(' ').next().map(letters);
    let more = linked.len() == 1
        && meta.len() > 1
        && meta.first() == linked.first()
        && meta.iter().skip(1).all(|n| given(n) != given(&meta[0]));
    let meta_first = card_knows || more || desks(&linked) && !meta.is_empty() && !desks(&meta);
    let claims = if meta_first { [meta, linked] } else { [linked, meta] };
    for mut names in claims {
        if names.iter().any(|n| n.contains(' ')) {
            names.retain(|n| n.contains(' ') || !is_login(n) || n.contains(char::is_uppercase));
        }
        // A login stands in markup where the page shows the name.
        if names.iter().all(|n| is_login(n))
            && let shown = tidy(&shown(dom, page, near), false)
            && shown.iter().any(|n| !is_login(n))
        {
            return shown;
        }
        if names.first().is_some_and(|n| !n.contains(' ')) {
            let shown = tidy(&shown(dom, page, near), false);
            if with_surnames(&shown, &names) {
                return shown;
            }
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
    if names.is_empty() {
        names.extend(declared.site.as_deref().and_then(owner));
    }
    names
}

/// Whose blog a site is: "Jane Roe's blog".
fn owner(site: &str) -> Option<String> {
    let owner = ["'s ", "’s "].iter().find_map(|mark| {
        let (owner, what) = site.rsplit_once(mark)?;
        what.to_lowercase().ends_with("blog").then_some(owner)
    })?;
    ((2..=3).contains(&owner.split_whitespace().count()) && all_capitals(owner)).then(|| owner.to_owned())
}

/// A host's name, and its label that the site is called by.
fn hosts(url: &str) -> Vec<String> {
    let Ok(url) = url::Url::parse(url) else { return Vec::new() };
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
    let label = host.rsplit('.').nth(1).unwrap_or_default().to_owned();
    [host, label].into_iter().filter(|name| name.len() > 2).collect()
}

/// Whether the page shows the names of its markup with surnames.
fn with_surnames(shown: &[String], names: &[String]) -> bool {
    let whole = |name: &String| names.iter().any(|n| name.strip_prefix(n.as_str()).is_some_and(|r| r.starts_with(' ')));
    !shown.is_empty() && shown.iter().all(whole)
}

/// Whether a name is one that a person has at a machine.
fn is_login(name: &str) -> bool {
    !name.contains(char::is_whitespace)
        && name.is_ascii()
        && (name.chars().all(|c| !c.is_ascii_uppercase()) || name.chars().filter(char::is_ascii_uppercase).count() > 1)
        && name.chars().any(|c| c.is_ascii_lowercase())
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
        let alone = name.split_whitespace().count() <= 4 && capitals(name);
        // A box about the author begins with the name.
        let first =
            || text.iter().map(|part| squash(part)).find(|part| !part.is_empty() && after_mark(part) != Some(""));
        let named = |part: &String| (2..=3).contains(&part.split_whitespace().count()) && all_capitals(part);
        if alone { Some(name.to_owned()).filter(|n| !n.is_empty()) } else { first().filter(named) }
    });
    name.into_iter().collect()
}

fn is_author(dom: &Dom, id: NodeId) -> bool {
    dom.attr(id, "rel") == Some("author") || has_author_class(dom, id)
}

/// «author», «post-author», «authorName», «byline__name», «BlogArticleAuthor».
fn has_author_class(dom: &Dom, id: NodeId) -> bool {
    dom.attr(id, "class").is_some_and(|c| {
        c.split(|c: char| !c.is_ascii_alphabetic()).any(|w| {
            matches!(
                w.to_ascii_lowercase().as_str(),
                "author" | "authorname" | "byline" | "autor" | "authors" | "autoren" | "auteur" | "writer"
            ) || w.ends_with("Author")
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
        if links.iter().any(|name| name.contains(' ')) || !links.is_empty() && after_mark(text).is_some() {
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
        // "Published 7 August 2026 by Jane Roe"
        if n <= near.last
            && passage.stats.digits > 0
            && !checks(n)
            && let Some((_, name)) = text.split_once(" by ")
            && (2..=4).contains(&name.split_whitespace().count())
            && all_capitals(name)
        {
            return vec![name.to_owned()];
        }
        // The signature below the text: set to the right, or the last words of it and set apart by their type.
        let last = n >= near.last && stands_right(dom, passage.node)
            || n >= near.last && n <= near.last + 2 && is_signature(dom, page, n);
        if (2..=3).contains(&passage.stats.words) && last && all_capitals(text) {
            return vec![in_small_letters(text.trim_end_matches('.'))];
        }
        if claims.is_empty()
            && passage.stats.words <= 8
            && n <= near.last
            && (is_marked(dom, passage.node) || is_dated_portrait(dom, page, n))
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

/// Whether a line is all of its paragraph, in bold or italics, right below a sentence.
fn is_signature(dom: &Dom, page: &Page, at: usize) -> bool {
    let passage = &page.passages[at];
    let length = passage.end - passage.start;
    let bold = passage.strong * 10 >= length * 9;
    let slanted = || dom.ancestors(passage.node).skip(1).take(4).any(|id| dom.is(id, "em") || dom.is(id, "i"));
    let below = at > 0 && page.text_of(&page.passages[at - 1]).ends_with(['.', '!', '?', '…', '»']);
    let block = ["p", "div", "article", "section", "td"].iter().any(|name| dom.is(passage.block, name));
    // What goes on below it is no end: it heads something.
    let ends = page.passages.get(at + 1).is_none_or(|next| next.stats.words < 8 || next.links > 0);
    passage.links == 0 && block && below && ends && (bold || slanted())
}

/// A name whose surname is set in capitals: «Зоя ПЕРЕЛЕСКОВА».
fn in_small_letters(name: &str) -> String {
    let word = |word: &str| {
        let shouts = word.chars().count() > 3 && word.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
        if !shouts {
            return word.to_owned();
        }
        let mut begins = true;
        let small = |c: char| {
            let c = if begins { c.to_string() } else { c.to_lowercase().collect() };
            begins = c == "-";
            c
        };
        word.chars().map(small).collect()
    };
    name.split_whitespace().map(word).collect::<Vec<String>>().join(" ")
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

/// Whether a picture that is called by this name stands beside it, and a date too: so authors are shown.
fn is_dated_portrait(dom: &Dom, page: &Page, at: usize) -> bool {
    let passage = &page.passages[at];
    let name = page.text_of(passage);
    let dated = |m: usize| page.passages.get(m).is_some_and(|p| p.stats.words <= 8 && has_date(page.text_of(p)));
    let pictured = || {
        dom.ancestors(passage.node).skip(1).take(4).any(|outer| {
            let mut inner = dom.descendants(outer).take(40).filter(|&id| dom.is(id, "img"));
            inner.any(|id| dom.attr(id, "alt").is_some_and(|alt| squash(alt) == name))
        })
    };
    (2..=3).contains(&passage.stats.words)
        && all_capitals(name)
        && (at.saturating_sub(1)..at + 3).any(dated)
        && pictured()
}

fn is_marked(dom: &Dom, node: NodeId) -> bool {
    dom.ancestors(node).skip(1).take(4).any(|id| is_author(dom, id))
}

#[cfg(test)]
mod tests {
    use crate::Limits;
    use crate::article::{FindOptions, find};

    fn byline(head: &str, body: &str) -> Vec<String> {
        let text = "<p>The bridge over the harbour opened on Monday, a month before the builders had promised it.</p>";
        let html = format!("<head>{head}</head><h1>Bridge opens early</h1>{body}{}", text.repeat(4));
        find(&html, &FindOptions::new("page", &Limits::default())).unwrap().byline
    }

    const LINKED: &str = r#"<script type="application/ld+json">{"@type":"Article","headline":"Bridge opens early","author":{"name":"NAME"}}</script>"#;

    #[test]
    fn who_signs_the_card_wrote_what_somebody_else_published() {
        let card = "<meta name='twitter:label1' content='Written by'><meta name='twitter:data1' content='Jane Roe'>";
        assert_eq!(byline(&format!("{}{card}", LINKED.replace("NAME", "Max Muster")), ""), ["Jane Roe"]);
        assert_eq!(
            byline(&format!("{}<meta name='author' content='Jane Roe'>", LINKED.replace("NAME", "Harbour Staff")), ""),
            ["Jane Roe"]
        );
    }

    #[test]
    fn a_first_name_of_markup_gets_the_surname_that_the_page_shows() {
        assert_eq!(byline(&LINKED.replace("NAME", "Jane"), "<p>By Jane Roe</p>"), ["Jane Roe"]);
        assert_eq!(byline(&LINKED.replace("NAME", "Jane"), "<p>By Anna Roe</p>"), ["Jane"]);
    }

    #[test]
    fn a_name_below_its_portrait_beside_the_date_signs() {
        let portrait = "<div><img alt='Jane Roe'><p>Jane Roe</p><p>PLACE</p></div>";
        assert_eq!(byline("", &portrait.replace("PLACE", "7 August 2026")), ["Jane Roe"]);
        assert_eq!(byline("", &portrait.replace("PLACE", "The harbour")), [""; 0]);
        assert_eq!(byline("", "<p>Published 7 August 2026 by Jane Roe</p>"), ["Jane Roe"]);
    }

    #[test]
    fn who_signs_below_the_text_wrote_it() {
        let signed = |line: &str| {
            let text =
                "<p>Паром через Велгу встал утром, и до вечера люди ждали на пристани, пока мастер менял вал.</p>";
            let html = format!("<h1>Паром встал у пристани</h1><article>{}{line}</article>", text.repeat(4));
            find(&html, &FindOptions::new("page", &Limits::default())).unwrap().byline
        };
        for line in [
            "<p>Подготовила Зоя Перелескова</p>",
            "<p>Подготовила Зоя Перелескова.</p>",
            "<p><i>Материал подготовил Глеб Ручьёв</i></p>",
            "<p>Беседу вела Зоя Перелескова</p>",
            "<p><b>Зоя ПЕРЕЛЕСКОВА.</b></p>",
            "<p><em>Зоя Перелескова</em></p>",
            "<p align=right>Зоя Перелескова</p>",
        ] {
            let name =
                if line.contains("Глеб") { "Глеб Ручьёв" } else { "Зоя Перелескова" };
            assert_eq!(signed(line), [name], "{line}");
        }
        assert_eq!(signed("<p>Подготовила школа к празднику и зал, и сцену.</p>"), [""; 0]);
        assert_eq!(signed("<p><b>Важно знать</b></p>"), [""; 0]);
    }

    #[test]
    fn whose_blog_it_is_wrote_what_nobody_signed() {
        assert_eq!(byline("<meta property='og:site_name' content='Jane Roe’s blog'>", ""), ["Jane Roe"]);
        assert_eq!(byline("<meta property='og:site_name' content='The harbour’s blog'>", ""), [""; 0]);
    }
}

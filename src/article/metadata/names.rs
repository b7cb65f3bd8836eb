//! Names in what pages say of their authors: «By Jane Roe and John Doe, Senior Reporter» holds two.

use super::declared::squash;
use crate::article::convert::letters;

/// Words before a name.
const BEFORE: [&str; 64] = [
    "written by:",
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
    "guide by",
    "interview by",
    "contributors:",
    "contributor:",
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
    "подготовили:",
    "материал подготовил ",
    "материал подготовила ",
    "материал подготовили ",
    "текст подготовил ",
    "текст подготовила ",
    "подготовил ",
    "подготовила ",
    "подготовили ",
    "беседовал ",
    "беседовала ",
    "беседовали ",
    "беседу вёл ",
    "беседу вел ",
    "беседу вела ",
    "записал ",
    "записала ",
    "записали ",
    "интервью взял ",
    "интервью взяла ",
    "автор материала:",
    "подготувала ",
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
const ROLES: [&str; 43] = [
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
    "coo",
    "cto",
    "cfo",
    "cmo",
    "coordinator",
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
    "developer",
    "engineer",
    "specialist",
    "licensed",
    "certified",
    "former",
    "redakteur",
    "redakteurin",
    "корреспондент",
    "обозреватель",
    "редактор",
    "журналист",
];

/// The names in these claims, each once; letters of `sites` are the site's own names, which may or may not sign.
pub(super) fn names(claims: &[String], sites: &[String], may_be_site: bool) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for claim in claims {
        // «Roe & Roe» the firm is not Roe and Roe.
        let parts = if sites.contains(&letters(claim)) { vec![squash(claim)] } else { split(claim) };
        for name in parts {
            let own = letters(&name);
            let of_site = sites.contains(&own);
            let of_other = !names.is_empty() && is_about(&name) && !of_site;
            if (if of_site { may_be_site } else { is_name(&name) && !of_other })
                && !names.iter().any(|n| letters(n) == own)
            {
                names.push(name);
            }
        }
    }
    names.truncate(20);
    names
}

/// What follows "By" or «Автор:» at the beginning of a text.
pub(super) fn after_mark(text: &str) -> Option<&str> {
    let lower = beginning(text);
    let Some(mark) = BEFORE.iter().find(|m| lower.starts_with(**m) || lower == m.trim_end_matches([':', ' '])) else {
        // Two elements side by side, set apart by style alone: "ByJane Roe".
        return text.strip_prefix("By").filter(|rest| rest.starts_with(char::is_uppercase));
    };
    // Lower-casing may change lengths; count characters instead of bytes.
    let skip = mark.chars().count();
    Some(text.char_indices().nth(skip).map_or("", |(at, _)| &text[at..]).trim())
}

/// As much of a text in small letters as is longer than any mark.
fn beginning(text: &str) -> String {
    text.chars().take(40).flat_map(char::to_lowercase).collect()
}

/// «Фото: …» names a photographer, who wrote nothing.
pub(super) fn is_picture_credit(text: &str) -> bool {
    let lower = beginning(text);
    ["photo", "foto", "фото", "bild:", "image", "picture", "credit", "illustration", "иллюстрация"]
        .iter()
        .any(|mark| lower.starts_with(mark))
}

/// Whether most words begin with a capital, as names do.
pub(super) fn capitals(text: &str) -> bool {
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
    const ENDS: [&str; 35] = [
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
        " on Monday",
        " on Tuesday",
        " on Wednesday",
        " on Thursday",
        " on Friday",
        " on Saturday",
        " on Sunday",
        "Sponsored",
        " on ",
        " in ",
        " with ",
        " via ",
        " for ",
        " at ",
        " @ ",
        "View ",
    ];
    for end in ENDS {
        // A lower-case word may be part of a desk's name that is one word till there.
        let preposition = end.ends_with(' ') && end.trim_matches(' ').starts_with(char::is_lowercase);
        let enough = if preposition { 2 } else { 1 };
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
            let about = is_about(name);
            let name = bare(name);
            if !name.is_empty() && (names.is_empty() || !about && !is_degree(&name)) {
                names.push(name);
            }
        }
    }
    names
}

/// Whether this is what somebody is, or where: it follows a name.
fn is_about(part: &str) -> bool {
    part.split_whitespace().any(|word| is_role(word) || is_body(word)) || is_degree(part)
}

/// Whether a name is that of a group: a person's says more.
pub(super) fn is_desk(name: &str) -> bool {
    const DESKS: [&str; 8] = ["staff", "team", "editors", "desk", "admin", "редакция", "redaktion", "rédaction"];
    name.split_whitespace().any(|word| DESKS.contains(&word.to_lowercase().as_str()))
}

fn is_role(word: &str) -> bool {
    ROLES.contains(&word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase().as_str())
}

/// Whether a word is part of what an organisation is called.
fn is_body(word: &str) -> bool {
    const BODIES: [&str; 16] = [
        "institute",
        "university",
        "universität",
        "network",
        "collective",
        "magazine",
        "watch",
        "college",
        "school",
        "department",
        "agency",
        "foundation",
        "association",
        "society",
        "университет",
        "институт",
    ];
    BODIES.contains(&word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase().as_str())
}

/// Whether this is a degree or licence: "PhD", "M.D.", "CFP®".
fn is_degree(part: &str) -> bool {
    const DEGREES: [&str; 30] = [
        "phd", "md", "mba", "mph", "rn", "cfp", "dvm", "ma", "msc", "ms", "ba", "bs", "bsc", "jd", "cpa", "rd", "rdn",
        "esq", "do", "dds", "lvt", "cscs", "edd", "mfa", "lcsw", "cfa", "pe", "np", "dpt", "pharmd",
    ];
    let letters: String = part.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    part.ends_with('®') || DEGREES.contains(&letters.as_str())
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
    let mut last = None;
    for (n, word) in words.iter().enumerate() {
        let day = n > 0 && word.starts_with(|c: char| c.is_ascii_digit());
        let month = words.get(n + 1).is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit()))
            && super::date::month(word).is_some();
        if day || month || n >= 2 && is_role(word) {
            end = n;
            break;
        }
        // A date set apart by style alone: "Jane RoeNov 4".
        let glued = word.char_indices().skip(1).find(|(_, c)| c.is_uppercase()).map(|(at, _)| word.split_at(at));
        if let Some((name, name_of_month)) = glued
            && super::date::month(name_of_month).is_some()
            && words.get(n + 1).is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit()))
        {
            (end, last) = (n, Some(name));
            break;
        }
    }
    while end > 1 && last.is_none() && matches!(words[end - 1], "at" | "in" | "on") {
        end -= 1;
    }
    let name = words[..end].iter().chain(&last).copied().collect::<Vec<_>>().join(" ");
    // The number of a footnote: "Jane Roe1".
    if end > 1 { name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end().to_owned() } else { name }
}

/// Whether this can be a person or a desk: no address, no sentence, no number.
fn is_name(name: &str) -> bool {
    const NOT: [&str; 25] = [
        "the author",
        "updated",
        "content",
        "insights from",
        "sponsored content",
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
        && name.chars().any(char::is_alphabetic)
        && name.chars().filter(char::is_ascii_digit).count() < 3
        && !NOT.contains(&name.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::{after_mark, names, split};

    #[test]
    fn marks_before_names_are_no_part_of_them() {
        assert_eq!(after_mark("Автор: Иван Петров"), Some("Иван Петров"));
        assert_eq!(after_mark("By Jane Roe"), Some("Jane Roe"));
        assert_eq!(after_mark("Автор:"), Some(""));
        assert_eq!(after_mark("Author"), Some(""));
        assert_eq!(after_mark("ByJane Roe"), Some("Jane Roe"));
        assert_eq!(after_mark("Bygone days"), None);
    }

    #[test]
    fn a_firm_is_one_name_and_its_roles_are_none() {
        let claims = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        assert_eq!(names(&claims(&["Roe & Roe"]), &["roeroe".to_owned()], true), ["Roe & Roe"]);
        assert_eq!(names(&claims(&["Jane Roe", "Founder of Harbour"]), &[], false), ["Jane Roe"]);
    }

    #[test]
    fn several_authors_are_several_names() {
        assert_eq!(split("By Jane Roe and John Doe"), ["Jane Roe", "John Doe"]);
        assert_eq!(split("Иван Петров, Анна Смирнова"), ["Иван Петров", "Анна Смирнова"]);
        assert_eq!(split("Kari Nord og Ola Berg"), ["Kari Nord", "Ola Berg"]);
    }

    #[test]
    fn degrees_and_organisations_are_no_authors() {
        assert_eq!(split("Dr. Ang Roe, PhD, Jessica Pan, MPH"), ["Dr. Ang Roe", "Jessica Pan"]);
        assert_eq!(split("Arlene Roe, Harbour Garden Network"), ["Arlene Roe"]);
        assert_eq!(split("Harbour University Press"), ["Harbour University Press"]);
        assert_eq!(split("HarbourSelect on Tuesday"), ["HarbourSelect"]);
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
        assert_eq!(split("Jane Roe, Print Managing Editor"), ["Jane Roe"]);
        assert_eq!(split("Jane Roe1"), ["Jane Roe"]);
        assert_eq!(split("Jane RoeNov 4, 2026"), ["Jane Roe", "2026"]);
        assert_eq!(split("Jane Roe @ Harbour"), ["Jane Roe"]);
        assert_eq!(split("By Jane Roe December 2, 2026"), ["Jane Roe", "2026"]);
    }
}

//! The headline, without the name of the site.

use super::declared::{Declared, squash};
use crate::article::convert::letters;
use crate::article::dom::{Dom, NodeId};
use crate::article::passage::Page;

/// The headline and the element that shows it.
pub(super) fn find(dom: &Dom, page: &Page, declared: &Declared) -> (String, Option<NodeId>) {
    let claims: Vec<String> = declared
        .titles
        .iter()
        .chain(std::iter::once(&declared.page_title))
        .map(|t| letters(t))
        .filter(|t| !t.is_empty())
        .collect();
    let mut best: Option<(f32, NodeId, String)> = None;
    for (order, &id) in page.headings.iter().enumerate().take(200) {
        let text = squash(&dom.text_content(id));
        let own = letters(&text);
        if own.is_empty() || text.chars().count() > 400 {
            continue;
        }
        // A heading that says what markup and window title claim is the headline; the first h1 is likely.
        let mut score = match claims.iter().map(|claim| agreement(&own, claim)).fold(0.0f32, f32::max) {
            agreement if agreement > 0.4 => agreement * 3.0,
            _ => 0.0,
        };
        let h1 = dom.is(id, "h1");
        score += if h1 { 1.0 } else { -0.5 };
        score -= order as f32 * 0.02;
        if text.split_whitespace().count() < 2 {
            score -= 0.5;
        }
        if best.as_ref().is_none_or(|(s, _, _)| score > *s) {
            best = Some((score, id, text));
        }
    }
    // Parts of the window title between bars: the one that the page shows by itself is the headline.
    let shown = || {
        let parts = parts(&declared.page_title);
        page.passages
            .iter()
            .filter(|p| p.stats.words >= 3 && p.linked * 2 < p.end - p.start)
            .find(|p| {
                let own = letters(page.text_of(p));
                own.len() > 12 && parts.contains(&own)
            })
            .map(|p| (page.text_of(p).to_owned(), Some(p.block)))
    };
    let stripped = strip_site(&declared.page_title, declared.site.as_deref());
    let declared_title = declared.titles.first().map(|t| strip_site(t, declared.site.as_deref()));
    if let Some((score, id, text)) = best
        && score > 0.9
    {
        return (text, Some(id));
    }
    if let Some(shown) = shown() {
        return shown;
    }
    (declared_title.filter(|t| !t.is_empty()).unwrap_or(stripped), None)
}

/// How far two headlines agree, by their letters: 1 when equal, less when one continues.
fn agreement(own: &str, claim: &str) -> f32 {
    if own == claim {
        return 1.0;
    }
    let (short, long) = if own.len() < claim.len() { (own, claim) } else { (claim, own) };
    if short.len() > 8 && long.contains(short) {
        return 0.5 + 0.5 * short.len() as f32 / long.len() as f32;
    }
    let common = own.chars().zip(claim.chars()).take_while(|(a, b)| a == b).count() as f32;
    common / own.chars().count().max(claim.chars().count()) as f32
}

const BARS: [&str; 9] = [" | ", " - ", " – ", " — ", " :: ", " » ", " / ", " · ", " « "];

/// The letters of each run of parts of a window title.
fn parts(title: &str) -> Vec<String> {
    let title = squash(title);
    let mut cuts = vec![(0, 0)];
    for bar in BARS {
        cuts.extend(title.match_indices(bar).map(|(at, bar)| (at, at + bar.len())));
    }
    cuts.sort_unstable();
    cuts.truncate(12);
    cuts.push((title.len(), title.len()));
    let mut parts = Vec::new();
    for (n, (_, from)) in cuts.iter().enumerate() {
        parts.extend(cuts[n + 1..].iter().filter(|(to, _)| to > from).map(|(to, _)| letters(&title[*from..*to])));
    }
    parts
}

/// Takes the site's name off a window title: what follows the last bar or dash, or precedes the first.
pub(super) fn strip_site(title: &str, site: Option<&str>) -> String {
    let mut title = squash(title);
    if let Some(site) = site.map(letters).filter(|s| !s.is_empty()) {
        for bar in BARS {
            if let Some((head, tail)) = title.rsplit_once(bar)
                && letters(tail) == site
            {
                return head.trim().to_owned();
            }
            if let Some((head, tail)) = title.split_once(bar)
                && letters(head) == site
            {
                return tail.trim().to_owned();
            }
        }
    }
    for bar in BARS {
        if let Some((head, tail)) = title.rsplit_once(bar)
            && head.split_whitespace().count() >= 3
            && tail.split_whitespace().count() <= 5
            && tail.len() < head.len()
        {
            title = head.trim().to_owned();
            break;
        }
    }
    title
}

#[cfg(test)]
mod tests {
    use super::strip_site;

    #[test]
    fn the_sites_name_is_no_part_of_the_headline() {
        assert_eq!(strip_site("Мост открыли раньше срока | Знамя района", None), "Мост открыли раньше срока");
        assert_eq!(strip_site("Знамя — Мост открыли", Some("Знамя")), "Мост открыли");
        assert_eq!(strip_site("A - B", None), "A - B");
    }
}

//! The headline, without the name of the site.

use super::declared::{Declared, squash};
use crate::article::convert::letters;
use crate::article::passage::{Flow, Page, Passage, flow, seen_text};
use crate::html::dom::{Dom, NodeId};

/// What speaks for a headline: the heading that the page shows, and what markup says it is.
const SHOWN: f32 = 2.0;
const LINKED_DATA: f32 = 1.1;
const LINKED_DATA_OF_BLOGS: f32 = 0.6;
const SHARED: f32 = 1.2;
const WINDOW: f32 = 0.2;

/// The headline and the element that shows it.
pub(super) fn find(dom: &Dom, page: &Page, declared: &Declared) -> (String, Option<NodeId>) {
    let sites = sites(declared);
    let (shown, node) = match shown(dom, page, declared, &sites) {
        Some((text, node)) => (Some(text), Some(node)),
        None => (None, None),
    };
    let strip = |title: &String| without_label(&without_site(title, &sites));
    let cut = |title: &String| title.ends_with('…') || title.ends_with("...");
    let mut votes: Vec<(f32, String)> = Vec::new();
    // A heading that shares hardly a word with what markup and window agree on heads something else.
    let window = strip_site(&declared.page_title, &sites);
    let stranger = |text: &str| {
        declared.shared_title.as_ref().is_some_and(|t| {
            let agreed = letters(&declared.page_title).contains(&letters(&strip(t)));
            agreed && shared_words(text, t) < 0.25
        })
    };
    votes.extend(shown.map(|t| (if stranger(&t) { SHOWN / 2.0 } else { SHOWN }, strip(&t))));
    let linked_data = if declared.is_news { LINKED_DATA } else { LINKED_DATA_OF_BLOGS };
    votes.extend(declared.headline.as_ref().filter(|t| !cut(t)).map(|t| (linked_data, strip(t))));
    let headline = votes.last().filter(|(w, _)| *w == linked_data).map(|(_, title)| title.clone());
    let like_headline = |title: String| headline.clone().filter(|t| continues(&title, t)).unwrap_or(title);
    votes.extend(declared.shared_title.as_ref().filter(|t| !cut(t)).map(|t| (SHARED, like_headline(strip(t)))));
    votes.push((WINDOW, like_headline(window)));
    if votes.len() == 1 {
        votes.extend(declared.titles.first().map(|t| (SHARED, strip(t))));
    }
    votes.retain(|(_, title)| !title.is_empty());
    let support = |title: &str| {
        let own = letters(title);
        let words = title.split_whitespace().count();
        // The site's name is no headline while there is another.
        let doubt = if sites.contains(&own) || own.is_empty() {
            3.0
        } else if words < 2 {
            0.5
        } else {
            0.0
        };
        votes.iter().filter(|(_, t)| letters(t) == own).map(|(w, _)| w).sum::<f32>() - doubt
    };
    let mut best: Option<(f32, &str)> = None;
    for (_, title) in &votes {
        let score = support(title);
        if best.is_none_or(|(s, _)| score > s) {
            best = Some((score, title));
        }
    }
    let own = best.map(|(_, title)| letters(title)).unwrap_or_default();
    // Of several spellings the one that most use, and then the one for sharing: a heading's may have lost spaces and
    // marks to its style.
    let spellings: Vec<&(f32, String)> = votes.iter().filter(|(_, t)| letters(t) == own).collect();
    let used = |title: &str| spellings.iter().filter(|(_, t)| t == title).count();
    let source = |weight: f32| [SHARED, linked_data, SHOWN].iter().rev().position(|&w| w == weight);
    let title = spellings.iter().max_by_key(|(weight, title)| (used(title), source(*weight)));
    (title.map(|(_, t)| t.clone()).unwrap_or_default(), node)
}

/// Whether one title is another with the name of a section or the site behind a bar, however that is set.
fn continues(long: &str, short: &str) -> bool {
    const MARKS: [char; 9] = ['|', '-', '–', '—', '·', '»', '_', 'ㅣ', '：'];
    short.split_whitespace().count() >= 3
        && long.strip_prefix(short).is_some_and(|rest| rest.trim_start().starts_with(MARKS))
}

/// A title without what follows its last bar: a label («Opinion»), a series or a name of the site that nothing else
/// gives away. Headlines themselves hardly ever have bars; what is longer than all before it is one behind a rubric.
fn without_label(title: &str) -> String {
    let mut title = title;
    while let Some((head, _)) =
        title.rsplit_once(" | ").filter(|(head, tail)| head.split_whitespace().count() >= 3 && tail.len() < head.len())
    {
        title = head.trim_end();
    }
    title.to_owned()
}

/// The share of words that two headlines have in common.
fn shared_words(a: &str, b: &str) -> f32 {
    let words =
        |text: &str| -> Vec<String> { text.split_whitespace().map(letters).filter(|w| !w.is_empty()).collect() };
    let (a, b) = (words(a), words(b));
    let common = a.iter().filter(|w| b.contains(w)).count();
    2.0 * common as f32 / (a.len() + b.len()).max(1) as f32
}

/// What the site is called, by letters.
fn sites(declared: &Declared) -> Vec<String> {
    let mut sites: Vec<String> = declared.sites.iter().chain(&declared.site).map(|s| letters(s)).collect();
    if let Some(url) = declared.url.as_deref().and_then(|u| url::Url::parse(u).ok()) {
        let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
        sites.push(letters(host));
        sites.extend(host.rsplit('.').nth(1).filter(|label| label.len() > 2).map(letters));
    }
    sites.retain(|s| !s.is_empty());
    sites
}

/// The heading that shows the headline.
fn shown(dom: &Dom, page: &Page, declared: &Declared, sites: &[String]) -> Option<(String, NodeId)> {
    let claims: Vec<String> = declared
        .titles
        .iter()
        .chain(std::iter::once(&declared.page_title))
        .map(|t| letters(t))
        .filter(|t| !t.is_empty())
        .collect();
    let window = Window::read(page, &declared.page_title);
    let parts = parts(&declared.page_title);
    let behind_kickers: Vec<String> =
        declared.titles.iter().filter_map(|t| t.split_once(": ")).map(|(_, rest)| letters(rest)).collect();
    let exact: Vec<&String> = claims.iter().chain(&parts).chain(&behind_kickers).filter(|p| p.len() > 12).collect();
    let shared = declared.shared_title.as_deref().map(letters);
    let mut first = true;
    let mut best: Option<(f32, NodeId, String)> = None;
    for (order, &id) in page.headings.iter().enumerate().take(200) {
        let text = within(dom, id, &exact, shared.as_deref()).unwrap_or_else(|| spaced(dom, id));
        let own = letters(&text);
        if own.is_empty() || text.chars().count() > 400 {
            continue;
        }
        // A heading that says what markup and window title claim is the headline; the first h1 is likely.
        let mut agreement = claims.iter().map(|claim| agreement(&own, claim)).fold(0.0f32, f32::max);
        if parts.first() == Some(&own) {
            agreement = agreement.max(0.8);
        }
        let h1 = dom.is(id, "h1");
        let of_site = sites.contains(&own) || leads_home(dom, id) || window.is_of_header(&own);
        // The first may say it in other words.
        if h1 && !of_site && std::mem::take(&mut first) && agreement <= 0.4 {
            let named = declared.titles.iter().chain(std::iter::once(&declared.page_title));
            agreement = named.map(|title| 0.8 * shared_words(&text, title)).fold(agreement, f32::max);
        }
        let mut score = if agreement > 0.4 { agreement * 3.0 } else { 0.0 };
        score += if h1 { 1.0 } else { -0.5 };
        score -= order as f32 * 0.02;
        if text.split_whitespace().count() < 2 {
            score -= 0.5;
        }
        // The site's name is often a heading that leads home.
        if of_site {
            score -= 3.0;
        }
        if best.as_ref().is_none_or(|(s, _, _)| score > *s) {
            best = Some((score, id, text));
        }
    }
    if let Some((score, id, text)) = best
        && score > 0.9
    {
        return Some((text, id));
    }
    // Parts of the window title between bars: the one that the page shows by itself is the headline.
    let shown = page.passages.iter().filter(|p| p.stats.words >= 3 && p.linked * 2 < p.end - p.start).find(|p| {
        let own = letters(page.text_of(p));
        own.len() > 12 && parts.contains(&own) && !window.is_of_header(&own)
    });
    let shown = window.headline.map(|at| &page.passages[at]).or(shown);
    shown.map(|p| (page.text_of(p).to_owned(), p.block))
}

/// The parts of the window title that the page shows: the headline in front of its text, the site's name in its header.
#[derive(Default)]
pub(super) struct Window {
    /// The passage that shows the part nearest before the text, where another part stands above it.
    headline: Option<usize>,
    /// The part that stands above it, as the title has it.
    pub(super) site: Option<String>,
}

impl Window {
    /// Words of a passage that is text and no heading.
    const TEXT: u32 = 15;
    /// Passages of a page's head.
    const HEAD: usize = 150;

    pub(super) fn read(page: &Page, title: &str) -> Window {
        let names = single_parts(title);
        if names.len() < 2 {
            return Window::default();
        }
        let is_text = |p: &Passage| p.stats.words >= Self::TEXT && p.stats.ends && p.linked * 2 < p.end - p.start;
        let text = page.passages.iter().position(is_text).unwrap_or(0).min(Self::HEAD);
        let shown = |name: &str| {
            let own = letters(name);
            let mut above = page.passages[..text].iter().enumerate().rev();
            above.find(|(_, p)| p.linked * 2 < p.end - p.start && letters(page.text_of(p)) == own).map(|(at, _)| at)
        };
        let mut places: Vec<(usize, &String)> = names
            .iter()
            .filter(|name| name.split_whitespace().count() >= 2)
            .filter_map(|n| Some((shown(n)?, n)))
            .collect();
        places.sort_unstable_by_key(|(at, _)| *at);
        places.dedup_by_key(|(at, _)| *at);
        // Only the first or the last part of a title names the site.
        match places.as_slice() {
            [(above, site), .., (at, _)] | [(above, site), (at, _)]
                if above < at && (names.first() == Some(site) || names.last() == Some(site)) =>
            {
                Window { headline: Some(*at), site: Some((*site).clone()) }
            }
            _ => Window::default(),
        }
    }

    fn is_of_header(&self, own: &str) -> bool {
        self.site.as_ref().is_some_and(|site| letters(site) == own)
    }
}

/// The parts of a window title between bars.
pub(super) fn single_parts(title: &str) -> Vec<String> {
    let mut parts = vec![squash(title)];
    for bar in BARS {
        parts = parts.iter().flat_map(|part| part.split(bar)).map(|part| part.trim().to_owned()).collect();
    }
    parts.retain(|part| !letters(part).is_empty());
    parts.truncate(12);
    parts
}

/// A heading's text, with a space where elements make a break. A button inside a heading opens what stands below it.
fn spaced(dom: &Dom, id: NodeId) -> String {
    let text = seen_text(dom, id);
    if !text.is_empty() {
        return text;
    }
    let mut out = String::new();
    for inner in
        dom.descendants(id).filter(|&inner| !dom.ancestors(inner).any(|of| dom.is(of, "script") || dom.is(of, "style")))
    {
        if dom.any_tag(inner).is_some_and(|t| flow(t) != Flow::Inline) {
            out.push(' ');
        }
        out.push_str(dom.text(inner));
    }
    squash(&out)
}

/// The part of a heading that is what a claim says, where a heading also holds a kicker, a second deck or the date:
/// none where the page is shared by the whole of it.
fn within(dom: &Dom, id: NodeId, claims: &[&String], shared: Option<&str>) -> Option<String> {
    let pieces: Vec<&str> =
        dom.descendants(id).take(60).map(|n| dom.text(n)).filter(|t| !t.trim().is_empty()).take(8).collect();
    if pieces.len() < 2 || shared == Some(letters(&pieces.concat()).as_str()) {
        return None;
    }
    let runs = (0..pieces.len()).flat_map(|from| (from + 1..=pieces.len()).rev().map(move |to| (from, to)));
    runs.filter(|&(from, to)| to - from < pieces.len())
        .map(|(from, to)| {
            let text = squash(&pieces[from..to].concat());
            text.trim_matches([':', '-', '–', '—', '|', ' ', '\u{a0}']).to_owned()
        })
        .find(|text| {
            let own = letters(text);
            own.len() > 12 && claims.contains(&&own)
        })
}

fn leads_home(dom: &Dom, id: NodeId) -> bool {
    let link = dom.descendants(id).take(20).chain(dom.ancestors(id).take(3)).find(|&n| dom.is(n, "a"));
    link.and_then(|a| dom.attr(a, "href")).is_some_and(|href| {
        let href = href.trim();
        let path = match href.split_once("://") {
            Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
            None => href.strip_prefix('/').unwrap_or("?"),
        };
        matches!(path, "" | "index.html" | "index.php" | "ru/" | "en/" | "home")
    })
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

const BARS: [&str; 10] = [" | ", " • ", " - ", " – ", " — ", " :: ", " » ", " / ", " · ", " « "];

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

/// Takes the site's name off a window title, and what follows the last bar or dash like one.
fn strip_site(title: &str, sites: &[String]) -> String {
    let title = without_site(title, sites);
    for bar in BARS {
        if let Some((head, tail)) = title.rsplit_once(bar)
            && head.split_whitespace().count() >= 3
            && tail.split_whitespace().count() <= 5
            && tail.len() < head.len()
        {
            return head.trim().to_owned();
        }
    }
    title
}

/// Takes the names of the site off a title: behind or before it.
fn without_site(title: &str, sites: &[String]) -> String {
    let mut title = squash(title);
    let is_site = |part: &str| {
        let own = letters(part);
        let alike = |site: &String| site.len() > 4 && (own.contains(site) || site.contains(&own));
        sites.contains(&own) || own.len() > 4 && sites.iter().any(alike)
    };
    for _ in 0..3 {
        let shorter = BARS.iter().find_map(|bar| {
            let behind = title
                .rsplit_once(bar)
                .filter(|(head, tail)| is_site(tail) && tail.len() < head.len().max(24) && !letters(head).is_empty());
            let before =
                || title.split_once(bar).filter(|(h, t)| sites.contains(&letters(h)) && !letters(t).is_empty());
            behind.map(|(head, _)| head).or_else(|| before().map(|(_, tail)| tail)).map(|t| t.trim().to_owned())
        });
        match shorter {
            Some(shorter) => title = shorter,
            None => break,
        }
    }
    title
}

#[cfg(test)]
mod tests {
    use super::{find, strip_site};
    use crate::Limits;
    use crate::article::metadata::declared::Declared;
    use crate::article::passage::Page;
    use crate::html::dom::Dom;

    fn title(html: &str) -> String {
        let dom = Dom::parse(html, "page", &Limits::default()).unwrap();
        find(&dom, &Page::cut(&dom), &Declared::read(&dom)).0
    }

    #[test]
    fn the_sites_name_is_no_part_of_the_headline() {
        assert_eq!(strip_site("Мост открыли раньше срока | Знамя района", &[]), "Мост открыли раньше срока");
        assert_eq!(strip_site("Знамя — Мост открыли", &["знамя".to_owned()]), "Мост открыли");
        assert_eq!(strip_site("A - B", &[]), "A - B");
    }

    #[test]
    fn a_heading_that_leads_home_is_the_sites_name() {
        let html = "<title>Bridge opens early - Harbour Post</title><h1><a href='/'>Harbour Post</a></h1><h2>Bridge opens early</h2>";
        assert_eq!(title(html), "Bridge opens early");
    }

    #[test]
    fn kicker_deck_and_date_in_a_heading_are_no_part_of_the_headline() {
        let html = "<title>Мост открыли раньше срока - Знамя района</title><h1><span>Дороги</span> Мост открыли раньше срока<br>Ждать не пришлось <i>06.01.26</i></h1>";
        assert_eq!(title(html), "Мост открыли раньше срока");
    }

    #[test]
    fn a_kicker_that_markup_replaces_is_no_part_of_the_headline() {
        let shared = "<meta property='og:title' content='News from the coast: Bridge opens early after repairs'>";
        let heading = "<h1><span>The harbour</span> - <span>Bridge opens early after repairs</span></h1>";
        assert_eq!(title(&format!("{shared}{heading}")), "Bridge opens early after repairs");
        // Shared as a whole, it is one.
        let shared = "<title>Bridge opens early - Harbour Post</title><meta property='og:title' content='Harbour Bridge opens early'>";
        assert_eq!(
            title(&format!("{shared}<h1><b>Harbour</b> <span>Bridge opens early</span></h1>")),
            "Harbour Bridge opens early"
        );
    }

    #[test]
    fn a_label_behind_a_bar_is_no_part_of_the_headline() {
        assert_eq!(title("<h1>Bridge opens early after repairs | Opinion</h1>"), "Bridge opens early after repairs");
        let rubric = "Harbour design week | Bridge opens early after repairs";
        assert_eq!(title(&format!("<h1>{rubric}</h1>")), rubric);
        let markup =
            r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"Bridge opens early"}</script>"#;
        assert_eq!(title(&format!("<title>Bridge opens early-Town_Post</title>{markup}")), "Bridge opens early");
    }

    #[test]
    fn a_heading_that_the_window_ends_with_is_the_sites_name() {
        let html =
            "<title>Coffee - University of Harbour Point</title><h2>University of Harbour Point</h2><h1>Coffee</h1>";
        assert_eq!(title(html), "Coffee");
    }

    #[test]
    fn the_part_of_the_window_that_stands_before_the_text_is_the_headline() {
        let text =
            "<p>Воду в Заречье отключили в пятницу утром, и до вечера её возили в бочках по всем улицам посёлка.</p>";
        for (window, head, headline) in [
            (
                "Заречье без воды :: Новости :: Официальный сайт Заречья",
                "<h1>Официальный сайт Заречья</h1>",
                "<h3>Заречье без воды</h3>",
            ),
            ("Посёлок Заречье | Заречье без воды", "<h1>Посёлок Заречье</h1>", "<h1>Заречье без воды</h1>"),
            ("Заречье без воды — Знамя Заречья", "<h2>Знамя Заречья</h2>", "<div><b>Заречье без воды</b></div>"),
        ] {
            let html = format!(
                "<title>{window}</title><div>{head}</div><ul><li><a href=/n>Новости</a></ul>{headline}{text}{text}"
            );
            assert_eq!(title(&html), "Заречье без воды", "{window}");
            let found =
                crate::article::find(&html, &crate::article::FindOptions::new("page", &Limits::default())).unwrap();
            assert!(window.contains(found.site.as_deref().unwrap()) && found.site.unwrap() != "Новости", "{window}");
        }
    }

    #[test]
    fn the_first_heading_may_say_it_in_other_words() {
        let html = "<title>What is a bridge app? [Kinds and uses]</title><h1>What is a bridge application?</h1><h2>What is a bridge app?</h2>";
        assert_eq!(title(html), "What is a bridge application?");
    }

    #[test]
    fn most_spell_the_headline_right() {
        let html =
            r#"<title>Bridge’s end</title><meta property="og:title" content="Bridge's end"><h1>Bridge’s end</h1>"#;
        assert_eq!(title(html), "Bridge’s end");
    }

    #[test]
    fn decks_of_a_heading_do_not_run_together() {
        assert_eq!(
            title("<h1><div>Harbour news</div><div>Bridge opens early</div></h1>"),
            "Harbour news Bridge opens early"
        );
    }

    #[test]
    fn a_heading_of_something_else_is_no_headline() {
        let html = "<title>Bridge opens early after repairs</title><meta property='og:title' content='Bridge opens early after repairs'><p>x<h1>12 comments</h1>";
        assert_eq!(title(html), "Bridge opens early after repairs");
    }

    #[test]
    fn two_witnesses_outvote_a_heading() {
        let markup = r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"Bridge opens early after repairs"}</script>"#;
        let shared = "<meta property='og:title' content='Bridge opens early after repairs'>";
        assert_eq!(
            title(&format!("{markup}{shared}<h1>What we know of the bridge</h1>")),
            "Bridge opens early after repairs"
        );
        let shared = "<meta property='og:title' content='What we know of the bridge'>";
        assert_eq!(
            title(&format!("{markup}{shared}<h1>What we know of the bridge</h1>")),
            "What we know of the bridge"
        );
    }
}

//! Filter lists in the syntax of EasyList.
//!
//! Followed are element rules (`##`, `#@#`, for all sites or for some), here, and request rules, in
//! [`super::requests`]. The rest is counted by reason: it is not followed, and no error.

use std::collections::{HashMap, HashSet};
use std::fmt;

use adblock::lists::{ParseOptions, ParsedLine, parse_filter};
use foldhash::fast::RandomState;
use url::Url;

use super::index::Index;
use super::requests::{Asker, Load, Requests};
use super::selector::{Selector, SelectorNode};

/// Filter lists, compiled once.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Filters {
    rules: Vec<Rule>,
    /// Rules for all sites, or all but some.
    everywhere: Index,
    /// Rules by the sites they name.
    of_sites: HashMap<Box<str>, Vec<u32>, RandomState>,
    /// Selectors that are excepted, with the sites for which they are.
    exceptions: HashMap<Box<str>, Vec<Sites>, RandomState>,
    requests: Option<Requests>,
    /// What became of the lines.
    pub lines: Lines,
}

/// How many lines of the lists are followed, and why others are not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lines {
    /// Element rules and exceptions from them.
    pub elements: usize,
    /// Request rules and exceptions from them.
    pub requests: usize,
    /// Element rules about what a stream cannot know: siblings, `:has`, scripts.
    pub unknowable: usize,
    /// Request rules with options that nothing of ours has: pop-ups, headers, whole pages.
    pub foreign: usize,
    /// Lines that are no rule.
    pub bad: usize,
}

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} element rules and {} request rules are followed; not followed: {} element rules about what a stream \
             cannot know, {} request rules with options that do not concern a page's content, {} bad lines",
            self.elements, self.requests, self.unknowable, self.foreign, self.bad
        )
    }
}

#[derive(Debug)]
struct Rule {
    selector: Selector,
    sites: Sites,
}

/// For which sites a rule counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sites {
    only: Vec<Box<str>>,
    not: Vec<Box<str>>,
}

impl Sites {
    fn read(text: &str) -> Self {
        let mut sites = Self::default();
        for site in text.split(',').map(str::trim).filter(|site| !site.is_empty()) {
            match site.strip_prefix('~') {
                Some(site) => sites.not.push(site.to_ascii_lowercase().into()),
                None => sites.only.push(site.to_ascii_lowercase().into()),
            }
        }
        sites
    }

    /// A page of unknown host gets what counts for all sites.
    fn include(&self, host: &str) -> bool {
        let named =
            |sites: &[Box<str>]| !sites.is_empty() && names(host).any(|name| sites.iter().any(|s| **s == *name));
        (self.only.is_empty() || named(&self.only)) && !named(&self.not)
    }
}

/// By what names rules can call the site of a host: the host, what it is a subdomain of, and each with any suffix
/// (`example.*`).
fn names(host: &str) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
    let starts = std::iter::once(0).chain(host.match_indices('.').map(|(at, _)| at + 1));
    starts.filter(|at| *at < host.len()).flat_map(move |at| {
        let own = &host[at..];
        let any = own.split_once('.').filter(|(_, suffix)| suffix.matches('.').count() < 2);
        std::iter::once(own.into()).chain(any.map(|(name, _)| format!("{name}.*").into()))
    })
}

impl Filters {
    /// Compiles lists.
    pub fn new<'a>(lists: impl IntoIterator<Item = &'a str>) -> Self {
        let mut filters = Self::default();
        let mut requests = String::new();
        for line in lists.into_iter().flat_map(str::lines).map(str::trim) {
            if line.is_empty() || line.starts_with('!') || line.starts_with('[') && line.ends_with(']') {
                continue;
            }
            filters.line(line, &mut requests);
        }
        filters.everywhere.seal();
        filters.requests = Requests::new(requests);
        filters
    }

    fn line(&mut self, line: &str, requests: &mut String) {
        if let Some((at, mark)) = element_mark(line) {
            let (sites, selector) = (&line[..at], line[at + mark.len()..].trim());
            match mark {
                "##" | "#@#" if selector.is_empty() => self.lines.bad += 1,
                "##" | "#@#" if !selector.starts_with('+') && !selector.contains(":style(") => {
                    self.element(sites, selector, mark == "#@#");
                }
                _ => self.lines.unknowable += 1,
            }
        } else if line.len() < 3 || line.contains(char::is_whitespace) {
            self.lines.bad += 1;
        } else if matches!(parse_filter(line, false, ParseOptions::default()), Ok(ParsedLine::Network(_))) {
            self.lines.requests += 1;
            requests.push_str(line);
            requests.push('\n');
        } else {
            *(if line.contains('$') { &mut self.lines.foreign } else { &mut self.lines.bad }) += 1;
        }
    }

    fn element(&mut self, sites: &str, selector: &str, exception: bool) {
        let sites = Sites::read(sites);
        let Ok(selectors) = Selector::list(selector) else {
            // What is cut off or misspelt is bad; what is merely out of reach is not.
            let reach = selector.contains([':', '+', '~']);
            *(if reach { &mut self.lines.unknowable } else { &mut self.lines.bad }) += 1;
            return;
        };
        self.lines.elements += 1;
        for selector in selectors {
            if exception {
                self.exceptions.entry(selector.text).or_default().push(sites.clone());
                continue;
            }
            let n = self.rules.len() as u32;
            if sites.only.is_empty() {
                self.everywhere.add(&selector, n);
            }
            for site in &sites.only {
                self.of_sites.entry(site.clone()).or_default().push(n);
            }
            self.rules.push(Rule { selector, sites: sites.clone() });
        }
    }

    /// The lists as they count for one page.
    pub(super) fn on(&self, page: Option<&Url>) -> FiltersOnPage {
        let host = page.and_then(Url::host_str).unwrap_or_default().to_ascii_lowercase();
        let mut own = Index::default();
        for name in names(&host) {
            for n in self.of_sites.get(&*name).into_iter().flatten() {
                own.add(&self.rules[*n as usize].selector, *n);
            }
        }
        own.seal();
        let spared = match (&self.requests, page) {
            (Some(requests), Some(page)) => requests.spares(page),
            _ => false,
        };
        FiltersOnPage { host, own, spared, asker: Asker::new(page) }
    }

    /// Names of attributes that rules ask of the elements around an element.
    pub(super) fn asked_around(&self) -> HashSet<&str> {
        self.rules.iter().flat_map(|rule| rule.selector.asked_around()).collect()
    }

    /// The selector that hides this element.
    pub(super) fn hit(
        &self,
        page: &FiltersOnPage,
        element: &impl SelectorNode,
        around: &[impl SelectorNode],
    ) -> Option<&str> {
        let fits = |n: u32| {
            let rule = &self.rules[n as usize];
            rule.selector.matches(element, around)
                && rule.sites.include(&page.host)
                && !self.is_excepted(rule, &page.host)
        };
        let parent = around.last();
        let everywhere = || if page.spared { None } else { self.everywhere.find(element, parent, &fits) };
        let own = if page.own.is_empty() { None } else { page.own.find(element, parent, &fits) };
        let rule = own.or_else(everywhere)?;
        Some(&self.rules[rule as usize].selector.text)
    }

    /// Whether a rule that counts on the page asks for one of these classes.
    pub(super) fn ask_for(&self, page: &FiltersOnPage, classes: &str) -> bool {
        self.everywhere.asks_for(classes) || page.own.asks_for(classes)
    }

    fn is_excepted(&self, rule: &Rule, host: &str) -> bool {
        self.exceptions.get(&rule.selector.text).is_some_and(|sites| sites.iter().any(|sites| sites.include(host)))
    }

    /// The rule that blocks what the page wants to load.
    pub(super) fn hit_request(&self, page: &FiltersOnPage, load: Load, address: &Url) -> Option<String> {
        self.requests.as_ref()?.hit(load, address, &page.asker)
    }
}

/// What of the lists counts for one page.
#[derive(Debug, Default)]
pub(super) struct FiltersOnPage {
    host: String,
    /// The rules that name the page's site.
    own: Index,
    /// The rules for all sites do not count here.
    spared: bool,
    asker: Asker,
}

/// The first mark of an element rule: `##`, `#@#`, and those of scripts, styles and other extensions.
fn element_mark(line: &str) -> Option<(usize, &'static str)> {
    const MARKS: [&str; 8] = ["##", "#@#", "#?#", "#@?#", "#$#", "#@$#", "#%#", "#$?#"];
    line.match_indices('#').find_map(|(at, _)| {
        let rest = &line[at..];
        MARKS.into_iter().find(|mark| rest.starts_with(mark)).map(|mark| (at, mark))
    })
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    struct Plain(&'static str, &'static str);

    impl SelectorNode for Plain {
        fn name(&self) -> &str {
            self.0
        }

        fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
            (name == "class").then_some(Cow::Borrowed(self.1))
        }

        fn attribute_names(&self) -> impl Iterator<Item = Cow<'_, str>> {
            std::iter::once("class".into())
        }
    }

    fn hit(list: &str, class: &'static str, host: &str) -> bool {
        let filters = Filters::new([list]);
        let page = Url::parse(&format!("https://{host}/a")).ok();
        filters.hit(&filters.on(page.as_ref()), &Plain("div", class), &[] as &[Plain]).is_some()
    }

    #[test]
    fn rules_for_some_sites_and_exceptions_count_where_they_say() {
        assert!(hit("##.promo", "promo", ""));
        assert!(hit("a.ru,b.ru##.promo", "promo", "www.b.ru"));
        assert!(!hit("a.ru,b.ru##.promo", "promo", "notb.ru"));
        assert!(!hit("a.ru##.promo", "promo", ""));
        assert!(!hit("~a.ru##.promo", "promo", "a.ru"));
        assert!(hit("##.promo\na.ru#@#.promo", "promo", "b.ru"));
        assert!(!hit("##.promo\na.ru#@#.promo", "promo", "m.a.ru"));
        assert!(!hit("#@#.promo\n##.promo", "promo", "m.a.ru"));
    }

    #[test]
    fn rules_for_a_name_with_any_suffix_count_for_each() {
        assert!(hit("example.*##.promo", "promo", "www.example.co.uk"));
        assert!(hit("example.*##.promo", "promo", "example.ru"));
        assert!(!hit("example.*##.promo", "promo", "example.evil.a.ru"));
        assert!(!hit("~example.*##.promo", "promo", "example.ru"));
    }

    #[test]
    fn requests_are_blocked_by_host_path_kind_and_party() {
        let filters = Filters::new([
            "||ads.example^\n||cdn.example^$third-party\n||good.ads.example^\n@@||good.ads.example^\n/banner/*$image\n\
             ||frames.example^$subdocument,domain=a.ru",
        ]);
        assert_eq!(filters.lines.requests, 6);
        let hit = |load, address: &str, page: &str| {
            let page = Url::parse(&format!("https://{page}/a")).ok();
            let address = Url::parse(address).expect(address);
            filters.hit_request(&filters.on(page.as_ref()), load, &address)
        };
        let image = |address, page| hit(Load::Image, address, page);
        assert_eq!(image("https://x.ads.example/b.png", "a.ru").as_deref(), Some("||ads.example^"));
        assert_eq!(image("https://cdn.example/b.png", "www.cdn.example"), None);
        assert!(image("https://CDN.example/b.png", "a.ru").is_some());
        assert_eq!(image("https://good.ads.example/b.png", "a.ru"), None);
        assert_eq!(image("https://nads.example/b.png", "a.ru"), None);
        assert!(image("https://a.ru/banner/1.png", "a.ru").is_some());
        assert_eq!(hit(Load::Frame, "https://a.ru/banner/1.html", "a.ru"), None);
        assert!(hit(Load::Frame, "https://frames.example/1", "www.a.ru").is_some());
        assert_eq!(hit(Load::Frame, "https://frames.example/1", "b.ru"), None);
    }

    #[test]
    fn a_page_can_be_spared_the_rules_for_all_sites() {
        let list = "##.promo\na.ru##.own\n@@||a.ru^$generichide";
        assert!(!hit(list, "promo", "a.ru"));
        assert!(hit(list, "own", "a.ru"));
        assert!(hit(list, "promo", "b.ru"));
    }

    #[test]
    fn every_line_is_counted_for_what_it_is() {
        let filters = Filters::new([
            "[Adblock Plus 2.0]\n! a comment\n\n##.a\na.ru#@#.a\n##div:has(.a)\n##.a + .b\na.ru#?#div:-abp-has(p)\n\
             a.ru##+js(no-eval)\n||a.ru^\n/banner/*$image\n##\n##.\nnot a rule\n||b.ru^$nonsense\n",
        ]);
        assert_eq!(filters.lines, Lines { elements: 2, requests: 2, unknowable: 4, foreign: 1, bad: 3 });
    }
}

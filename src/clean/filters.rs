//! Filter lists in the syntax of EasyList.
//!
//! Followed are element rules (`##`, `#@#`, for all sites or for some) and blocked hosts (`||host^`), of which only
//! what a page loads is asked: never a link. The rest is counted by reason: it is not followed, and no error.

use std::collections::{HashMap, HashSet};
use std::fmt;

use foldhash::fast::RandomState;

use super::selector::{Key, Node, Selector};

/// Filter lists, compiled once.
#[derive(Debug, Default)]
pub struct Filters {
    rules: Vec<Rule>,
    ids: Table,
    classes: Table,
    names: Table,
    any: Vec<u32>,
    /// Selectors that are excepted, with the sites for which they are.
    exceptions: HashMap<Box<str>, Vec<Sites>, RandomState>,
    hosts: HashMap<Box<str>, Host, RandomState>,
    allowed: HashSet<Box<str>, RandomState>,
    /// What became of the lines.
    pub lines: Lines,
}

type Table = HashMap<Box<str>, Vec<u32>, RandomState>;

/// How many lines of the lists are followed, and why others are not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Element rules and exceptions from them.
    pub elements: usize,
    /// Hosts.
    pub hosts: usize,
    /// Element rules about what a stream cannot know: siblings, `:has`, scripts.
    pub unknowable: usize,
    /// Rules about requests other than whole hosts.
    pub requests: usize,
    /// Lines that are no rule.
    pub bad: usize,
}

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} element rules and {} hosts are followed; not followed: {} element rules about what a stream cannot \
             know, {} request rules other than whole hosts, {} bad lines",
            self.elements, self.hosts, self.unknowable, self.requests, self.bad
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

/// Whose requests to a host are blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Host {
    Everybodys,
    OtherSites,
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
        let named = |sites: &[Box<str>]| sites.iter().any(|site| is_of(host, site));
        (self.only.is_empty() || named(&self.only)) && !named(&self.not)
    }
}

/// Whether `host` is `site` or a subdomain of it.
fn is_of(host: &str, site: &str) -> bool {
    host.strip_suffix(site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

impl Filters {
    /// Adds a list.
    pub fn add(&mut self, list: &str) {
        for line in list.lines() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('!') || line.starts_with('[') && line.ends_with(']') {
                continue;
            }
            self.line(line);
        }
    }

    fn line(&mut self, line: &str) {
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
        } else {
            self.request(line);
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
            match selector.key() {
                Key::Id(id) => self.ids.entry(id.into()).or_default().push(n),
                Key::Class(class) => self.classes.entry(class.into()).or_default().push(n),
                Key::Name(name) => self.names.entry(name.into()).or_default().push(n),
                Key::Any => self.any.push(n),
            }
            self.rules.push(Rule { selector, sites: sites.clone() });
        }
    }

    fn request(&mut self, line: &str) {
        let (allow, rule) = line.strip_prefix("@@").map_or((false, line), |rule| (true, rule));
        let (rule, options) = rule.split_once('$').unwrap_or((rule, ""));
        let host = rule.strip_prefix("||").and_then(|rule| rule.strip_suffix('^'));
        let host =
            host.filter(|h| h.contains('.') && h.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)));
        let plain = options.split(',').all(|option| matches!(option, "" | "third-party" | "3p" | "all"));
        match host {
            Some(host) if plain => {
                self.lines.hosts += 1;
                let host: Box<str> = host.to_ascii_lowercase().into();
                if allow {
                    self.allowed.insert(host);
                } else {
                    let whose = if options.contains("third-party") || options.contains("3p") {
                        Host::OtherSites
                    } else {
                        Host::Everybodys
                    };
                    self.hosts.insert(host, whose);
                }
            }
            _ => self.lines.requests += 1,
        }
    }

    /// The selector that hides this element on pages of `host`.
    pub(super) fn hit(&self, element: &impl Node, around: &[impl Node], host: &str) -> Option<&str> {
        let found = |candidates: &[u32]| {
            candidates.iter().map(|n| &self.rules[*n as usize]).find(|rule| {
                rule.sites.include(host) && rule.selector.matches(element, around) && !self.is_excepted(rule, host)
            })
        };
        let by = |table: &Table, name: &str| table.get(name).and_then(|candidates| found(candidates));
        let rule = element
            .attribute("class")
            .and_then(|classes| classes.split_ascii_whitespace().find_map(|class| by(&self.classes, class)))
            .or_else(|| element.attribute("id").and_then(|id| by(&self.ids, &id)))
            .or_else(|| by(&self.names, element.name()))
            .or_else(|| found(&self.any));
        rule.map(|rule| &*rule.selector.text)
    }

    fn is_excepted(&self, rule: &Rule, host: &str) -> bool {
        self.exceptions.get(&rule.selector.text).is_some_and(|sites| sites.iter().any(|sites| sites.include(host)))
    }

    /// The blocked host that this address is of.
    pub(super) fn hit_host<'a>(&self, src: &'a str, page: &str) -> Option<&'a str> {
        if self.hosts.is_empty() {
            return None;
        }
        let (_, rest) = src.split_once("//")?;
        let host = rest.split(['/', '?', '#', ':']).next()?;
        let lowered = host.to_ascii_lowercase();
        let starts = || std::iter::once(0).chain(lowered.match_indices('.').map(|(at, _)| at + 1));
        if starts().any(|at| self.allowed.contains(&lowered[at..])) {
            return None;
        }
        let at = starts().find(|at| match self.hosts.get(&lowered[*at..]) {
            Some(Host::Everybodys) => true,
            Some(Host::OtherSites) => !is_of(page, &lowered[*at..]),
            None => false,
        })?;
        Some(&host[at..])
    }
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

    impl Node for Plain {
        fn name(&self) -> &str {
            self.0
        }

        fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
            (name == "class").then_some(Cow::Borrowed(self.1))
        }
    }

    fn hit(list: &str, class: &'static str, host: &str) -> bool {
        let mut filters = Filters::default();
        filters.add(list);
        filters.hit(&Plain("div", class), &[] as &[Plain], host).is_some()
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
    fn blocked_hosts_are_those_of_what_a_page_loads() {
        let mut filters = Filters::default();
        filters.add("||ads.example^\n||cdn.example^$third-party\n||good.ads.example^\n@@||good.ads.example^");
        assert_eq!(filters.hit_host("https://x.ads.example/b.js", "a.ru"), Some("ads.example"));
        assert_eq!(filters.hit_host("//cdn.example/b.js", "www.cdn.example"), None);
        assert_eq!(filters.hit_host("//CDN.example/b.js", "a.ru"), Some("CDN.example"));
        assert_eq!(filters.hit_host("https://good.ads.example/b.js", "a.ru"), None);
        assert_eq!(filters.hit_host("https://nads.example/b.js", "a.ru"), None);
        assert_eq!(filters.hit_host("/local.js", "a.ru"), None);
    }

    #[test]
    fn every_line_is_counted_for_what_it_is() {
        let mut filters = Filters::default();
        filters.add(
            "[Adblock Plus 2.0]\n! a comment\n\n##.a\na.ru#@#.a\n##div:has(.a)\n##.a + .b\na.ru#?#div:-abp-has(p)\n\
             a.ru##+js(no-eval)\n||a.ru^\n/banner/*$image\n##\n##.\nnot a rule\n",
        );
        assert_eq!(filters.lines, Lines { elements: 2, hosts: 1, unknowable: 4, requests: 1, bad: 3 });
    }
}

//! Removal rules: a readable file, compiled into hash tables.

use std::collections::HashMap;
use std::sync::OnceLock;

use foldhash::fast::RandomState;
use serde::Deserialize;
use url::Url;

use super::lengths::Lengths;
use super::parts::Parts;
use super::tracking::Tracking;

type Table = HashMap<Box<str>, u16, RandomState>;

/// Compiled removal rules. Shared by every page: looking an element up changes nothing.
#[derive(Debug)]
pub struct Rules {
    groups: Vec<Group>,
    names: Names,
    attributes: Table,
    attribute_lengths: Lengths,
    roles: Table,
    hosts: Table,
    parts: std::collections::HashSet<Box<str>, RandomState>,
    /// Of the parts, those that say nothing behind any stem but an advertisement's.
    weak: std::collections::HashSet<Box<str>, RandomState>,
    prefixes: Vec<String>,
    /// Which of them begin with a byte: from and to.
    prefixes_of: [(u8, u8); 256],
    labels: Table,
    headings: Table,
    /// Lengths of labels and headings, as bits.
    label_lengths: u128,
    heading_lengths: u128,
    /// What labels and headings begin with.
    label_initials: Initials,
    heading_initials: Initials,
    /// Widths and heights.
    sizes: HashMap<(u16, u16), u16, RandomState>,
    links: Parts,
    actions: Parts,
    tracking: Tracking,
}

/// What rules say of a class or id.
#[derive(Clone, Copy, Debug, Default)]
struct Claims {
    /// The whole name, as a class, as a class of a section, as an id.
    class: Option<u16>,
    section: Option<u16>,
    id: Option<u16>,
    /// The name, or what it begins with.
    block: Option<u16>,
    /// What it begins with, where one of the known parts follows.
    stem: Option<u16>,
}

/// Names that rules know.
#[derive(Debug, Default)]
struct Names {
    table: HashMap<Box<str>, Claims, RandomState>,
    lengths: Lengths,
}

impl Names {
    fn enter(&mut self, name: &str) -> &mut Claims {
        let name = name.to_lowercase();
        self.lengths.enter(&name);
        self.table.entry(name.into()).or_default()
    }

    fn get(&self, name: &str) -> Option<&Claims> {
        if self.lengths.may_have(name) { self.table.get(name) } else { None }
    }
}

/// First characters of texts.
#[derive(Debug, Default)]
struct Initials(std::collections::HashSet<char, RandomState>);

impl Initials {
    fn enter(&mut self, text: &str) {
        self.0.extend(text.chars().next().map(small));
    }

    fn has(&self, c: char) -> bool {
        self.0.contains(&small(c))
    }
}

/// A letter as texts are compared.
fn small(c: char) -> char {
    match c.to_lowercase().next() {
        Some('ё') => 'е',
        Some(small) => small,
        None => c,
    }
}

#[derive(Debug)]
struct Group {
    /// Its name and reason, as receipts show them.
    rule: String,
    guard: Guard,
    /// Its names count on sections of a page only.
    only_sections: bool,
    /// Its stems count before any part.
    firm: bool,
}

/// What saves an element that a rule hit by mistake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Guard {
    /// The headline, or 1,500 characters of sentences.
    #[default]
    Text,
    /// The headline, or a paragraph: for what is hidden until a script shows it, since no script will.
    Prose,
    /// Only the headline.
    Headline,
    /// Nothing.
    None,
}

/// What the rules ask about an element.
#[derive(Clone, Copy, Debug, Default)]
pub struct Element<'a> {
    /// Its name in small letters.
    pub name: &'a str,
    /// Its class attribute, as written.
    pub class: &'a str,
    /// Its id, as written.
    pub id: &'a str,
    /// Its role, as written.
    pub role: &'a str,
    /// Where it loads from, as written.
    pub src: &'a str,
}

/// A rule that an element matched.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hit {
    /// The group's name and reason, as the receipt shows them.
    pub rule: String,
    /// What matched, as a CSS selector.
    pub selector: String,
    /// What saves the element if the rule was wrong.
    pub guard: Guard,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    group: Vec<FileGroup>,
    words: FileWords,
    tracking: FileTracking,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileWords {
    prefixes: Vec<String>,
    parts: Vec<String>,
    weak: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTracking {
    parameters: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct FileGroup {
    name: String,
    reason: String,
    guard: Guard,
    only_sections: bool,
    firm: bool,
    classes: Vec<String>,
    sections: Vec<String>,
    ids: Vec<String>,
    blocks: Vec<String>,
    attributes: Vec<String>,
    roles: Vec<String>,
    hosts: Vec<String>,
    stems: Vec<String>,
    labels: Vec<String>,
    headings: Vec<String>,
    links: Vec<String>,
    #[serde(default)]
    actions: Vec<String>,
    sizes: Vec<String>,
}

/// Longer names are generated by machines and stand in no rule.
const LONGEST_NAME: usize = 64;

impl Rules {
    /// The rules that come with Clearprint, compiled at the first call.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Rules> = OnceLock::new();
        BUILT_IN.get_or_init(|| Self::from_toml(include_str!("rules.toml")).expect("built-in rules are tested"))
    }

    fn from_toml(toml: &str) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(toml)?;
        let initial = |prefix: &String| prefix.bytes().next().map_or(0, usize::from);
        let mut prefixes = file.words.prefixes;
        prefixes.sort_by_key(initial);
        let mut rules = Self {
            groups: Vec::new(),
            names: Names::default(),
            attributes: Table::default(),
            attribute_lengths: Lengths::default(),
            roles: Table::default(),
            hosts: Table::default(),
            parts: file.words.parts.into_iter().map(Into::into).collect(),
            weak: file.words.weak.into_iter().map(Into::into).collect(),
            prefixes_of: std::array::from_fn(|byte| {
                let place = |first: usize| prefixes.partition_point(|prefix| initial(prefix) < first) as u8;
                (place(byte), place(byte + 1))
            }),
            prefixes,
            labels: Table::default(),
            headings: Table::default(),
            label_lengths: 0,
            heading_lengths: 0,
            label_initials: Initials::default(),
            heading_initials: Initials::default(),
            sizes: HashMap::default(),
            links: Parts::default(),
            actions: Parts::default(),
            tracking: Tracking::new(file.tracking.parameters),
        };
        for (n, group) in file.group.into_iter().enumerate() {
            let n = n as u16;
            let enter = |table: &mut Table, names: Vec<String>| {
                for name in names {
                    // The first group that claims a name gives the reason.
                    table.entry(name.to_lowercase().into()).or_insert(n);
                }
            };
            // As below.
            let claim = |names: &mut Names, claimed: &[String], claim: fn(&mut Claims) -> &mut Option<u16>| {
                for name in claimed {
                    claim(names.enter(name)).get_or_insert(n);
                }
            };
            claim(&mut rules.names, &group.classes, |claims| &mut claims.class);
            claim(&mut rules.names, &group.sections, |claims| &mut claims.section);
            claim(&mut rules.names, &group.ids, |claims| &mut claims.id);
            claim(&mut rules.names, &group.stems, |claims| &mut claims.stem);
            let trimmed = |name: &String| name.trim_end_matches(['-', '_']).to_owned();
            let blocks: Vec<_> = group.blocks.iter().map(trimmed).collect();
            claim(&mut rules.names, &blocks, |claims| &mut claims.block);
            group.attributes.iter().for_each(|name| rules.attribute_lengths.enter(name));
            enter(&mut rules.attributes, group.attributes);
            enter(&mut rules.roles, group.roles);
            enter(&mut rules.hosts, group.hosts);
            group.labels.iter().for_each(|label| rules.label_initials.enter(label));
            group.headings.iter().for_each(|heading| rules.heading_initials.enter(heading));
            let length = |text: &String| 1 << (text.to_lowercase().len() % 128);
            rules.label_lengths |= group.labels.iter().map(length).fold(0, std::ops::BitOr::bitor);
            rules.heading_lengths |= group.headings.iter().map(length).fold(0, std::ops::BitOr::bitor);
            enter(&mut rules.labels, group.labels);
            enter(&mut rules.headings, group.headings);
            for size in &group.sizes {
                let (width, height) = size.split_once('x').unwrap_or_default();
                if let (Ok(width), Ok(height)) = (width.parse(), height.parse()) {
                    rules.sizes.entry((width, height)).or_insert(n);
                }
            }
            rules.links.extend(group.links, n);
            rules.actions.extend(group.actions, n);
            rules.groups.push(Group {
                rule: format!("{}: {}", group.name, group.reason),
                guard: group.guard,
                only_sections: group.only_sections,
                firm: group.firm,
            });
        }
        rules.links.seal();
        rules.actions.seal();
        Ok(rules)
    }

    /// The rule that takes this element out, if there is one.
    pub fn hit(&self, element: &Element<'_>) -> Option<Hit> {
        self.hit_class(element.name, element.class).or_else(|| self.hit_otherwise(element))
    }

    /// The rule that takes an element with this class attribute out.
    pub(super) fn hit_class(&self, name: &str, class: &str) -> Option<Hit> {
        if is_page(name) {
            return None;
        }
        for class in class.split_ascii_whitespace() {
            let section = || if is_section(name) { self.section(class) } else { None };
            let group = self.by_name(class, |claims| claims.class).filter(|group| self.concerns(*group, name));
            if let Some(group) = group.or_else(section) {
                return Some(self.made(group, [".", class].concat()));
            }
        }
        None
    }

    /// The rule that takes an element out whatever its classes are.
    pub(super) fn hit_otherwise(&self, element: &Element<'_>) -> Option<Hit> {
        if is_page(element.name) {
            return None;
        }
        if !element.id.is_empty()
            && let Some(group) = self.by_name(element.id, |claims| claims.id)
            && self.concerns(group, element.name)
        {
            return Some(self.made(group, ["#", element.id].concat()));
        }
        if !element.role.is_empty()
            && let Some(group) = lookup(&self.roles, element.role)
        {
            return Some(self.made(group, format!("[role={}]", element.role)));
        }
        if !element.src.is_empty()
            && let Some((group, host)) = self.by_host(element.src)
        {
            return Some(self.made(group, format!("{}[src*=\"{host}\"]", element.name)));
        }
        None
    }

    /// The rule that takes an element with an attribute of this name out. `None` for the attributes everybody has.
    pub fn hit_attribute(&self, name: &str) -> Option<Hit> {
        if !self.attribute_lengths.may_have(name) {
            return None;
        }
        let group = lookup(&self.attributes, name)?;
        Some(self.made(group, format!("[{name}]")))
    }

    /// Whether a rule may know a link by this text: a look at its first character, which most texts do not pass.
    pub(crate) fn may_know_label(&self, text: &str) -> bool {
        text.chars().find(|c| !c.is_whitespace()).is_some_and(|c| self.label_initials.has(c))
    }

    /// Whether a rule may know a block by this heading, likewise.
    pub(crate) fn may_know_heading(&self, text: &str) -> bool {
        text.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| self.heading_initials.has(c))
    }

    /// The rule that takes a link with this text out.
    pub fn hit_label(&self, text: &str) -> Option<Hit> {
        if text.len() > 100 {
            return None;
        }
        // Small letters are as long as their capitals, but for a few that stand in no label.
        if self.label_lengths >> (text.trim().len() % 128) & 1 == 0 {
            return None;
        }
        let group = *self.labels.get(text.trim().to_lowercase().as_str())?;
        Some(self.made(group, format!("a «{}»", text.trim())))
    }

    /// The rule that takes out what stands below a heading with this text, if it is links alone.
    pub fn hit_heading(&self, text: &str) -> Option<Hit> {
        if text.len() > 100 {
            return None;
        }
        let text = text.trim_matches(|c: char| !c.is_alphanumeric());
        // As above.
        if self.heading_lengths >> (text.len() % 128) & 1 == 0 && !text.contains('’') {
            return None;
        }
        let said = text.to_lowercase().replace('ё', "е").replace('’', "'");
        let group = *self.headings.get(said.as_str())?;
        Some(self.made(group, format!("heading «{text}»")))
    }

    /// The rule that takes a link to this address out.
    pub fn hit_link(&self, href: &str) -> Option<Hit> {
        let (part, group) = self.links.find(href)?;
        Some(self.made(group, format!("a[href*=\"{part}\"]")))
    }

    /// The rule that takes a form out whose content is sent to this address.
    pub fn hit_action(&self, action: &str) -> Option<Hit> {
        let (part, group) = self.actions.find(action)?;
        Some(self.made(group, format!("form[action*=\"{part}\"]")))
    }

    /// The rule that takes a picture of this size out.
    pub fn hit_size(&self, width: &str, height: &str) -> Option<Hit> {
        let number = |text: &str| text.trim().trim_end_matches("px").parse::<u16>().ok();
        let group = *self.sizes.get(&(number(width)?, number(height)?))?;
        Some(self.made(group, format!("img[width=\"{}\"][height=\"{}\"]", width.trim(), height.trim())))
    }

    /// Whether a query has parameters that [`Self::clean_link`] would take out.
    pub(crate) fn is_tracked(&self, query: &str) -> bool {
        self.tracking.is_in(query)
    }

    /// Takes tracking parameters out of an address.
    pub fn clean_link(&self, url: &mut Url) {
        self.tracking.clean(url);
    }

    /// Whether a group's names count on an element.
    fn concerns(&self, group: u16, name: &str) -> bool {
        !self.groups[usize::from(group)].only_sections || is_section(name)
    }

    fn made(&self, group: u16, selector: String) -> Hit {
        let group = &self.groups[usize::from(group)];
        Hit { rule: group.rule.clone(), selector, guard: group.guard }
    }

    fn section(&self, class: &str) -> Option<u16> {
        let mut buffer = [0; LONGEST_NAME];
        self.names.get(lower(class, &mut buffer)?)?.section
    }

    fn by_name(&self, name: &str, whole: fn(&Claims) -> Option<u16>) -> Option<u16> {
        let mut buffer = [0; LONGEST_NAME];
        let name = lower(name, &mut buffer)?;
        if let Some(group) = self.by_whole_name(name, whole) {
            return Some(group);
        }
        let (from, to) = self.prefixes_of[usize::from(*name.as_bytes().first()?)];
        let mut prefixes = self.prefixes[usize::from(from)..usize::from(to)].iter();
        let bare = prefixes.find_map(|prefix| name.strip_prefix(prefix.as_str()))?;
        // What a prefix is stripped from is one word at least: "b-ad" is not worth a mistake, "b-banner" is.
        if bare.len() < 4 { None } else { self.by_whole_name(bare, whole) }
    }

    fn by_whole_name(&self, name: &str, whole: fn(&Claims) -> Option<u16>) -> Option<u16> {
        if self.names.lengths.has_none(name) {
            return None;
        }
        let exact = |name: &str| self.names.get(name).and_then(|claims| whole(claims).or(claims.block));
        if let Some(group) = exact(name) {
            return Some(group);
        }
        for (at, byte) in name.bytes().enumerate() {
            if !matches!(byte, b'-' | b'_') {
                continue;
            }
            let Some(claims) = self.names.get(&name[..at]) else { continue };
            if let Some(group) = claims.block {
                return Some(group);
            }
            if let Some(group) = claims.stem {
                let rest = name[at + 1..].trim_start_matches(['-', '_']);
                let part = rest.split(['-', '_']).next().unwrap_or_default();
                let part = part.trim_end_matches(|c: char| c.is_ascii_digit());
                let says = self.groups[usize::from(group)].firm || !self.weak.contains(part);
                if says && self.parts.contains(part) {
                    return Some(group);
                }
            }
        }
        let bare = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if bare.len() < name.len() { exact(bare) } else { None }
    }

    fn by_host<'a>(&self, src: &'a str) -> Option<(u16, &'a str)> {
        let (_, rest) = src.split_once("//")?;
        let host = rest.split(['/', '?', '#', ':']).next()?;
        let mut buffer = [0; LONGEST_NAME];
        let lowered = lower(host, &mut buffer)?;
        let starts =
            std::iter::once(0).chain(lowered.bytes().enumerate().filter(|(_, b)| *b == b'.').map(|(i, _)| i + 1));
        starts.into_iter().find_map(|at| self.hosts.get(&lowered[at..]).map(|group| (*group, &host[at..])))
    }
}

/// What no rule takes out: it is the page.
pub(super) fn is_page(name: &str) -> bool {
    matches!(name, "html" | "body" | "main" | "h1")
}

/// Whether rules for classes of sections concern an element.
pub(super) fn is_section(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "section"
            | "aside"
            | "nav"
            | "form"
            | "table"
            | "ul"
            | "ol"
            | "dialog"
            | "footer"
            | "header"
            | "article"
            | "element"
    )
}

fn lookup(table: &Table, name: &str) -> Option<u16> {
    let mut buffer = [0; LONGEST_NAME];
    table.get(lower(name.trim(), &mut buffer)?).copied()
}

/// `name` in small letters; `None` where it is too long to stand in a rule.
fn lower<'a>(name: &'a str, buffer: &'a mut [u8; LONGEST_NAME]) -> Option<&'a str> {
    if !name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some(name).filter(|name| name.len() <= LONGEST_NAME);
    }
    let buffer = buffer.get_mut(..name.len())?;
    buffer.copy_from_slice(name.as_bytes());
    buffer.make_ascii_lowercase();
    std::str::from_utf8(buffer).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group_of(class: &str) -> Option<String> {
        let hit = Rules::built_in().hit(&Element { name: "div", class, ..Element::default() })?;
        Some(hit.rule.split(':').next().unwrap_or_default().to_owned())
    }

    #[test]
    fn whole_words_match_and_parts_of_words_do_not() {
        for (class, group) in [
            ("ad", Some("ad")),
            ("col-6 AD", Some("ad")),
            ("header", None),
            ("heading gradient load", None),
            ("ya-share2__list", Some("share")),
            ("ya-share2", Some("share")),
            ("div-gpt-ad-1234-0", Some("ad")),
            ("banner3", Some("ad")),
            ("article-text", None),
            ("shareholder", None),
            ("commentator", None),
            ("populars", None),
            ("smi24__informer", Some("related")),
            ("OUTBRAIN", Some("related")),
            ("share-line bottom", Some("share")),
            ("c-related", Some("related")),
            ("cookie-note", Some("cookie")),
            ("article__share-buttons", Some("share")),
            ("print-content", None),
            ("popular-text", None),
            ("modal-body", None),
            ("ad-content", Some("ad")),
            ("fancybox", Some("popup")),
            ("post-content", None),
            ("region-news-text", None),
            ("content-header", None),
            ("social-policy", None),
            ("city-life", None),
        ] {
            assert_eq!(group_of(class).as_deref(), group, "{class}");
        }
    }

    #[test]
    fn what_opens_a_picture_is_no_popup() {
        let rules = Rules::built_in();
        for class in ["fancybox", "fancybox-gallery", "lightbox", "popup-image", "modal"] {
            for name in ["a", "img", "figure"] {
                assert_eq!(rules.hit(&Element { name, class, ..Element::default() }), None, "{name}.{class}");
            }
        }
    }

    #[test]
    fn ids_roles_hosts_and_attributes_match() {
        let rules = Rules::built_in();
        let hit = |element: Element<'_>| rules.hit(&element).map(|h| h.selector);
        let of = |e: Element<'static>| Element { name: "div", ..e };
        assert_eq!(hit(of(Element { id: "disqus_thread", ..Element::default() })).as_deref(), Some("#disqus_thread"));
        assert_eq!(hit(of(Element { role: "dialog", ..Element::default() })).as_deref(), Some("[role=dialog]"));
        let frame = of(Element { src: "https://widget.disqus.com/embed", ..Element::default() });
        assert_eq!(hit(frame).as_deref(), Some("div[src*=\"disqus.com\"]"));
        assert_eq!(hit(of(Element { src: "https://notdisqus.com/embed", ..Element::default() })), None);
        assert!(rules.hit_attribute("data-ad-slot").is_some());
        assert!(rules.hit_attribute("data-id").is_none());
        assert!(rules.hit_label(" Версия для слабовидящих ").is_some());
    }

    #[test]
    fn the_page_itself_is_never_matched() {
        for name in ["html", "body", "main", "h1"] {
            let element = Element { name, class: "ad comments", id: "comments", ..Element::default() };
            assert_eq!(Rules::built_in().hit(&element), None, "{name}");
        }
    }

    #[test]
    fn tracking_parameters_go_and_the_rest_stays_as_it_was() {
        for (dirty, clean) in [
            ("https://a.ru/?utm_source=x&id=5&yclid=1", "https://a.ru/?id=5"),
            ("https://a.ru/?utm_source=x#top", "https://a.ru/#top"),
            ("https://a.ru/?q=a%20b&c", "https://a.ru/?q=a%20b&c"),
            ("https://a.ru/?UTM_Campaign=1", "https://a.ru/"),
            ("https://a.ru/", "https://a.ru/"),
        ] {
            let mut url = Url::parse(dirty).expect(dirty);
            Rules::built_in().clean_link(&mut url);
            assert_eq!(url.as_str(), clean);
        }
    }

    /// Hosts with a path could never match, and an upper-case letter would.
    #[test]
    fn names_in_the_file_can_match() {
        let rules = Rules::built_in();
        for host in rules.hosts.keys() {
            assert!(!host.contains('/'), "{host}");
        }
        for name in rules.names.table.keys() {
            assert!(name.len() <= LONGEST_NAME && !name.contains([' ', '.', '#']), "{name}");
        }
    }
}

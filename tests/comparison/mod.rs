//! What the stream keeps of a page, held against what a tree keeps of it.
//!
//! The page is parsed by html5ever, what a rule may take is left out, and every word that remains must be on the rewritten
//! page. Links, pictures and headings are compared likewise: by address, and by what they say.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use clearprint::Limits;
use clearprint::clean::{Element, Receipt, Rules, SelectorNode, Site, SiteOnPage, Verdict};
use clearprint::internals::html::dom::{Dom, Edge, NodeId};
use clearprint::rewrite::{Options, Rewriter};
use url::Url;

/// Elements whose content is never text of the page, or is left to the site.
const OPAQUE: [&str; 20] = [
    "head", "script", "style", "title", "noscript", "noembed", "noframes", "iframe", "svg", "canvas", "select",
    "textarea", "option", "optgroup", "audio", "video", "template", "math", "datalist", "progress",
];

/// Elements at whose edges no word ends.
const INLINE: [&str; 36] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "q", "rb", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
];

pub(crate) type Words = BTreeMap<String, i64>;

pub(crate) fn rewrite(html: &str, site: Option<&Arc<Site>>) -> Option<(String, Receipt)> {
    let mut page = Vec::new();
    let mut options = Options::default();
    options.site = site.cloned();
    let mut rewriter = Rewriter::new(Rules::built_in(), &options, |bytes: &[u8]| page.extend_from_slice(bytes));
    rewriter.write(html).ok()?;
    let receipt = rewriter.end().ok()?;
    Some((String::from_utf8(page).ok()?, receipt))
}

pub(crate) fn parse(html: &str) -> Option<Dom> {
    Dom::parse_with(html, "a page", &Limits::default(), true).ok()
}

/// Words of a tree outside what `passed_over` names.
pub(crate) fn words(dom: &Dom, passed_over: impl Fn(&Dom, NodeId) -> bool) -> Words {
    let mut text = String::new();
    let mut edges = dom.edges(dom.root());
    while let Some(edge) = edges.next() {
        let (Edge::Open(id) | Edge::Close(id)) = edge;
        let Some(tag) = dom.any_tag(id) else {
            if matches!(edge, Edge::Open(_)) {
                text.push_str(dom.text(id));
            }
            continue;
        };
        if !INLINE.contains(&&**tag) {
            text.push(' ');
        }
        if matches!(edge, Edge::Open(_)) && (OPAQUE.contains(&&**tag) || passed_over(dom, id)) {
            edges.pass_over(id);
            text.push(' ');
        }
    }
    let mut words = Words::new();
    for word in text.split_whitespace() {
        // What is no letter or digit is no word, and control characters are the tokenizer's affair.
        let word: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
        if !word.is_empty() {
            *words.entry(word).or_default() += 1;
        }
    }
    words
}

/// Whether a built-in rule may take this element. A guard may yet spare it; then the stream keeps more than is asked here.
fn may_go(dom: &Dom, id: NodeId) -> bool {
    let rules = Rules::built_in();
    let Some(name) = dom.any_tag(id) else { return false };
    if ["html", "body", "main", "h1"].contains(&&**name) {
        return false;
    }
    let attr = |name| dom.attr(id, name).unwrap_or_default();
    let element = Element { name, class: attr("class"), id: attr("id"), role: attr("role"), src: attr("src") };
    let style = attr("style").replace(char::is_whitespace, "").to_lowercase();
    rules.hit(&element).is_some()
        || dom.attrs(id).any(|(name, _)| rules.hit_attribute(name).is_some())
        || ["display:none", "visibility:hidden"].iter().any(|hidden| style.contains(hidden))
        || rules.hit_link(attr("href")).is_some()
        || rules.hit_action(attr("action")).is_some()
        || &**name == "img" && rules.hit_size(attr("width"), attr("height")).is_some()
        || &**name == "a" && rules.hit_label(&label(dom, id)).is_some()
}

/// What a link says.
fn label(dom: &Dom, link: NodeId) -> String {
    let mut text = String::new();
    let mut edges = dom.edges(link);
    while let Some(edge) = edges.next() {
        let Edge::Open(id) = edge else { continue };
        if dom.any_tag(id).is_some_and(|tag| OPAQUE.contains(&&**tag)) {
            edges.pass_over(id);
        } else if dom.any_tag(id).is_none() {
            text.push_str(dom.text(id));
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An element of a tree, for selectors.
struct Place<'a>(&'a Dom, NodeId);

impl SelectorNode for Place<'_> {
    fn name(&self) -> &str {
        self.0.any_tag(self.1).map_or("", |tag| &**tag)
    }

    fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.0.attr(self.1, name).map(Cow::Borrowed)
    }

    fn attribute_names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.attrs(self.1).map(|(name, _)| Cow::Borrowed(name))
    }
}

/// The elements that a built-in rule or a filter list may take.
fn may_all_go(dom: &Dom, site: Option<&Arc<Site>>) -> HashSet<NodeId> {
    let site = site.map(|site| SiteOnPage::new(&**site, None));
    let mut gone = HashSet::new();
    let mut around: Vec<Place<'_>> = Vec::new();
    for edge in dom.edges(dom.root()) {
        let (Edge::Open(id) | Edge::Close(id)) = edge;
        if dom.any_tag(id).is_none() {
            continue;
        }
        if matches!(edge, Edge::Close(_)) {
            around.pop();
            continue;
        }
        let place = Place(dom, id);
        let listed = site.as_ref().is_some_and(|site| {
            let loads = || ["src", "data", "data-src"].iter().find_map(|name| Url::parse(dom.attr(id, name)?).ok());
            matches!(site.judge(&place, &around), Verdict::Remove(_))
                || loads().is_some_and(|address| site.judge_load(place.name(), &address).is_some())
        });
        if listed || may_go(dom, id) {
            gone.insert(id);
        }
        around.push(place);
    }
    gone
}

/// What a reader would miss: addresses of links that say something, of pictures (each with all it may be had from), and
/// what headings say.
#[derive(Default)]
struct Missed {
    links: BTreeSet<String>,
    images: Vec<Vec<String>>,
    headings: BTreeSet<String>,
}

/// An address as the page has it. A place within the page itself is none: where the page is is not known here.
fn address(raw: &str, base: &Url) -> Option<String> {
    if raw.trim().is_empty() || raw.trim().starts_with('#') {
        return None;
    }
    let clean: String = raw.trim_matches(|c| c <= ' ').chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let mut url = base.join(&clean).ok()?;
    Rules::built_in().clean_link(&mut url);
    matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| url.into())
}

/// What an element says, in letters and digits alone.
fn letters(dom: &Dom, of: NodeId, passed_over: &impl Fn(&Dom, NodeId) -> bool) -> String {
    let mut letters = String::new();
    let mut edges = dom.edges(of);
    while let Some(edge) = edges.next() {
        let Edge::Open(id) = edge else { continue };
        if dom.any_tag(id).is_some_and(|tag| OPAQUE.contains(&&**tag)) || passed_over(dom, id) {
            edges.pass_over(id);
        } else if dom.any_tag(id).is_none() {
            letters.extend(dom.text(id).chars().filter(|c| c.is_alphanumeric()));
        }
    }
    letters
}

/// Names of pictures that stand in for others, or for nothing.
const STAND_INS: [&str; 14] = [
    "blank",
    "spacer",
    "pixel",
    "1x1",
    "dot",
    "loading",
    "loader",
    "lazy",
    "transparent",
    "clear",
    "empty",
    "trans",
    "placeholder",
    "placeholder_1_1",
];

/// The name of a file without its ending.
fn stem(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default()
}

fn missed(dom: &Dom, passed_over: impl Fn(&Dom, NodeId) -> bool) -> Missed {
    const SOURCES: [&str; 5] = ["src", "data-src", "data-original", "data-lazy-src", "data-url"];
    let mut missed = Missed::default();
    let nowhere = Url::parse("https://clearprint.invalid/").expect("a constant");
    let declared =
        dom.descendants(dom.root()).find_map(|id| if dom.is(id, "base") { dom.attr(id, "href") } else { None });
    let base = declared.and_then(|href| nowhere.join(href).ok()).unwrap_or(nowhere);
    let address = |raw: &str| address(raw, &base);
    let mut edges = dom.edges(dom.root());
    while let Some(edge) = edges.next() {
        let Edge::Open(id) = edge else { continue };
        let Some(tag) = dom.any_tag(id) else { continue };
        if OPAQUE.contains(&&**tag) || passed_over(dom, id) {
            edges.pass_over(id);
            continue;
        }
        match &**tag {
            "a" if !letters(dom, id, &passed_over).is_empty() => {
                missed.links.extend(dom.attr(id, "href").and_then(address))
            }
            "img" => {
                let tiny = |name| dom.attr(id, name).and_then(|n| n.parse::<u32>().ok()).is_some_and(|n| n <= 3);
                let sources: Vec<_> = SOURCES.iter().filter_map(|name| dom.attr(id, name)).collect();
                let addresses: Vec<_> = sources.iter().filter_map(|src| address(src)).collect();
                // What lazy loaders show before the picture comes is known by its name.
                let shown = !addresses.iter().all(|src| STAND_INS.contains(&stem(src)));
                if shown && !tiny("width") && !tiny("height") && !addresses.is_empty() {
                    missed.images.push(addresses);
                }
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                missed.headings.insert(letters(dom, id, &passed_over));
            }
            _ => {}
        }
    }
    missed
}

/// What Clearprint adds of its own: the panel, the way past it.
pub(crate) fn of_the_frame(dom: &Dom, id: NodeId) -> bool {
    dom.attr(id, "data-clearprint-panel").is_some() || dom.attr(id, "class") == Some("cp-skip")
}

/// What was compared, and what was missing.
#[derive(Default)]
pub(crate) struct Account {
    pages: usize,
    words: i64,
    pub(crate) lost: i64,
    /// Words that are whole on one side and in parts on the other.
    divided: i64,
    /// Words that went with the heading of a block of links.
    by_heading: i64,
    /// Over a limit of the tree parser or of the stream.
    refused: usize,
    pub(crate) worst: Vec<(i64, String)>,
    /// Links, pictures and headings of the tree; of these, those that the page has not.
    had: [usize; 3],
    missing: [usize; 3],
    examples: Vec<String>,
}

impl Account {
    pub(crate) fn compare(&mut self, name: &str, html: &str, site: Option<&Arc<Site>>) {
        let (Some(tree), Some((page, receipt))) = (parse(html), rewrite(html, site)) else {
            self.refused += 1;
            return;
        };
        let gone = may_all_go(&tree, site);
        let kept = words(&tree, |_, id| gone.contains(&id));
        let page = parse(&page).expect("what we write is shallow");
        // Blocks of links that only their heading tells: a tree would have to weigh what follows it, as the stream does.
        let told = receipt.removed.iter().filter(|removal| removal.selector.starts_with("heading «"));
        let mut by_heading = told.map(|removal| removal.words as i64).sum::<i64>();
        if by_heading == 0 {
            self.compare_missed(name, &missed(&tree, |_, id| gone.contains(&id)), &missed(&page, of_the_frame), &page);
        }
        let page = words(&page, of_the_frame);
        self.pages += 1;
        self.words += kept.values().sum::<i64>();
        let missing = |(word, n): (&String, &i64), of: &Words| {
            let missing = n - of.get(word).copied().unwrap_or_default();
            (missing > 0).then(|| (word.clone(), missing))
        };
        let mut lost: Vec<_> = kept.iter().filter_map(|word| missing(word, &page)).collect();
        lost.sort_by_key(|(word, _)| -(word.len() as i64));
        // Where words are divided differently, the parts stand among the words the page has besides.
        let mut besides = BTreeMap::<char, i64>::new();
        for (word, n) in page.iter().filter_map(|word| missing(word, &kept)) {
            word.chars().for_each(|c| *besides.entry(c).or_default() += n);
        }
        let mut words = Vec::new();
        for (word, n) in lost {
            let enough = word.chars().all(|c| besides.get(&c).is_some_and(|left| *left >= n));
            if enough {
                word.chars().for_each(|c| *besides.entry(c).or_default() -= n);
                self.divided += n;
            } else if by_heading >= n {
                by_heading -= n;
                self.by_heading += n;
            } else {
                self.lost += n;
                words.push(word);
            }
        }
        if !words.is_empty() {
            let sample: Vec<_> = words.iter().take(12).cloned().collect();
            self.worst.push((words.len() as i64, format!("{name}: {}", sample.join(" "))));
        }
    }

    fn compare_missed(&mut self, name: &str, tree: &Missed, page: &Missed, dom: &Dom) {
        let images: HashSet<&String> = page.images.iter().flatten().collect();
        // A heading in a cell of data, and one that is the headline's, are text of another kind; what they say stays.
        let all = letters(dom, dom.root(), &|_, _| false);
        let lost = [
            tree.links.difference(&page.links).map(|link| format!("link {link}")).collect::<Vec<_>>(),
            tree.images
                .iter()
                .filter(|of| !of.iter().any(|src| images.contains(src)))
                .map(|of| format!("image {}", of[0]))
                .collect(),
            tree.headings.iter().filter(|text| !all.contains(text.as_str())).map(|t| format!("heading {t}")).collect(),
        ];
        for (kind, (had, lost)) in
            [tree.links.len(), tree.images.len(), tree.headings.len()].into_iter().zip(&lost).enumerate()
        {
            self.had[kind] += had;
            self.missing[kind] += lost.len();
        }
        self.examples.extend(lost.iter().flatten().take(3).map(|lost| format!("{name}: {lost}")));
    }

    pub(crate) fn report(mut self, of: &str) {
        self.worst.sort_by_key(|(n, _)| -n);
        eprintln!(
            "{of}: {} pages, {} words, {} lost on {} pages, {} divided differently, {} gone with the heading above them, {} \
             pages refused",
            self.pages,
            self.words,
            self.lost,
            self.worst.len(),
            self.divided,
            self.by_heading,
            self.refused
        );
        for (n, page) in self.worst.iter().take(40) {
            eprintln!("  {n} {page}");
        }
        let [(links, no_links), (images, no_images), (headings, no_headings)] =
            [0, 1, 2].map(|kind| (self.had[kind], self.missing[kind]));
        eprintln!(
            "{of}: {no_links} of {links} links, {no_images} of {images} pictures, {no_headings} of {headings} headings \
             missing"
        );
        for example in self.examples.iter().take(40) {
            eprintln!("  {example}");
        }
        assert!(self.pages > 0, "{of}: nothing was compared");
        // A link within a link, which no page of ours has, and addresses that only the stream's own reading tells apart.
        let few = |missing: usize, had: usize| missing * 1000 <= had || had < 100;
        assert!(few(no_links, links) && few(no_headings, headings), "{of}: links or headings are missing");
        assert!(no_images * 100 <= images, "{of}: pictures are missing");
        assert_eq!(self.lost, 0, "{of}: words that a tree keeps are lost");
    }
}

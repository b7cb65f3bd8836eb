//! Structure rules for a page, as far as they can be judged without a browser.
//!
//! These are the promises every page of ours makes (one `main`, one `h1`, a skip link, names for everything that can be
//! followed or filled in, nothing that runs), and the rules of WCAG 2.2 behind them. What needs a layout (contrast,
//! reflow, focus) is measured in a browser by `tests/browser`.

use std::collections::{HashMap, HashSet};

use super::Finding;
use crate::html::dom::{Dom, Edge, NodeId};
use crate::{Limits, Result};

/// A page may break one rule a thousand times; a person reads this many of them.
const OF_ONE_RULE: usize = 20;

/// Checks a page's structure; an empty list is a page that keeps every rule here.
///
/// `name` is what error messages call the page.
///
/// # Errors
///
/// [`crate::Error::Limit`] when the page is too large to be parsed within `limits`.
///
/// ```
/// let limits = clearprint::Limits::default();
/// let findings = clearprint::check::html("<title>A</title><h1>A</h1>", "a.html", &limits)?;
/// assert!(findings.iter().any(|f| f.rule == "WCAG 3.1.1"), "there is no lang: {findings:?}");
/// # Ok::<(), clearprint::Error>(())
/// ```
pub fn html(text: &str, name: &str, limits: &Limits) -> Result<Vec<Finding>> {
    let dom = Dom::parse(text, name, limits)?;
    let mut page = Page::read(&dom);
    page.head();
    page.headings();
    page.landmarks();
    page.ids();
    for i in 0..page.elements.len() {
        page.element(page.elements[i]);
    }
    Ok(page.findings.finish())
}

/// Findings by rule, so that one rule cannot drown the others.
#[derive(Default)]
struct Findings {
    list: Vec<Finding>,
    count: HashMap<&'static str, usize>,
}

impl Findings {
    fn add(&mut self, rule: &'static str, place: impl FnOnce() -> String, message: impl Into<String>) {
        let n = self.count.entry(rule).or_default();
        *n += 1;
        if *n <= OF_ONE_RULE {
            self.list.push(Finding::new(rule, place(), message));
        }
    }

    fn finish(mut self) -> Vec<Finding> {
        let mut more: Vec<_> = self.count.into_iter().filter(|&(_, n)| n > OF_ONE_RULE).collect();
        more.sort_unstable();
        for (rule, n) in more {
            self.list.push(Finding::new(rule, "", format!("and {} more like these", n - OF_ONE_RULE)));
        }
        self.list
    }
}

struct Page<'a> {
    dom: &'a Dom,
    /// Every element of HTML that a reader can meet, in the order of the page: what is hidden from everybody is left out.
    elements: Vec<NodeId>,
    ids: HashMap<&'a str, NodeId>,
    repeated: Vec<NodeId>,
    labelled: HashSet<&'a str>,
    /// Labels that have a name.
    labels: HashSet<NodeId>,
    /// Cells and header cells of each table, those of a table within it left out.
    cells: HashMap<NodeId, (usize, usize)>,
    findings: Findings,
}

impl<'a> Page<'a> {
    fn read(dom: &'a Dom) -> Self {
        let mut page = Page {
            dom,
            elements: Vec::new(),
            ids: HashMap::new(),
            repeated: Vec::new(),
            labelled: HashSet::new(),
            labels: HashSet::new(),
            cells: HashMap::new(),
            findings: Findings::default(),
        };
        let mut edges = dom.edges(dom.root());
        while let Some(edge) = edges.next() {
            let Edge::Open(id) = edge else { continue };
            let Some(tag) = dom.any_tag(id) else { continue };
            if let Some(value) = dom.attr(id, "id")
                && page.ids.insert(value, id).is_some()
            {
                page.repeated.push(id);
            }
            if &**tag == "template" {
                edges.pass_over(id);
                continue;
            }
            if dom.is(id, "label")
                && let Some(goal) = dom.attr(id, "for")
            {
                page.labelled.insert(goal);
            }
            if (dom.is(id, "td") || dom.is(id, "th"))
                && let Some(table) = dom.ancestors(id).find(|&a| dom.is(a, "table"))
            {
                let (cells, headers) = page.cells.entry(table).or_default();
                *(if dom.is(id, "th") { headers } else { cells }) += 1;
            }
            page.elements.push(id);
        }
        page.labels = page.all("label").into_iter().filter(|&l| !page.name(l).is_empty()).collect();
        page
    }

    fn add(&mut self, rule: &'static str, at: NodeId, message: impl Into<String>) {
        self.findings.add(rule, || place(self.dom, at), message);
    }

    fn all(&self, tag: &str) -> Vec<NodeId> {
        self.elements.iter().copied().filter(|&e| self.dom.is(e, tag)).collect()
    }

    fn head(&mut self) {
        let dom = self.dom;
        let root = dom.find("html").unwrap_or(dom.root());
        match dom.attr(root, "lang").map(str::trim) {
            None | Some("") => self.add("WCAG 3.1.1", root, "the page does not say its language; add lang to html"),
            Some(tag) if !is_language_tag(tag) => {
                self.add(
                    "WCAG 3.1.1",
                    root,
                    format!("lang=\"{}\" is not a language tag; write one like ru or en-GB", cut(tag, 20)),
                );
            }
            Some(_) => {}
        }
        if dom.find("title").is_none_or(|t| dom.text_content(t).trim().is_empty()) {
            self.findings.add("WCAG 2.4.2", String::new, "the page has no title");
        }
        let metas = self.all("meta");
        let named =
            |name: &str| metas.iter().find(|&&m| dom.attr(m, "name").is_some_and(|n| n.eq_ignore_ascii_case(name)));
        match named("viewport").map(|&m| (m, dom.attr(m, "content").unwrap_or_default())) {
            None => self.findings.add(
                "WCAG 1.4.10",
                String::new,
                "no viewport: on a telephone the page is drawn as for a desk and shrunk",
            ),
            Some((m, content)) if forbids_zoom(content) => {
                self.add("WCAG 1.4.4", m, "the viewport forbids enlarging; leave out maximum-scale and user-scalable");
            }
            Some(_) => {}
        }
        for &m in &metas {
            if dom.attr(m, "http-equiv").is_some_and(|v| v.trim().eq_ignore_ascii_case("refresh")) {
                self.add("WCAG 2.2.4", m, "the page reloads or moves on by itself");
            }
        }
    }

    fn headings(&mut self) {
        let dom = self.dom;
        let mut first = 0;
        let mut before = 0;
        for id in self.elements.clone() {
            let level = match dom.tag(id).map(|t| t.as_bytes()) {
                Some([b'h', n @ b'1'..=b'6']) => n - b'0',
                _ => continue,
            };
            if self.name(id).is_empty() {
                self.add("WCAG 1.3.1", id, "an empty heading");
            }
            if level > before + 1 {
                let message = match before {
                    0 => format!("the first heading is of level {level}, not 1"),
                    _ => format!("a heading of level {level} follows one of level {before}"),
                };
                self.add("WCAG 1.3.1", id, message);
            }
            before = level;
            if level == 1 {
                first += 1;
                if first > 1 {
                    self.add("heading", id, "a second h1; the page has one headline");
                }
            }
        }
        if first == 0 {
            self.findings.add("heading", String::new, "no h1");
        }
    }

    fn landmarks(&mut self) {
        let dom = self.dom;
        let is_main = |e: NodeId| dom.is(e, "main") || dom.attr(e, "role") == Some("main");
        let mains: Vec<_> = self.elements.iter().copied().filter(|&e| is_main(e)).collect();
        match mains[..] {
            [] => self.findings.add("landmark", String::new, "no main: nothing says where the content is"),
            [_] => {}
            [_, second, ..] => self.add("landmark", second, "a second main; a page has one"),
        }
        let link = self.elements.iter().copied().find(|&e| dom.is(e, "a") && dom.attr(e, "href").is_some());
        let goal = link
            .and_then(|l| dom.attr(l, "href"))
            .and_then(|h| h.strip_prefix('#'))
            .and_then(|id| self.ids.get(id).copied());
        let leads = mains.first().is_some_and(|&main| {
            goal.is_some_and(|g| dom.ancestors(g).any(|a| a == main) || dom.ancestors(main).any(|a| a == g))
        });
        if !leads {
            self.findings.add(
                "WCAG 2.4.1",
                || link.map(|l| place(dom, l)).unwrap_or_default(),
                "no skip link: the first link of the page does not lead into main",
            );
        }
    }

    fn ids(&mut self) {
        for id in std::mem::take(&mut self.repeated) {
            let value = self.dom.attr(id, "id").unwrap_or_default();
            self.add("id", id, format!("the id {:?} stands more than once", cut(value, 40)));
        }
    }

    fn element(&mut self, id: NodeId) {
        let dom = self.dom;
        self.runs(id);
        for reference in ["aria-labelledby", "aria-describedby", "aria-controls", "headers"] {
            let lost =
                dom.attr(id, reference).and_then(|v| v.split_ascii_whitespace().find(|r| !self.ids.contains_key(r)));
            if let Some(lost) = lost {
                self.add("id", id, format!("{reference} names {:?}, which is no id of this page", cut(lost, 40)));
            }
        }
        if let Some(tag) = dom.attr(id, "lang")
            && !dom.is(id, "html")
            && !tag.is_empty()
            && !is_language_tag(tag)
        {
            self.add("WCAG 3.1.2", id, format!("lang=\"{}\" is not a language tag", cut(tag, 20)));
        }
        if dom.attr(id, "tabindex").and_then(|t| t.trim().parse::<i64>().ok()).is_some_and(|t| t > 0) {
            self.add("WCAG 2.4.3", id, "a tabindex over 0 takes the element out of the order of the page");
        }
        let tag = dom.tag(id).map_or("", |t| t);
        match tag {
            "img"
                if dom.attr(id, "alt").is_none()
                    && !self.is_hidden(id)
                    && !self.is_decoration(id)
                    && self.aria_name(id).is_none() =>
            {
                self.add(
                    "WCAG 1.1.1",
                    id,
                    "a picture without alt; describe it, or write alt=\"\" where it is decoration",
                );
            }
            "a" | "area" if dom.attr(id, "href").is_some() && self.name(id).is_empty() && !self.is_hidden(id) => {
                self.add("WCAG 2.4.4", id, "a link without a name");
            }
            "button" | "summary" if self.name(id).is_empty() && !self.is_hidden(id) => {
                self.add("WCAG 4.1.2", id, format!("a {tag} without a name"));
            }
            "input" | "select" | "textarea" => self.control(id),
            "table" => self.table(id),
            "th" if dom.attr(id, "scope").is_some_and(|s| !is_scope(s)) => {
                self.add("WCAG 1.3.1", id, "scope says neither row nor col");
            }
            "li" => self.belongs(id, &["ul", "ol", "menu"]),
            "dt" | "dd" => self.belongs(id, &["dl", "div"]),
            "fieldset"
                if !dom.children(id).any(|c| dom.is(c, "legend") && !self.name(c).is_empty())
                    && self.aria_name(id).is_none() =>
            {
                self.add("WCAG 1.3.1", id, "a fieldset without a legend: its controls lack their common name");
            }
            _ => {}
        }
    }

    /// What runs, or shows a foreign page, or carries colours no theme can answer for.
    fn runs(&mut self, id: NodeId) {
        let dom = self.dom;
        let Some(tag) = dom.any_tag(id) else { return };
        match &**tag {
            "script" => {
                let data = dom.attr(id, "type").is_some_and(|t| t.trim().eq_ignore_ascii_case("application/ld+json"));
                if !data && dom.attr(id, "data-clearprint").is_none() {
                    self.add("script", id, "a script runs in the page");
                }
            }
            "iframe" | "frame" | "object" | "embed" => {
                self.add("embed", id, "a foreign page or program is shown in the page")
            }
            _ => {}
        }
        for (name, value) in dom.attrs(id) {
            if name.starts_with("on") && name.len() > 2 {
                self.add("script", id, format!("{} runs a script", cut(name, 24)));
            } else if ["href", "src", "action", "formaction", "data", "xlink:href"].contains(&name)
                && is_script_address(value)
            {
                self.add("script", id, format!("{name} holds a script, not an address"));
            } else if name == "bgcolor"
                || (name == "color" && dom.is(id, "font"))
                || (name == "style" && sets_colour(value))
            {
                self.add("WCAG 1.4.8", id, "a colour of its own, which the reader's theme cannot change");
            }
        }
    }

    fn control(&mut self, id: NodeId) {
        let dom = self.dom;
        let kind = dom.attr(id, "type").unwrap_or("text").trim().to_ascii_lowercase();
        let filled = |a| dom.attr(id, a).is_some_and(|v| !v.trim().is_empty());
        let named = match (dom.is(id, "input"), kind.as_str()) {
            (true, "hidden" | "reset" | "submit") => true, // the browser names the last two itself
            (true, "button") => filled("value") || self.aria_name(id).is_some(),
            (true, "image") => filled("alt") || self.aria_name(id).is_some(),
            _ => {
                dom.attr(id, "id").is_some_and(|i| self.labelled.contains(i))
                    || dom.ancestors(id).any(|a| self.labels.contains(&a))
                    || self.aria_name(id).is_some()
            }
        };
        if !named && !self.is_hidden(id) {
            self.add("WCAG 3.3.2", id, "a field without a label; a placeholder is none");
        }
    }

    fn table(&mut self, id: NodeId) {
        if self.is_decoration(id) {
            return;
        }
        let (cells, headers) = self.cells.get(&id).copied().unwrap_or_default();
        if headers == 0 && cells > 1 {
            self.add(
                "WCAG 1.3.1",
                id,
                "a table without header cells; name its columns or rows with th, or say role=\"presentation\"",
            );
        }
    }

    fn belongs(&mut self, id: NodeId, parents: &[&str]) {
        let dom = self.dom;
        let fits =
            dom.parent(id).is_some_and(|p| parents.iter().any(|t| dom.is(p, t)) || dom.attr(p, "role") == Some("list"));
        if !fits {
            self.add("WCAG 1.3.1", id, format!("stands outside of {}", parents[0]));
        }
    }

    fn is_hidden(&self, id: NodeId) -> bool {
        self.dom
            .ancestors(id)
            .any(|a| self.dom.attr(a, "aria-hidden") == Some("true") || self.dom.attr(a, "hidden").is_some())
    }

    fn is_decoration(&self, id: NodeId) -> bool {
        matches!(self.dom.attr(id, "role"), Some("presentation" | "none"))
    }

    /// A name given by `aria-label`, `aria-labelledby` or `title`.
    fn aria_name(&self, id: NodeId) -> Option<&'a str> {
        let dom = self.dom;
        let filled = |a| dom.attr(id, a).map(str::trim).filter(|v| !v.is_empty());
        let by = filled("aria-labelledby").filter(|v| {
            v.split_ascii_whitespace().any(|r| self.ids.get(r).is_some_and(|&e| !dom.text_content(e).trim().is_empty()))
        });
        by.or_else(|| filled("aria-label")).or_else(|| filled("title"))
    }

    /// What assistive technology would call the element: its label, else its text and the descriptions of its pictures.
    fn name(&self, id: NodeId) -> String {
        let dom = self.dom;
        if let Some(name) = self.aria_name(id) {
            return name.to_owned();
        }
        let mut name = dom.attr(id, "alt").unwrap_or_default().to_owned();
        let mut edges = dom.edges(id);
        while let Some(edge) = edges.next() {
            let Edge::Open(e) = edge else { continue };
            if e != id && (dom.attr(e, "aria-hidden") == Some("true") || dom.attr(e, "hidden").is_some()) {
                edges.pass_over(e);
                continue;
            }
            name.push_str(dom.text(e));
            if e != id && dom.any_tag(e).is_some() {
                name.push_str(dom.attr(e, "aria-label").or_else(|| dom.attr(e, "alt")).unwrap_or_default());
            }
        }
        name.trim().to_owned()
    }
}

/// An element as a person would point at it: its start tag, cut short, and its first words.
fn place(dom: &Dom, id: NodeId) -> String {
    let mut place = format!("<{}", dom.any_tag(id).map_or("?", |t| t));
    for (name, value) in
        dom.attrs(id).filter(|(n, _)| ["id", "class", "src", "href", "name", "type"].contains(n)).take(2)
    {
        place.push_str(&format!(" {name}=\"{}\"", cut(value, 48)));
    }
    place.push('>');
    if !dom.is(id, "script") {
        let words: Vec<_> = dom.descendants(id).flat_map(|n| dom.text(n).split_whitespace()).take(8).collect();
        if !words.is_empty() {
            place.push_str(&format!(" {}", cut(&words.join(" "), 48)));
        }
    }
    place
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The shape of BCP 47: subtags of one to eight letters or digits, the first of two to eight letters (or `x`, `i`).
fn is_language_tag(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let first = subtags.next().unwrap_or_default();
    let letters = first.bytes().all(|b| b.is_ascii_alphabetic());
    let primary = letters && ((2..=8).contains(&first.len()) || (["x", "i"].contains(&first) && tag.len() > 2));
    primary && subtags.all(|s| (1..=8).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn is_scope(value: &str) -> bool {
    ["row", "col", "rowgroup", "colgroup"].iter().any(|s| value.eq_ignore_ascii_case(s))
}

fn forbids_zoom(viewport: &str) -> bool {
    viewport.split([',', ';']).filter_map(|pair| pair.split_once('=')).any(|(key, value)| {
        let value = value.trim().to_ascii_lowercase();
        match key.trim().to_ascii_lowercase().as_str() {
            "user-scalable" => value == "no" || value == "0",
            // WCAG 1.4.4 asks for 200 %.
            "maximum-scale" => value.parse::<f64>().is_ok_and(|v| v < 2.0),
            _ => false,
        }
    })
}

/// As a browser reads the scheme: leading controls and spaces off, tabs and line breaks within it ignored.
fn is_script_address(value: &str) -> bool {
    let scheme: String = value
        .trim_start_matches(|c: char| c <= ' ')
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .take_while(|&c| c != ':')
        .take(12)
        .collect();
    value.contains(':') && ["javascript", "vbscript"].contains(&scheme.to_ascii_lowercase().as_str())
}

fn sets_colour(style: &str) -> bool {
    style.split(';').filter_map(|d| d.split_once(':')).any(|(property, _)| {
        let property = property.trim().to_ascii_lowercase();
        property == "color"
            || property == "background"
            || property == "background-color"
            || property == "background-image"
    })
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;

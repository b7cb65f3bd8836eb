//! What the page declares in markup that no reader sees.

use crate::html::dom::{Dom, NodeId};
use serde_json::Value;

/// Declared metadata, the strongest source first.
#[derive(Debug, Default)]
pub(in crate::article) struct Declared {
    /// Headlines, best first.
    pub(in crate::article) titles: Vec<String>,
    /// Where `base` says that relative addresses start.
    pub(in crate::article) base: Option<String>,
    /// The text of `title`.
    pub(in crate::article) page_title: String,
    pub(in crate::article) authors: Vec<String>,
    /// From meta names, which often hold the site or an editor's login.
    pub(in crate::article) meta_authors: Vec<String>,
    /// Who a card for sharing says wrote it.
    pub(in crate::article) card_authors: Vec<String>,
    pub(in crate::article) published: Vec<String>,
    pub(in crate::article) modified: Vec<String>,
    pub(in crate::article) section: Option<String>,
    pub(in crate::article) image: Option<String>,
    pub(in crate::article) image_alt: Option<String>,
    pub(in crate::article) lang: Option<String>,
    pub(in crate::article) site: Option<String>,
    /// Everything the site and its publisher are called.
    pub(in crate::article) sites: Vec<String>,
    /// The headline of JSON-LD.
    pub(in crate::article) headline: Option<String>,
    /// JSON-LD calls the article news: its headline is an editor's, and not one that a plugin took from the search title.
    pub(in crate::article) is_news: bool,
    /// `og:title`.
    pub(in crate::article) shared_title: Option<String>,
    pub(in crate::article) url: Option<String>,
    pub(in crate::article) description: Option<String>,
    /// `articleBody` of JSON-LD: a witness of what belongs, without structure.
    pub(in crate::article) body: Option<String>,
    /// JSON-LD or Open Graph call the page an article.
    pub(in crate::article) is_article: bool,
}

/// Types of schema.org that are an article, or hold one.
const ARTICLES: [&str; 17] = [
    "Article",
    "NewsArticle",
    "BlogPosting",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "LiveBlogPosting",
    "ScholarlyArticle",
    "TechArticle",
    "Report",
    "SocialMediaPosting",
    "AdvertiserContentArticle",
    "SatiricalArticle",
    "Review",
    "Recipe",
];

impl Declared {
    pub(in crate::article) fn read(dom: &Dom) -> Declared {
        let mut d = Declared::default();
        let mut graph: Vec<Value> = Vec::new();
        let mut metas: Vec<(String, String)> = Vec::new();
        let mut items: Vec<(NodeId, &str)> = Vec::new();
        let mut base = None;
        for id in dom.descendants(dom.root()) {
            let Some(tag) = dom.tag(id) else { continue };
            match &**tag {
                "html" => d.lang = dom.attr(id, "lang").or(dom.attr(id, "xml:lang")).and_then(lang),
                "base" if base.is_none() => base = Some(dom.attr(id, "href").unwrap_or_default().trim()),
                "title" if d.page_title.is_empty() => d.page_title = squash(&dom.text_content(id)),
                "script" => {
                    let kind = dom.attr(id, "type").unwrap_or_default();
                    if kind.trim().eq_ignore_ascii_case("application/ld+json") {
                        graph.extend(json(&dom.text_content(id)));
                    }
                }
                "meta" => {
                    let name = dom.attr(id, "property").or(dom.attr(id, "name")).or(dom.attr(id, "itemprop"));
                    if let (Some(name), Some(content)) = (name, dom.attr(id, "content")) {
                        let content = squash(content);
                        if !content.is_empty() {
                            metas.push((name.trim().to_ascii_lowercase(), content));
                        }
                    }
                }
                "link"
                    if d.url.is_none() && dom.attr(id, "rel").is_some_and(|r| r.eq_ignore_ascii_case("canonical")) =>
                {
                    d.url = dom.attr(id, "href").map(|h| h.trim().to_owned()).filter(|h| !h.is_empty());
                }
                _ => {}
            }
            if let Some(prop) = dom.attr(id, "itemprop") {
                items.push((id, prop));
            }
        }
        d.base = base.filter(|href| !href.is_empty()).map(str::to_owned);
        d.linked_data(&graph);
        d.metas(&metas);
        d.microdata(dom, &items);
        d
    }

    fn linked_data(&mut self, graph: &[Value]) {
        let mut nodes = Vec::new();
        for value in graph {
            flatten(value, &mut nodes, 0);
        }
        let by_id = |id: &str| nodes.iter().find(|n| n.get("@id").and_then(Value::as_str) == Some(id)).copied();
        let is = |node: &Value, names: &[&str]| types(node).any(|t| names.contains(&t));
        let article = nodes
            .iter()
            .copied()
            .find(|n| is(n, &ARTICLES) && n.get("headline").is_some())
            .or_else(|| nodes.iter().copied().find(|n| is(n, &ARTICLES)));
        let page = nodes.iter().copied().find(|n| is(n, &["WebPage", "ItemPage"]));
        for (node, own) in article.map(|n| (n, true)).into_iter().chain(page.map(|n| (n, false))) {
            if own {
                self.is_article = true;
                for key in ["headline", "name", "alternativeHeadline"] {
                    self.titles.extend(
                        node.get(key)
                            .and_then(Value::as_str)
                            .map(plain)
                            .filter(|t| !t.is_empty())
                            .take_if(|_| key != "alternativeHeadline"),
                    );
                }
                self.is_news = types(node).any(|t| t.ends_with("NewsArticle"));
                self.headline = node.get("headline").and_then(Value::as_str).map(plain).filter(|t| !t.is_empty());
                let body = node.get("articleBody").or(node.get("reviewBody")).and_then(Value::as_str);
                // A line each paragraph, where the page tells them apart.
                let lines =
                    |body: &str| -> Vec<String> { body.lines().map(plain).filter(|line| !line.is_empty()).collect() };
                self.body = body.map(|body| lines(body).join("\n"));
                for key in ["author", "creator"] {
                    if self.authors.is_empty() {
                        names(node.get(key), &by_id, &mut self.authors);
                    }
                }
                self.section = texts(node.get("articleSection")).into_iter().next();
                if self.url.is_none() {
                    self.url = node.get("url").or(node.get("mainEntityOfPage")).and_then(address);
                }
                self.image = node.get("image").and_then(|i| address(resolve(i, &by_id)));
                if let Some(publisher) = node.get("publisher").map(|p| resolve(p, &by_id)) {
                    self.site = publisher.get("name").and_then(Value::as_str).map(plain).filter(|n| !n.is_empty());
                    self.sites.extend(self.site.clone());
                }
                if self.lang.is_none() {
                    self.lang = node.get("inLanguage").and_then(Value::as_str).and_then(lang);
                }
            }
            self.published.extend(texts(node.get("datePublished")));
            if own {
                self.published.extend(texts(node.get("dateCreated")));
            }
            self.modified.extend(texts(node.get("dateModified")));
        }
        if let Some(site) = nodes.iter().copied().find(|n| is(n, &["WebSite"]))
            && let Some(name) = site.get("name").and_then(Value::as_str).map(plain).filter(|n| !n.is_empty())
        {
            self.sites.push(name.clone());
            self.site = Some(name);
        }
    }

    fn metas(&mut self, metas: &[(String, String)]) {
        let all = |names: &[&str]| -> Vec<String> {
            names.iter().flat_map(|name| metas.iter().filter(move |(n, _)| n == name)).map(|(_, c)| c.clone()).collect()
        };
        let first = |names: &[&str]| all(names).into_iter().next();
        self.titles.extend(all(&[
            "og:title",
            "twitter:title",
            "dc.title",
            "dcterms.title",
            "citation_title",
            "title",
            "headline",
            "parsely-title",
            "sailthru.title",
        ]));
        self.meta_authors = all(&[
            "article:author_name",
            "citation_author",
            "citation_authors",
            "dc.creator",
            "dcterms.creator",
            "dc.creator.name",
            "parsely-author",
            "sailthru.author",
            "byl",
            "author",
            "article:author",
            "og:article:author",
            "cxenseparse:author",
            "twitter:creator:name",
            "authors",
            "creator",
        ]);
        // Cards for sharing name the author behind a label.
        for n in ["1", "2"] {
            let label = first(&[&format!("twitter:label{n}")]).unwrap_or_default().to_lowercase();
            if ["written by", "interview by", "author", "by", "автор", "verfasst von", "écrit par", "escrito por"]
                .contains(&label.as_str())
            {
                self.card_authors.extend(first(&[&format!("twitter:data{n}")]));
            }
        }
        self.meta_authors.extend(self.card_authors.iter().cloned());
        self.meta_authors.retain(|a| !a.starts_with("http") && !a.starts_with('@') && !a.starts_with("www."));
        self.published.extend(all(&[
            "article:published_time",
            "og:article:published_time",
            "article:published",
            "og:published_time",
            "datepublished",
            "date",
            "pubdate",
            "publishdate",
            "publish-date",
            "publication_date",
            "publish_date",
            "dc.date",
            "dc.date.issued",
            "dcterms.created",
            "dcterms.issued",
            "dcterms.date",
            "dc.date.created",
            "citation_publication_date",
            "citation_date",
            "parsely-pub-date",
            "sailthru.date",
            "article.published",
            "cxenseparse:recs:publishtime",
            "ptime",
            "published_at",
            "published_on",
            "published-date",
            "last-published",
            "article_date_original",
            "originalpublicationdate",
            "displaydate",
            "iso-8601-publish-date",
            "rnews:datepublished",
        ]));
        self.modified.extend(all(&[
            "article:modified_time",
            "og:updated_time",
            "og:article:modified_time",
            "lastmod",
            "datemodified",
            "last-modified",
            "dcterms.modified",
            "article:updated",
            "revised",
        ]));
        self.section = self
            .section
            .take()
            .or_else(|| first(&["article:section", "og:article:section", "section", "category", "parsely-section"]));
        self.image = first(&["og:image", "og:image:url", "og:image:secure_url"])
            .or(self.image.take())
            .or_else(|| first(&["twitter:image", "twitter:image:src", "image"]));
        self.image_alt = first(&["og:image:alt", "twitter:image:alt"]);
        self.shared_title = first(&["og:title"]);
        self.sites.extend(all(&["og:site_name", "application-name", "apple-mobile-web-app-title"]));
        self.site = first(&["og:site_name"]).or(self.site.take()).or_else(|| {
            first(&["application-name", "apple-mobile-web-app-title", "dc.publisher", "citation_journal_title"])
        });
        self.url = self.url.take().or_else(|| first(&["og:url"]));
        self.lang = self
            .lang
            .take()
            .or_else(|| first(&["content-language", "dc.language", "og:locale", "language"]).as_deref().and_then(lang));
        self.description = first(&["og:description", "description", "twitter:description"]);
        self.is_article |= metas.iter().any(|(n, c)| n == "og:type" && c.eq_ignore_ascii_case("article"));
    }

    fn microdata(&mut self, dom: &Dom, items: &[(NodeId, &str)]) {
        let value = |id: NodeId| -> String {
            let machine = ["content", "datetime"].into_iter().find_map(|a| dom.attr(id, a));
            squash(&machine.map_or_else(|| dom.text_content(id), str::to_owned))
        };
        // The first author's item is the article; those of other items are teasers.
        let mut item = None;
        for &(id, prop) in items {
            // Comments are articles of their own in many templates.
            let in_comment = dom.ancestors(id).any(|n| {
                dom.attr(n, "itemprop") == Some("comment")
                    || dom.attr(n, "itemtype").is_some_and(|t| t.ends_with("/Comment") || t.ends_with("/UserComments"))
            });
            if in_comment {
                continue;
            }
            for word in prop.split_ascii_whitespace() {
                let text = || Some(value(id)).filter(|t| !t.is_empty() && t.len() < 300);
                match word {
                    "headline" => self.titles.extend(text()),
                    "author" | "creator" => {
                        let of = dom.ancestors(id).skip(1).find(|&n| dom.attr(n, "itemscope").is_some());
                        let near = dom.ancestors(id).skip(1).nth(2);
                        let (first, beside) = *item.get_or_insert((of, near));
                        let apart = beside.is_some_and(|b| !dom.ancestors(id).take(8).any(|n| n == b));
                        if first != of
                            || apart
                            || dom.ancestors(id).any(|n| dom.is(n, "figure") || dom.is(n, "figcaption"))
                        {
                            continue;
                        }
                        let name = dom.descendants(id).skip(1).find(|&n| dom.attr(n, "itemprop") == Some("name"));
                        let name = name.map(&value).filter(|n| !n.is_empty()).or_else(text);
                        if let Some(name) = name.filter(|n| n.split_whitespace().count() < 8)
                            && self.authors.len() < 12
                            && !self.authors.contains(&name)
                        {
                            self.authors.push(name);
                        }
                    }
                    "datePublished" => self.published.extend(text()),
                    "dateModified" => self.modified.extend(text()),
                    "articleSection" if self.section.is_none() => self.section = text(),
                    _ => {}
                }
            }
        }
    }
}

/// JSON as pages write it: comments around it, control characters and trailing commas within.
fn json(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches("<!--").trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
    let text = text
        .trim_end()
        .trim_end_matches("-->")
        .trim_end_matches("//]]>")
        .trim_end_matches("]]>")
        .trim()
        .trim_end_matches(';');
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    // Written as if it were an attribute.
    let unescaped = text.contains("&quot;").then(|| text.replace("&quot;", "\"").replace("&amp;", "&"));
    let text = unescaped.as_deref().unwrap_or(text);
    let mended: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if let Ok(value) = serde_json::from_str(&mended) {
        return Some(value);
    }
    let mut out = String::with_capacity(mended.len());
    for c in mended.chars() {
        if matches!(c, '}' | ']') {
            let kept = out.trim_end().trim_end_matches(',').len();
            if out.trim_end().ends_with(',') {
                out.truncate(kept);
            }
        }
        out.push(c);
    }
    serde_json::from_str(&out).ok()
}

/// All objects of the graph that may be the page or its article, outer ones first.
fn flatten<'a>(value: &'a Value, out: &mut Vec<&'a Value>, depth: usize) {
    if depth > 6 || out.len() > 2000 {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|v| flatten(v, out, depth + 1)),
        Value::Object(map) => {
            out.push(value);
            for key in
                ["@graph", "mainEntity", "mainEntityOfPage", "itemReviewed", "hasPart", "publisher", "author", "image"]
            {
                if let Some(inner) = map.get(key) {
                    flatten(inner, out, depth + 1);
                }
            }
        }
        _ => {}
    }
}

fn types(node: &Value) -> impl Iterator<Item = &str> {
    let kinds: Vec<&str> = match node.get("@type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    kinds.into_iter().map(|t| t.rsplit(['/', ':']).next().unwrap_or(t))
}

fn resolve<'a>(value: &'a Value, by_id: &impl Fn(&str) -> Option<&'a Value>) -> &'a Value {
    match value.get("@id").and_then(Value::as_str) {
        Some(id) if value.as_object().is_some_and(|o| o.len() <= 2) => by_id(id).unwrap_or(value),
        _ => value,
    }
}

fn names<'a>(value: Option<&'a Value>, by_id: &impl Fn(&str) -> Option<&'a Value>, out: &mut Vec<String>) {
    match value {
        Some(Value::String(name)) => out.push(plain(name)),
        Some(Value::Array(list)) => list.iter().take(30).for_each(|v| {
            if !v.is_array() {
                names(Some(v), by_id, out)
            }
        }),
        Some(object @ Value::Object(_)) => {
            let object = resolve(object, by_id);
            match object.get("name") {
                Some(Value::String(name)) => out.push(plain(name)),
                Some(Value::Array(list)) => out.extend(list.iter().filter_map(Value::as_str).map(plain)),
                _ => {}
            }
        }
        _ => {}
    }
    out.retain(|n| !n.is_empty());
}

fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![plain(text)],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(plain).collect(),
        _ => Vec::new(),
    }
    .into_iter()
    .filter(|t| !t.is_empty())
    .collect()
}

fn address(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Value::Array(list) => list.first().filter(|v| !v.is_array()).and_then(address),
        Value::Object(map) => match map.get("url").or(map.get("contentUrl")).or(map.get("@id")) {
            Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
            _ => None,
        },
        _ => None,
    }
}

/// Text of JSON-LD: character references and tags are common in it.
fn plain(text: &str) -> String {
    if !text.contains(['&', '<']) {
        return squash(text);
    }
    let limits = crate::Limits { decoded: 4 << 20, elements: 100_000, ..crate::Limits::default() };
    match Dom::parse(text, "JSON-LD", &limits) {
        Ok(dom) => {
            let mut out = String::new();
            for id in dom.descendants(dom.root()) {
                if dom.tag(id).is_some_and(|t| super::super::passage::flow(t) == super::super::passage::Flow::Block) {
                    out.push(' ');
                }
                out.push_str(dom.text(id));
            }
            squash(&out)
        }
        Err(_) => squash(text),
    }
}

pub(in crate::article) fn squash(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A language tag in its usual form; `None` for what is none.
fn lang(raw: &str) -> Option<String> {
    let raw = raw.trim().split([',', ';']).next()?.replace('_', "-");
    let mut parts = raw.split('-');
    let first = parts.next()?.to_ascii_lowercase();
    if !(2..=3).contains(&first.len()) || !first.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let mut tag = first;
    for part in parts.filter(|p| !p.is_empty() && p.len() <= 8 && p.bytes().all(|b| b.is_ascii_alphanumeric())) {
        tag.push('-');
        match part.len() {
            2 => tag.push_str(&part.to_ascii_uppercase()),
            4 => {
                tag.push_str(&part[..1].to_ascii_uppercase());
                tag.push_str(&part[1..].to_ascii_lowercase());
            }
            _ => tag.push_str(&part.to_ascii_lowercase()),
        }
    }
    Some(tag)
}

//! Feeds: the entries of an RSS (0.9x, 1.0, 2.0) or Atom (RFC 4287) document.

use roxmltree::{Document, Node, ParsingOptions};

use crate::{Error, Result};

/// Entries after this many are not read.
const ENTRIES: usize = 1_000;
/// Elements and texts of a feed, together.
const NODES: u32 = 200_000;

/// A feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Feed {
    /// Its title.
    pub title: String,
    /// Its language, where it says so.
    pub lang: Option<String>,
    /// Its entries, the newest first as feeds have them.
    pub entries: Vec<Entry>,
}

/// An entry of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Its title.
    pub title: String,
    /// Where its page is, as the feed has it.
    pub link: String,
    /// Its day, `2026-11-23`.
    pub day: Option<String>,
}

/// Whether a document looks like a feed rather than a page.
pub fn is_feed(text: &str) -> bool {
    let head: String = text.trim_start_matches('\u{feff}').chars().take(2_000).collect();
    let head = head.to_ascii_lowercase();
    !head.contains("<html") && ["<rss", "<feed", "<rdf:rdf"].iter().any(|root| head.contains(root))
}

impl Feed {
    /// Reads a feed; `name` is for messages.
    ///
    /// # Errors
    /// [`Error::Input`] where it is no XML, or no feed.
    pub fn parse(text: &str, name: &str) -> Result<Self> {
        let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES, ..ParsingOptions::default() };
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let document = Document::parse_with_options(text, options).map_err(|e| {
            Error::input(name, format!("is no feed that can be read ({e}); give the address of an RSS or Atom feed"))
        })?;
        let root = document.root_element();
        let feed = match root.tag_name().name() {
            "rss" | "RDF" => rss(root),
            "feed" => atom(root),
            other => {
                let reason = format!("is no feed, its root is <{other}>; give the address of an RSS or Atom feed");
                return Err(Error::input(name, reason));
            }
        };
        if feed.entries.is_empty() {
            return Err(Error::input(name, "is a feed without entries that have a link; give another feed"));
        }
        Ok(feed)
    }
}

fn rss(root: Node<'_, '_>) -> Feed {
    let channel = child(root, "channel").unwrap_or(root);
    // RSS 1.0 keeps its items beside the channel, the others in it.
    let items = channel.children().chain(root.children()).filter(|n| n.tag_name().name() == "item");
    let entries = items.filter_map(|item| {
        let link = text(item, "link").or_else(|| permalink(item))?;
        let day = text(item, "pubDate")
            .and_then(|d| rfc2822_day(&d))
            .or_else(|| text(item, "date").and_then(|d| iso_day(&d)));
        Some(Entry { title: text(item, "title").unwrap_or_default(), link, day })
    });
    Feed {
        title: text(channel, "title").unwrap_or_default(),
        lang: text(channel, "language"),
        entries: entries.take(ENTRIES).collect(),
    }
}

/// A `guid` is the address unless it says that it is none.
fn permalink(item: Node<'_, '_>) -> Option<String> {
    let guid = child(item, "guid").filter(|g| g.attribute("isPermaLink") != Some("false"))?;
    guid.text().map(str::trim).filter(|t| t.starts_with("http")).map(str::to_owned)
}

fn atom(root: Node<'_, '_>) -> Feed {
    let entries = root.children().filter(|n| n.tag_name().name() == "entry").filter_map(|entry| {
        let links = || entry.children().filter(|n| n.tag_name().name() == "link");
        let link = links()
            .find(|l| l.attribute("rel").is_none_or(|rel| rel == "alternate"))
            .or_else(|| links().next())?
            .attribute("href")?
            .trim();
        let day = text(entry, "published").or_else(|| text(entry, "updated")).and_then(|d| iso_day(&d));
        Some(Entry { title: text(entry, "title").unwrap_or_default(), link: link.to_owned(), day })
    });
    Feed {
        title: text(root, "title").unwrap_or_default(),
        lang: root.attribute(("http://www.w3.org/XML/1998/namespace", "lang")).map(str::to_owned),
        entries: entries.take(ENTRIES).collect(),
    }
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|n| n.tag_name().name() == name)
}

/// The text of a child, all of it, white space collapsed.
fn text(node: Node<'_, '_>, name: &str) -> Option<String> {
    let whole: String = child(node, name)?.descendants().filter(Node::is_text).filter_map(|n| n.text()).collect();
    let text = whole.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// The day of `2026-11-23T10:00:00+03:00`.
fn iso_day(date: &str) -> Option<String> {
    date.get(..10)?.parse::<jiff::civil::Date>().ok().map(|d| d.to_string())
}

/// The day of `Mon, 23 Nov 2026 10:00:00 +0300`.
fn rfc2822_day(date: &str) -> Option<String> {
    jiff::fmt::rfc2822::parse(date).ok().map(|z| z.date().to_string()).or_else(|| iso_day(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Знамя района</title><language>ru</language>
<item><title><![CDATA[Мост & паром]]></title><link> https://a.example/1 </link><pubDate>Mon, 23 Nov 2026 23:30:00 +0300</pubDate></item>
<item><title>Без ссылки</title><guid isPermaLink="false">17</guid></item>
<item><title>По guid</title><guid>https://a.example/2</guid><dc:date>2026-11-22T08:00:00Z</dc:date></item>
</channel></rss>"#;

    const ATOM: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Parish</title>
<entry><title type="html">One</title><link rel="edit" href="/e"/><link rel="alternate" href="notes/1"/><updated>2026-11-20T10:00:00Z</updated></entry>
</feed>"#;

    #[test]
    fn feeds_of_both_kinds_are_read() {
        let feed = Feed::parse(RSS, "f").expect("it is RSS");
        assert_eq!((feed.title.as_str(), feed.lang.as_deref()), ("Знамя района", Some("ru")));
        let entries: Vec<_> =
            feed.entries.iter().map(|e| (e.title.as_str(), e.link.as_str(), e.day.as_deref())).collect();
        assert_eq!(
            entries,
            [
                ("Мост & паром", "https://a.example/1", Some("2026-11-23")),
                ("По guid", "https://a.example/2", Some("2026-11-22")),
            ]
        );
        let feed = Feed::parse(ATOM, "f").expect("it is Atom");
        assert_eq!(feed.lang.as_deref(), Some("en"));
        assert_eq!(feed.entries[0].link, "notes/1");
        assert_eq!(feed.entries[0].day.as_deref(), Some("2026-11-20"));
        assert!(is_feed(RSS) && is_feed(ATOM));
        assert!(!is_feed("<!doctype html><html><body><p>The element &lt;rss> <rss>"));
    }

    #[test]
    fn what_is_no_feed_is_refused_with_a_sentence() {
        for wrong in ["", "<html><p>x", "<opml/>", "<rss><channel/></rss>", "<!DOCTYPE r [<!ENTITY a 'b'>]><rss/>"] {
            let error = Feed::parse(wrong, "feed.xml").expect_err("it is none").to_string();
            assert!(error.starts_with("feed.xml: is "), "{error}");
        }
    }
}

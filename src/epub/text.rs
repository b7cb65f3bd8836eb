//! An article as an XHTML document of a book.

use std::fmt::Write;

use super::pictures::Pictures;
use crate::article::{Article, Block, Inline};
use crate::phrases::BookPhrases;

/// Where printed pages begin in the text of a chapter.
pub(super) struct PageBreaks<'a> {
    /// The sheets on which the headline and each block begin.
    pub(super) sheets: &'a [usize],
    /// The label of a sheet.
    pub(super) label: &'a dyn Fn(usize) -> Option<String>,
    /// The last sheet that has begun.
    pub(super) last: &'a mut Option<usize>,
    /// Labels of the pages that begin in this chapter.
    pub(super) found: Vec<String>,
}

impl PageBreaks<'_> {
    /// Marks for the pages that have begun before a block: the headline is 0. Pages on which no block begins are left
    /// out: they begin within one.
    fn before(&mut self, block: usize, phrases: &BookPhrases) -> String {
        let Some(sheet) = self.sheets.get(block).copied() else { return String::new() };
        if self.last.is_some_and(|last| last >= sheet) {
            return String::new();
        }
        *self.last = Some(sheet);
        let Some(label) = (self.label)(sheet) else { return String::new() };
        let mark = format!(
            "<div role=\"doc-pagebreak\" id=\"page-{0}\" aria-label=\"{1} {0}\"></div>\n",
            escape(&label),
            phrases.page
        );
        self.found.push(label);
        mark
    }
}

/// The title of an article, which is never nothing.
pub(super) fn title<'a>(article: &'a Article, phrases: &'a BookPhrases) -> &'a str {
    let title = article.title.trim();
    if title.is_empty() { phrases.untitled } else { title }
}

/// A whole document.
pub(super) fn chapter(
    article: &Article,
    phrases: &BookPhrases,
    pictures: &mut Pictures<'_>,
    pages: &mut PageBreaks<'_>,
) -> String {
    let mut out = head(title(article, phrases), &article.lang, "article");
    out.push_str(&pages.before(0, phrases));
    let _ = writeln!(out, "<h1>{}</h1>", escape(title(article, phrases)));
    if let Some(deck) = &article.deck {
        let _ = writeln!(out, "<p class=\"deck\"><strong>{}</strong></p>", escape(deck));
    }
    let mut about: Vec<String> = Vec::new();
    if !article.byline.is_empty() {
        about.push(escape(&article.byline.join(", ")));
    }
    if let Some(date) = &article.date {
        let shown = crate::phrases::date_in_words(&article.lang, date);
        about.push(format!("<time datetime=\"{}\">{}</time>", escape(date), escape(&shown)));
    }
    if !about.is_empty() {
        let _ = writeln!(out, "<p class=\"about\">{}</p>", about.join(" · "));
    }
    let mut blocks = article.blocks.clone();
    self::pictures(&mut blocks, phrases, pictures);
    for (number, block) in blocks.iter().enumerate() {
        out.push_str(&pages.before(number + 1, phrases));
        out.push_str(&xml(&block.to_html()));
    }
    if let Some(url) = article.url.as_deref().filter(|url| url.starts_with("http")) {
        let _ = writeln!(out, "<p class=\"about\">{}: <a href=\"{1}\">{1}</a></p>", phrases.source, escape(url));
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// The beginning of a document, up to its body.
pub(super) fn head(title: &str, lang: &str, kind: &str) -> String {
    let lang = if lang.is_empty() { "und" } else { lang };
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"{0}\" xml:lang=\"{0}\">\n\
         <head>\n<title>{1}</title>\n<link rel=\"stylesheet\" href=\"book.css\"/>\n</head>\n<body class=\"{kind}\">\n",
        escape(lang),
        escape(title)
    )
}

/// Points pictures at the book's own files; those that cannot be had become their descriptions.
fn pictures(blocks: &mut [Block], phrases: &BookPhrases, taken: &mut Pictures<'_>) {
    for block in blocks {
        match block {
            Block::Heading { content, .. } | Block::Paragraph { content, .. } => inlines(content, phrases, taken),
            Block::List { items, .. } => items.iter_mut().for_each(|item| pictures(item, phrases, taken)),
            Block::Definitions { items } => {
                for item in items {
                    item.terms.iter_mut().for_each(|term| inlines(term, phrases, taken));
                    item.definitions.iter_mut().for_each(|blocks| pictures(blocks, phrases, taken));
                }
            }
            Block::Quote { blocks, cite } => {
                pictures(blocks, phrases, taken);
                inlines(cite, phrases, taken);
            }
            Block::Details { summary, blocks } => {
                inlines(summary, phrases, taken);
                pictures(blocks, phrases, taken);
            }
            Block::Table(table) => {
                inlines(&mut table.caption, phrases, taken);
                table.rows.iter_mut().flatten().for_each(|cell| pictures(&mut cell.blocks, phrases, taken));
            }
            Block::Notes { notes } => notes.iter_mut().for_each(|note| pictures(&mut note.blocks, phrases, taken)),
            Block::Figure { images, caption, credit } => {
                inlines(caption, phrases, taken);
                let mut missing = Vec::new();
                let about = caption.clone();
                images.retain_mut(|image| match taken.name(&image.src) {
                    Some(name) => {
                        image.src = name;
                        if image.alt.is_none() && about.is_empty() {
                            taken.all_described = false;
                            image.alt = Some(phrases.no_description.to_owned());
                        }
                        true
                    }
                    None => {
                        missing.extend(described(image.alt.as_deref(), phrases));
                        false
                    }
                });
                if !missing.is_empty() {
                    missing.append(caption);
                    *caption = missing;
                }
                if images.is_empty() {
                    let mut content = std::mem::take(caption);
                    if let Some(credit) = credit {
                        content.push(Inline::Text(format!(" {credit}")));
                    }
                    *block = Block::Paragraph { content, lang: None };
                }
            }
            Block::Preformatted { .. } | Block::Embed { .. } | Block::Rule => {}
        }
    }
}

fn inlines(content: &mut [Inline], phrases: &BookPhrases, taken: &mut Pictures<'_>) {
    for inline in content {
        match inline {
            Inline::Image(image) => match taken.name(&image.src) {
                Some(name) => {
                    image.src = name;
                    if image.alt.is_none() {
                        taken.all_described = false;
                        image.alt = Some(phrases.no_description.to_owned());
                    }
                }
                None => {
                    let text = described(image.alt.as_deref(), phrases);
                    *inline = Inline::Emphasis(text.into_iter().collect());
                }
            },
            other => {
                if let Some(inner) = other.content_mut() {
                    inlines(inner, phrases, taken);
                }
            }
        }
    }
}

/// The description of a picture that is not there; decoration leaves none.
fn described(alt: Option<&str>, phrases: &BookPhrases) -> Option<Inline> {
    match alt.map(str::trim) {
        Some("") => None,
        Some(alt) => Some(Inline::Text(format!("[{}: {alt}] ", phrases.picture))),
        None => Some(Inline::Text(format!("[{}] ", phrases.no_description))),
    }
}

/// HTML of the exports as XML: void elements closed, names of entities written out. Sound because the exports escape `<`
/// and `>` wherever they are text.
pub(super) fn xml(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end);
        let tag = &rest[at..end];
        out.push_str(tag);
        let name: &str = tag[1..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        if matches!(name, "img" | "br" | "hr") {
            out.push('/');
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    let out = out.replace("&nbsp;", "\u{a0}");
    if out.chars().all(allowed) { out } else { out.chars().filter(|c| allowed(*c)).collect() }
}

/// Characters that XML 1.0 allows.
fn allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Text as it may stand in XML.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| allowed(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

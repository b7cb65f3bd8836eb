//! A standalone page: one `main`, one `h1`, no script, no address loaded but pictures.

use super::text::inline_text;
use crate::article::model::{Article, Block, Cell, Definition, Image, Inline, Scope, Table};
use std::fmt::Write;

impl Article {
    /// A complete HTML page.
    pub fn to_html(&self) -> String {
        let mut out = String::from("<!doctype html>\n");
        let lang = if self.lang.is_empty() { "und" } else { &self.lang };
        let _ = write!(
            out,
            "<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n",
            escape(lang),
            escape(if self.title.is_empty() { "Article" } else { &self.title })
        );
        if let Some(url) = self.url.as_deref().filter(|u| u.starts_with("http")) {
            let _ = writeln!(out, "<link rel=\"canonical\" href=\"{}\">", escape(url));
        }
        out.push_str("</head>\n<body>\n<main>\n<article>\n");
        let title = if self.title.is_empty() { "Article" } else { &self.title };
        let _ = writeln!(out, "<h1>{}</h1>", escape(title));
        if let Some(deck) = &self.deck {
            let _ = writeln!(out, "<p class=\"deck\"><strong>{}</strong></p>", escape(deck));
        }
        let mut about: Vec<String> = Vec::new();
        if !self.byline.is_empty() {
            about.push(escape(&self.byline.join(", ")));
        }
        if let Some(date) = &self.date {
            about.push(format!("<time datetime=\"{0}\">{0}</time>", escape(date)));
        }
        if let Some(site) = &self.site {
            about.push(escape(site));
        }
        if !about.is_empty() {
            let _ = writeln!(out, "<p>{}</p>", about.join(" · "));
        }
        out.push_str(&self.body_html());
        out.push_str("</article>\n</main>\n</body>\n</html>\n");
        out
    }

    /// The body alone: what stands in `article` below the headline.
    pub fn body_html(&self) -> String {
        let mut out = String::new();
        blocks(&self.blocks, &mut out);
        out
    }
}

impl Block {
    /// The block as HTML.
    pub fn to_html(&self) -> String {
        let mut out = String::new();
        block(self, &mut out);
        out
    }
}

fn blocks(list: &[Block], out: &mut String) {
    for block in list {
        self::block(block, out);
    }
}

fn block(block: &Block, out: &mut String) {
    match block {
        Block::Heading { level, content } => {
            let level = (*level).clamp(2, 6);
            let _ = writeln!(out, "<h{level}>{}</h{level}>", inlines(content));
        }
        Block::Paragraph { content, lang } => {
            let lang = lang.as_deref().map(|l| format!(" lang=\"{}\"", escape(l))).unwrap_or_default();
            let _ = writeln!(out, "<p{lang}>{}</p>", inlines(content));
        }
        Block::List { ordered, start, style, numbers, items } => {
            let tag = if *ordered { "ol" } else { "ul" };
            let mut attributes = String::new();
            if *ordered {
                attributes.extend(style.as_type().map(|kind| format!(" type=\"{kind}\"")));
                attributes.extend(start.map(|s| format!(" start=\"{s}\"")));
            }
            let _ = writeln!(out, "<{tag}{attributes}>");
            for (n, item) in items.iter().enumerate() {
                match numbers.get(n).filter(|_| *ordered) {
                    Some(number) => drop(write!(out, "<li value=\"{number}\">")),
                    None => out.push_str("<li>"),
                }
                match item.as_slice() {
                    [Block::Paragraph { content, lang: None }] => out.push_str(&inlines(content)),
                    [Block::Paragraph { content, lang: None }, rest @ ..] => {
                        let _ = writeln!(out, "{}", inlines(content));
                        blocks(rest, out);
                    }
                    all => blocks(all, out),
                }
                out.push_str("</li>\n");
            }
            let _ = writeln!(out, "</{tag}>");
        }
        Block::Definitions { items } => definitions(items, out),
        Block::Quote { blocks: inner, cite } => {
            out.push_str("<blockquote>\n");
            blocks(inner, out);
            if !cite.is_empty() {
                let _ = writeln!(out, "<footer>— {}</footer>", inlines(cite));
            }
            out.push_str("</blockquote>\n");
        }
        Block::Details { summary, blocks: inner } => {
            let _ = writeln!(out, "<details open>\n<summary>{}</summary>", inlines(summary));
            blocks(inner, out);
            out.push_str("</details>\n");
        }
        Block::Figure { images, caption, credit } => {
            out.push_str("<figure>\n");
            for image in images {
                let _ = writeln!(out, "{}", img(image, &inline_text(caption)));
            }
            if !caption.is_empty() || credit.is_some() {
                out.push_str("<figcaption>");
                out.push_str(&inlines(caption));
                if let Some(credit) = credit {
                    let space = if caption.is_empty() { "" } else { " " };
                    let _ = write!(out, "{space}<small>{}</small>", escape(credit));
                }
                out.push_str("</figcaption>\n");
            }
            out.push_str("</figure>\n");
        }
        Block::Table(table) => self::table(table, out),
        Block::Preformatted { text, code } => {
            // HTML drops a line feed right after `<pre>`.
            let text = escape(text);
            let _ = match code {
                true => writeln!(out, "<pre><code>{text}</code></pre>"),
                false => writeln!(out, "<pre>{}{text}</pre>", if text.starts_with('\n') { "\n" } else { "" }),
            };
        }
        Block::Embed { title, url } => {
            let _ = writeln!(out, "<p><a href=\"{}\">{}</a></p>", escape(&safe(url)), escape(title));
        }
        Block::Notes { notes } => {
            out.push_str("<section>\n<dl>\n");
            for note in notes {
                let _ = write!(out, "<dt id=\"{}\">{}</dt>\n<dd>", id(&note.id), escape(&note.label));
                blocks(&note.blocks, out);
                out.push_str("</dd>\n");
            }
            out.push_str("</dl>\n</section>\n");
        }
        Block::Rule => out.push_str("<hr>\n"),
    }
}

/// A list that is valid whatever the model holds: terms first, and something said of the last.
fn definitions(items: &[Definition], out: &mut String) {
    let empty = |item: &&Definition| item.terms.is_empty() && item.definitions.is_empty();
    let mut items = items.iter().skip_while(empty).peekable();
    while let Some(item) = items.next_if(|item| item.terms.is_empty()) {
        item.definitions.iter().for_each(|definition| blocks(definition, out));
    }
    if items.peek().is_none() {
        return;
    }
    out.push_str("<dl>\n");
    let mut said = false;
    for item in items {
        for term in &item.terms {
            let _ = writeln!(out, "<dt>{}</dt>", inlines(term));
            said = false;
        }
        for definition in &item.definitions {
            out.push_str("<dd>");
            match definition.as_slice() {
                [Block::Paragraph { content, lang: None }] => out.push_str(&inlines(content)),
                all => blocks(all, out),
            }
            out.push_str("</dd>\n");
            said = true;
        }
    }
    if !said {
        out.push_str("<dd></dd>\n");
    }
    out.push_str("</dl>\n");
}

fn table(table: &Table, out: &mut String) {
    out.push_str("<table>\n");
    if !table.caption.is_empty() {
        let _ = writeln!(out, "<caption>{}</caption>", inlines(&table.caption));
    }
    let (head, body) = table.rows.split_at(table.header_rows.min(table.rows.len()));
    if !head.is_empty() {
        out.push_str("<thead>\n");
        head.iter().for_each(|row| self::row(row, out));
        out.push_str("</thead>\n");
    }
    if !body.is_empty() {
        out.push_str("<tbody>\n");
        body.iter().for_each(|row| self::row(row, out));
        out.push_str("</tbody>\n");
    }
    out.push_str("</table>\n");
}

fn row(row: &[Cell], out: &mut String) {
    out.push_str("<tr>");
    for cell in row {
        let (tag, scope) = match cell.header {
            Some(Scope::Column) => ("th", " scope=\"col\""),
            Some(Scope::Row) => ("th", " scope=\"row\""),
            None => ("td", ""),
        };
        let _ = write!(out, "<{tag}{scope}");
        if cell.colspan > 1 {
            let _ = write!(out, " colspan=\"{}\"", cell.colspan);
        }
        if cell.rowspan > 1 {
            let _ = write!(out, " rowspan=\"{}\"", cell.rowspan);
        }
        out.push('>');
        match cell.blocks.as_slice() {
            [Block::Paragraph { content, lang: None }] => out.push_str(&inlines(content)),
            all => blocks(all, out),
        }
        let _ = write!(out, "</{tag}>");
    }
    out.push_str("</tr>\n");
}

fn img(image: &Image, caption: &str) -> String {
    // Without a description of its own the caption has to serve, as nothing else says what is shown.
    let alt = image.alt.as_deref().unwrap_or(caption);
    let mut tag = format!("<img src=\"{}\" alt=\"{}\"", escape(&safe(&image.src)), escape(alt));
    if let Some(title) = &image.title {
        let _ = write!(tag, " title=\"{}\"", escape(title));
    }
    if let Some((width, height)) = image.size {
        let _ = write!(tag, " width=\"{width}\" height=\"{height}\"");
    }
    tag.push('>');
    tag
}

fn inlines(content: &[Inline]) -> String {
    let mut out = String::new();
    for inline in content {
        match inline {
            Inline::Text(text) => out.push_str(&escape(text)),
            Inline::Emphasis(inner) => wrap(&mut out, "em", inner),
            Inline::Strong(inner) => wrap(&mut out, "strong", inner),
            Inline::Code(text) => {
                let _ = write!(out, "<code>{}</code>", escape(text));
            }
            Inline::Superscript(inner) => wrap(&mut out, "sup", inner),
            Inline::Subscript(inner) => wrap(&mut out, "sub", inner),
            Inline::Deleted(inner) => wrap(&mut out, "del", inner),
            // A link that says nothing is a trap for who hears the page.
            Inline::Link { content, .. } if inline_text(content).trim().is_empty() => out.push_str(&inlines(content)),
            Inline::Link { href, content } if href.starts_with('#') => {
                let _ = write!(out, "<a href=\"#{}\">{}</a>", place(&href[1..]), inlines(content));
            }
            Inline::Link { href, content } => {
                let _ = write!(out, "<a href=\"{}\">{}</a>", escape(&safe(href)), inlines(content));
            }
            Inline::Lang { lang, content } => {
                let _ = write!(out, "<span lang=\"{}\">{}</span>", escape(lang), inlines(content));
            }
            Inline::NoteRef { note, label } => {
                let _ = write!(out, "<sup><a href=\"#{}\">{}</a></sup>", id(note), escape(label));
            }
            Inline::Image(image) => out.push_str(&img(image, "")),
            Inline::Abbreviation { title, content } => {
                let _ = write!(out, "<abbr title=\"{}\">{}</abbr>", escape(title), inlines(content));
            }
            Inline::Ruby { text, content } => {
                let reading = escape(text);
                let _ = write!(out, "<ruby>{}<rp>(</rp><rt>{reading}</rt><rp>)</rp></ruby>", inlines(content));
            }
            Inline::Math(content) => out.push_str(&inlines(content)),
            Inline::Check(done) => out.push_str(if *done { "☑ " } else { "☐ " }),
            Inline::Anchor(id) => {
                let _ = write!(out, "<span id=\"{}\"></span>", place(id));
            }
            Inline::Break => out.push_str("<br>\n"),
        }
    }
    out
}

fn wrap(out: &mut String, tag: &str, inner: &[Inline]) {
    let _ = write!(out, "<{tag}>{}</{tag}>", inlines(inner));
}

/// An id is never empty and holds no white space.
fn id(raw: &str) -> String {
    named("note", raw)
}

/// The id of a place that links of the article lead to.
fn place(raw: &str) -> String {
    named("place", raw)
}

fn named(kind: &str, raw: &str) -> String {
    let id: String = raw.chars().map(|c| if c.is_whitespace() { '-' } else { c }).collect();
    escape(&format!("{kind}-{id}"))
}

/// An address that runs nothing: the model may come from JSON that anyone wrote.
fn safe(address: &str) -> String {
    let scheme: String = address
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .take_while(|c| *c != ':' && !matches!(c, '/' | '?' | '#'))
        .collect::<String>()
        .to_ascii_lowercase();
    let has_scheme = address.find(':').is_some_and(|at| address.find(['/', '?', '#']).is_none_or(|slash| at < slash));
    let allowed = matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel" | "ftp" | "file");
    let picture = scheme == "data" && address.trim_start().to_ascii_lowercase().starts_with("data:image/");
    if has_scheme && !allowed && !picture { "#".to_owned() } else { address.to_owned() }
}

/// Text as it may stand in an element or a quoted attribute.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_run_something_are_dropped() {
        for bad in ["javascript:alert(1)", " java\tscript:alert(1)", "data:text/html,x", "vbscript:x"] {
            assert_eq!(safe(bad), "#", "{bad}");
        }
        for good in ["https://a.example/?q=a:b", "pictures/a:b.jpg", "#note", "data:image/png;base64,AA"] {
            assert_eq!(safe(good), good);
        }
    }
}

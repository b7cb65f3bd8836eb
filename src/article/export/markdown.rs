//! CommonMark with tables, and definitions as Pandoc and PHP Markdown Extra write them.

use super::text::inline_text;
use crate::article::model::{Article, Block, Definition, Image, Inline, NumberStyle, Table};
use std::fmt::Write;

impl Article {
    /// Markdown: CommonMark, tables as GitHub and Pandoc read them. The headline comes first, then byline and date.
    pub fn to_markdown(&self) -> String {
        let mut out = String::new();
        if !self.title.is_empty() {
            let _ = write!(out, "# {}\n\n", escape(&self.title, false));
        }
        if let Some(deck) = self.deck.as_deref().map(str::trim).filter(|deck| !deck.is_empty()) {
            let _ = write!(out, "**{}**\n\n", escape(deck, false));
        }
        let mut about = self.byline.join(", ");
        if let Some(date) = &self.date {
            if !about.is_empty() {
                about.push_str(" · ");
            }
            about.push_str(date);
        }
        if !about.is_empty() {
            let _ = write!(out, "*{}*\n\n", escape(&about, false));
        }
        out.push_str(&blocks(&self.blocks));
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }
}

fn blocks(list: &[Block]) -> String {
    let mut out = String::new();
    for (n, one) in list.iter().enumerate() {
        // Two lists in a row would be read as one.
        let parted = |before: &Block| match before {
            Block::List { .. } => matches!(one, Block::List { .. } | Block::Preformatted { .. }),
            Block::Definitions { .. } => matches!(one, Block::Definitions { .. } | Block::Preformatted { .. }),
            _ => false,
        };
        if n > 0 && parted(&list[n - 1]) {
            out.push_str("<!-- -->\n\n");
        }
        let text = block(one);
        if !text.is_empty() {
            out.push_str(&text);
            out.push_str("\n\n");
        }
    }
    out.truncate(out.trim_end_matches('\n').len());
    out
}

fn indent(text: &str, by: &str) -> String {
    let pad = " ".repeat(by.chars().count());
    let mut out = String::new();
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            out.push('\n');
            if !line.is_empty() {
                out.push_str(&pad);
            }
        } else {
            out.push_str(by);
        }
        out.push_str(line);
    }
    out
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading { level, content } => {
            let text = inlines(content).replace("\\\n", " ").replace('\n', " ");
            format!("{} {text}", "#".repeat((*level).clamp(2, 6).into()))
        }
        Block::Paragraph { content, lang: Some(lang) } => {
            line(&[Inline::Lang { lang: lang.clone(), content: content.clone() }])
        }
        Block::Paragraph { content, lang: None } => line(content),
        Block::List { ordered, start, style, numbers, items } => {
            let loose = items.iter().any(|item| item.len() > 1);
            let items: Vec<String> = items
                .iter()
                .enumerate()
                .map(|(n, item)| {
                    let mark = match ordered {
                        true => format!("{}. ", i64::from(start.unwrap_or(1)).max(0) + n as i64),
                        false => "- ".to_owned(),
                    };
                    indent(&blocks(item), &mark)
                })
                .collect();
            let items = items.join(if loose { "\n\n" } else { "\n" });
            // What Markdown has no way to say stands in a comment before the list.
            match numbering(*ordered, *style, numbers) {
                Some(numbering) => format!("<!-- {numbering} -->\n\n{items}"),
                None => items,
            }
        }
        Block::Definitions { items } => {
            let items: Vec<String> = items.iter().map(definition).filter(|item| !item.is_empty()).collect();
            items.join("\n\n")
        }
        Block::Quote { blocks: inner, cite } => {
            let mut text = blocks(inner);
            if !cite.is_empty() {
                let _ = write!(text, "\n\n— {}", line(cite));
            }
            let quoted: Vec<String> =
                text.split('\n').map(|l| if l.is_empty() { ">".to_owned() } else { format!("> {l}") }).collect();
            quoted.join("\n")
        }
        Block::Details { summary, blocks: inner } => {
            let summary = inline_text(summary).replace('&', "&amp;").replace('<', "&lt;").replace('\n', " ");
            format!("<details>\n<summary>{summary}</summary>\n\n{}\n\n</details>", blocks(inner))
        }
        Block::Figure { images, caption, credit } => {
            let mut parts: Vec<String> = images
                .iter()
                .map(|image| {
                    let alt = image.alt.clone().unwrap_or_else(|| inline_text(caption));
                    format!("![{}]({}{})", escape(&alt, true), destination(&image.src), title(image))
                })
                .collect();
            if !caption.is_empty() {
                parts.push(line(caption));
            }
            if let Some(credit) = credit {
                parts.push(format!("*{}*", escape(credit, false)));
            }
            parts.join("\n\n")
        }
        Block::Table(table) => self::table(table),
        Block::Preformatted { text, code } => {
            let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
            let kind = if *code { "" } else { "text" };
            format!("{fence}{kind}\n{text}\n{fence}")
        }
        Block::Embed { title, url } => format!("[{}]({})", escape(title, true), destination(url)),
        Block::Notes { notes } => {
            let notes: Vec<String> = notes
                .iter()
                .map(|note| indent(&blocks(&note.blocks), &format!("[^{}]: ", mark(&note.id))))
                .map(|text| text.replace("\n ", "\n    ").replace("\n     ", "\n    "))
                .collect();
            notes.join("\n\n")
        }
        Block::Rule => "---".to_owned(),
    }
}

/// Terms on lines of their own, then what is said of them behind a colon: text that reads well where it is not known.
fn definition(item: &Definition) -> String {
    let terms = item.terms.iter().map(|term| line(term).replace("\\\n", " ").replace('\n', " "));
    let terms = terms.filter(|term| !term.trim().is_empty()).collect::<Vec<_>>().join("\\\n");
    let loose = item.definitions.iter().any(|blocks| blocks.len() > 1);
    let said = item.definitions.iter().map(|definition| blocks(definition)).filter(|text| !text.is_empty());
    if terms.is_empty() {
        return said.collect::<Vec<_>>().join("\n\n");
    }
    let gap = if loose { "\n\n" } else { "\n" };
    said.fold(terms, |all, text| all + gap + &indent(&text, ":   "))
}

/// A table; spans are not Markdown's, so a spanning cell is followed by empty ones.
fn table(table: &Table) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in &table.rows {
        let mut cells = Vec::new();
        for cell in row {
            let text = blocks(&cell.blocks).replace("\\\n", " ").replace(['\n', '\r'], " ").replace('|', "\\|");
            cells.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
            cells.extend(std::iter::repeat_n(String::new(), usize::from(cell.colspan.clamp(1, 100)) - 1));
        }
        rows.push(cells);
    }
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    if columns == 0 {
        return String::new();
    }
    for row in &mut rows {
        row.resize(columns, String::new());
    }
    // A Markdown table always has a header row; one of empty cells where the data has none.
    if table.header_rows == 0 {
        rows.insert(0, vec![String::new(); columns]);
    }
    let mut out = String::new();
    if !table.caption.is_empty() {
        let _ = write!(out, "{}\n\n", line(&table.caption));
    }
    for (n, row) in rows.iter().enumerate() {
        let _ = writeln!(out, "| {} |", row.join(" | "));
        if n == 0 {
            let _ = writeln!(out, "|{}", " --- |".repeat(columns));
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Running text, safe at the beginning of a line.
fn line(content: &[Inline]) -> String {
    let text = inlines(content);
    text.split('\n').map(guard).collect::<Vec<_>>().join("\n")
}

/// Escapes what would make a line something else than text.
fn guard(line: &str) -> String {
    let trimmed = line.trim_start_matches([' ', '\t']);
    let digits = trimmed.len() - trimmed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if (1..=9).contains(&digits)
        && trimmed[digits..].starts_with(['.', ')'])
        && trimmed[digits + 1..].chars().next().is_none_or(char::is_whitespace)
    {
        let (number, rest) = trimmed.split_at(digits);
        return format!("{number}\\{rest}");
    }
    if trimmed.starts_with(['#', '-', '+', '=', '>', '~', ':', '|']) {
        return format!("\\{trimmed}");
    }
    trimmed.to_owned()
}

fn inlines(content: &[Inline]) -> String {
    let mut out = String::new();
    for inline in content {
        match inline {
            Inline::Text(text) => out.push_str(&escape(text, false)),
            Inline::Emphasis(inner) => wrap(&mut out, "*", &inlines(inner)),
            Inline::Strong(inner) => wrap(&mut out, "**", &inlines(inner)),
            Inline::Code(text) => {
                let fence = "`".repeat(longest_run(text, '`') + 1);
                let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
                let _ = write!(out, "{fence}{pad}{text}{pad}{fence}");
            }
            Inline::Superscript(inner) if matches!(inner.as_slice(), [Inline::NoteRef { .. }]) => {
                out.push_str(&inlines(inner));
            }
            Inline::Superscript(inner) => {
                let _ = write!(out, "<sup>{}</sup>", inlines(inner));
            }
            Inline::Subscript(inner) => {
                let _ = write!(out, "<sub>{}</sub>", inlines(inner));
            }
            Inline::Deleted(inner) => wrap(&mut out, "~~", &inlines(inner)),
            Inline::Link { href, content } => {
                let _ = write!(out, "[{}]({})", inlines(content), destination(href));
            }
            Inline::Lang { lang, content } => {
                let _ = write!(out, "<span lang=\"{}\">{}</span>", attribute(lang), inlines(content));
            }
            Inline::Abbreviation { title, content } => {
                let _ = write!(out, "<abbr title=\"{}\">{}</abbr>", attribute(title), inlines(content));
            }
            Inline::Ruby { text, content } => {
                let _ = write!(out, "<ruby>{}<rt>{}</rt></ruby>", inlines(content), escape(text, false));
            }
            Inline::Math(content) => {
                let _ = write!(out, "<span class=\"math\">{}</span>", inlines(content));
            }
            Inline::Check(done) => out.push_str(if *done { "[x] " } else { "[ ] " }),
            Inline::Anchor(id) => {
                let _ = write!(out, "<a id=\"{}\"></a>", attribute(id));
            }
            Inline::NoteRef { note, .. } => {
                let _ = write!(out, "[^{}]", mark(note));
            }
            Inline::Image(image) => {
                let alt = image.alt.as_deref().unwrap_or_default();
                let _ = write!(out, "![{}]({}{})", escape(alt, true), destination(&image.src), title(image));
            }
            Inline::Break => out.push_str("\\\n"),
        }
    }
    out
}

/// Emphasis marks do not work beside white space: it moves outside.
fn wrap(out: &mut String, mark: &str, inner: &str) {
    let core = inner.trim();
    if core.is_empty() {
        out.push_str(inner);
        return;
    }
    let lead = &inner[..inner.len() - inner.trim_start().len()];
    let trail = &inner[inner.trim_end().len()..];
    let _ = write!(out, "{lead}{mark}{core}{mark}{trail}");
}

/// What a picture's title adds to its address.
fn title(image: &Image) -> String {
    let quoted = |title: &String| format!(" \"{}\"", escape(title, true).replace('"', "\\\""));
    image.title.as_ref().map(quoted).unwrap_or_default()
}

/// A value as it may stand in a quoted attribute on one line.
fn attribute(value: &str) -> String {
    let escaped = value.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How a list is numbered, where that is not simply 1, 2, 3: `ol type="a" value="3 2 1"`.
fn numbering(ordered: bool, style: NumberStyle, numbers: &[i32]) -> Option<String> {
    let kind = style.as_type().map(|kind| format!(" type=\"{kind}\""));
    let list: Vec<String> = numbers.iter().map(i32::to_string).collect();
    let values = (!list.is_empty()).then(|| format!(" value=\"{}\"", list.join(" ")));
    (ordered && (kind.is_some() || values.is_some()))
        .then(|| format!("ol{}{}", kind.unwrap_or_default(), values.unwrap_or_default()))
}

fn mark(id: &str) -> String {
    id.chars().map(|c| if c.is_whitespace() || matches!(c, '[' | ']' | '^') { '-' } else { c }).collect()
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(|run| run.chars().count()).max().unwrap_or(0)
}

fn destination(address: &str) -> String {
    let mut out = String::with_capacity(address.len() + 2);
    for c in address.chars() {
        match c {
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '\\' => out.push_str("%5C"),
            c if c.is_whitespace() || c.is_control() => out.push_str("%20"),
            c => out.push(c),
        }
    }
    out
}

fn escape(text: &str, in_brackets: bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '~' => true,
            // Inside a word an underscore emphasises nothing.
            '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
            '&' => next == '#' || next.is_ascii_alphabetic(),
            '!' => next == '[',
            '>' => in_brackets,
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
        before = c;
    }
    out
}

//! Plain text: what is read aloud, a blank line between blocks.

use crate::article::model::{Article, Block, Inline};

impl Article {
    /// The body as plain text, a blank line between blocks; without the headline, pictures and what stands under them.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        blocks(&self.blocks, &mut out);
        out.truncate(out.trim_end().len());
        out
    }
}

fn gap(out: &mut String) {
    if out.is_empty() {
        return;
    }
    out.truncate(out.trim_end_matches('\n').len());
    out.push_str("\n\n");
}

fn blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match block {
            Block::Heading { content, .. } | Block::Paragraph { content, .. } => {
                gap(out);
                push_inlines(content, out);
            }
            Block::List { ordered, start, items } => {
                gap(out);
                for (n, item) in items.iter().enumerate() {
                    let mut text = String::new();
                    self::blocks(item, &mut text);
                    if *ordered {
                        out.push_str(&format!("{}. ", i64::from(start.unwrap_or(1)) + n as i64));
                    } else {
                        out.push_str("• ");
                    }
                    out.push_str(text.trim());
                    out.push('\n');
                }
            }
            Block::Definitions { items } => {
                for item in items {
                    for term in &item.terms {
                        gap(out);
                        push_inlines(term, out);
                    }
                    item.definitions.iter().for_each(|blocks| self::blocks(blocks, out));
                }
            }
            Block::Quote { blocks, cite } => {
                self::blocks(blocks, out);
                if !cite.is_empty() {
                    gap(out);
                    out.push_str("— ");
                    push_inlines(cite, out);
                }
            }
            Block::Figure { .. } | Block::Rule => {}
            Block::Table(table) => {
                if !table.caption.is_empty() {
                    gap(out);
                    push_inlines(&table.caption, out);
                }
                gap(out);
                for row in &table.rows {
                    for (n, cell) in row.iter().enumerate() {
                        if n > 0 {
                            out.push('\t');
                        }
                        let mut text = String::new();
                        self::blocks(&cell.blocks, &mut text);
                        out.push_str(&text.split_whitespace().collect::<Vec<_>>().join(" "));
                    }
                    out.push('\n');
                }
            }
            Block::Preformatted { text, .. } => {
                gap(out);
                out.push_str(text);
            }
            Block::Embed { title, url } => {
                gap(out);
                out.push_str(&format!("{title}: {url}"));
            }
            Block::Notes { notes } => {
                for note in notes {
                    gap(out);
                    let mut text = String::new();
                    self::blocks(&note.blocks, &mut text);
                    out.push_str(&format!("{} {}", note.label, text.trim()));
                }
            }
        }
    }
}

/// The characters of running text; line breaks as line feeds.
pub(in crate::article) fn inline_text(content: &[Inline]) -> String {
    let mut out = String::new();
    push_inlines(content, &mut out);
    out
}

fn push_inlines(content: &[Inline], out: &mut String) {
    for inline in content {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Emphasis(inner)
            | Inline::Strong(inner)
            | Inline::Superscript(inner)
            | Inline::Subscript(inner)
            | Inline::Deleted(inner)
            | Inline::Link { content: inner, .. }
            | Inline::Lang { content: inner, .. } => push_inlines(inner, out),
            Inline::NoteRef { label, .. } => {
                out.push('[');
                out.push_str(label);
                out.push(']');
            }
            Inline::Image(image) => out.push_str(image.alt.as_deref().unwrap_or_default()),
            Inline::Break => out.push('\n'),
        }
    }
}

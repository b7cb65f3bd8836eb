//! Plain text: what is read aloud, a blank line between blocks.

use crate::article::model::{Article, Block, Inline, labels};
use std::collections::HashSet;

impl Article {
    /// The body as plain text, a blank line between blocks; without the headline, pictures and what stands under them.
    /// It begins with the deck where that is a sentence which the body does not say again: a paragraph of the text that
    /// is set apart, and not a second headline.
    pub fn to_text(&self) -> String {
        let body = self.body_text();
        match self.deck.as_deref().map(str::trim).filter(|deck| is_paragraph(deck, &body)) {
            Some(deck) if body.is_empty() => deck.to_owned(),
            Some(deck) => format!("{deck}\n\n{body}"),
            None => body,
        }
    }

    fn body_text(&self) -> String {
        let mut out = String::new();
        blocks(&self.blocks, &mut out);
        out.truncate(out.trim_end().len());
        out
    }

    /// Headline, deck and byline, then the body.
    pub fn to_whole_text(&self) -> String {
        let above = [self.title.clone(), self.deck.clone().unwrap_or_default(), self.byline.join(", ")];
        let parts = above.into_iter().chain([self.body_text()]);
        parts.filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join("\n\n")
    }
}

/// Whether a deck is a sentence, of which the beginning of the body does not say most.
fn is_paragraph(deck: &str, body: &str) -> bool {
    const BEGINNING: usize = 6_000;
    if !deck.ends_with(['.', '!', '?', '…', '»', '"', '”', '。']) {
        return false;
    }
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let (own, body) = (words(deck), words(body.get(..body.floor_char_boundary(BEGINNING)).unwrap_or(body)));
    let said: HashSet<&[String]> = body.windows(3).collect();
    let runs = own.windows(3).count();
    own.windows(3).filter(|run| said.contains(run)).count() * 2 < runs.max(1)
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
            Block::List { ordered, start, style, numbers, items } => {
                gap(out);
                for (label, item) in labels(*start, *style, numbers, items.len()).iter().zip(items) {
                    let mut text = String::new();
                    self::blocks(item, &mut text);
                    out.push_str(if *ordered { label } else { "•" });
                    out.push(' ');
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
            Block::Details { summary, blocks } => {
                gap(out);
                push_inlines(summary, out);
                self::blocks(blocks, out);
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
            Inline::Ruby { text, content } => {
                push_inlines(content, out);
                out.push_str(&format!("({text})"));
            }
            Inline::Check(done) => out.push_str(if *done { "[x] " } else { "[ ] " }),
            Inline::NoteRef { label, .. } => {
                out.push('[');
                out.push_str(label);
                out.push(']');
            }
            Inline::Image(image) => out.push_str(image.alt.as_deref().unwrap_or_default()),
            Inline::Break => out.push('\n'),
            other => push_inlines(other.content(), out),
        }
    }
}

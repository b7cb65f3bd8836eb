//! What an editor does last: headings in order, no empty or doubled pieces.

use crate::article::export::inline_text;
use crate::article::model::{Block, Inline};
use crate::article::words::{is_letter, lower};
use std::collections::HashSet;

/// Puts the body in order. `title` is the headline's letters in lower case: a first heading that repeats it goes.
pub(super) fn tidy(blocks: Vec<Block>, title: &str) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut pictures = HashSet::new();
    for mut block in blocks {
        match &mut block {
            Block::Heading { content, .. } | Block::Paragraph { content, .. } => {
                let letters = letters(&inline_text(content));
                if letters.is_empty() && !has_picture(content) {
                    continue;
                }
                if matches!(block, Block::Heading { .. }) && letters == title {
                    continue;
                }
            }
            Block::Figure { images, .. } => {
                images.retain(|image| pictures.insert(stem(&image.src)));
                if images.is_empty() {
                    continue;
                }
            }
            Block::Rule if out.is_empty() || matches!(out.last(), Some(Block::Rule)) => continue,
            _ => {}
        }
        out.push(block);
    }
    while matches!(out.last(), Some(Block::Rule)) {
        out.pop();
    }
    // A heading with nothing after it heads something that was dropped.
    while matches!(out.last(), Some(Block::Heading { .. })) && out.len() > 1 {
        out.pop();
    }
    renumber(&mut out, &mut Vec::new());
    out
}

/// Headings from 2 down, no level skipped, those in lists and quotations among them. `open`: the levels above.
fn renumber(blocks: &mut [Block], open: &mut Vec<u8>) {
    for block in blocks {
        match block {
            Block::Heading { level, .. } => {
                while open.last().is_some_and(|&above| above >= *level) {
                    open.pop();
                }
                open.push(*level);
                *level = (open.len() as u8 + 1).min(6);
            }
            Block::List { items, .. } => items.iter_mut().for_each(|item| renumber(item, open)),
            Block::Definitions { items } => {
                items.iter_mut().flat_map(|item| &mut item.definitions).for_each(|blocks| renumber(blocks, open));
            }
            Block::Quote { blocks, .. } => renumber(blocks, open),
            Block::Notes { notes } => notes.iter_mut().for_each(|note| renumber(&mut note.blocks, open)),
            _ => {}
        }
    }
}

fn has_picture(content: &[Inline]) -> bool {
    content.iter().any(|i| matches!(i, Inline::Image(_)))
}

/// Letters and digits in lower case.
pub(in crate::article) fn letters(text: &str) -> String {
    text.chars().filter(|&c| is_letter(c) || c.is_numeric()).map(lower).collect()
}

/// A picture's address without the query that only names its size.
fn stem(src: &str) -> String {
    src.split('?').next().filter(|s| s.len() > 12).unwrap_or(src).to_owned()
}

#[cfg(test)]
mod tests {
    use super::tidy;
    use crate::article::model::{Block, Inline};

    fn heading(level: u8) -> Block {
        Block::Heading { level, content: vec![Inline::Text("Harbour".to_owned())] }
    }

    fn levels(blocks: &[Block], out: &mut Vec<u8>) {
        for block in blocks {
            match block {
                Block::Heading { level, .. } => out.push(*level),
                Block::List { items, .. } => items.iter().for_each(|item| levels(item, out)),
                Block::Quote { blocks, .. } => levels(blocks, out),
                _ => {}
            }
        }
    }

    #[test]
    fn headings_in_lists_and_quotations_skip_no_level() {
        let list = Block::List { ordered: false, start: None, items: vec![vec![heading(5)], vec![heading(5)]] };
        let quote = Block::Quote { blocks: vec![heading(6), heading(3)], cite: Vec::new() };
        let mut found = Vec::new();
        levels(
            &tidy(
                vec![
                    list,
                    heading(2),
                    quote,
                    Block::Rule,
                    heading(4),
                    Block::Embed { title: "x".to_owned(), url: String::new() },
                ],
                "",
            ),
            &mut found,
        );
        assert_eq!(found, [2, 2, 2, 3, 3, 4]);
    }
}

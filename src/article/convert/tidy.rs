//! What an editor does last: headings in order, no empty or doubled pieces.

use crate::article::export::inline_text;
use crate::article::model::{Block, Inline};
use crate::article::words::{is_letter, lower};
use std::collections::HashSet;

/// Puts the body in order. `title` is the headline's letters in lower case: a first heading that repeats it goes.
pub(super) fn tidy(mut blocks: Vec<Block>, title: &str) -> Vec<Block> {
    prune(&mut blocks);
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut pictures = HashSet::new();
    for mut block in blocks {
        match &mut block {
            Block::Heading { content, .. } if letters(&inline_text(content)) == title && !has_picture(content) => {
                continue;
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

/// Drops what says nothing: paragraphs, items, tables and the like without a letter, a digit or a picture.
fn prune(blocks: &mut Vec<Block>) {
    blocks.retain_mut(|block| match block {
        Block::Heading { content, .. } | Block::Paragraph { content, .. } => says(content),
        Block::List { ordered, start, numbers, items, .. } => {
            items.iter_mut().for_each(prune);
            let mut kept = items.iter().map(|item| !item.is_empty());
            numbers.retain(|_| kept.next().unwrap_or(false));
            items.retain(|item| !item.is_empty());
            if *ordered && !numbers.is_empty() {
                (*start, *numbers) = super::numbering::settle(std::mem::take(numbers));
            }
            !items.is_empty()
        }
        Block::Definitions { items } => {
            for item in items.iter_mut() {
                item.terms.retain(|term| says(term));
                item.definitions.iter_mut().for_each(prune);
                item.definitions.retain(|definition| !definition.is_empty());
            }
            items.retain(|item| !item.terms.is_empty() || !item.definitions.is_empty());
            !items.is_empty()
        }
        Block::Quote { blocks, .. } => {
            prune(blocks);
            !blocks.is_empty()
        }
        Block::Details { summary, blocks } => {
            prune(blocks);
            !blocks.is_empty() || says(summary)
        }
        // A cell may be empty, and its column needs it.
        Block::Table(table) => {
            let cells = table.rows.iter_mut().flatten();
            cells.fold(says(&table.caption), |says, cell| {
                prune(&mut cell.blocks);
                says | !cell.blocks.is_empty()
            })
        }
        Block::Notes { notes } => {
            notes.iter_mut().for_each(|note| prune(&mut note.blocks));
            notes.retain(|note| !note.blocks.is_empty());
            !notes.is_empty()
        }
        Block::Preformatted { text, .. } => !letters(text).is_empty(),
        Block::Figure { .. } | Block::Embed { .. } | Block::Rule => true,
    });
}

fn says(content: &[Inline]) -> bool {
    !letters(&inline_text(content)).is_empty() || has_picture(content)
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
            Block::Quote { blocks, .. } | Block::Details { blocks, .. } => renumber(blocks, open),
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
    use crate::article::model::{Block, Cell, Inline, NumberStyle, Table};

    fn heading(level: u8) -> Block {
        Block::Heading { level, content: vec![Inline::Text("Harbour".to_owned())] }
    }

    #[test]
    fn what_has_no_letter_and_no_digit_is_nowhere() {
        let text = |text: &str| vec![Inline::Text(text.to_owned())];
        let paragraph = |said: &str| Block::Paragraph { content: text(said), lang: None };
        let list = |said: [&str; 3]| Block::List {
            ordered: false,
            start: None,
            style: NumberStyle::Decimal,
            numbers: Vec::new(),
            items: said.iter().map(|said| vec![paragraph(said)]).collect(),
        };
        let cell = |said: &str| Cell { blocks: vec![paragraph(said)], header: None, colspan: 1, rowspan: 1 };
        let table = |rows: [[&str; 2]; 2]| {
            let rows = rows.iter().map(|row| row.iter().map(|said| cell(said)).collect()).collect();
            Block::Table(Table { rows, ..Table::default() })
        };
        let quote = |said: &str| Block::Quote { blocks: vec![paragraph(said)], cite: text("Роу") };
        let empty = vec![list(["•", "", "—"]), paragraph("* * *"), quote("…"), table([["-", "—"], ["", "•"]])];
        assert_eq!(tidy(empty, ""), []);
        let left = tidy(vec![list(["•", "мост", "—"]), table([["-", "7"], ["", "•"]]), quote("7")], "");
        assert!(matches!(&left[0], Block::List { items, .. } if items.len() == 1), "{left:?}");
        assert!(
            matches!(&left[1], Block::Table(t) if t.rows[0].len() == 2 && t.rows[0][0].blocks.is_empty()),
            "{left:?}"
        );
        assert_eq!(left.len(), 3);
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
        let list = Block::List {
            ordered: false,
            start: None,
            style: NumberStyle::Decimal,
            numbers: Vec::new(),
            items: vec![vec![heading(5)], vec![heading(5)]],
        };
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

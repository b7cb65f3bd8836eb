//! What an article says and holds, to be held against what is made of it.

use super::{Article, Block, Image, Inline};
use crate::clean::Inventory;

impl Article {
    /// What it says and holds, counted block by block: its headline, its text, captions, links, pictures, tables.
    pub fn inventory(&self) -> Inventory {
        let mut said =
            Inventory { headings: Some(1), links: Some(0), images: Some(0), tables: Some(0), ..Inventory::default() };
        said.add(&self.title);
        if let Some(deck) = &self.deck {
            said.add("\n");
            said.add(deck);
        }
        of_blocks(&self.blocks, &mut said);
        said
    }
}

impl Block {
    /// Its text alone.
    pub(crate) fn inventory(&self) -> Inventory {
        let mut said = Inventory::default();
        of_blocks(std::slice::from_ref(self), &mut said);
        said
    }
}

fn count(count: &mut Option<u64>) {
    *count = count.map(|n| n + 1);
}

fn of_blocks(blocks: &[Block], said: &mut Inventory) {
    for block in blocks {
        said.add("\n");
        match block {
            Block::Heading { content, .. } => {
                count(&mut said.headings);
                of_inlines(content, said);
            }
            Block::Paragraph { content, .. } => of_inlines(content, said),
            Block::List { items, .. } => items.iter().for_each(|item| of_blocks(item, said)),
            Block::Definitions { items } => {
                for item in items {
                    for term in &item.terms {
                        of_inlines(term, said);
                        said.add("\n");
                    }
                    item.definitions.iter().for_each(|blocks| of_blocks(blocks, said));
                }
            }
            Block::Quote { blocks, cite } => {
                of_blocks(blocks, said);
                said.add("\n");
                of_inlines(cite, said);
            }
            Block::Details { summary, blocks } => {
                of_inlines(summary, said);
                of_blocks(blocks, said);
            }
            Block::Figure { images, caption, credit } => {
                images.iter().for_each(|image| of_image(image, said));
                of_inlines(caption, said);
                said.add("\n");
                said.add(credit.as_deref().unwrap_or_default());
            }
            Block::Table(table) => {
                count(&mut said.tables);
                of_inlines(&table.caption, said);
                table.rows.iter().flatten().for_each(|cell| of_blocks(&cell.blocks, said));
            }
            Block::Preformatted { text, .. } => said.add(text),
            Block::Embed { title, .. } => {
                count(&mut said.links);
                said.add(title);
            }
            Block::Notes { notes } => notes.iter().for_each(|note| of_blocks(&note.blocks, said)),
            Block::Rule => {}
        }
    }
    said.add("\n");
}

fn of_image(image: &Image, said: &mut Inventory) {
    count(&mut said.images);
    if image.alt.is_none() {
        said.without_description += 1;
    }
}

fn of_inlines(content: &[Inline], said: &mut Inventory) {
    for inline in content {
        match inline {
            Inline::Text(text) | Inline::Code(text) => said.add(text),
            Inline::Link { content, .. } => {
                count(&mut said.links);
                of_inlines(content, said);
            }
            Inline::Ruby { text, content } => {
                of_inlines(content, said);
                said.add(&format!(" {text} "));
            }
            Inline::NoteRef { label, .. } => said.add(label),
            Inline::Image(image) => of_image(image, said),
            Inline::Break => said.add("\n"),
            other => of_inlines(other.content(), said),
        }
    }
}

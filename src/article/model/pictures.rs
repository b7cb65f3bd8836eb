//! The pictures and other inlines of an article, wherever they stand.

use super::{Article, Block, Image, Inline};

impl Article {
    /// The addresses of all pictures in the body, each once, in the order of the text.
    pub fn picture_sources(&self) -> Vec<String> {
        let mut sources: Vec<String> = Vec::new();
        let mut article = self.clone();
        article.each_picture(&mut |image| {
            if !sources.contains(&image.src) {
                sources.push(image.src.clone());
            }
        });
        sources
    }

    /// Calls `visit` for every picture of the body, in the order of the text.
    pub fn each_picture(&mut self, visit: &mut dyn FnMut(&mut Image)) {
        blocks(&mut self.blocks, visit);
    }
}

impl Article {
    /// Calls `visit` for every inline of the body, outer ones first, in the order of the text.
    pub fn each_inline(&self, visit: &mut dyn FnMut(&Inline)) {
        inlines_of(&self.blocks, visit);
    }
}

fn inlines_of(blocks: &[Block], visit: &mut dyn FnMut(&Inline)) {
    fn run(content: &[Inline], visit: &mut dyn FnMut(&Inline)) {
        for inline in content {
            visit(inline);
            run(inline.content(), visit);
        }
    }
    for block in blocks {
        match block {
            Block::Heading { content, .. } | Block::Paragraph { content, .. } => run(content, visit),
            Block::List { items, .. } => items.iter().for_each(|item| inlines_of(item, visit)),
            Block::Definitions { items } => {
                for item in items {
                    item.terms.iter().for_each(|term| run(term, visit));
                    item.definitions.iter().for_each(|said| inlines_of(said, visit));
                }
            }
            Block::Quote { blocks, cite } => {
                inlines_of(blocks, visit);
                run(cite, visit);
            }
            Block::Details { summary, blocks } => {
                run(summary, visit);
                inlines_of(blocks, visit);
            }
            Block::Figure { caption, .. } => run(caption, visit),
            Block::Table(table) => {
                run(&table.caption, visit);
                table.rows.iter().flatten().for_each(|cell| inlines_of(&cell.blocks, visit));
            }
            Block::Notes { notes } => notes.iter().for_each(|note| inlines_of(&note.blocks, visit)),
            Block::Preformatted { .. } | Block::Embed { .. } | Block::Rule => {}
        }
    }
}

impl Image {
    /// The source's description where it says something; a file's name does not (WCAG 2.2, failure F30).
    pub fn description(&self) -> Option<&str> {
        self.alt.as_deref().map(str::trim).filter(|alt| !alt.is_empty() && !is_file_name(alt))
    }
}

/// Whether a description is nothing but the name of a file.
pub(crate) fn is_file_name(alt: &str) -> bool {
    let lower = alt.trim().to_lowercase();
    !lower.contains(' ')
        && [".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".avif"].iter().any(|end| lower.ends_with(end))
}

fn blocks(list: &mut [Block], visit: &mut dyn FnMut(&mut Image)) {
    for block in list {
        match block {
            Block::Heading { content, .. } | Block::Paragraph { content, .. } => inlines(content, visit),
            Block::List { items, .. } => items.iter_mut().for_each(|item| blocks(item, visit)),
            Block::Definitions { items } => {
                for item in items {
                    item.terms.iter_mut().for_each(|term| inlines(term, visit));
                    item.definitions.iter_mut().for_each(|said| blocks(said, visit));
                }
            }
            Block::Quote { blocks: quoted, cite } => {
                blocks(quoted, visit);
                inlines(cite, visit);
            }
            Block::Details { summary, blocks: inner } => {
                inlines(summary, visit);
                blocks(inner, visit);
            }
            Block::Figure { images, caption, .. } => {
                images.iter_mut().for_each(&mut *visit);
                inlines(caption, visit);
            }
            Block::Table(table) => {
                inlines(&mut table.caption, visit);
                table.rows.iter_mut().flatten().for_each(|cell| blocks(&mut cell.blocks, visit));
            }
            Block::Notes { notes } => notes.iter_mut().for_each(|note| blocks(&mut note.blocks, visit)),
            Block::Preformatted { .. } | Block::Embed { .. } | Block::Rule => {}
        }
    }
}

fn inlines(list: &mut [Inline], visit: &mut dyn FnMut(&mut Image)) {
    for inline in list {
        match inline {
            Inline::Image(image) => visit(image),
            other => {
                if let Some(inner) = other.content_mut() {
                    inlines(inner, visit);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::NumberStyle;

    #[test]
    fn pictures_are_found_wherever_they_stand() {
        let image = |src: &str| Image { src: src.into(), ..Image::default() };
        let inner = Block::Paragraph { content: vec![Inline::Strong(vec![Inline::Image(image("c"))])], lang: None };
        let figure =
            |src| Block::Figure { images: vec![image(src)], caption: vec![Inline::Image(image("b"))], credit: None };
        let list = Block::List {
            ordered: false,
            start: None,
            style: NumberStyle::Decimal,
            numbers: vec![],
            items: vec![vec![inner], vec![figure("a")]],
        };
        let mut article = Article { blocks: vec![figure("a"), list], ..Article::default() };
        assert_eq!(article.picture_sources(), ["a", "b", "c"]);
        article.each_picture(&mut |i| i.src.insert(0, '/'));
        assert_eq!(article.picture_sources(), ["/a", "/b", "/c"]);
    }
}

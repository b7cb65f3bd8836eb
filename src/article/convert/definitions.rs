//! Terms with their definitions (`dl`), where the page means that: old galleries and whole pages are marked up so too.

use crate::article::export::inline_text;
use crate::article::model::{Block, Definition, Inline};

/// Characters of a term; what is longer is text.
const LONGEST: usize = 250;

/// Adds a `dt`. One of which nothing is kept begins a group all the same: what follows is not said of the term before.
pub(super) fn add_term(groups: &mut Vec<Definition>, blocks: Vec<Block>) {
    if groups.last().is_none_or(|group| !group.definitions.is_empty() || group.terms.is_empty()) {
        groups.push(Definition::default());
    }
    let Some(group) = groups.last_mut() else { return };
    let mut others = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph { content, lang: None } => group.terms.push(content),
            Block::Paragraph { content, lang: Some(lang) } => group.terms.push(vec![Inline::Lang { lang, content }]),
            other => others.push(other),
        }
    }
    if !others.is_empty() {
        group.definitions.push(others);
    }
}

/// Adds a `dd`, or blocks outside any; `before` takes what comes before the first term.
pub(super) fn add_loose(groups: &mut [Definition], blocks: Vec<Block>, before: &mut Vec<Block>) {
    match groups.last_mut() {
        Some(group) if !blocks.is_empty() => group.definitions.push(blocks),
        Some(_) => {}
        None => before.extend(blocks),
    }
}

/// Ends a list. What is none stays as the blocks it is of.
pub(super) fn close(mut groups: Vec<Definition>, out: &mut Vec<Block>) {
    // Terms at the end of which nothing is said.
    let rest = groups.pop_if(|group| group.definitions.is_empty());
    if !groups.is_empty() && groups.iter().all(is_definition) {
        out.push(Block::Definitions { items: std::mem::take(&mut groups) });
    }
    for group in groups.into_iter().chain(rest) {
        out.extend(group.terms.into_iter().map(|content| Block::Paragraph { content, lang: None }));
        out.extend(group.definitions.into_iter().flatten());
    }
}

/// Terms that are a few words, without headings that the page is read by.
fn is_definition(group: &Definition) -> bool {
    let is_term = |term: &Vec<Inline>| {
        let text = inline_text(term);
        text.chars().any(char::is_alphanumeric) && text.chars().count() <= LONGEST
    };
    let is_text = |block: &Block| !matches!(block, Block::Heading { .. });
    !group.terms.is_empty() && group.terms.iter().all(is_term) && group.definitions.iter().flatten().all(is_text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Image;

    fn paragraph(text: &str) -> Block {
        Block::Paragraph { content: vec![Inline::Text(text.to_owned())], lang: None }
    }

    fn terms(blocks: &[Block]) -> Option<Vec<usize>> {
        match blocks {
            [Block::Definitions { items }] => Some(items.iter().map(|item| item.terms.len()).collect()),
            _ => None,
        }
    }

    /// A list of `dt` (true) and `dd`.
    fn list(parts: Vec<(bool, Vec<Block>)>) -> Vec<Block> {
        let (mut groups, mut out) = (Vec::new(), Vec::new());
        for (term, blocks) in parts {
            match term {
                true => add_term(&mut groups, blocks),
                false => add_loose(&mut groups, blocks, &mut out),
            }
        }
        close(groups, &mut out);
        out
    }

    #[test]
    fn terms_in_a_row_share_what_is_said() {
        let said = list(vec![
            (true, vec![paragraph("Телефон")]),
            (true, vec![paragraph("Факс")]),
            (false, vec![paragraph("2-45-67")]),
            (false, vec![paragraph("2-45-68")]),
            (true, vec![paragraph("Почта")]),
            (false, vec![paragraph("a@example.ru")]),
        ]);
        assert_eq!(terms(&said), Some(vec![2, 1]));
    }

    #[test]
    fn what_is_said_of_a_dropped_term_is_not_said_of_the_one_before() {
        let said = list(vec![
            (true, vec![paragraph("Телефон")]),
            (false, vec![paragraph("2-45-67")]),
            (true, vec![]),
            (false, vec![paragraph("a@example.ru")]),
        ]);
        assert_eq!(said, ["Телефон", "2-45-67", "a@example.ru"].map(paragraph));
    }

    #[test]
    fn a_gallery_marked_up_as_definitions_is_pictures_with_captions() {
        let image = Image { src: "a.jpg".into(), ..Image::default() };
        let figure = Block::Figure { images: vec![image], caption: vec![], credit: None };
        let said = list(vec![(true, vec![figure.clone()]), (false, vec![paragraph("Мост")])]);
        assert_eq!(said, [figure, paragraph("Мост")]);
    }

    #[test]
    fn headings_stay_headings() {
        let heading =
            Block::Heading { level: 3, content: vec![Inline::Text("Как записаться?".to_owned())] };
        let said = list(vec![(true, vec![heading.clone()]), (false, vec![paragraph("По телефону.")])]);
        assert_eq!(said, [heading, paragraph("По телефону.")]);
    }

    #[test]
    fn what_stands_outside_of_definitions_is_not_lost() {
        let said = list(vec![
            (false, vec![paragraph("Сначала.")]),
            (true, vec![paragraph("Телефон")]),
            (false, vec![paragraph("2-45-67")]),
            (true, vec![paragraph("Почта")]),
        ]);
        let [first, Block::Definitions { items }, last] = said.as_slice() else { panic!("{said:?}") };
        assert_eq!((first, last, items.len()), (&paragraph("Сначала."), &paragraph("Почта"), 1));
    }
}

//! Plain text in: what somebody typed into a text editor.

use super::Article;
use super::model::{Block, Inline};
use crate::{Error, Result};

/// Lines of at least this many characters were broken by a program, not by the writer.
const WRAPPED: usize = 50;
/// A first line that is longer is no headline.
const LONGEST_HEADLINE: usize = 200;

impl Article {
    /// Reads plain text: blank lines part the paragraphs, and where there is none, every line is one. The first line is
    /// the headline if it is short. Line ends within a paragraph stay where the lines are short, as in verse and addresses.
    ///
    /// # Errors
    /// [`Error::Input`] when there is no text.
    pub fn from_text(text: &str, name: &str) -> Result<Article> {
        let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().map(str::trim).collect();
        let mut paragraphs: Vec<&[&str]> =
            lines.split(|line| line.is_empty()).filter(|paragraph| !paragraph.is_empty()).collect();
        if let [only] = paragraphs.as_slice() {
            let only: &[&str] = only;
            paragraphs = only.chunks(1).collect();
        }
        let Some(first) = paragraphs.first() else {
            return Err(Error::input(name, "there is no text in it; write some"));
        };
        let mut article = Article::default();
        if first.len() == 1 && paragraphs.len() > 1 && first[0].chars().count() <= LONGEST_HEADLINE {
            first[0].clone_into(&mut article.title);
            paragraphs.remove(0);
        }
        article.blocks = paragraphs.into_iter().map(paragraph).collect();
        article.lang = super::metadata::guess_lang(&article.blocks);
        Ok(article)
    }
}

fn paragraph(lines: &[&str]) -> Block {
    let (last, before) = lines.split_last().unwrap_or((&"", &[]));
    let wrapped = before.iter().all(|line| line.chars().count() >= WRAPPED);
    let mut content = Vec::with_capacity(lines.len());
    if wrapped {
        content.push(Inline::Text(lines.join(" ")));
    } else {
        for line in before {
            content.extend([Inline::Text((*line).to_owned()), Inline::Break]);
        }
        content.push(Inline::Text((*last).to_owned()));
    }
    Block::Paragraph { content, lang: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> String {
        Article::from_text(source, "file.txt").expect("a text").to_text()
    }

    #[test]
    fn blank_lines_part_paragraphs_and_the_first_line_is_the_headline() {
        let long = "Этой зимой лёд на реке встал на две недели раньше обычного, и переправу";
        let source = format!("Первый лёд\r\n\r\n{long}\r\nоткрыли.\r\n\r\nВторой абзац.\r\n");
        let article = Article::from_text(&source, "file.txt").expect("a text");
        assert_eq!((article.title.as_str(), article.lang.as_str(), article.blocks.len()), ("Первый лёд", "ru", 2));
        assert!(article.to_text().contains(&format!("{long} открыли.")), "{}", article.to_text());
    }

    #[test]
    fn short_lines_stay_lines() {
        assert!(text("Стихи\n\nМороз и солнце,\nдень чудесный!").contains("солнце,\nдень"));
    }

    #[test]
    fn without_blank_lines_every_line_is_a_paragraph() {
        let article = Article::from_text("One.\nTwo & <three>.\nFour * five_six.", "file").expect("a text");
        assert_eq!(article.blocks.len(), 2);
        assert!(article.to_text().contains("Two & <three>."));
        assert!(Article::from_text(" \n\n", "file").is_err());
    }
}

//! Casting off: the least number of pages that copy can take, before any of it is set. What cannot go into the pages
//! allowed is refused here, for the time of reading it once.

use super::manuscript::Manuscript;
use super::pages::Geometry;
use super::sheet::Pt;
use crate::article::{Block, Inline, Table};
use crate::theme::PrintStyle;

/// No Latin or Cyrillic letter and no digit of the bundled faces is narrower, in em.
const NARROWEST: Pt = 0.2;

/// Blocks and inlines nested deeper count for nothing here.
const DEEPEST: usize = 100;

/// Pages that the text alone must fill, in the closest setting that the style has.
pub(super) fn least_pages(manuscript: &Manuscript<'_>, style: &PrintStyle, geometry: &Geometry) -> usize {
    let columns = style.edition.lead_columns.map_or(0, usize::from).max(geometry.columns) as f32;
    let (body, headings) = (&style.body, &style.headings);
    let least_heading = headings.sizes.iter().copied().fold(f32::INFINITY, f32::min) * headings.leading;
    let line = |size: Pt, leading: Pt| Line { leading, letters: geometry.measure / columns / (size * NARROWEST) };
    let small = body.size * body.small.min(1.0);
    let copy = Copy {
        body: line(body.size, (body.size * body.leading).min(least_heading)),
        small: line(small, small * body.leading.min(1.2)),
    };
    let room = f64::from((geometry.bottom - geometry.top).max(body.size));
    let height: f64 = match manuscript {
        Manuscript::Article(article) => copy.blocks(&article.blocks, copy.body, 0),
        Manuscript::Edition(edition) => {
            let stories = edition.sections.iter().flat_map(|section| &section.articles);
            stories.map(|story| copy.blocks(&story.article.blocks, copy.body, 0)).sum()
        }
    };
    (height / (room * f64::from(columns))) as usize
}

/// A line of copy as a compositor looks at it, whatever it says.
#[derive(Clone, Copy)]
struct Line {
    leading: Pt,
    /// How many of the narrowest letters it can hold.
    letters: Pt,
}

/// Heights of copy in one column.
struct Copy {
    body: Line,
    /// In tables and notes.
    small: Line,
}

impl Copy {
    fn blocks(&self, blocks: &[Block], line: Line, depth: usize) -> f64 {
        if depth > DEEPEST { 0.0 } else { blocks.iter().map(|block| self.block(block, line, depth + 1)).sum() }
    }

    fn block(&self, block: &Block, line: Line, depth: usize) -> f64 {
        let leading = f64::from(line.leading);
        match block {
            Block::Paragraph { content, .. } | Block::Heading { content, .. } => {
                let mut lines = Lines::default();
                lines.add(content, depth);
                lines.end(line.letters) * leading
            }
            Block::List { items, .. } => items.iter().map(|item| self.blocks(item, line, depth)).sum(),
            Block::Definitions { items } => {
                let said = items.iter().flat_map(|item| &item.definitions);
                let terms = items.iter().flat_map(|item| &item.terms).map(|term| {
                    let mut lines = Lines::default();
                    lines.add(term, depth);
                    lines.end(line.letters) * leading
                });
                terms.sum::<f64>() + said.map(|blocks| self.blocks(blocks, line, depth)).sum::<f64>()
            }
            Block::Quote { blocks, .. } => self.blocks(blocks, line, depth),
            Block::Table(table) => self.table(table, depth),
            // Code is set a little closer.
            Block::Preformatted { text, .. } => {
                text.lines().filter(|line| !line.trim().is_empty()).count() as f64 * leading * 0.85
            }
            Block::Notes { notes } => notes.iter().map(|note| self.blocks(&note.blocks, self.small, depth)).sum(),
            Block::Figure { .. } | Block::Embed { .. } | Block::Rule => 0.0,
        }
    }

    /// Cells of a row stand side by side.
    fn table(&self, table: &Table, depth: usize) -> f64 {
        let one = f64::from(self.small.leading);
        let own = table.rows.iter().map(|row| {
            let cells = row.iter().map(|cell| (self.blocks(&cell.blocks, self.small, depth), cell.rowspan));
            cells.fold(0.0, |most, (height, rows)| f64::max(most, if rows > 1 { height.min(one) } else { height }))
        });
        own.sum()
    }
}

/// The lines of a paragraph.
#[derive(Default)]
struct Lines {
    /// Lines ended by the source, with something on them.
    ended: f64,
    /// Letters and digits since.
    letters: usize,
    all_letters: usize,
}

impl Lines {
    fn add(&mut self, content: &[Inline], depth: usize) {
        for inline in content {
            match inline {
                Inline::Text(text) | Inline::Code(text) => self.letters += letters(text),
                Inline::Emphasis(inner)
                | Inline::Strong(inner)
                | Inline::Deleted(inner)
                | Inline::Link { content: inner, .. }
                | Inline::Lang { content: inner, .. } => {
                    if depth < DEEPEST {
                        self.add(inner, depth + 1);
                    }
                }
                Inline::Break => self.end_line(),
                // Raised letters are smaller than others.
                Inline::Superscript(_) | Inline::Subscript(_) | Inline::NoteRef { .. } | Inline::Image(_) => {}
            }
        }
    }

    fn end_line(&mut self) {
        self.all_letters += self.letters;
        if std::mem::take(&mut self.letters) > 0 {
            self.ended += 1.0;
        }
    }

    fn end(mut self, line: Pt) -> f64 {
        self.end_line();
        self.ended.max(self.all_letters as f64 / f64::from(line))
    }
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, 'А'..='я')).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::article::{Article, Cell};
    use crate::source::NoPictures;
    use crate::theme::Family;
    use crate::typeset::passage::Look;
    use crate::typeset::sheet::Color;
    use crate::typeset::{set, shape::Shaper};

    #[test]
    fn no_letter_is_narrower_than_casting_off_takes_it_to_be() {
        let mut shaper = Shaper::new();
        let lang = shaper.lang("ru");
        let all: Vec<char> = ('a'..='z').chain('A'..='Z').chain('0'..='9').chain('А'..='я').collect();
        for family in [Family::Serif, Family::Sans, Family::Mono] {
            for (bold, italic) in [(false, false), (false, true), (true, false), (true, true)] {
                let color = Color::Gray(0.0);
                let look = Look { family, bold, italic, size: 1.0, rise: 0.0, color, underline: false, strike: false };
                for c in &all {
                    // In a row letters may kern or join.
                    let word = c.to_string().repeat(10);
                    let width = shaper.word(&word, look.font(), lang, false).width / 10.0;
                    assert!(width > NARROWEST, "{c} is {width} em wide");
                }
            }
        }
    }

    #[test]
    fn casting_off_never_finds_more_pages_than_are_set() {
        let text = |text: String| Block::Paragraph { content: vec![Inline::Text(text)], lang: None };
        let cell = |n: usize| Cell { blocks: vec![text(format!("ill{n}"))], header: None, colspan: 1, rowspan: 1 };
        let rows = (0..2_000).map(|n| vec![cell(n), cell(n)]).collect();
        let blocks = vec![
            text("ill fit til lij ".repeat(10_000)),
            Block::List {
                ordered: true,
                start: None,
                items: (0..2_000).map(|n| vec![text(format!("l{n}"))]).collect(),
            },
            Block::Table(Table { caption: vec![], rows, header_rows: 0 }),
            Block::Preformatted { text: "a\n\nb\n".repeat(2_000), code: true },
            Block::Paragraph {
                content: (0..2_000).flat_map(|_| [Inline::Text("j".into()), Inline::Break]).collect(),
                lang: None,
            },
        ];
        for style in PrintStyle::all() {
            for block in &blocks {
                let article = Article { lang: "en".into(), blocks: vec![block.clone()], ..Article::default() };
                let manuscript = Manuscript::Article(&article);
                let geometry = Geometry::of(&style, "en");
                let least = least_pages(&manuscript, &style, &geometry);
                let pages = set(&manuscript, &style, &NoPictures, &Limits::default()).expect("set").sheets.len();
                assert!(least <= pages, "{}: {least} of {pages}", style.name);
                assert!(least * 5 >= pages, "{}: {least} of {pages}", style.name);
            }
        }
    }

    #[test]
    fn a_text_of_too_many_pages_is_refused_before_and_while_it_is_set() {
        let style = PrintStyle::all().remove(0);
        let limits = Limits { pages: 3, ..Limits::default() };
        for words in [600, 2_000, 100_000] {
            let content = vec![Inline::Text("слово ".repeat(100))];
            let blocks = vec![Block::Paragraph { content, lang: None }; words / 100];
            for blocks in [blocks.clone(), vec![Block::Quote { blocks, cite: vec![] }]] {
                let article = Article { lang: "ru".into(), blocks, ..Article::default() };
                let result = set(&Manuscript::Article(&article), &style, &NoPictures, &limits);
                let said = result.map(|p| p.sheets.len()).map_err(|error| error.to_string());
                match words {
                    600 => assert!(said.is_ok(), "{said:?}"),
                    _ => assert!(said.is_err_and(|e| e.contains("over the limit of 3;") && e.contains("--max-pages"))),
                }
            }
        }
    }
}

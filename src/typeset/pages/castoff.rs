//! Casting off: the least number of pages that copy can take, before any of it is set. What cannot go into the pages
//! allowed is refused here, for the time of reading it once.

use harfrust::Font;

use super::makeup::Geometry;
use crate::article::{Block, Inline, Table};
use crate::sheet::Pt;
use crate::theme::{Align, FACE_FILES, PrintStyle};
use crate::typeset::manuscript::Manuscript;
use crate::typeset::text::lines::SHRINK;

/// What kerning and ligatures leave of a letter's width at least: capitals move far over their neighbours.
const KERNED: f64 = 0.8;
const KERNED_CAPITAL: f64 = 0.5;

/// No letter of code is narrower, in em of the text around it: the mono face has one width, and is set a little smaller.
const CODE: f64 = 0.5;

/// Blocks and inlines nested deeper count for nothing here.
const DEEPEST: usize = 100;

/// Pages that the text alone must fill, in the closest setting that the style has.
pub(in crate::typeset) fn least_pages(manuscript: &Manuscript<'_>, style: &PrintStyle, geometry: &Geometry) -> usize {
    let columns = style.edition.lead_columns.map_or(0, usize::from).max(geometry.columns) as f32;
    let (body, headings) = (&style.body, &style.headings);
    let smallest_heading = headings.sizes.iter().copied().fold(f32::INFINITY, f32::min);
    let line = |size: Pt, leading: Pt| Line { leading, ems: f64::from(geometry.measure / columns / size) };
    let small = body.size * body.small.min(1.0);
    let copy = Copy {
        widths: Widths::of(style),
        body: line(
            body.size.min(smallest_heading),
            (body.size * body.leading).min(smallest_heading * headings.leading),
        ),
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
    /// Its length.
    ems: f64,
}

/// The least that letters and spaces of a style take, in em, in whichever of its faces they stand.
struct Widths {
    letters: [f64; LETTERS],
    space: f64,
}

/// ASCII, and Russian letters after it.
const LETTERS: usize = 128 + 64;

/// The place of a letter or digit that every bundled face has.
fn place(c: char) -> Option<usize> {
    match c {
        'А'..='я' => Some(128 + (u32::from(c) - u32::from('А')) as usize),
        _ if c.is_ascii_alphanumeric() => Some(c as usize),
        _ => None,
    }
}

impl Widths {
    fn of(style: &PrintStyle) -> Self {
        let families = [style.body.family, style.headings.family];
        let looks = [(false, false), (false, true), (true, false), (true, true)];
        let mut faces: Vec<usize> =
            families.iter().flat_map(|family| looks.map(|(bold, italic)| family.file(bold, italic))).collect();
        faces.sort_unstable();
        faces.dedup();
        let fonts: Vec<Font> = faces.into_iter().filter_map(|face| Font::new(FACE_FILES[face], 0)).collect();
        let least = |c: char| {
            let widths = fonts.iter().map(|font| {
                let glyph = font.charmap().map_unicode(c);
                let advance = glyph.map_or(0.0, |glyph| font.glyph_metrics().h_advance(glyph));
                f64::from(advance) / f64::from(font.units_per_em())
            });
            widths.fold(f64::INFINITY, f64::min)
        };
        let mut letters = [0.0; LETTERS];
        for c in ('\0'..'\u{80}').chain('А'..='я') {
            if let Some(place) = place(c) {
                letters[place] = least(c) * if c.is_uppercase() { KERNED_CAPITAL } else { KERNED };
            }
        }
        let shrunk = if style.body.align == Align::Justified { 1.0 - f64::from(SHRINK) } else { 1.0 };
        Self { letters, space: least(' ') * shrunk }
    }
}

/// Heights of copy in one column.
struct Copy {
    widths: Widths,
    body: Line,
    /// In tables and notes.
    small: Line,
}

impl Copy {
    fn lines(&self, content: &[Inline], line: Line, depth: usize) -> f64 {
        let mut count = Count::new(&self.widths);
        count.add(content, depth);
        count.lines(line)
    }

    fn blocks(&self, blocks: &[Block], line: Line, depth: usize) -> f64 {
        if depth > DEEPEST { 0.0 } else { blocks.iter().map(|block| self.block(block, line, depth + 1)).sum() }
    }

    fn block(&self, block: &Block, line: Line, depth: usize) -> f64 {
        let leading = f64::from(line.leading);
        match block {
            Block::Paragraph { content, .. } | Block::Heading { content, .. } => {
                self.lines(content, line, depth) * leading
            }
            Block::List { items, .. } => items.iter().map(|item| self.blocks(item, line, depth)).sum(),
            Block::Definitions { items } => {
                let said = items.iter().flat_map(|item| &item.definitions);
                let terms =
                    items.iter().flat_map(|item| &item.terms).map(|term| self.lines(term, line, depth) * leading);
                terms.sum::<f64>() + said.map(|blocks| self.blocks(blocks, line, depth)).sum::<f64>()
            }
            Block::Quote { blocks, .. } => self.blocks(blocks, line, depth),
            Block::Details { summary, blocks } => {
                self.lines(summary, line, depth) * leading + self.blocks(blocks, line, depth)
            }
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

/// The copy of a paragraph.
struct Count<'a> {
    widths: &'a Widths,
    /// Lines ended by the source, with something on them.
    ended: f64,
    /// Something stands on the line under way.
    begun: bool,
    /// White space since the last letter.
    gap: bool,
    /// Of all letters and digits, in em.
    letters: f64,
    /// Between two of them on one line of the source.
    spaces: f64,
}

impl<'a> Count<'a> {
    fn new(widths: &'a Widths) -> Self {
        Self { widths, ended: 0.0, begun: false, gap: false, letters: 0.0, spaces: 0.0 }
    }

    fn add(&mut self, content: &[Inline], depth: usize) {
        for inline in content {
            match inline {
                Inline::Text(text) => self.text(text, None),
                Inline::Code(text) => self.text(text, Some(CODE)),
                Inline::Break => self.end_line(),
                // Raised letters are smaller than others.
                Inline::Superscript(_) | Inline::Subscript(_) => {}
                other if depth < DEEPEST => self.add(other.content(), depth + 1),
                _ => {}
            }
        }
    }

    fn text(&mut self, text: &str, width: Option<f64>) {
        for c in text.chars() {
            if let Some(place) = place(c) {
                self.letters += width.unwrap_or(self.widths.letters[place]);
                self.spaces += f64::from(u8::from(self.gap && self.begun));
                (self.begun, self.gap) = (true, false);
            } else if matches!(c, ' ' | '\n' | '\t' | '\r') {
                self.gap = true;
            }
        }
    }

    fn end_line(&mut self) {
        self.ended += f64::from(u8::from(self.begun));
        (self.begun, self.gap) = (false, false);
    }

    /// Lines of that length; where one ends, a space goes.
    fn lines(mut self, line: Line) -> f64 {
        self.end_line();
        let space = self.widths.space;
        self.ended.max((self.letters + self.spaces * space) / (line.ems + space))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::article::{Article, Cell, NumberStyle};
    use crate::sheet::Color;
    use crate::source::NoPictures;
    use crate::theme::Family;
    use crate::typeset::set;
    use crate::typeset::text::fonts::Fonts;
    use crate::typeset::text::passage::Look;
    use crate::typeset::text::shape::Shaper;

    #[test]
    fn no_two_letters_are_narrower_than_casting_off_takes_them_to_be() {
        let mut shaper = Shaper::new();
        let lang = shaper.lang("ru");
        let latin: Vec<char> = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
        let russian: Vec<char> = ('А'..='я').chain('0'..='9').collect();
        for family in [Family::Serif, Family::Sans, Family::Caption] {
            let mut style = PrintStyle::all().remove(0);
            (style.body.family, style.headings.family) = (family, family);
            let widths = Widths::of(&style);
            for (bold, italic) in [(false, false), (false, true), (true, false), (true, true)] {
                let color = Color::Gray(0.0);
                let look = Look { family, bold, italic, size: 1.0, rise: 0.0, color, underline: false, strike: false };
                let mut width = |word: &str| f64::from(shaper.word(word, look.font(), lang, false).width);
                for all in [&latin, &russian] {
                    let alone: Vec<f64> = all.iter().map(|c| width(&c.to_string())).collect();
                    for (a, wide_a) in all.iter().zip(&alone) {
                        for (b, wide_b) in all.iter().zip(&alone) {
                            // Of both letters the half that is turned to the other.
                            let inner = width(&format!("{a}{b}")) - (wide_a + wide_b) / 2.0;
                            let least =
                                [*a, *b].iter().filter_map(|c| place(*c)).map(|c| widths.letters[c]).sum::<f64>();
                            assert!(inner >= least / 2.0, "{family:?}: {a}{b} takes {inner}, not {}", least / 2.0);
                        }
                    }
                }
            }
        }
        assert!(f64::from(shaper.word("l", Fonts::pick(Family::Mono, false, false), lang, false).width) * 0.9 > CODE);
    }

    #[test]
    fn one_long_paragraph_is_cast_off_closely() {
        let of = |text: &str, times: usize| Article {
            lang: "ru".into(),
            blocks: vec![Block::Paragraph { content: vec![Inline::Text(text.repeat(times))], lang: None }],
            ..Article::default()
        };
        for article in [of("слово ", 10_000), of("Съешь ещё этих мягких французских булок, да выпей же чаю. ", 1_000)]
        {
            for style in PrintStyle::all() {
                let manuscript = Manuscript::Article(&article);
                let least = least_pages(&manuscript, &style, &Geometry::of(&style, "ru"));
                let pages = set(&manuscript, &style, &NoPictures, &Limits::default()).expect("set").sheets.len();
                assert!(least <= pages && (least + 1) * 2 >= pages, "{}: {least} of {pages}", style.name);
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
                style: NumberStyle::Decimal,
                numbers: Vec::new(),
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
                    _ => assert!(
                        said.is_err_and(|e| e.contains("over the limit of 3;") && e.contains("`Limits::pages`"))
                    ),
                }
            }
        }
    }
}

//! Promises about what stands together: rows and lists over page ends, text beside a picture.

use super::samples::paragraph;
use crate::Limits;
use crate::article::{Article, Block, Cell, Image, NumberStyle, Table};
use crate::sheet::*;
use crate::source::NoPictures;
use crate::theme::PrintStyle;
use crate::typeset::*;

/// The lines of each sheet's text, from above.
fn pages(blocks: Vec<Block>, style: &PrintStyle) -> Vec<Vec<String>> {
    let article = Article { title: "Паром".into(), lang: "ru".into(), blocks, ..Article::default() };
    let publication = set(&Manuscript::Article(&article), style, &NoPictures, &Limits::default()).expect("set");
    publication.sheets.iter().map(lines).collect()
}

fn lines(sheet: &Sheet) -> Vec<String> {
    let mut runs: Vec<&TextRun> = Vec::new();
    for mark in &sheet.marks {
        if let (Owner::Content(_), MarkKind::Text(run)) = (mark.owner, &mark.kind) {
            runs.push(run);
        }
    }
    runs.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    let same = |a: &&TextRun, b: &&TextRun| (a.y - b.y).abs() < 1.0;
    runs.chunk_by(same).map(|line| line.iter().map(|run| run.text.as_str()).collect()).collect()
}

/// Blocks below so many lines that they come to stand at every place of a page.
fn below(lines: usize, blocks: Vec<Block>) -> Vec<Block> {
    (0..lines).map(|_| paragraph("Строка.")).chain(blocks).collect()
}

#[test]
fn a_row_told_in_lines_is_not_divided_over_pages() {
    let row = |cells: [&str; 4]| -> Vec<Cell> {
        let cell = |text| Cell { blocks: vec![paragraph(text)], header: None, colspan: 1, rowspan: 1 };
        cells.map(cell).into()
    };
    let mut rows = vec![row(["Рейс", "Староозёрск-главная", "Заречье-главная", "Ежедневность"])];
    rows.extend((0..12).map(|_| row(["Утренний", "6:40", "7:10", "да"])));
    let table = Block::Table(Table { caption: Vec::new(), header_rows: 1, rows });
    for name in ["rnib-giant", "acb"] {
        let style = PrintStyle::find(name).expect("built in");
        for count in 0..8 {
            let pages = pages(below(count, vec![table.clone()]), &style);
            assert!(pages.iter().flatten().any(|line| line.contains("Заречье-главная: 7:10")), "it is told");
            for page in pages.iter().filter(|page| page[0].contains(':')) {
                assert!(page[0].contains("Рейс"), "{name}: a page begins with {:?}", page[0]);
            }
        }
    }
}

#[test]
fn no_page_ends_with_the_first_item_of_a_list_or_begins_with_the_last() {
    let items = ["первый", "второй", "третий", "четвёртый", "пятый", "шестой"];
    let list = Block::List {
        ordered: false,
        start: None,
        style: NumberStyle::Decimal,
        numbers: Vec::new(),
        items: items.iter().map(|item| vec![paragraph(&format!("{item} пункт"))]).collect(),
    };
    let text = paragraph("Вот что будет сделано до конца года, если зима окажется такой же, как прежде.");
    for name in ["rnib-giant", "aph-22", "standard"] {
        let style = PrintStyle::find(name).expect("built in");
        for count in 0..30 {
            for page in pages(below(count, vec![text.clone(), list.clone(), text.clone()]), &style) {
                let (first, last) = (&page[0], &page[page.len() - 1]);
                assert!(!first.contains("шестой"), "{name}, {count}: a page begins with {first:?}");
                assert!(!last.contains("первый"), "{name}, {count}: a page ends with {last:?}");
            }
        }
    }
}

#[test]
fn text_that_is_shorter_than_a_picture_stands_in_all_columns_beside_it() {
    struct Picture;
    impl crate::source::PictureSource for Picture {
        fn load(&self, _: &str) -> std::result::Result<std::sync::Arc<[u8]>, String> {
            let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800"><rect width="9" height="9"/></svg>"#;
            Ok(svg.as_bytes().into())
        }
    }
    let image = Image { src: "snimok.svg".into(), alt: Some("Снимок".into()), ..Image::default() };
    let figure = Block::Figure { images: vec![image], caption: Vec::new(), credit: None };
    let text = paragraph(&"Лёд встал за одну ночь, и к утру по нему уже ходили. ".repeat(12));
    let article =
        Article { title: "Лёд".into(), lang: "ru".into(), blocks: vec![figure, text], ..Article::default() };
    let story = Story::from(&article);
    let sections = vec![Section { title: None, articles: vec![story] }];
    let edition = Edition { title: "Знамя".into(), lang: "ru".into(), sections, ..Edition::default() };
    let style = PrintStyle::find("newspaper-a3").expect("built in");
    let publication = set(&Manuscript::Edition(edition), &style, &Picture, &Limits::default()).expect("set");
    let geometry = crate::typeset::pages::makeup::Geometry::of(&style, "ru");
    let count = |column: usize| {
        let x = geometry.x(column);
        let here =
            |mark: &&Mark| matches!(&mark.kind, MarkKind::Text(run) if (run.x - x).abs() < 20.0 && run.size < 10.0);
        publication.sheets[0].marks.iter().filter(here).count()
    };
    assert!(count(2) > 3 && count(3) > 3, "{} and {} lines", count(2), count(3));
    assert!(count(2).abs_diff(count(3)) <= 2, "{} and {} lines", count(2), count(3));
}

//! Promises of the whole room.

pub(crate) mod any_article;
mod definitions;
mod divisions;
mod editions;
mod notes;
mod samples;

use self::samples::{long, paragraph, rich};
use super::*;
use crate::article::{Article, Block, Cell, Inline, NumberStyle, Table};
use crate::limits::Limit;
use crate::sheet::*;
use crate::source::NoPictures;
use crate::theme::PrintStyle;
use crate::{Error, Limits};

fn set_in(article: &Article, style: &PrintStyle) -> Publication {
    set(&Manuscript::Article(article), style, &NoPictures, &Limits::default()).expect("it can be set")
}

/// The text of all content in reading order, line-end hyphens undone.
pub(crate) fn read(publication: &Publication) -> String {
    let mut texts = vec![String::new(); publication.structure.contents.len()];
    for mark in publication.sheets.iter().flat_map(|sheet| &sheet.marks) {
        if let (Owner::Content(id), MarkKind::Text(run)) = (mark.owner, &mark.kind) {
            texts[id.0 as usize].push_str(&run.text);
        }
    }
    fn walk(s: &Structure, element: ElementId, texts: &[String], out: &mut String) {
        for kid in &s[element].kids {
            match kid {
                Kid::Content(id) => out.push_str(&texts[id.0 as usize]),
                Kid::Element(child) => walk(s, *child, texts, out),
            }
        }
        if matches!(s[element].role, Role::P | Role::Heading(_) | Role::Lbl | Role::Caption) {
            out.push('\n');
        }
    }
    let mut out = String::new();
    walk(&publication.structure, Structure::ROOT, &texts, &mut out);
    out.replace('\u{AD}', "")
}

pub(crate) fn check_sheets(publication: &Publication) {
    for (number, sheet) in publication.sheets.iter().enumerate() {
        for mark in &sheet.marks {
            let (x, y, right, bottom) = match &mark.kind {
                MarkKind::Text(run) => {
                    assert!(!run.glyphs.is_empty(), "an empty run {:?}", run.text);
                    assert!(run.glyphs.iter().all(|g| g.id != 0), "glyph 0 in {:?}", run.text);
                    let covered: String =
                        run.glyphs.iter().map(|g| &run.text[g.text.0 as usize..g.text.1 as usize]).collect();
                    let whole = |s: &str| {
                        let mut c: Vec<char> = s.chars().collect();
                        c.sort_unstable();
                        c
                    };
                    assert_eq!(whole(&covered), whole(&run.text), "glyphs do not stand for the whole text");
                    let width: f32 = run.glyphs.iter().map(|g| g.advance).sum();
                    (run.x, run.y - run.size, run.x + width, run.y)
                }
                MarkKind::Fill { rect, .. } | MarkKind::Stroke { rect, .. } | MarkKind::Picture { rect, .. } => {
                    (rect.x, rect.y, rect.x + rect.width, rect.y + rect.height)
                }
            };
            assert!(
                x >= -0.5 && y >= -0.5 && right <= sheet.width + 0.5 && bottom <= sheet.height + 0.5,
                "page {}: {x} {y} {right} {bottom} is off the page: {:?}",
                number + 1,
                mark.kind
            );
        }
    }
}

#[test]
fn every_style_sets_everything() {
    for style in PrintStyle::all() {
        let publication = set_in(&rich(), &style);
        check_sheets(&publication);
        let text = read(&publication);
        for words in
            ["Ремонт продолжался почти два года и стоил", "«Наука и жизнь»;", "Посёлок Заречный", "Фото Ивана Громова"]
        {
            assert!(text.contains(words), "{}: {words} is missing from:\n{text}", style.name);
        }
    }
}

#[test]
fn paragraphs_over_page_ends_are_one_element() {
    let publication = set_in(&long(40), &PrintStyle::find("standard").expect("built in"));
    assert!(publication.sheets.len() > 3);
    let paragraphs = publication.structure.elements.iter().filter(|e| e.role == Role::P).count();
    assert_eq!(paragraphs, 40);
}

#[test]
fn a_rule_before_the_notes_is_not_drawn() {
    let style = PrintStyle::find("standard").expect("built in");
    let rules = |blocks: Vec<Block>| {
        let article = Article { title: "Мост".into(), lang: "ru".into(), blocks, ..Article::default() };
        let publication = set(&Manuscript::Article(&article), &style, &NoPictures, &Limits::default()).expect("set");
        assert_eq!(publication.block_sheets[0].len(), article.blocks.len() + 1);
        let marks = publication.sheets.iter().flat_map(|sheet| &sheet.marks);
        let short =
            |mark: &&Mark| matches!(mark.kind, MarkKind::Fill { rect, .. } if rect.height < 1.0 && rect.width < 150.0);
        marks.filter(short).count()
    };
    let note = crate::article::Note { id: "n".into(), label: "1".into(), blocks: vec![paragraph("Сноска.")] };
    let notes = Block::Notes { notes: vec![note] };
    let text = || paragraph("Мост открыт.");
    assert_eq!(rules(vec![text(), Block::Rule, text()]), 1);
    // The line above notes is one.
    assert_eq!(rules(vec![text(), Block::Rule, notes.clone()]), 1);
    assert_eq!(rules(vec![text(), Block::Rule, notes, text()]), 2);
    assert_eq!(rules(vec![text(), Block::Rule]), 0);
}

#[test]
fn a_head_over_columns_of_numbers_begins_with_them() {
    use crate::article::{Cell, Scope, Table};
    let cell = |text: &str, colspan: u16, head: bool| Cell {
        blocks: vec![paragraph(text)],
        header: head.then_some(Scope::Column),
        colspan,
        rowspan: 1,
    };
    let rows = vec![
        vec![cell("Этап", 1, true), cell("Сроки", 2, true)],
        vec![cell("Первый", 1, false), cell("23.11.2026", 1, false), cell("25.11.2026", 1, false)],
    ];
    let blocks = vec![Block::Table(Table { caption: vec![], rows, header_rows: 1 })];
    let article = Article { title: "Мост".into(), lang: "ru".into(), blocks, ..Article::default() };
    let style = PrintStyle::find("standard").expect("built in");
    let publication = set(&Manuscript::Article(&article), &style, &NoPictures, &Limits::default()).expect("set");
    let x = |wanted: &str| {
        let mut runs = publication.sheets[0].marks.iter().filter_map(|mark| match &mark.kind {
            MarkKind::Text(run) if run.text.contains(wanted) => Some(run.x),
            _ => None,
        });
        runs.next_back().expect("it is set")
    };
    assert!((x("Сроки") - x("23.11")).abs() < 3.0, "{} and {}", x("Сроки"), x("23.11"));
}

#[test]
fn the_name_of_a_file_describes_no_picture() {
    let figure = |alt: &str, caption: &[&str]| {
        let image =
            crate::article::Image { src: "a.jpg".into(), alt: Some(alt.into()), ..crate::article::Image::default() };
        let blocks = vec![Block::Figure {
            images: vec![image],
            caption: caption.iter().map(|c| crate::article::Inline::Text((*c).into())).collect(),
            credit: None,
        }];
        let article = Article { title: "Мост".into(), lang: "ru".into(), blocks, ..Article::default() };
        let style = PrintStyle::find("standard").expect("built in");
        let publication = set(&Manuscript::Article(&article), &style, &NoPictures, &Limits::default()).expect("set");
        publication.structure.elements.into_iter().find_map(|e| e.alt).expect("a description")
    };
    assert_eq!(figure("IMG_2041.JPG", &[]), "Изображение без описания");
    assert_eq!(figure("most.png", &["Мост зимой"]), "Мост зимой");
    assert_eq!(figure("Мост", &["Мост зимой"]), "Мост");
}

#[test]
fn the_limit_of_pages_is_an_error() {
    let limits = Limits { pages: 2, ..Limits::default() };
    let style = PrintStyle::find("rnib-giant").expect("built in");
    let error = set(&Manuscript::Article(&long(40)), &style, &NoPictures, &limits).expect_err("more than two pages");
    assert!(matches!(error, Error::Limit { limit: Limit::Pages, .. }), "{error}");
}

#[test]
fn an_edition_has_its_articles_under_its_sections() {
    let (first, second, third) = (rich(), long(6), long(3));
    let edition = Edition {
        title: "Знамя района".into(),
        issue: Some("№ 46 (12 345)".into()),
        date: Some("2026-11-23".into()),
        lang: "ru".into(),
        contents: true,
        new_pages: None,
        qr: false,
        accessible: None,
        continued: false,
        subtitle: None,
        imprint: None,
        sections: vec![
            Section { title: Some("Общество".into()), articles: vec![(&first).into(), (&second).into()] },
            Section { title: Some("Культура".into()), articles: vec![(&third).into()] },
        ],
        ..Edition::default()
    };
    for name in ["newspaper", "rnib-large"] {
        let style = PrintStyle::find(name).expect("built in");
        let publication =
            set(&Manuscript::Edition(edition.clone()), &style, &NoPictures, &Limits::default()).expect("it can be set");
        check_sheets(&publication);
        let roles =
            |wanted: fn(&Role) -> bool| publication.structure.elements.iter().filter(|e| wanted(&e.role)).count();
        assert_eq!(roles(|r| *r == Role::Art), 3);
        assert_eq!(roles(|r| *r == Role::Sect), 2);
        // An entry a section, and below it an entry an article.
        assert_eq!(roles(|r| *r == Role::Toci), 5);
        assert_eq!(roles(|r| *r == Role::Toc), 3);
        assert_eq!(roles(|r| *r == Role::Heading(1)), 1);
        // Masthead, contents, two sections; the articles stand under these.
        let top = &publication.outline[0];
        assert_eq!(top.title, "Знамя района");
        let children: Vec<&str> = top.children.iter().map(|item| item.title.as_str()).collect();
        assert_eq!(children, ["В номере", "Общество", "Культура"]);
        assert_eq!(top.children[1].children.len(), 2);
        // The contents say the page on which an article's headline stands.
        let last = publication
            .sheets
            .iter()
            .position(|s| s.label == publication.sheets[top.children[2].destination.sheet].label);
        let text = read(&publication);
        let entry = format!("Длинная статья{}", last.expect("a page") + 1);
        assert!(text.contains(&entry), "{entry} is not in the contents:\n{}", &text[..600.min(text.len())]);
    }
}

#[test]
fn a_note_stands_at_the_foot_of_the_page_that_refers_to_it() {
    let style = PrintStyle::find("standard").expect("built in");
    let mut article = rich();
    article.blocks.splice(1..1, long(30).blocks);
    let publication = set_in(&article, &style);
    let on = |page: usize, words: &str| {
        publication.sheets[page]
            .marks
            .iter()
            .any(|m| matches!(&m.kind, MarkKind::Text(run) if run.text.contains(words)))
    };
    assert!(publication.sheets.len() > 2);
    assert!(on(0, "школу искусств") && on(0, "Здание школы искусств сдали"), "the note is not on the first page");
    let notes = publication.structure.elements.iter().filter(|e| e.role == Role::Note).count();
    assert_eq!(notes, 1);
}

#[test]
fn no_line_stands_alone_at_the_head_or_foot_of_a_column() {
    for name in ["standard", "newspaper", "rnib-large"] {
        let style = PrintStyle::find(name).expect("built in");
        let geometry = super::pages::makeup::Geometry::of(&style, "ru");
        let publication = set_in(&long(50), &style);
        // Lines of each paragraph by their page and column, told apart by their left edge.
        let mut lines: std::collections::BTreeMap<(u32, usize, i32), std::collections::BTreeSet<i32>> =
            Default::default();
        for (page, sheet) in publication.sheets.iter().enumerate() {
            for mark in &sheet.marks {
                let (Owner::Content(id), MarkKind::Text(run)) = (mark.owner, &mark.kind) else { continue };
                let element = publication.structure.contents[id.0 as usize];
                if publication.structure[element].role == Role::P {
                    let column = ((run.x - geometry.left + 1.0) / (geometry.column + geometry.gutter)) as i32;
                    lines.entry((element.0, page, column)).or_default().insert((run.y * 10.0) as i32);
                }
            }
        }
        let mut parts: std::collections::BTreeMap<u32, Vec<usize>> = Default::default();
        for ((element, ..), found) in &lines {
            parts.entry(*element).or_default().push(found.len());
        }
        for (element, parts) in parts.iter().filter(|(_, parts)| parts.len() > 1) {
            assert!(parts.iter().all(|lines| *lines >= 2), "{name}: paragraph {element} is divided into {parts:?}");
        }
    }
}

#[test]
fn however_many_cores_set_a_text_the_pages_are_the_same() {
    let style = PrintStyle::find("newspaper").expect("built in");
    let article = long(60);
    let pages = [1, 4].map(|cores| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().expect("threads");
        let publication = pool.install(|| set_in(&article, &style));
        format!("{:?} {:?}", publication.sheets, publication.structure)
    });
    assert!(pages[0] == pages[1]);
}

fn in_a_row(words: &[&str]) -> Vec<Cell> {
    let cell = |word: &&str| Cell { blocks: vec![paragraph(word)], header: None, colspan: 1, rowspan: 1 };
    words.iter().map(cell).collect()
}

fn with_table(header_rows: usize, rows: Vec<Vec<Cell>>) -> Article {
    let table = Table { caption: Vec::new(), header_rows, rows };
    Article {
        title: "Таблица".into(), lang: "ru".into(), blocks: vec![Block::Table(table)], ..Article::default()
    }
}

#[test]
fn a_short_row_of_a_table_is_filled_up() {
    let rows = vec![in_a_row(&["Год", "Тонн", "Рублей"]), in_a_row(&["2025", "1", "2"]), in_a_row(&["Итого"])];
    let publication = set_in(&with_table(1, rows), &PrintStyle::find("standard").expect("built in"));
    let rows: Vec<usize> =
        publication.structure.elements.iter().filter(|e| e.role == Role::TR).map(|e| e.kids.len()).collect();
    assert_eq!(rows, [3, 3, 3]);
}

#[test]
fn a_table_told_row_by_row_says_its_head_in_every_row_and_not_alone() {
    let head: Vec<String> = (1..=20).map(|n| format!("Показатель{n}")).collect();
    let words: Vec<&str> = head.iter().map(String::as_str).collect();
    let rows = vec![in_a_row(&words), in_a_row(&["42"; 20]), in_a_row(&["43"; 20])];
    let publication = set_in(&with_table(1, rows), &PrintStyle::find("rnib-large").expect("built in"));
    let items = publication.structure.elements.iter().filter(|e| e.role == Role::LI).count();
    assert_eq!(items, 2);
    assert!(read(&publication).contains("Показатель1\u{A0}· Показатель2\u{A0}· "));
    assert_eq!(read(&publication).matches("Показатель7: ").count(), 2);
}

#[test]
fn a_word_s_own_hyphen_at_a_line_s_end_is_no_division() {
    let article = Article {
        title: "Ветер".into(),
        lang: "ru".into(),
        blocks: vec![paragraph(
            &"Общественно-политический, научно-исследовательский журнал-альманах-ежемесячник. ".repeat(30),
        )],
        ..Article::default()
    };
    let publication = set_in(&article, &PrintStyle::find("rnib-large").expect("built in"));
    let ends: Vec<char> = publication
        .sheets
        .iter()
        .flat_map(|sheet| &sheet.marks)
        .filter_map(|mark| match &mark.kind {
            MarkKind::Text(run) => run.text.chars().last(),
            _ => None,
        })
        .collect();
    assert!(ends.contains(&'\u{200B}'), "no line ends at a hyphen");
    assert!(!ends.contains(&'-'));
}

/// The runs of the text on each sheet, from the top of the first column to the foot of the last.
fn runs(sheet: &Sheet) -> Vec<&TextRun> {
    let of = |mark: &'_ Mark| matches!(mark.owner, Owner::Content(_));
    let run = |mark| match mark {
        &Mark { kind: MarkKind::Text(ref run), .. } => Some(run),
        _ => None,
    };
    sheet.marks.iter().filter(|mark| of(mark)).filter_map(run).collect()
}

#[test]
fn what_leads_on_stays_with_what_it_leads_to() {
    let list = || Block::List {
        ordered: false,
        start: None,
        style: NumberStyle::Decimal,
        numbers: Vec::new(),
        items: vec![vec![paragraph("книги;")], vec![paragraph("ноты.")]],
    };
    for name in ["standard", "newspaper", "rnib-large"] {
        let style = PrintStyle::find(name).expect("built in");
        let mut blocks = Vec::new();
        for _ in 0..80 {
            blocks.extend([
                paragraph("В зале есть следующее:"),
                list(),
                paragraph("Запас воды"),
                paragraph("Сколько воды даёт растаявший снег."),
            ]);
        }
        let article = Article { title: "Зал".into(), lang: "ru".into(), blocks, ..Article::default() };
        let publication = set_in(&article, &style);
        let mut seen = 0;
        for sheet in &publication.sheets {
            let runs = runs(sheet);
            for (at, run) in runs
                .iter()
                .enumerate()
                .filter(|(_, run)| run.text.contains("следующее:") || run.text.contains("Запас воды"))
            {
                seen += 1;
                let below = runs[at + 1..].iter().find(|next| next.y != run.y).is_some_and(|next| next.y > run.y);
                assert!(below, "{name}: {:?} stands at the foot of a column", run.text);
            }
        }
        assert_eq!(seen, 160, "{name}");
    }
}

#[test]
fn short_lines_in_a_row_are_no_chain() {
    let style = PrintStyle::find("newspaper").expect("built in");
    let blocks = (0..500).map(|n| paragraph(&format!("Участник {n}"))).collect();
    let article = Article { title: "Участники".into(), lang: "ru".into(), blocks, ..Article::default() };
    let publication = set_in(&article, &style);
    let most = publication.sheets.iter().map(|sheet| runs(sheet).len()).max();
    assert!(runs(&publication.sheets[1]).len() * 10 > most.unwrap_or(0) * 9, "a page is left empty");
}

#[test]
fn the_first_line_of_a_verse_is_not_indented() {
    let style = PrintStyle::find("standard").expect("built in");
    let mut article = long(4);
    let lines = ["Мороз и солнце; день чудесный!", "Ещё ты дремлешь, друг прелестный —", "Пора, красавица, проснись:"];
    let verse = |lines: &[&str]| {
        let content = lines.iter().flat_map(|line| [Inline::Text((*line).into()), Inline::Break]).collect();
        Block::Paragraph { content, lang: None }
    };
    article.blocks.splice(2..2, [verse(&lines), verse(&lines)]);
    let publication = set_in(&article, &style);
    let starts: Vec<f32> = runs(&publication.sheets[0])
        .into_iter()
        .filter(|run| ["Мороз", "Ещё ты", "Пора"].iter().any(|word| run.text.starts_with(word)))
        .map(|run| run.x)
        .collect();
    assert_eq!(starts.len(), 6);
    assert!(starts.iter().all(|x| (x - starts[0]).abs() < 0.01), "{starts:?}");
}

#[test]
fn indented_lines_of_a_verse_are_indented() {
    let style = PrintStyle::find("standard").expect("built in");
    let mut article = long(1);
    let lines = ["Идёт вода по Гати,", "\u{a0}\u{a0}\u{a0}\u{a0}лишь берег и черта,", "и нет у ней плота."];
    let content = lines.iter().flat_map(|line| [Inline::Text((*line).into()), Inline::Break]).collect();
    article.blocks.insert(0, Block::Paragraph { content, lang: None });
    let publication = set_in(&article, &style);
    let ink = |word: &str| {
        let all = runs(&publication.sheets[0]);
        let run = all.iter().find(|run| run.text.trim_start_matches('\u{a0}').starts_with(word)).expect("a line");
        let spaces = run.text.chars().take_while(|c| *c == '\u{a0}').count();
        run.x + run.glyphs[..spaces].iter().map(|glyph| glyph.advance).sum::<f32>()
    };
    assert!(ink("лишь") > ink("Идёт") + 8.0, "{} {}", ink("лишь"), ink("Идёт"));
    assert!((ink("и нет") - ink("Идёт")).abs() < 0.01);
}

#[test]
fn text_moves_up_before_a_figure_that_does_not_fit() {
    struct Photo;
    impl crate::source::PictureSource for Photo {
        fn load(&self, _: &str) -> std::result::Result<std::sync::Arc<[u8]>, String> {
            Ok(br#"<svg xmlns="http://www.w3.org/2000/svg" width="800" height="700"><rect width="9" height="9"/></svg>"#.as_slice().into())
        }
    }
    let style = PrintStyle::find("rnib-large").expect("built in");
    let figure = rich().blocks.iter().find(|block| matches!(block, Block::Figure { .. })).cloned().expect("a figure");
    let fill = |with_heading: bool, lines: usize| {
        let mut article = long(0);
        article.blocks.extend((0..lines).map(|_| paragraph("Строка.")));
        if with_heading {
            article.blocks.push(super::tests::samples::heading(2, "Что на снимке"));
        }
        article.blocks.push(figure.clone());
        article.blocks.extend(long(12).blocks);
        let publication =
            set(&Manuscript::Article(&article), &style, &Photo, &Limits::default()).expect("it can be set");
        check_sheets(&publication);
        let geometry = super::pages::makeup::Geometry::of(&style, "ru");
        let lowest = runs(&publication.sheets[0]).iter().map(|run| run.y).fold(0.0, f32::max);
        let pictures = |sheet: &Sheet| sheet.marks.iter().any(|mark| matches!(mark.kind, MarkKind::Picture { .. }));
        assert!(publication.sheets[..2].iter().any(pictures), "the figure went astray");
        (geometry.bottom - lowest) / geometry.grid
    };
    for with_heading in [false, true] {
        for lines in 2..9 {
            let empty = fill(with_heading, lines);
            assert!(empty < 4.0, "{empty} lines are empty after {lines} (heading: {with_heading})");
        }
    }
}

#[test]
fn a_bold_line_stays_with_the_text_that_it_announces() {
    let style = PrintStyle::find("newspaper").expect("built in");
    let bold =
        |text: &str| Block::Paragraph { content: vec![Inline::Strong(vec![Inline::Text(text.into())])], lang: None };
    let mut blocks = Vec::new();
    for n in 0..60 {
        blocks.push(bold(&format!("О {n}-м деле")));
        blocks.extend(long(1).blocks);
    }
    let article = Article { title: "Дела".into(), lang: "ru".into(), blocks, ..Article::default() };
    let publication = set_in(&article, &style);
    for sheet in &publication.sheets {
        let runs: Vec<&TextRun> = sheet
            .marks
            .iter()
            .filter_map(|mark| match (&mark.kind, mark.owner) {
                (MarkKind::Text(run), Owner::Content(_)) => Some(run),
                _ => None,
            })
            .collect();
        for (at, run) in runs.iter().enumerate().filter(|(_, run)| run.text.contains("-м деле")) {
            let below = runs.get(at + 1).is_some_and(|next| next.y > run.y);
            assert!(below, "{:?} stands at the foot of a column", run.text);
        }
    }
}

/// A table that no column of a newspaper holds, below a heading and between paragraphs.
#[test]
fn a_table_that_is_too_wide_for_a_column_stands_across_the_page_below_its_heading() {
    let text = "Через реку снова ходит паром, и очередей за переправой больше нет. ".repeat(12);
    let cells = ["Понедельник", "Воскресенье", "Безостановочно", "Подразделение", "Переправа"];
    let row = |of: &str| format!("<tr>{}</tr>", cells.map(|cell| format!("<{of}>{cell}</{of}>")).concat());
    let html = format!(
        "<h1>Паром</h1><p>{text}</p><h2>Расписание</h2><table>{}{}{}</table><p>{text}</p>",
        row("th"),
        row("td"),
        row("td")
    );
    let limits = Limits::default();
    let article =
        crate::article::find(&html, &crate::article::FindOptions::new("a page", &limits)).expect("an article");
    let set = set_in(&article, &PrintStyle::find("newspaper").expect("built in"));
    assert!(set.warnings.is_empty(), "{:?}", set.warnings);
    check_sheets(&set);
    let runs = set.sheets[0].marks.iter().filter_map(|mark| match &mark.kind {
        MarkKind::Text(run) => Some(run),
        _ => None,
    });
    let runs: Vec<_> = runs.collect();
    let at = |wanted: &str| runs.iter().find(|run| run.text.contains(wanted)).map(|run| (run.x, run.y));
    let (heading, head) = (at("Расписание").expect("a heading"), at("Понедельник").expect("a table"));
    let left = runs.iter().map(|run| run.x).fold(f32::MAX, f32::min);
    assert!((heading.0 - left).abs() < 1.0, "{heading:?}, not {left}");
    assert!(heading.1 < head.1 && head.1 - heading.1 < 40.0, "{heading:?} above {head:?}");
}

//! Promises about editions.

use super::samples::{long, paragraph};
use super::{check_sheets, read};
use crate::Limits;
use crate::article::{Article, Block, Image};
use crate::sheet::*;
use crate::theme::{Begin, MM, Opening, PrintStyle};
use crate::typeset::*;

/// A picture, whose address says its size.
struct Sized;

impl crate::source::PictureSource for Sized {
    fn load(&self, src: &str) -> std::result::Result<std::sync::Arc<[u8]>, String> {
        let (width, height) = src.split_once('x').expect("a size");
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><rect width="9" height="9"/></svg>"#
        );
        Ok(svg.into_bytes().into())
    }
}

fn with_picture(size: &str) -> Article {
    let mut article = long(8);
    let image = Image { src: size.into(), alt: Some("Снимок".into()), ..Image::default() };
    article.blocks.insert(1, Block::Figure { images: vec![image], caption: Vec::new(), credit: None });
    article
}

fn edition<'a>(articles: &[(&'a Article, Weight)]) -> Edition<'a> {
    let articles =
        articles.iter().map(|(article, weight)| Story { weight: *weight, ..Story::from(*article) }).collect();
    Edition {
        title: "Знамя района".into(),
        issue: Some("№ 47".into()),
        date: Some("2026-11-27".into()),
        lang: "ru".into(),
        sections: vec![Section { title: Some("Общество".into()), articles }],
        ..Edition::default()
    }
}

fn set_edition(edition: &Edition<'_>, style: &PrintStyle) -> Publication {
    let manuscript = Manuscript::Edition(edition.clone());
    let publication = set(&manuscript, style, &Sized, &Limits::default()).expect("it can be set");
    check_sheets(&publication);
    publication
}

fn style(name: &str) -> PrintStyle {
    PrintStyle::find(name).expect("built in")
}

fn pictures(publication: &Publication) -> Vec<Rect> {
    let marks = publication.sheets.iter().flat_map(|sheet| &sheet.marks);
    marks.filter_map(|m| if let MarkKind::Picture { rect, .. } = m.kind { Some(rect) } else { None }).collect()
}

/// The texts of a sheet with their baselines, content or not.
fn lines(sheet: &Sheet) -> Vec<(f32, String)> {
    let texts = sheet.marks.iter().filter_map(|mark| match &mark.kind {
        MarkKind::Text(run) => Some((run.y, run.text.clone())),
        _ => None,
    });
    texts.collect()
}

fn says(sheet: &Sheet, words: &str) -> bool {
    let whole: String = lines(sheet).into_iter().map(|(_, text)| text).collect();
    whole.replace(char::is_whitespace, "").contains(&words.replace(' ', ""))
}

#[test]
fn pictures_have_the_width_of_their_article_s_weight() {
    let style = style("newspaper-a3");
    let column = (style.text_width() - 3.0 * style.page.gutter * MM) / 4.0;
    let over = |count: f32, of: f32| count * of + (count - 1.0) * style.page.gutter * MM;
    let lead = (style.text_width() - 2.0 * style.page.gutter * MM) / 3.0;
    for (size, weight, wanted) in [
        ("1200x800", Weight::Lead, over(2.0, lead)),
        ("1200x800", Weight::Normal, over(2.0, column)),
        ("1200x800", Weight::Brief, column),
        // A portrait, and a picture without the pixels, are no wider than their column.
        ("800x1200", Weight::Normal, column),
        ("420x300", Weight::Normal, column),
    ] {
        let article = with_picture(size);
        let found = pictures(&set_edition(&edition(&[(&article, weight)]), &style));
        assert_eq!(found.len(), 1);
        assert!(found[0].width <= wanted + 0.1, "{size}, {weight:?}: {} pt, not {wanted}", found[0].width);
        let narrower = size == "800x1200";
        assert!(narrower || found[0].width > wanted - 0.1, "{size}, {weight:?}: {} pt, not {wanted}", found[0].width);
    }
}

#[test]
fn no_text_stands_under_a_picture_over_columns() {
    let style = style("tabloid");
    let articles: Vec<Article> =
        (1..9).map(|n| Article { blocks: long(n).blocks, ..with_picture("1200x800") }).collect();
    let with = with_picture("1200x800");
    for article in &articles {
        let set =
            set_edition(&edition(&[(article, Weight::Normal), (&with, Weight::Normal), (&with, Weight::Lead)]), &style);
        assert_eq!(pictures(&set).len(), 2);
        for sheet in &set.sheets {
            let placed: Vec<Rect> = sheet
                .marks
                .iter()
                .filter_map(|m| if let MarkKind::Picture { rect, .. } = m.kind { Some(rect) } else { None })
                .collect();
            for mark in &sheet.marks {
                let MarkKind::Text(run) = &mark.kind else { continue };
                let middle = run.y - run.size * 0.3;
                let covered = placed.iter().any(|rect| {
                    run.x >= rect.x - 0.1
                        && run.x < rect.x + rect.width - 1.0
                        && middle > rect.y
                        && middle < rect.y + rect.height
                });
                assert!(!covered, "{:?} is covered", run.text);
            }
        }
    }
}

#[test]
fn a_headline_stands_on_the_page_on_which_its_article_begins() {
    for mut style in PrintStyle::all() {
        // A cover says them twice.
        style.edition.opening = Opening::Masthead;
        let articles: Vec<Article> = (0..12)
            .map(|n| {
                let mut article = long(2 + n % 5);
                article.byline = vec!["Анна Рид".into()];
                article
                    .blocks
                    .insert(0, paragraph(&format!("Начало{n} статьи стоит под своим заголовком и подписью.")));
                article.title = format!("Заголовок{n}");
                article
            })
            .collect();
        let weights = [Weight::Normal, Weight::Brief, Weight::Lead];
        let listed: Vec<_> = articles.iter().enumerate().map(|(n, a)| (a, weights[n % 3])).collect();
        let set = set_edition(&edition(&listed), &style);
        for n in 0..articles.len() {
            let on = |words: String| {
                let has = |sheet: &Sheet| lines(sheet).iter().any(|(_, text)| text.split(' ').any(|w| w == words));
                set.sheets.iter().position(has).unwrap_or_else(|| panic!("{words} is not printed"))
            };
            assert_eq!(on(format!("Заголовок{n}")), on(format!("Начало{n}")), "article {n} in {}", style.name);
        }
    }
}

#[test]
fn a_headline_of_half_a_page_is_set_smaller() {
    let mut article = long(4);
    article.title = "Очень длинный заголовок о том, как всё было на самом деле, ".repeat(6);
    let style = style("newspaper-a3");
    let set = set_edition(&edition(&[(&article, Weight::Lead)]), &style);
    assert_eq!(set.block_sheets[0][1], 0, "the article begins on the first page");
    let largest = style.edition.headlines.expect("it has some")[0];
    let is_headline = |text: &str| text.contains("заголовок");
    let sizes = set.sheets[0].marks.iter().filter_map(|m| match &m.kind {
        MarkKind::Text(run) if is_headline(&run.text) => Some(run.size),
        _ => None,
    });
    assert!(sizes.fold(0.0, f32::max) < largest * 0.7);
}

#[test]
fn an_article_s_own_last_line_is_not_alone_on_a_page() {
    for lines_before in 8..60 {
        let mut article = Article { title: "Стихи".into(), lang: "ru".into(), ..Article::default() };
        article.blocks = (0..lines_before).map(|_| paragraph("Строка.")).collect();
        article.blocks.push(paragraph("Подпись."));
        let set = set_edition(&edition(&[(&article, Weight::Normal)]), &style("bulletin"));
        let with = set.sheets.iter().find(|sheet| says(sheet, "Подпись.")).expect("it is printed");
        assert!(says(with, "Строка."), "after {lines_before} lines");
    }
}

#[test]
fn the_imprint_ends_with_the_last_page() {
    let article = long(3);
    for style in PrintStyle::all() {
        let edition = Edition {
            imprint: Some("Редактор А. Рид\n12+".into()),
            ..edition(&[(&article, Weight::Normal)])
        };
        let set = set_edition(&edition, &style);
        let geometry = crate::typeset::pages::makeup::Geometry::of(&style, "ru");
        let found = lines(set.sheets.last().expect("a page")).into_iter().find(|(_, text)| text.contains("12+"));
        let (y, _) = found.expect("it is on the last page");
        assert!(y <= geometry.bottom && y > geometry.bottom - geometry.grid * 1.5, "{}: {y}", style.name);
    }
}

#[test]
fn what_begins_a_page_is_the_style_s_and_then_the_edition_s() {
    let (first, second) = (long(2), long(2));
    let mut style = style("bulletin");
    let count = |style: &PrintStyle, new_pages: Option<bool>| {
        let mut edition = edition(&[(&first, Weight::Normal), (&second, Weight::Normal)]);
        edition.sections.push(Section { title: Some("Культура".into()), articles: vec![(&second).into()] });
        edition.new_pages = new_pages;
        let set = set_edition(&edition, style);
        let sheets: Vec<usize> = set.block_sheets.iter().map(|blocks| blocks[0]).collect();
        sheets
    };
    let run_on = count(&style, None);
    style.edition.begin = Begin::Section;
    let sections = count(&style, None);
    style.edition.begin = Begin::Article;
    let articles = count(&style, None);
    assert!(run_on[2] < sections[2] || run_on[1] == sections[1], "{run_on:?} {sections:?}");
    assert!(articles[0] < articles[1] && articles[1] < articles[2], "{articles:?}");
    assert_eq!(count(&style, Some(false)), run_on);
    style.edition.begin = Begin::RunOn;
    assert_eq!(count(&style, Some(true)), articles);
}

#[test]
fn a_page_says_where_its_article_goes_on_where_that_is_wanted() {
    let article = long(40);
    let plain = edition(&[(&article, Weight::Normal)]);
    let silent = set_edition(&plain, &style("newspaper"));
    assert!(!silent.sheets.iter().any(|sheet| says(sheet, "Продолжение на с.")));
    let set = set_edition(&Edition { continued: true, ..plain }, &style("newspaper"));
    assert!(set.sheets.len() > 2);
    let last = set.sheets.len() - 1;
    for (index, sheet) in set.sheets.iter().enumerate() {
        let on = says(sheet, &format!("Продолжение на с. {}", index + 2));
        assert_eq!(on, index < last, "page {}", index + 1);
        assert_eq!(says(sheet, "Начало на с. 1"), index > 0, "page {}", index + 1);
    }
    assert!(!read(&set).contains("Продолжение на с."), "it is no part of the text");
}

#[test]
fn codes_lead_to_the_page_and_to_its_accessible_version() {
    let article = Article { url: Some("https://www.example.ru/news/1".into()), ..long(2) };
    let asked = Edition {
        qr: true,
        accessible: Some("https://www.example.ru/lv".into()),
        ..edition(&[(&article, Weight::Normal)])
    };
    let set = set_edition(&asked, &style("newspaper"));
    let alts: Vec<&str> = set.structure.elements.iter().filter_map(|e| e.alt.as_deref()).collect();
    assert_eq!(
        alts,
        [
            "QR-код со ссылкой на страницу: www.example.ru/news/1",
            "QR-код со ссылкой на страницу: www.example.ru/lv/news/1"
        ]
    );
    assert!(read(&set).contains("Версия для слабовидящих"));
}

#[test]
fn the_edition_s_own_name_is_no_source() {
    let of = |site: &str| {
        let article = Article { site: Some(site.into()), ..long(2) };
        read(&set_edition(&edition(&[(&article, Weight::Normal)]), &style("newspaper")))
    };
    assert!(!of("ЗНАМЯ РАЙОНА").contains("Источник"));
    assert!(of("Другая газета").contains("Источник: Другая газета"));
}

#[test]
fn a_cover_has_a_picture_and_headlines_that_lead_to_their_pages() {
    let (with, without) = (with_picture("1200x800"), long(3));
    let articles = [(&without, Weight::Normal), (&with, Weight::Lead)];
    let set = set_edition(&Edition { contents: true, ..edition(&articles) }, &style("magazine"));
    assert!(set.sheets[0].marks.iter().any(|m| matches!(m.kind, MarkKind::Picture { .. })));
    assert!(says(&set.sheets[0], "Длинная статья"));
    assert_eq!(set.sheets[0].links.len(), 2, "one a headline");
    assert!(says(&set.sheets[1], "В номере"));
    assert_eq!(set.block_sheets[0][0], 2);
}

#[test]
fn a_cover_picture_goes_over_the_edges_where_they_are_cut() {
    let cover = |size: &str, bleed: f32, headline: &str| {
        let mut style = style("magazine");
        style.output.bleed = bleed;
        let articles: Vec<Article> = (0..5).map(|_| Article { title: headline.into(), ..with_picture(size) }).collect();
        let articles: Vec<_> = articles.iter().map(|article| (article, Weight::Normal)).collect();
        let manuscript = Manuscript::Edition(edition(&articles));
        let set = set(&manuscript, &style, &Sized, &Limits::default()).expect("it can be set");
        let first = pictures(&Publication { sheets: vec![set.sheets[0].clone()], ..set.clone() });
        assert_eq!(first.len(), 1);
        (first[0], set.sheets[0].width, set.sheets[0].links.len())
    };
    let (rect, width, headlines) = cover("1800x1200", 3.0, "Лёд встал");
    assert!((rect.x + 3.0 * MM).abs() < 0.1 && (rect.width - width - 6.0 * MM).abs() < 0.1, "{rect:?}");
    assert!(headlines > 1);
    // Long headlines are fewer.
    let long = "Лёд на Велге встал на две недели раньше прошлогоднего, и переправу откроют к первому декабря";
    assert!(cover("1800x1200", 3.0, long).2 < headlines);
    // Pages that are not cut, pictures without the pixels, and such as leave no room for a headline keep the margins.
    for (size, bleed) in [("1800x1200", 0.0), ("600x400", 3.0), ("1800x2700", 3.0)] {
        let (rect, width, _) = cover(size, bleed, "Лёд встал");
        assert!(rect.x > 0.0 && rect.x + rect.width < width, "{size}: {rect:?}");
    }
}

#[test]
fn page_numbers_of_a_newspaper_stand_at_the_outer_edge() {
    let article = long(60);
    let style = style("newspaper");
    let set = set_edition(&edition(&[(&article, Weight::Normal)]), &style);
    let geometry = crate::typeset::pages::makeup::Geometry::of(&style, "ru");
    for (index, sheet) in set.sheets.iter().enumerate().skip(1) {
        let run = sheet.marks.iter().find_map(|mark| match &mark.kind {
            MarkKind::Text(run) if mark.owner == Owner::Pagination && run.text == sheet.label => Some(run),
            _ => None,
        });
        let run = run.unwrap_or_else(|| panic!("page {} has no number", index + 1));
        let at_left = (run.x - geometry.left).abs() < 1.0;
        assert_eq!(at_left, index % 2 == 1, "page {}", index + 1);
        assert!(run.y < geometry.top);
    }
}

#[test]
fn made_up_pages_say_what_poured_pages_say_in_the_same_order() {
    let (first, second, third, brief) = (with_picture("900x600"), long(12), with_picture("400x600"), long(2));
    let edition = edition(&[
        (&first, Weight::Lead),
        (&second, Weight::Normal),
        (&brief, Weight::Brief),
        (&third, Weight::Normal),
        (&brief, Weight::Brief),
    ]);
    for name in ["newspaper", "newspaper-a3", "tabloid"] {
        let [poured, made] = [false, true].map(|make_up| {
            let mut style = style(name);
            style.edition.make_up = make_up;
            set_edition(&edition, &style)
        });
        assert!(poured.plan.is_empty() && made.plan.len() >= 4, "{name}");
        let words = |publication: &Publication| -> String { read(publication).split_whitespace().collect() };
        assert_eq!(words(&made), words(&poured), "{name}");
    }
}

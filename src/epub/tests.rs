use std::io::{Cursor, Read};

use roxmltree::{Document, ParsingOptions};

use super::*;
use crate::Limits;
use crate::article::{Article, Block, Image, Inline};
use crate::source::{NoPictures, Pictures};
use crate::theme::PrintStyle;
use crate::typeset::{Manuscript, Section, set};

fn article(title: &str, paragraphs: usize, image: Option<&str>) -> Article {
    let text = "Паром «Лада» снова связал оба берега: он ходит каждый час, и очереди за переправой больше нет. ";
    let mut blocks: Vec<Block> = (0..paragraphs)
        .map(|n| Block::Paragraph { content: vec![Inline::Text(format!("{n}. {}", text.repeat(6)))], lang: None })
        .collect();
    if let Some(src) = image {
        let image = Image { src: src.into(), alt: Some("Паром у пристани".into()), ..Image::default() };
        blocks.insert(1, Block::Figure { images: vec![image], caption: Vec::new(), credit: None });
    }
    blocks.push(Block::Paragraph {
        content: vec![
            Inline::Text("Строка < & \u{1}конец\u{a0}дня".into()),
            Inline::Break,
            Inline::Text("вторая".into()),
        ],
        lang: None,
    });
    Article {
        title: title.into(),
        lang: "ru".into(),
        blocks,
        byline: vec!["Марина Ольхова".into()],
        ..Article::default()
    }
}

fn book(articles: &[Article], pictures: &dyn PictureSource) -> (Epub, Publication) {
    let edition = Edition {
        title: "Знамя <района>".into(),
        issue: Some("№ 46".into()),
        date: Some("2026-11-23".into()),
        lang: "ru".into(),
        contents: true,
        sections: vec![Section {
            title: Some("Общество".into()), articles: articles.iter().map(Into::into).collect()
        }],
        ..Edition::default()
    };
    let style = PrintStyle::find("rnib-large").expect("built in");
    let printed =
        set(&Manuscript::Edition(edition.clone()), &style, pictures, &Limits::default()).expect("it can be set");
    (write(&edition, &printed, pictures).expect("it can be written"), printed)
}

fn file(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a container");
    let mut text = String::new();
    zip.by_name(name).unwrap_or_else(|e| panic!("{name}: {e}")).read_to_string(&mut text).expect("text");
    text
}

#[test]
fn every_document_is_xml_and_every_file_is_in_the_manifest() {
    let articles =
        [article("Паром", 3, Some("data:image/gif;base64,R0lGODlhAQABAAAAACw=")), article("", 2, Some("no.jpg"))];
    let (epub, _) = book(&articles, &Pictures::default());
    assert!(epub.bytes.starts_with(b"PK") && epub.bytes[30..].starts_with(b"mimetypeapplication/epub+zip"));
    assert_eq!(epub.warnings.len(), 2, "{:?}", epub.warnings);
    let package = file(&epub.bytes, "EPUB/package.opf");
    let package = Document::parse(&package).expect("XML");
    let zip = zip::ZipArchive::new(Cursor::new(&epub.bytes)).expect("a container");
    let mut inside: Vec<String> = (0..zip.len())
        .filter_map(|n| zip.name_for_index(n)?.ok()?.strip_prefix("EPUB/").map(str::to_owned))
        .filter(|n| n != "package.opf")
        .collect();
    let mut listed: Vec<String> = package
        .descendants()
        .filter(|n| n.has_tag_name("item") || n.tag_name().name() == "item")
        .map(|n| n.attribute("href").expect("href").to_owned())
        .collect();
    inside.sort();
    listed.sort();
    assert_eq!(inside, listed);
    for name in inside.iter().filter(|name| name.ends_with(".xhtml")) {
        let text = file(&epub.bytes, &format!("EPUB/{name}"));
        let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
        let document = Document::parse_with_options(&text, options).unwrap_or_else(|e| panic!("{name}: {e}\n{text}"));
        assert_eq!(document.descendants().filter(|n| n.tag_name().name() == "h1").count(), 1, "{name}");
    }
    let second = file(&epub.bytes, "EPUB/article-002.xhtml");
    assert!(second.contains("[Изображение: Паром у пристани]"), "{second}");
    assert!(second.contains("Строка &lt; &amp; конец\u{a0}дня<br/>"), "{second}");
}

#[test]
fn the_page_list_names_the_pages_of_the_printed_edition() {
    let articles = [article("Первая", 12, None), article("Вторая", 9, None)];
    let (epub, printed) = book(&articles, &NoPictures);
    assert!(printed.sheets.len() > 4);
    let nav = file(&epub.bytes, "EPUB/nav.xhtml");
    let listed: Vec<&str> = nav.split("#page-").skip(1).map(|rest| rest.split('"').next().expect("a name")).collect();
    let of_text = printed.block_sheets[0][0];
    let wanted: Vec<String> = (of_text..printed.sheets.len()).map(|n| printed.sheets[n].label.clone()).collect();
    assert_eq!(listed, wanted);
    // A mark stands before a block that begins on the page.
    let last = file(&epub.bytes, "EPUB/article-002.xhtml");
    assert!(last.contains(&format!("id=\"page-{}\"", printed.sheets.len())), "{last}");
}

#[test]
fn the_same_edition_gives_the_same_bytes() {
    let articles = [article("Паром", 2, None)];
    assert_eq!(book(&articles, &NoPictures).0.bytes, book(&articles, &NoPictures).0.bytes);
}

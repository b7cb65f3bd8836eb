//! Promises about notes and the addresses of links.

use std::collections::BTreeSet;

use super::samples::{long, paragraph, rich, text};
use super::{check_sheets, read};
use crate::Limits;
use crate::article::{Article, Block, Inline, Note};
use crate::sheet::*;
use crate::source::NoPictures;
use crate::theme::{Links, Overrides, PrintStyle};
use crate::typeset::*;

const STYLES: [&str; 3] = ["standard", "newspaper", "rnib-large"];

fn set_with_addresses(article: &Article, style: &str) -> Publication {
    let style = PrintStyle::find(style).expect("built in");
    let style = style.with(&Overrides { links: Some(Links::Notes), ..Overrides::default() }).expect("allowed");
    let publication =
        set(&Manuscript::Article(article), &style, &NoPictures, &Limits::default()).expect("it can be set");
    check_sheets(&publication);
    publication
}

/// Paragraphs that each link to an address of their own, and to one that all share.
fn linked(count: usize) -> Article {
    let link = |href: String, words: &str| Inline::Link { href, content: vec![text(words)] };
    let mut article = long(count);
    for (n, block) in article.blocks.iter_mut().enumerate() {
        if let Block::Paragraph { content, .. } = block {
            content.push(text(" См. "));
            content.push(link(format!("https://example.ru/news/{n}/"), "подробности"));
            content.push(text(" и "));
            content.push(link("https://example.ru/all".into(), "все новости"));
            content.push(text("."));
        }
    }
    article
}

/// What the elements of a role say on each sheet.
fn said_by(publication: &Publication, wanted: impl Fn(&Structure, ElementId) -> bool) -> Vec<BTreeSet<String>> {
    let of_sheet = |sheet: &Sheet| {
        let mut texts = std::collections::BTreeMap::<u32, String>::new();
        for mark in &sheet.marks {
            let (Owner::Content(id), MarkKind::Text(run)) = (mark.owner, &mark.kind) else { continue };
            let element = publication.structure.contents[id.0 as usize];
            if wanted(&publication.structure, element) {
                texts.entry(element.0).or_default().push_str(run.text.trim());
            }
        }
        texts.into_values().collect()
    };
    publication.sheets.iter().map(of_sheet).collect()
}

fn marks_of_references(publication: &Publication) -> Vec<BTreeSet<String>> {
    said_by(publication, |s, element| s[s[element].parent].role == Role::Reference)
}

fn labels_of_notes(publication: &Publication) -> Vec<BTreeSet<String>> {
    said_by(publication, |s, element| s[element].role == Role::Lbl && s[s[element].parent].role == Role::Note)
}

#[test]
fn a_note_has_the_mark_that_the_text_has() {
    for style in PrintStyle::all() {
        let mut article = long(3);
        let mark = Inline::NoteRef { note: "n".into(), label: "3".into() };
        if let Some(Block::Paragraph { content, .. }) = article.blocks.first_mut() {
            content.push(mark.clone());
        }
        article.blocks.push(Block::Heading { level: 2, content: vec![text("Дальше"), mark] });
        article.blocks.push(paragraph("Конец."));
        let notes = vec![Note { id: "n".into(), label: "3".into(), blocks: vec![paragraph("Сноска.")] }];
        article.blocks.push(Block::Notes { notes });
        let publication =
            set(&Manuscript::Article(&article), &style, &NoPictures, &Limits::default()).expect("it can be set");
        let all = |sheets: Vec<BTreeSet<String>>| sheets.into_iter().flatten().collect::<BTreeSet<_>>();
        assert_eq!(all(marks_of_references(&publication)), all(labels_of_notes(&publication)), "{}", style.name);
    }
}

#[test]
fn the_address_of_what_lives_elsewhere_is_said_once() {
    let embed = Block::Embed { title: "Видео о мосте".into(), url: "https://video.example/most".into() };
    let article = Article { title: "Мост".into(), lang: "ru".into(), blocks: vec![embed], ..Article::default() };
    let said = |style: &str| read(&set_with_addresses(&article, style)).matches("video.example/most").count();
    assert_eq!(STYLES.map(said), [1, 1, 1]);
    let style = PrintStyle::find("standard").expect("built in");
    let inline = set(&Manuscript::Article(&article), &style, &NoPictures, &Limits::default()).expect("it can be set");
    assert_eq!(read(&inline).matches("video.example/most").count(), 1);
}

#[test]
fn an_address_stands_at_the_foot_of_the_page_that_first_names_it() {
    for style in STYLES {
        let publication = set_with_addresses(&linked(24), style);
        assert!(publication.sheets.len() > 1, "{style}");
        let mut known = BTreeSet::new();
        let pages = marks_of_references(&publication).into_iter().zip(labels_of_notes(&publication));
        for (page, (references, notes)) in pages.enumerate() {
            let new: BTreeSet<String> = references.difference(&known).cloned().collect();
            assert_eq!(new, notes, "{style}, page {}", page + 1);
            known.extend(new);
        }
        // Twenty-four of their own, and the one that all share.
        assert_eq!(known.len(), 25, "{style}");
        let text = read(&publication);
        assert_eq!(text.matches("example.ru/all").count(), 1, "{style}");
        assert!(text.contains("[3]\nexample.ru/news/1"), "{style}: {text}");
    }
}

#[test]
fn an_address_is_a_link_in_a_note_and_its_mark_a_reference() {
    let publication = set_with_addresses(&linked(2), "standard");
    let structure = &publication.structure;
    let addresses: Vec<&LinkArea> =
        publication.sheets[0].links.iter().filter(|area| matches!(area.target, Target::Uri(_))).collect();
    assert_eq!(addresses.len(), 3);
    for area in addresses {
        let paragraph = structure[area.element].parent;
        assert_eq!(structure[area.element].role, Role::Link);
        assert_eq!(structure[structure[paragraph].parent].role, Role::Note);
    }
}

#[test]
fn a_mark_leads_to_its_note_wherever_that_stands() {
    let mut article = rich();
    article.blocks.splice(0..0, long(30).blocks);
    let publication = set_with_addresses(&article, "standard");
    let marks: Vec<(usize, &LinkArea)> = publication
        .sheets
        .iter()
        .enumerate()
        .flat_map(|(page, sheet)| sheet.links.iter().map(move |area| (page, area)))
        .filter(|(_, area)| publication.structure[publication.structure[area.element].parent].role == Role::Reference)
        .collect();
    assert!(marks.len() > 2);
    for (page, area) in marks {
        let Target::Place(place) = &area.target else { panic!("{:?} leads out of the document", area.contents) };
        assert!(page > 0 && place.sheet == page, "{:?} on page {page} leads to {place:?}", area.contents);
        assert!(place.y > area.rect.y, "{:?} leads up", area.contents);
    }
}

#[test]
fn numbers_of_addresses_go_on_from_those_of_the_notes() {
    let labels = |style: &str| -> BTreeSet<String> {
        labels_of_notes(&set_with_addresses(&rich(), style)).into_iter().flatten().collect()
    };
    let small = labels("standard");
    assert!(small.contains("1") && small.contains("[2]") && !small.contains("[1]"), "{small:?}");
    let large = labels("rnib-large");
    assert!(large.contains("[1]") && large.contains("[2]") && large.len() == small.len(), "{large:?}");
}

#[test]
fn a_link_that_says_its_address_has_no_note() {
    let link = Inline::Link { href: "https://example.ru/".into(), content: vec![text("example.ru")] };
    let mail = Inline::Link { href: "mailto:a@example.ru".into(), content: vec![text("a@example.ru")] };
    let content = vec![link, text(" и "), mail];
    let article = Article {
        title: "Адреса".into(),
        blocks: vec![Block::Paragraph { content, lang: None }],
        ..Article::default()
    };
    let publication = set_with_addresses(&article, "standard");
    assert_eq!(publication.sheets[0].links.len(), 2);
    assert!(publication.structure.elements.iter().all(|element| element.role != Role::Note));
}

#[test]
fn a_note_too_long_for_its_page_goes_on_at_the_foot_of_the_next() {
    for style in STYLES {
        let mut article = long(60);
        let reference = Inline::NoteRef { note: "n".into(), label: "1".into() };
        let Some(Block::Paragraph { content, .. }) = article.blocks.first_mut() else { panic!("a paragraph first") };
        content.push(reference);
        let blocks = (0..40).map(|n| paragraph(&format!("Строка{n} длинного примечания."))).collect();
        article.blocks.push(Block::Notes { notes: vec![Note { id: "n".into(), label: "1".into(), blocks }] });
        let publication = set_with_addresses(&article, style);
        let within = |s: &Structure, mut element: ElementId| loop {
            if s[element].role == Role::Note || element == Structure::ROOT {
                return s[element].role == Role::Note;
            }
            element = s[element].parent;
        };
        let pages: Vec<usize> = said_by(&publication, within).iter().map(BTreeSet::len).collect();
        let count = pages.iter().filter(|lines| **lines > 0).count();
        assert!(pages[0] >= 3 && count > 1 && pages[..count].iter().all(|lines| *lines > 0), "{style}: {pages:?}");
        let text = read(&publication);
        assert!((0..40).all(|n| text.contains(&format!("Строка{n} "))), "{style}");
        // The text goes on above it.
        let body = said_by(&publication, |s, element| !within(s, element));
        assert!(body[..count].iter().all(|texts| texts.len() > 1), "{style}");
    }
}

#[test]
fn a_note_s_own_links_have_their_addresses_below_it() {
    let mut article = rich();
    let link = Inline::Link { href: "https://example.ru/school".into(), content: vec![text("отчёт")] };
    let Some(Block::Notes { notes }) = article.blocks.last_mut() else { panic!("notes last") };
    notes[0].blocks.push(Block::Paragraph { content: vec![link], lang: None });
    article.blocks.splice(1..1, long(30).blocks);
    let publication = set_with_addresses(&article, "standard");
    let first = &labels_of_notes(&publication)[0];
    assert_eq!(first.len(), 3, "{first:?}");
}

//! Publications at random: whatever is set, the file is sound, and says what was put in.

use page_validation as page;
use proptest::prelude::*;

use super::fixture::{self, BODY, BOLD};
use crate::pdf::{Ink, Options, write};
use crate::sheet::{
    Color, Destination, ElementId, Glyph, Kid, LinkArea, ListNumbering, Mark, MarkKind, OutlineItem, Owner, PictureId,
    Publication, Rect, Role, Structure, Target,
};

/// A block of an article.
#[derive(Clone, Debug)]
struct Block {
    kind: u8,
    lines: Vec<(String, f32, bool)>,
    /// Sheets to go on before each line, sometimes.
    turns: u8,
    link: u8,
    lang: Option<String>,
}

fn text() -> impl Strategy<Value = String> {
    // Letters of both alphabets, marks that share glyphs, soft hyphens, spaces.
    proptest::collection::vec(
        prop::sample::select(
            "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГµμabcfiXYZ(\\)0123456789.,:;!?«»—-\u{ad}\u{a0} "
                .chars()
                .collect::<Vec<_>>(),
        ),
        0..24,
    )
    .prop_map(|chars| chars.into_iter().collect())
}

fn block() -> impl Strategy<Value = Block> {
    let line = (text(), 4.0..60.0_f32, any::<bool>());
    let lang = prop::option::of("[a-zA-Z_а-я-]{0,12}");
    (0..9_u8, proptest::collection::vec(line, 0..5), 0..3_u8, 0..4_u8, lang)
        .prop_map(|(kind, lines, turns, link, lang)| Block { kind, lines, turns, link, lang })
}

/// Adds a block's elements and returns the one that its text belongs to.
fn element_of(p: &mut Publication, kind: u8) -> ElementId {
    let root = Structure::ROOT;
    match kind {
        0 => p.structure.add(root, Role::Heading(1)),
        1 => {
            let list = p.structure.add(root, Role::L(ListNumbering::Disc));
            let item = p.structure.add(list, Role::LI);
            p.structure.add(item, Role::LBody)
        }
        2 => {
            let table = p.structure.add(root, Role::Table);
            let row = p.structure.add(table, Role::TR);
            p.structure.add(row, Role::TH { column: false, colspan: 1, rowspan: 1 })
        }
        3 => {
            let paragraph = p.structure.add(root, Role::P);
            p.structure.add(paragraph, Role::Reference)
        }
        4 => p.structure.add(root, Role::Note),
        5 => {
            let quote = p.structure.add(root, Role::BlockQuote);
            p.structure.add(quote, Role::P)
        }
        6 => {
            let section = p.structure.add(root, Role::Sect);
            p.structure[section].title = Some("Раздел".into());
            p.structure.add(section, Role::P)
        }
        7 => {
            let figure = p.structure.add(root, Role::Figure);
            p.structure[figure].alt = Some("Рисунок".into());
            let content = p.structure.add_content(figure);
            let rect = Rect { x: 20.0, y: 20.0, width: 60.0, height: 40.0 };
            let kind = MarkKind::Picture { picture: PictureId(0), rect };
            if let Some(sheet) = p.sheets.last_mut() {
                sheet.marks.push(Mark { owner: Owner::Content(content), kind });
            }
            p.structure.add(figure, Role::Caption)
        }
        _ => p.structure.add(root, Role::P),
    }
}

fn publication(blocks: &[Block]) -> Publication {
    let mut p = fixture::blank();
    p.pictures.push(fixture::picture(image::ImageFormat::Png));
    for (number, block) in blocks.iter().enumerate() {
        let element = element_of(&mut p, block.kind);
        p.structure[element].lang.clone_from(&block.lang);
        let inner = if block.link == 1 { p.structure.add(element, Role::Link) } else { element };
        let content = p.structure.add_content(inner);
        for (index, (text, size, bold)) in block.lines.iter().enumerate() {
            if index as u8 % 3 < block.turns {
                let label = (p.sheets.len() + 1).to_string();
                p.sheets.push(fixture::sheet(&label));
            }
            let sheet = p.sheets.len() - 1;
            let y = 30.0 + (number * 31 + index * 14) as f32 % 360.0;
            let mut run = fixture::run(&p, if *bold { BOLD } else { BODY }, *size, 20.0, y, text);
            join_clusters(&mut run.glyphs, number + index);
            run.color = if *bold { Color::Rgb(0.1, 0.2, 0.3) } else { Color::Cmyk(0.0, 0.2, 0.1, 0.9) };
            p.sheets[sheet].marks.push(fixture::text_mark(content, run));
            let rule = Rect { x: 20.0, y: y + 2.0, width: 50.0, height: 0.4 };
            let kind = MarkKind::Fill { rect: rule, color: Color::Gray(0.2) };
            p.sheets[sheet].marks.push(Mark { owner: Owner::Layout, kind });
        }
        if block.link > 0 {
            let target = match block.link {
                1 => Target::Uri("https://пример.example/a b(c)\\".into()),
                _ => Target::Place(Destination { sheet: number % 3, y: 10.0 }),
            };
            let rect = Rect { x: 20.0, y: 20.0, width: 30.0, height: 12.0 };
            let link = LinkArea { rect, target, element: inner, contents: String::new() };
            if let Some(sheet) = p.sheets.last_mut() {
                sheet.links.push(link);
            }
        }
        p.outline.push(OutlineItem {
            title: format!("Часть {number}"),
            destination: Destination { sheet: number, y: f32::NAN },
            children: Vec::new(),
        });
    }
    p
}

/// Makes some pairs of glyphs one cluster, some glyphs raised, some moved.
fn join_clusters(glyphs: &mut [Glyph], seed: usize) {
    for index in 1..glyphs.len() {
        match (index * 7 + seed) % 11 {
            3 if glyphs[index - 1].text.0 < glyphs[index - 1].text.1 => {
                glyphs[index - 1].text.1 = glyphs[index].text.1;
                glyphs[index].text = (glyphs[index].text.1, glyphs[index].text.1);
            }
            5 => glyphs[index].dy = 2.5,
            8 => glyphs[index].dx = -1.25,
            _ => {}
        }
    }
}

/// The text of the publication in the order of its structure.
fn text_of(p: &Publication) -> String {
    fn down(p: &Publication, element: ElementId, out: &mut String) {
        for kid in &p.structure[element].kids {
            match kid {
                Kid::Element(kid) => down(p, *kid, out),
                Kid::Content(content) => {
                    for mark in p.sheets.iter().flat_map(|s| &s.marks).filter(|m| m.owner == Owner::Content(*content)) {
                        if let MarkKind::Text(run) = &mark.kind {
                            out.push_str(&run.text);
                        }
                    }
                }
            }
        }
    }
    let mut out = String::new();
    down(p, Structure::ROOT, &mut out);
    out
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{ad}').collect()
}

/// Failures of PDF/UA-1.
fn failures(bytes: &[u8]) -> Vec<String> {
    let wanted = page::ValidationOptions::default().profile(page::ValidationProfile::PdfUa1);
    let report = page::validate_pdf_bytes(bytes, &wanted).expect("a PDF");
    report.failures.iter().map(|f| format!("{}: {}", f.rule_id, f.message)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// With CLEARPRINT_KEEP, the last of them stays in a folder, for validators of other languages.
    #[test]
    fn any_article_becomes_a_sound_file(
        article in crate::typeset::tests::any_article::article(),
        style in prop::sample::select(crate::theme::PrintStyle::all()),
    ) {
        let limits = crate::Limits::default();
        let manuscript = crate::typeset::Manuscript::Article(&article);
        let publication = crate::typeset::set(&manuscript, &style, &crate::source::NoPictures, &limits)
            .expect("it can be set");
        let bytes = write(&publication, &Options::default()).expect("a sound publication");
        super::keep(&format!("article-{}.pdf", bytes.len()), &bytes);
        prop_assert!(failures(&bytes).is_empty(), "{:?}", failures(&bytes));
        // Among random characters are some that no font has, whole lines that are raised or hold one endless word say little
        // of a style's measures, and a paragraph of random words looks as if the next page went on with it; all else that we
        // find in our own files is a fault of ours.
        let mut findings = crate::check::pdf(&bytes, None, &crate::Limits::default()).expect("a PDF");
        let by_words = |message: &str| message.contains("goes on as another");
        findings.retain(|f| {
            f.rule != "missing glyph" && !f.rule.starts_with(&style.name) && !by_words(&f.message)
        });
        prop_assert!(findings.is_empty(), "{:?}", findings);
    }

    #[test]
    fn any_publication_is_a_sound_file(
        blocks in proptest::collection::vec(block(), 1..9),
        ink in prop::sample::select(vec![Ink::Rgb, Ink::Gray, Ink::Cmyk]),
        gray_pictures in any::<bool>(),
    ) {
        let publication = publication(&blocks);
        let options = Options { ink, gray_pictures, ..Options::default() };
        let bytes = write(&publication, &options).expect("a sound publication");
        prop_assert!(bytes == write(&publication, &options).expect("a sound publication"), "other bytes");

        prop_assert!(failures(&bytes).is_empty(), "{:?}", failures(&bytes));

        let said = crate::check::text(&bytes, &crate::Limits::default()).expect("a PDF");
        prop_assert_eq!(letters(&said), letters(&text_of(&publication)));
        for index in 0..publication.sheets.len() {
            crate::preview::draw(&publication, index, 40.0).expect("a page");
        }
    }
}

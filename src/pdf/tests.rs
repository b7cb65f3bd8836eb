use page_validation as page;

use super::fixture;
use super::*;
use crate::typeset::{Glyph, MarkKind};

fn written(publication: &Publication) -> Vec<u8> {
    write(publication, &Options::default()).expect("a sound publication")
}

fn assert_ua1(bytes: &[u8]) {
    let options = page::ValidationOptions::default().profile(page::ValidationProfile::PdfUa1);
    let report = page::validate_pdf_bytes(bytes, &options).expect("a PDF");
    let failures: Vec<String> = report.failures.iter().map(|f| format!("{}: {}", f.rule_id, f.message)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_fixture_is_pdf_ua_1() {
    let bytes = written(&fixture::two_sheets());
    if let Ok(path) = std::env::var("CLEARPRINT_KEEP") {
        std::fs::write(path, &bytes).expect("a path to keep the file at");
    }
    assert_ua1(&bytes);
}

#[test]
fn the_same_publication_gives_the_same_bytes() {
    let publication = fixture::two_sheets();
    assert!(written(&publication) == written(&publication.clone()));
}

#[test]
fn another_text_gives_another_identifier() {
    let id = |publication: &Publication| {
        let document = Document::load_mem(&written(publication)).expect("a PDF");
        document.trailer.get(b"ID").expect("an identifier").clone()
    };
    let mut other = fixture::two_sheets();
    other.sheets[1].marks.pop();
    assert_ne!(id(&fixture::two_sheets()), id(&other));
}

#[test]
fn glyph_0_is_refused_with_its_page() {
    let mut publication = fixture::two_sheets();
    let MarkKind::Text(run) = &mut publication.sheets[1].marks[0].kind else { panic!("a running head") };
    run.glyphs[3] = Glyph { id: 0, ..run.glyphs[3] };
    let error = write(&publication, &Options::default()).expect_err("a missing glyph");
    assert!(error.to_string().contains("page 2"), "{error}");
}

#[test]
fn what_is_not_there_is_an_error_and_not_a_panic() {
    let broken: [fn(&mut Publication); 5] = [
        |p| p.faces.truncate(1),
        |p| p.pictures.clear(),
        |p| p.structure.contents.truncate(2),
        |p| {
            let MarkKind::Text(run) = &mut p.sheets[0].marks[0].kind else { panic!("a running head") };
            run.glyphs[0].text = (0, 9000);
        },
        |p| {
            let MarkKind::Text(run) = &mut p.sheets[0].marks[0].kind else { panic!("a running head") };
            run.glyphs[0].id = 65_000;
        },
    ];
    for (index, damage) in broken.into_iter().enumerate() {
        let mut publication = fixture::two_sheets();
        damage(&mut publication);
        assert!(write(&publication, &Options::default()).is_err(), "damage {index}");
    }
}

#[test]
fn boxes_make_room_for_bleed_and_marks() {
    let mut publication = fixture::two_sheets();
    publication.sheets[0].bleed = 8.5;
    publication.sheets[0].crop_marks = true;
    let bytes = written(&publication);
    assert_ua1(&bytes);
    let document = Document::load_mem(&bytes).expect("a PDF");
    let pages = document.get_pages();
    let page = document.get_dictionary(pages[&1]).expect("a page");
    let numbers = |name: &[u8]| -> Vec<f32> {
        page.get(name)
            .and_then(Object::as_array)
            .expect("a box")
            .iter()
            .map(|v| v.as_float().expect("a number"))
            .collect()
    };
    let around = 8.5 + 24.0;
    assert_eq!(numbers(b"MediaBox"), [0.0, 0.0, 297.64 + 2.0 * around, 419.53 + 2.0 * around]);
    assert_eq!(numbers(b"BleedBox"), [24.0, 24.0, 297.64 + around + 8.5, 419.53 + around + 8.5]);
    assert_eq!(numbers(b"TrimBox"), [around, around, 297.64 + around, 419.53 + around]);
}

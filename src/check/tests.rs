use lopdf::{Document, Object};

use super::Finding;
use crate::pdf;
use crate::pdf::tests::fixture;
use crate::sheet::{Color, Mark, MarkKind, Owner, PictureFormat, Publication, Rect, Role, Structure};
use crate::theme::PrintStyle;

fn written(publication: &Publication) -> Vec<u8> {
    pdf::write(publication, &pdf::Options::default()).expect("a PDF")
}

fn style(name: &str) -> PrintStyle {
    PrintStyle::find(name).expect("a built-in style")
}

fn shown(findings: &[Finding]) -> String {
    findings.iter().map(|f| format!("{f}\n")).collect()
}

#[test]
fn the_tag_tree_of_the_fixture() {
    let tree = super::tags(&written(&fixture::two_sheets()), &crate::Limits::default()).expect("a tree");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/tags/fixture.txt");
    if std::env::var_os("CLEARPRINT_UPDATE").is_some() {
        std::fs::write(path, &tree).expect("a golden file");
    }
    assert_eq!(tree, std::fs::read_to_string(path).expect("a golden file"), "\n{tree}");
}

#[test]
fn a_sound_file_gives_no_findings() {
    let findings = super::pdf(&written(&fixture::two_sheets()), None, &crate::Limits::default()).expect("a PDF");
    assert!(findings.is_empty(), "{}", shown(&findings));
}

/// Changes the written file, and expects a finding under a rule.
fn planted_in_file(rule: &str, plant: impl FnOnce(&mut Document)) {
    let mut document = Document::load_mem(&written(&fixture::two_sheets())).expect("a PDF");
    plant(&mut document);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("memory");
    let findings = super::pdf(&bytes, None, &crate::Limits::default()).expect("a PDF");
    assert!(findings.iter().any(|f| f.rule == rule), "no {rule} in:\n{}", shown(&findings));
}

/// Changes the publication before it is written, and expects a finding under a rule.
fn planted(rule: &str, profile: Option<&str>, plant: impl FnOnce(&mut Publication)) {
    let mut publication = fixture::two_sheets();
    plant(&mut publication);
    let profile = profile.map(style);
    let findings = super::pdf(&written(&publication), profile.as_ref(), &crate::Limits::default()).expect("a PDF");
    assert!(findings.iter().any(|f| f.rule == rule), "no {rule} in:\n{}", shown(&findings));
}

/// The first dictionary that has these two entries.
fn dictionary<'d>(document: &'d mut Document, key: &str, value: &str) -> &'d mut lopdf::Dictionary {
    let named = |d: &lopdf::Dictionary| d.get(key.as_bytes()).and_then(Object::as_name).ok() == Some(value.as_bytes());
    document
        .objects
        .values_mut()
        .filter_map(|object| object.as_dict_mut().ok())
        .find(|dictionary| named(dictionary))
        .expect("the fixture has one")
}

fn stream_of_page(document: &mut Document, page: u32) -> &mut lopdf::Stream {
    let id = document.get_pages()[&page];
    let content = document.get_page_contents(id)[0];
    document.get_object_mut(content).and_then(Object::as_stream_mut).expect("a content stream")
}

/// Replaces text in a page's content stream.
fn rewrite(document: &mut Document, page: u32, from: &str, to: &str) {
    let stream = stream_of_page(document, page);
    let content = stream.decompressed_content().expect("deflated");
    let at = content.windows(from.len()).position(|w| w == from.as_bytes()).expect("the stream holds it");
    let mut changed = content[..at].to_vec();
    changed.extend_from_slice(to.as_bytes());
    changed.extend_from_slice(&content[at + from.len()..]);
    stream.dict.remove(b"Filter");
    stream.set_content(changed);
}

#[test]
fn untagged_file() {
    planted_in_file("PDF/UA-1 7.1", |d| {
        d.catalog_mut().expect("a catalog").remove(b"StructTreeRoot");
    });
}

#[test]
fn no_language() {
    planted_in_file("PDF/UA-1 7.2", |d| {
        d.catalog_mut().expect("a catalog").remove(b"Lang");
    });
}

#[test]
fn no_title_in_the_title_bar() {
    planted_in_file("PDF/UA-1 7.1", |d| {
        d.catalog_mut().expect("a catalog").remove(b"ViewerPreferences");
    });
}

#[test]
fn no_metadata() {
    planted_in_file("PDF/UA-1 5", |d| {
        d.catalog_mut().expect("a catalog").remove(b"Metadata");
    });
}

#[test]
fn untagged_mark() {
    planted_in_file("PDF/UA-1 7.1", |d| rewrite(d, 1, "/Artifact <</Type/Layout>> BDC", "/Nothing BMC"));
}

#[test]
fn page_without_struct_parents() {
    planted_in_file("PDF/UA-1 7.1", |d| {
        dictionary(d, "Type", "Page").remove(b"StructParents");
    });
}

#[test]
fn mark_of_no_element() {
    planted_in_file("PDF/UA-1 7.1", |d| rewrite(d, 1, "<</MCID 0>>", "<</MCID 77>>"));
}

#[test]
fn no_tab_order() {
    planted_in_file("PDF/UA-1 7.18.3", |d| {
        dictionary(d, "Type", "Page").remove(b"Tabs");
    });
}

#[test]
fn link_without_contents() {
    planted_in_file("PDF/UA-1 7.18.5", |d| {
        dictionary(d, "Subtype", "Link").remove(b"Contents");
    });
}

#[test]
fn link_that_is_no_link_element() {
    planted_in_file("PDF/UA-1 7.18.5", |d| dictionary(d, "S", "Link").set("S", Object::Name(b"Span".to_vec())));
}

#[test]
fn figure_without_description() {
    planted_in_file("PDF/UA-1 7.3", |d| {
        dictionary(d, "S", "Figure").remove(b"Alt");
    });
}

#[test]
fn file_name_as_description() {
    planted("PDF/UA-1 7.3", None, |p| {
        let figure = p.structure.elements.iter_mut().find(|e| e.role == Role::Figure).expect("a figure");
        figure.alt = Some("DSC_0042.JPG".into());
    });
}

#[test]
fn header_cell_without_scope() {
    planted_in_file("PDF/UA-1 7.5", |d| {
        dictionary(d, "S", "TH").remove(b"A");
    });
}

#[test]
fn rows_of_different_length() {
    planted_in_file("PDF/UA-1 7.5", |d| {
        let attributes = lopdf::dictionary! { "O" => "Table", "Scope" => "Column", "ColSpan" => 2 };
        dictionary(d, "S", "TH").set("A", attributes);
    });
}

#[test]
fn cell_that_reaches_below_its_table() {
    planted_in_file("PDF/UA-1 7.5", |d| {
        dictionary(d, "S", "TD").set("A", lopdf::dictionary! { "O" => "Table", "RowSpan" => 2 });
    });
}

#[test]
fn trim_box_outside_the_paper() {
    planted_in_file("ISO 32000-1 14.11.2", |d| {
        dictionary(d, "Type", "Page").set("TrimBox", vec![0.into(), 0.into(), 600.into(), 400.into()]);
    });
}

#[test]
fn bleed_box_within_the_trimmed_page() {
    planted_in_file("ISO 32000-1 14.11.2", |d| {
        dictionary(d, "Type", "Page").set("BleedBox", vec![20.into(), 20.into(), 200.into(), 300.into()]);
    });
}

#[test]
fn coarse_picture() {
    planted("print resolution", None, |p| {
        let picture = p.sheets[0].marks.iter_mut().find_map(|mark| match &mut mark.kind {
            MarkKind::Picture { rect, .. } => Some(rect),
            _ => None,
        });
        let rect = picture.expect("a picture");
        (rect.width, rect.height) = (rect.width * 1.8, rect.height * 1.8);
    });
}

#[test]
fn link_that_leads_nowhere_in_the_tags() {
    planted_in_file("PDF/UA-1 7.18.5", |d| {
        dictionary(d, "S", "Link").remove(b"K");
    });
}

#[test]
fn passage_of_an_artifact_alone() {
    planted_in_file("PDF/UA-1 7.1", |d| rewrite(d, 2, "/P <</MCID", "/P <</Nothing"));
}

#[test]
fn note_without_id() {
    planted_in_file("PDF/UA-1 7.9", |d| {
        dictionary(d, "S", "Note").remove(b"ID");
    });
}

#[test]
fn skipped_heading_level() {
    planted("PDF/UA-1 7.4.2", None, |p| {
        let heading = p.structure.elements.iter_mut().find(|e| e.role == Role::Heading(1)).expect("a heading");
        heading.role = Role::Heading(2);
    });
}

#[test]
fn font_not_embedded() {
    planted_in_file("PDF/UA-1 7.21.4.1", |d| {
        dictionary(d, "Type", "FontDescriptor").remove(b"FontFile2");
    });
}

#[test]
fn no_to_unicode() {
    planted_in_file("PDF/UA-1 7.21.7", |d| {
        dictionary(d, "Subtype", "Type0").remove(b"ToUnicode");
    });
}

#[test]
fn wrong_to_unicode() {
    planted_in_file("PDF/UA-1 7.21.7", |d| {
        let id = dictionary(d, "Subtype", "Type0").get(b"ToUnicode").and_then(Object::as_reference).expect("a map");
        let stream = d.get_object_mut(id).and_then(Object::as_stream_mut).expect("a stream");
        let map = String::from_utf8(stream.decompressed_content().expect("deflated")).expect("ASCII");
        assert!(map.contains("<0430>"), "а");
        stream.dict.remove(b"Filter");
        stream.set_content(map.replace("<0430>", "<0431>").into_bytes());
    });
}

#[test]
fn missing_glyph() {
    planted_in_file("PDF/UA-1 7.21.8", |d| {
        let id = dictionary(d, "Subtype", "CIDFontType2").get(b"CIDToGIDMap").and_then(Object::as_reference);
        let stream = d.get_object_mut(id.expect("a map")).and_then(Object::as_stream_mut).expect("a stream");
        let mut map = stream.decompressed_content().expect("deflated");
        map[20..24].fill(0);
        stream.dict.remove(b"Filter");
        stream.set_content(map);
    });
}

/// A sentence in two paragraphs, of which the second stands on the next page.
fn one_sentence(p: &mut Publication, between: Option<Role>) {
    let (_, first) = fixture::leaf(p, Structure::ROOT, Role::P);
    between.map(|role| p.structure.add(Structure::ROOT, role));
    let (_, second) = fixture::leaf(p, Structure::ROOT, Role::P);
    for (sheet, y, content, text) in [
        (0, 300.0, first, "Так начался очень длинный абзац, который "),
        (0, 314.0, first, "продолжается и продолжается, пока длится "),
        (1, 300.0, second, "и где-то кончается."),
    ] {
        let run = fixture::run(p, fixture::BODY, 10.0, 36.0, y, text);
        p.sheets[sheet].marks.push(fixture::text_mark(content, run));
    }
}

#[test]
fn split_paragraph() {
    planted("PDF/UA-1 7.1", None, |p| one_sentence(p, None));
}

#[test]
fn paragraphs_with_a_list_between_them_are_two() {
    let mut publication = fixture::two_sheets();
    one_sentence(&mut publication, Some(Role::L(crate::sheet::ListNumbering::None)));
    let findings = super::pdf(&written(&publication), None, &crate::Limits::default()).expect("a PDF");
    assert!(!shown(&findings).contains("goes on as another"), "{}", shown(&findings));
}

#[test]
fn pale_text() {
    planted("WCAG 2.2 1.4.6", None, |p| {
        let MarkKind::Text(run) = &mut p.sheets[0].marks[3].kind else { panic!("a heading") };
        run.color = Color::Gray(0.55);
    });
}

/// The heading with a rectangle of its own colour behind it, from the baseline up.
fn over_a_field(p: &mut Publication, height: f32) {
    let at = p.sheets[0].marks.iter().position(|mark| matches!(&mark.kind, MarkKind::Text(run) if run.size > 17.0));
    let at = at.expect("a heading");
    let MarkKind::Text(run) = &p.sheets[0].marks[at].kind else { panic!("a heading") };
    let rect = Rect { x: run.x, y: run.y - run.size * 0.25 - height / 2.0, width: 200.0, height };
    let kind = MarkKind::Fill { rect, color: run.color };
    p.sheets[0].marks.insert(at, Mark { owner: Owner::Layout, kind });
}

#[test]
fn text_on_a_field_of_its_own_colour() {
    planted("WCAG 2.2 1.4.6", None, |p| over_a_field(p, 9.0));
}

#[test]
fn a_line_through_a_word_is_no_background() {
    let mut publication = fixture::two_sheets();
    over_a_field(&mut publication, 1.5);
    let findings = super::pdf(&written(&publication), None, &crate::Limits::default()).expect("a PDF");
    assert!(findings.is_empty(), "{}", shown(&findings));
}

/// Findings on the map of the bold face, which the heading alone uses, when that map is gone.
fn mute_heading(replaced: bool) -> bool {
    let mut document = Document::load_mem(&written(&fixture::two_sheets())).expect("a PDF");
    let bold = document.objects.values_mut().filter_map(|object| object.as_dict_mut().ok()).find(|font| {
        let name = font.get(b"BaseFont").and_then(Object::as_name).unwrap_or_default();
        name.ends_with(b"Bold") && font.has(b"ToUnicode")
    });
    bold.expect("a bold face").remove(b"ToUnicode");
    if replaced {
        rewrite(&mut document, 1, "/H1 <</MCID", "/H1 <</ActualText(x)/MCID");
    }
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("memory");
    let findings = super::pdf(&bytes, None, &crate::Limits::default()).expect("a PDF");
    findings.iter().any(|f| f.rule == "PDF/UA-1 7.21.7")
}

#[test]
fn codes_under_actual_text_are_not_mute() {
    assert!(mute_heading(false));
    assert!(!mute_heading(true));
}

/// A paragraph of four lines as a large-print profile wants it.
fn large_print(p: &mut Publication, size: f32, leading: f32, lines: &[&str]) {
    p.sheets[1].marks.clear();
    p.sheets[1].links.clear();
    let (_, content) = fixture::leaf(p, Structure::ROOT, Role::P);
    for (index, line) in lines.iter().enumerate() {
        let run = fixture::run(p, fixture::BOLD, size, 30.0, 60.0 + index as f32 * leading, line);
        p.sheets[1].marks.push(fixture::text_mark(content, run));
    }
}

const LINES: [&str; 3] = ["Раз, два, три, ", "четыре, пять, ", "вышел зайчик."];

#[test]
fn fifteen_points_in_a_profile_of_eighteen() {
    planted("acb size", Some("acb"), |p| large_print(p, 15.0, 22.0, &LINES));
}

#[test]
fn lines_too_close() {
    planted("acb leading", Some("acb"), |p| large_print(p, 18.0, 19.0, &LINES));
}

#[test]
fn a_raised_line_is_not_too_close() {
    let mut publication = fixture::two_sheets();
    large_print(&mut publication, 18.0, 27.0, &LINES);
    for mark in &mut publication.sheets[1].marks[1..2] {
        let MarkKind::Text(run) = &mut mark.kind else { panic!("a line") };
        (run.size, run.y) = (12.0, run.y - 7.0);
    }
    let findings = super::pdf(&written(&publication), Some(&style("acb")), &crate::Limits::default()).expect("a PDF");
    assert!(findings.iter().all(|f| f.rule != "acb leading"), "{}", shown(&findings));
}

#[test]
fn margin_too_narrow() {
    planted("acb margin", Some("acb"), |p| large_print(p, 18.0, 22.0, &LINES));
}

#[test]
fn hyphen_in_a_ragged_profile() {
    planted("rnib-large hyphens", Some("rnib-large"), |p| {
        large_print(p, 18.0, 26.0, &["Раз, два, че\u{ad}", "тыре, пять, ", "вышел зайчик."]);
    });
}

#[test]
fn flush_lines_in_a_ragged_profile() {
    planted("rnib-large alignment", Some("rnib-large"), |p| {
        large_print(p, 18.0, 26.0, &["Раз, два, три", "Раз, два, три", "Раз, два, три", "Раз, два, три", "и всё."]);
    });
}

#[test]
fn lines_of_ideographs_are_not_set_flush() {
    let mut publication = fixture::two_sheets();
    large_print(&mut publication, 18.0, 26.0, &["Раздватри"; 6]);
    let findings =
        super::pdf(&written(&publication), Some(&style("rnib-large")), &crate::Limits::default()).expect("a PDF");
    assert!(!findings.iter().any(|f| f.rule.contains("alignment")), "{}", shown(&findings));
}

#[test]
fn small_page_number() {
    planted("rnib-large page number", Some("rnib-large"), |p| {
        let number = p.sheets[1].marks.remove(1);
        assert_eq!(number.owner, Owner::Pagination);
        large_print(p, 18.0, 26.0, &LINES);
        p.sheets[1].marks.push(number);
    });
}

#[test]
fn the_style_is_found_in_the_metadata() {
    planted("rnib-large size", None, |p| p.style = "rnib-large".into());
}

#[test]
fn what_is_no_pdf_is_an_error() {
    for bytes in [b"".as_slice(), b"<html>", b"%PDF-1.7\n%%EOF"] {
        assert!(super::pdf(bytes, None, &crate::Limits::default()).is_err());
        assert!(super::tags(bytes, &crate::Limits::default()).is_err());
    }
}

#[test]
fn a_damaged_file_is_no_panic() {
    let bytes = written(&fixture::two_sheets());
    for at in (0..bytes.len()).step_by(bytes.len() / 200) {
        let mut damaged = bytes.clone();
        damaged[at] = damaged[at].wrapping_add(77);
        let _ = super::pdf(&damaged, None, &crate::Limits::default());
        let _ = super::tags(&damaged[..at], &crate::Limits::default());
    }
}

#[test]
fn preflight_of_a_sound_file() {
    let mut publication = fixture::two_sheets();
    for mark in &mut publication.sheets[0].marks {
        if let MarkKind::Picture { rect, .. } = &mut mark.kind {
            (rect.width, rect.height) = (rect.width / 3.0, rect.height / 3.0);
        }
    }
    let report = super::preflight(&written(&publication), &crate::Limits::default()).expect("a PDF");
    assert!(report.findings.is_empty(), "{}", shown(&report.findings));
    assert_eq!((report.pages, report.pictures.len(), report.boxes.len()), (2, 1, 1));
    assert!(report.fonts.len() == 2 && report.fonts.iter().all(|font| font.embedded));
    assert_eq!(report.boxes[0].pages, [(1, 2)]);
    assert!(report.ink.black_texts > 10 && report.ink.overprinted == 0 && report.transparency.is_empty());
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!(json["pictures"][0]["page"], 1);
    assert!(report.to_string().contains("black text"));
}

/// Changes the publication, and expects a finding of the preflight report under a rule.
fn planted_for_press(rule: &str, ink: pdf::Ink, plant: impl FnOnce(&mut Publication)) {
    let mut publication = fixture::two_sheets();
    plant(&mut publication);
    let bytes = pdf::write(&publication, &pdf::Options { ink, ..pdf::Options::default() }).expect("a PDF");
    let findings = super::preflight(&bytes, &crate::Limits::default()).expect("a PDF").findings;
    assert!(findings.iter().any(|f| f.rule == rule), "no {rule} in:\n{}", shown(&findings));
}

fn first_text(p: &mut Publication) -> &mut crate::sheet::TextRun {
    let run = p.sheets[0].marks.iter_mut().find_map(|mark| match &mut mark.kind {
        MarkKind::Text(run) => Some(run),
        _ => None,
    });
    run.expect("a text")
}

#[test]
fn small_black_text_of_four_inks() {
    planted_for_press("black text", pdf::Ink::Cmyk, |p| first_text(p).color = Color::Cmyk(0.5, 0.4, 0.4, 1.0));
}

#[test]
fn more_ink_than_paper_takes() {
    planted_for_press("ink", pdf::Ink::Cmyk, |p| first_text(p).color = Color::Cmyk(1.0, 0.9, 0.9, 0.4));
}

#[test]
fn a_picture_with_more_ink_than_paper_takes() {
    let dark = image::RgbImage::from_pixel(60, 60, image::Rgb([200, 0, 0]));
    for format in [image::ImageFormat::Jpeg, image::ImageFormat::Png] {
        let mut file = std::io::Cursor::new(Vec::new());
        dark.write_to(&mut file, format).expect("memory");
        let plant = |p: &mut Publication| {
            p.pictures[0].data = file.into_inner().into();
            p.pictures[0].format =
                if format == image::ImageFormat::Png { PictureFormat::Png } else { PictureFormat::Jpeg };
            (p.pictures[0].width, p.pictures[0].height) = (60, 60);
        };
        let mut publication = fixture::two_sheets();
        plant(&mut publication);
        let options = pdf::Options { ink: pdf::Ink::Cmyk, ..pdf::Options::default() };
        let bytes = pdf::write(&publication, &options).expect("a PDF");
        let report = super::preflight(&bytes, &crate::Limits::default()).expect("a PDF");
        // Two full inks and some black beside them, as our conversion without a profile has it.
        let ink = report.pictures[0].ink.expect("inks");
        assert!(ink.abs_diff(222) <= 3, "{format:?}: {ink}");
        assert!(report.to_string().contains(&format!("{ink} % ink")), "{report}");
        assert!(!report.findings.iter().any(|f| f.rule == "ink"), "{}", shown(&report.findings));
    }
    // The same picture without the word that its inks are upside down.
    let options = pdf::Options { ink: pdf::Ink::Cmyk, ..pdf::Options::default() };
    let light = image::RgbImage::from_pixel(60, 60, image::Rgb([255, 250, 250]));
    let mut file = std::io::Cursor::new(Vec::new());
    light.write_to(&mut file, image::ImageFormat::Jpeg).expect("memory");
    let mut publication = fixture::two_sheets();
    publication.pictures[0].data = file.into_inner().into();
    (publication.pictures[0].width, publication.pictures[0].height) = (60, 60);
    let bytes = pdf::write(&publication, &options).expect("a PDF");
    let mut document = Document::load_mem(&bytes).expect("a PDF");
    for object in document.objects.values_mut() {
        if let Object::Stream(stream) = object {
            stream.dict.remove(b"Decode");
        }
    }
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("memory");
    let report = super::preflight(&bytes, &crate::Limits::default()).expect("a PDF");
    assert!(report.findings.iter().any(|f| f.rule == "ink" && f.message.contains("39")), "{report}");
}

#[test]
fn colours_of_light_among_inks() {
    let options = pdf::Options { ink: pdf::Ink::Cmyk, ..pdf::Options::default() };
    let bytes = pdf::write(&fixture::two_sheets(), &options).expect("a PDF");
    let in_light = |bytes: &[u8]| {
        super::preflight(bytes, &crate::Limits::default())
            .expect("a PDF")
            .findings
            .iter()
            .any(|finding| finding.rule == "colour")
    };
    assert!(!in_light(&bytes), "all of it is in inks");
    let mut document = Document::load_mem(&bytes).expect("a PDF");
    rewrite(&mut document, 1, "BT", "1 0 0 rg BT");
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("memory");
    assert!(in_light(&bytes));
}

#[test]
fn black_text_for_a_press_is_printed_over_what_is_there() {
    let options = pdf::Options { ink: pdf::Ink::Cmyk, ..pdf::Options::default() };
    let bytes = pdf::write(&fixture::two_sheets(), &options).expect("a PDF");
    let ink = super::preflight(&bytes, &crate::Limits::default()).expect("a PDF").ink;
    assert!(ink.black_texts > 10 && ink.overprinted == ink.black_texts, "{} of {}", ink.overprinted, ink.black_texts);
}

#[test]
fn too_little_bleed_between_crop_marks() {
    planted_for_press("bleed", pdf::Ink::Rgb, |p| (p.sheets[1].bleed, p.sheets[1].crop_marks) = (2.0, true));
}

#[test]
fn picture_too_coarse_for_a_press() {
    // As it stands, it has 72 pixels to the inch.
    planted_for_press("resolution", pdf::Ink::Rgb, |_| {});
}

#[test]
fn transparency_and_overprint_are_told() {
    let mut document = Document::load_mem(&written(&fixture::two_sheets())).expect("a PDF");
    rewrite(&mut document, 2, "BT", "/Clear gs BT");
    let state = lopdf::dictionary! { "ca" => 0.5, "OP" => true };
    let id = document.get_pages()[&2];
    let page = document.get_object_mut(id).and_then(Object::as_dict_mut).expect("a page");
    let resources = page.get_mut(b"Resources").and_then(Object::as_dict_mut).expect("resources");
    resources.set("ExtGState", lopdf::dictionary! { "Clear" => state });
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("memory");
    let report = super::preflight(&bytes, &crate::Limits::default()).expect("a PDF");
    assert_eq!(report.transparency, [2]);
    assert!(report.ink.overprinted > 0);
}

#[test]
fn marks_beside_the_page_are_no_heavy_ink() {
    let mut publication = fixture::two_sheets();
    publication.sheets.iter_mut().for_each(|sheet| (sheet.bleed, sheet.crop_marks) = (8.5, true));
    let options = pdf::Options { ink: pdf::Ink::Cmyk, ..pdf::Options::default() };
    let mut document = Document::load_mem(&pdf::write(&publication, &options).expect("a PDF")).expect("a PDF");
    let most = |document: &mut Document| {
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).expect("memory");
        super::preflight(&bytes, &crate::Limits::default()).expect("a PDF").ink.most.map_or(0.0, |(most, _)| most)
    };
    let marked = most(&mut document);
    assert!(marked <= 300.0, "{marked}");
    rewrite(&mut document, 1, "BT", "1 1 1 1 k 90 90 200 9 re f BT");
    assert_eq!(most(&mut document), 400.0, "an area of the page itself is one");
}

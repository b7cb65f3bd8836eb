pub(crate) mod fixture;
mod properties;

use std::sync::Arc;

use page_validation as page;

use super::*;
use crate::sheet::{Glyph, MarkKind};

fn written(publication: &Publication) -> Vec<u8> {
    write(publication, &Options::default()).expect("a sound publication")
}

fn assert_conforms(bytes: &[u8], profile: page::ValidationProfile) {
    let options = page::ValidationOptions::default().profile(profile);
    let report = page::validate_pdf_bytes(bytes, &options).expect("a PDF");
    let failures: Vec<String> = report.failures.iter().map(|f| format!("{}: {}", f.rule_id, f.message)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn assert_ua1(bytes: &[u8]) {
    assert_conforms(bytes, page::ValidationProfile::PdfUa1);
}

#[test]
fn the_fixture_is_pdf_ua_1() {
    let bytes = written(&fixture::two_sheets());
    keep("fixture.pdf", &bytes);
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

pub(super) fn keep(name: &str, bytes: &[u8]) {
    if let Ok(folder) = std::env::var("CLEARPRINT_KEEP") {
        std::fs::write(std::path::Path::new(&folder).join(name), bytes).expect("a folder to keep files in");
    }
}

#[test]
fn letters_that_run_from_right_to_left_are_read_in_their_order() {
    let mut publication = fixture::blank();
    let (_, content) = fixture::leaf(&mut publication, crate::sheet::Structure::ROOT, crate::sheet::Role::P);
    // As a shaper gives them: the first letter of the word stands last, at the right.
    let mut run = fixture::run(&publication, fixture::BODY, 12.0, 50.0, 100.0, "слово");
    run.glyphs.reverse();
    publication.sheets[0].marks.push(fixture::text_mark(content, run));
    let bytes = written(&publication);
    assert_eq!(crate::check::text(&bytes, &crate::Limits::default()).expect("a PDF").trim(), "слово");
    assert_ua1(&bytes);
    let shown = crate::preview::draw(&publication, 0, 72.0).expect("a page");
    assert!(shown.pixels().any(|pixel| pixel[0] < 128), "the word is not drawn");
}

#[test]
fn archived_files_keep_both_standards() {
    let publication = fixture::two_sheets();
    let source = Attachment {
        name: "статья.html".into(),
        media_type: "text/html".into(),
        data: Arc::from(b"<h1>\xd0\xa4</h1>".as_slice()),
    };
    for (conformance, attachment, profile) in [
        (Conformance::A2a, None, page::ValidationProfile::PdfA2a),
        (Conformance::A3a, Some(source), page::ValidationProfile::PdfA3a),
    ] {
        let options = Options { conformance, attachment, ..Options::default() };
        let bytes = write(&publication, &options).expect("a sound publication");
        keep(&format!("{conformance:?}.pdf"), &bytes);
        assert_conforms(&bytes, profile);
        assert_ua1(&bytes);
    }
}

/// The header of a profile is all that is looked at.
fn profile(class: &[u8; 4], space: &[u8; 4]) -> Arc<[u8]> {
    let mut bytes = vec![0; 132];
    bytes[12..16].copy_from_slice(class);
    bytes[16..20].copy_from_slice(space);
    bytes[36..40].copy_from_slice(b"acsp");
    Arc::from(bytes)
}

#[test]
fn a_file_for_the_press_has_its_keys_and_no_links() {
    let options = Options {
        conformance: Conformance::X4,
        ink: Ink::Cmyk,
        icc: Some(profile(b"prtr", b"CMYK")),
        ..Options::default()
    };
    let mut publication = fixture::two_sheets();
    publication.date = None;
    for sheet in &mut publication.sheets {
        (sheet.bleed, sheet.crop_marks) = (8.5, true);
    }
    let bytes = write(&publication, &options).expect("a sound publication");
    keep("x4.pdf", &bytes);
    let document = Document::load_mem(&bytes).expect("a PDF");
    assert_eq!(document.version, "1.6");
    let info = document.trailer.get(b"Info").and_then(Object::as_reference).expect("Info");
    let info = document.get_dictionary(info).expect("Info");
    assert_eq!(info.get(b"GTS_PDFXVersion").and_then(Object::as_str).expect("a version"), b"PDF/X-4");
    assert!(info.has(b"Trapped") && info.has(b"ModDate"));
    let intents = document.catalog().and_then(|c| c.get(b"OutputIntents")).and_then(Object::as_array).expect("intents");
    assert_eq!(intents[0].as_dict().and_then(|d| d.get(b"S")).and_then(Object::as_name).expect("a name"), b"GTS_PDFX");
    for page in document.get_pages().into_values() {
        let dictionary = document.get_dictionary(page).expect("a page");
        assert!(!dictionary.has(b"Annots"));
        let content = String::from_utf8_lossy(&document.get_page_content(page)).into_owned();
        assert!(!content.contains(" rg\n"), "no RGB");
        assert!(content.contains(" k\n") || content.contains(" K\n"));
        let resources = dictionary.get(b"Resources").and_then(Object::as_dict).expect("resources");
        assert!(resources.has(b"ExtGState") && content.contains("/Over gs\n"), "black is printed over what is there");
    }
    assert_eq!(name_in(&picture_of(&bytes), "ColorSpace"), "DeviceCMYK");
}

#[test]
fn a_profile_that_does_not_fit_is_refused() {
    let publication = fixture::two_sheets();
    let refused = |options: Options, words: &str| {
        let error = write(&publication, &options).expect_err(words).to_string();
        assert!(error.contains(words), "{error}");
    };
    let base = Options::default;
    refused(Options { conformance: Conformance::X4, ..base() }, "--icc");
    refused(Options { icc: Some(Arc::from(b"no profile".as_slice())), ..base() }, "no ICC profile");
    refused(Options { icc: Some(profile(b"mntr", b"RGB ")), ink: Ink::Cmyk, ..base() }, "CMYK");
    refused(Options { conformance: Conformance::A2a, ink: Ink::Cmyk, ..base() }, "CMYK");
    refused(
        Options { conformance: Conformance::X4, icc: Some(profile(b"mntr", b"RGB ")), ..base() },
        "an output device",
    );
    let attachment = Attachment { name: "a".into(), media_type: "text/html".into(), data: Arc::from(Vec::new()) };
    refused(Options { attachment: Some(attachment), ..base() }, "a3a");
}

/// 150,000 words: where the time goes. `cargo test --release --lib -- --ignored a_thick_book --nocapture`
#[test]
#[ignore = "measures"]
fn a_thick_book() {
    let mut publication = fixture::blank();
    let words = [
        "городской",
        "суд",
        "в",
        "понедельник",
        "рассмотрел",
        "жалобу",
        "жителей",
        "посёлка",
        "и",
        "постановил",
        "отложить",
    ];
    let mut next = 0;
    let (template, mut paragraph) = (publication.sheets.remove(0), None);
    let mut count = 0;
    while count < 150_000 {
        let mut sheet = template.clone();
        sheet.label = (publication.sheets.len() + 1).to_string();
        for line in 0..36 {
            if line % 7 == 0 {
                paragraph =
                    Some(fixture::leaf(&mut publication, crate::sheet::Structure::ROOT, crate::sheet::Role::P).1);
            }
            let text: String = (0..10).map(|i| format!("{} ", words[(next * 7 + i * i) % words.len()])).collect();
            next += 1;
            count += 10;
            let mut run =
                fixture::run(&publication, fixture::BODY, 9.0, 30.0, 30.0 + 10.0 * line as f32, text.trim_end());
            for glyph in &mut run.glyphs {
                glyph.advance -= 0.013;
                if run.text.as_bytes()[glyph.text.0 as usize] == b' ' {
                    glyph.advance += (next % 13) as f32 * 0.07;
                }
            }
            sheet.marks.push(fixture::text_mark(paragraph.expect("a paragraph"), run));
        }
        publication.sheets.push(sheet);
    }
    let start = std::time::Instant::now();
    let bytes = written(&publication);
    println!("{} pages, {} bytes, {:?}", publication.sheets.len(), bytes.len(), start.elapsed());
    let start = std::time::Instant::now();
    let fonts = fonts::Fonts::collect(&publication).expect("fonts");
    println!("collect {:?}", start.elapsed());
    let start = std::time::Instant::now();
    let pictures = pictures::Pictures::prepare(&publication, &Options::default()).expect("none");
    let pages = content::draw(&publication, &fonts, &pictures, &Options::default()).expect("pages");
    println!("draw {:?} for {} pages", start.elapsed(), pages.len());
    let start = std::time::Instant::now();
    let mut document = Document::with_version("1.7");
    fonts.add_to(&mut document).expect("fonts");
    println!("subset {:?}", start.elapsed());
    let start = std::time::Instant::now();
    output::to_bytes(document).expect("bytes");
    println!("save fonts {:?}", start.elapsed());
}

/// A picture of every kind that an article may bring, on one page.
fn with_picture(data: Vec<u8>, format: crate::sheet::PictureFormat, size: (u32, u32)) -> Publication {
    let mut publication = fixture::two_sheets();
    publication.pictures[0] = crate::sheet::Picture { data: Arc::from(data), format, width: size.0, height: size.1 };
    publication
}

fn picture_of(bytes: &[u8]) -> lopdf::Stream {
    let document = Document::load_mem(bytes).expect("a PDF");
    let is_picture = |s: &lopdf::Stream| s.dict.get(b"Subtype").and_then(Object::as_name).ok() == Some(b"Image");
    let found = document.objects.values().filter_map(|o| o.as_stream().ok()).find(|s| is_picture(s)).cloned();
    found.expect("a picture")
}

fn encoded(pixels: &image::DynamicImage, format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, format).expect("memory");
    bytes.into_inner()
}

fn name_in(stream: &lopdf::Stream, key: &str) -> String {
    let name = stream.dict.get(key.as_bytes()).and_then(Object::as_name).expect("a name");
    String::from_utf8_lossy(name).into_owned()
}

/// The pixels that a viewer would decode, one sample a channel.
fn samples(stream: &lopdf::Stream) -> Vec<u8> {
    stream.decompressed_content().expect("a filter that is known")
}

#[test]
fn a_jpeg_passes_through_without_its_notes() {
    let publication = fixture::two_sheets();
    let plain = publication.pictures[0].data.to_vec();
    // Where it was taken, in an EXIF segment, must not get into print.
    let mut noted = plain[..2].to_vec();
    noted.extend(b"\xff\xe1\x00\x0eExif\x00\x00SECRET");
    noted.extend(&plain[2..]);
    let publication = with_picture(noted, crate::sheet::PictureFormat::Jpeg, (120, 80));
    let stream = picture_of(&written(&publication));
    assert_eq!(name_in(&stream, "Filter"), "DCTDecode");
    assert!(!stream.content.windows(6).any(|w| w == b"SECRET"));
    let scan = |data: &[u8]| data.windows(2).position(|w| w == b"\xff\xda").map(|at| data[at..].to_vec());
    assert_eq!(scan(&stream.content), scan(&plain), "the picture itself is untouched");
}

#[test]
fn pictures_for_a_press_are_in_inks() {
    use crate::sheet::PictureFormat;
    let press = Options { ink: Ink::Cmyk, ..Options::default() };
    let red = image::RgbImage::from_pixel(40, 20, image::Rgb([255, 0, 0]));
    for (format, of_file, filter) in [
        (PictureFormat::Png, image::ImageFormat::Png, "FlateDecode"),
        (PictureFormat::Jpeg, image::ImageFormat::Jpeg, "DCTDecode"),
    ] {
        let mut file = std::io::Cursor::new(Vec::new());
        red.write_to(&mut file, of_file).expect("memory");
        let publication = with_picture(file.into_inner(), format, (40, 20));
        let stream = picture_of(&write(&publication, &press).expect("a sound publication"));
        assert_eq!(name_in(&stream, "Filter"), filter);
        assert_eq!(name_in(&stream, "ColorSpace"), "DeviceCMYK");
        assert_eq!(stream.dict.has(b"Decode"), format == PictureFormat::Jpeg, "a JPEG's inks are upside down");
        if format == PictureFormat::Png {
            assert_eq!(samples(&stream)[..4], [0, 255, 255, 0]);
        }
    }
}

#[test]
fn a_gray_page_has_gray_pictures() {
    let publication = fixture::two_sheets();
    let options = Options { gray_pictures: true, ..Options::default() };
    let stream = picture_of(&write(&publication, &options).expect("a sound publication"));
    assert_eq!(name_in(&stream, "ColorSpace"), "DeviceGray");
}

#[test]
fn a_picture_too_fine_is_scaled_down() {
    let publication = fixture::two_sheets();
    // 120 pixels over 120 points are 72 to the inch.
    let options = Options { dpi: Some(36), ..Options::default() };
    let bytes = write(&publication, &options).expect("a sound publication");
    let stream = picture_of(&bytes);
    assert_eq!(stream.dict.get(b"Width").and_then(Object::as_i64).expect("a width"), 60);
    assert_eq!(stream.dict.get(b"Height").and_then(Object::as_i64).expect("a height"), 40);
    assert_ua1(&bytes);
}

#[test]
fn what_is_transparent_lies_on_white() {
    let pixels = image::RgbaImage::from_fn(4, 2, |x, _| image::Rgba([200, 0, 0, if x < 2 { 0 } else { 255 }]));
    let png = encoded(&pixels.into(), image::ImageFormat::Png);
    let bytes = written(&with_picture(png, crate::sheet::PictureFormat::Png, (4, 2)));
    let row = [255, 255, 255, 255, 255, 255, 200, 0, 0, 200, 0, 0];
    assert_eq!(samples(&picture_of(&bytes)), [row, row].concat());
    assert_ua1(&bytes);
}

#[test]
fn sixteen_bits_and_palettes_are_decoded() {
    let deep = image::ImageBuffer::<image::Rgb<u16>, _>::from_fn(3, 3, |x, y| {
        image::Rgb([x as u16 * 20_000, 0, y as u16 * 9000])
    });
    let gif = image::RgbImage::from_fn(3, 3, |x, y| image::Rgb([x as u8 * 100, 0, y as u8 * 100]));
    let cases = [
        (encoded(&deep.into(), image::ImageFormat::Png), crate::sheet::PictureFormat::Png),
        (encoded(&gif.clone().into(), image::ImageFormat::WebP), crate::sheet::PictureFormat::WebP),
        (encoded(&gif.into(), image::ImageFormat::Gif), crate::sheet::PictureFormat::Gif),
    ];
    for (data, format) in cases {
        let bytes = written(&with_picture(data, format, (3, 3)));
        let stream = picture_of(&bytes);
        assert_eq!(samples(&stream).len(), 27, "{format:?}");
        assert_ua1(&bytes);
    }
}

#[test]
fn a_turned_picture_stands_upright() {
    // Stored lying: its left column is what is shown at the top (orientation 6).
    let stored =
        image::RgbImage::from_fn(
            80,
            120,
            |x, _| if x < 40 { image::Rgb([250, 0, 0]) } else { image::Rgb([0, 0, 250]) },
        );
    let mut jpeg = encoded(&stored.into(), image::ImageFormat::Jpeg);
    let exif = b"\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00";
    jpeg.splice(2..2, exif.iter().copied());
    let publication = with_picture(jpeg, crate::sheet::PictureFormat::Jpeg, (120, 80));
    let document = Document::load_mem(&written(&publication)).expect("a PDF");
    let page = document.get_pages()[&1];
    let content = String::from_utf8_lossy(&document.get_page_content(page)).into_owned();
    let matrix = content.lines().find(|l| l.ends_with(" cm")).expect("a matrix");
    let numbers: Vec<f32> = matrix.split(' ').filter_map(|n| n.parse().ok()).collect();
    // Its left edge becomes the top: x grows downwards, y to the right.
    assert!(numbers[0] == 0.0 && numbers[1] == -80.0 && numbers[2] == 120.0 && numbers[3] == 0.0, "{matrix}");
    let preview = crate::preview::draw(&publication, 0, 72.0).expect("a page");
    assert!(preview.get_pixel(96, 80)[0] > 200 && preview.get_pixel(96, 145)[2] > 200);
}

#[test]
fn no_marked_sequence_of_a_page_lies_within_another() {
    // Two glyphs stand for one letter: its text is replaced, in the middle of a line.
    let mut publication = fixture::blank();
    let (_, content) = fixture::leaf(&mut publication, crate::sheet::Structure::ROOT, crate::sheet::Role::P);
    let mut run = fixture::run(&publication, fixture::BODY, 12.0, 50.0, 100.0, "слово за словом");
    let mark = run.glyphs[2];
    run.glyphs[2].text = (mark.text.0, mark.text.0);
    run.glyphs[1].text.1 = mark.text.1;
    publication.sheets[0].marks = vec![fixture::text_mark(content, run)];
    let bytes = written(&publication);
    let document = Document::load_mem(&bytes).expect("a PDF");
    let page = document.get_pages()[&1];
    let operations = lopdf::content::Content::decode(&document.get_page_content(page)).expect("operators").operations;
    let (mut depth, mut replaced) = (0, 0);
    for operation in &operations {
        match operation.operator.as_str() {
            "BDC" => {
                depth += 1;
                let properties = operation.operands.get(1).and_then(|o| o.as_dict().ok()).expect("properties");
                replaced += usize::from(properties.has(b"ActualText"));
            }
            "EMC" => depth -= 1,
            _ => {}
        }
        assert!((0..=1).contains(&depth), "{operation:?}");
    }
    assert_eq!((depth, replaced), (0, 1));
    assert!(crate::check::text(&bytes, &crate::Limits::default()).expect("its text").contains("слово за словом"));
    assert_ua1(&bytes);
}

#[test]
fn a_jpeg_cut_short_is_made_whole() {
    let plain = fixture::two_sheets().pictures[0].data.to_vec();
    let cut = plain[..plain.len() * 3 / 4].to_vec();
    let publication = with_picture(cut, crate::sheet::PictureFormat::Jpeg, (120, 80));
    assert!(publication.pictures[0].is_cut_short());
    let bytes = written(&publication);
    let stream = picture_of(&bytes);
    assert!(stream.content.ends_with(b"\xff\xd9"), "it has an end");
    assert_ua1(&bytes);
    // A thumbnail's end is not the picture's.
    let mut with_thumbnail = plain[..plain.len() / 2].to_vec();
    with_thumbnail.splice(2..2, *b"\xff\xe1\x00\x06\xff\xd8\xff\xd9");
    let publication = with_picture(with_thumbnail, crate::sheet::PictureFormat::Jpeg, (120, 80));
    assert!(publication.pictures[0].is_cut_short());
    assert!(!fixture::two_sheets().pictures[0].is_cut_short());
}

#[test]
fn a_broken_picture_leaves_its_place() {
    for (data, format) in [
        (b"\xff\xd8\xff\xe0nothing".to_vec(), crate::sheet::PictureFormat::Jpeg),
        (b"\x89PNG\r\n\x1a\nnothing".to_vec(), crate::sheet::PictureFormat::Png),
        (Vec::new(), crate::sheet::PictureFormat::WebP),
    ] {
        let bytes = written(&with_picture(data, format, (120, 80)));
        assert_ua1(&bytes);
        assert!(
            crate::check::tags(&bytes, &crate::Limits::default()).expect("tags").contains("Цех фабрики"),
            "the description stays"
        );
    }
}

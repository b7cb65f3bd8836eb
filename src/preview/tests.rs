use super::*;
use crate::pdf::tests::fixture;

fn darkness(picture: &RgbImage) -> f64 {
    let sum: u64 = picture.pixels().map(|p| 255 - u64::from(p[0])).sum();
    sum as f64 / f64::from(picture.width() * picture.height()) / 255.0
}

#[test]
fn a_page_has_the_size_of_its_medium() {
    let mut publication = fixture::two_sheets();
    let page = draw(&publication, 0, 144.0).expect("a page");
    assert_eq!(page.dimensions(), (596, 840));
    publication.sheets[0].crop_marks = true;
    let page = draw(&publication, 0, 144.0).expect("a page");
    assert_eq!(page.dimensions(), (692, 936));
}

#[test]
fn the_same_ink_is_seen_at_every_resolution() {
    let publication = fixture::two_sheets();
    let (coarse, fine) = (draw(&publication, 1, 72.0).expect("a page"), draw(&publication, 1, 300.0).expect("a page"));
    assert!((darkness(&coarse) - darkness(&fine)).abs() < 0.004, "{} {}", darkness(&coarse), darkness(&fine));
    assert!(darkness(&fine) > 0.005);
}

#[test]
fn a_glyph_moves_by_less_than_a_pixel() {
    let mut publication = fixture::blank();
    let (_, content) = fixture::leaf(&mut publication, crate::sheet::Structure::ROOT, crate::sheet::Role::P);
    let centre = |publication: &Publication| {
        let page = draw(publication, 0, 72.0).expect("a page");
        let weights = page.enumerate_pixels().map(|(x, _, p)| (f64::from(x), 255.0 - f64::from(p[0])));
        let (sum, mass) = weights.fold((0.0, 0.0), |(s, m), (x, w)| (s + x * w, m + w));
        sum / mass
    };
    let mut places = Vec::new();
    for x in [50.0, 50.25, 50.5, 50.75, 51.0] {
        let run = fixture::run(&publication, fixture::BODY, 12.0, x, 100.0, "Ж");
        publication.sheets[0].marks = vec![fixture::text_mark(content, run)];
        places.push(centre(&publication));
    }
    for pair in places.windows(2) {
        // Ink counts where its pixel is, so that even exact coverage moves by a little more or less than it should.
        assert!((pair[1] - pair[0] - 0.25).abs() < 0.02, "{places:?}");
    }
}

#[test]
fn what_cannot_be_drawn_is_an_error() {
    let publication = fixture::two_sheets();
    let no_page = draw(&publication, 2, 72.0).expect_err("there are two").to_string();
    assert_eq!(no_page, "there is no page 3; the document has 2");
    for dpi in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e9] {
        assert!(draw(&publication, 0, dpi).is_err(), "{dpi}");
    }
    let mut huge = publication.clone();
    huge.sheets[0].width = 1e9;
    assert!(draw(&huge, 0, 72.0).is_err());
}

#[test]
fn a_contact_sheet_holds_all_pages() {
    let mut publication = fixture::two_sheets();
    for _ in 0..5 {
        let page = publication.sheets[1].clone();
        publication.sheets.push(page);
    }
    let all = Preview::new(&publication, 36.0).and_then(|preview| preview.contact_sheet()).expect("seven pages");
    let page = draw(&publication, 0, 36.0).expect("a page");
    let white = all.pixels().filter(|p| p.0 == [255; 3]).count();
    let white_of_page = page.pixels().filter(|p| p.0 == [255; 3]).count();
    assert!(white > white_of_page * 6, "{white} {white_of_page}");
    assert!(png(&all).expect("a PNG").starts_with(b"\x89PNG"));
}

/// Needs poppler-utils: `cargo test -- --ignored poppler`.
#[test]
#[ignore = "needs pdftoppm"]
fn poppler_draws_the_pdf_the_same() {
    let publication = fixture::two_sheets();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.pdf");
    let bytes = crate::pdf::write(&publication, &crate::pdf::Options::default()).expect("a PDF");
    std::fs::write(&file, bytes).expect("a file");
    let status = std::process::Command::new("pdftoppm")
        .args(["-r", "100", "-png"])
        .args([&file, &folder.path().join("p")])
        .status()
        .expect("pdftoppm");
    assert!(status.success());
    for index in 0..2 {
        let theirs = image::open(folder.path().join(format!("p-{}.png", index + 1))).expect("a page").to_rgb8();
        let ours = draw(&publication, index, 100.0).expect("a page");
        assert_eq!(ours.dimensions(), theirs.dimensions());
        let apart: u64 = ours.as_raw().iter().zip(theirs.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let mean = apart as f64 / ours.as_raw().len() as f64 / 255.0;
        if let Ok(path) = std::env::var("CLEARPRINT_KEEP") {
            let mut both = RgbImage::new(ours.width() * 2, ours.height());
            image::imageops::replace(&mut both, &ours, 0, 0);
            image::imageops::replace(&mut both, &theirs, i64::from(ours.width()), 0);
            std::fs::write(format!("{path}/preview-{index}.png"), png(&both).expect("a PNG"))
                .expect("a path to keep it at");
        }
        println!("page {}: {mean:.4}", index + 1);
        assert!(mean < 0.02, "page {}: {mean}", index + 1);
    }
}

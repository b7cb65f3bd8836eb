//! The samples as PDFs, in every print style: sound, tagged, and saying what the article says.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clearprint::article::{Article, FindOptions};
use clearprint::edition::{Cache, EditionFile, Gathering, gather};
use clearprint::sheet::Publication;
use clearprint::source::{Declared, LocalFolders, Pictures, decode};
use clearprint::theme::PrintStyle;
use clearprint::typeset::{Manuscript, set};
use clearprint::{Error, Limits, article, check, pdf, preview::Preview};
use page_validation as page;

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The articles of all samples; the page without one is left out.
fn articles() -> Vec<(String, PathBuf, Article)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(project().join("samples"))
        .expect("samples")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "html"))
        .collect();
    paths.sort();
    let limits = Limits::default();
    let articles: Vec<_> = paths
        .into_iter()
        .filter_map(|path| {
            let bytes = std::fs::read(&path).expect("a sample");
            let text = decode(&bytes, &Declared::default()).text;
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            match article::find(&text, &FindOptions::new(&name, &limits)) {
                Ok(article) => Some((name, path, article)),
                Err(Error::NoArticle { .. }) => None,
                Err(other) => panic!("{name}: {other}"),
            }
        })
        .collect();
    assert!(articles.len() >= 5, "the samples are gone");
    articles
}

fn publication(article: &Article, path: &Path, style: &PrintStyle) -> Publication {
    let limits = Limits::default();
    let pictures = Pictures::of(LocalFolders::of_page(path), &limits);
    set(&Manuscript::Article(article), style, &pictures, &limits).expect("an article that can be set")
}

fn written(publication: &Publication) -> Vec<u8> {
    pdf::write(publication, &pdf::Options::default()).expect("a publication that can be written")
}

fn words(text: &str) -> Vec<String> {
    let whole: String = text.chars().filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}')).collect();
    whole.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

#[test]
fn the_tag_tree_of_each_sample_is_as_it_was() {
    let style = PrintStyle::find("standard").expect("a built-in style");
    let mut changed = Vec::new();
    for (name, path, article) in articles() {
        let tree = check::tags(&written(&publication(&article, &path, &style)), &clearprint::Limits::default())
            .expect("a PDF");
        let golden = project().join(format!("tests/golden/tags/{name}.txt"));
        if std::env::var_os("CLEARPRINT_UPDATE").is_some() {
            std::fs::write(&golden, &tree).expect("a golden file");
        }
        if std::fs::read_to_string(&golden).ok().as_deref() != Some(&tree) {
            changed.push(format!("{name}:\n{tree}"));
        }
    }
    assert!(changed.is_empty(), "run with CLEARPRINT_UPDATE=1 if this is better:\n{}", changed.join("\n"));
}

#[test]
fn every_sample_in_every_style_is_pdf_ua_1_and_keeps_its_guideline() {
    let wanted = page::ValidationOptions::default().profile(page::ValidationProfile::PdfUa1);
    let mut found = Vec::new();
    let mut judge = |name: &str, style: &PrintStyle, publication: &Publication| {
        let bytes = written(publication);
        let report = page::validate_pdf_bytes(&bytes, &wanted).expect("a PDF");
        found.extend(report.failures.iter().map(|f| format!("{name}, {}: {f}", style.name)));
        let own = check::pdf(&bytes, None, &clearprint::Limits::default()).expect("a PDF");
        found.extend(own.iter().map(|f| format!("{name}, {}: {f}", style.name)));
    };
    for (name, path, article) in articles() {
        for style in PrintStyle::all() {
            judge(&name, &style, &publication(&article, &path, &style));
        }
    }
    for style in PrintStyle::all() {
        judge("the edition", &style, &edition(&style.name));
    }
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}

#[test]
fn the_tags_say_every_word_of_the_article() {
    for (name, path, article) in articles() {
        for style in ["standard", "newspaper", "rnib-giant"] {
            let style = PrintStyle::find(style).expect("a built-in style");
            let bytes = written(&publication(&article, &path, &style));
            let mut said: HashMap<String, usize> = HashMap::new();
            for word in words(&check::text(&bytes, &clearprint::Limits::default()).expect("a PDF")) {
                *said.entry(word).or_default() += 1;
            }
            let lost: Vec<String> = words(&article.to_text())
                .into_iter()
                .filter(|word| match said.get_mut(word) {
                    Some(count) if *count > 0 => {
                        *count -= 1;
                        false
                    }
                    _ => true,
                })
                .collect();
            assert!(lost.is_empty(), "{name}, {}: {lost:?}", style.name);
        }
    }
}

/// Where no table is turned into rows of text and no figure floats, nothing may change its place.
#[test]
fn the_tags_say_the_words_in_the_order_of_the_article() {
    let style = PrintStyle::find("standard").expect("a built-in style");
    for (name, path, article) in articles() {
        let bytes = written(&publication(&article, &path, &style));
        let said = words(&check::text(&bytes, &clearprint::Limits::default()).expect("a PDF"));
        let wanted = words(&article.to_whole_text());
        let moved = out_of_order(&wanted, &said);
        // A number that also stands in a running text beside it may be taken for it.
        assert!(moved.len() * 100 <= wanted.len(), "{name}: {} of {}: {moved:?}", moved.len(), wanted.len());
    }
}

/// The words of `wanted` that do not stand in `said` within 40 words after the one before.
fn out_of_order<'w>(wanted: &'w [String], said: &[String]) -> Vec<&'w str> {
    let mut at = 0;
    let mut moved = Vec::new();
    for word in wanted {
        let near = said.get(at..(at + 40).min(said.len())).unwrap_or_default();
        match near.iter().position(|w| w == word) {
            Some(step) => at += step + 1,
            None => moved.push(word.as_str()),
        }
    }
    moved
}

/// The sample edition in a style.
fn edition(style: &str) -> Publication {
    let path = project().join("samples/edition/edition.toml");
    let (file, text) = EditionFile::read(&path).expect("the sample edition");
    let name = file.title.clone();
    let (cache, limits) = (Cache::default(), Limits::default());
    let how = Gathering::new(path.parent().expect("its folder"), &name, &cache, &limits);
    let gathered = gather(file, &text, &how);
    assert!(gathered.failures.is_empty(), "{:?}", gathered.failures);
    let style = PrintStyle::find(style).expect("a built-in style");
    set(&Manuscript::Edition(gathered.manuscript()), &style, gathered.pictures(), &Limits::default())
        .expect("it can be set")
}

/// The pictures of docs/gallery.md. They are compared loosely: another way of rounding is not another page.
#[test]
fn the_gallery_shows_the_pages_as_they_are() {
    let mut shown = Vec::new();
    for (name, path, article) in articles().into_iter().filter(|(name, ..)| name == "parom" || name == "znamya") {
        for style in ["standard", "newspaper", "rnib-large"] {
            let publication = publication(&article, &path, &PrintStyle::find(style).expect("a built-in style"));
            let dpi = if style == "rnib-large" { 28.0 } else { 42.0 };
            shown.push((format!("{}-{style}", name.to_lowercase()), publication, dpi));
        }
    }
    for (style, dpi) in [("newspaper-a3", 30.0), ("magazine", 30.0), ("rnib-large", 16.0)] {
        shown.push((format!("edition-{style}"), edition(style), dpi));
    }
    let mut changed = Vec::new();
    for (name, publication, dpi) in shown {
        let drawn = Preview::new(&publication, dpi).and_then(|p| p.contact_sheet_png()).expect("a picture");
        let drawn = image::load_from_memory(&drawn).expect("a PNG").to_rgb8();
        let kept = project().join(format!("docs/img/gallery/{name}.jpg"));
        if std::env::var_os("CLEARPRINT_UPDATE").is_some() {
            let file = std::fs::File::create(&kept).expect("a file");
            let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(file, 80);
            encoder.encode_image(&drawn).expect("a picture");
        }
        let known = image::open(&kept).map(|picture| picture.to_rgb8()).unwrap_or_default();
        let same_size = known.dimensions() == drawn.dimensions();
        let apart: u64 = known.iter().zip(drawn.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        if !same_size || apart as f64 / drawn.len() as f64 > 255.0 * 0.02 {
            changed.push(kept.display().to_string());
        }
    }
    assert!(changed.is_empty(), "look at these, and run with CLEARPRINT_UPDATE=1 if they are better: {changed:?}");
}

#[test]
fn the_same_page_gives_the_same_bytes() {
    let (_, path, article) = articles().remove(0);
    let style = PrintStyle::find("newspaper").expect("a built-in style");
    let twice = [(); 2].map(|()| written(&publication(&article, &path, &style)));
    assert!(twice[0] == twice[1]);
}

//! What is found on the sample pages: text and metadata, as files. `CLEARPRINT_UPDATE=1` writes them anew.

use clearprint::article::{self, Article, Block, FindOptions};
use clearprint::{Error, Limits, source};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn samples() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = std::fs::read_dir("samples")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "html"))
        .collect();
    pages.sort();
    pages
}

fn read(path: &Path) -> String {
    source::decode(&std::fs::read(path).unwrap(), &source::Declared::default()).text
}

fn found(path: &Path) -> Result<Article, Error> {
    let limits = Limits::default();
    let name = path.display().to_string();
    article::find(&read(path), &FindOptions::new(&name, &limits))
}

/// Compares with the golden file, or writes it when asked to.
fn golden(name: &str, actual: &str) {
    let path = Path::new("tests/golden/article").join(name);
    if std::env::var_os("CLEARPRINT_UPDATE").is_some() {
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(wanted == actual, "{} differs; look at it, then run with CLEARPRINT_UPDATE=1:\n{actual}", path.display());
}

#[test]
fn samples_give_their_article_and_nothing_else() {
    for path in samples() {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if stem == "glavnaya" {
            continue;
        }
        let article = found(&path).unwrap();
        golden(&format!("{stem}.txt"), &format!("{}\n", article.to_text()));
        let mut about = article.clone();
        about.blocks.clear();
        golden(&format!("{stem}.json"), &format!("{}\n", serde_json::to_string_pretty(&about).unwrap()));
        golden(&format!("{stem}.md"), &article.to_markdown());
    }
}

#[test]
fn a_front_page_holds_no_article() {
    let error = found(Path::new("samples/glavnaya.html")).map(|a| a.to_text()).unwrap_err();
    assert!(matches!(error, Error::NoArticle { .. }), "{error}");
}

#[test]
fn article_json_of_every_sample_reads_back_the_same() {
    for path in samples() {
        if let Ok(article) = found(&path) {
            assert_eq!(Article::from_json(&article.to_json(), "test").unwrap(), article, "{}", path.display());
        }
    }
}

#[test]
fn headings_begin_at_two_and_skip_no_level() {
    for path in samples() {
        let Ok(article) = found(&path) else { continue };
        let mut before = 1;
        for block in &article.blocks {
            if let Block::Heading { level, .. } = block {
                assert!(*level >= 2 && *level <= before + 1, "{}: {level} after {before}", path.display());
                before = *level;
            }
        }
    }
}

#[test]
fn empty_pages_hold_no_article() {
    let limits = Limits::default();
    for html in ["", " ", "<html></html>", "<script>1</script>", "<p>", "\u{feff}"] {
        let found = article::find(html, &FindOptions::new("page", &limits));
        assert!(matches!(found, Err(Error::NoArticle { .. })), "{html:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_soup_of_tags_ends_well(soup in proptest::collection::vec(
        proptest::sample::select(vec![
            "<p>", "</p>", "<b>", "</b>", "<a href=x>", "<a href='#n'>1</a>", "<li id=n>", "</a>", "<table>", "<tr>", "<td>", "<th colspan=0>",
            "</table>", "<svg>", "<math><mi>", "<ul>", "<ol start=-5>", "</ul>", "<figure>", "<figcaption>", "<img src=a.jpg>", "<br>", "<br><br>",
            "<h1>", "</h1>", "<h4>", "<pre>", "<blockquote>", "<iframe src=https://www.youtube.com/embed/x>", "<sup>", "<q lang=en>", "<hr>",
            "A sentence of the article, which is long enough to be kept by anyone who reads it. ", "Слова статьи, которых хватает на абзац. ", "x",
            "<noscript>", "<template shadowrootmode=open>", "<dl><dt>", "<select>", "<button>",
        ]), 0..120))
    {
        let limits = Limits::default();
        if let Ok(article) = article::find(&soup.concat(), &FindOptions::new("page", &limits)) {
            article.to_html();
            article.to_markdown();
            prop_assert_eq!(Article::from_json(&article.to_json(), "page").unwrap(), article);
        }
    }
}

#[test]
fn nesting_to_the_limit_needs_no_deep_stack() {
    for unit in [
        "<div>text ",
        "<blockquote>text ",
        "<ul><li>text ",
        "<b>text ",
        "<table><tr><td>text ",
        "<figure>text<img src=a.jpg>",
    ] {
        let html =
            format!("<p>{}</p>{}", "A sentence of some length, as articles have them. ".repeat(20), unit.repeat(3_000));
        let limits = Limits::default();
        // The error of a limit is as good an end as an article.
        let ended = std::thread::Builder::new()
            .stack_size(2 << 20)
            .spawn(move || article::find(&html, &FindOptions::new("page", &limits)).map(|a| a.to_html().len()))
            .unwrap()
            .join();
        assert!(ended.is_ok(), "{unit}");
    }
}

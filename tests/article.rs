//! What is found on the sample pages: text and metadata, as files. `CLEARPRINT_UPDATE=1` writes them anew.

use clearprint::article::{self, Article, Block, FindOptions};
use clearprint::{Error, Limits, source};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// What the article lacks of the texts written down, in their words: «Фото:» before a credit is set apart by the model,
/// and what is named here is honestly lost.
const LOST: [(&str, &str); 9] = [
    ("parom", "фото телефон переправы 8 000 555 01 17 вопросы о расписании присылайте на pereprava velga example"),
    ("longread", "фото графика фото"),
    ("moderncms", "photograph"),
    ("intervyu", "фото примечание"),
    ("obyavlenie", ""),
    ("parish", "photo"),
    ("protokol", ""),
    ("sorevnovaniya", ""),
    ("znamya", "фото"),
];

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

/// Words of the body, captions, credits and notes, in the order of the text.
fn words_of(text: &str) -> Vec<String> {
    // The number of a note stands at the end of a word.
    let parted = |c: char| !c.is_alphanumeric();
    let digit = |c: char| c.is_ascii_digit();
    text.split(parted)
        .flat_map(|word| <[&str; 2]>::from(word.split_at(word.find(digit).unwrap_or(word.len()))))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// How many words of `wanted` are not in `text`, in order: the rest of the longest common subsequence.
fn missing(wanted: &[String], text: &[String]) -> Vec<String> {
    let mut row = vec![vec![0_u16; text.len() + 1]; wanted.len() + 1];
    for (i, word) in wanted.iter().enumerate().rev() {
        for (j, other) in text.iter().enumerate().rev() {
            row[i][j] = if word == other { row[i + 1][j + 1] + 1 } else { row[i + 1][j].max(row[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut missing) = (0, 0, Vec::new());
    while i < wanted.len() {
        if j < text.len() && wanted[i] == text[j] {
            (i, j) = (i + 1, j + 1);
        } else if j < text.len() && row[i][j + 1] >= row[i + 1][j] {
            j += 1;
        } else {
            missing.push(wanted[i].clone());
            i += 1;
        }
    }
    missing
}

#[test]
fn what_people_wrote_down_of_the_samples_is_in_the_article() {
    for (stem, lost) in LOST {
        let truth = std::fs::read_to_string(format!("tests/data/samples/{stem}.txt")).unwrap();
        // Words that only name what follows in the written-down text.
        let truth: Vec<&str> =
            truth.lines().map(|line| line.trim_start_matches("caption:").trim_start_matches("lead:")).collect();
        let article = found(&Path::new("samples").join(format!("{stem}.html"))).unwrap();
        let missing = missing(&words_of(&truth.join("\n")), &words_of(&article.to_markdown())).join(" ");
        assert_eq!(missing, lost, "{stem}");
    }
}

#[test]
fn definitions_in_groups_are_the_same_as_without() {
    let page = read(Path::new("samples/longread.html"));
    let grouped =
        page.replace("<dt>", "</div><div><dt>").replacen("<dl>\n</div>", "<dl>\n", 1).replace("</dl>", "</div></dl>");
    let limits = Limits::default();
    let blocks = |page: &str| article::find(page, &FindOptions::new("page", &limits)).unwrap().blocks;
    let (plain, grouped) = (blocks(&page), blocks(&grouped));
    let definitions = |blocks: &[Block]| blocks.iter().find(|b| matches!(b, Block::Definitions { .. })).cloned();
    assert!(definitions(&plain).is_some());
    assert_eq!(definitions(&plain), definitions(&grouped));
}

#[test]
fn a_poem_of_short_lines_is_an_article_with_its_lines() {
    let article = found(Path::new("samples/edition/pages/stihi.html")).unwrap();
    let text = article.to_text();
    assert!(text.starts_with("Ещё вчера вода несла\nлиству, огни, обрывок речи.\n"), "{text}");
    assert!(text.ends_with("«Пойдём-ка, парень. Рано. Лёд».\n\nАлексей Тихонов, д. Заболотье"), "{text}");
}

#[test]
fn buttons_and_counters_after_the_text_are_no_pictures_of_the_article() {
    let pages = std::fs::read_dir("samples/edition/pages").unwrap().map(|entry| entry.unwrap().path());
    for path in pages {
        for source in found(&path).unwrap().picture_sources() {
            assert!(!source.contains("counter") && !source.ends_with(".gif"), "{}: {source}", path.display());
        }
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

/// The pages of the folder that CLEARPRINT_PAGES names, beside the samples.
fn pages_at_hand() -> Vec<PathBuf> {
    let mut pages = samples();
    let mut folders: Vec<PathBuf> = std::env::var_os("CLEARPRINT_PAGES").map(PathBuf::from).into_iter().collect();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "html") {
                pages.push(path);
            }
        }
    }
    pages
}

/// The pages in the folder that `CLEARPRINT_PAGES` names (`.html`): none makes the program panic, alone or beside others.
#[test]
fn pages_of_the_world_are_read_in_parallel_without_a_panic() {
    let Some(folder) = std::env::var_os("CLEARPRINT_PAGES").map(PathBuf::from) else { return };
    let all = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let all: Vec<PathBuf> = all.filter(|path| path.extension().is_some_and(|end| end == "html")).collect();
    assert!(!all.is_empty(), "there are no .html files in CLEARPRINT_PAGES");
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some(path) = all.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    let bytes = std::fs::read(path).expect("readable");
                    let name = path.display().to_string();
                    let page = source::Page::new(name, bytes);
                    match article::read(&page, None, None, None, &Limits::default()) {
                        Ok(mut article) => {
                            article.restore_typography();
                            let written = [article.to_html(), article.to_markdown(), article.to_text()];
                            assert!(written.iter().all(|text| !text.is_empty()), "{}", path.display());
                            let again: Article = serde_json::from_str(&article.to_json()).expect("JSON");
                            assert_eq!(again, article, "{}", path.display());
                        }
                        Err(Error::NoArticle { .. } | Error::Input { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            });
        }
    });
    println!("{} pages", all.len());
}

#[test]
fn pages_read_in_parallel_give_what_they_give_alone() {
    use rayon::prelude::*;
    let pages = pages_at_hand();
    let json = |path: &PathBuf| found(path).map(|article| article.to_json()).unwrap_or_default();
    let together: Vec<String> = pages.par_iter().map(json).collect();
    for (path, together) in pages.iter().zip(together) {
        assert_eq!(json(path), together, "{}", path.display());
    }
}

#[test]
fn markdown_of_every_page_says_every_word_of_the_text() {
    let words = |text: &str| words_of(&text.replace(['[', ']', '^'], " "));
    for path in samples() {
        let Ok(article) = found(&path) else { continue };
        // Addresses of embeds are link targets in Markdown.
        if article.blocks.iter().any(|block| matches!(block, Block::Embed { .. })) {
            continue;
        }
        let back = Article::from_markdown(&article.to_markdown(), "test").unwrap();
        let tables = |a: &Article| a.blocks.iter().filter(|block| matches!(block, Block::Table(_))).count();
        assert_eq!(tables(&back), tables(&article), "{}", path.display());
        let lost = missing(&words(&article.to_text()), &words(&back.to_text()));
        assert_eq!(lost, Vec::<String>::new(), "{}", path.display());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_end_well(
        pieces in proptest::collection::vec(
            prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..40),
                "<[a-z!/]{0,8}[ a-z=\"'&;#x0-9]{0,20}>?".prop_map(String::into_bytes),
                "[a-zа-я ,.]{20,120}".prop_map(String::into_bytes),
            ],
            0..24,
        )
    ) {
        let bytes = pieces.concat();
        let html = source::decode(&bytes, &source::Declared::default()).text;
        let limits = Limits::default();
        if let Ok(article) = article::find(&html, &FindOptions::new("page", &limits)) {
            article.to_html();
            Article::from_markdown(&article.to_markdown(), "page").unwrap();
            prop_assert_eq!(Article::from_json(&article.to_json(), "page").unwrap(), article);
        }
    }
}

/// `tools/train/record.json` is about these forests and no others.
#[test]
fn the_record_of_training_names_the_forests_that_are_built_in() {
    let read = |path: &str| std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path);
    let record: serde_json::Value = serde_json::from_slice(&read("tools/train/record.json")).expect("JSON");
    for name in ["first.trees", "second.trees"] {
        let digest = <sha2::Sha256 as sha2::Digest>::digest(read(&format!("src/article/judge/{name}")));
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(record["forests"][name], digest, "{name} is another; write its record with train.py");
    }
    let sets = record["sets"].as_object().expect("sets");
    assert!(sets.len() > 5 && sets.values().all(|set| set["pages"].as_u64() > Some(0)), "{sets:?}");
}

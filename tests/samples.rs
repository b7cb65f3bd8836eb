//! What comes out of the sample pages, held to what a person wrote down (`tests/data/samples`) and to golden files
//! (`tests/data/golden`). `UPDATE=1 cargo test --test samples` writes the golden files anew; look at the difference.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const ARTICLES: [&str; 6] = ["SAMPLE", "znamya", "obyavlenie", "longread", "moderncms", "parish"];

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(format!("{name}.html"))
}

fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(path)
}

/// Standard output of a run that must succeed without a word on standard error.
fn clearprint(args: &[&str]) -> Vec<u8> {
    let run = Command::new(env!("CARGO_BIN_EXE_clearprint")).args(args).output().expect("the program runs");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "clearprint {args:?} ended with {}: {said}", run.status);
    assert_eq!(said, "", "clearprint {args:?}");
    run.stdout
}

fn text(args: &[&str]) -> String {
    String::from_utf8(clearprint(args)).expect("UTF-8")
}

fn golden(name: &str, have: &str) {
    let path = data("golden").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder of golden files");
        std::fs::write(&path, have).expect("a golden file");
        return;
    }
    let want =
        std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}; write it with UPDATE=1", path.display()));
    if let Some((line, (w, h))) = want.lines().zip(have.lines()).enumerate().find(|(_, (w, h))| w != h) {
        panic!("{name} line {}:\n  golden: {w}\n  now:    {h}\nlook at it, then write it anew with UPDATE=1", line + 1);
    }
    assert_eq!(
        want.lines().count(),
        have.lines().count(),
        "{name}: lines; look at it, then write it anew with UPDATE=1"
    );
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

/// The text without the numbers that plain text gives to the items of a list.
fn unmarked(text: &str) -> String {
    let unmark = |line: &str| {
        let digits = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
        if digits.len() < line.trim_start().len() && digits.starts_with(". ") {
            digits[2..].to_owned()
        } else {
            line.to_owned()
        }
    };
    text.lines().map(unmark).collect::<Vec<_>>().join("\n")
}

/// The article as a person wrote it down: blocks in order, captions apart, since an export may leave those out.
fn written_down(name: &str) -> (Vec<String>, Vec<String>) {
    let file = std::fs::read_to_string(data("samples").join(format!("{name}.txt"))).expect("the text as written down");
    let (captions, body): (Vec<_>, Vec<_>) = file.lines().partition(|l| l.starts_with("caption: "));
    let body: Vec<_> = body.iter().map(|l| l.strip_prefix("lead: ").unwrap_or(l)).collect();
    let captions: Vec<_> = captions.iter().filter_map(|l| l.strip_prefix("caption: ")).collect();
    (words(&body.join("\n")), words(&captions.join("\n")))
}

#[test]
fn every_word_of_the_article_is_found_in_its_order_and_nothing_else() {
    let mut faults = Vec::new();
    for name in ARTICLES {
        let path = sample(name);
        let have = words(&unmarked(&text(&["article", path.to_str().expect("a path"), "--format", "text"])));
        let (body, captions) = written_down(name);
        let title: Vec<String> = words(&title(name));
        // The words of the body must be a subsequence; what is left over may only be captions and the headline.
        let mut rest = body.iter().peekable();
        let mut extra = Vec::new();
        for word in &have {
            if rest.peek() == Some(&word) {
                rest.next();
            } else {
                extra.push(word);
            }
        }
        if let Some(lost) = rest.next() {
            let at = body.len() - rest.len() - 1;
            faults.push(format!(
                "{name}: lost from word {at}, {lost:?}: {}",
                body[at..].iter().take(12).cloned().collect::<Vec<_>>().join(" ")
            ));
        }
        let foreign: Vec<_> =
            extra.into_iter().filter(|w| !captions.contains(w) && !title.contains(w)).take(12).collect();
        if !foreign.is_empty() {
            faults.push(format!("{name}: not of the article: {foreign:?}"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn title(name: &str) -> String {
    metadata(name)["title"].as_str().expect("a title").to_owned()
}

fn metadata(name: &str) -> Value {
    let path = sample(name);
    serde_json::from_slice(&clearprint(&["article", path.to_str().expect("a path"), "--format", "json"])).expect("JSON")
}

#[test]
fn metadata_of_each_sample() {
    // title, byline, the day, language, site, section
    type Row = (
        &'static str,
        &'static str,
        &'static [&'static str],
        &'static str,
        &'static str,
        Option<&'static str>,
        Option<&'static str>,
    );
    let rows: [Row; 6] = [
        (
            "SAMPLE",
            "После восьми лет перерыва через Велгу снова ходит паром",
            &["Марина Ольхова"],
            "2026-11-20",
            "ru",
            Some("Велгинская правда"),
            Some("Общество"),
        ),
        (
            "znamya",
            "Лён возвращается: на комбинате в Прядильном запустили новую линию",
            &["Елена Вербицкая"],
            "2026-11-18",
            "ru",
            None,
            None,
        ),
        ("obyavlenie", "Об ограничении движения по Каменскому мосту", &[], "2026-11-16", "ru", None, None),
        (
            "longread",
            "Человек, который сорок лет записывал снег",
            &["Илья Белозёров"],
            "2026-10-31",
            "ru",
            Some("Высота"),
            None,
        ),
        (
            "moderncms",
            "The night train returns to Harrow Mere, and the town stays up to meet it",
            &["Eleanor Thwaite", "Samir Quill"],
            "2026-11-14",
            "en",
            Some("The Fellside Courier"),
            Some("Travel"),
        ),
        (
            "parish",
            "Wexcombe hall gets its roof back",
            &["Joan Pettifer"],
            "2026-11-08",
            "en",
            Some("Wexcombe Parish News"),
            None,
        ),
    ];
    let mut faults = Vec::new();
    for (name, title, byline, day, lang, site, section) in rows {
        let have = metadata(name);
        let mut expect = |what: &str, holds: bool| {
            if !holds {
                faults.push(format!("{name}: {what} is {}", have[what]));
            }
        };
        expect("title", have["title"] == title);
        let names: Vec<_> = have["byline"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        // A surname in capitals is still that surname.
        expect("byline", names.iter().map(|n| n.to_lowercase()).eq(byline.iter().map(|n| n.to_lowercase())));
        expect("date", have["date"].as_str().is_some_and(|d| d.starts_with(day)));
        expect("lang", have["lang"].as_str().is_some_and(|l| l.split('-').next() == Some(lang)));
        expect("site", site.is_none() || have["site"].as_str() == site);
        expect("section", section.is_none() || have["section"].as_str() == section);
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_front_page_holds_no_article() {
    let path = sample("glavnaya");
    for command in ["article", "pdf", "preview"] {
        let run =
            Command::new(env!("CARGO_BIN_EXE_clearprint")).arg(command).arg(&path).output().expect("the program runs");
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(5), "{command}: {said}");
        assert!(run.stdout.is_empty(), "{command} wrote something all the same");
        assert!(said.contains("glavnaya.html"), "{command}: {said}");
    }
}

#[test]
fn golden_text_and_markdown_of_each_sample() {
    for name in ARTICLES {
        let path = sample(name);
        for (format, ending) in [("text", "txt"), ("markdown", "md")] {
            golden(
                &format!("{name}.{ending}"),
                &text(&["article", path.to_str().expect("a path"), "--format", format]),
            );
        }
    }
}

#[test]
fn snapshot_of_each_rewritten_sample() {
    for name in ARTICLES.into_iter().chain(["glavnaya"]) {
        let path = sample(name);
        let page = text(&["rewrite", path.to_str().expect("a path"), "--no-panel"]);
        // The sheet has tests of its own, and would hide in every snapshot what happened to the page.
        let (before, rest) = page.split_once("<style>").unwrap_or_else(|| panic!("{name}: no style sheet"));
        let (_, after) = rest.split_once("</style>").unwrap_or_else(|| panic!("{name}: the style sheet has no end"));
        golden(&format!("{name}.html"), &format!("{before}<style></style>{after}"));
    }
}

#[test]
fn golden_tag_tree_of_each_printed_sample() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ARTICLES {
        let path = sample(name);
        let pdf = folder.path().join(format!("{name}.pdf"));
        clearprint(&["pdf", path.to_str().expect("a path"), "-q", "-o", pdf.to_str().expect("a path")]);
        golden(&format!("{name}.tags"), &text(&["check", pdf.to_str().expect("a path"), "--tags"]));
    }
}

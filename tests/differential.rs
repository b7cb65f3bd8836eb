//! Removal is safe on broken HTML: what the stream keeps is what a tree keeps (see [`crate::fuzzing::comparison`]).
//!
//! Two sets of inputs are not of this project and are read where the environment names them: `CLEARPRINT_HTML5LIB`, a
//! folder of html5lib's tree-construction tests, and `CLEARPRINT_PAGES`, a folder of pages (`.html`, `.html.gz`). The pages
//! are compared once more under the filter list that `CLEARPRINT_FILTERS` names.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use clearprint::clean::{Filters, Site, SiteProfile};

use crate::fuzzing::comparison::{Account, of_the_frame, parse, rewrite, words};

/// The folder that a variable names.
fn folder(variable: &str) -> Option<PathBuf> {
    let folder = env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: {variable} names no folder");
    }
    folder
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn broken_pages_keep_what_a_rule_does_not_take() {
    let text = include_str!("data/broken.txt");
    let mut cases = 0;
    let mut wrong = Vec::new();
    for block in text.split("\n\n").filter(|block| !block.starts_with('#')) {
        let (class, html) = block.split_once('\n').expect("a class and a page");
        let html = html.replace("\\0", "\0");
        let page = words(&parse(&rewrite(&html, None).expect("within limits").0).expect("ours"), of_the_frame);
        let marked = |text: &str| {
            let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
            let marked = |part: &&str| part.len() == 2 && part.ends_with(|c: char| c.is_ascii_digit());
            parts.filter(marked).map(str::to_owned).collect::<Vec<_>>()
        };
        let named = marked(&html);
        assert!(!named.is_empty(), "{class} asks nothing");
        // Words may stand against each other on the page.
        let present: String = page.keys().map(|word| format!("{word} ")).collect();
        for word in named {
            let kept = present.contains(&word);
            if word.starts_with('w') && !kept || word.starts_with('x') && kept {
                wrong.push(format!("{class}: {word} is {}", if kept { "left" } else { "lost" }));
            }
        }
        cases += 1;
    }
    assert!(cases > 40, "{cases} cases");
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn no_word_of_html5libs_inputs_is_lost() {
    let Some(folder) = folder("CLEARPRINT_HTML5LIB") else { return };
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    let mut account = Account::default();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "dat")) {
        let text = String::from_utf8_lossy(&fs::read(path).expect("a file")).into_owned();
        for (n, test) in text.split("#data\n").skip(1).enumerate() {
            // A fragment is parsed in a context that no page has.
            if test.contains("\n#document-fragment\n") {
                continue;
            }
            let html = test.split("\n#errors").next().unwrap_or_default();
            account.compare(&format!("{} {n}", path.file_name().unwrap_or_default().to_string_lossy()), html, None);
        }
    }
    account.report("html5lib");
}

fn compare_pages(folder: &Path, site: Option<&Arc<Site>>, of: &str) {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    let mut account = Account::default();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut bytes = fs::read(&path).expect("a file");
        if name.ends_with(".html.gz") {
            let packed = std::mem::take(&mut bytes);
            flate2::read::MultiGzDecoder::new(&*packed).read_to_end(&mut bytes).expect("gzip");
        } else if !name.ends_with(".html") {
            continue;
        }
        account.compare(&name, &String::from_utf8_lossy(&bytes), site);
    }
    account.report(of);
}

#[test]
fn no_word_of_real_pages_is_lost() {
    let Some(folder) = folder("CLEARPRINT_PAGES") else { return };
    compare_pages(&folder, None, "pages");
}

#[test]
fn no_word_of_real_pages_is_lost_under_a_filter_list() {
    let (Some(folder), Some(list)) = (folder("CLEARPRINT_PAGES"), folder("CLEARPRINT_FILTERS")) else { return };
    let list = fs::read_to_string(list).expect("a filter list");
    let site = Site::new("", SiteProfile::default(), Filters::new([list.as_str()])).expect("no profile");
    compare_pages(&folder, Some(&Arc::new(site)), "pages under a filter list");
}

//! html5lib's suites: where they are, and how many of their cases passed.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use libtest_mimic::{Failed, Trial};

use crate::exceptions::{Exceptions, Outcome};
use crate::{absent, files, has_extension, named, removal, tokenizer, trees};

/// What the suites came to: name, cases that passed, exceptions.
static TALLY: Mutex<Vec<(&str, usize, usize)>> = Mutex::new(Vec::new());

fn count(suite: &'static str, passed: usize, excepted: usize) {
    let mut tally = TALLY.lock().expect("no panic holds it");
    match tally.iter_mut().find(|(name, ..)| *name == suite) {
        Some((_, p, e)) => (*p, *e) = (*p + passed, *e + excepted),
        None => tally.push((suite, passed, excepted)),
    }
}

pub(crate) fn report() {
    for (suite, passed, excepted) in &*TALLY.lock().expect("no panic holds it") {
        println!("html5lib {suite}: {passed} cases passed, {excepted} are named exceptions");
    }
}

fn folder() -> Option<PathBuf> {
    let fetched = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/html5lib-tests");
    named("CLEARPRINT_HTML5LIB").or_else(|| Some(fetched()).filter(|folder| folder.join("tokenizer").is_dir()))
}

/// A file by its name in the suite; what stands in `scripted/` says so.
fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_scripted = path.parent().is_some_and(|folder| folder.ends_with("scripted"));
    if is_scripted { format!("scripted_{name}") } else { name }
}

/// One test a file and suite.
pub(crate) fn trials() -> Vec<Trial> {
    const SUITES: [&str; 3] = ["tokenizer", "trees", "removal"];
    let Some(folder) = folder() else {
        return SUITES.map(|suite| absent(&format!("html5lib {suite}"))).into();
    };
    let trees = Some(folder.join("tree-construction")).filter(|trees| trees.is_dir()).unwrap_or(folder.clone());
    let [tests, pages] = [(folder.join("tokenizer"), "test"), (trees, "dat")].map(|(folder, extension)| {
        let mut files = files(&folder);
        files.retain(|path| has_extension(path, extension));
        assert!(!files.is_empty(), "{} has no .{extension} file", folder.display());
        files
    });
    let judged = |suite: &'static str, path: &PathBuf, cases: fn(&Path) -> Vec<Outcome>| {
        let (path, file) = (path.clone(), name(path));
        Trial::test(format!("html5lib {suite} {file}"), move || {
            let (passed, excepted) = Exceptions::of(suite, &file).judge(cases(&path)).map_err(Failed::from)?;
            count(suite, passed, excepted);
            Ok(())
        })
    };
    let mut trials = Vec::new();
    for path in &tests {
        if tokenizer::is_of_xml(path) {
            trials.push(absent(&format!("html5lib tokenizer {}: no tree of ours is handed to XML", name(path))));
        } else {
            trials.push(judged("tokenizer", path, tokenizer::cases));
        }
    }
    trials.extend(pages.iter().map(|path| judged("trees", path, trees::cases)));
    trials.extend(pages.iter().map(|path| judged("removal", path, removal::cases)));
    trials
}

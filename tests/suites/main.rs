//! Suites and pages that are not of this project, so that a clone lacks them: each test is shown as ignored where its
//! inputs are not there.
//!
//! - html5lib's tests, as `tools/html5lib-tests` fetches them into `tests/tools/html5lib-tests`, or where
//!   `CLEARPRINT_HTML5LIB` names a folder of them. What differs on purpose stands in `exceptions.toml`.
//! - Pages (`.html`, `.html.gz`) in the folder that `CLEARPRINT_PAGES` names, once more under the filter list that
//!   `CLEARPRINT_FILTERS` names: no word is lost that a tree keeps.

#[path = "../comparison/mod.rs"]
mod comparison;
mod exceptions;
mod html5lib;
mod removal;
mod tokenizer;
mod trees;

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// The path that a variable names.
fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// All files below, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension() == Some(OsStr::new(extension))
}

/// A test whose inputs are not there.
fn absent(name: &str) -> Trial {
    Trial::test(name, || Ok(())).with_ignored_flag(true)
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = html5lib::trials();
    trials.extend(removal::of_pages());
    let conclusion = libtest_mimic::run(&arguments, trials);
    html5lib::report();
    conclusion.exit_code()
}

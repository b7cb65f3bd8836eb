//! The fuzz targets of `fuzz/` on what is at hand: they stay compiling, and hold for samples and for what they once
//! found.

use std::fs;
use std::path::Path;

use crate::fuzzing;

/// The samples with this ending, and beginnings of each.
fn samples(ending: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let paths = fs::read_dir(folder).expect("samples").map(|entry| entry.expect("an entry").path());
    let files: Vec<_> = paths.filter(|path| path.extension().is_some_and(|e| e == ending)).collect();
    assert!(!files.is_empty(), "no sample ends with {ending}");
    files.iter().map(|path| fs::read(path).expect("a sample")).collect()
}

#[test]
fn pages_hold_what_is_promised_of_any_bytes() {
    for page in samples("html") {
        fuzzing::stream(&page);
        fuzzing::article(&page);
        fuzzing::print(&page);
        let half = &page[..page.len() / 2];
        fuzzing::stream(half);
        fuzzing::article(half);
        let list = b"##.share\nexample.com##.ad:not(.x)\n||ads.example^$image\n##bad[[\n\n";
        fuzzing::filters(&[list, half].concat());
    }
}

#[test]
fn articles_and_settings_hold_what_is_promised_of_any_bytes() {
    for text in [
        "# Мост\n\nОткрыли *мост*.\n\n| a | b |\n| - | - |\n| 1 | 2 |\n",
        "{\"title\":\"Мост\",\"blocks\":[{\"type\":\"paragraph\",\"content\":[]}]}",
        "",
    ] {
        fuzzing::print(text.as_bytes());
    }
    for text in
        ["~1.white-on-black.size150", "~1.", "#000000,#ffffff,#000080", "host = 'a.example'\nremove = ['.ad']\n"]
    {
        fuzzing::settings(text.as_bytes());
    }
}

#[test]
fn raw_text_after_a_frameset_that_counts_for_nothing_is_kept() {
    fuzzing::stream(b"<!doctype<noembed> html><frameset></frameset></html><plaintext></plaintext>");
}

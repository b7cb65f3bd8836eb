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
fn files_that_are_not_ours_hold_what_is_promised_of_any_bytes() {
    let page = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R>>endobj 4 0 obj<</Length 9>>stream\n(a)Tj q Q\nendstream endobj\n\
        xref\n0 1\n0000000000 65535 f \ntrailer<</Size 5/Root 1 0 R>>\nstartxref\n210\n%%EOF";
    for cut in 0..page.len() {
        fuzzing::checked(&page.as_bytes()[..cut]);
    }
    fuzzing::checked(page.as_bytes());
    for drawing in [
        "<rect width='9' height='9'/>",
        "<g><text x='9' y='9'>42</text></g>",
        "<filter id='a'><feTurbulence baseFrequency='1' numOctaves='9'/></filter><rect filter='url(#a)' width='9' height='9'/>",
        "<use href='#a'/><g id='a'><use href='#a'/></g>",
        "<rect width='",
        "",
    ] {
        fuzzing::drawing(drawing.as_bytes());
    }
}

#[test]
fn raw_text_after_a_frameset_that_counts_for_nothing_is_kept() {
    fuzzing::stream(b"<!doctype<noembed> html><frameset></frameset></html><plaintext></plaintext>");
}

/// A target by its name, and what has to hold for its bytes.
type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 8] = [
    ("article", fuzzing::article),
    ("check", fuzzing::checked),
    ("drawing", fuzzing::drawing),
    ("filters", fuzzing::filters),
    ("pdf", fuzzing::print),
    ("settings", fuzzing::settings),
    ("stream", fuzzing::stream),
    ("tokens", fuzzing::tokens),
];

/// The files of a folder in `fuzz/`, in order.
fn files(folder: &str) -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

#[test]
fn what_each_fuzz_target_keeps_holds() {
    let names = |paths: Vec<std::path::PathBuf>| -> Vec<String> {
        paths.iter().filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect()
    };
    let known = TARGETS.map(|(name, _)| name.to_owned());
    assert_eq!(names(files("fuzz_targets")), known, "a target of fuzz/ that nothing replays");
    assert_eq!(names(files("kept")), known, "a target without a corpus in fuzz/kept");
    for (name, holds) in TARGETS {
        let kept = files(&format!("kept/{name}"));
        assert!(!kept.is_empty(), "fuzz/kept/{name} is empty");
        for path in kept {
            // The panic says what is wrong; this, of which input.
            println!("{}", path.display());
            holds(&fs::read(&path).expect("an input"));
        }
    }
}

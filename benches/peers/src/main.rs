//! Finds the article of the same pages with clearprint and with dom_smoothie, in one run, by turns.
//!
//! `cargo run --release -- PAGES…` prints megabytes a second of each, parsing included, and their ratio. PAGES are
//! HTML files in UTF-8 or directories of them. What counts is the ratio: seconds depend on the machine.

use clearprint::{Limits, article};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;

fn main() {
    let pages = pages();
    let bytes: usize = pages.iter().map(String::len).sum();
    let limits = Limits::default();
    let (mut ours, mut theirs) = (vec![Duration::MAX; pages.len()], vec![Duration::MAX; pages.len()]);
    for _ in 0..ROUNDS {
        for (n, html) in pages.iter().enumerate() {
            let start = Instant::now();
            let found = article::find(html, &article::FindOptions::new("page", &limits));
            let text = found.map(|a| a.to_text()).unwrap_or_default();
            ours[n] = ours[n].min(start.elapsed());
            std::hint::black_box(text);
            let start = Instant::now();
            let text = dom_smoothie::Readability::new(html.as_str(), None, None)
                .and_then(|mut r| r.parse())
                .map(|a| a.text_content.to_string())
                .unwrap_or_default();
            theirs[n] = theirs[n].min(start.elapsed());
            std::hint::black_box(text);
        }
    }
    let speed = |times: &[Duration]| bytes as f64 / 1e6 / times.iter().sum::<Duration>().as_secs_f64();
    println!("{} pages, {:.1} MB, the best of {ROUNDS} rounds a page", pages.len(), bytes as f64 / 1e6);
    println!("clearprint   {:6.1} MB/s", speed(&ours));
    println!("dom_smoothie {:6.1} MB/s", speed(&theirs));
    println!("ratio        {:6.2}", speed(&ours) / speed(&theirs));
}

fn pages() -> Vec<String> {
    let mut files: Vec<PathBuf> = Vec::new();
    for argument in std::env::args_os().skip(1).map(PathBuf::from) {
        match std::fs::read_dir(&argument) {
            Ok(entries) => {
                files
                    .extend(entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "html")));
            }
            Err(_) => files.push(argument),
        }
    }
    files.sort();
    files.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

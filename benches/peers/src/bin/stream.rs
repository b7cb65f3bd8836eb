//! Rewrites the same pages with clearprint and with what else streams or cleans, in one run, by turns.
//!
//! `cargo run --release --bin stream -- [--filters LIST] [--only NAME] PAGES…` prints megabytes a second of each and ratios to
//! clearprint. PAGES are HTML files in UTF-8 or directories of them. What counts are the ratios: seconds depend on the
//! machine.
//!
//! - `lol_html`: a bare pass with one `[class],[id]` handler that looks at both attributes: what tokenizing alone costs;
//! - `ammonia`: sanitising on a tree;
//! - `with filters`: clearprint with the list loaded; loading is timed apart.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clearprint::clean::{Filters, Rules, Site, SiteProfile};
use clearprint::rewrite::{Options, Rewriter};
use lol_html::{HtmlRewriter, Settings, element};

const ROUNDS: usize = 7;

fn main() {
    let mut arguments = std::env::args_os().skip(1);
    let mut files: Vec<PathBuf> = Vec::new();
    let mut lists = Vec::new();
    let mut only = None;
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--filters") => lists.push(std::fs::read_to_string(arguments.next().expect("a file")).expect("a list")),
            Some("--only") => only = arguments.next().and_then(|name| name.into_string().ok()),
            _ => collect(argument.into(), &mut files),
        }
    }
    files.sort();
    let pages: Vec<String> = files.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    let bytes: usize = pages.iter().map(String::len).sum();
    let mut options = Options::default();
    options.base_url = url::Url::parse("https://www.example.ru/news/1.html").ok();
    let start = Instant::now();
    let filters = Filters::new(lists.iter().map(String::as_str));
    if !lists.is_empty() {
        println!("filters loaded in {:.0} ms: {}", start.elapsed().as_secs_f64() * 1e3, filters.lines);
    }
    let site = Site::new("", SiteProfile::default(), filters).expect("no profile");
    let filtered = Options { site: Some(Arc::new(site)), ..options.clone() };

    type Pass<'a> = (&'static str, Box<dyn Fn(&str) + 'a>);
    let mut passes: Vec<Pass<'_>> = vec![
        ("clearprint", Box::new(|page| rewrite(page, &options))),
        ("lol_html", Box::new(bare)),
        ("ammonia", Box::new(|page| drop(std::hint::black_box(ammonia::clean(page))))),
    ];
    if !lists.is_empty() {
        passes.push(("with filters", Box::new(|page| rewrite(page, &filtered))));
    }
    passes.retain(|(name, _)| only.as_ref().is_none_or(|only| only == name));
    assert!(!passes.is_empty(), "--only names none of the passes");
    let mut best = vec![vec![Duration::MAX; pages.len()]; passes.len()];
    for _ in 0..ROUNDS {
        for (n, page) in pages.iter().enumerate() {
            for ((_, pass), best) in passes.iter().zip(&mut best) {
                let start = Instant::now();
                pass(page);
                best[n] = best[n].min(start.elapsed());
            }
        }
    }
    println!("{} pages, {:.1} MB, the best of {ROUNDS} rounds a page", pages.len(), bytes as f64 / 1e6);
    let seconds: Vec<f64> = best.iter().map(|best| best.iter().sum::<Duration>().as_secs_f64()).collect();
    for ((name, _), time) in passes.iter().zip(&seconds) {
        println!("{name:12} {:7.1} MB/s  clearprint is {:.2} of it", bytes as f64 / 1e6 / time, time / seconds[0]);
    }
}

fn rewrite(page: &str, options: &Options) {
    let mut written = 0;
    let mut rewriter = Rewriter::new(Rules::built_in(), options, |bytes: &[u8]| written += bytes.len());
    // As it comes from a socket.
    let mut rest = page;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(16 << 10));
        rewriter.write(piece).expect("within limits");
        rest = after;
    }
    let receipt = rewriter.end().expect("within limits");
    std::hint::black_box((written, receipt));
}

fn bare(page: &str) {
    let mut seen = 0;
    let mut written = 0;
    {
        let handler = element!("[class],[id]", |el| {
            seen += el.get_attribute("class").map_or(0, |class| class.len());
            seen += el.get_attribute("id").map_or(0, |id| id.len());
            Ok(())
        });
        let settings = Settings::new().append_element_content_handler(handler);
        let mut rewriter = HtmlRewriter::new(settings, |bytes: &[u8]| written += bytes.len());
        for piece in page.as_bytes().chunks(16 << 10) {
            rewriter.write(piece).expect("within limits");
        }
        rewriter.end().expect("within limits");
    }
    std::hint::black_box((seen, written));
}

fn collect(path: PathBuf, files: &mut Vec<PathBuf>) {
    match std::fs::read_dir(&path) {
        Ok(entries) => {
            files.extend(entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "html")));
        }
        Err(_) => files.push(path),
    }
}

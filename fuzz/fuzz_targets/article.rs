//! Whatever the bytes, finding and writing the article ends: with an article that reads back the same, or an error.

#![no_main]

use clearprint::article::{self, Article, FindOptions};
use clearprint::{Limits, source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let html = source::decode(bytes, &source::Declared::default()).text;
    let limits = Limits::default();
    let Ok(mut article) = article::find(&html, &FindOptions::new("page", &limits)) else { return };
    article.to_html();
    article.to_text();
    let markdown = article.to_markdown();
    Article::from_markdown(&markdown, "page").expect("our own Markdown");
    assert_eq!(Article::from_json(&article.to_json(), "page").expect("our own JSON"), article);
    article.restore_typography();
});

//! The stream's tokenizer reads generated and broken HTML as html5gum does, token by token, in pieces of every size.

use proptest::prelude::*;

use crate::fuzzing::oracle;

/// What a page is made of, and what it breaks at.
const PARTS: &[&str] = &[
    "<p>",
    "</p>",
    "<br/>",
    "<A HREF='?a=1&copy=2&copy;' href=b>",
    "<a =\"b c='d\"e/f>",
    "<p é=\u{fffd} = / \"x",
    "<p a=b",
    "<",
    "<3",
    "</",
    "</3>",
    "</>",
    "<>",
    ">",
    "/",
    "=",
    "\"",
    "'",
    "!",
    "-",
    "--",
    "?",
    "&",
    "&amp",
    "&notit;",
    "&notin;",
    "&acE;",
    "&#",
    "&#x",
    "&#65",
    "&#x41;",
    "&#0;",
    "&#128;",
    "&#xD800;",
    "&#x110000;",
    "&#000000000000000000000000000000065;",
    "&CounterClockwiseContourIntegral",
    "&unknown;",
    "<!--",
    "-->",
    "--!>",
    "<!-->",
    "<!--->",
    "<!--<!--",
    "<!",
    "<!-",
    "<!d",
    "<!doctype",
    "<!DOCTYPE html>",
    "<!doctype html public",
    "'a'",
    "\"b\"",
    " system ",
    "<?xml a?>",
    "<![CDATA[",
    "]]>",
    "]",
    "<svg>",
    "<svg/>",
    "</svg>",
    "<math><mi>",
    "</mi>",
    "<desc>",
    "</desc>",
    "<script>",
    "</script>",
    "</script ",
    "</scr",
    "<script",
    "</SCRIPT/>",
    "<style>",
    "</style>",
    "<title>",
    "</title>",
    "</title x='",
    "<textarea>\n",
    "</textarea>",
    "<xmp>",
    "</xmp>",
    "<noscript>",
    "</noscript>",
    "<iframe>",
    "</iframe >",
    "<plaintext>",
    "\0",
    "\n",
    "\x0c",
    " ",
    "é漢",
    "Ж",
    "😀",
    "<table><tr><td>",
    "text and more text",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn pages_of_known_parts_are_the_same_tokens(
        parts in prop::collection::vec((prop::sample::select(PARTS), "[ a-c<>&;='\"/!-]{0,3}"), 0..24),
        size in 4_usize..60,
    ) {
        let html: String = parts.into_iter().map(|(part, between)| part.to_owned() + &between).collect();
        oracle::compare(&html, [1, 2, 3, size, html.len()]);
    }

    #[test]
    fn pages_of_signs_are_the_same_tokens(html in "[<>/!?&#;=\"' \n\\[\\]a-cxst0-9-]{0,60}", size in 2_usize..30) {
        oracle::compare(&html, [1, size, html.len()]);
    }

    #[test]
    fn document_types_are_the_same_tokens(
        rest in "( |\n|html|public|system|PUBLIC|\"|'|a|/|x\0|-){0,12}>?",
        size in 2_usize..30,
    ) {
        oracle::compare(&format!("<!doctype{rest}"), [1, size, usize::MAX]);
    }

    #[test]
    fn scripts_with_comments_are_the_same_tokens(
        parts in prop::collection::vec(prop::sample::select(&[
            "<!--", "-->", "--", "-", "<script>", "<script ", "<script", "<scripts>", "</script>", "</script ", "</script", "<", "/",
            ">", "a", "\0", "'", "=",
        ][..]), 0..20),
        size in 2_usize..30,
    ) {
        oracle::compare(&format!("<script>{}", parts.concat()), [1, size, usize::MAX]);
    }
}

#[test]
fn pages_of_our_own_are_the_same_tokens() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let paths = std::fs::read_dir(folder).expect("samples").map(|entry| entry.expect("an entry").path());
    let pages: Vec<_> = paths.filter(|path| path.extension().is_some_and(|e| e == "html")).collect();
    assert!(!pages.is_empty(), "there are samples");
    for page in pages {
        let html = oracle::preprocessed(&String::from_utf8_lossy(&std::fs::read(page).expect("a page")));
        oracle::compare(&html, [1, 1000, html.len()]);
    }
}

//! Removal is safe on broken HTML: what the stream keeps is what a tree keeps (see [`crate::fuzzing::comparison`]). The
//! same is asked of html5lib's inputs and of real pages in `suites`.

use crate::fuzzing::comparison::{of_the_frame, parse, rewrite, words};

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

//! Kinds of pages and of markup that lose words, or take wrong ones, unless each is known: small pages that say what has to
//! come through and what must not. All people and places are invented.

use clearprint::article::{self, Article, FindOptions};
use clearprint::{Limits, rewrite};

const BEFORE: &str = "<p>Паром через Велгу встал в понедельник утром, и до вечера люди ждали на пристани, пока мастер менял вал.</p>";
const AFTER: &str = "<p>К ночи паром пошёл снова, и первый рейс был бесплатным для всех, кто ждал его с утра.</p>";

/// A page whose article holds `body` between two paragraphs.
fn page(body: &str) -> String {
    let head = "<!doctype html><html lang=ru><meta charset=utf-8><title>Паром встал</title>";
    format!("{head}<body><article><h1>Паром встал</h1>{BEFORE}{body}{AFTER}</article>")
}

fn find(html: &str) -> Article {
    let limits = Limits::default();
    article::find(html, &FindOptions::new("page", &limits)).unwrap_or_else(|error| panic!("{error}: {html}"))
}

/// Text without tags, white space collapsed.
fn plain(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&nbsp;", " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the article says in each form.
fn forms(article: &Article) -> [(&'static str, String); 5] {
    let json = Article::from_json(&article.to_json(), "page").unwrap();
    let markdown = Article::from_markdown(&article.to_markdown(), "page").unwrap();
    [
        ("HTML", plain(&article.to_html())),
        ("text", plain(&article.to_text())),
        ("JSON", plain(&json.to_html())),
        ("Markdown", plain(&markdown.to_html())),
        ("article mode", plain(&rewrite::article_page(article, &rewrite::Options::default()))),
    ]
}

#[test]
fn white_space_between_inline_elements_parts_words_in_every_form() {
    let between = [
        " ",
        "\n",
        "\t\n ",
        "&nbsp;",
        "&#8239;",
        "&emsp;",
        "<!-- a comment --> ",
        " <!-- a comment -->",
        "<!-- one --> <!-- two -->",
        "<br>",
        " <wbr>",
        "<wbr> ",
        " <img src=sign.png alt='' width=12 height=12> ",
        "<span> </span>",
        "<b> </b>",
        " <script>var a = 'b'</script>",
        " <span class=tooltip-text>слово</span>",
        "<button>Ещё</button> ",
        " <i></i>",
    ];
    let pairs = [("a href=/a", "b"), ("b", "i"), ("span", "a href=/b"), ("em", "strong"), ("a href=/a", "a href=/b")];
    for (first, second) in pairs {
        for between in between {
            let end = |tag: &str| tag.split(' ').next().unwrap_or_default().to_owned();
            let names = format!("<{first}>Глеб</{}>{between}<{second}>Оршанский</{}>", end(first), end(second));
            let html = page(&format!("<p>На пристани встретились {names} и остальные жители посёлка.</p>"));
            for (form, text) in forms(&find(&html)) {
                assert!(text.contains("встретились Глеб Оршанский и остальные"), "{form} of {names}: {text}");
            }
        }
    }
}

#[test]
fn elements_that_touch_stay_one_word() {
    for word in ["<b>П</b>аром", "Пар<i>ом</i>", "Па<wbr>ром", "Пар<!-- a -->ом", "Па<span></span>ром"] {
        let html = page(&format!("<p>На пристани стоял {word} и ждал, пока мастер поменяет вал.</p>"));
        for (form, text) in forms(&find(&html)) {
            assert!(text.contains("стоял Паром и ждал"), "{form} of {word}: {text}");
        }
    }
}

#[test]
fn marks_without_words_are_no_article_and_no_part_of_one() {
    for empty in ["<ul><li>•<li>—<li>•</ul>", "<p>* * *</p>", "<table><tr><td>•<td>—<tr><td>•<td>•</table>", "<ol><li><li>…</ol>"] {
        let article = find(&page(empty));
        assert_eq!(article.blocks.len(), 2, "{empty}: {:?}", article.blocks);
    }
}

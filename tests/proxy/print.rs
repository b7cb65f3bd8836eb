//! Articles of the site as PDFs.

use super::site::Site;
use super::{get, proxy, with};
use crate::http::{Answer, ask};

#[test]
fn an_article_is_printed_under_a_name_of_its_own() {
    let site = Site::start();
    let at = proxy(&site);
    let answer = get(at, "/print/news/1?id=5&style=rnib-large");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/pdf")), "{}", answer.head);
    assert!(answer.body.starts_with(b"%PDF-"));
    let name = answer.header("content-disposition").expect("a name");
    let encoded: String =
        "Мост-открыли".bytes().map(|b| if b == b'-' { "%2D".into() } else { format!("%{b:02X}") }).collect();
    assert!(name.contains(&format!("filename*=UTF-8''{encoded}")), "{name}");
    assert_eq!(answer.header("x-robots-tag"), Some("noindex"));
    let requests = site.requests.lock().expect("no panic");
    assert!(requests.iter().any(|r| r.starts_with("GET /news/1?id=5 HTTP/1.1")), "{requests:?}");
    // The picture came by our own way to the site, though its address is the public one.
    assert!(requests.iter().any(|r| r.starts_with("GET /pics/bridge.jpg ")), "{requests:?}");
    drop(requests);
}

#[test]
fn a_print_setting_that_cannot_be_is_told_on_a_page_with_a_way_on() {
    let at = proxy(&Site::start());
    for (query, why) in [
        ("style=nonesuch", "there is no print style \"nonesuch\"; use one of standard"),
        ("columns=9&id=5", "columns 9 cannot be set"),
        ("paper=x", "paper"),
    ] {
        let answer = get(at, &format!("/print/news/1?{query}"));
        let page = answer.text();
        assert_eq!((answer.status, answer.header("content-type")), (400, Some("text/html; charset=utf-8")), "{page}");
        for part in ["Так напечатать нельзя", &why.replace('"', "&quot;"), "href=\"/print/news/1"] {
            assert!(page.contains(part) || page.contains(&part.replace("&quot;", "\"")), "{part} is not in {page}");
        }
        assert!(!page.contains("--columns"), "a flag is nothing that a reader has: {page}");
    }
}

fn printed(answer: &Answer) -> String {
    clearprint::check::inventory(&answer.body, &clearprint::Limits::default())
        .unwrap_or_else(|e| panic!("{e}: {}", answer.head))
        .text
}

#[test]
fn an_article_on_several_pages_is_printed_whole() {
    let site = Site::start();
    let mut config = site.config();
    config.credentials.cookie = true;
    let answer = ask(with(config), "GET", "/print/report?columns=2", "Cookie: session=1\r\n", b"");
    let text = printed(&answer);
    assert!(["crew 1", "crew 2", "crew 3"].iter().all(|crew| text.contains(crew)), "{text}");
    assert_eq!(text.matches("Part 1 of the report tells").count(), 1, "{text}");
    let requests = site.requests.lock().expect("no panic");
    let asked: Vec<&str> = requests.iter().filter_map(|head| head.split(' ').nth(1)).collect();
    // Each of them by our own way to the site, once, and as the first one was asked for.
    assert_eq!(asked, ["/report", "/report/2", "/report/second", "/report/3?all=1"]);
    for head in requests.iter() {
        let head = head.to_ascii_lowercase();
        assert!(head.contains("host: www.example.ru") && head.contains("cookie: session=1"), "{head}");
    }
}

#[test]
fn what_may_not_be_kept_of_a_further_page_may_not_be_kept_of_the_whole() {
    let at = proxy(&Site::start());
    let whole = get(at, "/print/report");
    assert_eq!(whole.header("cache-control"), Some("private, no-store"), "{}", whole.head);
    assert_eq!(whole.header("last-modified"), None, "the date is the first page's");
    assert_eq!(get(at, "/print/report/led-away").header("cache-control"), None);
}

#[test]
fn no_further_page_is_taken_from_elsewhere() {
    let site = Site::start();
    let at = proxy(&site);
    for path in ["/print/report/abroad", "/print/report/led-away"] {
        let answer = get(at, path);
        let text = printed(&answer);
        assert!(text.contains("crew 1") && !text.contains("crew 2"), "{path}: {text}");
    }
    assert_eq!(site.requests.lock().expect("no panic").len(), 3, "the two pages, and the one that leads away");
}

#[test]
fn an_article_whose_end_cannot_be_had_is_not_printed_as_if_it_were_whole() {
    let answer = get(proxy(&Site::start()), "/print/report/half");
    assert_eq!((answer.status, answer.header("content-type")), (502, Some("text/html; charset=utf-8")));
    assert!(answer.text().contains("href=\"https://www.example.ru/report/half\""), "{}", answer.text());
}

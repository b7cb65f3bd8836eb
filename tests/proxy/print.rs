//! Articles of the site as PDFs.

use crate::site::Site;
use crate::{get, proxy};

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

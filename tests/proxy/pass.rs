//! Ordinary pages that pass through, with links to their other versions.

use clearprint::internals::server::SiteConfig;

use super::site::{PAGE, Site};
use super::{get, with};
use crate::http::ask;

#[test]
fn ordinary_pages_pass_with_links_to_their_other_versions() {
    let site = Site::start();
    let at = with(SiteConfig { pass: true, ..site.config() });
    let answer = ask(at, "GET", "/news/1?a=1&b=2", "Cookie: session=1\r\n", b"");
    let page = answer.text();
    let links = "<p class=\"clearprint-versions\"><a href=\"/lv/news/1?a=1&amp;b=2\" rel=\"nofollow\">";
    assert_eq!(page.matches(links).count(), 1, "{page}");
    assert!(page.contains("<a href=\"/print/news/1?a=1&amp;b=2\" rel=\"nofollow\">"));
    let start = page.find("<p class=\"clearprint-versions\">").expect("the links");
    let end = start + page[start..].find("</p>").expect("an end") + 4;
    assert_eq!(format!("{}{}", &page[..start], &page[end..]), PAGE, "nothing else changes");
    assert!(site.last().contains("session=1"));
    assert_eq!(answer.header("content-security-policy"), None);
    let legacy = ask(at, "GET", "/cp1251", "", b"");
    let (text, _, _) = encoding_rs::WINDOWS_1251.decode(&legacy.body);
    assert!(text.contains("&#1042;&#1077;&#1088;&#1089;&#1080;&#1103;") && text.contains("Вчера в районе"), "{text}");
    let gzip = ask(at, "GET", "/gzip", "Accept-Encoding: gzip\r\n", b"");
    assert_eq!(gzip.header("content-encoding"), None);
    assert!(gzip.text().contains(links.split('?').next().expect("a part").replace("/news/1", "/gzip").as_str()));
    assert_eq!(get(at, "/pics/bridge.jpg").body, b"0123456789");
    assert_eq!(get(at, "/gone").status, 404);
    assert_eq!(get(at, "/old").header("location"), Some("/news/1?from=old"));
    assert_eq!(ask(at, "POST", "/form", "Content-Type: text/plain\r\n", b"x=1").status, 200);
    assert!(site.last().starts_with("POST /form HTTP/1.1"));
    assert_eq!(get(at, "/lv/~1.dark/news/1").status, 200);
}

#[test]
fn a_page_with_links_is_not_taken_for_the_sites_own_bytes() {
    let site = Site::start();
    let at = with(SiteConfig { pass: true, ..site.config() });
    let page = get(at, "/gzip");
    assert_eq!((page.header("etag"), page.header("content-encoding")), (Some("W/\"z\""), None), "{}", page.head);
    let head = ask(at, "HEAD", "/gzip", "", b"");
    for name in ["etag", "content-encoding", "content-length", "accept-ranges", "content-type"] {
        let of_page = page.header(name).filter(|_| name != "content-length");
        assert_eq!(head.header(name), of_page, "{name}: {}", head.head);
    }
    // A picture keeps its strong tag.
    assert_eq!(get(at, "/pics/bridge.jpg").header("etag"), Some("\"pic\""));
    let part = ask(at, "GET", "/pics/bridge.jpg", "Range: bytes=0-3\r\n", b"");
    assert_eq!((part.status, &part.body[..]), (206, &b"0123"[..]));
}

#[test]
fn the_start_page_is_found_without_its_slash_unless_the_site_has_such_a_page() {
    let site = Site::start();
    let at = with(SiteConfig { pass: true, ..site.config() });
    assert_eq!(get(at, "/clearprint/").status, 200);
    let answer = get(at, "/clearprint");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/clearprint/")), "{}", answer.head);
    assert_eq!(answer.header("cache-control"), Some("no-store"), "the site may have such a page tomorrow");
    assert!(site.last().starts_with("GET /clearprint HTTP/1.1"), "the site is asked first");
    assert_eq!(ask(at, "POST", "/clearprint", "Content-Type: text/plain\r\n", b"x=1").status, 404);
    assert!(get(at, "/clearprint?taken").text().contains("clearprint-versions"), "the site's own page");
    assert_eq!(get(at, "/gone").status, 404);
}

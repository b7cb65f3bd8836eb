//! Pages as readers get them: themed, streamed, their links and redirects under the prefix.

use std::io::{Read, Write};

use clearprint::internals::server::{Config, Others, SiteConfig};

use super::site::Site;
use super::{get, proxy, with};
use crate::http::{ask, connect, start};

#[test]
fn a_page_comes_themed_and_its_links_stay_under_the_prefix() {
    let site = Site::start();
    let answer = get(proxy(&site), "/lv/~1.white-on-black.size150/news/1?q=1");
    let page = answer.text();
    assert_eq!(answer.status, 200, "{page}");
    for part in [
        "href=\"/lv/~1.white-on-black.size150/news/2?a=1&amp;b=2#x\"",
        "href=\"https://other.example/\"",
        "href=\"/lv/~1.sepia/x\"",
        "src=\"https://www.example.ru/pics/bridge.jpg\"",
        "rel=\"canonical\" href=\"https://www.example.ru/news/1?q=1\"",
        "href=\"/print/news/1?q=1\"",
        "action=\"/lv/settings?from=%7E1.white-on-black.size150&amp;path=%2Fnews%2F1%3Fq%3D1\"",
        "id=\"cp-panel\"",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert_eq!(answer.header("x-robots-tag"), Some("noindex"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let policy = answer.header("content-security-policy").expect("a policy");
    for part in
        ["default-src 'none'", "style-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"]
    {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!page.contains("<style") && !page.contains("<script"), "the policy would stop them: {page}");
    let asked = site.last();
    assert!(
        asked.starts_with("GET /news/1?q=1 HTTP/1.1\r\n") && asked.to_lowercase().contains("host: www.example.ru\r\n"),
        "{asked}"
    );
}

#[test]
fn the_sheet_and_the_typefaces_are_there_for_ever() {
    let at = proxy(&Site::start());
    let page = get(at, "/lv/~1.sepia/news/1").text();
    let address = |text: &str, before: &str, end: char| {
        let start = text.find(before).unwrap_or_else(|| panic!("no {before} in {text}")) + before.len();
        text[start..].split(end).next().expect("an end").to_owned()
    };
    let sheet = get(at, &address(&page, "rel=\"stylesheet\" href=\"", '"'));
    assert_eq!((sheet.status, sheet.header("content-type")), (200, Some("text/css; charset=utf-8")));
    assert!(sheet.header("cache-control").is_some_and(|c| c.contains("immutable")));
    let font = get(at, &address(&sheet.text(), "src:url(\"", '"'));
    assert_eq!((font.status, font.header("content-type")), (200, Some("font/ttf")));
    assert_eq!(get(at, "/assets/cp-0/~1.sepia.css").header("cache-control"), Some("no-cache"));
    for wrong in ["/assets/cp-0/~1.sepia.size125.css", "/assets/cp-0/../../etc/passwd", "/assets/x/y"] {
        assert_eq!(get(at, wrong).status, 404, "{wrong}");
    }
}

#[test]
fn films_and_sounds_come_from_the_public_site() {
    let page = get(proxy(&Site::start()), "/lv/~1.dark/media").text();
    for href in ["https://www.example.ru/f.mp4", "https://www.example.ru/s.mp3", "/lv/~1.dark/map"] {
        assert!(page.contains(&format!("href=\"{href}\"")), "{href} is not in {page}");
    }
}

#[test]
fn the_first_bytes_leave_before_the_site_has_sent_its_last() {
    let site = Site::start();
    let mut stream = connect(proxy(&site));
    stream.write_all(b"GET /lv/~1.dark/slow HTTP/1.1\r\nHost: x\r\n\r\n").expect("it reads");
    let mut seen = Vec::new();
    let mut piece = [0; 4096];
    // The site sends no more and does not end either.
    while !String::from_utf8_lossy(&seen).contains("Text of the page.") {
        let length = stream.read(&mut piece).expect("it answers while the page is still coming");
        assert!(length > 0, "it ended: {}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&piece[..length]);
    }
}

#[test]
fn charsets_and_codings_of_the_site_are_undone() {
    let at = proxy(&Site::start());
    for path in ["/cp1251", "/gzip", "/deflate", "/raw-deflate", "/br", "/zstd", "/untold", "/news/1"] {
        let answer = ask(at, "GET", &format!("/lv/~1.dark{path}"), "Accept-Encoding: gzip\r\n", b"");
        assert_eq!((answer.status, answer.header("content-encoding")), (200, None), "{path}");
        assert!(answer.text().contains("Вчера в районе открыли новый мост"), "{path}: {}", answer.text());
    }
}

#[test]
fn redirects_of_the_site_stay_under_the_prefix() {
    let at = proxy(&Site::start());
    for (path, status, location) in [
        ("/old", 301, Some("/lv/~1.dark/news/1?from=old")),
        ("/absolute", 302, Some("/lv/~1.dark/news/1")),
        ("/public", 302, Some("/lv/~1.dark/news/1")),
        ("/away", 302, Some("https://other.example/")),
        ("/script", 502, None),
    ] {
        let answer = get(at, &format!("/lv/~1.dark{path}"));
        assert_eq!((answer.status, answer.header("location")), (status, location), "{path}");
    }
    let print = get(at, "/print/old?style=rnib-large");
    assert_eq!((print.status, print.header("location")), (301, Some("/print/news/1?from=old&style=rnib-large")));
}

#[test]
fn a_redirect_to_no_web_address_is_told_and_not_followed() {
    let at = proxy(&Site::start());
    for target in ["/lv/~1.dark/script", "/print/script"] {
        let answer = get(at, target);
        assert_eq!((answer.status, answer.header("location")), (502, None), "{target}");
        assert!(answer.text().contains("<h1"), "{target}");
    }
}

#[test]
fn the_prefix_without_its_slash_keeps_the_query() {
    let at = proxy(&Site::start());
    assert_eq!(get(at, "/print?style=acb").header("location"), Some("/print/?style=acb"));
    assert_eq!(get(at, "/lv").header("location"), Some("/lv/"));
    assert_eq!(get(at, "/lv?a=b").header("location"), Some("/lv/?a=b"));
    assert_eq!(get(at, "/lvx").status, 404);
}

#[test]
fn what_is_no_page_passes_or_is_sent_to_the_site() {
    let site = Site::start();
    assert_eq!(get(proxy(&site), "/lv/~1.dark/pics/bridge.jpg").header("content-type"), Some("image/jpeg"));
    let away = with(SiteConfig { others: Others::Redirect, ..site.config() });
    let answer = get(away, "/lv/~1.dark/pics/bridge.jpg?w=1");
    assert_eq!((answer.status, answer.header("location")), (302, Some("https://www.example.ru/pics/bridge.jpg?w=1")));
}

#[test]
fn without_a_site_there_is_no_proxy() {
    let at = start(Config::default());
    for target in ["/lv/~1.dark/", "/lv/", "/print/x", "/news"] {
        assert_eq!(get(at, target).status, 404, "{target}");
    }
    let said = get(at, "/lv/").text();
    assert!(said.contains("owner names with --upstream"), "{said}");
}

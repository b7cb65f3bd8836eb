//! Conditions, parts and heads, and what is kept in memory.

use clearprint::internals::server::{Credentials, SiteConfig};

use super::site::Site;
use super::{get, proxy, with};
use crate::http::ask;

#[test]
fn conditions_are_answered_by_the_site() {
    let site = Site::start();
    let at = proxy(&site);
    let first = get(at, "/lv/~1.dark/cached");
    let tag = first.header("etag").expect("a tag").to_owned();
    assert_ne!(tag, "\"v1\"", "the page is not the site's");
    assert_eq!((first.header("cache-control"), first.header("vary")), (Some("max-age=60"), None));
    let condition = format!("If-None-Match: {tag}\r\n");
    let again = ask(at, "GET", "/lv/~1.dark/cached", &condition, b"");
    assert_eq!((again.status, again.header("etag"), again.body.len()), (304, Some(tag.as_str()), 0));
    assert!(site.last().to_lowercase().contains("if-none-match: \"v1\"\r\n"), "{}", site.last());
    // With other settings it is another page.
    assert_eq!(ask(at, "GET", "/lv/~1.sepia/cached", &condition, b"").status, 200);
    let picture = get(at, "/lv/~1.dark/pics/bridge.jpg");
    assert_eq!((picture.header("etag"), &picture.body[..]), (Some("\"pic\""), &b"0123456789"[..]));
}

#[test]
fn what_has_not_changed_says_the_same_of_itself_as_before() {
    let at = proxy(&Site::start());
    let first = get(at, "/lv/~1.dark/vary");
    let tag = first.header("etag").expect("a tag").to_owned();
    assert_eq!((first.header("vary"), first.header("cache-control")), (Some("Accept-Language"), Some("max-age=60")));
    for method in ["GET", "HEAD"] {
        let again = ask(at, method, "/lv/~1.dark/vary", &format!("If-None-Match: {tag}\r\n"), b"");
        assert_eq!((again.status, again.body.len()), (304, 0), "{method}");
        for name in ["etag", "vary", "cache-control"] {
            assert_eq!(again.header(name), first.header(name), "{method} {name}");
        }
    }
}

#[test]
fn parts_and_heads_are_what_they_should_be() {
    let site = Site::start();
    let at = proxy(&site);
    let range = "Range: bytes=0-3\r\n";
    let part = ask(at, "GET", "/lv/~1.dark/pics/bridge.jpg", range, b"");
    assert_eq!((part.status, part.header("content-range"), &part.body[..]), (206, Some("bytes 0-3/10"), &b"0123"[..]));
    // A part of a page cannot be themed: it is had whole.
    let whole = ask(at, "GET", "/lv/~1.dark/part", range, b"");
    assert_eq!((whole.status, whole.header("content-range")), (200, None));
    assert!(whole.text().contains("Мост открыли"));
    let head = ask(at, "HEAD", "/lv/~1.dark/cached", "", b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("etag"), get(at, "/lv/~1.dark/cached").header("etag"));
    assert!(site.requests.lock().expect("no panic").iter().any(|r| r.starts_with("HEAD /cached")));
}

#[test]
fn no_part_of_a_page_comes_through_untouched() {
    let site = Site::start();
    let at = proxy(&site);
    for (path, range) in [("/parts", "bytes=0-1,4-5"), ("/part", "bytes=0-3"), ("/beyond", "bytes=99-")] {
        for condition in ["", "If-Range: \"v1\"\r\n"] {
            let answer = ask(at, "GET", &format!("/lv/~1.dark{path}"), &format!("Range: {range}\r\n{condition}"), b"");
            assert_eq!((answer.status, answer.header("content-range")), (200, None), "{path}: {}", answer.head);
            assert_eq!(answer.header("accept-ranges"), None);
            assert!(answer.text().contains("id=\"cp-panel\""), "{path}: {}", answer.text());
        }
    }
    // Of a picture the site decides.
    for (tag, status) in [("pic", 206), ("old", 200)] {
        let headers = format!("Range: bytes=0-3\r\nIf-Range: \"{tag}\"\r\n");
        let answer = ask(at, "GET", "/lv/~1.dark/if-range", &headers, b"");
        assert_eq!((answer.status, answer.body.len()), (status, if status == 206 { 4 } else { 10 }), "{tag}");
    }
}

#[test]
fn a_head_says_nothing_of_a_length_that_is_not_known() {
    let at = proxy(&Site::start());
    for target in ["/lv/~1.dark/news/1", "/print/news/1"] {
        let answer = ask(at, "HEAD", target, "", b"");
        assert_eq!((answer.status, answer.header("content-length")), (200, None), "{target}: {}", answer.head);
    }
}

#[test]
fn a_page_is_kept_in_memory_and_asked_after_when_it_is_old() {
    let site = Site::start();
    let at = with(SiteConfig { cache: 1 << 20, ..site.config() });
    let asked = || site.requests.lock().expect("no panic").len();
    // `/cached` is good for a minute, `/checked` has only a tag.
    for (path, times) in [("/cached", [1, 1]), ("/checked", [2, 3])] {
        let before = asked();
        let first = get(at, &format!("/lv/~1.dark{path}"));
        let second = get(at, &format!("/lv/~1.dark{path}"));
        assert_eq!((first.status, second.status), (200, 200));
        assert_eq!(second.text(), first.text(), "{path}");
        assert_eq!(second.header("etag"), first.header("etag"), "{path}");
        assert!(
            second.header("age").is_some() && second.header("content-security-policy").is_some(),
            "{}",
            second.head
        );
        let tag = first.header("etag").expect("a tag").to_owned();
        assert_eq!(asked() - before, times[0], "{path}");
        let again = ask(at, "GET", &format!("/lv/~1.dark{path}"), &format!("If-None-Match: {tag}\r\n"), b"");
        assert_eq!((again.status, again.body.len(), asked() - before), (304, 0, times[1]), "{path}");
        assert_ne!(get(at, &format!("/lv/~1.sepia{path}")).text(), first.text(), "another look is another page");
    }
    let before = asked();
    ask(at, "GET", "/lv/~1.dark/cached", "Cache-Control: no-cache\r\n", b"");
    assert_eq!(asked(), before + 1, "a reader may ask for the site's own word");
    assert!(site.last().contains("if-none-match: \"v1\""), "{}", site.last());
}

#[test]
fn what_is_one_readers_own_is_not_kept_in_memory() {
    let site = Site::start();
    let asked = || site.requests.lock().expect("no panic").len();
    let cookie = Credentials { cookie: true, authorization: false };
    for (path, credentials) in
        [("/cookie", Credentials::default()), ("/varies", Credentials::default()), ("/cached", cookie)]
    {
        let at = with(SiteConfig { cache: 1 << 20, credentials, ..site.config() });
        let before = asked();
        for _ in 0..2 {
            assert_eq!(get(at, &format!("/lv/~1.dark{path}")).header("age"), None, "{path}");
        }
        assert_eq!(asked(), before + 2, "{path}");
    }
    let at = proxy(&site);
    let before = asked();
    for _ in 0..2 {
        get(at, "/lv/~1.dark/cached");
    }
    assert_eq!(asked(), before + 2, "nothing is kept unless the owner says so");
}

//! The reader's settings: the code in the address, the cookie, the form.

use super::site::Site;
use super::{get, proxy};
use crate::http::ask;

#[test]
fn an_address_without_a_code_leads_to_the_readers_own() {
    let site = Site::start();
    let at = proxy(&site);
    let location = |target: &str, headers: &str| {
        let answer = ask(at, "GET", target, headers, b"");
        assert_eq!((answer.status, answer.header("cache-control")), (303, Some("no-store")), "{target}");
        assert_eq!(answer.header("set-cookie"), None, "{target}");
        answer.header("location").expect("a location").to_owned()
    };
    assert_eq!(location("/lv/news/1?a=b", ""), "/lv/~1.black-on-white/news/1?a=b");
    assert_eq!(location("/lv/", ""), "/lv/~1.black-on-white/");
    assert_eq!(location("/lv//evil.example/", ""), "/lv/~1.black-on-white//evil.example/");
    assert_eq!(location("/lv", ""), "/lv/");
    let cookie = "Cookie: a=b; clearprint=~1.sepia.size200\r\n";
    assert_eq!(location("/lv/news/1", cookie), "/lv/~1.sepia.size200/news/1");
    assert_eq!(location("/lv/~1.dark", cookie), "/lv/~1.dark/");
    // Someone else's code is shown, and what was remembered stays.
    let shared = ask(at, "GET", "/lv/~1.dark/news/1", cookie, b"");
    assert_eq!((shared.status, shared.header("set-cookie")), (200, None));
    assert!(site.requests.lock().expect("no panic").iter().all(|r| !r.to_lowercase().contains("cookie:")));
}

#[test]
fn codes_that_do_not_parse_are_not_found() {
    let at = proxy(&Site::start());
    for code in [
        "~1.",
        "~1.nonesuch",
        "~1.dark.size125",
        "~1.dark.size0150",
        "~1.dark.",
        "~1.DARK",
        "~1.own-777777-000000-ffffff",
    ] {
        let answer = get(at, &format!("/lv/{code}/news/1"));
        assert_eq!(answer.status, 404, "{code}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{code}");
    }
}

#[test]
fn the_form_remembers_and_leads_back() {
    let at = proxy(&Site::start());
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let answer = ask(
        at,
        "POST",
        "/lv/settings?from=%7E1.dark&path=%2Fnews%2F1%3Fa%3Db",
        form,
        b"theme=yellow-on-black&size=200",
    );
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(answer.header("location"), Some("/lv/~1.yellow-on-black.size200/news/1?a=b#cp-panel"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(
        cookie.starts_with("clearprint=~1.yellow-on-black.size200; Path=/lv/;") && cookie.contains("Secure"),
        "{cookie}"
    );
    for path in [
        "%2F%2Fevil.example%2F",
        "%2F%5Cevil.example",
        "https%3A%2F%2Fevil.example",
        "%2F%0D%0AX%3A%20y",
        "%2F..%2F..%2Fx",
    ] {
        let answer = ask(at, "POST", &format!("/lv/settings?path={path}"), form, b"theme=dark");
        assert_eq!((answer.status, answer.header("location")), (400, None), "{path}");
    }
    assert_eq!(ask(at, "POST", "/lv/settings?path=/", form, b"theme=nonesuch").status, 400);
    assert_eq!(ask(at, "POST", "/lv/settings?path=/", form, &[b'a'; 10_000]).status, 400);
    assert_eq!(ask(at, "POST", "/lv/~1.dark/news/1", form, b"").status, 405);
}

//! Sites and readers that lie, swell, die, or ask for what is not theirs.

use std::io::{Read, Write};

use clearprint::internals::server::{Credentials, SiteConfig};

use super::site::Site;
use super::{get, proxy, with};
use crate::http::{ask, connect};

#[test]
fn no_path_leads_to_another_host() {
    let site = Site::start();
    let at = proxy(&site);
    for path in [
        "//evil.example/x",
        "/@evil.example/",
        "/..//evil.example/",
        "/http://evil.example/",
        "/%2F%2Fevil.example",
        "/\\evil.example",
    ] {
        let answer = get(at, &format!("/lv/~1.dark{path}"));
        assert_eq!(answer.status, 200, "{path}: {}", answer.head);
        assert!(site.last().to_lowercase().contains("host: www.example.ru\r\n"), "{path}: {}", site.last());
    }
    let many = site.requests.lock().expect("no panic").len();
    // An absolute-form target and a foreign Host header change nothing either.
    let answer = ask(at, "GET", "http://evil.example/lv/~1.dark/news/1", "X-Forwarded-Host: evil.example\r\n", b"");
    assert_eq!(answer.status, 200, "{}", answer.head);
    assert!(!answer.text().contains("evil.example"));
    assert_eq!(site.requests.lock().expect("no panic").len(), many + 1);
}

#[test]
fn secrets_and_hops_end_here() {
    let site = Site::start();
    let at = proxy(&site);
    let answer = ask(
        at,
        "GET",
        "/lv/~1.dark/cookie",
        "Cookie: session=1\r\nAuthorization: Basic x\r\nTE: trailers\r\nX-Mine: 1\r\nX-Forwarded-For: 6.6.6.6\r\n",
        b"",
    );
    assert_eq!((answer.header("set-cookie"), answer.header("cache-control")), (None, Some("private, no-store")));
    let asked = site.last().to_lowercase();
    for name in ["cookie:", "authorization:", "\r\nte:", "x-mine:", "6.6.6.6"] {
        assert!(!asked.contains(name), "{name} in {asked}");
    }
    assert!(asked.contains("x-forwarded-for: 127.0.0.1\r\n") && asked.contains("via: 1.1 clearprint\r\n"), "{asked}");
    let hop = get(at, "/lv/~1.dark/hop");
    assert_eq!((hop.header("keep-alive"), hop.header("trailer")), (None, None));
    let told = with(SiteConfig { credentials: Credentials { cookie: true, authorization: true }, ..site.config() });
    let answer = ask(told, "GET", "/lv/~1.dark/cookie", "Cookie: session=1\r\nAuthorization: Basic x\r\n", b"");
    assert_eq!(
        (answer.header("set-cookie"), answer.header("cache-control")),
        (Some("session=1"), Some("private, no-store"))
    );
    assert!(site.last().contains("session=1") && site.last().contains("Basic x"));
    // A site that leads back to us.
    assert_eq!(ask(at, "GET", "/lv/~1.dark/news/1", "Via: 1.1 clearprint\r\n", b"").status, 508);
}

#[test]
fn a_name_and_password_are_asked_for_only_where_they_may_go_to_the_site() {
    let site = Site::start();
    let asked = |authorization| {
        let credentials = Credentials { authorization, cookie: false };
        let answer = get(with(SiteConfig { credentials, ..site.config() }), "/lv/~1.dark/members");
        assert_eq!(answer.status, 401);
        answer.header("www-authenticate").map(str::to_owned)
    };
    assert_eq!((asked(true).as_deref(), asked(false)), (Some("Basic realm=members"), None));
}

#[test]
fn a_page_that_dies_or_swells_is_broken_off_and_never_looks_whole() {
    let at = proxy(&Site::start());
    for target in ["/lv/~1.dark/dying", "/lv/~1.dark/bomb"] {
        let mut stream = connect(at);
        let head = format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("it reads");
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        assert!(!bytes.ends_with(b"0\r\n\r\n"), "{target}: the body says that it is whole");
        assert!(bytes.len() < 4 << 20, "{target}: {} bytes came", bytes.len());
    }
}

#[test]
fn a_bomb_in_any_coding_is_broken_off_or_refused() {
    let at = proxy(&Site::start());
    for coding in ["gzip", "deflate", "raw-deflate", "br", "zstd"] {
        let mut stream = connect(at);
        let head = format!("GET /lv/~1.dark/bombs/{coding} HTTP/1.1\r\nHost: x\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("it reads");
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let refused = bytes.starts_with(b"HTTP/1.1 413 ");
        assert!(refused || !bytes.ends_with(b"0\r\n\r\n"), "{coding}: the body says that it is whole");
        assert!(bytes.len() < 4 << 20, "{coding}: {} bytes came", bytes.len());
        let print = get(at, &format!("/print/bombs/{coding}"));
        assert_eq!(print.status, 413, "{coding}: {}", print.text());
    }
    for (path, status) in [("/not-gzip", 502), ("/unknown-coding", 415)] {
        for prefix in ["/lv/~1.dark", "/print"] {
            let answer = get(at, &format!("{prefix}{path}"));
            assert_eq!(answer.status, status, "{prefix}{path}: {}", answer.text());
        }
    }
}

#[test]
fn lengths_that_lie_end_with_their_own_answer() {
    let at = proxy(&Site::start());
    // What comes after the length that was said is nobody's answer.
    for _ in 0..3 {
        let short = get(at, "/lv/~1.dark/short");
        assert!(short.status == 200 && short.text().contains("<h1"), "{}", short.head);
        assert!(!short.text().contains("nobody asked"), "{}", short.text());
        let next = get(at, "/lv/~1.dark/news/1");
        assert!(next.status == 200 && next.text().contains("Вчера в районе открыли"), "{}", next.head);
    }
    for path in ["/two-lengths", "/no-length"] {
        let answer = get(at, &format!("/lv/~1.dark{path}"));
        assert_eq!(answer.status, 502, "{path}: {}", answer.text());
    }
}

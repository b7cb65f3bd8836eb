//! Who is let in, and what the site is told of who asks.

use clearprint::internals::server::{Config, SiteConfig};

use super::site::Site;
use super::{get, proxy, with};
use crate::http::{ask, start};

#[test]
fn a_path_that_the_owner_has_taken_out_is_not_there() {
    let site = Site::start();
    let at = with(SiteConfig { denied: vec!["/admin/".into()], ..site.config() });
    for path in [
        "/lv/~1.dark/admin/",
        "/lv/~1.dark/%61dmin/users",
        "/lv/~1.dark//Admin/x",
        "/print/admin/",
        "/print/x/../admin",
    ] {
        assert_eq!(get(at, path).status, 404, "{path}");
    }
    assert_eq!(get(at, "/lv/~1.dark/news/1").status, 200);
    let seen = site.requests.lock().expect("no panic");
    assert!(seen.iter().all(|request| !request.to_lowercase().contains("admin")), "{seen:?}");
}

#[test]
fn the_site_is_told_its_own_name_whatever_a_stranger_says() {
    let site = Site::start();
    let lies = "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: gopher\r\nForwarded: host=evil.example\r\nX-Real-IP: 1.2.3.4\r\n";
    assert_eq!(ask(proxy(&site), "GET", "/lv/~1.dark/news/1", lies, b"").status, 200);
    let told = site.last().to_lowercase();
    assert!(
        told.contains("\r\nx-forwarded-host: www.example.ru\r\n") && told.contains("\r\nx-forwarded-proto: https\r\n"),
        "{told}"
    );
    assert!(!told.contains("evil") && !told.contains("1.2.3.4") && !told.contains("gopher"), "{told}");
}

#[test]
fn settings_are_not_taken_from_another_site() {
    let at = proxy(&Site::start());
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let send = |more: &str| ask(at, "POST", "/lv/settings?path=/", &format!("{form}{more}"), b"theme=dark").status;
    assert_eq!(send("Origin: https://evil.example\r\n"), 403);
    assert_eq!(send("Origin: null\r\nSec-Fetch-Site: cross-site\r\n"), 403);
    for own in [
        "",
        "Origin: https://www.example.ru\r\n",
        "Origin: http://x\r\n",
        "Origin: null\r\nSec-Fetch-Site: same-origin\r\n",
    ] {
        assert_eq!(send(own), 303, "{own}");
    }
}

#[test]
fn methods_that_nothing_knows_are_refused() {
    let at = proxy(&Site::start());
    let sheet = get(at, "/lv/~1.dark/news/1").text();
    let sheet = sheet.split('"').find(|part| part.starts_with("/assets/")).expect("a sheet").to_owned();
    assert_eq!(ask(at, "GET", &sheet, "", b"").status, 200);
    for (method, path) in
        [("DELETE", sheet.as_str()), ("POST", &sheet), ("PUT", "/lv/settings"), ("DELETE", "/lv/news/1")]
    {
        assert_eq!(ask(at, method, path, "", b"").status, 405, "{method} {path}");
    }
}

#[test]
fn a_request_names_one_host() {
    let at = proxy(&Site::start());
    for more in ["Host: y\r\n", "Host: x\r\n"] {
        let answer = ask(at, "GET", "/healthz", more, b"");
        assert_eq!((answer.status, answer.header("connection")), (400, Some("close")), "{more}");
    }
}

#[test]
fn a_printed_article_that_has_not_changed_is_not_made_again() {
    let site = Site::start();
    let at = proxy(&site);
    let first = get(at, "/print/cached");
    let tag = first.header("etag").expect("a tag").to_owned();
    let condition = format!("If-None-Match: {tag}\r\n");
    let again = ask(at, "GET", "/print/cached", &condition, b"");
    assert_eq!((again.status, again.body.len()), (304, 0));
    // On other paper it is another PDF.
    assert_eq!(ask(at, "GET", "/print/cached?paper=a5", &condition, b"").status, 200);
}

#[test]
fn the_api_is_for_whom_its_owner_means() {
    let token = "0123456789abcdef";
    let at = start(Config { api_token: Some(token.into()), ..Config::default() });
    let with_token = |said: &str| ask(at, "GET", "/v1/themes", said, b"").status;
    assert_eq!(with_token(""), 401);
    assert_eq!(with_token("Authorization: Bearer 0123456789abcdeF\r\n"), 401);
    assert_eq!(with_token("Authorization: Basic 0123456789abcdef\r\n"), 401);
    assert_eq!(with_token(&format!("Authorization: bearer {token}\r\n")), 200);
    assert_eq!(get(at, "/healthz").status, 200);
    let at = start(Config { api: false, ..Config::default() });
    for path in ["/v1/themes", "/openapi.json", "/metrics", "/"] {
        assert_eq!(get(at, path).status, 404, "{path}");
    }
    assert_eq!(get(at, "/readyz").status, 200);
    let site = Site::start();
    let at = with(SiteConfig { pass: true, ..site.config() });
    get(at, "/v1/themes");
    assert!(site.last().starts_with("GET /v1/themes "), "it is the site's own: {}", site.last());
}

//! The proxy from outside, with a site behind it that redirects, dawdles, dies and lies.

mod http;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clearprint::server::{Config, Credentials, Others, SiteConfig};
use http::{Answer, ask, connect, start};
use url::Url;

/// A site on a port of its own. It remembers the heads of all requests.
struct Site {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Site {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                std::thread::spawn(move || serve(stream, address, &seen));
            }
        });
        Self { address, requests }
    }

    fn config(&self) -> SiteConfig {
        let url = |text: &str| Url::parse(text).expect(text);
        SiteConfig::new(url(&format!("http://{}", self.address)), url("https://www.example.ru"))
    }

    fn last(&self) -> String {
        self.requests.lock().expect("no panic").last().cloned().unwrap_or_default()
    }
}

const PAGE: &str = "<!doctype html><html lang=ru><head><title>Мост открыли</title>\
    <link rel=canonical href=https://www.example.ru/news/1></head><body><h1>Мост открыли</h1>\
    <p>Вчера в районе открыли новый мост через реку. <a href=/news/2?a=1&amp;b=2#x>Дальше</a> \
    <a href=https://other.example/>Чужое</a> <a href=/lv/~1.sepia/x>Наше</a></p>\
    <p>Мост строили три года, и теперь дорога до больницы занимает десять минут вместо часа, сказали в администрации.</p>\
    <p>По мосту уже пошли автобусы, а осенью на нём поставят фонари и скамейки для тех, кто ходит пешком.</p>\
    <img src=/pics/bridge.jpg alt=Мост></body></html>";

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes(), body]
        .concat()
}

fn page(extra: &str) -> Vec<u8> {
    answer(&format!("200 OK\r\nContent-Type: text/html; charset=utf-8{extra}"), PAGE.as_bytes())
}

/// A text in a content coding, and the coding's name.
fn coded(coding: &str, text: &[u8]) -> (&'static str, Vec<u8>) {
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    let best = Compression::best();
    macro_rules! by {
        ($encoder:expr) => {{
            let mut encoder = $encoder;
            encoder.write_all(text).expect("in memory");
            encoder.finish().expect("in memory")
        }};
    }
    match coding {
        "gzip" => ("gzip", by!(GzEncoder::new(Vec::new(), best))),
        "deflate" => ("deflate", by!(ZlibEncoder::new(Vec::new(), best))),
        "raw-deflate" => ("deflate", by!(DeflateEncoder::new(Vec::new(), best))),
        "zstd" => ("zstd", ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)),
        "br" => ("br", brotli(text)),
        _ => panic!("{coding}"),
    }
}

/// Brotli without compression (RFC 7932, 9.2): a window of 16 bits, stored blocks, and an empty last one.
fn brotli(text: &[u8]) -> Vec<u8> {
    let (mut out, mut held, mut bits) = (Vec::new(), 0u64, 0);
    let mut put = |out: &mut Vec<u8>, value: u64, count: u32| {
        held |= value << bits;
        bits += count;
        while bits >= 8 {
            out.push(held as u8);
            held >>= 8;
            bits -= 8;
        }
        // To the end of the byte.
        if count == 0 && bits > 0 {
            out.push(held as u8);
            (held, bits) = (0, 0);
        }
    };
    put(&mut out, 0, 1);
    for block in text.chunks(1 << 16) {
        // Not the last one; four digits of length; the length less one; stored.
        put(&mut out, 0, 1);
        put(&mut out, 0, 2);
        put(&mut out, block.len() as u64 - 1, 16);
        put(&mut out, 1, 1);
        put(&mut out, 0, 0);
        out.extend_from_slice(block);
    }
    put(&mut out, 0b11, 2);
    put(&mut out, 0, 0);
    out
}

fn serve(mut stream: TcpStream, own: SocketAddr, seen: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    if head.starts_with("POST") {
        let mut form = [0; 3];
        let _ = stream.read_exact(&mut form);
    }
    let lower = head.to_ascii_lowercase();
    let target = head.split(' ').nth(1).unwrap_or("").to_owned();
    seen.lock().expect("no panic").push(head.clone());
    let bytes = match target.split('?').next().unwrap_or("") {
        "/" | "/news/1" => page(""),
        "/cached" if lower.contains("if-none-match: \"v1\"") => {
            b"HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\nCache-Control: max-age=60\r\nConnection: close\r\n\r\n"
                .to_vec()
        }
        "/cached" => page("\r\nETag: \"v1\"\r\nCache-Control: max-age=60\r\nVary: Accept-Encoding"),
        "/checked" if lower.contains("if-none-match: \"v2\"") => {
            b"HTTP/1.1 304 Not Modified\r\nETag: \"v2\"\r\nConnection: close\r\n\r\n".to_vec()
        }
        "/checked" => page("\r\nETag: \"v2\""),
        "/varies" => page("\r\nCache-Control: max-age=60\r\nVary: Cookie"),
        "/media" => answer(
            "200 OK\r\nContent-Type: text/html",
            b"<title>Film</title><h1>Film</h1><video src=f.mp4></video><audio src=/s.mp3></audio><iframe src=/map></iframe>",
        ),
        "/cookie" => page("\r\nSet-Cookie: session=1\r\nCache-Control: public, max-age=60"),
        "/hop" => page("\r\nX-Powered-By: x\r\nKeep-Alive: 5\r\nTrailer: X"),
        "/old" => answer("301 Moved\r\nLocation: /news/1?from=old", b""),
        "/absolute" => answer(&format!("302 Found\r\nLocation: http://{own}/news/1"), b""),
        "/public" => answer("302 Found\r\nLocation: https://www.example.ru/news/1", b""),
        "/away" => answer("302 Found\r\nLocation: https://other.example/", b""),
        "/script" => answer("302 Found\r\nLocation: javascript:alert(1)", b""),
        "/members" => answer("401 Unauthorized\r\nWWW-Authenticate: Basic realm=members", b""),
        "/gone" => answer("404 Not Found\r\nContent-Type: text/html", b"<h1>404</h1>"),
        "/broken" => answer("500 Oops\r\nContent-Type: text/html", b"<h1>500</h1>"),
        "/pics/bridge.jpg" if lower.contains("range: bytes=0-3") => {
            answer("206 Partial Content\r\nContent-Type: image/jpeg\r\nContent-Range: bytes 0-3/10", b"0123")
        }
        "/pics/bridge.jpg" => answer("200 OK\r\nContent-Type: image/jpeg\r\nETag: \"pic\"", b"0123456789"),
        "/part" if lower.contains("range: bytes=0-3") => {
            answer("206 Partial Content\r\nContent-Type: text/html\r\nContent-Range: bytes 0-3/10", b"<p>x")
        }
        "/part" => page(""),
        "/parts" if lower.contains("range: bytes=0-1,") => answer(
            "206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=edge",
            b"--edge\r\nContent-Type: text/html\r\nContent-Range: bytes 0-1/10\r\n\r\n<p\r\n--edge--\r\n",
        ),
        "/parts" => page(""),
        "/beyond" if lower.contains("range: bytes=99-") => {
            answer("416 Range Not Satisfiable\r\nContent-Type: text/html\r\nContent-Range: bytes */10", b"<h1>416</h1>")
        }
        "/beyond" => page(""),
        "/if-range" if lower.contains("range: bytes=0-3") && lower.contains("if-range: \"pic\"") => {
            answer("206 Partial Content\r\nContent-Type: image/jpeg\r\nContent-Range: bytes 0-3/10", b"0123")
        }
        "/if-range" => answer("200 OK\r\nContent-Type: image/jpeg\r\nETag: \"pic\"", b"0123456789"),
        "/vary" if lower.contains("if-none-match: \"v3\"") => b"HTTP/1.1 304 Not Modified\r\nETag: \"v3\"\r\n\
            Cache-Control: max-age=60\r\nVary: Accept-Encoding, Accept-Language\r\nConnection: close\r\n\r\n"
            .to_vec(),
        "/vary" => page("\r\nETag: \"v3\"\r\nCache-Control: max-age=60\r\nVary: Accept-Encoding, Accept-Language"),
        "/short" => {
            let said = PAGE.len() / 2;
            let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {said}\r\n\r\n");
            [head.as_bytes(), PAGE.as_bytes(), b"HTTP/1.1 200 OK\r\n\r\nnobody asked"].concat()
        }
        "/two-lengths" => b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\
            Content-Length: 9\r\n\r\n<p>x</p>\r\n"
            .to_vec(),
        "/no-length" => b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: many\r\n\r\n<p>x".to_vec(),
        "/lying" => answer("200 OK\r\nContent-Type: text/html", b"%PDF-1.7\n\x00\x01"),
        "/untold" => answer("200 OK", PAGE.as_bytes()),
        "/cp1251" => {
            let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(PAGE);
            answer("200 OK\r\nContent-Type: text/html; charset=windows-1251", &bytes)
        }
        "/gzip" | "/deflate" | "/raw-deflate" | "/br" | "/zstd" => {
            let (name, body) = coded(&target[1..], PAGE.as_bytes());
            answer(&format!("200 OK\r\nContent-Type: text/html; charset=utf-8\r\nETag: \"z\"\r\nContent-Encoding: {name}"), &body)
        }
        "/bombs/gzip" | "/bombs/deflate" | "/bombs/raw-deflate" | "/bombs/br" | "/bombs/zstd" => {
            let (name, body) = coded(&target[7..], &[b' '; 40 << 20]);
            answer(&format!("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {name}"), &body)
        }
        "/not-gzip" => answer("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip", PAGE.as_bytes()),
        "/unknown-coding" => answer("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: compress", b"\x1f\x9d"),
        "/bomb" => {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            for _ in 0..40 {
                gzip.write_all(&[b' '; 1 << 20]).expect("in memory");
            }
            answer("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip", &gzip.finish().expect("in memory"))
        }
        "/huge" => b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999999\r\n\r\n<p>".to_vec(),
        "/menu" => answer(
            "200 OK\r\nContent-Type: text/html; charset=utf-8",
            b"<title>Menu</title><a href=/a>A</a> <a href=/b>B</a>",
        ),
        "/dying" => {
            let _ = stream.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 500000\r\n\r\n",
            );
            let _ = stream.write_all(
                format!("<title>T</title><h1>Title of it</h1>{}", "<p>Text of the page.</p>".repeat(4000)).as_bytes(),
            );
            return;
        }
        "/slow" => {
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(
                format!("<title>T</title><h1>Title of it</h1>{}", "<p>Text of the page.</p>".repeat(4000)).as_bytes(),
            );
            // The rest comes only when the reader has seen the beginning and says so.
            let _ = stream.read(&mut byte);
            return;
        }
        "/mute" => {
            let _ = stream.read(&mut byte);
            return;
        }
        _ => page("\r\nX-Path: other"),
    };
    // A head alone is all that HEAD gets.
    let end = if head.starts_with("HEAD") {
        bytes.windows(4).position(|w| w == b"\r\n\r\n").map_or(0, |at| at + 4)
    } else {
        bytes.len()
    };
    let _ = stream.write_all(&bytes[..end]);
}

fn proxy(site: &Site) -> SocketAddr {
    with(site.config())
}

fn with(site: SiteConfig) -> SocketAddr {
    let limits = clearprint::Limits { fetch: Duration::from_secs(2), ..Config::default().limits };
    start(Config { site: Some(site), limits, ..Config::default() })
}

fn get(at: SocketAddr, target: &str) -> Answer {
    ask(at, "GET", target, "", b"")
}

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
fn charsets_and_codings_of_the_site_are_undone() {
    let at = proxy(&Site::start());
    for path in ["/cp1251", "/gzip", "/deflate", "/raw-deflate", "/br", "/zstd", "/untold", "/news/1"] {
        let answer = ask(at, "GET", &format!("/lv/~1.dark{path}"), "Accept-Encoding: gzip\r\n", b"");
        assert_eq!((answer.status, answer.header("content-encoding")), (200, None), "{path}");
        assert!(answer.text().contains("Вчера в районе открыли новый мост"), "{path}: {}", answer.text());
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
fn what_went_wrong_is_told_on_an_accessible_page() {
    let site = Site::start();
    let at = proxy(&site);
    for (target, status, ru, en) in [
        ("/lv/~1.white-on-black/gone", 404, "Такой страницы нет", "There is no such page"),
        ("/lv/~1.white-on-black/broken", 500, "На сайте ошибка", "The site has an error"),
        ("/lv/~1.white-on-black/mute", 504, "Сайт отвечает слишком долго", "The site takes too long"),
        ("/lv/~1.white-on-black/lying", 415, "не страница с текстом", "no page of text"),
        ("/lv/~1.white-on-black/huge", 413, "Страница слишком велика", "The page is too large"),
        ("/print/menu", 422, "Для печати здесь нет статьи", "There is no article to print"),
        ("/print/gone", 404, "Такой страницы нет", "There is no such page"),
        ("/print/pics/bridge.jpg", 415, "не страница с текстом", "no page of text"),
    ] {
        for (language, words) in [("ru-RU,ru;q=0.9,en;q=0.8", ru), ("en", en)] {
            let answer = ask(at, "GET", target, &format!("Accept-Language: {language}\r\n"), b"");
            let page = answer.text();
            assert_eq!((answer.status, answer.header("cache-control")), (status, Some("no-store")), "{target}: {page}");
            assert!(page.contains(words), "{target}: {words} is not in {page}");
            assert!(page.contains(&format!("<html lang=\"{}\"", &language[..2])), "{page}");
            assert_eq!((page.matches("<h1").count(), page.matches("<main").count()), (1, 1), "{page}");
            let path = target.trim_start_matches("/lv/~1.white-on-black").trim_start_matches("/print");
            assert!(page.contains(&format!("href=\"https://www.example.ru{path}\"")), "no way back: {page}");
            if target.starts_with("/lv/") {
                assert!(
                    page.contains("/~1.white-on-black.css\"") && page.contains("href=\"/lv/~1.white-on-black/\""),
                    "{page}"
                );
            }
        }
    }
    // Nobody is there at all.
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let nobody = Url::parse(&format!("http://{free}")).expect("an address");
    let at = with(SiteConfig { upstream: nobody, ..site.config() });
    for target in ["/lv/~1.dark/news/1", "/print/news/1"] {
        let answer = get(at, target);
        assert_eq!(answer.status, 502, "{target}");
        assert!(answer.text().contains("Сайт сейчас не отвечает"), "{target}");
    }
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
    let wrong = get(at, "/print/news/1?style=nonesuch");
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("nonesuch"));
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
fn without_a_site_there_is_no_proxy() {
    let at = start(Config::default());
    for target in ["/lv/~1.dark/", "/lv/", "/print/x", "/news"] {
        assert_eq!(get(at, target).status, 404, "{target}");
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

#[test]
fn a_head_says_nothing_of_a_length_that_is_not_known() {
    let at = proxy(&Site::start());
    for target in ["/lv/~1.dark/news/1", "/print/news/1"] {
        let answer = ask(at, "HEAD", target, "", b"");
        assert_eq!((answer.status, answer.header("content-length")), (200, None), "{target}: {}", answer.head);
    }
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
    assert_eq!(get(at, "/lv").header("location"), Some("/lv/"));
    assert_eq!(get(at, "/lv?a=b").header("location"), Some("/lv/?a=b"));
    assert_eq!(get(at, "/lvx").status, 404);
}

#[test]
fn films_and_sounds_come_from_the_public_site() {
    let page = get(proxy(&Site::start()), "/lv/~1.dark/media").text();
    for href in ["https://www.example.ru/f.mp4", "https://www.example.ru/s.mp3", "/lv/~1.dark/map"] {
        assert!(page.contains(&format!("href=\"{href}\"")), "{href} is not in {page}");
    }
}

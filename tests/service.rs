//! The HTTP service from outside, over real connections.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use crate::http::{ask, connect, start};
use clearprint::internals::Reach;
use clearprint::internals::server::Config;
use url::Url;

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/samples/{name}", env!("CARGO_MANIFEST_DIR"))).expect(name)
}

#[test]
fn a_page_is_rewritten_in_the_theme_and_says_its_charset() {
    let at = start(Config::default());
    let answer = ask(
        at,
        "POST",
        "/v1/rewrite?theme=white-on-black&size=200",
        "Content-Type: text/html\r\n",
        &sample("znamya.html"),
    );
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert!(answer.header("content-security-policy").is_some_and(|p| p.contains("default-src 'none'")));
    let page = answer.text();
    assert!(page.contains("<main") && !page.contains("<script"), "{page}");
}

#[test]
fn the_first_bytes_leave_before_the_last_have_come() {
    let at = start(Config::default());
    let mut stream = connect(at);
    let head = "POST /v1/rewrite HTTP/1.1\r\nHost: x\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("it reads");
    let chunk = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
    let paragraph =
        "<p>The council met on Tuesday and decided on the bridge, the school and the roads of the district.</p>";
    let opening = format!("<title>Council</title><body><h1>The council met</h1>{}", paragraph.repeat(1000));
    stream.write_all(chunk(&opening).as_bytes()).expect("it reads");
    // Nothing more is sent until the beginning of the article has come back.
    let mut seen = Vec::new();
    let mut piece = [0; 4096];
    while !String::from_utf8_lossy(&seen).contains("decided on the bridge") {
        let length = stream.read(&mut piece).expect("the service answers while the page is still coming");
        assert!(length > 0, "it ended: {}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&piece[..length]);
    }
    stream.write_all(chunk("<p>The last paragraph.</p>").as_bytes()).expect("it reads");
    stream.write_all(b"0\r\n\r\n").expect("it reads");
    while !String::from_utf8_lossy(&seen).contains("The last paragraph.") {
        let length = stream.read(&mut piece).expect("the rest comes");
        assert!(length > 0, "it ended without the last paragraph");
        seen.extend_from_slice(&piece[..length]);
    }
}

#[test]
fn articles_pdfs_and_previews_are_made() {
    let at = start(Config::default());
    let page = sample("obyavlenie.html");
    let article = ask(at, "POST", "/v1/article?format=json", "", &page);
    assert_eq!(article.status, 200, "{}", article.text());
    let json: serde_json::Value = serde_json::from_slice(&article.body).expect("JSON");
    assert!(json["lang"].as_str().is_some_and(|l| l.starts_with("ru")), "{}", json["lang"]);
    let pdf = ask(at, "POST", "/v1/pdf?style=rnib-large&paper=a4", "", &page);
    assert_eq!((pdf.status, pdf.header("content-type")), (200, Some("application/pdf")));
    assert!(pdf.body.starts_with(b"%PDF-1.7"));
    let preview = ask(at, "POST", "/v1/preview?dpi=40", "", &page);
    assert_eq!((preview.status, preview.header("content-type")), (200, Some("image/png")));
    assert!(preview.body.starts_with(b"\x89PNG"));
    let from_json = ask(at, "POST", "/v1/pdf", "Content-Type: application/json\r\n", &article.body);
    assert_eq!(from_json.status, 200, "{}", String::from_utf8_lossy(&from_json.body));
}

#[test]
fn a_pdf_is_checked_for_the_print_shop_where_that_is_asked() {
    let at = start(Config::default());
    let pdf = ask(at, "POST", "/v1/pdf?color=cmyk", "", &sample("obyavlenie.html")).body;
    let check = |target: &str, body: &[u8]| {
        let answer = ask(at, "POST", target, "", body);
        let json: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
        (answer.status, json)
    };
    let (status, report) = check("/v1/check?preflight", &pdf);
    assert_eq!(status, 200, "{report}");
    assert!(report["fonts"].as_array().is_some_and(|fonts| !fonts.is_empty()), "{report}");
    assert!(report["fonts"][0]["embedded"] == true && report["ink"]["cmyk"].as_u64() > Some(0), "{report}");
    let (status, findings) = check("/v1/check?preflight=0", &pdf);
    assert!(status == 200 && findings.is_array(), "{findings}");
    let (status, problem) = check("/v1/check?preflight", &sample("obyavlenie.html"));
    assert_eq!(status, 415);
    assert!(problem["detail"].as_str().is_some_and(|d| d.contains("is no PDF")), "{problem}");
}

#[test]
fn content_codings_of_a_body_are_undone() {
    let at = start(Config::default());
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&sample("parish.html")).expect("in memory");
    let body = gzip.finish().expect("in memory");
    let answer = ask(at, "POST", "/v1/article", "Content-Encoding: gzip\r\n", &body);
    assert_eq!(
        (answer.status, answer.text()),
        (200, ask(at, "POST", "/v1/article", "", &sample("parish.html")).text())
    );
    assert_eq!(ask(at, "POST", "/v1/article", "Content-Encoding: gzip\r\n", &body[..body.len() / 2]).status, 400);
    assert_eq!(ask(at, "POST", "/v1/article", "Content-Encoding: compress\r\n", &body).status, 415);
}

#[test]
fn a_bomb_is_413() {
    let config = Config::default();
    let limit = usize::try_from(config.limits.input).expect("a size");
    let at = start(config);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&vec![b'a'; limit + 1]).expect("in memory");
    let body = gzip.finish().expect("in memory");
    for route in ["/v1/article", "/v1/pdf"] {
        let answer = ask(at, "POST", route, "Content-Encoding: gzip\r\n", &body);
        assert_eq!(answer.status, 413, "{route}: {}", answer.text());
    }
}

#[test]
fn errors_are_problems_with_one_sentence() {
    let at = start(Config::default());
    let page = sample("parom.html");
    for (method, target, headers, body, status, words) in [
        ("POST", "/v1/rewrite?theme=no-such-theme", "", &page[..], 400, "no-such-theme"),
        ("POST", "/v1/rewrite?theme=no-such-theme", "", &page, 400, "/v1/themes lists them"),
        ("POST", "/v1/rewrite?theme=/etc/passwd", "", &page, 400, "no file"),
        ("POST", "/v1/pdf?style=../../etc/passwd.toml", "", &page, 400, "no file"),
        ("POST", "/v1/rewrite?site=/etc/passwd", "", &page, 400, "there is no parameter"),
        ("POST", "/v1/rewrite?size=9000", "", &page, 400, "size 9000 is outside"),
        (
            "POST",
            "/v1/pdf?max-pages=1",
            "",
            &sample("longread.html"),
            413,
            "the service's owner can raise it with --max-pages",
        ),
        ("POST", "/v1/pdf", "Content-Type: application/json\r\n", b"{}", 422, "no article"),
        ("POST", "/v1/pdf?columns=x", "", &page, 400, "columns"),
        ("POST", "/v1/article", "", b"%PDF-1.7", 415, "is a PDF"),
        ("POST", "/v1/rewrite", "", b"", 415, "is empty"),
        ("POST", "/v1/rewrite", "Content-Type: image/png\r\n", b"x", 415, "image/png"),
        ("POST", "/v1/article", "", &sample("glavnaya.html"), 422, "no article"),
        ("GET", "/v1/article", "", b"", 400, "url"),
        ("GET", "/v1/article?url=https://example.com/", "", b"", 403, "--allow-origin"),
        ("GET", "/v1/pdf?url=file:///etc/passwd", "", b"", 400, "no web address"),
        ("POST", "/v1/article?max-input=1K", "", &page, 413, "limit"),
        ("DELETE", "/v1/article", "", b"", 405, "DELETE"),
        ("GET", "/no/such/page", "", b"", 404, "/no/such/page"),
    ] {
        let answer = ask(at, method, target, headers, body);
        let text = answer.text();
        assert_eq!(answer.status, status, "{method} {target}: {text}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{target}");
        let problem: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(problem["status"], status, "{target}");
        assert!(problem["detail"].as_str().is_some_and(|d| d.contains(words)), "{target}: {words:?} is not in {text}");
    }
}

#[test]
fn a_receipt_tells_what_went() {
    let at = start(Config::default());
    let answer = ask(at, "POST", "/v1/rewrite?mode=article&output=receipt", "", &sample("znamya.html"));
    let receipt: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert!(receipt["removed"].as_array().is_some_and(|r| !r.is_empty()), "{receipt}");
    assert_eq!(receipt["lost"], serde_json::json!([]));
    let answer = ask(at, "POST", "/v1/rewrite?output=receipt", "", &sample("znamya.html"));
    let receipt: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert!(receipt["removed"].as_array().is_some_and(|r| !r.is_empty()), "{receipt}");
    assert_eq!(receipt["lost"], serde_json::json!([]));
}

#[test]
fn the_account_of_a_page_comes_as_a_header_or_after_the_page() {
    let at = start(Config::default());
    let page =
        "<title>Мост</title><h1>Мост</h1><div class=ad>Купи <a href=/x>лодку</a></div><p>Мост <a href=/y>открыт</a>.";
    let answer = ask(at, "POST", "/v1/rewrite", "Content-Type: text/html; charset=utf-8\r\n", page.as_bytes());
    let told = "removed=1, removed-words=2, words=3, headings=1, links=1, images=0, tables=0, lost=0";
    assert_eq!(answer.header("clearprint-receipt"), Some(told));

    // A page that streams tells it when it has ended, to a client that takes trailers.
    let long = format!(
        "{page}{}",
        "<p>The council met on Tuesday and decided on the bridge of the district.</p>".repeat(5_000)
    );
    let mut stream = connect(at);
    let head = format!(
        "POST /v1/rewrite HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nConnection: close, TE\r\n\
         Content-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
        long.len()
    );
    stream.write_all(head.as_bytes()).expect("it reads");
    let mut way_in = stream.try_clone().expect("a second end");
    let body = long.clone();
    let sent = std::thread::spawn(move || way_in.write_all(body.as_bytes()));
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    sent.join().expect("no panic").expect("it reads");
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.contains("trailer: clearprint-receipt\r\n"), "{}", &answer[..400]);
    let end: String = answer.chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect();
    assert!(end.contains("\r\nclearprint-receipt: removed=1, removed-words=2, words=65003"), "{end}");
}

#[test]
fn themes_and_health() {
    let at = start(Config::default());
    let themes: serde_json::Value = serde_json::from_slice(&ask(at, "GET", "/v1/themes", "", b"").body).expect("JSON");
    let least = themes["screen"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|t| t["least_text_contrast"].as_f64().expect("a number"));
    assert!(least.fold(21.0, f64::min) >= 7.0);
    assert!(themes["print"].as_array().is_some_and(|p| p.len() >= 10));
    assert_eq!(ask(at, "GET", "/healthz", "", b"").text(), "ok\n");
}

fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut body = String::new();
    for (name, value) in fields {
        let file = if *name == "file" { "; filename=\"a.html\"\r\nContent-Type: text/html" } else { "" };
        body += &format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n");
    }
    (body + "--edge--\r\n").into_bytes()
}

#[test]
fn the_start_page_shows_an_article_on_screen_and_on_paper() {
    let at = start(Config::default());
    let send = |fields: &[(&str, &str)]| {
        ask(at, "POST", "/", "Content-Type: multipart/form-data; boundary=edge\r\n", &form(fields))
    };
    let empty = ask(at, "GET", "/", "Accept-Language: ru\r\n", b"").text();
    assert!(empty.contains("<html lang=\"ru\">") && empty.contains("<form") && !empty.contains("<script"), "{empty}");
    assert!(ask(at, "GET", "/?lang=en", "Accept-Language: ru\r\n", b"").text().contains("<html lang=\"en\">"));
    let russian = ask(at, "GET", "/?lang=ru", "", b"").text();
    assert!(russian.contains("Крупная печать RNIB") && !russian.contains("RNIB large print"));
    let page = String::from_utf8(sample("parish.html")).expect("UTF-8");
    for fields in [
        &[("text", page.as_str()), ("theme", "white-on-black")][..],
        &[("file", &page), ("theme", "white-on-black"), ("text", "")],
        &[("sample", "hall"), ("theme", "white-on-black")],
    ] {
        let answer = send(fields);
        let html = answer.text();
        assert_eq!(answer.status, 200, "{html}");
        assert!(
            html.contains("srcdoc=\"&lt;!doctype html&gt;") && html.contains("~1.white-on-black.size150.css"),
            "{html}"
        );
        assert!(
            html.contains("src=\"data:image/png;base64,iVBOR")
                && html.contains("href=\"data:application/pdf;base64,JVBER")
        );
        assert!(html.contains("Wexcombe"), "what was given stays in the form");
    }
    assert!(send(&[("text", &page), ("to", "pdf")]).body.starts_with(b"%PDF-"));
    let themed = send(&[("text", &page), ("to", "page")]);
    assert!(themed.header("content-security-policy").is_some_and(|p| p.contains("sandbox")));
    for (fields, status) in [
        (&[("text", "")][..], 400),
        (&[("text", &page), ("theme", "/etc/passwd")], 400),
        (&[("text", &page), ("style", "nonesuch")], 400),
        (&[("text", &page), ("size", "9000")], 400),
        (&[("file", "%PDF-1.7")], 415),
        (&[("url", "http://127.0.0.1/")], 403),
    ] {
        let answer = send(fields);
        assert_eq!(answer.status, status, "{fields:?}");
        assert!(answer.text().contains("role=\"alert\""), "{fields:?}");
    }
    // Who reads this page knows no commands: it says what is wrong in the reader's language.
    let send_in = |lang: &str, fields: &[(&str, &str)]| {
        let headers = "Content-Type: multipart/form-data; boundary=edge\r\n";
        ask(at, "POST", &format!("/?lang={lang}"), headers, &form(fields)).text()
    };
    for (fields, ru, en) in [
        (&[("text", "слова")][..], "Для печати здесь нет статьи", "There is no article to print"),
        (&[("file", "%PDF-1.7")], "Это не страница HTML", "This is no HTML page"),
        (&[("url", "http://127.0.0.1/")], "С этого сайта страницы брать нельзя", "cannot be fetched here"),
        (&[("text", "")], "заполните одно из полей", "fill in one of the fields"),
    ] {
        for (lang, words) in [("ru", ru), ("en", en)] {
            let html = send_in(lang, fields);
            assert!(html.contains("class=\"h-error\"") && html.contains(words), "{words} is not in {html}");
            assert!(!html.contains("`rewrite`") && !html.contains("--allow-origin"), "{html}");
        }
    }
    let hostile = send(&[("text", "</textarea><script>alert(1)</script><p>x"), ("to", "both")]).text();
    assert!(!hostile.contains("<script"), "{hostile}");
}

#[test]
fn health_and_metrics_may_have_a_listener_of_their_own() {
    let at = start(Config::default());
    assert_eq!(ask(at, "GET", "/readyz", "", b"").text(), "ready\n");
    let request_id = |headers: &str| ask(at, "GET", "/healthz", headers, b"").header("x-request-id").map(str::to_owned);
    assert_ne!(request_id(""), request_id(""));
    assert_ne!(request_id("X-Request-Id: mine\r\n").as_deref(), Some("mine"), "nobody vouches for it");
    ask(at, "POST", "/v1/rewrite", "", &sample("znamya.html"));
    let metrics = ask(at, "GET", "/metrics", "", b"").text();
    let value = |name: &str| {
        let line = metrics.lines().find(|l| l.starts_with(name)).unwrap_or_else(|| panic!("no {name} in {metrics}"));
        line.rsplit(' ').next().and_then(|v| v.parse::<u64>().ok()).expect("a number")
    };
    assert_eq!(value("clearprint_requests_total{door=\"api\",status=\"2xx\"}"), 1);
    assert!(value("clearprint_streamed_bytes_total") > 1000 && value("clearprint_removed_elements_total") > 0);
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let public = start(Config { admin_listen: Some(free), ..Config::default() });
    assert_eq!(ask(free, "GET", "/metrics", "", b"").status, 200);
    for path in ["/metrics", "/healthz", "/readyz"] {
        assert_eq!(ask(public, "GET", path, "", b"").status, 404, "{path}");
    }
}

#[test]
fn nothing_is_smuggled_behind_an_ambiguous_length() {
    let at = start(Config::default());
    for lengths in [
        "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: +6\r\n",
        "Content-Length: 6, 7\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
    ] {
        let mut stream = connect(at);
        let request = format!(
            "POST /v1/rewrite HTTP/1.1\r\nHost: x\r\n{lengths}\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let both = lengths.contains("Content-Length") && lengths.contains("Transfer-Encoding");
        assert!(both || answer.starts_with("HTTP/1.1 400"), "{lengths:?}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{lengths:?}: a second request was read: {answer}");
    }
}

#[test]
fn who_does_not_finish_a_head_is_shown_out_and_the_others_are_served() {
    let at = start(Config::default());
    let heads: [&[u8]; 4] = [b"", b"P", b"PRI * HTTP/2.0\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "];
    let slow: Vec<_> = (0..200)
        .map(|n| {
            let mut stream = connect(at);
            stream.write_all(heads[n % heads.len()]).expect("it listens");
            stream
        })
        .collect();
    assert_eq!(ask(at, "GET", "/healthz", "", b"").status, 200);
    for (n, mut stream) in slow.into_iter().enumerate() {
        // The end, after an answer at most; a connection that is held gives an error when the read times out.
        let mut answer = Vec::new();
        let ended = stream.read_to_end(&mut answer);
        let reset = ended.as_ref().is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset);
        assert!(ended.is_ok() || reset, "{:?}: {ended:?}", String::from_utf8_lossy(heads[n % heads.len()]));
    }
}

/// A site of one page that redirects from `/old`, answers `/bomb` with more than allowed, and never answers `/slow`.
fn origin() -> (SocketAddr, Url) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut head = [0; 4096];
                let length = stream.read(&mut head).unwrap_or(0);
                let request = String::from_utf8_lossy(&head[..length]).into_owned();
                let path = request.split(' ').nth(1).unwrap_or("").to_owned();
                let answer = |headers: &str, body: &[u8]| {
                    let head = format!("HTTP/1.1 {headers}Connection: close\r\nContent-Length: {}\r\n\r\n", body.len());
                    [head.as_bytes(), body].concat()
                };
                let bytes = match path.as_str() {
                    "/news" => answer("200 OK\r\nContent-Type: text/html; charset=utf-8\r\n", &sample("parish.html")),
                    "/long" => answer("200 OK\r\nContent-Type: text/html\r\n", &part(1, 2)),
                    "/long/2" => answer("200 OK\r\nContent-Type: text/html\r\n", &part(2, 3)),
                    "/long/3" => answer("200 OK\r\nContent-Type: text/html\r\n", &part(3, 2)),
                    "/old" => answer("302 Found\r\nLocation: /news\r\n", b""),
                    "/away" => answer("302 Found\r\nLocation: http://127.0.0.2:1/\r\n", b""),
                    "/circle" => answer("302 Found\r\nLocation: /circle\r\n", b""),
                    "/gone" => answer("404 Not Found\r\n", b""),
                    "/bomb" => answer("200 OK\r\n", &vec![b'a'; 9 << 20]),
                    // Never: until the other side goes.
                    _ => return drop(stream.read(&mut head)),
                };
                let _ = stream.write_all(&bytes);
            });
        }
    });
    (address, Url::parse(&format!("http://{address}")).expect("an address"))
}

/// A page of an article on several, which the next one continues.
fn part(number: usize, next: usize) -> Vec<u8> {
    let text = format!(
        "<p>Part {number} of the report tells how crew {number} set the last beam of the bridge, what it cost the \
         district, and why the river had to wait for inspection {number} before anybody could cross it \"on foot\".</p>"
    );
    let again = text.replace("tells", "also tells") + &text.replace("Part", "This part");
    format!(
        "<!doctype html><html lang=en><head><title>The bridge opens early</title><link rel=next href=/long/{next}>\
         </head><body><main><h1>The bridge opens early</h1>{text}{again}</main></body></html>"
    )
    .into_bytes()
}

#[test]
fn an_article_at_an_address_is_read_with_its_pages_and_no_further_than_usual() {
    let (site, origin) = origin();
    let mut limits = Config::default().limits;
    limits.fetch = Duration::from_secs(2);
    let at = start(Config { allowed_origins: vec![origin], reach: Reach::Anyone, limits, ..Config::default() });
    let get_as = |format: &str, query: &str| {
        ask(at, "GET", &format!("/v1/article?format={format}&url=http://{site}/long{query}"), "", b"")
    };
    let get = |query: &str| get_as("text", query);
    for query in ["", "&follow=3", "&follow=1000", "&prefer=print"] {
        let text = get(query).text();
        assert!(["crew 1", "crew 2", "crew 3"].iter().all(|word| text.contains(word)), "{query}: {text}");
        assert!(text.contains("\"on foot\""), "{text}");
    }
    assert!(get("&typography").text().contains("“on foot”"));
    let told: serde_json::Value = serde_json::from_str(&get_as("json", "&output=receipt").text()).expect("JSON");
    let further: Vec<_> = told["further"].as_array().expect("pages").iter().map(|page| &page["source"]).collect();
    assert_eq!(further, [&format!("http://{site}/long/2"), &format!("http://{site}/long/3")], "{told}");
    assert_eq!((&told["source"], &told["lost"]), (&format!("http://{site}/long").into(), &serde_json::json!([])));
    let posted = ask(at, "POST", "/v1/article?output=receipt", "", &sample("parom.html")).text();
    assert!(posted.contains("\"removed\"") && !posted.contains("\"further\""), "{posted}");
    let short = get("&follow=2");
    assert_eq!((short.status, short.text().contains("ask for more with follow")), (413, true), "{}", short.text());
    assert_eq!(get("&follow=0").status, 400);
    for name in ["follow=2", "prefer=amp"] {
        let answer = ask(at, "POST", &format!("/v1/article?{name}"), "", &part(1, 2));
        assert_eq!(answer.status, 400, "{}", answer.text());
        assert!(answer.text().contains(&format!("parameter {} is for", &name[..6])), "{}", answer.text());
    }
}

#[test]
fn what_is_made_of_an_article_at_an_address_is_made_of_all_its_pages() {
    let (site, origin) = origin();
    let mut limits = Config::default().limits;
    limits.fetch = Duration::from_secs(2);
    let at = start(Config { allowed_origins: vec![origin], reach: Reach::Anyone, limits, ..Config::default() });
    let whole = ask(at, "GET", &format!("/v1/article?format=json&url=http://{site}/long"), "", b"");
    for (route, options) in [("pdf", "style=rnib-large"), ("preview", "contact-sheet"), ("rewrite", "mode=article")] {
        let get =
            |query: &str| ask(at, "GET", &format!("/v1/{route}?{options}&url=http://{site}/long{query}"), "", b"");
        let made = get("");
        let posted =
            ask(at, "POST", &format!("/v1/{route}?{options}"), "Content-Type: application/json\r\n", &whole.body);
        assert_eq!((made.status, posted.status), (200, 200), "{route}: {} {}", made.head, posted.head);
        assert!(made.body == posted.body, "{route} has not made the same of the address and of its whole article");
        let short = get("&follow=2");
        assert_eq!((short.status, short.text().contains("ask for more with follow")), (413, true), "{}", short.text());
        let sent = ask(at, "POST", &format!("/v1/{route}?{options}&follow=2"), "", &part(1, 2));
        assert_eq!((sent.status, sent.text().contains("parameter follow is for")), (400, true), "{}", sent.text());
    }
    let told = ask(at, "GET", &format!("/v1/rewrite?mode=article&output=receipt&url=http://{site}/long"), "", b"");
    let told: serde_json::Value = serde_json::from_str(&told.text()).expect("JSON");
    assert_eq!(told["further"].as_array().map(Vec::len), Some(2), "{told}");
    assert_eq!(told["lost"], serde_json::json!([]));
    let page = ask(at, "GET", &format!("/v1/rewrite?follow=2&url=http://{site}/long"), "", b"").text();
    assert!(page.contains("crew 1") && !page.contains("crew 2"), "a page is not an article: {page}");
}

#[test]
fn pages_are_fetched_only_from_allowed_origins_and_every_redirect_is_judged() {
    let (site, origin) = origin();
    let mut limits = Config::default().limits;
    limits.fetch = Duration::from_secs(2);
    let at = start(Config { allowed_origins: vec![origin.clone()], reach: Reach::Anyone, limits, ..Config::default() });
    let get = |path: &str| ask(at, "GET", &format!("/v1/article?url=http://{site}{path}"), "", b"");
    assert_eq!(get("/news").text(), ask(at, "POST", "/v1/article", "", &sample("parish.html")).text());
    assert_eq!(get("/old").status, 200);
    for (path, status) in [("/away", 403), ("/circle", 502), ("/gone", 404), ("/bomb", 413), ("/slow", 504)] {
        assert_eq!(get(path).status, status, "{path}");
    }
    // Named, but inside a private network: refused where the connection is made.
    let guarded = start(Config { allowed_origins: vec![origin], ..Config::default() });
    let answer = ask(guarded, "GET", &format!("/v1/article?url=http://{site}/news"), "", b"");
    assert_eq!(answer.status, 403, "{}", answer.text());
}

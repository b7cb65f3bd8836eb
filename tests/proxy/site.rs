//! The site behind the proxy: it redirects, dawdles, dies and lies.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use clearprint::internals::server::SiteConfig;
use url::Url;

use super::coding::coded;

/// A site on a port of its own. It remembers the heads of all requests.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
}

impl Site {
    pub(crate) fn start() -> Self {
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

    pub(crate) fn config(&self) -> SiteConfig {
        let url = |text: &str| Url::parse(text).expect(text);
        SiteConfig::new(url(&format!("http://{}", self.address)), url("https://www.example.ru"))
    }

    pub(crate) fn last(&self) -> String {
        self.requests.lock().expect("no panic").last().cloned().unwrap_or_default()
    }
}

pub(crate) const PAGE: &str = "<!doctype html><html lang=ru><head><title>Мост открыли</title>\
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

/// A page of an article on several, which goes on at `next`.
fn part(extra: &str, number: usize, next: &str) -> Vec<u8> {
    let text = format!(
        "<p>Part {number} of the report tells how crew {number} set the last beam of the bridge, what it cost the \
         district, and why the river had to wait for inspection {number} before anybody could cross it on foot.</p>"
    );
    let again = text.replace("tells", "also tells") + &text.replace("Part", "This part");
    let page = format!(
        "<!doctype html><html lang=en><head><title>The bridge opens early</title><link rel=next href='{next}'></head>\
         <body><main><h1>The bridge opens early</h1>{text}{again}</main></body></html>"
    );
    answer(&format!("200 OK\r\nContent-Type: text/html; charset=utf-8{extra}"), page.as_bytes())
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
        "/report" => part("\r\nLast-Modified: Sun, 01 Nov 2026 10:00:00 GMT\r\nCache-Control: max-age=60", 1, "/report/2"),
        "/report/2" => answer("302 Found\r\nLocation: /report/second", b""),
        "/report/second" => part("\r\nCache-Control: no-store", 2, "/report/3?all=1"),
        "/report/3" => part("", 3, "/report"),
        "/report/half" => part("", 1, "/gone"),
        "/report/abroad" => part("", 1, "http://127.0.0.2:1/report/2"),
        "/report/led-away" => part("", 1, "/away"),
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
        "/gone" | "/clearprint" if !target.ends_with("?taken") => answer("404 Not Found\r\nContent-Type: text/html", b"<h1>404</h1>"),
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

//! Nobody makes the service connect where it was not told to: by the address of a page, by a redirect, by a picture.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::http::{ask, start};
use clearprint::internals::Reach;
use clearprint::internals::server::Config;
use url::{Url, form_urlencoded};

/// Hosts that lead inside, in all their spellings.
const INSIDE: [&str; 79] = [
    // Loopback and "this host": plain, short, decimal, hexadecimal, octal, with a dot at the end, in other digits and dots.
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0X7F000001",
    "0x7f.1",
    "0x7F.0x0.0x0.0x1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "127.0x0.0.01",
    "0.0.0.0",
    "0",
    "0x0",
    "0.0.0.0.",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "１２７.０.０.１",
    "%31%32%37.0.0.1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ｌｏｃａｌｈｏｓｔ",
    // Private networks.
    "10.0.0.1",
    "10.255.255.255",
    "0xa000001",
    "012.0.0.1",
    "167772161",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "3232235521",
    // Link-local, where clouds keep their keys.
    "169.254.169.254",
    "0xa9fea9fe",
    "2852039166",
    "0251.0376.0251.0376",
    "169.16689662",
    // Carrier-grade NAT, protocol assignments, documentation, benchmarking, multicast, reserved, broadcast.
    "100.64.0.1",
    "100.127.255.254",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    // IPv6: unspecified, loopback, mapped, compatible.
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000::0001]",
    "[::ffff:127.0.0.1]",
    "[::FFFF:7f00:1]",
    "[::ffff:169.254.169.254]",
    "[::ffff:10.0.0.1]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    // NAT64, 6to4, Teredo, ISATAP.
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001::1]",
    "[2001:0:53aa:64c:0:0:80ff:fffe]",
    "[2606:4700::5efe:7f00:1]",
    "[2606:4700::200:5efe:a00:1]",
    // Link-local, site-local, unique local, multicast, discard, documentation.
    "[fe80::1]",
    "[febf::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[100::1]",
    "[2001:db8::1]",
    "[3fff::1]",
];

/// Addresses that are, or pass themselves off as, something else than a page of the allowed origin. `SITE` is that origin's
/// host and port, `TRAP` another's.
const ELSEWHERE: [&str; 29] = [
    "http://TRAP/",
    "HTTP://TRAP/",
    "hTTp:\\\\TRAP/",
    "http:TRAP/",
    "http:///TRAP/",
    "http://///TRAP/",
    " http://TRAP/",
    "ht\ntp://TRAP/",
    "//TRAP/",
    "https://TRAP/",
    "https://SITE/",
    "http://SITE@TRAP/",
    "http://SITE:80@TRAP/",
    "http://SITE%2F@TRAP/",
    "http://TRAP\\@SITE/",
    "http://TRAP/@SITE/",
    "http://TRAP?@SITE/",
    "http://TRAP#@SITE/",
    "http://user:secret@SITE/news",
    "http://SITE.evil.example/",
    "ws://TRAP/",
    "ftp://TRAP/",
    "gopher://TRAP/_GET",
    "blob:http://TRAP/x",
    "jar:http://TRAP!/",
    "file:///etc/passwd",
    "FILE://localhost/etc/passwd",
    "data:text/html,<p>x",
    "javascript:1",
];

/// Listens for whoever should not come.
struct Trap {
    port: u16,
    came: Arc<AtomicUsize>,
}

impl Trap {
    fn set() -> Self {
        let listener = TcpListener::bind("[::]:0").or_else(|_| TcpListener::bind("0.0.0.0:0")).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let came = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&came);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<h1>x</h1");
            }
        });
        Self { port, came }
    }

    fn spelled(&self, host: &str) -> String {
        format!("http://{host}:{}/", self.port)
    }

    /// Nobody has come so far, and whoever comes is noticed.
    fn is_untouched(&self) {
        assert_eq!(self.came.load(Ordering::SeqCst), 0, "somebody connected");
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the trap listens");
        let _ = stream.read(&mut [0]);
        assert_eq!(self.came.swap(0, Ordering::SeqCst), 1, "the trap does not work");
    }
}

/// A site whose `/to?ADDRESS` redirects to the address, and whose other pages are `page`.
fn site() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 8192];
            let length = stream.read(&mut head).unwrap_or(0);
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            let target = head.split(' ').nth(1).unwrap_or("");
            let location = target.strip_prefix("/to?").and_then(|query| {
                form_urlencoded::parse(query.as_bytes())
                    .find(|(name, _)| name == "a")
                    .map(|(_, value)| value.into_owned())
            });
            let hop = target.strip_prefix("/hop/").and_then(|n| n.parse::<u32>().ok());
            let answer = match (location, hop) {
                (Some(location), _) => {
                    format!("302 Found\r\nLocation: {}\r\nContent-Length: 0", location.replace('\n', ""))
                }
                (_, Some(n)) if n > 0 => format!("302 Found\r\nLocation: /hop/{}\r\nContent-Length: 0", n - 1),
                _ => "200 OK\r\nContent-Type: text/html\r\nContent-Length: 0".into(),
            };
            let _ = stream.write_all(format!("HTTP/1.1 {answer}\r\nConnection: close\r\n\r\n").as_bytes());
        }
    });
    address
}

fn encoded(name: &str, value: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}

fn fetch(service: SocketAddr, address: &str) -> (u16, String) {
    let answer = ask(service, "GET", &format!("/v1/article?{}", encoded("url", address)), "", b"");
    (answer.status, answer.text())
}

/// A page that shows pictures at `sources`.
fn album(sources: &[String]) -> String {
    let text = "Совет депутатов утвердил бюджет округа на следующий год, сообщили в администрации района вчера. ";
    let pictures: String =
        sources.iter().map(|src| format!("<p>{text}</p><p><img src=\"{src}\" alt=\"Снимок\"></p>")).collect();
    let text = format!("<p>{}</p>", text.repeat(5)).repeat(3);
    format!("<!doctype html><title>Бюджет принят</title><h1>Бюджет принят</h1><article>{pictures}{text}</article>")
}

#[test]
fn what_leads_inside_is_refused_where_the_connection_is_made_even_if_its_origin_is_allowed() {
    let trap = Trap::set();
    let allowed_origins = INSIDE.iter().filter_map(|host| Url::parse(&trap.spelled(host)).ok()).collect();
    let service = start(Config { allowed_origins, ..Config::default() });
    for host in INSIDE {
        let (status, text) = fetch(service, &trap.spelled(host));
        // A name that this machine does not know is 502: there was nobody to refuse.
        let unknown = status == 502 && text.contains("cannot be found");
        assert!(status == 403 || unknown, "{host}: {status} {text}");
    }
    let page = album(&INSIDE.map(|host| trap.spelled(host)));
    let pdf = ask(service, "POST", "/v1/pdf", "Content-Type: text/html\r\n", page.as_bytes());
    assert_eq!(pdf.status, 200, "dead pictures fail no PDF");
    trap.is_untouched();
}

#[test]
fn only_allowed_origins_are_fetched_from_however_the_address_is_written() {
    let (trap, site) = (Trap::set(), site());
    let allowed = Url::parse(&format!("http://{site}")).expect("an address");
    let service = start(Config { allowed_origins: vec![allowed], reach: Reach::Anyone, ..Config::default() });
    assert_ne!(fetch(service, &format!("http://{site}/news")).0, 403, "the site itself is allowed");
    let there = format!("127.0.0.1:{}", trap.port);
    let elsewhere = ELSEWHERE.map(|a| a.replace("TRAP", &there).replace("SITE", &site.to_string()));
    let inside = INSIDE.map(|host| trap.spelled(host));
    let all: Vec<String> = elsewhere.into_iter().chain(inside).collect();
    for address in &all {
        let (status, text) = fetch(service, address);
        assert!(matches!(status, 400 | 403), "{address:?}: {status} {text}");
    }
    let led: Vec<String> = all.iter().map(|a| format!("http://{site}/to?{}", encoded("a", a))).collect();
    for (address, target) in led.iter().zip(&all) {
        // A redirect that cannot be read is the site's mistake, and `http:x` is a path of the site, whose pages are empty.
        let (status, text) = fetch(service, address);
        let path = target.starts_with("http:1") && matches!(status, 415 | 422);
        assert!(path || matches!(status, 400 | 403 | 502), "a redirect to {target:?}: {status} {text}");
    }
    let page = album(&[all, led].concat());
    let pdf = ask(service, "POST", "/v1/pdf", "Content-Type: text/html\r\n", page.as_bytes());
    assert_eq!(pdf.status, 200, "dead pictures fail no PDF");
    trap.is_untouched();
}

#[test]
fn three_redirects_are_followed_and_no_more() {
    let site = site();
    let allowed = Url::parse(&format!("http://{site}")).expect("an address");
    let service = start(Config { allowed_origins: vec![allowed], reach: Reach::Anyone, ..Config::default() });
    // The page at the end is empty, which is another complaint.
    assert_ne!(fetch(service, &format!("http://{site}/hop/3")).0, 502);
    assert_eq!(fetch(service, &format!("http://{site}/hop/4")).0, 502);
}

#[test]
fn a_posted_page_reads_no_file_of_the_server() {
    let service = start(Config::default());
    let pdf = |src: &str| {
        let page = album(&[src.to_owned()]);
        let pdf = ask(service, "POST", "/v1/pdf", "Content-Type: text/html\r\n", page.as_bytes());
        assert_eq!(pdf.status, 200, "{src}");
        pdf.body.len()
    };
    // Tests run in the project's folder, where these are.
    let own = std::env::current_dir().expect("a folder").join("samples/img/hall.jpg");
    let whole = Url::from_file_path(&own).expect("a path");
    for src in ["samples/img/hall.jpg", whole.as_str(), whole.path()] {
        assert!(own.exists());
        assert_eq!(pdf(src), pdf(&src.replace("hall", "absent")), "{src} was read");
    }
    let page = album(&[]);
    for option in ["site=/etc/passwd", "filters=/etc/passwd", "icc=/etc/passwd", "receipt=/tmp/x", "theme=/etc/passwd"]
    {
        for route in ["rewrite", "pdf"] {
            let target = format!("/v1/{route}?{option}");
            let answer = ask(service, "POST", &target, "Content-Type: text/html\r\n", page.as_bytes());
            assert_eq!(answer.status, 400, "{target}: {}", answer.text());
            assert!(!answer.text().contains("root:"), "{target}");
        }
    }
}

//! Fetching from outside: content codings, charsets of headers, and errors, against a real server on this machine.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Output};

use encoding_rs::WINDOWS_1251;

const TEXT: &str = "Совет депутатов утвердил бюджет округа на следующий год и расходы на ремонт дорог и школ, сообщили в администрации.";

fn page() -> Vec<u8> {
    let paragraphs = format!("<p>{TEXT}</p>").repeat(8);
    let html = format!(
        "<html><head><title>Бюджет принят</title></head><body><h1>Бюджет принят</h1>{paragraphs}</body></html>"
    );
    WINDOWS_1251.encode(&html).0.into_owned()
}

/// Answers every request with `head` and `body`, and gives its address.
fn serve(head: &str, body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let head = format!("{head}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    format!("http://{address}/news/1")
}

fn article(url: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clearprint"));
    command.args(["article", url, "--timeout", "5"]).env("NO_COLOR", "1").output().expect("the binary runs")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// Brotli that stores its input in one uncompressed meta-block (RFC 7932, 9.2), at most 65,536 bytes.
fn brotli(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len() - 1).expect("a short page");
    assert!(length < 1 << 16);
    // WBITS 16 (0), ISLAST 0, MNIBBLES 4 (00), MLEN - 1 in 16 bits, ISUNCOMPRESSED 1, padding.
    let header = length << 4 | 1 << 20;
    let mut out = header.to_le_bytes()[..3].to_vec();
    out.extend_from_slice(bytes);
    // ISLAST 1, ISLASTEMPTY 1.
    out.push(0b11);
    out
}

#[test]
fn every_content_coding_comes_with_every_way_to_name_the_charset() {
    type Encode = fn(&[u8]) -> Vec<u8>;
    let codings: [(&str, Encode); 5] =
        [("identity", <[u8]>::to_vec), ("gzip", gzip), ("deflate", deflate), ("br", brotli), ("zstd", zstd)];
    for (name, encode) in codings {
        for content_type in
            ["text/html; charset=windows-1251", "text/html", "text/html; charset=utf-8", "text/html; charset=koi8-r"]
        {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Encoding: {name}\r\n");
            let output = article(&serve(&head, encode(&page())));
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(text.contains(TEXT), "{name}, {content_type}: {text} {stderr}");
        }
    }
}

#[test]
fn what_cannot_be_fetched_is_code_3_with_a_sentence() {
    let coded =
        |coding: &str, body: &[u8]| serve(&format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n"), body.to_vec());
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    for (url, words) in [
        (serve("HTTP/1.1 404 Not Found\r\n", page()), "answers with status 404"),
        (serve("HTTP/1.1 302 Found\r\nLocation: /news/1\r\n", Vec::new()), "redirects more than"),
        (
            serve("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n", Vec::new()),
            "redirects to something that is no web address",
        ),
        (coded("gzip", b"this is no gzip"), "are not gzip"),
        (coded("compress", &page()), "is not known"),
        (serve("HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n", b"%PDF-1.7".to_vec()), "is a PDF, not HTML"),
        (serve("HTTP/1.1 200 OK\r\n", Vec::new()), "is empty"),
        (format!("http://{closed}/"), "cannot be reached"),
        ("http://no-such-host.invalid/".to_owned(), "its host cannot be found"),
        ("http://user:secret@127.0.0.1/".to_owned(), "carries a name or password"),
    ] {
        let output = article(&url);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{url}: {stderr}");
        assert!(stderr.contains(words), "{words:?} is not in {stderr:?}");
        assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
    }
}

#[test]
fn a_page_that_never_ends_its_head_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_clearprint"));
    let output = command.args(["article", &url, "--timeout", "1"]).output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("did not answer within 1 s; raise it with --timeout"));
    drop(listener);
}

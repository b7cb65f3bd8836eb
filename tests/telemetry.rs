//! Spans at a collector of ours, and the trace at the site behind.
#![cfg(feature = "otel")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::http::ask;
use serde_json::Value;

/// Takes requests on a port of its own, answers each with `answer`, and hands their heads and bodies on.
fn listen(answer: &'static [u8]) -> (SocketAddr, Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let sender = sender.clone();
            std::thread::spawn(move || {
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                    head.push(byte[0]);
                }
                let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
                let length = head.split("content-length: ").nth(1).and_then(|t| t.split("\r\n").next()?.parse().ok());
                let mut body = vec![0; length.unwrap_or(0)];
                let _ = stream.read_exact(&mut body);
                let _ = sender.send((head, body));
                if answer.is_empty() {
                    // Hears and says nothing.
                    let _ = stream.read(&mut byte);
                }
                let _ = stream.write_all(answer);
            });
        }
    });
    (address, receiver)
}

/// The program with a collector, told to end after `GET /lv/~1.dark/news`; it ends in order.
fn run(collector: SocketAddr, site: SocketAddr, headers: &str) {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let mut service = Command::new(env!("CARGO_BIN_EXE_clearprint"))
        .args(["serve", "--listen", &port.to_string(), "--trusted-proxy", "127.0.0.1"])
        .args(["--upstream", &format!("http://{site}"), "--public-origin", "https://www.example.ru"])
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{collector}"))
        .env("OTEL_SERVICE_NAME", "large-type")
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    while std::net::TcpStream::connect(port).is_err() {
        assert_eq!(service.try_wait().expect("a child"), None, "it does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    let answer = ask(port, "GET", "/lv/~1.dark/news?secret=1", headers, b"");
    assert_eq!(answer.status, 200, "{}", answer.head);
    let kill = Command::new("kill").arg(service.id().to_string()).status().expect("kill");
    assert!(kill.success() && service.wait().expect("it ends").success());
}

const PAGE: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: 29\r\n\r\n<title>T</title><p>Text</p>\r\n";

#[test]
fn a_request_is_a_span_at_the_collector_and_the_site_is_part_of_its_trace() {
    let (collector, messages) = listen(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    let (site, asked) = listen(PAGE);
    let parent = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\ntracestate: a=b\r\n";
    run(collector, site, parent);
    // The end hands over what would have waited for more.
    let (head, body) = messages.recv_timeout(Duration::from_secs(60)).expect("a message");
    assert!(
        head.starts_with("post /v1/traces http/1.1\r\n") && head.contains("content-type: application/json"),
        "{head}"
    );
    let message: Value = serde_json::from_slice(&body).expect("JSON");
    let resource = &message["resourceSpans"][0];
    let service = &resource["resource"]["attributes"][0];
    assert_eq!((&service["key"], &service["value"]["stringValue"]), (&"service.name".into(), &"large-type".into()));
    let span = &resource["scopeSpans"][0]["spans"][0];
    assert_eq!(span["traceId"], "4bf92f3577b34da6a3ce929d0e0e4736", "{span}");
    assert_eq!((&span["parentSpanId"], &span["kind"]), (&"00f067aa0ba902b7".into(), &2.into()), "{span}");
    let attribute = |key: &str| {
        let all = span["attributes"].as_array().expect("attributes");
        all.iter().find(|a| a["key"] == key).map(|a| a["value"].clone()).unwrap_or_else(|| panic!("no {key} in {span}"))
    };
    assert_eq!(attribute("url.path")["stringValue"], "/lv/~1.dark/news");
    assert_eq!(attribute("http.response.status_code")["intValue"], "200");
    assert!(!span.to_string().contains("secret"), "queries may hold what is nobody's business: {span}");
    let time = |name: &str| span[name].as_str().and_then(|t| t.parse::<u128>().ok()).expect(name);
    assert!(time("startTimeUnixNano") < time("endTimeUnixNano"));
    let own = span["spanId"].as_str().expect("an id");
    let (head, _) = asked.recv_timeout(Duration::from_secs(60)).expect("the site was asked");
    assert!(head.contains(&format!("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-{own}-01\r\n")), "{head}");
    assert!(head.contains("tracestate: a=b\r\n"), "{head}");
}

#[test]
fn a_collector_that_never_answers_does_not_keep_the_program_from_its_end() {
    let (collector, messages) = listen(b"");
    let (site, _asked) = listen(PAGE);
    run(collector, site, "");
    assert!(messages.try_recv().is_ok(), "it was tried");
}

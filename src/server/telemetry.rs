//! Spans for an OpenTelemetry collector: OTLP as JSON over HTTP, with the fetching that we have already.
//!
//! There is one span for each request, from its head to the last byte of its answer. Requests never wait for the collector:
//! spans go into a queue, and what the queue or the collector does not take is lost.

use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use crate::source::address::Reach;
use crate::source::fetch::Fetcher;
use crate::{Error, Result};

/// Spans that wait for the collector; more are lost.
const QUEUE: usize = 2_048;
/// Spans of one message, and how long the first of them waits for others (the SDKs' own defaults).
const MOST: usize = 512;
const DELAY: Duration = Duration::from_secs(5);
/// How long the last spans have when the service ends.
const FLUSH: Duration = Duration::from_secs(2);
/// Names of the context of a trace (W3C Trace Context).
pub(super) const CONTEXT: [HeaderName; 2] =
    [HeaderName::from_static("traceparent"), HeaderName::from_static("tracestate")];

/// Where spans go, and what they say of the service.
#[derive(Clone, Debug)]
pub struct Collector {
    /// The whole address, usually ending in `/v1/traces`.
    pub endpoint: Url,
    /// Headers that the collector asks for.
    pub headers: HeaderMap,
    /// Name of the service, and whatever else is said of it.
    pub resource: Vec<(String, String)>,
    /// How long it may take to accept a message.
    pub time: Duration,
}

impl Collector {
    /// What the standard `OTEL_` variables say; `None` where they name no collector or switch it off.
    ///
    /// # Errors
    /// [`Error::Usage`] that names the variable.
    pub fn from_env() -> Result<Option<Self>> {
        Self::from_variables(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn from_variables(get: impl Fn(&str) -> Option<String>) -> Result<Option<Self>> {
        /// A variable, or the one of its name for traces alone, which wins.
        const EXPORTER: &str = "OTEL_EXPORTER_OTLP";
        let of_traces = |name: &str| {
            let own = format!("{EXPORTER}_TRACES_{name}");
            get(&own).map(|value| (own, value)).or_else(|| {
                let all = format!("{EXPORTER}_{name}");
                get(&all).map(|value| (all, value))
            })
        };
        let off = get("OTEL_SDK_DISABLED").is_some_and(|v| v.eq_ignore_ascii_case("true"))
            || get("OTEL_TRACES_EXPORTER").is_some_and(|v| v == "none");
        let Some((name, address)) = of_traces("ENDPOINT").filter(|_| !off) else { return Ok(None) };
        let wrong = |name: &str, why: &str| Error::Usage(format!("{name}: {why}"));
        let mut endpoint = Url::parse(&address)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| wrong(&name, "give a whole address, like http://127.0.0.1:4318"))?;
        if !name.contains("_TRACES_") {
            let path = format!("{}/v1/traces", endpoint.path().trim_end_matches('/'));
            endpoint.set_path(&path);
        }
        if let Some((name, _)) = of_traces("PROTOCOL").filter(|(_, value)| value == "grpc") {
            return Err(wrong(
                &name,
                "only HTTP is spoken; give http/json and the collector's HTTP port, usually 4318",
            ));
        }
        let mut headers = HeaderMap::new();
        if let Some((name, list)) = of_traces("HEADERS") {
            for (key, value) in pairs(&list).ok_or_else(|| wrong(&name, "write it as key=value,key=value"))? {
                let pair = (HeaderName::try_from(key), HeaderValue::try_from(value));
                let (Ok(key), Ok(value)) = pair else { return Err(wrong(&name, "holds what is no header")) };
                headers.insert(key, value);
            }
        }
        let said = get("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
        let mut resource =
            pairs(&said).ok_or_else(|| wrong("OTEL_RESOURCE_ATTRIBUTES", "write it as key=value,key=value"))?;
        let named = resource.iter().position(|(key, _)| key == "service.name").map(|at| resource.remove(at).1);
        let service = get("OTEL_SERVICE_NAME").or(named).unwrap_or_else(|| env!("CARGO_PKG_NAME").into());
        resource.insert(0, ("service.name".into(), service));
        let time = match of_traces("TIMEOUT") {
            Some((name, text)) => text.parse().map_err(|_| wrong(&name, "give milliseconds, like 10000"))?,
            None => 10_000,
        };
        Ok(Some(Self { endpoint, headers, resource, time: Duration::from_millis(time) }))
    }
}

/// `a=b,c=d`, with values percent-encoded as in the baggage header.
fn pairs(list: &str) -> Option<Vec<(String, String)>> {
    list.split(',')
        .filter(|pair| !pair.trim().is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=')?;
            let value = percent_encoding::percent_decode_str(value.trim()).decode_utf8().ok()?;
            Some((key.trim().to_owned(), value.into_owned()))
        })
        .collect()
}

/// A trace as requests carry it: its id, the id of the span that asks, and whether it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Trace {
    id: u128,
    span: u64,
    flags: u8,
}

impl Trace {
    /// Reads `traceparent` (W3C Trace Context, 3.2).
    fn read(value: &HeaderValue) -> Option<Self> {
        let mut parts = value.to_str().ok()?.split('-');
        let mut hex = |digits: usize| {
            let part = parts.next()?;
            let sound = part.len() == digits && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            sound.then(|| u128::from_str_radix(part, 16).ok()).flatten()
        };
        let (version, id, span, flags) = (hex(2)?, hex(32)?, hex(16)?, hex(2)?);
        let more = parts.next().is_some();
        let sound = version != 0xff && id != 0 && span != 0 && (version > 0 || !more);
        sound.then_some(Self { id, span: span as u64, flags: flags as u8 })
    }

    fn header(self) -> HeaderValue {
        let text = format!("00-{:032x}-{:016x}-{:02x}", self.id, self.span, self.flags);
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    fn is_kept(self) -> bool {
        self.flags & 1 == 1
    }
}

/// A number that no other span has, and nobody can guess.
fn new_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    static PROCESS: OnceLock<RandomState> = OnceLock::new();
    PROCESS.get_or_init(RandomState::new).hash_one(NEXT.fetch_add(1, Relaxed)).max(1)
}

/// A request under way. Dropped with the answer's body, it is handed to the collector's queue.
pub(super) struct Span {
    trace: Trace,
    parent: Option<u64>,
    method: Method,
    path: String,
    request_id: String,
    started: SystemTime,
    status: u16,
    broken: bool,
    queue: mpsc::Sender<Message>,
}

enum Message {
    Done(Value),
    Flush(oneshot::Sender<()>),
}

impl Span {
    /// Goes with the answer to its end.
    pub(super) fn follow(mut self, response: Response) -> Response {
        self.status = response.status().as_u16();
        response.map(|body| Body::new(Watched { body, span: self }))
    }

    /// The span in OTLP's JSON.
    fn json(&self) -> Value {
        let nanoseconds = |at: SystemTime| at.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos().to_string();
        let mut span = json!({
            "traceId": format!("{:032x}", self.trace.id),
            "spanId": format!("{:016x}", self.trace.span),
            "name": self.method.as_str(),
            "kind": 2, // the server's side
            "startTimeUnixNano": nanoseconds(self.started),
            "endTimeUnixNano": nanoseconds(SystemTime::now()),
            "attributes": [
                attribute("http.request.method", self.method.as_str()),
                attribute("url.path", &self.path),
                attribute("clearprint.request_id", &self.request_id),
            ],
            "status": {},
        });
        if let Some(parent) = self.parent {
            span["parentSpanId"] = format!("{parent:016x}").into();
        }
        if let (Some(attributes), true) = (span["attributes"].as_array_mut(), self.status > 0) {
            let status = json!({ "intValue": self.status.to_string() });
            attributes.push(json!({ "key": "http.response.status_code", "value": status }));
        }
        let failed = match (self.status, self.broken) {
            (_, true) => Some("the answer broke off"),
            (0, _) => Some("the client went away"),
            (500.., _) => Some(""),
            _ => None,
        };
        if let Some(why) = failed {
            span["status"] = json!({ "code": 2, "message": why });
        }
        span
    }
}

fn attribute(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": { "stringValue": value } })
}

impl Drop for Span {
    fn drop(&mut self) {
        if self.trace.is_kept() {
            // A full queue loses the span; nobody waits.
            let _ = self.queue.try_send(Message::Done(self.json()));
        }
    }
}

/// The body of an answer, and the span that ends with it.
struct Watched {
    body: Body,
    span: Span,
}

impl hyper::body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        self.span.broken |= matches!(frame, Some(Err(_)));
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Begins spans, and knows the queue that they end in.
pub(super) struct Tracer(mpsc::Sender<Message>);

impl Tracer {
    /// Starts what hands spans to the collector. Needs tokio's runtime.
    pub(super) fn new(collector: Collector) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(export(collector, receiver));
        Self(sender)
    }

    /// Begins the span of a request, and puts it into the request's headers, from which the site gets it. The trace it is
    /// part of is believed of `trusted` peers alone.
    pub(super) fn begin(&self, request: &mut Request, trusted: bool, request_id: &HeaderValue) -> Span {
        let [traceparent, tracestate] = CONTEXT;
        let parent = request.headers().get(&traceparent).filter(|_| trusted).and_then(Trace::read);
        let trace = match parent {
            Some(parent) => Trace { span: new_id(), ..parent },
            None => {
                request.headers_mut().remove(tracestate);
                Trace { id: u128::from(new_id()) << 64 | u128::from(new_id()), span: new_id(), flags: 1 }
            }
        };
        request.headers_mut().insert(traceparent, trace.header());
        Span {
            trace,
            parent: parent.map(|parent| parent.span),
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            request_id: request_id.to_str().unwrap_or_default().to_owned(),
            started: SystemTime::now(),
            status: 0,
            broken: false,
            queue: self.0.clone(),
        }
    }

    /// Hands over what waits; not for long.
    pub(super) async fn flush(&self) {
        let (done, wait) = oneshot::channel();
        let handing = async {
            if self.0.send(Message::Flush(done)).await.is_ok() {
                let _ = wait.await;
            }
        };
        if timeout(FLUSH, handing).await.is_err() {
            tracing::warn!("the last spans are lost: the collector takes more than {} s", FLUSH.as_secs());
        }
    }
}

async fn export(collector: Collector, mut queue: mpsc::Receiver<Message>) {
    // The operator named it, also inside a private network.
    let fetcher = Fetcher::new(Reach::Anyone);
    let mut lost = 0;
    while let Some(first) = queue.recv().await {
        let (mut spans, mut flushed) = (Vec::new(), None);
        let until = Instant::now() + DELAY;
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Done(span) => spans.push(span),
                Message::Flush(done) => {
                    flushed = Some(done);
                    break;
                }
            }
            if spans.len() >= MOST {
                break;
            }
            next = timeout_at(until, queue.recv()).await.ok().flatten();
        }
        let many = spans.len();
        let sent = many == 0 || send(&fetcher, &collector, spans).await;
        match (sent, lost) {
            (true, 1..) => {
                tracing::info!("the collector takes spans again; {lost} are lost");
                lost = 0;
            }
            (false, 0) => tracing::warn!("{} takes no spans; they are lost until it does", collector.endpoint),
            _ => {}
        }
        if !sent {
            lost += many;
        }
        if let Some(done) = flushed {
            let _ = done.send(());
        }
    }
}

async fn send(fetcher: &Fetcher, collector: &Collector, spans: Vec<Value>) -> bool {
    let resource: Vec<Value> = collector.resource.iter().map(|(key, value)| attribute(key, value)).collect();
    let scope = json!({ "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") });
    let message = json!({
        "resourceSpans": [{ "resource": { "attributes": resource }, "scopeSpans": [{ "scope": scope, "spans": spans }] }],
    });
    let mut request = Request::new(Body::from(message.to_string()));
    *request.method_mut() = Method::POST;
    let Ok(uri) = collector.endpoint.as_str().parse() else { return false };
    *request.uri_mut() = uri;
    request.headers_mut().extend(collector.headers.clone());
    request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let answer = timeout(collector.time, fetcher.send(request)).await;
    matches!(answer, Ok(Ok(answer)) if answer.status().is_success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_read_as_the_standard_writes_it() {
        let read = |text: &str| Trace::read(&HeaderValue::from_str(text).expect("a value"));
        let sound = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let trace = read(sound).expect("the standard's own example");
        assert_eq!(
            (trace.span, trace.is_kept(), trace.header().to_str().ok()),
            (0x00f0_67aa_0ba9_02b7, true, Some(sound))
        );
        assert!(!read(&sound.replace("-01", "-00")).expect("not kept").is_kept());
        assert!(read(&sound.replacen("00", "01", 1).replace("-01", "-01-more")).is_some(), "a later version");
        for wrong in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_standard_variables_say_where_spans_go() {
        let read = |given: &[(&str, &str)]| {
            Collector::from_variables(|name| given.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
        };
        assert!(read(&[("OTEL_SERVICE_NAME", "x")]).expect("sound").is_none(), "nobody asked for it");
        let all = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318/");
        let plain = read(&[all]).expect("sound").expect("a collector");
        assert_eq!(plain.endpoint.as_str(), "http://127.0.0.1:4318/v1/traces");
        assert_eq!(plain.resource, [("service.name".to_owned(), "clearprint".to_owned())]);
        let told = read(&[
            all,
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://collector.example/in"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20x, a=b"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=y,host=h1"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "500"),
        ]);
        let told = told.expect("sound").expect("a collector");
        assert_eq!(told.endpoint.as_str(), "https://collector.example/in");
        assert_eq!(
            (&told.headers["authorization"], &told.headers["a"]),
            (&HeaderValue::from_static("Bearer x"), &HeaderValue::from_static("b"))
        );
        assert_eq!(told.resource, [("service.name", "y"), ("host", "h1")].map(|(k, v)| (k.to_owned(), v.to_owned())));
        assert_eq!(told.time, Duration::from_millis(500));
        assert!(read(&[all, ("OTEL_SDK_DISABLED", "true")]).expect("sound").is_none());
        for wrong in [
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "collector:4318"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "nothing"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon"),
        ] {
            let error = read(&[all, wrong]).expect_err(wrong.0).to_string();
            assert!(error.starts_with(wrong.0), "{error}");
        }
    }

    /// A collector that accepts connections and says nothing.
    fn mute() -> (std::net::TcpListener, Collector) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let given = |name: &str| (name == "OTEL_EXPORTER_OTLP_ENDPOINT").then(|| address.clone());
        let collector = Collector::from_variables(given).expect("sound").expect("a collector");
        (listener, collector)
    }

    #[tokio::test(start_paused = true)]
    async fn a_mute_collector_holds_up_neither_requests_nor_the_end() {
        let (_listener, collector) = mute();
        let tracer = Tracer::new(collector);
        let began = Instant::now();
        for _ in 0..QUEUE * 3 {
            drop(tracer.begin(&mut Request::new(Body::empty()), false, &HeaderValue::from_static("x")));
            tokio::task::yield_now().await;
        }
        assert!(began.elapsed() < FLUSH, "spans are lost and not waited for: {:?}", began.elapsed());
        tracer.flush().await;
        assert!(began.elapsed() < FLUSH * 3, "{:?}", began.elapsed());
    }
}

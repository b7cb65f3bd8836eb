//! What happens around every request: its id, its line in the log, its place in the metrics; and no second request
//! behind one whose length two servers could read in two ways.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{self, Relaxed};
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use hyper::body::Body as _;

use super::App;
use super::metrics::{Door, Metrics};
use super::proxy::Peer;

const REQUEST_ID: &str = "x-request-id";

pub(super) async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let id = said(request.headers(), peer).unwrap_or_else(new_id);
    let door = door(&app, request.uri().path());
    let (method, path) = (shown(request.method().as_str()), shown(request.uri().path()));
    let peer_said = request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let in_flight = InFlight::enter(&app.metrics);
    let started = Instant::now();
    let in_chunks = request.headers().contains_key(header::TRANSFER_ENCODING);
    #[cfg(feature = "otel")]
    let mut request = request;
    #[cfg(feature = "otel")]
    let traced = app.tracer.as_ref().map(|tracer| tracer.begin(&mut request, peer.is_some_and(|p| p.trusted), &id));
    let span = tracing::info_span!("request", id = %id.to_str().unwrap_or("?"));
    let mut response = next.run(request).instrument(span).await;
    if in_chunks {
        // A request may say its length in two ways, and hyper drops the one it does not believe (RFC 9112, 6.3). A server
        // before us may have believed the other one: then what follows is no request, and it is not read.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if app.ending.load(Ordering::Acquire) {
        // Inventory now, the next request goes to another instance; later it would be sent into a connection that is closed.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    let took = started.elapsed();
    drop(in_flight);
    app.metrics.count(door, response.status().as_u16(), took);
    let (id_text, status, milliseconds) = (id.to_str().unwrap_or("?"), response.status().as_u16(), took.as_millis());
    let client = client(&peer_said, peer);
    // Of a body that streams nobody knows yet how long it will be.
    let bytes = response.body().size_hint().exact();
    let cache = response.headers().get(header::AGE).map(|_| "kept");
    tracing::info!(id = %id_text, client, %method, %path, status, bytes, cache, milliseconds, "answered");
    response.headers_mut().insert(REQUEST_ID, id);
    #[cfg(feature = "otel")]
    if let Some(span) = traced {
        return span.follow(response);
    }
    response
}

/// What a stranger sent, fit for a line of a log: nothing that moves a cursor or turns text around, and not without end.
fn shown(text: &str) -> String {
    const MOST: usize = 400;
    let sound = |c: char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let mut out = String::new();
    for c in text.chars().take(MOST) {
        if sound(c) { out.push(c) } else { out.extend(c.escape_unicode()) }
    }
    if text.chars().nth(MOST).is_some() {
        out.push('…');
    }
    out
}

/// Who asks: at the other end, or whom a trusted proxy names last.
fn client(forwarded: &str, peer: Option<Peer>) -> String {
    let Some(peer) = peer else { return String::new() };
    let named = forwarded.rsplit(',').next().and_then(|last| last.trim().parse::<std::net::IpAddr>().ok());
    named.filter(|_| peer.trusted).unwrap_or(peer.address).to_string()
}

fn door(app: &App, path: &str) -> Door {
    let under = |prefix: fn(&super::SiteConfig) -> &str| {
        app.site.as_ref().is_some_and(|site| path.starts_with(prefix(&site.config)))
    };
    match path {
        p if p.starts_with("/v1/") => Door::Api,
        p if p.starts_with(super::assets::PREFIX) => Door::Asset,
        _ if under(|c| &c.page_prefix) => Door::Page,
        _ if under(|c| &c.print_prefix) => Door::Print,
        _ => Door::Other,
    }
}

/// The id that a proxy of ours gave the request.
fn said(headers: &HeaderMap, peer: Option<Peer>) -> Option<HeaderValue> {
    let id = headers.get(REQUEST_ID).filter(|_| peer.is_some_and(|p| p.trusted))?;
    let sound = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (id.len() <= 64 && id.as_bytes().iter().all(sound)).then(|| id.clone())
}

/// An id that no other request of this process has, and hardly one of another.
fn new_id() -> HeaderValue {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    static PROCESS: OnceLock<RandomState> = OnceLock::new();
    let process = PROCESS.get_or_init(RandomState::new);
    let id = format!("{:016x}", process.hash_one(NEXT.fetch_add(1, Relaxed)));
    HeaderValue::from_str(&id).unwrap_or_else(|_| HeaderValue::from_static("0"))
}

/// A request whose head is being answered; a reader that goes away ends it too.
struct InFlight(Arc<Metrics>);

impl InFlight {
    fn enter(metrics: &Arc<Metrics>) -> Self {
        metrics.in_flight.fetch_add(1, Relaxed);
        Self(Arc::clone(metrics))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use tower_service::Service;

    use super::*;
    use crate::server::{Config, router};

    #[tokio::test]
    async fn who_is_answered_while_the_service_ends_is_told_to_ask_another() {
        let app = App::new(Config::default()).expect("a sound configuration");
        for ending in [false, true] {
            app.ending.store(ending, Ordering::Release);
            let response = router(&app).call(Request::new(Body::empty())).await.expect("it answers");
            let said = response.headers().get(header::CONNECTION).map(HeaderValue::as_bytes);
            assert_eq!(said, ending.then_some(&b"close"[..]));
        }
    }
}

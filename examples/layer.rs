//! The rewriter as a layer of an axum service: what the service answers as HTML leaves it in large type, while it is being
//! written; everything else passes untouched.
//!
//! ```sh
//! cargo run --example layer
//! curl http://127.0.0.1:8090/
//! ```

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use axum::middleware::{self, Next};
use axum::response::{Html, Response};
use axum::routing::get;
use clearprint::clean::Rules;
use clearprint::rewrite::{Options, Rewriter};
use clearprint::source::{Declared, StreamDecoder};
use hyper::body::Frame;

const PAGE: &str = "<!doctype html><title>The ferry</title><div class=ad>Buy!</div><h1>The ferry runs again</h1>
<p>It leaves every hour, from six in the morning to ten at night.</p><script>track()</script>";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8090").await?;
    println!("http://{}/", listener.local_addr()?);
    axum::serve(listener, site()).await?;
    Ok(())
}

/// A site of one page and one text, with the layer over both.
pub(crate) fn site() -> Router {
    Router::new()
        .route("/", get(|| async { Html(PAGE) }))
        .route("/robots.txt", get(|| async { "User-agent: *\nAllow: /\n" }))
        .layer(middleware::from_fn(in_large_type))
}

/// The layer.
async fn in_large_type(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_html = |t: &axum::http::HeaderValue| t.as_bytes().starts_with(b"text/html");
    if !response.headers().get(CONTENT_TYPE).is_some_and(is_html) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    // What these said was of the page as it was.
    head.headers.remove(CONTENT_LENGTH);
    head.headers.remove(ETAG);
    head.headers.insert(CONTENT_TYPE, axum::http::HeaderValue::from_static("text/html; charset=utf-8"));
    Response::from_parts(head, Body::new(Themed::new(body)))
}

type Sink = Box<dyn FnMut(&[u8]) + Send>;

/// A body that is rewritten where it is polled.
struct Themed {
    page: Body,
    decoder: StreamDecoder,
    /// Gone when the page has ended.
    rewriter: Option<Rewriter<'static, Sink>>,
    ready: Arc<Mutex<Vec<u8>>>,
}

impl Themed {
    fn new(page: Body) -> Self {
        let ready = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&ready);
        let sink: Sink = Box::new(move |bytes| kept.lock().expect("nobody panics").extend_from_slice(bytes));
        let rewriter = Some(Rewriter::new(Rules::built_in(), &Options::default(), sink));
        Self { page, decoder: StreamDecoder::new(Declared::default()), rewriter, ready }
    }

    fn take(&self) -> Bytes {
        std::mem::take(&mut *self.ready.lock().expect("nobody panics")).into()
    }
}

impl hyper::body::Body for Themed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        loop {
            let Some(mut rewriter) = self.rewriter.take() else { return Poll::Ready(None) };
            let Poll::Ready(frame) = Pin::new(&mut self.page).poll_frame(cx) else {
                self.rewriter = Some(rewriter);
                return Poll::Pending;
            };
            let mut text = String::new();
            match frame.transpose()? {
                Some(frame) => {
                    let Ok(data) = frame.into_data() else {
                        self.rewriter = Some(rewriter);
                        continue;
                    };
                    self.decoder.push(&data, &mut text);
                    rewriter.write(&text).map_err(axum::Error::new)?;
                    self.rewriter = Some(rewriter);
                }
                None => {
                    self.decoder.finish(&mut text);
                    rewriter.write(&text).map_err(axum::Error::new)?;
                    rewriter.end().map_err(axum::Error::new)?;
                }
            }
            let bytes = self.take();
            if !bytes.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(bytes))));
            }
        }
    }
}

//! Guarded fetching over HTTP: addresses are checked where the connection is made, redirects are followed by hand, and
//! time, redirects and bytes are bounded.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;
use url::Url;

use super::address::Reach;
use super::coding::ContentDecoder;
use super::page::Page;
use crate::limits::Limit;
use crate::{Error, Limits, Result};

/// How many redirects are followed.
pub(crate) const REDIRECTS: usize = 3;
/// How long one address may take to answer a connection before the next one is tried.
const CONNECT: Duration = Duration::from_secs(5);

/// Bytes of an answer that are read at once, and of its head; hyper's own bound of 400 KB is mapped anew for each page.
const BUFFER: usize = 64 << 10;

/// How long a connection is kept for the next request: less than any usual server keeps it (Apache's 5 s), so that it is
/// not closed while a request is on its way.
const IDLE: Duration = Duration::from_secs(4);

/// Fetches pages and pictures. Cheap to clone; connections are kept for reuse.
#[derive(Clone)]
pub(crate) struct Fetcher {
    client: Client<HttpsConnector<GuardedConnector>, Sent>,
}

/// The body of a request.
type Sent = UnsyncBoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

/// What came back.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) struct Fetched {
    /// The address after redirects.
    pub(crate) url: Url,
    /// The `Content-Type` header.
    pub(crate) content_type: Option<String>,
    /// The content, its coding undone.
    pub(crate) bytes: Vec<u8>,
}

/// What one request gave.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The content.
    Content(Fetched),
    /// The `Location` of a redirect, as it stands.
    Redirect(String),
}

impl Fetcher {
    /// A fetcher that connects only where `reach` allows.
    pub(crate) fn new(reach: Reach) -> Self {
        let https = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .wrap_connector(GuardedConnector { reach });
        let client = Client::builder(TokioExecutor::new())
            .http1_max_buf_size(BUFFER)
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .build(https);
        Self { client }
    }

    /// Fetches `url` whole: at most `limit` bytes, within `time` for everything.
    ///
    /// # Errors
    /// One sentence: where the address is not allowed, nobody answers, the answer is no success, or a bound is passed.
    pub(crate) async fn get(
        &self,
        url: &Url,
        accept: &'static str,
        limit: u64,
        time: Duration,
    ) -> Result<Fetched, FetchError> {
        self.get_within(url, accept, limit, time, |_| true).await
    }

    /// The same, where `allowed` judges the address and every redirect.
    ///
    /// # Errors
    /// As [`Fetcher::get`]; [`FetchError::NotAllowed`] where `allowed` says no.
    pub(crate) async fn get_within(
        &self,
        url: &Url,
        accept: &'static str,
        limit: u64,
        time: Duration,
        allowed: impl Fn(&Url) -> bool,
    ) -> Result<Fetched, FetchError> {
        let whole = self.follow(url.clone(), accept, limit, allowed);
        tokio::time::timeout(time, whole).await.unwrap_or(Err(FetchError::Slow(time)))
    }

    async fn follow(
        &self,
        mut url: Url,
        accept: &'static str,
        limit: u64,
        allowed: impl Fn(&Url) -> bool,
    ) -> Result<Fetched, FetchError> {
        for _ in 0..=REDIRECTS {
            if !allowed(&url) {
                return Err(FetchError::NotAllowed);
            }
            match self.get_once(&url, headers(accept), limit).await? {
                Answer::Content(fetched) => return Ok(fetched),
                Answer::Redirect(location) => {
                    let next = url.join(&location).map_err(|_| FetchError::BadRedirect)?;
                    if !matches!(next.scheme(), "http" | "https") {
                        return Err(FetchError::BadRedirect);
                    }
                    url = next;
                }
            }
        }
        Err(FetchError::TooManyRedirects)
    }

    /// Sends one request and gives its content, at most `limit` bytes of it, or where it leads.
    ///
    /// # Errors
    /// As [`Fetcher::get`].
    pub(crate) async fn get_once(&self, url: &Url, headers: HeaderMap, limit: u64) -> Result<Answer, FetchError> {
        let response = self.ask(Method::GET, url, headers).await?;
        if let Some(location) = redirect(&response) {
            return Ok(Answer::Redirect(location.to_owned()));
        }
        if !response.status().is_success() {
            return Err(FetchError::Status(response.status().as_u16()));
        }
        collect(url.clone(), response, limit).await.map(Answer::Content)
    }

    /// Sends one request and gives the answer as it begins; redirects are not followed.
    ///
    /// # Errors
    /// Where the address is not allowed or nobody answers.
    pub(crate) async fn ask(
        &self,
        method: Method,
        url: &Url,
        headers: HeaderMap,
    ) -> Result<Response<Incoming>, FetchError> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(FetchError::Credentials);
        }
        // A fragment is the reader's affair and no part of a request.
        let uri: Uri = url[..url::Position::AfterQuery].parse().map_err(|_| FetchError::BadAddress)?;
        let mut request = Request::new(Empty::new());
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        self.send(request).await
    }

    /// Sends a request as it stands, with its body, and gives the answer as it begins.
    ///
    /// # Errors
    /// As [`Fetcher::ask`].
    pub(crate) async fn send<B>(&self, request: Request<B>) -> Result<Response<Incoming>, FetchError>
    where
        B: Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        let request = request.map(|body| Sent::new(body.map_err(Into::into)));
        self.client.request(request).await.map_err(|e| FetchError::from_client(&e))
    }
}

/// The headers of a request for `accept`.
pub(crate) fn headers(accept: &'static str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::USER_AGENT, HeaderValue::from_static(concat!("clearprint/", env!("CARGO_PKG_VERSION"))));
    headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, br, zstd, deflate"));
    headers
}

fn redirect(response: &Response<Incoming>) -> Option<&str> {
    let moved = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    response.headers().get(header::LOCATION).filter(|_| moved)?.to_str().ok()
}

async fn collect(url: Url, response: Response<Incoming>, limit: u64) -> Result<Fetched, FetchError> {
    let text =
        |name| response.headers().get(name).map(HeaderValue::as_bytes).map(|v| String::from_utf8_lossy(v).into_owned());
    let content_type = text(header::CONTENT_TYPE);
    let coding = text(header::CONTENT_ENCODING).unwrap_or_default();
    let mut decoder = ContentDecoder::new(&coding, limit).map_err(|e| FetchError::from_coding(&e, limit))?;
    let mut bytes = Vec::new();
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| FetchError::CutOff)?;
        if let Some(data) = frame.data_ref() {
            bytes.extend(decoder.push(data).map_err(|e| FetchError::from_coding(&e, limit))?);
        }
    }
    bytes.extend(decoder.finish().map_err(|e| FetchError::from_coding(&e, limit))?);
    Ok(Fetched { url, content_type, bytes })
}

/// Why something could not be fetched.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum FetchError {
    /// No request can be made of it.
    #[error("is not an address that can be fetched; give one that starts with http:// or https://")]
    BadAddress,
    /// A name and password in the address.
    #[error("carries a name or password; leave them out")]
    Credentials,
    /// The name cannot be resolved.
    #[error("its host cannot be found; check the spelling and the network")]
    NoHost,
    /// It leads into a private network.
    #[error("leads to an address that may not be fetched from")]
    NotAllowed,
    /// Nobody answers, or TLS fails.
    #[error("cannot be reached ({0}); try again later")]
    Unreachable(String),
    /// The connection was closed before anything of the answer had come.
    #[error("closed the connection without an answer; try again")]
    Closed,
    /// Too slow.
    #[error("did not answer within {} s; {}", .0.as_secs(), Limit::Fetch.remedy())]
    Slow(Duration),
    /// The answer is no success.
    #[error("answers with status {0}; check that the address opens in a browser")]
    Status(u16),
    /// Redirects in a circle, perhaps.
    #[error("redirects more than {REDIRECTS} times; give the address it should end at")]
    TooManyRedirects,
    /// A redirect to something that is no web address.
    #[error("redirects to something that is no web address")]
    BadRedirect,
    /// The connection broke off.
    #[error("broke off in the middle; try again")]
    CutOff,
    /// More bytes than allowed.
    #[error("is larger than {limit} bytes")]
    TooLarge {
        /// The bound in bytes.
        limit: u64,
    },
    /// The content coding cannot be undone.
    #[error("{0}")]
    Coding(String),
}

impl FetchError {
    fn from_client(error: &hyper_util::client::legacy::Error) -> Self {
        let closed = |error: &(dyn std::error::Error + 'static)| {
            let by_hyper = error.downcast_ref::<hyper::Error>();
            let by_system = error.downcast_ref::<io::Error>().map(io::Error::kind);
            by_hyper.is_some_and(|e| e.is_incomplete_message() || e.is_canceled() || e.is_closed())
                || matches!(by_system, Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe))
        };
        let mut source: Option<&(dyn std::error::Error + 'static)> =
            Some(error).filter(|_| !error.is_connect()).map(|e| e as _);
        while let Some(e) = source {
            if closed(e) {
                return Self::Closed;
            }
            source = e.source();
        }
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
        let mut innermost = error.to_string();
        while let Some(e) = source {
            if let Some(refused) =
                e.downcast_ref::<io::Error>().and_then(io::Error::get_ref).and_then(|e| e.downcast_ref::<Self>())
            {
                return refused.clone();
            }
            if let Some(refused) = e.downcast_ref::<Self>() {
                return refused.clone();
            }
            innermost = e.to_string();
            source = e.source();
        }
        Self::Unreachable(innermost)
    }

    fn from_coding(error: &super::coding::CodingError, limit: u64) -> Self {
        match error {
            super::coding::CodingError::TooLarge => Self::TooLarge { limit },
            other => Self::Coding(other.to_string()),
        }
    }

    /// The same as an [`Error`] about `name`; `what` it is, and by which limit its bytes are bounded.
    pub(crate) fn about(self, name: &str, what: &str, bound: Limit) -> Error {
        match self {
            Self::TooLarge { limit } => {
                Error::Limit { name: name.into(), what: what.into(), most: crate::limits::size(limit), limit: bound }
            }
            other => Error::input(name, other.to_string()),
        }
    }
}

/// A fetcher with an event loop of its own, for who waits for each answer.
pub(crate) struct Waiting {
    runtime: tokio::runtime::Runtime,
    fetcher: Fetcher,
}

impl Waiting {
    /// One that may connect to anyone.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self { runtime: runtime()?, fetcher: Fetcher::new(Reach::Anyone) })
    }

    /// As [`Fetcher::get_within`].
    pub(crate) fn get(
        &self,
        url: &Url,
        accept: &'static str,
        limit: u64,
        time: Duration,
        allowed: impl Fn(&Url) -> bool,
    ) -> Result<Fetched, FetchError> {
        self.runtime.block_on(self.fetcher.get_within(url, accept, limit, time, allowed))
    }
}

/// Fetches one page for the command line, which may connect to anyone.
///
/// # Errors
/// [`Error::Input`] or [`Error::Limit`] about the address.
pub(crate) fn page(url: &Url, limits: &Limits) -> Result<Page> {
    let fetched = Waiting::new()?.get(url, ACCEPT_PAGE, limits.input, limits.fetch, |_| true);
    let Fetched { url: last, content_type, bytes } =
        fetched.map_err(|e| e.about(url.as_str(), "the page", Limit::Input))?;
    Ok(Page { name: url.to_string(), bytes, content_type, url: Some(last), ..Page::default() })
}

/// What is asked for when a page is wanted.
pub(crate) const ACCEPT_PAGE: &str = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1";
/// What is asked for when a picture is wanted: only formats that can be set.
pub(crate) const ACCEPT_PICTURE: &str = "image/jpeg,image/png,image/webp;q=0.9,image/gif;q=0.8,*/*;q=0.1";

/// A small runtime for commands that fetch.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Error::Usage(format!("the system gives no event loop ({e}); raise the limit on open files")))
}

/// Connects to the addresses of a host that may be connected to.
#[derive(Clone)]
struct GuardedConnector {
    reach: Reach,
}

/// A TCP connection made by [`GuardedConnector`].
pub(crate) struct GuardedStream(TokioIo<TcpStream>);

impl tower_service::Service<Uri> for GuardedConnector {
    type Response = GuardedStream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<GuardedStream>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let reach = self.reach;
        Box::pin(async move {
            let host = uri.host().ok_or_else(|| io::Error::other(FetchError::BadAddress))?;
            // IP literals go through the resolver too, so that nothing passes unchecked.
            let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
            let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
            let found =
                tokio::net::lookup_host((host, port)).await.map_err(|_| io::Error::other(FetchError::NoHost))?;
            let allowed: Vec<SocketAddr> = found.filter(|a| reach.allows(a.ip())).collect();
            let mut last = io::Error::other(FetchError::NotAllowed);
            for address in allowed {
                match tokio::time::timeout(CONNECT, TcpStream::connect(address)).await {
                    Ok(Ok(stream)) => {
                        stream.set_nodelay(true)?;
                        return Ok(GuardedStream(TokioIo::new(stream)));
                    }
                    Ok(Err(e)) => last = e,
                    Err(_) => last = io::ErrorKind::TimedOut.into(),
                }
            }
            Err(last)
        })
    }
}

impl Connection for GuardedStream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl hyper::rt::Read for GuardedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl hyper::rt::Write for GuardedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

//! Connections: how many there are at once, how long each may keep us waiting, and how they end.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode, Version, header};
use axum::response::IntoResponse;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, Sleep};
use tower_service::Service;

use super::problem::Problem;
use super::proxy::Peer;
use crate::source::address::Network;

/// How long a client may take to send its request's head, and how long a connection may rest between two requests.
const HEAD: Duration = Duration::from_secs(10);
/// Bytes of a head, and of an answer that may wait in a connection.
const BUFFER: usize = 64 << 10;
/// How long requests in flight have when the service is told to end.
const DRAIN: Duration = Duration::from_secs(20);
/// Of this, how long connections that were just made have to send their request.
const LAST_WORD: Duration = Duration::from_millis(200);
/// A reader for whom an answer waits takes [`LEAST`] bytes in this time, or is let go.
const STALL: Duration = Duration::from_secs(30);
/// Half a kilobyte a second: less than any telephone line.
const LEAST: usize = 16 << 10;

/// Takes connections, at most `most` at once, until `end`; then finishes what is in flight.
pub(super) async fn accept(
    listener: TcpListener,
    router: Router,
    trusted: Vec<Network>,
    most: usize,
    end: impl Future<Output = ()>,
) {
    // axum's own `serve` has no bound on how long a request's head may take. And the version is not guessed from the first
    // bytes: whoever sends none would be waited for without end.
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(BUFFER);
    let connections = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)));
    let mut end = std::pin::pin!(end);
    let take = |stream: TcpStream, from: SocketAddr, place| {
        let _ = stream.set_nodelay(true);
        let address = from.ip().to_canonical();
        let peer = Peer { address, trusted: trusted.iter().any(|network| network.holds(address)) };
        let router = router.clone();
        let service = hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(peer);
            let mut router = router.clone();
            async move {
                if !names_one_host(&request) {
                    // Two servers could read such a request as meant for two sites (RFC 9112, 3.2).
                    let detail =
                        "the request has to name one host; send one Host header with a name and a port at most";
                    let mut response = Problem::new(StatusCode::BAD_REQUEST, detail).into_response();
                    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                    return Ok(response);
                }
                Ok::<_, Infallible>(router.call(request.map(Body::new)).await.into_response())
            }
        });
        let connection = server.serve_connection(TokioIo::new(Steady::new(stream)), service);
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(e) = connection.await {
                tracing::debug!("connection ended: {e}");
            }
            drop(place);
        });
    };
    loop {
        // Whoever finds no place waits in the system's queue, where they cost nothing.
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            next = next => next,
            () = &mut end => break,
        };
        match accepted {
            Ok((stream, from)) => take(stream, from, place),
            // Out of file descriptors, most likely: wait for some to come back rather than spin.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    // Whoever has connected already would be reset with the listener.
    while let Poll::Ready(Ok((stream, from))) = poll_fn(|cx| Poll::Ready(listener.poll_accept(cx))).await {
        take(stream, from, None);
    }
    drop(listener);
    tracing::info!("ending: no new connections, up to {} s for those in flight", DRAIN.as_secs());
    // A connection that has not been read from yet is closed unanswered: let each say what it wants.
    tokio::time::sleep(LAST_WORD).await;
    let _ = tokio::time::timeout(DRAIN - LAST_WORD, connections.shutdown()).await;
}

/// Whether a request has one Host that can be one; of HTTP/1.0, none is enough.
fn names_one_host<B>(request: &hyper::Request<B>) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => request.version() == Version::HTTP_10,
        (Some(host), None) => {
            let sound = |b: &u8| b.is_ascii_alphanumeric() || b"-._~:[]!$&'()*+,;=%".contains(b);
            let authority = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
            host.as_bytes().iter().all(sound) && authority.is_some_and(|a| a.port().is_none() || a.port_u16().is_some())
        }
        _ => false,
    }
}

/// A stream whose other end has to take what is written for it at some speed, so that nobody holds an answer in memory by
/// not reading it.
struct Steady<S> {
    stream: S,
    /// Since when something waits to be written, and how much has been since.
    waiting: Option<(Pin<Box<Sleep>>, usize)>,
}

impl<S> Steady<S> {
    fn new(stream: S) -> Self {
        Self { stream, waiting: None }
    }

    /// What a write came to: whether it moves the clock or stops it.
    fn wrote(
        &mut self,
        cx: &mut Context<'_>,
        wanted: usize,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(bytes)) if bytes >= wanted => self.waiting = None,
            Poll::Ready(Ok(bytes)) => {
                if let Some((_, taken)) = &mut self.waiting {
                    *taken += bytes;
                }
            }
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                let (clock, taken) = self.waiting.get_or_insert_with(|| (Box::pin(tokio::time::sleep(STALL)), 0));
                loop {
                    ready!(clock.as_mut().poll(cx));
                    if *taken < LEAST {
                        return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                    }
                    clock.as_mut().reset(Instant::now() + STALL);
                    *taken = 0;
                }
            }
        }
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Steady<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Steady<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.wrote(cx, bytes.len(), written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wanted = slices.iter().map(|slice| slice.len()).sum();
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.wrote(cx, wanted, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    /// Runs with a clock that leaps as soon as everybody waits for it.
    fn timeless(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("an event loop");
        runtime.block_on(async {
            tokio::time::pause();
            test.await;
        });
    }

    #[test]
    fn a_reader_that_takes_nothing_is_let_go() {
        timeless(async {
            let (ours, _theirs) = duplex(1 << 10);
            let started = Instant::now();
            let error = Steady::new(ours).write_all(&[0; 1 << 20]).await.expect_err("nobody reads");
            assert_eq!((error.kind(), started.elapsed().as_secs()), (io::ErrorKind::TimedOut, STALL.as_secs()));
        });
    }

    #[test]
    fn a_reader_that_trickles_is_let_go_and_a_slow_one_is_served() {
        for (bytes_a_second, served) in [(100, false), (2_000, true)] {
            timeless(async move {
                let (ours, mut theirs) = duplex(1 << 10);
                let reader = tokio::spawn(async move {
                    let mut piece = vec![0; bytes_a_second];
                    while theirs.read_exact(&mut piece).await.is_ok() {
                        tokio::time::sleep(Duration::from_secs(1)).await;
                    }
                });
                let written = Steady::new(ours).write_all(&[0; 400_000]).await;
                assert_eq!(written.is_ok(), served, "{bytes_a_second}: {written:?}");
                reader.await.expect("no panic");
            });
        }
    }

    #[test]
    fn a_stream_that_has_nothing_to_write_may_rest() {
        timeless(async {
            let (ours, mut theirs) = duplex(1 << 10);
            let mut ours = Steady::new(ours);
            ours.write_all(&[0; 1 << 10]).await.expect("there is room");
            tokio::time::sleep(STALL * 10).await;
            let reader = tokio::spawn(async move {
                let mut all = Vec::new();
                theirs.read_to_end(&mut all).await
            });
            ours.write_all(&[0; 1 << 14]).await.expect("somebody reads");
            drop(ours);
            assert_eq!(reader.await.expect("no panic").expect("it ends"), (1 << 10) + (1 << 14));
        });
    }
}

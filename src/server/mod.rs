//! The HTTP service.
//!
//! Pages stream through `POST /v1/rewrite` both ways; what needs the whole page runs in a bounded pool of threads. Errors
//! of the API are problem+json. Nothing a request says names a file of the server.

mod api;
mod body;
mod fetching;
mod problem;
mod stream;
mod work;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, Uri, header};
use axum::middleware::map_response;
use axum::response::Response;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use url::Url;

pub use problem::Problem;

use crate::source::address::Reach;
use crate::source::fetch::Fetcher;
use crate::{Error, Limits, Result};
use work::Work;

/// How long a client may take to send its request's head.
const HEAD: Duration = Duration::from_secs(10);
/// How long requests in flight have when the service is told to end.
const DRAIN: Duration = Duration::from_secs(20);

/// How the service is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Origins that `?url=` and pictures may be fetched from.
    pub allowed_origins: Vec<Url>,
    /// Whether the allowed origins may lead into private networks: the owner named them, and tests need it.
    pub reach: Reach,
    /// Bounds on what one request may cost.
    pub limits: Limits,
    /// Pieces of heavy work that run at once.
    pub workers: usize,
    /// Pieces of heavy work that may wait.
    pub queue: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            allowed_origins: Vec::new(),
            reach: Reach::Public,
            limits: Limits {
                input: 8 << 20,
                decoded: 32 << 20,
                fetch: Duration::from_secs(5),
                pages: 2_000,
                ..Limits::default()
            },
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            queue: 64,
        }
    }
}

/// What every request sees.
struct App {
    config: Config,
    /// For addresses that requests name.
    fetcher: Fetcher,
    work: Work,
}

/// The routes, for a server or a test.
pub fn router(config: Config) -> Router {
    let fetcher = Fetcher::new(config.reach);
    let work = Work::new(config.workers, config.queue);
    let app = Arc::new(App { config, fetcher, work });
    api::routes(app).fallback(not_found).layer(map_response(safe_headers))
}

/// Runs the service until it is told to end; requests in flight are finished.
///
/// # Errors
/// [`Error::Usage`] when the address cannot be listened on.
pub async fn serve(config: Config, on_ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let address = config.listen;
    let cannot =
        |e: std::io::Error| Error::Usage(format!("--listen {address}: {e}; name a free port, or end what uses it"));
    let listener = TcpListener::bind(address).await.map_err(cannot)?;
    on_ready(listener.local_addr().map_err(cannot)?);
    accept(listener, router(config)).await;
    Ok(())
}

async fn accept(listener: TcpListener, router: Router) {
    // axum's own `serve` has no bound on how long a request's head may take.
    let mut server = auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    let connections = GracefulShutdown::new();
    let mut end = std::pin::pin!(told_to_end());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut end => break,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, most likely: wait for some to come back rather than spin.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let connection = server.serve_connection(TokioIo::new(stream), service).into_owned();
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(e) = connection.await {
                tracing::debug!("connection ended: {e}");
            }
        });
    }
    drop(listener);
    tracing::info!("ending: no new connections, up to {} s for those in flight", DRAIN.as_secs());
    let _ = tokio::time::timeout(DRAIN, connections.shutdown()).await;
}

async fn told_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    let _ = interrupt.await;
}

async fn not_found(uri: Uri) -> Problem {
    let path: String = uri.path().chars().take(80).collect();
    Problem::new(axum::http::StatusCode::NOT_FOUND, format!("there is nothing at {path}; the API is under /v1/"))
}

/// What no answer goes without.
async fn safe_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

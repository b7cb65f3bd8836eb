//! The HTTP service.
//!
//! Pages stream through `POST /v1/rewrite` both ways; what needs the whole page runs in a bounded pool of threads. Errors
//! of the API are problem+json. Nothing a request says names a file of the server.

mod api;
mod assets;
mod body;
mod fetching;
mod home;
mod knowledge;
mod metrics;
mod observe;
mod openapi;
mod problem;
mod proxy;
mod stream;
mod work;

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower_service::Service;
use url::Url;

pub use knowledge::{KnowledgeSource, Known};
pub use problem::Problem;
pub use proxy::{Others, SiteConfig};

use crate::source::address::Reach;
use crate::source::fetch::Fetcher;
use crate::{Error, Limits, Result};
use knowledge::Knowledge;
use metrics::Metrics;
use proxy::{Peer, Site};
use work::Work;

/// How long a client may take to send its request's head.
const HEAD: Duration = Duration::from_secs(10);
/// How long requests in flight have when the service is told to end.
const DRAIN: Duration = Duration::from_secs(20);
/// Of this, how long connections that were just made have to send their request.
const LAST_WORD: Duration = Duration::from_millis(200);

/// How the service is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where health and metrics are had, if not beside everything else.
    pub admin_listen: Option<SocketAddr>,
    /// Origins that `?url=` and pictures may be fetched from.
    pub allowed_origins: Vec<Url>,
    /// Whether the allowed origins may lead into private networks: the owner named them, and tests need it.
    pub reach: Reach,
    /// The site behind the proxy, where there is one.
    pub site: Option<SiteConfig>,
    /// What is known of the sites besides the built-in rules.
    pub knowledge: KnowledgeSource,
    /// Proxies in front of us, whose word on who is behind them counts.
    pub trusted_proxies: Vec<IpAddr>,
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
            admin_listen: None,
            allowed_origins: Vec::new(),
            reach: Reach::Public,
            site: None,
            knowledge: KnowledgeSource::default(),
            trusted_proxies: Vec::new(),
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
    site: Option<Arc<Site>>,
    knowledge: Knowledge,
    metrics: Arc<Metrics>,
    /// The service was told to end.
    ending: AtomicBool,
}

impl App {
    /// # Errors
    /// Those of [`Config::knowledge`].
    fn new(config: Config) -> Result<Arc<Self>> {
        let fetcher = Fetcher::new(config.reach);
        let work = Work::new(config.workers, config.queue);
        let site = config.site.clone().map(|site| Arc::new(Site::new(site, config.limits.fetch)));
        let metrics = Arc::new(Metrics::default());
        let knowledge = Knowledge::new(config.knowledge.clone())?;
        Ok(Arc::new(Self { config, fetcher, work, site, knowledge, metrics, ending: AtomicBool::new(false) }))
    }
}

/// The routes, for a server or a test.
fn router(app: &Arc<App>) -> Router {
    let elsewhere = axum::routing::any(elsewhere).with_state(Arc::clone(app));
    let routes = if app.config.admin_listen.is_none() {
        api::routes(Arc::clone(app)).merge(admin_routes(app))
    } else {
        api::routes(Arc::clone(app))
    };
    let observed = from_fn_with_state(Arc::clone(app), observe::observe);
    routes.fallback_service(elsewhere).layer(map_response(safe_headers)).layer(observed)
}

/// What operators and their machines ask for.
fn admin_routes(app: &Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(Arc::clone(app))
}

async fn ready(State(app): State<Arc<App>>) -> Response {
    if app.ending.load(Ordering::Acquire) {
        return Problem::new(axum::http::StatusCode::SERVICE_UNAVAILABLE, "the service is ending; ask another")
            .into_response();
    }
    "ready\n".into_response()
}

async fn metrics(State(app): State<Arc<App>>) -> Response {
    let (waiting, running) = app.work.load();
    let headers = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (headers, app.metrics.text(waiting, running)).into_response()
}

/// Runs the service until it is told to end; requests in flight are finished.
///
/// # Errors
/// [`Error::Usage`] when an address cannot be listened on.
pub async fn serve(config: Config, on_ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let listener = match handed() {
        Some(listener) => listener,
        None => listen("--listen", config.listen).await?,
    };
    let app = App::new(config)?;
    if let Some(address) = app.config.admin_listen {
        let admin = listen("--admin-listen", address).await?;
        let routes = admin_routes(&app).layer(map_response(safe_headers));
        // It answers as long as the process lives, also while requests in flight are finished.
        tokio::spawn(accept(admin, routes, Vec::new(), std::future::pending()));
    }
    #[cfg(unix)]
    tokio::spawn(renew_on_hangups(Arc::clone(&app)));
    if let Ok(address) = listener.local_addr() {
        on_ready(address);
    }
    let end = {
        let app = Arc::clone(&app);
        async move {
            told_to_end().await;
            app.ending.store(true, Ordering::Release);
        }
    };
    accept(listener, router(&app), app.config.trusted_proxies.clone(), end).await;
    Ok(())
}

/// The listener that systemd holds for us, if it does.
fn handed() -> Option<TcpListener> {
    let listener = listenfd::ListenFd::from_env().take_tcp_listener(0).ok().flatten()?;
    listener.set_nonblocking(true).ok()?;
    TcpListener::from_std(listener).ok()
}

async fn listen(flag: &str, address: SocketAddr) -> Result<TcpListener> {
    let cannot = |e| Error::Usage(format!("{flag} {address}: {e}; name a free port, or end what uses it"));
    TcpListener::bind(address).await.map_err(cannot)
}

async fn accept(listener: TcpListener, router: Router, trusted: Vec<IpAddr>, end: impl Future<Output = ()>) {
    // axum's own `serve` has no bound on how long a request's head may take. And the version is not guessed from the first
    // bytes: whoever sends none would be waited for without end.
    let mut server = auto::Builder::new(TokioExecutor::new()).http1_only();
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    let connections = GracefulShutdown::new();
    let mut end = std::pin::pin!(end);
    let take = |stream: TcpStream, from: SocketAddr| {
        let _ = stream.set_nodelay(true);
        let address = from.ip().to_canonical();
        let peer = Peer { address, trusted: trusted.contains(&address) };
        let router = router.clone();
        let service = hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(peer);
            let mut router = router.clone();
            async move { Ok::<_, Infallible>(router.call(request.map(Body::new)).await.into_response()) }
        });
        let connection = server.serve_connection(TokioIo::new(stream), service).into_owned();
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(e) = connection.await {
                tracing::debug!("connection ended: {e}");
            }
        });
    };
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut end => break,
        };
        match accepted {
            Ok((stream, from)) => take(stream, from),
            // Out of file descriptors, most likely: wait for some to come back rather than spin.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    // Whoever has connected already would be reset with the listener.
    while let Poll::Ready(Ok((stream, from))) = poll_fn(|cx| Poll::Ready(listener.poll_accept(cx))).await {
        take(stream, from);
    }
    drop(listener);
    tracing::info!("ending: no new connections, up to {} s for those in flight", DRAIN.as_secs());
    // A connection that has not been read from yet is closed unanswered: let each say what it wants.
    tokio::time::sleep(LAST_WORD).await;
    let _ = tokio::time::timeout(DRAIN - LAST_WORD, connections.shutdown()).await;
}

/// On a hangup, profile and filter lists are read anew; no request waits for it, and what cannot be read changes nothing.
#[cfg(unix)]
async fn renew_on_hangups(app: Arc<App>) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut hangup) = signal(SignalKind::hangup()) else { return };
    while hangup.recv().await.is_some() {
        let renewed = {
            let app = Arc::clone(&app);
            tokio::task::spawn_blocking(move || app.knowledge.renew()).await
        };
        match renewed {
            Ok(Ok(())) => tracing::info!("SIGHUP: profile and filter lists are read anew"),
            Ok(Err(error)) => tracing::error!("SIGHUP: {error}; the old rules stay in force"),
            Err(_) => tracing::error!("SIGHUP: reading anew broke off; the old rules stay in force"),
        }
    }
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

/// What no route names: sheets, the pages of the site, or nothing.
async fn elsewhere(State(app): State<Arc<App>>, request: Request) -> Response {
    if let Some(response) = assets::answer(request.uri().path()) {
        return response;
    }
    let base = if app.site.as_ref().is_some_and(|site| site.config.pass) { "/clearprint/" } else { "/" };
    if request.uri().path() == base {
        return home::answer(&app, base, request).await;
    }
    let request = match &app.site {
        Some(site) => match proxy::answer(&app, site, request).await {
            Ok(response) => return response,
            Err(request) => request,
        },
        None => request,
    };
    let path: String = request.uri().path().chars().take(80).collect();
    let detail = format!("there is nothing at {path}; the API is under /v1/");
    Problem::new(axum::http::StatusCode::NOT_FOUND, detail).into_response()
}

/// Which of our two languages a reader's browser asks for first.
fn prefers(headers: &HeaderMap) -> Option<&'static str> {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or("");
    wanted.split(',').find_map(|tag| match tag.split([';', '-']).next()?.trim().to_ascii_lowercase().as_str() {
        "ru" | "be" | "uk" | "kk" | "ky" | "tt" | "ba" | "cv" => Some("ru"),
        "en" => Some("en"),
        _ => None,
    })
}

/// An answer of the site's own, on which nothing is put.
#[derive(Clone, Copy)]
struct Untouched;

/// What no answer goes without.
async fn safe_headers(mut response: Response) -> Response {
    if response.extensions().get::<Untouched>().is_some() {
        return response;
    }
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

//! The HTTP service.
//!
//! Pages stream through `POST /v1/rewrite` both ways; what needs the whole page runs in a bounded pool of threads. Errors
//! of the API are problem+json. Nothing a request says names a file of the server.

mod api;
mod assets;
mod body;
mod command;
mod connection;
mod fetching;
mod home;
mod layers;
mod metrics;
mod observe;
mod openapi;
mod problem;
mod proxy;
mod stream;
#[cfg(feature = "otel")]
mod telemetry;
mod work;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use url::Url;

pub(crate) use command::Serve;
pub(crate) use layers::complete;
pub use problem::Problem;
pub use proxy::{Credentials, Others, SiteConfig};
#[cfg(feature = "otel")]
pub use telemetry::Collector;

use crate::clean::{Knowledge, KnowledgeSource};
use crate::phrases::Phrases;
use crate::source::address::{Network, Reach};
use crate::source::fetch::Fetcher;
use crate::{Error, Limits, Result, limits};
use metrics::Metrics;
use proxy::Site;
use work::Work;

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
    /// Where spans of requests go, if anywhere.
    #[cfg(feature = "otel")]
    pub collector: Option<Collector>,
    /// Proxies in front of us, whose word on who is behind them counts.
    pub trusted_proxies: Vec<Network>,
    /// Whether the API and the start page are had at all; a site that passes as a whole publishes them only with a token.
    pub api: bool,
    /// What a request to the API has to bring, where it is not for everybody.
    pub api_token: Option<String>,
    /// Bytes of memory that all requests together may take, in about.
    pub memory: u64,
    /// How long `/readyz` says that the service is ending before connections are no more taken: balancers look now and then.
    pub drain_delay: Duration,
    /// Bounds on what one request may cost.
    pub limits: Limits,
    /// Connections at once.
    pub connections: usize,
    /// Pieces of heavy work that run at once.
    pub workers: usize,
    /// Pieces of heavy work that may wait.
    pub queue: usize,
}

impl Config {
    /// Whether what is no page of the site is for everybody: not where the whole site goes through us.
    fn publishes(&self) -> bool {
        self.api && !self.site.as_ref().is_some_and(|site| site.pass)
    }

    /// Whether there is an API: where the whole site goes through us, for those alone who have its token.
    fn has_api(&self) -> bool {
        self.api && (self.publishes() || self.api_token.is_some())
    }

    /// Fits a service that the system gives 1 GiB.
    pub const MEMORY: u64 = 768 << 20;
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
            #[cfg(feature = "otel")]
            collector: None,
            trusted_proxies: Vec::new(),
            api: true,
            api_token: None,
            memory: Self::MEMORY,
            drain_delay: Duration::ZERO,
            limits: Limits {
                input: 8 << 20,
                decoded: 32 << 20,
                fetch: Duration::from_secs(5),
                pages: 2_000,
                elements: 250_000,
                image_bytes: 16 << 20,
                all_image_bytes: 48 << 20,
                image_pixels: 25_000_000,
                time: Some(Duration::from_secs(2)),
                operations: 2_000_000,
                unpacked: 64 << 20,
                ..Limits::default()
            },
            connections: 1_024,
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
    #[cfg(feature = "otel")]
    tracer: Option<telemetry::Tracer>,
    /// The service was told to end.
    ending: AtomicBool,
}

impl App {
    /// # Errors
    /// Those of [`Config::knowledge`].
    fn new(config: Config) -> Result<Arc<Self>> {
        let fetcher = Fetcher::new(config.reach);
        let work = Work::new(config.workers, config.queue, config.memory);
        let site = config.site.clone().map(|site| Arc::new(Site::new(site, config.limits.fetch)));
        let metrics = Arc::new(Metrics::default());
        let knowledge = Knowledge::new(config.knowledge.clone())?;
        #[cfg(feature = "otel")]
        let tracer = config.collector.clone().map(telemetry::Tracer::new);
        Ok(Arc::new(Self {
            config,
            fetcher,
            work,
            site,
            knowledge,
            metrics,
            #[cfg(feature = "otel")]
            tracer,
            ending: AtomicBool::new(false),
        }))
    }
}

/// The routes, for a server or a test.
fn router(app: &Arc<App>) -> Router {
    let elsewhere = axum::routing::any(elsewhere).with_state(Arc::clone(app));
    let mut routes = Router::new();
    if app.config.has_api() {
        routes = routes.merge(api::routes(Arc::clone(app)));
    }
    if app.config.admin_listen.is_none() {
        routes = routes.merge(if app.config.publishes() { admin_routes(app) } else { health_routes(app) });
    }
    let observed = from_fn_with_state(Arc::clone(app), observe::observe);
    routes.fallback_service(elsewhere).layer(map_response(safe_headers)).layer(observed)
}

/// What operators and their machines ask for.
fn admin_routes(app: &Arc<App>) -> Router {
    health_routes(app).merge(Router::new().route("/metrics", get(metrics)).with_state(Arc::clone(app)))
}

/// What a proxy in front asks for.
fn health_routes(app: &Arc<App>) -> Router {
    Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready)).with_state(Arc::clone(app))
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
    let text = app.metrics.text(waiting, running) + &metrics::of_process();
    let site = app.site.as_ref().map(|site| site.latency()).unwrap_or_default();
    (headers, text + &site).into_response()
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
    // A quarter, as in the pool.
    limits::bound_decoding(config.memory / 4);
    let app = App::new(config)?;
    if let Some(address) = app.config.admin_listen {
        let admin = listen("--admin-listen", address).await?;
        let routes = admin_routes(&app).layer(map_response(safe_headers));
        apart(admin, routes)?;
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
            tokio::time::sleep(app.config.drain_delay).await;
        }
    };
    connection::accept(listener, router(&app), app.config.trusted_proxies.clone(), app.config.connections, end).await;
    #[cfg(feature = "otel")]
    if let Some(tracer) = &app.tracer {
        tracer.flush().await;
    }
    Ok(())
}

/// Tries what [`serve`] does before it takes connections.
///
/// # Errors
/// Those of [`serve`].
pub fn check(config: &Config) -> Result<()> {
    App::new(config.clone())?;
    let free = |flag: &str, address: SocketAddr| {
        let cannot = |e| Error::Usage(format!("{flag} {address}: {e}; name a free port, or end what uses it"));
        std::net::TcpListener::bind(address).map(drop).map_err(cannot)
    };
    free("--listen", config.listen)?;
    config.admin_listen.map_or(Ok(()), |address| free("--admin-listen", address))
}

/// Connections to the listener for health and metrics.
const ADMIN_CONNECTIONS: usize = 64;

/// Answers for health and metrics on a thread of its own: no load of the service delays it, and it answers as long as the
/// process lives, also while requests in flight are finished.
fn apart(listener: TcpListener, routes: Router) -> Result<()> {
    let cannot = |e: std::io::Error| {
        Error::Usage(format!("--admin-listen: the system gives no thread ({e}); raise the limit on threads"))
    };
    let listener = listener.into_std().map_err(cannot)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(cannot)?;
    let answer = move || {
        runtime.block_on(async {
            if let Ok(listener) = TcpListener::from_std(listener) {
                let end = std::future::pending();
                connection::accept(listener, routes, Vec::new(), ADMIN_CONNECTIONS, end).await;
            }
        });
    };
    std::thread::Builder::new().name("admin".into()).spawn(answer).map_err(cannot)?;
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
    if let Some(response) = assets::answer(request.method(), request.uri().path()) {
        return response;
    }
    let base = if app.site.as_ref().is_some_and(|site| site.config.pass) { home::BESIDE } else { "/" };
    if app.config.api && request.uri().path() == base {
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
    let hint = match &app.site {
        None if path.starts_with("/lv") || path.starts_with("/print") => {
            "no site is shown here, which the service's owner names with --upstream"
        }
        _ => "the API is under /v1/",
    };
    let detail = format!("there is nothing at {path}; {hint}");
    Problem::new(axum::http::StatusCode::NOT_FOUND, detail).into_response()
}

/// Which of our languages a reader's browser asks for first.
fn prefers(headers: &HeaderMap) -> Option<&'static Phrases> {
    Phrases::asked_for(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?)
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

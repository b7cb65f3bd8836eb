//! `clearprint serve`: the HTTP service.

use std::fmt::Display;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;
use url::{Position, Url};

use super::{Config, Credentials, Others, SiteConfig};
use crate::clean::KnowledgeSource;
use crate::options::LimitArgs;
use crate::options::SiteArgs;
use crate::options::web_address;
use crate::source::address::Network;
use crate::{Error, Result, limits};

/// Turns of work after which the system is asked for news of connections. A turn is two milliseconds at most.
const EVENT_INTERVAL: u32 = 4;

/// A header that says who the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Credential {
    Cookie,
    Authorization,
}

/// What the log is written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// Lines for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// Run the HTTP service
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", env = "CLEARPRINT_LISTEN")]
    listen: SocketAddr,

    /// Configuration: a TOML file whose keys are these flags; flags and CLEARPRINT_ variables win over it
    #[arg(long, value_name = "FILE", env = "CLEARPRINT_CONFIG")]
    config: Option<PathBuf>,

    /// Show the configuration with where each value came from, and end
    #[arg(long)]
    pub(crate) print_config: bool,

    /// Address and port for /healthz, /readyz and /metrics, which are then had nowhere else
    #[arg(long, value_name = "ADDR", env = "CLEARPRINT_ADMIN_LISTEN")]
    admin_listen: Option<SocketAddr>,

    /// Origin that `?url=` and pictures may be fetched from; repeatable
    #[arg(long, value_name = "ORIGIN", value_parser = origin, env = "CLEARPRINT_ALLOW_ORIGIN", value_delimiter = ',')]
    allow_origin: Vec<Url>,

    /// The site to show in large type and to print: where to connect, trusted even if private
    #[arg(long, value_name = "ORIGIN", value_parser = origin, env = "CLEARPRINT_UPSTREAM")]
    upstream: Option<Url>,

    /// The site's own address, for the Host header, links and pictures; without it that of --upstream
    #[arg(long, value_name = "ORIGIN", value_parser = origin, env = "CLEARPRINT_PUBLIC_ORIGIN")]
    public_origin: Option<Url>,

    /// Another address of the same site; repeatable
    #[arg(long, value_name = "ORIGIN", value_parser = origin, env = "CLEARPRINT_ALIAS", value_delimiter = ',')]
    alias: Vec<Url>,

    /// Pass the site's ordinary pages too, with links to their accessible and print versions
    #[arg(long, env = "CLEARPRINT_PASS")]
    pass: bool,

    /// Send cookie, authorization or both to the site; its answers are then kept by nobody
    #[arg(long, value_name = "HEADER", value_enum, env = "CLEARPRINT_CREDENTIALS", value_delimiter = ',')]
    credentials: Vec<Credential>,

    /// Memory for themed pages, like 64MiB; 0 where a cache stands in front
    #[arg(long, value_name = "SIZE", value_parser = limits::parse_size, default_value = "0", env = "CLEARPRINT_CACHE")]
    cache: u64,

    /// What is no page below the prefix: pass it, or redirect to the site for it
    #[arg(long, value_enum, default_value_t, env = "CLEARPRINT_OTHERS")]
    others: Others,

    /// Where themed pages are
    #[arg(long, value_name = "PATH", value_parser = prefix, default_value = "/lv/", env = "CLEARPRINT_PAGE_PREFIX")]
    page_prefix: String,

    /// Where PDFs are
    #[arg(long, value_name = "PATH", value_parser = prefix, default_value = "/print/", env = "CLEARPRINT_PRINT_PREFIX")]
    print_prefix: String,

    /// A proxy in front of the service, or a network of them (10.0.0.0/8), whose X-Forwarded headers are believed; repeatable
    #[arg(long, value_name = "NETWORK", env = "CLEARPRINT_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<Network>,

    /// A path of the site that is not proxied, like /admin/ or /*.bak; repeatable
    #[arg(long, value_name = "GLOB", value_parser = glob, env = "CLEARPRINT_DENY_PATH", value_delimiter = ',')]
    deny_path: Vec<String>,

    /// Neither API nor start page: only the versions of the site, their sheets, and health
    #[arg(long, env = "CLEARPRINT_NO_API", conflicts_with = "api_token")]
    no_api: bool,

    /// A token that requests to /v1/ have to bring as Authorization: Bearer
    #[arg(long, value_name = "TOKEN", value_parser = token, env = "CLEARPRINT_API_TOKEN", hide_env_values = true)]
    api_token: Option<String>,

    /// Memory that all requests together may take, in about; the default fits a service that is given 1 GiB
    #[arg(long, value_name = "SIZE", value_parser = memory, default_value = "768MiB", env = "CLEARPRINT_MEMORY")]
    memory: u64,

    /// Most connections at once; more wait. Without it one for each MiB of --memory, 1024 at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000), env = "CLEARPRINT_MAX_CONNECTIONS")]
    max_connections: Option<u32>,

    /// Seconds that /readyz says that the service is ending before it takes no more connections
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=300), default_value = "0", env = "CLEARPRINT_DRAIN_DELAY")]
    drain_delay: u64,

    /// Say what serve would refuse and what limits would hold, and end
    #[arg(long)]
    check: bool,

    /// What a line of the log looks like
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, env = "CLEARPRINT_LOG_FORMAT")]
    log_format: LogFormat,

    #[command(flatten)]
    knowledge: SiteArgs,

    #[command(flatten)]
    limits: LimitArgs,
}

impl Serve {
    /// Runs the service until it is told to end. `notice` tells a person where it listens.
    ///
    /// # Errors
    /// [`Error::Usage`] about the configuration, and as [`super::serve`].
    pub(crate) fn run(self, verbose: bool, coloured: bool, notice: &dyn Fn(&dyn Display)) -> Result<()> {
        let filter = EnvFilter::try_from_env("CLEARPRINT_LOG");
        let default = EnvFilter::new(if verbose { "clearprint=debug" } else { "clearprint=info" });
        let log = tracing_subscriber::fmt()
            .with_env_filter(filter.unwrap_or(default))
            .with_writer(std::io::stderr)
            // A journal or a container's log shows escapes as they stand.
            .with_ansi(coloured)
            .with_target(false);
        let in_json = self.log_format == LogFormat::Json;
        if in_json {
            log.json().flatten_event(true).init()
        } else {
            log.init()
        }
        let only_check = self.check;
        let config = self.config()?;
        if only_check {
            super::check(&config)?;
            print!("{}", effective(&config));
            return Ok(());
        }
        let news = news(&config);
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.enable_all().event_interval(EVENT_INTERVAL).build().map_err(|e| {
            Error::Usage(format!("the system gives no event loop ({e}); raise the limit on open files"))
        })?;
        let served = runtime.block_on(super::serve(config, |address| {
            if in_json {
                // Whoever reads JSON reads nothing else.
                tracing::info!(%address, "listening");
                return;
            }
            notice(&format!("listening on http://{address}; {news}"));
        }));
        // What still runs in the pool had its time, and nobody waits for it any more.
        runtime.shutdown_background();
        served
    }

    fn config(self) -> Result<Config> {
        let needs_site = [
            ("--public-origin", self.public_origin.is_some()),
            ("--alias", !self.alias.is_empty()),
            ("--pass", self.pass),
            ("--credentials", !self.credentials.is_empty()),
            ("--cache", self.cache > 0),
            ("--deny-path", !self.deny_path.is_empty()),
        ];
        if let (None, Some((flag, _))) = (&self.upstream, needs_site.into_iter().find(|(_, given)| *given)) {
            return Err(Error::Usage(format!("{flag} is about a site; name it with --upstream")));
        }
        let site = self.upstream.map(|upstream| SiteConfig {
            public: self.public_origin.unwrap_or_else(|| upstream.clone()),
            upstream,
            aliases: self.alias,
            page_prefix: self.page_prefix,
            print_prefix: self.print_prefix,
            others: self.others,
            credentials: Credentials {
                cookie: self.credentials.contains(&Credential::Cookie),
                authorization: self.credentials.contains(&Credential::Authorization),
            },
            cache: self.cache,
            pass: self.pass,
            denied: self.deny_path,
        });
        if let Some(site) = site.as_ref().filter(|site| site.page_prefix == site.print_prefix) {
            let prefix = &site.page_prefix;
            return Err(Error::Usage(format!("--page-prefix and --print-prefix are both {prefix}; give each its own")));
        }
        let config = Config {
            listen: self.listen,
            admin_listen: self.admin_listen,
            allowed_origins: self.allow_origin,
            site,
            knowledge: KnowledgeSource::new(move || self.knowledge.read()),
            #[cfg(feature = "otel")]
            collector: super::Collector::from_env()?,
            trusted_proxies: self.trusted_proxy,
            connections: self.max_connections.map_or((self.memory >> 20).min(1_024) as usize, |n| n as usize),
            memory: self.memory,
            drain_delay: Duration::from_secs(self.drain_delay),
            api: !self.no_api,
            api_token: self.api_token,
            ..Config::default()
        };
        Ok(Config { limits: self.limits.over(config.limits.clone()), ..config })
    }
}

/// The bounds that would hold, a line each.
fn effective(config: &Config) -> String {
    let limits = &config.limits;
    let time = limits.time.map_or("none".into(), |time| format!("{} s", time.as_secs_f32()));
    let rows = [
        ("memory", limits::size(config.memory)),
        ("connections", config.connections.to_string()),
        ("pieces of work at once", config.workers.to_string()),
        ("requests that wait", config.queue.to_string()),
        ("time of a piece of work", time),
        ("a page", limits::size(limits.input)),
        ("elements of a page", limits.elements.to_string()),
        ("a picture", format!("{}, {} pixels", limits::size(limits.image_bytes), limits.image_pixels)),
        ("pictures of an article", format!("{}, {}", limits.images, limits::size(limits.all_image_bytes))),
        ("pages of a PDF", limits.pages.to_string()),
        ("operations of a PDF that is checked", limits.operations.to_string()),
        ("what a PDF unpacks to", limits::size(limits.unpacked)),
        ("the site's answer begins within", format!("{} s", limits.fetch.as_secs())),
    ];
    rows.into_iter().map(|(what, value)| format!("{what:<38}{value}\n")).collect()
}

/// What there is to be had, for who has just started the service.
fn news(config: &Config) -> String {
    match &config.site {
        None => "open it in a browser, or POST a page to /v1/rewrite, /v1/article or /v1/pdf".to_owned(),
        Some(site) => {
            let public = site.public.origin().ascii_serialization();
            format!("{public} is in large type at {}, its articles as PDF at {}", site.page_prefix, site.print_prefix)
        }
    }
}

/// A path that may have stars in it.
fn glob(text: &str) -> std::result::Result<String, String> {
    if text.starts_with('/') {
        Ok(text.to_owned())
    } else {
        Err("write it from the site's root on, like /admin/".into())
    }
}

/// A secret that nobody guesses.
fn token(text: &str) -> std::result::Result<String, String> {
    let sound = text.len() >= 16 && text.bytes().all(|b| b.is_ascii_graphic());
    if sound { Ok(text.to_owned()) } else { Err("give 16 or more letters, digits and signs, without spaces".into()) }
}

/// A share of memory that the service can work with.
fn memory(text: &str) -> std::result::Result<u64, String> {
    const LEAST: u64 = 128 << 20;
    match limits::parse_size(text)? {
        bytes if bytes >= LEAST => Ok(bytes),
        bytes => Err(format!("{} is too little; give {} or more", limits::size(bytes), limits::size(LEAST))),
    }
}

/// An address without a path.
fn origin(text: &str) -> std::result::Result<Url, String> {
    let bare = |url: &Url| url.path() == "/" && url[Position::AfterPath..].is_empty() && url.username().is_empty();
    let url = web_address(text).ok().filter(bare);
    url.ok_or_else(|| "give scheme, host and port alone, like https://www.example.ru".into())
}

fn prefix(text: &str) -> std::result::Result<String, String> {
    let sound = text.len() >= 3
        && text.starts_with('/')
        && text.ends_with('/')
        && !text.contains("//")
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_'));
    if sound { Ok(text.to_owned()) } else { Err("write it with a slash at both ends, like /lv/".into()) }
}

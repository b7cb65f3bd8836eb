//! The site behind the proxy: where it is, which addresses are its own, and how it is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, Uri, header};
use hyper::body::{Body as _, Incoming};
use percent_encoding::percent_decode_str;
use url::{Position, Url};

use super::cache::PageCache;
use crate::phrases::Phrases;
use crate::server::body::WHOLE;
use crate::source::address::Reach;
use crate::source::fetch::{FetchError, Fetcher};

/// What the operator says of the site.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    /// Where we connect: scheme, host and port. Trusted, even inside a private network.
    pub upstream: Url,
    /// The site's own address: for the Host header, for recognising links, for pictures.
    pub public: Url,
    /// Other addresses of the same site.
    pub aliases: Vec<Url>,
    /// Where themed pages are, with a slash at both ends.
    pub page_prefix: String,
    /// Where PDFs are, with a slash at both ends.
    pub print_prefix: String,
    /// What becomes of things that are no pages.
    pub others: Others,
    /// Which of `Cookie` and `Authorization` go to the site; answers are then `private, no-store`.
    pub credentials: Credentials,
    /// Bytes of themed pages that are kept in memory; none by default, since a cache in front does it better.
    pub cache: u64,
    /// Whether the site's ordinary pages pass through too, with links to their other versions.
    pub pass: bool,
    /// Paths of the site that are not had through us: `*` stands for any characters, `?` for one, and a slash at the end for
    /// all below.
    pub denied: Vec<String>,
}

/// What of a reader's credentials goes to the site below the prefixes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// `Cookie`, and the site's `Set-Cookie` back.
    pub cookie: bool,
    /// `Authorization`, and the site's question for it back.
    pub authorization: bool,
}

impl Credentials {
    /// Whether an answer may be one reader's own.
    pub(super) fn any(self) -> bool {
        self.cookie || self.authorization
    }
}

/// What becomes of things below the prefix that are no pages: pictures, documents, feeds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Others {
    /// They pass through as they are.
    #[default]
    Pass,
    /// The reader is sent to the site for them.
    Redirect,
}

impl SiteConfig {
    /// A site at one address, connected to at another, with everything else as it usually is.
    pub fn new(upstream: Url, public: Url) -> Self {
        Self {
            upstream,
            public,
            aliases: Vec::new(),
            page_prefix: "/lv/".into(),
            print_prefix: "/print/".into(),
            others: Others::default(),
            credentials: Credentials::default(),
            cache: 0,
            pass: false,
            denied: Vec::new(),
        }
    }
}

/// The site, ready to be asked.
pub(in crate::server) struct Site {
    pub(in crate::server) config: SiteConfig,
    fetcher: Fetcher,
    /// Has other connections, for what was asked on one that was closed.
    afresh: Fetcher,
    host: HeaderValue,
    /// How long the site may take to begin an answer.
    time: Duration,
    pub(super) cache: Option<Arc<PageCache>>,
    /// How often it was asked, and how many microseconds its answers took to begin.
    asked: AtomicU64,
    waited: AtomicU64,
}

impl Site {
    pub(in crate::server) fn new(config: SiteConfig, time: Duration) -> Self {
        let host = &config.public[Position::BeforeHost..Position::AfterPort];
        let host = HeaderValue::from_str(host).unwrap_or_else(|_| HeaderValue::from_static("localhost"));
        // Only addresses made by `target` are asked for, so the guard against private networks is not for this one.
        let cache = PageCache::new(config.cache).map(Arc::new);
        Self {
            config,
            fetcher: Fetcher::new(Reach::Anyone),
            afresh: Fetcher::new(Reach::Anyone),
            host,
            time,
            cache,
            asked: AtomicU64::new(0),
            waited: AtomicU64::new(0),
        }
    }

    /// How long its answers take to begin, in Prometheus's text form.
    pub(in crate::server) fn latency(&self) -> String {
        let (asked, seconds) = (self.asked.load(Relaxed), self.waited.load(Relaxed) as f64 / 1e6);
        format!(
            "# HELP clearprint_site_seconds Time until an answer of the site began.\n# TYPE clearprint_site_seconds summary\n\
             clearprint_site_seconds_sum {seconds}\nclearprint_site_seconds_count {asked}\n"
        )
    }

    /// The language that the site's domain suggests.
    pub(super) fn ui(&self) -> &'static str {
        let domain = self.config.public.domain().and_then(|d| d.rsplit('.').next()).unwrap_or("");
        Phrases::of_domain(domain).lang
    }

    /// The public address of a path and query.
    pub(in crate::server) fn public(&self, path: &str) -> Url {
        set(&self.config.public, path)
    }

    /// Whether an address is the site's own, by whatever name.
    pub(super) fn owns(&self, url: &Url) -> bool {
        let c = &self.config;
        // As origins are compared, without making any.
        let same_origin = |own: &Url| {
            own.scheme() == url.scheme()
                && own.host() == url.host()
                && own.port_or_known_default() == url.port_or_known_default()
        };
        // Sites that moved to https still link to themselves by http.
        let moved = |own: &Url| own.host() == url.host() && own.port().is_none() && url.port().is_none();
        let same = |own: &Url| same_origin(own) || moved(own);
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && (same(&c.public) || c.aliases.iter().any(same) || same_origin(&c.upstream))
    }

    /// Where a link of the site leads under `prefix` (`/lv/CODE` without a slash at its end). What is under a prefix of
    /// ours already stays.
    pub(super) fn lead(&self, url: &Url, prefix: &str) -> Option<String> {
        self.owns(url).then(|| self.below(&url[Position::BeforePath..], prefix))
    }

    /// Where a path of the site's (with its query and fragment) leads under `prefix`, likewise.
    pub(super) fn below(&self, path: &str, prefix: &str) -> String {
        let c = &self.config;
        if path.starts_with(&c.page_prefix) || path.starts_with(&c.print_prefix) {
            return path.to_owned();
        }
        [prefix, path].concat()
    }

    /// Asks the site for `path` (path and query). Redirects are not followed.
    ///
    /// # Errors
    /// Where nobody answers in time.
    pub(in crate::server) async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Body,
    ) -> Result<Response<Incoming>, FetchError> {
        let url = set(&self.config.upstream, path);
        if self.denies(&url) {
            return Err(FetchError::NotAllowed);
        }
        let uri: Uri = url[..Position::AfterQuery].parse().map_err(|_| FetchError::BadAddress)?;
        let mut headers = headers;
        headers.insert(header::HOST, self.host.clone());
        // What the site is called and how, unless a proxy that is trusted has said so: a site that makes addresses of it,
        // or insists on https, would otherwise be told what a stranger says, or nothing.
        let scheme = HeaderValue::from_str(self.config.public.scheme());
        for (name, value) in [("x-forwarded-host", Ok(self.host.clone())), ("x-forwarded-proto", scheme)] {
            if let (false, Ok(value)) = (headers.contains_key(name), value) {
                headers.insert(name, value);
            }
        }
        // The answer begins when the body has gone, and that is as slow as the reader who sends it.
        let has_body = !body.is_end_stream();
        let time = if has_body { WHOLE } else { self.time };
        let request = |body: Body, headers: HeaderMap| {
            let mut request = Request::new(body);
            *request.method_mut() = method.clone();
            *request.uri_mut() = uri.clone();
            *request.headers_mut() = headers;
            request
        };
        // A kept connection may be closed just as a request is sent; asking again changes nothing at the site.
        let again = (!has_body && matches!(method, Method::GET | Method::HEAD)).then(|| headers.clone());
        let answer = async {
            match (self.fetcher.send(request(body, headers)).await, again) {
                (Err(FetchError::Closed), Some(headers)) => self.afresh.send(request(Body::empty(), headers)).await,
                (answer, _) => answer,
            }
        };
        let asked = Instant::now();
        let answer = tokio::time::timeout(time, answer).await.unwrap_or(Err(FetchError::Slow(time)));
        self.asked.fetch_add(1, Relaxed);
        self.waited.fetch_add(u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX), Relaxed);
        answer
    }

    /// Whether the owner has taken a path out. It is judged as the site will read it: without escapes, doubled slashes and
    /// steps up, and in small letters, since some servers do not tell them apart.
    pub(super) fn denies(&self, url: &Url) -> bool {
        if self.config.denied.is_empty() {
            return false;
        }
        let path = percent_decode_str(url.path()).decode_utf8_lossy().replace('\\', "/").to_lowercase();
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split('/') {
            // What follows a semicolon is a parameter of the part for some servers.
            match part.split(';').next().unwrap_or_default() {
                "" | "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let path = format!("/{}", parts.join("/"));
        self.config.denied.iter().any(|pattern| {
            let pattern = pattern.to_lowercase();
            // `/admin/` is the folder and all in it.
            match pattern.strip_suffix('/') {
                Some(folder) => matches(folder, &path) || matches(&format!("{pattern}*"), &path),
                None => matches(&pattern, &path),
            }
        })
    }
}

/// Whether a text is as a pattern says, in which `*` stands for any characters and `?` for one.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut from, mut star) = (0, 0, None);
    while from < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(c) if *c == '?' || *c == text[from] => (at, from) = (at + 1, from + 1),
            // Let the last star stand for one more.
            _ => match star {
                Some((place, taken)) => {
                    star = Some((place, taken + 1));
                    (at, from) = (place + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

/// `origin` with another path and query. They are set, never joined: `//evil.example` is a path here and no host.
fn set(origin: &Url, path: &str) -> Url {
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let mut url = origin.clone();
    url.set_path(path);
    url.set_query(query);
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        let url = |u| Url::parse(u).expect(u);
        let mut config = SiteConfig::new(url("http://10.0.0.5:9000"), url("https://www.example.ru"));
        config.aliases.push(url("https://example.ru"));
        Site::new(config, Duration::from_secs(1))
    }

    #[test]
    fn no_path_changes_the_host() {
        for path in
            ["//evil.example/x", "/\\evil.example", "/@evil.example", "//", "/..//evil", "/http://evil.example/"]
        {
            let url = set(&site().config.upstream, path);
            assert_eq!((url.host_str(), url.port()), (Some("10.0.0.5"), Some(9000)), "{path}: {url}");
        }
        assert_eq!(set(&site().config.upstream, "/a%20b?c=%D0%90&d").as_str(), "http://10.0.0.5:9000/a%20b?c=%D0%90&d");
    }

    #[test]
    fn a_denied_path_is_denied_however_it_is_written() {
        let mut site = site();
        site.config.denied = vec!["/admin/".into(), "/*.bak".into(), "/secret?".into()];
        let denies = |path: &str| site.denies(&set(&site.config.upstream, path));
        for path in [
            "/admin",
            "/admin/",
            "/admin/users?x",
            "//admin/",
            "/./admin/x",
            "/x/../admin/x",
            "/%61dmin/",
            "/ADMIN/",
            "/admin;x=1/y",
            "/x/%2e%2e/admin",
            "/a/b.bak",
            "/secret1",
            "/%2fadmin/",
            "\\admin",
        ] {
            assert!(denies(path), "{path}");
        }
        for path in ["/", "/administration", "/news/admin-says", "/secret", "/secret12", "/a.bak.html", "/?/admin/"] {
            assert!(!denies(path), "{path}");
        }
    }

    #[test]
    fn own_links_take_the_prefix_and_others_do_not() {
        let lead = |url: &str| site().lead(&Url::parse(url).expect(url), "/lv/~1.dark");
        for (url, led) in [
            ("https://www.example.ru/news?a=1#b", Some("/lv/~1.dark/news?a=1#b")),
            ("http://www.example.ru/news", Some("/lv/~1.dark/news")),
            ("https://example.ru/", Some("/lv/~1.dark/")),
            ("http://10.0.0.5:9000/", Some("/lv/~1.dark/")),
            ("https://www.example.ru/lv/~1.sepia/x", Some("/lv/~1.sepia/x")),
            ("https://www.example.ru/print/x", Some("/print/x")),
            ("https://www.example.ru:8443/", None),
            ("https://shop.example.ru/", None),
            ("https://www.example.ru.evil.example/", None),
            ("https://user@www.example.ru/", None),
            ("mailto:a@example.ru", None),
        ] {
            assert_eq!(lead(url).as_deref(), led, "{url}");
        }
    }
}

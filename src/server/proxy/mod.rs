//! The site's pages through us: `/lv/CODE/PATH` in large type and high contrast, `/print/PATH` as a PDF.
//!
//! One site, whose owner set us up beside it. We connect to it at one address and to nobody else; nothing a reader sends
//! can change where. Addresses below a prefix are split on their raw form, so that what the reader's browser shows is what
//! the site is asked for.

mod cache;
mod headers;
mod notice;
mod pass;
mod print;
mod settings;
mod site;
mod validator;

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Response as HttpResponse, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use url::Position;

use self::cache::Plan;
pub(super) use self::headers::Peer;
use self::notice::{Trouble, View};
use self::settings::Place;
pub(super) use self::site::Site;
pub use self::site::{Credentials, Others, SiteConfig};
use self::validator::Stamp;
use super::body::{IdleTimeout, PageBody, SLOWEST_FORM, UnknownLength};
use super::{App, assets, stream};
use crate::clean::Known;
use crate::rewrite::{LinkMap, Options};
use crate::source::Page;
use crate::source::fetch::FetchError;
use crate::theme::{FontSource, Settings};

const HTML: [&str; 2] = ["text/html", "application/xhtml+xml"];

/// Answers what belongs to the proxy; gives the request back where it is none of its own.
pub(super) async fn answer(app: &Arc<App>, site: &Arc<Site>, request: Request) -> Result<Response, Request> {
    let path = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
    let config = &site.config;
    if let Some(rest) = path.strip_prefix(config.page_prefix.as_str()) {
        return Ok(under_page_prefix(app, site, rest, request).await);
    }
    if let Some(rest) = path.strip_prefix(config.print_prefix.as_str()) {
        return Ok(print::answer(app, site, &format!("/{rest}"), request).await);
    }
    for prefix in [&config.page_prefix, &config.print_prefix] {
        if let Some(rest) = path.strip_prefix(prefix.trim_end_matches('/'))
            && (rest.is_empty() || rest.starts_with('?'))
        {
            return Ok(settings::see_other(&format!("{prefix}{rest}")));
        }
    }
    if config.pass { Ok(pass::answer(app, site, &path, request).await) } else { Err(request) }
}

async fn under_page_prefix(app: &Arc<App>, site: &Arc<Site>, rest: &str, request: Request) -> Response {
    let ui = notice::language(request.headers(), site);
    let (settings, path) = match settings::place(rest) {
        Place::Page(settings, path) => (settings, path),
        Place::Uncoded(path) => {
            let query = request.uri().query().unwrap_or("").to_owned();
            if request.method() == Method::POST
                && request.uri().path()[site.config.page_prefix.len()..] == *settings::FORM
            {
                if !settings::from_own_page(site, request.headers()) {
                    tracing::debug!("a settings form came from another site");
                    return View { site, settings: &Settings::default(), path: "/", ui, print: false }
                        .answer(Trouble::Form, Some(StatusCode::FORBIDDEN));
                }
                return form(site, &query, ui, request).await;
            }
            if !matches!(*request.method(), Method::GET | Method::HEAD) {
                let view = View { site, settings: &Settings::default(), path: "/", ui, print: false };
                return view.answer(Trouble::Request, None);
            }
            let settings = settings::remembered(request.headers()).unwrap_or_default();
            let coded = if path.starts_with("/~1.") { path } else { format!("/{settings}{path}") };
            return settings::see_other(&format!("{}{}", site.config.page_prefix.trim_end_matches('/'), coded));
        }
        Place::NoCode => {
            let path = rest.find('/').map_or("/", |at| &rest[at..]);
            let view = View { site, settings: &Settings::default(), path, ui, print: false };
            return view.answer(Trouble::NoCode, None);
        }
    };
    let view = View { site, settings: &settings, path, ui, print: false };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return view.answer(Trouble::Request, None);
    }
    if headers::has_passed(request.headers()) {
        return view.answer(Trouble::Loop, None);
    }
    let (parts, _) = request.into_parts();
    page(app, site, &view, &parts).await
}

async fn form(site: &Arc<Site>, query: &str, ui: &'static str, request: Request) -> Response {
    let bytes = axum::body::to_bytes(request.into_body(), settings::MOST_FORM);
    let bytes = tokio::time::timeout(SLOWEST_FORM, bytes).await.map_err(|e| e.to_string());
    let answer = bytes
        .and_then(|bytes| bytes.map_err(|e| e.to_string()))
        .and_then(|bytes| settings::answer(site, query, &bytes));
    answer.unwrap_or_else(|why| {
        tracing::debug!("a settings form was refused: {why}");
        View { site, settings: &Settings::default(), path: "/", ui, print: false }.answer(Trouble::Form, None)
    })
}

/// The site's page at the path of `view`, themed.
async fn page(app: &Arc<App>, site: &Arc<Site>, view: &View<'_>, asked: &Parts) -> Response {
    let code = view.settings.to_string();
    let known = app.knowledge.now();
    let stamp = Stamp::new(&code, assets::hash(), known.version);
    let credentials = site.config.credentials;
    let mut to_site = headers::for_page(&asked.headers, asked.extensions.get::<Peer>().copied(), credentials);
    let themed = stamp.conditions(&asked.headers, &mut to_site);
    let (anew, no_trace) = cache::reader_wants(&asked.headers);
    let cache = site.cache.as_ref().filter(|_| !credentials.any() && !no_trace);
    let kept = cache.and_then(|cache| cache.get(&stamp, view.path));
    if let Some(kept) = kept.as_ref().filter(|kept| kept.is_fresh() && !anew) {
        app.metrics.cache_hits.fetch_add(1, Relaxed);
        return kept.answer(&asked.headers);
    }
    let kept = kept.filter(|kept| kept.ask(&mut to_site));
    let ask = |headers| site.ask(asked.method.clone(), view.path, headers, Body::empty());
    let mut answer = match ask(to_site.clone()).await {
        Ok(answer) => answer,
        Err(error) => return failed(app, view, &error),
    };
    // A part of a page cannot be themed: have it whole.
    let partial = matches!(answer.status(), StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE);
    if partial && is_page(&answer) {
        to_site.remove(header::RANGE);
        to_site.remove(header::IF_RANGE);
        answer = match ask(to_site).await {
            Ok(answer) => answer,
            Err(error) => return failed(app, view, &error),
        };
    }
    let status = answer.status();
    if let (StatusCode::NOT_MODIFIED, Some(cache), Some(kept)) = (status, cache, kept) {
        app.metrics.cache_hits.fetch_add(1, Relaxed);
        let told = headers::of_page(answer.headers(), credentials);
        return cache.renew(&stamp, view.path, &kept, answer.headers(), told).answer(&asked.headers);
    }
    if status == StatusCode::NOT_MODIFIED {
        return not_modified(&answer, themed.then_some(&stamp), credentials);
    }
    if status.is_redirection() && answer.headers().contains_key(header::LOCATION) {
        let prefix = format!("{}{code}", site.config.page_prefix);
        let redirect = redirect(site, view.path, &answer, &prefix, credentials);
        return redirect.unwrap_or_else(|| view.answer(Trouble::Failing, None));
    }
    if status.is_client_error() || status.is_server_error() {
        let mut notice = view.answer(Trouble::of_status(status), Some(status));
        if let Some(later) = answer.headers().get(header::RETRY_AFTER) {
            notice.headers_mut().insert(header::RETRY_AFTER, later.clone());
        }
        // Without it the browser does not ask for the name and password that may go to the site.
        if let (true, Some(how)) = (credentials.authorization, answer.headers().get(header::WWW_AUTHENTICATE)) {
            notice.headers_mut().insert(header::WWW_AUTHENTICATE, how.clone());
        }
        return notice;
    }
    if !is_page(&answer) {
        return other(site, view.path, answer);
    }
    let mut headers = headers::of_page(answer.headers(), credentials);
    if let Some(tag) = stamp.tag(answer.headers()) {
        headers.insert(header::ETAG, tag);
    }
    headers.extend(headers::cache_tag(view.path));
    // Some sites send a page anew that they would not have had to send.
    if status == StatusCode::OK && validator::is_known(&asked.headers, &headers) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    protect(&mut headers);
    if asked.method == Method::HEAD {
        return (status, headers, UnknownLength::body()).into_response();
    }
    let plan = Plan::of(answer.headers(), &headers).filter(|_| status == StatusCode::OK);
    let keep = cache.zip(plan).map(|(cache, plan)| cache::keeping(cache, stamp, view.path, plan));
    match themed_body(app, site, view, known, answer, keep).await {
        Ok((told, body)) => {
            headers.extend(told);
            (status, headers, body).into_response()
        }
        Err(trouble) => view.answer(trouble, None),
    }
}

/// The rewritten page as a body that follows the site's.
async fn themed_body(
    app: &Arc<App>,
    site: &Arc<Site>,
    view: &View<'_>,
    known: Known,
    answer: HttpResponse<Incoming>,
    keep: Option<stream::Keep>,
) -> Result<(HeaderMap, Body), Trouble> {
    let limits = &app.config.limits;
    let length = answer.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > limits.input) {
        return Err(Trouble::TooLarge);
    }
    let url = site.public(view.path);
    let content_type =
        answer.headers().get(header::CONTENT_TYPE).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
    let labels = Page { content_type, url: Some(url.clone()), ..Page::default() };
    let prefix = format!("{}{}", site.config.page_prefix, view.settings);
    let lead = {
        let (asked, site) = (Arc::clone(site), Arc::clone(site));
        LinkMap::new(move |url| asked.owns(url), move |rest| site.below(rest, &prefix))
    };
    let options = Options {
        source: view.path.to_owned(),
        base_url: Some(url),
        settings: view.settings.clone(),
        settings_action: Some(settings::action(site, view.settings, view.path)),
        pdf_url: Some(print::url(site, view.path)),
        fonts: FontSource::Linked(String::new()),
        sheet_url: Some(assets::sheet_url(view.settings)),
        links: Some(lead),
        site: known.site,
        limits: limits.clone(),
        ..Options::default()
    };
    let charset = options.site.as_ref().and_then(|site| site.charset());
    let mut coding = HeaderMap::new();
    if let Some(value) = answer.headers().get(header::CONTENT_ENCODING) {
        coding.insert(header::CONTENT_ENCODING, value.clone());
    }
    let body =
        PageBody::new(&coding, Body::new(answer.into_body()), limits.decoded, &HTML).map_err(|p| Trouble::from(&p))?;
    stream::rewritten(body, labels.declared(charset), &options, &app.metrics, keep).await.map_err(|problem| {
        tracing::info!("{}: {}", view.path, problem.detail);
        Trouble::from(&problem)
    })
}

/// Whether an answer is a page to theme. What names no type is taken for one: old sites leave it out.
fn is_page<B>(answer: &HttpResponse<B>) -> bool {
    let text = |name| answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or("");
    let essence = text(header::CONTENT_TYPE).split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if has_several_types(answer.headers()) {
        return false;
    }
    let download = text(header::CONTENT_DISPOSITION).trim_start().to_ascii_lowercase().starts_with("attachment");
    let empty = matches!(answer.status().as_u16(), 204 | 205);
    !download && !empty && (essence.is_empty() || HTML.contains(&essence.as_str()))
}

/// Whether an answer says more than once, or in a list, what it is: each reader of it would choose for itself.
fn has_several_types(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let first = types.next().map(HeaderValue::as_bytes).unwrap_or_default();
    // A comma may stand within quotes, of a parameter.
    let listed = first.split(|byte| *byte == b'"').step_by(2).any(|outside| outside.contains(&b','));
    types.next().is_some() || listed
}

fn not_modified<B>(answer: &HttpResponse<B>, stamp: Option<&Stamp>, credentials: Credentials) -> Response {
    let headers = match stamp {
        Some(stamp) => {
            let mut headers = headers::of_page(answer.headers(), credentials);
            if let Some(tag) = stamp.tag(answer.headers()) {
                headers.insert(header::ETAG, tag);
            }
            headers
        }
        None => headers::of_other(answer.headers(), credentials),
    };
    (StatusCode::NOT_MODIFIED, headers).into_response()
}

/// The site's redirect, led under the prefix where it stays within the site; `None` where it leads to no web address.
fn redirect<B>(
    site: &Site,
    path: &str,
    answer: &HttpResponse<B>,
    prefix: &str,
    credentials: Credentials,
) -> Option<Response> {
    let mut headers = headers::of_page(answer.headers(), credentials);
    let location = answer.headers().get(header::LOCATION).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
    let target = site.public(path).join(&location.unwrap_or_default());
    let target = target.ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let location = target.map(|url| site.lead(&url, prefix).unwrap_or_else(|| url.into()));
    headers.insert(header::LOCATION, HeaderValue::from_str(&location?).ok()?);
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    Some((answer.status(), headers).into_response())
}

/// Something that is no page, as it is, or where it is.
fn other(site: &Site, path: &str, answer: HttpResponse<Incoming>) -> Response {
    if site.config.others == Others::Redirect {
        let mut response = StatusCode::FOUND.into_response();
        if let Ok(location) = HeaderValue::from_str(&site.public(path)[..Position::AfterQuery]) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        return response;
    }
    let mut headers = headers::of_other(answer.headers(), site.config.credentials);
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    if has_several_types(&headers) {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    }
    // A drawing may hold a script, and here it would run beside the reader's settings.
    let active = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).is_some_and(|t| t.contains("xml"));
    if active {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        );
    }
    (answer.status(), headers, IdleTimeout::body(answer.into_body())).into_response()
}

fn failed(app: &App, view: &View<'_>, error: &FetchError) -> Response {
    app.metrics.upstream_errors.fetch_add(1, Relaxed);
    tracing::warn!("{}: the site {error}", view.path);
    view.answer(Trouble::from(error), None)
}

/// What every page of ours under the prefix carries.
fn protect(headers: &mut HeaderMap) {
    const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src http: https: data:; \
        media-src http: https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
}

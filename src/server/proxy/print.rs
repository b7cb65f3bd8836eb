//! `/print/PATH`: the site's article as a PDF.
//!
//! The query holds both what the site's page needs and how it is printed: parameters named as options of `clearprint pdf`
//! are ours, the others go to the site as they stand.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Response as HttpResponse, StatusCode, header};
use axum::response::{IntoResponse, Response};
use clap::Args;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use url::{Position, Url};

use super::cache::may_be_kept;
use super::notice::{Trouble, View, language};
use super::validator::{self, Stamp};
use super::{Peer, Site, headers, is_page, redirect, settings};
use crate::options::{PdfArgs, PrintArgs, named_style, parse_query};
use crate::server::App;
use crate::server::assets;
use crate::server::body::{PageBody, UnknownLength};
use crate::server::fetching::{Following, Paged};
use crate::server::problem::Problem;
use crate::server::work::Ticket;
use crate::source::coding::ContentDecoder;
use crate::source::fetch::{ACCEPT_PICTURE, FetchError};
use crate::source::{LocalFolders, Page, Pictures};

/// Redirects of a picture or a further page that are followed.
const REDIRECTS: usize = 3;

/// How an article is printed.
#[derive(Args, Clone, Debug)]
struct PrintQuery {
    #[command(flatten)]
    print: PrintArgs,
    #[command(flatten)]
    pdf: PdfArgs,
}

/// Where the printed form of a page is.
pub(super) fn url(site: &Site, path: &str) -> String {
    format!("{}{}", site.config.print_prefix.trim_end_matches('/'), path)
}

/// Answers for `path` (path and query, behind the prefix).
pub(super) async fn answer(app: &Arc<App>, site: &Arc<Site>, path: &str, request: Request) -> Response {
    let (ours, path) = divide(path);
    let settings = settings::remembered(request.headers()).unwrap_or_default();
    let ui = language(request.headers(), site);
    let view = View { site, settings: &settings, path: &path, ui, print: true };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return view.answer(Trouble::Request, None);
    }
    if headers::has_passed(request.headers()) {
        return view.answer(Trouble::Loop, None);
    }
    let query: PrintQuery = match parse_query(&ours) {
        Ok(query) => query,
        Err(error) => return view.not_printable(&Problem::from(error).detail),
    };
    let (parts, _) = request.into_parts();
    match print(app, site, &view, &ours, query, &parts).await {
        Ok(response) | Err(Failed::Answer(response)) => response,
        Err(Failed::Problem(problem)) if problem.status == StatusCode::BAD_REQUEST => {
            view.not_printable(&problem.detail)
        }
        Err(Failed::Problem(problem)) => {
            tracing::info!("{path}: not printed: {}", problem.detail);
            view.answer(Trouble::from(&problem), None)
        }
    }
}

/// Why there is no PDF.
enum Failed {
    Problem(Problem),
    Answer(Response),
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

async fn print(
    app: &Arc<App>,
    site: &Arc<Site>,
    view: &View<'_>,
    ours: &str,
    query: PrintQuery,
    asked: &Parts,
) -> Result<Response, Failed> {
    let credentials = site.config.credentials;
    let style = query.print.style_from(named_style).map_err(Problem::from)?;
    let mut to_site = headers::for_page(&asked.headers, asked.extensions.get::<Peer>().copied(), credentials);
    for name in [header::RANGE, header::IF_RANGE] {
        to_site.remove(name);
    }
    let stamp = Stamp::new(ours, assets::hash(), app.knowledge.now().version);
    let conditional = {
        let mut headers = to_site.clone();
        stamp.conditions(&asked.headers, &mut headers);
        headers
    };
    // Its place first: what there is no room to print need not be asked for.
    let ticket = app.work.admit()?;
    let answer = site
        .ask(Method::GET, view.path, conditional, Body::empty())
        .await
        .map_err(|error| Failed::Answer(super::failed(app, view, &error)))?;
    let status = answer.status();
    if status == StatusCode::NOT_MODIFIED {
        return Ok(super::not_modified(&answer, Some(&stamp), credentials));
    }
    if status.is_redirection() && answer.headers().contains_key(header::LOCATION) {
        let mut response =
            redirect(site, view.path, &answer, site.config.print_prefix.trim_end_matches('/'), credentials)
                .unwrap_or_else(|| view.answer(Trouble::Failing, None));
        keep_options(&mut response, ours);
        return Ok(response);
    }
    if !status.is_success() {
        let status = if status.is_redirection() { StatusCode::BAD_GATEWAY } else { status };
        return Err(Failed::Answer(view.answer(Trouble::of_status(status), Some(status))));
    }
    if !is_page(&answer) {
        return Err(Failed::Answer(view.answer(Trouble::NoPage, None)));
    }
    let mut told = headers::of_page(answer.headers(), credentials);
    // Vary, caching and dates hold; the page's language stays in the PDF itself.
    told.remove(header::CONTENT_LANGUAGE);
    told.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    told.extend(headers::cache_tag(view.path));
    if let Some(tag) = stamp.tag(answer.headers()) {
        told.insert(header::ETAG, tag);
    }
    if validator::is_known(&asked.headers, &told) {
        return Ok((StatusCode::NOT_MODIFIED, told).into_response());
    }
    if asked.method == Method::HEAD {
        told.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
        return Ok((StatusCode::OK, told, UnknownLength::body()).into_response());
    }
    let limits = app.config.limits.clone();
    let first = page(app, &ticket, view, answer, site.public(view.path)).await?;
    let mut article = Paged::begin(app, &ticket, first, Following::new(limits.clone())).await?;
    while let Some(next) = article.wanted() {
        // What the first page says of its own age does not hold of the others.
        told.remove(header::LAST_MODIFIED);
        told.remove(header::ETAG);
        let Some((from_site, page)) = further(app, &ticket, site, view, &to_site, next).await? else { break };
        if !may_be_kept(&from_site) {
            told.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        }
        article = article.give(page).await?;
    }
    let article = article.extraction().article;
    let pictures = pictures(app, site, article.picture_sources()).await;
    let mut response = app.pdf(&ticket, article, style, query.pdf, pictures, limits).await?;
    response.headers_mut().extend(told);
    Ok(response)
}

/// The page that the site answers with, whole.
async fn page(
    app: &App,
    ticket: &Ticket,
    view: &View<'_>,
    answer: HttpResponse<Incoming>,
    url: Url,
) -> Result<Page, Failed> {
    let content_type = text(answer.headers(), header::CONTENT_TYPE);
    let mut coding = HeaderMap::new();
    if let Some(value) = answer.headers().get(header::CONTENT_ENCODING) {
        coding.insert(header::CONTENT_ENCODING, value.clone());
    }
    // What is wrong with it is the site's fault, not the reader's.
    let wrong = |problem: Problem| Failed::Answer(view.answer(Trouble::from(&problem), None));
    let limit = app.config.limits.decoded;
    let body = PageBody::new(&coding, Body::new(answer.into_body()), limit, &super::HTML).map_err(wrong)?;
    let bytes = body.whole(ticket).await.map_err(wrong)?;
    Ok(Page { name: "the page".into(), bytes: bytes.into(), content_type, url: Some(url), ..Page::default() })
}

/// A further page of the article, asked for as its first one was, with the headers it came with; none where the site leads
/// elsewhere.
async fn further(
    app: &App,
    ticket: &Ticket,
    site: &Site,
    view: &View<'_>,
    to_site: &HeaderMap,
    mut url: Url,
) -> Result<Option<(HeaderMap, Page)>, Failed> {
    for _ in 0..=REDIRECTS {
        let path = url[Position::BeforePath..Position::AfterQuery].to_owned();
        let answer = site
            .ask(Method::GET, &path, to_site.clone(), Body::empty())
            .await
            .map_err(|error| Failed::Answer(super::failed(app, view, &error)))?;
        let location = text(answer.headers(), header::LOCATION).filter(|_| answer.status().is_redirection());
        if let Some(location) = location {
            match url.join(&location) {
                Ok(next) if next.origin() == site.config.public.origin() => url = next,
                _ => return Ok(None),
            }
            continue;
        }
        if !answer.status().is_success() || !is_page(&answer) {
            tracing::info!("{}: its further page {path} cannot be had: {}", view.path, answer.status());
            return Err(Failed::Answer(view.answer(Trouble::Failing, None)));
        }
        let headers = answer.headers().clone();
        return Ok(Some((headers, page(app, ticket, view, answer, url).await?)));
    }
    Err(Failed::Answer(view.answer(Trouble::Failing, None)))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned())
}

/// Print options outlast a redirect within the prefix.
fn keep_options(response: &mut Response, ours: &str) {
    let location = text(response.headers(), header::LOCATION).filter(|l| !ours.is_empty() && l.starts_with('/'));
    if let Some(location) = location {
        let (location, _) = location.split_once('#').unwrap_or((&location, ""));
        let joint = if location.contains('?') { '&' } else { '?' };
        if let Ok(value) = HeaderValue::from_str(&format!("{location}{joint}{ours}")) {
            response.headers_mut().insert(header::LOCATION, value);
        }
    }
}

/// Parts our options from the site's parameters: our query, and path and query for the site.
fn divide(path: &str) -> (String, String) {
    let Some((path, query)) = path.split_once('?') else { return (String::new(), path.to_owned()) };
    let command = PrintQuery::augment_args(clap::Command::new(""));
    let is_ours = |parameter: &&str| {
        let name = parameter.split('=').next().unwrap_or("");
        command.get_arguments().any(|argument| argument.get_long() == Some(name))
    };
    let (ours, theirs): (Vec<&str>, Vec<&str>) = query.split('&').partition(is_ours);
    let path = if theirs.is_empty() { path.to_owned() } else { format!("{path}?{}", theirs.join("&")) };
    (ours.join("&"), path)
}

/// The article's pictures: the site's own by the way we have to it, others only from allowed origins.
async fn pictures(app: &Arc<App>, site: &Arc<Site>, sources: Vec<String>) -> Pictures {
    let limits = &app.config.limits;
    let mut pictures = Pictures::of(LocalFolders::default(), limits);
    let get = |url: Url| {
        let (app, site) = (Arc::clone(app), Arc::clone(site));
        async move {
            let time = app.config.limits.fetch;
            tokio::time::timeout(time, picture(&app, &site, url)).await.unwrap_or(Err(FetchError::Slow(time)))
        }
    };
    pictures.fetch_each(sources, limits, get).await;
    pictures
}

async fn picture(app: &App, site: &Site, mut url: Url) -> Result<Vec<u8>, FetchError> {
    let limit = app.config.limits.image_bytes;
    for _ in 0..=REDIRECTS {
        if !site.owns(&url) {
            let allowed = |next: &Url| app.allows(next);
            return Ok(app
                .fetcher
                .get_within(&url, ACCEPT_PICTURE, limit, app.config.limits.fetch, allowed)
                .await?
                .bytes);
        }
        let path = url[Position::BeforePath..Position::AfterQuery].to_owned();
        let asked = crate::source::fetch::headers(ACCEPT_PICTURE);
        let answer = site.ask(Method::GET, &path, asked, Body::empty()).await?;
        let location = text(answer.headers(), header::LOCATION).filter(|_| answer.status().is_redirection());
        if let Some(location) = location {
            url = url.join(&location).map_err(|_| FetchError::BadRedirect)?;
            continue;
        }
        if !answer.status().is_success() {
            return Err(FetchError::Status(answer.status().as_u16()));
        }
        let coding = text(answer.headers(), header::CONTENT_ENCODING).unwrap_or_default();
        let broken = |e: crate::source::coding::CodingError| FetchError::Coding(e.to_string());
        let mut decoder = ContentDecoder::new(&coding, limit).map_err(broken)?;
        let mut bytes = Vec::new();
        let mut body = answer.into_body();
        while let Some(frame) = body.frame().await {
            if let Some(data) = frame.map_err(|_| FetchError::CutOff)?.data_ref() {
                bytes.extend(decoder.push(data).map_err(broken)?);
            }
        }
        bytes.extend(decoder.finish().map_err(broken)?);
        return Ok(bytes);
    }
    Err(FetchError::TooManyRedirects)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn print_options_are_parted_from_the_sites_parameters() {
        for (path, ours, theirs) in [
            ("/news", "", "/news"),
            ("/news?id=5&style=rnib-large&b=%D0%B0", "style=rnib-large", "/news?id=5&b=%D0%B0"),
            ("/news?paper=a5", "paper=a5", "/news"),
            ("/news?", "", "/news?"),
        ] {
            assert_eq!(divide(path), (ours.into(), theirs.into()), "{path}");
        }
    }
}

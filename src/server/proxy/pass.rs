//! The site's ordinary pages, passed through with links to their other versions (`--pass`).
//!
//! Everything goes both ways as it is, cookies and forms too, since here the site speaks with its own readers. A page gets
//! one paragraph of two links where its `body` begins; not a byte else of it changes.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, Response as HttpResponse, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use lol_html::html_content::ContentType;
use lol_html::send::{HtmlRewriter, Settings};
use lol_html::{AsciiCompatibleEncoding, MemorySettings, element, end};
use std::sync::atomic::{AtomicBool, Ordering};

use super::notice::{self, Trouble, View};
use super::{Peer, Site, headers, is_page, print};
use crate::clean::Receipt;
use crate::phrases::Phrases;
use crate::server::body::{IdleTimeout, PageBody, UnknownLength};
use crate::server::problem::Problem;
use crate::server::stream::{Change, Changed, Outlet, Sink};
use crate::server::{App, Untouched, home};

/// Pages of any length pass; only the memory of one tag is bounded.
const NO_LIMIT: u64 = u64::MAX;
const MEMORY: usize = 8 << 20;

/// Answers for a path that is not below a prefix of ours.
pub(super) async fn answer(app: &Arc<App>, site: &Arc<Site>, path: &str, request: Request) -> Response {
    let ui = notice::language(request.headers(), site);
    let settings = crate::theme::Settings::default();
    let view = View { site, settings: &settings, path, ui, print: false };
    if headers::has_passed(request.headers()) {
        return view.answer(Trouble::Loop, None);
    }
    let (parts, body) = request.into_parts();
    let mut to_site = parts.headers.clone();
    headers::end_hop(&mut to_site);
    headers::codings(&mut to_site, &parts.headers);
    headers::forwarded(&mut to_site, &parts.headers, parts.extensions.get::<Peer>().copied());
    // The length of a body is that of the body itself.
    to_site.remove(header::CONTENT_LENGTH);
    let method = parts.method.clone();
    let answer = match site.ask(parts.method, path, to_site, body).await {
        Ok(answer) => answer,
        Err(error) => return super::failed(app, &view, &error),
    };
    // Our start page is one slash further. The site's own page of that name comes first, if it has one.
    if answer.status() == StatusCode::NOT_FOUND
        && matches!(method, Method::GET | Method::HEAD)
        && path == home::BESIDE.trim_end_matches('/')
    {
        return super::settings::see_other(home::BESIDE);
    }
    let mut headers = answer.headers().clone();
    headers::end_hop(&mut headers);
    let has_links =
        matches!(method, Method::GET | Method::HEAD) && answer.status() == StatusCode::OK && is_page(&answer);
    let mut response = match has_links.then(|| encoding(&answer)).flatten() {
        Some(_) if method == Method::HEAD => {
            changed(&mut headers);
            (answer.status(), headers, UnknownLength::body()).into_response()
        }
        Some(encoding) => with_links(app, site, path, answer, headers, encoding),
        None => (answer.status(), headers, IdleTimeout::body(answer.into_body())).into_response(),
    };
    response.extensions_mut().insert(Untouched);
    response
}

/// How the page is to be read so far as its tags go; `None` where they are not written in ASCII.
fn encoding<B>(answer: &HttpResponse<B>) -> Option<AsciiCompatibleEncoding> {
    let content_type = answer.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let label = crate::source::charset::charset_of_content_type(content_type);
    match label.and_then(encoding_rs::Encoding::for_label) {
        Some(encoding) => AsciiCompatibleEncoding::new(encoding),
        // Undeclared: any single-byte reading passes every byte through as it is.
        None => AsciiCompatibleEncoding::new(encoding_rs::WINDOWS_1252),
    }
}

/// Takes back what holds only of the very bytes that the site sent. Its tag becomes a weak one: it still tells whether
/// the page has changed, and no part of the site's page is joined to a part of ours (RFC 9110, 13.1.5).
fn changed(headers: &mut HeaderMap) {
    const OF_THE_BYTES: [&str; 7] = [
        "content-encoding",
        "content-length",
        "accept-ranges",
        "content-md5",
        "digest",
        "content-digest",
        "repr-digest",
    ];
    for name in OF_THE_BYTES {
        headers.remove(name);
    }
    let weak = headers.get(header::ETAG).filter(|tag| !tag.as_bytes().starts_with(b"W/"));
    let weak = weak.and_then(|tag| HeaderValue::from_bytes(&[b"W/", tag.as_bytes()].concat()).ok());
    if let Some(tag) = weak {
        headers.insert(header::ETAG, tag);
    }
}

fn with_links(
    app: &App,
    site: &Arc<Site>,
    path: &str,
    answer: HttpResponse<Incoming>,
    mut headers: HeaderMap,
    encoding: AsciiCompatibleEncoding,
) -> Response {
    let mut coding = HeaderMap::new();
    if let Some(value) = headers.get(header::CONTENT_ENCODING) {
        coding.insert(header::CONTENT_ENCODING, value.clone());
    }
    changed(&mut headers);
    let links = Links {
        page: format!("{}{}", site.config.page_prefix.trim_end_matches('/'), path),
        print: print::url(site, path),
        ui: site.ui(),
    };
    let body = match PageBody::new(&coding, Body::new(answer.into_body()), NO_LIMIT, &super::HTML) {
        Ok(body) => body,
        Err(problem) => return problem.into_response(),
    };
    let body = Changed::new(body, Insertion::new(links, encoding), &app.metrics);
    (StatusCode::OK, headers, Body::new(body)).into_response()
}

/// A page that gets the links.
struct Insertion {
    rewriter: HtmlRewriter<'static, Sink>,
    output: Outlet,
}

impl Insertion {
    fn new(links: Links, encoding: AsciiCompatibleEncoding) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let (done_in_body, language) = (Arc::clone(&done), Arc::new(std::sync::OnceLock::<&'static Phrases>::new()));
        let (told, said) = (Arc::clone(&language), links.clone());
        let (at_end, spoken) = (links, Arc::clone(&language));
        let settings = Settings::new_send()
            .append_element_content_handler(element!("html[lang]", move |html| {
                let lang = html.get_attribute("lang").unwrap_or_default();
                let _ = told.set(Phrases::of(lang.trim()));
                Ok(())
            }))
            .append_element_content_handler(element!("body", move |body| {
                if !done_in_body.swap(true, Ordering::Relaxed) {
                    body.prepend(&said.html(language.get().copied()), ContentType::Html);
                }
                Ok(())
            }))
            .append_document_content_handler(end!(move |end| {
                // Old pages leave `body` out.
                if !done.swap(true, Ordering::Relaxed) {
                    end.append(&at_end.html(spoken.get().copied()), ContentType::Html);
                }
                Ok(())
            }))
            .with_encoding(encoding)
            .with_strict(false)
            .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MEMORY));
        let output = Outlet::default();
        Self { rewriter: HtmlRewriter::new(settings, output.sink()), output }
    }

    fn too_large() -> Problem {
        Problem::new(StatusCode::BAD_GATEWAY, "a tag of the page is larger than memory allows")
    }
}

impl Change for Insertion {
    fn take(&mut self, bytes: &[u8]) -> Result<Bytes, Problem> {
        self.rewriter.write(bytes).map_err(|_| Self::too_large())?;
        Ok(self.output.take())
    }

    fn end(self) -> Result<(Bytes, Option<Receipt>), Problem> {
        self.rewriter.end().map_err(|_| Self::too_large())?;
        Ok((self.output.take(), None))
    }
}

/// The two links, in characters that every charset has.
#[derive(Clone)]
struct Links {
    page: String,
    print: String,
    ui: &'static str,
}

impl Links {
    fn html(&self, language: Option<&'static Phrases>) -> String {
        let phrases = &language.unwrap_or_else(|| Phrases::of(self.ui)).versions;
        let ascii = |text: &str| {
            text.chars()
                .map(|c| if c.is_ascii() { c.to_string() } else { format!("&#{};", u32::from(c)) })
                .collect::<String>()
        };
        let link = |href: &str, text: &str| {
            let href = href.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
            format!("<a href=\"{href}\" rel=\"nofollow\">{}</a>", ascii(text))
        };
        let (large, print) = (link(&self.page, phrases.large), link(&self.print, phrases.print));
        format!("<p class=\"clearprint-versions\">{large} {print}</p>")
    }
}

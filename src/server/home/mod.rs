//! The page at `/`: give an article by its address, as a file or as text; see it on the screen and on paper at once.
//!
//! It needs no script: one form, sent to the page itself, and a result that holds everything it shows.

mod form;
mod html;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use self::form::{Form, Wanted};
use self::html::{Paper, Shown};
use super::fetching::Following;
use super::problem::Problem;
use super::work::cost_of_page;
use super::{App, api, assets};
use crate::clean::Rules;
use crate::options::{SheetRange, named_style, named_theme, parse_query, typeset_article};
use crate::pdf;
use crate::phrases::{Phrases, StartPhrases};
use crate::rewrite::{Options, Rewriter};
use crate::source::{Page, refuse_other_formats};
use crate::theme::{Font, FontSource, Look, Settings};

/// Where this page is when `/` is the site's.
pub(super) const BESIDE: &str = "/clearprint/";
/// The sheet of this page, laid over that of the theme.
pub(super) const SHEET: &str = include_str!("home.css");
pub(super) const SHEET_NAME: &str = "home.css";

/// Answers at the page's own address.
pub(super) async fn answer(app: &Arc<App>, base: &str, request: Request) -> Response {
    let phrases = language(request.headers(), request.uri().query().unwrap_or(""));
    let html = html::Html { app, base, phrases };
    match *request.method() {
        Method::GET | Method::HEAD => page(StatusCode::OK, html.page(&Form::default(), None, None)),
        Method::POST => match Form::read(app, request).await {
            Ok(form) => result(app, &html, form).await,
            Err(problem) => {
                page(problem.status, html.page(&Form::default(), None, Some(why(&html.phrases.start, &problem))))
            }
        },
        _ => {
            let mut response =
                Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this page takes GET and POST").into_response();
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
            response
        }
    }
}

/// What the reader asked for, by the address, else by the browser.
fn language(headers: &HeaderMap, query: &str) -> &'static Phrases {
    let asked = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang");
    let asked = asked.map(|(_, value)| value.into_owned());
    asked.as_deref().map(Phrases::of).or_else(|| super::prefers(headers)).unwrap_or_else(|| Phrases::of("en"))
}

/// What went wrong, for who reads this page and no documentation; what only a wrong form can bring about stays as it is.
fn why<'a>(phrases: &StartPhrases, problem: &'a Problem) -> &'a str {
    match problem.status {
        StatusCode::UNSUPPORTED_MEDIA_TYPE => phrases.no_page,
        StatusCode::UNPROCESSABLE_ENTITY => phrases.no_article,
        StatusCode::PAYLOAD_TOO_LARGE => phrases.too_large,
        StatusCode::FORBIDDEN => phrases.not_allowed,
        StatusCode::NOT_FOUND => phrases.not_there,
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => phrases.no_answer,
        StatusCode::SERVICE_UNAVAILABLE => phrases.busy,
        _ => &problem.detail,
    }
}

fn page(status: StatusCode, html: String) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' http: https: data:; \
        media-src http: https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let mut response = (status, Body::from(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

async fn result(app: &Arc<App>, html: &html::Html<'_>, mut form: Form) -> Response {
    match shown(app, html, &mut form).await {
        Ok(response) => response,
        Err(problem) => page(problem.status, html.page(&form, None, Some(why(&html.phrases.start, &problem)))),
    }
}

async fn shown(app: &Arc<App>, html: &html::Html<'_>, form: &mut Form) -> Result<Response, Problem> {
    let ticket = app.work.admit()?;
    let Some(source) = form.source(app).await? else {
        return Err(Problem::new(StatusCode::BAD_REQUEST, html.phrases.start.nothing));
    };
    refuse_other_formats("the page", &source.bytes)?;
    let source = source.unpacked(&app.config.limits)?;
    let settings = settings(form)?;
    let style = crate::options::PrintArgs {
        style: Some(form.style.clone()),
        paper: Some(form.paper.parse().map_err(|e: String| Problem::new(StatusCode::BAD_REQUEST, e))?),
        ..Default::default()
    };
    let style = style.style_from(named_style)?;
    let limits = app.config.limits.clone();
    let known = app.knowledge.now();
    let options = Options {
        source: "the page".into(),
        base_url: source.url.clone(),
        settings: settings.clone(),
        site: known.site.clone(),
        limits: limits.clone(),
        ..Options::default()
    };
    let source = Arc::new(source);
    let wanted = form.wanted;
    let linked = Options {
        fonts: FontSource::Linked(String::new()),
        sheet_url: Some(assets::sheet_url(&settings)),
        ..options.clone()
    };
    let themed = {
        let source = Arc::clone(&source);
        ticket.run(cost_of_page(source.bytes.len()), move || {
            let text = source.decode(None).text;
            let saved = rewritten(&text, &options)?;
            Ok((rewritten(&text, &linked)?, saved))
        })
    };
    if wanted == Wanted::Page {
        return Ok(api::html(Body::from(themed.await?.1)));
    }
    let fetched = source.url.is_some();
    let article =
        app.whole_article(&ticket, source, fetched, Following::new(limits.clone())).await.map(|told| told.article);
    if wanted == Wanted::Pdf {
        let article = article?;
        let pictures = app.fetch_pictures(article.picture_sources()).await;
        return app.pdf(&ticket, article, style, Default::default(), pictures, limits).await;
    }
    let (framed, saved) = themed.await?;
    let paper = match article {
        Ok(article) => {
            let pictures = app.fetch_pictures(article.picture_sources()).await;
            let range: SheetRange = parse_query("page=1&dpi=72")?;
            let name = api::file_name(&article.title, "pdf");
            ticket.grow(pictures.bytes())?;
            let cost = ticket.cost_of_setting(&article)?;
            let drawn = ticket.run(cost, move || {
                let limits = limits.begin();
                let publication = typeset_article(&article, &style, &pictures, &limits)?;
                let file_options = crate::options::PdfArgs::default().options(&style);
                let file = pdf::write(&publication, &file_options)?;
                Ok((range.draw_one(&publication, &style)?, file))
            });
            let (picture, file) = drawn.await?;
            Ok(Paper { picture, file, name })
        }
        Err(problem) => Err(why(&html.phrases.start, &problem).to_owned()),
    };
    let shown = Shown { settings: &settings, framed, saved, paper };
    Ok(page(StatusCode::OK, html.page(form, Some(&shown), None)))
}

fn rewritten(text: &str, options: &Options) -> Result<String, Problem> {
    let mut out = Vec::new();
    let mut rewriter = Rewriter::new(Rules::built_in(), options, |bytes: &[u8]| out.extend_from_slice(bytes));
    rewriter.write(text)?;
    rewriter.end()?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn settings(form: &Form) -> Result<Settings, Problem> {
    let screen = named_theme(&form.theme)?;
    let settings =
        Settings { look: Look::Theme(screen.name), size: form.size, font: Font::default(), ..Settings::default() };
    settings.check().map_err(|e| Problem::new(StatusCode::BAD_REQUEST, e))?;
    Ok(settings)
}

/// The pages that can be tried without having one: name, title, language.
const SAMPLES: [(&str, &str, &str, &[u8]); 3] = [
    ("bridge", "Об ограничении движения по мосту", "ru", include_bytes!("../../../samples/obyavlenie.html")),
    ("snow", "Человек, который сорок лет записывал снег", "ru", include_bytes!("../../../samples/longread.html")),
    ("hall", "Wexcombe hall gets its roof back", "en", include_bytes!("../../../samples/parish.html")),
];

/// A sample by its name.
fn sample(name: &str) -> Option<Page> {
    let (_, _, _, bytes) = SAMPLES.iter().find(|(known, ..)| *known == name)?;
    Some(Page { name: "the page".into(), bytes: bytes.to_vec(), content_type: None, url: None, ..Page::default() })
}

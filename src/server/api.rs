//! The routes of the API. Each command's options are query parameters of the same names, read by the same definitions.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use clap::Args;
use encoding_rs::Encoding;
use sha2::{Digest, Sha256};
use url::Url;

use super::body::{PageBody, Waiting};
use super::fetching::Following;
use super::openapi::{self, Gives, Route};
use super::problem::Problem;
use super::work::{Ticket, cost_of_check, cost_of_page};
use super::{App, stream};
use crate::article::{Account, Article, Extraction};
use crate::options::{
    ArticleFormat, LimitArgs, LookArgs, Mode, PagingArgs, PdfArgs, PrintArgs, SheetRange, charset, check_bytes,
    language, named_style, named_theme, parse_query, preflight, typeset_article, web_address,
};
use crate::source::{Page, Pictures};
use crate::theme::{PrintStyle, themes_json};
use crate::{Limits, pdf, rewrite};

type Shared = State<Arc<App>>;
type Answer = Result<Response, Problem>;

const HTML: [&str; 2] = ["text/html", "application/xhtml+xml"];
const HTML_OR_ARTICLE: [&str; 4] = ["text/html", "application/xhtml+xml", "application/json", "text/markdown"];
const CHECKED: [&str; 3] = ["text/html", "application/xhtml+xml", "application/pdf"];

pub(super) fn routes(app: Arc<App>) -> Router {
    Router::new()
        .route("/v1/rewrite", post(rewrite_page).get(rewrite_page))
        .route("/v1/article", post(article).get(article))
        .route("/v1/pdf", post(pdf_of_page).get(pdf_of_page))
        .route("/v1/preview", post(preview_of_page).get(preview_of_page))
        .route("/v1/check", post(check_file))
        .route("/v1/themes", get(themes))
        .route("/openapi.json", get(openapi))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(Arc::clone(&app), guarded))
        .with_state(app)
}

/// Lets those through who bring the token, where there is one (RFC 6750, 2.1).
async fn guarded(State(app): Shared, request: Request, next: Next) -> Response {
    let Some(token) = app.config.api_token.as_deref().filter(|_| request.uri().path().starts_with("/v1/")) else {
        return next.run(request).await;
    };
    let brought = request.headers().get(header::AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    let brought = brought.split_at_checked(7).filter(|(scheme, _)| scheme.eq_ignore_ascii_case(b"bearer "));
    // Hashes are compared, so that the time it takes says nothing about the token.
    let same = brought.is_some_and(|(_, brought)| Sha256::digest(brought) == Sha256::digest(token));
    if same {
        return next.run(request).await;
    }
    let detail = "the API of this service is not for everybody; send its token as Authorization: Bearer";
    let mut response = Problem::new(StatusCode::UNAUTHORIZED, detail).into_response();
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// What every route that takes a page understands.
#[derive(Args, Clone, Debug)]
struct PageQuery {
    /// Address of a page to fetch instead of a body; only from allowed origins
    #[arg(long)]
    url: Option<String>,
    /// Address of the page, from which relative links and pictures are resolved
    #[arg(long, value_parser = web_address)]
    base_url: Option<Url>,
    /// Charset of the page, against its labels and its bytes
    #[arg(long, value_parser = charset)]
    charset: Option<&'static Encoding>,
    /// Language of the page, against what it says
    #[arg(long, value_parser = language)]
    lang: Option<String>,
    #[command(flatten)]
    paging: PagingArgs,
    #[command(flatten)]
    limits: LimitArgs,
}

impl PageQuery {
    /// # Errors
    /// 400 for parameters that would fetch more of what was not fetched itself.
    fn check_paging(&self) -> Result<(), Problem> {
        let (None, Some(name)) = (&self.url, self.paging.given()) else { return Ok(()) };
        let detail = format!("parameter {name} is for an article that the service fetches; give its address as url");
        Err(Problem::new(StatusCode::BAD_REQUEST, detail))
    }
}

#[derive(Args, Clone, Debug)]
struct RewriteQuery {
    #[command(flatten)]
    page: PageQuery,
    #[command(flatten)]
    look: LookArgs,
    /// The page, or the receipt of what was removed
    #[arg(long, value_parser = ["html", "receipt"], default_value = "html")]
    output: String,
}

#[derive(Args, Clone, Debug)]
struct ArticleQuery {
    #[command(flatten)]
    page: PageQuery,
    /// Form of the result
    #[arg(long, value_enum, default_value_t)]
    format: ArticleFormat,
    /// Restore quotation marks, dashes and non-breaking spaces of Russian and English where that is safe
    #[arg(long)]
    typography: bool,
    /// The article, or the receipt of what was left out of it, of each of its pages
    #[arg(long, value_parser = ["article", "receipt"], default_value = "article")]
    output: String,
}

#[derive(Args, Clone, Debug)]
struct PdfQuery {
    #[command(flatten)]
    page: PageQuery,
    #[command(flatten)]
    print: PrintArgs,
    #[command(flatten)]
    pdf: PdfArgs,
}

#[derive(Args, Clone, Debug)]
struct PreviewQuery {
    #[command(flatten)]
    page: PageQuery,
    #[command(flatten)]
    print: PrintArgs,
    #[command(flatten)]
    sheets: SheetRange,
}

#[derive(Args, Clone, Debug)]
struct CheckQuery {
    /// Print style that a PDF is measured against, instead of the one it names
    #[arg(long)]
    profile: Option<String>,
    /// What a print shop asks of a PDF instead: fonts, boxes, pictures, inks, black text, transparency
    #[arg(long)]
    preflight: bool,
}

/// A request of one of the routes, before its page is read.
struct Asked<Q> {
    query: Q,
    request: Request,
}

fn asked<Q: Args + clap::FromArgMatches>(request: Request) -> Result<Asked<Q>, Problem> {
    let query = parse_query(request.uri().query().unwrap_or(""))?;
    Ok(Asked { query, request })
}

impl App {
    /// The page of a request, whole: its body, or what `?url=` names.
    async fn page(
        &self,
        ticket: &Ticket,
        query: &PageQuery,
        request: Request,
        accepted: &[&str],
    ) -> Result<Page, Problem> {
        let mut page = match &query.url {
            Some(address) => {
                let page = self.fetch_page(address).await?;
                ticket.grow(page.bytes.len() as u64)?;
                page
            }
            None => {
                let (head, body) = request.into_parts();
                if head.method == axum::http::Method::GET {
                    return Err(Problem::new(
                        StatusCode::BAD_REQUEST,
                        "GET needs the parameter url; or send the page with POST",
                    ));
                }
                let limit = query.limits.tighten(&self.config.limits).input;
                let content_type =
                    head.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(str::to_owned);
                let bytes = {
                    ticket.grow(PageBody::window(&head.headers))?;
                    PageBody::new(&head.headers, body, limit, accepted)?.whole(ticket).await?
                };
                Page { name: "the page".into(), bytes: bytes.into(), content_type, url: None, ..Page::default() }
            }
        };
        if query.base_url.is_some() {
            page.url.clone_from(&query.base_url);
        }
        Ok(page.unpacked(&self.config.limits)?)
    }

    /// The article of a request with all its pages, found in the pool.
    async fn article(&self, ticket: &Ticket, query: &PageQuery, request: Request) -> Result<Article, Problem> {
        Ok(self.told(ticket, query, request, false).await?.1.article)
    }

    /// The receipt of article mode.
    async fn article_receipt(&self, query: &RewriteQuery, request: Request, options: rewrite::Options) -> Answer {
        let ticket = self.work.admit()?;
        let (_, told) = self.told(&ticket, &query.page, request, true).await?;
        let limits = query.page.limits.tighten(&self.config.limits);
        let cost = ticket.cost_of_setting(&told.article)?;
        let piece = move || {
            let made = rewrite::inventory(&rewrite::article_page(&told.article, &options), &limits)?;
            Ok(Account::new(&options.source, &told, &made))
        };
        let receipt = ticket.run(cost, piece).await?;
        Ok(json(serde_json::to_string_pretty(&receipt).unwrap_or_default()))
    }
}

impl App {
    /// The article of a request with all its pages, where the service fetches it, and its name; tells what is left out of
    /// them if `told`.
    async fn told(
        &self,
        ticket: &Ticket,
        query: &PageQuery,
        request: Request,
        told: bool,
    ) -> Result<(String, Extraction), Problem> {
        query.check_paging()?;
        let first = self.page(ticket, query, request, &HTML_OR_ARTICLE).await?;
        let name = query.url.clone().unwrap_or_else(|| first.name.clone());
        let following = Following {
            charset: query.charset,
            lang: query.lang.clone(),
            limits: query.limits.tighten(&self.config.limits),
            prefer: query.paging.version(),
            most: query.paging.tightened(),
            told,
        };
        Ok((name, self.whole_article(ticket, first, query.url.is_some(), following).await?))
    }

    /// Sets an article and answers with its PDF, named after it.
    pub(super) async fn pdf(
        &self,
        ticket: &Ticket,
        article: Article,
        style: PrintStyle,
        file_options: PdfArgs,
        pictures: Pictures,
        limits: Limits,
    ) -> Answer {
        let name = file_name(&article.title, "pdf");
        ticket.grow(pictures.bytes())?;
        let cost = ticket.cost_of_setting(&article)?;
        let piece = move || {
            let limits = limits.begin();
            let publication = typeset_article(&article, &style, &pictures, &limits)?;
            Ok(pdf::write(&publication, &file_options.options(&style))?)
        };
        let bytes = ticket.run(cost, piece).await?;
        let held = self.work.hold(bytes.len() as u64)?;
        Ok(file("application/pdf", &name, Waiting::body(bytes, held)))
    }
}

async fn rewrite_page(State(app): Shared, request: Request) -> Answer {
    let Asked { query, request } = asked::<RewriteQuery>(request)?;
    let mut options = query.look.options(named_theme)?;
    options.base_url.clone_from(&query.page.base_url);
    options.lang.clone_from(&query.page.lang);
    options.source = "the page".into();
    options.site = app.knowledge.now().site;
    if query.look.mode == Mode::Article {
        if query.output == "receipt" {
            return app.article_receipt(&query, request, options).await;
        }
        let ticket = app.work.admit()?;
        let article = app.article(&ticket, &query.page, request).await?;
        return Ok(sure(html(Body::from(rewrite::article_page(&article, &options))), article.confidence));
    }
    query.page.check_paging()?;
    let limit = query.page.limits.tighten(&app.config.limits).input;
    let held = app.work.hold(PageBody::window(request.headers()))?;
    let (body, declared) = if let Some(address) = &query.page.url {
        let page = app.fetch_page(address).await?;
        options.base_url = options.base_url.or_else(|| page.url.clone());
        let declared = page.declared(query.page.charset);
        (PageBody::new(&header::HeaderMap::new(), Body::from(page.bytes), limit, &HTML)?, declared)
    } else {
        let (head, body) = request.into_parts();
        if head.method == axum::http::Method::GET {
            return Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "GET needs the parameter url; or send the page with POST",
            ));
        }
        let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let labels = Page { content_type, ..Page::default() };
        (PageBody::new(&head.headers, body, limit, &HTML)?, labels.declared(query.page.charset))
    };
    let body = body.holding(held);
    if query.output == "receipt" {
        let receipt = stream::receipt(body, declared, &options).await?;
        return Ok(json(serde_json::to_string_pretty(&receipt).unwrap_or_default()));
    }
    let (told, body) = stream::rewritten(body, declared, &options, &app.metrics, None).await?;
    let mut response = html(body);
    response.headers_mut().extend(told);
    Ok(response)
}

/// Tells how sure it is that the right article was found, where one had to be.
fn sure(mut answer: Response, confidence: Option<f32>) -> Response {
    let value = confidence.and_then(|confidence| HeaderValue::from_str(&confidence.to_string()).ok());
    if let Some(value) = value {
        answer.headers_mut().insert("clearprint-confidence", value);
    }
    answer
}

async fn article(State(app): Shared, request: Request) -> Answer {
    let Asked { query, request } = asked::<ArticleQuery>(request)?;
    let receipt = query.output == "receipt";
    let ticket = app.work.admit()?;
    let (name, mut told) = app.told(&ticket, &query.page, request, receipt).await?;
    if query.typography {
        told.article.restore_typography();
    }
    let (text, media_type) = query.format.export(&told.article);
    if receipt {
        let limits = query.page.limits.tighten(&app.config.limits);
        let cost = cost_of_page(text.len());
        let account = move || Ok(Account::new(&name, &told, &query.format.inventory(&text, &limits)?));
        return Ok(json(serde_json::to_string_pretty(&ticket.run(cost, account).await?).unwrap_or_default()));
    }
    Ok(sure(([(header::CONTENT_TYPE, media_type)], text).into_response(), told.article.confidence))
}

async fn pdf_of_page(State(app): Shared, request: Request) -> Answer {
    let Asked { query, request } = asked::<PdfQuery>(request)?;
    let style = query.print.style_from(named_style)?;
    let ticket = app.work.admit()?;
    let article = app.article(&ticket, &query.page, request).await?;
    let pictures = app.fetch_pictures(article.picture_sources()).await;
    let limits = query.page.limits.tighten(&app.config.limits);
    let confidence = article.confidence;
    Ok(sure(app.pdf(&ticket, article, style, query.pdf, pictures, limits).await?, confidence))
}

async fn preview_of_page(State(app): Shared, request: Request) -> Answer {
    let Asked { query, request } = asked::<PreviewQuery>(request)?;
    let style = query.print.style_from(named_style)?;
    let ticket = app.work.admit()?;
    let article = app.article(&ticket, &query.page, request).await?;
    let pictures = app.fetch_pictures(article.picture_sources()).await;
    let limits = query.page.limits.tighten(&app.config.limits);
    ticket.grow(pictures.bytes())?;
    let cost = ticket.cost_of_setting(&article)?;
    let confidence = article.confidence;
    let bytes = ticket
        .run(cost, move || {
            let limits = limits.begin();
            let publication = typeset_article(&article, &style, &pictures, &limits)?;
            Ok(query.sheets.draw_one(&publication, &style)?)
        })
        .await?;
    Ok(sure(([(header::CONTENT_TYPE, "image/png")], bytes).into_response(), confidence))
}

async fn check_file(State(app): Shared, request: Request) -> Answer {
    let Asked { query, request } = asked::<CheckQuery>(request)?;
    let profile = query.profile.as_deref().map(named_style).transpose()?;
    let ticket = app.work.admit()?;
    let (head, body) = request.into_parts();
    ticket.grow(PageBody::window(&head.headers))?;
    let bytes = PageBody::new(&head.headers, body, app.config.limits.input, &CHECKED)?.whole(&ticket).await?;
    let cost = cost_of_check(bytes.len());
    let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let page = Page { name: "the file".into(), bytes: bytes.into(), content_type, url: None, ..Page::default() };
    let limits = app.config.limits.clone();
    let piece = move || {
        let limits = limits.begin();
        let report = if query.preflight {
            serde_json::to_string_pretty(&preflight(&page, &limits)?)
        } else {
            serde_json::to_string_pretty(&check_bytes(&page, profile.as_ref(), &limits)?)
        };
        Ok(report.unwrap_or_default())
    };
    Ok(json(ticket.run(cost, piece).await?))
}

async fn themes() -> Response {
    json(themes_json())
}

async fn openapi() -> Response {
    const REWRITTEN: &Gives = &[("text/html", &[]), ("application/json", &["Receipt"])];
    const ARTICLE: &Gives = &[
        ("application/json", &["Article", "Receipt"]),
        ("text/html", &[]),
        ("text/markdown", &[]),
        ("text/plain", &[]),
    ];
    const PDF: &Gives = &[("application/pdf", &[])];
    const PICTURE: &Gives = &[("image/png", &[])];
    const REPORT: &Gives = &[("application/json", &["Findings", "Preflight"])];
    let routes = [
        Route::new::<RewriteQuery>("/v1/rewrite", "The page in large type", &HTML, REWRITTEN),
        Route::new::<ArticleQuery>("/v1/article", "The article alone", &HTML_OR_ARTICLE, ARTICLE),
        Route::new::<PdfQuery>("/v1/pdf", "The article as a PDF", &HTML_OR_ARTICLE, PDF),
        Route::new::<PreviewQuery>("/v1/preview", "A printed page as a picture", &HTML_OR_ARTICLE, PICTURE),
        Route::new::<CheckQuery>("/v1/check", "Findings on a page or a PDF", &CHECKED, REPORT),
    ];
    json(openapi::document(&routes).to_string())
}

async fn method_not_allowed(request: Request) -> Problem {
    let detail = format!("{} is not for {}; see the API's description", request.method(), request.uri().path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}

/// A page of foreign text: it may run nothing and is kept in a sandbox of its own.
pub(super) fn html(body: Body) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src http: https: data:; \
        media-src http: https:; form-action http: https:; base-uri 'none'; frame-ancestors 'self'; \
        sandbox allow-forms allow-popups allow-top-navigation-by-user-activation";
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

pub(super) fn file(media_type: &'static str, name: &str, body: Body) -> Response {
    let encoded = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    let extension = name.rsplit('.').next().unwrap_or("bin");
    // RFC 6266: a plain name for old clients, the real one for the others.
    let disposition = format!("inline; filename=\"article.{extension}\"; filename*=UTF-8''{encoded}");
    let mut response = ([(header::CONTENT_TYPE, media_type)], body).into_response();
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// A file name made of a title: letters, digits and hyphens, at most 80 of them.
pub(super) fn file_name(title: &str, extension: &str) -> String {
    let words: Vec<_> = title.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let stem: String = words.join("-").chars().take(80).collect();
    format!("{}.{extension}", if stem.is_empty() { "article" } else { &stem })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_made_of_titles() {
        assert_eq!(file_name("Мост открыт: «наконец-то»!", "pdf"), "Мост-открыт-наконец-то.pdf");
        assert_eq!(file_name("../../etc/passwd\r\nX: y", "pdf"), "etc-passwd-X-y.pdf");
        assert_eq!(file_name("…", "pdf"), "article.pdf");
    }
}

//! Pages for readers when something went wrong: in the reader's own settings and language, with a way on.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::settings;
use super::site::Site;
use crate::article::{Article, Block, Inline, NumberStyle};
use crate::phrases::{Notice, NoticePhrases, Phrases};
use crate::rewrite::{self, LinkMap};
use crate::server::assets;
use crate::server::problem::Problem;
use crate::source::fetch::FetchError;
use crate::theme::{FontSource, Settings};

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Down,
    Slow,
    Failing,
    NotFound,
    SignIn,
    Refused,
    TooLarge,
    NoPage,
    NoArticle,
    NoCode,
    NoPrint,
    Busy,
    Loop,
    Request,
    Form,
}

impl Trouble {
    fn phrases(self, notice: &NoticePhrases) -> Notice {
        match self {
            Self::Down => notice.down,
            Self::Slow => notice.slow,
            Self::Failing => notice.failing,
            Self::NotFound => notice.not_found,
            Self::SignIn => notice.sign_in,
            Self::Refused => notice.refused,
            Self::TooLarge => notice.too_large,
            Self::NoPage => notice.no_page,
            Self::NoArticle => notice.no_article,
            Self::NoCode => notice.no_code,
            Self::NoPrint => notice.no_print,
            Self::Busy => notice.busy,
            Self::Loop => notice.circle,
            Self::Request => notice.request,
            Self::Form => notice.form,
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Down | Self::Failing | Self::Refused => StatusCode::BAD_GATEWAY,
            Self::Slow => StatusCode::GATEWAY_TIMEOUT,
            Self::NotFound | Self::NoCode => StatusCode::NOT_FOUND,
            Self::SignIn => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NoPage => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NoArticle => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Loop => StatusCode::LOOP_DETECTED,
            Self::Request => StatusCode::METHOD_NOT_ALLOWED,
            Self::NoPrint | Self::Form => StatusCode::BAD_REQUEST,
        }
    }

    /// What the site means by its status.
    pub(super) fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            404 | 410 => Self::NotFound,
            401 | 403 | 407 => Self::SignIn,
            500.. => Self::Failing,
            _ => Self::Refused,
        }
    }
}

impl From<&FetchError> for Trouble {
    fn from(error: &FetchError) -> Self {
        match error {
            FetchError::Slow(_) => Self::Slow,
            // What the owner has taken out is not there for anybody.
            FetchError::NotAllowed => Self::NotFound,
            FetchError::TooLarge { .. } => Self::TooLarge,
            FetchError::Status(status) => StatusCode::from_u16(*status).map_or(Self::Failing, Self::of_status),
            _ => Self::Down,
        }
    }
}

impl From<&Problem> for Trouble {
    fn from(problem: &Problem) -> Self {
        match problem.status {
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::NoPage,
            StatusCode::UNPROCESSABLE_ENTITY => Self::NoArticle,
            StatusCode::SERVICE_UNAVAILABLE => Self::Busy,
            StatusCode::GATEWAY_TIMEOUT | StatusCode::REQUEST_TIMEOUT => Self::Slow,
            _ => Self::Down,
        }
    }
}

/// Addresses of ours in a notice, set apart from those of the site until they are written.
const HERE: &str = "http://here.invalid";

/// Who reads, and which page is meant.
pub(super) struct View<'a> {
    pub(super) site: &'a Site,
    pub(super) settings: &'a Settings,
    /// Path and query.
    pub(super) path: &'a str,
    pub(super) ui: &'static str,
    /// Whether the reader wanted it printed.
    pub(super) print: bool,
}

impl View<'_> {
    /// The page about `trouble`; `status` is the site's own, where it gave one.
    pub(super) fn answer(&self, trouble: Trouble, status: Option<StatusCode>) -> Response {
        self.about(trouble, status.unwrap_or(trouble.status()), None)
    }

    /// That what the address asks of the printed form cannot be done; `why` is for who made the address.
    pub(super) fn not_printable(&self, why: &str) -> Response {
        self.about(Trouble::NoPrint, Trouble::NoPrint.status(), Some(why))
    }

    fn about(&self, trouble: Trouble, status: StatusCode, detail: Option<&str>) -> Response {
        let mut response = (status, Body::from(self.html(trouble, detail))).into_response();
        let headers = response.headers_mut();
        super::protect(headers);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        if status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        response
    }

    fn html(&self, trouble: Trouble, detail: Option<&str>) -> String {
        let say = &Phrases::of(self.ui).notice;
        let (title, why) = trouble.phrases(say);
        let c = &self.site.config;
        let original = self.site.public(self.path);
        let code = self.settings;
        let view = |path: &str| format!("{HERE}{}{code}{path}", c.page_prefix);
        let mut ways = vec![(original.to_string(), say.to_original)];
        if trouble == Trouble::NoPrint {
            let usual = format!("{HERE}{}", super::print::url(self.site, self.path));
            ways.push((usual, say.to_usual_print));
        }
        if self.print && trouble != Trouble::NotFound {
            ways.push((view(self.path), say.to_large));
        } else if trouble == Trouble::NoCode {
            ways.push((view(self.path), say.to_usual));
        } else if matches!(trouble, Trouble::Down | Trouble::Slow | Trouble::Failing | Trouble::Busy) {
            ways.push((view(self.path), say.to_again));
        }
        if self.path != "/" {
            ways.push((view("/"), say.to_front));
        }
        let items = ways.into_iter().map(|(href, text)| {
            let link = Inline::Link { href, content: vec![Inline::Text(text.into())] };
            vec![Block::Paragraph { content: vec![link], lang: None }]
        });
        let article = Article {
            title: title.into(),
            lang: self.ui.into(),
            blocks: [
                Some(Block::Paragraph { content: vec![Inline::Text(why.into())], lang: None }),
                detail.map(|detail| Block::Paragraph {
                    content: vec![Inline::Text(detail.into())],
                    lang: (self.ui != "en").then(|| "en".into()),
                }),
                Some(Block::List {
                    ordered: false,
                    start: None,
                    style: NumberStyle::Decimal,
                    numbers: Vec::new(),
                    items: items.collect(),
                }),
            ]
            .into_iter()
            .flatten()
            .collect(),
            ..Article::default()
        };
        let options = rewrite::Options {
            base_url: Some(original),
            settings: self.settings.clone(),
            settings_action: Some(settings::action(self.site, self.settings, self.path)),
            fonts: FontSource::Linked(String::new()),
            sheet_url: Some(assets::sheet_url(self.settings)),
            links: Some(LinkMap::new(|url| url.as_str().strip_suffix('/') == Some(HERE), str::to_owned)),
            ..rewrite::Options::default()
        };
        rewrite::article_page(&article, &options)
    }
}

/// The reader's language, as far as we speak it: what the browser says, else what the site's domain suggests.
pub(super) fn language(headers: &HeaderMap, site: &Site) -> &'static str {
    crate::server::prefers(headers).map_or_else(|| site.ui(), |phrases| phrases.lang)
}

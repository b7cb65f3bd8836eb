//! Pages for readers when something went wrong: in the reader's own settings and language, with a way on.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::settings;
use super::site::Site;
use crate::article::{Article, Block, Inline};
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

/// Title and explanation.
type Words = (&'static str, &'static str);

impl Trouble {
    fn words(self, ui: &str) -> Words {
        let (ru, en): (Words, Words) = match self {
            Self::Down => (
                (
                    "Сайт сейчас не отвечает",
                    "Страницу не удалось получить с сайта. Попробуйте открыть её ещё раз через несколько минут.",
                ),
                (
                    "The site is not answering",
                    "The page could not be had from the site. Try to open it again in a few minutes.",
                ),
            ),
            Self::Slow => (
                (
                    "Сайт отвечает слишком долго",
                    "Страница не пришла вовремя. Попробуйте открыть её ещё раз через несколько минут.",
                ),
                (
                    "The site takes too long to answer",
                    "The page did not come in time. Try to open it again in a few minutes.",
                ),
            ),
            Self::Failing => (
                (
                    "На сайте ошибка",
                    "Сайт ответил, что не может показать эту страницу. Попробуйте открыть её ещё раз через несколько минут.",
                ),
                (
                    "The site has an error",
                    "The site answered that it cannot show this page. Try to open it again in a few minutes.",
                ),
            ),
            Self::NotFound => (
                (
                    "Такой страницы нет",
                    "На сайте нет страницы с этим адресом. Возможно, её убрали или в адресе опечатка.",
                ),
                (
                    "There is no such page",
                    "The site has no page at this address. It may have been removed, or the address has a slip.",
                ),
            ),
            Self::SignIn => (
                (
                    "Страница открывается только на самом сайте",
                    "Сайт показывает её после входа или не всем. Откройте исходную страницу.",
                ),
                (
                    "This page opens only on the site itself",
                    "The site shows it after signing in, or not to everyone. Open the original page.",
                ),
            ),
            Self::Refused => (
                (
                    "Сайт не показывает эту страницу",
                    "Сайт отказался ответить на запрос. Откройте исходную страницу или попробуйте ещё раз через несколько минут.",
                ),
                (
                    "The site does not show this page",
                    "The site refused to answer. Open the original page, or try again in a few minutes.",
                ),
            ),
            Self::TooLarge => (
                ("Страница слишком велика", "Она больше, чем можно переделать. Откройте исходную страницу."),
                ("The page is too large", "It is larger than what can be adapted. Open the original page."),
            ),
            Self::NoPage => (
                ("По этому адресу не страница с текстом", "Там файл другого вида. Откройте его на самом сайте."),
                (
                    "There is no page of text at this address",
                    "It is a file of another kind. Open it on the site itself.",
                ),
            ),
            Self::NoArticle => (
                (
                    "Для печати здесь нет статьи",
                    "На этой странице не нашлось связного текста, из которого можно сделать печатную версию.",
                ),
                (
                    "There is no article to print here",
                    "This page has no running text that a print version could be made of.",
                ),
            ),
            Self::NoCode => (
                (
                    "Такого вида страницы нет",
                    "В адресе стоят настройки вида, которые нельзя прочесть. Откройте страницу с обычными настройками.",
                ),
                (
                    "There are no such page settings",
                    "The page settings in the address cannot be read. Open the page with the usual settings.",
                ),
            ),
            Self::NoPrint => (
                (
                    "Так напечатать нельзя",
                    "В адресе стоят настройки печати, с которыми файл сделать нельзя. Откройте печатную версию с обычными настройками.",
                ),
                (
                    "It cannot be printed in that way",
                    "No file can be made with the print settings in the address. Open the print version with the usual settings.",
                ),
            ),
            Self::Busy => (
                ("Сейчас слишком много запросов", "Попробуйте ещё раз через несколько секунд."),
                ("There are too many requests now", "Try again in a few seconds."),
            ),
            Self::Loop => (
                (
                    "Адрес ведёт сам на себя",
                    "Сайт настроен так, что запрос ходит по кругу. Сообщите об этом владельцу сайта.",
                ),
                (
                    "The address leads back to itself",
                    "The site is set up so that the request goes round in a circle. Tell the site's owner.",
                ),
            ),
            Self::Request => (
                (
                    "Так эту страницу открыть нельзя",
                    "Здесь страницы можно только читать. Отправьте форму на самом сайте.",
                ),
                (
                    "This page cannot be opened in that way",
                    "Pages can only be read here. Send the form on the site itself.",
                ),
            ),
            Self::Form => (
                ("Настройки не удалось прочесть", "Вернитесь на страницу и отправьте форму ещё раз."),
                ("The settings could not be read", "Go back to the page and send the form again."),
            ),
        };
        if ui == "ru" { ru } else { en }
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
        let (title, why) = trouble.words(self.ui);
        let c = &self.site.config;
        let original = self.site.public(self.path);
        let code = self.settings;
        let view = |path: &str| format!("{HERE}{}{code}{path}", c.page_prefix);
        let say = |ru: &'static str, en: &'static str| if self.ui == "ru" { ru } else { en };
        let mut ways = vec![(original.to_string(), say("Открыть исходную страницу", "Open the original page"))];
        if trouble == Trouble::NoPrint {
            let usual = format!("{HERE}{}", super::print::url(self.site, self.path));
            ways.push((usual, say("Печатная версия с обычными настройками", "Print version with the usual settings")));
        }
        if self.print && trouble != Trouble::NotFound {
            ways.push((view(self.path), say("Читать эту страницу крупно", "Read this page in large type")));
        } else if trouble == Trouble::NoCode {
            ways.push((view(self.path), say("Открыть с обычными настройками", "Open it with the usual settings")));
        } else if matches!(trouble, Trouble::Down | Trouble::Slow | Trouble::Failing | Trouble::Busy) {
            ways.push((view(self.path), say("Попробовать ещё раз", "Try again")));
        }
        if self.path != "/" {
            ways.push((view("/"), say("На главную страницу сайта", "To the site's front page")));
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
                Some(Block::List { ordered: false, start: None, items: items.collect() }),
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
    crate::server::prefers(headers).unwrap_or_else(|| site.ui())
}

//! Fetching for a request: only from origins that the configuration names.

use std::sync::Arc;

use axum::http::StatusCode;
use encoding_rs::Encoding;
use url::Url;

use super::App;
use super::problem::{Problem, over_http};
use super::work::{Ticket, cost_of_page};
use crate::Limits;
use crate::article::{Extraction, MOST_PAGES, Pages, Reading, Version};
use crate::clean::Site;
use crate::source::fetch::{ACCEPT_PAGE, FetchError};
use crate::source::{LocalFolders, Page, Pictures};

impl App {
    /// Whether pages and pictures of this origin may be fetched.
    pub(super) fn allows(&self, url: &Url) -> bool {
        self.config.allowed_origins.iter().any(|allowed| allowed.origin() == url.origin())
    }

    /// Fetches the page of `?url=`.
    ///
    /// # Errors
    /// 400 for no address, 403 for an origin that is not allowed (also after a redirect), 502 and 504 from upstream.
    pub(super) async fn fetch_page(&self, address: &str) -> Result<Page, Problem> {
        let url = Url::parse(address).ok().filter(|u| matches!(u.scheme(), "http" | "https"));
        let url = url.ok_or_else(|| {
            Problem::new(StatusCode::BAD_REQUEST, "parameter url is no web address; give a whole one with https://")
        })?;
        if !self.allows(&url) {
            let origin = url.origin().ascii_serialization();
            let detail = format!(
                "{origin} is no origin that this service fetches from; its owner can allow it with --allow-origin"
            );
            return Err(Problem::new(StatusCode::FORBIDDEN, detail));
        }
        let limits = &self.config.limits;
        let get = self.fetcher.get_within(&url, ACCEPT_PAGE, limits.input, limits.fetch, |next| self.allows(next));
        let fetched = get.await.map_err(|e| problem(&e))?;
        Ok(Page {
            name: "the page".into(),
            bytes: fetched.bytes,
            content_type: fetched.content_type,
            url: Some(fetched.url),
            ..Page::default()
        })
    }

    /// Fetches those of an article's pictures that may be fetched; the others are shown by their description.
    pub(super) async fn fetch_pictures(&self, sources: Vec<String>) -> Pictures {
        let mut pictures = Pictures::of(LocalFolders::default(), &self.config.limits);
        let origins: Vec<_> = self.config.allowed_origins.iter().map(Url::origin).collect();
        let allowed = move |url: &Url| origins.contains(&url.origin());
        pictures.fetch_with(&self.fetcher, sources, &self.config.limits, allowed).await;
        pictures
    }
}

/// How an article is read that goes on on further pages; as [`Reading`], for longer.
pub(super) struct Following {
    /// Charset where somebody knows better.
    pub(super) charset: Option<&'static Encoding>,
    /// Language where somebody knows better.
    pub(super) lang: Option<String>,
    /// Bounds on each page.
    pub(super) limits: Limits,
    /// A version to read instead of the page, where the page names one.
    pub(super) prefer: Option<Version>,
    /// Pages that the article may have.
    pub(super) most: usize,
    /// Whether to tell what of each page was left out.
    pub(super) told: bool,
}

impl Following {
    /// As the service does it unless told otherwise.
    pub(super) fn new(limits: Limits) -> Self {
        Self { charset: None, lang: None, limits, prefer: None, most: MOST_PAGES, told: false }
    }
}

/// An article that is read page by page, each in the pool, as [`Pages`].
pub(super) struct Paged<'a> {
    ticket: &'a Ticket,
    site: Option<Arc<Site>>,
    following: Arc<Following>,
    pages: Pages,
}

impl<'a> Paged<'a> {
    /// Reads the first page.
    ///
    /// # Errors
    /// As [`Pages::begin`], and those of the pool.
    pub(super) async fn begin(
        app: &'a App,
        ticket: &'a Ticket,
        first: impl Into<Arc<Page>>,
        following: Following,
    ) -> Result<Self, Problem> {
        let (site, following, first) = (app.knowledge.now().site, Arc::new(following), first.into());
        let pages = {
            let (site, following) = (site.clone(), Arc::clone(&following));
            let cost = cost_of_page(first.bytes.len());
            let piece = move || Ok(Pages::begin(&first, &following.begun().reading(site.as_deref()))?);
            ticket.run(cost, piece).await?
        };
        Ok(Self { ticket, site, following, pages })
    }

    /// The page to fetch next, always of the first one's origin. Whoever does not fetch it ends the article here.
    pub(super) fn wanted(&self) -> Option<Url> {
        self.pages.wanted().cloned()
    }

    /// Takes the page that was wanted.
    ///
    /// # Errors
    /// As [`Pages::give`], and those of the pool.
    pub(super) async fn give(mut self, page: Page) -> Result<Self, Problem> {
        let (site, following) = (self.site.clone(), Arc::clone(&self.following));
        let cost = cost_of_page(page.bytes.len());
        let piece = move || {
            self.pages.give(&page, &following.begun().reading(site.as_deref()))?;
            Ok(self.pages)
        };
        let pages = self.ticket.run(cost, piece).await?;
        Ok(Self { pages, ..self })
    }

    /// What has been read.
    pub(super) fn extraction(self) -> Extraction {
        self.pages.extraction()
    }
}

impl Following {
    /// The same, with the clock set off.
    fn begun(&self) -> Self {
        Self { limits: self.limits.begin(), lang: self.lang.clone(), ..*self }
    }

    fn reading<'a>(&'a self, site: Option<&'a Site>) -> Reading<'a> {
        Reading {
            charset: self.charset.or_else(|| site?.charset()),
            lang: self.lang.as_deref(),
            site,
            limits: &self.limits,
            prefer: self.prefer,
            most: self.most,
            told: self.told,
        }
    }
}

impl App {
    /// An article with those of its pages that may be fetched; all of them have to be had, for without its end it would look
    /// whole.
    ///
    /// # Errors
    /// As [`Paged`] and [`App::fetch_page`].
    pub(super) async fn whole_article(
        &self,
        ticket: &Ticket,
        first: impl Into<Arc<Page>>,
        fetched: bool,
        following: Following,
    ) -> Result<Extraction, Problem> {
        let mut article = Paged::begin(self, ticket, first, following).await?;
        while let Some(next) = article.wanted().filter(|url| fetched && self.allows(url)) {
            let page = self.fetch_page(next.as_str()).await?;
            article = article.give(page).await?;
        }
        Ok(article.extraction())
    }
}

fn problem(error: &FetchError) -> Problem {
    let status = match error {
        FetchError::BadAddress | FetchError::Credentials => StatusCode::BAD_REQUEST,
        FetchError::NotAllowed => StatusCode::FORBIDDEN,
        FetchError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        FetchError::Slow(_) => StatusCode::GATEWAY_TIMEOUT,
        FetchError::Status(404 | 410) => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_GATEWAY,
    };
    Problem::new(status, over_http(&format!("the page {error}")))
}

//! Fetching for a request: only from origins that the configuration names.

use axum::http::StatusCode;
use url::Url;

use super::App;
use super::problem::Problem;
use crate::source::fetch::{ACCEPT_PAGE, FetchError};
use crate::source::{Page, Pictures};

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
        })
    }

    /// Fetches those of an article's pictures that may be fetched; the others are shown by their description.
    pub(super) async fn fetch_pictures(&self, sources: Vec<String>) -> Pictures {
        let mut pictures = Pictures::beside(None, &self.config.limits);
        let origins: Vec<_> = self.config.allowed_origins.iter().map(Url::origin).collect();
        let allowed = move |url: &Url| origins.contains(&url.origin());
        pictures.fetch_with(&self.fetcher, sources, &self.config.limits, allowed).await;
        pictures
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
    Problem::new(status, format!("the page {error}"))
}

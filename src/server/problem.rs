//! Errors as `application/problem+json` (RFC 9457).

use std::fmt::Display;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::Error;
use crate::article::MOST_PAGES;
use crate::limits::Limit;
use crate::options::{flag, in_words_of_a_door};

/// An answer that says what went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The status.
    pub status: StatusCode,
    /// One sentence that says what to do.
    pub detail: String,
    /// Seconds after which to try again.
    pub retry_after: Option<u32>,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
}

impl Problem {
    /// A problem with a status and a sentence.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), retry_after: None }
    }

    /// The service is full.
    pub fn busy() -> Self {
        let detail = "the service has as much work as it can hold; try again in a few seconds";
        Self { retry_after: Some(5), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, detail) }
    }

    /// The JSON of the answer.
    pub fn json(&self) -> String {
        let title = self.status.canonical_reason().unwrap_or("Error");
        let body = Body { r#type: "about:blank", title, status: self.status.as_u16(), detail: &self.detail };
        serde_json::to_string(&body).unwrap_or_default()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::Usage(_) => StatusCode::BAD_REQUEST,
            Error::Input { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Error::Limit { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Error::NoArticle { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Output { .. } | Error::Closed => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, over_http(&error))
    }
}

/// The sentence of an error, for who has parameters and addresses instead of flags and commands.
pub(super) fn over_http(error: &dyn Display) -> String {
    // A request can only tighten what the service's owner allows.
    let way = |limit| match (limit, flag(limit)) {
        (Limit::FurtherPages, _) => format!("ask for more with follow, {MOST_PAGES} at most"),
        (Limit::Tag, _) => "take the page the document way with mode=article".to_owned(),
        (_, Some(flag)) => format!("the service's owner can raise it with {OWNERS}{}", &flag[2..]),
        (limit, None) => limit.remedy().to_owned(),
    };
    let sentence = in_words_of_a_door(error.to_string(), way)
        .replace("`clearprint themes`", "/v1/themes")
        .replace(", or the path of a .toml file", "")
        .replace("`rewrite`", "/v1/rewrite");
    let (mut out, mut rest) = (String::with_capacity(sentence.len()), sentence.as_str());
    while let Some(at) = rest.find("--") {
        let (before, flag) = (&rest[..at], &rest[at + 2..]);
        out.push_str(before);
        let is_flag = flag.starts_with(|c: char| c.is_ascii_lowercase())
            && !before.ends_with(|c: char| c.is_alphanumeric() || c == '-');
        if !is_flag {
            out.push_str("--");
        }
        rest = flag;
    }
    (out + rest).replace(OWNERS, "--")
}

/// Stands for the dashes of a flag that is one of the service's and stays one.
const OWNERS: &str = "\u{1}";

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.json()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::fetch::FetchError;

    #[test]
    fn sentences_about_a_request_name_its_parameters() {
        let said = |text: &str| Problem::from(Error::Usage(text.into())).detail;
        assert_eq!(said("--size 9 is outside 100–400"), "size 9 is outside 100–400");
        assert_eq!(said("--theme and --colors both choose"), "theme and colors both choose");
        assert_eq!(
            said("no theme \"a--b\"; `clearprint themes` lists them"),
            "no theme \"a--b\"; /v1/themes lists them"
        );
        let limit = |limit| {
            let (name, what, most) = ("x".to_owned(), "the number of pages".to_owned(), "9".to_owned());
            Problem::from(Error::Limit { name, what, most, limit }).detail
        };
        assert!(limit(Limit::Pages).ends_with("the service's owner can raise it with --max-pages"));
        assert!(limit(Limit::FurtherPages).ends_with("ask for more with follow, 20 at most"));
        assert!(limit(Limit::Tag).ends_with("with mode=article"));
        // No request can give more time than the service does.
        let slow = FetchError::Slow(std::time::Duration::from_secs(30)).about("x", "the page", Limit::Input);
        assert!(Problem::from(slow).detail.ends_with("the service's owner can raise it with --timeout"));
    }
}

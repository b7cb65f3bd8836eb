//! The form of the start page.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};

use super::sample;
use crate::server::App;
use crate::server::body::WHOLE;
use crate::server::problem::Problem;
use crate::server::work::Held;
use crate::source::Page;
use crate::theme::Screen;

/// A page longer than this is not put back into the form.
const MOST_TEXT: usize = 1 << 20;

/// What is to come of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Screen and paper beside each other.
    #[default]
    Both,
    Page,
    Pdf,
}

/// The form as the reader filled it in.
pub(super) struct Form {
    pub(super) url: String,
    pub(super) text: String,
    file: Option<Page>,
    sample: Option<String>,
    pub(super) theme: String,
    pub(super) size: u16,
    pub(super) style: String,
    pub(super) paper: String,
    pub(super) wanted: Wanted,
    /// The memory that it is paid with.
    _held: Option<Held>,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            url: String::new(),
            text: String::new(),
            file: None,
            sample: None,
            theme: Screen::DEFAULT.into(),
            size: 150,
            style: "rnib-large".into(),
            paper: "a4".into(),
            wanted: Wanted::default(),
            _held: None,
        }
    }
}

impl Form {
    /// Reads what a browser sends.
    ///
    /// # Errors
    /// 400 for no form, 408 for one that takes too long, 413 for too large a file.
    pub(super) async fn read(app: &Arc<App>, request: Request) -> Result<Self, Problem> {
        let slow = |_| Problem::new(StatusCode::REQUEST_TIMEOUT, "the form arrives too slowly; send it again");
        tokio::time::timeout(WHOLE, Self::arriving(app, request)).await.map_err(slow)?
    }

    async fn arriving(app: &Arc<App>, mut request: Request) -> Result<Self, Problem> {
        // The page and as much again for the other fields and the frame around them.
        let limit = usize::try_from(app.config.limits.input).unwrap_or(usize::MAX).saturating_mul(2);
        let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
        let held = app.work.hold(declared.unwrap_or(limit as u64).min(limit as u64))?;
        DefaultBodyLimit::max(limit).apply(&mut request);
        let no_form = |e: &dyn std::fmt::Display| {
            Problem::new(StatusCode::BAD_REQUEST, format!("the form cannot be read ({e}); send it again"))
        };
        let mut fields = Multipart::from_request(request, &()).await.map_err(|e| no_form(&e))?;
        let mut form = Self { _held: Some(held), ..Self::default() };
        while let Some(field) = fields.next_field().await.map_err(|e| no_form(&e.body_text()))? {
            let name = field.name().unwrap_or("").to_owned();
            let content_type = field.content_type().map(str::to_owned);
            let bytes = field
                .bytes()
                .await
                .map_err(|e| Problem::new(e.status(), format!("the form cannot be read ({})", e.body_text())))?;
            if bytes.len() as u64 > app.config.limits.input {
                let limit = crate::limits::size(app.config.limits.input);
                return Err(Problem::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    format!("the page is over the limit of {limit}; give a shorter one"),
                ));
            }
            if name == "file" {
                if !bytes.is_empty() {
                    form.file = Some(Page {
                        name: "the page".into(),
                        bytes: bytes.into(),
                        content_type,
                        url: None,
                        ..Page::default()
                    });
                }
                continue;
            }
            let text = String::from_utf8_lossy(&bytes).into_owned();
            form.put(&name, text)?;
        }
        Ok(form)
    }

    fn put(&mut self, name: &str, text: String) -> Result<(), Problem> {
        match name {
            "url" => self.url = text.trim().to_owned(),
            "text" => self.text = text,
            "sample" => self.sample = Some(text),
            "theme" => self.theme = text,
            "style" => self.style = text,
            "paper" => self.paper = text,
            "size" => {
                let wrong = || {
                    Problem::new(StatusCode::BAD_REQUEST, format!("size {text:?} is no number; choose one of the list"))
                };
                self.size = text.parse().map_err(|_| wrong())?;
            }
            "to" => {
                self.wanted = match text.as_str() {
                    "page" => Wanted::Page,
                    "pdf" => Wanted::Pdf,
                    _ => Wanted::Both,
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The page that was given, one way or another; its text stays in the form, for another look at it.
    pub(super) async fn source(&mut self, app: &Arc<App>) -> Result<Option<Page>, Problem> {
        if let Some(page) = self.sample.take().as_deref().and_then(sample).or_else(|| self.file.take()) {
            let text = page.decode(None).text;
            self.text = if text.len() <= MOST_TEXT { text } else { String::new() };
            self.url.clear();
            return Ok(Some(page));
        }
        if !self.text.trim().is_empty() {
            let content_type = Some("text/html; charset=utf-8".into());
            return Ok(Some(Page {
                name: "the page".into(),
                bytes: self.text.clone().into_bytes(),
                content_type,
                ..Page::default()
            }));
        }
        if !self.url.is_empty() {
            return app.fetch_page(&self.url).await.map(Some);
        }
        Ok(None)
    }
}

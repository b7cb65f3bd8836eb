//! Sheets and typefaces at `/assets/HASH/NAME`: they never change, since the hash does when they do.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use crate::theme::{FACE_FILES, FACE_NAMES, FontSource, Screen, Settings, style_sheet};

/// Where they are.
pub(super) const PREFIX: &str = "/assets/";

/// The hash of this program's sheets and typefaces. It starts `cp-`, so that a proxy in front can tell our `/assets/` from
/// those of the site.
pub(super) fn hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let mut hasher = DefaultHasher::new();
        env!("CARGO_PKG_VERSION").hash(&mut hasher);
        style_sheet(&Settings::default(), Screen::all(), true, &FontSource::Local).hash(&mut hasher);
        for file in FACE_FILES {
            file.hash(&mut hasher);
        }
        super::home::SHEET.hash(&mut hasher);
        format!("cp-{:016x}", hasher.finish())
    })
}

/// Where the sheet of pages with these settings is.
pub(super) fn sheet_url(settings: &Settings) -> String {
    format!("{PREFIX}{}/{settings}.css", hash())
}

/// Answers for a path below [`PREFIX`]; `None` where it is none of ours.
pub(super) fn answer(method: &Method, path: &str) -> Option<Response> {
    let (asked, name) = path.strip_prefix(PREFIX)?.split_once('/')?;
    if !asked.starts_with("cp-") {
        return None;
    }
    if !matches!(*method, Method::GET | Method::HEAD) {
        let detail = format!("{method} is not for sheets and typefaces; ask with GET");
        let mut response = Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail).into_response();
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return Some(response);
    }
    let found = file(name);
    let Some((media_type, bytes)) = found else {
        return Some(
            Problem::new(StatusCode::NOT_FOUND, "there is no such sheet or typeface; reload the page").into_response(),
        );
    };
    let mut response = ([(header::CONTENT_TYPE, media_type)], bytes).into_response();
    // A page from before an update asks for what it knew; it gets what there is, but not for ever.
    let keep = if asked == hash() { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    // A page in a sandbox has no origin, and typefaces are fetched with one.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Some(response)
}

fn file(name: &str) -> Option<(&'static str, axum::body::Bytes)> {
    if name == super::home::SHEET_NAME {
        return Some(("text/css; charset=utf-8", super::home::SHEET.into()));
    }
    if let Some(code) = name.strip_suffix(".css") {
        let settings: Settings = code.parse().ok()?;
        let fonts = FontSource::Linked(format!("{PREFIX}{}", hash()));
        let sheet = style_sheet(&settings, Screen::all(), true, &fonts);
        return Some(("text/css; charset=utf-8", sheet.into()));
    }
    let at = FACE_NAMES.iter().position(|face| *face == name)?;
    Some(("font/ttf", axum::body::Bytes::from_static(FACE_FILES[at])))
}

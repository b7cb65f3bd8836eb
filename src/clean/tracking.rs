//! Tracking parameters in links.

use std::borrow::Cow;

use url::Url;

/// Names of parameters that go: exact, and by their beginning.
#[derive(Debug, Default)]
pub(super) struct Tracking {
    exact: Vec<String>,
    beginnings: Vec<String>,
}

impl Tracking {
    pub(super) fn new(parameters: Vec<String>) -> Self {
        let (beginnings, exact): (Vec<_>, Vec<_>) = parameters.into_iter().partition(|p| p.ends_with('*'));
        Self { exact, beginnings: beginnings.into_iter().map(|p| p.trim_end_matches('*').to_owned()).collect() }
    }

    /// Whether a query has such a parameter.
    pub(super) fn is_in(&self, query: &str) -> bool {
        query.split('&').any(|pair| self.has(&parameter(pair)))
    }

    fn has(&self, name: &str) -> bool {
        self.exact.iter().any(|p| p == name) || self.beginnings.iter().any(|p| name.starts_with(p.as_str()))
    }

    /// Takes tracking parameters out of the query and leaves the rest byte for byte.
    pub(super) fn clean(&self, url: &mut Url) {
        let Some(query) = url.query() else { return };
        if !self.is_in(query) {
            return;
        }
        let kept: Vec<&str> = query.split('&').filter(|pair| !self.has(&parameter(pair))).collect();
        let kept = kept.join("&");
        url.set_query((!kept.is_empty()).then_some(&kept));
    }
}

/// The name of a parameter, in small letters.
fn parameter(pair: &str) -> Cow<'_, str> {
    let name = pair.split('=').next().unwrap_or_default();
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

//! What stands in for fetching in a build without it: every address is refused, with a sentence that says why.

use std::time::Duration;

use url::Url;

use super::{Page, Pictures};
use crate::limits::Limit;
use crate::{Error, Limits, Result};

/// What is asked for when a page is wanted.
pub(crate) const ACCEPT_PAGE: &str = "";
/// What is asked for when a picture is wanted.
pub(crate) const ACCEPT_PICTURE: &str = "";

/// Nothing is fetched.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error(
    "is an address, and this build does not fetch; save the page and give the file, or build with the feature `fetch`"
)]
pub(crate) struct FetchError;

impl FetchError {
    /// The same as an [`Error`] about `name`.
    pub(crate) fn about(self, name: &str, _what: &str, _bound: Limit) -> Error {
        Error::input(name, self.to_string())
    }
}

/// What came back, if anything could.
pub(crate) struct Fetched {
    /// The address after redirects.
    pub(crate) url: Url,
    /// The `Content-Type` header.
    pub(crate) content_type: Option<String>,
    /// The content.
    pub(crate) bytes: Vec<u8>,
}

/// Fetches nothing.
pub(crate) struct Waiting;

impl Waiting {
    /// One that waits for nothing.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self)
    }

    /// Refuses the address.
    pub(crate) fn get(
        &self,
        _url: &Url,
        _accept: &'static str,
        _limit: u64,
        _time: Duration,
        _allowed: impl Fn(&Url) -> bool,
    ) -> Result<Fetched, FetchError> {
        Err(FetchError)
    }
}

/// Refuses the address.
pub(crate) fn page(url: &Url, _limits: &Limits) -> Result<Page> {
    Err(FetchError.about(url.as_str(), "the page", Limit::Input))
}

impl Pictures {
    /// Says of each address among `sources`, when it is asked for, that it was not fetched.
    ///
    /// # Errors
    /// None; where fetching is built in, the system may give no event loop.
    pub fn fetch(&mut self, sources: &[String], _limits: &Limits) -> Result<()> {
        let addresses = sources.iter().filter(|s| s.starts_with("http://") || s.starts_with("https://"));
        self.fetched.extend(addresses.map(|src| (src.clone(), Err(FetchError.to_string()))));
        Ok(())
    }
}

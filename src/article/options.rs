//! What finding an article has to know besides the page.

use url::Url;

use crate::Limits;
use crate::clean::Site;

/// What [`super::find()`] has to know besides the page.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FindOptions<'a> {
    /// The page's name in messages: its path or address.
    pub name: &'a str,
    /// Where the page comes from; relative addresses are resolved against it.
    pub url: Option<&'a Url>,
    /// Language of the text where the user knows better than the page.
    pub lang: Option<&'a str>,
    /// What the user knows: a site profile and filter lists.
    pub site: Option<&'a Site>,
    /// Bounds on the page.
    pub limits: &'a Limits,
}

impl<'a> FindOptions<'a> {
    /// Options for a page of which nothing is known but its name.
    pub fn new(name: &'a str, limits: &'a Limits) -> Self {
        Self { name, url: None, lang: None, site: None, limits }
    }
}

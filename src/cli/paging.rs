//! Articles on several pages, and other versions of an article: what the commands about one article share.

use clap::{Args, ValueEnum};

use super::args::PageArgs;
use super::console::Console;
use crate::Result;
use crate::article::{self, Told};
use crate::clean::Site;
use crate::source::address::Reach;
use crate::source::fetch::{self, Fetched, Fetcher};
use crate::source::{Input, Page};

/// More than the page itself.
#[derive(Args, Clone, Debug)]
pub(crate) struct PagingArgs {
    /// Pages of the article to read at most, where it goes on on further ones, and only from its origin; only for an
    /// article that is fetched from an address; 20 without it
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    follow: Option<usize>,

    /// Read this version of the article where the page names one; only for an article that is fetched from an address
    #[arg(long, value_enum)]
    prefer: Option<Version>,
}

impl PagingArgs {
    /// The flag of these that was given, by its name.
    pub(crate) fn given(&self) -> Option<&'static str> {
        self.follow.map(|_| "follow").or(self.prefer.map(|_| "prefer"))
    }

    /// Pages of one article that may be read: never more than usual, for whom this can only be tightened.
    pub(crate) fn tightened(&self) -> usize {
        self.most().min(article::MOST_PAGES)
    }

    fn most(&self) -> usize {
        self.follow.unwrap_or(article::MOST_PAGES)
    }

    /// The version that is read instead of the page.
    pub(crate) fn version(&self) -> Option<article::Version> {
        self.prefer.map(|version| match version {
            Version::Amp => article::Version::Amp,
            Version::Print => article::Version::Print,
        })
    }
}

/// Versions of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Version {
    /// For phones.
    Amp,
    /// For printing.
    Print,
}

fn at_least_one(text: &str) -> std::result::Result<usize, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| format!("{text:?} is no number of pages; give 1 or more"))
}

impl PageArgs {
    /// The article with all its pages, told as a receipt needs it. More than the page itself is fetched only where the page
    /// was.
    ///
    /// # Errors
    /// As [`article::read_pages`].
    pub(super) fn article(&self, page: &Page, site: Option<&Site>, console: &Console) -> Result<Told> {
        let limits = self.limits.limits();
        let (charset, lang, told) = (self.charset(site)?, self.lang.as_deref(), self.receipt.is_some());
        let Input::Url(address) = Input::parse(&page.name) else {
            if let Some(flag) = self.paging.given() {
                console.warn(&format!(
                    "--{flag} has no effect on {}: nothing is fetched for what was not fetched itself; give the article's address",
                    page.name
                ));
            }
            if told {
                return article::read_told(page, charset, lang, site, &limits);
            }
            return article::read(page, charset, lang, site, &limits).map(Told::of);
        };
        let (prefer, most) = (self.paging.version(), self.paging.most());
        let reading = article::Reading { charset, lang, site, limits: &limits, prefer, most, told };
        let origin = page.url.as_ref().unwrap_or(&address).origin();
        let (runtime, fetcher) = (fetch::runtime()?, Fetcher::new(Reach::Anyone));
        article::read_pages(page, &reading, |url| {
            let name = url.to_string();
            let same = |url: &url::Url| url.origin() == origin;
            let got = fetcher.get_within(url, fetch::ACCEPT_PAGE, limits.input, limits.fetch, same);
            let Fetched { url, content_type, bytes } = runtime.block_on(got).map_err(|e| e.about(&name))?;
            Ok(Page { name, bytes, content_type, url: Some(url) })
        })
    }
}

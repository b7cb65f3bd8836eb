//! Articles on several pages, and other versions of an article: what the commands about one article share.

use clap::{Args, ValueEnum};

use crate::article;

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

    /// Pages of one article that are read.
    pub(crate) fn most(&self) -> usize {
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

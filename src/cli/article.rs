//! `clearprint article`: the article alone.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use encoding_rs::Encoding;
use url::Url;

use super::args::PageArgs;
use super::console::Console;
use super::output::{Content, Output};
use super::{Outcome, print};
use crate::article::{self, Article, FindOptions, Told};
use crate::clean::{Said, Site};
use crate::source::address::Reach;
use crate::source::fetch::{self, Fetched, Fetcher};
use crate::source::{Input, Page};
use crate::{Limits, Result, rewrite};

/// Find the article of a page and write it as text, Markdown, HTML or JSON
#[derive(Args, Debug)]
pub(super) struct ArticleCommand {
    #[command(flatten)]
    page: PageArgs,

    /// Form of the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    #[command(flatten)]
    paging: PagingArgs,

    /// Restore quotation marks, dashes and non-breaking spaces of Russian and English where that is safe
    #[arg(long)]
    typography: bool,

    /// Show how the article was found, instead of the article
    #[arg(long, conflicts_with = "receipt")]
    explain: bool,

    /// Where the result goes; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

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

/// Forms that an article is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The whole model with its metadata.
    Json,
    /// A page of its own.
    Html,
    /// CommonMark with tables.
    Markdown,
    /// Plain text, a blank line between blocks.
    #[default]
    Text,
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

impl Format {
    /// The article in this form, and the form's media type.
    pub(crate) fn export(self, article: &Article) -> (String, &'static str) {
        match self {
            Self::Json => (article.to_json(), "application/json"),
            Self::Html => (article.to_html(), "text/html; charset=utf-8"),
            Self::Markdown => (article.to_markdown(), "text/markdown; charset=utf-8"),
            Self::Text => (article.to_text(), "text/plain; charset=utf-8"),
        }
    }

    /// What an export says and holds, read back from it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn said(self, text: &str, limits: &Limits) -> Result<Said> {
        Ok(match self {
            Self::Json => Article::from_json(text, "the article")?.said(),
            Self::Html => rewrite::said(text, limits)?,
            Self::Markdown => Article::from_markdown(text, "the article")?.said(),
            Self::Text => Said { text: text.to_owned(), ..Said::default() },
        })
    }
}

impl ArticleCommand {
    pub(super) fn run(self, console: &Console) -> Result<Outcome> {
        let limits = self.page.limits.limits();
        let page = self.page.read()?;
        let site = self.page.site(console)?;
        let charset = self.page.charset(site.as_deref())?;
        if let Some(flag) = self.paging.given() {
            let fetched = matches!(Input::parse(&page.name), Input::Url(_));
            match (fetched, self.explain) {
                (false, _) => console.warn(&format!(
                    "--{flag} has no effect on {}: nothing is fetched for what was not fetched itself; give the article's address",
                    page.name
                )),
                (true, true) => console.warn(&format!("--{flag} has no effect with --explain, which is about one page")),
                (true, false) => {}
            }
        }
        let mut text = if self.explain {
            crate::source::refuse_other_formats(&page.name, &page.bytes)?;
            let options = FindOptions {
                name: &page.name,
                url: page.url.as_ref(),
                lang: self.page.lang.as_deref(),
                site: site.as_deref(),
                limits: &limits,
            };
            article::find_explained(&page.decode(charset).text, &options)?.explain.to_string()
        } else {
            let name = page.name.clone();
            let mut told = self.whole(page, charset, site.as_deref(), &limits)?;
            if self.typography {
                told.article.restore_typography();
            }
            console.detail(&format!("«{}», {}", told.article.title, told.article.lang));
            let text = self.format.export(&told.article).0;
            self.page.tell(&name, &told, console, || self.format.said(&text, &limits))?;
            text
        };
        if !text.ends_with('\n') {
            text.push('\n');
        }
        Output::create(self.output.as_deref(), Content::Text)?.write_whole(text.as_bytes())?;
        Ok(Outcome::Done)
    }

    /// The article with all its pages. More than the page itself is fetched only where the page was.
    fn whole(
        &self,
        page: Page,
        charset: Option<&'static Encoding>,
        site: Option<&Site>,
        limits: &Limits,
    ) -> Result<Told> {
        let lang = self.page.lang.as_deref();
        let Input::Url(address) = Input::parse(&page.name) else {
            let read = if self.page.receipt.is_some() { article::read_told } else { print::read_untold };
            return read(&page, charset, lang, site, limits);
        };
        let (prefer, most) = (self.paging.version(), self.paging.most());
        let told = self.page.receipt.is_some();
        let reading = article::Reading { charset, lang, site, limits, prefer, most, told };
        let origin = page.url.as_ref().unwrap_or(&address).origin();
        let (runtime, fetcher) = (fetch::runtime()?, Fetcher::new(Reach::Anyone));
        article::read_pages(page, &reading, |url| {
            let name = url.to_string();
            let same = |url: &Url| url.origin() == origin;
            let got = fetcher.get_within(url, fetch::ACCEPT_PAGE, limits.input, limits.fetch, same);
            let Fetched { url, content_type, bytes } = runtime.block_on(got).map_err(|e| e.about(&name))?;
            Ok(Page { name, bytes, content_type, url: Some(url) })
        })
    }
}

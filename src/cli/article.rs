//! `clearprint article`: the article alone.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::PageArgs;
use super::console::Console;
use super::output::{Content, Output};
use super::{Outcome, print};
use crate::Result;
use crate::article::{self, Article, FindOptions};

/// Find the article of a page and write it as text, Markdown, HTML or JSON
#[derive(Args, Debug)]
pub(super) struct ArticleCommand {
    #[command(flatten)]
    page: PageArgs,

    /// Form of the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Show how the article was found, instead of the article
    #[arg(long)]
    explain: bool,

    /// Where the result goes; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
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
}

impl ArticleCommand {
    pub(super) fn run(self, console: &Console) -> Result<Outcome> {
        let limits = self.page.limits.limits();
        let page = self.page.read()?;
        let site = self.page.site(console)?;
        let charset = self.page.charset(site.as_deref())?;
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
            let article = print::read_article(&page, charset, self.page.lang.as_deref(), site.as_deref(), &limits)?;
            console.detail(&format!("{}: «{}», {}", page.name, article.title, article.lang));
            self.format.export(&article).0
        };
        if !text.ends_with('\n') {
            text.push('\n');
        }
        Output::create(self.output.as_deref(), Content::Text)?.write_whole(text.as_bytes())?;
        Ok(Outcome::Done)
    }
}

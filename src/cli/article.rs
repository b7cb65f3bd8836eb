//! `clearprint article`: the article alone.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::outcome::Outcome;
use super::output::{Content, Output, keeps_promise};
use super::page::site_of;
use crate::Result;
use crate::article::{self, FindOptions};
use crate::options::{ArticleFormat, PageArgs};

/// Find the article of a page and write it as text, Markdown, HTML or JSON
#[derive(Args, Debug)]
pub(crate) struct ArticleCommand {
    #[command(flatten)]
    page: PageArgs,

    /// Form of the result; else the output's name decides [default: text]
    #[arg(long, value_enum)]
    format: Option<ArticleFormat>,

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

impl ArticleCommand {
    /// The form asked for, or else that which the output's name promises.
    fn format(&self) -> Result<ArticleFormat> {
        let output = self.output.as_deref();
        let promised = [ArticleFormat::Json, ArticleFormat::Html, ArticleFormat::Markdown, ArticleFormat::Text]
            .into_iter()
            .find(|format| output.is_some() && keeps_promise(output, format.name()).is_ok());
        match (self.format, promised) {
            (Some(format), _) => keeps_promise(output, format.name()).map(|()| format),
            // A name that promises nothing suits them all.
            (None, Some(_)) if keeps_promise(output, "").is_ok() => Ok(ArticleFormat::default()),
            (None, Some(format)) => Ok(format),
            (None, None) => keeps_promise(output, ArticleFormat::default().name()).map(|()| ArticleFormat::default()),
        }
    }

    pub(crate) fn run(self, console: &Console) -> Result<Outcome> {
        let limits = self.page.limits.limits();
        let format = self.format()?;
        self.page.spared_by(self.output.as_deref())?;
        let page = self.page.read()?;
        let site = site_of(&self.page.site, console)?;
        let mut text = if self.explain {
            if let Some(flag) = self.page.paging.given() {
                console.warn(&format!("--{flag} has no effect with --explain, which is about one page"));
            }
            crate::source::refuse_other_formats(&page.name, &page.bytes)?;
            let options = FindOptions {
                name: &page.name,
                url: page.url.as_ref(),
                lang: self.page.lang.as_deref(),
                site: site.as_deref(),
                limits: &limits,
            };
            article::find_explained(&page.decode(self.page.charset(site.as_deref())?).text, &options)?
                .explain
                .to_string()
        } else {
            let mut told = self.page.article(&page, site.as_deref(), console)?;
            if self.typography {
                told.article.restore_typography();
            }
            console.detail(&format!("«{}», {}", told.article.title, told.article.lang));
            let text = format.export(&told.article).0;
            self.page.tell(&page.name, &told, console, || format.inventory(&text, &limits))?;
            text
        };
        if !text.ends_with('\n') {
            text.push('\n');
        }
        Output::create(self.output.as_deref(), Content::Text)?.write_whole(text.as_bytes())?;
        Ok(Outcome::Done)
    }
}

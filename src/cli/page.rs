//! The page of a command, read with what a person at the terminal has to be told.

use std::path::Path;
use std::sync::Arc;

use super::console::Console;
use super::output::spares;
use crate::article::{self, Article, Extraction};
use crate::clean::Site;
use crate::limits::Limit;
use crate::options::{PageArgs, SiteArgs};
use crate::source::fetch::{self, Fetched};
use crate::source::{Input, LocalFolders, Page, Pictures};
use crate::{Error, Result};

/// What the user knows: the site profile and the filter lists, where any were named.
///
/// # Errors
/// As [`SiteArgs::site`].
pub(super) fn site_of(args: &SiteArgs, console: &Console) -> Result<Option<Arc<Site>>> {
    let site = args.site()?;
    if let Some(site) = site.as_ref().filter(|_| args.names_lists()) {
        console.detail(&format!("--filters: {}", site.filter_lines()));
    }
    Ok(site)
}

impl PageArgs {
    /// The article with all its pages, told as a receipt needs it. More than the page itself is fetched only where the page
    /// was.
    ///
    /// # Errors
    /// As [`article::read_pages`].
    pub(super) fn article(&self, page: &Page, site: Option<&Site>, console: &Console) -> Result<Extraction> {
        let told = self.extract(page, site, console)?;
        say_confidence(&page.name, &told.article, console);
        Ok(told)
    }

    fn extract(&self, page: &Page, site: Option<&Site>, console: &Console) -> Result<Extraction> {
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
                return article::read_extraction(page, charset, lang, site, &limits);
            }
            return article::read(page, charset, lang, site, &limits).map(Extraction::of);
        };
        let (prefer, most) = (self.paging.version(), self.paging.most());
        let reading = article::Reading { charset, lang, site, limits: &limits, prefer, most, told };
        let origin = page.url.as_ref().unwrap_or(&address).origin();
        let waiting = fetch::Waiting::new()?;
        article::read_pages(page, &reading, |url| {
            let name = url.to_string();
            let same = |url: &url::Url| url.origin() == origin;
            let got = waiting.get(url, fetch::ACCEPT_PAGE, limits.input, limits.fetch, same);
            let Fetched { url, content_type, bytes } = got.map_err(|e| e.about(&name, "the page", Limit::Input))?;
            Ok(Page { name, bytes, content_type, url: Some(url), ..Page::default() })
        })
    }

    /// Refuses an output that is the page itself, or a receipt that is one of the two.
    ///
    /// # Errors
    /// [`Error::Usage`].
    pub(super) fn spared_by(&self, output: Option<&Path>) -> Result<()> {
        let input = Path::new(&self.input);
        spares(output, [input])?;
        spares(self.receipt.as_deref(), [input])?;
        if output.is_some() && output == self.receipt.as_deref() {
            return Err(Error::Usage("--receipt and -o name the same file; name two".into()));
        }
        Ok(())
    }

    /// The pictures of `page` that need not be fetched: those that came in its file, and files of this machine.
    ///
    /// A page from standard input may come from anywhere: it is shown no file unless a folder is named.
    pub(super) fn pictures(&self, page: &Page) -> Pictures {
        let folders = match (Input::parse(&self.input), &self.root) {
            (Input::File(path), Some(root)) => LocalFolders::of_page(&path).with_root(root),
            (Input::File(path), None) => LocalFolders::of_page(&path).and(Path::new(".")),
            (Input::Stdin, Some(root)) => LocalFolders::of_folder(root).with_root(root),
            (Input::Stdin | Input::Url(_), _) => LocalFolders::default(),
        };
        Pictures::of(folders, &self.limits.limits()).with(&page.pictures)
    }
}

/// Warns of an article that may not be the right one or not all of it, and says under `-v` how sure each is.
fn say_confidence(name: &str, article: &Article, console: &Console) {
    let Some(confidence) = article.confidence else { return };
    let doubts = if article.doubts.is_empty() { String::new() } else { format!(": {}", article.doubts.join("; ")) };
    if confidence < article::DOUBTFUL {
        console.warn(&format!(
            "{name}: the article may be wrong or not whole (confidence {confidence}){doubts}; look at it, or give a site profile with --site"
        ));
    } else {
        console.detail(&format!("{name}: confidence {confidence}{doubts}"));
    }
}

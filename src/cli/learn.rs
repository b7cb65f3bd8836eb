//! `clearprint learn`: a site profile from a few pages of the site.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Console;
use super::outcome::Outcome;
use super::output::{Content, Output};
use crate::article::{self, Learned, SitePage};
use crate::clean::SiteProfile;
use crate::options::LimitArgs;
use crate::source::{Input, cannot_read, refuse_other_formats};
use crate::{Error, Limits, Result};

/// Learn a site profile from 3 or more article pages of one site
///
/// What says the same on its pages is furniture, what varies is the article. The profile holds the selectors that say
/// so; `--site` uses it. Pages that do not agree where their article is give a sentence and no profile.
#[derive(Args, Debug)]
pub(crate) struct Learn {
    /// Article pages of one site: files, a folder of them, addresses, or a text file (.txt) with one of these a line
    #[arg(value_name = "PAGE", required = true)]
    pages: Vec<String>,

    /// Where the profile goes; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    limits: LimitArgs,
}

impl Learn {
    pub(crate) fn run(self, console: &Console) -> Result<Outcome> {
        let limits = self.limits.limits();
        let mut inputs = Vec::new();
        for page in &self.pages {
            inputs.extend(listed(page, &limits)?);
        }
        if inputs.len() > article::MOST_SITE_PAGES {
            return Err(Error::Usage(format!(
                "{} pages were given; learning a site takes at most {} of them",
                inputs.len(),
                article::MOST_SITE_PAGES
            )));
        }
        let mut pages = Vec::with_capacity(inputs.len());
        for input in &inputs {
            let page = input.read(&limits)?;
            refuse_other_formats(&page.name, &page.bytes)?;
            let text = page.decode(None).text;
            pages.push((page, text));
        }
        let samples: Vec<SitePage> =
            pages.iter().map(|(page, html)| SitePage { name: &page.name, html, url: page.url.as_ref() }).collect();
        let Learned { profile, agreement, repeated } = article::learn_site(&samples, &limits)?;
        console.detail(&format!(
            "{} pages agree to {:.0} %; {repeated} words of the first are on others too",
            samples.len(),
            agreement * 100.0
        ));
        let text = written(&profile, samples.len())?;
        Output::create(self.output.as_deref(), Content::Text)?.write_whole(text.as_bytes())?;
        Ok(Outcome::Done)
    }
}

/// The pages that one argument names.
fn listed(argument: &str, limits: &Limits) -> Result<Vec<Input>> {
    let path = Path::new(argument);
    if path.is_dir() {
        let unreadable = |e: std::io::Error| cannot_read(argument, &e);
        let mut files = Vec::new();
        for entry in std::fs::read_dir(path).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            let ending = file.extension().map(|ending| ending.to_ascii_lowercase());
            if file.is_file() && ending.is_some_and(|ending| ending == "html" || ending == "htm" || ending == "xhtml") {
                files.push(file);
            }
        }
        files.sort();
        return Ok(files.into_iter().map(Input::File).collect());
    }
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt")) {
        let list = Input::parse(argument).read(limits)?;
        let text = String::from_utf8_lossy(&list.bytes).into_owned();
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        return Ok(lines.map(Input::parse).collect());
    }
    Ok(vec![Input::parse(argument)])
}

/// The profile as a file for people: what says nothing is left out.
fn written(profile: &SiteProfile, pages: usize) -> Result<String> {
    let mut table =
        toml::Table::try_from(profile).map_err(|e| Error::Usage(format!("the profile cannot be written: {e}")))?;
    table
        .retain(|_, value| !(value.as_str().is_some_and(str::is_empty) || value.as_array().is_some_and(Vec::is_empty)));
    Ok(format!("# Learned by `clearprint learn` from {pages} pages; use it with --site.\n{table}"))
}

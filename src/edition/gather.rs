//! Reads the sources of an edition, several at once, and keeps going when one fails.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::file::{ArticleEntry, EditionFile, line_of};
use crate::article::{Article, FindOptions};
use crate::source::{Input, PictureSource, Pictures};
use crate::typeset::{self, Manuscript, Section};
use crate::{Limits, Result, article};

/// An edition whose sources have been read.
pub struct Edition {
    file: EditionFile,
    sections: Vec<(String, Vec<Article>)>,
    pictures: EditionPictures,
    /// The sources that could not be made into articles.
    pub failures: Vec<Failure>,
}

/// A source that could not be made into an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Line of the edition file.
    pub line: usize,
    /// One sentence.
    pub message: String,
}

/// Pictures of all articles. Each article's addresses are its own: `photo.jpg` of two pages are two pictures.
#[derive(Default)]
struct EditionPictures {
    by_article: Vec<Pictures>,
}

/// What parts an article's number from an address of its own.
const PARTER: char = '|';

impl PictureSource for EditionPictures {
    fn load(&self, src: &str) -> Result<Arc<[u8]>, String> {
        let (number, own) = src.split_once(PARTER).ok_or("has no article")?;
        let number: usize = number.parse().map_err(|_| "has no article")?;
        self.by_article.get(number).ok_or("has no article")?.load(own)
    }
}

/// Reads all sources of `file`, which lies in `folder` and has the text `text`. `progress` hears how many are done.
pub fn gather(
    file: EditionFile,
    text: &str,
    folder: &Path,
    limits: &Limits,
    progress: &(dyn Fn(usize) + Sync),
) -> Edition {
    let entries: Vec<(usize, &ArticleEntry)> =
        file.sections.iter().enumerate().flat_map(|(i, s)| s.articles.iter().map(move |a| (i, a))).collect();
    let done = AtomicUsize::new(0);
    let read: Vec<_> = entries
        .par_iter()
        .map(|(section, entry)| {
            let result = read(entry, folder, limits);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1);
            (*section, entry.source.span(), result)
        })
        .collect();
    let mut sections: Vec<_> = file.sections.iter().map(|s| (s.title.clone(), Vec::new())).collect();
    let mut pictures = EditionPictures::default();
    let mut failures = Vec::new();
    for (section, place, result) in read {
        match result {
            Ok((mut article, own)) => {
                let number = pictures.by_article.len();
                article.each_picture(&mut |image| image.src = format!("{number}{PARTER}{}", image.src));
                pictures.by_article.push(own);
                sections[section].1.push(article);
            }
            Err(error) => failures.push(Failure { line: line_of(text, &place), message: error.to_string() }),
        }
    }
    sections.retain(|(_, articles)| !articles.is_empty());
    Edition { file, sections, pictures, failures }
}

fn read(entry: &ArticleEntry, folder: &Path, limits: &Limits) -> Result<(Article, Pictures)> {
    let input = match Input::parse(entry.source.get_ref()) {
        Input::File(path) => Input::File(folder.join(path)),
        other => other,
    };
    let page = input.read(limits)?;
    let options = FindOptions { name: &page.name, url: page.url.as_ref(), lang: None, profile: None, limits };
    let mut article = article::find(&page.decode(None).text, &options)?;
    if let Some(headline) = &entry.headline {
        article.title.clone_from(headline);
    }
    if let Some(byline) = &entry.byline {
        article.byline = vec![byline.clone()];
    }
    let path = if let Input::File(path) = &input { Some(path.as_path()) } else { None };
    let mut pictures = Pictures::beside(path, limits);
    pictures.fetch(&article.picture_sources(), limits)?;
    Ok((article, pictures))
}

impl Edition {
    /// Whether any article was found at all.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// What is to be typeset.
    pub fn manuscript(&self) -> Manuscript<'_> {
        Manuscript::Edition(typeset::Edition {
            title: self.file.title.clone(),
            issue: self.file.issue.clone(),
            date: self.file.date.map(|d| d.to_string()),
            lang: self.file.lang.clone(),
            contents: self.file.contents,
            sections: self
                .sections
                .iter()
                .map(|(title, articles)| Section { title: Some(title.clone()), articles: articles.iter().collect() })
                .collect(),
        })
    }

    /// Where its pictures come from.
    pub fn pictures(&self) -> &dyn PictureSource {
        &self.pictures
    }

    /// The print style that the file names.
    pub fn style(&self) -> Option<&str> {
        self.file.style.as_deref()
    }
}

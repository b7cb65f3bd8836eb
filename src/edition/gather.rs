//! Reads the sources of an edition, several at once, and keeps going when one fails.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use url::Url;

use super::cache::Cache;
use super::feed::Feed;
use super::file::{ArticleEntry, EditionFile, FeedEntry, line_of};
use crate::article::{self, Article, Block, Image, Inline};
use crate::clean::Site;
use crate::limits::Limit;
#[cfg(feature = "fetch")]
use crate::source::fetch::Fetcher;
use crate::source::fetch::{self, ACCEPT_PICTURE};
use crate::source::{Input, LocalFolders, Page, PictureSource, Pictures};
use crate::typeset::{self, Section, Story, Weight, Wishes};
use crate::{Error, Limits, Result};

/// Sources read at once where some are on the web: waiting costs no core.
const WEB_READERS: usize = 8;
/// The name under which a picture of the editor's is kept.
const OWN_PICTURE: &str = "picture-of-the-edition";

/// An edition whose sources have been read.
#[non_exhaustive]
pub struct Edition {
    file: EditionFile,
    sections: Vec<(String, Vec<Gathered>)>,
    notices: Vec<typeset::Notice>,
    pictures: EditionPictures,
    /// The files that it was made from or would have been made from: feeds, pages, their pictures.
    pub files: Vec<PathBuf>,
    /// The sources that could not be made into articles, and pictures of the editor's that could not be read.
    pub failures: Vec<Failure>,
}

/// An article with what its editor says of it.
struct Gathered {
    article: Article,
    weight: Weight,
    entry: Option<ArticleEntry>,
}

/// A source or a picture that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// Line of the edition file.
    pub line: usize,
    /// One sentence.
    pub message: String,
}

/// Where an edition is made, and how.
#[non_exhaustive]
pub struct Gathering<'a> {
    /// The folder of the edition file, from which paths are counted, and whose pictures may be read.
    pub folder: &'a Path,
    /// Another folder whose pictures may be read, from which addresses like `/x.jpg` are counted.
    pub root: Option<&'a Path>,
    /// Whether the lines of the edition file mean something to the user.
    pub has_lines: bool,
    /// The name of the edition, which the headlines of its own site's pages may carry.
    pub name: &'a str,
    /// What was fetched before.
    pub cache: &'a Cache,
    /// What the user knows of the sites.
    pub site: Option<&'a Site>,
    /// Whether pictures are wanted.
    pub pictures: bool,
    /// Bounds on each source.
    pub limits: &'a Limits,
    /// Hears how many articles are done, and of how many.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
}

impl<'a> Gathering<'a> {
    /// With pictures, nothing known of the sites, and nobody who hears of progress.
    pub fn new(folder: &'a Path, name: &'a str, cache: &'a Cache, limits: &'a Limits) -> Self {
        Self {
            folder,
            root: None,
            has_lines: true,
            name,
            cache,
            site: None,
            pictures: true,
            limits,
            progress: &|_, _| {},
        }
    }
}

/// Pictures of all articles. Each article's addresses are its own: `photo.jpg` of two pages are two pictures.
#[derive(Default)]
struct EditionPictures {
    by_article: Vec<ArticlePictures>,
}

struct ArticlePictures {
    pictures: Pictures,
    /// The source of the article, with its line in the edition file.
    place: String,
}

/// What parts an article's number from an address of its own.
const PARTER: char = '|';

impl PictureSource for EditionPictures {
    fn load(&self, src: &str) -> Result<Arc<[u8]>, String> {
        let (number, own) = src.split_once(PARTER).ok_or("has no article")?;
        let number: usize = number.parse().map_err(|_| "has no article")?;
        self.by_article.get(number).ok_or("has no article")?.pictures.load(own)
    }

    fn shown(&self, src: &str) -> String {
        let (number, own) = src.split_once(PARTER).unwrap_or(("", src));
        let article = number.parse::<usize>().ok().and_then(|number| self.by_article.get(number));
        article.map_or_else(|| own.to_owned(), |article| format!("{}: {}", article.place, article.pictures.shown(own)))
    }
}

/// One article to be read.
struct Job<'a> {
    section: usize,
    place: Range<usize>,
    input: Input,
    weight: Weight,
    entry: Option<&'a ArticleEntry>,
}

/// Reads all sources of `file`, whose text is `text`.
pub fn gather(file: EditionFile, text: &str, how: &Gathering<'_>) -> Edition {
    let mut failures = Vec::new();
    let mut jobs: Vec<Job<'_>> = Vec::new();
    let mut files: Vec<PathBuf> = Vec::new();
    for (section, entry) in file.sections.iter().enumerate() {
        jobs.extend(entry.articles.iter().map(|article| Job {
            section,
            place: article.source.span(),
            input: located(article.source.get_ref(), how.folder),
            weight: article.weight,
            entry: Some(article),
        }));
        for feed in &entry.feeds {
            files.extend(local(located(feed.url.get_ref(), how.folder)));
            match entries(feed, how) {
                Ok(inputs) => jobs.extend(inputs.into_iter().map(|input| Job {
                    section,
                    place: feed.url.span(),
                    input,
                    weight: feed.weight,
                    entry: None,
                })),
                Err(error) => {
                    failures.push(Failure { line: line_of(text, &feed.url.span()), message: error.to_string() });
                }
            }
        }
    }
    let (done, count) = (AtomicUsize::new(0), jobs.len());
    let one = |job: &Job<'_>| {
        let result = read(job, how);
        (how.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, count);
        result
    };
    let on_the_web = jobs.iter().any(|job| matches!(job.input, Input::Url(_)));
    let readers = rayon::current_num_threads().max(if on_the_web { WEB_READERS } else { 1 });
    let read_all = || jobs.par_iter().map(one).collect::<Vec<_>>();
    let read = match rayon::ThreadPoolBuilder::new().num_threads(readers).build() {
        Ok(pool) if on_the_web => pool.install(read_all),
        _ => read_all(),
    };
    let mut sections: Vec<_> = file.sections.iter().map(|s| (s.title.clone(), Vec::new())).collect();
    let mut pictures = EditionPictures::default();
    for (job, result) in jobs.iter().zip(read) {
        files.extend(local(job.input.clone()));
        let picture = job.entry.and_then(|entry| entry.picture.as_deref());
        files.extend(picture.and_then(|picture| local(located(picture, how.folder))));
        match result {
            Ok((mut article, own, missing)) => {
                let missing = missing.map(|error| error.to_string());
                failures.extend(missing.map(|message| Failure { line: line_of(text, &job.place), message }));
                article.each_picture(&mut |image| files.extend(own.file(&image.src)));
                files.extend(article.lead_image.as_ref().and_then(|image| own.file(&image.src)));
                let number = pictures.by_article.len();
                article.each_picture(&mut |image| image.src = format!("{number}{PARTER}{}", image.src));
                if let Some(image) = &mut article.lead_image {
                    image.src = format!("{number}{PARTER}{}", image.src);
                }
                let place = match how.has_lines {
                    true => format!("line {}, {}", line_of(text, &job.place), job.input.name()),
                    false => job.input.name(),
                };
                pictures.by_article.push(ArticlePictures { pictures: own, place });
                sections[job.section].1.push(Gathered { article, weight: job.weight, entry: job.entry.cloned() });
            }
            Err(error) => failures.push(Failure { line: line_of(text, &job.place), message: error.to_string() }),
        }
    }
    let mut notices = Vec::new();
    for entry in &file.notices {
        let mut own = Pictures::of(LocalFolders::default(), how.limits);
        let picture = entry.picture.as_ref().map(|picture| picture.get_ref().as_str());
        let kept = picture.and_then(|picture| match own_picture(picture, how) {
            Ok(bytes) => {
                own.insert(OWN_PICTURE, bytes);
                Some(format!("{}{PARTER}{OWN_PICTURE}", pictures.by_article.len()))
            }
            Err(error) => {
                failures.push(Failure { line: line_of(text, &entry.place()), message: error.to_string() });
                None
            }
        });
        files.extend(picture.and_then(|picture| local(located(picture, how.folder))));
        if kept.is_some() {
            let place = format!("line {}", line_of(text, &entry.place()));
            pictures.by_article.push(ArticlePictures { pictures: own, place });
        }
        notices.push(typeset::Notice {
            text: entry.text.as_ref().map(|text| text.get_ref().clone()),
            picture: kept.map(|src| Image { src, alt: entry.alt.clone(), ..Image::default() }),
            columns: entry.columns,
            height: entry.height,
            page: entry.page,
            filler: entry.filler,
        });
    }
    failures.sort_by_key(|failure| failure.line);
    sections.retain(|(_, articles)| !articles.is_empty());
    drop(jobs);
    Edition { file, sections, notices, pictures, files, failures }
}

/// A source as the file has it: an address, or a path from the file's folder.
fn located(source: &str, folder: &Path) -> Input {
    match Input::parse(source) {
        Input::File(path) => Input::File(folder.join(path)),
        other => other,
    }
}

/// The file that is to be read, if it is one.
fn local(input: Input) -> Option<PathBuf> {
    if let Input::File(path) = input { Some(path) } else { None }
}

/// The pages that a feed names.
fn entries(entry: &FeedEntry, how: &Gathering<'_>) -> Result<Vec<Input>> {
    let input = located(entry.url.get_ref(), how.folder);
    let (feed, base) = read_feed(&input, how.cache, how.limits)?;
    let since = entry.since.map(|day| day.to_string()).and_then(|day| day.get(..10).map(str::to_owned));
    let wanted = |day: Option<&str>| match (&since, day) {
        (Some(since), Some(day)) => day >= since.as_str(),
        _ => true,
    };
    let taken = feed.entries.iter().filter(|e| wanted(e.day.as_deref())).take(entry.take);
    Ok(taken.map(|e| linked(&e.link, &input, base.as_ref())).collect())
}

/// Where a link of a feed leads: an address, or a path beside a feed that is a file.
pub(super) fn linked(link: &str, feed: &Input, base: Option<&Url>) -> Input {
    if let (Some(base), Err(_)) = (base, Url::parse(link)) {
        return base.join(link).map_or_else(|_| Input::parse(link), Input::Url);
    }
    match feed {
        Input::File(path) => located(link, path.parent().unwrap_or(Path::new("."))),
        _ => Input::parse(link),
    }
}

/// A feed, and its own address.
pub(super) fn read_feed(input: &Input, cache: &Cache, limits: &Limits) -> Result<(Feed, Option<Url>)> {
    let page = cached(input, cache, |input| input.read_data(limits))?;
    Ok((Feed::parse(&page.decode(None).text, &page.name)?, page.url))
}

/// Reads a page, from the cache where it is there.
pub(super) fn page(input: &Input, cache: &Cache, limits: &Limits) -> Result<Page> {
    cached(input, cache, |input| input.read(limits))
}

fn cached(input: &Input, cache: &Cache, read: impl FnOnce(&Input) -> Result<Page>) -> Result<Page> {
    let Input::Url(url) = input else { return read(input) };
    if let Some(kept) = cache.get(url) {
        return Ok(kept);
    }
    let page = read(input)?;
    cache.put(url, &page);
    Ok(page)
}

/// An article with its pictures, and what is the matter with the editor's own picture, without which it is made.
fn read(job: &Job<'_>, how: &Gathering<'_>) -> Result<(Article, Pictures, Option<Error>)> {
    let page = page(&job.input, how.cache, how.limits)?;
    let label = job.entry.and_then(|entry| entry.charset.as_deref());
    let charset = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    let charset = charset.or_else(|| how.site?.charset());
    let mut article = article::read(&page, charset, None, how.site, how.limits)?;
    article.title = without_name(&article.title, how.name).to_owned();
    let path = if let Input::File(path) = &job.input { Some(path.as_path()) } else { None };
    let folders = path.map_or_else(LocalFolders::default, |path| {
        let folders = LocalFolders::of_page(path).and(how.folder);
        how.root.into_iter().fold(folders, LocalFolders::with_root)
    });
    let mut pictures = Pictures::of(folders, how.limits).with(&page.pictures);
    let mut missing = None;
    if let Some(entry) = job.entry {
        if let Some(headline) = &entry.headline {
            article.title.clone_from(headline);
        }
        if let Some(byline) = &entry.byline {
            article.byline = vec![byline.clone()];
        }
        if let Some(picture) = &entry.picture {
            match own_picture(picture, how) {
                Ok(bytes) => {
                    pictures.insert(OWN_PICTURE, bytes);
                    lead_with(&mut article, entry);
                }
                Err(error) => missing = Some(error),
            }
        }
    }
    if how.pictures {
        let mut sources = article.picture_sources();
        sources.extend(article.lead_image.as_ref().map(|image| image.src.clone()));
        fetch_pictures(&mut pictures, sources, how)?;
    }
    Ok((article, pictures, missing))
}

/// A headline without the name of the publication that many sites put before or behind it: over its own article nobody
/// needs it.
fn without_name<'t>(title: &'t str, name: &str) -> &'t str {
    let (title, name) = (title.trim(), name.trim());
    let parter = |c: char| ":|—–-»·/".contains(c);
    let loose = |c: char| c.is_whitespace() || parter(c);
    if let Some(rest) = title.strip_prefix(name) {
        let bare = rest.trim_start_matches(loose);
        if !bare.is_empty() && rest[..rest.len() - bare.len()].contains(parter) {
            return bare;
        }
    }
    if let Some(rest) = title.strip_suffix(name) {
        let bare = rest.trim_end_matches(loose);
        if !bare.is_empty() && rest[bare.len()..].contains(parter) {
            return bare;
        }
    }
    title
}

/// The bytes of a picture that the editor names.
fn own_picture(source: &str, how: &Gathering<'_>) -> Result<Arc<[u8]>> {
    let input = located(source, how.folder);
    let bytes = match &input {
        Input::Url(url) => match how.cache.get(url) {
            Some(kept) => kept.bytes,
            None => {
                let limits = how.limits;
                let waiting = fetch::Waiting::new()?;
                let fetched = waiting.get(url, ACCEPT_PICTURE, limits.image_bytes, limits.fetch, |_| true);
                let fetched = fetched.map_err(|e| e.about(url.as_str(), "the picture", Limit::ImageBytes))?;
                keep(how.cache, url, &fetched.bytes);
                fetched.bytes
            }
        },
        Input::File(path) => std::fs::read(path).map_err(|e| crate::source::cannot_read(&input.name(), &e))?,
        Input::Stdin => return Err(Error::input("-", "is no picture; name a file or an address")),
    };
    if bytes.len() as u64 > how.limits.image_bytes {
        return Err(Error::Limit {
            name: input.name(),
            what: "the picture".into(),
            most: crate::limits::size(how.limits.image_bytes),
            limit: Limit::ImageBytes,
        });
    }
    Ok(bytes.into())
}

fn keep(cache: &Cache, url: &Url, bytes: &[u8]) {
    cache.put(url, &Page { name: url.to_string(), bytes: bytes.to_vec(), ..Page::default() });
}

/// Puts the editor's picture where the article's first stood, or at its head.
fn lead_with(article: &mut Article, entry: &ArticleEntry) {
    let image = Image { src: OWN_PICTURE.into(), alt: entry.alt.clone(), ..Image::default() };
    let caption = entry.caption.iter().map(|text| Inline::Text(text.clone())).collect();
    let own = Block::Figure { images: vec![image], caption, credit: None };
    article.lead_image = None;
    match article.blocks.iter_mut().find(|block| matches!(block, Block::Figure { .. })) {
        Some(first) => *first = own,
        None => article.blocks.insert(0, own),
    }
}

/// Fetches the pictures that lie on the web, those that were fetched before excepted.
#[cfg(feature = "fetch")]
fn fetch_pictures(pictures: &mut Pictures, mut sources: Vec<String>, how: &Gathering<'_>) -> Result<()> {
    sources.retain(|src| src.starts_with("http://") || src.starts_with("https://"));
    if sources.is_empty() {
        return Ok(());
    }
    let fetcher = Fetcher::new(crate::source::address::Reach::Anyone);
    let (limit, time) = (how.limits.image_bytes, how.limits.fetch);
    let get = |url: Url| {
        let (fetcher, cache) = (fetcher.clone(), how.cache.clone());
        async move {
            if let Some(kept) = cache.get(&url) {
                return Ok(kept.bytes);
            }
            let bytes = fetcher.get(&url, ACCEPT_PICTURE, limit, time).await?.bytes;
            keep(&cache, &url, &bytes);
            Ok(bytes)
        }
    };
    fetch::runtime()?.block_on(pictures.fetch_each(sources, how.limits, get));
    Ok(())
}

/// Takes those pictures on the web that were kept when they were fetched.
#[cfg(not(feature = "fetch"))]
fn fetch_pictures(pictures: &mut Pictures, sources: Vec<String>, how: &Gathering<'_>) -> Result<()> {
    pictures.fetch(&sources, how.limits)?;
    for src in sources {
        if let Some(kept) = Url::parse(&src).ok().and_then(|url| how.cache.get(&url)) {
            pictures.insert(&src, kept.bytes.into());
        }
    }
    Ok(())
}

impl Gathered {
    fn story(&self) -> Story<'_> {
        let wishes = self.entry.as_ref().map_or_else(Wishes::default, |entry| Wishes {
            page: entry.page,
            columns: entry.columns,
            place: entry.place,
            kicker: entry.kicker.as_deref(),
            short: entry.short.as_deref(),
            deck: entry.deck.as_deref(),
            whole: entry.whole,
            boxed: entry.boxed,
        });
        Story { article: &self.article, weight: self.weight, wishes }
    }
}

impl Edition {
    /// Whether any article was found at all.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// How many articles there are.
    pub fn len(&self) -> usize {
        self.sections.iter().map(|(_, articles)| articles.len()).sum()
    }

    /// What is to be typeset.
    pub fn manuscript(&self) -> typeset::Edition<'_> {
        typeset::Edition {
            title: self.file.title.clone(),
            subtitle: self.file.subtitle.clone(),
            issue: self.file.issue.clone(),
            date: self.file.date.map(|d| d.to_string()),
            lang: self.file.lang.clone(),
            contents: self.file.contents,
            new_pages: self.file.new_pages,
            qr: self.file.qr,
            accessible: self.file.accessible.clone(),
            continued: self.file.continued,
            imprint: self.file.imprint.clone(),
            sections: self
                .sections
                .iter()
                .map(|(title, articles)| Section {
                    title: Some(title.clone()).filter(|title| !title.trim().is_empty()),
                    articles: articles.iter().map(Gathered::story).collect(),
                })
                .collect(),
            notices: self.notices.clone(),
            pages: self.file.pages,
        }
    }

    /// Where its pictures come from.
    pub fn pictures(&self) -> &dyn PictureSource {
        &self.pictures
    }
}

#[cfg(test)]
mod tests {
    use super::without_name;

    #[test]
    fn headlines_lose_the_name_of_their_publication() {
        let of = |title| without_name(title, "Знамя района");
        assert_eq!(of("Знамя района :: Первый лёд"), "Первый лёд");
        assert_eq!(of("Первый лёд — Знамя района"), "Первый лёд");
        // A sentence with the name in it is none of these.
        assert_eq!(of("Знамя района вручено"), "Знамя района вручено");
        assert_eq!(of("Кому вручено Знамя района"), "Кому вручено Знамя района");
        assert_eq!(of("Знамя района"), "Знамя района");
        assert_eq!(without_name("Первый лёд", ""), "Первый лёд");
    }
}

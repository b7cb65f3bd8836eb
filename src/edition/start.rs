//! Editions without a file: a first one to edit, made of a folder or a feed, and one for a list of addresses.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::cache::Cache;
use super::feed::{Feed, is_feed};
use super::gather::{linked, page, read_feed};
use crate::phrases::Phrases;
use crate::source::{Input, Page};
use crate::{Error, Limits, Result, article};

/// Endings of the sources that an edition reads.
const ENDINGS: [&str; 6] = ["html", "htm", "xhtml", "json", "md", "markdown"];

/// A source with what a person would want to know of it.
struct Found {
    source: String,
    headline: String,
}

/// The text of a first edition file for a folder of pages, or for a feed by its path or address. `beside` is the folder
/// that the file will lie in, from which its paths are counted.
///
/// # Errors
/// [`Error::Input`] where there is nothing to begin with.
pub fn first_file(source: &str, beside: &Path, limits: &Limits) -> Result<String> {
    let input = Input::parse(source);
    match &input {
        Input::File(path) if path.is_dir() => of_folder(path, beside, limits),
        Input::Stdin => Err(Error::input("-", "is no folder and no feed; name one of them")),
        _ => of_feed(source, &input, limits),
    }
}

fn of_folder(folder: &Path, beside: &Path, limits: &Limits) -> Result<String> {
    let name = folder.display().to_string();
    let listing = std::fs::read_dir(folder).map_err(|e| crate::source::cannot_read(&name, &e))?;
    let mut files: Vec<PathBuf> =
        listing.filter_map(|entry| Some(entry.ok()?.path())).filter(|p| is_source(p)).collect();
    files.sort();
    let mut found = Vec::new();
    let (mut lang, mut site) = (None, None);
    for file in files {
        let input = Input::File(file.clone());
        let Ok(article) = input.read(limits).and_then(|page| article::read(&page, None, None, None, limits)) else {
            continue;
        };
        lang = lang.or(Some(article.lang).filter(|l| !l.is_empty() && l != "und"));
        site = site.or(article.site);
        found.push(Found { source: path_from(&file, beside), headline: article.title });
    }
    if found.is_empty() {
        return Err(Error::input(
            name,
            "holds no page with an article; put saved pages (.html), Article JSON or Markdown there",
        ));
    }
    let own = folder.file_name().map(|n| n.to_string_lossy().into_owned());
    Ok(write(&site.or(own).unwrap_or_default(), lang.as_deref(), None, &found))
}

fn of_feed(source: &str, input: &Input, limits: &Limits) -> Result<String> {
    let (feed, base) = read_feed(input, &Cache::default(), limits)?;
    let found: Vec<Found> = feed
        .entries
        .iter()
        .take(20)
        .map(|entry| Found { source: linked(&entry.link, input, base.as_ref()).name(), headline: entry.title.clone() })
        .collect();
    let lang = feed.lang.clone().or_else(|| language_of(&feed));
    Ok(write(&feed.title, lang.as_deref(), Some(source), &found))
}

/// Russian or English, by the letters of the titles.
fn language_of(feed: &Feed) -> Option<String> {
    let letters = || feed.entries.iter().flat_map(|e| e.title.chars()).filter(|c| c.is_alphabetic());
    let cyrillic = letters().filter(|c| ('\u{400}'..'\u{500}').contains(c)).count();
    Some(if cyrillic * 2 > letters().count() { "ru".into() } else { "en".into() })
}

fn is_source(path: &Path) -> bool {
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    path.is_file() && ending.is_some_and(|e| ENDINGS.contains(&e.as_str()))
}

/// A path as an edition file in `beside` would write it.
fn path_from(file: &Path, beside: &Path) -> String {
    let whole = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (file, beside) = (whole(file), whole(beside));
    file.strip_prefix(&beside).unwrap_or(&file).to_string_lossy().into_owned()
}

fn write(title: &str, lang: Option<&str>, feed: Option<&str>, found: &[Found]) -> String {
    let lang = lang.unwrap_or("en");
    let says = &Phrases::of(lang).edition;
    let quoted = |text: &str| toml::Value::String(text.split_whitespace().collect::<Vec<_>>().join(" ")).to_string();
    let mut out = String::new();
    let title = if title.trim().is_empty() { says.section } else { title };
    let _ = write!(
        out,
        "# {}\n\ntitle = {}\nlang = {}\n\n# {}\n# issue = \"№ 1\"\n# date = 2026-01-31\n\n# {}\n# style = \"newspaper\"\n\n# {}\n# new_pages = true\n# qr = true\n# accessible = \"https://www.example.com/lv\"\n# continued = true\n# imprint = \"\"\n\n[[section]]\ntitle = {}\n\n# {}\n",
        says.intro,
        quoted(title),
        quoted(lang),
        says.issue,
        says.style,
        says.wishes,
        quoted(says.section),
        says.keys
    );
    for one in found {
        let headline: String = one.headline.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = write!(out, "\n# {headline}\n[[section.article]]\nsource = {}\n", quoted(&one.source));
    }
    if let Some(feed) = feed {
        let _ = write!(out, "\n# {}\n# [[section.feed]]\n# url = {}\n# take = 10\n", says.feed, quoted(feed));
    }
    out
}

/// The text of an edition file for pages and feeds named on the command line. `read` of each tells a feed from a page;
/// what cannot be read is left for the edition to report.
pub fn of_sources(sources: &[String], title: Option<&str>, cache: &Cache, limits: &Limits) -> String {
    let mut body = String::new();
    let (mut name, mut lang) = (title.map(str::to_owned), None);
    for source in sources {
        let input = Input::parse(source);
        let text = page(&input, cache, limits).map(|page: Page| page.decode(None).text);
        let quoted = toml::Value::String(source.clone());
        match text {
            Ok(text) if is_feed(&text) => {
                if let Ok(feed) = Feed::parse(&text, source) {
                    lang = lang.or_else(|| feed.lang.clone()).or_else(|| language_of(&feed));
                    name = name.or(Some(feed.title).filter(|t| !t.is_empty()));
                }
                let _ = write!(body, "[[section.feed]]\nurl = {quoted}\n");
            }
            text => {
                let found = text.ok().and_then(|text| {
                    let options =
                        article::FindOptions { name: source, url: input.url(), lang: None, site: None, limits };
                    article::find(&text, &options).ok()
                });
                if let Some(article) = found {
                    lang = lang.or(Some(article.lang).filter(|l| l != "und"));
                    name = name.or(article.site);
                }
                let _ = write!(body, "[[section.article]]\nsource = {quoted}\n");
            }
        }
    }
    let lang = lang.unwrap_or_else(|| "und".into());
    let name = name.unwrap_or_else(|| Phrases::of(&lang).edition.name.to_owned());
    format!("title = {}\nlang = {}\n[[section]]\n{body}", toml::Value::String(name), toml::Value::String(lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::EditionFile;

    #[test]
    fn a_first_file_is_a_file_that_can_be_read() {
        let found = [Found { source: "a \"b\".html".into(), headline: "Мост\nоткрыт".into() }];
        let text = write("Знамя «района»", Some("ru"), Some("https://a.example/rss"), &found);
        let file = EditionFile::parse(&text, "edition.toml").unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_eq!(file.title, "Знамя «района»");
        assert_eq!(file.sections[0].articles[0].source.get_ref(), "a \"b\".html");
        assert!(text.contains("# Мост открыт\n"), "{text}");
        // Every key that stands there as a suggestion is one.
        let is_key = |rest: &&str| {
            let name = rest.split_once(" = ").map_or("", |(name, _)| name);
            rest.starts_with("[[") || (!name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        };
        let suggested = text.lines().map(|line| line.strip_prefix("# ").filter(is_key).unwrap_or(line));
        let suggested = suggested.collect::<Vec<_>>().join("\n");
        EditionFile::parse(&suggested, "edition.toml").unwrap_or_else(|e| panic!("{e}\n{suggested}"));
    }

    #[test]
    fn a_folder_becomes_a_first_file_with_paths_from_where_it_lies() {
        let folder = tempfile::tempdir().expect("a folder");
        let pages = folder.path().join("pages");
        std::fs::create_dir(&pages).expect("a folder");
        std::fs::write(pages.join("one.md"), "# Паром пошёл\n\nПаром снова ходит через реку каждый час.")
            .expect("a file");
        std::fs::write(pages.join("notes.txt"), "not a page").expect("a file");
        let text =
            first_file(&pages.display().to_string(), folder.path(), &Limits::default()).expect("there is a page");
        assert!(text.contains("# Паром пошёл\n[[section.article]]\nsource = \"pages/one.md\""), "{text}");
        let empty = folder.path().join("empty");
        std::fs::create_dir(&empty).expect("a folder");
        let error = first_file(&empty.display().to_string(), folder.path(), &Limits::default()).expect_err("no page");
        assert_eq!(error.exit_code(), 3);
    }
}

//! The package document, the navigation document and the title page (EPUB 3.3, EPUB Accessibility 1.1).

use std::fmt::Write;

use super::file::File;
use super::text::{escape, head};
use crate::phrases::BookPhrases;
use crate::phrases::date_in_words;
use crate::typeset::Edition;

/// Media type of the documents.
pub(super) const XHTML: &str = "application/xhtml+xml";

/// Where the package lies.
pub(super) const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n\
<rootfiles><rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles>\n\
</container>\n";

/// The day of a book whose edition has none: the format asks for one, and nothing here asks a clock.
const NO_DAY: &str = "2000-01-01";

/// An article of the book.
pub(super) struct Chapter {
    pub(super) section: usize,
    pub(super) name: String,
    pub(super) title: String,
    /// Labels of the printed pages that begin in it.
    pub(super) pages: Vec<String>,
    pub(super) body: String,
}

pub(super) fn title_page(edition: &Edition<'_>, phrases: &BookPhrases) -> String {
    let mut out = head(phrases.title_page, &edition.lang, "title-page");
    let _ = writeln!(out, "<h1>{}</h1>", escape(&edition.title));
    let date = edition.date.as_deref().map(|date| date_in_words(&edition.lang, date));
    for line in [&edition.subtitle, &edition.issue, &date].into_iter().flatten() {
        let _ = writeln!(out, "<p>{}</p>", escape(line));
    }
    if let Some(imprint) = &edition.imprint {
        let lines: Vec<String> = imprint.lines().map(str::trim).filter(|l| !l.is_empty()).map(escape).collect();
        let _ = writeln!(out, "<p class=\"about\">{}</p>", lines.join("<br/>"));
    }
    out.push_str("</body>\n</html>\n");
    out
}

pub(super) fn navigation(edition: &Edition<'_>, phrases: &BookPhrases, chapters: &[Chapter]) -> String {
    let mut out = head(phrases.contents, &edition.lang, "navigation");
    let _ = write!(out, "<nav epub:type=\"toc\" role=\"doc-toc\" id=\"toc\">\n<h1>{}</h1>\n<ol>\n", phrases.contents);
    let entry = |chapter: &Chapter| format!("<li><a href=\"{}\">{}</a></li>\n", chapter.name, escape(&chapter.title));
    for (number, section) in edition.sections.iter().enumerate() {
        let own: Vec<&Chapter> = chapters.iter().filter(|chapter| chapter.section == number).collect();
        match (&section.title, own.first()) {
            (Some(title), Some(first)) => {
                let _ = writeln!(out, "<li><a href=\"{}\">{}</a>\n<ol>", first.name, escape(title));
                own.iter().for_each(|chapter| out.push_str(&entry(chapter)));
                out.push_str("</ol>\n</li>\n");
            }
            _ => own.iter().for_each(|chapter| out.push_str(&entry(chapter))),
        }
    }
    out.push_str("</ol>\n</nav>\n");
    if chapters.iter().any(|chapter| !chapter.pages.is_empty()) {
        let _ = write!(
            out,
            "<nav epub:type=\"page-list\" role=\"doc-pagelist\" id=\"pages\" hidden=\"\">\n<h2>{}</h2>\n<ol>\n",
            phrases.pages
        );
        for chapter in chapters {
            for page in &chapter.pages {
                let _ = writeln!(out, "<li><a href=\"{}#page-{1}\">{1}</a></li>", chapter.name, escape(page));
            }
        }
        out.push_str("</ol>\n</nav>\n");
    }
    let _ = write!(
        out,
        "<nav epub:type=\"landmarks\" id=\"landmarks\" hidden=\"\">\n<h2>{}</h2>\n<ol>\n\
         <li><a epub:type=\"titlepage\" href=\"title.xhtml\">{}</a></li>\n<li><a epub:type=\"toc\" href=\"#toc\">{}</a></li>\n",
        phrases.landmarks, phrases.title_page, phrases.contents
    );
    if let Some(first) = chapters.first() {
        let _ = writeln!(out, "<li><a epub:type=\"bodymatter\" href=\"{}\">{}</a></li>", first.name, phrases.start);
    }
    out.push_str("</ol>\n</nav>\n</body>\n</html>\n");
    out
}

pub(super) fn package(
    edition: &Edition<'_>,
    phrases: &BookPhrases,
    chapters: &[Chapter],
    files: &[File],
    identifier: &str,
    described: bool,
) -> String {
    let title =
        [Some(edition.title.as_str()), edition.issue.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let lang = if edition.lang.is_empty() { "und" } else { &edition.lang };
    let articles = || edition.sections.iter().flat_map(|section| &section.articles).map(|story| story.article);
    let day = |date: &str| date.get(..10).filter(|d| d.parse::<jiff::civil::Date>().is_ok()).map(str::to_owned);
    let date = edition.date.as_deref().and_then(day);
    let modified = date.clone().or_else(|| articles().filter_map(|a| day(a.date.as_deref()?)).max());
    let mut authors: Vec<&str> = Vec::new();
    for author in articles().flat_map(|article| &article.byline) {
        if !authors.contains(&author.as_str()) {
            authors.push(author);
        }
    }
    let has_pictures = files.iter().any(|file| file.media_type.starts_with("image/"));
    let has_pages = chapters.iter().any(|chapter| !chapter.pages.is_empty());

    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"id\" xml:lang=\"{0}\">\n\
         <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
         <dc:identifier id=\"id\">{1}</dc:identifier>\n<dc:title>{2}</dc:title>\n<dc:language>{0}</dc:language>\n",
        escape(lang),
        identifier,
        escape(&title)
    );
    for author in authors.iter().take(100) {
        let _ = writeln!(out, "<dc:creator>{}</dc:creator>", escape(author));
    }
    if let Some(date) = &date {
        let _ = writeln!(out, "<dc:date>{date}</dc:date>");
    }
    let mut meta = |property: &str, value: &str| {
        let _ = writeln!(out, "<meta property=\"{property}\">{value}</meta>");
    };
    meta("dcterms:modified", &format!("{}T00:00:00Z", modified.as_deref().unwrap_or(NO_DAY)));
    meta("schema:accessMode", "textual");
    if has_pictures {
        meta("schema:accessMode", "visual");
    }
    if described {
        meta("schema:accessModeSufficient", "textual");
    } else {
        meta("schema:accessModeSufficient", "textual,visual");
    }
    for feature in ["structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability", "unlocked"] {
        meta("schema:accessibilityFeature", feature);
    }
    if has_pictures && described {
        meta("schema:accessibilityFeature", "alternativeText");
    }
    if has_pages {
        meta("schema:accessibilityFeature", "pageBreakMarkers");
        meta("schema:accessibilityFeature", "pageNavigation");
        meta("pageBreakSource", &escape(&title));
    }
    meta("schema:accessibilityHazard", "none");
    meta("schema:accessibilitySummary", if described { phrases.summary } else { phrases.summary_undescribed });
    if described {
        meta("dcterms:conformsTo", "EPUB Accessibility 1.1 - WCAG 2.1 Level AA");
    }
    out.push_str("</metadata>\n<manifest>\n");
    for (number, file) in files.iter().enumerate() {
        let properties = if file.name == "nav.xhtml" { " properties=\"nav\"" } else { "" };
        let _ = writeln!(
            out,
            "<item id=\"f{number}\" href=\"{}\" media-type=\"{}\"{properties}/>",
            file.name, file.media_type
        );
    }
    out.push_str("</manifest>\n<spine>\n");
    let id = |name: &str| files.iter().position(|file| file.name == name).unwrap_or_default();
    let order = ["title.xhtml", "nav.xhtml"].into_iter().chain(chapters.iter().map(|chapter| chapter.name.as_str()));
    for name in order {
        let _ = writeln!(out, "<itemref idref=\"f{}\"/>", id(name));
    }
    out.push_str("</spine>\n</package>\n");
    out
}

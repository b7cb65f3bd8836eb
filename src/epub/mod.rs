//! Articles to an EPUB 3.3 book that keeps EPUB Accessibility 1.1: the same text as the printed edition, with its page
//! numbers, for readers of any kind.
//!
//! One file an article, a title page, a navigation document with contents, page list and landmarks. The text is flowing
//! HTML without colours or fonts of its own: those are the reader's. The same edition gives the same bytes.

mod file;
mod package;
mod pictures;
#[cfg(test)]
mod tests;
mod text;

use std::io::{Cursor, Write};

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use self::file::File;
use crate::phrases::Phrases;
use crate::sheet::Publication;
use crate::source::PictureSource;
use crate::typeset::Edition;
use crate::{Error, Result};

/// A book, and what could not be taken into it.
#[non_exhaustive]
pub struct Epub {
    /// The file.
    pub bytes: Vec<u8>,
    /// One sentence each.
    pub warnings: Vec<String>,
}

/// Makes a book of an edition. `printed` is the same edition on paper: its page numbers go into the book's page list.
///
/// # Errors
/// [`Error::Output`] when the container cannot be made.
pub fn write(edition: &Edition<'_>, printed: &Publication, pictures: &dyn PictureSource) -> Result<Epub> {
    let mut pictures = pictures::Pictures::new(pictures);
    let phrases = &Phrases::of(&edition.lang).book;
    let mut chapters = Vec::new();
    let stories =
        edition.sections.iter().enumerate().flat_map(|(s, section)| section.articles.iter().map(move |a| (s, a)));
    let mut last_page = None;
    for (number, (section, story)) in stories.enumerate() {
        let sheets = printed.block_sheets.get(number).map_or(&[][..], Vec::as_slice);
        let labels = |sheet: usize| printed.sheets.get(sheet).map(|sheet| sheet.label.clone());
        let mut pages = text::PageBreaks { sheets, label: &labels, last: &mut last_page, found: Vec::new() };
        let body = text::chapter(story.article, phrases, &mut pictures, &mut pages);
        let pages = pages.found;
        chapters.push(package::Chapter {
            section,
            name: format!("article-{:03}.xhtml", number + 1),
            title: text::title(story.article, phrases).to_owned(),
            pages,
            body,
        });
    }
    let mut files = vec![File {
        name: "title.xhtml".into(),
        media_type: package::XHTML,
        data: package::title_page(edition, phrases).into_bytes(),
    }];
    for chapter in &mut chapters {
        let data = std::mem::take(&mut chapter.body).into_bytes();
        files.push(File { name: chapter.name.clone(), media_type: package::XHTML, data });
    }
    let nav = package::navigation(edition, phrases, &chapters);
    files.push(File { name: "nav.xhtml".into(), media_type: package::XHTML, data: nav.into_bytes() });
    files.push(File { name: "book.css".into(), media_type: "text/css", data: include_bytes!("book.css").to_vec() });
    let described = pictures.all_described;
    let (taken, warnings) = pictures.finish();
    files.extend(taken);
    let identifier = identifier(&files);
    let package = package::package(edition, phrases, &chapters, &files, &identifier, described);
    Ok(Epub { bytes: container(&package, &files).map_err(|e| broken(&e))?, warnings })
}

/// A UUID of version 8 (RFC 9562) of all files: the same book has the same name.
fn identifier(files: &[File]) -> String {
    let mut digest = Sha256::new();
    for file in files {
        digest.update((file.name.len() as u64).to_le_bytes());
        digest.update(file.name.as_bytes());
        digest.update((file.data.len() as u64).to_le_bytes());
        digest.update(&file.data);
    }
    let mut bytes: Vec<u8> = digest.finalize().iter().take(16).copied().collect();
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The container (OCF 3.3): `mimetype` first and stored as it is, so that the file's kind can be read at its head.
fn container(package: &str, files: &[File]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // No clock: the least time that the format can say.
    let stored = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default());
    let deflated = stored.compression_method(CompressionMethod::Deflated);
    zip.start_file("mimetype", stored)?;
    zip.write_all(b"application/epub+zip")?;
    zip.start_file("META-INF/container.xml", deflated)?;
    zip.write_all(package::CONTAINER.as_bytes())?;
    zip.start_file("EPUB/package.opf", deflated)?;
    zip.write_all(package.as_bytes())?;
    for file in files {
        let packed = file.media_type.starts_with("image/");
        zip.start_file(format!("EPUB/{}", file.name), if packed { stored } else { deflated })?;
        zip.write_all(&file.data)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn broken(error: &zip::result::ZipError) -> Error {
    Error::Output {
        name: "EPUB".into(),
        reason: format!("the container cannot be made ({error}); make fewer articles at once"),
    }
}

//! A page as it came: its bytes, and what is known of where they are from.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;

use url::Url;

use super::charset::{self, Declared, Decoded};
use super::fetch;
use crate::limits::Limit;
use crate::{Error, Limits, Result};

/// Where a page comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// An address.
    Url(Url),
}

/// A page's bytes, content coding undone, charset not.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Page {
    /// The path or address as the user gave it, for messages.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The address after redirects.
    pub url: Option<Url>,
}

impl Input {
    /// Reads an INPUT of the command line: `-`, an `http(s)` address, or a path.
    pub fn parse(text: &str) -> Self {
        if text == "-" {
            return Self::Stdin;
        }
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Self::Url(url),
            _ => Self::File(text.into()),
        }
    }

    /// How messages call it.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "standard input".into(),
            Self::File(path) => path.display().to_string(),
            Self::Url(url) => url.to_string(),
        }
    }

    /// The address, where there is one.
    pub fn url(&self) -> Option<&Url> {
        if let Self::Url(url) = self { Some(url) } else { None }
    }

    /// Opens it for reading piece by piece. Addresses are fetched whole, within [`Limits::input`].
    ///
    /// # Errors
    /// [`Error::Input`] where it cannot be read.
    pub fn open(&self, limits: &Limits) -> Result<(Box<dyn Read>, Page)> {
        let mut page = Page { name: self.name(), ..Page::default() };
        let reader: Box<dyn Read> = match self {
            Self::Stdin if io::stdin().is_terminal() => {
                return Err(Error::input(page.name, "is a terminal; pipe a page into it or name a file"));
            }
            Self::Stdin => Box::new(io::stdin().lock()),
            Self::File(path) => Box::new(open(path)?),
            Self::Url(url) => {
                page = fetch::page(url, limits)?;
                Box::new(io::Cursor::new(std::mem::take(&mut page.bytes)))
            }
        };
        Ok((reader, page))
    }

    /// Reads it whole, within [`Limits::input`].
    ///
    /// # Errors
    /// [`Error::Input`] where it cannot be read or is no page, [`Error::Limit`] where it is too long.
    pub fn read(&self, limits: &Limits) -> Result<Page> {
        let (reader, mut page) = self.open(limits)?;
        reader.take(limits.input + 1).read_to_end(&mut page.bytes).map_err(|e| cannot_read(&page.name, &e))?;
        page.check(limits)?;
        Ok(page)
    }
}

impl Page {
    /// A page of which only the name and the bytes are known.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), bytes, ..Self::default() }
    }

    /// Decodes it; `forced` is the user's word.
    pub fn decode(&self, forced: Option<&'static encoding_rs::Encoding>) -> Decoded {
        charset::decode(&self.bytes, &self.declared(forced))
    }

    /// What is known of its charset without its bytes.
    pub fn declared(&self, forced: Option<&'static encoding_rs::Encoding>) -> Declared {
        let label = self.content_type.as_deref().and_then(|t| charset::charset_of_content_type(t.as_bytes()));
        let host = self.url.as_ref().and_then(Url::domain);
        Declared {
            forced,
            content_type: label.and_then(encoding_rs::Encoding::for_label),
            top_level_domain: host.and_then(|h| h.rsplit('.').next()).map(str::to_ascii_lowercase),
        }
    }

    /// Refuses what is too long, empty, or plainly not HTML.
    fn check(&self, limits: &Limits) -> Result<()> {
        if self.bytes.len() as u64 > limits.input {
            return Err(Error::Limit {
                name: self.name.clone(),
                what: "the page".into(),
                most: crate::limits::size(limits.input),
                limit: Limit::Input,
            });
        }
        refuse_other_formats(&self.name, &self.bytes)
    }
}

/// Refuses bytes that are plainly no HTML: nothing at all, or the beginning of another format.
///
/// # Errors
/// [`Error::Input`] that names the format and says what to do.
pub fn refuse_other_formats(name: &str, bytes: &[u8]) -> Result<()> {
    const FORMATS: [(&[u8], &str); 9] = [
        (b"%PDF-", "is a PDF, not HTML; give the page it was made from, or use `clearprint check` to examine it"),
        (b"PK\x03\x04", "is a ZIP archive (a Word or EPUB file, perhaps), not HTML; save it as HTML first"),
        (b"\x1f\x8b", "is gzip-compressed; unpack it first, for instance `gzip -dc FILE | clearprint … -`"),
        (b"\x28\xb5\x2f\xfd", "is zstd-compressed; unpack it first, for instance `zstd -dc FILE | clearprint … -`"),
        (b"\x89PNG", "is a PNG picture, not HTML; give the page it stands on"),
        (b"\xff\xd8\xff", "is a JPEG picture, not HTML; give the page it stands on"),
        (b"GIF8", "is a GIF picture, not HTML; give the page it stands on"),
        (b"{\\rtf", "is an RTF document, not HTML; save it as HTML first"),
        (b"\xd0\xcf\x11\xe0", "is an old Office document, not HTML; save it as HTML first"),
    ];
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::input(name, "is empty; give a page of HTML"));
    }
    match FORMATS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, reason)) => Err(Error::input(name, *reason)),
        None => Ok(()),
    }
}

fn open(path: &PathBuf) -> Result<File> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|e| cannot_read(&name, &e))?;
    let is_directory = file.metadata().is_ok_and(|m| m.is_dir());
    if is_directory {
        return Err(Error::input(name, "is a directory; name a page in it"));
    }
    Ok(file)
}

/// An I/O error as a sentence that says what to do.
pub fn cannot_read(name: &str, error: &io::Error) -> Error {
    let reason = match error.kind() {
        io::ErrorKind::NotFound if name.contains("://") => {
            "is no address that can be fetched; give one that starts with http:// or https://, or a path".into()
        }
        io::ErrorKind::NotFound => "does not exist; check the path".into(),
        io::ErrorKind::PermissionDenied => "may not be read; check its permissions".into(),
        io::ErrorKind::IsADirectory => "is a directory; name a page in it".into(),
        _ => format!("cannot be read ({error}); check the file and the disk"),
    };
    Error::input(name, reason)
}

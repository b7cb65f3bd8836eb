//! What the user names as a page, read.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;

use url::Url;

use super::format::refuse_other_formats;
use super::page::Page;
use super::{fetch, mhtml};
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
        let page = self.read_data(limits)?;
        refuse_other_formats(&page.name, &page.bytes)?;
        page.unpacked(limits)
    }

    /// Reads what is no page, such as a feed, whole and within [`Limits::input`].
    ///
    /// # Errors
    /// As [`Self::read`], but any format will do.
    pub fn read_data(&self, limits: &Limits) -> Result<Page> {
        let (reader, page) = self.open(limits)?;
        page.filled(reader, limits)
    }
}

impl Page {
    /// Reads the rest of it, and unpacks it.
    ///
    /// # Errors
    /// As [`Input::read`].
    pub fn fill(self, reader: impl Read, limits: &Limits) -> Result<Self> {
        self.filled(reader, limits)?.unpacked(limits)
    }

    fn filled(mut self, reader: impl Read, limits: &Limits) -> Result<Self> {
        reader.take(limits.input + 1).read_to_end(&mut self.bytes).map_err(|e| cannot_read(&self.name, &e))?;
        self.check_length(limits)?;
        Ok(self)
    }

    /// The page of a message of several parts, with its pictures; any other page as it is.
    ///
    /// # Errors
    /// [`Error::Input`]: the message holds no page.
    pub fn unpacked(self, limits: &Limits) -> Result<Self> {
        if mhtml::is_message(&self.bytes) { mhtml::unpack(&self, limits) } else { Ok(self) }
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

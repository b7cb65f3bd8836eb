//! A page as it came: its bytes, and what is known of where they are from.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;
use std::sync::Arc;

use url::Url;

use super::charset::{self, Declared, Decoded};
use super::format::refuse_other_formats;
use super::{fetch, mhtml};
use crate::limits::Limit;
use crate::{Error, Limits, Result};

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
    /// Pictures that came in the same file, by the addresses that the page gives them.
    pub pictures: Vec<(String, Arc<[u8]>)>,
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

    /// Refuses what is too long.
    fn check_length(&self, limits: &Limits) -> Result<()> {
        if self.bytes.len() as u64 > limits.input {
            return Err(Error::Limit {
                name: self.name.clone(),
                what: "the page".into(),
                most: crate::limits::size(limits.input),
                limit: Limit::Input,
            });
        }
        Ok(())
    }
}

//! A page as it came: its bytes, and what is known of where they are from.

use url::Url;

use super::charset::{self, Declared, Decoded};
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
    pub(super) fn check(&self, limits: &Limits) -> Result<()> {
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

//! A page as it came: its bytes, and what is known of where they are from.

use std::sync::Arc;

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
    /// Pictures that came in the same file, by the addresses that the page gives them.
    pub pictures: Vec<(String, Arc<[u8]>)>,
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

    /// Refuses what is too long.
    pub(super) fn check_length(&self, limits: &Limits) -> Result<()> {
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

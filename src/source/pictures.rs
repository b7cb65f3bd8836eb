//! Where an article's pictures come from.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use base64::alphabet;
use base64::engine::{DecodePaddingMode, Engine, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;
use url::Url;

use super::folders::LocalFolders;
use crate::limits::Limit;
use crate::{Limits, Result};

/// Gives the bytes of a picture by the address that stands in the article.
///
/// Implementations decide what may be read: a command line reads beside the page, a service only from allowed origins.
pub trait PictureSource: Sync {
    /// The file's bytes, or one sentence why there are none. `src` is as in [`crate::article::Image::src`].
    ///
    /// # Errors
    /// When the picture is missing, not allowed, or over a limit. An article is set without it.
    fn load(&self, src: &str) -> Result<Arc<[u8]>, String>;

    /// How messages call the picture: short, and with the place that a source knows where it stands.
    fn shown(&self, src: &str) -> String {
        short(src)
    }
}

/// An address as messages show it.
fn short(src: &str) -> String {
    const MOST: usize = 120;
    if src.starts_with("data:") {
        return "an image inside the page".into();
    }
    match src.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &src[..end]),
        None => src.to_owned(),
    }
}

/// No pictures at all: each is replaced by its description.
pub struct NoPictures;

impl PictureSource for NoPictures {
    fn load(&self, _src: &str) -> Result<Arc<[u8]>, String> {
        Err("pictures are switched off".into())
    }
}

/// Pictures of one page: `data:` addresses, files of [`LocalFolders`], and what was fetched beforehand.
#[derive(Default)]
pub struct Pictures {
    folders: LocalFolders,
    limit: u64,
    pub(super) fetched: HashMap<String, Result<Arc<[u8]>, String>>,
}

impl Pictures {
    /// Pictures of a page that may read files of `folders`, each at most [`Limits::image_bytes`] long.
    pub fn of(folders: LocalFolders, limits: &Limits) -> Self {
        Self { folders, limit: limits.image_bytes, fetched: HashMap::new() }
    }

    /// Adds the pictures that came with a page, under the addresses that it gives them.
    #[must_use]
    pub fn with(mut self, pictures: &[(String, Arc<[u8]>)]) -> Self {
        self.fetched.extend(pictures.iter().map(|(src, bytes)| (src.clone(), Ok(Arc::clone(bytes)))));
        self
    }

    /// Bytes of all that was fetched.
    pub(crate) fn bytes(&self) -> u64 {
        self.fetched.values().flatten().map(|bytes| bytes.len() as u64).sum()
    }

    /// Adds a picture under an address of its own.
    pub fn insert(&mut self, src: &str, bytes: Arc<[u8]>) {
        self.fetched.insert(src.to_owned(), Ok(bytes));
    }

    /// The file that an address of the page stands for, if it is one of this machine; it need not be there yet.
    pub fn file(&self, src: &str) -> Option<PathBuf> {
        if self.fetched.contains_key(src) { None } else { self.folders.place(src) }
    }

    fn read_file(&self, src: &str) -> Result<Arc<[u8]>, String> {
        let file = self.folders.find(src)?;
        let length = std::fs::metadata(&file).map_err(|e| format!("cannot be read ({e})"))?.len();
        if length > self.limit {
            return Err(format!(
                "is over the limit of {}; {}",
                crate::limits::size(self.limit),
                Limit::ImageBytes.remedy()
            ));
        }
        std::fs::read(&file).map(Arc::from).map_err(|e| format!("cannot be read ({e})"))
    }
}

impl PictureSource for Pictures {
    fn load(&self, src: &str) -> Result<Arc<[u8]>, String> {
        if src.get(..5).is_some_and(|s| s.eq_ignore_ascii_case("data:")) {
            return data_url(src)
                .filter(|b| b.len() as u64 <= self.limit)
                .map(Arc::from)
                .ok_or_else(|| "has a broken data: address".into());
        }
        if let Some(fetched) = self.fetched.get(src) {
            return fetched.clone();
        }
        // What has an address of its own is not looked for beside the page.
        if Url::parse(src).is_ok_and(|url| url.has_host()) {
            return Err("was not fetched; check its address".into());
        }
        self.read_file(src)
    }
}

/// The bytes of a `data:` address (RFC 2397); pages write both alphabets of base64, with and without padding.
fn data_url(src: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let (head, body) = src.get(5..)?.split_once(',')?;
    let body: Vec<u8> = percent_decode_str(body).collect();
    if !head.trim_end().to_ascii_lowercase().ends_with(";base64") {
        return Some(body);
    }
    let dense: Vec<u8> = body.into_iter().filter(|b| !b.is_ascii_whitespace()).collect();
    let url_safe = dense.iter().any(|b| matches!(b, b'-' | b'_'));
    let engine = GeneralPurpose::new(if url_safe { &alphabet::URL_SAFE } else { &alphabet::STANDARD }, LENIENT);
    engine.decode(dense).ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn data_addresses_are_decoded() {
        let pictures = Pictures { limit: 100, ..Pictures::default() };
        assert_eq!(
            pictures.load("data:image/gif;base64,R0lGODlhAQABAAAAACw=").as_deref(),
            Ok(&b"GIF89a\x01\0\x01\0\0\0\0,"[..])
        );
        assert_eq!(pictures.load("DATA:,a%20b").as_deref(), Ok(&b"a b"[..]));
        for broken in ["data:", "data:image/gif;base64", "data:;base64,%%%"] {
            assert!(pictures.load(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_web_address_is_not_looked_for_in_the_page_s_folder() {
        let pictures = Pictures::of(LocalFolders::of_page(Path::new("page.html")), &Limits::default());
        let reason = pictures.load("https://news.example/a.jpg").expect_err("never fetched");
        assert!(!reason.contains("missing"), "{reason}");
    }
}

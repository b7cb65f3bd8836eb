//! What was fetched for an edition, kept in a folder: a second run needs no network.
//!
//! One file an address, named by the host and a digest of the whole address. Its first line is the kept answer's
//! description as JSON, the rest the bytes as they came. Delete the folder and everything is fetched anew.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use crate::source::Page;

/// Where answers are kept; nothing is kept without a folder.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    folder: Option<PathBuf>,
    refresh: bool,
}

#[derive(Serialize, Deserialize)]
struct Head {
    address: String,
    url: Option<Url>,
    content_type: Option<String>,
}

impl Cache {
    /// Keeps answers in `folder`, which is made when the first comes. With `refresh` what is there counts no more.
    pub fn new(folder: Option<PathBuf>, refresh: bool) -> Self {
        Self { folder, refresh }
    }

    /// The kept answer for an address.
    pub fn get(&self, address: &Url) -> Option<Page> {
        if self.refresh {
            return None;
        }
        let bytes = std::fs::read(self.file(address)?).ok()?;
        let end = bytes.iter().position(|b| *b == b'\n')?;
        let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
        if head.address != address.as_str() {
            return None;
        }
        let (url, content_type) = (head.url, head.content_type);
        Some(Page { name: address.to_string(), bytes: bytes[end + 1..].to_vec(), content_type, url, ..Page::default() })
    }

    /// Keeps an answer. What cannot be kept will be fetched again: that is no error.
    pub fn put(&self, address: &Url, page: &Page) {
        let Some(file) = self.file(address) else { return };
        let head =
            Head { address: address.to_string(), url: page.url.clone(), content_type: page.content_type.clone() };
        let Ok(mut bytes) = serde_json::to_vec(&head) else { return };
        bytes.push(b'\n');
        bytes.extend_from_slice(&page.bytes);
        let _ = write_whole(&file, &bytes);
    }

    fn file(&self, address: &Url) -> Option<PathBuf> {
        let digest = Sha256::digest(address.as_str().as_bytes());
        let hex: String = digest.iter().take(12).map(|b| format!("{b:02x}")).collect();
        let host: String = address
            .host_str()
            .unwrap_or("")
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
            .take(60)
            .collect();
        Some(self.folder.as_ref()?.join(format!("{host}-{hex}")))
    }
}

/// A reader never sees half a file.
fn write_whole(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut part = tempfile::NamedTempFile::new_in(folder)?;
    std::io::Write::write_all(&mut part, bytes)?;
    part.persist(file).map(drop).map_err(|e| e.error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_kept_with_what_was_said_of_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(Some(folder.path().join("new")), false);
        let address = Url::parse("https://a.example/новости?id=1").expect("an address");
        assert!(cache.get(&address).is_none());
        let page = Page {
            name: address.to_string(),
            bytes: b"line\nline".to_vec(),
            content_type: Some("text/html; charset=windows-1251".into()),
            url: Url::parse("https://a.example/last").ok(),
            ..Page::default()
        };
        cache.put(&address, &page);
        let kept = cache.get(&address).expect("it is kept");
        assert_eq!(
            (kept.bytes, kept.content_type, kept.url),
            (page.bytes.clone(), page.content_type.clone(), page.url.clone())
        );
        assert!(Cache::new(Some(folder.path().join("new")), true).get(&address).is_none(), "a refresh fetches again");
        let other = Url::parse("https://a.example/новости?id=2").expect("an address");
        assert!(cache.get(&other).is_none());
        Cache::default().put(&address, &page);
    }
}

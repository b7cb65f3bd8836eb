//! Where an article's pictures come from.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use base64::alphabet;
use base64::engine::{DecodePaddingMode, Engine, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;
use tokio::task::JoinSet;
use url::Url;

use super::address::Reach;
use super::fetch::{ACCEPT_PICTURE, FetchError, Fetcher, runtime};
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

    /// How messages call the picture: a source that marks addresses takes its marks off.
    fn shown<'s>(&self, src: &'s str) -> &'s str {
        src
    }
}

/// No pictures at all: each is replaced by its description.
pub struct NoPictures;

impl PictureSource for NoPictures {
    fn load(&self, _src: &str) -> Result<Arc<[u8]>, String> {
        Err("pictures are switched off".into())
    }
}

/// How many pictures are fetched at once.
const AT_ONCE: usize = 6;

/// One picture may take this part of [`Limits::fetch`]; all pictures of a page together take the whole.
const SHARE: u32 = 3;

/// Pictures of one page: `data:` addresses, files beside it, and what was fetched beforehand.
///
/// Files are read only from the page's own folder and below: a page is foreign text, and one that shows
/// `../../private/scan.jpg` must not get it into a PDF.
#[derive(Default)]
pub struct Pictures {
    folder: Option<PathBuf>,
    limit: u64,
    fetched: HashMap<String, Result<Arc<[u8]>, String>>,
}

impl Pictures {
    /// Pictures beside the page `file`, each at most [`Limits::image_bytes`] long.
    pub fn beside(file: Option<&Path>, limits: &Limits) -> Self {
        let folder =
            file.map(|f| f.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned());
        Self { folder, limit: limits.image_bytes, fetched: HashMap::new() }
    }

    /// Adds a picture under an address of its own.
    pub fn insert(&mut self, src: &str, bytes: Arc<[u8]>) {
        self.fetched.insert(src.to_owned(), Ok(bytes));
    }

    /// Fetches those of `sources` that are web addresses, several at once; failures are told when they are asked for.
    ///
    /// # Errors
    /// Only when the system gives no event loop.
    pub fn fetch(&mut self, sources: &[String], limits: &Limits) -> Result<()> {
        let is_address = |s: &&String| s.starts_with("http://") || s.starts_with("https://");
        if sources.iter().any(|s| is_address(&s)) {
            let wanted: Vec<_> = sources.iter().filter(is_address).cloned().collect();
            let runtime = runtime()?;
            runtime.block_on(self.fetch_with(&Fetcher::new(Reach::Anyone), wanted, limits, |_| true));
            // The system's search for a host cannot be broken off, but it need not be waited for.
            runtime.shutdown_background();
        }
        Ok(())
    }

    /// The same on a running event loop, with a fetcher that decides who may be connected to; `allowed` judges each
    /// address and every redirect.
    pub async fn fetch_with(
        &mut self,
        fetcher: &Fetcher,
        sources: Vec<String>,
        limits: &Limits,
        allowed: impl Fn(&Url) -> bool + Clone + Send + Sync + 'static,
    ) {
        let (limit, time) = (limits.image_bytes, limits.fetch / SHARE);
        let get = |url: Url| {
            let (fetcher, allowed) = (fetcher.clone(), allowed.clone());
            async move { Ok(fetcher.get_within(&url, ACCEPT_PICTURE, limit, time, allowed).await?.bytes) }
        };
        self.fetch_each(sources, limits, get).await;
    }

    /// Fetches `sources` with `get`, several at once and within [`Limits::fetch`] for all. What was fetched before is not
    /// fetched again, and a host that cannot be reached is not asked for another picture.
    pub async fn fetch_each<F>(&mut self, sources: Vec<String>, limits: &Limits, get: impl Fn(Url) -> F)
    where
        F: Future<Output = Result<Vec<u8>, FetchError>> + Send + 'static,
    {
        let wanted: Vec<String> =
            sources.into_iter().filter(|s| !matches!(self.fetched.get(s), Some(Ok(_)))).take(limits.images).collect();
        let mut waiting = wanted.into_iter();
        let deadline = tokio::time::Instant::now() + limits.fetch;
        let mut silent: HashMap<String, String> = HashMap::new();
        let mut running = JoinSet::new();
        let mut under_way: HashSet<String> = HashSet::new();
        loop {
            while running.len() < AT_ONCE {
                let Some(src) = waiting.next() else { break };
                let Ok(url) = Url::parse(&src) else {
                    self.fetched.insert(src, Err("has no address that can be fetched".into()));
                    continue;
                };
                let host = url.host_str().unwrap_or_default().to_owned();
                if let Some(reason) = silent.get(&host) {
                    self.fetched.insert(src, Err(reason.clone()));
                    continue;
                }
                let got = get(url);
                under_way.insert(src.clone());
                running.spawn(async move { (src, host, got.await) });
            }
            match tokio::time::timeout_at(deadline, running.join_next()).await {
                Ok(Some(Ok((src, host, got)))) => {
                    if let Err(e @ (FetchError::NoHost | FetchError::Unreachable(_) | FetchError::Slow(_))) = &got {
                        silent.insert(host, e.to_string());
                    }
                    under_way.remove(&src);
                    self.fetched.insert(src, got.map(Arc::from).map_err(|e| e.to_string()));
                }
                Ok(Some(Err(_))) => {}
                Ok(None) => return,
                Err(_) => break,
            }
        }
        let late = format!(
            "was not fetched, because the pictures of the page took longer than {} s; raise it with --timeout",
            limits.fetch.as_secs()
        );
        let left: Vec<String> = under_way.into_iter().chain(waiting).collect();
        self.fetched.extend(left.into_iter().map(|src| (src, Err(late.clone()))));
    }

    /// The file that an address of the page stands for, if it is one beside the page.
    pub fn file(&self, src: &str) -> Option<PathBuf> {
        let own = self.fetched.contains_key(src) || Url::parse(src).is_ok();
        if own { None } else { self.beside_page(src).ok() }
    }

    fn beside_page(&self, src: &str) -> Result<PathBuf, String> {
        let folder =
            self.folder.as_ref().ok_or("has no address that can be fetched; give the page's own with --base-url")?;
        // A saved page writes its names as addresses: without query, percent-encoded.
        let path = src.split(['?', '#']).next().unwrap_or(src);
        let path = percent_decode_str(path).decode_utf8().map_err(|_| "has a name that is not UTF-8")?;
        let path = Path::new(path.as_ref());
        let inside = path.components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir));
        if !inside {
            return Err("lies outside the page's own folder and is not read".into());
        }
        Ok(folder.join(path))
    }

    fn read_file(&self, src: &str) -> Result<Arc<[u8]>, String> {
        let file = self.beside_page(src)?;
        let length = std::fs::metadata(&file).map_err(|_| format!("is missing ({})", file.display()))?.len();
        if length > self.limit {
            return Err(format!(
                "is over the limit of {}; raise it with --max-image-bytes",
                crate::limits::size(self.limit)
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
    fn only_files_beside_the_page_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let site = folder.path().join("site");
        std::fs::create_dir_all(site.join("страница_files")).expect("a folder");
        std::fs::write(folder.path().join("secret.jpg"), "secret").expect("a file");
        std::fs::write(site.join("страница_files/a b.jpg"), "picture").expect("a file");
        let pictures = Pictures::beside(Some(&site.join("page.html")), &Limits::default());
        assert_eq!(pictures.load("./страница_files/a%20b.jpg?v=1").as_deref(), Ok(&b"picture"[..]));
        for outside in [
            "../secret.jpg",
            "%2e%2e/secret.jpg",
            "/etc/passwd",
            "страница_files/../../secret.jpg",
            "file:///etc/passwd",
        ] {
            assert!(pictures.load(outside).is_err(), "{outside}");
        }
    }

    fn addresses(host: &str, count: usize) -> Vec<String> {
        (0..count).map(|n| format!("https://{host}/{n}.jpg")).collect()
    }

    #[test]
    fn a_host_that_cannot_be_found_is_not_asked_for_every_picture() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let asked = Arc::new(AtomicUsize::new(0));
        let mut pictures = Pictures::default();
        let sources = [addresses("gone.example", 50), addresses("here.example", 3)].concat();
        let get = |url: Url| {
            let asked = Arc::clone(&asked);
            async move {
                if url.host_str() == Some("gone.example") {
                    asked.fetch_add(1, Ordering::Relaxed);
                    return Err(FetchError::NoHost);
                }
                Ok(b"picture".to_vec())
            }
        };
        let limits = Limits::default();
        runtime().expect("an event loop").block_on(pictures.fetch_each(sources.clone(), &limits, get));
        assert!(asked.load(Ordering::Relaxed) <= AT_ONCE);
        assert_eq!(sources.iter().filter(|src| pictures.load(src).is_ok()).count(), 3);
        assert!(pictures.load(&sources[49]).expect_err("gone").contains("host"));
    }

    #[test]
    fn pictures_that_take_too_long_together_are_given_up() {
        let mut pictures = Pictures::default();
        let limits = Limits { fetch: std::time::Duration::from_millis(20), ..Limits::default() };
        let sources = addresses("slow.example", 20);
        let never = |_| std::future::pending::<Result<Vec<u8>, FetchError>>();
        runtime().expect("an event loop").block_on(pictures.fetch_each(sources.clone(), &limits, never));
        for src in &sources {
            assert!(pictures.load(src).expect_err("never came").contains("--timeout"), "{src}");
        }
    }

    #[test]
    fn a_web_address_is_not_looked_for_in_the_page_s_folder() {
        let pictures = Pictures::beside(Some(Path::new("page.html")), &Limits::default());
        let reason = pictures.load("https://news.example/a.jpg").expect_err("never fetched");
        assert!(!reason.contains("missing"), "{reason}");
    }
}

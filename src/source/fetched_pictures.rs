//! Pictures that lie on the web, several fetched at once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::task::JoinSet;
use url::Url;

use super::Pictures;
use super::address::Reach;
use super::fetch::{ACCEPT_PICTURE, FetchError, Fetcher, runtime};
use crate::limits::Limit;
use crate::{Limits, Result};

/// How many pictures are fetched at once.
const AT_ONCE: usize = 6;

/// One picture may take this part of [`Limits::fetch`]; all pictures of a page together take the whole.
const SHARE: u32 = 3;

impl Pictures {
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
    pub(crate) async fn fetch_with(
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
    pub(crate) async fn fetch_each<F>(&mut self, sources: Vec<String>, limits: &Limits, get: impl Fn(Url) -> F)
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
                    let got = got.map_err(|e| refusal(&e)).and_then(|bytes| {
                        let fits = self.bytes() + bytes.len() as u64 <= limits.all_image_bytes;
                        fits.then(|| Arc::from(bytes)).ok_or_else(|| too_much(limits))
                    });
                    self.fetched.insert(src, got);
                }
                Ok(Some(Err(_))) => {}
                Ok(None) => return,
                Err(_) => break,
            }
        }
        let late = format!(
            "was not fetched, because the pictures of the page took longer than {} s; {}",
            limits.fetch.as_secs(),
            Limit::Fetch.remedy()
        );
        let left: Vec<String> = under_way.into_iter().chain(waiting).collect();
        self.fetched.extend(left.into_iter().map(|src| (src, Err(late.clone()))));
    }
}

fn too_much(limits: &Limits) -> String {
    let most = crate::limits::size(limits.all_image_bytes);
    let remedy = Limit::AllImageBytes.remedy();
    format!("was left out, because the pictures of the page are over the limit of {most} together; {remedy}")
}

/// Why a picture was not fetched.
fn refusal(error: &FetchError) -> String {
    match error {
        FetchError::TooLarge { .. } => format!("{error}; {}", Limit::ImageBytes.remedy()),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::PictureSource;

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
            assert!(pictures.load(src).expect_err("never came").contains("`Limits::fetch`"), "{src}");
        }
    }
}

//! Themed pages kept in memory, for services that have no cache in front of them.
//!
//! A page is kept under its address, its settings and the version of our rules, with the site's validators. It is given
//! again without asking as long as the site's `Cache-Control` lets shared caches do so (RFC 9111); afterwards the site is
//! asked whether it has changed, and the page is not themed anew if it says no. What is private, sets a cookie or varies is
//! not kept at all.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use quick_cache::sync::Cache;
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use super::validator::Stamp;
use crate::server::stream::{Keep, SUMMARY};

/// Kept answers of a service.
pub(super) struct PageCache {
    pages: Cache<Key, Arc<Kept>, Weight>,
    /// Bytes of the largest page that is kept, so that one page does not push out all the others.
    largest: usize,
}

/// Stamp of settings, sheets and rules, and path and query.
type Key = (Stamp, String);

/// A themed page with what is needed to give it again.
pub(super) struct Kept {
    headers: HeaderMap,
    body: Bytes,
    /// The site's own.
    validators: HeaderMap,
    /// How old it was when it came, and when that was.
    age: Duration,
    since: Instant,
    fresh: Duration,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Arc<Kept>> for Weight {
    fn weight(&self, key: &Key, kept: &Arc<Kept>) -> u64 {
        // Headers and the cache's own account come to about a kilobyte.
        (kept.body.len() + key.1.len() + 1024) as u64
    }
}

/// What is kept about a page before it has come.
pub(super) struct Plan {
    headers: HeaderMap,
    validators: HeaderMap,
    age: Duration,
    fresh: Duration,
}

impl PageCache {
    /// A cache of at most `bytes`.
    pub(super) fn new(bytes: u64) -> Option<Self> {
        let pages = usize::try_from(bytes / (64 << 10)).unwrap_or(usize::MAX).clamp(16, 1 << 20);
        // In one shard, so that the bound on a page does not depend on the machine.
        let options = OptionsBuilder::new()
            .estimated_items_capacity(pages)
            .weight_capacity(bytes)
            .shards(1)
            .build()
            .ok()
            .filter(|_| bytes > 0)?;
        let pages = Cache::with_options(options, Weight, DefaultHashBuilder::default(), Default::default());
        Some(Self { pages, largest: usize::try_from(bytes / 8).unwrap_or(usize::MAX) })
    }

    pub(super) fn get(&self, stamp: &Stamp, path: &str) -> Option<Arc<Kept>> {
        self.pages.get(&(stamp.clone(), path.to_owned()))
    }

    /// Keeps an answer that the site has confirmed, with the headers that came with the confirmation.
    pub(super) fn renew(
        &self,
        stamp: &Stamp,
        path: &str,
        kept: &Kept,
        from_site: &HeaderMap,
        told: HeaderMap,
    ) -> Arc<Kept> {
        let mut headers = kept.headers.clone();
        for name in told.keys() {
            headers.remove(name);
        }
        headers.extend(told);
        let (age, fresh) = (age(from_site), lifetime(from_site).unwrap_or_default());
        let renewed = Arc::new(Kept {
            headers,
            body: kept.body.clone(),
            validators: kept.validators.clone(),
            age,
            fresh,
            since: Instant::now(),
        });
        if may_be_kept(from_site) {
            self.pages.insert((stamp.clone(), path.to_owned()), Arc::clone(&renewed));
        } else {
            self.pages.remove(&(stamp.clone(), path.to_owned()));
        }
        renewed
    }
}

/// Gathers a page for the cache on its way to the reader.
pub(super) fn keeping(cache: &Arc<PageCache>, stamp: Stamp, path: &str, plan: Plan) -> Keep {
    let (cache, path) = (Arc::clone(cache), path.to_owned());
    Keep::new(cache.largest, move |body, summary| {
        let Plan { mut headers, validators, age, fresh } = plan;
        if let Some(summary) = summary {
            headers.insert(SUMMARY, summary);
        }
        let kept = Kept { headers, body, validators, age, fresh, since: Instant::now() };
        cache.pages.insert((stamp, path), Arc::new(kept));
    })
}

impl Plan {
    /// What is to be kept with a page that the site gives with `from_site` and the reader gets with `headers`; `None` where
    /// it is nobody else's affair, or could never be given again.
    pub(super) fn of(from_site: &HeaderMap, headers: &HeaderMap) -> Option<Self> {
        let validators: HeaderMap = [header::ETAG, header::LAST_MODIFIED]
            .into_iter()
            .filter_map(|name| Some((name.clone(), from_site.get(&name)?.clone())))
            .collect();
        let fresh = lifetime(from_site);
        let known = fresh.is_some_and(|fresh| !fresh.is_zero()) || !validators.is_empty();
        // What the reader is told has lost `Accept-Encoding` from Vary, since a themed page has one coding.
        let varies = headers.contains_key(header::VARY);
        (known && !varies && may_be_kept(from_site)).then(|| Self {
            headers: headers.clone(),
            validators,
            age: age(from_site),
            fresh: fresh.unwrap_or_default(),
        })
    }
}

impl Kept {
    fn age(&self) -> Duration {
        self.age + self.since.elapsed()
    }

    pub(super) fn is_fresh(&self) -> bool {
        self.age() < self.fresh
    }

    /// Asks whether the page has changed, in place of whatever the reader asked.
    ///
    /// `false` where the site gave nothing to ask by.
    pub(super) fn ask(&self, to_site: &mut HeaderMap) -> bool {
        to_site.remove(header::IF_NONE_MATCH);
        to_site.remove(header::IF_MODIFIED_SINCE);
        let asked = [(header::ETAG, header::IF_NONE_MATCH), (header::LAST_MODIFIED, header::IF_MODIFIED_SINCE)];
        for (validator, condition) in asked {
            if let Some(value) = self.validators.get(validator) {
                to_site.insert(condition, value.clone());
            }
        }
        !self.validators.is_empty()
    }

    /// The answer, or 304 where the reader has it.
    pub(super) fn answer(&self, asked: &HeaderMap) -> Response {
        let mut headers = self.headers.clone();
        headers.insert(header::AGE, HeaderValue::from(self.age().as_secs()));
        if self.is_what_the_reader_has(asked) {
            headers.remove(header::CONTENT_TYPE);
            headers.remove(SUMMARY);
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (headers, Body::from(self.body.clone())).into_response()
    }

    /// RFC 9110, 13.2.2: tags, compared weakly, come before dates.
    fn is_what_the_reader_has(&self, asked: &HeaderMap) -> bool {
        let weak = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let text = |from: &HeaderMap, name: HeaderName| from.get(name)?.to_str().ok().map(str::to_owned);
        if let Some(tags) = text(asked, header::IF_NONE_MATCH) {
            let own = text(&self.headers, header::ETAG).map(|tag| weak(&tag));
            return tags.trim() == "*" || super::validator::split(&tags).any(|tag| Some(weak(tag)) == own);
        }
        let since = text(asked, header::IF_MODIFIED_SINCE);
        since.is_some() && since == text(&self.headers, header::LAST_MODIFIED)
    }
}

/// Whether the reader lets a kept answer be given: `no-cache` asks for the site's word, `no-store` for no trace.
pub(super) fn reader_wants(headers: &HeaderMap) -> (bool, bool) {
    let says = |word| directives(headers).any(|(name, _)| name == word);
    let pragma = headers.get(header::PRAGMA).is_some_and(|v| v.as_bytes().eq_ignore_ascii_case(b"no-cache"));
    let fresh = says("no-cache") || pragma || directives(headers).any(|d| d == ("max-age".into(), Some("0".into())));
    (fresh, says("no-store"))
}

/// Whether an answer may be given to others.
pub(super) fn may_be_kept(from_site: &HeaderMap) -> bool {
    !from_site.contains_key(header::SET_COOKIE)
        && !directives(from_site).any(|(name, _)| matches!(name.as_str(), "private" | "no-store"))
}

/// How long an answer is good; `None` where the site does not say.
fn lifetime(from_site: &HeaderMap) -> Option<Duration> {
    if directives(from_site).any(|(name, _)| name == "no-cache") {
        return Some(Duration::ZERO);
    }
    let seconds =
        |word: &str| directives(from_site).find(|(name, _)| name == word).map(|(_, value)| value.and_then(delta));
    match seconds("s-maxage").or_else(|| seconds("max-age")) {
        // One that cannot be read is none: the answer is old at once.
        Some(seconds) => Some(Duration::from_secs(seconds.unwrap_or(0).into())),
        None => expires(from_site),
    }
}

/// A number of seconds; one too large to hold is the largest (RFC 9111, 1.2.2).
fn delta(text: String) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u32::MAX))
}

/// What `Expires` says, by the site's own clock where it names the time; no date, such as 0, is the past (RFC 9111, 5.3).
fn expires(from_site: &HeaderMap) -> Option<Duration> {
    let expires = from_site.get(header::EXPIRES)?;
    let date = |value: &HeaderValue| value.to_str().ok().and_then(|text| httpdate::parse_http_date(text).ok());
    let now = from_site.get(header::DATE).and_then(date).unwrap_or_else(SystemTime::now);
    Some(date(expires).and_then(|expires| expires.duration_since(now).ok()).unwrap_or_default())
}

fn age(from_site: &HeaderMap) -> Duration {
    let seconds = from_site.get(header::AGE).and_then(|v| v.to_str().ok()?.trim().parse::<u32>().ok());
    Duration::from_secs(seconds.unwrap_or(0).into())
}

/// The parts of `Cache-Control`, names in small letters.
fn directives(headers: &HeaderMap) -> impl Iterator<Item = (String, Option<String>)> {
    headers
        .get_all(header::CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|part| {
            let (name, value) = part.split_once('=').map_or((part, None), |(name, value)| (name, Some(value)));
            (name.trim().to_ascii_lowercase(), value.map(|v| v.trim().trim_matches('"').to_owned()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(headers: &[(&'static str, &'static str)]) -> HeaderMap {
        headers.iter().map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v))).collect()
    }

    fn plan(from_site: &[(&'static str, &'static str)]) -> Option<Plan> {
        let from_site = map(from_site);
        Plan::of(&from_site, &super::super::headers::of_page(&from_site, super::super::Credentials::default()))
    }

    #[test]
    fn what_is_one_readers_or_varies_is_not_kept() {
        for headers in [
            &[("cache-control", "private, max-age=60")][..],
            &[("cache-control", "no-store"), ("etag", "\"1\"")],
            &[("cache-control", "max-age=60"), ("set-cookie", "a=b")],
            &[("cache-control", "max-age=60"), ("vary", "Cookie")],
            &[("cache-control", "max-age=60"), ("vary", "*")],
            &[("cache-control", "max-age=0")],
            &[],
        ] {
            assert!(plan(headers).is_none(), "{headers:?}");
        }
    }

    #[test]
    fn how_long_a_page_is_good_is_what_the_site_tells_shared_caches() {
        for (headers, fresh) in [
            (&[("cache-control", "max-age=60")][..], 60),
            (&[("cache-control", "max-age=60, s-maxage=5")], 5),
            (&[("cache-control", "Public, Max-Age=\"60\""), ("vary", "Accept-Encoding")], 60),
            (&[("cache-control", "no-cache, max-age=60"), ("etag", "\"1\"")], 0),
            (&[("cache-control", "max-age=soon"), ("etag", "\"1\"")], 0),
            (&[("cache-control", "max-age=99999999999")], u32::MAX.into()),
            (&[("expires", "Sun, 29 Nov 2026 10:01:00 GMT"), ("date", "Sun, 29 Nov 2026 10:00:00 GMT")], 60),
            (&[("cache-control", "max-age=5"), ("expires", "Tue, 29 Nov 2033 10:01:00 GMT")], 5),
            (&[("expires", "0"), ("etag", "\"1\"")], 0),
            (&[("etag", "\"1\"")], 0),
        ] {
            assert_eq!(plan(headers).map(|plan| plan.fresh.as_secs()), Some(fresh), "{headers:?}");
        }
        assert_eq!(plan(&[("cache-control", "max-age=60"), ("age", "50")]).map(|plan| plan.age.as_secs()), Some(50));
    }

    #[test]
    fn the_cache_holds_no_more_than_it_may() {
        let cache = Arc::new(PageCache::new(1 << 20).expect("more than nothing"));
        let keep = |n: usize, bytes: usize| {
            let plan = plan(&[("cache-control", "max-age=60")]).expect("it may be kept");
            let stamp = Stamp::new("~1.dark", "cp-1", 0);
            let mut keep = keeping(&cache, stamp, &format!("/{n}"), plan);
            keep.push(&vec![b'x'; bytes]);
            keep.whole(None);
        };
        for n in 0..100 {
            keep(n, 100_000);
        }
        assert!(cache.pages.weight() <= 1 << 20 && cache.pages.len() > 5, "{}", cache.pages.weight());
        let before = cache.pages.len();
        keep(100, 200_000);
        assert_eq!(cache.pages.len(), before, "one page does not take a fifth of it");
        assert!(PageCache::new(0).is_none());
    }
}

//! Addresses of links and pictures: what they are resolved against, which are safe, where they lead in the end.

use std::borrow::Cow;
use std::cell::RefCell;

use memchr::memchr;
use url::{Position, Url};

use super::options::LinkMap;
use crate::clean::Rules;
use crate::html::bytes;
use crate::html::entities;

/// Addresses: where the page is, and what they may be.
#[derive(Clone, Debug, Default)]
pub(super) struct Addresses {
    /// Where the page is, if that is known.
    pub(super) page: Option<Url>,
    /// What relative addresses are relative to: the page's `base`, else the page.
    pub(super) base: Option<Url>,
    /// Where links lead instead.
    pub(super) links: Option<LinkMap>,
    /// Origins of links, and whether these are led elsewhere.
    origins: RefCell<Vec<(Box<str>, bool)>>,
}

impl Addresses {
    /// For a page at this address, where it is known.
    pub(super) fn new(page: Option<Url>, links: Option<LinkMap>) -> Self {
        Self { base: page.clone(), page, links, origins: RefCell::default() }
    }

    /// A link that is safe to follow: an absolute address with tracking parameters gone, a fragment of this page, or a
    /// relative address where nobody knows what to. `None` for everything else, such as scripts.
    pub(super) fn link<'r>(&self, raw: &'r str, rules: &Rules) -> Option<Cow<'r, str>> {
        if let Some(plain) = self.plain(raw, Some(rules)) {
            return Some(plain);
        }
        if is_plain_fragment(raw) {
            return Some(raw.into());
        }
        let text = trimmed(raw);
        if text.starts_with('#') {
            return Some(text.into());
        }
        let mut url = self.resolve(&text)?;
        if !matches!(url.scheme(), "http" | "https" | "mailto" | "tel" | "ftp") {
            return None;
        }
        if let (Some(fragment), Some(page)) = (url.fragment(), &self.page)
            && same_document(&url, page)
        {
            return Some(format!("#{fragment}").into());
        }
        rules.clean_link(&mut url);
        Some(self.written(&text, url, |url| rules.clean_link(url)).into())
    }

    /// Where a link that was judged leads in the end.
    pub(super) fn lead<'h>(&self, href: Cow<'h, str>) -> Cow<'h, str> {
        match &self.links {
            Some(links) => links.apply(&href, &mut self.origins.borrow_mut()).map_or(href, Cow::Owned),
            None => href,
        }
    }

    /// Where a form of the page may be sent: an address of the page's own site. `None` where the page's own is not known.
    pub(super) fn own(&self, raw: &str, rules: &Rules) -> Option<String> {
        let page = self.page.as_ref()?;
        let text = trimmed(raw);
        // One that names no address is sent by a script, or to the page itself.
        if text.is_empty() || text.starts_with('#') {
            return None;
        }
        let url = self.resolve(&text)?;
        let same = matches!(url.scheme(), "http" | "https") && url.origin() == page.origin();
        if same { self.link(url.as_str(), rules).map(Cow::into_owned) } else { None }
    }

    /// The address of a picture, video or sound.
    pub(super) fn media<'r>(&self, raw: &'r str) -> Option<Cow<'r, str>> {
        if let Some(plain) = self.plain(raw, None) {
            return Some(plain);
        }
        let text = trimmed(raw);
        if text.is_empty() {
            return None;
        }
        if let Some(data) = strip_prefix_ignoring_case(&text, "data:") {
            let kind = data.split([';', ',']).next().unwrap_or_default().to_ascii_lowercase();
            let safe = matches!(
                kind.as_str(),
                "image/png" | "image/jpeg" | "image/jpg" | "image/gif" | "image/webp" | "image/avif" | "image/bmp"
            );
            return safe.then_some(text.into());
        }
        let url = self.resolve(&text)?;
        matches!(url.scheme(), "http" | "https").then(|| self.written(&text, url, |_| {}).into())
    }

    /// What [`Self::link`] and [`Self::media`] come to for most addresses, at a fraction of the cost: of letters,
    /// digits and little else there is nothing to encode or to take out.
    pub(super) fn plain<'r>(&self, raw: &'r str, rules: Option<&Rules>) -> Option<Cow<'r, str>> {
        let decoded = entities::decode(raw, true);
        let address: &str = &decoded;
        let mut query = None;
        for (at, &byte) in address.as_bytes().iter().enumerate() {
            if PLAIN[usize::from(byte)] {
                continue;
            }
            let before = if at == 0 { b'/' } else { address.as_bytes()[at - 1] };
            match byte {
                b'.' if before != b'/' || query.is_some() => {}
                b':' if before == b's' || before == b'p' || query.is_some() => {}
                b'%' if query.is_some() => {}
                b'?' if at > 0 => query = query.or(Some(at)),
                _ => return None,
            }
        }
        if let (Some(at), Some(rules)) = (query, rules)
            && rules.is_tracked(&address[at + 1..])
        {
            return None;
        }
        let path_end = query.unwrap_or(address.len());
        if let Some(rest) = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")) {
            let (host, path) = memchr(b'/', rest.as_bytes()).map_or((rest, ""), |at| (&rest[..at], &rest[at + 1..]));
            let (_, last) = host.rsplit_once('.')?;
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-';
            // A last label that begins with a digit may make a number of the host; "xn--" has rules of its own.
            let named = last.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
                && host.bytes().all(plain)
                && !host.as_bytes().windows(2).any(|pair| pair == b"--")
                && !host.starts_with(['.', '-']);
            let path = &path[..memchr(b'?', path.as_bytes()).unwrap_or(path.len())];
            if !named || path.contains(':') {
                return None;
            }
            return Some(if host.len() == rest.len() { (decoded.into_owned() + "/").into() } else { decoded });
        }
        if address.starts_with('/') && !address.starts_with("//") && !address[..path_end].contains(':') {
            let base = self.base.as_ref().filter(|base| matches!(base.scheme(), "http" | "https"))?;
            let before_path = &base[..Position::BeforePath];
            let mut whole = String::with_capacity(before_path.len() + address.len());
            whole.push_str(before_path);
            whole.push_str(address);
            return Some(whole.into());
        }
        None
    }

    /// An absolute address on the web, with references decoded already.
    pub(super) fn public(&self, href: &str) -> Option<Url> {
        let url = match &self.base {
            Some(base) => base.join(href).ok()?,
            None => Url::parse(href).ok()?,
        };
        matches!(url.scheme(), "http" | "https").then_some(url)
    }

    pub(super) fn resolve(&self, text: &str) -> Option<Url> {
        match &self.base {
            Some(base) => base.join(text).ok(),
            None => nowhere().join(text).ok(),
        }
    }

    /// A relative address with no base stays as it was written, but for its tracking parameters.
    fn written(&self, text: &str, url: Url, clean: impl Fn(&mut Url)) -> String {
        if self.base.is_some() || url.host_str() != nowhere().host_str() {
            return url.into();
        }
        let original = nowhere().join(text).ok();
        let mut cleaned = original.clone();
        if let Some(url) = &mut cleaned {
            clean(url);
        }
        if cleaned == original {
            return text.to_owned();
        }
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
        let fragment = url.fragment().map(|f| format!("#{f}")).unwrap_or_default();
        format!("{path}{query}{fragment}")
    }
}

/// A fragment of this page that is written as it is meant.
fn is_plain_fragment(raw: &str) -> bool {
    raw.strip_prefix('#').is_some_and(|name| name.bytes().all(|byte| byte > b' ' && byte != b'&'))
}

/// Bytes that mean themselves anywhere in an address.
const PLAIN: [bool; 256] = bytes::set(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-_,+~=&;()!*@");

/// A place that relative addresses can be judged from when the page's own is unknown.
fn nowhere() -> Url {
    Url::parse("https://clearprint.invalid/").expect("a constant")
}

fn same_document(a: &Url, b: &Url) -> bool {
    let (mut a, mut b) = (a.clone(), b.clone());
    a.set_fragment(None);
    b.set_fragment(None);
    a == b
}

/// An attribute's address as a browser reads it: references decoded, white space around it and line breaks in it gone.
pub(super) fn trimmed(raw: &str) -> String {
    let decoded = entities::decode(raw, true);
    let trimmed = decoded.trim_matches(|c: char| c <= ' ');
    if !trimmed.bytes().any(|byte| matches!(byte, b'\t' | b'\n' | b'\r')) {
        return trimmed.to_owned();
    }
    trimmed.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect()
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

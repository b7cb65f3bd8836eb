//! Which headers pass in which direction (RFC 9110, 7.6; RFC 9111, 3).

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::{Credentials, settings};

/// Headers of one connection, which end at each hop.
const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What of a reader's request concerns the site, for pages that are themed.
const ASKED: [HeaderName; 7] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::USER_AGENT,
    header::CACHE_CONTROL,
    header::PRAGMA,
    header::RANGE,
    header::IF_RANGE,
];

/// What of the site's answer holds for the themed page too.
const TOLD: [HeaderName; 6] = [
    header::CACHE_CONTROL,
    header::EXPIRES,
    header::AGE,
    header::LAST_MODIFIED,
    header::VARY,
    header::CONTENT_LANGUAGE,
];

/// Marks requests of ours, so that a site that leads back to us is noticed.
pub(super) const VIA: &str = "1.1 clearprint";

/// Who is at the other end of the connection, and whether its word on who is behind it counts.
#[derive(Clone, Copy, Debug)]
pub(in crate::server) struct Peer {
    pub(in crate::server) address: IpAddr,
    pub(in crate::server) trusted: bool,
}

/// Takes out what ends at this hop, also what `Connection` names.
pub(super) fn end_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
}

/// Whether a request has been through us already.
pub(super) fn has_passed(headers: &HeaderMap) -> bool {
    headers.get_all(header::VIA).iter().any(|via| via.to_str().is_ok_and(|via| via.contains(VIA)))
}

/// The request for a page that will be themed. Conditions are not among these: they are about another page.
pub(super) fn for_page(from_reader: &HeaderMap, peer: Option<Peer>, credentials: Credentials) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut reader = from_reader.clone();
    end_hop(&mut reader);
    for name in ASKED {
        if let Some(value) = reader.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    // Several parts of a page come in one answer whose type no longer says that it is a page.
    if headers.get(header::RANGE).is_some_and(|ranges| ranges.as_bytes().contains(&b',')) {
        headers.remove(header::RANGE);
        headers.remove(header::IF_RANGE);
    }
    if credentials.cookie {
        for value in reader.get_all(header::COOKIE).iter().filter_map(settings::without_ours) {
            headers.append(header::COOKIE, value);
        }
    }
    if let (true, Some(value)) = (credentials.authorization, reader.get(header::AUTHORIZATION)) {
        headers.insert(header::AUTHORIZATION, value.clone());
    }
    codings(&mut headers, &reader);
    forwarded(&mut headers, from_reader, peer);
    headers
}

/// Asks only for content codings that both the reader and we can undo, since it is not known yet who will have to.
pub(super) fn codings(headers: &mut HeaderMap, from_reader: &HeaderMap) {
    let wanted = from_reader.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
    let both: Vec<&str> = wanted
        .split(',')
        .map(str::trim)
        .filter(|coding| {
            let name = coding.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
            matches!(name.as_str(), "gzip" | "br" | "zstd" | "deflate" | "identity")
        })
        .collect();
    // A part of a coded body cannot be read without the rest.
    let value =
        if both.is_empty() || headers.contains_key(header::RANGE) { "identity".into() } else { both.join(", ") };
    if let Ok(value) = HeaderValue::from_str(&value) {
        headers.insert(header::ACCEPT_ENCODING, value);
    }
}

/// Tells the site who asks: what a trusted proxy says, else who is at the other end.
pub(super) fn forwarded(headers: &mut HeaderMap, from_reader: &HeaderMap, peer: Option<Peer>) {
    let said = |name: &str| from_reader.get(name).cloned().filter(|_| peer.is_some_and(|p| p.trusted));
    for name in ["x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded"] {
        headers.remove(name);
        if let (Some(value), Ok(name)) = (said(name), HeaderName::try_from(name)) {
            headers.insert(name, value);
        }
    }
    if let Some(peer) = peer {
        let before = said("x-forwarded-for").and_then(|v| v.to_str().map(|v| format!("{v}, ")).ok());
        let chain = format!("{}{}", before.unwrap_or_default(), peer.address);
        if let Ok(chain) = HeaderValue::from_str(&chain) {
            headers.insert("x-forwarded-for", chain);
        }
    }
    // Whoever asked is part of the same trace (W3C Trace Context, 4).
    for name in ["traceparent", "tracestate"] {
        if let Some(value) = from_reader.get(name) {
            headers.insert(name, value.clone());
        }
    }
    headers.append(header::VIA, HeaderValue::from_static(VIA));
}

/// The headers of a themed page. `no-transform` is for those whom the site's owner did not set up.
pub(super) fn of_page(from_site: &HeaderMap, credentials: Credentials) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in TOLD {
        for value in from_site.get_all(&name) {
            headers.append(name.clone(), value.clone());
        }
    }
    without_coding(&mut headers);
    keep_private(&mut headers, from_site, credentials);
    headers
}

/// By what a cache finds all looks of a page at once, to forget them: its path on the site.
pub(super) fn cache_tag(path: &str) -> Option<(HeaderName, HeaderValue)> {
    let path = path.split('?').next().unwrap_or(path).replace(',', "%2C");
    Some((HeaderName::from_static("cache-tag"), HeaderValue::from_str(&path).ok()?))
}

/// The headers of something that passes through untouched.
pub(super) fn of_other(from_site: &HeaderMap, credentials: Credentials) -> HeaderMap {
    let mut headers = from_site.clone();
    end_hop(&mut headers);
    headers.remove(header::SET_COOKIE);
    // What is coded was asked for by one reader; a cache has to know it, whatever the site forgot.
    let varies = |value: &HeaderValue| {
        value.to_str().is_ok_and(|v| v == "*" || v.to_ascii_lowercase().contains("accept-encoding"))
    };
    if headers.contains_key(header::CONTENT_ENCODING) && !headers.get_all(header::VARY).iter().any(varies) {
        headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    keep_private(&mut headers, from_site, credentials);
    headers
}

/// What was said to one reader is not kept for another. Cookies of the site pass only where its owner says so.
fn keep_private(headers: &mut HeaderMap, from_site: &HeaderMap, credentials: Credentials) {
    if credentials.cookie {
        for value in from_site.get_all(header::SET_COOKIE) {
            headers.append(header::SET_COOKIE, value.clone());
        }
    }
    if credentials.any() || from_site.contains_key(header::SET_COOKIE) {
        headers.remove(header::EXPIRES);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
}

/// A themed page has one coding whatever was asked for.
fn without_coding(headers: &mut HeaderMap) {
    let fields: Vec<String> = headers
        .get_all(header::VARY)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("accept-encoding"))
        .collect();
    headers.remove(header::VARY);
    if let (false, Ok(value)) = (fields.is_empty(), HeaderValue::from_str(&fields.join(", "))) {
        headers.insert(header::VARY, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COOKIE: Credentials = Credentials { cookie: true, authorization: false };
    const AUTHORIZATION: Credentials = Credentials { cookie: false, authorization: true };

    fn map(headers: &[(&'static str, &'static str)]) -> HeaderMap {
        headers.iter().map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn what_connection_names_ends_here_too() {
        let mut headers =
            map(&[("connection", "close, X-Secret"), ("x-secret", "1"), ("te", "trailers"), ("etag", "\"1\"")]);
        end_hop(&mut headers);
        assert_eq!(headers, map(&[("etag", "\"1\"")]));
    }

    #[test]
    fn secrets_stay_with_the_reader_unless_the_owner_says_so() {
        let reader = map(&[
            ("cookie", "a=b; clearprint=~1.dark; c=d"),
            ("authorization", "Basic x"),
            ("x-anything", "1"),
            ("accept", "text/html"),
        ]);
        let plain = for_page(&reader, None, Credentials::default());
        assert!(
            !plain.contains_key("cookie") && !plain.contains_key("authorization") && !plain.contains_key("x-anything")
        );
        assert!(plain.contains_key("accept"));
        for (credentials, names) in [(COOKIE, ["cookie"]), (AUTHORIZATION, ["authorization"])] {
            let told = for_page(&reader, None, credentials);
            let sent: Vec<&str> = ["cookie", "authorization"].into_iter().filter(|n| told.contains_key(*n)).collect();
            assert_eq!(sent, names, "each only where it is listed");
        }
        assert_eq!(for_page(&reader, None, COOKIE)["cookie"], "a=b; c=d", "ours is no affair of the site's");
        let only_ours = map(&[("cookie", "clearprint=~1.dark")]);
        assert!(!for_page(&only_ours, None, COOKIE).contains_key("cookie"));
    }

    #[test]
    fn who_is_behind_a_proxy_is_believed_only_of_a_trusted_one() {
        let reader = map(&[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-proto", "https")]);
        let address = IpAddr::from([10, 0, 0, 1]);
        let chain = |trusted| {
            let headers = for_page(&reader, Some(Peer { address, trusted }), Credentials::default());
            let text = |name| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
            (text("x-forwarded-for"), text("x-forwarded-proto"))
        };
        assert_eq!(chain(false), (Some("10.0.0.1".into()), None));
        assert_eq!(chain(true), (Some("6.6.6.6, 10.0.0.1".into()), Some("https".into())));
    }

    #[test]
    fn a_trace_goes_on_to_the_site() {
        let trace =
            map(&[("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), ("tracestate", "a=b")]);
        assert_eq!(for_page(&trace, None, Credentials::default())["traceparent"], trace["traceparent"]);
        assert_eq!(for_page(&trace, None, Credentials::default())["tracestate"], "a=b");
    }

    #[test]
    fn what_was_said_to_one_reader_is_not_kept() {
        let site = map(&[
            ("set-cookie", "session=1"),
            ("cache-control", "public, max-age=600"),
            ("vary", "Accept-Encoding, Cookie"),
        ]);
        let page = of_page(&site, Credentials::default());
        assert_eq!(page, map(&[("cache-control", "private, no-store"), ("vary", "Cookie")]));
        assert!(of_page(&site, COOKIE).contains_key("set-cookie"));
        assert!(!of_page(&site, AUTHORIZATION).contains_key("set-cookie"));
        let public = map(&[("cache-control", "public, max-age=600"), ("expires", "0")]);
        assert_eq!(of_page(&public, AUTHORIZATION), map(&[("cache-control", "private, no-store")]));
        assert!(!of_other(&site, Credentials::default()).contains_key("set-cookie"));
    }

    #[test]
    fn only_codings_that_both_know_are_asked_for() {
        for (reader, asked) in
            [("gzip, br, x-new", "gzip, br"), ("x-new", "identity"), ("", "identity"), ("GZIP;q=0.5", "GZIP;q=0.5")]
        {
            let mut headers = HeaderMap::new();
            codings(
                &mut headers,
                &map(&[])
                    .into_iter()
                    .chain([(Some(header::ACCEPT_ENCODING), HeaderValue::from_static(reader))])
                    .filter_map(|(n, v)| Some((n?, v)))
                    .collect(),
            );
            assert_eq!(headers[header::ACCEPT_ENCODING], asked, "{reader}");
        }
    }
}

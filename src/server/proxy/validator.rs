//! Validators of themed pages, made from the site's own, so that "has it changed?" is answered by the site and no page is
//! rewritten for it.
//!
//! A themed page changes when the site's page does, when the settings do, or when we do. So its ETag is the site's with a
//! stamp of the last two, and the stamp is taken off again before the site is asked. Where the site gives only
//! `Last-Modified`, the date stands in for its ETag.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Sets our tags apart from the site's.
const MARK: &str = "~cp-";
/// Sets dates that stand in for a tag apart from tags.
const DATED: &str = "date.";

/// What of a themed page's validator is ours.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Stamp(String);

impl Stamp {
    /// The stamp of pages with these settings and sheets, under rules of this version.
    pub(super) fn new(code: &str, assets: &str, rules: u64) -> Self {
        let mut hasher = DefaultHasher::new();
        (code, assets, rules).hash(&mut hasher);
        Self(format!("{MARK}{:08x}", hasher.finish() as u32))
    }

    /// The validator of a themed page.
    pub(super) fn tag(&self, from_site: &HeaderMap) -> Option<HeaderValue> {
        let text = |name: HeaderName| from_site.get(name)?.to_str().ok().map(str::trim);
        let tag = match (text(header::ETAG), text(header::LAST_MODIFIED)) {
            (Some(tag), _) => format!("{}{}\"", tag.strip_suffix('"')?, self.0),
            (None, Some(date)) => format!("W/\"{DATED}{}{}\"", date.replace(',', "").replace(' ', "_"), self.0),
            (None, None) => return None,
        };
        HeaderValue::from_str(&tag).ok()
    }

    /// Turns a reader's conditions into ones the site understands. Tells whether they were about a themed page.
    pub(super) fn conditions(&self, from_reader: &HeaderMap, to_site: &mut HeaderMap) -> bool {
        let Some(tags) = from_reader.get(header::IF_NONE_MATCH) else {
            if let Some(date) = from_reader.get(header::IF_MODIFIED_SINCE) {
                to_site.insert(header::IF_MODIFIED_SINCE, date.clone());
            }
            return false;
        };
        let Ok(tags) = tags.to_str() else { return false };
        let mut known = Vec::new();
        let mut themed = false;
        for tag in split(tags) {
            let Some((theirs, stamp)) = tag.rsplit_once(MARK) else {
                known.push(tag.to_owned());
                continue;
            };
            // Other settings, or an older program: the page has changed.
            if stamp.strip_suffix('"') != self.0.strip_prefix(MARK) {
                continue;
            }
            themed = true;
            match theirs.trim_start_matches("W/").strip_prefix('"').and_then(|t| t.strip_prefix(DATED)) {
                Some(date) => {
                    if let Ok(date) = HeaderValue::from_str(&date.replace('_', " ").replacen(' ', ", ", 1)) {
                        to_site.insert(header::IF_MODIFIED_SINCE, date);
                    }
                }
                None => known.push(format!("{theirs}\"")),
            }
        }
        if let (false, Ok(value)) = (known.is_empty(), HeaderValue::from_str(&known.join(", "))) {
            to_site.insert(header::IF_NONE_MATCH, value);
        }
        themed
    }
}

/// Whether a reader has what an answer with these headers would hold (RFC 9110, 13.1.2).
pub(super) fn is_known(from_reader: &HeaderMap, answer: &HeaderMap) -> bool {
    let weak = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let own = answer.get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(weak);
    let known = from_reader.get_all(header::IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    own.is_some_and(|own| known.flat_map(split).any(|tag| weak(tag) == own))
}

/// The tags of an `If-None-Match` (RFC 9110, 8.8.3): commas may stand within the quotes.
pub(super) fn split(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = list;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', ',', '\t']);
        let start = rest.find('"')?;
        let end = start + 1 + rest[start + 1..].find('"')? + 1;
        let (tag, after) = rest.split_at(end);
        rest = after;
        Some(tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(headers: &[(HeaderName, &str)]) -> HeaderMap {
        headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).expect("ASCII"))).collect()
    }

    fn asked(stamp: &Stamp, tags: &str) -> (bool, HeaderMap) {
        let mut to_site = HeaderMap::new();
        let themed = stamp.conditions(&map(&[(header::IF_NONE_MATCH, tags)]), &mut to_site);
        (themed, to_site)
    }

    #[test]
    fn a_tag_goes_out_stamped_and_comes_back_as_it_was() {
        let stamp = Stamp::new("~1.dark", "cp-1", 0);
        for tag in ["\"abc\"", "W/\"abc\"", "\"a,b\"", "\"\""] {
            let ours = stamp.tag(&map(&[(header::ETAG, tag)])).expect("a tag");
            assert_ne!(ours, tag);
            let (themed, to_site) = asked(&stamp, ours.to_str().expect("ASCII"));
            assert!(themed);
            assert_eq!(to_site.get(header::IF_NONE_MATCH).map(HeaderValue::as_bytes), Some(tag.as_bytes()));
        }
    }

    #[test]
    fn a_date_stands_in_for_a_tag() {
        let stamp = Stamp::new("~1.dark", "cp-1", 0);
        let date = "Tue, 24 Nov 2026 08:31:44 GMT";
        let ours = stamp.tag(&map(&[(header::LAST_MODIFIED, date)])).expect("a tag");
        let (themed, to_site) = asked(&stamp, ours.to_str().expect("ASCII"));
        assert!(themed && to_site.get(header::IF_NONE_MATCH).is_none());
        assert_eq!(to_site.get(header::IF_MODIFIED_SINCE).map(HeaderValue::as_bytes), Some(date.as_bytes()));
    }

    #[test]
    fn other_settings_are_another_page() {
        let (dark, sepia) = (Stamp::new("~1.dark", "cp-1", 0), Stamp::new("~1.sepia", "cp-1", 0));
        let tag = dark.tag(&map(&[(header::ETAG, "\"abc\"")])).expect("a tag");
        assert_eq!(asked(&sepia, tag.to_str().expect("ASCII")), (false, HeaderMap::new()));
        assert_ne!(dark, Stamp::new("~1.dark", "cp-2", 0));
        assert_ne!(dark, Stamp::new("~1.dark", "cp-1", 1));
    }

    #[test]
    fn tags_of_things_that_pass_through_are_the_sites_own() {
        let (themed, to_site) = asked(&Stamp::new("~1.dark", "cp-1", 0), "\"abc\", W/\"d,e\"");
        assert!(!themed);
        assert_eq!(to_site.get(header::IF_NONE_MATCH).map(HeaderValue::as_bytes), Some(&b"\"abc\", W/\"d,e\""[..]));
    }
}

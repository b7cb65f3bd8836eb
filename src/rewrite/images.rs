//! Pictures: which of their addresses is the real one.

use std::borrow::Cow;

use super::addresses::Addresses;
use crate::html::tokens::StartTag;

/// Attributes in which lazy loaders keep the real address, most telling first.
const LAZY: [&str; 9] = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-url",
    "data-image",
    "data-img-src",
    "data-full-src",
    "data-echo",
];
const LAZY_SETS: [&str; 2] = ["data-srcset", "data-lazy-srcset"];

/// A picture wider than this is more than any screen column shows.
const WIDE_ENOUGH: f32 = 1600.0;

/// The picture's address: lazy loaders' first, then `src` unless it is a placeholder, then the best of `srcset`.
pub(super) fn source<'a>(start: &StartTag<'a>, addresses: &Addresses) -> Option<Cow<'a, str>> {
    let begins = |name: &str| name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data-"));
    if !start.attributes.iter().any(|(name, _)| begins(name)) {
        return plain(start, addresses);
    }
    let lazy = LAZY.iter().filter_map(|name| start.attribute(name));
    if let Some(src) = lazy.filter(|src| looks_like_address(src)).find_map(|src| addresses.media(src)) {
        return Some(src);
    }
    LAZY_SETS.iter().find_map(|name| best(start, name, addresses)).or_else(|| plain(start, addresses))
}

fn plain<'a>(start: &StartTag<'a>, addresses: &Addresses) -> Option<Cow<'a, str>> {
    let src = start.attribute("src").filter(|src| !is_placeholder(src)).and_then(|src| addresses.media(src));
    src.or_else(|| best(start, "srcset", addresses))
}

fn best<'a>(start: &StartTag<'a>, name: &str, addresses: &Addresses) -> Option<Cow<'a, str>> {
    start.attribute(name).and_then(best_of_set).and_then(|src| addresses.media(src))
}

/// Something a page shows until the real picture comes.
fn is_placeholder(src: &str) -> bool {
    let src = src.trim();
    if src.is_empty() || src == "#" || src.starts_with("about:") {
        return true;
    }
    if src.get(..5).is_some_and(|s| s.eq_ignore_ascii_case("data:")) {
        // A one-pixel picture; real ones put in the page are larger.
        return src.len() < 400;
    }
    let path = src.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    matches!(
        stem,
        "blank"
            | "spacer"
            | "pixel"
            | "1x1"
            | "placeholder"
            | "loading"
            | "loader"
            | "lazy"
            | "transparent"
            | "empty"
            | "clear"
            | "dot"
            | "trans"
    ) || stem.starts_with("placeholder")
        || stem.starts_with("lazy")
}

fn looks_like_address(src: &str) -> bool {
    let src = src.trim();
    !src.is_empty()
        && !src.starts_with('{')
        && !src.contains(char::is_whitespace)
        && (src.contains('/') || src.contains('.'))
}

/// The widest picture of a `srcset` that is not wider than a screen needs, else the narrowest of the wider ones.
fn best_of_set(set: &str) -> Option<&str> {
    let mut best: Option<(f32, &str)> = None;
    let mut rest = set;
    loop {
        // An address may hold commas; it ends at white space, or at a comma that white space follows.
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        if address.is_empty() {
            break;
        }
        let (descriptor, after) =
            if address.ends_with(',') { ("", after) } else { after.split_at(after.find(',').unwrap_or(after.len())) };
        rest = after;
        let descriptor = descriptor.trim();
        let number = |unit| descriptor.strip_suffix(unit).and_then(|d: &str| d.parse::<f32>().ok());
        let width = number('w').or_else(|| number('x').map(|x| x * 640.0)).unwrap_or(640.0);
        let better = match best {
            None => true,
            Some((had, _)) if had > WIDE_ENOUGH => width < had,
            Some((had, _)) => width > had && width <= WIDE_ENOUGH,
        };
        if better {
            best = Some((width, address.trim_end_matches(',')));
        }
    }
    best.map(|(_, address)| address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::tag::Tag;

    fn of(attributes: &[(&'static str, &'static str)]) -> Option<String> {
        let start = StartTag { tag: Tag::Img, name: "img", attributes: attributes.into(), self_closing: false };
        source(&start, &Addresses::default()).map(Cow::into_owned)
    }

    #[test]
    fn the_real_address_is_found_behind_placeholders() {
        for (attributes, src) in [
            (&[("src", "/a.jpg")] as &[_], Some("/a.jpg")),
            (&[("src", "/blank.gif"), ("data-src", "/a.jpg")], Some("/a.jpg")),
            (&[("src", "data:image/gif;base64,R0lGOD"), ("data-srcset", "/s.jpg 300w, /l.jpg 1200w")], Some("/l.jpg")),
            (&[("src", "/spacer.gif"), ("srcset", "/1.jpg 1x, /2.jpg 2x")], Some("/2.jpg")),
            (&[("src", "/spacer.gif")], None),
            (&[("src", "x"), ("data-src", "{{image}}")], Some("x")),
            (&[("srcset", "https://a.ru/w_1,h_2/a.jpg 300w,https://a.ru/b.jpg 900w")], Some("https://a.ru/b.jpg")),
            (&[], None),
        ] {
            assert_eq!(of(attributes).as_deref(), src, "{attributes:?}");
        }
    }

    #[test]
    fn a_set_gives_the_widest_that_a_screen_needs() {
        assert_eq!(best_of_set("/a 300w, /b 1500w, /c 4000w"), Some("/b"));
        assert_eq!(best_of_set("/c 4000w, /d 2000w"), Some("/d"));
        assert_eq!(best_of_set(" "), None);
    }
}

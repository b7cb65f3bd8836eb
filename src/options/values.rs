//! Values of options, read from what was typed; a message says how to write them.

use encoding_rs::Encoding;
use url::Url;

pub(crate) fn number(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|n: &f32| n.is_finite()).ok_or_else(|| "write a number like 14 or 1.5".into())
}

pub(crate) fn whole<N: std::str::FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| "write a whole number".into())
}

/// Reads `200` or `200%`.
pub(crate) fn percent(text: &str) -> Result<u16, String> {
    text.strip_suffix('%').unwrap_or(text).parse().map_err(|_| "write it as a whole number of percent, like 200".into())
}

pub(crate) fn web_address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|u| matches!(u.scheme(), "http" | "https"));
    url.ok_or_else(|| "give a whole address, like https://www.example.ru/news/1".into())
}

pub(crate) fn charset(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(label.as_bytes())
        .ok_or_else(|| "no charset has this label; try utf-8, windows-1251, koi8-r or ibm866".into())
}

pub(crate) fn language(tag: &str) -> Result<String, String> {
    let sound = tag.len() <= 35
        && tag.split('-').enumerate().all(|(i, part)| {
            let letters = part.bytes().all(|b| b.is_ascii_alphanumeric());
            letters
                && if i == 0 {
                    // ISO 639 has codes of two and three letters; longer ones are registered to nobody, and mostly a language's name.
                    (2..=3).contains(&part.len()) && !part.bytes().any(|b| b.is_ascii_digit())
                } else {
                    (1..=8).contains(&part.len())
                }
        });
    if sound { Ok(tag.to_owned()) } else { Err("write a language tag like ru, en or en-GB".into()) }
}

/// A folder that is there.
pub(crate) fn folder(text: &str) -> std::result::Result<std::path::PathBuf, String> {
    let folder = std::path::PathBuf::from(text);
    if folder.is_dir() { Ok(folder) } else { Err(format!("{text:?} is no folder; check its path")) }
}

//! Pages saved as one file of parts: MHTML (RFC 2557), as browsers and mail programs write it.
//!
//! The page is the first part of HTML; the pictures are other parts, which the page names by the addresses they had
//! (`Content-Location`) or by `cid:` (RFC 2392).

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine;
use mail_parser::decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode};
use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders};
use url::Url;

use super::page::Page;
use crate::{Error, Limits, Result};

/// How far into a file its header may reach that says what it is.
const HEADER: usize = 16 << 10;

/// Whether bytes begin as a message of several parts does: with a header that names its version of MIME or its parts.
pub fn is_message(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let header = String::from_utf8_lossy(&start[..start.len().min(HEADER)]).replace("\r\n", "\n");
    let header = header.trim_start().split("\n\n").next().unwrap_or_default();
    let is_field = |line: &str| {
        line.starts_with([' ', '\t'])
            || line.split_once(':').is_some_and(|(name, _)| {
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic()) && !name.contains('<')
            })
    };
    let lower = header.to_ascii_lowercase();
    let says = |field: &str| lower.starts_with(field) || lower.contains(&format!("\n{field}"));
    header.lines().take(100).all(is_field) && (says("mime-version:") || says("content-type: multipart/"))
}

/// The page of a message, with its pictures.
///
/// # Errors
/// [`Error::Input`]: the message is broken or holds no HTML.
pub(crate) fn unpack(page: &Page, limits: &Limits) -> Result<Page> {
    let none = || {
        Error::input(
            &page.name,
            "is a message of several parts (MHTML) without a page that can be read; save the page again, as HTML",
        )
    };
    let message = MessageParser::new().parse(&page.bytes).ok_or_else(none)?;
    let main = message.parts.iter().find(|part| is(part, "text", &["html"])).ok_or_else(none)?;
    let html = decoded(main, &message).filter(|html| !html.trim_ascii().is_empty()).ok_or_else(none)?;
    let snapshot = message.header_raw("Snapshot-Content-Location").map(str::trim);
    let address = main.content_location().or(snapshot).or_else(|| message.parts.first()?.content_location());
    let url =
        address.and_then(|address| Url::parse(address).ok()).filter(|url| matches!(url.scheme(), "http" | "https"));
    let charset = main.content_type().and_then(|t| t.attribute("charset"));

    let mut pictures = Vec::new();
    let mut by_id = HashMap::new();
    for part in message.parts.iter().filter(|part| is(part, "image", &[])).take(limits.images) {
        let Some(bytes) = decoded(part, &message).filter(|bytes| bytes.len() as u64 <= limits.image_bytes) else {
            continue;
        };
        let location = part.content_location().map(str::trim).filter(|location| !location.is_empty());
        if let Some(id) = part.content_id() {
            let kind = part.content_type().and_then(|t| t.subtype()).unwrap_or("png").to_ascii_lowercase();
            by_id.insert(id.to_owned(), Named { location: location.map(str::to_owned), kind, at: pictures.len() });
        }
        let resolved = location.map(|location| resolve(location, url.as_ref()));
        pictures.push((resolved, Arc::<[u8]>::from(bytes)));
    }
    let html = without_ids(&html, &by_id, &pictures, limits.decoded);
    let pictures = pictures.into_iter().filter_map(|(location, bytes)| Some((location?, bytes))).collect();
    Ok(Page {
        name: page.name.clone(),
        bytes: html,
        content_type: Some(match charset {
            Some(charset) => format!("text/html; charset={charset}"),
            None => "text/html".into(),
        }),
        url: page.url.clone().or(url),
        pictures,
    })
}

/// A picture that the page names by an identifier.
struct Named {
    location: Option<String>,
    kind: String,
    at: usize,
}

/// A location as the article will name it: resolved against the page's address, where it has one.
fn resolve(location: &str, page: Option<&Url>) -> String {
    match page.map(|page| page.join(location)) {
        Some(Ok(url)) => url.into(),
        _ => location.to_owned(),
    }
}

fn is(part: &MessagePart<'_>, kind: &str, subtypes: &[&str]) -> bool {
    part.content_type().is_some_and(|t| {
        let subtype = t.subtype().unwrap_or_default();
        t.ctype().eq_ignore_ascii_case(kind)
            && (subtypes.is_empty() || subtypes.iter().any(|s| s.eq_ignore_ascii_case(subtype)))
    })
}

/// The bytes of a part as they were before they were sent, in their own charset.
fn decoded(part: &MessagePart<'_>, message: &Message<'_>) -> Option<Vec<u8>> {
    let raw = message.raw_message().get(part.raw_body_offset() as usize..part.raw_end_offset() as usize)?;
    match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
        Encoding::Base64 => base64_decode(raw),
    }
}

/// Puts the address of a picture, or the picture itself where it has none, in place of `cid:` and its identifier.
/// `bound` is how many bytes pictures may add in all: a page may name one of them a thousand times.
fn without_ids(
    html: &[u8],
    by_id: &HashMap<String, Named>,
    pictures: &[(Option<String>, Arc<[u8]>)],
    bound: u64,
) -> Vec<u8> {
    const SCHEME: &[u8] = b"cid:";
    let mut out = Vec::with_capacity(html.len());
    let mut rest = html;
    let mut added = 0;
    while let Some(at) = memchr::memmem::find(rest, SCHEME) {
        let (before, after) = rest.split_at(at);
        out.extend_from_slice(before);
        let end = after.iter().position(|b| b"\"'<> )\t\r\n".contains(b)).unwrap_or(after.len());
        let id = percent_encoding::percent_decode(&after[SCHEME.len()..end]).decode_utf8_lossy();
        let address = by_id.get(id.as_ref()).and_then(|named| match &named.location {
            Some(location) => Some(location.clone()),
            None => {
                let bytes = &pictures[named.at].1;
                added += bytes.len() as u64 * 4 / 3;
                let data = (added <= bound).then(|| base64::engine::general_purpose::STANDARD.encode(bytes))?;
                Some(format!("data:image/{};base64,{data}", named.kind))
            }
        });
        match address {
            Some(address) => out.extend_from_slice(address.as_bytes()),
            None => out.extend_from_slice(&after[..end]),
        }
        rest = &after[end..];
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked(text: &str) -> Result<Page> {
        let page = Page { name: "saved.mhtml".into(), bytes: text.as_bytes().to_vec(), ..Page::default() };
        assert!(is_message(&page.bytes), "{text}");
        unpack(&page, &Limits::default())
    }

    /// As a browser saves a page: quoted-printable, pictures by their addresses and by identifiers.
    const SAVED: &str = "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://news.example/a/1\r\n\
        Subject: =?utf-8?Q?=D0=9B=D1=91=D0=B4?=\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--part\"\r\n\r\n\r\n\
        ----part\r\nContent-Type: text/html\r\nContent-ID: <frame-1@browser>\r\n\
        Content-Transfer-Encoding: quoted-printable\r\nContent-Location: https://news.example/a/1\r\n\r\n\
        <p>=D0=9B=D1=91=D0=B4 =3D ice<img src=3D\"https://news.example/x.gif\"><img src=3D\"ci=\r\nd:pic@browser\">\
        <img src=3D\"cid:bare@browser\"><img src=3D\"cid:none@browser\">\r\n\
        ----part\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n\
        Content-Location: ../x.gif\r\n\r\nR0lGODlh\r\n\
        ----part\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <pic@browser>\r\n\
        Content-Location: https://news.example/y.png\r\n\r\nR0lG\r\n\
        ----part\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <bare@browser>\r\n\
        \r\nR0lG\r\n----part--\r\n";

    #[test]
    fn a_saved_page_comes_with_its_pictures() {
        let page = unpacked(SAVED).expect("a page");
        let html = String::from_utf8(page.bytes).expect("UTF-8");
        assert!(html.contains("Лёд = ice"), "{html}");
        assert!(html.contains("src=\"https://news.example/y.png\""), "{html}");
        assert!(html.contains("src=\"data:image/png;base64,R0lG\""), "{html}");
        assert!(html.contains("cid:none@browser"), "{html}");
        assert_eq!(page.url.as_ref().map(Url::as_str), Some("https://news.example/a/1"));
        let names: Vec<_> = page.pictures.iter().map(|(name, bytes)| (name.as_str(), bytes.len())).collect();
        assert_eq!(names, [("https://news.example/x.gif", 6), ("https://news.example/y.png", 3)]);
    }

    #[test]
    fn a_part_keeps_its_own_charset() {
        let text = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n\
            Content-Type: text/html; charset=\"windows-1251\"\nContent-Transfer-Encoding: quoted-printable\n\n\
            <p>=CB=E5=E4\n--b--\n";
        let page = unpacked(text).expect("a page");
        assert_eq!(page.decode(None).text.trim(), "<p>Лед");
    }

    #[test]
    fn a_message_without_a_page_is_refused() {
        for text in [
            "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n",
            "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: image/png\n\nx\n--b--",
            &SAVED[..200],
        ] {
            assert!(unpacked(text).expect_err("no page").to_string().contains("MHTML"), "{text}");
        }
    }

    #[test]
    fn pages_and_texts_are_no_messages() {
        for text in ["<!doctype html><p>mime-version: 1.0", "Note: one\n\nMIME-Version: 1.0\n", "", "# mime-version:"] {
            assert!(!is_message(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_picture_named_a_thousand_times_is_not_copied_a_thousand_times() {
        let picture = (None, Arc::<[u8]>::from(vec![0; 1000]));
        let named = Named { location: None, kind: "png".into(), at: 0 };
        let html = "<img src=cid:a>".repeat(1000);
        let out = without_ids(html.as_bytes(), &HashMap::from([("a".into(), named)]), &[picture], 10_000);
        assert!(out.len() < html.len() + 12_000, "{}", out.len());
    }
}

//! What bytes are that are no page of HTML.

use crate::{Error, Result};

/// How far into the bytes it is looked for what they are.
const START: usize = 64 << 10;
/// A configuration file is not longer.
const CONFIGURATION: usize = 1 << 20;

/// Refuses bytes that are plainly no page: nothing at all, no text, or the beginning of another format.
///
/// # Errors
/// [`Error::Input`] that names the format and says what to do.
pub fn refuse_other_formats(name: &str, bytes: &[u8]) -> Result<()> {
    const FORMATS: [(&[u8], &str); 12] = [
        (b"%PDF-", "is a PDF, not HTML; give the page it was made from, or use `clearprint check` to examine it"),
        (b"PK\x03\x04", "is a ZIP archive (a Word or EPUB file, perhaps), not HTML; save it as HTML first"),
        (b"\x1f\x8b", "is gzip-compressed; unpack it first, for instance `gzip -dc FILE | clearprint … -`"),
        (b"\x28\xb5\x2f\xfd", "is zstd-compressed; unpack it first, for instance `zstd -dc FILE | clearprint … -`"),
        (b"\x89PNG", "is a PNG picture, not HTML; give the page it stands on"),
        (b"\xff\xd8\xff", "is a JPEG picture, not HTML; give the page it stands on"),
        (b"GIF8", "is a GIF picture, not HTML; give the page it stands on"),
        (b"RIFF", "is a WebP picture or a sound, not HTML; give the page it stands on"),
        (b"{\\rtf", "is an RTF document, not HTML; save it as HTML first"),
        (b"\xd0\xcf\x11\xe0", "is an old Office document, not HTML; save it as HTML first"),
        (
            b"bplist00",
            "is a web archive of Safari, not HTML; save the page as \"Page Source\", or from another browser",
        ),
        (b"\x7fELF", "is a program, not HTML; give a page"),
    ];
    const ROOTS: [(&str, &str); 6] = [
        ("rss", FEED),
        ("feed", FEED),
        ("rdf:rdf", FEED),
        ("urlset", SITEMAP),
        ("sitemapindex", SITEMAP),
        ("plist", "is a property list, not HTML; save the page as HTML"),
    ];
    const FEED: &str = "is a feed, not a page; `clearprint edition` makes an issue of its pages";
    const SITEMAP: &str = "is a sitemap, not a page; give one of the pages that it names";
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::input(name, "is empty; give a page of HTML"));
    }
    if let Some((_, reason)) = FORMATS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(Error::input(name, *reason));
    }
    if is_binary(bytes) {
        return Err(Error::input(name, "is no text; give a page of HTML"));
    }
    let root = root_of_xml(bytes);
    if let Some((_, reason)) = ROOTS.iter().find(|(name, _)| root.as_deref() == Some(name)) {
        return Err(Error::input(name, *reason));
    }
    if is_toml(bytes) {
        return Err(Error::input(
            name,
            "is a TOML file, not a page; `clearprint edition` takes an edition, `--theme`, `--style` and `--site` take the others",
        ));
    }
    Ok(())
}

/// Whether bytes are no text in any charset: more than one in fifty is a control that texts do not have. UTF-16, where
/// every other byte of a tag is zero, is text.
fn is_binary(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(START)];
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return false;
    }
    let zeros = |first: usize| start.iter().skip(first).step_by(2).filter(|b| **b == 0).count();
    let wide = |first: usize| zeros(first) * 10 > start.len() && zeros(1 - first) * 50 < start.len();
    if wide(0) || wide(1) {
        return false;
    }
    // Tab, the line ends and escape (ISO 2022) are part of texts; zero too, here and there, on broken pages.
    let control = |b: &&u8| **b < 0x20 && !b"\t\n\x0b\x0c\r\x1a\x1b".contains(b);
    start.iter().filter(control).count() * 50 > start.len()
}

/// The name of the root element, in lower case, of what begins as XML or HTML: behind white space, a declaration, a
/// document type and comments.
fn root_of_xml(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(START)]);
    let mut rest = start.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = match rest {
            r if r.starts_with("<!--") => "-->",
            r if r.starts_with("<?") => "?>",
            r if r.starts_with("<!") => ">",
            _ => break,
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
    let name = rest.strip_prefix('<')?;
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && !":-_".contains(c)).unwrap_or(name.len());
    Some(name[..end].to_ascii_lowercase())
}

/// Whether bytes are a file of this project's own configuration: TOML throughout, with at least one key.
fn is_toml(bytes: &[u8]) -> bool {
    let looks = bytes.len() <= CONFIGURATION && bytes.contains(&b'=') && !bytes.trim_ascii_start().starts_with(b"<");
    looks
        && std::str::from_utf8(bytes).is_ok_and(|text| text.parse::<toml::Table>().is_ok_and(|table| !table.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(bytes: &[u8]) -> String {
        refuse_other_formats("file", bytes).expect_err("no page").to_string()
    }

    #[test]
    fn what_is_no_page_is_called_what_it_is() {
        for (bytes, word) in [
            (&b""[..], "empty"),
            (b" \n", "empty"),
            (b"%PDF-1.7", "PDF"),
            (b"<?xml version=\"1.0\"?>\n<!-- made by hand -->\n<rss version=\"2.0\"><channel>", "clearprint edition"),
            ("\u{feff}<feed xmlns=\"http://www.w3.org/2005/Atom\">".as_bytes(), "clearprint edition"),
            (b"<urlset xmlns='x'><url>", "sitemap"),
            ("title = \"Знамя района\"\n[[section]]\ntitle = \"Общество\"\n".as_bytes(), "TOML"),
            (b"bplist00\xd1", "web archive"),
        ] {
            assert!(refusal(bytes).contains(word), "{}", refusal(bytes));
        }
    }

    #[test]
    fn random_bytes_are_no_page() {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let bytes: Vec<u8> = (0..5000).map(|_| next()).collect();
        assert!(refusal(&bytes).contains("no text"));
    }

    #[test]
    fn texts_in_any_charset_are_read() {
        let (wide, bare): (Vec<u8>, Vec<u8>) = {
            let units: Vec<u8> = "<p>Лёд на реке".encode_utf16().flat_map(u16::to_le_bytes).collect();
            (
                [&b"\xff\xfe"[..], &units].concat(),
                "<!doctype html><html><p>Ice".encode_utf16().flat_map(u16::to_be_bytes).collect(),
            )
        };
        for bytes in [
            &wide[..],
            &bare,
            b"<p>\xcb\xb8\xe4 \x97 1",
            b"\x1b$B$\"\x1b(B<p>",
            b"plain words",
            b"<html><p>a\0b with a zero in a page that is otherwise as any other page of its kind is",
            b"a = b in a text",
            b"<rssfeed>",
            b"<?xml version=\"1.0\"?><!DOCTYPE html><html xmlns=\"http://www.w3.org/1999/xhtml\">",
        ] {
            assert!(refuse_other_formats("file", bytes).is_ok(), "{}", String::from_utf8_lossy(bytes));
        }
    }
}

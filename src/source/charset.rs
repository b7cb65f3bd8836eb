//! Bytes to UTF-8.
//!
//! The order is the one of the HTML standard — byte order mark, `Content-Type`, `<meta>`, detection — with one
//! difference: a label that the bytes contradict is overruled. Old servers say `windows-1251` over pages that were
//! moved to UTF-8 years ago, and the other way round; a reader wants the text, not the label.

use encoding_rs::{Decoder, DecoderResult, Encoding, IBM866, ISO_8859_5, KOI8_R, KOI8_U, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs::{WINDOWS_1251, WINDOWS_1252, X_MAC_CYRILLIC};

/// How much may be looked at before a charset is settled: a `<meta>` is searched up to here.
const PROLOGUE: usize = 64 << 10;
/// How many bytes from the first non-ASCII one are judged.
const EVIDENCE: usize = 4 << 10;
/// Bytes shown to the detector when the whole page is at hand.
const EVIDENCE_WHOLE: usize = 256 << 10;

/// What is known of a page's charset before its bytes are seen.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Declared {
    /// The user's word (`--charset`): final.
    pub forced: Option<&'static Encoding>,
    /// The label of the `Content-Type` header.
    pub content_type: Option<&'static Encoding>,
    /// The last label of the host's name (`ru`), a hint for detection.
    pub top_level_domain: Option<String>,
}

/// What settled a charset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// `--charset`, or a site profile.
    Forced,
    /// A byte order mark.
    ByteOrderMark,
    /// The `Content-Type` header.
    ContentType,
    /// A `<meta>` or an XML declaration.
    Meta,
    /// The bytes themselves, without a label.
    Detected,
    /// The bytes themselves, against the label.
    Contradicted,
    /// Nothing but ASCII.
    Ascii,
}

/// A decoded page.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// The charset it was in.
    pub charset: &'static Encoding,
    /// What settled it.
    pub evidence: Evidence,
    /// How many byte sequences the charset does not know; each became U+FFFD.
    pub malformed: u64,
}

/// Decodes a whole page.
pub fn decode(bytes: &[u8], declared: &Declared) -> Decoded {
    let mut decoder = StreamDecoder::new(declared.clone());
    decoder.evidence_wanted = EVIDENCE_WHOLE;
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 4);
    decoder.push(bytes, &mut text);
    decoder.finish(&mut text);
    Decoded { text, charset: decoder.charset(), evidence: decoder.evidence, malformed: decoder.malformed }
}

/// Decodes a page while it arrives.
///
/// ASCII passes at once, whatever the label, since every charset of the web but UTF-16 agrees on it; what follows is
/// held back for at most 4 KiB until the charset is settled.
pub struct StreamDecoder {
    declared: Declared,
    /// Bytes not yet decoded; all of the page so far while nothing was passed on.
    held: Vec<u8>,
    /// ASCII that was passed on already but may still hold the `<meta>`.
    prologue: Vec<u8>,
    decoder: Option<Decoder>,
    evidence: Evidence,
    evidence_wanted: usize,
    malformed: u64,
    started: bool,
}

impl StreamDecoder {
    /// A decoder that has seen nothing yet.
    pub fn new(declared: Declared) -> Self {
        Self {
            declared,
            held: Vec::new(),
            prologue: Vec::new(),
            decoder: None,
            evidence: Evidence::Ascii,
            evidence_wanted: EVIDENCE,
            malformed: 0,
            started: false,
        }
    }

    /// The charset, as far as it is settled; UTF-8 before that.
    pub fn charset(&self) -> &'static Encoding {
        self.decoder.as_ref().map_or(UTF_8, Decoder::encoding)
    }

    /// What settled the charset.
    pub fn evidence(&self) -> Evidence {
        self.evidence
    }

    /// How many byte sequences were malformed so far.
    pub fn malformed(&self) -> u64 {
        self.malformed
    }

    /// Takes bytes and appends what they say to `text`.
    pub fn push(&mut self, bytes: &[u8], text: &mut String) {
        if self.decoder.is_some() {
            self.decode(bytes, false, text);
            return;
        }
        self.held.extend_from_slice(bytes);
        self.settle(false, text);
    }

    /// Ends the page: appends what was held back.
    pub fn finish(&mut self, text: &mut String) {
        if self.decoder.is_none() {
            self.settle(true, text);
        }
        self.decode(&[], true, text);
    }

    fn settle(&mut self, last: bool, text: &mut String) {
        if !self.started {
            // Four bytes tell a byte order mark and UTF-16 without one.
            if self.held.len() < 4 && !last {
                return;
            }
            self.started = true;
            let opening = self.declared.forced.map(|e| (e, Evidence::Forced));
            let opening = opening.or_else(|| Encoding::for_bom(&self.held).map(|(e, _)| (e, Evidence::ByteOrderMark)));
            let opening = opening.or_else(|| utf_16_without_mark(&self.held).map(|e| (e, Evidence::Detected)));
            if let Some((encoding, evidence)) = opening {
                return self.start(encoding, evidence, text);
            }
        }
        // Stops at escapes too: they open ISO-2022-JP, where ASCII bytes are not ASCII.
        let ascii = Encoding::iso_2022_jp_ascii_valid_up_to(&self.held);
        if ascii < self.held.len() && (last || self.held.len() - ascii >= self.evidence_wanted) {
            let room = PROLOGUE.saturating_sub(self.prologue.len()).min(ascii);
            self.prologue.extend_from_slice(&self.held[..room]);
            let sample = &self.held[ascii..self.held.len().min(ascii + self.evidence_wanted)];
            let (encoding, evidence) = judge(&self.declared, &self.prologue, sample, last);
            return self.start(encoding, evidence, text);
        }
        if last {
            return self.start(UTF_8, Evidence::Ascii, text);
        }
        let room = PROLOGUE.saturating_sub(self.prologue.len()).min(ascii);
        self.prologue.extend_from_slice(&self.held[..room]);
        // ASCII is UTF-8.
        text.push_str(std::str::from_utf8(&self.held[..ascii]).unwrap_or_default());
        self.held.drain(..ascii);
    }

    fn start(&mut self, encoding: &'static Encoding, evidence: Evidence, text: &mut String) {
        self.evidence = evidence;
        self.decoder = Some(encoding.new_decoder_with_bom_removal());
        self.prologue = Vec::new();
        let held = std::mem::take(&mut self.held);
        self.decode(&held, false, text);
    }

    fn decode(&mut self, mut bytes: &[u8], last: bool, text: &mut String) {
        let Some(decoder) = self.decoder.as_mut() else { return };
        loop {
            text.reserve(
                decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len()).max(16),
            );
            let (result, read) = decoder.decode_to_string_without_replacement(bytes, text, last);
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.malformed += 1;
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
    }
}

/// Every second byte of the first ones zero: no text in any other charset begins like that.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => Some(UTF_16LE),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// Settles the charset from the labels in the ASCII before, and the bytes from the first that is not ASCII.
fn judge(declared: &Declared, prologue: &[u8], sample: &[u8], whole: bool) -> (&'static Encoding, Evidence) {
    let label = declared.content_type.map(|e| (e, Evidence::ContentType));
    let label = label.or_else(|| meta_charset(prologue).map(|e| (e, Evidence::Meta)));
    // The bytes of a UTF-16 page have been told by their zeros; such a label over others is a mistake.
    let label = label.filter(|(e, _)| *e != UTF_16LE && *e != UTF_16BE);

    let utf_8 = Utf8Evidence::of(sample, whole);
    let Some((encoding, evidence)) = label else {
        return (if utf_8.holds() { UTF_8 } else { detect(declared, sample, whole) }, Evidence::Detected);
    };
    if encoding == UTF_8 {
        if utf_8.holds() {
            return (UTF_8, evidence);
        }
        return (detect(declared, sample, whole), Evidence::Contradicted);
    }
    if utf_8.sequences >= 3 && utf_8.broken == 0 {
        return (UTF_8, Evidence::Contradicted);
    }
    let best = CYRILLIC.into_iter().max_by(|a, b| russian(a, sample).total_cmp(&russian(b, sample)));
    if let Some(best) = best {
        let contradicted = if encoding == WINDOWS_1252 {
            // The default of old servers, ISO-8859-1, has a character for every byte. What it cannot have is whole words
            // of them: in Western text such letters stand one by one among ASCII ones.
            in_words(sample) && russian(best, sample) > 0.4
        } else {
            is_cyrillic(encoding) && russian(best, sample) > 1.5 * russian(encoding, sample) + 0.1
        };
        if contradicted {
            return (best, Evidence::Contradicted);
        }
    }
    (encoding, evidence)
}

/// Whether the bytes that are not ASCII mostly stand beside one another, as letters of a word do.
fn in_words(sample: &[u8]) -> bool {
    let all = sample.iter().filter(|b| !b.is_ascii()).count();
    let beside = sample.windows(2).filter(|pair| pair.iter().all(|b| !b.is_ascii())).count();
    all >= 24 && beside * 10 > all * 6
}

fn detect(declared: &Declared, sample: &[u8], whole: bool) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(sample, whole);
    let tld = declared.top_level_domain.as_deref().map(str::as_bytes);
    let tld = tld.filter(|t| t.iter().all(|b| b.is_ascii_lowercase() || *b == b'-'));
    detector.guess(tld, chardetng::Utf8Detection::Deny)
}

/// How well bytes fit UTF-8.
struct Utf8Evidence {
    /// Well-formed sequences of several bytes.
    sequences: usize,
    /// Places where a sequence breaks off or cannot begin.
    broken: usize,
}

impl Utf8Evidence {
    fn of(mut sample: &[u8], whole: bool) -> Self {
        let mut found = Self { sequences: 0, broken: 0 };
        loop {
            let (valid, rest, cut_off) = match std::str::from_utf8(sample) {
                Ok(s) => (s, &[][..], false),
                Err(e) => {
                    let (valid, rest) = sample.split_at(e.valid_up_to());
                    let skip = e.error_len().unwrap_or(rest.len());
                    (std::str::from_utf8(valid).unwrap_or(""), &rest[skip..], e.error_len().is_none())
                }
            };
            found.sequences += valid.chars().filter(|c| !c.is_ascii()).count();
            if valid.len() == sample.len() || (cut_off && !whole) {
                return found;
            }
            found.broken += 1;
            if rest.is_empty() {
                return found;
            }
            sample = rest;
        }
    }

    /// A page in UTF-8 may hold a few broken characters (a title cut in the middle); one in another charset is broken
    /// nearly everywhere.
    fn holds(&self) -> bool {
        self.sequences > self.broken * 4
    }
}

/// The last of equals wins, so the commonest stands last. Mac Cyrillic is no candidate: its small letters are those of
/// windows-1251 but for one.
const CYRILLIC: [&Encoding; 4] = [ISO_8859_5, IBM866, KOI8_R, WINDOWS_1251];

fn is_cyrillic(encoding: &'static Encoding) -> bool {
    CYRILLIC.contains(&encoding) || encoding == KOI8_U || encoding == X_MAC_CYRILLIC
}

/// The share of the ten commonest Russian small letters among all non-ASCII characters: about 0.6 in Russian text,
/// below 0.2 in Russian text read in a wrong charset.
fn russian(encoding: &'static Encoding, sample: &[u8]) -> f64 {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let (mut common, mut all) = (0_u32, 0_u32);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        all += 1;
        common += u32::from("оеаинтсрвл".contains(c));
    }
    f64::from(common) / f64::from(all.max(1))
}

/// The charset that a page's own beginning declares: the prescan of the HTML standard, 13.2.3.2, and the XML
/// declaration. A label of UTF-16 means UTF-8 here, since the label could be read.
pub(crate) fn meta_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some(declaration) = bytes.strip_prefix(b"<?xml")
        && let Some(end) = declaration.iter().position(|&b| b == b'>')
        && let Some(label) = attribute(&declaration[..end], b"encoding")
        && let Some(encoding) = Encoding::for_label(label)
    {
        return Some(ascii_superset(encoding));
    }
    let mut at = 0;
    while let Some(lt) = bytes[at..].iter().position(|&b| b == b'<') {
        at += lt;
        let rest = &bytes[at..];
        if rest.starts_with(b"<!--") {
            at += find(&rest[2..], b"-->").map_or(rest.len(), |end| end + 5);
            continue;
        }
        let name = rest.get(..6).unwrap_or(rest);
        if name.len() == 6
            && name[..5].eq_ignore_ascii_case(b"<meta")
            && (name[5].is_ascii_whitespace() || name[5] == b'/')
        {
            let end = tag_end(rest);
            let tag = &rest[5..end];
            let label = attribute(tag, b"charset").or_else(|| {
                let is_content_type = attribute(tag, b"http-equiv")?.eq_ignore_ascii_case(b"content-type");
                let content = attribute(tag, b"content").filter(|_| is_content_type)?;
                charset_of_content_type(content)
            });
            if let Some(encoding) = label.and_then(Encoding::for_label) {
                return Some(ascii_superset(encoding));
            }
            at += end;
        } else if rest.get(1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/') {
            at += tag_end(rest);
        } else {
            at += 1;
        }
    }
    None
}

/// The charset label of a `Content-Type` value.
pub(crate) fn charset_of_content_type(value: &[u8]) -> Option<&[u8]> {
    let mut from = 0;
    loop {
        from += find_ignoring_case(&value[from..], b"charset")? + b"charset".len();
        let rest = value[from..].trim_ascii_start();
        let Some(rest) = rest.strip_prefix(b"=") else { continue };
        let rest = rest.trim_ascii_start();
        return Some(match rest.first()? {
            quote @ (b'"' | b'\'') => rest[1..].split(|b| b == quote).next()?,
            _ => rest.split(|b| b.is_ascii_whitespace() || *b == b';' || *b == b',').next()?,
        });
    }
}

fn ascii_superset(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding }
}

/// Where a tag ends, `>` in quoted values not counted.
fn tag_end(tag: &[u8]) -> usize {
    let mut quote = None;
    let mut previous = 0;
    for (i, &b) in tag.iter().enumerate() {
        match quote {
            Some(q) if b == q => quote = None,
            Some(_) => {}
            None if b == b'>' => return i + 1,
            None if (b == b'"' || b == b'\'') && previous == b'=' => quote = Some(b),
            None => {}
        }
        if !b.is_ascii_whitespace() {
            previous = b;
        }
    }
    tag.len()
}

/// The value of an attribute of a tag, entities not decoded.
fn attribute<'a>(mut tag: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    loop {
        let start = tag.iter().position(|b| !b.is_ascii_whitespace() && *b != b'/' && *b != b'>')?;
        tag = &tag[start..];
        let ends_name = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'=' | b'/' | b'>');
        let end = tag.iter().skip(1).position(ends_name).map_or(tag.len(), |i| i + 1);
        let (name, rest) = tag.split_at(end);
        let rest = rest.trim_ascii_start();
        let value;
        (value, tag) = match rest.strip_prefix(b"=") {
            Some(raw) => split_value(raw.trim_ascii_start()),
            None => (&[][..], rest),
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value.trim_ascii());
        }
    }
}

fn split_value(raw: &[u8]) -> (&[u8], &[u8]) {
    let (opening, ends): (usize, fn(u8, u8) -> bool) = match raw.first() {
        Some(b'"' | b'\'') => (1, |b, quote| b == quote),
        _ => (0, |b, _| b.is_ascii_whitespace() || b == b'>'),
    };
    let quote = raw.first().copied().unwrap_or(0);
    let body = &raw[opening..];
    let end = body.iter().position(|&b| ends(b, quote)).unwrap_or(body.len());
    (&body[..end], body.get(end + opening..).unwrap_or(&[]))
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

fn find_ignoring_case(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Совет депутатов утвердил бюджет округа на следующий год и расходы на ремонт дорог.";

    fn page(charset: &'static Encoding, label: &str) -> Vec<u8> {
        let html = format!("<html><head>{label}<title>Бюджет</title></head><body><p>{TEXT}</p></body></html>");
        if charset == UTF_16LE {
            return html.encode_utf16().flat_map(u16::to_le_bytes).collect();
        }
        if charset == UTF_16BE {
            return html.encode_utf16().flat_map(u16::to_be_bytes).collect();
        }
        charset.encode(&html).0.into_owned()
    }

    fn read(bytes: &[u8], declared: &Declared) -> (String, &'static Encoding, Evidence) {
        let whole = decode(bytes, declared);
        // The same, however the bytes arrive.
        for step in [1, 3, 1000] {
            let (mut decoder, mut text) = (StreamDecoder::new(declared.clone()), String::new());
            bytes.chunks(step).for_each(|c| decoder.push(c, &mut text));
            decoder.finish(&mut text);
            assert_eq!(text, whole.text, "in pieces of {step}");
        }
        (whole.text, whole.charset, whole.evidence)
    }

    #[test]
    fn cyrillic_under_the_label_of_latin_1_is_read_as_cyrillic() {
        for charset in [WINDOWS_1251, KOI8_R, IBM866] {
            let bytes = page(charset, "<meta charset=iso-8859-1>");
            let (text, found, evidence) = read(&bytes, &Declared::default());
            assert!(text.contains(TEXT), "{}: {text}", charset.name());
            assert_eq!((found, evidence), (charset, Evidence::Contradicted));
        }
    }

    #[test]
    fn western_text_keeps_the_label_of_latin_1() {
        for text in [
            "Déjà vu à l'été, où l'élève préféré a été reçu à l'école Molière près de la forêt; ça et là, père et mère, âgés.",
            "Größe, Übermut, Straße, Äpfel, Öl, fünf schöne Mädchen, größere Häuser, Füße, süß, über, Tür, für, müde, Söhne.",
        ] {
            let html = format!("<meta charset=iso-8859-1><p>{text} {text}");
            let bytes = WINDOWS_1252.encode(&html).0.into_owned();
            let (read, found, evidence) = read(&bytes, &Declared::default());
            assert!(read.contains(text), "{read}");
            assert_eq!((found, evidence), (WINDOWS_1252, Evidence::Meta));
        }
    }

    #[test]
    fn labelled_pages() {
        for charset in [WINDOWS_1251, KOI8_R, IBM866, ISO_8859_5, UTF_8] {
            let meta = page(charset, &format!("<meta charset=\"{}\">", charset.name()));
            let (text, found, evidence) = read(&meta, &Declared::default());
            assert!(text.contains(TEXT), "{}: {text}", charset.name());
            assert_eq!((found, evidence), (charset, Evidence::Meta));

            let header = Declared { content_type: Some(charset), ..Declared::default() };
            let (text, found, evidence) = read(&page(charset, ""), &header);
            assert!(text.contains(TEXT), "{}: {text}", charset.name());
            assert_eq!((found, evidence), (charset, Evidence::ContentType));
        }
    }

    #[test]
    fn pages_without_a_label_are_detected() {
        for charset in [WINDOWS_1251, KOI8_R, IBM866, UTF_8, UTF_16LE, UTF_16BE] {
            let (text, _, evidence) = read(&page(charset, ""), &Declared::default());
            assert!(text.contains(TEXT), "{}: {text}", charset.name());
            assert_eq!(evidence, Evidence::Detected, "{}", charset.name());
        }
    }

    #[test]
    fn bytes_overrule_a_wrong_label() {
        let truths = [WINDOWS_1251, KOI8_R, IBM866, UTF_8];
        let labels = [WINDOWS_1251, KOI8_R, IBM866, UTF_8, UTF_16LE];
        for (truth, label) in truths.iter().flat_map(|t| labels.map(|l| (*t, l))).filter(|(t, l)| t != l) {
            let bytes =
                page(truth, &format!("<meta http-equiv=content-type content='text/html; charset={}'>", label.name()));
            let (text, found, _) = read(&bytes, &Declared::default());
            assert!(text.contains(TEXT), "{} labelled {}: read as {}", truth.name(), label.name(), found.name());
            let header = Declared { content_type: Some(label), ..Declared::default() };
            assert!(read(&page(truth, ""), &header).0.contains(TEXT), "{} labelled {}", truth.name(), label.name());
        }
    }

    #[test]
    fn byte_order_marks_win_and_go() {
        for (mark, charset) in [(&b"\xef\xbb\xbf"[..], UTF_8), (b"\xff\xfe", UTF_16LE), (b"\xfe\xff", UTF_16BE)] {
            let bytes = [mark, &page(charset, "<meta charset=windows-1251>")].concat();
            let (text, found, evidence) = read(&bytes, &Declared::default());
            assert!(text.starts_with("<html>") && text.contains(TEXT), "{text}");
            assert_eq!((found, evidence), (charset, Evidence::ByteOrderMark));
        }
    }

    #[test]
    fn a_forced_charset_is_final() {
        let forced = Declared { forced: Some(WINDOWS_1252), ..Declared::default() };
        let (_, found, evidence) = read(&page(WINDOWS_1251, "<meta charset=windows-1251>"), &forced);
        assert_eq!((found, evidence), (WINDOWS_1252, Evidence::Forced));
    }

    #[test]
    fn one_broken_character_does_not_overrule_utf_8() {
        let mut bytes = page(UTF_8, "<meta charset=utf-8>");
        let at = find(&bytes, "депутатов".as_bytes()).expect("the word");
        bytes.remove(at + 1);
        let (text, found, _) = read(&bytes, &Declared::default());
        assert_eq!(found, UTF_8);
        assert!(text.contains('\u{fffd}') && text.contains("утвердил бюджет"), "{text}");
    }

    #[test]
    fn labels_are_found_where_browsers_find_them() {
        for (html, label) in [
            ("<meta charset=koi8-r>", Some(KOI8_R)),
            ("<META HTTP-EQUIV='Content-Type' CONTENT='text/html;charset = \"koi8-r\"'>", Some(KOI8_R)),
            ("<meta content='text/html; charset=koi8-r' http-equiv=content-type>", Some(KOI8_R)),
            ("<meta name=x content='text/html; charset=koi8-r'>", None),
            ("<!-- <meta charset=koi8-r> --><p>", None),
            ("<a title='<meta charset=koi8-r>'>", None),
            ("<?xml version=\"1.0\" encoding=\"koi8-r\"?><html>", Some(KOI8_R)),
            ("<meta charset=utf-16>", Some(UTF_8)),
            ("<meta charset=nonsense><meta charset=koi8-r>", Some(KOI8_R)),
            ("<meta", None),
            ("<meta =\"> charset=", None),
            ("<", None),
        ] {
            assert_eq!(meta_charset(html.as_bytes()), label, "{html}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_decode_the_same_in_pieces(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            read(&bytes, &Declared::default());
        }
    }
}

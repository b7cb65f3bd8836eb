//! Opens a PDF within a budget: where its objects are, and what they are (ISO 32000-1, 7.5).
//!
//! A file says itself how long its parts are and which of them lead to which, so nothing here is taken at its word: a part
//! that is read twice is paid for twice, and no part is read for another's sake but a length that is a plain number.

use std::collections::{BTreeMap, HashMap, HashSet};

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::budget::Budget;
use super::content::Lexer;
use crate::{Error, Result};

/// Bytes at the end of a file in which it says where its directory is.
const TAIL: usize = 2 << 10;
/// Versions that one file holds of itself, each with a directory of its own.
const VERSIONS: usize = 4_096;

/// Where an object is.
#[derive(Clone, Copy)]
enum Place {
    /// At this byte.
    At(usize),
    /// Packed with others into a stream.
    In(u32),
}

/// Reads all objects of a file.
///
/// # Errors
/// [`Error::Input`] where it is no PDF or is encrypted, [`Error::Limit`] where it takes more than it may.
pub(super) fn load(bytes: &[u8], budget: &Budget) -> Result<Document> {
    let opened = open(bytes, budget);
    budget.verdict()?;
    let (places, trailer) =
        opened.map_err(|why| Error::input("PDF", format!("the file cannot be read as a PDF: {why}; write it anew")))?;
    if trailer.has(b"Encrypt") {
        return Err(Error::input("PDF", "the file is encrypted; check it before it is locked"));
    }
    let file = File { bytes: from_header(bytes), places: &places, budget };
    let mut document = Document::new();
    document.objects = file.objects();
    document.max_id = places.keys().max().copied().unwrap_or_default();
    document.trailer = trailer;
    budget.verdict()?;
    Ok(document)
}

/// A file that does not begin with its header counts its bytes from there.
fn from_header(bytes: &[u8]) -> &[u8] {
    let head = &bytes[..bytes.len().min(1 << 10)];
    &bytes[memchr::memmem::find(head, b"%PDF-").unwrap_or(0)..]
}

type Places = HashMap<u32, Place>;

/// The directory: where objects are, the newest version of each, and the newest trailer.
fn open(bytes: &[u8], budget: &Budget) -> Result<(Places, Dictionary), &'static str> {
    let bytes = from_header(bytes);
    let tail = bytes.len().saturating_sub(TAIL);
    let start = memchr::memmem::rfind(&bytes[tail..], b"startxref").ok_or("it does not say where its objects are")?;
    let mut next = Lexer::new(bytes, tail + start + 9, 9).integer();
    let mut places = Places::new();
    let mut newest: Option<Dictionary> = None;
    let mut seen = HashSet::new();
    while let Some(at) = next.and_then(|at| usize::try_from(at).ok()) {
        if !seen.insert(at) || seen.len() > VERSIONS {
            break;
        }
        let trailer = section(bytes, at, &mut places, budget);
        let Some(trailer) = trailer else {
            if newest.is_none() {
                return Err("the list of its objects is broken");
            }
            break;
        };
        let offset = |key: &[u8]| trailer.get(key).and_then(Object::as_i64).ok();
        // A file for readers old and new says in a second list what the old ones do not understand.
        if let Some(at) = offset(b"XRefStm").and_then(|at| usize::try_from(at).ok()).filter(|at| seen.insert(*at)) {
            section(bytes, at, &mut places, budget);
        }
        next = offset(b"Prev");
        newest.get_or_insert(trailer);
    }
    newest.map(|trailer| (places, trailer)).ok_or("the list of its objects is broken")
}

/// Reads one list of objects; what is in `places` already is newer. Gives the trailer.
fn section(bytes: &[u8], at: usize, places: &mut Places, budget: &Budget) -> Option<Dictionary> {
    let mut lexer = Lexer::new(bytes, at, budget.steps_left());
    if lexer.word(b"xref").is_none() {
        return packed_table(bytes, at, places, budget);
    }
    let trailer = table(&mut lexer, places, budget);
    trailer.filter(|_| budget.steps(gone_over(&lexer, at)))
}

/// What objects cost: by number, and by the bytes that they and the space between them take.
fn gone_over(lexer: &Lexer<'_>, from: usize) -> u64 {
    1 + lexer.count() as u64 + (lexer.at().saturating_sub(from) >> 6) as u64
}

/// ISO 32000-1, 7.5.4.
fn table(lexer: &mut Lexer<'_>, places: &mut Places, budget: &Budget) -> Option<Dictionary> {
    loop {
        let before = lexer.at();
        let Some(first) = lexer.integer() else {
            lexer.go_to(before);
            break;
        };
        let count = lexer.integer()?;
        for number in first..first.checked_add(count)? {
            let before = lexer.at();
            // The generation stands with the object too.
            let entry = lexer.integer().and_then(|offset| lexer.integer().map(|_| offset));
            let Some(offset) = entry else {
                // Fewer entries than were promised.
                lexer.go_to(before);
                break;
            };
            let used = match lexer.token()? {
                super::content::Token::Word(b"n") => true,
                super::content::Token::Word(b"f") => false,
                _ => return None,
            };
            if !budget.steps(1) {
                return None;
            }
            let place = usize::try_from(offset).ok().filter(|_| used);
            if let (Some(at), Ok(number)) = (place, u32::try_from(number)) {
                places.entry(number).or_insert(Place::At(at));
            }
        }
    }
    lexer.word(b"trailer")?;
    match lexer.object()? {
        Object::Dictionary(trailer) => Some(trailer),
        _ => None,
    }
}

/// ISO 32000-1, 7.5.8.
fn packed_table(bytes: &[u8], at: usize, places: &mut Places, budget: &Budget) -> Option<Dictionary> {
    let none = Places::new();
    let file = File { bytes, places: &none, budget };
    let (_, Object::Stream(stream)) = file.object_at(at)? else { return None };
    let numbers = |key: &[u8]| -> Option<Vec<i64>> {
        stream.dict.get(key).ok()?.as_array().ok()?.iter().map(|number| number.as_i64().ok()).collect()
    };
    let size = stream.dict.get(b"Size").and_then(Object::as_i64).ok()?;
    let widths: Vec<usize> =
        numbers(b"W")?.iter().map(|w| usize::try_from(*w).ok().filter(|w| *w <= 8)).collect::<Option<_>>()?;
    let [kind, first, second] = widths[..] else { return None };
    let content = decoded(&stream, budget)?;
    let mut entries = content.chunks_exact(Some(kind + first + second).filter(|width| *width > 0)?);
    let ranges = numbers(b"Index").unwrap_or_else(|| vec![0, size]);
    for range in ranges.as_chunks::<2>().0 {
        let [start, count] = *range;
        // As many as there are bytes for, whatever is promised.
        for (number, entry) in (start..start.checked_add(count)?).zip(entries.by_ref()) {
            if !budget.steps(1) {
                return None;
            }
            let value = |field: &[u8]| field.iter().fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
            let (kind_of, rest) = entry.split_at(kind);
            let one = &rest[..first];
            let kind = if kind == 0 { 1 } else { value(kind_of) };
            let place = match kind {
                1 => usize::try_from(value(one)).ok().map(Place::At),
                2 => u32::try_from(value(one)).ok().map(Place::In),
                _ => None,
            };
            if let (Some(place), Ok(number)) = (place, u32::try_from(number)) {
                places.entry(number).or_insert(place);
            }
        }
    }
    Some(stream.dict)
}

/// The bytes of a stream, its filters undone and paid for. What is filtered in a way not known here comes as nothing.
pub(super) fn decoded(stream: &Stream, budget: &Budget) -> Option<Vec<u8>> {
    decoded_within(stream, usize::MAX, budget)
}

/// The same, of at most `most` bytes.
pub(super) fn decoded_within(stream: &Stream, most: usize, budget: &Budget) -> Option<Vec<u8>> {
    let left = budget.bytes_left();
    let most = most.min(left);
    if row(stream).is_none_or(|row| row > most) {
        return None;
    }
    match stream.decompressed_content_with_limit(most) {
        Ok(content) => budget.bytes(content.len()).then_some(content),
        Err(lopdf::Error::Decompress(_)) if most == left => {
            budget.bytes(left.saturating_add(1));
            None
        }
        Err(lopdf::Error::Unimplemented(_)) => None,
        // Whatever came out before it broke off was paid for by nobody: it is a thousand times as long at most.
        Err(_) => {
            budget.bytes(most.min(stream.content.len().saturating_mul(1_032)).min(left));
            None
        }
    }
}

/// `7 0 obj`.
fn head(lexer: &mut Lexer<'_>) -> Option<ObjectId> {
    let number = u32::try_from(lexer.integer()?).ok()?;
    let generation = u16::try_from(lexer.integer()?).ok()?;
    lexer.word(b"obj").map(|()| (number, generation))
}

/// Bytes of a row of samples that are written as differences, which the decoder takes before it reads any.
fn row(stream: &Stream) -> Option<usize> {
    let Ok(Object::Dictionary(how)) = stream.dict.get(b"DecodeParms") else { return Some(0) };
    let of = |key: &[u8], usual: i64| how.get(key).and_then(Object::as_i64).unwrap_or(usual);
    let bits = of(b"Columns", 1).checked_mul(of(b"Colors", 1))?.checked_mul(of(b"BitsPerComponent", 8))?;
    usize::try_from(bits / 8).ok()
}

struct File<'f> {
    bytes: &'f [u8],
    places: &'f Places,
    budget: &'f Budget,
}

impl File<'_> {
    fn objects(&self) -> BTreeMap<ObjectId, Object> {
        let mut objects = BTreeMap::new();
        let mut containers = HashSet::new();
        for (number, place) in self.places {
            match *place {
                Place::At(at) => {
                    if let Some((id, object)) = self.object_at(at).filter(|(id, _)| id.0 == *number) {
                        objects.insert(id, object);
                    }
                }
                Place::In(container) => {
                    containers.insert(container);
                }
            }
            if self.budget.is_spent() {
                return objects;
            }
        }
        for container in containers {
            let packed = match objects.get(&(container, 0)) {
                Some(Object::Stream(stream)) => self.packed(container, stream),
                _ => None,
            };
            for (number, object) in packed.unwrap_or_default() {
                objects.entry((number, 0)).or_insert(object);
            }
        }
        objects
    }

    /// The object that begins at a byte.
    fn object_at(&self, at: usize) -> Option<(ObjectId, Object)> {
        let mut lexer = Lexer::new(self.bytes, at, self.budget.steps_left());
        let read = head(&mut lexer).and_then(|id| Some((id, lexer.object()?)));
        let paid = self.budget.steps(gone_over(&lexer, at));
        let (id, object) = read.filter(|_| paid)?;
        let Object::Dictionary(dictionary) = object else { return Some((id, object)) };
        if lexer.word(b"stream").is_none() {
            return Some((id, Object::Dictionary(dictionary)));
        }
        let content = self.stream_content(&dictionary, lexer.at())?;
        let mut stream = Stream::new(dictionary, content.to_vec());
        stream.start_position = None;
        Some((id, Object::Stream(stream)))
    }

    /// The bytes between `stream` and `endstream`.
    fn stream_content(&self, dictionary: &Dictionary, at: usize) -> Option<&[u8]> {
        let rest = self.bytes.get(at..)?;
        // Behind the word come both ends of a line, or the second alone.
        let start = match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\n' | b'\r', ..] => 1,
            _ => 0,
        };
        let rest = &rest[start..];
        let length = match dictionary.get(b"Length").ok()? {
            Object::Integer(length) => Some(*length),
            Object::Reference((number, _)) => self.length(*number),
            _ => None,
        };
        let said = length.and_then(|length| usize::try_from(length).ok()).filter(|length| {
            let behind = rest.get(*length..).unwrap_or_default();
            let behind = behind[..behind.len().min(16)].trim_ascii_start();
            behind.starts_with(b"endstream") || behind.starts_with(b"endobj")
        });
        let length = match said {
            Some(length) => length,
            None => {
                let end = memchr::memmem::find(rest, b"endstream");
                if !self.budget.steps(1 + (end.unwrap_or(rest.len()) >> 10) as u64) {
                    return None;
                }
                let content = &rest[..end?];
                let content = content.strip_suffix(b"\n").unwrap_or(content);
                content.strip_suffix(b"\r").unwrap_or(content).len()
            }
        };
        self.budget.bytes(length).then(|| &rest[..length])
    }

    /// A length that stands in an object of its own, which is a number and nothing else.
    fn length(&self, number: u32) -> Option<i64> {
        let Place::At(at) = *self.places.get(&number)? else { return None };
        let mut lexer = Lexer::new(self.bytes, at, 9);
        let length = head(&mut lexer).filter(|id| id.0 == number).and_then(|_| lexer.integer());
        length.filter(|_| self.budget.steps(gone_over(&lexer, at)))
    }

    /// The objects that are packed into a stream (ISO 32000-1, 7.5.7), of those that the directory looks for there.
    fn packed(&self, container: u32, stream: &Stream) -> Option<Vec<(u32, Object)>> {
        let first =
            stream.dict.get(b"First").and_then(Object::as_i64).ok().and_then(|first| usize::try_from(first).ok())?;
        let content = decoded(stream, self.budget)?;
        let mut head = Lexer::new(content.get(..first)?, 0, 9);
        let mut found = Vec::new();
        while let (Some(number), Some(offset)) = (head.integer(), head.integer()) {
            if !self.budget.steps(1) {
                return None;
            }
            let number = u32::try_from(number).ok();
            let wanted = number.filter(|n| matches!(self.places.get(n), Some(Place::In(of)) if *of == container));
            let at = usize::try_from(offset).ok().and_then(|offset| first.checked_add(offset));
            let (Some(number), Some(at)) = (wanted, at) else { continue };
            let mut lexer = Lexer::new(&content, at, self.budget.steps_left());
            let object = lexer.object();
            if !self.budget.steps(gone_over(&lexer, at)) {
                return None;
            }
            found.extend(object.map(|object| (number, object)));
        }
        Some(found)
    }
}

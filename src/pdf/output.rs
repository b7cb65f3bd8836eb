//! The document as a file: streams compressed and objects written on all cores.
//!
//! Objects that are no streams go into object streams (ISO 32000-1, 7.5.7), a hundred to each, and a cross-reference
//! stream (7.5.8) leads to everything. lopdf would do the same on one core, from copies.

use std::collections::HashMap;
use std::io::Write as _;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};
use rayon::prelude::*;

use super::objects::{contradiction, deflated};
use super::pictures::Passed;
use crate::Result;

/// Objects in one object stream: a reader that wants one of them inflates all.
const TOGETHER: usize = 100;

/// Where an object is.
enum Place {
    /// At a byte of the file.
    At(usize),
    /// In an object stream, at a place in its order.
    Within(u32, usize),
}

/// Takes the next bytes of the file.
pub(super) type Write<'w> = &'w mut dyn FnMut(&[u8]) -> Result<()>;

/// The file as it is written: what it holds is on its way before all of it is there.
struct File<'w> {
    write: Write<'w>,
    held: Vec<u8>,
    written: usize,
}

/// Bytes that are worth a write of their own.
const HELD: usize = 64 << 10;

impl File<'_> {
    fn length(&self) -> usize {
        self.written + self.held.len()
    }

    fn object(&mut self, id: u32, object: &Object, passed: Option<&Passed>) -> Result<()> {
        self.held.extend_from_slice(format!("{id} 0 obj\n").as_bytes());
        match object {
            Object::Stream(stream) => {
                write_dictionary(&mut self.held, &stream.dict);
                self.held.extend_from_slice(b"stream\n");
                self.content(&stream.content)?;
                for piece in passed.into_iter().flat_map(Passed::pieces) {
                    self.content(piece)?;
                }
                self.held.extend_from_slice(b"\nendstream");
            }
            object => write_object(&mut self.held, object),
        }
        self.held.extend_from_slice(b"\nendobj\n");
        Ok(())
    }

    fn content(&mut self, bytes: &[u8]) -> Result<()> {
        if self.held.len() + bytes.len() < HELD {
            self.held.extend_from_slice(bytes);
            return Ok(());
        }
        self.flush()?;
        self.written += bytes.len();
        (self.write)(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        self.written += self.held.len();
        (self.write)(&self.held)?;
        self.held.clear();
        Ok(())
    }
}

/// The document as bytes.
pub(super) fn to_bytes(document: Document) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    save(document, &HashMap::new(), &mut |part| {
        bytes.extend_from_slice(part);
        Ok(())
    })?;
    Ok(bytes)
}

/// Writes the document, with the streams that are elsewhere; how many bytes it has.
pub(super) fn save(mut document: Document, passed: &HashMap<ObjectId, Passed>, write: Write<'_>) -> Result<usize> {
    let mut plain: Vec<&mut Stream> = document
        .objects
        .values_mut()
        .filter_map(|object| match object {
            Object::Stream(stream) if stream.allows_compression && !stream.dict.has(b"Filter") => Some(stream),
            _ => None,
        })
        .collect();
    plain.par_iter_mut().for_each(|stream| **stream = deflated(stream.dict.clone(), &stream.content));

    let (streams, others): (Vec<_>, Vec<_>) =
        document.objects.iter().partition(|(_, object)| matches!(object, Object::Stream(_)));
    let chunks: Vec<&[(&ObjectId, &Object)]> = others.chunks(TOGETHER).collect();
    let packed: Vec<Stream> = chunks.par_iter().map(|objects| object_stream(objects)).collect();

    let mut file = File { write, held: Vec::with_capacity(2 * HELD), written: 0 };
    // The second line says that the file is not text (7.5.2).
    file.held.extend_from_slice(format!("%PDF-{}\n%", document.version).as_bytes());
    file.held.extend([0xbb, 0xad, 0xc0, 0xde, b'\n']);

    let first_packed = document.max_id + 1;
    let mut places: HashMap<u32, Place> = HashMap::with_capacity(document.objects.len() + packed.len() + 1);
    for (id, object) in streams {
        places.insert(id.0, Place::At(file.length()));
        file.object(id.0, object, passed.get(id))?;
    }
    for (container, (objects, stream)) in (first_packed..).zip(chunks.iter().zip(packed)) {
        for (index, (id, _)) in objects.iter().enumerate() {
            places.insert(id.0, Place::Within(container, index));
        }
        places.insert(container, Place::At(file.length()));
        file.object(container, &stream.into(), None)?;
    }
    let own = first_packed + chunks.len() as u32;
    let start = file.length();
    places.insert(own, Place::At(start));
    let references = cross_references(&places, own, &document.trailer)?;
    file.object(own, &references.into(), None)?;
    file.held.extend_from_slice(format!("startxref\n{start}\n%%EOF").as_bytes());
    file.flush()?;
    Ok(file.written)
}

/// Numbers and offsets of the objects, then the objects.
fn object_stream(objects: &[(&ObjectId, &Object)]) -> Stream {
    let (mut index, mut content) = (Vec::new(), Vec::with_capacity(objects.len() * 80));
    for (id, object) in objects {
        let _ = write!(index, "{} {} ", id.0, content.len());
        write_object(&mut content, object);
        content.push(b'\n');
    }
    let first = index.len();
    index.append(&mut content);
    let dictionary = dictionary! { "Type" => "ObjStm", "N" => objects.len() as i64, "First" => first as i64 };
    deflated(dictionary, &index)
}

/// The cross-reference stream: a line of 7 bytes for each object from 0 on.
fn cross_references(places: &HashMap<u32, Place>, last: u32, trailer: &Dictionary) -> Result<Stream> {
    let mut lines = Vec::with_capacity((last as usize + 1) * 7);
    for id in 0..=last {
        let (kind, at, index) = match places.get(&id) {
            Some(Place::At(at)) => (1, *at, 0),
            Some(Place::Within(container, index)) => (2, *container as usize, *index),
            // The list of free numbers begins and ends here.
            None => (0, 0, usize::from(u16::MAX)),
        };
        let at = u32::try_from(at).map_err(|_| contradiction("the file would be over 4 GiB"))?;
        lines.push(kind);
        lines.extend(at.to_be_bytes());
        lines.extend((index as u16).to_be_bytes());
    }
    let mut dictionary = trailer.clone();
    dictionary.set("Type", "XRef");
    dictionary.set("Size", i64::from(last) + 1);
    dictionary.set("W", vec![1.into(), 4.into(), 2.into()]);
    Ok(deflated(dictionary, &lines))
}

/// An object after ISO 32000-1, 7.3. Writing to memory does not fail.
fn write_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        Object::Integer(value) => drop(write!(out, "{value}")),
        Object::Real(value) => drop(write!(out, "{value}")),
        Object::Name(name) => write_name(out, name),
        Object::String(text, StringFormat::Literal) => write_literal(out, text),
        Object::String(text, StringFormat::Hexadecimal) => {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            out.push(b'<');
            out.extend(text.iter().flat_map(|b| [b >> 4, b & 15]).map(|digit| DIGITS[usize::from(digit)]));
            out.push(b'>');
        }
        Object::Array(array) => {
            out.push(b'[');
            for (index, object) in array.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                write_object(out, object);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(out, dictionary),
        Object::Stream(stream) => {
            write_dictionary(out, &stream.dict);
            out.extend_from_slice(b"stream\n");
            out.extend_from_slice(&stream.content);
            out.extend_from_slice(b"\nendstream");
        }
        Object::Reference((id, generation)) => drop(write!(out, "{id} {generation} R")),
    }
}

fn write_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary {
        write_name(out, key);
        // What begins with a delimiter needs no space before it.
        if !matches!(value, Object::Name(_) | Object::String(..) | Object::Array(_) | Object::Dictionary(_)) {
            out.push(b' ');
        }
        write_object(out, value);
    }
    out.extend_from_slice(b">>");
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &byte in name {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(&byte) {
            out.push(byte);
        } else {
            let _ = write!(out, "#{byte:02X}");
        }
    }
}

fn write_literal(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'(');
    for &byte in text {
        match byte {
            b'(' | b')' | b'\\' => out.extend([b'\\', byte]),
            // A reader takes a bare carriage return for a line feed.
            b'\r' => out.extend_from_slice(b"\\r"),
            byte => out.push(byte),
        }
    }
    out.push(b')');
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every kind of object, with the bytes that could break its writing.
    fn document() -> Document {
        let mut document = Document::with_version("1.7");
        let odd = Object::Name(b"a b/#(\xd0\x96".to_vec());
        let literal = Object::String(b"(\\) \r\n \xff".to_vec(), StringFormat::Literal);
        let hexadecimal = Object::String(vec![0, 0x5e, 0xff], StringFormat::Hexadecimal);
        let kinds =
            document.add_object(vec![Object::Null, true.into(), (-7).into(), 0.25.into(), odd, literal, hexadecimal]);
        let stream =
            document.add_object(Stream::new(dictionary! { "Kinds" => kinds }, b"endstream endobj".repeat(5_000)));
        for number in 0..250 {
            document.add_object(dictionary! { "Number" => number, "Stream" => stream });
        }
        let pages =
            document.add_object(dictionary! { "Type" => "Pages", "Count" => 0, "Kids" => Object::Array(vec![]) });
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
        document.trailer.set("Root", catalog);
        document
    }

    #[test]
    fn what_is_written_is_read_again() {
        let before = document();
        let after = Document::load_mem(&to_bytes(before.clone()).expect("bytes")).expect("a PDF");
        for (id, object) in &before.objects {
            let read = after.get_object(*id).expect("the object");
            match (object, read) {
                (Object::Stream(wanted), Object::Stream(read)) => {
                    assert_eq!(read.decompressed_content().expect("inflated"), wanted.content);
                    assert_eq!(read.dict.get(b"Kinds").ok(), wanted.dict.get(b"Kinds").ok());
                }
                _ => assert_eq!(read, object),
            }
        }
    }
}

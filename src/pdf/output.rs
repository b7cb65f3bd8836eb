//! The document as bytes: streams compressed and objects written on all cores.
//!
//! Objects that are no streams go into object streams (ISO 32000-1, 7.5.7), a hundred to each, and a cross-reference
//! stream (7.5.8) leads to everything. lopdf would do the same on one core, from copies.

use std::collections::HashMap;
use std::io::Write;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};
use rayon::prelude::*;

use super::content::deflated;
use super::contradiction;
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

pub(super) fn save(mut document: Document) -> Result<Vec<u8>> {
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

    let content = |stream: &Stream| stream.content.len() + 100;
    let size: usize = packed.iter().map(content).sum::<usize>()
        + streams.iter().filter_map(|(_, object)| object.as_stream().ok()).map(content).sum::<usize>();
    let mut bytes = Vec::with_capacity(size + 10 * document.objects.len());
    // The second line says that the file is not text (7.5.2).
    bytes.extend_from_slice(format!("%PDF-{}\n%", document.version).as_bytes());
    bytes.extend([0xbb, 0xad, 0xc0, 0xde, b'\n']);

    let first_packed = document.max_id + 1;
    let mut places: HashMap<u32, Place> = HashMap::with_capacity(document.objects.len() + packed.len() + 1);
    for (id, object) in streams {
        places.insert(id.0, Place::At(bytes.len()));
        indirect(&mut bytes, id.0, object);
    }
    for (container, (objects, stream)) in (first_packed..).zip(chunks.iter().zip(packed)) {
        for (index, (id, _)) in objects.iter().enumerate() {
            places.insert(id.0, Place::Within(container, index));
        }
        places.insert(container, Place::At(bytes.len()));
        indirect(&mut bytes, container, &stream.into());
    }
    let own = first_packed + chunks.len() as u32;
    let start = bytes.len();
    places.insert(own, Place::At(start));
    let references = cross_references(&places, own, &document.trailer)?;
    indirect(&mut bytes, own, &references.into());
    bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF").as_bytes());
    Ok(bytes)
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

fn indirect(bytes: &mut Vec<u8>, id: u32, object: &Object) {
    bytes.extend_from_slice(format!("{id} 0 obj\n").as_bytes());
    write_object(bytes, object);
    bytes.extend_from_slice(b"\nendobj\n");
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
        let stream = document.add_object(Stream::new(dictionary! { "Kinds" => kinds }, b"endstream endobj".repeat(50)));
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
        let after = Document::load_mem(&save(before.clone()).expect("bytes")).expect("a PDF");
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

//! A PDF as its reader sees it: which text is shown where, in which size and colour, and what it is tagged as.
//!
//! Reads any PDF, not only ours, and takes nothing for granted: what is missing or broken is left out.

use std::collections::HashMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::budget::Budget;
use super::fonts::Font;
use super::interpreter::Interpreter;
use super::load::{decoded_within, load};
use super::press::Press;
use crate::{Limits, Result};

/// A document with all that its pages show.
pub(super) struct Reading {
    pub(super) document: Document,
    pub(super) pages: Vec<Page>,
    pub(super) fonts: Vec<Font>,
    /// What is left for those who look at it.
    pub(super) budget: Budget,
}

/// A page.
pub(super) struct Page {
    pub(super) id: ObjectId,
    /// Left, bottom, right, top of the trimmed page.
    pub(super) trim: [f32; 4],
    pub(super) shown: Vec<Shown>,
    /// Filled rectangles, in painting order with the number of texts shown before them.
    pub(super) fills: Vec<Fill>,
    pub(super) pictures: Vec<Shape>,
    /// How often something was painted that is neither tagged nor an artifact.
    pub(super) untagged: usize,
    /// What a press has to know.
    pub(super) press: Press,
}

/// The text that one operator shows.
pub(super) struct Shown {
    pub(super) text: String,
    /// Index into [`Reading::fonts`].
    pub(super) font: usize,
    /// Size of the em in points, as it comes out.
    pub(super) size: f32,
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) baseline: f32,
    pub(super) color: [f32; 3],
    pub(super) tag: Tag,
    /// Codes without a glyph in the font.
    pub(super) missing: usize,
}

/// A filled rectangle.
pub(super) struct Fill {
    /// Left, bottom, right, top.
    pub(super) area: [f32; 4],
    pub(super) color: [f32; 3],
    /// How many texts were shown before.
    pub(super) before: usize,
}

/// A picture by its sides: as many pixels as it has, and as many points as they take.
pub(super) struct Shape {
    pub(super) pixels: [f32; 2],
    pub(super) points: [f32; 2],
    /// Where it is in the file; absent within content.
    pub(super) id: Option<ObjectId>,
    /// Its colour space by name; a profile's by the number of its channels.
    pub(super) space: String,
}

/// What a mark belongs to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tag {
    /// Content with this MCID.
    Content(i64),
    /// An artifact of this type.
    Artifact(String),
    /// Nothing.
    None,
}

impl Reading {
    pub(super) fn new(bytes: &[u8], limits: &Limits) -> Result<Self> {
        let budget = Budget::new(limits);
        let document = load(bytes, &budget)?;
        let (mut pages, mut fonts, mut known) = (Vec::new(), Vec::new(), HashMap::new());
        for id in document.get_pages().into_values() {
            if !budget.steps(1) {
                break;
            }
            pages.push(Interpreter::read(&document, id, &mut fonts, &mut known, &budget));
        }
        budget.verdict()?;
        Ok(Self { document, pages, fonts, budget })
    }

    pub(super) fn catalog(&self) -> Option<&Dictionary> {
        self.document.catalog().ok()
    }

    /// A value of a dictionary, references followed.
    pub(super) fn get<'d>(&'d self, dictionary: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
        get(&self.document, dictionary, key)
    }

    /// A dictionary within a dictionary.
    pub(super) fn dictionary<'d>(&'d self, dictionary: &'d Dictionary, key: &[u8]) -> Option<&'d Dictionary> {
        self.get(dictionary, key).and_then(as_dictionary)
    }

    /// A text string within a dictionary.
    pub(super) fn text(&self, dictionary: &Dictionary, key: &[u8]) -> Option<String> {
        self.get(dictionary, key).and_then(text_of)
    }

    /// A name within a dictionary.
    pub(super) fn name(&self, dictionary: &Dictionary, key: &[u8]) -> Option<String> {
        let name = self.get(dictionary, key)?.as_name().ok()?;
        Some(String::from_utf8_lossy(name).into_owned())
    }

    /// The XMP packet as text.
    pub(super) fn xmp(&self) -> String {
        let stream = self.catalog().and_then(|c| self.get(c, b"Metadata")).and_then(|o| o.as_stream().ok());
        let Some(stream) = stream else { return String::new() };
        let bytes = decoded_within(stream, 1 << 20, &self.budget).unwrap_or_else(|| stream.content.clone());
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The content of an XMP element, tags within it removed.
    pub(super) fn xmp_value(&self, name: &str) -> Option<String> {
        let xmp = self.xmp();
        let start = xmp.find(&format!("<{name}"))?;
        let rest = &xmp[start..];
        let open = rest.find('>')? + 1;
        let end = rest.find(&format!("</{name}>"))?;
        let mut value = String::new();
        let mut in_tag = false;
        for c in rest.get(open..end)?.chars() {
            match c {
                '<' => in_tag = true,
                '>' => in_tag = false,
                c if !in_tag => value.push(c),
                _ => {}
            }
        }
        let value = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        Some(value.trim().to_owned()).filter(|v| !v.is_empty())
    }
}

/// A value of a dictionary, references followed.
pub(super) fn get<'d>(document: &'d Document, dictionary: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    document.dereference(dictionary.get(key).ok()?).ok().map(|(_, object)| object)
}

/// A dictionary, or that of a stream.
pub(super) fn as_dictionary(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

/// A text string: UTF-16 with its mark, UTF-8 with its mark, else PDFDocEncoding, of which Latin-1 is the larger part.
pub(super) fn text_of(object: &Object) -> Option<String> {
    let bytes = object.as_str().ok()?;
    Some(if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        utf16(rest)
    } else if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        String::from_utf8_lossy(rest).into_owned()
    } else {
        bytes.iter().map(|&b| char::from(b)).collect()
    })
}

pub(super) fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

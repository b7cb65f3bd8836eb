//! What every part of the file is made of: numbers, strings, boxes, compressed streams.

use std::cell::RefCell;

use flate2::{Compress, Compression, FlushCompress, Status};
use lopdf::{Dictionary, Object, Stream};

use crate::Error;
use crate::sheet::Frame;

/// From a sheet's coordinates, downwards from the trimmed page's corner, to the medium's, upwards from its own.
pub(super) trait Upwards {
    fn x(&self, x: f32) -> f32;
    fn y(&self, y: f32) -> f32;
    fn set_boxes(&self, page: &mut Dictionary);
}

impl Upwards for Frame {
    fn x(&self, x: f32) -> f32 {
        rounded(x + self.around)
    }

    fn y(&self, y: f32) -> f32 {
        rounded(self.around + self.height - y)
    }

    fn set_boxes(&self, page: &mut Dictionary) {
        let (width, height) = self.medium();
        let inset = |by: f32| numbers(&[by, by, width - by, height - by]);
        page.set("MediaBox", inset(0.0));
        page.set("CropBox", inset(0.0));
        page.set("BleedBox", inset(self.around - self.bleed));
        page.set("TrimBox", inset(self.around));
    }
}

/// A thousandth of a point is finer than any press.
pub(super) fn rounded(value: f32) -> f32 {
    let rounded = (value * 1000.0).round() / 1000.0;
    if rounded.is_finite() { rounded } else { 0.0 }
}

/// An array of numbers.
pub(super) fn numbers(values: &[f32]) -> Object {
    Object::Array(values.iter().map(|&v| Object::Real(rounded(v))).collect())
}

/// A text string of ISO 32000-1, 7.9.2.2: ASCII as it is, everything else UTF-16 with its mark.
pub(super) fn text_string(text: &str) -> Object {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return Object::string_literal(text);
    }
    let mut bytes = vec![0xfe, 0xff];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, lopdf::StringFormat::Hexadecimal)
}

/// The publication contradicts itself: a fault of whoever made it, said in a sentence instead of a panic.
pub(super) fn contradiction(reason: impl Into<String>) -> Error {
    Error::Output { name: "PDF".into(), reason: reason.into() }
}

/// A compressed stream.
pub(super) fn deflated(mut dictionary: Dictionary, content: &[u8]) -> Stream {
    thread_local! {
        // A compressor takes 300 KB that would have to be cleared for every page.
        static COMPRESSOR: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(6), true));
    }
    let compressed = COMPRESSOR.with_borrow_mut(|compressor| {
        compressor.reset();
        // No stored block has more than 5 bytes of its own in 16 KB (RFC 1951, 3.2.4), and the ends take a few.
        let mut bytes = Vec::with_capacity(content.len() + content.len() / 1024 + 64);
        let status = compressor.compress_vec(content, &mut bytes, FlushCompress::Finish);
        matches!(status, Ok(Status::StreamEnd)).then(|| {
            bytes.shrink_to_fit();
            bytes
        })
    });
    match compressed {
        Some(bytes) => {
            dictionary.set("Filter", "FlateDecode");
            Stream::new(dictionary, bytes).with_compression(false)
        }
        // Writing to memory does not fail; if it did, the stream is as good uncompressed.
        None => Stream::new(dictionary, content.to_vec()),
    }
}

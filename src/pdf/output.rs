//! The document as bytes: streams compressed on all cores, small objects in object streams.

use lopdf::{Document, Object, SaveOptions};
use rayon::prelude::*;

use super::content::deflated;
use super::contradiction;
use crate::Result;

pub(super) fn save(mut document: Document) -> Result<Vec<u8>> {
    let mut plain: Vec<&mut lopdf::Stream> = document
        .objects
        .values_mut()
        .filter_map(|object| match object {
            Object::Stream(stream) if stream.allows_compression && !stream.dict.has(b"Filter") => Some(stream),
            _ => None,
        })
        .collect();
    plain.par_iter_mut().for_each(|stream| **stream = deflated(stream.dict.clone(), &stream.content));

    let size: usize = document
        .objects
        .values()
        .map(|object| match object {
            Object::Stream(stream) => stream.content.len() + 100,
            _ => 40,
        })
        .sum();
    let mut bytes = Vec::with_capacity(size);
    let mut options = SaveOptions { use_object_streams: true, use_xref_streams: true, ..SaveOptions::default() };
    options.object_stream_config.max_objects_per_stream = 100;
    document.save_with_options(&mut bytes, options).map_err(|e| contradiction(e.to_string()))?;
    Ok(bytes)
}

//! The pictures of a book: those of EPUB's core media types, each once.

use std::collections::HashMap;

use super::file::File;
use crate::source::PictureSource;

/// What is taken in, and what is not.
pub(super) struct Pictures<'a> {
    source: &'a dyn PictureSource,
    names: HashMap<String, Option<String>>,
    files: Vec<File>,
    warnings: Vec<String>,
    /// Whether every picture so far has a description.
    pub(super) all_described: bool,
}

impl<'a> Pictures<'a> {
    pub(super) fn new(source: &'a dyn PictureSource) -> Self {
        Self { source, names: HashMap::new(), files: Vec::new(), warnings: Vec::new(), all_described: true }
    }

    /// The name of a picture in the book; none where it cannot be had.
    pub(super) fn name(&mut self, src: &str) -> Option<String> {
        if let Some(known) = self.names.get(src) {
            return known.clone();
        }
        let name = match self.take(src) {
            Ok(name) => Some(name),
            Err(reason) => {
                let shown = self.source.shown(src);
                self.warnings.push(format!("{shown}: {reason}; its description stands instead"));
                None
            }
        };
        self.names.insert(src.to_owned(), name.clone());
        name
    }

    fn take(&mut self, src: &str) -> Result<String, String> {
        let data = self.source.load(src)?;
        let (ending, media_type) = kind(&data).ok_or("is no JPEG, PNG, GIF or WebP")?;
        let name = format!("image-{:03}.{ending}", self.files.len() + 1);
        self.files.push(File { name: name.clone(), media_type, data: data.to_vec() });
        Ok(name)
    }

    pub(super) fn finish(self) -> (Vec<File>, Vec<String>) {
        (self.files, self.warnings)
    }
}

/// Core media types of EPUB 3.3 that articles carry, by their first bytes.
fn kind(data: &[u8]) -> Option<(&'static str, &'static str)> {
    match data {
        [0xff, 0xd8, 0xff, ..] => Some(("jpg", "image/jpeg")),
        [0x89, b'P', b'N', b'G', ..] => Some(("png", "image/png")),
        [b'G', b'I', b'F', b'8', ..] => Some(("gif", "image/gif")),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(("webp", "image/webp")),
        _ => None,
    }
}

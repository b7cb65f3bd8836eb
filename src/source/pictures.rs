//! Where an article's pictures come from.

use std::sync::Arc;

/// Gives the bytes of a picture by the address that stands in the article.
///
/// Implementations decide what may be read: a command line reads beside the page, a service only from allowed origins.
pub trait PictureSource: Sync {
    /// The file's bytes, or one sentence why there are none. `src` is as in [`crate::article::Image::src`].
    ///
    /// # Errors
    /// When the picture is missing, not allowed, or over a limit. An article is set without it.
    fn load(&self, src: &str) -> Result<Arc<[u8]>, String>;
}

/// No pictures at all: each is replaced by its description.
pub struct NoPictures;

impl PictureSource for NoPictures {
    fn load(&self, _src: &str) -> Result<Arc<[u8]>, String> {
        Err("pictures are switched off".into())
    }
}

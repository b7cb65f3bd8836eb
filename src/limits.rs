//! Every limit in one place: made once from the configuration and passed down.

use std::time::Duration;

/// Bounds on what one page may cost. Messages that name a limit name the flag that raises it.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of a page that goes down the document way (`--max-input`); the stream has none on the command line.
    pub input: u64,
    /// Bytes of a page after its content coding is undone (`--max-input`).
    pub decoded: u64,
    /// Nesting of elements; deeper ones become siblings (`--max-depth`).
    pub depth: usize,
    /// Elements of one page (`--max-elements`).
    pub elements: usize,
    /// Pictures of one article; the rest are shown by their description (`--max-images`).
    pub images: usize,
    /// Bytes of one picture (`--max-image-bytes`).
    pub image_bytes: u64,
    /// Pixels of one picture (`--max-image-pixels`).
    pub image_pixels: u64,
    /// Pages of one PDF (`--max-pages`).
    pub pages: usize,
    /// Time for fetching one page with its redirects (`--timeout`).
    pub fetch: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            input: 64 << 20,
            decoded: 64 << 20,
            depth: 512,
            elements: 1_000_000,
            images: 500,
            image_bytes: 32 << 20,
            image_pixels: 100_000_000,
            pages: 10_000,
            fetch: Duration::from_secs(30),
        }
    }
}

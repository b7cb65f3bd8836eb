//! Every limit in one place: made once from the configuration and passed down.

use std::time::Duration;

/// Bounds on what one page may cost.
///
/// ```
/// let mut limits = clearprint::Limits::default();
/// limits.pages = 100;
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
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

/// Which limit was passed: one of [`Limits`], or one of those beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::input`] and [`Limits::decoded`].
    Input,
    /// [`Limits::elements`].
    Elements,
    /// [`Limits::images`].
    Images,
    /// [`Limits::image_bytes`].
    ImageBytes,
    /// [`Limits::image_pixels`].
    ImagePixels,
    /// [`Limits::pages`].
    Pages,
    /// [`Limits::fetch`].
    Fetch,
    /// Pages that one article goes on over: [`crate::article::Reading::most`].
    FurtherPages,
    /// A tag that the stream has to hold whole; the document way has no such limit.
    Tag,
    /// One that nothing raises.
    Fixed,
}

impl Limit {
    /// Every limit.
    pub(crate) const ALL: [Self; 10] = [
        Self::Input,
        Self::Elements,
        Self::Images,
        Self::ImageBytes,
        Self::ImagePixels,
        Self::Pages,
        Self::Fetch,
        Self::FurtherPages,
        Self::Tag,
        Self::Fixed,
    ];

    /// What to do about it, as the end of a sentence, in the library's words. Whoever is a door to the library puts its own
    /// words in their place: a flag, a parameter.
    pub(crate) const fn remedy(self) -> &'static str {
        match self {
            Self::Input => "raise it with `Limits::input` and `Limits::decoded`",
            Self::Elements => "raise it with `Limits::elements`",
            Self::Images => "raise it with `Limits::images`",
            Self::ImageBytes => "raise it with `Limits::image_bytes`",
            Self::ImagePixels => "raise it with `Limits::image_pixels`",
            Self::Pages => "raise it with `Limits::pages`",
            Self::Fetch => "raise it with `Limits::fetch`",
            Self::FurtherPages => "raise it with `Reading::most`",
            Self::Tag => "read the page with `article::find`, which takes longer ones",
            Self::Fixed => "nothing raises it",
        }
    }
}

/// A size in the unit a person would use: `64 MiB`.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        b if b >= 1 << 30 && b % (1 << 30) == 0 => format!("{} GiB", b >> 30),
        b if b >= 1 << 20 && b % (1 << 20) == 0 => format!("{} MiB", b >> 20),
        b if b >= 1 << 10 && b % (1 << 10) == 0 => format!("{} KiB", b >> 10),
        b => format!("{b} bytes"),
    }
}

/// Reads a size: a number of bytes, or one with `K`, `M` or `G` (or `KiB`, `MiB`, `GiB`) behind it.
///
/// # Errors
/// One sentence that shows the form.
pub(crate) fn parse_size(text: &str) -> std::result::Result<u64, String> {
    let wrong = || format!("{text:?} is not a size; write it as a number of bytes or like 64MiB");
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u64 = text[..digits].parse().map_err(|_| wrong())?;
    let shift = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return Err(wrong()),
    };
    number.checked_mul(1 << shift).ok_or_else(wrong)
}

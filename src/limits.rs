//! Every limit in one place: made once from the configuration and passed down.

use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

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
    /// Bytes of all pictures of one article that are fetched (`--max-all-image-bytes`).
    pub all_image_bytes: u64,
    /// Pixels of one picture (`--max-image-pixels`).
    pub image_pixels: u64,
    /// Pages of one PDF (`--max-pages`).
    pub pages: usize,
    /// Time for fetching one page with its redirects (`--timeout`).
    pub fetch: Duration,
    /// Time that one piece of work may take (`--max-time`); on the command line as much as it needs.
    pub time: Option<Duration>,
    /// Operations in the content of one PDF that is checked, those of a form each time it is shown (`--max-operations`).
    pub operations: u64,
    /// Bytes that the streams of one PDF that is checked unpack to, all together (`--max-unpacked`).
    pub unpacked: u64,
    /// When the work under way has to be over; see [`Limits::begin`].
    pub(crate) deadline: Deadline,
}

impl Limits {
    /// These limits with the clock of one piece of work set off, unless it runs already.
    pub(crate) fn begin(&self) -> Self {
        let deadline = self.time.filter(|_| self.deadline.0.is_none()).map_or(self.deadline, Deadline::after);
        Self { deadline, ..self.clone() }
    }
}

/// When a piece of work has to be over. Its loops ask, since a thread cannot be stopped from outside.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Deadline(Option<(Instant, Duration)>);

impl Deadline {
    /// A deadline that far from now.
    pub(crate) fn after(time: Duration) -> Self {
        Self(Some((Instant::now() + time, time)))
    }

    /// Whether the time is up.
    pub(crate) fn is_over(self) -> bool {
        self.0.is_some_and(|(until, _)| Instant::now() >= until)
    }

    /// The time there was.
    pub(crate) fn time(self) -> Duration {
        self.0.map_or(Duration::ZERO, |(_, time)| time)
    }
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
            all_image_bytes: 2 << 30,
            image_pixels: 100_000_000,
            pages: 10_000,
            fetch: Duration::from_secs(30),
            time: None,
            operations: 100_000_000,
            unpacked: 2 << 30,
            deadline: Deadline::default(),
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
    /// [`Limits::all_image_bytes`].
    AllImageBytes,
    /// [`Limits::image_pixels`].
    ImagePixels,
    /// [`Limits::pages`].
    Pages,
    /// [`Limits::fetch`].
    Fetch,
    /// [`Limits::time`].
    Time,
    /// [`Limits::operations`].
    Operations,
    /// [`Limits::unpacked`].
    Unpacked,
    /// Pages that one article goes on over: [`crate::article::Reading::most`].
    FurtherPages,
    /// A tag that the stream has to hold whole; the document way has no such limit.
    Tag,
    /// One that nothing raises.
    Fixed,
}

impl Limit {
    /// Every limit.
    pub(crate) const ALL: [Self; 14] = [
        Self::Input,
        Self::Elements,
        Self::Images,
        Self::ImageBytes,
        Self::AllImageBytes,
        Self::ImagePixels,
        Self::Pages,
        Self::Fetch,
        Self::Time,
        Self::Operations,
        Self::Unpacked,
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
            Self::AllImageBytes => "raise it with `Limits::all_image_bytes`",
            Self::ImagePixels => "raise it with `Limits::image_pixels`",
            Self::Pages => "raise it with `Limits::pages`",
            Self::Fetch => "raise it with `Limits::fetch`",
            Self::Time => "raise it with `Limits::time`",
            Self::Operations => "raise it with `Limits::operations`",
            Self::Unpacked => "raise it with `Limits::unpacked`",
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

/// Reads a time in seconds, which may have a part: `2`, `0.5`.
///
/// # Errors
/// One sentence that shows the form.
pub(crate) fn parse_seconds(text: &str) -> std::result::Result<Duration, String> {
    let seconds = text.parse::<f32>().ok().filter(|seconds| (0.01..=86_400.0).contains(seconds));
    let seconds =
        seconds.ok_or_else(|| format!("{text:?} is no time; write seconds from 0.01 to 86400, like 2 or 0.5"))?;
    Ok(Duration::from_secs_f32(seconds))
}

/// Memory of the process for pictures while they are decoded, where it is bounded.
static ROOM: OnceLock<Room> = OnceLock::new();
/// How long one picture waits for others: it is dear to refuse it, and the wait ends by itself.
const PATIENCE: Duration = Duration::from_secs(2);

struct Room {
    whole: u64,
    free: Mutex<u64>,
    given_back: Condvar,
}

/// Room for a picture that is decoded, given back when dropped.
pub(crate) struct Decoding(Option<(&'static Room, u64)>);

/// Bounds the memory in which the process decodes pictures, once and for all.
pub(crate) fn bound_decoding(bytes: u64) {
    let _ = ROOM.set(Room { whole: bytes, free: Mutex::new(bytes), given_back: Condvar::new() });
}

/// Waits for room for a picture of so many pixels; one that needs more than there is has all of it to itself.
pub(crate) fn room_for(pixels: u64) -> Decoding {
    // Four bytes as they are shown, as many while they are turned into that, and some for what they are made of.
    let Some(room) = ROOM.get() else { return Decoding(None) };
    let bytes = pixels.saturating_mul(10).min(room.whole);
    let until = Instant::now() + PATIENCE;
    let mut free = room.free.lock().unwrap_or_else(PoisonError::into_inner);
    while *free < bytes {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Decoding(None);
        }
        free = room.given_back.wait_timeout(free, left).unwrap_or_else(PoisonError::into_inner).0;
    }
    *free -= bytes;
    Decoding(Some((room, bytes)))
}

impl Drop for Decoding {
    fn drop(&mut self) {
        if let Some((room, bytes)) = self.0.take() {
            *room.free.lock().unwrap_or_else(PoisonError::into_inner) += bytes;
            room.given_back.notify_all();
        }
    }
}

//! Pages on their way: bytes in, bytes out, changed as their reader takes them.
//!
//! A page is changed where its body is polled, a piece at a time. So nothing is read that nobody has room for, a reader that
//! goes ends the work by dropping it, and no piece waits for a thread to wake.

use std::io;
use std::pin::Pin;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use hyper::body::Frame;
use tokio::time::Instant;
use tracing::Span;

use super::body::{PIECE, PageBody, WHOLE};
use super::metrics::Metrics;
use super::problem::Problem;
use crate::clean::{Receipt, Rules};
use crate::rewrite::{Options, Rewriter};
use crate::source::{Declared, StreamDecoder, is_message, refuse_other_formats};

/// Work after which others get their turn, whatever has come of it.
const TURN: Duration = Duration::from_millis(2);

/// The least of a page that is looked at in one go, in bytes, however long that takes.
const LEAST_PIECE: usize = 1 << 10;

/// What happens to a page on its way.
pub(super) trait Change: Send + Unpin + 'static {
    /// Takes a piece of the page; gives what has come of it, which may be nothing yet.
    ///
    /// # Errors
    /// Where the page is none, or passes a limit.
    fn take(&mut self, bytes: &[u8]) -> Result<Bytes, Problem>;

    /// The page has ended: gives the rest, and the account where one is kept.
    ///
    /// # Errors
    /// As [`Change::take`].
    fn end(self) -> Result<(Bytes, Option<Receipt>), Problem>;
}

/// Where a rewriter writes, and whoever drives it takes from. The two are one after the other and never wait.
#[derive(Clone, Default)]
pub(super) struct Outlet(Arc<Mutex<Vec<u8>>>);

/// A rewriter's way out, which moves between threads with it.
pub(super) type Sink = Box<dyn FnMut(&[u8]) + Send>;

impl Outlet {
    /// The end that is written to.
    pub(super) fn sink(&self) -> Sink {
        let ready = Arc::clone(&self.0);
        Box::new(move |bytes| ready.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes))
    }

    /// What has been written since the last time.
    pub(super) fn take(&self) -> Bytes {
        let mut ready = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The next piece will be about as long.
        let room = Vec::with_capacity(ready.len());
        std::mem::replace(&mut *ready, room).into()
    }
}

/// A page that becomes its accessible version.
struct Rewriting {
    decoder: StreamDecoder,
    rewriter: Rewriter<'static, Sink>,
    output: Outlet,
    /// Whether anything but white space has come.
    seen: bool,
    /// The piece as characters.
    text: String,
}

impl Rewriting {
    fn new(declared: Declared, options: &Options) -> Self {
        let output = Outlet::default();
        let rewriter = Rewriter::new(Rules::built_in(), options, output.sink());
        Self { decoder: StreamDecoder::new(declared), rewriter, output, seen: false, text: String::new() }
    }
}

impl Change for Rewriting {
    fn take(&mut self, bytes: &[u8]) -> Result<Bytes, Problem> {
        if !self.seen && !bytes.iter().all(u8::is_ascii_whitespace) {
            refuse_other_formats("the page", bytes)?;
            if is_message(bytes) {
                let detail = "the page is saved as MHTML, whose parts cannot be rewritten while they come in; \
                    ask with mode=article";
                return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
            }
            self.seen = true;
        }
        self.text.clear();
        self.decoder.push(bytes, &mut self.text);
        self.rewriter.write(&self.text)?;
        Ok(self.output.take())
    }

    fn end(mut self) -> Result<(Bytes, Option<Receipt>), Problem> {
        if !self.seen {
            refuse_other_formats("the page", b"")?;
        }
        self.text.clear();
        self.decoder.finish(&mut self.text);
        self.rewriter.write(&self.text)?;
        let receipt = self.rewriter.end()?;
        Ok((self.output.take(), Some(receipt)))
    }
}

/// What the account of a page comes to, after the page: a trailer, or a header where the page was had in one piece. A
/// dictionary (RFC 9651): elements and words removed, what was kept, and how many losses the receipt tells.
pub(super) const SUMMARY: HeaderName = HeaderName::from_static("clearprint-receipt");

fn summary(receipt: &Receipt) -> Option<HeaderValue> {
    let removed = receipt.removed.len() as u64 + receipt.removed_unlisted;
    let words: u64 = receipt.removed.iter().map(|removal| removal.words).sum();
    let kept = &receipt.kept;
    let text = format!(
        "removed={removed}, removed-words={words}, words={}, headings={}, links={}, images={}, tables={}, lost={}",
        kept.words,
        kept.headings,
        kept.links,
        kept.images,
        kept.tables,
        receipt.lost.len()
    );
    HeaderValue::from_str(&text).ok()
}

/// The rewritten page as a body that follows the request's body, and the headers that go with it: the summary of the
/// receipt, or the promise of it.
///
/// # Errors
/// Whatever is wrong before the first byte has left. Afterwards the body is broken off, since the status has gone.
pub(super) async fn rewritten(
    body: PageBody,
    declared: Declared,
    options: &Options,
    metrics: &Arc<Metrics>,
    keep: Option<Keep>,
) -> Result<(HeaderMap, Body), Problem> {
    let mut page = Changed::new(body, Rewriting::new(declared, options), metrics);
    page.until = Some(Instant::now() + WHOLE);
    page.keep = keep;
    let first = std::future::poll_fn(|cx| page.poll_piece(cx)).await?.unwrap_or_default();
    if page.change.is_none() {
        let summary = page.summary.map(|summary| (SUMMARY, summary));
        return Ok((summary.into_iter().collect(), Body::from(first)));
    }
    page.first = first;
    let promise = HeaderValue::from_name(SUMMARY);
    Ok((HeaderMap::from_iter([(header::TRAILER, promise)]), Body::new(page)))
}

/// The receipt alone: what was removed and why, what was kept.
///
/// # Errors
/// As [`rewritten`].
pub(super) async fn receipt(mut body: PageBody, declared: Declared, options: &Options) -> Result<Receipt, Problem> {
    let mut page = Rewriting::new(declared, options);
    let mut length = PIECE;
    while let Some(bytes) = body.next().await? {
        let mut held = Bytes::from(bytes);
        while !held.is_empty() {
            let begun = std::time::Instant::now();
            page.take(&held.split_to(held.len().min(length)))?;
            length = next_piece(length, begun.elapsed());
            tokio::task::yield_now().await;
        }
    }
    Ok(page.end()?.1.unwrap_or_default())
}

/// A page as a body that is changed as it is taken.
pub(super) struct Changed<C> {
    page: PageBody,
    /// What of the page has come and waits for its turn.
    held: Bytes,
    /// How much of it is taken at a time, which is less where it takes long.
    piece: usize,
    /// Work since others had their turn.
    worked: Duration,
    /// What has come out before the answer's head left.
    first: Bytes,
    /// Nothing once the page has ended.
    change: Option<C>,
    /// When all of it has to be over. A reader who takes a piece at a time is asked at each of them; one who takes none is
    /// let go by the connection.
    until: Option<Instant>,
    /// What goes as a trailer after the last piece, once that is known.
    summary: Option<HeaderValue>,
    keep: Option<Keep>,
    metrics: Arc<Metrics>,
    /// The request it answers, for the log.
    request: Span,
}

impl<C: Change> Changed<C> {
    /// A body of `page` after `change`.
    pub(super) fn new(page: PageBody, change: C, metrics: &Arc<Metrics>) -> Self {
        Self {
            page,
            held: Bytes::new(),
            piece: PIECE,
            worked: Duration::ZERO,
            first: Bytes::new(),
            change: Some(change),
            until: None,
            summary: None,
            keep: None,
            metrics: Arc::clone(metrics),
            request: Span::current(),
        }
    }

    /// The next bytes; none once there are no more.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Problem>> {
        loop {
            let Some(change) = &mut self.change else { return Poll::Ready(Ok(None)) };
            if self.worked >= TURN {
                self.worked = Duration::ZERO;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let begun = std::time::Instant::now();
            if self.held.is_empty() {
                let Some(bytes) = ready!(self.page.poll_next(cx))? else { break };
                self.held = bytes.into();
            }
            let piece = self.held.split_to(self.held.len().min(self.piece));
            let piece = change.take(&piece)?;
            let took = begun.elapsed();
            self.worked += took;
            self.piece = next_piece(self.piece, took);
            if !piece.is_empty() {
                return Poll::Ready(Ok(Some(self.gone(piece))));
            }
        }
        let Some(change) = self.change.take() else { return Poll::Ready(Ok(None)) };
        let (rest, receipt) = change.end()?;
        if let Some(receipt) = receipt {
            self.metrics.removed.fetch_add(receipt.removed.len() as u64, Relaxed);
            self.summary = summary(&receipt);
        }
        let rest = self.gone(rest);
        if let Some(keep) = self.keep.take() {
            keep.whole(self.summary.clone());
        }
        Poll::Ready(Ok(Some(rest).filter(|rest| !rest.is_empty())))
    }

    /// Accounts for a piece that leaves.
    fn gone(&mut self, piece: Bytes) -> Bytes {
        self.metrics.bytes_out.fetch_add(piece.len() as u64, Relaxed);
        if let Some(keep) = &mut self.keep {
            keep.push(&piece);
        }
        piece
    }

    /// Gives the work up, in the middle of the body.
    fn broken(&mut self, why: &str) -> io::Error {
        self.change = None;
        self.keep = None;
        self.metrics.broken_off.fetch_add(1, Relaxed);
        tracing::warn!("a page broke off: {why}");
        io::Error::other(why.to_owned())
    }
}

impl<C: Change> hyper::body::Body for Changed<C> {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let request = self.request.clone();
        let _request = request.enter();
        if !self.first.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.first)))));
        }
        if self.change.is_some() && self.until.is_some_and(|until| Instant::now() >= until) {
            return Poll::Ready(Some(Err(self.broken("its time was up"))));
        }
        Poll::Ready(match ready!(self.poll_piece(cx)) {
            Ok(Some(piece)) => Some(Ok(Frame::data(piece))),
            Ok(None) => {
                self.summary.take().map(|summary| Ok(Frame::trailers(HeaderMap::from_iter([(SUMMARY, summary)]))))
            }
            Err(problem) => Some(Err(self.broken(&problem.detail))),
        })
    }
}

/// How much to take after a piece of `piece` bytes that took `took`: a page that is hard to read does not hold the thread
/// for longer than another.
fn next_piece(piece: usize, took: Duration) -> usize {
    if took > TURN / 2 {
        (piece / 2).max(LEAST_PIECE)
    } else if took < TURN / 8 {
        (piece * 2).min(PIECE)
    } else {
        piece
    }
}

/// Gathers a page on its way out for who wants to keep it, unless it grows too large.
pub(super) struct Keep {
    most: usize,
    page: Vec<u8>,
    keeper: Box<Keeper>,
}

/// Takes the whole page and the summary of its receipt.
type Keeper = dyn FnOnce(Bytes, Option<HeaderValue>) + Send;

impl Keep {
    /// Gives pages of at most `most` bytes to `keeper`.
    pub(super) fn new(most: usize, keeper: impl FnOnce(Bytes, Option<HeaderValue>) + Send + 'static) -> Self {
        Self { most, page: Vec::new(), keeper: Box::new(keeper) }
    }

    pub(super) fn push(&mut self, piece: &[u8]) {
        if self.page.len() + piece.len() <= self.most {
            self.page.extend_from_slice(piece);
        } else {
            // Nothing more fits either.
            self.most = 0;
            self.page = Vec::new();
        }
    }

    pub(super) fn whole(self, summary: Option<HeaderValue>) {
        if self.most > 0 {
            (self.keeper)(self.page.into(), summary);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::atomic::AtomicUsize;

    use http_body_util::BodyExt;

    use super::*;

    /// A page in pieces, the last of which never ends where it is told not to; counts what is taken of it, and whether
    /// it is still there.
    struct Source {
        pieces: VecDeque<Bytes>,
        ends: bool,
        taken: Arc<AtomicUsize>,
    }

    impl hyper::body::Body for Source {
        type Data = Bytes;
        type Error = io::Error;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
            match self.pieces.pop_front() {
                Some(piece) => {
                    self.taken.fetch_add(1, Relaxed);
                    Poll::Ready(Some(Ok(Frame::data(piece))))
                }
                None if self.ends => Poll::Ready(None),
                None => Poll::Pending,
            }
        }
    }

    const PARAGRAPH: &str =
        "<p>A paragraph that is long enough to leave at once, because nothing behind it matters.</p>";

    struct Passage {
        body: Body,
        metrics: Arc<Metrics>,
        taken: Arc<AtomicUsize>,
        kept: Arc<Mutex<Vec<u8>>>,
    }

    /// A page of `pieces` pieces, each of about `size` bytes, on its way.
    async fn passage(pieces: usize, size: usize, ends: bool) -> Passage {
        let piece = Bytes::from(PARAGRAPH.repeat(size.div_ceil(PARAGRAPH.len())));
        let opening = Bytes::from_static(b"<!doctype html><html lang=en><title>A page</title><body><h1>A page</h1>");
        let pieces = std::iter::once(opening).chain(std::iter::repeat_n(piece, pieces)).collect();
        let (taken, kept) = (Arc::new(AtomicUsize::new(0)), Arc::<Mutex<Vec<u8>>>::default());
        let source = Body::new(Source { pieces, ends, taken: Arc::clone(&taken) });
        let page = PageBody::new(&HeaderMap::new(), source, u64::MAX, &[]).expect("a body");
        let metrics = Arc::new(Metrics::default());
        let keep = {
            let kept = Arc::clone(&kept);
            Keep::new(usize::MAX, move |page, _| kept.lock().expect("nobody panics").extend_from_slice(&page))
        };
        let declared = Declared { forced: Some(encoding_rs::UTF_8), ..Declared::default() };
        let (_, body) = rewritten(page, declared, &Options::default(), &metrics, Some(keep))
            .await
            .unwrap_or_else(|problem| panic!("{}", problem.detail));
        Passage { body, metrics, taken, kept }
    }

    async fn data(body: &mut Body) -> Option<Result<Bytes, axum::Error>> {
        let frame = body.frame().await?;
        Some(frame.map(|frame| frame.into_data().unwrap_or_default()))
    }

    #[tokio::test]
    async fn a_page_leaves_whole_and_is_kept_as_it_left() {
        let Passage { body, metrics, kept, .. } = passage(20, 1 << 10, true).await;
        let page = body.collect().await.expect("nothing breaks");
        assert!(page.trailers().is_some_and(|trailers| trailers.contains_key(SUMMARY)));
        let page = page.to_bytes();
        assert!(page.ends_with(b"</html>\n") || page.ends_with(b"</html>"), "{page:?}");
        assert_eq!(page, *kept.lock().expect("nobody panics"));
        assert_eq!(metrics.bytes_out.load(Relaxed), page.len() as u64);
        assert_eq!(metrics.broken_off.load(Relaxed), 0);
    }

    #[tokio::test]
    async fn nothing_is_read_that_nobody_has_taken() {
        let Passage { mut body, taken, .. } = passage(1_000, 4 << 10, true).await;
        // What stands before the first paragraph is ours. A slow machine looks at less than a piece at a time, so pieces
        // are counted by what has come of them.
        data(&mut body).await.expect("there is more").expect("nothing breaks");
        let mut left = 10_usize * (4 << 10);
        while left > 0 {
            let piece = data(&mut body).await.expect("there is more").expect("nothing breaks");
            left = left.saturating_sub(piece.len());
        }
        let read = taken.load(Relaxed);
        assert!((10..=14).contains(&read), "{read} pieces are read");
    }

    #[tokio::test]
    async fn a_reader_that_goes_ends_the_work() {
        let Passage { mut body, taken, kept, .. } = passage(10, 4 << 10, false).await;
        data(&mut body).await.expect("there is more").expect("nothing breaks");
        assert_eq!(Arc::strong_count(&taken), 2);
        drop(body);
        assert_eq!(Arc::strong_count(&taken), 1, "the site's page is let go");
        assert!(kept.lock().expect("nobody panics").is_empty(), "half a page is not kept");
    }

    #[tokio::test]
    async fn the_beginning_of_a_long_piece_leaves_before_its_end_is_looked_at() {
        let Passage { mut body, .. } = passage(1, 1 << 20, true).await;
        let mut longest = 0;
        while let Some(piece) = data(&mut body).await {
            longest = longest.max(piece.expect("nothing breaks").len());
        }
        assert!(longest < 4 * PIECE, "{longest} bytes at once");
    }

    #[test]
    fn a_page_that_is_hard_to_read_is_taken_in_small_pieces_and_an_easy_one_in_large() {
        let mut piece = PIECE;
        for _ in 0..20 {
            piece = next_piece(piece, TURN);
        }
        assert_eq!(piece, LEAST_PIECE);
        assert_eq!(next_piece(piece, TURN / 4), piece, "neither hard nor easy");
        for _ in 0..20 {
            piece = next_piece(piece, Duration::ZERO);
        }
        assert_eq!(piece, PIECE);
    }

    #[tokio::test]
    async fn others_get_their_turn_while_a_page_is_changed() {
        let Passage { mut body, .. } = passage(200, 32 << 10, true).await;
        let others = Arc::new(AtomicUsize::new(0));
        let turns = Arc::clone(&others);
        // Both on one thread: this counts only where the page lets it.
        tokio::spawn(async move {
            loop {
                turns.fetch_add(1, Relaxed);
                tokio::task::yield_now().await;
            }
        });
        while let Some(piece) = data(&mut body).await {
            piece.expect("nothing breaks");
        }
        assert!(others.load(Relaxed) > 3, "the page left no turn to others");
    }

    /// Runs with a clock that leaps as soon as everybody waits for it.
    fn timeless(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("an event loop");
        runtime.block_on(async {
            tokio::time::pause();
            test.await;
        });
    }

    async fn ends_broken(mut body: Body) -> bool {
        while let Some(piece) = data(&mut body).await {
            if piece.is_err() {
                return true;
            }
        }
        false
    }

    #[test]
    fn a_site_that_falls_silent_breaks_the_page_off() {
        timeless(async {
            let Passage { body, metrics, kept, .. } = passage(2, 4 << 10, false).await;
            assert!(ends_broken(body).await);
            assert_eq!(metrics.broken_off.load(Relaxed), 1);
            assert!(kept.lock().expect("nobody panics").is_empty(), "half a page is not kept");
        });
    }

    #[test]
    fn a_page_whose_time_is_up_is_broken_off() {
        for (pause, broken) in [(WHOLE / 4, false), (WHOLE, true)] {
            timeless(async move {
                let Passage { mut body, metrics, .. } = passage(100, 4 << 10, true).await;
                for _ in 0..3 {
                    data(&mut body).await.expect("there is more").expect("nothing breaks");
                }
                tokio::time::sleep(pause + Duration::from_millis(1)).await;
                assert_eq!(ends_broken(body).await, broken, "after {pause:?}");
                assert_eq!(metrics.broken_off.load(Relaxed), u64::from(broken));
            });
        }
    }
}

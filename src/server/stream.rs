//! `POST /v1/rewrite`: the page streams in, the rewritten page streams out.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use http_body_util::StreamBody;
use hyper::body::Frame;
use std::pin::Pin;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use tokio::sync::mpsc;
use tracing::{Instrument, Span};

use super::body::{PageBody, WHOLE};
use super::metrics::Metrics;
use super::problem::Problem;
use crate::clean::{Receipt, Rules};
use crate::rewrite::{Options, Rewriter};
use crate::source::{Declared, StreamDecoder, refuse_other_formats};

/// Pieces of output that may wait for a slow reader before the page stops being read.
pub(super) const AHEAD: usize = 4;

/// A page under way: bytes in, bytes out.
struct Passage {
    body: PageBody,
    decoder: StreamDecoder,
    rewriter: Rewriter<'static, Sink>,
    /// What the rewriter has given and nobody has taken yet.
    output: Receiver<Vec<u8>>,
    /// Whether anything but white space has come.
    seen: bool,
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

/// A rewriter's way out, which moves between threads with it.
type Sink = Box<dyn FnMut(&[u8]) + Send>;

impl Passage {
    fn new(body: PageBody, declared: Declared, options: &Options) -> Self {
        let (sender, output) = std::sync::mpsc::channel();
        // The receiver lives as long as the rewriter.
        let sink: Sink = Box::new(move |bytes| drop(sender.send(bytes.to_vec())));
        let rewriter = Rewriter::new(Rules::built_in(), options, sink);
        Self { body, decoder: StreamDecoder::new(declared), rewriter, output, seen: false }
    }

    /// What has come out since the last time.
    fn take_output(&self) -> Vec<u8> {
        joined(&self.output)
    }

    /// Takes one piece of the page; `None` when there is no more.
    async fn step(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        let Some(bytes) = self.body.next().await? else { return Ok(None) };
        if !self.seen && !bytes.iter().all(u8::is_ascii_whitespace) {
            refuse_other_formats("the page", &bytes)?;
            self.seen = true;
        }
        let mut text = String::new();
        self.decoder.push(&bytes, &mut text);
        self.rewriter.write(&text)?;
        Ok(Some(self.take_output()))
    }

    fn finish(mut self) -> Result<(Vec<u8>, Receipt), Problem> {
        if !self.seen {
            refuse_other_formats("the page", b"")?;
        }
        let mut text = String::new();
        self.decoder.finish(&mut text);
        self.rewriter.write(&text)?;
        let receipt = self.rewriter.end()?;
        Ok((joined(&self.output), receipt))
    }
}

/// All pieces that have come out, as one.
pub(super) fn joined(output: &Receiver<Vec<u8>>) -> Vec<u8> {
    let mut all = output.try_recv().unwrap_or_default();
    output.try_iter().for_each(|piece| all.extend_from_slice(&piece));
    all
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
    mut keep: Option<Keep>,
) -> Result<(HeaderMap, Body), Problem> {
    let mut passage = Passage::new(body, declared, options);
    let first = loop {
        match passage.step().await? {
            Some(output) if output.is_empty() => {}
            Some(output) => break output,
            None => {
                let (page, receipt) = passage.finish()?;
                account(metrics, &receipt);
                metrics.bytes_out.fetch_add(page.len() as u64, Relaxed);
                let summary = summary(&receipt);
                let page = Bytes::from(page);
                if let Some(mut keep) = keep {
                    keep.push(&page);
                    keep.whole(summary.clone());
                }
                return Ok((summary.map(|summary| (SUMMARY, summary)).into_iter().collect(), Body::from(page)));
            }
        }
    };
    let (sender, receiver) = mpsc::channel(AHEAD);
    let told = Arc::new(OnceLock::new());
    let pieces = Pieces { summary: Arc::clone(&told), ..Pieces::new(receiver, metrics) };
    let metrics = Arc::clone(metrics);
    let passing = async move {
        if let Some(keep) = &mut keep {
            keep.push(&first);
        }
        if sender.send(Ok(first.into())).await.is_err() {
            return;
        }
        loop {
            let output = match passage.step().await {
                Ok(Some(output)) if output.is_empty() => continue,
                Ok(Some(output)) => Ok(Bytes::from(output)),
                Ok(None) => break,
                Err(problem) => Err(problem),
            };
            let failed = output.is_err();
            if let (Some(keep), Ok(output)) = (&mut keep, &output) {
                keep.push(output);
            }
            // A reader that has gone ends the work.
            if sender.send(output).await.is_err() || failed {
                return;
            }
        }
        let rest = passage.finish().map(|(rest, receipt)| {
            account(&metrics, &receipt);
            let summary = summary(&receipt);
            if let Some(mut keep) = keep {
                keep.push(&rest);
                keep.whole(summary.clone());
            }
            if let Some(summary) = summary {
                let _ = told.set(summary);
            }
            Bytes::from(rest)
        });
        let sound = rest.is_ok();
        if sender.send(rest).await.is_ok() && sound {
            let _ = sender.send(Ok(END)).await;
        }
    };
    // What is dropped when time is up breaks the body off.
    tokio::spawn(tokio::time::timeout(WHOLE, passing).instrument(Span::current()));
    let promise = HeaderValue::from_name(SUMMARY);
    Ok((HeaderMap::from_iter([(header::TRAILER, promise)]), Body::new(StreamBody::new(pieces))))
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

fn account(metrics: &Metrics, receipt: &Receipt) {
    metrics.removed.fetch_add(receipt.removed.len() as u64, Relaxed);
}

/// The receipt alone: what was removed and why, what was kept.
///
/// # Errors
/// As [`rewritten`].
pub(super) async fn receipt(body: PageBody, declared: Declared, options: &Options) -> Result<Receipt, Problem> {
    let mut passage = Passage::new(body, declared, options);
    while passage.step().await?.is_some() {}
    Ok(passage.finish()?.1)
}

/// The piece that says that the page is whole. A sender that goes without it has failed, and the body is broken off.
pub(super) const END: Bytes = Bytes::new();

/// A body made of pieces.
pub(super) struct Pieces {
    receiver: mpsc::Receiver<Result<Bytes, Problem>>,
    metrics: Arc<Metrics>,
    /// What goes as a trailer after the last piece, once that is known.
    summary: Arc<OnceLock<HeaderValue>>,
    ended: bool,
    /// The request it answers, for the log.
    request: Span,
}

impl Pieces {
    /// A body of what comes, without a trailer.
    pub(super) fn new(receiver: mpsc::Receiver<Result<Bytes, Problem>>, metrics: &Arc<Metrics>) -> Self {
        Self { receiver, metrics: Arc::clone(metrics), summary: Arc::default(), ended: false, request: Span::current() }
    }
}

impl futures_core::Stream for Pieces {
    type Item = Result<Frame<Bytes>, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let metrics = Arc::clone(&self.metrics);
        let piece = std::task::ready!(self.receiver.poll_recv(cx));
        Poll::Ready({
            let broken = |why: String| {
                metrics.broken_off.fetch_add(1, Relaxed);
                let _request = self.request.enter();
                tracing::warn!("a page broke off: {why}");
                Some(Err(std::io::Error::other(why)))
            };
            match piece {
                Some(Ok(piece)) if piece.is_empty() => {
                    self.ended = true;
                    let summary = self.summary.get().cloned();
                    summary.map(|summary| Ok(Frame::trailers(HeaderMap::from_iter([(SUMMARY, summary)]))))
                }
                Some(Ok(piece)) => {
                    metrics.bytes_out.fetch_add(piece.len() as u64, Relaxed);
                    Some(Ok(Frame::data(piece)))
                }
                Some(Err(problem)) => broken(problem.detail),
                None => broken("its time was up".into()),
            }
        })
    }
}

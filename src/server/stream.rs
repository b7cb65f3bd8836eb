//! `POST /v1/rewrite`: the page streams in, the rewritten page streams out.

use axum::body::{Body, Bytes};
use http_body_util::StreamBody;
use hyper::body::Frame;
use std::pin::Pin;
use std::sync::mpsc::Receiver;
use std::task::{Context, Poll};
use tokio::sync::mpsc;

use super::body::PageBody;
use super::problem::Problem;
use crate::clean::{Receipt, Rules};
use crate::rewrite::{Options, Rewriter};
use crate::source::{Declared, StreamDecoder, refuse_other_formats};

/// Pieces of output that may wait for a slow reader before the page stops being read.
const AHEAD: usize = 4;

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
        self.output.try_iter().flatten().collect()
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
        Ok((self.output.try_iter().flatten().collect(), receipt))
    }
}

/// The rewritten page as a body that follows the request's body.
///
/// # Errors
/// Whatever is wrong before the first byte has left. Afterwards the body is broken off, since the status has gone.
pub(super) async fn rewritten(body: PageBody, declared: Declared, options: &Options) -> Result<Body, Problem> {
    let mut passage = Passage::new(body, declared, options);
    let first = loop {
        match passage.step().await? {
            Some(output) if output.is_empty() => {}
            Some(output) => break output,
            None => return Ok(Body::from(passage.finish()?.0)),
        }
    };
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
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
            // A reader that has gone ends the work.
            if sender.send(output).await.is_err() || failed {
                return;
            }
        }
        let rest = passage.finish().map(|(rest, _)| Bytes::from(rest));
        let _ = sender.send(rest).await;
    });
    Ok(Body::new(StreamBody::new(Pieces(receiver))))
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

struct Pieces(mpsc::Receiver<Result<Bytes, Problem>>);

impl futures_core::Stream for Pieces {
    type Item = Result<Frame<Bytes>, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|piece| {
            let piece = piece?;
            Some(piece.map(Frame::data).map_err(|problem| {
                tracing::warn!("a page broke off: {}", problem.detail);
                std::io::Error::other(problem.detail)
            }))
        })
    }
}

//! Bodies of requests: bounded, decoded, and refused early when they are no page.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep};

use super::problem::Problem;
use super::work::{Held, Ticket};
use crate::limits;
use crate::source::coding::{CodingError, ContentDecoder};

/// How long a client may pause in the middle of a body.
const IDLE: Duration = Duration::from_secs(30);
/// Bytes that are looked at at once, so that the first of many go on before the last are touched, others get their turn, and
/// no buffer is so large that the system has to map it anew for each of them.
pub(super) const PIECE: usize = 32 << 10;

/// Bytes in a coding that are undone at a time; gzip makes a thousand of one at the most.
const CODED: usize = 4 << 10;
/// How long a body may take altogether.
pub(super) const WHOLE: Duration = Duration::from_secs(300);
/// A form of a few fields comes in one piece.
pub(super) const SLOWEST_FORM: Duration = Duration::from_secs(30);

/// A body that arrives piece by piece, its content coding undone.
pub(super) struct PageBody {
    body: Body,
    /// What has come and waits for its coding to be undone.
    coded: Bytes,
    decoder: Option<ContentDecoder>,
    limit: u64,
    until: Instant,
    /// Runs while nothing comes.
    clock: Option<Pin<Box<Sleep>>>,
    /// What is paid for it while it comes.
    _held: Option<Held>,
}

impl PageBody {
    /// The same, with what was paid for it.
    pub(super) fn holding(self, held: Held) -> Self {
        Self { _held: Some(held), ..self }
    }

    /// A body of at most `limit` bytes once decoded.
    ///
    /// # Errors
    /// 415 for a type or a content coding that cannot be read.
    pub(super) fn new(headers: &HeaderMap, body: Body, limit: u64, accepted: &[&str]) -> Result<Self, Problem> {
        check_type(headers, accepted)?;
        let coding = headers.get(header::CONTENT_ENCODING).map_or(Ok(""), |v| v.to_str()).unwrap_or("?");
        let decoder = ContentDecoder::new(coding, limit).map_err(|e| problem(&e, limit))?;
        let declared = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
        if declared.is_some_and(|length| length > limit) {
            return Err(problem(&CodingError::TooLarge, limit));
        }
        Ok(Self {
            body,
            coded: Bytes::new(),
            decoder: Some(decoder),
            limit,
            until: Instant::now() + WHOLE,
            clock: None,
            _held: None,
        })
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// 400 when the body breaks off or its coding is broken, 408 when the client pauses or takes too long, 413 past the limit.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        std::future::poll_fn(|cx| self.poll_next(cx)).await
    }

    /// The same, for who is polled.
    ///
    /// # Errors
    /// As [`PageBody::next`].
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Vec<u8>>, Problem>> {
        while let Some(decoder) = &mut self.decoder {
            if !self.coded.is_empty() {
                let piece = self.coded.split_to(self.coded.len().min(CODED));
                let decoded = decoder.push(&piece).map_err(|e| problem(&e, self.limit))?;
                if decoded.is_empty() {
                    continue;
                }
                return Poll::Ready(Ok(Some(decoded)));
            }
            let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) else {
                let until = self.until.min(Instant::now() + IDLE);
                let clock = self.clock.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
                ready!(clock.as_mut().poll(cx));
                let detail = "the page arrives too slowly; send it again without a pause";
                return Poll::Ready(Err(Problem::new(StatusCode::REQUEST_TIMEOUT, detail)));
            };
            self.clock = None;
            match frame {
                Some(Ok(frame)) => self.coded = frame.into_data().unwrap_or_default(),
                Some(Err(_)) => {
                    let detail = "the body broke off; send the page again";
                    return Poll::Ready(Err(Problem::new(StatusCode::BAD_REQUEST, detail)));
                }
                None => {
                    let Some(decoder) = self.decoder.take() else { break };
                    let rest = decoder.finish().map_err(|e| problem(&e, self.limit))?;
                    return Poll::Ready(Ok(Some(rest).filter(|rest| !rest.is_empty())));
                }
            }
        }
        Poll::Ready(Ok(None))
    }

    /// All of it, paid for as it comes.
    ///
    /// # Errors
    /// As [`PageBody::next`], and 503 where there is no memory for it.
    pub(super) async fn whole(mut self, ticket: &Ticket) -> Result<Bytes, Problem> {
        let mut all = Vec::new();
        while let Some(piece) = self.next().await? {
            // It is moved when it grows.
            ticket.grow(2 * piece.len() as u64)?;
            all.extend(piece);
        }
        Ok(all.into())
    }

    /// What undoing its coding takes while it comes.
    pub(super) fn window(headers: &HeaderMap) -> u64 {
        let coding = headers.get(header::CONTENT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
        match coding.trim().to_ascii_lowercase().as_str() {
            "br" => 17 << 20,
            "zstd" => 9 << 20,
            _ => 256 << 10,
        }
    }
}

/// A body of the site's that is handed on as it is. It may be as long as it likes, and is broken off when it pauses too
/// long.
pub(super) struct IdleTimeout {
    body: Incoming,
    clock: Option<Pin<Box<Sleep>>>,
}

impl IdleTimeout {
    pub(super) fn body(body: Incoming) -> Body {
        Body::new(Self { body, clock: None })
    }
}

impl hyper::body::Body for IdleTimeout {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            self.clock = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(std::io::Error::other)));
        }
        let clock = self.clock.get_or_insert_with(|| Box::pin(tokio::time::sleep(IDLE)));
        clock.as_mut().poll(cx).map(|()| Some(Err(std::io::ErrorKind::TimedOut.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer that is whole and waits for its reader, who pays for it until it has gone.
pub(super) struct Waiting {
    bytes: Bytes,
    _held: Held,
}

impl Waiting {
    pub(super) fn body(bytes: Vec<u8>, held: Held) -> Body {
        Body::new(Self { bytes: bytes.into(), _held: held })
    }
}

impl hyper::body::Body for Waiting {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::convert::Infallible>>> {
        let length = self.bytes.len().min(PIECE);
        let piece = self.bytes.split_to(length);
        Poll::Ready((length > 0).then(|| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}

/// No body, where a GET would have one of a length that is not known: HEAD must not say 0.
pub(super) struct UnknownLength;

impl UnknownLength {
    pub(super) fn body() -> Body {
        Body::new(Self)
    }
}

impl hyper::body::Body for UnknownLength {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::convert::Infallible>>> {
        Poll::Ready(None)
    }
}

fn check_type(headers: &HeaderMap, accepted: &[&str]) -> Result<(), Problem> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let essence = value.to_str().unwrap_or("").split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    // What clients send when nobody told them: curl's default, and "some bytes".
    let untold = ["", "application/x-www-form-urlencoded", "application/octet-stream", "text/plain"];
    if untold.contains(&essence.as_str()) || accepted.contains(&essence.as_str()) {
        return Ok(());
    }
    let detail = format!("the body is {essence}; send {}", accepted.join(" or "));
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
}

fn problem(error: &CodingError, limit: u64) -> Problem {
    match error {
        CodingError::TooLarge => {
            let detail =
                format!("the page is over the limit of {}; the service's owner can raise it", limits::size(limit));
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
        }
        CodingError::Unknown(_) => {
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("the body cannot be read: {error}"))
        }
        CodingError::Broken(_) => Problem::new(StatusCode::BAD_REQUEST, format!("the body cannot be read: {error}")),
    }
}

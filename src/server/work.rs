//! The pool for work that keeps a core busy: parsing, typesetting, drawing; and the memory that it may take.
//!
//! As many pieces run at once as there are cores, and a bounded number of requests is inside; beyond that the answer is 503
//! at once, so that a flood costs little and what was accepted is finished. A request has its place before anything is read
//! or fetched for it, and pays for what it reads as it reads it.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::Problem;
use crate::article::Article;

/// How long a piece may wait for its turn, and how long it is waited for once it runs.
const TURN: Duration = Duration::from_secs(30);
const DONE: Duration = Duration::from_secs(120);
/// Memory that setting takes for a byte of an article; measured 54 for 150,000 words, 130 for words without an end.
const SETTING: u64 = 64;
/// What memory is counted in.
const UNIT: u64 = 64 << 10;

/// The pool. Cheap to clone.
#[derive(Clone)]
pub(super) struct Work {
    running: Arc<Semaphore>,
    /// Requests that have a place.
    inside: Arc<AtomicUsize>,
    at_once: usize,
    queue: usize,
    /// Memory for what is read and for answers that wait for their readers, in units.
    reading: Arc<Semaphore>,
    /// Memory for what runs, in units, and how much there is of it.
    working: Arc<Semaphore>,
    working_units: u32,
    /// All of it, in bytes.
    memory: u64,
}

impl Work {
    /// A pool that runs `at_once` pieces and lets `queue` requests wait, with shares of `memory` bytes: a quarter each for
    /// what is read and for what runs. The rest is for decoded pictures, for connections and for the program itself.
    pub(super) fn new(at_once: usize, queue: usize, memory: u64) -> Self {
        let quarter = usize::try_from(memory / 4 / UNIT).unwrap_or(usize::MAX).clamp(16, Semaphore::MAX_PERMITS >> 1);
        Self {
            running: Arc::new(Semaphore::new(at_once)),
            inside: Arc::default(),
            at_once,
            queue,
            reading: Arc::new(Semaphore::new(quarter)),
            working: Arc::new(Semaphore::new(quarter)),
            working_units: u32::try_from(quarter).unwrap_or(u32::MAX),
            memory,
        }
    }

    /// How many requests wait, and how many pieces run.
    pub(super) fn load(&self) -> (usize, usize) {
        let running = self.at_once.saturating_sub(self.running.available_permits());
        (self.inside.load(Ordering::Acquire).saturating_sub(running), running)
    }

    /// A place for one request, before anything is done for it.
    ///
    /// # Errors
    /// [`Problem::busy`] when all places are taken.
    pub(super) fn admit(&self) -> Result<Ticket, Problem> {
        let place = Place::take(&self.inside, self.at_once + self.queue).ok_or_else(Problem::busy)?;
        Ok(Ticket { work: self.clone(), _place: place, held: Mutex::new(self.hold(0)?) })
    }

    /// Memory for something that is no piece of work.
    ///
    /// # Errors
    /// [`Problem::busy`] when there is not so much left.
    pub(super) fn hold(&self, bytes: u64) -> Result<Held, Problem> {
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX);
        let permit = Arc::clone(&self.reading).try_acquire_many_owned(units).map_err(|_| Problem::busy())?;
        Ok(Held { permit, bytes: u64::from(units) * UNIT, used: bytes })
    }
}

/// Memory that is taken up, given back when dropped.
pub(super) struct Held {
    permit: OwnedSemaphorePermit,
    /// What is paid for, and what of it is used.
    bytes: u64,
    used: u64,
}

impl Held {
    /// Takes more, bytes by bytes.
    ///
    /// # Errors
    /// [`Problem::busy`] when there is not so much left.
    pub(super) fn grow(&mut self, bytes: u64) -> Result<(), Problem> {
        self.used += bytes;
        if self.used <= self.bytes {
            return Ok(());
        }
        let units = u32::try_from((self.used - self.bytes).div_ceil(UNIT)).unwrap_or(u32::MAX);
        let more = Arc::clone(self.permit.semaphore()).try_acquire_many_owned(units).map_err(|_| Problem::busy())?;
        self.permit.merge(more);
        self.bytes += u64::from(units) * UNIT;
        Ok(())
    }
}

/// A request's place in the pool, given back when dropped, also by a client that goes away.
pub(super) struct Ticket {
    work: Work,
    _place: Place,
    held: Mutex<Held>,
}

impl Ticket {
    /// Takes memory for what is read.
    ///
    /// # Errors
    /// [`Problem::busy`] when there is not so much left.
    pub(super) fn grow(&self, bytes: u64) -> Result<(), Problem> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).grow(bytes)
    }

    /// What setting an article takes; pictures are paid for where they are decoded. The article is measured as its JSON,
    /// where many small elements weigh as much as much text.
    ///
    /// # Errors
    /// 413 when one piece of work may not take so much.
    pub(super) fn cost_of_setting(&self, article: &Article) -> Result<u64, Problem> {
        let most = self.work.memory / 2 / SETTING;
        let bytes = size_of(article, most);
        if bytes > most {
            let detail = format!(
                "the article is too long for the memory of this service, {} MiB; the service's owner can raise it with --memory",
                self.work.memory >> 20
            );
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
        }
        Ok((24 << 20) + bytes * SETTING)
    }

    /// Runs one piece on a thread of its own, which may take about `cost` bytes; what costs more than there are runs alone.
    ///
    /// # Errors
    /// [`Problem::busy`] when its turn does not come, 503 when the piece takes too long; what `piece` gives otherwise.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        cost: u64,
        piece: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let work = &self.work;
        let units = u32::try_from(cost.div_ceil(UNIT)).unwrap_or(u32::MAX).min(work.working_units);
        let permits = async {
            // Memory first: who waits for a thread while others have none to give would hold up who needs little.
            let memory = Arc::clone(&work.working).acquire_many_owned(units).await.ok()?;
            Some((memory, Arc::clone(&work.running).acquire_owned().await.ok()?))
        };
        let permits = tokio::time::timeout(TURN, permits).await.ok().flatten().ok_or_else(Problem::busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let result = piece();
            drop(permits);
            result
        });
        // It ends by its own budget, and keeps its place in the pool as long: a thread cannot be stopped.
        let done = tokio::time::timeout(DONE, done).await.map_err(|_| {
            let detail = format!("the page takes more than {} s; give a shorter one", DONE.as_secs());
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
        })?;
        done.unwrap_or_else(|_| {
            let detail = "the page could not be processed; please report it with the page";
            Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail))
        })
    }
}

/// Bytes of an article as JSON; once they are over `most`, some number over it.
fn size_of(article: &Article, most: u64) -> u64 {
    struct Counted(u64, u64);
    impl io::Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len() as u64;
            if self.0 > self.1 { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes.len()) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counted = Counted(0, most);
    match serde_json::to_writer(&mut counted, article) {
        Ok(()) => counted.0,
        // Whatever it is that cannot be counted is not set either.
        Err(_) => counted.0.max(most + 1),
    }
}

/// What reading an article out of a page of so many bytes takes: its tree is some thirty times as large as its tags.
pub(super) fn cost_of_page(bytes: usize) -> u64 {
    (4 << 20) + (bytes as u64).saturating_mul(30).min(192 << 20)
}

/// What checking a PDF takes.
pub(super) fn cost_of_check(bytes: usize) -> u64 {
    (16 << 20) + (bytes as u64).saturating_mul(60).min(256 << 20)
}

/// One of a number of places.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(taken: &Arc<AtomicUsize>, most: usize) -> Option<Self> {
        let place = Self(Arc::clone(taken));
        if taken.fetch_add(1, Ordering::AcqRel) < most { Some(place) } else { None }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMORY: u64 = 64 << 20;

    #[tokio::test]
    async fn who_finds_no_place_is_refused_and_the_place_comes_back() {
        let work = Work::new(1, 1, MEMORY);
        let (first, second) = (work.admit().expect("a place"), work.admit().expect("a place"));
        assert_eq!(work.admit().err(), Some(Problem::busy()));
        assert_eq!(work.load(), (2, 0));
        drop(first);
        assert!(work.admit().is_ok());
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let running = tokio::spawn(async move {
            second
                .run(0, move || {
                    let _ = wait.recv();
                    Ok(1)
                })
                .await
        });
        while work.load().1 == 0 {
            tokio::task::yield_now().await;
        }
        go.send(()).expect("it waits");
        assert_eq!(running.await.expect("no panic"), Ok(1));
        assert_eq!(work.load(), (0, 0));
    }

    #[tokio::test]
    async fn what_costs_more_than_there_is_runs_alone() {
        let work = Work::new(2, 4, MEMORY);
        let (first, second) = (work.admit().expect("a place"), work.admit().expect("a place"));
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let large = tokio::spawn(async move {
            first
                .run(u64::MAX, move || {
                    let _ = wait.recv();
                    Ok(1)
                })
                .await
        });
        while work.load().1 == 0 {
            tokio::task::yield_now().await;
        }
        let mut small = tokio_test_poll(second.run(1, || Ok(2)));
        assert!(small.as_mut().now_or_never().is_none(), "there is no memory for it");
        go.send(()).expect("it waits");
        assert_eq!(small.await, Ok(2));
        assert_eq!(large.await.expect("no panic"), Ok(1));
    }

    #[tokio::test]
    async fn what_is_read_is_paid_for_as_it_grows() {
        let work = Work::new(1, 4, MEMORY);
        let tickets: Vec<Ticket> = (0..5).map(|_| work.admit().expect("a place")).collect();
        let mut refused = 0;
        for ticket in &tickets {
            for _ in 0..80 {
                if ticket.grow(100 << 10).is_err() {
                    refused += 1;
                    break;
                }
            }
        }
        assert!(refused > 0 && refused < 5, "{refused}");
        drop(tickets);
        assert!(work.hold(MEMORY / 4).is_ok(), "all of it comes back");
    }

    #[tokio::test]
    async fn an_article_is_weighed_by_its_text_and_by_its_pieces() {
        let work = Work::new(1, 1, MEMORY);
        let ticket = work.admit().expect("a place");
        let article = |inline: &str, times: usize| {
            let content = vec![inline; times].join(",");
            let blocks = format!(r#"{{"title":"t","blocks":[{{"type":"paragraph","content":[{content}]}}]}}"#);
            serde_json::from_str::<Article>(&blocks).expect("an article")
        };
        let short = article(r#"{"text":"a"}"#, 10);
        let (long, split) = (format!(r#"{{"text":"{}"}}"#, "a".repeat(1 << 20)), 80_000);
        assert!(ticket.cost_of_setting(&short).is_ok_and(|cost| cost < 25 << 20));
        for large in [article(&long, 1), article(r#"{"text":"a"}"#, split)] {
            assert_eq!(ticket.cost_of_setting(&large).map_err(|p| p.status.as_u16()), Err(413));
        }
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_and_not_the_end() {
        let work = Work::new(1, 1, MEMORY);
        let ticket = work.admit().expect("a place");
        let result: Result<(), Problem> = ticket.run(1, || panic!("on purpose")).await;
        assert_eq!(result.map_err(|p| p.status.as_u16()), Err(500));
        assert_eq!(ticket.run(1, || Ok(1)).await, Ok(1));
    }

    /// A future that can be looked at before it is waited for.
    fn tokio_test_poll<F: Future>(future: F) -> std::pin::Pin<Box<F>> {
        Box::pin(future)
    }

    trait Now: Future + Unpin {
        fn now_or_never(&mut self) -> Option<Self::Output> {
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            match std::pin::Pin::new(self).poll(&mut context) {
                std::task::Poll::Ready(output) => Some(output),
                std::task::Poll::Pending => None,
            }
        }
    }

    impl<F: Future + Unpin> Now for F {}
}

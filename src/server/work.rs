//! The pool for work that keeps a core busy: parsing, typesetting, drawing.
//!
//! As many pieces run at once as there are cores, and a bounded number waits; beyond that the answer is 503 at once, so
//! that a flood costs little and what was accepted is finished.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::problem::Problem;

/// How long a piece may wait for its turn, and how long it is waited for once it runs.
const TURN: Duration = Duration::from_secs(30);
const DONE: Duration = Duration::from_secs(120);

/// The pool. Cheap to clone.
#[derive(Clone)]
pub(super) struct Work {
    running: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    at_once: usize,
    queue: usize,
}

impl Work {
    /// A pool that runs `at_once` pieces and lets `queue` wait.
    pub(super) fn new(at_once: usize, queue: usize) -> Self {
        Self { running: Arc::new(Semaphore::new(at_once)), waiting: Arc::default(), at_once, queue }
    }

    /// How many pieces wait, and how many run.
    pub(super) fn load(&self) -> (usize, usize) {
        (self.waiting.load(Ordering::Acquire), self.at_once.saturating_sub(self.running.available_permits()))
    }

    /// Runs one piece on a thread of its own.
    ///
    /// # Errors
    /// [`Problem::busy`] when the queue is full or does not move, 503 when the piece takes too long; what `piece` gives otherwise.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        piece: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = {
            let place = Place::take(&self.waiting, self.queue).ok_or_else(Problem::busy)?;
            let turn = tokio::time::timeout(TURN, Arc::clone(&self.running).acquire_owned()).await;
            let permit = turn.map_err(|_| Problem::busy())?.map_err(|_| Problem::busy())?;
            drop(place);
            permit
        };
        let done = tokio::task::spawn_blocking(move || {
            let result = piece();
            drop(permit);
            result
        });
        // It goes on to its end, and keeps its place in the pool as long: a thread cannot be stopped.
        let done = tokio::time::timeout(DONE, done).await.map_err(|_| {
            let detail = format!("the page takes more than {} s; give a shorter one", DONE.as_secs());
            Problem::new(axum::http::StatusCode::SERVICE_UNAVAILABLE, detail)
        })?;
        done.unwrap_or_else(|_| {
            let detail = "the page could not be processed; please report it with the page";
            Err(Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, detail))
        })
    }
}

/// A place in the queue, given back when dropped, also by a client that goes away.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(waiting: &Arc<AtomicUsize>, most: usize) -> Option<Self> {
        let place = Self(Arc::clone(waiting));
        if waiting.fetch_add(1, Ordering::AcqRel) < most { Some(place) } else { None }
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

    #[tokio::test]
    async fn a_full_queue_is_refused_and_the_place_comes_back() {
        let work = Work::new(1, 1);
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let first = tokio::spawn({
            let work = work.clone();
            async move {
                work.run(move || {
                    let _ = wait.recv();
                    Ok(1)
                })
                .await
            }
        });
        // The first holds the core, the second the only place in the queue.
        while work.running.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let second = tokio::spawn({
            let work = work.clone();
            async move { work.run(|| Ok(2)).await }
        });
        while work.waiting.load(Ordering::Acquire) == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(work.run(|| Ok(3)).await, Err(Problem::busy()));
        go.send(()).expect("the first is waiting");
        assert_eq!(first.await.expect("no panic"), Ok(1));
        assert_eq!(second.await.expect("no panic"), Ok(2));
        assert_eq!(work.run(|| Ok(4)).await, Ok(4));
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_and_not_the_end() {
        let work = Work::new(1, 1);
        let result: Result<(), Problem> = work.run(|| panic!("on purpose")).await;
        assert_eq!(result.map_err(|p| p.status.as_u16()), Err(500));
        assert_eq!(work.run(|| Ok(1)).await, Ok(1));
    }
}

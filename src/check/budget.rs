//! What reading one file may take: every loop over its bytes spends from this, and ends when nothing is left.

use std::cell::{Cell, OnceCell};

use crate::limits::{Deadline, Limit, size};
use crate::{Error, Limits, Result};

/// Steps between two looks at the clock.
const STRETCH: u64 = 512;

/// A budget of steps, bytes and time. Who finds it spent stops; [`Budget::verdict`] says why at the end.
pub(super) struct Budget {
    steps: Cell<u64>,
    bytes: Cell<u64>,
    deadline: Deadline,
    /// Steps since the clock was looked at.
    unlooked: Cell<u64>,
    limits: (u64, u64),
    spent: OnceCell<What>,
}

#[derive(Clone, Copy)]
enum What {
    Steps,
    Bytes,
    Time,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            steps: Cell::new(limits.operations),
            bytes: Cell::new(limits.unpacked),
            deadline: limits.begin().deadline,
            unlooked: Cell::new(0),
            limits: (limits.operations, limits.unpacked),
            spent: OnceCell::new(),
        }
    }

    /// Takes steps, each about as long as an operation of a page; `false` once there are no more, or no more time.
    pub(super) fn steps(&self, count: u64) -> bool {
        match self.steps.get().checked_sub(count) {
            Some(left) => self.steps.set(left),
            None => return self.end(What::Steps),
        }
        self.idle(count)
    }

    /// Steps that may still be taken.
    pub(super) fn steps_left(&self) -> usize {
        usize::try_from(self.steps.get()).unwrap_or(usize::MAX)
    }

    /// Looks at the clock now and then, for loops whose number is bounded by what was counted before.
    pub(super) fn idle(&self, count: u64) -> bool {
        let unlooked = self.unlooked.get().saturating_add(count);
        if unlooked < STRETCH {
            self.unlooked.set(unlooked);
            return !self.is_spent();
        }
        self.unlooked.set(0);
        if self.deadline.is_over() { self.end(What::Time) } else { !self.is_spent() }
    }

    /// Takes bytes that were unpacked; `false` once there are no more.
    pub(super) fn bytes(&self, count: usize) -> bool {
        match self.bytes.get().checked_sub(count as u64) {
            Some(left) => self.bytes.set(left),
            None => return self.end(What::Bytes),
        }
        // A kilobyte is unpacked in about the time of a step.
        self.idle(1 + (count >> 10) as u64)
    }

    /// Bytes that may still be unpacked.
    pub(super) fn bytes_left(&self) -> usize {
        usize::try_from(self.bytes.get()).unwrap_or(usize::MAX)
    }

    pub(super) fn is_spent(&self) -> bool {
        self.spent.get().is_some()
    }

    fn end(&self, what: What) -> bool {
        let _ = self.spent.set(what);
        false
    }

    /// # Errors
    /// [`Error::Limit`] when something was asked for that was not left: what was read is then not all there is.
    pub(super) fn verdict(&self) -> Result<()> {
        let over =
            |what: &str, most: String, limit| Err(Error::Limit { name: "PDF".into(), what: what.into(), most, limit });
        match self.spent.get() {
            None => Ok(()),
            Some(What::Steps) => {
                over("the number of operations on its pages", self.limits.0.to_string(), Limit::Operations)
            }
            Some(What::Bytes) => over("what its streams unpack to", size(self.limits.1), Limit::Unpacked),
            Some(What::Time) => Err(self.deadline.passed("PDF")),
        }
    }
}

//! How a command ends.

/// Whether a command that ended well has something to tell by its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything is in order: exit code 0.
    Done,
    /// There are findings, or some items failed: exit code 1.
    Findings,
}

//! What can go wrong, sorted by who has to act.

use crate::limits::{Deadline, Limit};

/// `Result` with Clearprint's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error is one sentence that names the thing and says what to do.
///
/// The variants follow the exit codes, so that a script can act without reading the sentence.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The command line, an option or a configuration file is wrong.
    #[error("{0}")]
    Usage(String),
    /// The input cannot be read, fetched or understood as a page.
    #[error("{name}: {reason}")]
    Input {
        /// The path or address as the user gave it.
        name: String,
        /// What is wrong with it and what to do.
        reason: String,
    },
    /// A limit was passed.
    #[error("{name}: {what} is over the limit of {most}; {}", .limit.remedy())]
    Limit {
        /// The path or address as the user gave it.
        name: String,
        /// What is too large, with its size where known.
        what: String,
        /// As much as there may be, with its unit.
        most: String,
        /// Which limit, so that a message can say what raises it.
        limit: Limit,
    },
    /// The page holds no article.
    #[error("{name}: no article found; give a page with an article, or use `rewrite`, which keeps the whole page")]
    NoArticle {
        /// The path or address as the user gave it.
        name: String,
    },
    /// The output cannot be written.
    #[error("{name}: {reason}")]
    Output {
        /// The path as the user gave it, or "standard output".
        name: String,
        /// What is wrong with it and what to do.
        reason: String,
    },
    /// The reader of standard output has gone: not a failure.
    #[error("the output was closed by its reader")]
    Closed,
}

impl Error {
    /// An input error about `name`.
    pub fn input(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Input { name: name.into(), reason: reason.into() }
    }

    /// A usage error about a configuration file that is no TOML, or has a key that is wrong: says which and where.
    pub(crate) fn toml(file: &str, text: &str, error: &toml::de::Error) -> Self {
        let line = error.span().map(|place| text[..place.start.min(text.len())].matches('\n').count() + 1);
        let place = line.map(|n| format!("line {n}: ")).unwrap_or_default();
        Self::Usage(format!("{file}: {place}{}", error.message().trim_end().replace('\n', " ")))
    }

    /// The exit code of the command line.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Input { .. } => 3,
            Self::Limit { .. } => 4,
            Self::NoArticle { .. } => 5,
            Self::Output { .. } => 6,
            Self::Closed => 0,
        }
    }
}

impl Deadline {
    /// # Errors
    /// [`Error::Limit`] about `name` when the time is up.
    pub(crate) fn check(self, name: &str) -> Result<()> {
        if self.is_over() { Err(self.passed(name)) } else { Ok(()) }
    }

    /// What to say of `name` where the time is up.
    pub(crate) fn passed(self, name: &str) -> Error {
        Error::Limit {
            name: name.into(),
            what: "the time for it".into(),
            most: format!("{} s", self.time().as_secs_f32()),
            limit: Limit::Time,
        }
    }
}

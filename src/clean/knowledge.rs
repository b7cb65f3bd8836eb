//! What the operator knows besides the built-in rules: a site profile and filter lists, read anew on SIGHUP.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use super::Site;
use crate::Result;

/// Reads what the operator knows from where it is kept.
#[derive(Clone)]
pub struct KnowledgeSource(Arc<Reader>);

type Reader = dyn Fn() -> Result<Known> + Send + Sync;

/// What is known, compiled.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Known {
    /// The profile and the lists, where any were named.
    pub site: Option<Arc<Site>>,
    /// Another number whenever the files hold something else, and the same in every instance that has read the same.
    pub version: u64,
}

impl KnowledgeSource {
    /// A source that is read with `read`.
    pub fn new(read: impl Fn() -> Result<Known> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }
}

impl Default for KnowledgeSource {
    fn default() -> Self {
        Self::new(|| Ok(Known::default()))
    }
}

impl fmt::Debug for KnowledgeSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KnowledgeSource")
    }
}

/// What is known now. A request that has begun keeps what was known when it did.
#[derive(Debug)]
pub(crate) struct Knowledge {
    source: KnowledgeSource,
    now: RwLock<Known>,
}

impl Knowledge {
    /// Reads it for the first time.
    ///
    /// # Errors
    /// Those of the source.
    pub(crate) fn new(source: KnowledgeSource) -> Result<Self> {
        let now = (source.0)()?;
        Ok(Self { source, now: RwLock::new(now) })
    }

    pub(crate) fn now(&self) -> Known {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads it anew. What cannot be read changes nothing.
    ///
    /// # Errors
    /// Those of the source.
    pub(crate) fn renew(&self) -> Result<()> {
        let new = (self.source.0)()?;
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }
}

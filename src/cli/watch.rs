//! Files that are watched for changes, by looking at them: nothing to install, and it works on a network drive.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often one looks.
const LOOK: Duration = Duration::from_millis(400);

/// How a file was found; `None`, where it is not there.
type State = Option<(SystemTime, u64)>;

/// Files as they were when last looked at.
#[derive(Debug, PartialEq)]
pub(super) struct Watched(BTreeMap<PathBuf, State>);

impl Watched {
    /// Looks at files; one that is not there is waited for.
    pub(super) fn new(files: impl IntoIterator<Item = PathBuf>) -> Self {
        let look = |path: PathBuf| {
            let state = state(&path);
            (path, state)
        };
        Self(files.into_iter().map(look).collect())
    }

    pub(super) fn files(&self) -> impl Iterator<Item = PathBuf> {
        self.0.keys().cloned()
    }

    /// Only these files: those that were looked at before, as they were then.
    pub(super) fn only(&self, files: impl IntoIterator<Item = PathBuf>) -> Self {
        let earlier = |path: PathBuf| {
            let state = self.0.get(&path).copied().unwrap_or_else(|| state(&path));
            (path, state)
        };
        Self(files.into_iter().map(earlier).collect())
    }

    /// Waits until something has changed, appeared or gone, and for a moment nothing more has: many an editor saves in
    /// several steps.
    pub(super) fn wait(&self) {
        while self.now() == *self {
            std::thread::sleep(LOOK);
        }
        let mut last = self.now();
        loop {
            std::thread::sleep(LOOK / 2);
            let now = self.now();
            if now == last {
                return;
            }
            last = now;
        }
    }

    fn now(&self) -> Self {
        Self::new(self.files())
    }
}

fn state(path: &Path) -> State {
    let found = std::fs::metadata(path).ok()?;
    Some((found.modified().ok()?, found.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn whatever_happens_to_a_file_is_a_change() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let age = |name: &str| fs::File::options().write(true).open(path(name)).expect("a file").set_modified(long_ago);
        for name in ["old.jpg", "new.jpg"] {
            fs::write(path(name), "picture").expect("a file");
        }
        let look = || Watched::new(["old.jpg", "new.jpg", "none.jpg"].map(path));
        let seen = look();
        assert_eq!(look(), seen);
        // A file that comes from a backup is older than all others.
        age("old.jpg").expect("it can be set");
        assert_ne!(look(), seen);
        let seen = look();
        fs::write(path("none.jpg"), "").expect("a file");
        assert_ne!(look(), seen);
        let seen = look();
        fs::remove_file(path("old.jpg")).expect("it is there");
        assert_ne!(look(), seen);
        assert_eq!(look().only([path("new.jpg")]), Watched::new([path("new.jpg")]));
    }

    #[test]
    fn a_change_while_the_edition_is_made_is_not_overlooked() {
        let folder = tempfile::tempdir().expect("a folder");
        let page = folder.path().join("page.html");
        fs::write(&page, "one").expect("a file");
        let before = Watched::new([page.clone()]);
        fs::write(&page, "another").expect("a file");
        let known = before.only([page.clone()]);
        assert_ne!(known, Watched::new([page]));
        known.wait();
    }
}

//! Where we differ from a suite on purpose: each exception is named and explained, and one that no longer fails is an
//! error.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    exception: Vec<Exception>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    /// The suite: `tokenizer`, `trees` or `removal`.
    suite: String,
    file: String,
    /// Why we differ.
    reason: String,
    /// Names of tests: their descriptions, or their inputs.
    tests: Vec<String>,
}

/// A test's name, and what was wrong.
pub(crate) type Outcome = (String, Result<(), String>);

/// Exceptions of one file of a suite, by test.
pub(crate) struct Exceptions(BTreeMap<String, String>);

impl Exceptions {
    pub(crate) fn of(suite: &str, file: &str) -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suites/exceptions.toml");
        let text = std::fs::read_to_string(path).expect("the exceptions");
        let parsed: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let own = parsed.exception.into_iter().filter(|exception| exception.suite == suite && exception.file == file);
        let tests = own.flat_map(|exception| {
            assert!(!exception.reason.trim().is_empty(), "exceptions.toml: {file} has an exception without a reason");
            let reason = exception.reason;
            exception.tests.into_iter().map(move |test| (test, reason.clone()))
        });
        Self(tests.collect())
    }

    /// Takes what each test came to; how many passed, and how many are exceptions.
    pub(crate) fn judge(mut self, outcomes: impl IntoIterator<Item = Outcome>) -> Result<(usize, usize), String> {
        let (mut passed, mut excepted, mut wrong) = (0, 0, String::new());
        let mut met = BTreeMap::<String, bool>::new();
        for (name, result) in outcomes {
            match (result, self.0.get(&name)) {
                (Ok(()), None) => passed += 1,
                // Tests of one name are excepted together: one of them has to fail.
                (Ok(()), Some(_)) => {
                    met.entry(name).or_default();
                    passed += 1;
                }
                (Err(_), Some(_)) => {
                    met.insert(name, true);
                    excepted += 1;
                }
                (Err(difference), None) => drop(writeln!(wrong, "{name:?}: {difference}")),
            }
        }
        for (name, failed) in met {
            self.0.remove(&name);
            if !failed {
                let _ = writeln!(wrong, "{name:?} passes: strike it off exceptions.toml");
            }
        }
        for name in self.0.keys() {
            let _ = writeln!(wrong, "{name:?} is an exception, but there is no such test");
        }
        if wrong.is_empty() { Ok((passed, excepted)) } else { Err(wrong) }
    }
}

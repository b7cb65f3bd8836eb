//! Parts of addresses that rules know.

use aho_corasick::{AhoCorasick, AhoCorasickKind, Match};

/// Parts of addresses: anywhere in it, or at its start where the part is a scheme.
#[derive(Debug, Default)]
pub(super) struct Parts {
    parts: Vec<(String, u16)>,
    finder: Option<AhoCorasick>,
}

impl Parts {
    /// Enters parts of a group's; those entered first win.
    pub(super) fn extend(&mut self, parts: Vec<String>, group: u16) {
        self.parts.extend(parts.into_iter().map(|part| (part.to_lowercase(), group)));
    }

    /// Makes what was entered ready to be asked.
    pub(super) fn seal(&mut self) {
        let parts = self.parts.iter().map(|(part, _)| part);
        self.finder =
            AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(parts).ok();
    }

    /// The first part, in the order of the rules, that an address has.
    pub(super) fn find(&self, address: &str) -> Option<(&str, u16)> {
        let finder = self.finder.as_ref()?;
        if !finder.is_match(address) {
            return None;
        }
        let found = finder.find_overlapping_iter(address);
        let fits = |found: &Match| found.start() == 0 || !self.parts[found.pattern().as_usize()].0.ends_with(':');
        let first = found.filter(fits).map(|found| found.pattern().as_usize()).min()?;
        self.parts.get(first).map(|(part, group)| (part.as_str(), *group))
    }
}

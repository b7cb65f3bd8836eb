//! A look at a name that tells of most that they stand in no table.

/// Lengths of the names that begin with two bytes, as bits: most names on a page need no hashing to be unknown.
#[derive(Debug)]
pub(crate) struct Lengths(Box<[u64; 1024]>);

impl Default for Lengths {
    fn default() -> Self {
        Self(Box::new([0; 1024]))
    }
}

impl Lengths {
    pub(crate) fn enter(&mut self, name: &str) {
        let place = Self::place(name);
        // What begins with one byte may have any second.
        let places = if name.len() == 1 { place..place + 32 } else { place..place + 1 };
        self.0[places].iter_mut().for_each(|lengths| *lengths |= 1 << (name.len() % 64));
    }

    pub(crate) fn may_have(&self, name: &str) -> bool {
        self.0[Self::place(name)] >> (name.len() % 64) & 1 == 1
    }

    /// Whether no name begins as this one does: neither it nor what it begins with is one.
    pub(super) fn has_none(&self, name: &str) -> bool {
        self.0[Self::place(name)] == 0
    }

    /// In any case of its letters.
    fn place(name: &str) -> usize {
        let letter = |at| name.as_bytes().get(at).map_or(0, |byte| usize::from(byte & 0x1f));
        letter(0) << 5 | letter(1)
    }
}

impl<S: AsRef<str>> FromIterator<S> for Lengths {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut lengths = Self::default();
        names.into_iter().for_each(|name| lengths.enter(name.as_ref()));
        lengths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_entered_may_be_there_in_any_case_and_begins_as_a_name_does() {
        let lengths: Lengths = ["a", "data-src", "ad", ""].into_iter().collect();
        for name in ["a", "A", "data-src", "DATA-SRC", "ad", ""] {
            assert!(lengths.may_have(name) && !lengths.has_none(name), "{name}");
        }
        for longer in ["a-b", "ad-b", "data-src-set"] {
            assert!(!lengths.has_none(longer), "{longer}");
        }
        assert!(!lengths.may_have("class") && lengths.has_none("class"));
    }
}

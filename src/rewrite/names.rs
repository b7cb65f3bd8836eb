//! Names of elements and attributes, looked up as numbers: a name of at most sixteen bytes is one.

/// The longest name that can be looked up.
const LONGEST: usize = 16;

/// A name as a number; names differ in theirs.
pub(super) const fn packed(name: &[u8]) -> u128 {
    assert!(name.len() <= LONGEST);
    let mut number = 0;
    let mut at = 0;
    while at < name.len() {
        number = number << 8 | name[at].to_ascii_lowercase() as u128;
        at += 1;
    }
    number
}

/// A table of names in the order of their numbers.
pub(super) const fn sorted<T: Copy, const N: usize>(mut table: [(u128, T); N]) -> [(u128, T); N] {
    let mut end = 1;
    while end < N {
        let mut at = end;
        while at > 0 && table[at - 1].0 > table[at].0 {
            let other = table[at - 1];
            table[at - 1] = table[at];
            table[at] = other;
            at -= 1;
        }
        end += 1;
    }
    table
}

/// What stands in a sorted table for a name in any case.
pub(super) fn find<T: Copy>(table: &[(u128, T)], name: &[u8]) -> Option<T> {
    if name.len() > LONGEST {
        return None;
    }
    let number = packed(name);
    table.binary_search_by_key(&number, |(key, _)| *key).ok().map(|at| table[at].1)
}

//! Names of elements and attributes, looked up as numbers: a name of at most sixteen bytes is one.

/// The longest name that can be looked up.
const LONGEST: usize = 16;
/// Places in a table; several times as many as there are names, so that most of what is looked up is found, or known
/// to be missing, at the first look.
const PLACES: usize = 512;

/// A table of names, made by the compiler.
pub(super) struct Names<T: Copy + 'static> {
    /// The number of the name that has this place, or 0.
    places: [u128; PLACES],
    /// Where in `values` that name is.
    at: [u8; PLACES],
    values: &'static [(&'static str, T)],
}

impl<T: Copy> Names<T> {
    pub(super) const fn new(values: &'static [(&'static str, T)]) -> Self {
        assert!(values.len() < 256);
        let (mut places, mut at) = ([0; PLACES], [0; PLACES]);
        let mut n = 0;
        while n < values.len() {
            let number = packed(values[n].0.as_bytes());
            let mut place = home(number);
            while places[place] != 0 {
                place = (place + 1) % PLACES;
            }
            places[place] = number;
            at[place] = n as u8;
            n += 1;
        }
        Self { places, at, values }
    }

    /// What stands in the table for a name in any case.
    pub(super) fn get(&self, name: &[u8]) -> Option<T> {
        if name.is_empty() || name.len() > LONGEST {
            return None;
        }
        let number = packed(name);
        let mut place = home(number);
        if number == 0 {
            return None;
        }
        loop {
            if self.places[place] == number {
                return self.values.get(usize::from(self.at[place])).map(|(_, value)| *value);
            }
            if self.places[place] == 0 {
                return None;
            }
            place = (place + 1) % PLACES;
        }
    }
}

/// A name as a number; names differ in theirs, and none has 0.
const fn packed(name: &[u8]) -> u128 {
    assert!(name.len() <= LONGEST);
    let (mut high, mut low) = (0_u64, 0_u64);
    let mut at = 0;
    while at < name.len() {
        if at == 8 {
            (high, low) = (low, 0);
        }
        low = low << 8 | name[at].to_ascii_lowercase() as u64;
        at += 1;
    }
    (high as u128) << 64 | low as u128
}

/// Where a number is looked for first.
const fn home(number: u128) -> usize {
    let mixed = (number as u64 ^ (number >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 48) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_others_are_not() {
        const TABLE: Names<u8> = Names::new(&[("a", 1), ("b", 2), ("blockquote", 3), ("abcdefghijklmnop", 4)]);
        for (name, value) in [
            ("a", Some(1)),
            ("B", Some(2)),
            ("BlockQuote", Some(3)),
            ("abcdefghijklmnop", Some(4)),
            ("abcdefghijklmnopq", None),
            ("ab", None),
            ("bcdefghijklmnop", None),
            ("", None),
            ("\0", None),
            ("ф", None),
        ] {
            assert_eq!(TABLE.get(name.as_bytes()), value, "{name}");
        }
    }
}

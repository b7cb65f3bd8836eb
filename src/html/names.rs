//! Names of elements and attributes, looked up as numbers: a name of at most sixteen bytes is two.

/// The longest name that can be looked up.
const LONGEST: usize = 16;
/// Places in a table; several times as many as there are names, so that most of what is looked up is found, or known
/// to be missing, at the first look.
const PLACES: usize = 512;

/// A table of names, made by the compiler.
pub(crate) struct Names<T: Copy + 'static> {
    /// The number of the name that has this place, or [`NONE`].
    places: [(u64, u64); PLACES],
    /// Where in `values` that name is.
    at: [u8; PLACES],
    values: &'static [(&'static str, T)],
}

impl<T: Copy> Names<T> {
    pub(crate) const fn new(values: &'static [(&'static str, T)]) -> Self {
        assert!(values.len() < 256);
        let (mut places, mut at) = ([NONE; PLACES], [0; PLACES]);
        let mut n = 0;
        while n < values.len() {
            let number = packed(values[n].0.as_bytes());
            let mut place = home(number);
            while places[place].1 != NONE.1 {
                place = (place + 1) % PLACES;
            }
            places[place] = number;
            at[place] = n as u8;
            n += 1;
        }
        Self { places, at, values }
    }

    /// What stands in the table for a name in any case.
    pub(crate) fn get(&self, name: &[u8]) -> Option<T> {
        if name.is_empty() || name.len() > LONGEST {
            return None;
        }
        let number = packed(name);
        let mut place = home(number);
        loop {
            if self.places[place] == NONE {
                return None;
            }
            if self.places[place] == number {
                // Names of different lengths may have the same number.
                let (same, value) = self.values.get(usize::from(self.at[place]))?;
                if same.len() == name.len() {
                    return Some(*value);
                }
            }
            place = (place + 1) % PLACES;
        }
    }
}

/// The number of no name: none in a table begins with this byte.
const NONE: (u64, u64) = (0, 0);

/// A name as a number: its first bytes and its last, small letters for capitals. Names of the same length differ in it.
const fn packed(name: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        return (small(u64::from_le_bytes(*first)), small(u64::from_le_bytes(*last)));
    }
    if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        return (small(u32::from_le_bytes(*first) as u64), small(u32::from_le_bytes(*last) as u64));
    }
    match name {
        [a] => (0, small(*a as u64)),
        [a, b] => (0, small(*a as u64 | (*b as u64) << 8)),
        [a, b, c] => (0, small(*a as u64 | (*b as u64) << 8 | (*c as u64) << 16)),
        _ => NONE,
    }
}

/// The same bytes with small letters for the capitals of ASCII.
const fn small(bytes: u64) -> u64 {
    const ALL: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = 0x80 * ALL;
    let low = bytes & !HIGH;
    let from_a = low + (0x80 - b'A' as u64) * ALL;
    let past_z = low + (0x80 - b'Z' as u64 - 1) * ALL;
    bytes | (from_a & !past_z & !bytes & HIGH) >> 2
}

/// Where a number is looked for first.
const fn home((first, last): (u64, u64)) -> usize {
    let mixed = (first.rotate_left(29) ^ last).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 48) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_others_are_not() {
        const TABLE: Names<u8> = Names::new(&[
            ("a", 1),
            ("b", 2),
            ("blockquote", 3),
            ("abcdefghijklmnop", 4),
            ("aaaaaaaaa", 5),
            ("aaaaaaaaaa", 6),
            ("{b@", 7),
        ]);
        for (name, value) in [
            ("a", Some(1)),
            ("B", Some(2)),
            ("BlockQuote", Some(3)),
            ("abcdefghijklmnop", Some(4)),
            ("abcdefghijklmnopq", None),
            ("ab", None),
            ("bcdefghijklmnop", None),
            ("aaaaaaaaa", Some(5)),
            ("AAAAAAAAAA", Some(6)),
            ("aaaaaaaa", None),
            ("@", None),
            ("[b`", None),
            ("{b@", Some(7)),
            ("", None),
            ("\0", None),
            ("ф", None),
        ] {
            assert_eq!(TABLE.get(name.as_bytes()), value, "{name}");
        }
    }
}

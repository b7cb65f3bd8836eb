//! Counting words in text that comes in pieces.

/// Counts runs of characters without white space that hold a letter or a digit; a run may come in several pieces.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Words {
    counted: bool,
}

impl Words {
    /// Words that begin to count in this piece.
    pub(super) fn count(&mut self, piece: &str) -> u64 {
        let mut words = 0;
        let mut rest = piece;
        loop {
            if self.counted {
                // The rest of a word that counts does not matter.
                let Some(at) = rest.bytes().position(|byte| MAY_BE_SPACE[usize::from(byte)]) else { return words };
                rest = rest.get(at..).unwrap_or_default();
            }
            let mut chars = rest.chars();
            let Some(c) = chars.next() else { return words };
            if c.is_whitespace() {
                self.counted = false;
            } else if !self.counted && speaks(c) {
                self.counted = true;
                words += 1;
            }
            rest = chars.as_str();
        }
    }

    /// The word ends: white space, or a boundary of blocks.
    pub(super) fn end(&mut self) {
        self.counted = false;
    }
}

/// The first bytes of characters among which white space is.
const MAY_BE_SPACE: [bool; 256] = super::bytes::set(b"\t\n\x0b\x0c\r \xc2\xe1\xe2\xe3");

/// As `char::is_alphanumeric`; the letters that most pages are made of need no look into its tables.
fn speaks(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='z' | 'A'..='Z' | 'А'..='я') || !c.is_ascii() && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_white_space_begins_with_a_byte_that_is_known() {
        for c in ('\0'..=char::MAX).filter(|c| c.is_whitespace()) {
            let first = c.to_string().as_bytes()[0];
            assert!(super::MAY_BE_SPACE[usize::from(first)], "{c:?}");
        }
    }

    #[test]
    fn a_word_counts_once_in_whatever_pieces_it_comes() {
        let text = "Мост \u{a0}— 5 «км», да\u{2003}нет\u{3000}— a";
        for size in 1..12 {
            let mut words = super::Words::default();
            let (mut rest, mut count) = (text, 0);
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(rest.ceil_char_boundary(size));
                count += words.count(piece);
                rest = after;
            }
            assert_eq!(count, 6, "in pieces of {size}");
        }
    }

    #[test]
    fn what_speaks_is_what_the_tables_say() {
        assert!(('\0'..=char::MAX).all(|c| super::speaks(c) == c.is_alphanumeric()));
    }
}

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
        let mut counted = self.counted;
        for (at, byte) in piece.bytes().enumerate() {
            // Without branches: nobody can guess where words end.
            let kind = KINDS[usize::from(byte)];
            let speaks = kind & SPEAKS != 0;
            words += u64::from(speaks & !counted);
            counted = (counted | speaks) & (kind & SPACE == 0);
            if kind & ASK != 0
                && let Some(c) = piece.get(at..).and_then(|rest| rest.chars().next())
            {
                if c.is_whitespace() {
                    counted = false;
                } else if !counted && c.is_alphanumeric() {
                    counted = true;
                    words += 1;
                }
            }
        }
        self.counted = counted;
        words
    }

    /// The word ends: white space, or a boundary of blocks.
    pub(super) fn end(&mut self) {
        self.counted = false;
    }
}

/// What a byte tells of the character that it begins; one that continues a character tells nothing.
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < kinds.len() {
        kinds[byte] = match byte as u8 {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => SPEAKS,
            b'\t'..=b'\r' | b' ' => SPACE,
            // Of the Cyrillic letters, all but historic ones and those of few languages.
            0xd0 | 0xd1 => SPEAKS,
            0xc0.. => ASK,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};
const SPEAKS: u8 = 1;
const SPACE: u8 = 2;
const ASK: u8 = 4;

/// As `char::is_alphanumeric`; the letters that most pages are made of need no look into its tables.
pub(super) fn speaks(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='z' | 'A'..='Z' | 'А'..='я') || !c.is_ascii() && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    #[test]
    fn first_bytes_tell_what_the_tables_say() {
        for c in '\0'..=char::MAX {
            let kind = super::KINDS[usize::from(c.to_string().as_bytes()[0])];
            let told = (c.is_alphanumeric(), c.is_whitespace());
            assert!(kind == super::ASK || told == (kind == super::SPEAKS, kind == super::SPACE), "{c:?}");
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

//! Counting words in text that comes in pieces.

/// Counts runs of characters without white space that hold a letter or a digit; a run may come in several pieces.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Words {
    counted: bool,
}

impl Words {
    /// Words that begin to count in this piece, which holds no ASCII white space.
    pub(super) fn count(&mut self, piece: &str) -> u64 {
        let mut words = 0;
        for c in piece.chars() {
            if c.is_whitespace() {
                self.counted = false;
            } else if !self.counted && speaks(c) {
                self.counted = true;
                words += 1;
            }
        }
        words
    }

    /// The word ends: white space, or a boundary of blocks.
    pub(super) fn end(&mut self) {
        self.counted = false;
    }
}

/// As `char::is_alphanumeric`; the letters that most pages are made of need no look into its tables.
fn speaks(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='z' | 'A'..='Z' | 'А'..='я') || !c.is_ascii() && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_speaks_is_what_the_tables_say() {
        assert!(('\0'..=char::MAX).all(|c| super::speaks(c) == c.is_alphanumeric()));
    }
}

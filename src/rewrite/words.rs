//! Counting words in text that comes in pieces.

use std::ops::Range;

/// Counts runs of characters without white space that hold a letter or a digit; a run may come in several pieces.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WordCounter {
    counted: bool,
}

impl WordCounter {
    /// Words that begin to count in this piece.
    pub(super) fn count(&mut self, piece: &str) -> u64 {
        let (blocks, rest) = piece.as_bytes().as_chunks();
        let mut words = 0;
        for (n, block) in blocks.iter().enumerate() {
            let from = n * BLOCK;
            words += match Block::of(*block) {
                Some(block) => self.count_block(block),
                None => self.count_bytes(piece, from..from + BLOCK),
            };
        }
        // Filled up with bytes that neither speak nor end a word.
        let mut last = [FILLING; BLOCK];
        rest.iter().zip(&mut last).for_each(|(byte, place)| *place = *byte);
        words
            + match Block::of(last) {
                Some(block) => self.count_block(block),
                None => self.count_bytes(piece, blocks.len() * BLOCK..piece.len()),
            }
    }

    /// All bytes of a block at once. A word that counts goes on through what is no space, as a carry goes on through an
    /// addition: a byte that speaks makes one, white space ends it.
    fn count_block(&mut self, Block { speaks, spaces }: Block) -> u64 {
        let passes = u32::from(!spaces);
        let sum = passes + u32::from(speaks) + u32::from(self.counted);
        let counted_before = passes ^ u32::from(speaks) ^ sum;
        self.counted = (sum >> BLOCK) & 1 == 1;
        u64::from((u32::from(speaks) & !counted_before).count_ones())
    }

    fn count_bytes(&mut self, piece: &str, range: Range<usize>) -> u64 {
        let mut words = 0;
        let mut counted = self.counted;
        for at in range {
            // Without branches: nobody can guess where words end.
            let kind = KINDS[usize::from(piece.as_bytes()[at])];
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

/// Bytes that are looked at together.
const BLOCK: usize = 8;
/// A byte that continues a character.
const FILLING: u8 = 0x80;

/// Which of the bytes of a block speak, and which are spaces; the first byte is the lowest bit.
struct Block {
    speaks: u8,
    spaces: u8,
}

impl Block {
    /// `None` where a byte asks for more than a look at itself, or may be white space other than a space.
    fn of(bytes: [u8; BLOCK]) -> Option<Self> {
        const ALL: u64 = u64::from_le_bytes([1; BLOCK]);
        const HIGH: u64 = 0x80 * ALL;
        let bytes = u64::from_le_bytes(bytes);
        let low = bytes & !HIGH;
        // Answers stand in the highest bit of each byte; what is asked about has none set.
        let at_least = |asked: u64, least: u8| asked + u64::from(0x80 - least) * ALL;
        let is_zero = |asked: u64| !at_least(asked, 1);
        let folded = low | (u64::from(b'a' - b'A') * ALL);
        let letters = at_least(folded, b'a') & !at_least(folded, b'z' + 1);
        let digits = at_least(low, b'0') & !at_least(low, b'9' + 1);
        // The first bytes of Cyrillic letters, 0xd0 and 0xd1.
        let cyrillic = is_zero((low ^ (0x50 * ALL)) & !ALL) & bytes;
        let controls = !at_least(low, b' ') & !bytes;
        let asks = at_least(low, 0x40) & bytes & !cyrillic;
        if (controls | asks) & HIGH != 0 {
            return None;
        }
        // Moves the highest bit of each byte to its place in the highest byte.
        let gathered = |answers: u64| ((answers & HIGH) >> 7).wrapping_mul(0x0102_0408_1020_4080).to_be_bytes()[0];
        Some(Self {
            speaks: gathered((letters | digits) & !bytes | cyrillic),
            spaces: gathered(is_zero(low ^ (u64::from(b' ') * ALL)) & !bytes),
        })
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

/// Characters of a text that are no white space; `None` where that takes more than a look at each byte.
pub(super) fn characters(text: &str) -> Option<usize> {
    // In one pass without branches, many bytes at once.
    let count = |bytes: &[u8]| {
        bytes.iter().fold((0_u8, 0_u8), |(characters, asks), &byte| {
            let counts = (byte > b' ' && byte < 0x7f) | (byte & 0xe0 == 0xc0);
            let asks_more = (byte >= 0xe0) | (byte == 0xc2) | (byte < b' ' && !matches!(byte, b'\t'..=b'\r'));
            (characters + u8::from(counts), asks | u8::from(asks_more))
        })
    };
    let mut all = 0;
    for block in text.as_bytes().chunks(128) {
        let (characters, asks) = count(block);
        if asks != 0 {
            return None;
        }
        all += usize::from(characters);
    }
    Some(all)
}

/// How much a text says, in letters.
pub(super) fn letters(text: &str) -> usize {
    match characters(text) {
        Some(characters) => characters,
        None => text.chars().map(weight).sum(),
    }
}

/// How much a character says, in letters: one of Chinese, Japanese or Korean stands for about two.
fn weight(c: char) -> usize {
    match c {
        c if c.is_whitespace() => 0,
        c if is_ideograph(c) => 2,
        _ => 1,
    }
}

/// As `char::is_alphanumeric`; the letters that most pages are made of need no look into its tables.
pub(super) fn speaks(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='z' | 'A'..='Z' | 'А'..='я') || !c.is_ascii() && c.is_alphanumeric()
}

/// Letters of Chinese, Japanese and Korean.
pub(super) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3134f}')
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
            let mut words = super::WordCounter::default();
            let (mut rest, mut count) = (text, 0);
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(rest.ceil_char_boundary(size));
                count += words.count(piece);
                rest = after;
            }
            assert_eq!(count, 6, "in pieces of {size}");
        }
    }

    proptest::proptest! {
        #[test]
        fn blocks_of_bytes_are_counted_as_bytes_are(text in "[a-zA-Z0-9{@\\[`/: а-яёЪѢ«»—\t\n\\.\u{a0}\u{2003}\u{7f}ß漢]{0,60}") {
            let (mut words, mut bytes) = (super::WordCounter::default(), super::WordCounter::default());
            proptest::prop_assert_eq!(words.count(&text), bytes.count_bytes(&text, 0..text.len()));
            proptest::prop_assert_eq!(words.counted, bytes.counted);
        }
    }

    #[test]
    fn what_speaks_is_what_the_tables_say() {
        assert!(('\0'..=char::MAX).all(|c| super::speaks(c) == c.is_alphanumeric()));
    }
}

//! Kinds of characters.

/// The place of an object in a line (U+FFFC).
pub(crate) const OBJECT: char = '\u{FFFC}';

/// Without the tables of all the world's letters where these are known.
pub(crate) fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || ('\u{410}'..='\u{451}').contains(&c) || (!c.is_ascii() && c.is_alphabetic())
}

/// Characters that are never drawn: joiners, directional marks, variation selectors (Unicode, Default_Ignorable).
pub(crate) fn is_ignorable(c: char) -> bool {
    matches!(u32::from(c),
        0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
        | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFF8
        | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

/// Letters that run from right to left (Hebrew to Arabic Extended, and their presentation forms) and the marks that
/// turn the direction.
pub(crate) fn is_backward(c: char) -> bool {
    matches!(u32::from(c), 0x590..=0x8FF | 0x200F | 0x202B | 0x202E | 0x2067 | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFE
        | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
}

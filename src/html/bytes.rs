//! Sets of bytes, made by the compiler and asked by index.

/// Whether a byte is one of `bytes`, for each byte.
pub(crate) const fn set(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
}

/// Whether a byte is none of `bytes`.
pub(crate) const fn all_but(bytes: &[u8]) -> [bool; 256] {
    let mut table = set(bytes);
    let mut at = 0;
    while at < table.len() {
        table[at] = !table[at];
        at += 1;
    }
    table
}

//! Files that a page comes with: a decree, an estimate, a form to fill in.

/// What files to read and to fill in end with.
const ENDINGS: [&str; 16] =
    ["pdf", "doc", "docx", "rtf", "odt", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "odp", "zip", "rar", "7z", "djvu"];

/// The longest of them.
const LONGEST: usize = 4;

/// Whether an address is that of a file to read and to fill in.
pub(crate) fn is_file(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.rsplit_once('.').is_some_and(|(_, ending)| {
        ending.len() <= LONGEST && ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending))
    })
}

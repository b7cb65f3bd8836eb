//! Checking a file of any kind.

use std::path::PathBuf;

use crate::check::{self, Finding, Preflight};
use crate::edition::EditionFile;
use crate::source::Page;
use crate::theme::{PrintStyle, Screen};
use crate::{Error, Limits, Result};

/// Findings on a file of any kind that Clearprint knows, told by its bytes and its name.
///
/// # Errors
/// [`Error::Input`] when it cannot be read as what it claims to be.
pub(crate) fn check_bytes(page: &Page, profile: Option<&PrintStyle>, limits: &Limits) -> Result<Vec<Finding>> {
    if is_pdf(&page.bytes) {
        return check::pdf(&page.bytes, profile, limits).map_err(|e| about(&page.name, e));
    }
    if PathBuf::from(&page.name).extension().is_some_and(|e| e == "toml") {
        return if is_edition(page) { Ok(check_edition(page)) } else { check_theme(page) };
    }
    crate::source::refuse_other_formats(&page.name, &page.bytes)?;
    check::html(&page.decode(None).text, &page.name, limits)
}

/// What a print shop asks of a PDF.
///
/// # Errors
/// [`Error::Input`] when it is no PDF or cannot be read.
pub(crate) fn preflight(page: &Page, limits: &Limits) -> Result<Preflight> {
    if !is_pdf(&page.bytes) {
        return Err(Error::input(&page.name, "is no PDF; --preflight is for PDFs"));
    }
    check::preflight(&page.bytes, limits).map_err(|e| about(&page.name, e))
}

/// Whether a TOML file is an edition's, which has sections where a look has none.
fn is_edition(page: &Page) -> bool {
    let table = std::str::from_utf8(&page.bytes).ok().and_then(|text| text.parse::<toml::Table>().ok());
    table.is_some_and(|table| table.contains_key("section"))
}

/// An edition file is either right or refused with a sentence; the sentence is the finding.
fn check_edition(page: &Page) -> Vec<Finding> {
    let result = EditionFile::parse(&String::from_utf8_lossy(&page.bytes), &page.name);
    result.err().map(|e| Finding::new("edition", "", e.to_string())).into_iter().collect()
}

/// A theme or print style is either right or refused with a sentence; the sentence is the finding.
pub(crate) fn check_theme(page: &Page) -> Result<Vec<Finding>> {
    let text = String::from_utf8(page.bytes.clone())
        .map_err(|_| Error::input(&page.name, "is not UTF-8; save the theme as UTF-8"))?;
    let is_screen = text.lines().any(|l| l.trim() == "[title]" || l.trim_start().starts_with("scheme"));
    let result = if is_screen {
        Screen::from_toml(&page.name, &text).map(drop)
    } else {
        PrintStyle::parse(&text, &page.name).map(drop)
    };
    Ok(result.err().map(|e| Finding::new("theme", "", e.to_string())).into_iter().collect())
}

/// Whether the bytes are a PDF's.
pub(crate) fn is_pdf(bytes: &[u8]) -> bool {
    bytes.get(..1024).unwrap_or(bytes).windows(5).any(|w| w == b"%PDF-")
}

/// An error about a file that goes by that name.
pub(crate) fn about(name: &str, error: Error) -> Error {
    match error {
        Error::Input { reason, .. } => Error::input(name, reason),
        other => other,
    }
}

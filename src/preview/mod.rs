//! Sheets to PNG.

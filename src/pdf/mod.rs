//! Sheets to PDF bytes.

//! Findings on HTML, PDF and themes.

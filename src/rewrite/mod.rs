//! The streaming rewriter.

//! Clearprint turns an article page of any site into an accessible page and into a tagged, print-ready PDF.
//!
//! ```text
//!                      ┌─ rewrite ──────────────► accessible HTML        (stream in, stream out)
//!  source ─► bytes ────┤      ▲ clean, theme
//!  (file, stdin,       │      │ rules and looks, compiled once, shared by every page
//!   URL)               └─ article ─► typeset ─► sheets ─┬─ pdf ─────► PDF
//!                         (one or many: edition)        └─ preview ─► PNG
//! ```
//!
//! A page goes down one of two ways. **The stream** ([`rewrite`]) never holds the page: bytes in, bytes out, memory
//! bounded whatever the length. **The document** ([`article`], [`typeset`], [`pdf`]) parses the page once into an
//! [`article::Article`], sets it into a [`typeset::Publication`] of sheets, and draws those. Nothing flows back.
//!
//! The command line and the service are two doors to the same rooms and hold no logic of their own.

pub mod article;
pub mod check;
pub mod clean;
#[cfg(feature = "cli")]
mod cli;
pub mod edition;
pub mod epub;
mod error;
pub mod html;
pub mod limits;
#[cfg(any(feature = "cli", feature = "server"))]
mod options;
pub mod pdf;
mod phrases;
pub mod preview;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod program;
pub mod rewrite;
#[cfg(feature = "server")]
pub mod server;
pub mod sheet;
pub mod source;
pub mod theme;
pub mod typeset;

pub use error::{Error, Result};
pub use limits::Limits;

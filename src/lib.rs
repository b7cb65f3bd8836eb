//! Clearprint turns an article page of any site into an accessible page and into a tagged, print-ready PDF.
//!
//! ```text
//!                      ┌─ rewrite ──────────────► accessible HTML        (stream in, stream out)
//!  source ─► bytes ────┤      ▲ html, clean, theme, phrases: compiled once, shared by every page
//!  (file, stdin, URL)  └─ article ─► typeset ─► sheet ─┬─ pdf ─────► PDF
//!                         (one or many: edition)       └─ preview ─► PNG
//!                                       └─ epub
//! ```
//!
//! A page goes down one of two ways. **The stream** ([`rewrite`]) never holds the page: bytes in, bytes out, memory
//! bounded whatever the length. **The document** ([`article`], [`typeset`], [`pdf`]) parses the page once into an
//! [`article::Article`], sets it into a [`sheet::Publication`] of sheets, and draws those. Nothing flows back.
//!
//! # The stream
//!
//! ```
//! use clearprint::{clean::Rules, rewrite::{Options, Rewriter}, theme::Screen};
//!
//! let mut options = Options::default();
//! options.set_theme(Screen::find("white-on-black")?);
//! let mut page = Vec::new();
//! let mut rewriter = Rewriter::new(Rules::built_in(), &options, |bytes: &[u8]| page.extend_from_slice(bytes));
//! for piece in ["<title>The ferry</title><h1>The fer", "ry runs again</h1><script>track()</script><p>Every hour."] {
//!     rewriter.write(piece)?;
//! }
//! let receipt = rewriter.end()?;
//! let page = String::from_utf8(page).expect("UTF-8");
//! assert!(page.contains("The ferry runs again</h1>") && !page.contains("track()"));
//! assert!(receipt.lost.is_empty());
//! # Ok::<(), clearprint::Error>(())
//! ```
//!
//! # The article
//!
//! ```
//! use clearprint::{Limits, article::{self, FindOptions}};
//!
//! let html = "<title>The ferry</title><nav><a href=/>Home</a></nav><h1>The ferry runs again</h1>
//!     <p>The ferry links both banks again. It leaves every hour, from six in the morning to ten at night, \
//!     and nobody has to wait for long.</p>";
//! let article = article::find(html, &FindOptions::new("ferry.html", &Limits::default()))?;
//! assert_eq!(article.title, "The ferry runs again");
//! assert!(article.to_text().starts_with("The ferry links both banks again."));
//! # Ok::<(), clearprint::Error>(())
//! ```
//!
//! # The print
//!
//! ```
//! use clearprint::{Limits, article::Article, pdf, source::NoPictures, theme::PrintStyle, typeset::{self, Manuscript}};
//!
//! let limits = Limits::default();
//! let article = Article::from_markdown("# The ferry runs again\n\nIt leaves *every hour*.\n", "ferry.md")?;
//! let style = PrintStyle::find("rnib-large")?;
//! let sheets = typeset::set(&Manuscript::Article(&article), &style, &NoPictures, &limits)?;
//! let bytes = pdf::write(&sheets, &pdf::Options::default())?;
//! assert!(bytes.starts_with(b"%PDF-"));
//! # Ok::<(), clearprint::Error>(())
//! ```
//!
//! # The edition
//!
//! ```
//! use clearprint::{Limits, edition::{Cache, EditionFile, Gathering, gather}, pdf, theme::PrintStyle};
//! use clearprint::typeset::{self, Manuscript};
//!
//! # let folder = std::env::temp_dir().join(format!("clearprint-edition-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).expect("a folder");
//! # std::fs::write(folder.join("ferry.md"), "# The ferry runs again\n\nIt leaves every hour.\n").expect("a file");
//! let text = "title = \"The Herald\"\nlang = \"en\"\n[[section]]\n[[section.article]]\nsource = \"ferry.md\"\n";
//! let (limits, cache) = (Limits::default(), Cache::default());
//! let file = EditionFile::parse(text, "edition.toml")?;
//! let edition = gather(file, text, &Gathering::new(&folder, "The Herald", &cache, &limits));
//! assert_eq!((edition.len(), edition.failures.len()), (1, 0));
//! let style = PrintStyle::find("tabloid")?;
//! let sheets = typeset::set(&Manuscript::Edition(edition.manuscript()), &style, edition.pictures(), &limits)?;
//! assert!(pdf::write(&sheets, &pdf::Options::default())?.starts_with(b"%PDF-"));
//! # std::fs::remove_dir_all(&folder).expect("a folder");
//! # Ok::<(), clearprint::Error>(())
//! ```
//!
//! # Features
//!
//! All on unless `default-features = false`; the library is whole without each.
//!
//! | Feature | Brings |
//! | --- | --- |
//! | `cli` | the program and its command line |
//! | `server` | the HTTP service behind `clearprint serve`; brings `fetch` |
//! | `fetch` | pages and pictures from addresses; without it an address is refused with a sentence |
//! | `otel` | spans for an OpenTelemetry collector (not by default) |
//!
//! Structures of options and results may get further fields: make them with `default` or `new` and set what you need.

// What only a door asks for has nothing to do in a build without it.
#![cfg_attr(not(all(feature = "cli", feature = "server")), allow(dead_code, unused_imports, unreachable_pub))]

pub mod article;
pub mod check;
pub mod clean;
#[cfg(feature = "cli")]
mod cli;
pub mod edition;
pub mod epub;
mod error;
mod html;
pub mod limits;
#[cfg(any(feature = "cli", feature = "server"))]
mod options;
pub mod pdf;
mod phrases;
pub mod preview;
#[cfg(feature = "cli")]
mod program;
pub mod rewrite;
#[cfg(feature = "server")]
mod server;
pub mod sheet;
pub mod source;
pub mod theme;
pub mod typeset;

pub use error::{Error, Result};
pub use limits::Limits;
// Addresses and charsets are these crates' types everywhere.
pub use {encoding_rs, url};

/// What the project's own program, tests, fuzz targets and training reach into, and nobody else: it changes without
/// notice. A hidden module and no feature, since a feature would have the crate compiled twice for its tests.
#[doc(hidden)]
pub mod internals {
    #[cfg(feature = "cli")]
    pub use crate::program::main;
    pub use crate::source::address::Reach;

    /// Reading HTML.
    pub mod html {
        pub use crate::html::*;
    }
    /// What training sees.
    pub mod learn {
        pub use crate::article::learn::*;
    }
    /// The service.
    #[cfg(feature = "server")]
    pub mod server {
        pub use crate::server::*;
    }
}

//! The streaming rewriter: a page of any site in, the same page in large type and high contrast out, without widgets,
//! advertisements and scripts, while it arrives.
//!
//! ```
//! use clearprint::{clean::Rules, rewrite::{Options, Rewriter}};
//!
//! let mut page = Vec::new();
//! let mut rewriter = Rewriter::new(Rules::built_in(), &Options::default(), |bytes: &[u8]| page.extend_from_slice(bytes));
//! rewriter.write("<title>Мост</title><div class=ad>Купи!</div><h1>Мост</h1><p>Открыли мост.")?;
//! let receipt = rewriter.end()?;
//! let page = String::from_utf8(page).expect("UTF-8");
//! assert!(page.contains("<p>Открыли мост.</p>") && !page.contains("Купи!"));
//! assert_eq!(receipt.removed[0].selector, ".ad");
//! # Ok::<(), clearprint::Error>(())
//! ```
//!
//! # One way through
//!
//! ```text
//! tokens ◄──► tree ──────────► page ─────────────────────────────────► writer
//!             open elements,   guard, opening, tables: what is held     blocks and inlines, well-formed
//!             implied ends     back until it is known what it is
//! ```
//!
//! # What never happens
//!
//! Nothing of the origin's runs or styles: elements, attributes and URL schemes pass by allow-list, after decoding,
//! and every tag of the output is written by `writer`, never copied. Memory is bounded whatever the length: at most
//! 48 KiB of the page's beginning, 64 KiB of a suppressed element, 128 KiB behind the
//! article's last paragraph, 16 KiB of a table, 512 open elements. When a limit
//! strikes, the page ends with a notice and [`Rewriter::write`] with an error; the rest is never passed through.

mod addresses;
mod article;
mod asking;
mod attributes;
mod closing;
mod element;
mod event;
mod frame;
mod head;
mod images;
mod inventory;
mod markup;
mod noscript;
mod opening;
mod options;
mod page;
mod panel;
mod place;
mod stubs;
mod tables;
mod tally;
mod teasers;
mod words;
mod writer;

pub use self::article::article_page;
pub use self::inventory::inventory;
pub use self::options::{LinkMap, Options};
use self::page::Page;
use crate::clean::{Receipt, Rules};
use crate::html::stack::Tree;
use crate::html::tokens::Tokens;
use crate::limits::Limit;
use crate::{Error, Result};

/// Rewrites one page while it arrives. It can be moved between threads (`Send`) with its sink.
///
/// The sink gets well-formed UTF-8 HTML in pieces, each as soon as it is certain.
pub struct Rewriter<'r, F: FnMut(&[u8])> {
    tokens: Tokens<Tree<Page<'r>>>,
    sink: F,
    source: String,
    broken: bool,
}

impl<'r, F: FnMut(&[u8])> Rewriter<'r, F> {
    /// A rewriter for one page. The rules are shared by all.
    pub fn new(rules: &'r Rules, options: &Options, sink: F) -> Self {
        let tree = Tree::new(Page::new(rules, options), options.limits.depth);
        Self { tokens: Tokens::new(tree), sink, source: options.source.clone(), broken: false }
    }

    /// Takes the next piece of the page. Pieces may end anywhere.
    ///
    /// # Errors
    ///
    /// [`Error::Limit`]: a single tag is larger than memory allows. What was written so far ends with a notice, and
    /// nothing more is taken.
    pub fn write(&mut self, text: &str) -> Result<()> {
        if self.broken {
            return Err(self.too_large());
        }
        let sink = &mut self.sink;
        let written = self.tokens.write(text, |tree| hand_on(tree, sink));
        if written.is_err() {
            self.broken = true;
            let error = self.too_large();
            self.tokens.sink.sink.break_off("a single tag is over the limit of 8 MiB");
            hand_on(&mut self.tokens.sink, &mut self.sink);
            return Err(error);
        }
        Ok(())
    }

    /// The page has ended: writes what was held back and gives the account of it.
    ///
    /// # Errors
    ///
    /// As [`Rewriter::write`].
    pub fn end(mut self) -> Result<Receipt> {
        if self.broken {
            return Err(self.too_large());
        }
        self.tokens.end();
        let tree = &mut self.tokens.sink;
        tree.finish();
        tree.sink.finish();
        hand_on(tree, &mut self.sink);
        Ok(std::mem::take(&mut tree.sink.receipt))
    }

    fn too_large(&self) -> Error {
        Error::Limit { name: self.source.clone(), what: "a single tag".into(), most: "8 MiB".into(), limit: Limit::Tag }
    }
}

fn hand_on(tree: &mut Tree<Page<'_>>, sink: &mut impl FnMut(&[u8])) {
    tree.sink.hand_on(|ready| sink(ready.as_bytes()));
}

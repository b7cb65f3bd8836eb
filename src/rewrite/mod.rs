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
//! and every tag of the output is written by [`writer`], never copied. Memory is bounded whatever the length: at most
//! 48 KiB of the page's beginning, 64 KiB of a suppressed element, 16 KiB of a table, 512 open elements. When a limit
//! strikes, the page ends with a notice and [`Rewriter::write`] with an error; the rest is never passed through.

mod article;
mod asking;
mod attributes;
mod element;
mod event;
mod frame;
mod head;
mod images;
mod inventory;
mod language;
mod noscript;
mod opening;
mod page;
mod panel;
mod place;
mod tables;
mod teasers;
mod words;
mod writer;

use std::fmt;
use std::sync::Arc;

use url::Url;

pub use self::article::article_page;
pub use self::inventory::inventory;
use self::page::Page;
use crate::clean::{Receipt, Rules, Site};
use crate::html::stack::Tree;
use crate::html::tokens::Tokens;
use crate::limits::Limit;
use crate::theme::{FontSource, Look, Screen, Settings};
use crate::{Error, Limits, Result};

/// What the page becomes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// How receipts and messages call the page: the path or address as the user gave it.
    pub source: String,
    /// Where the page is; relative addresses are resolved against it.
    pub base_url: Option<Url>,
    /// The page's language, where the user knows better than the page.
    pub lang: Option<String>,
    /// The reader's settings.
    pub settings: Settings,
    /// A theme besides the built-in ones; it wins over one of the same name.
    pub theme: Option<Screen>,
    /// Whether the page gets a settings panel.
    pub panel: bool,
    /// Where the panel's form is sent, if there is a server to remember the choice.
    pub settings_action: Option<String>,
    /// Where the article is as a PDF.
    pub pdf_url: Option<String>,
    /// Where the typefaces come from.
    pub fonts: FontSource,
    /// Where the sheet is; without an address it stands in the page itself.
    pub sheet_url: Option<String>,
    /// Where links lead instead; pictures and the original page's own address are left alone.
    pub links: Option<LinkMap>,
    /// What the user knows: a site profile and filter lists.
    pub site: Option<Arc<Site>>,
    /// Bounds; of these, the depth of elements counts here.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            source: String::new(),
            base_url: None,
            lang: None,
            settings: Settings::default(),
            theme: None,
            panel: true,
            settings_action: None,
            pdf_url: None,
            fonts: FontSource::default(),
            sheet_url: None,
            links: None,
            site: None,
            limits: Limits::default(),
        }
    }
}

impl Options {
    /// The themes the panel offers.
    pub(crate) fn screens(&self) -> Vec<Screen> {
        let mut screens = Screen::all().to_vec();
        if let Some(theme) = &self.theme {
            match screens.iter_mut().find(|screen| screen.name == theme.name) {
                Some(same) => *same = theme.clone(),
                None => screens.push(theme.clone()),
            }
        }
        screens
    }

    /// Chooses a theme, built-in or the user's own.
    pub fn set_theme(&mut self, theme: Screen) {
        self.settings.look = Look::Theme(theme.name.clone());
        self.theme = Some(theme);
    }
}

/// Leads links elsewhere: a proxy keeps the reader among its own pages.
#[derive(Clone)]
pub struct LinkMap {
    owns: Arc<dyn Fn(&Url) -> bool + Send + Sync>,
    lead: Arc<dyn Fn(&str) -> String + Send + Sync>,
}

impl LinkMap {
    /// A map for a site: `owns` tells of an origin (`https://www.example.ru`) whether links to it are led elsewhere, and is
    /// asked once or a few times a page; `lead` gives the address to write in place of one of the site's, by what stands
    /// behind the origin, from the slash on. It is written as it stands, so it must be an address that is safe to follow.
    pub fn new(
        owns: impl Fn(&Url) -> bool + Send + Sync + 'static,
        lead: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Self {
        Self { owns: Arc::new(owns), lead: Arc::new(lead) }
    }

    /// Where a link leads, as the parser has written it; `None` where it stays as it is. `known` are origins that were
    /// asked about.
    fn apply(&self, href: &str, known: &mut Vec<(Box<str>, bool)>) -> Option<String> {
        // Fragments of this page, and relative addresses where nobody knows what to, lead nowhere else.
        let scheme = ["https://", "http://"].into_iter().find(|scheme| href.starts_with(scheme))?.len();
        let (origin, rest) = href.split_at(scheme + memchr::memchr(b'/', &href.as_bytes()[scheme..])?);
        let asked = known.iter().find(|(same, _)| **same == *origin).map(|(_, owns)| *owns);
        let owns = asked.unwrap_or_else(|| {
            let owns = Url::parse(origin).is_ok_and(|origin| (self.owns)(&origin));
            if known.len() < MOST_ORIGINS {
                known.push((origin.into(), owns));
            }
            owns
        });
        owns.then(|| (self.lead)(rest))
    }
}

/// Origins remembered of one page.
const MOST_ORIGINS: usize = 8;

impl fmt::Debug for LinkMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkMap")
    }
}

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
